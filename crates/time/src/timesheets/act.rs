//! Reading timesheets.

use access::{Facts, FieldClass, Permission, Resource};
use jiff::Span;
use kernel::id::{SiteId, TimesheetId, WorkerId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{SheetFilter, State};
use super::view::{SHEETS, SheetOut, SheetWhole};
use super::{VIEW, query};
use crate::shifts::setup::midnight;
use crate::week::{self, Week};

/// The week that a filter names, if it names one, on the organization's clock.
pub(super) fn week(ctx: &Ctx, text: &str) -> Result<Option<Week>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Week::read(text, ctx.now(), &week::zone(&ctx.who.zone)).map(Some)
}

/// The listing that a filter asks for, of what a permission reaches.
pub(super) fn listing<'a>(ctx: &'a Ctx, permission: Permission, filter: &SheetFilter) -> Result<Listing<'a>> {
    let mut listing = Listing::new(&ctx.plan, permission, &SHEETS)?.search(&filter.q);
    if !filter.site.is_empty() {
        let id: SiteId = filter.site.parse().map_err(|e| Error::BadRequest(format!("site: {e}")))?;
        listing = listing.is("site_id", id)?;
    }
    if !filter.worker.is_empty() {
        let id: WorkerId = filter.worker.parse().map_err(|e| Error::BadRequest(format!("worker: {e}")))?;
        listing = listing.is("worker_id", id)?;
    }
    if !filter.state.is_empty() {
        let state: State = filter.state.parse().map_err(|e| Error::BadRequest(format!("state: {e}")))?;
        listing = listing.is("state", state.number())?;
    }
    if let Some(week) = week(ctx, &filter.week).map_err(|e| Error::BadRequest(format!("week: {e}")))? {
        let zone = week::zone(&ctx.who.zone);
        let midnight = |week: Week| {
            let day = week.monday().to_zoned(zone.clone());
            day.map(|day| day.timestamp())
                .map_err(|_out_of_range| Error::BadRequest("week: no such week".into()))
        };
        listing =
            listing.at_least("starts_at", midnight(week)?)?.below("starts_at", midnight(week.moved(1))?)?;
    }
    if let Some(from) = midnight(ctx, "from", &filter.from, 0)? {
        listing = listing.at_least("starts_at", from)?;
    }
    if let Some(until) = midnight(ctx, "until", &filter.until, 1)? {
        listing = listing.below("starts_at", until)?;
    }
    Ok(listing)
}

pub(super) async fn list(ctx: &Ctx, filter: &SheetFilter) -> Result<Page<SheetOut>> {
    ctx.require(VIEW)?;
    listing(ctx, VIEW, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

pub(super) async fn find(ctx: &Ctx, id: TimesheetId) -> Result<(SheetOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &SHEETS, id.uuid()).await
}

/// A line with what was done to it. That is staff's, and who did it is for those who see people.
pub(super) async fn whole(ctx: &Ctx, id: TimesheetId) -> Result<(SheetWhole, Facts)> {
    let (sheet, facts) = find(ctx, id).await?;
    let shows = |class| ctx.plan.shows(Resource::Timesheet, class, &facts);
    let mut changes = Vec::new();
    if shows(FieldClass::Operational) {
        changes = query::changes(ctx.store(), ctx.who.organization, id).await?;
        if !shows(FieldClass::People) {
            for change in &mut changes {
                (change.by, change.role) = (String::new(), String::new());
            }
        }
    }
    Ok((SheetWhole { sheet, changes }, facts))
}

/// What a week comes to: minutes planned and to be paid, and lines that wait.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) planned: i64,
    pub(super) paid: i64,
    pub(super) waiting: usize,
    pub(super) missed: usize,
    /// There are more lines than were summed.
    pub(super) cut: bool,
}

/// So many lines are summed.
const MOST: usize = 5_000;

/// The sums of what a filter asks for; of everything the asker sees, where it names no week, there are none.
pub(super) async fn sums(ctx: &Ctx, filter: &SheetFilter) -> Result<Option<Sums>> {
    if filter.week.trim().is_empty() {
        return Ok(None);
    }
    let mut sums = Sums::default();
    let (mut cursor, mut seen): (Option<String>, usize) = (None, 0);
    loop {
        let page: Page<SheetOut> = listing(ctx, VIEW, filter)?
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page(ctx.store())
            .await?;
        for sheet in &page.items {
            sums.planned += sheet.planned.map_or(0, |h| h.minutes);
            sums.paid += sheet.paid.filter(|_| sheet.state != State::Rejected).map_or(0, |h| h.minutes);
            sums.waiting += usize::from(sheet.state == State::Awaiting && sheet.paid.is_some());
            sums.missed += usize::from(sheet.paid.is_none());
        }
        seen += page.items.len();
        cursor = page.next;
        if cursor.is_none() || seen >= MOST {
            sums.cut = cursor.is_some();
            return Ok(Some(sums));
        }
    }
}

/// The Monday of this week and of the one before, on the organization's clock.
pub(super) fn mondays(ctx: &Ctx) -> (String, String) {
    let this = Week::at(ctx.now(), &week::zone(&ctx.who.zone)).monday();
    (this.to_string(), this.saturating_sub(Span::new().days(7)).to_string())
}
