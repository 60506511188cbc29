//! Pages of the outbox.

use jiff::tz::TimeZone;
use jobs::mail::MailState;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{Column, Empty, Pager, Row, Table, Tone, detail_list, empty, pager, status, table};
use web::Ctx;
use web::reply::PageParts;

use super::query::MailOut;

fn state(mail: &MailOut) -> Markup {
    match mail.state {
        MailState::Waiting if mail.attempts > 0 => status("Tried again later", Tone::Warning),
        MailState::Waiting => status("Waits", Tone::Info),
        MailState::Sent => status("Left", Tone::Success),
        MailState::Dead => status("Given up", Tone::Danger),
    }
}

pub(super) fn list(ctx: &Ctx, further: bool, mails: &Page<MailOut>) -> Markup {
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
                html! { (mail.error.as_deref().unwrap_or("")) },
                ui::time(mail.created_at, &zone),
            ],
            ..Row::default()
        })
        .collect();
    let next = mails.next.as_ref().map(|cursor| format!("{here}?cursor={cursor}"));
    let body = html! {
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
        @if let Some(link) = link { p { a href=(link) { "Follow its link" } } }
    };
    ctx.page(PageParts::titled(&mail.subject).crumb("Outbox", "/outbox"), body)
}
