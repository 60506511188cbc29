//! The first page of each portal.

use jiff::tz::TimeZone;
use kernel::Portal;
use maud::{Markup, html};
use ui::{Card, Column, Empty, Kind, Priority, Row, Stat, Table, button_link, card, empty, stats, table};
use web::Ctx;
use web::reply::PageParts;

use access::{Action, Permission, Resource, permission};

use super::act::{ActiveOut, HomeOut};
use crate::incidents::IncidentRow;

const INVITE: Permission = permission(Resource::Account, Action::Invite);
const CHANGE: Permission = permission(Resource::Assignment, Action::Edit);
const SITES: Permission = permission(Resource::Site, Action::View);
const CONTRACTORS: Permission = permission(Resource::Contractor, Action::View);

pub(super) fn home(ctx: &Ctx, home: &HomeOut) -> Markup {
    match ctx.portal() {
        Some(Portal::Field) => field(ctx, home),
        Some(Portal::Client) => client(ctx, home),
        _ => office(ctx, home),
    }
}

fn office(ctx: &Ctx, home: &HomeOut) -> Markup {
    let counts: Vec<(String, String)> = home
        .waiting
        .iter()
        .map(|w| (if w.count > 99 { "99+".to_owned() } else { w.count.to_string() }, ctx.href(&w.path)))
        .collect();
    let shown: Vec<Stat<'_>> = home
        .waiting
        .iter()
        .zip(&counts)
        .map(|(waiting, (count, href))| Stat {
            label: &waiting.label,
            value: count,
            href: Some(href),
            ..Stat::default()
        })
        .collect();
    let body = html! {
        @if !shown.is_empty() { (stats(&shown)) }
        @if home.sees_incidents {
            @if !home.urgent.is_empty() {
                (card(&Card { title: "Needs somebody now", ..Card::default() }, incidents(ctx, "New incidents", &home.urgent)))
            }
            (card(&Card { title: "What happened last", ..Card::default() }, latest(ctx, home)))
        } @else {
            (elsewhere(ctx))
        }
    };
    ctx.page(PageParts::titled("Home").actions(report(ctx, home)), body)
}

fn field(ctx: &Ctx, home: &HomeOut) -> Markup {
    let body = html! {
        @if home.may_report {
            p { (button_link(Kind::Primary, "Report an incident", &ctx.href("/incidents/new"), Some(ui::icon::incident()))) }
        }
        @if home.sees_incidents {
            (card(&Card { title: "Your reports", ..Card::default() }, latest(ctx, home)))
        } @else if !home.may_report {
            (elsewhere(ctx))
        }
    };
    ctx.page(PageParts::titled("Now"), body)
}

/// What a client's administrator does first: the organization hands out the first login, the rest is theirs.
fn first_steps(ctx: &Ctx) -> Markup {
    if !ctx.may(INVITE) || ctx.who.audience != kernel::Audience::Client {
        return html! {};
    }
    let step = |may: bool, path: &str, title: &str, words: &str| {
        html! { @if may { li { a href=(ctx.href(path)) { (title) } ": " (words) } } }
    };
    let people = ctx.may(CHANGE);
    html! {
        (card(&Card { title: "Your people", id: Some("first-steps"), ..Card::default() }, html! {
            p { "You add the people of your company yourself. Each sees only what their role opens, and nothing of it before they have accepted." }
            ol.stack {
                (step(ctx.may(SITES), "/sites", "Look at your sites", "roles are given at them, one by one or for the whole company."))
                (step(people, "/invitations/new", "Invite administrators and managers", "an administrator does what you do; a manager looks after the sites you choose."))
                (step(true, "/invitations/new?role=basic_user", "Invite basic users", "they ask for service at one site and follow only their own requests."))
                (step(ctx.may(CONTRACTORS), "/contractors", "Add guest contractors", "companies that work for you; they add their own technicians."))
                (step(true, "/members", "See who is here", "what each of them holds, and when they were here last."))
            }
        }))
    }
}

