//! Taking scans. Sent twice they are one; a wrong code is answered with why; everything else is kept.

use access::{Facts, Visibility};
use kernel::id::{CheckpointId, CheckpointReportId, TourId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::evidence::Seen;
use super::model::{Method, Moment, ODD_SKEW, Position, Scan, ScanForm, StartForm};
use super::query::{self, Made, NewWalk, Walk};
use super::view::ScannedOut;
use super::{SCAN, act, take};
use crate::checkpoints::model::CheckpointOut;
use crate::checkpoints::query::CHECKPOINTS;
use crate::checkpoints::{VIEW as SEE_CHECKPOINTS, code};
use crate::tours;
use crate::tours::query as tour_query;

/// Something that was scanned, with how far the phone was from it.
#[derive(Clone, Debug)]
struct Hit {
    checkpoint: CheckpointId,
    name: String,
    method: Method,
    distance_m: Option<f64>,
    near: Option<bool>,
}

fn hit(checkpoint: &CheckpointOut, method: Method, position: Option<Position>) -> Hit {
    let (distance_m, near) = match (position, checkpoint.point()) {
        (Some(position), Some(place)) => {
            let (distance, near) = position.against(place, checkpoint.radius_m);
            (Some(distance), near)
        }
        _ => (None, None),
    };
    Hit { checkpoint: checkpoint.id, name: checkpoint.name.clone(), method, distance_m, near }
}

/// A checkpoint within the plan. One that is hidden answers as one that is not there.
async fn checkpoint(ctx: &Ctx, id: CheckpointId, unknown: fn() -> Error) -> Result<(CheckpointOut, Facts)> {
    match listing::find(ctx.store(), &ctx.plan, SEE_CHECKPOINTS, &CHECKPOINTS, id.uuid()).await {
        Err(Error::NotFound) => Err(unknown()),
        other => other,
    }
}

fn unknown_code() -> Error {
    Error::field(
        "code",
        "this is not the code of a checkpoint of your sites; scan again, or type the word below the code",
    )
}

fn unknown_checkpoint() -> Error {
    Error::field("checkpoint", "choose a checkpoint of your sites")
}

/// What a code leads to: the drawn one, or the word below it.
async fn coded(ctx: &Ctx, text: &str) -> Result<(CheckpointOut, Facts, Method)> {
    let (store, org) = (ctx.store(), ctx.who.organization);
    if let Some((id, version)) = code::read(store, code::word_of(text)) {
        let (found, facts) = checkpoint(ctx, id, unknown_code).await?;
        if query::code_version(store, org, id).await? != Some(version) {
            return Err(Error::field(
                "code",
                format!("this code of {} was replaced; scan the one that is on the wall now", found.name),
            ));
        }
        return Ok((found, facts, Method::Code));
    }
    let word = code::typed(text);
    let Some(id) = query::typed(store, org, &word).await? else { return Err(unknown_code()) };
    let (found, facts) = checkpoint(ctx, id, unknown_code).await?;
    Ok((found, facts, Method::Typed))
}

/// The checkpoint of the asker's sites that is nearest to a position, if one is within reach.
async fn nearest(ctx: &Ctx, position: Position) -> Result<Option<(CheckpointOut, Facts)>> {
    let page: Page<CheckpointOut> = Listing::new(&ctx.plan, SEE_CHECKPOINTS, &CHECKPOINTS)?
        .within(SCAN)
        .is("archived", 0)?
        .rows(PageSize::of(Some(PageSize::MOST)))
        .page(ctx.store())
        .await?;
    let mut within: Vec<(f64, CheckpointId)> = page
        .items
        .iter()
        .filter_map(|one| {
            let (distance, near) = position.against(one.point()?, one.radius_m);
            (near == Some(true)).then_some((distance, one.id))
        })
        .collect();
    within.sort_by(|a, b| a.0.total_cmp(&b.0));
    match within.first() {
        Some((_, id)) => checkpoint(ctx, *id, unknown_checkpoint).await.map(Some),
        None => Ok(None),
    }
}

/// The walk that the phone names, if it was under way then: after its time a walk takes nothing, whoever names it.
async fn named(ctx: &Ctx, form: &ScanForm, moment: &Moment) -> Result<Option<Walk>> {
    if form.walk.is_blank() {
        return Ok(None);
    }
    let (store, org, me) = (ctx.store(), ctx.who.organization, ctx.who.membership);
    let found = match form.walk.parse::<CheckpointReportId>() {
        Ok(id) => {
            let found = query::own(store, org, me, id).await?;
            Some(found.ok_or_else(|| Error::field("walk", "this is no walk of yours"))?)
        }
        Err(_) => query::by_word(store, org, me, form.walk.as_str().trim()).await?,
    };
    let until = |walk: &Walk| walk.stopped_at.map_or(walk.closes_at, |at| at.min(walk.closes_at));
    Ok(found.filter(|walk| moment.at <= until(walk)))
}

/// Takes a scan.
pub(super) async fn scan(ctx: &Ctx, form: &ScanForm) -> Result<ScannedOut> {
    // Two requests may be at the same walk; whoever comes second looks again.
    for _ in 0..3 {
        match attempt(ctx, form).await {
            Err(Error::Stale) => {}
            other => return other,
        }
    }
    attempt(ctx, form).await
}

async fn attempt(ctx: &Ctx, form: &ScanForm) -> Result<ScannedOut> {
    ctx.require(SCAN)?;
    let (store, org, me) = (ctx.store(), ctx.who.organization, ctx.who.membership);
    let scan = form.parse(ctx.now())?;
    if let Some((report, at)) = query::scanned(store, org, me, &scan.key).await? {
        let (report, _) = act::find(ctx, report).await?;
        return Ok(ScannedOut { result: "duplicate", at, reached: Vec::new(), says: Vec::new(), report });
    }
    let walk = named(ctx, form, &scan.moment).await?;
    let (found, method) = if !form.code.is_blank() {
        let (found, facts, method) = coded(ctx, form.code.as_str()).await?;
        (Some((found, facts)), method)
    } else if !form.checkpoint.is_blank() {
        let id = form.checkpoint.parse().map_err(|_unreadable: String| unknown_checkpoint())?;
        needs_position(&scan)?;
        (Some(checkpoint(ctx, id, unknown_checkpoint).await?), Method::Position)
    } else {
        let position = needs_position(&scan)?;
        (nearest(ctx, position).await?, Method::Position)
    };
    let Some((found, facts)) = found else { return nowhere(ctx, &scan, walk).await };
    let walk = match walk {
        Some(walk) => walk,
        None => {
            let site = found.site_id;
            match query::under_way(store, org, me, (site, Some(found.id)), scan.moment.at).await? {
                Some(walk) => walk,
                None => implied(ctx, &found, &facts, &scan.moment).await?,
            }
        }
    };
    let mut hits = vec![hit(&found, method, scan.position)];
    if form.code.is_blank() && form.checkpoint.is_blank() {
        beside(ctx, &scan, &walk, &mut hits).await?;
    }
    put(ctx, &scan, &walk, &hits).await
}

fn needs_position(scan: &Scan) -> Result<Position> {
    scan.position.ok_or_else(|| {
        Error::field(
            "latitude",
            "your phone does not say where you are; scan the code, or type the word below it",
        )
    })
}

/// The other stops of a walk within reach of the same position.
async fn beside(ctx: &Ctx, scan: &Scan, walk: &Walk, hits: &mut Vec<Hit>) -> Result<()> {
    let Some(position) = scan.position else { return Ok(()) };
    for stop in query::stops(ctx.store(), ctx.who.organization, walk.id).await? {
        let place = stop.latitude.zip(stop.longitude);
        let Some(place) = place.and_then(|(lat, lon)| kernel::geo::Point::new(lat, lon).ok()) else {
            continue;
        };
        let (distance, near) = position.against(place, stop.radius_m);
        if near == Some(true) && !hits.iter().any(|hit| hit.checkpoint == stop.checkpoint) {
            hits.push(Hit {
                checkpoint: stop.checkpoint,
                name: stop.name,
                method: Method::Position,
                distance_m: Some(distance),
                near,
            });
        }
    }
    Ok(())
}

/// "I am here", where no checkpoint is within reach: kept with the walk that runs, beside its nearest stop.
async fn nowhere(ctx: &Ctx, scan: &Scan, walk: Option<Walk>) -> Result<ScannedOut> {
    let (store, org, me) = (ctx.store(), ctx.who.organization, ctx.who.membership);
    let position = needs_position(scan)?;
    let walk = match walk {
        Some(walk) => Some(walk),
        None => match query::running(store, org, me, scan.moment.at).await? {
            Some(id) => query::own(store, org, me, id).await?,
            None => None,
        },
    };
    let away = || {
        Error::field(
            "latitude",
            "no checkpoint is within reach of where your phone says you are; go nearer, or scan its code",
        )
    };
    let Some(walk) = walk else { return Err(away()) };
    let mut stops: Vec<(f64, Hit)> = query::stops(store, org, walk.id)
        .await?
        .into_iter()
        .filter_map(|stop| {
            let place = kernel::geo::Point::new(stop.latitude?, stop.longitude?).ok()?;
            let (distance, near) = position.against(place, stop.radius_m);
            let (checkpoint, name) = (stop.checkpoint, stop.name);
            let method = Method::Position;
            Some((distance, Hit { checkpoint, name, method, distance_m: Some(distance), near }))
        })
        .collect();
    stops.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, nearest)) = stops.into_iter().next() else { return Err(away()) };
    put(ctx, scan, &walk, &[nearest]).await
}

