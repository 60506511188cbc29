//! Pages of changes, from views alone.

use access::Permission;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Empty, Facet, Field, FilterBar, Form, Kind, Pager, Row, Table, Tone, buttons, card,
    date_time, empty, filter_bar, form as ui_form, pager, progress, status, submit, table, time, time_exact,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::model::{
    AccountOut, ChangeFilter, ChangeOut, ChangeState, CountOut, DecideForm, DifferenceOut, GroupOut,
};
use crate::members::zone;
use crate::roles::{role_tabs, say};
use crate::words;

const fn told_as(state: ChangeState) -> &'static str {
    match state {
        ChangeState::Proposed => "Only a look",
        ChangeState::Scheduled => "Scheduled",
        ChangeState::Applied => "Made",
        ChangeState::Undone => "Taken back",
        ChangeState::Discarded => "Let go",
        ChangeState::Refused => "Refused",
    }
}

fn state(state: ChangeState) -> Markup {
    let tone = match state {
        ChangeState::Scheduled => Tone::Info,
        ChangeState::Applied => Tone::Success,
        ChangeState::Refused => Tone::Danger,
        ChangeState::Proposed | ChangeState::Undone | ChangeState::Discarded => Tone::Neutral,
    };
    status(told_as(state), tone)
}

pub(super) fn list(ctx: &Ctx, filter: &ChangeFilter, page: &Page<ChangeOut>) -> Markup {
    let zone = zone(ctx);
    let (here, changes) = (ctx.href("/changes"), &page.items);
    let with = |cursor: &str| words::with(&here, &[("state", &filter.state), ("cursor", cursor)]);
    let next = page.next.as_deref().map(with);
    let first = with("");
    let states = [
        ChangeState::Scheduled,
        ChangeState::Applied,
        ChangeState::Undone,
        ChangeState::Refused,
        ChangeState::Discarded,
        ChangeState::Proposed,
    ];
    let states: Vec<Choice<'_>> =
        states.iter().map(|state| Choice::new(state.word(), told_as(*state))).collect();
    let chosen: Vec<&str> = if filter.state.is_empty() { Vec::new() } else { vec![&filter.state] };
    let facets = [Facet { name: "state", label: "State", choices: &states, chosen: &chosen, single: true }];
    let hrefs: Vec<String> = changes.iter().map(|c| ctx.href(&format!("/changes/{}", c.id))).collect();
    let rows: Vec<Row<'_>> = changes
        .iter()
        .zip(&hrefs)
        .map(|(change, href)| Row {
            href: Some(href),
            cells: vec![
                html! { (change.title) },
                html! { @if let Some(who) = &change.proposed_by { bdi { (who) } } },
                html! { (state(change.state)) @if let Some(why) = &change.refused_because { p.hint { (words::sentence(why)) } } },
                html! { @match (change.state, change.due_at) { (ChangeState::Scheduled, Some(at)) => (time_exact(at, &zone)), _ => (time(change.decided_at.unwrap_or(change.proposed_at), &zone)) } },
            ],
            ..Row::default()
        })
        .collect();
    let body = html! {
        (role_tabs(ctx, "Changes"))
        (filter_bar(&FilterBar { action: &here, facets: &facets, clear_href: &here, ..FilterBar::default() }))
        @if changes.is_empty() && next.is_none() && filter.cursor.is_none() {
            (empty(
                &Empty { icon: ui::icon::clock(), title: "No changes yet", text: "Changes of roles, of who holds them and of switches stand here once they are made or scheduled, and can be taken back." },
                html! {},
            ))
        } @else {
            (table(&Table {
                caption: "Changes of rights",
                columns: &[Column::lead("Change"), Column::new("By").low(), Column::new("State"), Column::new("When")],
                rows: &rows,
                ..Table::default()
            }))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| first.as_str()),
                next: next.as_deref(),
                showing: &words::count(changes.len(), "change", "changes"),
            }))
        }
    };
    ctx.page(PageParts::titled("Changes of rights").crumb("Roles", "/roles"), body)
}

pub(super) fn show(ctx: &Ctx, change: &ChangeOut, typed: &DecideForm, wrong: &Complaints) -> Markup {
    let zone = zone(ctx);
    let open = matches!(change.state, ChangeState::Proposed | ChangeState::Scheduled);
    let body = html! {
        (web::reply::complaint(wrong))
        p {
            (state(change.state)) " "
            @match (change.state, change.due_at) {
                (ChangeState::Scheduled, Some(at)) => { "It is made on " (time_exact(at, &zone)) ", with the rights that whoever scheduled it holds then." }
                (ChangeState::Proposed, _) => { "Nothing has changed yet. This is what it would make of whom." }
                _ => { "Decided " (time(change.decided_at.unwrap_or(change.proposed_at), &zone)) "." }
            }
        }
        @if let Some(why) = &change.refused_because { (ui::alert(Tone::Danger, &words::sentence(why), html! {})) }
        @if let Some(why) = &change.blocked {
            (ui::alert(Tone::Warning, "This cannot be made as things are now", html! { p { (words::sentence(why)) } }))
        }
        @if let Some(running) = &change.progress {
            (progress("Comparing what everybody may do", u64::try_from(running.done).unwrap_or(0), u64::try_from(running.of).unwrap_or(0)))
            p.hint { "This page asks again by itself." }
        }
        @if let Some(difference) = &change.difference { (told(ctx, difference)) }
        @if open { (decide(ctx, change, typed, wrong)) }
        @if change.undoable {
            (ui_form(
                &Form { action: &ctx.href(&format!("/changes/{}/undo", change.id)), hidden: &[("version", &change.version.to_string())], ..Form::default() },
                html! { p { "Taking it back is a change like any other: it needs the same rights, and is refused where the world moved on." } (submit(Kind::Quiet, "Take it back")) },
            ))
        }
    };
    ctx.page(PageParts::titled(&change.title).crumb("Roles", "/roles").crumb("Changes", "/changes"), body)
}

