//! Looking through somebody's eyes: beginning and ending a preview, and the mails somebody would get. What a preview
//! is and what it may show is decided in `web::preview`, for every request anew; here its row is written.

mod act;
mod mails;
mod model;
mod page;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use web::Feature;

/// What previews add to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "previews", routes: routes::routes, open: Some(routes::open), nav: &[] }
}
