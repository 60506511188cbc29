//! What is done to a line: other hours, set back, approved, rejected, reopened. Each leaves a line of its own history.

use access::{Facts, Permission, Permit, Resource};
use kernel::Audience;
use kernel::id::TimesheetId;
use kernel::page::{Page, PageSize};
use kernel::text::Line;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::{Ctx, Text};

use super::act::{self, find, whole};
use super::model::{
    Back, Basis, DecisionForm, Hours, HoursForm, RevertForm, SheetFilter, State, Verb, WeekForm,
};
use super::query::{self, Done, visibility};
use super::view::{SHEETS, SheetOut, SheetWhole, WeekApproved};
use super::{APPROVE, EDIT, VIEW};
use crate::query::Change;
use crate::week;

/// A line to be worked on, and the permit for it.
async fn start(ctx: &Ctx, id: TimesheetId, to_do: Permission) -> Result<(SheetOut, Facts, Permit)> {
    let (sheet, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(to_do, &facts)?;
    not_own(ctx, to_do, &facts)?;
    Ok((sheet, facts, permit))
}

/// Nobody decides on their own hours, but for those who may do it everywhere: somebody has to be the last.
fn not_own(ctx: &Ctx, to_do: Permission, facts: &Facts) -> Result<()> {
    if facts.assignee == Some(ctx.who.membership.uuid()) && !ctx.plan.everywhere(to_do) {
        return Err(Error::forbidden("These are your own hours; somebody else has to look at them."));
    }
    Ok(())
}

/// The version that was read; blank is the newest.
fn version(text: &Text, sheet: &SheetOut) -> Result<i64> {
    if text.is_blank() { Ok(sheet.version) } else { web::input::version(text) }
}

fn change<'a>(ctx: &'a Ctx, permit: &'a Permit, sheet: &SheetOut, version: i64) -> Change<'a> {
    Change::of(permit, &ctx.plan, &SHEETS, sheet.id.uuid(), version)
}

/// Keeps what was done, and writes the journal.
fn keep(
    ctx: &Ctx,
    batch: &mut Batch,
    permit: &Permit,
    sheet: &SheetOut,
    verb: Verb,
    note: &str,
    after: Option<Hours>,
) {
    let role = ctx.role_names();
    query::insert_change(
        batch,
        permit,
        &Done {
            sheet: sheet.id,
            by: (ctx.who.membership, &ctx.who.name, &role),
            verb,
            note,
            before: sheet.paid,
            after,
            now: ctx.now(),
        },
    );
    let detail = json!({ "note": note, "before": sheet.paid, "after": after });
    ctx.journal(batch, verb.word(), Resource::Timesheet, Some(sheet.id), &sheet.label(), &detail);
}

/// Writes hours. What was rejected waits again: new hours are the answer to "not these".
async fn set(
    ctx: &Ctx,
    (sheet, permit): (&SheetOut, &Permit),
    version: i64,
    (hours, basis): (Hours, Basis),
    (verb, note): (Verb, &str),
) -> Result<SheetWhole> {
    if sheet.state == State::Approved {
        return Err(Error::conflict("these hours are approved; take the approval back first"));
    }
    let mut batch = Batch::new();
    change(ctx, permit, sheet, version)
        .set("paid_starts_at", hours.starts_at)
        .set("paid_ends_at", hours.ends_at)
        .set("paid_break_minutes", hours.break_minutes)
        .set("basis", basis.number())
        .set("state", State::Awaiting.number())
        .set("visibility", visibility(State::Awaiting, false).number())
        .set("note", note)
        .put(&mut batch, ctx.now());
    keep(ctx, &mut batch, permit, sheet, verb, note, Some(hours));
    ctx.commit(batch).await?;
    Ok(whole(ctx, sheet.id).await?.0)
}

/// Puts down other hours to be paid.
pub(super) async fn put(ctx: &Ctx, id: TimesheetId, form: &HoursForm) -> Result<SheetWhole> {
    let (sheet, _, permit) = start(ctx, id, EDIT).await?;
    let (hours, note) = form.parse(&week::zone(&sheet.zone), ctx.now())?;
    let at = web::input::version(&form.version)?;
    set(ctx, (&sheet, &permit), at, (hours, Basis::Written), (Verb::Changed, &note)).await
}

/// Sets the hours to be paid back to what was planned, or to what was clocked.
pub(super) async fn revert(ctx: &Ctx, id: TimesheetId, form: &RevertForm) -> Result<SheetWhole> {
    let (sheet, _, permit) = start(ctx, id, EDIT).await?;
    let back: Back = form.to.parse().map_err(|e: String| Error::field("to", e))?;
    let (hours, basis, note) = match back {
        Back::Rostered => (sheet.planned, Basis::Rostered, "As rostered"),
        Back::Clocked => (sheet.actual, Basis::Clocked, "As clocked"),
    };
    let Some(hours) = hours else {
        return Err(Error::conflict(match back {
            Back::Rostered => "no shift was planned here; there is nothing to go back to",
            Back::Clocked => "nobody clocked in here; there is nothing to go back to",
        }));
    };
    let at = version(&form.version, &sheet)?;
    set(ctx, (&sheet, &permit), at, (hours, basis), (Verb::Reverted, note)).await
}

/// Is there something to approve?
fn approvable(sheet: &SheetOut) -> Result<()> {
    match (sheet.state, sheet.paid) {
        (State::Approved, _) => Err(Error::conflict("these hours are approved already")),
        (State::Rejected, _) => {
            Err(Error::conflict("these hours were rejected; the office puts them right first"))
        }
        (State::Awaiting, None) => Err(Error::conflict(
            "there are no hours to approve; put some down, go back to the roster, or reject the line",
        )),
        (State::Awaiting, Some(_)) => Ok(()),
    }
}

fn approving(ctx: &Ctx, batch: &mut Batch, permit: &Permit, sheet: &SheetOut, at: i64, note: &str) {
    let role = ctx.role_names();
    change(ctx, permit, sheet, at)
        .set(said(ctx), note)
        .set("state", State::Approved.number())
        .set("visibility", visibility(State::Approved, false).number())
        .set("decided_at", ctx.now())
        .set("decided_by", ctx.who.name.as_str())
        .set("decided_role", role)
        .put(batch, ctx.now());
    keep(ctx, batch, permit, sheet, Verb::Approved, note, sheet.paid);
}

/// Where a word belongs: the client side's before everybody's eyes, staff's among themselves.
fn said(ctx: &Ctx) -> &'static str {
    if ctx.who.audience == Audience::Client { "answer" } else { "note" }
}

