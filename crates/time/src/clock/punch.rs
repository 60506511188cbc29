//! Taking punches. Sent twice they are one; in whatever order they come, the attendance says the same in the end.

use access::{Action, Facts, Permission, Permit, Resource, permission};
use kernel::geo::Fence;
use kernel::id::{ShiftId, SiteId, TimeEntryId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result, Timestamp};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::{Ctx, Door};

use super::model::{Kind, ODD_SKEW, Punch, PunchForm, Source, Standing};
use super::query::{self, Made, NewEntry, Running, Sum};
use super::view::PunchedOut;
use super::{CLOCK, act};
use crate::choices;
use crate::query::{Me, Place, me};
use crate::shifts::setup::{SHIFTS, ShiftOut, State};
use crate::timesheets::query as timesheets;
use crate::week;

const SEE_SITES: Permission = permission(Resource::Site, Action::View);

/// Where and for what somebody begins to work.
struct Ground {
    site: SiteId,
    place: Place,
    facts: Facts,
    shift: Option<(ShiftId, Timestamp, Timestamp)>,
}

/// What the punches say together: from the first beginning to the last end, less the breaks in between.
pub(super) fn sum(marks: &[(Kind, Timestamp)]) -> Option<Sum> {
    let first = marks.iter().map(|(_, at)| *at).min()?;
    let begun = marks.iter().filter(|(kind, _)| *kind == Kind::In).map(|(_, at)| *at).min();
    let ended_at = marks.iter().filter(|(kind, _)| *kind == Kind::Out).map(|(_, at)| *at).max();
    let mut pauses: Vec<(Kind, Timestamp)> =
        marks.iter().filter(|(kind, _)| matches!(kind, Kind::BreakStart | Kind::BreakEnd)).copied().collect();
    pauses.sort_by_key(|(kind, at)| (*at, kind.number()));
    let (mut since, mut seconds) = (None, 0);
    for (kind, at) in pauses {
        match (kind, since) {
            (Kind::BreakStart, None) => since = Some(at),
            (Kind::BreakEnd, Some(from)) => {
                seconds += at.as_second() - Timestamp::as_second(from);
                since = None;
            }
            // A second start, or an end without one, says nothing new.
            _ => {}
        }
    }
    if let (Some(from), Some(until)) = (since, ended_at) {
        // Whoever leaves during a break worked until it began.
        seconds += (until.as_second() - from.as_second()).max(0);
        since = None;
    }
    let state = match (begun, ended_at, since) {
        (None, _, _) => Standing::Incomplete,
        (Some(_), Some(_), _) => Standing::Done,
        (Some(_), None, Some(_)) => Standing::OnBreak,
        (Some(_), None, None) => Standing::Working,
    };
    Some(Sum { started_at: begun.unwrap_or(first), ended_at, break_minutes: seconds / 60, state })
}

/// The shift that is the asker's own now: named, or the one that is nearest to its beginning.
async fn own_shift(ctx: &Ctx, form: &PunchForm, at: Timestamp) -> Result<Option<(ShiftOut, Facts)>> {
    let mine = |shift: &ShiftOut, facts: &Facts| {
        facts.assignee == Some(ctx.who.membership.uuid())
            && !shift.archived
            && (shift.is(State::Published) || shift.is(State::Confirmed))
    };
    if !form.shift.is_blank() {
        let unknown = || Error::field("shift", "choose one of your shifts");
        let id: ShiftId = form.shift.parse().map_err(|_unreadable: String| unknown())?;
        let found =
            listing::find::<ShiftOut>(ctx.store(), &ctx.plan, crate::shifts::VIEW, &SHIFTS, id.uuid()).await;
        return match found {
            Ok((shift, facts)) if mine(&shift, &facts) => Ok(Some((shift, facts))),
            Ok(_) | Err(Error::NotFound) => Err(unknown()),
            Err(other) => Err(other),
        };
    }
    if !ctx.may(crate::shifts::VIEW) {
        return Ok(None);
    }
    let page: Page<ShiftOut> = Listing::new(&ctx.plan, crate::shifts::VIEW, &SHIFTS)?
        .is("archived", 0)?
        .at_least("starts_at", at - jiff::Span::new().hours(38))?
        .below("starts_at", at + jiff::Span::new().hours(2))?
        .rows(PageSize::of(Some(PageSize::MOST)))
        .page(ctx.store())
        .await?;
    let mut near: Vec<&ShiftOut> = page.items.iter().filter(|s| s.ends_at > at && !s.is_open()).collect();
    near.sort_by_key(|s| (s.starts_at.as_second() - at.as_second()).abs());
    for shift in near {
        let (shift, facts) =
            listing::find::<ShiftOut>(ctx.store(), &ctx.plan, crate::shifts::VIEW, &SHIFTS, shift.id.uuid())
                .await?;
        let wanted = form.site.is_blank() || form.site.parse() == Ok(shift.site_id);
        if wanted && mine(&shift, &facts) {
            return Ok(Some((shift, facts)));
        }
    }
    Ok(None)
}

