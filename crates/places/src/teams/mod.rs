//! Teams: groups of workers (department, shop or vendor). A worker has one team; work records carry the team that is
//! responsible (ROLES.md: Words). A team is archived and restored, never deleted.

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

pub(crate) const VIEW: Permission = permission(Resource::Team, Action::View);
const CREATE: Permission = permission(Resource::Team, Action::Create);
const EDIT: Permission = permission(Resource::Team, Action::Edit);
const DELETE: Permission = permission(Resource::Team, Action::Delete);

/// What teams add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "teams",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Teams",
            path: "/teams",
            icon: ui::icon::people,
            doors: &[Door::Portal(Portal::Office)],
            any_of: &[VIEW],
            place: 60,
        }],
    }
}
