//! Reminders: the evening before a shift, at six on its site's clock, its worker is reminded once.

use jiff::ToSpan;
use jobs::events::NewEvent;
use kernel::Result;
use store::Batch;
use web::App;

use super::{mail, query};
use crate::week;

/// Notes the reminders that are due; answers how many.
///
/// # Errors
/// The store's.
pub async fn remind(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let mut noted = 0;
    for (id, organization, starts_at, zone) in query::to_remind(&app.store, now, now + 30.hours()).await? {
        let zone = week::zone(&zone);
        let day = zone.to_datetime(starts_at).date();
        let evening = day.yesterday().unwrap_or(day).at(18, 0, 0, 0);
        if week::instant(evening, &zone)?.0 > now {
            continue;
        }
        let mut batch = Batch::new();
        query::reminded(&mut batch, id, now);
        jobs::events::note(
            &mut batch,
            &NewEvent {
                organization,
                topic: mail::REMINDER.topic,
                resource: access::Resource::Shift.word(),
                record: id.uuid(),
                visibility: None,
                detail: "{}",
                caused_by: None,
                at: now,
            },
        );
        match app.store.commit(batch).await {
            Ok(_) => noted += 1,
            // Another node was quicker.
            Err(kernel::Error::Stale) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(noted)
}
