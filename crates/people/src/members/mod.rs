//! Members: the people of an organization, on whichever side they stand. Who they are, which roles they hold where,
//! and since when; giving and taking roles; putting somebody out of action and back. A membership is deactivated and
//! reactivated, never deleted: records keep pointing to it (law 8).

mod act;
pub(crate) mod forms;
mod model;
pub(crate) mod page;
pub(crate) mod query;
mod roles;
mod routes;
mod sight;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub(crate) const VIEW: Permission = permission(Resource::Account, Action::View);
const EDIT: Permission = permission(Resource::Account, Action::Edit);
const DELETE: Permission = permission(Resource::Account, Action::Delete);
const RESET_PASSWORD: Permission = permission(Resource::Account, Action::ResetPassword);
const EXPLAIN: Permission = permission(Resource::Account, Action::Explain);
const SEE_ROLES: Permission = permission(Resource::Assignment, Action::View);

pub(crate) use act::{ACTIVE_KIND, authority, find, hierarchy, plan_of, visible};
pub(crate) use act::{fill_roles, show};
pub(crate) use forms::target_fields;
pub use model::Entry;
pub(crate) use model::{GiveForm, MemberOut, Term, instant};
pub(crate) use page::{invite_action, people_tabs, standing, zone};
pub(crate) use roles::{chosen, demo, give, offers, place, role, take, taking, vouching};

/// What members add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "members",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "People",
            path: "/members",
            icon: ui::icon::person,
            doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Client)],
            any_of: &[VIEW],
            place: 70,
        }],
    }
}
