//! Office pages of tours, from views alone.

use access::Facts;
use kernel::Result;
use kernel::id::TourId;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Empty, Field, FilterBar, Form, Kind, Method, Pager, Row, Table, button_link,
    buttons, card, checkbox, checkboxes, detail_list, fieldset, filter_bar, form as ui_form, form_row,
    number, pager, radios, select, split, status, submit, table, text, text_area, time_of_day,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::model::{TourFilter, TourForm, TourOut, TourWhole};
use super::{CREATE, DELETE, EDIT, act};
use crate::checkpoints::lines;
use crate::choices::{self, SiteChoice};
use crate::query::SEE_SITES;
use crate::rhythm::Rhythm;

/// The sites that the list can be narrowed to.
pub(super) async fn sites(ctx: &Ctx) -> Result<Vec<SiteChoice>> {
    if ctx.portal().is_none() {
        return Ok(Vec::new());
    }
    choices::sites(ctx, SEE_SITES).await
}

pub(super) fn list(ctx: &Ctx, filter: &TourFilter, sites: &[SiteChoice], page: &Page<TourOut>) -> Markup {
    let here = ctx.href("/tours");
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
    let hrefs: Vec<String> = page.items.iter().map(|t| ctx.href(&format!("/tours/{}", t.id))).collect();
    let rows: Vec<Row<'_>> = page
        .items
        .iter()
        .zip(&hrefs)
        .map(|(tour, href)| Row {
            href: Some(href),
            cells: vec![
                html! { bdi { (tour.name) } },
                html! { bdi { (tour.site) } },
                html! { (tour.plan().words()) },
                html! { @if tour.ordered { "In order" } @else { "In any order" } },
            ],
            muted: tour.archived,
            ..Row::default()
        })
        .collect();
    let ids: Vec<(String, &str)> = sites.iter().map(|s| (s.id.to_string(), s.name.as_str())).collect();
    let choices: Vec<Choice<'_>> = std::iter::once(Choice::new("", "All sites"))
        .chain(ids.iter().map(|(id, name)| Choice::new(id, name)))
        .collect();
    let body = html! {
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Search tours",
            facets: &[ui::Facet { name: "site", label: "Site", choices: &choices, chosen: &[filter.site.as_str()], single: true }],
            actions: html! { a href=(other) { @if filter.archived { "Show current tours" } @else { "Show archived" } } },
            ..FilterBar::default()
        }))
        @if page.items.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::map(),
                    title: "No tours here",
                    text: "A tour leads along the checkpoints of a site: at any time, in windows of the day, or every so many minutes.",
                },
                html! {},
            ))
        } @else {
            (table(&Table {
                caption: "Tours",
                columns: &[Column::lead("Name"), Column::new("Site"), Column::new("When"), Column::new("Order").low()],
                rows: &rows,
                ..Table::default()
            }))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} tours", page.items.len()),
            }))
        }
    };
    let site = if filter.site.is_empty() { String::new() } else { format!("?site={}", filter.site) };
    let actions = html! {
        @if ctx.may(CREATE) {
            (button_link(Kind::Primary, "Add a tour", &ctx.href(&format!("/tours/new{site}")), Some(ui::icon::plus())))
        }
    };
    ctx.page(PageParts::titled("Tours").actions(actions), body)
}