async fn put(ctx: &Ctx, scan: &Scan, walk: &Walk, hits: &[Hit]) -> Result<ScannedOut> {
    let (store, org, now) = (ctx.store(), ctx.who.organization, ctx.now());
    let (before, facts) = act::find(ctx, walk.id).await?;
    let _permit = ctx.plan.permit(SCAN, &facts)?;
    let rows = query::stops(store, org, walk.id).await?;
    let stops: Vec<_> = rows.iter().map(act::stop).collect();
    let known = query::scans(store, org, walk.id).await?;
    let mut seen: Vec<Seen> = known.iter().map(act::seen).collect();
    let mut batch = Batch::new();
    let (mut reached, mut says) = (Vec::new(), Vec::new());
    for (number, hit) in hits.iter().enumerate() {
        let key = if number == 0 { scan.key.clone() } else { format!("{}/{number}", scan.key) };
        query::insert_scan(
            &mut batch,
            org,
            scan,
            &Made {
                report: walk.id,
                checkpoint: hit.checkpoint,
                name: &hit.name,
                membership: Some(ctx.who.membership),
                by: &ctx.who.name,
                method: hit.method,
                distance_m: hit.distance_m,
                near: hit.near,
                key: &key,
                now,
            },
        );
        let one = Seen {
            checkpoint: hit.checkpoint.uuid(),
            at: scan.moment.at,
            method: hit.method,
            near: hit.near,
        };
        let again = seen.iter().any(|other| other.counts() && other.checkpoint == one.checkpoint);
        let stop = rows.iter().find(|row| row.checkpoint == hit.checkpoint);
        let metres = hit.distance_m.unwrap_or_default();
        if !one.counts() {
            says.push(format!(
                "You are {metres:.0} m from {}. This is kept, but the checkpoint still waits: go nearer, or scan its code.",
                hit.name
            ));
        } else {
            reached.push(hit.checkpoint);
            if hit.near == Some(false) {
                says.push(format!("Your phone says you are {metres:.0} m from {}. Both is kept.", hit.name));
            }
            if again {
                says.push(format!("{} was scanned before on this tour.", hit.name));
            } else if stop.is_none() {
                says.push(format!("{} is no stop of this tour; the scan is kept with it.", hit.name));
            }
            if let Some(stop) = stop.filter(|s| !s.question.is_empty() && scan.answer.is_empty()) {
                says.push(format!("{} asks: {}", stop.name, stop.question));
            }
        }
        seen.push(one);
    }
    if scan.moment.skew_seconds.abs() > ODD_SKEW {
        let minutes = scan.moment.skew_seconds.abs() / 60;
        says.push(format!("Your phone's clock is off by {minutes} min; the right time was put down."));
    }
    take::settle(store, &mut batch, org, walk, &stops, seen, Some(ctx.who.membership), now).await?;
    let names: Vec<&str> = hits.iter().map(|hit| hit.name.as_str()).collect();
    let label = format!("{}, {}", names.join(", "), before.label());
    let detail = json!({ "at": scan.moment.at });
    let resource = access::Resource::CheckpointReport;
    ctx.journal(&mut batch, "scan", resource, Some(walk.id), &label, &detail);
    ctx.commit_new(batch, &format!("/checkpoint-reports/{}", walk.id)).await?;
    let (report, _) = act::find(ctx, walk.id).await?;
    Ok(ScannedOut { result: "accepted", at: scan.moment.at, reached, says, report })
}

