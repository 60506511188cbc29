//! SQL of areas, and nothing but SQL.

use access::{FieldClass, Permit, Resource};
use kernel::id::{AreaId, OrganizationId};
use kernel::{Error, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, params};

use super::model::AreaDraft;

pub(crate) static AREAS: Table = Table {
    resource: Resource::Area,
    name: "areas",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("archived", "t.archived", FieldClass::Public),
        field("version", "t.version", FieldClass::Public),
    ],
    joins: "",
    orders: &[Order {
        name: "name",
        column: "search",
        text: true,
        descending: false,
        class: FieldClass::Public,
    }],
    search: &[("t.search", FieldClass::Public)],
    keys: Keys { area: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

fn taken() -> Error {
    Error::field("name", "another area has this name already")
}

/// Stores an area without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(
    batch: &mut Batch,
    organization: OrganizationId,
    id: AreaId,
    draft: &AreaDraft,
    now: Timestamp,
) {
    batch.run(
        "insert into areas (id, organization_id, name, search, created_at) values ($1, $2, $3, $4, $5)",
        params![id, organization, &draft.name, store::fold(draft.name.as_str()), now],
    );
    batch.taken(taken());
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, id: AreaId, draft: &AreaDraft, now: Timestamp) {
    put(batch, permit.organization(), id, draft, now);
}

pub(super) fn update(batch: &mut Batch, permit: &Permit, id: AreaId, version: i64, draft: &AreaDraft) {
    batch.guard(
        "update areas set name = $4, search = $5, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, &draft.name, store::fold(draft.name.as_str())],
        Error::Stale,
    );
    batch.taken(taken());
}

pub(super) fn set_archived(
    batch: &mut Batch,
    permit: &Permit,
    id: AreaId,
    version: i64,
    at: Option<Timestamp>,
) {
    batch.guard(
        "update areas set archived = $4, archived_at = $5, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(at.is_some()), at],
        Error::Stale,
    );
}