pub(super) fn show(ctx: &Ctx, whole: &TourWhole, facts: &Facts) -> Markup {
    let tour = &whole.tour;
    let path = format!("/tours/{}", tour.id);
    let reports = ctx.href(&format!("/checkpoint-reports?tour={}", tour.id));
    let actions = html! {
        (ctx.access_button(tour.id))
        (ctx.journal_button(tour.id, facts))
        @if ctx.may(crate::walks::VIEW) { (button_link(Kind::Plain, "Its walks", &reports, None)) }
        @if ctx.plan.check(EDIT, facts) { (button_link(Kind::Primary, "Edit", &ctx.href(&format!("{path}/edit")), None)) }
        @if ctx.plan.check(DELETE, facts) {
            @let (label, noun) = if tour.archived { ("Restore", "restore") } else { ("Archive", "archive") };
            (ui_form(&Form { action: &ctx.href(&format!("{path}/{noun}")), ..Form::default() }, submit(Kind::Quiet, label)))
        }
    };
    let state = if tour.archived { ("Archived", ui::Tone::Neutral) } else { ("Current", ui::Tone::Success) };
    let hrefs: Vec<String> =
        whole.stops.iter().map(|s| ctx.href(&format!("/checkpoints/{}", s.checkpoint_id))).collect();
    let rows: Vec<Row<'_>> = (1..)
        .zip(&whole.stops)
        .zip(&hrefs)
        .map(|((number, stop), href): ((usize, _), _)| Row {
            href: Some(href),
            cells: vec![
                html! { (number) ". " bdi { (stop.name) } },
                lines(&stop.instructions),
                html! { (stop.question) },
            ],
            ..Row::default()
        })
        .collect();
    let body = split(
        card(
            &Card { title: "Stops", flush: true, ..Card::default() },
            html! {
                @if rows.is_empty() { p.hint { "No stops that you see." } } @else {
                    (table(&Table {
                        caption: "Stops",
                        columns: &[Column::lead("Checkpoint"), Column::new("Instructions"), Column::new("Question")],
                        rows: &rows,
                        ..Table::default()
                    }))
                }
            },
        ),
        card(
            &Card::default(),
            detail_list(&[
                (
                    "Site",
                    html! { a href=(ctx.href(&format!("/sites/{}", tour.site_id))) { bdi { (tour.site) } } },
                ),
                ("When", html! { (tour.plan().words()) }),
                ("Time zone", html! { (tour.zone) }),
                ("Order", html! { @if tour.ordered { "As listed" } @else { "Any" } }),
                ("Takes at most", html! { (tour.most_minutes) " minutes" }),
                (
                    "Too fast",
                    html! {
                        @if tour.least_seconds == 0 { "Not asked" } @else { "Two stops in less than " (tour.least_seconds) " seconds" }
                    },
                ),
                (
                    "Instructions",
                    html! { @if tour.instructions.is_empty() { "None" } @else { (lines(&tour.instructions)) } },
                ),
                ("State", status(state.0, state.1)),
            ]),
        ),
    );
    ctx.page(PageParts::titled(&tour.name).crumb("Tours", "/tours").actions(actions), body)
}

/// The form's values for a tour that is there.
pub(super) fn filled(whole: &TourWhole) -> TourForm {
    let tour = &whole.tour;
    TourForm {
        site: tour.site_id.to_string().into(),
        name: tour.name.as_str().into(),
        instructions: tour.instructions.as_str().into(),
        stops: whole.stops.iter().map(|stop| stop.checkpoint_id.to_string().into()).collect(),
        ordered: if tour.ordered { "on" } else { "" }.into(),
        rhythm: tour.rhythm.word().into(),
        windows: tour.windows.as_str().into(),
        begins: tour.begins.as_str().into(),
        ends: tour.ends.as_str().into(),
        every_minutes: tour.every_minutes.map(|n| n.to_string()).unwrap_or_default().into(),
        most_minutes: tour.most_minutes.to_string().into(),
        least_seconds: tour.least_seconds.to_string().into(),
        version: tour.version.to_string().into(),
    }
}

