//! Pages of giving a role to many.

use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Field, Form, Kind, Row, Table, Tone, button_link, buttons, card, date,
    form as ui_form, form_row, progress, searchable, select, submit, submit_named, table, text_area,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::model::{BulkForm, PreviewOut, RefusedOut, RunOut, RunState};
use super::routes::Offers;
use crate::members::forms::{RoleOffer, choose_role, target_fields};
use crate::words;

const TITLE: &str = "Give a role to many";

pub(super) fn choose(ctx: &Ctx, offers: &[RoleOffer]) -> Markup {
    let body = choose_role(offers, |role| ctx.href(&format!("/members/bulk?role={}", role.key)));
    ctx.page(PageParts::titled(TITLE).crumb("People", "/members"), body)
}

pub(super) fn form(ctx: &Ctx, offers: &Offers, typed: &BulkForm, wrong: &Complaints) -> Markup {
    let zone = ctx.who.zone.as_str();
    let people: Vec<(String, String)> = offers
        .people
        .iter()
        .map(|member| (member.id.to_string(), format!("{} ({})", member.name, member.email)))
        .collect();
    let people: Vec<Choice<'_>> = people.iter().map(|(id, label)| Choice::new(id, label)).collect();
    let chosen: Vec<&str> = typed.people.iter().map(String::as_str).collect();
    let roles: Vec<Choice<'_>> = offers.roles.iter().map(|role| Choice::new(&role.key, &role.name)).collect();
    let hint = if offers.more {
        "The first 200 by name. Name others by their address below."
    } else {
        "People of this role's side whom you may see"
    };
    let body = html! {
        p { (offers.role.about) " " a href=(ctx.href("/members/bulk")) { "Choose another role" } }
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href("/members/bulk/preview"),
                hidden: &[("role", &offers.role.key)],
                stay: false,
                errors: Some(&wrong.fields),
                labels: &[("targets", "Where"), ("from", "First day"), ("until", "Last day")],
                ..Form::default()
            },
            html! {
                (searchable(&Field::new("people", "People").hint(hint).errors(&wrong.fields), &people, &chosen))
                (text_area(&Field::new("addresses", "Addresses").value(typed.addresses.as_str()).hint("One a line, or pasted from a list").errors(&wrong.fields), 3))
                (select(&Field::new("holders_of", "Everybody who holds").value(typed.holders_of.as_str()).errors(&wrong.fields), &roles, Some("Nobody besides")))
                (target_fields(&offers.role, &offers.places, &typed.targets, wrong))
                (form_row(html! {
                    (date(&Field::new("from", "First day").value(typed.from.as_str()).hint("Blank: at once").suffix(zone).errors(&wrong.fields)))
                    (date(&Field::new("until", "Last day").value(typed.until.as_str()).hint("Blank: for good").suffix(zone).errors(&wrong.fields)))
                }))
                (buttons(html! { (submit(Kind::Primary, "See who can have it")) (button_link(Kind::Quiet, "Cancel", &ctx.href("/members"), None)) }))
            },
        ))
    };
    let title = format!("Give {} to many", offers.role.name);
    ctx.page(PageParts::titled(&title).crumb("People", "/members"), body)
}

fn refused_table(ctx: &Ctx, caption: &str, refused: &[RefusedOut]) -> Markup {
    let rows: Vec<Row<'_>> = refused
        .iter()
        .map(|one| Row {
            cells: vec![
                html! {
                    @match one.membership {
                        Some(id) => a href=(ctx.href(&format!("/members/{id}"))) { bdi { (one.name) } },
                        None => bdi { (one.name) },
                    }
                },
                html! { (words::sentence(&one.because)) },
            ],
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption,
        columns: &[Column::lead("Who"), Column::new("Why not")],
        rows: &rows,
        ..Table::default()
    })
}

pub(super) fn preview(ctx: &Ctx, out: &PreviewOut, asked: &BulkForm, wrong: Option<&str>) -> Markup {
    let mut hidden: Vec<(&str, &str)> = vec![
        ("role", asked.role.as_str()),
        ("from", asked.from.as_str()),
        ("until", asked.until.as_str()),
        ("addresses", asked.addresses.as_str()),
        ("holders_of", asked.holders_of.as_str()),
    ];
    hidden.extend(asked.targets.iter().map(|target| ("targets", target.as_str())));
    hidden.extend(asked.people.iter().map(|person| ("people", person.as_str())));
    let counted = words::count(out.good, "person", "people");
    let body = html! {
        @if let Some(wrong) = wrong { (ui::alert(Tone::Danger, wrong, html! {})) }
        p { strong { (out.role_name) } ", " (out.place) ". Nothing is stored yet." }
        @if !out.refused.is_empty() {
            (card(
                &Card { title: "Cannot have it", flush: true, ..Card::default() },
                refused_table(ctx, "People who cannot have the role", &out.refused),
            ))
        }
        (card(&Card { title: "Can have it", ..Card::default() }, html! {
            @if out.good == 0 { p { "Nobody of those you named." } } @else {
                p { (counted) ": " @for (at, name) in out.first.iter().enumerate() { @if at > 0 { ", " } bdi { (name) } } @if out.good > out.first.len() { " and others" } "." }
            }
        }))
        (ui_form(
            &Form { action: &ctx.href("/members/bulk"), hidden: &hidden, ..Form::default() },
            buttons(html! {
                @if out.good > 0 && out.refused.is_empty() {
                    (submit_named(Kind::Primary, &format!("Give it to all {counted}"), "mode", "all"))
                } @else if out.good > 0 {
                    (submit_named(Kind::Primary, &format!("Give it to these {counted}"), "mode", "good"))
                }
                @if out.good > 0 && ctx.portal() == Some(kernel::Portal::Office) {
                    button.btn type="submit" formaction=(ctx.href("/members/bulk/look")) name="mode" value=(if out.refused.is_empty() { "all" } else { "good" }) { (ui::LOOK) }
                }
                (button_link(Kind::Quiet, "Choose again", &ctx.href(&format!("/members/bulk?role={}", out.role)), None))
            }),
        ))
    };
    let title = format!("Give {} to many", out.role_name);
    ctx.page(PageParts::titled(&title).crumb("People", "/members"), body)
}

pub(super) fn run(ctx: &Ctx, run: &RunOut) -> Markup {
    let here = format!("/members/bulk/{}", run.id);
    let refused = i64::try_from(run.refused.len()).unwrap_or(i64::MAX);
    let settled = u64::try_from(run.given.saturating_add(refused)).unwrap_or(0);
    let total = u64::try_from(run.total).unwrap_or(0);
    let body = html! {
        p { strong { (run.role_name) } ", " (run.place) "." }
        @match run.state {
            RunState::Done => (ui::alert(Tone::Success, &format!("{} of {} got the role.", run.given, run.total), html! {})),
            RunState::Running => {
                (progress("Giving the role", settled, total))
                p { a href=(ctx.href(&here)) { "See how far it is now" } }
                (ui_form(&Form { action: &ctx.href(&format!("{here}/continuation")), ..Form::default() }, submit(Kind::Quiet, "Go on, if it stands still")))
            }
        }
        @if !run.refused.is_empty() {
            (card(
                &Card { title: "Did not get it", flush: true, ..Card::default() },
                refused_table(ctx, "People who did not get the role", &run.refused),
            ))
        }
        p { a href=(ctx.href("/members")) { "Back to the people" } }
    };
    let title = format!("Gave {} to many", run.role_name);
    ctx.page(PageParts::titled(&title).crumb("People", "/members"), body)
}
