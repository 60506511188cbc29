//! The program: from the command line to the features and back.

mod backup;
mod checks;
pub mod cli;
mod commands;
mod demo;
mod import;
pub mod log;
mod ops;
mod query;
mod say;
mod serve;
pub mod settings;
mod verify;

/// Everything the program can do, in the order of the areas.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    let mut all = people::features();
    all.extend(places::features());
    all.extend(reporting::features());
    all.extend(timekeeping::features());
    all.extend(field::features());
    all.extend(safety::features());
    all.push(web::search::feature());
    all.push(web::pocket::feature());
    all.push(checks::feature());
    all.push(web::gallery::feature());
    all
}
