//! Shifts: planned work at a site (ROLES.md: Officer Apps, GuardHouse).
//!
//! A draft is nobody's: its worker is written down, but the shift is theirs only once it is published. Then they
//! confirm or refuse it. A published shift without a worker is open: those who work at its site see it and ask for it.
//! The client side meets a shift only when it was shared. `docs/roles.md` lists what each role sees and does here.

mod act;
mod bans;
mod export;
mod mail;
mod model;
mod page;
mod plan;
mod plants;
mod policy;
pub(crate) mod query;
mod remind;
mod routes;
mod rules;
mod templates;
mod verbs;
mod view;

/// What the other features of this area need of shifts.
pub(crate) mod setup {
    pub(crate) use super::act::midnight;
    pub(crate) use super::model::{Draft, State, instant, pause};
    pub(crate) use super::page::refused;
    pub(crate) use super::view::{SHIFTS, ShiftOut};
}

#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub use remind::remind;

pub(crate) const VIEW: Permission = permission(Resource::Shift, Action::View);
const CREATE: Permission = permission(Resource::Shift, Action::Create);
const EDIT: Permission = permission(Resource::Shift, Action::Edit);
const DELETE: Permission = permission(Resource::Shift, Action::Delete);
/// Makes a draft known to those it is for, takes it back, shares it with the client side.
const PUBLISH: Permission = permission(Resource::Shift, Action::Publish);
/// Decides who gets an open shift, and who is not to work at a site.
const APPROVE: Permission = permission(Resource::Shift, Action::Approve);
/// Asks for an open shift; confirms or refuses one's own.
const CLAIM: Permission = permission(Resource::Shift, Action::Claim);
const ASSIGN: Permission = permission(Resource::Shift, Action::Assign);
const EXPORT: Permission = permission(Resource::Shift, Action::Export);
/// The rules of the schedule belong to the organization's settings.
const SETTINGS: Permission = permission(Resource::Organization, Action::Edit);

const OFFICE: [Door; 2] = [Door::Portal(Portal::Office), Door::Api];
const STAFF: [Door; 3] = [Door::Portal(Portal::Office), Door::Portal(Portal::Field), Door::Api];

/// What shifts add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "shifts",
        routes: routes::routes,
        open: None,
        nav: &[
            Nav {
                label: "Schedule",
                path: "/shifts/week",
                icon: ui::icon::calendar,
                doors: &[Door::Portal(Portal::Office)],
                any_of: &[VIEW],
                place: 14,
            },
            Nav {
                label: "My shifts",
                path: "/shifts",
                icon: ui::icon::calendar,
                doors: &[Door::Portal(Portal::Field)],
                any_of: &[VIEW],
                place: 6,
            },
            Nav {
                label: "Shifts",
                path: "/shifts",
                icon: ui::icon::calendar,
                doors: &[Door::Portal(Portal::Client)],
                any_of: &[VIEW],
                place: 20,
            },
        ],
    }
}
