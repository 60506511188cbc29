//! SQL of checkpoints, and nothing but SQL. Every write takes a permit.

use access::FieldClass::{Operational, Public};
use access::{Facts, Permit, Resource};
use kernel::geo::Point;
use kernel::id::{CheckpointId, OrganizationId, SiteId};
use kernel::{Error, Result, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, Store, params};

use super::model::Draft;

/// How checkpoints answer a plan. Their codes are no field: nothing that lists checkpoints gives them away.
pub(crate) static CHECKPOINTS: Table = Table {
    resource: Resource::Checkpoint,
    name: "checkpoints",
    fields: &[
        field("id", "t.id", Public),
        field("site_id", "t.site_id", Public),
        field("site", "s.name", Public),
        field("name", "t.name", Public),
        field("instructions", "t.instructions", Operational),
        field("question", "t.question", Operational),
        field("place", "t.place", Public),
        field("latitude", "t.latitude", Operational),
        field("longitude", "t.longitude", Operational),
        field("radius_m", "t.radius_m", Operational),
        field("archived", "t.archived", Public),
        field("version", "t.version", Public),
    ],
    joins: "join sites s on s.id = t.site_id",
    orders: &[
        Order { name: "name", column: "search", text: true, descending: false, class: Public },
        Order { name: "place", column: "place", text: false, descending: false, class: Public },
    ],
    search: &[("t.search", Public)],
    keys: Keys { area: Some("area_id"), client: Some("client_id"), site: Some("site_id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// A new checkpoint.
pub(crate) struct New<'a> {
    pub(crate) id: CheckpointId,
    pub(crate) facts: &'a Facts,
    pub(crate) draft: &'a Draft,
    pub(crate) code: &'a str,
    pub(crate) now: Timestamp,
}

/// Stores a checkpoint without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(batch: &mut Batch, organization: OrganizationId, new: &New<'_>) {
    let (client, site, area) = crate::query::stamped(new.facts);
    let draft = new.draft;
    batch.run(
        "insert into checkpoints (id, organization_id, client_id, site_id, area_id, name, search, instructions, question, \
           place, latitude, longitude, radius_m, code, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
           coalesce($10, (select max(place) + 1 from checkpoints where organization_id = $2 and site_id = $4), 1), \
           $11, $12, $13, $14, $15, $15)",
        params![
            new.id,
            organization,
            client,
            site,
            area,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.instructions.as_str(),
            draft.question.as_str(),
            draft.place,
            draft.position.map(Point::latitude),
            draft.position.map(Point::longitude),
            draft.radius_m,
            new.code,
            new.now
        ],
    );
    // Codes are thrown with dice; the same throw twice is thrown again.
    batch.taken(Error::Stale);
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, new: &New<'_>) {
    put(batch, permit.organization(), new);
}

pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    id: CheckpointId,
    version: i64,
    draft: &Draft,
    now: Timestamp,
) {
    batch.guard(
        "update checkpoints set name = $4, search = $5, instructions = $6, question = $7, place = coalesce($8, place), \
           latitude = $9, longitude = $10, radius_m = $11, updated_at = $12, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            id,
            version,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.instructions.as_str(),
            draft.question.as_str(),
            draft.place,
            draft.position.map(Point::latitude),
            draft.position.map(Point::longitude),
            draft.radius_m,
            now
        ],
        Error::Stale,
    );
}

pub(super) fn set_archived(
    batch: &mut Batch,
    permit: &Permit,
    id: CheckpointId,
    version: i64,
    at: Option<Timestamp>,
    now: Timestamp,
) {
    batch.guard(
        "update checkpoints set archived = $4, archived_at = $5, updated_at = $6, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(at.is_some()), at, now],
        Error::Stale,
    );
}

/// Gives a checkpoint another code; those on the wall say nothing from then on.
pub(super) fn renew(
    batch: &mut Batch,
    permit: &Permit,
    id: CheckpointId,
    version: i64,
    code: &str,
    now: Timestamp,
) {
    batch.guard(
        "update checkpoints set code = $4, code_version = code_version + 1, updated_at = $5, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, code, now],
        Error::Stale,
    );
    batch.taken(Error::Stale);
}

/// The codes of a site's checkpoints, for those of them that were found within the plan.
pub(super) async fn codes(
    store: &Store,
    organization: OrganizationId,
    site: SiteId,
) -> Result<Vec<(CheckpointId, String, i64)>> {
    store
        .all(
            "select id, code, code_version from checkpoints where organization_id = $1 and site_id = $2",
            params![organization, site],
        )
        .await
}
