//! An alarm that nobody answers is called out again: every two minutes in the first half hour, then every ten, for a
//! day.

use jiff::SignedDuration;
use jobs::events::NewEvent;
use kernel::{Result, Timestamp};
use store::Batch;
use web::App;

use super::mail;
use super::model::Moment;
use super::query::{self, Doer};

const SOON: SignedDuration = SignedDuration::from_mins(2);
const LATER: SignedDuration = SignedDuration::from_mins(10);
const FIRST: SignedDuration = SignedDuration::from_mins(30);
/// After this an unanswered alarm stays on the board and is called out no more.
const LAST: SignedDuration = SignedDuration::from_hours(24);

/// When an alarm that came then is called out after now.
pub(super) fn next(came: Timestamp, now: Timestamp) -> Timestamp {
    let pause = if now.duration_since(came) < FIRST { SOON } else { LATER };
    now.checked_add(pause).unwrap_or(now)
}

/// Calls out the alarms that are due; answers how many.
///
/// # Errors
/// The store's.
pub async fn call_again(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let mut called = 0;
    for (id, organization, came, due) in query::unanswered(&app.store, now).await? {
        let mut batch = Batch::new();
        let over = now.duration_since(came) > LAST;
        query::call_next(&mut batch, organization, id, due, (!over).then(|| next(came, now)));
        if !over {
            let nobody = Doer { membership: None, name: "" };
            query::happened(&mut batch, organization, id, (Moment::CalledAgain, ""), nobody, now);
            jobs::events::note(
                &mut batch,
                &NewEvent {
                    organization,
                    topic: mail::AGAIN.topic,
                    resource: access::Resource::Sos.word(),
                    record: id.uuid(),
                    visibility: None,
                    detail: "{}",
                    caused_by: None,
                    at: now,
                },
            );
        }
        match app.store.commit(batch).await {
            Ok(_) => called += usize::from(!over),
            // Another node was quicker, or somebody has answered.
            Err(kernel::Error::Stale) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(called)
}
