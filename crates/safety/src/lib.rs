//! What keeps people safe: alarms, raised in need, heard at once, answered by name.

mod alarms;
mod query;
pub mod setup;
mod sites;
#[cfg(test)]
mod trial;

pub use alarms::call_again;

/// The capabilities of this area.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    vec![alarms::feature()]
}

/// How long it rests between two rounds: an alarm that nobody has answered is called out again.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(15);

/// Calls unanswered alarms out again and again until told to stop. Any number of nodes may do it at once.
pub async fn run(app: web::App, mut stop: tokio::sync::watch::Receiver<bool>) {
    loop {
        if let Err(error) = call_again(&app).await {
            tracing::warn!(%error, "unanswered alarms could not be called out again");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => return,
        }
    }
}
