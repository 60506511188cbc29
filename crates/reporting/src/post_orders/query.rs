//! SQL of post orders, and nothing but SQL.

use access::Permit;
use kernel::id::{OrganizationId, PostOrderId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, Store, params};

use super::model::{Draft, EditionOut};
use crate::sites::{Place, keys};

/// Stores a new post order without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(
    batch: &mut Batch,
    organization: OrganizationId,
    id: PostOrderId,
    place: &Place,
    (title, body): (&str, &str),
    by: &str,
    now: Timestamp,
) {
    let (client, site, area) = keys(&place.facts);
    batch.run(
        "insert into post_orders (id, organization_id, client_id, site_id, area_id, site_name, zone, title, body, \
           edition, written_at, written_by, search, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12, $10)",
        params![
            id,
            organization,
            client,
            site,
            area,
            place.name.as_str(),
            place.zone.as_str(),
            title,
            body,
            now,
            by,
            store::fold(&format!("{title} {}", place.name))
        ],
    );
    edition(batch, organization, id, 1, (title, body), by, now);
}

fn edition(
    batch: &mut Batch,
    organization: OrganizationId,
    id: PostOrderId,
    number: i64,
    (title, body): (&str, &str),
    by: &str,
    now: Timestamp,
) {
    batch.run(
        "insert into post_order_editions (organization_id, post_order_id, edition, title, body, at, by_name) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![organization, id, number, title, body, now, by],
    );
    batch.taken(Error::Stale);
}

pub(super) fn insert(
    batch: &mut Batch,
    permit: &Permit,
    id: PostOrderId,
    place: &Place,
    draft: &Draft,
    by: &str,
    now: Timestamp,
) {
    put(batch, permit.organization(), id, place, (&draft.title, &draft.body), by, now);
}

/// A new edition.
pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    (id, version, number, site): (PostOrderId, i64, i64, &str),
    draft: &Draft,
    by: &str,
    now: Timestamp,
) {
    batch.guard(
        "update post_orders set title = $4, body = $5, edition = $6, written_at = $7, written_by = $8, search = $9, \
           version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3 and archived = 0",
        params![
            permit.organization(),
            id,
            version,
            draft.title.as_str(),
            draft.body.as_str(),
            number,
            now,
            by,
            store::fold(&format!("{} {site}", draft.title))
        ],
        Error::Stale,
    );
    edition(batch, permit.organization(), id, number, (&draft.title, &draft.body), by, now);
}

pub(super) fn set_archived(
    batch: &mut Batch,
    permit: &Permit,
    id: PostOrderId,
    version: i64,
    archived: bool,
) {
    batch.guard(
        "update post_orders set archived = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(archived)],
        Error::Stale,
    );
}

/// The editions before the one in force of an order that was found within the plan, newest first.
pub(super) async fn editions(
    store: &Store,
    organization: OrganizationId,
    id: PostOrderId,
    before: i64,
) -> Result<Vec<EditionOut>> {
    store
        .all(
            "select edition, title, body, at, by_name from post_order_editions \
             where organization_id = $1 and post_order_id = $2 and edition < $3 order by edition desc limit 50",
            params![organization, id, before],
        )
        .await
}
