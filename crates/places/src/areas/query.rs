//! SQL of areas, and nothing but SQL.

use access::{FieldClass, Permit, Resource};
use kernel::id::{AreaId, OrganizationId};
use kernel::{Error, Timestamp};
use store::listing::{Keys, Table, field};
use store::{Batch, params};

use super::model::AreaDraft;
use crate::kept::{BY_NAME, taken};

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
    orders: BY_NAME,
    search: &[("t.search", FieldClass::Public)],
    keys: Keys { area: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// Stores an area without asking anybody; for the program's own doors. Requests go through [`insert`]. The name is
/// unique by its key.
pub(crate) fn put(
    batch: &mut Batch,
    organization: OrganizationId,
    id: AreaId,
    draft: &AreaDraft,
    key: &str,
    now: Timestamp,
) {
    batch.run(
        "insert into areas (id, organization_id, name, search, created_at, name_key) values ($1, $2, $3, $4, $5, $6)",
        params![id, organization, &draft.name, store::fold(draft.name.as_str()), now, key],
    );
    taken(batch, "area");
}

pub(super) fn insert(
    batch: &mut Batch,
    permit: &Permit,
    id: AreaId,
    draft: &AreaDraft,
    key: &str,
    now: Timestamp,
) {
    put(batch, permit.organization(), id, draft, key, now);
}

pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    id: AreaId,
    version: i64,
    draft: &AreaDraft,
    key: &str,
) {
    batch.guard(
        "update areas set name_key = case when name = $4 then name_key else $6 end, name = $4, search = $5, \
           version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, &draft.name, store::fold(draft.name.as_str()), key],
        Error::Stale,
    );
    taken(batch, "area");
}
