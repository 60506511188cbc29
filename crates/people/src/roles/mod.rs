//! Roles: the catalogue of named sets of grants. Built-in roles are read, compared and duplicated; the organization's
//! own are written from scratch or as a copy, changed, archived, restored, exported and imported. Nobody writes into
//! a role what they do not hold, and a change is asked about for everybody who holds the role.

mod act;
mod form;
mod matrix;
mod model;
mod page;
mod parse;
mod plants;
mod query;
mod routes;
pub(crate) mod say;
#[cfg(test)]
mod tests;
mod write;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub(crate) const VIEW: Permission = permission(Resource::Role, Action::View);
const CREATE: Permission = permission(Resource::Role, Action::Create);
const EDIT: Permission = permission(Resource::Role, Action::Edit);
const DELETE: Permission = permission(Resource::Role, Action::Delete);
const EXPORT: Permission = permission(Resource::Role, Action::Export);
const IMPORT: Permission = permission(Resource::Role, Action::Import);

pub(crate) use page::role_tabs;
pub(crate) use parse::imported as usable;
pub(crate) use query::put;

/// What roles add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "roles",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Roles",
            path: "/roles",
            icon: ui::icon::role,
            doors: &[Door::Portal(Portal::Office)],
            any_of: &[VIEW],
            place: 72,
        }],
    }
}
