//! Pages of the outbox.

use jiff::tz::TimeZone;
use jobs::mail::MailState;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Column, Empty, Form, Kind, Pager, Row, Table, Tone, card, detail_list, empty, form, pager, status,
    submit, table,
};
use web::Ctx;
use web::reply::PageParts;

use super::query::{EventOut, MailOut};

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
    form(&Form { action: &ctx.href(path), ..Form::default() }, submit(Kind::Quiet, "Try again"))
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

pub(super) fn list(ctx: &Ctx, further: bool, mails: &Page<MailOut>, events: &[EventOut]) -> Markup {
    let here = ctx.href("/outbox");
    let zone = TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC);
    let hrefs: Vec<Option<String>> = mails
        .items
        .iter()
        .map(|mail| ctx.app.config.demo.then(|| ctx.href(&format!("/outbox/{}", mail.id))))
        .collect();
    let rows: Vec<Row<'_>> = mails
        .items
        .iter()
        .zip(&hrefs)
        .map(|(mail, href)| Row {
            href: href.as_deref(),
            cells: vec![
                html! { (mail.subject) },
                html! { bdi { (mail.recipient) } },
                state(mail),
                html! {
                    (mail.error.as_deref().unwrap_or(""))
                    @if mail.state == MailState::Dead { (again(ctx, &format!("/outbox/{}/retry", mail.id))) }
                },
                ui::time(mail.created_at, &zone),
            ],
            ..Row::default()
        })
        .collect();
    let next = mails.next.as_ref().map(|cursor| format!("{here}?cursor={cursor}"));
    let body = html! {
        @if !events.is_empty() { (stuck(ctx, events, &zone)) }
        @if mails.items.is_empty() {
            (empty(
                &Empty {
                    icon: ui::icon::mail(),
                    title: "No messages yet",
                    text: "Invitations and other messages stand here with whether they left. Those that could not be sent say why.",
                },
                html! {},
            ))
        } @else {
            (table(&Table {
                caption: "Messages",
                columns: &[
                    Column::lead("Subject"), Column::new("To"), Column::new("State"),
                    Column::new("Last try").low(), Column::number("When"),
                ],
                rows: &rows,
                ..Table::default()
            }))
            (pager(&Pager {
                newest: further.then_some(here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} messages", mails.items.len()),
            }))
        }
    };
    ctx.page(PageParts::titled("Outbox"), body)
}

pub(super) fn show(ctx: &Ctx, mail: &MailOut) -> Markup {
    let zone = TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC);
    let link = mail.plain.split_whitespace().find(|word| word.starts_with(&ctx.app.config.public_url));
    let body = html! {
        (detail_list(&[
            ("To", html! { bdi { (mail.recipient) } }),
            ("Why", html! { (mail.why) }),
            ("State", state(mail)),
            ("When", ui::time_exact(mail.created_at, &zone)),
        ]))
        (ui::code_block("What it says", &mail.plain))
        p { a href=(ctx.href(&format!("/outbox/{}/letter", mail.id))) { "See it as a mail program shows it" } }
        @if let Some(link) = link { p { a href=(link) { "Follow its link" } } }
    };
    ctx.page(PageParts::titled(&mail.subject).crumb("Outbox", "/outbox"), body)
}
