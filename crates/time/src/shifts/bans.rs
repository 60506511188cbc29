//! Bans: a worker who is not to work at a site. Whoever plans there sees them; setting and lifting one needs a word,
//! and both are kept (GuardHouse: "blacklisting requires a note; history kept").

use access::FieldClass::{Operational, People};
use access::{Facts, Permit, Resource};
use kernel::id::{SiteBanId, SiteId, WorkerId};
use kernel::page::{Page, PageSize};
use kernel::text::Line;
use kernel::{Error, Result, Timestamp};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::listing::{self, Keys, Listing, Order, Table, field};
use store::{Batch, FromRow, Row};
use ui::{Choice, Column, Empty, Field, Form, Kind, buttons, form as ui_form, select, submit, table, text};
use web::reply::{Complaints, PageParts};
use web::{Ctx, Text};

use super::{APPROVE, ASSIGN, VIEW};
use crate::choices;

/// Bans are a part of the schedule: whoever may assign at a site meets them.
pub(super) static BANS: Table = Table {
    resource: Resource::Shift,
    name: "site_bans",
    fields: &[
        field("id", "t.id", Operational),
        field("site_id", "t.site_id", Operational),
        field("site", "t.site_name", Operational),
        field("worker_id", "t.worker_id", People),
        field("worker", "t.worker_name", People),
        field("note", "t.note", People),
        field("banned_at", "t.banned_at", Operational),
        field("banned_by", "t.banned_by", People),
        field("lifted_at", "t.lifted_at", Operational),
        field("lifted_by", "t.lifted_by", People),
        field("lifted_note", "t.lifted_note", People),
        field("version", "t.version", Operational),
    ],
    joins: "",
    orders: &[Order {
        name: "banned",
        column: "banned_at",
        text: false,
        descending: true,
        class: Operational,
    }],
    search: &[],
    // No person columns: what is "own" about a shift says nothing about a ban.
    keys: Keys { area: Some("area_id"), client: Some("client_id"), site: Some("site_id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// A ban as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct BanOut {
    /// Its id.
    pub id: SiteBanId,
    /// Where.
    pub site_id: SiteId,
    /// Where, by name.
    pub site: String,
    /// Who.
    pub worker_id: Option<WorkerId>,
    /// Who, by name.
    pub worker: String,
    /// Why.
    pub note: String,
    /// Since when.
    pub banned_at: Timestamp,
    /// By whom.
    pub banned_by: Option<String>,
    /// Until when; none while it holds.
    pub lifted_at: Option<Timestamp>,
    /// Who lifted it.
    pub lifted_by: Option<String>,
    /// Why it was lifted.
    pub lifted_note: Option<String>,
    /// Its version.
    pub version: i64,
}

impl FromRow for BanOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            worker_id: row.get(3)?,
            worker: row.get::<Option<String>>(4)?.unwrap_or_else(|| "A worker".to_owned()),
            note: row.get::<Option<String>>(5)?.unwrap_or_default(),
            banned_at: row.get(6)?,
            banned_by: row.get(7)?,
            lifted_at: row.get(8)?,
            lifted_by: row.get(9)?,
            lifted_note: row.get(10)?,
            version: row.get(11)?,
        })
    }
}

/// A ban as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct BanForm {
    /// Where: a site's id.
    pub site: Text,
    /// Who: a worker's id.
    pub worker: Text,
    /// Why.
    pub note: Text,
}

/// Lifting one, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LiftForm {
    /// Why.
    pub note: Text,
}

pub(super) async fn list(ctx: &Ctx) -> Result<Page<BanOut>> {
    ctx.require(ASSIGN)?;
    Listing::new(&ctx.plan, ASSIGN, &BANS)?.rows(PageSize::of(Some(PageSize::MOST))).page(ctx.store()).await
}

/// The ban that holds for a worker at a site, if the asker meets it.
pub(super) async fn current(ctx: &Ctx, site: uuid::Uuid, worker: WorkerId) -> Result<Option<BanOut>> {
    if !ctx.may(ASSIGN) {
        return Ok(None);
    }
    let Ok(listing) = Listing::new(&ctx.plan, ASSIGN, &BANS)?.is("worker_id", worker) else {
        return Ok(None);
    };
    let page: Page<BanOut> = listing
        .is("site_id", site)?
        .unknown("lifted_at")?
        .rows(PageSize::of(Some(1)))
        .page(ctx.store())
        .await?;
    Ok(page.items.into_iter().next())
}

pub(super) async fn ban(ctx: &Ctx, form: &BanForm) -> Result<BanOut> {
    ctx.require(APPROVE)?;
    let (site, place, at_site) = choices::site(ctx, APPROVE, &form.site).await?;
    let facts = Facts { site: Some(site.uuid()), ..at_site };
    let permit = ctx.plan.permit_new(APPROVE, &facts)?;
    let worker = choices::worker(ctx, &form.worker).await?;
    let worker = worker.ok_or_else(|| Error::field("worker", "choose who"))?;
    let note: Line<500> = form.note.parse().map_err(|e| Error::field("note", format!("say why: {e}")))?;
    if current(ctx, site.uuid(), worker.id).await?.is_some() {
        return Err(Error::field("worker", "this worker is banned from this site already"));
    }
    let id = SiteBanId::new();
    let mut batch = Batch::new();
    super::query::insert_ban(
        &mut batch,
        &permit,
        &super::query::NewBan {
            id,
            facts: &facts,
            site_name: &place.name,
            worker: &worker,
            note: note.as_str(),
            by: &ctx.who.name,
            now: ctx.now(),
        },
    );
    let label = format!("{} at {}", worker.name, place.name);
    ctx.journal(&mut batch, "ban", Resource::Shift, Some(id), &label, &json!({ "note": note }));
    ctx.commit_new(batch, "/shifts/bans").await?;
    Ok(find(ctx, id).await?.0)
}