/// Where work begins: at the shift's site, or, without a shift, at a site where the asker's roles put them.
async fn ground(ctx: &Ctx, form: &PunchForm, at: Timestamp) -> Result<Ground> {
    if let Some((shift, facts)) = own_shift(ctx, form, at).await? {
        let place = crate::query::place(ctx.store(), ctx.who.organization, shift.site_id).await?;
        let keys = Facts {
            client: facts.client,
            area: facts.area,
            site: facts.site,
            ..Facts::of(facts.organization)
        };
        return Ok(Ground {
            site: shift.site_id,
            place,
            facts: keys,
            shift: Some((shift.id, shift.starts_at, shift.ends_at)),
        });
    }
    if form.site.is_blank() {
        return Err(Error::field("site", "you have no shift now; choose the site where you work"));
    }
    let (site, place, facts) = choices::site(ctx, SEE_SITES, &form.site).await?;
    Ok(Ground { site, place, facts: Facts { site: Some(site.uuid()), ..facts }, shift: None })
}

/// Does a punch of this kind fit a running attendance, now?
fn fits(kind: Kind, running: &Running) -> Result<()> {
    let words = match (kind, running.state) {
        (Kind::In, _) => {
            let at =
                running.started_at.to_zoned(week::zone(&running.zone)).strftime("%-d %b, %H:%M").to_string();
            return Err(Error::conflict(format!(
                "you are clocked in at {} since {at}; clock out there first, and say when you left",
                running.site_name
            )));
        }
        (Kind::BreakStart, Standing::OnBreak) => "you are on a break already",
        (Kind::BreakEnd, Standing::Working) => "you are not on a break",
        _ => return Ok(()),
    };
    Err(Error::conflict(words))
}

/// Takes a punch.
pub(super) async fn punch(ctx: &Ctx, form: &PunchForm) -> Result<PunchedOut> {
    // Two nodes may be at the same attendance; whoever comes second looks again.
    for _ in 0..3 {
        match attempt(ctx, form).await {
            Err(Error::Stale) => {}
            other => return other,
        }
    }
    attempt(ctx, form).await
}

async fn attempt(ctx: &Ctx, form: &PunchForm) -> Result<PunchedOut> {
    ctx.require(CLOCK)?;
    let (org, now) = (ctx.who.organization, ctx.now());
    let Some(me) = me(ctx.store(), org, ctx.who.membership).await? else {
        return Err(Error::conflict("your sign-in is not tied to a worker; ask the office to do that"));
    };
    let mut punch = form.parse(now)?;
    if let Some((entry, kind, at)) = query::punched(ctx.store(), org, ctx.who.membership, &punch.key).await? {
        if kind != punch.kind.number() {
            return Err(Error::conflict(
                "another punch came under this key; send this one under a key of its own",
            ));
        }
        let (entry, _) = act::find(ctx, entry).await?;
        return Ok(PunchedOut { result: "duplicate", at, says: Vec::new(), entry });
    }
    let by_word = match &punch.attendance {
        Some(word) => query::by_word(ctx.store(), org, me.worker, word).await?,
        None => None,
    };
    let running = match (&by_word, &punch.attendance) {
        (Some(found), _) => Some(found.clone()),
        // The phone says that this is another attendance than the running one.
        (None, Some(_)) => None,
        (None, None) => query::running(ctx.store(), org, me.worker).await?,
    };
    if punch.attendance.is_none() {
        match &running {
            Some(running) => fits(punch.kind, running)?,
            None if punch.kind != Kind::In => {
                return Err(Error::conflict(
                    "you are not clocked in; clock in first, or ask the office to put it down",
                ));
            }
            None => {}
        }
    }
    let mut source = if ctx.door == Door::Api { Source::Api } else { Source::Field };
    if !form.left_at.is_blank() {
        told(form, &mut punch, running.as_ref(), now)?;
        source = Source::Told;
    }
    match running {
        Some(running) => go_on(ctx, &punch, &running, source).await,
        None => begin(ctx, &me, form, &punch, source).await,
    }
}

