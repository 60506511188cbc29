//! What can be done with contractors. Each function: find within the plan, permit, parse, one batch with its journal
//! line.

use access::{Facts, Resource};
use kernel::id::{ClientId, ContractorId, TeamId};
use kernel::page::{Page, PageSize};
use kernel::{Audience, Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{ContractorDraft, ContractorFilter, ContractorForm, ContractorKind, ContractorOut};
use super::query::{self, CONTRACTORS};
use super::{CREATE, DELETE, EDIT, VIEW};
use crate::pickers;

pub(super) async fn list(ctx: &Ctx, filter: &ContractorFilter) -> Result<Page<ContractorOut>> {
    ctx.require(VIEW)?;
    Listing::new(&ctx.plan, VIEW, &CONTRACTORS)?
        .is("archived", i64::from(filter.archived))?
        .search(&filter.q)
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

/// One contractor within the plan.
pub(super) async fn find(ctx: &Ctx, id: ContractorId) -> Result<(ContractorOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &CONTRACTORS, id.uuid()).await
}

/// Whose it is to be: of the client that was named or is the only one, or of the organization.
async fn whose(ctx: &Ctx, form: &ContractorForm) -> Result<(ContractorKind, Option<ClientId>)> {
    if form.subcontractor.is_on() {
        if ctx.who.audience != Audience::Staff {
            return Err(Error::field(
                "subcontractor",
                "only staff take on contractors for the organization itself",
            ));
        }
        return Ok((ContractorKind::Subcontractor, None));
    }
    let choose = || Error::field("client", "choose the client it is a guest of");
    let client: Option<ClientId> = form.client.parse_optional().map_err(|_no_id| choose())?;
    let client = match client {
        Some(client) => client,
        None => match pickers::clients(ctx).await?.as_slice() {
            [(only, _)] if ctx.who.audience != Audience::Staff => only.parse().map_err(Error::internal)?,
            _ => return Err(choose()),
        },
    };
    pickers::client(ctx, client).await?;
    Ok((ContractorKind::Guest, Some(client)))
}

pub(super) async fn create(ctx: &Ctx, form: &ContractorForm) -> Result<ContractorOut> {
    if !ctx.may(CREATE) {
        // Refused with its reason before anything typed is judged.
        ctx.plan.permit_new(CREATE, &Facts::of(ctx.who.organization.uuid()))?;
    }
    let draft = form.parse()?;
    let (kind, client) = whose(ctx, form).await?;
    let facts = Facts { client: client.map(kernel::Id::uuid), ..Facts::of(ctx.who.organization.uuid()) };
    let permit = ctx.plan.permit_new(CREATE, &facts)?;
    let (id, team) = (ContractorId::new(), TeamId::new());
    let team_name = team_name(ctx, &draft).await?;
    let mut batch = Batch::new();
    query::insert(
        &mut batch,
        &permit,
        &query::New { id, team, team_name: &team_name, kind, client, draft: &draft, now: ctx.now() },
    );
    let detail = json!({ "after": form });
    ctx.journal(&mut batch, "create", Resource::Contractor, Some(id), draft.name.as_str(), &detail);
    ctx.commit_new(batch, &format!("/contractors/{id}")).await?;
    Ok(find(ctx, id).await?.0)
}

/// The company's name, with a number behind it where a team is called so already: names of teams are the
/// organization's, and whoever adds a guest must not learn of them.
async fn team_name(ctx: &Ctx, draft: &ContractorDraft) -> Result<String> {
    let name = draft.name.as_str();
    let mut wanted = name.to_owned();
    for number in 2..1000 {
        if !query::team_is_named(ctx.store(), ctx.who.organization, &wanted).await? {
            break;
        }
        wanted = format!("{name} ({number})");
    }
    Ok(wanted)
}

pub(super) async fn edit(ctx: &Ctx, id: ContractorId, form: &ContractorForm) -> Result<ContractorOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let draft = form.parse()?;
    let version = web::input::version(&form.version)?;
    let mut batch = Batch::new();
    query::update(&mut batch, &permit, id, version, &draft);
    let detail = json!({ "before": before, "after": form });
    ctx.journal(&mut batch, "edit", Resource::Contractor, Some(id), draft.name.as_str(), &detail);
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}

/// Archives a contractor with its team, or restores both. Its people keep their accounts.
pub(super) async fn set_archived(ctx: &Ctx, id: ContractorId, archived: bool) -> Result<ContractorOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.archived == archived {
        return Ok(before);
    }
    let mut batch = Batch::new();
    query::set_archived(&mut batch, &permit, id, before.version, archived.then(|| ctx.now()));
    let action = if archived { "archive" } else { "restore" };
    ctx.journal(&mut batch, action, Resource::Contractor, Some(id), &before.name, &json!({}));
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}
