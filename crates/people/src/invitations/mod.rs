//! Invitations: an offer of membership with a role at targets, sent by e-mail. The link is good once and for seven
//! days; sending again makes a new link and kills the old one. It is accepted by making an account with a password,
//! or by whoever has the account already by signing in. Who may invite whom is asked when it is sent and again when
//! it is accepted.

mod accept;
mod act;
#[cfg(test)]
mod delegation_tests;
mod member;
mod model;
mod open;
mod page;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use web::Feature;

pub(crate) use act::lapsed;
pub(crate) use act::staff_email;
pub(crate) use member::letter;

const INVITE: Permission = permission(Resource::Account, Action::Invite);

/// What invitations add to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "invitations", routes: routes::routes, open: Some(open::open), nav: &[] }
}
