//! Ending a walk, answering afterwards, letting the client side see what waited for approval.

use access::{Resource, Visibility};
use kernel::id::{CheckpointId, CheckpointReportId};
use kernel::text::Line;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::Ctx;

use super::model::{AnswerForm, EndForm, State};
use super::query::{self, Walk};
use super::view::{ReportOut, ReportWhole};
use super::{APPROVE, SCAN, act, take};

/// The asker's own walk; somebody else's is not theirs to touch.
async fn own(ctx: &Ctx, id: CheckpointReportId) -> Result<(ReportOut, Walk)> {
    let (report, facts) = act::find(ctx, id).await?;
    let _permit = ctx.plan.permit(SCAN, &facts)?;
    match query::own(ctx.store(), ctx.who.organization, ctx.who.membership, id).await? {
        Some(walk) => Ok((report, walk)),
        None => Err(Error::forbidden("only whoever walks this tour can do that")),
    }
}

/// Ends the asker's own walk; what is missing by then stays missing.
pub(super) async fn end(ctx: &Ctx, id: CheckpointReportId, form: &EndForm) -> Result<ReportWhole> {
    let (report, walk) = own(ctx, id).await?;
    let (store, org, now) = (ctx.store(), ctx.who.organization, ctx.now());
    let (note, moment) = form.parse(now)?;
    if walk.state != State::Walking {
        return Err(Error::conflict("this tour is over already"));
    }
    if note.is_empty() {
        return Err(Error::field("note", "say why stops are left out"));
    }
    let stopped = moment.at.max(walk.started_at).min(walk.closes_at);
    let walk = Walk { stopped_at: Some(stopped), ..walk };
    let stops: Vec<_> = query::stops(store, org, id).await?.iter().map(act::stop).collect();
    let seen: Vec<_> = query::scans(store, org, id).await?.iter().map(act::seen).collect();
    let mut batch = Batch::new();
    query::set_stopped(&mut batch, org, id, stopped, &note);
    take::settle(store, &mut batch, org, &walk, &stops, seen, Some(ctx.who.membership), now).await?;
    let detail = json!({ "at": stopped });
    ctx.journal(&mut batch, "end", Resource::CheckpointReport, Some(id), &report.label(), &detail);
    ctx.commit_new(batch, &format!("/checkpoint-reports/{id}")).await?;
    Ok(act::whole(ctx, id).await?.0)
}

/// Answers a checkpoint's question after the scan, while the walk is on.
pub(super) async fn answer(ctx: &Ctx, id: CheckpointReportId, form: &AnswerForm) -> Result<ReportWhole> {
    let (report, walk) = own(ctx, id).await?;
    let (store, org) = (ctx.store(), ctx.who.organization);
    let answer: Line<500> = form.answer.parse().map_err(|wrong| Error::field("answer", wrong))?;
    let unknown = || Error::field("checkpoint", "choose a checkpoint that you scanned on this tour");
    let checkpoint: CheckpointId = form.checkpoint.parse().map_err(|_unreadable: String| unknown())?;
    if report.visibility != Some(Visibility::Held) || walk.closes_at < ctx.now() {
        return Err(Error::conflict("this tour is over; its answers stay as they are"));
    }
    let scans = query::scans(store, org, id).await?;
    let scan = scans.iter().rfind(|scan| scan.checkpoint == checkpoint).ok_or_else(unknown)?;
    if !scan.answer.is_empty() {
        return Err(Error::conflict("this was answered already; scan again to say something else"));
    }
    let mut batch = Batch::new();
    query::set_answer(&mut batch, org, scan.id, answer.as_str());
    ctx.journal(&mut batch, "answer", Resource::CheckpointReport, Some(id), &report.label(), &json!({}));
    ctx.commit_new(batch, &format!("/checkpoint-reports/{id}")).await?;
    Ok(act::whole(ctx, id).await?.0)
}

/// Lets the client side see a walk of a site that asks for approval.
pub(super) async fn release(ctx: &Ctx, id: CheckpointReportId) -> Result<ReportWhole> {
    let (report, facts) = act::find(ctx, id).await?;
    let _permit = ctx.plan.permit(APPROVE, &facts)?;
    if report.state == State::Walking {
        return Err(Error::conflict("this tour is not over yet"));
    }
    if report.visibility == Some(Visibility::Released) {
        return Ok(act::whole(ctx, id).await?.0);
    }
    let (org, now) = (ctx.who.organization, ctx.now());
    let version = report.version.ok_or_else(|| Error::internal("staff see versions"))?;
    let mut batch = Batch::new();
    query::release(&mut batch, org, (id, version), &ctx.who.name, now);
    let news = (!report.exceptions.is_empty(), Visibility::Released);
    take::note(&mut batch, org, id.uuid(), news, Some(ctx.who.membership), now);
    ctx.journal(&mut batch, "approve", Resource::CheckpointReport, Some(id), &report.label(), &json!({}));
    ctx.commit(batch).await?;
    Ok(act::whole(ctx, id).await?.0)
}
