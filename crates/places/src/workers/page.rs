//! Pages of workers, from views alone.

use access::{Facts, FieldClass, Resource};
use kernel::Portal;
use kernel::id::WorkerId;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Chip, Choice, Column, Confirm, Empty, Facet, Field, FilterBar, Form, Kind, Pager, Row, Table,
    button_link, buttons, card, confirm, detail_list, download, email, filter_bar, form as ui_form, form_row,
    pager, select, submit, table, tel, text, text_area,
};
use web::reply::{Complaints, PageParts};
use web::{Ctx, Text};

use super::model::{WorkerFilter, WorkerForm, WorkerOut};
use super::{CREATE, DELETE, EDIT, EXPORT, NOTES};
use crate::members::{self, Member};
use crate::pickers::Offer;
use crate::shared::{lines, restore_button, showing, state, with};
use crate::{clients, teams};

/// What the form offers to choose from.
#[derive(Debug, Default)]
pub(super) struct Offers {
    pub(super) clients: Vec<Offer>,
    pub(super) teams: Vec<Offer>,
    pub(super) logins: Vec<Offer>,
}

impl Offers {
    /// With what a worker has already, archived as it may be.
    pub(super) fn with(mut self, worker: &WorkerOut, login: Option<&Member>) -> Self {
        let keep = |offers: &mut Vec<Offer>, id: String, name: &str| {
            if !offers.iter().any(|(offered, _)| *offered == id) {
                offers.insert(0, (id, name.to_owned()));
            }
        };
        if let (Some(team), Some(name)) = (worker.team, &worker.team_name) {
            keep(&mut self.teams, team.to_string(), name);
        }
        if let (Some(client), Some(name)) = (worker.client, &worker.client_name) {
            keep(&mut self.clients, client.to_string(), name);
        }
        if let Some(member) = login {
            keep(&mut self.logins, member.id.to_string(), &member.name);
        }
        self
    }
}

/// Which masked fields the form has.
#[derive(Debug)]
pub(super) struct Shown {
    /// Address, telephone and number are shown, not only taken.
    reach: bool,
    /// Notes.
    notes: bool,
    /// The login.
    login: bool,
}

impl Shown {
    /// To somebody who adds a worker: what is typed now need not be seen later.
    pub(super) fn to_new(ctx: &Ctx) -> Self {
        Self { reach: true, notes: ctx.may(NOTES), login: ctx.may(members::VIEW) }
    }

    /// To somebody who changes one.
    pub(super) fn to(ctx: &Ctx, facts: &Facts, worker: &WorkerOut, login: Option<&Member>) -> Self {
        let shows = |class| ctx.plan.shows(Resource::Worker, class, facts);
        let reach = shows(FieldClass::Operational);
        Self {
            reach,
            notes: shows(FieldClass::Notes),
            login: reach && ctx.may(members::VIEW) && (worker.membership.is_none() || login.is_some()),
        }
    }
}

fn choices(offers: &[Offer]) -> Vec<Choice<'_>> {
    offers.iter().map(|(id, name)| Choice::new(id, name)).collect()
}

