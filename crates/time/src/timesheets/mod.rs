//! Timesheets: lines of hours to be paid, waiting for approval, approved, or rejected with a word.
//!
//! A line is made by what happened, never by hand: by a worker clocking out, or by the end of a published shift to
//! which nobody came. Planned and clocked hours stand beside those to be paid and are never changed here; a line is
//! never deleted. Where "timesheets for approval" is on, the client side meets what waits and decides, too. Decision
//! 0051 says why.

mod act;
mod export;
mod model;
mod page;
pub(crate) mod query;
mod round;
mod routes;
mod verbs;
mod view;

#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub use round::make;

const VIEW: Permission = permission(Resource::Timesheet, Action::View);
/// Says which hours are paid.
const EDIT: Permission = permission(Resource::Timesheet, Action::Edit);
/// Approves and rejects.
const APPROVE: Permission = permission(Resource::Timesheet, Action::Approve);
const EXPORT: Permission = permission(Resource::Timesheet, Action::Export);

/// Where hours are put right.
const OFFICE: [Door; 2] = [Door::Portal(Portal::Office), Door::Api];
/// Where they are decided on, and taken away as a file.
const DECIDING: [Door; 3] = [Door::Portal(Portal::Office), Door::Portal(Portal::Client), Door::Api];

/// What timesheets add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "timesheets",
        routes: routes::routes,
        open: None,
        nav: &[
            Nav {
                label: "Timesheets",
                path: "/timesheets",
                icon: ui::icon::report,
                doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Client)],
                any_of: &[VIEW],
                place: 17,
            },
            Nav {
                label: "My hours",
                path: "/timesheets",
                icon: ui::icon::report,
                doors: &[Door::Portal(Portal::Field)],
                any_of: &[VIEW],
                place: 7,
            },
        ],
    }
}
