//! Checkpoint reports: walks of tours, with what was scanned and what was not (ROLES.md: Permission list).
//!
//! A scan is kept as it came, with where and when by phone and by server. How a walk stands follows from its scans,
//! in whatever order they arrive. A window in which nobody walked leaves a report of its own. What is over is released
//! to the client side at once, or waits for approval where the site asks for that.

mod act;
mod end;
mod evidence;
mod exceptions;
mod export;
mod mail;
mod model;
mod page;
pub(crate) mod query;
mod rounds;
mod routes;
mod scan;
mod take;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use act::walking;
pub(crate) use model::State;
pub(crate) use query::{NewWalk, begin};
pub use rounds::look;

/// What the demo world needs of walks.
pub(crate) mod setup {
    pub(crate) use super::evidence::{Frame, Seen, Stop, sum};
    pub(crate) use super::model::{Method, Moment, Position, Scan};
    pub(crate) use super::query::{Made, insert_scan, set_sum, stops};
}

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

use crate::tours::SCAN;

pub(crate) const VIEW: Permission = permission(Resource::CheckpointReport, Action::View);
const EXPORT: Permission = permission(Resource::CheckpointReport, Action::Export);
/// Whoever approves reports of a site lets its walks out where the site asks for that.
const APPROVE: Permission = permission(Resource::Report, Action::Approve);

const READ: [Door; 4] =
    [Door::Portal(Portal::Office), Door::Portal(Portal::Field), Door::Portal(Portal::Client), Door::Api];
const WALK: [Door; 2] = [Door::Portal(Portal::Field), Door::Api];

/// What checkpoint reports add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "checkpoint_reports",
        routes: routes::routes,
        open: None,
        nav: &[
            Nav {
                label: "Tour tracking",
                path: "/checkpoint-reports",
                icon: ui::icon::report,
                doors: &[Door::Portal(Portal::Office)],
                any_of: &[VIEW],
                place: 17,
            },
            Nav {
                label: "Checkpoint reports",
                path: "/checkpoint-reports",
                icon: ui::icon::report,
                doors: &[Door::Portal(Portal::Client)],
                any_of: &[VIEW],
                place: 22,
            },
            Nav {
                label: "Scan",
                path: "/scan",
                icon: ui::icon::camera,
                doors: &[Door::Portal(Portal::Field)],
                any_of: &[SCAN],
                place: 5,
            },
        ],
    }
}
