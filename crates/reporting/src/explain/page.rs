//! The page that says who can see an incident, and why.

use jiff::tz::TimeZone;
use kernel::Audience;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Field, Form, Kind, Outcome, Row, Table, Verdict, buttons, card, explain,
    form as ui_form, select, submit, table,
};
use web::Ctx;
use web::reply::PageParts;

use super::act::{AccessOut, AccessQuery, CanSee, Why};

const fn side(audience: Audience) -> &'static str {
    match audience {
        Audience::Staff => "Your organization",
        Audience::Client => "Clients",
        Audience::Contractor => "Contractors",
    }
}

pub(super) fn access(ctx: &Ctx, out: &AccessOut, asked: &AccessQuery) -> Markup {
    let path = format!("/incidents/{}", out.incident);
    let outside: Vec<&CanSee> = out.who.iter().filter(|c| c.member.side != Audience::Staff).collect();
    let inside: Vec<&CanSee> = out.who.iter().filter(|c| c.member.side == Audience::Staff).collect();
    let body = html! {
        (card(&Card { title: "Ask about somebody", ..Card::default() }, question(ctx, out, asked)))
        @if let Some(why) = &out.person { (answer(ctx, why)) }
        (card(&Card { title: "Outside your organization", ..Card::default() }, people(ctx, "Who outside can see it", &outside)))
        (card(&Card { title: "In your organization", ..Card::default() }, people(ctx, "Who inside can see it", &inside)))
    };
    let parts =
        PageParts::titled("Who can see this").crumb("Incidents", "/incidents").crumb(&out.label, path);
    ctx.page(parts, body)
}

fn question(ctx: &Ctx, out: &AccessOut, asked: &AccessQuery) -> Markup {
    let people: Vec<(String, &str, &str)> =
        out.members.iter().map(|m| (m.membership.to_string(), m.name.as_str(), side(m.side))).collect();
    let choices: Vec<Choice<'_>> =
        people.iter().map(|(id, name, side)| Choice::new(id, name).group(side)).collect();
    ui_form(
        &Form {
            action: &ctx.href(&format!("/incidents/{}/access", out.incident)),
            method: ui::Method::Get,
            ..Form::default()
        },
        html! {
            (select(&Field::new("person", "Why can this person see it, or why not?").value(&asked.person), &choices, Some("Choose a person")))
            (buttons(submit(Kind::Quiet, "Ask")))
        },
    )
}

fn answer(ctx: &Ctx, why: &Why) -> Markup {
    let fixes: Vec<Option<(String, String)>> = why
        .verdicts
        .iter()
        .map(|v| v.fix.as_ref().map(|(label, path)| (label.clone(), ctx.href(path))))
        .collect();
    let shown: Vec<Verdict<'_>> = why
        .verdicts
        .iter()
        .zip(&fixes)
        .map(|(verdict, fix)| Verdict {
            outcome: if verdict.holds { Outcome::Allowed } else { Outcome::Denied },
            sentence: &verdict.sentence,
            fix: fix.as_ref().map(|(label, href)| (label.as_str(), href.as_str())),
            ..Verdict::default()
        })
        .collect();
    let title = if why.allowed {
        format!("{} can see it", why.member.name)
    } else {
        format!("{} cannot see it", why.member.name)
    };
    card(&Card { title: &title, ..Card::default() }, explain(&shown))
}

fn people(ctx: &Ctx, caption: &str, all: &[&CanSee]) -> Markup {
    if all.is_empty() {
        return html! { p { "Nobody." } };
    }
    let zone = TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC);
    let rows: Vec<Row<'_>> = all
        .iter()
        .map(|can| Row {
            cells: vec![
                ui::person(&can.member.name),
                html! {
                    @for (place, reason) in can.because.iter().enumerate() {
                        @if place > 0 { ", " }
                        (reason.role)
                        @if let Some(giver) = &reason.given_by { " (given by " (ui::person(giver)) ")" }
                    }
                },
                html! { @if let Some(reason) = can.because.first() { (ui::time(reason.given_at, &zone)) } },
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
