//! Templates: a week of one site, kept to be made again. One is taken from a week of the schedule.

use access::FieldClass::Operational;
use access::{Facts, Resource};
use kernel::id::{ShiftTemplateId, SiteId, WorkerId};
use kernel::page::{Page, PageSize};
use kernel::text::Name;
use kernel::{Error, FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::listing::{self, Keys, Listing, Order, Table, field};
use store::{Batch, FromRow, Row};
use web::{Ctx, Text};

use super::{CREATE, act, query};
use crate::choices;
use crate::week::{self, Week};

/// Templates are a part of the schedule: whoever plans at a site meets them.
pub(super) static TEMPLATES: Table = Table {
    resource: Resource::Shift,
    name: "shift_templates",
    fields: &[
        field("id", "t.id", Operational),
        field("site_id", "t.site_id", Operational),
        field("site", "t.site_name", Operational),
        field("name", "t.name", Operational),
        field("lines", "t.lines", Operational),
        field("archived", "t.archived", Operational),
    ],
    joins: "",
    orders: &[Order { name: "name", column: "search", text: true, descending: false, class: Operational }],
    search: &[("t.search", Operational)],
    keys: Keys { area: Some("area_id"), client: Some("client_id"), site: Some("site_id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// A line of a template: a shift without its week.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Line {
    /// 0 is Monday.
    pub day: i64,
    /// `22:00`, on the site's clock.
    pub starts: String,
    /// `06:00`.
    pub ends: String,
    /// So many days after it begins: 0, or 1 across midnight.
    pub days: i64,
    /// What is to be done there.
    pub post: String,
    /// Unpaid break in minutes.
    pub break_minutes: i64,
    /// Who; none leaves it open.
    pub worker: Option<WorkerId>,
    /// What the worker should know.
    pub note: String,
}

/// A template as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct TemplateOut {
    /// Its id.
    pub id: ShiftTemplateId,
    /// Where.
    pub site_id: SiteId,
    /// Where, by name.
    pub site: String,
    /// What it is called.
    pub name: String,
    /// Its shifts.
    pub lines: Vec<Line>,
    /// Put away?
    pub archived: bool,
}

impl FromRow for TemplateOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            name: row.get(3)?,
            lines: serde_json::from_str(row.text(4)?).map_err(Error::internal)?,
            archived: row.get::<i64>(5)? == 1,
        })
    }
}

/// A template as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TemplateForm {
    /// What it is called.
    pub name: Text,
    /// Where: a site's id.
    pub site: Text,
    /// The week it is taken from: any day of it.
    pub week: Text,
}

pub(super) async fn list(ctx: &Ctx) -> Result<Page<TemplateOut>> {
    ctx.require(CREATE)?;
    Listing::new(&ctx.plan, CREATE, &TEMPLATES)?
        .is("archived", 0)?
        .rows(PageSize::of(Some(PageSize::MOST)))
        .page(ctx.store())
        .await
}

pub(super) async fn find(ctx: &Ctx, id: ShiftTemplateId) -> Result<(TemplateOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, CREATE, &TEMPLATES, id.uuid()).await
}

/// The lines that the shifts of a week make.
pub(super) fn lines(shifts: &[super::view::ShiftOut], week: Week) -> Vec<Line> {
    shifts
        .iter()
        .map(|shift| {
            let zone = week::zone(&shift.zone);
            let (from, until) = (zone.to_datetime(shift.starts_at), zone.to_datetime(shift.ends_at));
            let days = |from: jiff::civil::Date, until: jiff::civil::Date| (until - from).get_days().into();
            Line {
                day: days(week.monday(), from.date()),
                starts: from.strftime("%H:%M").to_string(),
                ends: until.strftime("%H:%M").to_string(),
                days: days(from.date(), until.date()),
                post: shift.post.clone(),
                break_minutes: shift.break_minutes,
                worker: shift.worker_id,
                note: shift.note.clone().unwrap_or_default(),
            }
        })
        .collect()
}

/// Keeps the shifts of a site in a week as a template.
pub(super) async fn create(ctx: &Ctx, form: &TemplateForm) -> Result<TemplateOut> {
    ctx.require(CREATE)?;
    let (site, place, at_site) = choices::site(ctx, CREATE, &form.site).await?;
    let facts = Facts { site: Some(site.uuid()), ..at_site };
    let permit = ctx.plan.permit_new(CREATE, &facts)?;
    let mut errors = FieldErrors::default();
    let name = errors.take("name", form.name.parse::<Name>());
    let zone = week::zone(&place.zone);
    let week = errors.take("week", Week::read(form.week.as_str(), ctx.now(), &zone));
    errors.check()?;
    let (Some(name), Some(week)) = (name, week) else {
        return Err(Error::internal("a checked form lacks a field"));
    };
    let shifts = act::of_week(ctx, week, &site.to_string()).await?;
    if shifts.is_empty() {
        return Err(Error::field("week", "this site has no shifts in that week; plan some first"));
    }
    let lines = serde_json::to_string(&lines(&shifts, week)).map_err(Error::internal)?;
    let id = ShiftTemplateId::new();
    let mut batch = Batch::new();
    query::insert_template(
        &mut batch,
        &permit,
        &query::NewTemplate {
            id,
            facts: &facts,
            site_name: &place.name,
            name: name.as_str(),
            lines: &lines,
            now: ctx.now(),
        },
    );
    let label = format!("Template {name}");
    ctx.journal(&mut batch, "create", Resource::Shift, Some(id), &label, &json!({ "after": form }));
    ctx.commit_new(batch, "/shifts/plan").await?;
    Ok(find(ctx, id).await?.0)
}

pub(super) async fn set_archived(ctx: &Ctx, id: ShiftTemplateId, archived: bool) -> Result<TemplateOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit_new(CREATE, &facts)?;
    if before.archived != archived {
        let mut batch = Batch::new();
        query::archive_template(&mut batch, &permit, id, archived.then(|| ctx.now()));
        let action = if archived { "archive" } else { "restore" };
        let label = format!("Template {}", before.name);
        ctx.journal(&mut batch, action, Resource::Shift, Some(id), &label, &json!({}));
        ctx.commit(batch).await?;
    }
    Ok(find(ctx, id).await?.0)
}
