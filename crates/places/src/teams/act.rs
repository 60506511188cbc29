//! What can be done with teams. Each function: parse, find within the plan, permit, one batch with its journal line.

use access::{Facts, Resource};
use kernel::Result;
use kernel::id::TeamId;
use kernel::page::{Page, PageSize};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{TeamFilter, TeamForm, TeamOut};
use super::query::{self, TEAMS};
use super::{CREATE, DELETE, EDIT, VIEW};

pub(super) async fn list(ctx: &Ctx, filter: &TeamFilter) -> Result<Page<TeamOut>> {
    ctx.require(VIEW)?;
    Listing::new(&ctx.plan, VIEW, &TEAMS)?
        .is("archived", i64::from(filter.archived))?
        .search(&filter.q)
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

pub(super) async fn find(ctx: &Ctx, id: TeamId) -> Result<(TeamOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &TEAMS, id.uuid()).await
}

pub(super) async fn create(ctx: &Ctx, form: &TeamForm) -> Result<TeamOut> {
    let permit = ctx.plan.permit_new(CREATE, &Facts::of(ctx.who.organization.uuid()))?;
    let draft = form.parse()?;
    let id = TeamId::new();
    let mut batch = Batch::new();
    query::insert(&mut batch, &permit, id, &draft, ctx.now());
    ctx.journal(
        &mut batch,
        "create",
        Resource::Team,
        Some(id),
        draft.name.as_str(),
        &json!({ "after": form }),
    );
    ctx.commit_new(batch, &format!("/teams/{id}")).await?;
    Ok(find(ctx, id).await?.0)
}

pub(super) async fn edit(ctx: &Ctx, id: TeamId, form: &TeamForm) -> Result<TeamOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let draft = form.parse()?;
    let version = web::input::version(&form.version)?;
    let mut batch = Batch::new();
    query::update(&mut batch, &permit, id, version, &draft);
    ctx.journal(
        &mut batch,
        "edit",
        Resource::Team,
        Some(id),
        draft.name.as_str(),
        &json!({ "before": before, "after": form }),
    );
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}

/// Archives a team, or restores it.
pub(super) async fn set_archived(ctx: &Ctx, id: TeamId, archived: bool) -> Result<TeamOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.archived == archived {
        return Ok(before);
    }
    let mut batch = Batch::new();
    query::set_archived(&mut batch, &permit, id, before.version, archived.then(|| ctx.now()));
    let action = if archived { "archive" } else { "restore" };
    ctx.journal(&mut batch, action, Resource::Team, Some(id), &before.name, &json!({}));
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}
