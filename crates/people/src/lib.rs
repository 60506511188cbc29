//! Who is here and as what: organizations, accounts, memberships, roles given, sign-in, invitations, tokens.

pub mod demo;
mod members;
mod organization;
mod password;
mod resets;
pub mod setup;
mod targets;

/// The capabilities of this area.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    Vec::new()
}
