//! Reading attendance, and what a worker's clock shows now.

use access::{Facts, FieldClass, Permission, Resource};
use kernel::id::{SiteId, TimeEntryId, WorkerId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result, Timestamp};
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{EntryFilter, Standing};
use super::query;
use super::view::{ENTRIES, EntryOut, EntryWhole};
use super::{CLOCK, VIEW};
use crate::choices::SiteChoice;
use crate::shifts::setup::{SHIFTS, ShiftOut, State, midnight};

/// The listing that a filter asks for, of what a permission reaches.
pub(super) fn listing<'a>(ctx: &'a Ctx, permission: Permission, filter: &EntryFilter) -> Result<Listing<'a>> {
    let mut listing = Listing::new(&ctx.plan, permission, &ENTRIES)?.search(&filter.q);
    if !filter.site.is_empty() {
        let id: SiteId = filter.site.parse().map_err(|e| Error::BadRequest(format!("site: {e}")))?;
        listing = listing.is("site_id", id)?;
    }
    if !filter.worker.is_empty() {
        let id: WorkerId = filter.worker.parse().map_err(|e| Error::BadRequest(format!("worker: {e}")))?;
        listing = listing.is("worker_id", id)?;
    }
    if !filter.state.is_empty() {
        let state: Standing = filter.state.parse().map_err(|e| Error::BadRequest(format!("state: {e}")))?;
        listing = listing.is("state", state.number())?;
    }
    if let Some(from) = midnight(ctx, "from", &filter.from, 0)? {
        listing = listing.at_least("started_at", from)?;
    }
    if let Some(until) = midnight(ctx, "until", &filter.until, 1)? {
        listing = listing.below("started_at", until)?;
    }
    Ok(listing)
}

pub(super) async fn list(ctx: &Ctx, filter: &EntryFilter) -> Result<Page<EntryOut>> {
    ctx.require(VIEW)?;
    listing(ctx, VIEW, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

pub(super) async fn find(ctx: &Ctx, id: TimeEntryId) -> Result<(EntryOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &ENTRIES, id.uuid()).await
}

/// An attendance with its punches and corrections. Who may not see positions gets none, but for their own.
pub(super) async fn whole(ctx: &Ctx, id: TimeEntryId) -> Result<(EntryWhole, Facts)> {
    let (entry, facts) = find(ctx, id).await?;
    let org = ctx.who.organization;
    let mut punches = query::punches(ctx.store(), org, id).await?;
    if !ctx.plan.shows(Resource::TimeEntry, FieldClass::Location, &facts) {
        for punch in &mut punches {
            (punch.latitude, punch.longitude, punch.accuracy_m, punch.distance_m) = (None, None, None, None);
        }
    }
    let mut corrections = query::corrections(ctx.store(), org, id).await?;
    if !ctx.plan.shows(Resource::TimeEntry, FieldClass::People, &facts) {
        for punch in &mut punches {
            punch.by = String::new();
        }
        for correction in &mut corrections {
            (correction.by, correction.role) = (String::new(), String::new());
        }
    }
    Ok((EntryWhole { entry, punches, corrections }, facts))
}

/// What a worker's clock shows.
pub(super) struct Now {
    /// The attendance that runs.
    pub(super) running: Option<EntryOut>,
    /// The shift that is theirs now or next.
    pub(super) shift: Option<ShiftOut>,
    /// Sites to work at without a shift.
    pub(super) sites: Vec<SiteChoice>,
    /// The last ones.
    pub(super) last: Vec<EntryOut>,
    /// They seem to have forgotten to clock out: since when.
    pub(super) forgotten: Option<Timestamp>,
    /// The sign-in is tied to a worker.
    pub(super) worker: bool,
}

/// So long after the end of a shift a worker is asked, in minutes.
const ASK_AFTER: i64 = 5;
/// So long after clocking in without a shift.
const ASK_AFTER_START: i64 = 8 * 60;

pub(super) async fn now(ctx: &Ctx) -> Result<Now> {
    ctx.require(CLOCK)?;
    let (org, at) = (ctx.who.organization, ctx.now());
    let worker = crate::query::me(ctx.store(), org, ctx.who.membership).await?;
    let running = match &worker {
        Some(me) => match query::running(ctx.store(), org, me.worker).await? {
            Some(running) => Some(find(ctx, running.id).await?.0),
            None => None,
        },
        None => None,
    };
    let forgotten = running.as_ref().and_then(|entry| {
        let (since, after) = match entry.shift_ends_at {
            Some(end) => (end, ASK_AFTER),
            None => (entry.started_at, ASK_AFTER_START),
        };
        (crate::week::minutes(since, at) >= after).then_some(since)
    });
    let mine = own_listing(ctx)?;
    let last: Page<EntryOut> = mine.rows(PageSize::of(Some(10))).page(ctx.store()).await?;
    let shift = if running.is_none() && worker.is_some() { next_shift(ctx).await? } else { None };
    let sites = if running.is_none() && shift.is_none() {
        crate::choices::sites(ctx, access::permission(Resource::Site, access::Action::View)).await?
    } else {
        Vec::new()
    };
    Ok(Now { running, shift, sites, last: last.items, forgotten, worker: worker.is_some() })
}

/// The asker's own attendance: for whoever sees no people that is all they see.
fn own_listing(ctx: &Ctx) -> Result<Listing<'_>> {
    let listing = Listing::new(&ctx.plan, VIEW, &ENTRIES)?;
    if ctx.plan.sight(Resource::TimeEntry, FieldClass::People) == access::Sight::Always {
        listing.is("assignee_id", ctx.who.membership)
    } else {
        Ok(listing)
    }
}

async fn next_shift(ctx: &Ctx) -> Result<Option<ShiftOut>> {
    if !ctx.may(crate::shifts::VIEW) {
        return Ok(None);
    }
    let at = ctx.now();
    let page: Page<ShiftOut> = Listing::new(&ctx.plan, crate::shifts::VIEW, &SHIFTS)?
        .is("archived", 0)?
        .at_least("starts_at", at - jiff::Span::new().hours(38))?
        .below("starts_at", at + jiff::Span::new().hours(2))?
        .rows(PageSize::of(Some(50)))
        .page(ctx.store())
        .await?;
    for shift in page.items.into_iter().filter(|s| s.ends_at > at && !s.is_open()) {
        let known = shift.is(State::Published) || shift.is(State::Confirmed);
        let (_, facts) =
            listing::find::<ShiftOut>(ctx.store(), &ctx.plan, crate::shifts::VIEW, &SHIFTS, shift.id.uuid())
                .await?;
        if known && facts.assignee == Some(ctx.who.membership.uuid()) {
            return Ok(Some(shift));
        }
    }
    Ok(None)
}
