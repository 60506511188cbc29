//! The outbox: which messages left, which wait and why, and sending again what was given up. What a message says is
//! shown in a demo world only, because messages carry links that open accounts.

mod act;
mod model;
mod page;
mod plants;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

/// The delivery log belongs to the organization's settings, and so does sending again.
const READ: Permission = permission(Resource::Organization, Action::Edit);

/// What the outbox adds to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "outbox",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Outbox",
            path: "/outbox",
            icon: ui::icon::mail,
            doors: &[Door::Portal(Portal::Office)],
            any_of: &[READ],
            place: 94,
        }],
    }
}
