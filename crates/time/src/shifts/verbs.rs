//! The verbs of a shift's life: publish, take back, share, assign, answer, ask for, decide.

use access::{Facts, Permission, Permit, Resource, Visibility};
use kernel::id::ShiftId;
use kernel::text::Line;
use kernel::{Error, Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use store::Batch;
use web::Ctx;

use super::act::{self, current, find, version, whole};
use super::model::{AssignForm, PublishForm, State, VerbForm};
use super::rules::{self, Whose};
use super::view::{SHIFTS, ShiftOut, ShiftWhole};
use super::{APPROVE, ASSIGN, CLAIM, PUBLISH, mail, query};
use crate::choices::{self, WorkerChoice};
use crate::query::Change;
use crate::week::{self, Week};

fn change<'a>(ctx: &'a Ctx, permit: &'a Permit, shift: &ShiftOut, version: i64) -> Change<'a> {
    Change::of(permit, &ctx.plan, &SHIFTS, shift.id.uuid(), version)
}

/// Sends a change with its journal line, and reads the shift again.
async fn send(ctx: &Ctx, mut batch: Batch, shift: &ShiftOut, action: &str, note: &str) -> Result<ShiftWhole> {
    let detail = if note.is_empty() { json!({}) } else { json!({ "note": note }) };
    ctx.journal(&mut batch, action, Resource::Shift, Some(shift.id), &shift.label(), &detail);
    ctx.commit(batch).await?;
    Ok(whole(ctx, shift.id).await?.0)
}

async fn start(ctx: &Ctx, id: ShiftId, to_do: Permission) -> Result<(ShiftOut, Facts, Permit)> {
    let (shift, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(to_do, &facts)?;
    current(&shift)?;
    Ok((shift, facts, permit))
}

/// A word of why; at most a line.
fn why(form: &VerbForm) -> Result<String> {
    let note = Line::<500>::optional(form.note.as_str()).map_err(|e| Error::field("note", e))?;
    Ok(note.map(|n| n.as_str().to_owned()).unwrap_or_default())
}

fn yes(form: &VerbForm) -> Result<bool> {
    match form.answer.as_str().trim() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Error::field("answer", "answer yes or no")),
    }
}

/// What publishing writes; the event is noted where the shift is open.
async fn publishing(ctx: &Ctx, batch: &mut Batch, permit: &Permit, shift: &ShiftOut, at: i64) -> Result<()> {
    let worker = query::worker_of(ctx.store(), ctx.who.organization, shift.id).await?;
    change(ctx, permit, shift, at)
        .set("state", State::Published.number())
        .set("visibility", Visibility::Submitted.number())
        .set("assignee_id", worker.and_then(|(_, membership)| membership))
        .set("closed", i64::from(worker.is_some()))
        .set("published_at", ctx.now())
        .set("answered_at", None::<Timestamp>)
        .set("answer_note", "")
        .put(batch, ctx.now());
    let notice = if worker.is_some() { &mail::PUBLISHED } else { &mail::OPEN };
    mail::note(ctx, batch, notice, shift.id, Visibility::Submitted);
    Ok(())
}

/// Makes a draft known to whoever it is for; without a worker, to all who work at the site.
pub(super) async fn publish(ctx: &Ctx, id: ShiftId, form: &VerbForm) -> Result<ShiftWhole> {
    let (shift, _, permit) = start(ctx, id, PUBLISH).await?;
    if !shift.is(State::Draft) {
        return Ok(whole(ctx, id).await?.0);
    }
    let mut batch = Batch::new();
    publishing(ctx, &mut batch, &permit, &shift, version(&form.version, &shift)?).await?;
    send(ctx, batch, &shift, "publish", "").await
}

/// What publishing a week did.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct PublishedOut {
    /// How many drafts were published.
    pub published: usize,
}

/// Publishes the drafts of a week that the asker may publish, all together or not at all.
pub(super) async fn publish_week(ctx: &Ctx, form: &PublishForm) -> Result<PublishedOut> {
    ctx.require(PUBLISH)?;
    let week = Week::read(form.week.as_str(), ctx.now(), &week::zone(&ctx.who.zone))
        .map_err(|e| Error::field("week", e))?;
    let mut batch = Batch::new();
    let mut published = 0;
    for shift in act::of_week(ctx, week, form.site.as_str()).await? {
        if !shift.is(State::Draft) {
            continue;
        }
        let (_, facts) = find(ctx, shift.id).await?;
        if !ctx.plan.check(PUBLISH, &facts) {
            continue;
        }
        let permit = ctx.plan.permit(PUBLISH, &facts)?;
        publishing(ctx, &mut batch, &permit, &shift, version(&form_version(), &shift)?).await?;
        ctx.journal(&mut batch, "publish", Resource::Shift, Some(shift.id), &shift.label(), &json!({}));
        published += 1;
    }
    if published > 0 {
        ctx.commit(batch).await?;
    }
    Ok(PublishedOut { published })
}

