//! Incidents: something that happened at a site (ROLES.md: MyProtektor, Officer Apps, GuardHouse).
//!
//! Release is one column, `visibility`: filed incidents are submitted, or held where the site asks for approval;
//! publishing releases, taking back holds. The access core does the rest. `docs/roles.md` lists what each role
//! sees and does here.

mod act;
mod export;
mod found;
mod history;
mod hooks;
mod listing;
mod mail;
mod model;
mod page;
mod publication;
pub(crate) mod query;
mod routes;
mod sites;
mod types;
mod verbs;
pub(crate) mod view;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub(crate) use act::find;
pub(crate) use hooks::{changeable, label, note_files};
use kernel::local as times;
pub use kernel::local::{Mistyped, Pass};
pub(crate) use kernel::local::{read as read_time, zone as read_zone};
pub(crate) use listing::listing;
pub(crate) use model::IncidentFilter;
pub(crate) use view::{IncidentOut, IncidentRow};

pub(crate) const VIEW: Permission = permission(Resource::Incident, Action::View);
const CREATE: Permission = permission(Resource::Incident, Action::Create);
const EDIT: Permission = permission(Resource::Incident, Action::Edit);
const DELETE: Permission = permission(Resource::Incident, Action::Delete);
const APPROVE: Permission = permission(Resource::Incident, Action::Approve);
const PUBLISH: Permission = permission(Resource::Incident, Action::Publish);
const ASSIGN: Permission = permission(Resource::Incident, Action::Assign);
/// Moves the work along, to its end and back: status, escalation, closing, opening again.
const CLOSE: Permission = permission(Resource::Incident, Action::Close);
const EXPORT: Permission = permission(Resource::Incident, Action::Export);
const NOTES: Permission = permission(Resource::Incident, Action::Notes);
/// Asks who can see one, and why.
const EXPLAIN: Permission = permission(Resource::Incident, Action::Explain);
/// The list of types belongs to the organization's settings.
const SETTINGS: Permission = permission(Resource::Organization, Action::Edit);

const STAFF: [Door; 3] = [Door::Portal(Portal::Office), Door::Portal(Portal::Field), Door::Api];

/// What incidents add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "incidents",
        routes: routes::routes,
        open: None,
        nav: &[
            Nav {
                label: "Report",
                path: "/incidents/new",
                icon: ui::icon::plus,
                doors: &[Door::Portal(Portal::Field)],
                any_of: &[CREATE],
                place: 5,
            },
            Nav {
                label: "Incidents",
                path: "/incidents",
                icon: ui::icon::incident,
                doors: &Door::ALL,
                any_of: &[VIEW],
                place: 10,
            },
        ],
    }
}