/// Begins a tour.
pub(super) async fn start(ctx: &Ctx, tour: TourId, form: &StartForm) -> Result<CheckpointReportId> {
    ctx.require(SCAN)?;
    let (word, moment) = form.parse(ctx.now())?;
    let (org, me) = (ctx.who.organization, ctx.who.membership);
    for _ in 0..3 {
        if let Some(walk) = query::by_word(ctx.store(), org, me, &word).await? {
            return Ok(walk.id);
        }
        match begin(ctx, Some(tour), None, &word, &moment, true).await {
            Err(Error::Stale) => {}
            other => return other,
        }
    }
    Err(Error::Stale)
}

/// A scan without a walk begins one: of the tour along the checkpoint whose window is open, else of the first one; and
/// where no tour leads along it, a report of its own.
async fn implied(ctx: &Ctx, found: &CheckpointOut, facts: &Facts, moment: &Moment) -> Result<Walk> {
    let (store, org, me) = (ctx.store(), ctx.who.organization, ctx.who.membership);
    let mut chosen = None;
    for id in tour_query::along(store, org, found.id).await? {
        let Ok((tour, _)) = tours::find(ctx, id).await else { continue };
        let open = window(&tour, moment)?.is_some();
        if open || chosen.is_none() {
            chosen = Some(id);
        }
        if open {
            break;
        }
    }
    let word = uuid::Uuid::new_v4().to_string();
    let id = begin(ctx, chosen, Some((found, facts)), &word, moment, false).await?;
    query::own(store, org, me, id).await?.ok_or(Error::NotFound)
}

