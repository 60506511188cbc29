//! What can be done with tours. Each function: find within the plan, permit, parse, one batch with its journal line,
//! read again.

use access::{Facts, Resource};
use kernel::id::{CheckpointId, SiteId, TourId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{StopOut, TourFilter, TourForm, TourOut, TourWhole};
use super::query::{self, TOURS};
use super::{CREATE, DELETE, EDIT, VIEW};
use crate::checkpoints::model::CheckpointOut;
use crate::checkpoints::query::CHECKPOINTS;
use crate::choices;

pub(super) async fn list(ctx: &Ctx, filter: &TourFilter) -> Result<Page<TourOut>> {
    ctx.require(VIEW)?;
    let mut listing =
        Listing::new(&ctx.plan, VIEW, &TOURS)?.is("archived", i64::from(filter.archived))?.search(&filter.q);
    if !filter.site.is_empty() {
        let id: SiteId = filter.site.parse().map_err(|e| Error::BadRequest(format!("site: {e}")))?;
        listing = listing.is("site_id", id)?;
    }
    listing.after(filter.cursor.as_deref()).rows(PageSize::of(filter.limit)).page(ctx.store()).await
}

pub(crate) async fn find(ctx: &Ctx, id: TourId) -> Result<(TourOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &TOURS, id.uuid()).await
}

/// The stops of a tour that was found, as far as the asker sees checkpoints.
pub(crate) async fn stops(ctx: &Ctx, tour: TourId, facts: &Facts) -> Result<Vec<StopOut>> {
    if !ctx.plan.check(crate::checkpoints::VIEW, facts) {
        return Ok(Vec::new());
    }
    query::stops(ctx.store(), ctx.who.organization, tour).await
}

pub(super) async fn whole(ctx: &Ctx, id: TourId) -> Result<(TourWhole, Facts)> {
    let (tour, facts) = find(ctx, id).await?;
    let stops = stops(ctx, id, &facts).await?;
    Ok((TourWhole { tour, stops }, facts))
}

/// The current checkpoints of a site that the asker sees, in their order.
pub(super) async fn checkpoints(ctx: &Ctx, site: SiteId) -> Result<Vec<CheckpointOut>> {
    if !ctx.may(crate::checkpoints::VIEW) {
        return Ok(Vec::new());
    }
    let page: Page<CheckpointOut> = Listing::new(&ctx.plan, crate::checkpoints::VIEW, &CHECKPOINTS)?
        .is("archived", 0)?
        .is("site_id", site)?
        .order("place")?
        .rows(PageSize::of(Some(PageSize::MOST)))
        .page(ctx.store())
        .await?;
    Ok(page.items)
}

/// The stops that were chosen, each a current checkpoint of the site that the asker sees; none is all of them.
async fn chosen(ctx: &Ctx, site: SiteId, wished: Vec<CheckpointId>) -> Result<Vec<CheckpointId>> {
    let offered = checkpoints(ctx, site).await?;
    if wished.is_empty() {
        if offered.is_empty() {
            return Err(Error::field("stops", "this site has no checkpoints yet; add some first"));
        }
        return Ok(offered.iter().map(|one| one.id).take(super::model::MOST_STOPS).collect());
    }
    if wished.iter().any(|id| !offered.iter().any(|one| one.id == *id)) {
        return Err(Error::field("stops", "choose current checkpoints of this site"));
    }
    Ok(wished)
}

pub(super) async fn create(ctx: &Ctx, form: &TourForm) -> Result<TourWhole> {
    ctx.require(VIEW)?;
    if !ctx.may(CREATE) {
        return Err(Error::forbidden("none of your roles lets you create tours"));
    }
    let (draft, wished) = form.parse()?;
    let (site, place, facts) = choices::site(ctx, crate::query::SEE_SITES, &form.site).await?;
    let facts = Facts { site: Some(site.uuid()), ..facts };
    let permit = ctx.plan.permit_new(CREATE, &facts)?;
    let stops = chosen(ctx, site, wished).await?;
    let id = TourId::new();
    let mut batch = Batch::new();
    query::insert(&mut batch, &permit, id, &facts, (&draft, &stops), ctx.now());
    let label = format!("{}, {}", draft.name, place.name);
    ctx.journal(&mut batch, "create", Resource::Tour, Some(id), &label, &json!({ "after": form }));
    ctx.commit_new(batch, &format!("/tours/{id}")).await?;
    Ok(whole(ctx, id).await?.0)
}

pub(super) async fn edit(ctx: &Ctx, id: TourId, form: &TourForm) -> Result<TourWhole> {
    let (before, facts) = whole(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let (draft, wished) = form.parse()?;
    if !form.site.is_blank() && form.site.parse() != Ok(before.tour.site_id) {
        return Err(Error::field("site", "a tour stays at its site; add another one there"));
    }
    let version = web::input::version(&form.version)?;
    let stops = chosen(ctx, before.tour.site_id, wished).await?;
    let mut batch = Batch::new();
    query::update(&mut batch, &permit, id, version, (&draft, &stops), ctx.now());
    let detail = json!({ "before": before, "after": form });
    ctx.journal(&mut batch, "edit", Resource::Tour, Some(id), draft.name.as_str(), &detail);
    ctx.commit(batch).await?;
    Ok(whole(ctx, id).await?.0)
}

/// Archives a tour, or restores it.
pub(super) async fn set_archived(ctx: &Ctx, id: TourId, archived: bool) -> Result<TourWhole> {
    let (before, facts) = whole(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.tour.archived == archived {
        return Ok(before);
    }
    let (version, now) = (before.tour.version, ctx.now());
    let mut batch = Batch::new();
    query::set_archived(&mut batch, &permit, id, version, archived.then_some(now), now);
    let action = if archived { "archive" } else { "restore" };
    ctx.journal(&mut batch, action, Resource::Tour, Some(id), &before.tour.name, &json!({}));
    ctx.commit(batch).await?;
    Ok(whole(ctx, id).await?.0)
}
