//! A client's portal as the organization sets it up (ROLES.md: GuardHouse, MyProtektor): one page with every account
//! of the client, its sites and switches, what it is shown and what holds it back; all of it changed where it stands.
//! An account is saved here and invited in a step of its own.

mod act;
mod model;
mod page;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use web::Feature;

const CLIENT: Permission = permission(Resource::Client, Action::View);
const SET_CLIENT: Permission = permission(Resource::Client, Action::Edit);
const SITE: Permission = permission(Resource::Site, Action::View);
const SAVE: Permission = permission(Resource::Account, Action::Create);
const EDIT: Permission = permission(Resource::Account, Action::Edit);
const INVITE: Permission = permission(Resource::Account, Action::Invite);
const EXPLAIN: Permission = permission(Resource::Account, Action::Explain);
const SEE_ROLES: Permission = permission(Resource::Assignment, Action::View);
const ORGANIZATION: Permission = permission(Resource::Organization, Action::View);
const SETTINGS: Permission = permission(Resource::Organization, Action::Edit);

/// What the page adds to the program. It has no place in the navigation: it is reached from its client.
pub(crate) fn feature() -> Feature {
    Feature { name: "client portal", routes: routes::routes, open: None, nav: &[] }
}
