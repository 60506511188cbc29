//! Explanation of every kind of record that has a page: who can see it and why, why one person cannot, and how that
//! was on a day in the past. It asks the plans that decide, so it cannot say anything else than what happens (law 4).
//! A kind comes in by the route of its page (`Route::shows`); nothing is written for it here.

mod act;
mod model;
mod page;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use web::Feature;

pub(crate) use act::{Found, between, find, instant, sought};
pub(crate) use model::Why;
pub(crate) use page::answer;

/// Who may ask about people.
pub(crate) const EXPLAIN: Permission = permission(Resource::Account, Action::Explain);

/// What explanation adds to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "explain", routes: routes::routes, open: None, nav: &[] }
}
