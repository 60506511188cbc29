//! SQL of clients, and nothing but SQL.

use access::{FieldClass, Permit, Resource};
use kernel::id::{ClientId, OrganizationId};
use kernel::{Error, Timestamp};
use store::listing::{Keys, Table, field};
use store::{Batch, params};

use super::model::ClientDraft;
use crate::kept::{BY_NAME, taken};

/// A client's own people may read how their company is kept here, but neither the notes nor the switches.
pub(crate) static CLIENTS: Table = Table {
    resource: Resource::Client,
    name: "clients",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("contact_name", "t.contact_name", FieldClass::Public),
        field("contact_email", "t.contact_email", FieldClass::Public),
        field("phone", "t.phone", FieldClass::Public),
        field("address", "t.address", FieldClass::Public),
        field("notes", "t.notes", FieldClass::Notes),
        field("emergency_access", "t.emergency_access", FieldClass::Operational),
        field("archived", "t.archived", FieldClass::Public),
        field("version", "t.version", FieldClass::Public),
    ],
    joins: "",
    orders: BY_NAME,
    search: &[("t.search", FieldClass::Public)],
    keys: Keys { client: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// Stores a client without asking anybody; for the program's own doors. Requests go through [`insert`]. The name is
/// unique by its key.
pub(crate) fn put(
    batch: &mut Batch,
    organization: OrganizationId,
    id: ClientId,
    draft: &ClientDraft,
    key: &str,
    now: Timestamp,
) {
    batch.run(
        "insert into clients (id, organization_id, name, search, contact_name, contact_email, phone, address, notes, \
           emergency_access, created_at, name_key) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            id,
            organization,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.contact_name.as_ref().map_or("", |name| name.as_str()),
            draft.contact_email.as_ref().map_or("", |email| email.as_str()),
            draft.phone.as_ref().map_or("", |phone| phone.as_str()),
            &draft.address,
            &draft.notes,
            i64::from(draft.emergency_access),
            now,
            key
        ],
    );
    taken(batch, "client");
}

pub(super) fn insert(
    batch: &mut Batch,
    permit: &Permit,
    id: ClientId,
    draft: &ClientDraft,
    key: &str,
    now: Timestamp,
) {
    put(batch, permit.organization(), id, draft, key, now);
}

pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    id: ClientId,
    version: i64,
    draft: &ClientDraft,
    key: &str,
) {
    batch.guard(
        "update clients set name_key = case when name = $4 then name_key else $12 end, name = $4, search = $5, contact_name = $6, contact_email = $7, phone = $8, \
           address = $9, notes = $10, emergency_access = $11, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            id,
            version,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.contact_name.as_ref().map_or("", |name| name.as_str()),
            draft.contact_email.as_ref().map_or("", |email| email.as_str()),
            draft.phone.as_ref().map_or("", |phone| phone.as_str()),
            &draft.address,
            &draft.notes,
            i64::from(draft.emergency_access),
            key
        ],
        Error::Stale,
    );
    taken(batch, "client");
}

pub(super) fn set_emergency(batch: &mut Batch, permit: &Permit, id: ClientId, version: i64, on: bool) {
    batch.guard(
        "update clients set emergency_access = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(on)],
        Error::Stale,
    );
}
