//! SQL of the queue of events.

use kernel::id::{EventId, OrganizationId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};

use super::{EventState, Happened, NewEvent};

pub(super) fn insert(batch: &mut Batch, event: &NewEvent<'_>) -> EventId {
    let id = EventId::new();
    batch.run(
        "insert into events (id, organization_id, topic, resource, record_id, visibility, detail, caused_by, at, next_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
        params![
            id,
            event.organization,
            event.topic,
            event.resource,
            event.record,
            event.visibility,
            event.detail,
            event.caused_by,
            event.at
        ],
    );
    id
}

/// Events that nobody works on, each the oldest of its record.
pub(super) async fn waiting(store: &Store, now: Timestamp) -> Result<Vec<EventId>> {
    let found: Vec<(EventId,)> = store
        .all(
            "select e.id from events e \
             where e.state = 0 and e.next_at <= $1 and (e.leased_until is null or e.leased_until < $1) \
               and not exists (select 1 from events o where o.organization_id = e.organization_id \
                 and o.record_id = e.record_id and o.state = 0 and (o.at < e.at or (o.at = e.at and o.id < e.id))) \
             order by e.next_at, e.id limit 50",
            params![now],
        )
        .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

struct Claimed(Happened, i64);

impl FromRow for Claimed {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self(Happened::from_row(row)?, row.get(8)?))
    }
}

pub(super) async fn claim(
    store: &Store,
    id: EventId,
    now: Timestamp,
    until: i64,
) -> Result<Option<(Happened, i64)>> {
    let mut batch = Batch::new();
    let slot = batch.returning(
        "update events set leased_until = $2 \
         where id = $1 and state = 0 and (leased_until is null or leased_until < $3) \
         returning id, organization_id, topic, record_id, visibility, detail, caused_by, at, attempts",
        params![id, until, now],
    );
    let outcome = store.commit(batch).await?;
    Ok(outcome.rows::<Claimed>(slot)?.pop().map(|Claimed(event, attempts)| (event, attempts)))
}

/// Ends an event, if it is still this node's.
pub(super) fn done(batch: &mut Batch, id: EventId, lease: i64, now: Timestamp) {
    batch.guard(
        "update events set state = 1, done_at = $3, attempts = attempts + 1, leased_until = null, error = null \
         where id = $1 and state = 0 and leased_until = $2",
        params![id, lease, now],
        Error::Stale,
    );
}

pub(super) async fn failed(
    store: &Store,
    id: EventId,
    state: EventState,
    attempts: i64,
    next: i64,
    error: &str,
    now: Timestamp,
) -> Result<()> {
    let mut batch = Batch::new();
    batch.run(
        "update events set state = $2, attempts = $3, next_at = $4, error = $5, leased_until = null, \
           done_at = $6 \
         where id = $1 and state = 0",
        params![id, state.number(), attempts, next, error, (state == EventState::Dead).then_some(now)],
    );
    store.commit(batch).await?;
    Ok(())
}

pub(super) fn try_again(batch: &mut Batch, organization: OrganizationId, id: EventId, now: Timestamp) {
    batch.guard(
        "update events set state = 0, attempts = 0, next_at = $3, error = null, done_at = null \
         where organization_id = $1 and id = $2 and state = 2",
        params![organization, id, now],
        Error::conflict("this was worked out already"),
    );
}

/// Events that ended before an instant, worked out or given up. Their last try lies before their end, so the index of
/// what waits finds them.
pub(super) async fn over(store: &Store, before: Timestamp, most: i64) -> Result<Vec<EventId>> {
    let mut found: Vec<(EventId,)> = Vec::new();
    for state in [EventState::Done, EventState::Dead] {
        let rows: Vec<(EventId,)> = store
            .all(
                "select id from events where state = $1 and next_at < $2 and coalesce(done_at, next_at) < $2 order by next_at, id limit $3",
                params![state.number(), before, most],
            )
            .await?;
        found.extend(rows);
    }
    Ok(found.into_iter().map(|(id,)| id).collect())
}

pub(super) fn remove(batch: &mut Batch, id: EventId) {
    batch.run("delete from events where id = $1 and state <> 0", params![id]);
}

/// How many events wait or were given up, by state.
pub(super) async fn unfinished(store: &Store) -> Result<Vec<(i64, i64)>> {
    store.all("select state, count(*) from events where state in (0, 2) group by state", []).await
}
