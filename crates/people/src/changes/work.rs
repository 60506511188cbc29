//! Scheduled changes, taken when their hour comes. They are made with the rights their scheduler holds then; what
//! cannot be made any more is refused where it can be seen.

use std::time::Duration;

use kernel::{Error, Result};
use store::Batch;
use web::{App, Ctx};

use super::{act, query};

/// A node that dies with a change in its hands loses it after this long, in microseconds.
const LEASE: i64 = 120_000_000;

/// Makes the changes whose hour has come. Answers how many were made.
///
/// # Errors
/// The store's. A change that cannot be made is refused in its row.
pub async fn apply_due(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let mut made = 0;
    for (id, organization, by, token) in query::due(&app.store, now).await? {
        if !query::lease(&app.store, id, now, now.as_microsecond() + LEASE).await? {
            continue;
        }
        let outcome = match Ctx::on_behalf(app, organization, by, token, now).await {
            Ok(ctx) => act::apply_scheduled(&ctx, id).await,
            Err(Error::SignedOut) => Err(Error::conflict(
                "Whoever scheduled it may not sign in any more, or the token it was scheduled with has ended. Ask somebody else to make it.",
            )),
            Err(other) => Err(other),
        };
        match outcome {
            Ok(()) => made += 1,
            // Not the change's fault: the lease runs out, and it is tried again.
            Err(error @ (Error::Unavailable(_) | Error::Internal { .. })) => {
                tracing::warn!(change.id = %id, %error, "a scheduled change could not be tried");
            }
            Err(error) => {
                let mut batch = Batch::new();
                query::refuse(&mut batch, id, &act::reason(error), app.clock.now());
                app.store.commit(batch).await?;
            }
        }
    }
    Ok(made)
}

/// What was only looked at is kept this long, in microseconds: thirty days.
const KEPT: i64 = 30 * 86_400_000_000;
/// Before the first look for what may go, and between two.
const FIRST_SWEEP: Duration = Duration::from_secs(60);
const SWEEP: Duration = Duration::from_secs(3600);

/// Removes changes that were only looked at, long ago. Answers how many went.
///
/// # Errors
/// The store's.
pub async fn forget_looks(app: &App) -> Result<u64> {
    let before = app.clock.now().as_microsecond() - KEPT;
    let before = kernel::Timestamp::from_microsecond(before).map_err(Error::internal)?;
    query::forget_looks(&app.store, before).await
}

/// Makes scheduled changes, again and again, until told to stop.
pub async fn run(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut sweep = tokio::time::Instant::now() + FIRST_SWEEP;
    loop {
        if let Err(error) = apply_due(&app).await {
            tracing::warn!(%error, "scheduled changes could not be read");
        }
        if tokio::time::Instant::now() >= sweep {
            sweep = tokio::time::Instant::now() + SWEEP;
            if let Err(error) = forget_looks(&app).await {
                tracing::warn!(%error, "old looks at changes could not be removed");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
            _ = stop.changed() => return,
        }
    }
}
