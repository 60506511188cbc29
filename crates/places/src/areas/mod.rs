//! Areas: territories that group sites (ROLES.md: Words). A site has at most one. An area is archived and restored,
//! never deleted.

mod act;
pub(crate) mod model;
mod page;
pub(crate) mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub(crate) const VIEW: Permission = permission(Resource::Area, Action::View);
const CREATE: Permission = permission(Resource::Area, Action::Create);
const EDIT: Permission = permission(Resource::Area, Action::Edit);
const DELETE: Permission = permission(Resource::Area, Action::Delete);

/// What areas add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "areas",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Areas",
            path: "/areas",
            icon: ui::icon::map,
            doors: &[Door::Portal(Portal::Office)],
            any_of: &[VIEW],
            place: 58,
        }],
    }
}
