//! Making many shifts at once, from another week or from a template: first what would be made and why not, then the
//! same again for good. Both are one computation, so that the preview tells the truth.

use access::{Facts, Resource, Visibility};
use kernel::id::{ShiftId, ShiftTemplateId, SiteId};
use kernel::text::Prose;
use kernel::{Error, FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Batch;
use web::{Ctx, Text};

use super::model::Draft;
use super::rules::{self, Wanted, Whose};
use super::templates::{self, Line};
use super::view::ShiftOut;
use super::{ASSIGN, CREATE, act, query};
use crate::choices::{self, WorkerChoice};
use crate::query::Place;
use crate::week::{self, Week};

/// So many at most in one step.
const MOST: usize = 500;

/// What is to be made, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PlanForm {
    /// The week that is copied: any day of it. Blank where a template is used.
    pub from: Text,
    /// A template's id. Blank where a week is copied.
    pub template: Text,
    /// The week that is made: any day of it.
    pub to: Text,
    /// Only this site; blank is all.
    pub site: Text,
    /// `true` makes them; blank only looks.
    pub make: Text,
}

/// What happens to one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fate {
    /// A draft is made.
    Made,
    /// A draft is made without its worker.
    MadeOpen,
    /// One like it is there.
    There,
}

/// One shift of the plan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct PlanRow {
    /// Where.
    pub site: String,
    /// What is to be done there.
    pub post: String,
    /// From.
    pub starts_at: Timestamp,
    /// Until.
    pub ends_at: Timestamp,
    /// The site's clock.
    pub zone: String,
    /// Who; none is open.
    pub worker: Option<String>,
    /// What happens to it.
    pub fate: Fate,
    /// Why, and what the rules warn of.
    pub says: Vec<String>,
}

/// The whole plan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct PlanOut {
    /// The Monday of the week that is made.
    pub to: String,
    /// Shift by shift.
    pub rows: Vec<PlanRow>,
    /// How many are made.
    pub count: usize,
    /// Were they made, or was this a look?
    pub made: bool,
}

struct Source {
    site: SiteId,
    lines: Vec<Line>,
}

async fn sources(ctx: &Ctx, form: &PlanForm) -> Result<Vec<Source>> {
    if !form.template.is_blank() {
        let unknown = || Error::field("template", "choose one of the templates");
        let id: ShiftTemplateId = form.template.parse().map_err(|_unreadable: String| unknown())?;
        let (template, _) = match templates::find(ctx, id).await {
            Err(Error::NotFound) => return Err(unknown()),
            other => other?,
        };
        if template.archived {
            return Err(unknown());
        }
        return Ok(vec![Source { site: template.site_id, lines: template.lines }]);
    }
    if form.from.is_blank() {
        return Err(Error::field("from", "choose a week to copy, or a template"));
    }
    let from = Week::read(form.from.as_str(), ctx.now(), &week::zone(&ctx.who.zone))
        .map_err(|e| Error::field("from", e))?;
    let shifts = act::of_week(ctx, from, form.site.as_str().trim()).await?;
    let mut by_site: Vec<(SiteId, Vec<ShiftOut>)> = Vec::new();
    for shift in shifts {
        match by_site.iter_mut().find(|(site, _)| *site == shift.site_id) {
            Some((_, shifts)) => shifts.push(shift),
            None => by_site.push((shift.site_id, vec![shift])),
        }
    }
    Ok(by_site
        .into_iter()
        .map(|(site, shifts)| Source { site, lines: templates::lines(&shifts, from) })
        .collect())
}

/// One shift to be made, with all that its row needs.
struct Making {
    site: usize,
    worker: Option<WorkerChoice>,
    draft: Draft,
}

