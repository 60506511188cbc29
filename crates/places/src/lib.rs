//! Where work is done, and by whom: clients, sites, areas, teams, workers.

mod teams;

/// The capabilities of this area.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    vec![teams::feature()]
}
