//! Changing a role that somebody holds, in place: where, and from when until when. Giving and taking roles is on the
//! person's page (`members`); the same questions are asked here.

mod act;
mod model;
mod page;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use web::Feature;

pub(crate) const CHANGE: Permission = permission(Resource::Assignment, Action::Edit);

/// The role whose holders may be given the extra permission, and the role that is this permission (ROLES.md: Service).
pub(crate) const MANAGER: &str = "site_manager";
pub(crate) const GUESTS: &str = "guest_manager";

pub(crate) use act::{mark, turn};

/// What changing roles adds to the program. It has no place in the navigation: it is reached from a person.
pub(crate) fn feature() -> Feature {
    Feature { name: "assignments", routes: routes::routes, open: None, nav: &[] }
}
