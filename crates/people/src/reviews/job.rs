//! Reminds reviewers of what is due soon or overdue. Runs with the work behind the scenes, on any number of nodes.

use std::time::Duration;

use jiff::tz::TimeZone;
use kernel::id::{OrganizationId, ReviewId};
use kernel::{Clock, Error, Result, Timestamp};
use store::{Batch, Store};

use super::{act, mail, query};

const DAY: i64 = 86_400_000_000;
/// Nobody is reminded of one campaign more often than this.
const APART: i64 = 3 * DAY;
/// Reminders begin so long before the last day is over.
const BEFORE: i64 = 3 * DAY;
const PAUSE: Duration = Duration::from_secs(1800);

/// Sends the reminders that are due. Answers how many were written.
///
/// # Errors
/// The store's.
pub async fn remind(store: &Store, clock: &Clock, public_url: &str) -> Result<usize> {
    let now = clock.now();
    let Ok(before) = Timestamp::from_microsecond(now.as_microsecond() + BEFORE) else { return Ok(0) };
    let mut written = 0;
    for (organization, id) in query::due(store, before).await? {
        written += of(store, now, public_url, organization, id, APART).await?;
    }
    Ok(written)
}

/// Reminds the reviewers of one campaign who were not reminded for a while and may still decide on something, by the
/// rights that each has now (law 9).
///
/// # Errors
/// The store's.
pub(super) async fn of(
    store: &Store,
    now: Timestamp,
    public_url: &str,
    organization: OrganizationId,
    id: ReviewId,
    apart: i64,
) -> Result<usize> {
    let (name, hue, zone, review, due, by) = query::letter(store, organization, id).await?;
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let mut written = 0;
    for reviewer in query::reviewers(store, organization, id).await? {
        let fresh = reviewer.reminded_at.is_some_and(|at| now.as_microsecond() - at.as_microsecond() < apart);
        if fresh {
            continue;
        }
        let authority = match web::identity::authority(store, organization, reviewer.membership, now).await {
            Ok(authority) => authority,
            Err(Error::SignedOut) => continue,
            Err(other) => return Err(other),
        };
        let plan = authority.compile(now);
        let many = mail::waiting(store, &plan, id).await?;
        let mailbox = query::mailbox(store, organization, reviewer.membership).await?;
        let (Some(to), true) = (mailbox, many > 0) else { continue };
        let mut batch = Batch::new();
        let asked = mail::Asked {
            organization,
            name: &name,
            hue: u16::try_from(hue).unwrap_or(215),
            public_url,
            path: mail::path(plan.portals.as_slice(), id),
            review: &review,
            by: &by,
            due: act::day(due, &zone),
            many,
            at: now,
        };
        mail::remind(&mut batch, &to, &asked, due <= now);
        query::reminded(&mut batch, organization, id, reviewer.membership, now);
        store.commit(batch).await?;
        written += 1;
    }
    Ok(written)
}

/// Does so again and again until told to stop.
pub async fn run(app: web::App, mut stop: tokio::sync::watch::Receiver<bool>) {
    loop {
        if let Err(error) = remind(&app.store, &app.clock, &app.config.public_url).await {
            tracing::warn!(%error, "reviewers could not be reminded");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => return,
        }
    }
}
