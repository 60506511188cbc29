//! What can be done with checkpoints. Each function: find within the plan, permit, parse, one batch with its journal
//! line, read again.

use access::{Facts, Permission, Resource};
use kernel::id::{CheckpointId, SiteId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{CheckpointFilter, CheckpointForm, CheckpointOut, Draft};
use super::query::{self, CHECKPOINTS, New};
use super::{CREATE, DELETE, EDIT, VIEW};
use crate::choices;

/// The listing that a filter asks for, of what a permission reaches.
pub(super) fn listing<'a>(
    ctx: &'a Ctx,
    permission: Permission,
    filter: &CheckpointFilter,
) -> Result<Listing<'a>> {
    let mut listing = Listing::new(&ctx.plan, permission, &CHECKPOINTS)?
        .is("archived", i64::from(filter.archived))?
        .search(&filter.q);
    if !filter.site.is_empty() {
        let id: SiteId = filter.site.parse().map_err(|e| Error::BadRequest(format!("site: {e}")))?;
        listing = listing.is("site_id", id)?.order("place")?;
    }
    Ok(listing)
}

pub(super) async fn list(ctx: &Ctx, filter: &CheckpointFilter) -> Result<Page<CheckpointOut>> {
    ctx.require(VIEW)?;
    listing(ctx, VIEW, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

pub(crate) async fn find(ctx: &Ctx, id: CheckpointId) -> Result<(CheckpointOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &CHECKPOINTS, id.uuid()).await
}

/// Two checkpoints of one name at one site cannot be told apart by whoever walks. Only those that the asker sees are
/// in the way.
async fn free(ctx: &Ctx, site: SiteId, draft: &Draft, but: Option<CheckpointId>) -> Result<()> {
    let same: Page<CheckpointOut> = Listing::new(&ctx.plan, VIEW, &CHECKPOINTS)?
        .is("archived", 0)?
        .is("site_id", site)?
        .is("name", &draft.name)?
        .rows(PageSize::of(Some(2)))
        .page(ctx.store())
        .await?;
    if same.items.iter().any(|other| Some(other.id) != but) {
        return Err(Error::field("name", "another checkpoint of this site has this name already"));
    }
    Ok(())
}

/// How many characters a typed code has: a trillion of them.
const CODE: usize = 8;

pub(super) async fn create(ctx: &Ctx, form: &CheckpointForm) -> Result<CheckpointOut> {
    ctx.require(VIEW)?;
    if !ctx.may(CREATE) {
        return Err(Error::forbidden("none of your roles lets you create checkpoints"));
    }
    let draft = form.parse()?;
    let (site, place, facts) = choices::site(ctx, crate::query::SEE_SITES, &form.site).await?;
    let facts = Facts { site: Some(site.uuid()), ..facts };
    let permit = ctx.plan.permit_new(CREATE, &facts)?;
    free(ctx, site, &draft, None).await?;
    let id = CheckpointId::new();
    let label = format!("{}, {}", draft.name, place.name);
    for _ in 0..3 {
        let code = kernel::text::spoken_reference(CODE);
        let mut batch = Batch::new();
        let new = New { id, facts: &facts, draft: &draft, code: &code, now: ctx.now() };
        query::insert(&mut batch, &permit, &new);
        ctx.journal(&mut batch, "create", Resource::Checkpoint, Some(id), &label, &json!({ "after": form }));
        match ctx.commit_new(batch, &format!("/checkpoints/{id}")).await {
            Err(Error::Stale) => {}
            other => {
                other?;
                return Ok(find(ctx, id).await?.0);
            }
        }
    }
    Err(Error::Stale)
}

pub(super) async fn edit(ctx: &Ctx, id: CheckpointId, form: &CheckpointForm) -> Result<CheckpointOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let draft = form.parse()?;
    if !form.site.is_blank() && form.site.parse() != Ok(before.site_id) {
        return Err(Error::field("site", "a checkpoint stays at its site; add another one there"));
    }
    let version = web::input::version(&form.version)?;
    if draft.name.as_str() != before.name {
        free(ctx, before.site_id, &draft, Some(id)).await?;
    }
    let mut batch = Batch::new();
    query::update(&mut batch, &permit, id, version, &draft, ctx.now());
    let detail = json!({ "before": before, "after": form });
    ctx.journal(&mut batch, "edit", Resource::Checkpoint, Some(id), draft.name.as_str(), &detail);
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}

/// Archives a checkpoint, or restores it.
pub(super) async fn set_archived(ctx: &Ctx, id: CheckpointId, archived: bool) -> Result<CheckpointOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.archived == archived {
        return Ok(before);
    }
    let mut batch = Batch::new();
    query::set_archived(&mut batch, &permit, id, before.version, archived.then(|| ctx.now()), ctx.now());
    let action = if archived { "archive" } else { "restore" };
    ctx.journal(&mut batch, action, Resource::Checkpoint, Some(id), &before.name, &json!({}));
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}

/// Gives a checkpoint another code, when a sheet was lost or copied.
pub(super) async fn renew(ctx: &Ctx, id: CheckpointId) -> Result<CheckpointOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let mut batch = Batch::new();
    let code = kernel::text::spoken_reference(CODE);
    query::renew(&mut batch, &permit, id, before.version, &code, ctx.now());
    // The code itself stays out of the journal: more people read that than may have the sheet.
    ctx.journal(&mut batch, "renew_code", Resource::Checkpoint, Some(id), &before.name, &json!({}));
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}
