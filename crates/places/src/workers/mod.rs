//! Workers: people in the field (officer, guard, technician, employee), who may or may not have a login (ROLES.md:
//! Words). A worker is archived and restored, never deleted.

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

const VIEW: Permission = permission(Resource::Worker, Action::View);
const CREATE: Permission = permission(Resource::Worker, Action::Create);
const EDIT: Permission = permission(Resource::Worker, Action::Edit);
const DELETE: Permission = permission(Resource::Worker, Action::Delete);
const EXPORT: Permission = permission(Resource::Worker, Action::Export);
const NOTES: Permission = permission(Resource::Worker, Action::Notes);

/// What workers add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "workers",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Workers",
            path: "/workers",
            icon: ui::icon::person,
            doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Client)],
            any_of: &[VIEW],
            place: 62,
        }],
    }
}
