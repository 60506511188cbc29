//! Alarms (ROLES.md: Officer Apps "SOS", MyProtektor "panic button").
//!
//! Whoever is in need presses and holds. The alarm reaches everybody who may view it and subscribes, at once, and again
//! until somebody acknowledges it; the caller sees who that is. It ends when it is closed with a note of what happened.
//! The caller's emergency card is opened to those who answer, while the alarm lasts, and each opening is written down.

mod act;
mod card;
mod export;
mod mail;
mod model;
mod page;
mod plants;
pub(crate) mod query;
mod raise;
mod remind;
mod routes;
mod view;

#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub use remind::call_again;

/// What the demo world needs of alarms.
pub(crate) mod setup {
    pub(crate) use super::model::{Moment, State};
}

pub(crate) const VIEW: Permission = permission(Resource::Sos, Action::View);
const TRIGGER: Permission = permission(Resource::Sos, Action::Trigger);
const ACKNOWLEDGE: Permission = permission(Resource::Sos, Action::Acknowledge);
const CLOSE: Permission = permission(Resource::Sos, Action::Close);
const EXPORT: Permission = permission(Resource::Sos, Action::Export);

const OFFICE: [Door; 2] = [Door::Portal(Portal::Office), Door::Api];

/// What alarms add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "alarms",
        routes: routes::routes,
        open: None,
        nav: &[
            Nav {
                label: "Alarms",
                path: "/sos",
                icon: ui::icon::siren,
                doors: &[Door::Portal(Portal::Office)],
                any_of: &[VIEW],
                place: 4,
            },
            Nav {
                label: "Alarm",
                path: "/sos",
                icon: ui::icon::siren,
                doors: &[Door::Portal(Portal::Field), Door::Portal(Portal::Client)],
                any_of: &[TRIGGER],
                place: 4,
            },
        ],
    }
}
