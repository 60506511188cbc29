//! Rounds: checkpoints that are scanned, tours that lead along them, and what was scanned.

mod checkpoints;
mod choices;
mod query;
pub mod setup;
#[cfg(test)]
mod trial;

/// The capabilities of this area.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    vec![checkpoints::feature()]
}