fn form_version() -> web::Text {
    web::Text::default()
}

/// Takes a shift back to a draft: nobody's business any more.
pub(super) async fn withdraw(ctx: &Ctx, id: ShiftId, form: &VerbForm) -> Result<ShiftWhole> {
    let (shift, _, permit) = start(ctx, id, PUBLISH).await?;
    if shift.is(State::Draft) {
        return Ok(whole(ctx, id).await?.0);
    }
    let note = why(form)?;
    let mut batch = Batch::new();
    change(ctx, &permit, &shift, version(&form.version, &shift)?)
        .set("state", State::Draft.number())
        .set("visibility", Visibility::Draft.number())
        .set("assignee_id", None::<uuid::Uuid>)
        .set("requester_id", None::<uuid::Uuid>)
        .set("requester_worker", None::<uuid::Uuid>)
        .set("requester_name", "")
        .set("published_at", None::<Timestamp>)
        .put(&mut batch, ctx.now());
    send(ctx, batch, &shift, "unpublish", &note).await
}

/// Lets the client side see a shift (site, post and hours, never who), or no longer.
pub(super) async fn share(ctx: &Ctx, id: ShiftId, form: &VerbForm, shared: bool) -> Result<ShiftWhole> {
    let (shift, _, permit) = start(ctx, id, PUBLISH).await?;
    if shift.is(State::Draft) {
        return Err(Error::conflict("a draft cannot be shared; publish it first"));
    }
    if shift.shared == Some(shared) {
        return Ok(whole(ctx, id).await?.0);
    }
    let to = if shared { Visibility::Released } else { Visibility::Submitted };
    let mut batch = Batch::new();
    change(ctx, &permit, &shift, version(&form.version, &shift)?)
        .set("visibility", to.number())
        .put(&mut batch, ctx.now());
    send(ctx, batch, &shift, if shared { "share" } else { "unshare" }, "").await
}

/// The columns of a shift that somebody has, or nobody.
fn given<'a>(change: Change<'a>, worker: Option<&WorkerChoice>, state: State, known: bool) -> Change<'a> {
    change
        .set("worker_id", worker.map(|w| w.id))
        .set("worker_name", worker.map_or("", |w| w.name.as_str()))
        .set("team_id", worker.and_then(|w| w.team))
        .set("search_people", store::fold(worker.map_or("", |w| w.name.as_str())))
        .set("assignee_id", worker.and_then(|w| w.membership).filter(|_| known))
        .set("closed", i64::from(worker.is_some()))
        .set("state", state.number())
        .set("requester_id", None::<uuid::Uuid>)
        .set("requester_worker", None::<uuid::Uuid>)
        .set("requester_name", "")
        .set("answered_at", None::<Timestamp>)
        .set("answer_note", "")
        .set("reminded_at", None::<Timestamp>)
}

/// Gives a shift to a worker, or opens it. A published one is theirs at once and waits for their answer.
pub(super) async fn assign(ctx: &Ctx, id: ShiftId, form: &AssignForm) -> Result<ShiftWhole> {
    let (shift, _, permit) = start(ctx, id, ASSIGN).await?;
    let worker = choices::worker(ctx, &form.worker).await?;
    if worker.as_ref().map(|w| w.id) == shift.worker_id && !shift.is(State::Refused) {
        return Ok(whole(ctx, id).await?.0);
    }
    if let Some(worker) = &worker {
        rules::ask(ctx, Whose::Workers, &act::wanted(&shift, worker.id)).await?.pass("worker")?;
    }
    let drafted = shift.is(State::Draft);
    let state = if drafted { State::Draft } else { State::Published };
    let mut batch = Batch::new();
    given(change(ctx, &permit, &shift, version(&form.version, &shift)?), worker.as_ref(), state, !drafted)
        .put(&mut batch, ctx.now());
    if !drafted {
        let notice = if worker.is_some() { &mail::PUBLISHED } else { &mail::OPEN };
        mail::note(ctx, &mut batch, notice, id, Visibility::Submitted);
    }
    let name = worker.as_ref().map_or("nobody: open", |w| w.name.as_str()).to_owned();
    send(ctx, batch, &shift, "assign", &name).await
}

