//! Who is here and as what: organizations, accounts, memberships, roles given, sign-in, invitations, tokens.

mod accounts;
mod again;
mod asking;
mod assignments;
mod bulk;
mod changes;
pub mod demo;
mod explain;
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
pub mod reviews;
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

pub use changes::{apply_due as apply_due_changes, forget_looks, run as run_changes};

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
        explain::feature(),
        asking::feature(),
        changes::feature(),
        organization::feature(),
        tokens::feature(),
        notifications::feature(),
        outbox::feature(),
        journal::feature(),
        reviews::feature(),
    ]
}
