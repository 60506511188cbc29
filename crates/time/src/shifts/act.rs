//! Planning shifts: list, read, make, change, put away. The verbs of a shift's life stand in `verbs`.

use access::{Facts, FieldClass, Permission, Resource, Visibility};
use jiff::Span;
use jiff::civil::Date;
use kernel::id::{ShiftId, SiteId, WorkerId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use store::listing::{self, Listing};
use store::{Batch, Value};
use web::{Ctx, Text};

use super::model::{ShiftFilter, ShiftForm, State, WeekFilter};
use super::rules::{self, Wanted, Whose};
use super::view::{SHIFTS, ShiftOut, ShiftWhole};
use super::{ASSIGN, CREATE, DELETE, EDIT, VIEW, query};
use crate::choices;
use crate::query::Change;
use crate::week::{self, Week};

/// The most shifts that a week shows.
const MOST_OF_A_WEEK: usize = 2_000;

fn ids<K: kernel::id::Kind>(name: &str, asked: &[String]) -> Result<Vec<Value>> {
    asked
        .iter()
        .filter(|word| !word.is_empty())
        .map(|word| {
            let id: kernel::Id<K> = word.parse().map_err(|e| Error::BadRequest(format!("{name}: {e}")))?;
            Ok(Value::from(id))
        })
        .collect()
}

/// The first instant of a day on the organization's clock.
pub(crate) fn midnight(ctx: &Ctx, name: &str, text: &str, days: i64) -> Result<Option<Timestamp>> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::BadRequest(format!("{name}: write a day, such as 2026-11-23"));
    let day: Date = text.parse().map_err(|_e| wrong())?;
    let day = day.checked_add(Span::new().days(days)).map_err(|_e| wrong())?;
    let first = day.to_zoned(week::zone(&ctx.who.zone)).map_err(|_e| wrong())?;
    Ok(Some(first.timestamp()))
}

/// The listing that a filter asks for, of what a permission reaches.
pub(super) fn listing<'a>(ctx: &'a Ctx, permission: Permission, filter: &ShiftFilter) -> Result<Listing<'a>> {
    let mut listing = Listing::new(&ctx.plan, permission, &SHIFTS)?
        .is("archived", i64::from(filter.archived))?
        .search(&filter.q);
    let states: Vec<Value> = filter
        .state
        .iter()
        .filter(|word| !word.is_empty())
        .map(|word| {
            let state: State = word.parse().map_err(|e| Error::BadRequest(format!("state: {e}")))?;
            Ok(Value::Int(state.number()))
        })
        .collect::<Result<_>>()?;
    if !states.is_empty() {
        listing = listing.one_of("state", states)?;
    }
    let sites = ids::<kernel::id::kind::Site>("site", &filter.site)?;
    if !sites.is_empty() {
        listing = listing.one_of("site_id", sites)?;
    }
    let workers = ids::<kernel::id::kind::Worker>("worker", &filter.worker)?;
    if !workers.is_empty() {
        listing = listing.one_of("worker_id", workers)?;
    }
    if filter.open {
        listing = listing.is("open", 1)?;
    }
    if let Some(from) = midnight(ctx, "from", &filter.from, 0)? {
        listing = listing.at_least("starts_at", from)?;
    }
    if let Some(until) = midnight(ctx, "until", &filter.until, 1)? {
        listing = listing.below("starts_at", until)?;
    }
    Ok(listing)
}

pub(super) async fn list(ctx: &Ctx, filter: &ShiftFilter) -> Result<Page<ShiftOut>> {
    ctx.require(VIEW)?;
    listing(ctx, VIEW, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

/// Every page of a listing, up to a number of rows.
pub(super) async fn all(
    ctx: &Ctx,
    filter: &ShiftFilter,
    span: Option<(Timestamp, Timestamp)>,
    most: usize,
) -> Result<Vec<ShiftOut>> {
    let mut rows = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut asked = listing(ctx, VIEW, filter)?;
        if let Some((from, until)) = span {
            asked = asked.at_least("starts_at", from)?.below("starts_at", until)?;
        }
        let page: Page<ShiftOut> =
            asked.after(cursor.as_deref()).rows(PageSize::of(Some(PageSize::MOST))).page(ctx.store()).await?;
        rows.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || rows.len() >= most {
            return Ok(rows);
        }
    }
}

/// A line of a week: a site, or a worker.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct WeekLine {
    /// The site's or worker's id; none for the line of open shifts.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// The shifts, in the order they begin.
    pub shifts: Vec<ShiftOut>,
    /// Their paid minutes: elapsed less the unpaid breaks.
    pub minutes: i64,
}