async fn find(ctx: &Ctx, id: SiteBanId) -> Result<(BanOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, ASSIGN, &BANS, id.uuid()).await
}

pub(super) async fn lift(ctx: &Ctx, id: SiteBanId, form: &LiftForm) -> Result<BanOut> {
    let (ban, facts) = find(ctx, id).await?;
    let permit: Permit = ctx.plan.permit_new(APPROVE, &facts)?;
    let note: Line<500> = form.note.parse().map_err(|e| Error::field("note", format!("say why: {e}")))?;
    if ban.lifted_at.is_none() {
        let mut batch = Batch::new();
        super::query::lift_ban(&mut batch, &permit, id, ban.version, &ctx.who.name, note.as_str(), ctx.now());
        let label = format!("{} at {}", ban.worker, ban.site);
        ctx.journal(&mut batch, "lift_ban", Resource::Shift, Some(id), &label, &json!({ "note": note }));
        ctx.commit(batch).await?;
    }
    Ok(find(ctx, id).await?.0)
}

/// The page: who is banned where, and the form for one more.
pub(super) async fn page(ctx: &Ctx, typed: &BanForm, wrong: &Complaints) -> Result<Markup> {
    let bans = list(ctx).await?;
    let (sites, workers) = if ctx.may(APPROVE) {
        (choices::sites(ctx, VIEW).await?, choices::workers(ctx).await?)
    } else {
        (Vec::new(), Vec::new())
    };
    let zone = crate::week::zone(&ctx.who.zone);
    let rows: Vec<ui::Row<'_>> = bans
        .items
        .iter()
        .map(|ban| ui::Row {
            cells: vec![
                ui::person(&ban.worker),
                html! { (ban.site) },
                html! { (ban.note) },
                html! {
                    (ui::time_exact(ban.banned_at, &zone))
                    @if let Some(by) = &ban.banned_by { " by " (ui::person(by)) }
                },
                match ban.lifted_at {
                    Some(at) => html! {
                        "Lifted " (ui::time_exact(at, &zone))
                        @if let Some(note) = &ban.lifted_note { ": " (note) }
                    },
                    None if ctx.may(APPROVE) => {
                        let id = format!("lift-{}", ban.id);
                        ui_form(
                            &Form {
                                action: &ctx.href(&format!("/shifts/bans/{}/lift", ban.id)),
                                ..Form::default()
                            },
                            html! {
                                (text(&Field::new("note", "Why lift it").id(&id).required()))
                                (submit(Kind::Quiet, "Lift"))
                            },
                        )
                    }
                    None => html! { "Holds" },
                },
            ],
            muted: ban.lifted_at.is_some(),
            ..ui::Row::default()
        })
        .collect();
    let site_ids: Vec<(String, String)> = sites.iter().map(|s| (s.id.to_string(), s.name.clone())).collect();
    let worker_ids: Vec<(String, String)> =
        workers.iter().map(|w| (w.id.to_string(), w.name.clone())).collect();
    let offer = |all: &[(String, String)]| -> Vec<(String, String)> { all.to_vec() };
    let (site_ids, worker_ids) = (offer(&site_ids), offer(&worker_ids));
    let site_choices: Vec<Choice<'_>> = site_ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let worker_choices: Vec<Choice<'_>> = worker_ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let body = html! {
        @if rows.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::lock(),
                    title: "Nobody is banned",
                    text: "A worker who is not to work at a site is written down here, with the reason. The rules of the schedule then warn, or stop it.",
                },
                html! {},
            ))
        } @else {
            (table(&ui::Table {
                caption: "Who is not to work where",
                columns: &[
                    Column::lead("Worker"),
                    Column::new("Site"),
                    Column::new("Why"),
                    Column::new("Since"),
                    Column::new("Until"),
                ],
                rows: &rows,
                ..ui::Table::default()
            }))
        }
        @if ctx.may(APPROVE) {
            (ui::card(&ui::Card { title: "Ban a worker from a site", ..ui::Card::default() }, html! {
                (web::reply::complaint(wrong))
                (ui_form(
                    &Form { action: &ctx.href("/shifts/bans"), errors: Some(&wrong.fields), ..Form::default() },
                    html! {
                        (select(&Field::new("site", "Site").value(typed.site.as_str()).required().errors(&wrong.fields), &site_choices, Some("Choose")))
                        (select(&Field::new("worker", "Worker").value(typed.worker.as_str()).required().errors(&wrong.fields), &worker_choices, Some("Choose")))
                        (text(&Field::new("note", "Why").value(typed.note.as_str()).required().errors(&wrong.fields)))
                        (buttons(submit(Kind::Danger, "Ban")))
                    },
                ))
            }))
        }
    };
    Ok(ctx.page(PageParts::titled("Bans").crumb("Schedule", "/shifts/week"), body))
}
