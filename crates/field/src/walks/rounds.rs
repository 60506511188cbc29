//! What nobody does: walks whose time is over are ended, windows in which nobody walked leave a report. Any number of
//! nodes may look at once.

use access::Visibility;
use kernel::id::CheckpointReportId;
use kernel::{Error, Result, Timestamp};
use store::Batch;
use web::App;

use super::query::{self, NewWalk, ToCheck};
use super::{act, take};

/// So long after its end a window or walk is waited for: phones without a signal are slow.
const GRACE_MINUTES: i64 = 10;
/// So many at once.
const MOST: i64 = 200;

/// Looks once; answers how many reports it ended or made.
///
/// # Errors
/// The store's.
pub async fn look(app: &App) -> Result<usize> {
    let until = app.clock.now() - jiff::Span::new().minutes(GRACE_MINUTES);
    let mut done = 0;
    for (id, organization) in query::overdue(&app.store, until, MOST).await? {
        let Some(walk) = query::any(&app.store, id).await? else { continue };
        let stops: Vec<_> = query::stops(&app.store, organization, id).await?.iter().map(act::stop).collect();
        let seen: Vec<_> = query::scans(&app.store, organization, id).await?.iter().map(act::seen).collect();
        let mut batch = Batch::new();
        let now = app.clock.now();
        take::settle(&app.store, &mut batch, organization, &walk, &stops, seen, None, now).await?;
        done += committed(app, batch).await?;
    }
    for tour in query::to_check(&app.store, until, MOST).await? {
        done += missed(app, &tour, until).await?;
    }
    Ok(done)
}

/// Another node may have been quicker; then there is nothing to do.
async fn committed(app: &App, batch: Batch) -> Result<usize> {
    match app.store.commit(batch).await {
        Ok(_) => Ok(1),
        Err(Error::Stale) => Ok(0),
        Err(other) => Err(other),
    }
}

async fn missed(app: &App, tour: &ToCheck, until: Timestamp) -> Result<usize> {
    let (now, zone) = (app.clock.now(), crate::rhythm::zone(&tour.place.zone));
    let mut batch = Batch::new();
    let mut made = 0;
    for window in tour.plan.between(tour.checked_until, until, &zone)? {
        // A window that was open when the tour was made or changed is not held against anybody.
        if window.until > until || window.from < tour.since {
            continue;
        }
        if query::of_slot(&app.store, tour.organization, tour.id, window.from).await?.is_some() {
            continue;
        }
        let id = CheckpointReportId::new();
        let visibility = if tour.approval { Visibility::Held } else { Visibility::Released };
        query::begin(
            &mut batch,
            tour.organization,
            &NewWalk {
                id,
                facts: &tour.facts,
                place: &tour.place,
                tour: Some(tour.id),
                tour_name: &tour.name,
                ordered: tour.ordered,
                least_seconds: tour.least_seconds,
                due: Some((window.from, window.until, true)),
                walked: None,
                walker: ("", ""),
                word: &id.to_string(),
                visibility,
                now,
            },
        );
        take::note(&mut batch, tour.organization, id.uuid(), (true, visibility), None, now);
        made += 1;
    }
    query::checked(&mut batch, tour.id, tour.checked_until, until);
    Ok(committed(app, batch).await? * made)
}
