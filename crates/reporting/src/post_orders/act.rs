//! What can be done with post orders. Each function: find within the plan, permit, parse, one batch with its journal
//! line.

use access::{Facts, Resource};
use kernel::id::{PostOrderId, SiteId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{ORDERS, OrderFilter, OrderForm, OrderOut, OrderWhole, ReadForm};
use super::{ACKNOWLEDGE, CREATE, DELETE, EDIT, VIEW, query};
use crate::{readings, sites};

pub(super) async fn list(ctx: &Ctx, filter: &OrderFilter) -> Result<Page<OrderOut>> {
    ctx.require(VIEW)?;
    let mut listing =
        Listing::new(&ctx.plan, VIEW, &ORDERS)?.is("archived", i64::from(filter.archived))?.search(&filter.q);
    if !filter.site.is_empty() {
        let id: SiteId = filter.site.parse().map_err(|e| Error::BadRequest(format!("site: {e}")))?;
        listing = listing.is("site_id", id)?;
    }
    let mut page: Page<OrderOut> =
        listing.after(filter.cursor.as_deref()).rows(PageSize::of(filter.limit)).page(ctx.store()).await?;
    mark(ctx, &mut page.items).await?;
    Ok(page)
}

/// Puts the asker's own marks on orders.
async fn mark(ctx: &Ctx, orders: &mut [OrderOut]) -> Result<()> {
    let ids: Vec<_> = orders.iter().map(|o| o.id.uuid()).collect();
    let mine = readings::mine(ctx, &ids).await?;
    for order in orders {
        let found = mine.get(&order.id.uuid());
        (order.read_edition, order.read_at) = (found.map(|f| f.0), found.map(|f| f.1));
    }
    Ok(())
}

pub(super) async fn find(ctx: &Ctx, id: PostOrderId) -> Result<(OrderOut, Facts)> {
    let (mut order, facts): (OrderOut, Facts) =
        listing::find(ctx.store(), &ctx.plan, VIEW, &ORDERS, id.uuid()).await?;
    mark(ctx, std::slice::from_mut(&mut order)).await?;
    Ok((order, facts))
}

/// An order with its earlier editions and, for those who may change it, with who has read it and who has not.
pub(super) async fn whole(ctx: &Ctx, id: PostOrderId) -> Result<(OrderWhole, Facts)> {
    let (order, facts) = find(ctx, id).await?;
    let editions = query::editions(ctx.store(), ctx.who.organization, id, order.edition).await?;
    let (mut read, mut missing) = (Vec::new(), Vec::new());
    if ctx.plan.check(EDIT, &facts) {
        read = readings::of(ctx, id.uuid()).await?;
        if !order.archived {
            missing = readings::missing(ctx, (ACKNOWLEDGE, EDIT), &facts, order.edition, &read).await?;
        }
    }
    Ok((OrderWhole { order, editions, readings: read, missing }, facts))
}

pub(super) async fn create(ctx: &Ctx, form: &OrderForm) -> Result<OrderWhole> {
    ctx.require(CREATE)?;
    let place = sites::chosen(ctx, CREATE, &form.site).await?;
    let permit = ctx.plan.permit_new(CREATE, &place.facts)?;
    let draft = form.parse()?;
    let id = PostOrderId::new();
    let mut batch = Batch::new();
    query::insert(&mut batch, &permit, id, &place, &draft, &ctx.who.name, ctx.now());
    let label = format!("{}, {}", draft.title, place.name);
    ctx.journal(&mut batch, "create", Resource::PostOrder, Some(id), &label, &json!({ "after": form }));
    ctx.commit_new(batch, &format!("/post-orders/{id}")).await?;
    Ok(whole(ctx, id).await?.0)
}

/// Writes a new edition; whoever had read the one before has not read this one.
pub(super) async fn edit(ctx: &Ctx, id: PostOrderId, form: &OrderForm) -> Result<OrderWhole> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    if before.archived {
        return Err(Error::conflict("this order is archived; restore it first"));
    }
    let draft = form.parse()?;
    let version = web::input::version(&form.version)?;
    if draft.title == before.title && draft.body == before.body {
        // The same words again are no new edition: nobody has to read them anew.
        return Ok(whole(ctx, id).await?.0);
    }
    let mut batch = Batch::new();
    let row = (id, version, before.edition + 1, before.site.as_str());
    query::update(&mut batch, &permit, row, &draft, &ctx.who.name, ctx.now());
    let detail = json!({ "before": before, "after": form });
    ctx.journal(&mut batch, "edit", Resource::PostOrder, Some(id), &before.label(), &detail);
    ctx.commit(batch).await?;
    Ok(whole(ctx, id).await?.0)
}

/// Archives an order, or restores it.
pub(super) async fn set_archived(ctx: &Ctx, id: PostOrderId, archived: bool) -> Result<OrderWhole> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.archived != archived {
        let mut batch = Batch::new();
        query::set_archived(&mut batch, &permit, id, before.version, archived);
        let verb = if archived { "archive" } else { "restore" };
        ctx.journal(&mut batch, verb, Resource::PostOrder, Some(id), &before.label(), &json!({}));
        ctx.commit(batch).await?;
    }
    Ok(whole(ctx, id).await?.0)
}

/// "I have read it": the edition that was before the reader's eyes, which need not be the one in force any more.
pub(super) async fn acknowledge(ctx: &Ctx, id: PostOrderId, form: &ReadForm) -> Result<OrderOut> {
    let (order, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(ACKNOWLEDGE, &facts)?;
    let wrong =
        || Error::field("edition", format!("write the edition that you read, 1 to {}", order.edition));
    let edition: i64 = form.edition.as_str().trim().parse().map_err(|_not_a_number| wrong())?;
    if !(1..=order.edition).contains(&edition) {
        return Err(wrong());
    }
    let at = readings::said_at(&form.at, ctx.now()).map_err(|e| Error::field("at", e))?;
    let mut batch = Batch::new();
    readings::put(ctx, &mut batch, &permit, id.uuid(), edition, at);
    let detail = json!({ "edition": edition, "at": at });
    ctx.journal(&mut batch, "acknowledge", Resource::PostOrder, Some(id), &order.label(), &detail);
    ctx.commit_new(batch, &format!("/post-orders/{id}")).await?;
    Ok(find(ctx, id).await?.0)
}
