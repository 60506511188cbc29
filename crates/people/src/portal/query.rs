//! SQL of a client's portal: only reads, through the plan.

use access::{FieldClass, Resource};
use kernel::Result;
use kernel::id::{ClientId, OrganizationId};
use store::listing::{Keys, Order, Table, field};
use store::{Store, Value, params};
use uuid::Uuid;

const BY_NAME: &[Order] =
    &[Order { name: "name", column: "search", text: true, descending: false, class: FieldClass::Public }];

pub(super) static CLIENT: Table = Table {
    resource: Resource::Client,
    name: "clients",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("emergency_access", "t.emergency_access", FieldClass::Operational),
        field("archived", "t.archived", FieldClass::Public),
        field("version", "t.version", FieldClass::Public),
    ],
    joins: "",
    orders: BY_NAME,
    search: &[],
    keys: Keys { client: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

pub(super) static SITES: Table = Table {
    resource: Resource::Site,
    name: "sites",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("kind", "t.kind", FieldClass::Public),
        field("archived", "t.archived", FieldClass::Public),
        field("client", "t.client_id", FieldClass::Public),
    ],
    joins: "",
    orders: BY_NAME,
    search: &[],
    keys: Keys { site: Some("id"), client: Some("client_id"), area: Some("area_id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// Members who belong to this client besides the one they are listed under.
pub(super) async fn also_of(
    store: &Store,
    organization: OrganizationId,
    client: ClientId,
) -> Result<Vec<Value>> {
    let rows: Vec<(Uuid,)> = store
        .all(
            "select membership_id from membership_clients where organization_id = $1 and client_id = $2 limit 200",
            params![organization, client],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id.into()).collect())
}
