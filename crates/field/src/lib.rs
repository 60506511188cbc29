//! Rounds: checkpoints that are scanned, tours that lead along them, and what was scanned.

mod checkpoints;
mod choices;
mod query;
mod rhythm;
pub mod setup;
mod tours;
#[cfg(test)]
mod trial;
mod walks;

pub use walks::look;

/// The capabilities of this area.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    vec![checkpoints::feature(), tours::feature(), walks::feature()]
}

/// How long it rests between two looks.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(60);

/// Ends walks whose time is over and notes windows in which nobody walked, again and again until told to stop. Any
/// number of nodes may do it at once.
pub async fn run(app: web::App, mut stop: tokio::sync::watch::Receiver<bool>) {
    loop {
        if let Err(error) = look(&app).await {
            tracing::warn!(%error, "the windows of tours could not be looked at");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => return,
        }
    }
}
