//! Signing in with address and password, and out. The same answer and the same work for an unknown address and a
//! wrong password; those who guess are slowed down, and nobody can lock somebody else out.

pub(crate) mod act;
mod model;
mod page;
mod query;
mod routes;
#[cfg(test)]
mod tests;
pub(crate) mod throttle;

use web::Feature;

/// What signing in adds to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "sign_in", routes: Vec::new, open: Some(routes::open), nav: &[] }
}
