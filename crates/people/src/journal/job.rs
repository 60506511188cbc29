//! Removes what the retention setting asks to remove. Runs with the work behind the scenes, on any number of nodes.

use std::time::Duration;

use kernel::{Clock, Result, Timestamp};
use store::Store;

use super::query;

const DAY: i64 = 86_400_000_000;
/// How often old lines are looked for. Each removal is a line of its own, so not all the time.
const PAUSE: Duration = Duration::from_secs(24 * 3600);
/// Before the first look, so that a start is not slowed down.
const FIRST: Duration = Duration::from_secs(60);

/// Removes lines and reads that are older than their organization keeps them. Answers how many lines went.
///
/// # Errors
/// The store's.
pub async fn remove_old(store: &Store, clock: &Clock) -> Result<u64> {
    let now = clock.now();
    let mut gone = 0;
    for (organization, days) in query::limited(store).await? {
        let before = now.as_microsecond() - days.saturating_mul(DAY);
        let Ok(before) = Timestamp::from_microsecond(before) else { continue };
        gone += store::journal::remove_before(store, organization, before, now).await?;
        store::reads::remove_before(store, organization, before).await?;
    }
    Ok(gone)
}

/// Does so once a day until told to stop.
pub async fn run(store: Store, clock: Clock, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut pause = FIRST;
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => return,
        }
        match remove_old(&store, &clock).await {
            Ok(0) => {}
            Ok(lines) => {
                tracing::info!(lines, "old lines of journals were removed, as their organizations ask");
            }
            Err(error) => tracing::warn!(%error, "old lines of journals could not be removed"),
        }
        pause = PAUSE;
    }
}
