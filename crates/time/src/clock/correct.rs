//! What the office does to attendance: clocking somebody out by hand, and putting hours right. The original stays.

use access::Resource;
use kernel::id::TimeEntryId;
use kernel::text::Line;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::Ctx;

use super::model::{CorrectionForm, ForcedForm, Kind, Punch, Source, Standing};
use super::query::{self, Made};
use super::view::EntryWhole;
use super::{EDIT, act, punch};
use crate::timesheets::query as timesheets;
use crate::week;

/// Hours are put right up to six weeks back, in seconds.
const BACK: i64 = 42 * 86_400;

/// Clocks somebody out who forgot: at the instant that whoever does it vouches for, with a word.
pub(super) async fn force(ctx: &Ctx, id: TimeEntryId, form: &ForcedForm) -> Result<EntryWhole> {
    let (before, facts) = act::find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    if !matches!(before.state, Standing::Working | Standing::OnBreak) {
        return Err(Error::conflict("this attendance is over; correct it instead"));
    }
    let note: Line<500> = form.note.parse().map_err(|e| Error::field("note", format!("say why: {e}")))?;
    let zone = week::zone(&before.zone);
    let at = kernel::local::read(form.left_at.as_str(), &zone, Some(kernel::local::Pass::First))
        .map_err(|wrong| Error::field("left_at", wrong.message))?;
    if at <= before.started_at || at > ctx.now() {
        return Err(Error::field("left_at", "after they came, and not later than now"));
    }
    let version = before.version.ok_or_else(|| Error::internal("who may correct sees the version"))?;
    let out = Punch {
        kind: Kind::Out,
        key: uuid::Uuid::new_v4().to_string(),
        attendance: None,
        at,
        device_at: None,
        skew_seconds: 0,
        position: None,
        reason: note.as_str().to_owned(),
        device: String::new(),
    };
    let mut marks = query::marks(ctx.store(), ctx.who.organization, id).await?;
    marks.push((Kind::Out, at));
    let mut batch = Batch::new();
    query::insert_punch(
        &mut batch,
        &permit,
        &out,
        &Made {
            entry: id,
            membership: ctx.who.membership,
            by: &ctx.who.name,
            source: Source::Forced,
            inside: None,
            distance_m: None,
            now: ctx.now(),
        },
    );
    let sum = punch::sum(&marks).ok_or_else(|| Error::internal("an attendance without punches"))?;
    query::set_sum(&mut batch, &permit, id, version, &sum, (false, true, note.as_str()), ctx.now());
    timesheets::line_of_entry(&mut batch, permit.organization(), id, ctx.now());
    let detail = json!({ "left_at": at, "note": note });
    ctx.journal(&mut batch, "force_out", Resource::TimeEntry, Some(id), &before.label(), &detail);
    ctx.commit(batch).await?;
    Ok(act::whole(ctx, id).await?.0)
}

/// Puts hours right.
pub(super) async fn correct(ctx: &Ctx, id: TimeEntryId, form: &CorrectionForm) -> Result<EntryWhole> {
    let (before, facts) = act::find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    // Nobody puts their own hours right, whatever they may do to others'.
    if facts.assignee == Some(ctx.who.membership.uuid()) && !ctx.plan.everywhere(EDIT) {
        return Err(Error::forbidden("You cannot correct your own hours; somebody else has to."));
    }
    let now = ctx.now();
    if now.as_second() - before.started_at.as_second() > BACK {
        return Err(Error::conflict("this is more than six weeks ago and can no longer be corrected"));
    }
    let to = form.parse(&week::zone(&before.zone), now)?;
    if now.as_second() - to.started_at.as_second() > BACK {
        return Err(Error::field("started_at", "hours can be put right up to six weeks back"));
    }
    if to.ended_at.is_none() && before.state == Standing::Done {
        return Err(Error::field("ended_at", "say when it ended"));
    }
    let version = web::input::version(&form.version)?;
    let role = ctx.role_names();
    let mut batch = Batch::new();
    let by = (ctx.who.membership, ctx.who.name.as_str(), role.as_str());
    query::correct(&mut batch, &permit, &before, version, &to, by, now);
    timesheets::line_of_entry(&mut batch, permit.organization(), id, now);
    let detail = json!({ "before": before, "after": form });
    ctx.journal(&mut batch, "correct", Resource::TimeEntry, Some(id), &before.label(), &detail);
    ctx.commit(batch).await?;
    Ok(act::whole(ctx, id).await?.0)
}