/// A week of the schedule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct WeekOut {
    /// Its days, Monday first.
    pub days: Vec<String>,
    /// By site or by worker.
    pub lines: Vec<WeekLine>,
    /// How many of them are drafts.
    pub drafts: usize,
    /// How many nobody has.
    pub open: usize,
    /// There are more than are shown.
    pub cut: bool,
    #[serde(skip)]
    pub(crate) week: Option<Week>,
}

pub(super) async fn week(ctx: &Ctx, asked: &WeekFilter) -> Result<WeekOut> {
    ctx.require(VIEW)?;
    let week = Week::read(&asked.week, ctx.now(), &week::zone(&ctx.who.zone))
        .map_err(|e| Error::BadRequest(format!("week: {e}")))?;
    let by_worker = match asked.by.as_str() {
        "" | "site" => false,
        "worker" => true,
        other => {
            return Err(Error::BadRequest(format!("by: there is no word {other}; write site or worker")));
        }
    };
    let shifts = of_week(ctx, week, &asked.site).await?;
    let cut = shifts.len() >= MOST_OF_A_WEEK;
    let drafts = shifts.iter().filter(|s| s.is(State::Draft)).count();
    let open = shifts.iter().filter(|s| s.is_open()).count();
    let mut lines: Vec<WeekLine> = Vec::new();
    for shift in shifts {
        let (id, name) = if by_worker {
            match (&shift.worker_id, &shift.worker) {
                (Some(id), Some(name)) => (Some(id.to_string()), name.clone()),
                _ => (None, "Open".to_owned()),
            }
        } else {
            (Some(shift.site_id.to_string()), shift.site.clone())
        };
        let paid = shift.minutes - shift.break_minutes;
        match lines.iter_mut().find(|line| line.id == id) {
            Some(line) => {
                line.minutes += paid;
                line.shifts.push(shift);
            }
            None => lines.push(WeekLine { id, name, shifts: vec![shift], minutes: paid }),
        }
    }
    lines.sort_by_cached_key(|line| (line.id.is_some(), store::fold(&line.name)));
    let days = week.days().iter().map(ToString::to_string).collect();
    Ok(WeekOut { days, lines, drafts, open, cut, week: Some(week) })
}

/// The shifts of a week, each on the clock of its site.
pub(super) async fn of_week(ctx: &Ctx, week: Week, site: &str) -> Result<Vec<ShiftOut>> {
    let site = if site.is_empty() { Vec::new() } else { vec![site.to_owned()] };
    let filter = ShiftFilter { site, ..ShiftFilter::default() };
    let mut shifts = all(ctx, &filter, Some(week.around()?), MOST_OF_A_WEEK).await?;
    shifts.retain(|shift| week.has(shift.day()));
    Ok(shifts)
}

/// One shift within the plan, masked, with the facts further decisions need.
pub(super) async fn find(ctx: &Ctx, id: ShiftId) -> Result<(ShiftOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &SHIFTS, id.uuid()).await
}

/// One shift with what the rules say to it.
pub(super) async fn whole(ctx: &Ctx, id: ShiftId) -> Result<(ShiftWhole, Facts)> {
    let (shift, facts) = find(ctx, id).await?;
    let me = Some(ctx.who.membership.uuid());
    let mut warnings = Vec::new();
    let plans = ctx.plan.check(EDIT, &facts) || ctx.plan.check(ASSIGN, &facts);
    if let (true, Some(worker), false) = (plans, shift.worker_id, shift.archived) {
        let wanted = wanted(&shift, worker);
        let found = rules::ask(ctx, Whose::Workers, &wanted).await?;
        warnings.extend(found.blocked);
        warnings.extend(found.warned);
    }
    Ok((
        ShiftWhole { shift, mine: facts.assignee == me, asked_by_me: facts.requester == me, warnings },
        facts,
    ))
}

