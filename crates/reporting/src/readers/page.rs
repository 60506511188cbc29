//! Who read an incident, as pages.

use jiff::tz::TimeZone;
use kernel::Audience;
use kernel::id::IncidentId;
use maud::{Markup, html};
use ui::{Card, Column, Empty, Row, Table, card, person, table, time_exact};
use web::Ctx;
use web::reply::PageParts;

use super::act::{FEW, ReaderOut};

fn zone(ctx: &Ctx) -> TimeZone {
    TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC)
}

const fn side(audience: Audience) -> &'static str {
    match audience {
        Audience::Staff => "Your organization",
        Audience::Client => "Client",
        Audience::Contractor => "Contractor",
    }
}

fn rows(ctx: &Ctx, readers: &[ReaderOut], short: bool) -> Markup {
    let zone = zone(ctx);
    let rows: Vec<Row<'_>> = readers
        .iter()
        .map(|reader| {
            let mut cells = vec![
                html! { (person(&reader.name)) p.hint { (reader.roles) } },
                html! { (side(reader.side)) },
                html! { (reader.way) @if reader.times > 1 { span.dim { ", " (reader.times) " times" } } },
                html! {
                    (time_exact(reader.last, &zone))
                    @if reader.first != reader.last { p.hint { "first " (time_exact(reader.first, &zone)) } }
                },
            ];
            if !short {
                cells.push(html! { (reader.address) });
            }
            Row { cells, ..Row::default() }
        })
        .collect();
    let mut columns = vec![Column::lead("Who"), Column::new("Side"), Column::new("How"), Column::new("When")];
    if !short {
        columns.push(Column::new("From").low());
    }
    table(&Table { caption: "Who read it", columns: &columns, rows: &rows, ..Table::default() })
}

pub(super) fn section(ctx: &Ctx, id: IncidentId, readers: &[ReaderOut]) -> Markup {
    let all = ctx.href(&format!("/incidents/{id}/readers"));
    card(
        &Card {
            title: "Seen by",
            id: Some("readers"),
            actions: html! { @if readers.len() == FEW { a href=(all) { "Everybody who read it" } } @else { a href=(all) { "More" } } },
            flush: !readers.is_empty(),
            ..Card::default()
        },
        html! {
            @if readers.is_empty() { p.dim { "Nobody has opened it yet. Reads show here some seconds after they happen." } }
            @else { (rows(ctx, readers, true)) }
        },
    )
}

pub(super) fn list(ctx: &Ctx, id: IncidentId, label: &str, readers: &[ReaderOut]) -> Markup {
    let (outside, inside): (Vec<ReaderOut>, Vec<ReaderOut>) =
        readers.iter().cloned().partition(|reader| reader.side != Audience::Staff);
    let part = |title: &str, readers: &[ReaderOut]| {
        card(
            &Card { title, flush: !readers.is_empty(), ..Card::default() },
            html! { @if readers.is_empty() { p.dim { "Nobody." } } @else { (rows(ctx, readers, false)) } },
        )
    };
    let body = html! {
        p { "Counted are openings of the page, of photos and files, reads with a token, and exports; not lists that only name the incident. Reads are written every few seconds and kept as long as the journal." }
        @if readers.is_empty() {
            (ui::empty(&Empty { icon: ui::icon::eye(), title: "Nobody has read it", text: "As soon as somebody opens it, they stand here with their role and the time." }, html! {}))
        } @else {
            (part("Outside your organization", &outside))
            (part("In your organization", &inside))
        }
    };
    let parts = PageParts::titled("Seen by")
        .crumb("Incidents", "/incidents")
        .crumb(label, format!("/incidents/{id}"));
    ctx.page(parts, body)
}
