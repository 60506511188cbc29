//! Events: what happened that somebody may want a message about. An event commits with the change; a worker finds
//! out afterwards whom to tell, by the rights that people have then, and what it decides commits together with the
//! event's end. So an event is worked out once, on whichever node, whatever breaks in between.

mod query;

use kernel::id::{EventId, MembershipId, OrganizationId};
use kernel::text::closed;
use kernel::{Clock, Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store};
use uuid::Uuid;

use crate::Later;

closed! {
    /// How far an event is.
    pub enum EventState: i64 {
        /// Waits to be worked out.
        Waiting = 0 => "waiting",
        /// Everybody was decided about.
        Done = 1 => "done",
        /// Given up after many tries; an administrator sees it and can have it tried again.
        Dead = 2 => "dead",
    }
}

/// Something that happened, as it is noted.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    /// The tenant.
    pub organization: OrganizationId,
    /// What happened: the stable word of a kind of notice, `incident.filed`.
    pub topic: &'a str,
    /// The resource's word.
    pub resource: &'a str,
    /// The record.
    pub record: Uuid,
    /// Who outside could meet the record then (a number of `access::Visibility`).
    pub visibility: Option<i64>,
    /// What else the kind of notice needs to know of that moment, as JSON. No words of the record: they are read when
    /// the message is made, by whom it is for.
    pub detail: &'a str,
    /// Who did it; they are not told.
    pub caused_by: Option<MembershipId>,
    /// When.
    pub at: Timestamp,
}

/// Puts an event into the batch that brings it about.
pub fn note(batch: &mut Batch, event: &NewEvent<'_>) -> EventId {
    query::insert(batch, event)
}

/// Something that happened, as it is read.
#[derive(Clone, Debug)]
pub struct Happened {
    /// Its id.
    pub id: EventId,
    /// See [`NewEvent`].
    pub organization: OrganizationId,
    /// See [`NewEvent`].
    pub topic: String,
    /// See [`NewEvent`].
    pub record: Uuid,
    /// See [`NewEvent`].
    pub visibility: Option<i64>,
    /// See [`NewEvent`].
    pub detail: String,
    /// See [`NewEvent`].
    pub caused_by: Option<MembershipId>,
    /// See [`NewEvent`].
    pub at: Timestamp,
}

impl FromRow for Happened {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            organization: row.get(1)?,
            topic: row.get(2)?,
            record: row.get(3)?,
            visibility: row.get(4)?,
            detail: row.get(5)?,
            caused_by: row.get(6)?,
            at: row.get(7)?,
        })
    }
}

/// Whoever finds out whom to tell.
pub trait Expand: Send + Sync {
    /// Puts into the batch what follows from an event.
    fn expand<'a>(&'a self, event: &'a Happened, into: &'a mut Batch) -> Later<'a, Result<()>>;
}

/// A claim lasts this long; a node that dies loses it.
const LEASE: i64 = 120_000_000;
/// After this many tries an event is given up: about four hours.
const MOST_ATTEMPTS: i64 = 10;

/// Works out what waits. Events of one record are taken in their order, so that nobody hears of it twice. Answers how
/// many were worked out.
///
/// # Errors
/// The store's; an event that cannot be worked out is noted and tried again, not an error.
pub async fn work_waiting(store: &Store, clock: &Clock, expand: &dyn Expand) -> Result<usize> {
    let mut done = 0;
    loop {
        let now = clock.now();
        let mut moved = 0;
        for id in query::waiting(store, now).await? {
            let Some((event, attempts)) = query::claim(store, id, now, now.as_microsecond() + LEASE).await?
            else {
                continue;
            };
            moved += 1;
            match carry_out(store, clock, expand, &event, now.as_microsecond() + LEASE).await {
                Ok(()) => done += 1,
                // Another node took it over and finished it.
                Err(Error::Stale) => {}
                Err(error) => {
                    let tries = attempts + 1;
                    let state = if tries >= MOST_ATTEMPTS { EventState::Dead } else { EventState::Waiting };
                    // 20 s, 40 s, 80 s … the last pause is almost three hours.
                    let next = now.as_microsecond() + (10_000_000i64 << tries.min(10));
                    tracing::warn!(event.id = %event.id, event.topic, tries, %error, "an event could not be worked out");
                    query::failed(store, event.id, state, tries, next, &error.to_string(), now).await?;
                }
            }
        }
        if moved == 0 {
            return Ok(done);
        }
    }
}

async fn carry_out(
    store: &Store,
    clock: &Clock,
    expand: &dyn Expand,
    event: &Happened,
    lease: i64,
) -> Result<()> {
    let mut batch = Batch::new();
    query::done(&mut batch, event.id, lease, clock.now());
    expand.expand(event, &mut batch).await?;
    store.commit(batch).await?;
    Ok(())
}

/// Has an event that was given up tried again.
pub fn try_again(batch: &mut Batch, organization: OrganizationId, id: EventId, now: Timestamp) {
    query::try_again(batch, organization, id, now);
}

/// Events that ended before an instant, worked out or given up. What hangs on them is not this crate's: whoever keeps
/// it removes both in one batch ([`remove`]).
///
/// # Errors
/// The store's.
pub async fn over(store: &Store, before: Timestamp, most: i64) -> Result<Vec<EventId>> {
    query::over(store, before, most).await
}

/// Removes an event that is over.
pub fn remove(batch: &mut Batch, id: EventId) {
    query::remove(batch, id);
}

/// How many events wait or were given up, by state; for those who watch the program.
///
/// # Errors
/// The store's.
pub async fn unfinished(store: &Store) -> Result<Vec<(i64, i64)>> {
    query::unfinished(store).await
}