pub(super) fn wanted(shift: &ShiftOut, worker: WorkerId) -> Wanted {
    Wanted {
        shift: Some(shift.id),
        site: shift.site_id.uuid(),
        worker,
        starts_at: shift.starts_at,
        ends_at: shift.ends_at,
    }
}

/// The version a verb or a form is meant for.
pub(super) fn version(typed: &Text, shift: &ShiftOut) -> Result<i64> {
    if typed.is_blank() {
        shift.version.ok_or_else(|| Error::internal("who may change a shift sees its version"))
    } else {
        web::input::version(typed)
    }
}

/// Refuses what an archived shift does not take.
pub(super) fn current(shift: &ShiftOut) -> Result<()> {
    if shift.archived {
        return Err(Error::conflict("this shift is archived; restore it first"));
    }
    Ok(())
}

pub(super) async fn create(ctx: &Ctx, form: &ShiftForm) -> Result<ShiftWhole> {
    ctx.require(CREATE)?;
    let (site, place, at_site) = choices::site(ctx, CREATE, &form.site).await?;
    let worker = choices::worker(ctx, &form.worker).await?;
    let facts = Facts {
        team: worker.as_ref().and_then(|w| w.team),
        site: Some(site.uuid()),
        visibility: Some(Visibility::Draft.number()),
        closed: Some(i64::from(worker.is_some())),
        author: Some(ctx.who.membership.uuid()),
        ..at_site
    };
    let permit = ctx.plan.permit_new(CREATE, &facts)?;
    if worker.is_some() {
        ctx.plan.permit_new(ASSIGN, &facts)?;
    }
    let draft = form.parse(&week::zone(&place.zone))?;
    if let Some(worker) = &worker {
        let wanted = Wanted {
            shift: None,
            site: site.uuid(),
            worker: worker.id,
            starts_at: draft.starts_at,
            ends_at: draft.ends_at,
        };
        rules::ask(ctx, Whose::Workers, &wanted).await?.pass("worker")?;
    }
    let id = ShiftId::new();
    let mut batch = Batch::new();
    let stamp = query::Stamp {
        id,
        facts: &facts,
        place: &place,
        worker: worker.as_ref(),
        author: Some(ctx.who.membership),
        author_name: &ctx.who.name,
        now: ctx.now(),
    };
    query::insert(&mut batch, &permit, &stamp, &draft);
    let label = format!("{}, {}", place.name, week::span(draft.starts_at, draft.ends_at, &place.zone));
    ctx.journal(&mut batch, "create", Resource::Shift, Some(id), &label, &json!({ "after": form }));
    ctx.commit_new(batch, &format!("/shifts/{id}")).await?;
    Ok(whole(ctx, id).await?.0)
}

/// Changes what is planned. The worker is changed by assigning; the site never: a shift elsewhere is another shift.
pub(super) async fn edit(ctx: &Ctx, id: ShiftId, form: &ShiftForm) -> Result<ShiftWhole> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    current(&before)?;
    let draft = form.parse(&week::zone(&before.zone))?;
    let version = web::input::version(&form.version)?;
    if !form.site.is_blank() && form.site.parse::<SiteId>() != Ok(before.site_id) {
        return Err(Error::field(
            "site",
            "a shift stays at its site; plan another one elsewhere and archive this",
        ));
    }
    let moved = (draft.starts_at, draft.ends_at) != (before.starts_at, before.ends_at);
    if let (true, Some(worker)) = (moved, before.worker_id) {
        let wanted = Wanted { starts_at: draft.starts_at, ends_at: draft.ends_at, ..wanted(&before, worker) };
        rules::ask(ctx, Whose::Workers, &wanted).await?.pass("starts_at")?;
    }
    let words = format!("{} {} {}", before.site, draft.post, before.client.as_deref().unwrap_or(""));
    let mut change = Change::of(&permit, &ctx.plan, &SHIFTS, id.uuid(), version)
        .set("post", draft.post.as_str())
        .set("note", &draft.note)
        .set("starts_at", draft.starts_at)
        .set("ends_at", draft.ends_at)
        .set("break_minutes", draft.break_minutes)
        .set("search", store::fold(&words));
    if moved {
        change = change.set("reminded_at", None::<Timestamp>);
        // A yes or no was to other hours.
        if before.is(State::Confirmed) || before.is(State::Refused) {
            change = change.set("state", State::Published.number()).set("answered_at", None::<Timestamp>);
        }
    }
    let mut batch = Batch::new();
    change.put(&mut batch, ctx.now());
    let detail = json!({ "before": before, "after": form });
    ctx.journal(&mut batch, "edit", Resource::Shift, Some(id), &before.label(), &detail);
    ctx.commit(batch).await?;
    Ok(whole(ctx, id).await?.0)
}

