//! Reading walks.

use std::collections::HashMap;

use access::{Facts, FieldClass, Permission, Resource};
use kernel::id::{CheckpointId, CheckpointReportId, SiteId, TourId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result, Timestamp};
use store::listing::{self, Listing};
use web::Ctx;

use super::VIEW;
use super::evidence::{Seen, Stop, evidence};
use super::model::{ReportFilter, State};
use super::query::{self, ScanRow, StopRow};
use super::view::{REPORTS, ReportOut, ReportWhole, ScanOut, WalkStop};

/// A day on the organization's clock, so many days later, as an instant.
fn midnight(ctx: &Ctx, name: &str, text: &str, days: i64) -> Result<Option<Timestamp>> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::BadRequest(format!("{name}: write a day, such as 2026-11-23"));
    let day: jiff::civil::Date = text.parse().map_err(|_e| wrong())?;
    let day = day.checked_add(jiff::Span::new().days(days)).map_err(|_e| wrong())?;
    let first = day.to_zoned(crate::rhythm::zone(&ctx.who.zone)).map_err(|_e| wrong())?;
    Ok(Some(first.timestamp()))
}

/// The listing that a filter asks for, of what a permission reaches.
pub(super) fn listing<'a>(
    ctx: &'a Ctx,
    permission: Permission,
    filter: &ReportFilter,
) -> Result<Listing<'a>> {
    let mut listing = Listing::new(&ctx.plan, permission, &REPORTS)?.search(&filter.q);
    if !filter.site.is_empty() {
        let id: SiteId = filter.site.parse().map_err(|e| Error::BadRequest(format!("site: {e}")))?;
        listing = listing.is("site_id", id)?;
    }
    if !filter.tour.is_empty() {
        let id: TourId = filter.tour.parse().map_err(|e| Error::BadRequest(format!("tour: {e}")))?;
        listing = listing.is("tour_id", id)?;
    }
    if !filter.state.is_empty() {
        let state: State = filter.state.parse().map_err(|e| Error::BadRequest(format!("state: {e}")))?;
        listing = listing.is("state", state.number())?;
    }
    if filter.exceptional {
        listing = listing.is("exceptional", 1)?;
    }
    if let Some(from) = midnight(ctx, "from", &filter.from, 0)? {
        listing = listing.at_least("at", from)?;
    }
    if let Some(until) = midnight(ctx, "until", &filter.until, 1)? {
        listing = listing.below("at", until)?;
    }
    Ok(listing)
}

pub(super) async fn list(ctx: &Ctx, filter: &ReportFilter) -> Result<Page<ReportOut>> {
    ctx.require(VIEW)?;
    listing(ctx, VIEW, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

pub(super) async fn find(ctx: &Ctx, id: CheckpointReportId) -> Result<(ReportOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &REPORTS, id.uuid()).await
}

/// The asker's walk that is not over, as far as they may see it.
pub(crate) async fn walking(ctx: &Ctx) -> Result<Option<CheckpointReportId>> {
    let running = query::running(ctx.store(), ctx.who.organization, ctx.who.membership, ctx.now()).await?;
    let Some(id) = running.filter(|_| ctx.may(VIEW)) else { return Ok(None) };
    match find(ctx, id).await {
        Ok(_) => Ok(Some(id)),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

pub(super) fn seen(scan: &ScanRow) -> Seen {
    Seen { checkpoint: scan.checkpoint.uuid(), at: scan.at, method: scan.method, near: scan.near }
}

pub(super) fn stop(row: &StopRow) -> Stop {
    Stop { checkpoint: row.checkpoint.uuid(), position: row.position }
}

/// A walk with its stops and scans. How it was scanned is for staff; by whom is for those who see people.
pub(super) async fn whole(ctx: &Ctx, id: CheckpointReportId) -> Result<(ReportWhole, Facts)> {
    let (report, facts) = find(ctx, id).await?;
    let org = ctx.who.organization;
    let rows = query::stops(ctx.store(), org, id).await?;
    let scans = query::scans(ctx.store(), org, id).await?;
    let shows = |class: FieldClass| ctx.plan.shows(Resource::CheckpointReport, class, &facts);
    let (inside, people) = (shows(FieldClass::Operational), shows(FieldClass::People));
    let own = facts.assignee == Some(ctx.who.membership.uuid());
    let stops: Vec<Stop> = rows.iter().map(stop).collect();
    let all: Vec<Seen> = scans.iter().map(seen).collect();
    let said = evidence(&stops, &all, report.least_seconds.unwrap_or_default());
    let mut reached: HashMap<CheckpointId, (Timestamp, i64, String)> = HashMap::new();
    for (scan, one) in scans.iter().zip(&all).filter(|(_, one)| one.counts()) {
        let entry = reached.entry(scan.checkpoint).or_insert((one.at, 0, String::new()));
        entry.1 += 1;
        if !scan.answer.is_empty() {
            entry.2.clone_from(&scan.answer);
        }
    }
    let planned = rows
        .into_iter()
        .map(|row| {
            let (scanned_at, scans, answer) = match reached.get(&row.checkpoint) {
                Some((at, count, answer)) => (Some(*at), *count, answer.clone()),
                None => (None, 0, String::new()),
            };
            WalkStop {
                position: row.position,
                checkpoint_id: row.checkpoint,
                name: row.name,
                instructions: inside.then_some(row.instructions),
                question: row.question,
                scanned_at,
                scans,
                answer,
            }
        })
        .collect();
    let scans = scans
        .into_iter()
        .zip(said)
        .map(|(scan, said)| ScanOut {
            checkpoint_id: scan.checkpoint,
            checkpoint: scan.name,
            at: scan.at,
            answer: scan.answer,
            planned: said.planned,
            repeat: said.repeat,
            method: inside.then_some(scan.method),
            in_order: said.in_order.filter(|_| inside && report.ordered == Some(true)),
            gap_seconds: said.gap_seconds.filter(|_| inside),
            too_fast: inside.then_some(said.too_fast),
            distance_m: scan.distance_m.filter(|_| inside),
            accuracy_m: scan.accuracy_m.filter(|_| inside),
            near: scan.near.filter(|_| inside),
            skew_seconds: inside.then_some(scan.skew_seconds),
            device_at: scan.device_at.filter(|_| inside),
            server_at: inside.then_some(scan.server_at),
            device: inside.then_some(scan.device),
            by: (people || own).then_some(scan.by),
        })
        .collect();
    Ok((ReportWhole { report, planned, scans }, facts))
}
