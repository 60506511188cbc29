//! The round: a published shift that is over and to which nobody came becomes a line, too.

use jiff::ToSpan;
use kernel::Result;
use store::Batch;
use web::App;

use super::query;

/// Shifts that ended longer ago are left alone: hours are put down for the pay of these weeks, not of last year. It
/// is also how far back lines are made when an organization subscribes to timesheets.
const BACK_DAYS: i64 = 14;
/// So many shifts are looked at in one round.
const MOST: i64 = 500;

/// Makes the lines that are due; answers how many shifts were looked at.
///
/// # Errors
/// The store's.
pub async fn make(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let mut looked = 0;
    for (shift, organization) in query::due(&app.store, now - (BACK_DAYS * 24).hours(), now, MOST).await? {
        let mut batch = Batch::new();
        query::line_of_shift(&mut batch, organization, shift, now);
        match app.store.commit(batch).await {
            Ok(_) => looked += 1,
            // Another node was quicker, or the worker clocked out this moment.
            Err(kernel::Error::Stale) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(looked)
}
