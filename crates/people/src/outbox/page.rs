//! Pages of the outbox, from views alone.

use jiff::tz::TimeZone;
use jobs::mail::MailState;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Empty, Facet, FilterBar, Form, Kind, Pager, Row, Table, Tone, card, detail_list,
    empty, filter_bar, form as ui_form, pager, status, submit, table,
};
use web::Ctx;
use web::reply::{Complaints, PageParts, complaint};

use super::model::{EventOut, MailFilter, MailOut};
use crate::members::page::zone;
use crate::words;

fn state(mail: &MailOut) -> Markup {
    match mail.state {
        MailState::Waiting if mail.attempts > 0 => status("Tried again later", Tone::Warning),
        MailState::Waiting => status("Waits", Tone::Info),
        MailState::Sent => status("Left", Tone::Success),
        MailState::Dead => status("Given up", Tone::Danger),
        MailState::Withdrawn => status("Taken back", Tone::Neutral),
    }
}

/// A button that has something tried again.
fn again(ctx: &Ctx, path: &str) -> Markup {
    ui_form(&Form { action: &ctx.href(path), ..Form::default() }, submit(Kind::Quiet, "Try again"))
}

/// Events that could not be worked out: whom to tell is not known yet.
fn stuck(ctx: &Ctx, events: &[EventOut], zone: &TimeZone) -> Markup {
    let rows: Vec<Row<'_>> = events
        .iter()
        .map(|event| Row {
            cells: vec![
                html! { (event.label) },
                html! { (event.error.as_deref().unwrap_or("")) },
                ui::time(event.at, zone),
                again(ctx, &format!("/outbox/events/{}/retry", event.id)),
            ],
            ..Row::default()
        })
        .collect();
    card(
        &Card { title: "Could not be worked out", flush: true, ..Card::default() },
        table(&Table {
            caption: "What happened, but nobody was told yet",
            columns: &[
                Column::lead("What happened"),
                Column::new("Last try"),
                Column::number("When"),
                Column::actions(),
            ],
            rows: &rows,
            ..Table::default()
        }),
    )
}

pub(super) fn list(ctx: &Ctx, filter: &MailFilter, mails: &Page<MailOut>, events: &[EventOut]) -> Markup {
    let here = ctx.href("/outbox");
    let zone = zone(ctx);
    let link = |cursor: &str| words::with(&here, &[("state", &filter.state), ("cursor", cursor)]);
    let hrefs: Vec<String> =
        mails.items.iter().map(|mail| ctx.href(&format!("/outbox/{}", mail.id))).collect();
    let rows: Vec<Row<'_>> = mails
        .items
        .iter()
        .zip(&hrefs)
        .map(|(mail, href)| Row {
            href: Some(href),
            cells: vec![
                html! { (mail.subject) },
                html! { bdi { (mail.recipient) } },
                state(mail),
                html! { (mail.attempts) },
                ui::time(mail.created_at, &zone),
            ],
            ..Row::default()
        })
        .collect();
    let states = [
        Choice::new(MailState::Waiting.word(), "Waits"),
        Choice::new(MailState::Sent.word(), "Left"),
        Choice::new(MailState::Dead.word(), "Given up"),
        Choice::new(MailState::Withdrawn.word(), "Taken back"),
    ];
    let chosen: Vec<&str> = if filter.state.is_empty() { Vec::new() } else { vec![&filter.state] };
    let facets = [Facet { name: "state", label: "State", choices: &states, chosen: &chosen, single: true }];
    let next = mails.next.as_ref().map(|cursor| link(cursor));
    let first = link("");
    let body = html! {
        @if !events.is_empty() { (stuck(ctx, events, &zone)) }
        (filter_bar(&FilterBar { action: &here, facets: &facets, ..FilterBar::default() }))
        @if mails.items.is_empty() {
            (empty(
                &Empty {
                    icon: ui::icon::mail(),
                    title: if filter.state.is_empty() { "No messages yet" } else { "No such messages" },
                    text: "Invitations and other messages stand here with whether they left. Those that could not be sent say why, and can be sent again.",
                },
                html! {},
            ))
        } @else {
            (table(&Table {
                caption: "Messages",
                columns: &[
                    Column::lead("Subject"), Column::new("To"), Column::new("State"),
                    Column::number("Tries").low(), Column::number("When"),
                ],
                rows: &rows,
                ..Table::default()
            }))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| first.as_str()),
                next: next.as_deref(),
                showing: &words::count(mails.items.len(), "message", "messages"),
            }))
        }
    };
    ctx.page(PageParts::titled("Outbox"), body)
}

pub(super) fn show(ctx: &Ctx, mail: &MailOut, wrong: &Complaints) -> Markup {
    let zone = zone(ctx);
    let exact = |at: kernel::Timestamp| ui::time_exact(at, &zone);
    let mut details = vec![
        ("To", html! { bdi { (mail.recipient) } }),
        ("Why", html! { "They get it " (mail.why) }),
        ("State", state(mail)),
        ("Made", exact(mail.created_at)),
    ];
    if let Some(left) = mail.sent_at {
        details.push(("Left", exact(left)));
    }
    details.push(("Tries", html! { (mail.attempts) }));
    if let Some(next) = mail.next_at {
        details.push(("Next try", exact(next)));
    }
    if let Some(until) = mail.good_until {
        details.push(("Its link works until", exact(until)));
    }
    if let Some(error) = &mail.error {
        details.push(("The last try met", html! { (error) }));
    }
    let link = mail.plain.split_whitespace().find(|word| word.starts_with(&ctx.app.config.public_url));
    let actions = html! {
        @if mail.failed() {
            (ui_form(
                &Form { action: &ctx.href(&format!("/outbox/{}/retry", mail.id)), ..Form::default() },
                submit(Kind::Primary, "Send again"),
            ))
        }
    };
    let body = html! {
        (complaint(wrong))
        (detail_list(&details))
        @if ctx.app.config.demo {
            (ui::code_block("What it says", &mail.plain))
            p { a href=(ctx.href(&format!("/outbox/{}/letter", mail.id))) { "See it as a mail program shows it" } }
            @if let Some(link) = link { p { a href=(link) { "Follow its link" } } }
        } @else {
            p { "What it says is not shown: its link is the recipient's alone." }
        }
    };
    ctx.page(PageParts::titled(&mail.subject).crumb("Outbox", "/outbox").actions(actions), body)
}
