//! Pages of areas, from views alone.

use access::Facts;
use kernel::id::AreaId;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Column, Confirm, Empty, Field, Form, Kind, Row, Table, button_link, buttons, card, confirm,
    detail_list, form as ui_form, submit, table, text,
};
use web::reply::{Complaints, PageParts};
use web::{Ctx, Text};

use super::model::{AreaFilter, AreaForm, AreaOut};
use super::{CREATE, DELETE, EDIT};
use crate::shared::{Shelf, restore_button, state, with};
use crate::sites::{self, SiteOut};

pub(super) fn list(ctx: &Ctx, filter: &AreaFilter, areas: &Page<AreaOut>) -> Markup {
    let here = ctx.href("/areas");
    let shelf =
        Shelf { here: &here, q: &filter.q, archived: filter.archived, cursor: filter.cursor.as_deref() };
    let hrefs: Vec<String> =
        areas.items.iter().map(|area| ctx.href(&format!("/areas/{}", area.id))).collect();
    let rows: Vec<Row<'_>> = areas
        .items
        .iter()
        .zip(&hrefs)
        .map(|(area, href)| Row {
            href: Some(href),
            cells: vec![html! { bdi { (area.name) } }],
            muted: area.archived,
            ..Row::default()
        })
        .collect();
    let body = html! {
        (shelf.search("areas", &html! {}))
        @if areas.items.is_empty() {
            (nothing(ctx, filter))
        } @else {
            (table(&Table { caption: "Areas", columns: &[Column::lead("Name")], rows: &rows, ..Table::default() }))
            (shelf.pages(areas.items.len(), areas.next.as_deref(), ("area", "areas")))
        }
    };
    let add = html! {
        @if ctx.may(CREATE) {
            (button_link(Kind::Primary, "Add an area", &ctx.href("/areas/new"), Some(ui::icon::plus())))
        }
    };
    let title = if filter.archived { "Archived areas" } else { "Areas" };
    ctx.page(PageParts::titled(title).actions(add), body)
}

fn nothing(ctx: &Ctx, filter: &AreaFilter) -> Markup {
    let (title, words) = if !filter.q.is_empty() {
        ("No area fits", "Nothing here has these words in its name. Try fewer letters.")
    } else if filter.archived {
        ("Nothing is archived", "An area that is put away keeps its sites and can be restored from here.")
    } else {
        (
            "No areas yet",
            "An area is a territory that groups sites. Give a role at an area, and it reaches every site in it.",
        )
    };
    let add = html! {
        @if ctx.may(CREATE) && filter.q.is_empty() && !filter.archived {
            (button_link(Kind::Quiet, "Add an area", &ctx.href("/areas/new"), None))
        }
    };
    ui::empty(&Empty { icon: ui::icon::map(), title, text: words }, add)
}

pub(super) fn show(ctx: &Ctx, area: &AreaOut, facts: &Facts, inside: &Page<SiteOut>) -> Markup {
    let path = format!("/areas/{}", area.id);
    let archive = ctx.href(&format!("{path}/archive"));
    let question = format!("Archive {}?", area.name);
    let actions = html! {
        (ctx.access_button(area.id))
        (ctx.journal_button(area.id, facts))
        @if ctx.plan.check(EDIT, facts) {
            (button_link(Kind::Primary, "Edit", &ctx.href(&format!("{path}/edit")), None))
        }
        @if ctx.plan.check(DELETE, facts) {
            @if area.archived {
                (restore_button(ctx, &path))
            } @else {
                (confirm(&Confirm {
                    id: "archive",
                    label: "Archive",
                    title: &question,
                    text: "Its sites keep it, and roles given at it go on; it is only no longer offered.",
                    action: &archive,
                    submit: "Archive",
                    ..Confirm::default()
                }))
            }
        }
    };
    let all = with(&ctx.href("/sites"), &[("area", &area.id.to_string())]);
    let body = html! {
        (card(&Card::default(), detail_list(&[("State", state(area.archived))])))
        (card(
            &Card {
                title: "Sites",
                actions: html! { @if inside.next.is_some() { a href=(all) { "All sites" } } },
                flush: !inside.items.is_empty(),
                ..Card::default()
            },
            sites::rows(ctx, inside, "No current site lies in this area. A site is put into an area on its own page."),
        ))
    };
    ctx.page(PageParts::titled(&area.name).crumb("Areas", "/areas").actions(actions), body)
}

/// The form's values for an area that is there.
pub(super) fn filled(area: &AreaOut) -> AreaForm {
    AreaForm { name: Text(area.name.clone()), version: Text(area.version.to_string()) }
}

pub(super) fn form(ctx: &Ctx, id: Option<AreaId>, typed: &AreaForm, wrong: &Complaints) -> Markup {
    let (title, path) = match id {
        Some(id) => ("Edit area", format!("/areas/{id}")),
        None => ("Add an area", "/areas".to_owned()),
    };
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
                (buttons(html! {
                    (submit(Kind::Primary, "Save"))
                    (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None))
                }))
            },
        ))
    };
    ctx.page(PageParts::titled(title).crumb("Areas", "/areas"), body)
}
