//! The program: from the command line to the features and back.

pub mod cli;
pub mod log;
mod say;
mod serve;
pub mod settings;

/// Everything the program can do, in the order of the areas.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    places::features()
}
