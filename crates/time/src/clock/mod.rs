//! Clock and attendance: clocking in, breaks, clocking out; who is on duty now.
//!
//! A punch is kept as it came, with where and when by phone and by server. What an entry says follows from its
//! punches, in whatever order they arrive, until somebody corrects it by hand; then the original stays beside it.
//! Nobody is ever clocked out by the machine.

mod act;
mod board;
mod correct;
mod export;
mod model;
mod page;
mod plants;
mod punch;
pub(crate) mod query;
mod routes;
pub(crate) mod view;

#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub(crate) const VIEW: Permission = permission(Resource::TimeEntry, Action::View);
const EDIT: Permission = permission(Resource::TimeEntry, Action::Edit);
const CLOCK: Permission = permission(Resource::TimeEntry, Action::Clock);
const EXPORT: Permission = permission(Resource::TimeEntry, Action::Export);
/// Who is on duty now.
const BOARD: Permission = permission(Resource::LiveBoard, Action::View);

const OFFICE: [Door; 2] = [Door::Portal(Portal::Office), Door::Api];
const STAFF: [Door; 3] = [Door::Portal(Portal::Office), Door::Portal(Portal::Field), Door::Api];

/// What the clock adds to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "clock",
        routes: routes::routes,
        open: None,
        nav: &[
            Nav {
                label: "Clock",
                path: "/time",
                icon: ui::icon::clock,
                doors: &[Door::Portal(Portal::Field)],
                any_of: &[CLOCK],
                place: 3,
            },
            Nav {
                label: "On duty",
                path: "/time/board",
                icon: ui::icon::board,
                doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Client)],
                any_of: &[BOARD],
                place: 15,
            },
            Nav {
                label: "Attendance",
                path: "/time",
                icon: ui::icon::clock,
                doors: &[Door::Portal(Portal::Office)],
                any_of: &[VIEW],
                place: 16,
            },
        ],
    }
}