/// A word, if one was said.
fn word(form: &DecisionForm) -> Result<Option<String>> {
    let note = Line::<500>::optional(form.note.as_str()).map_err(|e| Error::field("note", e))?;
    Ok(note.map(|n| n.as_str().to_owned()))
}

/// Approves a line.
pub(super) async fn approve(ctx: &Ctx, id: TimesheetId, form: &DecisionForm) -> Result<SheetWhole> {
    let (sheet, _, permit) = start(ctx, id, APPROVE).await?;
    approvable(&sheet)?;
    let note = word(form)?.unwrap_or_default();
    let mut batch = Batch::new();
    approving(ctx, &mut batch, &permit, &sheet, version(&form.version, &sheet)?, &note);
    ctx.commit(batch).await?;
    Ok(whole(ctx, id).await?.0)
}

/// Rejects a line, with a word. What the client side disputes stays before its eyes; what staff reject does not come
/// there before it is put right.
pub(super) async fn reject(ctx: &Ctx, id: TimesheetId, form: &DecisionForm) -> Result<SheetWhole> {
    let (sheet, _, permit) = start(ctx, id, APPROVE).await?;
    if sheet.state != State::Awaiting {
        return Err(Error::conflict("this was decided already; take the decision back first"));
    }
    let Some(note) = word(form)? else { return Err(Error::field("note", "say why")) };
    let outside = ctx.who.audience == Audience::Client;
    let role = ctx.role_names();
    let mut batch = Batch::new();
    change(ctx, &permit, &sheet, version(&form.version, &sheet)?)
        .set("state", State::Rejected.number())
        .set("visibility", visibility(State::Rejected, !outside).number())
        .set("decided_at", ctx.now())
        .set("decided_by", ctx.who.name.as_str())
        .set("decided_role", role)
        .set(said(ctx), note.as_str())
        .put(&mut batch, ctx.now());
    keep(ctx, &mut batch, &permit, &sheet, Verb::Rejected, &note, sheet.paid);
    ctx.commit(batch).await?;
    Ok(whole(ctx, id).await?.0)
}

/// Takes a decision back, with a word: the line waits again.
pub(super) async fn reopen(ctx: &Ctx, id: TimesheetId, form: &DecisionForm) -> Result<SheetWhole> {
    let (sheet, facts, permit) = start(ctx, id, APPROVE).await?;
    // An approval may have been paid on: who only decides cannot undo it, who keeps the hours can.
    ctx.plan.permit(EDIT, &facts)?;
    if sheet.state == State::Awaiting {
        return Err(Error::conflict("nobody has decided on this yet"));
    }
    let Some(note) = word(form)? else { return Err(Error::field("note", "say why")) };
    let mut batch = Batch::new();
    change(ctx, &permit, &sheet, version(&form.version, &sheet)?)
        .set("state", State::Awaiting.number())
        .set("visibility", visibility(State::Awaiting, sheet.paid.is_none()).number())
        .set("decided_at", None::<kernel::Timestamp>)
        .set("decided_by", "")
        .set("decided_role", "")
        .set("note", note.as_str())
        .put(&mut batch, ctx.now());
    keep(ctx, &mut batch, &permit, &sheet, Verb::Reopened, &note, sheet.paid);
    ctx.commit(batch).await?;
    Ok(whole(ctx, id).await?.0)
}

/// Approves what waits in a week, page by page; each page all together or not at all.
pub(super) async fn approve_week(ctx: &Ctx, form: &WeekForm) -> Result<WeekApproved> {
    ctx.require(APPROVE)?;
    if form.week.is_blank() {
        return Err(Error::field("week", "say which week, by any day of it"));
    }
    act::week(ctx, form.week.as_str()).map_err(|e| Error::field("week", e))?;
    let filter = SheetFilter {
        week: form.week.as_str().to_owned(),
        site: form.site.as_str().to_owned(),
        worker: form.worker.as_str().to_owned(),
        state: State::Awaiting.word().to_owned(),
        ..SheetFilter::default()
    };
    let mut done = WeekApproved { approved: 0, left: 0 };
    let mut cursor: Option<String> = None;
    loop {
        let page: Page<SheetOut> = act::listing(ctx, VIEW, &filter)?
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page(ctx.store())
            .await?;
        let mut batch = Batch::new();
        let mut here = 0;
        for sheet in &page.items {
            let (_, facts) = find(ctx, sheet.id).await?;
            let fits = sheet.paid.is_some() && not_own(ctx, APPROVE, &facts).is_ok();
            match ctx.plan.permit(APPROVE, &facts) {
                Ok(permit) if fits => {
                    approving(ctx, &mut batch, &permit, sheet, sheet.version, "");
                    here += 1;
                }
                _ => done.left += 1,
            }
        }
        if here > 0 {
            ctx.commit(batch).await?;
            done.approved += here;
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(done);
        }
    }
}
