//! Asking for access: from a page that says "there is nothing here" or "you may not", to somebody who can grant it.
//! Nothing in it tells whether the record exists: the same page, the same answer, the same letters for a hidden record
//! and for one there never was. Whoever answers sees the record only as far as they may see it themselves.

mod act;
mod model;
mod page;
mod plants;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use kernel::Portal;
use web::{Door, Feature, Nav};

use crate::grants::GIVE;

/// What asking adds to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "asking",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Access requests",
            path: "/requests",
            icon: ui::icon::lock,
            doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Client)],
            any_of: &[GIVE],
            place: 72,
        }],
    }
}
