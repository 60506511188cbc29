//! A site's Clients tab: the accounts of the client side that see this site (ROLES.md: MyProtektor). It shows who
//! was assigned to the site and who sees it through their client, and it assigns and takes away.
//!
//! Assignments belong to `people`; this is the one other place that writes them, and it asks the same guard.

mod act;
mod model;
mod page;
mod query;
mod routes;
mod rule;
#[cfg(test)]
mod tests;

use access::{Action, Catalogue, Facts, Permission, Permit, Resource, permission};
use kernel::Error;
use kernel::id::SiteId;
use store::Batch;
use web::{Ctx, Feature};

use crate::members;

const VIEW: Permission = permission(Resource::Assignment, Action::View);
const CREATE: Permission = permission(Resource::Assignment, Action::Create);
const EDIT: Permission = permission(Resource::Assignment, Action::Edit);

/// What the tab adds to the program. It has no place in the navigation: it is reached from its site.
pub(crate) fn feature() -> Feature {
    Feature { name: "site clients", routes: routes::routes, open: None, nav: &[] }
}

/// Does this person see the tab of this site at all? Both people and their roles must be theirs to see.
pub(crate) fn shown_to(ctx: &Ctx, site: &Facts) -> bool {
    ctx.may(members::VIEW) && ctx.plan.check(VIEW, site)
}

const LAST_STATIC: &str = "an account of the client portal has this as its last static site; assign it another static site first, or \
     deactivate it";

/// A site that becomes a patrol or a job must not be the last static site of a portal account.
pub(crate) fn stays_static_for_all(batch: &mut Batch, permit: &Permit, site: SiteId, roles: &Catalogue) {
    let refused = Error::field("kind", LAST_STATIC);
    query::nobody_depends_on_it_being_static(batch, permit, site, &roles.portal_accounts(), refused);
}

/// Nor may a site be put away while it is the last static one of a portal account.
pub(crate) fn nobody_is_left_without(batch: &mut Batch, permit: &Permit, site: SiteId, roles: &Catalogue) {
    let refused = Error::conflict(format!("This site cannot be archived now: {LAST_STATIC}."));
    query::nobody_depends_on_it_being_static(batch, permit, site, &roles.portal_accounts(), refused);
}