pub(super) fn list(ctx: &Ctx, filter: &WorkerFilter, teams: &[Offer], workers: &Page<WorkerOut>) -> Markup {
    let here = ctx.href("/workers");
    let archived = if filter.archived { "true" } else { "" };
    let asked = |without: &str, more: &str, path: &str| {
        let all = [
            ("q", filter.q.as_str()),
            ("team", &filter.team),
            ("client", &filter.client),
            ("archived", archived),
            ("cursor", more),
        ];
        let kept: Vec<(&str, &str)> = all.into_iter().filter(|(name, _)| *name != without).collect();
        with(path, &kept)
    };
    let staff = ctx.portal() == Some(Portal::Office);
    let hrefs: Vec<String> =
        workers.items.iter().map(|worker| ctx.href(&format!("/workers/{}", worker.id))).collect();
    let rows: Vec<Row<'_>> = workers
        .items
        .iter()
        .zip(&hrefs)
        .map(|(worker, href)| {
            let mut cells = vec![
                html! { bdi { (worker.name) } },
                html! { @if let Some(team) = &worker.team_name { bdi { (team) } } },
            ];
            if staff {
                cells.push(html! { (worker.phone.as_deref().unwrap_or_default()) });
                cells.push(html! { (worker.email.as_deref().unwrap_or_default()) });
            }
            Row { href: Some(href), cells, muted: worker.archived, ..Row::default() }
        })
        .collect();
    let mut columns = vec![Column::lead("Name"), Column::new("Team")];
    if staff {
        columns.extend([Column::new("Telephone"), Column::new("E-mail").low()]);
    }
    let toggle = with(
        &here,
        &[
            ("q", &filter.q),
            ("team", &filter.team),
            ("client", &filter.client),
            ("archived", if filter.archived { "" } else { "true" }),
        ],
    );
    let actions = html! {
        a href=(toggle) { @if filter.archived { "Show current workers" } @else { "Show archived" } }
        @if staff && ctx.may(EXPORT) {
            (download("Export", &asked("cursor", "", &ctx.href("/workers/export")), Some("CSV, as filtered")))
        }
    };
    let next = workers.next.as_deref().map(|cursor| asked("", cursor, &here));
    let first = asked("cursor", "", &here);
    let team_name = teams.iter().find(|(id, _)| *id == filter.team).map(|(_, name)| format!("Team: {name}"));
    let without_team = asked("team", "", &here);
    let chips: Vec<Chip<'_>> =
        team_name.iter().map(|label| Chip { label, remove_href: &without_team }).collect();
    let team_choices = choices(teams);
    let chosen = [filter.team.as_str()];
    let facets = [Facet {
        name: "team",
        label: "Team",
        choices: &team_choices,
        chosen: if filter.team.is_empty() { &[] } else { &chosen },
        single: true,
    }];
    let body = html! {
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Search workers",
            facets: if teams.is_empty() { &[] } else { &facets },
            chips: &chips,
            clear_href: &here,
            hidden: &if filter.archived { vec![("archived", "true")] } else { Vec::new() },
            actions,
        }))
        @if workers.items.is_empty() {
            (nothing(ctx, filter))
        } @else {
            (table(&Table { caption: "Workers", columns: &columns, rows: &rows, ..Table::default() }))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| first.as_str()),
                next: next.as_deref(),
                showing: &showing(workers.items.len(), "worker", "workers"),
            }))
        }
    };
    let add = html! {
        @if ctx.may(CREATE) {
            (button_link(Kind::Primary, "Add a worker", &ctx.href("/workers/new"), Some(ui::icon::plus())))
        }
    };
    let title = if filter.archived { "Archived workers" } else { "Workers" };
    ctx.page(PageParts::titled(title).actions(add), body)
}

fn nothing(ctx: &Ctx, filter: &WorkerFilter) -> Markup {
    let filtered = !filter.q.is_empty() || !filter.team.is_empty() || !filter.client.is_empty();
    let (title, words) = if filtered {
        (
            "No worker fits",
            "Nobody here fits all of these filters. Take one away, or look among the archived ones.",
        )
    } else if filter.archived {
        (
            "Nobody is archived",
            "A worker who left keeps their name on every record, and can be restored from here.",
        )
    } else {
        (
            "No workers yet",
            "A worker is a person in the field: an officer, a guard, a technician. They may have a login, or only be named.",
        )
    };
    let add = html! {
        @if ctx.may(CREATE) && !filtered && !filter.archived {
            (button_link(Kind::Quiet, "Add a worker", &ctx.href("/workers/new"), None))
        }
    };
    ui::empty(&Empty { icon: ui::icon::person(), title, text: words }, add)
}