/// The window of a tour that is open at an instant.
fn window(tour: &tours::model::TourOut, moment: &Moment) -> Result<Option<crate::rhythm::Window>> {
    let zone = crate::rhythm::zone(&tour.zone);
    let second = jiff::Span::new().seconds(1);
    Ok(tour.plan().between(moment.at, moment.at + second, &zone)?.into_iter().next())
}

/// How long a report without a tour takes scans, in minutes.
const ALONE_MINUTES: i64 = 60;

async fn begin(
    ctx: &Ctx,
    tour: Option<TourId>,
    lone: Option<(&CheckpointOut, &Facts)>,
    word: &str,
    moment: &Moment,
    asked: bool,
) -> Result<CheckpointReportId> {
    let (store, org, now) = (ctx.store(), ctx.who.organization, ctx.now());
    let found = match tour {
        Some(id) => Some(tours::find(ctx, id).await?),
        None => None,
    };
    let (site, keys) = match (&found, lone) {
        (Some((tour, facts)), _) => (tour.site_id, *facts),
        (None, Some((checkpoint, facts))) => (checkpoint.site_id, *facts),
        (None, None) => return Err(Error::NotFound),
    };
    let me = crate::query::me(store, org, ctx.who.membership).await?;
    let facts = Facts {
        client: keys.client,
        site: keys.site,
        area: keys.area,
        team: me.as_ref().and_then(|me| me.team),
        assignee: Some(ctx.who.membership.uuid()),
        visibility: Some(Visibility::Held.number()),
        ..Facts::of(org.uuid())
    };
    let _permit = ctx.plan.permit_new(SCAN, &facts)?;
    if let Some((tour, tour_facts)) = &found {
        if tour.archived {
            return Err(Error::conflict("this tour is archived; ask the office"));
        }
        if asked && tours::stops(ctx, tour.id, tour_facts).await?.is_empty() {
            return Err(Error::conflict("this tour has no stops; ask the office"));
        }
    }
    let place = crate::query::place(store, org, site).await?;
    let window = match &found {
        Some((tour, _)) => window(tour, moment)?,
        None => None,
    };
    let before = match (tour, window) {
        (Some(tour), Some(window)) => query::of_slot(store, org, tour, window.from).await?,
        _ => None,
    };
    let minutes = found.as_ref().map_or(ALONE_MINUTES, |(tour, _)| tour.most_minutes);
    let roles = ctx.role_names();
    let id = match before {
        Some((id, true, _)) => id,
        _ => CheckpointReportId::new(),
    };
    let name = me.as_ref().map_or(ctx.who.name.as_str(), |me| me.name.as_str());
    let new = NewWalk {
        id,
        facts: &facts,
        place: &place,
        tour,
        tour_name: found.as_ref().map_or("Without a tour", |(tour, _)| tour.name.as_str()),
        ordered: found.as_ref().is_some_and(|(tour, _)| tour.ordered),
        least_seconds: found.as_ref().map_or(0, |(tour, _)| tour.least_seconds),
        due: window.map(|window| (window.from, window.until, before.is_none())),
        walked: Some((moment.at, moment.at + jiff::Span::new().minutes(minutes))),
        walker: (name, &roles),
        word,
        visibility: Visibility::Held,
        now,
    };
    let mut batch = Batch::new();
    match before {
        Some((id, true, version)) => query::take_over(&mut batch, org, &new, (id, version)),
        _ => query::begin(&mut batch, org, &new),
    }
    if let (None, Some((checkpoint, _))) = (tour, lone) {
        query::lone_stop(&mut batch, org, id, checkpoint.id);
    }
    let label = format!("{}, {}", new.tour_name, place.name);
    let detail = json!({ "at": moment.at });
    ctx.journal(&mut batch, "start", access::Resource::CheckpointReport, Some(id), &label, &detail);
    if asked {
        ctx.commit_new(batch, &format!("/checkpoint-reports/{id}")).await?;
    } else {
        ctx.commit(batch).await?;
    }
    Ok(id)
}