/// Who of the people one looks after was here, the last first.
fn activity(ctx: &Ctx, people: &[ActiveOut]) -> Markup {
    let zone = TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC);
    let hrefs: Vec<String> = people.iter().map(|one| ctx.href(&format!("/members/{}", one.id))).collect();
    let rows: Vec<Row<'_>> = people
        .iter()
        .zip(&hrefs)
        .map(|(one, href)| Row {
            href: Some(href),
            cells: vec![
                html! { bdi { (one.name) } },
                html! { @match one.seen_at { Some(at) => (ui::time(at, &zone)), None => span.dim { "Never" } } },
            ],
            ..Row::default()
        })
        .collect();
    card(
        &Card { title: "Who was here", id: Some("activity"), flush: true, ..Card::default() },
        html! {
            (table(&Table {
                caption: "People you look after, and when they were here last",
                columns: &[Column::lead("Name"), Column::number("Last here")],
                rows: &rows,
                ..Table::default()
            }))
        },
    )
}

fn client(ctx: &Ctx, home: &HomeOut) -> Markup {
    let body = html! {
        (first_steps(ctx))
        @if !home.activity.is_empty() { (activity(ctx, &home.activity)) }
        @if home.sees_incidents {
            (card(&Card { title: "What happened last", ..Card::default() }, latest(ctx, home)))
        } @else {
            (elsewhere(ctx))
        }
        (ui::help("What you see here, and what you do not", html! {
            p { (&ctx.who.organization_name) " shows you what it has published about your sites: what happened, when, where, how serious it is and how far the work is." }
            p { "You do not see drafts, the names and positions of officers, internal notes, or anything of other clients. If something is missing, ask " (&ctx.who.organization_name) " to publish it." }
        }))
    };
    ctx.page(PageParts::titled(&format!("Hello, {}", first_name(&ctx.who.name))), body)
}

/// The first word that is not a title or an initial: "Dr. Ngozi Adeyemi" is greeted as Ngozi.
fn first_name(name: &str) -> &str {
    name.split_whitespace().find(|word| !word.ends_with('.')).unwrap_or(name)
}

fn report(ctx: &Ctx, home: &HomeOut) -> Markup {
    html! {
        @if home.may_report {
            (button_link(Kind::Primary, "Report an incident", &ctx.href("/incidents/new"), Some(ui::icon::plus())))
        }
    }
}

fn latest(ctx: &Ctx, home: &HomeOut) -> Markup {
    if home.latest.is_empty() {
        let text = match ctx.portal() {
            Some(Portal::Client) => {
                "When something happens at your sites and is published, you read it here."
            }
            Some(Portal::Field) => "What you report is kept here, with how far the work is.",
            _ => "Officers report from the field; what they send stands here at once.",
        };
        return empty(&Empty { icon: ui::icon::incident(), title: "Nothing yet", text }, html! {});
    }
    html! {
        (incidents(ctx, "The latest incidents", &home.latest))
        p { a href=(ctx.href("/incidents")) { "All incidents" } }
    }
}

fn incidents(ctx: &Ctx, caption: &str, rows: &[IncidentRow]) -> Markup {
    let hrefs: Vec<String> = rows.iter().map(|i| ctx.href(&format!("/incidents/{}", i.id))).collect();
    let cells: Vec<Row<'_>> = rows
        .iter()
        .zip(&hrefs)
        .map(|(incident, href)| {
            let zone = TimeZone::get(&incident.zone).unwrap_or(TimeZone::UTC);
            let what = incident.title.as_deref().filter(|t| !t.is_empty()).unwrap_or(&incident.kind);
            Row {
                href: Some(href),
                cells: vec![
                    html! { (what) },
                    ui::severity(incident.severity.badge()),
                    ui::status(incident.status.label(), incident.status.tone()),
                    html! { (incident.site) },
                    ui::time(incident.occurred_at, &zone),
                ],
                ..Row::default()
            }
        })
        .collect();
    table(&Table {
        caption,
        columns: &[
            Column::lead("What"),
            Column::new("Severity").plain(),
            Column::new("Status").plain(),
            Column { label: "Site", priority: Priority::Low, ..Column::default() },
            Column::number("When").plain(),
        ],
        rows: &cells,
        ..Table::default()
    })
}

/// For people whose work is elsewhere: what their roles are, instead of an empty page.
fn elsewhere(ctx: &Ctx) -> Markup {
    let roles = ctx.role_names();
    let text = if roles.is_empty() {
        "None of your roles is live right now. An administrator of your organization can tell you why."
            .to_owned()
    } else {
        format!("You are here as {roles}. What that opens stands in the navigation.")
    };
    empty(&Empty { icon: ui::icon::home(), title: "Nothing waits for you here", text: &text }, html! {})
}
