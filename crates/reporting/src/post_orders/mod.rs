//! Post orders: the standing instructions of a site, edition by edition.
//!
//! A changed order is a new edition; earlier ones stay to be read. Who works there says which edition they have read,
//! also from a phone without a signal; who writes them sees who has not. Nobody outside of the organization meets them.

mod act;
mod model;
mod page;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

const VIEW: Permission = permission(Resource::PostOrder, Action::View);
const CREATE: Permission = permission(Resource::PostOrder, Action::Create);
const EDIT: Permission = permission(Resource::PostOrder, Action::Edit);
const DELETE: Permission = permission(Resource::PostOrder, Action::Delete);
/// Says that one has read it.
const ACKNOWLEDGE: Permission = permission(Resource::PostOrder, Action::Acknowledge);

const STAFF: [Door; 3] = [Door::Portal(Portal::Office), Door::Portal(Portal::Field), Door::Api];
const OFFICE: [Door; 2] = [Door::Portal(Portal::Office), Door::Api];

/// What post orders add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "post orders",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Post orders",
            path: "/post-orders",
            icon: ui::icon::file,
            doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Field)],
            any_of: &[VIEW],
            place: 22,
        }],
    }
}
