//! SQL of workers, and nothing but SQL.

use access::{FieldClass, Permit, Resource};
use kernel::id::{MembershipId, OrganizationId, WorkerId};
use kernel::text::{EmailAddress, Line};
use kernel::{Error, Timestamp};
use store::listing::{Keys, Table, field};
use store::{Batch, Value, params};

use super::model::WorkerDraft;
use crate::kept::BY_NAME;

pub(crate) static WORKERS: Table = Table {
    resource: Resource::Worker,
    name: "workers",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("team", "t.team_id", FieldClass::Public),
        field("team_name", "g.name", FieldClass::Public),
        field("client", "t.client_id", FieldClass::Public),
        field("client_name", "c.name", FieldClass::Public),
        field("membership", "t.membership_id", FieldClass::Operational),
        field("email", "t.email", FieldClass::Operational),
        field("phone", "t.phone", FieldClass::Operational),
        field("employee_number", "t.employee_number", FieldClass::Operational),
        field("notes", "t.notes", FieldClass::Notes),
        field("archived", "t.archived", FieldClass::Public),
        field("version", "t.version", FieldClass::Public),
    ],
    joins: "left join teams g on g.id = t.team_id left join clients c on c.id = t.client_id",
    orders: BY_NAME,
    search: &[
        ("t.search", FieldClass::Public),
        ("lower(t.email)", FieldClass::Operational),
        ("lower(t.employee_number)", FieldClass::Operational),
    ],
    keys: Keys { team: Some("team_id"), client: Some("client_id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// Stores a worker without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(
    batch: &mut Batch,
    organization: OrganizationId,
    id: WorkerId,
    draft: &WorkerDraft,
    now: Timestamp,
) {
    batch.run(
        "insert into workers (id, organization_id, team_id, client_id, membership_id, name, search, email, phone, \
           employee_number, notes, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            id,
            organization,
            draft.team,
            draft.client,
            draft.membership,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.email.as_ref().map_or("", |email| email.as_str()),
            draft.phone.as_ref().map_or("", |phone| phone.as_str()),
            draft.employee_number.as_ref().map_or("", |number| number.as_str()),
            &draft.notes,
            now
        ],
    );
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, id: WorkerId, draft: &WorkerDraft, now: Timestamp) {
    put(batch, permit.organization(), id, draft, now);
}

/// What is written of a worker's masked columns: nothing where the editor neither sees nor typed them.
#[derive(Debug)]
pub(super) struct Kept {
    /// Address, telephone, number.
    pub(super) reach: bool,
    /// Notes.
    pub(super) notes: bool,
}

pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    id: WorkerId,
    version: i64,
    draft: &WorkerDraft,
    kept: &Kept,
) {
    // Null leaves a column as it is; blank empties it.
    let reach = |typed: Option<&str>| match typed {
        Some(text) => Value::from(text),
        None if kept.reach => Value::Null,
        None => Value::from(""),
    };
    let notes = if kept.notes { Value::Null } else { Value::from(&draft.notes) };
    batch.guard(
        "update workers set team_id = $4, client_id = $5, name = $6, search = $7, email = coalesce($8, email), \
           phone = coalesce($9, phone), employee_number = coalesce($10, employee_number), \
           notes = coalesce($11, notes), version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            id,
            version,
            draft.team,
            draft.client,
            &draft.name,
            store::fold(draft.name.as_str()),
            reach(draft.email.as_ref().map(EmailAddress::as_str)),
            reach(draft.phone.as_ref().map(Line::as_str)),
            reach(draft.employee_number.as_ref().map(Line::as_str)),
            notes
        ],
        Error::Stale,
    );
}

/// Ties a worker to a login, or unties them. One login is one worker.
pub(super) fn set_membership(
    batch: &mut Batch,
    permit: &Permit,
    id: WorkerId,
    membership: Option<MembershipId>,
) {
    batch.guard(
        "update workers set membership_id = $3 \
         where organization_id = $1 and id = $2 and not exists \
           (select 1 from workers o where o.organization_id = $1 and o.membership_id = $3 and o.id <> $2)",
        params![permit.organization(), id, membership],
        Error::field("membership", "this login belongs to another worker already"),
    );
}
