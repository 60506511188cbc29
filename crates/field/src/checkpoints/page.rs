//! Pages of checkpoints, from views alone.

use access::Facts;
use kernel::Result;
use kernel::id::CheckpointId;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Confirm, Empty, Field, FilterBar, Form, GeoMap, GeoNames, GeoShape, GeoTyped, Kind,
    Marker, Pager, Row, Table, button_link, buttons, card, confirm, detail_list, fieldset, filter_bar,
    form as ui_form, form_row, geo_map, number, pager, select, split, status, submit, table, text, text_area,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::model::{CheckpointFilter, CheckpointForm, CheckpointOut};
use super::{CREATE, DELETE, EDIT, EXPORT};
use crate::choices::{self, SiteChoice};
use crate::query::SEE_SITES;

/// The sites that the list can be narrowed to.
pub(super) async fn sites(ctx: &Ctx) -> Result<Vec<SiteChoice>> {
    if ctx.portal().is_none() {
        return Ok(Vec::new());
    }
    choices::sites(ctx, SEE_SITES).await
}

fn rows(ctx: &Ctx, checkpoints: &[CheckpointOut]) -> Markup {
    let hrefs: Vec<String> =
        checkpoints.iter().map(|c| ctx.href(&format!("/checkpoints/{}", c.id))).collect();
    let rows: Vec<Row<'_>> = checkpoints
        .iter()
        .zip(&hrefs)
        .map(|(one, href)| Row {
            href: Some(href),
            cells: vec![
                html! { bdi { (one.name) } },
                html! { bdi { (one.site) } },
                html! { (one.place) },
                html! { @if one.point().is_some() { "Within " (one.radius_m) " m" } @else { "Not set" } },
                html! { (one.question) },
            ],
            muted: one.archived,
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "Checkpoints",
        columns: &[
            Column::lead("Name"),
            Column::new("Site"),
            Column::number("Place"),
            Column::new("Position"),
            Column::new("Question").low(),
        ],
        rows: &rows,
        ..Table::default()
    })
}

pub(super) fn list(
    ctx: &Ctx,
    filter: &CheckpointFilter,
    sites: &[SiteChoice],
    page: &Page<CheckpointOut>,
) -> Markup {
    let here = ctx.href("/checkpoints");
    let query = |archived: bool, cursor: Option<&str>| {
        let mut words: Vec<String> = [("q", filter.q.as_str()), ("site", &filter.site)]
            .iter()
            .filter(|(_, word)| !word.is_empty())
            .map(|(name, word)| format!("{name}={}", web::mount::encode(word)))
            .collect();
        words.extend(archived.then(|| "archived=true".to_owned()));
        words.extend(cursor.map(|c| format!("cursor={c}")));
        words.join("&")
    };
    let next = page.next.as_ref().map(|c| format!("{here}?{}", query(filter.archived, Some(c))));
    let other = format!("{here}?{}", query(!filter.archived, None));
    let export = ctx.href(&format!("/checkpoints/export?{}", query(filter.archived, None)));
    let ids: Vec<(String, &str)> = sites.iter().map(|s| (s.id.to_string(), s.name.as_str())).collect();
    let choices: Vec<Choice<'_>> = std::iter::once(Choice::new("", "All sites"))
        .chain(ids.iter().map(|(id, name)| Choice::new(id, name)))
        .collect();
    let body = html! {
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Search checkpoints",
            facets: &[ui::Facet { name: "site", label: "Site", choices: &choices, chosen: &[filter.site.as_str()], single: true }],
            actions: html! {
                @if ctx.may(EXPORT) { (ui::download("Export", &export, Some("CSV, what you see now"))) }
                a href=(other) { @if filter.archived { "Show current checkpoints" } @else { "Show archived" } }
            },
            ..FilterBar::default()
        }))
        @if page.items.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::site(),
                    title: "No checkpoints here",
                    text: "A checkpoint is a place of a site that is scanned on rounds: a door, a gate, a pump.",
                },
                html! {},
            ))
        } @else {
            (rows(ctx, &page.items))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} checkpoints", page.items.len()),
            }))
        }
    };
    let of_site = |path: &str| {
        let site = if filter.site.is_empty() { String::new() } else { format!("?site={}", filter.site) };
        ctx.href(&format!("{path}{site}"))
    };
    let actions = html! {
        @if !filter.site.is_empty() && ctx.may(EDIT) {
            (button_link(Kind::Plain, "Print codes", &of_site("/checkpoints/sheet"), Some(ui::icon::file())))
        }
        @if ctx.may(CREATE) {
            (button_link(Kind::Primary, "Add a checkpoint", &of_site("/checkpoints/new"), Some(ui::icon::plus())))
        }
    };
    ctx.page(PageParts::titled("Checkpoints").actions(actions), body)
}

