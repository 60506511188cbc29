//! A forgotten password: a link by mail, good once and for one hour, that sets a new one and ends every session. The
//! answer does not tell whether an address is known.

pub(crate) mod act;
mod model;
mod page;
pub(crate) mod query;
mod routes;
#[cfg(test)]
mod tests;

use web::Feature;

/// What resets add to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "resets", routes: Vec::new, open: Some(routes::open), nav: &[] }
}
