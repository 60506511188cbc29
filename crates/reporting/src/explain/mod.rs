//! Explanation: who can see an incident and why, and why somebody cannot, with the smallest thing that would change
//! it. It asks the same plans that decide, so it cannot say anything else than what happens (law 4).

mod act;
mod page;
mod query;
mod routes;
#[cfg(test)]
mod tests;
mod words;

pub use words::{Asked, Fix, Reason, Verdict, reasons};

use access::{Action, Permission, Resource, permission};
use web::Feature;

pub(crate) const EXPLAIN: Permission = permission(Resource::Incident, Action::Explain);
const SEE_MEMBERS: Permission = permission(Resource::Account, Action::View);

/// What explanation adds to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "explain", routes: routes::routes, open: None, nav: &[] }
}
