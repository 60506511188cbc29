//! Pages of teams, from views alone.

use access::Facts;
use kernel::id::TeamId;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Choice, Column, Empty, Field, Form, Kind, Row, Table, button_link, buttons, detail_list, form as ui_form,
    select, status, submit, table, text,
};
use web::reply::{Complaints, PageParts};
use web::{Ctx, Text};

use super::model::{TeamFilter, TeamForm, TeamKind, TeamOut};
use super::{CREATE, DELETE, EDIT};
use crate::shared::Shelf;

pub(super) fn list(ctx: &Ctx, filter: &TeamFilter, teams: &Page<TeamOut>) -> Markup {
    let here = ctx.href("/teams");
    let hrefs: Vec<String> = teams.items.iter().map(|t| ctx.href(&format!("/teams/{}", t.id))).collect();
    let rows: Vec<Row<'_>> = teams
        .items
        .iter()
        .zip(&hrefs)
        .map(|(team, href)| Row {
            href: Some(href),
            cells: vec![html! { (team.name) }, html! { (team.kind.label()) }],
            muted: team.archived,
            ..Row::default()
        })
        .collect();
    let shelf =
        Shelf { here: &here, q: &filter.q, archived: filter.archived, cursor: filter.cursor.as_deref() };
    let body = html! {
        (shelf.search("teams", &html! {}))
        @if teams.items.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::people(),
                    title: "No teams here",
                    text: "A team groups workers: a department, a shop or a vendor. Work records carry the team that is responsible.",
                },
                html! {},
            ))
        } @else {
            (table(&Table {
                caption: "Teams",
                columns: &[Column::lead("Name"), Column::new("Kind")],
                rows: &rows,
                ..Table::default()
            }))
            (shelf.pages(teams.items.len(), teams.next.as_deref(), ("team", "teams")))
        }
    };
    let add = html! {
        @if ctx.may(CREATE) { (button_link(Kind::Primary, "Add a team", &ctx.href("/teams/new"), Some(ui::icon::plus()))) }
    };
    ctx.page(PageParts::titled("Teams").actions(add), body)
}

pub(super) fn show(ctx: &Ctx, team: &TeamOut, facts: &Facts) -> Markup {
    let path = format!("/teams/{}", team.id);
    let actions = html! {
        (ctx.access_button(team.id))
        (ctx.journal_button(team.id, facts))
        @if ctx.plan.check(EDIT, facts) { (button_link(Kind::Primary, "Edit", &ctx.href(&format!("{path}/edit")), None)) }
        @if ctx.plan.check(DELETE, facts) {
            @let (label, noun) = if team.archived { ("Restore", "restore") } else { ("Archive", "archive") };
            (ui_form(&Form { action: &ctx.href(&format!("{path}/{noun}")), ..Form::default() }, submit(Kind::Quiet, label)))
        }
    };
    let body = detail_list(&[
        ("Kind", html! { (team.kind.label()) }),
        (
            "State",
            if team.archived {
                status("Archived", ui::Tone::Neutral)
            } else {
                status("Current", ui::Tone::Success)
            },
        ),
    ]);
    ctx.page(PageParts::titled(&team.name).crumb("Teams", "/teams").actions(actions), body)
}

/// The form's values for a team that is there.
pub(super) fn filled(team: &TeamOut) -> TeamForm {
    TeamForm {
        name: Text(team.name.clone()),
        kind: team.kind.word().into(),
        version: Text(team.version.to_string()),
    }
}

pub(super) fn form(ctx: &Ctx, id: Option<TeamId>, typed: &TeamForm, wrong: &Complaints) -> Markup {
    let (title, path) = match id {
        Some(id) => ("Edit team", format!("/teams/{id}")),
        None => ("Add a team", "/teams".to_owned()),
    };
    let kinds: Vec<Choice<'_>> = TeamKind::ALL.iter().map(|k| Choice::new(k.word(), k.label())).collect();
    let body = html! {
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href(&path),
                hidden: &[("version", typed.version.as_str())],
                guard: true,
                errors: Some(&wrong.fields),
                ..Form::default()
            },
            html! {
                (text(&Field::new("name", "Name").value(typed.name.as_str()).required().errors(&wrong.fields)))
                (select(
                    &Field::new("kind", "Kind").value(typed.kind.as_str()).required().errors(&wrong.fields),
                    &kinds,
                    Some("Choose"),
                ))
                (buttons(html! { (submit(Kind::Primary, "Save")) (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None)) }))
            },
        ))
    };
    ctx.page(PageParts::titled(title).crumb("Teams", "/teams"), body)
}