/// The worker's own yes or no. A no needs a word, and the shift stays theirs until it is given to somebody else.
pub(super) async fn answer(ctx: &Ctx, id: ShiftId, form: &VerbForm) -> Result<ShiftWhole> {
    let (shift, facts, permit) = start(ctx, id, CLAIM).await?;
    if facts.assignee != Some(ctx.who.membership.uuid()) {
        return Err(Error::conflict("only the worker whose shift it is confirms or refuses it"));
    }
    let (yes, note) = (yes(form)?, why(form)?);
    if shift.ends_at <= ctx.now() {
        return Err(Error::conflict("this shift is over; there is nothing to answer any more"));
    }
    if !yes && note.is_empty() {
        return Err(Error::field("note", "say why, so that the office can find somebody else"));
    }
    let state = if yes { State::Confirmed } else { State::Refused };
    if shift.is(state) {
        return Ok(whole(ctx, id).await?.0);
    }
    let mut batch = Batch::new();
    change(ctx, &permit, &shift, version(&form.version, &shift)?)
        .set("state", state.number())
        .set("answered_at", ctx.now())
        .set("answer_note", note.as_str())
        .put(&mut batch, ctx.now());
    send(ctx, batch, &shift, if yes { "confirm" } else { "refuse" }, &note).await
}

/// Asks for an open shift. By the organization's rule it waits for a yes, or is the asker's at once.
pub(super) async fn claim(ctx: &Ctx, id: ShiftId, form: &VerbForm) -> Result<ShiftWhole> {
    let (shift, facts, permit) = start(ctx, id, CLAIM).await?;
    let me = ctx.who.membership.uuid();
    if facts.requester == Some(me) || (facts.assignee == Some(me) && !shift.is_open()) {
        return Ok(whole(ctx, id).await?.0);
    }
    if !shift.is_open() || shift.is(State::Draft) {
        return Err(Error::conflict("somebody has this shift already"));
    }
    if shift.asked_for == Some(true) {
        return Err(Error::conflict("somebody else asked for this shift first; the office decides about it"));
    }
    if shift.starts_at <= ctx.now() {
        return Err(Error::conflict("this shift has begun; call the office"));
    }
    let org = ctx.who.organization;
    let Some(worker) = crate::query::me(ctx.store(), org, ctx.who.membership).await? else {
        return Err(Error::conflict("your sign-in is not tied to a worker; ask the office to do that"));
    };
    rules::ask(ctx, Whose::Mine, &act::wanted(&shift, worker.worker)).await?.pass("shift")?;
    let policy = query::policy(ctx.store(), org).await?;
    let at = version(&form.version, &shift)?;
    let mut batch = Batch::new();
    if policy.claims_need_approval {
        change(ctx, &permit, &shift, at)
            .set("requester_id", ctx.who.membership)
            .set("requester_worker", worker.worker)
            .set("requester_name", worker.name.as_str())
            .put(&mut batch, ctx.now());
    } else {
        let choice = WorkerChoice {
            id: worker.worker,
            name: worker.name,
            membership: Some(ctx.who.membership),
            team: worker.team,
        };
        given(change(ctx, &permit, &shift, at), Some(&choice), State::Confirmed, true)
            .put(&mut batch, ctx.now());
    }
    send(ctx, batch, &shift, "claim", "").await
}

/// Takes one's own question back.
pub(super) async fn unclaim(ctx: &Ctx, id: ShiftId, form: &VerbForm) -> Result<ShiftWhole> {
    let (shift, facts, permit) = start(ctx, id, CLAIM).await?;
    if facts.requester != Some(ctx.who.membership.uuid()) {
        return Err(Error::conflict("you have not asked for this shift"));
    }
    let mut batch = Batch::new();
    change(ctx, &permit, &shift, version(&form.version, &shift)?)
        .set("requester_id", None::<uuid::Uuid>)
        .set("requester_worker", None::<uuid::Uuid>)
        .set("requester_name", "")
        .put(&mut batch, ctx.now());
    send(ctx, batch, &shift, "unclaim", "").await
}

/// Gives an open shift to whoever asked for it, or says no.
pub(super) async fn decide(ctx: &Ctx, id: ShiftId, form: &VerbForm) -> Result<ShiftWhole> {
    let (shift, _, permit) = start(ctx, id, APPROVE).await?;
    let yes = yes(form)?;
    let Some(worker) = query::requester(ctx.store(), ctx.who.organization, id).await? else {
        return Err(Error::conflict("nobody asks for this shift any more"));
    };
    let note = why(form)?;
    let at = version(&form.version, &shift)?;
    let mut batch = Batch::new();
    if yes {
        rules::ask(ctx, Whose::Workers, &act::wanted(&shift, worker.id)).await?.pass("answer")?;
        given(change(ctx, &permit, &shift, at), Some(&worker), State::Confirmed, true)
            .put(&mut batch, ctx.now());
        mail::note(ctx, &mut batch, &mail::PUBLISHED, id, Visibility::Submitted);
    } else {
        change(ctx, &permit, &shift, at)
            .set("requester_id", None::<uuid::Uuid>)
            .set("requester_worker", None::<uuid::Uuid>)
            .set("requester_name", "")
            .put(&mut batch, ctx.now());
    }
    let action = if yes { "approve_claim" } else { "refuse_claim" };
    send(ctx, batch, &shift, action, if note.is_empty() { &worker.name } else { &note }).await
}