fn map(ctx: &Ctx, one: &CheckpointOut) -> Markup {
    let Some(point) = one.point() else {
        return html! { p.hint { "Nobody has said where it is; scans cannot be compared with a place." } };
    };
    let at = ui::Point { lat: point.latitude(), lon: point.longitude() };
    geo_map(&GeoMap {
        id: "place",
        label: &format!("Map of {}", one.name),
        center: at,
        zoom: 18,
        shape: GeoShape::Circle { center: at, radius_m: one.radius_m },
        markers: &[Marker { at, label: &one.name, ..Marker::default() }],
        tiles_url: ctx.app.config.tiles_url.as_deref(),
        ..GeoMap::default()
    })
}

pub(super) fn show(ctx: &Ctx, one: &CheckpointOut, facts: &Facts) -> Markup {
    let path = format!("/checkpoints/{}", one.id);
    let sheet = ctx.href(&format!("/checkpoints/sheet?site={}", one.site_id));
    let edits = ctx.plan.check(EDIT, facts);
    let actions = html! {
        (ctx.access_button(one.id))
        (ctx.journal_button(one.id, facts))
        @if edits {
            (confirm(&Confirm {
                id: "renew",
                label: "New code",
                title: "Give it another code?",
                text: "The code on the wall says nothing from then on. Print the new one and put it up.",
                action: &ctx.href(&format!("{path}/code")),
                submit: "Give it another code",
                ..Confirm::default()
            }))
            (button_link(Kind::Plain, "Print codes", &sheet, Some(ui::icon::file())))
            (button_link(Kind::Primary, "Edit", &ctx.href(&format!("{path}/edit")), None))
        }
        @if ctx.plan.check(DELETE, facts) {
            @let (label, noun) = if one.archived { ("Restore", "restore") } else { ("Archive", "archive") };
            (ui_form(&Form { action: &ctx.href(&format!("{path}/{noun}")), ..Form::default() }, submit(Kind::Quiet, label)))
        }
    };
    let state = if one.archived { ("Archived", ui::Tone::Neutral) } else { ("Current", ui::Tone::Success) };
    let body = split(
        card(
            &Card::default(),
            detail_list(&[
                (
                    "Site",
                    html! { a href=(ctx.href(&format!("/sites/{}", one.site_id))) { bdi { (one.site) } } },
                ),
                ("Place", html! { (one.place) }),
                (
                    "Instructions",
                    html! { @if one.instructions.is_empty() { "None" } @else { (lines(&one.instructions)) } },
                ),
                ("Question", html! { @if one.question.is_empty() { "None" } @else { (one.question) } }),
                ("State", status(state.0, state.1)),
            ]),
        ),
        card(&Card { title: "Position", ..Card::default() }, map(ctx, one)),
    );
    ctx.page(PageParts::titled(&one.name).crumb("Checkpoints", "/checkpoints").actions(actions), body)
}

/// Text with its line breaks.
pub(crate) fn lines(text: &str) -> Markup {
    html! { @for (number, line) in text.lines().enumerate() { @if number > 0 { br; } (line) } }
}

