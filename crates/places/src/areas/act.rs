//! What can be done with areas. Each function: find within the plan, permit, parse, one batch with its journal line.

use access::{Facts, Resource};
use kernel::Result;
use kernel::id::AreaId;
use kernel::page::{Page, PageSize};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{AreaDraft, AreaFilter, AreaForm, AreaOut};
use super::query::{self, AREAS};
use super::{CREATE, DELETE, EDIT, VIEW};
use crate::kept::{self, Naming};

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

/// What is asked of a name: that no other area the asker sees has it.
fn naming<'a>(id: AreaId, draft: &'a AreaDraft, before: Option<&AreaOut>) -> Naming<'a> {
    Naming {
        table: &AREAS,
        view: VIEW,
        another: "area",
        id: (id.to_string(), id.uuid()),
        name: &draft.name,
        client: None,
        kept: before.is_some_and(|before| before.name == draft.name.as_str()),
    }
}

pub(super) async fn create(ctx: &Ctx, form: &AreaForm) -> Result<AreaOut> {
    let permit = ctx.plan.permit_new(CREATE, &Facts::of(ctx.who.organization.uuid()))?;
    let draft = form.parse()?;
    let id = AreaId::new();
    let detail = json!({ "after": form });
    kept::commit_named(ctx, &naming(id, &draft, None), Some(&format!("/areas/{id}")), |key| {
        let mut batch = Batch::new();
        query::insert(&mut batch, &permit, id, &draft, key, ctx.now());
        ctx.journal(&mut batch, "create", Resource::Area, Some(id), draft.name.as_str(), &detail);
        batch
    })
    .await?;
    Ok(find(ctx, id).await?.0)
}

pub(super) async fn edit(ctx: &Ctx, id: AreaId, form: &AreaForm) -> Result<AreaOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let draft = form.parse()?;
    let version = web::input::version(&form.version)?;
    let detail = json!({ "before": before, "after": form });
    kept::commit_named(ctx, &naming(id, &draft, Some(&before)), None, |key| {
        let mut batch = Batch::new();
        query::update(&mut batch, &permit, id, version, &draft, key);
        ctx.journal(&mut batch, "edit", Resource::Area, Some(id), draft.name.as_str(), &detail);
        batch
    })
    .await?;
    Ok(find(ctx, id).await?.0)
}

/// Archives an area, or restores it. Its sites keep it: an archived area is only no longer offered.
pub(super) async fn set_archived(ctx: &Ctx, id: AreaId, archived: bool) -> Result<AreaOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.archived == archived {
        return Ok(before);
    }
    let row = (id, before.version, before.name.as_str());
    kept::archive(ctx, Batch::new(), &permit, &AREAS, row, archived.then(|| ctx.now()), &json!({})).await?;
    Ok(find(ctx, id).await?.0)
}
