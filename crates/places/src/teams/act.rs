//! What can be done with teams. Each function: parse, find within the plan, permit, one batch with its journal line.

use access::{Facts, Resource};
use kernel::Result;
use kernel::id::TeamId;
use kernel::page::{Page, PageSize};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{TeamDraft, TeamFilter, TeamForm, TeamOut};
use super::query::{self, TEAMS};
use super::{CREATE, DELETE, EDIT, VIEW};
use crate::kept::{self, Naming};

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

/// What is asked of a name: that no other team the asker sees has it.
fn naming<'a>(id: TeamId, draft: &'a TeamDraft, before: Option<&TeamOut>) -> Naming<'a> {
    Naming {
        table: &TEAMS,
        view: VIEW,
        another: "team",
        id: (id.to_string(), id.uuid()),
        name: &draft.name,
        client: None,
        kept: before.is_some_and(|before| before.name == draft.name.as_str()),
    }
}

pub(super) async fn create(ctx: &Ctx, form: &TeamForm) -> Result<TeamOut> {
    let permit = ctx.plan.permit_new(CREATE, &Facts::of(ctx.who.organization.uuid()))?;
    let draft = form.parse()?;
    let id = TeamId::new();
    let detail = json!({ "after": form });
    kept::commit_named(ctx, &naming(id, &draft, None), Some(&format!("/teams/{id}")), |key| {
        let mut batch = Batch::new();
        query::insert(&mut batch, &permit, id, &draft, key, ctx.now());
        ctx.journal(&mut batch, "create", Resource::Team, Some(id), draft.name.as_str(), &detail);
        batch
    })
    .await?;
    Ok(find(ctx, id).await?.0)
}

pub(super) async fn edit(ctx: &Ctx, id: TeamId, form: &TeamForm) -> Result<TeamOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let draft = form.parse()?;
    let version = web::input::version(&form.version)?;
    let detail = json!({ "before": before, "after": form });
    kept::commit_named(ctx, &naming(id, &draft, Some(&before)), None, |key| {
        let mut batch = Batch::new();
        query::update(&mut batch, &permit, id, version, &draft, key);
        ctx.journal(&mut batch, "edit", Resource::Team, Some(id), draft.name.as_str(), &detail);
        batch
    })
    .await?;
    Ok(find(ctx, id).await?.0)
}

/// Archives a team, or restores it.
pub(super) async fn set_archived(ctx: &Ctx, id: TeamId, archived: bool) -> Result<TeamOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.archived == archived {
        return Ok(before);
    }
    let row = (id, before.version, before.name.as_str());
    kept::archive(ctx, Batch::new(), &permit, &TEAMS, row, archived.then(|| ctx.now()), &json!({})).await?;
    Ok(find(ctx, id).await?.0)
}