/// The form's values for a checkpoint that is there.
pub(super) fn filled(one: &CheckpointOut) -> CheckpointForm {
    let degrees = |value: Option<f64>| value.map(|d| d.to_string()).unwrap_or_default().into();
    CheckpointForm {
        site: one.site_id.to_string().into(),
        name: one.name.as_str().into(),
        instructions: one.instructions.as_str().into(),
        question: one.question.as_str().into(),
        place: one.place.to_string().into(),
        latitude: degrees(one.latitude),
        longitude: degrees(one.longitude),
        radius_m: one.radius_m.to_string().into(),
        version: one.version.to_string().into(),
    }
}

fn fields(ctx: &Ctx, typed: &CheckpointForm, wrong: &Complaints, site: &Markup) -> Markup {
    let field = |name: &'static str, label: &'static str| Field::new(name, label).errors(&wrong.fields);
    let center = typed.latitude.as_str().parse().ok().zip(typed.longitude.as_str().parse().ok());
    html! {
        (site)
        (form_row(html! {
            (text(&field("name", "Name").value(typed.name.as_str()).required().hint("What whoever walks calls it: \u{201c}North gate\u{201d}")))
            (number(&field("place", "Place").value(typed.place.as_str()).between("1", "9999").hint("Its turn among the others; blank is last")))
        }))
        (text_area(&field("instructions", "Instructions").value(typed.instructions.as_str()).hint("What to do there"), 3))
        (text(&field("question", "Question").value(typed.question.as_str()).hint("Answered with each scan: \u{201c}What does the gauge say?\u{201d}")))
        (fieldset(
            "Position",
            Some("Where it is, and how near a scan has to be. Without a position scans are kept, but not compared with a place."),
            geo_map(&GeoMap {
                id: "position",
                label: "Position of the checkpoint",
                center: center.map(|(lat, lon)| ui::Point { lat, lon }).unwrap_or_default(),
                zoom: if center.is_some() { 18 } else { 2 },
                editable: true,
                input_names: GeoNames { lat: "latitude", lon: "longitude", radius: "radius_m", polygon: "polygon" },
                typed: Some(GeoTyped {
                    lat: typed.latitude.as_str(),
                    lon: typed.longitude.as_str(),
                    radius: typed.radius_m.as_str(),
                    polygon: "",
                }),
                tiles_url: ctx.app.config.tiles_url.as_deref(),
                errors: Some(&wrong.fields),
                ..GeoMap::default()
            }),
        ))
    }
}

pub(super) async fn form(
    ctx: &Ctx,
    id: Option<CheckpointId>,
    typed: &CheckpointForm,
    wrong: &Complaints,
) -> Result<Markup> {
    let (title, path, back) = match id {
        Some(id) => ("Edit checkpoint", format!("/checkpoints/{id}"), format!("/checkpoints/{id}")),
        None => ("Add a checkpoint", "/checkpoints".to_owned(), "/checkpoints".to_owned()),
    };
    let sites = if id.is_none() { choices::sites(ctx, CREATE).await? } else { Vec::new() };
    let ids: Vec<(String, &str)> = sites.iter().map(|s| (s.id.to_string(), s.name.as_str())).collect();
    let offered: Vec<Choice<'_>> = ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let site = html! {
        @if id.is_none() {
            (select(
                &Field::new("site", "Site").value(typed.site.as_str()).required().errors(&wrong.fields),
                &offered,
                Some("Choose"),
            ))
        }
    };
    let body = html! {
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href(&path),
                hidden: &[("version", typed.version.as_str())],
                guard: true,
                errors: Some(&wrong.fields),
                labels: &[("radius_m", "Radius")],
                ..Form::default()
            },
            html! {
                (fields(ctx, typed, wrong, &site))
                (buttons(html! { (submit(Kind::Primary, "Save")) (button_link(Kind::Quiet, "Cancel", &ctx.href(&back), None)) }))
            },
        ))
    };
    Ok(ctx.page(PageParts::titled(title).crumb("Checkpoints", "/checkpoints"), body))
}
