//! When people work: what is planned (shifts), what happened (clock-ins), what is paid (timesheets).

mod choices;
mod clock;
mod query;
pub mod setup;
mod shifts;
mod timesheets;
#[cfg(test)]
mod trial;
mod week;

pub use shifts::remind;
pub use timesheets::make as make_timesheets;

/// The capabilities of this area.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    vec![shifts::feature(), clock::feature(), timesheets::feature()]
}

/// How long it rests between two rounds.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(60);

/// Reminds people of their shifts and makes lines of hours, again and again until told to stop. Any number of nodes may do it at once.
pub async fn run(app: web::App, mut stop: tokio::sync::watch::Receiver<bool>) {
    loop {
        if let Err(error) = remind(&app).await {
            tracing::warn!(%error, "people could not be reminded of their shifts");
        }
        if let Err(error) = make_timesheets(&app).await {
            tracing::warn!(%error, "shifts that are over could not be turned into timesheets");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => return,
        }
    }
}
