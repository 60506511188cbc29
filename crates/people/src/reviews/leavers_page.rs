//! The report of people who left, as a page and as files.

use kernel::Timestamp;
use maud::{Markup, html};
use serde_json::json;
use ui::{
    Card, Column, Field, Form, Kind, Method, Row, Table, Tone, alert, buttons, card, download, empty,
    form as ui_form, number, person, submit, table, time,
};
use web::reply::PageParts;
use web::{Answer, Ctx};

use super::leavers::{LapsedOut, LeaverOut, LeaversFilter, LeaversOut};
use super::page::review_tabs;
use crate::members::zone;
use crate::words::{audience, count, with};

fn holds(one: &LeaverOut) -> String {
    let parts: Vec<String> = [
        (one.roles, "role", "roles"),
        (one.scheduled, "role to come", "roles to come"),
        (one.sessions, "session", "sessions"),
        (one.tokens, "token", "tokens"),
    ]
    .into_iter()
    .filter(|(many, ..)| *many > 0)
    .map(|(many, one, several)| count(usize::try_from(many).unwrap_or(0), one, several))
    .collect();
    if parts.is_empty() { "Nothing".to_owned() } else { parts.join(", ") }
}

fn part(ctx: &Ctx, title: &str, about: &str, people: &[LeaverOut]) -> Markup {
    let zone = zone(ctx);
    let hrefs: Vec<String> =
        people.iter().map(|one| ctx.href(&format!("/members/{}", one.membership))).collect();
    let rows: Vec<Row<'_>> = people
        .iter()
        .zip(&hrefs)
        .map(|(one, href)| Row {
            href: Some(href),
            cells: vec![
                person(&one.name),
                html! { (audience(one.audience)) },
                html! { (holds(one)) },
                html! { @if let Some(at) = one.seen_at { (time(at, &zone)) } @else { span.dim { "Never" } } },
            ],
            ..Row::default()
        })
        .collect();
    card(
        &Card { title, flush: false, ..Card::default() },
        html! {
            p.hint { (about) }
            @if rows.is_empty() { p { "Nobody." } } @else {
                (table(&Table {
                    caption: title,
                    columns: &[Column::lead("Person"), Column::new("Side"), Column::new("Still holds"), Column::new("Last here")],
                    rows: &rows,
                    ..Table::default()
                }))
            }
        },
    )
}

fn lapsed(ctx: &Ctx, all: &[LapsedOut]) -> Markup {
    let zone = zone(ctx);
    let hrefs: Vec<String> =
        all.iter().map(|one| ctx.href(&format!("/invitations/{}", one.invitation))).collect();
    let rows: Vec<Row<'_>> = all
        .iter()
        .zip(&hrefs)
        .map(|(one, href)| Row {
            href: Some(href),
            cells: vec![html! { bdi { (one.name) } }, html! { (one.email) }, time(one.expired_at, &zone)],
            ..Row::default()
        })
        .collect();
    card(
        &Card { title: "Invitations that lapsed", ..Card::default() },
        html! {
            p.hint { "Nobody took them up within seven days. The link opens nothing any more; withdraw them or send them again." }
            @if rows.is_empty() { p { "None." } } @else {
                (table(&Table {
                    caption: "Invitations that lapsed",
                    columns: &[Column::lead("Name"), Column::new("E-mail"), Column::new("Ended")],
                    rows: &rows,
                    ..Table::default()
                }))
            }
        },
    )
}

pub(super) fn page(ctx: &Ctx, filter: &LeaversFilter, out: &LeaversOut) -> Markup {
    let here = ctx.href("/reviews/leavers");
    let days = out.days.to_string();
    let file = |format: &str| {
        with(&ctx.href("/reviews/leavers/export"), &[("days", &filter.days), ("format", format)])
    };
    let nobody = out.deactivated.is_empty()
        && out.archived_sign_ins.is_empty()
        && out.archived_workers.is_empty()
        && out.unseen.is_empty()
        && out.lapsed.is_empty();
    let unseen = format!("Not seen for {days} days");
    let body = html! {
        (review_tabs(ctx, "/reviews/leavers"))
        (ui_form(
            &Form { action: &here, method: Method::Get, ..Form::default() },
            html! {
                (number(&Field::new("days", "Not seen for so many days").value(&days).between("1", "3650")))
                (buttons(html! {
                    (submit(Kind::Quiet, "Show"))
                    (download("CSV", &file("csv"), None))
                    (download("JSON", &file("jsonl"), None))
                }))
            },
        ))
        @if out.cut { (alert(Tone::Info, "Each part names the first 200 people; mend these first", html! {})) }
        @if nobody {
            (empty(&ui::Empty { icon: ui::icon::shield_check(), title: "Nobody left anything behind", text: "People who were put out of action hold nothing, and everybody else was here lately." }, html! {}))
        } @else {
            (part(ctx, "Deactivated, and still holding something", "Nothing of it works while they are out of action; all of it comes back with them. Take away what they should not come back to.", &out.deactivated))
            (part(ctx, "Active, but the sign-in is archived", "They cannot sign in. Deactivate them here, too.", &out.archived_sign_ins))
            (part(ctx, "Login of an archived worker", "The worker was put away, but the person can still sign in.", &out.archived_workers))
            (part(ctx, &unseen, "They did not begin to act as a member for so long, or never did.", &out.unseen))
            (lapsed(ctx, &out.lapsed))
        }
    };
    ctx.page(PageParts::titled("Access review"), body)
}

const HEADINGS: [&str; 9] =
    ["Part", "Name", "E-mail", "Side", "Last here", "Roles", "Roles to come", "Sessions", "Tokens"];

fn utc(at: Option<Timestamp>) -> String {
    at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

/// The report as a file.
pub(super) async fn file(lines: bool, out: LeaversOut) -> Answer {
    let parts = [
        ("deactivated", out.deactivated),
        ("archived_sign_in", out.archived_sign_ins),
        ("archived_worker", out.archived_workers),
        ("unseen", out.unseen),
    ];
    if lines {
        return web::csv::download_lines("leavers.jsonl", move |file| async move {
            for (part, people) in parts {
                for one in people {
                    file.write(&json!({ "part": part, "person": one }))?;
                }
            }
            for one in out.lapsed {
                file.write(&json!({ "part": "lapsed_invitation", "invitation": one }))?;
            }
            Ok(())
        })
        .await;
    }
    web::csv::download("leavers.csv", &HEADINGS, move |file| async move {
        for (part, people) in parts {
            for one in people {
                file.write([
                    part.to_owned(),
                    one.name,
                    one.email,
                    one.audience.word().to_owned(),
                    utc(one.seen_at),
                    one.roles.to_string(),
                    one.scheduled.to_string(),
                    one.sessions.to_string(),
                    one.tokens.to_string(),
                ])?;
            }
        }
        for one in out.lapsed {
            let blank = String::new;
            file.write([
                "lapsed_invitation".to_owned(),
                one.name,
                one.email,
                blank(),
                utc(Some(one.expired_at)),
                blank(),
                blank(),
                blank(),
                blank(),
            ])?;
        }
        Ok(())
    })
    .await
}
