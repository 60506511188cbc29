//! SQL of the journal as it is read, and of how long it is kept. Lines are written by the store.

use access::{FieldClass, Permit, Resource};
use kernel::id::OrganizationId;
use kernel::{Result, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, Store, params};

const STAFF: FieldClass = FieldClass::Operational;

pub(super) static LINES: Table = Table {
    resource: Resource::Audit,
    name: "journal",
    fields: &[
        field("id", "t.id", STAFF),
        field("sequence", "t.sequence", STAFF),
        field("at", "t.at", STAFF),
        field("account", "t.account_id", STAFF),
        field("membership", "t.membership_id", STAFF),
        field("name", "t.name", STAFF),
        field("roles", "t.roles", STAFF),
        field("action", "t.action", STAFF),
        field("resource", "t.resource", STAFF),
        field("record", "t.record_id", STAFF),
        field("label", "t.label", STAFF),
        field("detail", "t.detail", STAFF),
        field("address", "t.address", STAFF),
        field("hash", "t.hash", STAFF),
        field("rights", "t.rights", STAFF),
    ],
    joins: "",
    orders: &[Order { name: "at", column: "at", text: false, descending: true, class: STAFF }],
    search: &[("t.search", STAFF)],
    keys: Keys::NONE,
    visibility_in_index: false,
};

/// How long the journal is kept, in days; and where it begins if lines were removed: after which line, when.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) days: Option<i64>,
    pub(super) removed: Option<(i64, Timestamp)>,
}

pub(super) async fn kept(store: &Store, id: OrganizationId) -> Result<Kept> {
    let (days,): (Option<i64>,) =
        store.one("select journal_days from organizations where id = $1", params![id]).await?;
    let removed = store
        .first("select sequence, made_at from journal_checkpoints where organization_id = $1", params![id])
        .await?;
    Ok(Kept { days, removed })
}

pub(super) fn set_days(batch: &mut Batch, permit: &Permit, days: Option<i64>) {
    batch.run(
        "update organizations set journal_days = $2 where id = $1",
        params![permit.organization(), days],
    );
}

/// The organizations that do not keep everything, and for how many days they do.
pub(super) async fn limited(store: &Store) -> Result<Vec<(OrganizationId, i64)>> {
    store
        .all("select id, journal_days from organizations where journal_days is not null order by id", [])
        .await
}
