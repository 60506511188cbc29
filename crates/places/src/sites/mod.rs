//! Sites: places of work of one client (ROLES.md: Words). A site is archived and restored, never deleted; records
//! keep its name, and the client it had when they were made.

mod act;
mod form;
pub(crate) mod model;
mod page;
pub(crate) mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Permission, Permit, Resource, permission};
use kernel::id::ClientId;
use kernel::page::{Page, PageSize};
use kernel::{Portal, Result, Timestamp};
use store::Batch;
use store::listing::Listing;
use uuid::Uuid;
use web::{Ctx, Door, Feature, Nav};

pub(crate) use act::{current_of, find};
pub(crate) use model::SiteOut;
pub(crate) use page::{rows, tabs};

pub(crate) const VIEW: Permission = permission(Resource::Site, Action::View);
const CREATE: Permission = permission(Resource::Site, Action::Create);
const EDIT: Permission = permission(Resource::Site, Action::Edit);
pub(crate) const DELETE: Permission = permission(Resource::Site, Action::Delete);
const EXPORT: Permission = permission(Resource::Site, Action::Export);

/// What sites add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "sites",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Sites",
            path: "/sites",
            icon: ui::icon::site,
            doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Field), Door::Portal(Portal::Client)],
            any_of: &[VIEW],
            place: 55,
        }],
    }
}

/// The first current sites whose `field` is this, for the page of what they hang on. Nobody who may see no site
/// sees one here.
pub(crate) async fn some(ctx: &Ctx, field: &str, id: Uuid) -> Result<Page<SiteOut>> {
    if !ctx.may(VIEW) {
        return Ok(Page { items: Vec::new(), next: None });
    }
    Listing::new(&ctx.plan, VIEW, &query::SITES)?
        .is("archived", 0)?
        .is(field, id)?
        .rows(PageSize::of(Some(20)))
        .page(ctx.store())
        .await
}

/// Puts the current sites of a client away with it, or brings back those that went away with it. Goes into the
/// batch before the client's own change.
pub(crate) fn follow_client(batch: &mut Batch, permit: &Permit, client: ClientId, at: Option<Timestamp>) {
    match at {
        Some(at) => query::archive_with_client(batch, permit, client, at),
        None => query::restore_with_client(batch, permit, client),
    }
}