pub(super) async fn form(
    ctx: &Ctx,
    id: Option<TourId>,
    typed: &TourForm,
    wrong: &Complaints,
) -> Result<Markup> {
    let title = if id.is_some() { "Edit tour" } else { "Add a tour" };
    let parts = || PageParts::titled(title).crumb("Tours", "/tours");
    let Ok(site) = typed.site.parse() else {
        // The checkpoints to choose from are those of one site: it comes first.
        let sites = choices::sites(ctx, CREATE).await?;
        let ids: Vec<(String, &str)> = sites.iter().map(|s| (s.id.to_string(), s.name.as_str())).collect();
        let offered: Vec<Choice<'_>> = ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
        let body = html! {
            (web::reply::complaint(wrong))
            (ui_form(
                &Form { action: &ctx.href("/tours/new"), method: Method::Get, ..Form::default() },
                html! {
                    (select(&Field::new("site", "Site").required().errors(&wrong.fields), &offered, Some("Choose")))
                    (buttons(html! { (submit(Kind::Primary, "Go on")) (button_link(Kind::Quiet, "Cancel", &ctx.href("/tours"), None)) }))
                },
            ))
        };
        return Ok(ctx.page(parts(), body));
    };
    let offered = act::checkpoints(ctx, site).await?;
    let path = id.map_or_else(|| "/tours".to_owned(), |id| format!("/tours/{id}"));
    let field = |name: &'static str, label: &'static str| Field::new(name, label).errors(&wrong.fields);
    let names: Vec<(String, String)> =
        offered.iter().map(|one| (one.id.to_string(), format!("{}. {}", one.place, one.name))).collect();
    let stops: Vec<Choice<'_>> = names.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let all: Vec<&str> = names.iter().map(|(id, _)| id.as_str()).collect();
    let chosen: Vec<&str> =
        if typed.stops.is_empty() { all } else { typed.stops.iter().map(web::Text::as_str).collect() };
    let rhythms: Vec<Choice<'_>> =
        Rhythm::ALL.iter().map(|rhythm| Choice::new(rhythm.word(), rhythm.label())).collect();
    let rhythm = if typed.rhythm.is_blank() { Rhythm::Free.word() } else { typed.rhythm.as_str() };
    let or = |text: &web::Text, blank: &'static str| {
        if text.is_blank() { blank.to_owned() } else { text.as_str().to_owned() }
    };
    let (most, least) = (or(&typed.most_minutes, "240"), or(&typed.least_seconds, "30"));
    let body = html! {
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href(&path),
                hidden: &[("version", typed.version.as_str()), ("site", typed.site.as_str())],
                guard: true,
                errors: Some(&wrong.fields),
                ..Form::default()
            },
            html! {
                (text(&field("name", "Name").value(typed.name.as_str()).required()))
                (text_area(&field("instructions", "Instructions").value(typed.instructions.as_str()).hint("What to bring, where to begin"), 3))
                (fieldset("Stops", Some("In the order of their places at the site"), html! {
                    (checkboxes(&field("stops", "Checkpoints"), &stops, &chosen))
                    (checkbox(&field("ordered", "Walked in this order").hint("Other orders are kept too, and marked"), typed.ordered.is_on()))
                }))
                (fieldset("When", Some("On the clock of the site"), html! {
                    (radios(&field("rhythm", "It is walked").value(rhythm), &rhythms))
                    (text_area(&field("windows", "Windows").value(typed.windows.as_str()).hint("One a line: 22:00-23:00. Once in each."), 3))
                    (form_row(html! {
                        (number(&field("every_minutes", "Every").value(typed.every_minutes.as_str()).suffix("minutes").between("10", "1440")))
                        (time_of_day(&field("begins", "From").value(typed.begins.as_str())))
                        (time_of_day(&field("ends", "Until").value(typed.ends.as_str())))
                    }))
                }))
                (form_row(html! {
                    (number(&field("most_minutes", "Takes at most").value(&most).suffix("minutes").between("5", "1440").hint("A walk that is not over by then is ended as incomplete")))
                    (number(&field("least_seconds", "Too fast below").value(&least).suffix("seconds").between("0", "3600").hint("Between two stops; 0 asks nothing")))
                }))
                (buttons(html! { (submit(Kind::Primary, "Save")) (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None)) }))
            },
        ))
    };
    Ok(ctx.page(parts(), body))
}