/// Looks at what would be made, or makes it.
pub(super) async fn plan(ctx: &Ctx, form: &PlanForm) -> Result<PlanOut> {
    ctx.require(CREATE)?;
    let mut errors = FieldErrors::default();
    let to = if form.to.is_blank() {
        Err("choose the week to make".to_owned())
    } else {
        Week::read(form.to.as_str(), ctx.now(), &week::zone(&ctx.who.zone))
    };
    let to = errors.take("to", to);
    errors.check()?;
    let Some(to) = to else { return Err(Error::internal("a checked form lacks a field")) };
    let policy = query::policy(ctx.store(), ctx.who.organization).await?;
    let mut rows = Vec::new();
    let mut making: Vec<Making> = Vec::new();
    let mut places: Vec<(SiteId, Place, Facts)> = Vec::new();
    for source in sources(ctx, form).await? {
        // Sites where the asker only looks are passed over: there is nothing to make.
        let Ok((site, place, facts)) = choices::site(ctx, CREATE, &source.site.to_string().into()).await
        else {
            continue;
        };
        let there = act::of_week(ctx, to, &site.to_string()).await?;
        for line in &source.lines {
            let (mut row, draft) = timed(line, to, &place)?;
            let same = |s: &ShiftOut| {
                s.starts_at == draft.starts_at && s.ends_at == draft.ends_at && s.post == draft.post
            };
            // As many of a kind as the source has: two guards on one post are two shifts.
            let had = there.iter().filter(|s| same(s)).count();
            let before = rows.iter().filter(|r: &&PlanRow| {
                r.fate == Fate::There
                    && r.site == row.site
                    && r.starts_at == row.starts_at
                    && r.ends_at == row.ends_at
                    && r.post == row.post
            });
            if before.count() < had {
                row.fate = Fate::There;
                row.says.push("A shift like this is in that week already.".to_owned());
                rows.push(row);
                continue;
            }
            let worker = chosen(ctx, line, &mut row, &facts).await?;
            let worker = match worker {
                Some(worker) => {
                    let wanted = Wanted {
                        shift: None,
                        site: site.uuid(),
                        worker: worker.id,
                        starts_at: draft.starts_at,
                        ends_at: draft.ends_at,
                    };
                    let found = rules::ask_with(ctx, &policy, Whose::Workers, &wanted).await?;
                    let clash = making.iter().any(|m| {
                        m.worker.as_ref().is_some_and(|w| w.id == worker.id)
                            && m.draft.starts_at < draft.ends_at
                            && draft.starts_at < m.draft.ends_at
                    });
                    row.says.extend(found.warned);
                    let stopped = !found.blocked.is_empty();
                    row.says.extend(found.blocked);
                    if clash {
                        row.says.push(format!("{} has another of these shifts at that time.", worker.name));
                    }
                    if stopped || (clash && policy.double_booking == super::policy::Strictness::Block) {
                        row.fate = Fate::MadeOpen;
                        None
                    } else {
                        Some(worker)
                    }
                }
                None => None,
            };
            row.worker = worker.as_ref().map(|w| w.name.clone());
            rows.push(row);
            making.push(Making { site: places.len(), worker, draft });
        }
        places.push((site, place, facts));
    }
    if making.len() > MOST {
        return Err(Error::field(
            "from",
            format!(
                "that would be {} shifts; at most {MOST} are made at once, so take one site at a time",
                making.len()
            ),
        ));
    }
    let count = making.len();
    let made = form.make.is_on() && count > 0;
    if made {
        make(ctx, form, &places, &making).await?;
    }
    Ok(PlanOut { to: to.monday().to_string(), rows, count, made })
}

/// A line in a week, on the clock of its site.
fn timed(line: &Line, to: Week, place: &Place) -> Result<(PlanRow, Draft)> {
    let zone = week::zone(&place.zone);
    let broken = || Error::internal("a template holds a time that is none");
    let day = to.monday().saturating_add(jiff::Span::new().days(line.day));
    let starts = week::time_of_day(&line.starts).ok_or_else(broken)?;
    let ends = week::time_of_day(&line.ends).ok_or_else(broken)?;
    let (starts_at, skipped) = week::instant(day.to_datetime(starts), &zone)?;
    let last = day.saturating_add(jiff::Span::new().days(line.days));
    let (ends_at, skipped_end) = week::instant(last.to_datetime(ends), &zone)?;
    let mut says = Vec::new();
    if skipped || skipped_end {
        says.push(
            "The clock is put forward that night; the time it skips was moved to the next there is."
                .to_owned(),
        );
    }
    let row = PlanRow {
        site: place.name.clone(),
        post: line.post.clone(),
        starts_at,
        ends_at,
        zone: place.zone.clone(),
        worker: None,
        fate: Fate::Made,
        says,
    };
    let note: Prose<2000> = line.note.parse().map_err(Error::internal)?;
    Ok((row, Draft { post: line.post.clone(), starts_at, ends_at, break_minutes: line.break_minutes, note }))
}

/// The worker of a line, where there still is one whom the asker may give a shift.
async fn chosen(ctx: &Ctx, line: &Line, row: &mut PlanRow, facts: &Facts) -> Result<Option<WorkerChoice>> {
    let Some(worker) = line.worker else { return Ok(None) };
    if !ctx.plan.check(ASSIGN, facts) {
        row.fate = Fate::MadeOpen;
        row.says.push("You may not give shifts to people here; it is made open.".to_owned());
        return Ok(None);
    }
    let found = choices::worker_of(ctx, worker).await?;
    if found.is_none() {
        row.fate = Fate::MadeOpen;
        row.says.push("Its worker is no longer there; it is made open.".to_owned());
    }
    Ok(found)
}

async fn make(
    ctx: &Ctx,
    form: &PlanForm,
    places: &[(SiteId, Place, Facts)],
    making: &[Making],
) -> Result<()> {
    let mut batch = Batch::new();
    for one in making {
        let Some((_, place, at_site)) = places.get(one.site) else { continue };
        let facts = Facts {
            team: one.worker.as_ref().and_then(|w| w.team),
            visibility: Some(Visibility::Draft.number()),
            closed: Some(i64::from(one.worker.is_some())),
            author: Some(ctx.who.membership.uuid()),
            ..*at_site
        };
        let permit = ctx.plan.permit_new(CREATE, &facts)?;
        let id = ShiftId::new();
        let stamp = query::Stamp {
            id,
            facts: &facts,
            place,
            worker: one.worker.as_ref(),
            author: Some(ctx.who.membership),
            author_name: &ctx.who.name,
            now: ctx.now(),
        };
        query::insert(&mut batch, &permit, &stamp, &one.draft);
        let label =
            format!("{}, {}", place.name, week::span(one.draft.starts_at, one.draft.ends_at, &place.zone));
        ctx.journal(&mut batch, "create", Resource::Shift, Some(id), &label, &json!({ "planned": form }));
    }
    ctx.commit_new(batch, "/shifts/week").await?;
    Ok(())
}