/// "I left at": only with an end, with a word of why, after the beginning and not in the future.
fn told(form: &PunchForm, punch: &mut Punch, running: Option<&Running>, now: Timestamp) -> Result<()> {
    let Some(running) = running.filter(|_| punch.kind == Kind::Out) else {
        return Err(Error::field("left_at", "only when clocking out of something can you say when you left"));
    };
    let zone = week::zone(&running.zone);
    let at = kernel::local::read(form.left_at.as_str(), &zone, Some(kernel::local::Pass::First))
        .map_err(|wrong| Error::field("left_at", wrong.message))?;
    if at <= running.started_at || at > now {
        return Err(Error::field("left_at", "you left after you came, and not later than now"));
    }
    if punch.reason.is_empty() {
        return Err(Error::field("reason", "say why you clock out only now"));
    }
    punch.at = at;
    Ok(())
}

/// What the site's fence says; a word of why is asked for where it does not see the worker inside.
async fn judged(ctx: &Ctx, punch: &Punch, site: SiteId) -> Result<(Option<bool>, Option<f64>)> {
    let fence = query::fence(ctx.store(), ctx.who.organization, site).await?;
    let Some(fence) = fence.and_then(|drawn| drawn.parse::<Fence>().ok()) else { return Ok((None, None)) };
    let (inside, distance) = match punch.position {
        Some(position) => position.against(&fence),
        None => (None, None),
    };
    let asks = matches!(punch.kind, Kind::In | Kind::Out);
    if asks && inside != Some(true) && punch.reason.is_empty() {
        let words = match (inside, distance) {
            (Some(false), Some(metres)) => {
                format!("you are {} outside of the site; say why", told_metres(metres))
            }
            _ => "your phone does not say where you are; say where and why".to_owned(),
        };
        return Err(Error::field("reason", words));
    }
    // No position at a fenced site is as much a thing to look at as one outside of it.
    Ok((Some(inside == Some(true)), distance))
}

fn told_metres(metres: f64) -> String {
    if metres < 1_000.0 { format!("{metres:.0} m") } else { format!("{:.1} km", metres / 1_000.0) }
}

async fn begin(ctx: &Ctx, me: &Me, form: &PunchForm, punch: &Punch, source: Source) -> Result<PunchedOut> {
    let ground = ground(ctx, form, punch.at).await?;
    let facts = Facts {
        team: me.team,
        author: Some(ctx.who.membership.uuid()),
        assignee: Some(ctx.who.membership.uuid()),
        ..ground.facts
    };
    let permit = ctx.plan.permit_new(CLOCK, &facts)?;
    let (inside, distance_m) = judged(ctx, punch, ground.site).await?;
    let id = TimeEntryId::new();
    let attendance = punch.attendance.clone().unwrap_or_else(|| id.to_string());
    let mut batch = Batch::new();
    query::insert_entry(
        &mut batch,
        &permit,
        &NewEntry {
            id,
            facts: &facts,
            place: &ground.place,
            me,
            membership: ctx.who.membership,
            shift: ground.shift,
            attendance: &attendance,
            at: punch.at,
            now: ctx.now(),
        },
    );
    let marks = [(punch.kind, punch.at)];
    finish(
        ctx,
        batch,
        &permit,
        punch,
        (id, 1, &ground.place.name),
        source,
        (inside, distance_m),
        &marks,
        false,
    )
    .await
}

