//! SQL of teams, and nothing but SQL.

use access::{FieldClass, Permit, Resource};
use kernel::id::{OrganizationId, TeamId};
use kernel::{Error, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, params};

use super::model::TeamDraft;

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
    orders: &[Order {
        name: "name",
        column: "search",
        text: true,
        descending: false,
        class: FieldClass::Public,
    }],
    search: &[("t.search", FieldClass::Public)],
    keys: Keys { team: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

fn taken() -> Error {
    Error::field("name", "another team has this name already")
}

/// Stores a team without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(
    batch: &mut Batch,
    organization: OrganizationId,
    id: TeamId,
    draft: &TeamDraft,
    now: Timestamp,
) {
    batch.run(
        "insert into teams (id, organization_id, name, search, kind, created_at) values ($1, $2, $3, $4, $5, $6)",
        params![id, organization, &draft.name, store::fold(draft.name.as_str()), draft.kind.number(), now],
    );
    batch.taken(taken());
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, id: TeamId, draft: &TeamDraft, now: Timestamp) {
    put(batch, permit.organization(), id, draft, now);
}

pub(super) fn update(batch: &mut Batch, permit: &Permit, id: TeamId, version: i64, draft: &TeamDraft) {
    batch.guard(
        "update teams set name = $4, search = $5, kind = $6, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            id,
            version,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.kind.number()
        ],
        Error::Stale,
    );
    batch.taken(taken());
}

pub(super) fn set_archived(
    batch: &mut Batch,
    permit: &Permit,
    id: TeamId,
    version: i64,
    at: Option<Timestamp>,
) {
    batch.guard(
        "update teams set archived = $4, archived_at = $5, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(at.is_some()), at],
        Error::Stale,
    );
}
