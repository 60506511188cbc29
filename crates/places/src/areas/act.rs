//! What can be done with areas. Each function: find within the plan, permit, parse, one batch with its journal line.

use access::{Facts, Resource};
use kernel::Result;
use kernel::id::AreaId;
use kernel::page::{Page, PageSize};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{AreaFilter, AreaForm, AreaOut};
use super::query::{self, AREAS};
use super::{CREATE, DELETE, EDIT, VIEW};

pub(super) async fn list(ctx: &Ctx, filter: &AreaFilter) -> Result<Page<AreaOut>> {
    ctx.require(VIEW)?;
    Listing::new(&ctx.plan, VIEW, &AREAS)?
        .is("archived", i64::from(filter.archived))?
        .search(&filter.q)
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

pub(super) async fn find(ctx: &Ctx, id: AreaId) -> Result<(AreaOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &AREAS, id.uuid()).await
}

pub(super) async fn create(ctx: &Ctx, form: &AreaForm) -> Result<AreaOut> {
    let permit = ctx.plan.permit_new(CREATE, &Facts::of(ctx.who.organization.uuid()))?;
    let draft = form.parse()?;
    let id = AreaId::new();
    let mut batch = Batch::new();
    query::insert(&mut batch, &permit, id, &draft, ctx.now());
    let detail = json!({ "after": form });
    ctx.journal(&mut batch, "create", Resource::Area, Some(id), draft.name.as_str(), &detail);
    ctx.commit_new(batch, &format!("/areas/{id}")).await?;
    Ok(find(ctx, id).await?.0)
}

pub(super) async fn edit(ctx: &Ctx, id: AreaId, form: &AreaForm) -> Result<AreaOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let draft = form.parse()?;
    let version = web::input::version(&form.version)?;
    let mut batch = Batch::new();
    query::update(&mut batch, &permit, id, version, &draft);
    let detail = json!({ "before": before, "after": form });
    ctx.journal(&mut batch, "edit", Resource::Area, Some(id), draft.name.as_str(), &detail);
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}

/// Archives an area, or restores it. Its sites keep it: an archived area is only no longer offered.
pub(super) async fn set_archived(ctx: &Ctx, id: AreaId, archived: bool) -> Result<AreaOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.archived == archived {
        return Ok(before);
    }
    let mut batch = Batch::new();
    query::set_archived(&mut batch, &permit, id, before.version, archived.then(|| ctx.now()));
    let action = if archived { "archive" } else { "restore" };
    ctx.journal(&mut batch, action, Resource::Area, Some(id), &before.name, &json!({}));
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}