async fn go_on(ctx: &Ctx, punch: &Punch, running: &Running, source: Source) -> Result<PunchedOut> {
    let (_, facts) = act::find(ctx, running.id).await?;
    let permit = ctx.plan.permit(CLOCK, &facts)?;
    let (inside, distance_m) =
        if source == Source::Told { (None, None) } else { judged(ctx, punch, running.site).await? };
    let mut marks = query::marks(ctx.store(), ctx.who.organization, running.id).await?;
    marks.push((punch.kind, punch.at));
    finish(
        ctx,
        Batch::new(),
        &permit,
        punch,
        (running.id, running.version, &running.site_name),
        source,
        (inside, distance_m),
        &marks,
        running.corrected,
    )
    .await
}

#[expect(clippy::too_many_arguments, reason = "two callers, and each argument is a thing of its own")]
async fn finish(
    ctx: &Ctx,
    mut batch: Batch,
    permit: &Permit,
    punch: &Punch,
    (id, version, site): (TimeEntryId, i64, &str),
    source: Source,
    (inside, distance_m): (Option<bool>, Option<f64>),
    marks: &[(Kind, Timestamp)],
    corrected: bool,
) -> Result<PunchedOut> {
    let now = ctx.now();
    query::insert_punch(
        &mut batch,
        permit,
        punch,
        &Made {
            entry: id,
            membership: ctx.who.membership,
            by: &ctx.who.name,
            source,
            inside,
            distance_m,
            now,
        },
    );
    let sum = sum(marks).ok_or_else(|| Error::internal("an attendance without punches"))?;
    let mut says = Vec::new();
    if corrected {
        // What the office put right by hand is not undone by a late punch; the punch is kept beside it.
        says.push("The office has corrected this attendance; your punch is kept beside it.".to_owned());
    } else {
        let note = if source == Source::Told { punch.reason.as_str() } else { "" };
        query::set_sum(&mut batch, permit, id, version, &sum, (inside == Some(false), false, note), now);
    }
    if punch.skew_seconds.abs() > ODD_SKEW {
        says.push(format!(
            "Your phone's clock is off by {}; the right time was put down.",
            week::hours(punch.skew_seconds.abs() / 60)
        ));
    }
    if sum.state == Standing::Incomplete {
        says.push("Your clock-in has not arrived yet; it is added when it comes.".to_owned());
    }
    if sum.state == Standing::Done && !corrected {
        timesheets::line_of_entry(&mut batch, permit.organization(), id, now);
    }
    let label = format!("{}, {site}", punch.kind.label());
    ctx.journal(
        &mut batch,
        punch.kind.word(),
        Resource::TimeEntry,
        Some(id),
        &label,
        &json!({ "at": punch.at }),
    );
    ctx.commit(batch).await?;
    let (entry, _) = act::find(ctx, id).await?;
    Ok(PunchedOut { result: "accepted", at: punch.at, says, entry })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(clock: &str) -> Timestamp {
        format!("2026-11-23T{clock}:00Z").parse().unwrap()
    }

    #[test]
    fn the_order_in_which_punches_arrive_does_not_matter() {
        let mut marks = vec![
            (Kind::In, at("08:00")),
            (Kind::BreakStart, at("12:00")),
            (Kind::BreakEnd, at("12:30")),
            (Kind::Out, at("16:05")),
        ];
        let whole = sum(&marks).unwrap();
        assert_eq!(whole.started_at, at("08:00"));
        assert_eq!(
            (whole.ended_at, whole.break_minutes, whole.state),
            (Some(at("16:05")), 30, Standing::Done)
        );
        for turn in 0..4 {
            marks.rotate_left(1);
            assert_eq!(sum(&marks).unwrap(), whole, "turned {turn} times");
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        assert_eq!(sum(&[]), None);
        assert_eq!(sum(&[(Kind::Out, at("16:00"))]).unwrap().state, Standing::Incomplete);
        let pausing = [(Kind::In, at("08:00")), (Kind::BreakStart, at("12:00"))];
        assert_eq!(sum(&pausing).unwrap().state, Standing::OnBreak);
        // Gone home from the break: it lasts until the end.
        let gone = [(Kind::In, at("08:00")), (Kind::BreakStart, at("12:00")), (Kind::Out, at("13:00"))];
        assert_eq!((sum(&gone).unwrap().break_minutes, sum(&gone).unwrap().state), (60, Standing::Done));
    }
}
