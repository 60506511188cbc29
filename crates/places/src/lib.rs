//! Where work is done, and by whom: clients, sites, areas, teams, workers.

mod areas;
mod clients;
mod contractors;
mod import;
mod kept;
mod members;
mod pickers;
pub mod setup;
mod shared;
mod site_clients;
mod sites;
mod teams;
mod workers;

pub use import::{Imported, Names, import_sites};

/// The capabilities of this area.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    vec![
        clients::feature(),
        sites::feature(),
        site_clients::feature(),
        areas::feature(),
        teams::feature(),
        contractors::feature(),
        workers::feature(),
    ]
}
