//! SQL of teams, and nothing but SQL.

use access::{FieldClass, Permit, Resource};
use kernel::id::{OrganizationId, TeamId};
use kernel::{Error, Timestamp};
use store::listing::{Keys, Table, field};
use store::{Batch, params};

use super::model::TeamDraft;
use crate::kept::{BY_NAME, taken};

pub(crate) static TEAMS: Table = Table {
    resource: Resource::Team,
    name: "teams",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("kind", "t.kind", FieldClass::Public),
        field("archived", "t.archived", FieldClass::Public),
        field("version", "t.version", FieldClass::Public),
    ],
    joins: "",
    orders: BY_NAME,
    search: &[("t.search", FieldClass::Public)],
    keys: Keys { team: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// Stores a team without asking anybody; for the program's own doors. Requests go through [`insert`]. The name is
/// unique by its key.
pub(crate) fn put(
    batch: &mut Batch,
    organization: OrganizationId,
    id: TeamId,
    draft: &TeamDraft,
    key: &str,
    now: Timestamp,
) {
    batch.run(
        "insert into teams (id, organization_id, name, search, kind, created_at, name_key) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![
            id,
            organization,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.kind.number(),
            now,
            key
        ],
    );
    taken(batch, "team");
}

pub(super) fn insert(
    batch: &mut Batch,
    permit: &Permit,
    id: TeamId,
    draft: &TeamDraft,
    key: &str,
    now: Timestamp,
) {
    put(batch, permit.organization(), id, draft, key, now);
}

pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    id: TeamId,
    version: i64,
    draft: &TeamDraft,
    key: &str,
) {
    batch.guard(
        "update teams set name_key = case when name = $4 then name_key else $7 end, name = $4, search = $5, kind = $6, \
           version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            id,
            version,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.kind.number(),
            key
        ],
        Error::Stale,
    );
    taken(batch, "team");
}
