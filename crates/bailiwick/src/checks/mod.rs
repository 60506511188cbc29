//! Leak tests from the office: an administrator starts one with a click, follows it, reads what it found and takes the
//! signed report away. The work is [`crate::verify`]'s; it never touches the organization's own records.

mod act;
mod model;
mod page;
mod plants;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub(crate) use act::Ground;

/// Reading what was found: whoever reads the journal of the whole organization.
const VIEW: Permission = permission(Resource::Audit, Action::View);
/// Starting one and taking its report away.
const RUN: Permission = permission(Resource::Audit, Action::Export);

/// What leak tests add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "access_checks",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Leak tests",
            path: "/access-checks",
            icon: ui::icon::shield_check,
            doors: &[Door::Portal(Portal::Office)],
            any_of: &[VIEW],
            place: 96,
        }],
    }
}
