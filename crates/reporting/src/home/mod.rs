//! Home: the first page of each portal. It answers what needs this person now, from the same listings as everything
//! else, and it teaches when nothing does.

mod act;
mod page;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use kernel::Portal;
use web::{Door, Feature, Nav};

/// What home adds to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "home",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Home",
            path: "/",
            icon: ui::icon::home,
            doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Field), Door::Portal(Portal::Client)],
            any_of: &[],
            place: 0,
        }],
    }
}