pub(super) fn show(ctx: &Ctx, worker: &WorkerOut, facts: &Facts, login: Option<&Member>) -> Markup {
    let path = format!("/workers/{}", worker.id);
    let archive = ctx.href(&format!("{path}/archive"));
    let question = format!("Archive {}?", worker.name);
    let actions = html! {
        (ctx.access_button(worker.id))
        (ctx.journal_button(worker.id, facts))
        @if ctx.plan.check(EDIT, facts) {
            (button_link(Kind::Primary, "Edit", &ctx.href(&format!("{path}/edit")), None))
        }
        @if ctx.plan.check(DELETE, facts) {
            @if worker.archived {
                (restore_button(ctx, &path))
            } @else {
                (confirm(&Confirm {
                    id: "archive",
                    label: "Archive",
                    title: &question,
                    text: "They are no longer offered for work. Every record keeps their name. Their login, if they have one, is ended where people are kept.",
                    action: &archive,
                    submit: "Archive",
                    ..Confirm::default()
                }))
            }
        }
    };
    let link = |allowed: bool, path: String, name: &str| {
        if allowed {
            html! { a href=(ctx.href(&path)) { bdi { (name) } } }
        } else {
            html! { bdi { (name) } }
        }
    };
    let office = ctx.portal() == Some(Portal::Office);
    let team_link = office && ctx.plan.check(teams::VIEW, facts);
    let mut about = vec![
        ("State", state(worker.archived)),
        (
            "Team",
            html! { @if let (Some(team), Some(name)) = (worker.team, &worker.team_name) { (link(team_link, format!("/teams/{team}"), name)) } },
        ),
    ];
    if let (Some(client), Some(name)) = (worker.client, &worker.client_name) {
        let allowed = ctx.plan.check(clients::VIEW, facts);
        about.push(("Guest of", link(allowed, format!("/clients/{client}"), name)));
    }
    if let Some(phone) = &worker.phone {
        about.push(("Telephone", html! { (phone) }));
    }
    if let Some(address) = &worker.email {
        about.push(("E-mail", html! { (address) }));
    }
    if let Some(number) = &worker.employee_number {
        about.push(("Number", html! { (number) }));
        let words = match (login, worker.membership) {
            (Some(member), _) => link(office, format!("/members/{}", member.id), &member.name),
            (None, Some(_)) => html! { "Has a login" },
            (None, None) => html! { "No login: only named here" },
        };
        about.push(("Login", words));
    }
    if let Some(notes) = &worker.notes {
        about.push(("Notes", lines(notes)));
    }
    let body = card(&Card::default(), detail_list(&about));
    ctx.page(PageParts::titled(&worker.name).crumb("Workers", "/workers").actions(actions), body)
}

/// The form's values for a worker who is there, as far as they are seen.
pub(super) fn filled(worker: &WorkerOut) -> WorkerForm {
    let text = |seen: Option<&String>| Text(seen.cloned().unwrap_or_default());
    WorkerForm {
        name: Text(worker.name.clone()),
        team: Text(worker.team.map_or_else(String::new, |team| team.to_string())),
        client: Text(worker.client.map_or_else(String::new, |client| client.to_string())),
        membership: Text(worker.membership.map_or_else(String::new, |member| member.to_string())),
        email: text(worker.email.as_ref()),
        phone: text(worker.phone.as_ref()),
        employee_number: text(worker.employee_number.as_ref()),
        notes: text(worker.notes.as_ref()),
        version: Text(worker.version.to_string()),
    }
}

pub(super) fn form(
    ctx: &Ctx,
    id: Option<WorkerId>,
    offers: &Offers,
    shown: &Shown,
    typed: &WorkerForm,
    wrong: &Complaints,
) -> Markup {
    let (title, path) = match id {
        Some(id) => ("Edit worker", format!("/workers/{id}")),
        None => ("Add a worker", "/workers".to_owned()),
    };
    let field = |name: &'static str, label: &'static str| {
        let field = Field::new(name, label).errors(&wrong.fields);
        let unseen = !shown.reach && matches!(name, "email" | "phone" | "employee_number");
        if unseen {
            field.hint("What is kept here is not shown to you. Leave it blank to keep it.")
        } else {
            field
        }
    };
    let guest = ctx.portal() == Some(Portal::Client);
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
                @if !offers.teams.is_empty() {
                    (select(
                        &field("team", "Team").value(typed.team.as_str()),
                        &choices(&offers.teams),
                        Some("None"),
                    ))
                }
                @if offers.clients.len() > usize::from(guest) {
                    (select(
                        &field("client", "Guest of").value(typed.client.as_str())
                            .hint("Only for people whom a client brings along. Your own people are nobody's guests."),
                        &choices(&offers.clients),
                        Some("Nobody"),
                    ))
                }
                (form_row(html! {
                    (tel(&field("phone", "Telephone").value(typed.phone.as_str())))
                    (email(&field("email", "E-mail").value(typed.email.as_str())))
                }))
                @if !guest {
                    (text(&field("employee_number", "Number").value(typed.employee_number.as_str()).hint("Their number in your books")))
                }
                @if shown.login && !guest {
                    (select(
                        &field("membership", "Login").value(typed.membership.as_str())
                            .hint("The person who signs in as this worker. An officer works without one, too."),
                        &choices(&offers.logins),
                        Some("None"),
                    ))
                }
                @if shown.notes {
                    (text_area(&field("notes", "Notes").value(typed.notes.as_str()).hint("The client side never reads them."), 4))
                }
                (buttons(html! {
                    (submit(Kind::Primary, "Save"))
                    (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None))
                }))
            },
        ))
    };
    ctx.page(PageParts::titled(title).crumb("Workers", "/workers"), body)
}
