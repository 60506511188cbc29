//! SQL of contractors, and nothing but SQL.

use access::{FieldClass, Permit, Resource};
use kernel::id::{ClientId, ContractorId, OrganizationId, TeamId};
use kernel::{Error, Result, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, Store, params};

use super::model::{ContractorDraft, ContractorKind};
use crate::teams::model::TeamKind;

pub(crate) static CONTRACTORS: Table = Table {
    resource: Resource::Contractor,
    name: "contractors",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("kind", "t.kind", FieldClass::Public),
        field("client", "t.client_id", FieldClass::Public),
        field("client_name", "c.name", FieldClass::Public),
        field("team", "t.team_id", FieldClass::Public),
        field("contact_name", "t.contact_name", FieldClass::Public),
        field("contact_email", "t.contact_email", FieldClass::Public),
        field("phone", "t.phone", FieldClass::Public),
        field("archived", "t.archived", FieldClass::Public),
        field("version", "t.version", FieldClass::Public),
    ],
    joins: "left join clients c on c.id = t.client_id",
    orders: &[Order {
        name: "name",
        column: "search",
        text: true,
        descending: false,
        class: FieldClass::Public,
    }],
    search: &[("t.search", FieldClass::Public)],
    keys: Keys { client: Some("client_id"), team: Some("team_id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// A contractor to be stored.
pub(crate) struct New<'a> {
    pub(crate) id: ContractorId,
    pub(crate) team: TeamId,
    /// What its team is called: the company's name unless a team has that already.
    pub(crate) team_name: &'a str,
    pub(crate) kind: ContractorKind,
    pub(crate) client: Option<ClientId>,
    pub(crate) draft: &'a ContractorDraft,
    pub(crate) now: Timestamp,
}

fn taken() -> Error {
    Error::field("name", "another contractor has this name already")
}

/// Is there a team of this name? Asked to choose another one for a new team; nobody is told.
pub(crate) async fn team_is_named(store: &Store, organization: OrganizationId, name: &str) -> Result<bool> {
    let (count,): (i64,) = store
        .one(
            "select count(*) from teams where organization_id = $1 and name = $2",
            params![organization, name],
        )
        .await?;
    Ok(count > 0)
}

/// Stores a contractor and its team without asking anybody; for the program's own doors.
pub(crate) fn put(batch: &mut Batch, organization: OrganizationId, new: &New<'_>) {
    let draft = new.draft;
    batch.run(
        "insert into teams (id, organization_id, name, search, kind, created_at, name_key) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![
            new.team,
            organization,
            new.team_name,
            store::fold(new.team_name),
            TeamKind::Vendor.number(),
            new.now,
            // Whoever adds a company may not see every team: its id behind the name keeps the name free for it.
            format!("{} {}", new.team_name, new.team)
        ],
    );
    batch.taken(Error::conflict("Somebody added a company of this name at the same moment. Try again."));
    batch.run(
        "insert into contractors (id, organization_id, kind, client_id, team_id, name, search, contact_name, \
           contact_email, phone, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            new.id,
            organization,
            new.kind.number(),
            new.client,
            new.team,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.contact_name.as_ref().map_or("", |name| name.as_str()),
            draft.contact_email.as_ref().map_or("", |email| email.as_str()),
            draft.phone.as_ref().map_or("", |phone| phone.as_str()),
            new.now
        ],
    );
    batch.taken(taken());
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, new: &New<'_>) {
    put(batch, permit.organization(), new);
}

pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    id: ContractorId,
    version: i64,
    draft: &ContractorDraft,
) {
    batch.guard(
        "update contractors set name = $4, search = $5, contact_name = $6, contact_email = $7, phone = $8, \
           version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            id,
            version,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.contact_name.as_ref().map_or("", |name| name.as_str()),
            draft.contact_email.as_ref().map_or("", |email| email.as_str()),
            draft.phone.as_ref().map_or("", |phone| phone.as_str())
        ],
        Error::Stale,
    );
    batch.taken(taken());
}

/// Puts a contractor away with its team, or brings both back.
pub(super) fn set_archived(
    batch: &mut Batch,
    permit: &Permit,
    id: ContractorId,
    version: i64,
    at: Option<Timestamp>,
) {
    batch.guard(
        "update contractors set archived = $4, archived_at = $5, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(at.is_some()), at],
        Error::Stale,
    );
    batch.run(
        "update teams set archived = $3, archived_at = $4, version = version + 1 \
         where organization_id = $1 and id = (select team_id from contractors where organization_id = $1 and id = $2)",
        params![permit.organization(), id, i64::from(at.is_some()), at],
    );
}
