//! Contractors: outside companies that do work (ROLES.md: Words). A guest belongs to one client and is added by the
//! client's own people; a subcontractor belongs to the organization. Each has a team of its own: by it work is given to
//! the company, and its people are told apart from everybody else's. Archived and restored, never deleted.

mod act;
mod model;
mod page;
mod plants;
pub(crate) mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub use model::{ContractorDraft, ContractorKind};

const VIEW: Permission = permission(Resource::Contractor, Action::View);
const CREATE: Permission = permission(Resource::Contractor, Action::Create);
const EDIT: Permission = permission(Resource::Contractor, Action::Edit);
const DELETE: Permission = permission(Resource::Contractor, Action::Delete);

/// What contractors add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "contractors",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Contractors",
            path: "/contractors",
            icon: ui::icon::shield,
            doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Client)],
            any_of: &[VIEW],
            place: 65,
        }],
    }
}
