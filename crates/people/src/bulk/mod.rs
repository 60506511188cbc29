//! Giving one role to many people at once: asked first, then given to all of them or to those who can have it. Every
//! person is asked about on their own, with the same questions as on their page; nothing is given in passing.

mod act;
mod judge;
mod model;
mod page;
mod plants;
mod query;
mod routes;
mod take;
#[cfg(test)]
mod tests;

use web::Feature;

/// What bulk assignment adds to the program. It has no place in the navigation: it is reached from the people.
pub(crate) fn feature() -> Feature {
    Feature { name: "bulk assignments", routes: routes::routes, open: None, nav: &[] }
}
