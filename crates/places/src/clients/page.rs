//! Pages of clients, from views alone.

use access::Facts;
use kernel::Portal;
use kernel::id::ClientId;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Column, Confirm, Empty, Field, Form, Kind, Row, Tab, Table, button_link, buttons, card, checkbox,
    confirm, detail_list, download, email, fieldset, form as ui_form, form_row, submit, table, tabs, tel,
    text, text_area,
};
use web::reply::{Complaints, PageParts};
use web::{Ctx, Text};

use super::model::{ClientFilter, ClientForm, ClientOut};
use super::{CREATE, DELETE, EDIT, EXPORT};
use crate::shared::{Shelf, lines, restore_button, state, with};
use crate::site_clients;
use crate::sites::{self, SiteOut};

pub(super) fn list(ctx: &Ctx, filter: &ClientFilter, clients: &Page<ClientOut>) -> Markup {
    let here = ctx.href("/clients");
    let shelf =
        Shelf { here: &here, q: &filter.q, archived: filter.archived, cursor: filter.cursor.as_deref() };
    let hrefs: Vec<String> =
        clients.items.iter().map(|client| ctx.href(&format!("/clients/{}", client.id))).collect();
    let rows: Vec<Row<'_>> = clients
        .items
        .iter()
        .zip(&hrefs)
        .map(|(client, href)| Row {
            href: Some(href),
            cells: vec![
                html! { bdi { (client.name) } },
                html! { bdi { (client.contact_name) } },
                html! { (client.contact_email) },
                html! { (client.phone) },
            ],
            muted: client.archived,
            ..Row::default()
        })
        .collect();
    let export = html! {
        @if ctx.may(EXPORT) { (download("Export", &with(&ctx.href("/clients/export"), &shelf.asked()), Some("CSV"))) }
    };
    let body = html! {
        (shelf.search("clients", &export))
        @if clients.items.is_empty() {
            (nothing(ctx, filter))
        } @else {
            (table(&Table {
                caption: "Clients",
                columns: &[
                    Column::lead("Name"),
                    Column::new("Contact"),
                    Column::new("E-mail"),
                    Column::new("Telephone").low(),
                ],
                rows: &rows,
                ..Table::default()
            }))
            (shelf.pages(clients.items.len(), clients.next.as_deref(), ("client", "clients")))
        }
    };
    let add = html! {
        @if ctx.may(CREATE) {
            (button_link(Kind::Primary, "Add a client", &ctx.href("/clients/new"), Some(ui::icon::plus())))
        }
    };
    let title = if filter.archived { "Archived clients" } else { "Clients" };
    ctx.page(PageParts::titled(title).actions(add), body)
}

fn nothing(ctx: &Ctx, filter: &ClientFilter) -> Markup {
    let (title, words) = if !filter.q.is_empty() {
        (
            "No client fits",
            "Nothing here has these words in its name. Try fewer letters, or look among the archived ones.",
        )
    } else if filter.archived {
        ("Nothing is archived", "A client that is put away keeps its history and can be restored from here.")
    } else {
        (
            "No clients yet",
            "A client is a company that buys service. Its sites, its people and what they may see hang on it.",
        )
    };
    let add = html! {
        @if ctx.may(CREATE) && filter.q.is_empty() && !filter.archived {
            (button_link(Kind::Quiet, "Add a client", &ctx.href("/clients/new"), None))
        }
    };
    ui::empty(&Empty { icon: ui::icon::client(), title, text: words }, add)
}

