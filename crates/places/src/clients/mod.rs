//! Clients: companies that buy service (ROLES.md: Words). A client is archived and restored, never deleted; its
//! current sites are put away and brought back with it.

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

pub(crate) use act::find;

pub(crate) const VIEW: Permission = permission(Resource::Client, Action::View);
const CREATE: Permission = permission(Resource::Client, Action::Create);
const EDIT: Permission = permission(Resource::Client, Action::Edit);
const DELETE: Permission = permission(Resource::Client, Action::Delete);
const EXPORT: Permission = permission(Resource::Client, Action::Export);

/// What clients add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "clients",
        routes: routes::routes,
        open: None,
        nav: &[
            Nav {
                label: "Clients",
                path: "/clients",
                icon: ui::icon::client,
                doors: &[Door::Portal(Portal::Office)],
                any_of: &[VIEW],
                place: 50,
            },
            Nav {
                label: "Company",
                path: "/clients",
                icon: ui::icon::client,
                doors: &[Door::Portal(Portal::Client)],
                any_of: &[VIEW],
                place: 60,
            },
        ],
    }
}