/// Archives a shift, or restores it as a draft. What is archived is nobody's and hidden from the client side.
pub(super) async fn set_archived(ctx: &Ctx, id: ShiftId, archived: bool) -> Result<ShiftWhole> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.archived != archived {
        let mut batch = Batch::new();
        Change::of(&permit, &ctx.plan, &SHIFTS, id.uuid(), version(&Text::default(), &before)?)
            .set("archived", i64::from(archived))
            .set("archived_at", archived.then(|| ctx.now()))
            .set("state", State::Draft.number())
            .set("visibility", Visibility::Draft.number())
            .set("assignee_id", None::<uuid::Uuid>)
            .set("requester_id", None::<uuid::Uuid>)
            .set("requester_worker", None::<uuid::Uuid>)
            .set("requester_name", "")
            .set("published_at", None::<Timestamp>)
            .set("closed", i64::from(archived || !before.is_open()))
            .put(&mut batch, ctx.now());
        let action = if archived { "archive" } else { "restore" };
        ctx.journal(&mut batch, action, Resource::Shift, Some(id), &before.label(), &json!({}));
        ctx.commit(batch).await?;
    }
    Ok(whole(ctx, id).await?.0)
}

/// What a field worker sees first: own shifts that are not over, and open ones to ask for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct MineOut {
    /// The asker's, soonest first.
    pub mine: Vec<ShiftWhole>,
    /// Open ones where the asker works.
    pub open: Vec<ShiftWhole>,
}

pub(super) async fn mine(ctx: &Ctx) -> Result<MineOut> {
    ctx.require(VIEW)?;
    let now = ctx.now();
    let ahead = now + jiff::ToSpan::hours(24 * 42);
    let sees_people = ctx.plan.sight(Resource::Shift, FieldClass::People) == access::Sight::Always;
    let own = Listing::new(&ctx.plan, VIEW, &SHIFTS)?
        .is("archived", 0)?
        .at_least("ends_at", now)?
        .below("starts_at", ahead)?;
    // Whoever sees no people sees only what is theirs, or open.
    let own = if sees_people { own.is("assignee_id", ctx.who.membership)? } else { own.is("open", 0)? };
    let mine: Page<ShiftOut> = own.rows(PageSize::of(Some(50))).page(ctx.store()).await?;
    let open: Page<ShiftOut> = Listing::new(&ctx.plan, super::CLAIM, &SHIFTS)?
        .is("archived", 0)?
        .is("open", 1)?
        .at_least("starts_at", now)?
        .below("starts_at", ahead)?
        .rows(PageSize::of(Some(30)))
        .page(ctx.store())
        .await?;
    let me = ctx.who.membership.uuid();
    let whole = |shift: ShiftOut, mine: bool, asked: bool| ShiftWhole {
        shift,
        mine,
        asked_by_me: asked,
        warnings: Vec::new(),
    };
    let mut offered = Vec::new();
    for shift in open.items {
        // Whose question it is stands in the facts; few are asked for.
        let asked = shift.asked_for == Some(true) && find(ctx, shift.id).await?.1.requester == Some(me);
        offered.push(whole(shift, false, asked));
    }
    Ok(MineOut { mine: mine.items.into_iter().map(|s| whole(s, true, false)).collect(), open: offered })
}