pub(super) fn show(ctx: &Ctx, client: &ClientOut, facts: &Facts, its_sites: &Page<SiteOut>) -> Markup {
    let path = format!("/clients/{}", client.id);
    let changes = !matches!(ctx.portal(), Some(kernel::Portal::Client));
    let archive = ctx.href(&format!("{path}/archive"));
    let question = format!("Archive {}?", client.name);
    let actions = html! {
        (ctx.access_button(client.id))
        (ctx.journal_button(client.id, facts))
        @if changes && ctx.plan.check(EDIT, facts) {
            (button_link(Kind::Primary, "Edit", &ctx.href(&format!("{path}/edit")), None))
        }
        @if changes && ctx.plan.check(DELETE, facts) {
            @if client.archived {
                (restore_button(ctx, &path))
            } @else {
                (confirm(&Confirm {
                    id: "archive",
                    label: "Archive",
                    title: &question,
                    text: "Its current sites are put away with it and come back with it. Records keep its name. \
                           Its people keep their accounts and what was released to them.",
                    action: &archive,
                    submit: "Archive",
                    ..Confirm::default()
                }))
            }
        }
    };
    let mut facts_shown = vec![
        ("State", state(client.archived)),
        ("Contact", html! { bdi { (client.contact_name) } }),
        ("E-mail", html! { (client.contact_email) }),
        ("Telephone", html! { (client.phone) }),
        ("Address", lines(&client.address)),
    ];
    if let Some(on) = client.emergency_access {
        let words = if on { "On: its people may raise the alarm at their sites" } else { "Off" };
        facts_shown.push(("Emergency access", html! { (words) }));
    }
    if let Some(notes) = &client.notes {
        facts_shown.push(("Notes", lines(notes)));
    }
    let all = with(&ctx.href("/sites"), &[("client", &client.id.to_string())]);
    let body = html! {
        @if ctx.portal() == Some(Portal::Office) && site_clients::shown_to(ctx, facts) {
            (tabs("About this client", &[
                Tab { label: "Overview", href: &ctx.href(&path), current: true, ..Tab::default() },
                Tab { label: "Client portal", href: &ctx.href(&format!("{path}/portal")), ..Tab::default() },
            ]))
        }
        (card(&Card::default(), detail_list(&facts_shown)))
        (card(
            &Card {
                title: "Sites",
                actions: html! { @if its_sites.next.is_some() { a href=(all) { "All sites" } } },
                flush: !its_sites.items.is_empty(),
                ..Card::default()
            },
            sites::rows(ctx, its_sites, "This client has no current site that you may see."),
        ))
    };
    let mut parts = PageParts::titled(&client.name).actions(actions);
    if changes {
        parts = parts.crumb("Clients", "/clients");
    }
    ctx.page(parts, body)
}

/// The form's values for a client that is there.
pub(super) fn filled(client: &ClientOut) -> ClientForm {
    let on = client.emergency_access.unwrap_or_default();
    ClientForm {
        name: Text(client.name.clone()),
        contact_name: Text(client.contact_name.clone()),
        contact_email: Text(client.contact_email.clone()),
        phone: Text(client.phone.clone()),
        address: Text(client.address.clone()),
        notes: Text(client.notes.clone().unwrap_or_default()),
        emergency_access: if on { "true".into() } else { Text::default() },
        version: Text(client.version.to_string()),
    }
}

pub(super) fn form(ctx: &Ctx, id: Option<ClientId>, typed: &ClientForm, wrong: &Complaints) -> Markup {
    let (title, path) = match id {
        Some(id) => ("Edit client", format!("/clients/{id}")),
        None => ("Add a client", "/clients".to_owned()),
    };
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
                (fieldset("Contact", Some("The client's own people may read this."), html! {
                    (text(&field("contact_name", "Contact person").value(typed.contact_name.as_str())))
                    (form_row(html! {
                        (email(&field("contact_email", "E-mail").value(typed.contact_email.as_str())))
                        (tel(&field("phone", "Telephone").value(typed.phone.as_str())))
                    }))
                    (text_area(&field("address", "Address").value(typed.address.as_str()), 3))
                }))
                (fieldset("Inside", Some("Only your own organization reads this."), html! {
                    (text_area(&field("notes", "Notes").value(typed.notes.as_str()), 4))
                    (checkbox(
                        &field("emergency_access", "Emergency access")
                            .hint("People of this client may raise the alarm at the sites they are assigned to."),
                        typed.emergency_access.is_on(),
                    ))
                }))
                (buttons(html! {
                    (submit(Kind::Primary, "Save"))
                    (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None))
                }))
            },
        ))
    };
    ctx.page(PageParts::titled(title).crumb("Clients", "/clients"), body)
}
