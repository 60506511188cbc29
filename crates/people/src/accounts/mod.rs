//! One person's own account: the memberships they may act as ("hats"), sessions, password.

mod act;
mod hats;
mod model;
mod page;
mod plants;
pub(crate) mod query;
mod routes;
#[cfg(test)]
mod tests;

use web::Feature;

/// What the own account adds to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "accounts", routes: routes::routes, open: Some(routes::open), nav: &[] }
}
