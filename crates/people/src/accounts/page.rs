//! Pages of the own account.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use ui::{
    Bare, Card, Column, Field, Form, Kind, Row, Table, Tone, bare, buttons, card, detail_list, form,
    password, status, submit, table, time,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::hats::Hat;
use super::model::{AccountOut, SessionOut};
use crate::words::audience;

/// The choice of a membership.
pub(super) fn hats(hats: &[Hat], next: &str) -> Markup {
    let body = html! {
        @if hats.is_empty() {
            p { "Your account belongs to no organization at the moment: your membership was deactivated, or you were never given one." }
            p { "Ask an administrator of the organization you work with. Your password and your history are kept." }
        } @else {
            p { "You act as one at a time. What you may see and do follows from the one you choose." }
            ul.stack {
                @for hat in hats {
                    li {
                        form action={ "/hats/" (hat.id) } method="post" {
                            input type="hidden" name="next" value=(next);
                            (submit(if hat.current { Kind::Quiet } else { Kind::Primary }, &hat.organization))
                        }
                        p.hint {
                            (audience(hat.audience)) ". "
                            @if hat.roles.is_empty() { "No role at the moment" } @else { (hat.roles) }
                            @if hat.current { ". This is what you act as now." }
                        }
                    }
                }
            }
        }
        form action="/sign-out" method="post" { (submit(Kind::Plain, "Sign out")) }
    };
    bare(&Bare { title: "Choose what to act as", ..Bare::default() }, body)
}

/// The own account.
pub(super) fn account(ctx: &Ctx, me: &AccountOut, sessions: &[SessionOut], wrong: &Complaints) -> Markup {
    let zone = TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC);
    let facts = detail_list(&[
        ("Name", ui::status::person(&me.name)),
        ("E-mail", html! { (me.email) }),
        ("Organization", html! { bdi { (me.organization_name) } }),
        ("Acting on the side of", html! { (audience(me.audience)) }),
        ("Roles", html! { (me.roles.join(", ")) }),
    ]);
    let switch = html! {
        @if crate::notifications::own(ctx) {
            a.btn href=(ctx.href("/notifications")) { (ui::icon::mail()) span { "Notifications" } }
        }
        a.btn href="/hats" { (ui::icon::user_switch()) span { "Act as another membership" } }
    };
    let body = html! {
        (web::reply::complaint(wrong))
        (card(&Card { title: "You", actions: switch, ..Card::default() }, facts))
        (card(&Card { title: "Password", id: Some("password"), ..Card::default() }, password_form(ctx, wrong)))
        (card(
            &Card {
                title: "Where you are signed in",
                id: Some("sessions"),
                flush: true,
                actions: html! {
                    @if sessions.len() > 1 {
                        (form(
                            &Form { action: &ctx.href("/account/sessions/end"), ..Form::default() },
                            submit(Kind::Quiet, "Sign out everywhere else"),
                        ))
                    }
                },
                ..Card::default()
            },
            session_table(ctx, sessions, &zone),
        ))
    };
    ctx.page(PageParts::titled("Your account"), body)
}

fn password_form(ctx: &Ctx, wrong: &Complaints) -> Markup {
    form(
        &Form {
            action: &ctx.href("/account/password"),
            errors: Some(&wrong.fields),
            labels: &[("current", "Current password"), ("new", "New password")],
            stay: false,
            ..Form::default()
        },
        html! {
            // For password managers: whose password it is.
            input type="hidden" name="username" autocomplete="username" value=(ctx.who.email);
            (password(&Field::new("current", "Current password").required().autocomplete("current-password").errors(&wrong.fields)))
            (password(&Field::new("new", "New password").required().autocomplete("new-password").hint(crate::password::HINT).errors(&wrong.fields)))
            p.hint { "All other browsers are signed out." }
            (buttons(submit(Kind::Primary, "Change password")))
        },
    )
}

fn session_table(ctx: &Ctx, sessions: &[SessionOut], zone: &TimeZone) -> Markup {
    let rows: Vec<Row<'_>> = sessions
        .iter()
        .map(|session| Row {
            cells: vec![
                html! { (session.device) },
                html! { bdi { (session.organization.as_deref().unwrap_or("Nothing chosen yet")) } },
                html! { (session.address) },
                time(session.seen_at, zone),
                time(session.created_at, zone),
                if session.current {
                    status("This browser", Tone::Success)
                } else {
                    form(
                        &Form {
                            action: &ctx.href(&format!("/account/sessions/{}/end", session.id)),
                            ..Form::default()
                        },
                        submit(Kind::Quiet, "Sign out"),
                    )
                },
            ],
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "Browsers in which you are signed in",
        columns: &[
            Column::lead("Browser"),
            Column::new("Acting in"),
            Column::new("Address").low(),
            Column::new("Last used"),
            Column::new("Signed in").low(),
            Column::actions(),
        ],
        rows: &rows,
        ..Table::default()
    })
}
