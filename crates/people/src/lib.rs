//! Who is here and as what: organizations, accounts, memberships, roles given, sign-in, invitations, tokens.

mod accounts;
mod again;
mod assignments;
mod bulk;
pub mod demo;
mod grants;
mod invitations;
pub mod journal;
mod letters;
mod members;
mod notifications;
mod organization;
mod outbox;
mod password;
mod portal;
mod previews;
mod resets;
mod roles;
pub mod scratch;
mod sessions;
pub mod setup;
mod sign_in;
mod targets;
mod tokens;
#[cfg(test)]
mod trial;
mod words;

/// The capabilities of this area.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    vec![
        sign_in::feature(),
        resets::feature(),
        accounts::feature(),
        members::feature(),
        assignments::feature(),
        bulk::feature(),
        portal::feature(),
        invitations::feature(),
        previews::feature(),
        roles::feature(),
        organization::feature(),
        tokens::feature(),
        notifications::feature(),
        outbox::feature(),
        journal::feature(),
    ]
}
