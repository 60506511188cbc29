//! What can be done with workers. Each function: find within the plan, permit, parse, one batch with its journal
//! line.

use access::{Dimension, Facts, FieldClass, Permission, Resource};
use kernel::id::{ClientId, MembershipId, TeamId, WorkerId};
use kernel::page::{Page, PageSize};
use kernel::{Audience, Error, Result};
use serde::Serialize;
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;
use web::input::wanted;

use super::model::{WorkerDraft, WorkerFilter, WorkerForm, WorkerOut};
use super::query::{self, Kept, WORKERS};
use super::{CREATE, DELETE, EDIT, EXPORT, NOTES, VIEW};
use crate::members::{self, MEMBERS, Member};
use crate::{kept, pickers};

fn listing<'a>(ctx: &'a Ctx, filter: &WorkerFilter) -> Result<Listing<'a>> {
    let mut workers = Listing::new(&ctx.plan, VIEW, &WORKERS)?.is("archived", i64::from(filter.archived))?;
    if let Some(team) = wanted::<TeamId>(&filter.team)? {
        workers = workers.is("team", team)?;
    }
    if let Some(client) = wanted::<ClientId>(&filter.client)? {
        workers = workers.is("client", client)?;
    }
    Ok(workers.search(&filter.q))
}

pub(super) async fn list(ctx: &Ctx, filter: &WorkerFilter) -> Result<Page<WorkerOut>> {
    ctx.require(VIEW)?;
    listing(ctx, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

pub(super) async fn find(ctx: &Ctx, id: WorkerId) -> Result<(WorkerOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &WORKERS, id.uuid()).await
}

/// The member behind a worker, for those who may see that account.
pub(super) async fn login(ctx: &Ctx, worker: &WorkerOut) -> Result<Option<Member>> {
    let Some(membership) = worker.membership else { return Ok(None) };
    match listing::find(ctx.store(), &ctx.plan, members::VIEW, &MEMBERS, membership.uuid()).await {
        Ok((member, _)) => Ok(Some(member)),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

fn facts_of(ctx: &Ctx, draft: &WorkerDraft) -> Facts {
    Facts {
        team: draft.team.map(kernel::Id::uuid),
        client: draft.client.map(kernel::Id::uuid),
        ..Facts::of(ctx.who.organization.uuid())
    }
}

/// The teams that a permission names one by one. People who work for one team may not read teams as such, and still
/// add workers to their own.
pub(super) fn named_teams(ctx: &Ctx, permission: Permission) -> Vec<TeamId> {
    let arms = ctx.plan.arms(permission).iter().filter(|arm| arm.dimension == Dimension::Team);
    arms.flat_map(|arm| arm.ids.iter().map(|id| TeamId::from_uuid(*id))).collect()
}

/// What is left blank goes without saying where there is only one: the own team of a contractor, the one client an
/// outsider is kept to.
fn fill(ctx: &Ctx, permission: Permission, draft: &mut WorkerDraft) {
    let arms = ctx.plan.arms(permission);
    if draft.team.is_none()
        && arms.iter().all(|arm| arm.dimension == Dimension::Team)
        && let [only] = named_teams(ctx, permission).as_slice()
    {
        draft.team = Some(*only);
    }
    if draft.client.is_none()
        && let Some([only]) = ctx.plan.guard(permission)
    {
        draft.client = Some(ClientId::from_uuid(*only));
    }
}

/// Are the team and the client ones that this person may choose?
async fn known(
    ctx: &Ctx,
    permission: Permission,
    draft: &WorkerDraft,
    before: Option<&WorkerOut>,
) -> Result<()> {
    if let Some(team) = draft.team.filter(|team| before.is_none_or(|was| was.team != Some(*team)))
        && !named_teams(ctx, permission).contains(&team)
    {
        pickers::team(ctx, team).await?;
    }
    if let Some(client) = draft.client.filter(|client| before.is_none_or(|was| was.client != Some(*client)))
        && !ctx.plan.guard(permission).is_some_and(|mine| mine.contains(&client.uuid()))
    {
        pickers::client(ctx, client).await?;
    }
    Ok(())
}

/// Is this membership one that may be a worker's login? People of the client side are nobody's worker.
async fn may_be_login(ctx: &Ctx, membership: MembershipId) -> Result<()> {
    let unknown = || Error::field("membership", "choose one of the people you may see");
    match listing::find::<Member>(ctx.store(), &ctx.plan, members::VIEW, &MEMBERS, membership.uuid()).await {
        Ok((member, _)) if member.audience != Audience::Client => Ok(()),
        Ok(_) => Err(Error::field("membership", "people of the client side are not workers")),
        Err(Error::NotFound) => Err(unknown()),
        Err(other) => Err(other),
    }
}

pub(super) async fn create(ctx: &Ctx, form: &WorkerForm) -> Result<WorkerOut> {
    if !ctx.may(CREATE) {
        // Refused with its reason before anything typed is judged.
        ctx.plan.permit_new(CREATE, &Facts::of(ctx.who.organization.uuid()))?;
    }
    let mut draft = form.parse()?;
    fill(ctx, CREATE, &mut draft);
    known(ctx, CREATE, &draft, None).await?;
    let facts = facts_of(ctx, &draft);
    let permit = ctx.plan.permit_new(CREATE, &facts)?;
    may_write_notes(ctx, &facts, form)?;
    let id = WorkerId::new();
    let mut batch = Batch::new();
    let login = draft.membership.take();
    query::insert(&mut batch, &permit, id, &draft, ctx.now());
    if login.is_some() {
        tie(ctx, &mut batch, &permit, id, login).await?;
    }
    let detail = json!({ "after": without_notes(form) });
    ctx.journal(&mut batch, "create", Resource::Worker, Some(id), draft.name.as_str(), &detail);
    ctx.commit_new(batch, &format!("/workers/{id}")).await?;
    Ok(find(ctx, id).await?.0)
}

/// What the journal keeps of a worker: never the words of the notes, which have a permission of their own.
fn without_notes(worker: &impl Serialize) -> serde_json::Value {
    let mut value = serde_json::to_value(worker).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("notes");
    }
    value
}

async fn tie(
    ctx: &Ctx,
    batch: &mut Batch,
    permit: &access::Permit,
    id: WorkerId,
    login: Option<MembershipId>,
) -> Result<()> {
    if let Some(membership) = login {
        may_be_login(ctx, membership).await?;
    }
    query::set_membership(batch, permit, id, login);
    Ok(())
}

fn may_write_notes(ctx: &Ctx, facts: &Facts, form: &WorkerForm) -> Result<()> {
    if !form.notes.is_blank() && !ctx.plan.check(NOTES, facts) {
        return Err(Error::field("notes", "none of your roles lets you write notes about workers"));
    }
    Ok(())
}

pub(super) async fn edit(ctx: &Ctx, id: WorkerId, form: &WorkerForm) -> Result<WorkerOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let mut draft = form.parse()?;
    fill(ctx, EDIT, &mut draft);
    let version = web::input::version(&form.version)?;
    known(ctx, EDIT, &draft, Some(&before)).await?;
    may_write_notes(ctx, &facts, form)?;
    if !ctx.plan.check(EDIT, &facts_of(ctx, &draft)) {
        return Err(Error::field("team", "your roles do not let you move a worker there"));
    }
    let shows = |class| ctx.plan.shows(Resource::Worker, class, &facts);
    let kept = Kept { reach: !shows(FieldClass::Operational), notes: !shows(FieldClass::Notes) };
    let mut batch = Batch::new();
    query::update(&mut batch, &permit, id, version, &draft, &kept);
    // A login that its editor cannot see is not theirs to change, and no form of theirs names it.
    let seen = before.membership.is_none() || login(ctx, &before).await?.is_some();
    if shows(FieldClass::Operational)
        && ctx.may(members::VIEW)
        && seen
        && draft.membership != before.membership
    {
        tie(ctx, &mut batch, &permit, id, draft.membership).await?;
    }
    let changed =
        !kept.notes && before.notes.as_deref().unwrap_or_default().trim() != form.notes.as_str().trim();
    let detail = json!({
        "before": without_notes(&before),
        "after": without_notes(form),
        "notes_changed": changed,
    });
    ctx.journal(&mut batch, "edit", Resource::Worker, Some(id), draft.name.as_str(), &detail);
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}

/// Archives a worker, or restores them. Their login is another matter: that is ended where people are kept.
pub(super) async fn set_archived(ctx: &Ctx, id: WorkerId, archived: bool) -> Result<WorkerOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.archived == archived {
        return Ok(before);
    }
    let row = (id, before.version, before.name.as_str());
    kept::archive(ctx, Batch::new(), &permit, &WORKERS, row, archived.then(|| ctx.now()), &json!({})).await?;
    Ok(find(ctx, id).await?.0)
}

/// Everything the filter keeps, as a file.
pub(super) async fn export(ctx: Ctx, filter: WorkerFilter) -> web::Answer {
    ctx.require(VIEW)?;
    ctx.require(EXPORT)?;
    let headers = ["Id", "Name", "Team", "Client", "E-mail", "Telephone", "Number", "Notes", "Archived"];
    web::csv::download("workers.csv", &headers, move |rows| async move {
        listing(&ctx, &filter)?
            .within(EXPORT)
            .each(ctx.store(), |worker: WorkerOut| {
                let text = |cell: Option<&String>| cell.cloned().unwrap_or_default();
                rows.write([
                    worker.id.to_string(),
                    worker.name.clone(),
                    text(worker.team_name.as_ref()),
                    text(worker.client_name.as_ref()),
                    text(worker.email.as_ref()),
                    text(worker.phone.as_ref()),
                    text(worker.employee_number.as_ref()),
                    text(worker.notes.as_ref()),
                    if worker.archived { "yes".into() } else { "no".into() },
                ])
            })
            .await
    })
    .await
}
