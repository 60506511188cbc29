//! SQL of tours, and nothing but SQL. Every write takes a permit.

use access::FieldClass::{Operational, Public};
use access::{Facts, Permit, Resource};
use kernel::id::{CheckpointId, OrganizationId, TourId};
use kernel::{Error, Result, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, Store, params};

use super::model::{Draft, StopOut};
use crate::rhythm::{Plan, clock};

/// How tours answer a plan.
pub(crate) static TOURS: Table = Table {
    resource: Resource::Tour,
    name: "tours",
    fields: &[
        field("id", "t.id", Public),
        field("site_id", "t.site_id", Public),
        field("site", "s.name", Public),
        field("zone", "s.zone", Public),
        field("name", "t.name", Public),
        field("instructions", "t.instructions", Operational),
        field("ordered", "t.ordered", Operational),
        field("rhythm", "t.rhythm", Operational),
        field("windows", "t.windows", Operational),
        field("begins", "t.begins", Operational),
        field("ends", "t.ends", Operational),
        field("every_minutes", "t.every_minutes", Operational),
        field("most_minutes", "t.most_minutes", Operational),
        field("least_seconds", "t.least_seconds", Operational),
        field("archived", "t.archived", Public),
        field("version", "t.version", Public),
    ],
    joins: "join sites s on s.id = t.site_id",
    orders: &[Order { name: "name", column: "search", text: true, descending: false, class: Public }],
    search: &[("t.search", Public)],
    keys: Keys { area: Some("area_id"), client: Some("client_id"), site: Some("site_id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// The parts of a plan as columns.
fn columns(plan: &Plan) -> (String, String, String, Option<i64>) {
    match plan {
        Plan::Interval(from, until, every) => (String::new(), clock(*from), clock(*until), Some(*every)),
        other => (other.lines(), String::new(), String::new(), None),
    }
}

/// Stores a tour without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(
    batch: &mut Batch,
    organization: OrganizationId,
    id: TourId,
    facts: &Facts,
    draft: &Draft,
    now: Timestamp,
) {
    let (client, site, area) = crate::query::stamped(facts);
    let (windows, begins, ends, every) = columns(&draft.plan);
    batch.run(
        "insert into tours (id, organization_id, client_id, site_id, area_id, name, search, instructions, ordered, rhythm, \
           windows, begins, ends, every_minutes, most_minutes, least_seconds, checked_until, since, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $17, $17)",
        params![
            id,
            organization,
            client,
            site,
            area,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.instructions.as_str(),
            i64::from(draft.ordered),
            draft.plan.rhythm().number(),
            windows,
            begins,
            ends,
            every,
            draft.most_minutes,
            draft.least_seconds,
            now
        ],
    );
}

/// The stops of a tour, in their order.
pub(crate) fn put_stops(
    batch: &mut Batch,
    organization: OrganizationId,
    tour: TourId,
    stops: &[CheckpointId],
) {
    batch.run(
        "delete from tour_stops where organization_id = $1 and tour_id = $2",
        params![organization, tour],
    );
    for (position, checkpoint) in (1_i64..).zip(stops) {
        batch.run(
            "insert into tour_stops (tour_id, organization_id, position, checkpoint_id) values ($1, $2, $3, $4)",
            params![tour, organization, position, *checkpoint],
        );
    }
}

pub(super) fn insert(
    batch: &mut Batch,
    permit: &Permit,
    id: TourId,
    facts: &Facts,
    (draft, stops): (&Draft, &[CheckpointId]),
    now: Timestamp,
) {
    put(batch, permit.organization(), id, facts, draft, now);
    put_stops(batch, permit.organization(), id, stops);
}

pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    id: TourId,
    version: i64,
    (draft, stops): (&Draft, &[CheckpointId]),
    now: Timestamp,
) {
    let (windows, begins, ends, every) = columns(&draft.plan);
    batch.guard(
        "update tours set name = $4, search = $5, instructions = $6, ordered = $7, rhythm = $8, windows = $9, begins = $10, \
           ends = $11, every_minutes = $12, most_minutes = $13, least_seconds = $14, checked_until = $15, since = $15, \
           updated_at = $15, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            id,
            version,
            &draft.name,
            store::fold(draft.name.as_str()),
            draft.instructions.as_str(),
            i64::from(draft.ordered),
            draft.plan.rhythm().number(),
            windows,
            begins,
            ends,
            every,
            draft.most_minutes,
            draft.least_seconds,
            now
        ],
        Error::Stale,
    );
    put_stops(batch, permit.organization(), id, stops);
}

/// Puts a tour away, or back. What was missed while it was away was not missed.
pub(super) fn set_archived(
    batch: &mut Batch,
    permit: &Permit,
    id: TourId,
    version: i64,
    at: Option<Timestamp>,
    now: Timestamp,
) {
    batch.guard(
        "update tours set archived = $4, archived_at = $5, checked_until = $6, since = $6, updated_at = $6, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(at.is_some()), at, now],
        Error::Stale,
    );
}

/// The current stops of a tour that was found within the plan, in their order.
pub(crate) async fn stops(store: &Store, organization: OrganizationId, tour: TourId) -> Result<Vec<StopOut>> {
    store
        .all(
            "select c.id, c.name, c.instructions, c.question from tour_stops s join checkpoints c on c.id = s.checkpoint_id \
             where s.organization_id = $1 and s.tour_id = $2 and c.archived = 0 order by s.position",
            params![organization, tour],
        )
        .await
}

/// Was this window of a tour walked, or is somebody on it? And how many stops the tour has. Says nothing of who.
pub(super) async fn walked(
    store: &Store,
    organization: OrganizationId,
    tour: TourId,
    slot: Option<Timestamp>,
) -> Result<(i64, i64)> {
    store
        .one(
            "select (select count(*) from tour_stops s join checkpoints c on c.id = s.checkpoint_id \
                 where s.tour_id = $2 and c.archived = 0), \
               (select count(*) from checkpoint_reports where organization_id = $1 and tour_id = $2 and slot = $3 \
                 and started_at is not null)",
            params![organization, tour, slot],
        )
        .await
}

/// The tours that lead along a checkpoint, for those of them that the asker finds within the plan.
pub(crate) async fn along(
    store: &Store,
    organization: OrganizationId,
    checkpoint: CheckpointId,
) -> Result<Vec<TourId>> {
    let rows: Vec<(TourId,)> = store
        .all(
            "select t.id from tour_stops s join tours t on t.id = s.tour_id \
             where s.organization_id = $1 and s.checkpoint_id = $2 and t.archived = 0 order by t.search, t.id limit 20",
            params![organization, checkpoint],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
