//! Pages of contractors, from views alone.

use access::{Action, Facts, Permission, Resource, permission};
use kernel::Audience;
use kernel::id::ContractorId;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Confirm, Empty, Field, Form, Kind, Row, Table, button_link, buttons, card,
    checkbox, confirm, detail_list, email, form as ui_form, form_row, select, submit, table, tel, text,
};
use web::reply::{Complaints, PageParts};
use web::{Ctx, Text};

use super::model::{ContractorFilter, ContractorForm, ContractorOut};
use super::{CREATE, DELETE, EDIT};
use crate::pickers::Offer;
use crate::shared::{Shelf, restore_button, state};

const INVITE: Permission = permission(Resource::Account, Action::Invite);

pub(super) fn list(ctx: &Ctx, filter: &ContractorFilter, contractors: &Page<ContractorOut>) -> Markup {
    let here = ctx.href("/contractors");
    let hrefs: Vec<String> =
        contractors.items.iter().map(|one| ctx.href(&format!("/contractors/{}", one.id))).collect();
    let rows: Vec<Row<'_>> = contractors
        .items
        .iter()
        .zip(&hrefs)
        .map(|(one, href)| Row {
            href: Some(href),
            cells: vec![
                html! { bdi { (one.name) } },
                html! { (one.kind.label()) @if let Some(client) = &one.client_name { span.dim { ", " bdi { (client) } } } },
                html! { bdi { (one.contact_name) } },
                html! { (one.phone) },
            ],
            muted: one.archived,
            ..Row::default()
        })
        .collect();
    let shelf =
        Shelf { here: &here, q: &filter.q, archived: filter.archived, cursor: filter.cursor.as_deref() };
    let body = html! {
        (shelf.search("contractors", &html! {}))
        @if contractors.items.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::shield(),
                    title: if filter.archived { "Nothing is archived" } else { "No contractors yet" },
                    text: "A contractor is an outside company that does work. Add it here, then invite its people: they see the jobs given to them and nothing else.",
                },
                html! { @if ctx.may(CREATE) && !filter.archived { (button_link(Kind::Quiet, "Add a contractor", &ctx.href("/contractors/new"), None)) } },
            ))
        } @else {
            (table(&Table {
                caption: "Contractors",
                columns: &[
                    Column::lead("Name"),
                    Column::new("Whose"),
                    Column::new("Contact"),
                    Column::new("Telephone").low(),
                ],
                rows: &rows,
                ..Table::default()
            }))
            (shelf.pages(contractors.items.len(), contractors.next.as_deref(), ("contractor", "contractors")))
        }
    };
    let add = html! {
        @if ctx.may(CREATE) { (button_link(Kind::Primary, "Add a contractor", &ctx.href("/contractors/new"), Some(ui::icon::plus()))) }
    };
    ctx.page(PageParts::titled("Contractors").actions(add), body)
}

pub(super) fn show(ctx: &Ctx, one: &ContractorOut, facts: &Facts) -> Markup {
    let path = format!("/contractors/{}", one.id);
    let question = format!("Archive {}?", one.name);
    let invite = ctx.href(&format!("/invitations/new?role=guest_contractor&targets=team:{}", one.team));
    let actions = html! {
        @if ctx.may(INVITE) && ctx.who.audience != Audience::Contractor && !one.archived {
            (button_link(Kind::Primary, "Invite its people", &invite, Some(ui::icon::plus())))
        }
        @if ctx.plan.check(EDIT, facts) { (button_link(Kind::Quiet, "Edit", &ctx.href(&format!("{path}/edit")), None)) }
        @if ctx.plan.check(DELETE, facts) {
            @if one.archived { (restore_button(ctx, &path)) } @else {
                (confirm(&Confirm {
                    id: "archive",
                    label: "Archive",
                    title: &question,
                    text: "It is offered for no more work. Its people keep their accounts; deactivate them on their pages.",
                    action: &ctx.href(&format!("{path}/archive")),
                    submit: "Archive",
                    ..Confirm::default()
                }))
            }
        }
    };
    let mut shown = vec![
        ("State", state(one.archived)),
        ("Whose", html! { (one.kind.label()) }),
        ("Contact", html! { bdi { (one.contact_name) } }),
        ("E-mail", html! { (one.contact_email) }),
        ("Telephone", html! { (one.phone) }),
    ];
    if let Some(client) = &one.client_name {
        shown.insert(2, ("Client", html! { bdi { (client) } }));
    }
    let body = card(&Card::default(), detail_list(&shown));
    ctx.page(PageParts::titled(&one.name).crumb("Contractors", "/contractors").actions(actions), body)
}

/// The form's values for a contractor that is there.
pub(super) fn filled(one: &ContractorOut) -> ContractorForm {
    ContractorForm {
        name: Text(one.name.clone()),
        contact_name: Text(one.contact_name.clone()),
        contact_email: Text(one.contact_email.clone()),
        phone: Text(one.phone.clone()),
        version: Text(one.version.to_string()),
        ..ContractorForm::default()
    }
}

pub(super) fn form(
    ctx: &Ctx,
    id: Option<ContractorId>,
    clients: &[Offer],
    typed: &ContractorForm,
    wrong: &Complaints,
) -> Markup {
    let (title, path) = match id {
        Some(id) => ("Edit contractor", format!("/contractors/{id}")),
        None => ("Add a contractor", "/contractors".to_owned()),
    };
    let staff = ctx.who.audience == Audience::Staff;
    let choices: Vec<Choice<'_>> = clients.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let field = |name: &'static str, label: &'static str| Field::new(name, label).errors(&wrong.fields);
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
                (text(&field("name", "Name").value(typed.name.as_str()).required()))
                @if id.is_none() && (staff || choices.len() > 1) {
                    (select(&field("client", "Guest of").value(typed.client.as_str()).hint("The client whose work it does"), &choices, Some("Choose")))
                }
                @if id.is_none() && staff {
                    (checkbox(
                        &field("subcontractor", "Works for the organization itself").hint("A subcontractor belongs to no client and may be given work anywhere."),
                        typed.subcontractor.is_on(),
                    ))
                }
                (text(&field("contact_name", "Contact person").value(typed.contact_name.as_str())))
                (form_row(html! {
                    (email(&field("contact_email", "E-mail").value(typed.contact_email.as_str())))
                    (tel(&field("phone", "Telephone").value(typed.phone.as_str())))
                }))
                (buttons(html! { (submit(Kind::Primary, "Save")) (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None)) }))
            },
        ))
    };
    ctx.page(PageParts::titled(title).crumb("Contractors", "/contractors"), body)
}
