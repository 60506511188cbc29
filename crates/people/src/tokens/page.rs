//! Pages of tokens.

use access::{Permission, Resource};
use jiff::tz::TimeZone;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Choice, Column, Confirm, Empty, Field, Form, Kind, Pager, Row, Table, Tone, alert, button_link, buttons,
    confirm, copyable, empty, form as ui_form, number, pager, searchable, status, submit, table, text,
};
use web::Ctx;
use web::reply::{Complaints, PageParts, complaint};

use super::model::{MOST_DAYS, TokenFilter, TokenForm, TokenMade, TokenOut};
use super::{CREATE, DELETE};

fn state(ctx: &Ctx, token: &TokenOut) -> Markup {
    if token.revoked_at.is_some() {
        status("Revoked", Tone::Danger)
    } else if token.expires_at <= ctx.now() {
        status("Ended", Tone::Neutral)
    } else {
        status("Live", Tone::Success)
    }
}

pub(super) fn list(ctx: &Ctx, filter: &TokenFilter, tokens: &Page<TokenOut>) -> Markup {
    let here = ctx.href("/tokens");
    let zone = TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC);
    let rows: Vec<Row<'_>> = tokens
        .items
        .iter()
        .map(|token| {
            let live = token.revoked_at.is_none() && token.expires_at > ctx.now();
            let id = format!("revoke-{}", token.id);
            let action = ctx.href(&format!("/tokens/{}/revocation", token.id));
            Row {
                cells: vec![
                    html! { (token.name) },
                    ui::person(&token.member),
                    state(ctx, token),
                    html! { (token.scopes.join(", ")) },
                    match token.used_at {
                        Some(at) => ui::time(at, &zone),
                        None => html! { "Never" },
                    },
                    ui::time(token.expires_at, &zone),
                    html! {
                        @if live && ctx.may(DELETE) {
                            (confirm(&Confirm {
                                id: &id,
                                label: "Revoke",
                                kind: Kind::Quiet,
                                title: &format!("Revoke {}?", token.name),
                                text: "Whatever uses it is refused from its next request on. This cannot be undone.",
                                action: &action,
                                submit: "Revoke",
                                ..Confirm::default()
                            }))
                        }
                    },
                ],
                muted: !live,
                ..Row::default()
            }
        })
        .collect();
    let next = tokens.next.as_ref().map(|cursor| format!("{here}?cursor={cursor}"));
    let body = html! {
        @if tokens.items.is_empty() {
            (empty(
                &Empty {
                    icon: ui::icon::key(),
                    title: "No API tokens",
                    text: "A token lets another program ask and tell what you may. It never holds more than you do, and it ends when you revoke it.",
                },
                html! {},
            ))
        } @else {
            (table(&Table {
                caption: "API tokens",
                columns: &[
                    Column::lead("Name"), Column::new("Acts as"), Column::new("State"), Column::new("May").low(),
                    Column::number("Last used"), Column::number("Ends"), Column::actions(),
                ],
                rows: &rows,
                ..Table::default()
            }))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} tokens", tokens.items.len()),
            }))
        }
        p { "What tokens can do is described at " a href="/api/openapi.json" { "/api/openapi.json" } "." }
    };
    let add = html! {
        @if ctx.may(CREATE) {
            (button_link(Kind::Primary, "Make a token", &ctx.href("/tokens/new"), Some(ui::icon::plus())))
        }
    };
    ctx.page(PageParts::titled("API tokens").actions(add), body)
}

pub(super) fn form(ctx: &Ctx, typed: &TokenForm, wrong: &Complaints) -> Markup {
    let held: Vec<(String, Resource)> =
        Permission::all().filter(|p| ctx.may(*p)).map(|p| (p.to_string(), p.resource())).collect();
    let choices: Vec<Choice<'_>> =
        held.iter().map(|(word, resource)| Choice::new(word, word).group(resource.label())).collect();
    let chosen: Vec<&str> = typed.scopes.iter().map(web::Text::as_str).collect();
    let days = if typed.days.is_blank() { "90" } else { typed.days.as_str() };
    let most = MOST_DAYS.to_string();
    let body = html! {
        (complaint(wrong))
        (ui_form(
            // The secret is in the answer, so the answer must be a page of its own.
            &Form { action: &ctx.href("/tokens"), errors: Some(&wrong.fields), stay: false, ..Form::default() },
            html! {
                (text(&Field::new("name", "What it is for").value(typed.name.as_str()).required().max_length(200).errors(&wrong.fields)))
                (number(&Field::new("days", "Days it lives").value(days).between("1", &most).errors(&wrong.fields)))
                (searchable(&Field::new("scopes", "What it may do").hint("Only what you may do yourself is offered.").errors(&wrong.fields), &choices, &chosen))
                (buttons(html! { (submit(Kind::Primary, "Make the token")) (button_link(Kind::Quiet, "Cancel", &ctx.href("/tokens"), None)) }))
            },
        ))
    };
    ctx.page(PageParts::titled("Make a token").crumb("API tokens", "/tokens"), body)
}

pub(super) fn made(ctx: &Ctx, made: &TokenMade) -> Markup {
    let body = html! {
        (alert(Tone::Success, "Copy the token now. It is not shown again.", html! { (copyable(&made.secret)) }))
        p { "Send it with each request as " code { "Authorization: Bearer …" } ". It acts as " (ui::person(&made.token.member)) " and may: " (made.token.scopes.join(", ")) "." }
        p { (button_link(Kind::Quiet, "All tokens", &ctx.href("/tokens"), None)) }
    };
    ctx.page(PageParts::titled(&made.token.name).crumb("API tokens", "/tokens"), body)
}
