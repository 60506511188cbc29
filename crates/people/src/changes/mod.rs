//! Changes of rights before they happen, and after: what one would make of whom, shown first; then done at once, at an
//! hour, or not at all; and taken back. Every kind of change is the verb that makes it, asked beforehand.

mod act;
mod difference;
mod model;
mod page;
mod plants;
mod query;
mod routes;
#[cfg(test)]
mod tests;
mod work;

use access::{Action, Permission, Resource, permission};
use web::Feature;

/// Whoever sees everybody's assignments sees everybody's changes; others see their own.
const SEE_ALL: Permission = permission(Resource::Assignment, Action::View);

pub(crate) use act::look;
pub use work::{apply_due, forget_looks, run};

/// What changes add to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "changes", routes: routes::routes, open: None, nav: &[] }
}
