//! Passdown notes: what an officer leaves for whoever comes next at a site.
//!
//! A note is never changed. Whoever comes next says that they have read it; both work on a phone without a signal.
//! Nobody outside of the organization meets them.

mod act;
mod model;
mod page;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

const VIEW: Permission = permission(Resource::Passdown, Action::View);
const CREATE: Permission = permission(Resource::Passdown, Action::Create);
/// Puts away what no longer holds, and sees who has read what.
const DELETE: Permission = permission(Resource::Passdown, Action::Delete);
/// Says that one has read it.
const ACKNOWLEDGE: Permission = permission(Resource::Passdown, Action::Acknowledge);

const STAFF: [Door; 3] = [Door::Portal(Portal::Office), Door::Portal(Portal::Field), Door::Api];
const OFFICE: [Door; 2] = [Door::Portal(Portal::Office), Door::Api];

/// What passdown notes add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "passdown notes",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Passdown",
            path: "/passdown",
            icon: ui::icon::report,
            doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Field)],
            any_of: &[VIEW],
            place: 21,
        }],
    }
}
