//! Pages of alarms, from views alone.

pub(super) mod button;
pub(super) mod card;
pub(super) mod show;

use jiff::tz::TimeZone;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{Choice, Column, Empty, FilterBar, Pager, Row, Table, filter_bar, pager, person, status, table};
use web::Ctx;
use web::reply::PageParts;

use super::EXPORT;
use super::model::{AlarmFilter, State};
use super::view::AlarmOut;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn stands(alarm: &AlarmOut) -> Markup {
    html! {
        (status(alarm.state.label(), alarm.state.tone()))
        @if let (State::Acknowledged, Some(by)) = (alarm.state, &alarm.answered_by) { " " span.dim { "by " (by) } }
    }
}

/// The log of alarms, open ones marked for the watch that every page of the office keeps.
pub(super) fn list(ctx: &Ctx, filter: &AlarmFilter, page: &Page<AlarmOut>) -> Markup {
    let here = ctx.href("/sos");
    let query = |cursor: Option<&str>| {
        let mut words: Vec<String> =
            [("q", filter.q.as_str()), ("site", &filter.site), ("state", &filter.state)]
                .iter()
                .filter(|(_, word)| !word.is_empty())
                .map(|(name, word)| format!("{name}={}", web::mount::encode(word)))
                .collect();
        words.extend(cursor.map(|c| format!("cursor={c}")));
        words.join("&")
    };
    let next = page.next.as_ref().map(|cursor| format!("{here}?{}", query(Some(cursor))));
    let export = ctx.href(&format!("/sos/export?{}", query(None)));
    let states: Vec<Choice<'_>> = [Choice::new("", "All"), Choice::new("open", "Open")]
        .into_iter()
        .chain(State::ALL.iter().map(|s| Choice::new(s.word(), s.label())))
        .collect();
    let named = page.items.iter().any(|alarm| alarm.caller.is_some());
    let hrefs: Vec<String> = page.items.iter().map(|a| ctx.href(&format!("/sos/{}", a.id))).collect();
    let rows: Vec<Row<'_>> = page
        .items
        .iter()
        .zip(&hrefs)
        .map(|(alarm, href)| {
            let mut cells = vec![html! { (alarm.site) }];
            if named {
                cells.push(html! { @if let Some(caller) = &alarm.caller { (person(caller)) } @else { "–" } });
            }
            cells.push(ui::time_exact(alarm.raised_at, &zone(&alarm.zone)));
            cells.push(stands(alarm));
            Row { href: Some(href), cells, ..Row::default() }
        })
        .collect();
    let mut columns = vec![Column::lead("Site")];
    if named {
        columns.push(Column::new("Caller"));
    }
    columns.extend([Column::new("Raised"), Column::new("How it stands").plain()]);
    let body = html! {
        // What the watch of other pages reads.
        @for (alarm, href) in page.items.iter().zip(&hrefs).filter(|(alarm, _)| alarm.is_open()) {
            template data-alarm=(alarm.id) data-state=(alarm.state.word()) data-href=(href) {
                (alarm.site) @if let Some(caller) = &alarm.caller { ", " (caller) }
            }
        }
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Site, client or caller",
            facets: &[ui::Facet { name: "state", label: "How it stands", choices: &states, chosen: &[filter.state.as_str()], single: true }],
            actions: html! { @if ctx.may(EXPORT) { (ui::download("Export", &export, Some("CSV, what you see now"))) } },
            ..FilterBar::default()
        }))
        @if rows.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::siren(),
                    title: "No alarms",
                    text: "Whoever is in need raises the alarm in the field or the client portal. It is heard on every page of the office, and stands here with everything that was done.",
                },
                html! {},
            ))
        } @else {
            (table(&Table { caption: "Alarms", columns: &columns, rows: &rows, ..Table::default() }))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} alarms", page.items.len()),
            }))
        }
    };
    ctx.page(PageParts::titled("Alarms"), body)
}
