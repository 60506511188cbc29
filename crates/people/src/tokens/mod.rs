//! API tokens: keys for machines. A token acts as the membership that made it and never holds more: its scopes are
//! cut out of that membership's plan, and what the membership loses the token loses with it.

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

const VIEW: Permission = permission(Resource::ApiToken, Action::View);
const CREATE: Permission = permission(Resource::ApiToken, Action::Create);
const DELETE: Permission = permission(Resource::ApiToken, Action::Delete);

/// What tokens add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "tokens",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "API tokens",
            path: "/tokens",
            icon: ui::icon::key,
            doors: &[Door::Portal(Portal::Office)],
            any_of: &[VIEW],
            place: 92,
        }],
    }
}
