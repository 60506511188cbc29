//! SQL of passdown notes, and nothing but SQL.

use access::Permit;
use kernel::id::{MembershipId, OrganizationId, PassdownId};
use kernel::{Error, Timestamp};
use store::{Batch, params};

use crate::sites::{Place, keys};

/// A note as it is stored.
pub(crate) struct New<'a> {
    pub(crate) id: PassdownId,
    pub(crate) place: &'a Place,
    pub(crate) body: &'a str,
    pub(crate) author: (MembershipId, &'a str),
    pub(crate) written_at: Timestamp,
    pub(crate) now: Timestamp,
}

/// Stores a note without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(batch: &mut Batch, organization: OrganizationId, new: &New<'_>) {
    let (client, site, area) = keys(&new.place.facts);
    let (author, name) = new.author;
    batch.run(
        "insert into passdown_notes (id, organization_id, client_id, site_id, area_id, site_name, zone, body, \
           author_id, author_name, written_at, search, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            new.id,
            organization,
            client,
            site,
            area,
            new.place.name.as_str(),
            new.place.zone.as_str(),
            new.body,
            author,
            name,
            new.written_at,
            store::fold(&format!("{} {name} {}", new.place.name, new.body)),
            new.now
        ],
    );
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, new: &New<'_>) {
    put(batch, permit.organization(), new);
}

pub(super) fn set_archived(batch: &mut Batch, permit: &Permit, id: PassdownId, version: i64, archived: bool) {
    batch.guard(
        "update passdown_notes set archived = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(archived)],
        Error::Stale,
    );
}
