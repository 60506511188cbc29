//! Tours: checkpoints of a site, ordered or free, and when they are walked (ROLES.md: Permission list).

mod act;
mod due;
pub(crate) mod model;
mod page;
pub(crate) mod query;
mod routes;

#[cfg(test)]
mod tests;

pub(crate) use act::{find, stops};
pub(crate) use due::{due, page as due_page};

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub(crate) const VIEW: Permission = permission(Resource::Tour, Action::View);
const CREATE: Permission = permission(Resource::Tour, Action::Create);
const EDIT: Permission = permission(Resource::Tour, Action::Edit);
const DELETE: Permission = permission(Resource::Tour, Action::Delete);
/// Walks a tour and scans its checkpoints.
pub(crate) const SCAN: Permission = permission(Resource::Tour, Action::Scan);

const OFFICE: [Door; 2] = [Door::Portal(Portal::Office), Door::Api];

/// What tours add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "tours",
        routes: routes::routes,
        open: None,
        nav: &[
            Nav {
                label: "Tours",
                path: "/tours",
                icon: ui::icon::map,
                doors: &[Door::Portal(Portal::Office)],
                any_of: &[VIEW],
                place: 18,
            },
            Nav {
                label: "Tours",
                path: "/tours/due",
                icon: ui::icon::map,
                doors: &[Door::Portal(Portal::Field)],
                any_of: &[SCAN],
                place: 4,
            },
        ],
    }
}
