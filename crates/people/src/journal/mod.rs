//! The audit journal as people read it: who did what to which record, acting as which role, from where; what it was
//! before and after. A line shows to those whose right to read the journal reaches the record it speaks of and who
//! may see that record now. A line about anything else is not there: it is not counted, searched or exported.

mod act;
mod export;
pub mod job;
mod keeping;
mod model;
mod page;
mod query;
mod routes;
mod tell;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

const VIEW: Permission = web::journal::AUDIT;
const EXPORT: Permission = permission(Resource::Audit, Action::Export);
/// How long the journal is kept is a setting of the organization.
const SETTINGS: Permission = permission(Resource::Organization, Action::Edit);

/// What the journal adds to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "journal",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Journal",
            path: "/journal",
            icon: ui::icon::history,
            doors: &[Door::Portal(Portal::Office)],
            any_of: &[VIEW],
            place: 85,
        }],
    }
}
