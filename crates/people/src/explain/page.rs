//! The page that says who can see a record, and why.

use kernel::Audience;
use maud::{Markup, html};
use ui::{
    Card, Column, Field, Form, Kind, Outcome, Row, Table, Tone, Verdict, buttons, card, date, explain,
    form as ui_form, submit, table, text,
};
use web::Ctx;
use web::reply::PageParts;

use super::model::{AccessOut, AccessQuery, CanSee, Said, Why};
use crate::members::zone;
use crate::words;

pub(super) fn access(ctx: &Ctx, out: &AccessOut, asked: &AccessQuery) -> Markup {
    let outside: Vec<&CanSee> = out.who.iter().filter(|c| c.member.side != Audience::Staff).collect();
    let inside: Vec<&CanSee> = out.who.iter().filter(|c| c.member.side == Audience::Staff).collect();
    let zone = zone(ctx);
    let here = ctx.href(&format!("/access/{}", out.record));
    let body = html! {
        @if let Some(at) = out.at {
            (ui::alert(Tone::Info, "How it was then", html! {
                p { "As of " (ui::time_exact(at, &zone)) "."
                    @if let Some(since) = out.known_since { " Rights are remembered since " (ui::time_exact(since, &zone)) "." }
                    " Built-in roles are read as they are in this version." }
                @for remark in &out.remarks { p { (remark) } }
            }))
        }
        (card(&Card { title: "Ask", ..Card::default() }, html! {
            (ui_form(&Form { action: &here, method: ui::Method::Get, ..Form::default() }, html! {
                (text(&Field::new("q", "About somebody").value(&asked.q).hint("A part of their name. Blank: everybody who can see it.")))
                (date(&Field::new("at", "On a day in the past").value(&asked.at).hint("Blank: now")))
                (buttons(submit(Kind::Quiet, "Ask")))
            }))
            @if !asked.q.trim().is_empty() { (by_name(ctx, out, asked, &here)) }
        }))
        @if let Some(why) = &out.person { (answer(ctx, why)) }
        (card(&Card { title: "Outside your organization", ..Card::default() }, people(ctx, "Who outside can see it", &outside)))
        (card(&Card { title: "In your organization", ..Card::default() }, people(ctx, "Who inside can see it", &inside)))
        @if out.more { p.hint { "There are more. Ask about somebody by name." } }
    };
    ctx.page(PageParts::titled("Who can see this").crumb(&out.label, &out.path), body)
}

fn by_name(ctx: &Ctx, out: &AccessOut, asked: &AccessQuery, here: &str) -> Markup {
    if out.asked.is_empty() {
        return html! { p { "Nobody of that name, or nobody you may see." } };
    }
    let hrefs: Vec<String> = out
        .asked
        .iter()
        .map(|named| words::with(here, &[("person", &named.membership.to_string()), ("at", &asked.at)]))
        .collect();
    let rows: Vec<Row<'_>> = out
        .asked
        .iter()
        .zip(&hrefs)
        .map(|(named, href)| Row {
            href: Some(href),
            cells: vec![
                ui::person(&named.name),
                if named.sees {
                    ui::status("Can see it", Tone::Success)
                } else {
                    ui::status("Cannot", Tone::Neutral)
                },
                html! { (words::audience(named.side)) },
            ],
            ..Row::default()
        })
        .collect();
    let _ = ctx;
    table(&Table {
        caption: "People of that name",
        columns: &[Column::lead("Who"), Column::new("Sees it"), Column::new("Side")],
        rows: &rows,
        ..Table::default()
    })
}

/// One person's verdicts, with what would change them.
pub(crate) fn answer(ctx: &Ctx, why: &Why) -> Markup {
    let title = if why.member.sees {
        format!("{} can see it", why.member.name)
    } else {
        format!("{} cannot see it", why.member.name)
    };
    card(
        &Card { title: &title, ..Card::default() },
        html! {
            (verdicts(ctx, &why.verdicts))
            @if !why.fixes.is_empty() {
                p { strong { "What would change it" } }
                ul.stack { @for (label, path) in &why.fixes { li { a href=(ctx.href(path)) { (label) } } } }
            }
        },
    )
}

fn verdicts(ctx: &Ctx, all: &[Said]) -> Markup {
    let zone = zone(ctx);
    let given: Vec<Option<String>> = all
        .iter()
        .map(|said| {
            let at = said.given_at?.to_zoned(zone.clone()).strftime("%-d %b %Y").to_string();
            Some(match &said.given_by {
                Some(giver) => format!("Given by {giver} on {at}."),
                None => format!("Given on {at}."),
            })
        })
        .collect();
    let shown: Vec<Verdict<'_>> = all
        .iter()
        .zip(&given)
        .map(|(said, given)| Verdict {
            outcome: match said.verdict {
                access::Verdict::Allowed | access::Verdict::Inherited => Outcome::Allowed,
                access::Verdict::Denied => Outcome::Denied,
                access::Verdict::NotApplicable => Outcome::NotApplicable,
            },
            sentence: &said.sentence,
            because: given.as_deref(),
            ..Verdict::default()
        })
        .collect();
    explain(&shown)
}

fn people(ctx: &Ctx, caption: &str, all: &[&CanSee]) -> Markup {
    if all.is_empty() {
        return html! { p { "Nobody." } };
    }
    let zone = zone(ctx);
    let rows: Vec<Row<'_>> = all
        .iter()
        .map(|can| Row {
            cells: vec![
                ui::person(&can.member.name),
                html! {
                    @for (place, said) in can.because.iter().enumerate() {
                        @if place > 0 { br; }
                        (said.sentence)
                        @if said.verdict == access::Verdict::Inherited { span.dim { " Inherited." } }
                        @if let Some(giver) = &said.given_by { span.dim { " Given by " bdi { (giver) } "." } }
                    }
                },
                html! { @if let Some(at) = can.because.first().and_then(|said| said.given_at) { (ui::time(at, &zone)) } },
            ],
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption,
        columns: &[Column::lead("Who"), Column::new("Because of"), Column::number("Since")],
        rows: &rows,
        ..Table::default()
    })
}
