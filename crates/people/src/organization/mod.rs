//! The organization's own settings: what it is called, what it lets its client side see, which features are on.

mod act;
pub(crate) mod features;
mod features_page;
mod logo;
mod model;
mod page;
pub(crate) mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

const VIEW: Permission = permission(Resource::Organization, Action::View);
const EDIT: Permission = permission(Resource::Organization, Action::Edit);
const SEE_FEATURES: Permission = permission(Resource::Feature, Action::View);
const SET_FEATURES: Permission = permission(Resource::Feature, Action::Edit);

/// What the settings add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "organization",
        routes: routes::routes,
        open: Some(routes::open),
        nav: &[
            Nav {
                label: "Settings",
                path: "/organization",
                icon: ui::icon::settings,
                doors: &[Door::Portal(Portal::Office)],
                any_of: &[EDIT],
                place: 90,
            },
            Nav {
                label: "Provider",
                path: "/organization",
                icon: ui::icon::info,
                doors: &[Door::Portal(Portal::Client)],
                any_of: &[VIEW],
                place: 90,
            },
        ],
    }
}