fn decide(ctx: &Ctx, change: &ChangeOut, typed: &DecideForm, wrong: &Complaints) -> Markup {
    let version = change.version.to_string();
    let hidden: &[(&str, &str)] = &[("version", &version)];
    let to = |what: &str| ctx.href(&format!("/changes/{}/{what}", change.id));
    html! {
        div.actions {
            (ui_form(&Form { action: &to("application"), hidden, id: Some("apply"), ..Form::default() }, submit(Kind::Primary, "Make the change now")))
            (ui_form(&Form { action: &to("discard"), hidden, id: Some("discard"), ..Form::default() }, submit(Kind::Quiet, "Let it go")))
        }
        (card(&Card { title: "Or at an hour", ..Card::default() }, ui_form(
            &Form { action: &to("schedule"), hidden, id: Some("schedule"), errors: Some(&wrong.fields), labels: &[("at", "When")], ..Form::default() },
            html! {
                (date_time(&Field::new("at", "When").value(typed.at.as_str()).required().hint("Everything is asked again then. What cannot be made is refused, and stands under Changes.").errors(&wrong.fields), &ctx.who.zone))
                (buttons(submit(Kind::Quiet, "Schedule")))
            },
        )))
    }
}

fn told(ctx: &Ctx, difference: &DifferenceOut) -> Markup {
    html! {
        p {
            @if difference.changed == 0 {
                "It concerns " (words::count(difference.concerned, "person", "people")) ", and nobody could do more or less than now."
            } @else {
                strong { (words::count(difference.changed, "person", "people")) } " of " (difference.concerned) " concerned could do more or less than now."
            }
        }
        @if let Some(from) = difference.from { p { "It shows from " (time_exact(from, &zone(ctx))) "." } }
        @for group in &difference.groups { (people(ctx, group)) }
        @if !difference.accounts.is_empty() || difference.uncounted > 0 {
            (card(&Card { title: "What clients and contractors would see", flush: !difference.accounts.is_empty(), ..Card::default() }, html! {
                @if !difference.accounts.is_empty() { (accounts(ctx, &difference.accounts)) }
                @if difference.uncounted > 0 { p.hint { "Not counted for " (words::count(difference.uncounted, "more account", "more accounts")) "." } }
                @if difference.partial { p.hint { "Counted are only records that you may see; there may be more." } }
            }))
        }
    }
}

fn people(ctx: &Ctx, group: &GroupOut) -> Markup {
    let title = words::count(group.people, "person", "people");
    let unnamed = group.people - group.named.len();
    html! {
        (card(&Card { title: &title, ..Card::default() }, html! {
            @if !group.gains.is_empty() { p { (status("Gains", Tone::Warning)) " " (permissions(&group.gains)) } }
            @if !group.loses.is_empty() { p { (status("Loses", Tone::Neutral)) " " (permissions(&group.loses)) } }
            @for portal in &group.opens { p { (status("Opens", Tone::Warning)) " the " (say::portal(*portal)) " portal" } }
            @for portal in &group.closes { p { (status("Closes", Tone::Neutral)) " the " (say::portal(*portal)) " portal" } }
            ul {
                @for person in &group.named {
                    li {
                        @if person.newcomer { bdi { (person.name) } } @else { a href=(ctx.href(&format!("/members/{}", person.id))) { bdi { (person.name) } } }
                        span.dim { ", " (person.place) }
                    }
                }
                @if unnamed > 0 { li.dim { "and " (words::count(unnamed, "more person", "more people")) } }
            }
        }))
    }
}

/// Permissions by kind of record: "Incidents: change, approve; Sites: see".
fn permissions(all: &[String]) -> String {
    let mut lines: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    for permission in all.iter().filter_map(|word| word.parse::<Permission>().ok()) {
        let (label, word) = (permission.resource().label(), say::action(permission.action()));
        match lines.iter_mut().find(|(other, _)| *other == label) {
            Some((_, words)) => words.push(word),
            None => lines.push((label, vec![word])),
        }
    }
    let lines: Vec<String> =
        lines.into_iter().map(|(label, words)| format!("{label}: {}", words.join(", "))).collect();
    lines.join("; ")
}

fn accounts(ctx: &Ctx, accounts: &[AccountOut]) -> Markup {
    let hrefs: Vec<String> = accounts.iter().map(|one| ctx.href(&format!("/members/{}", one.id))).collect();
    let rows: Vec<Row<'_>> = accounts
        .iter()
        .zip(&hrefs)
        .map(|(account, href)| Row {
            href: (!account.newcomer).then_some(href.as_str()),
            cells: vec![
                html! { bdi { (account.name) } },
                html! { @for kind in &account.kinds { @if kind.appears.count > 0 { p { (kind.label) ": " (counted(&kind.appears)) } } } },
                html! { @for kind in &account.kinds { @if kind.vanishes.count > 0 { p { (kind.label) ": " (counted(&kind.vanishes)) } } } },
            ],
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "What clients and contractors would see",
        columns: &[Column::lead("Account"), Column::new("Becomes visible"), Column::new("Is seen no more")],
        rows: &rows,
        ..Table::default()
    })
}

fn counted(count: &CountOut) -> Markup {
    html! {
        @if count.more { "more than " } (count.count)
        @if !count.sample.is_empty() { span.dim { " (" (count.sample.join(", ")) @if count.more || count.count > count.sample.len() { " …" } ")" } }
    }
}
