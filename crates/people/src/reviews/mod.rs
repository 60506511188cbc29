//! Access review: a campaign takes a snapshot of who holds which role where, and reviewers confirm or revoke each.
//! Whoever sees one of its grants sees the campaign, and of it the grants within their own plan. Beside it stands the
//! report of people who left and still hold something.

mod act;
mod create;
mod decide;
pub(crate) mod demo;
mod export;
pub mod job;
mod leavers;
mod leavers_page;
mod mail;
mod model;
mod page;
mod plants;
mod query;
mod routes;
mod snapshot;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

/// Seeing who holds what.
const VIEW: Permission = permission(Resource::Assignment, Action::View);
/// Taking it away: reviewers are people who may.
const TAKE: Permission = crate::grants::TAKE;

pub(crate) use leavers::LapsedOut;

/// What access review adds to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "reviews",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Access review",
            path: "/reviews",
            icon: ui::icon::shield_check,
            doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Client)],
            any_of: &[TAKE],
            place: 75,
        }],
    }
}
