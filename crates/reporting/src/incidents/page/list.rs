//! The list: a table for staff, a calmer one for clients; cards on a phone.

use access::FieldClass;
use kernel::Result;
use kernel::page::Page;
use maud::{Markup, html};
use ui::table::Direction;
use ui::{
    Chip, Choice, Column, Empty, Facet, Field, FilterBar, Kind, Pager, Row, Tab, Table, button_link,
    filter_bar, pager, table, tabs,
};
use web::reply::PageParts;
use web::{Ctx, Door};

use super::super::model::IncidentFilter;
use super::super::sites::{self, SiteChoice};
use super::super::view::IncidentRow;
use super::super::words::{Lane, Severity, Status};
use super::super::{CREATE, EXPORT, SETTINGS, types};
use super::{address, always, clock, heading, pairs, state_badge};

/// What filters offer.
pub(in super::super) struct Choices {
    kinds: Vec<String>,
    sites: Vec<SiteChoice>,
}

/// What this person can choose from. The client side is offered the types of the incidents in front of them: the
/// organization's list would speak of more than they see.
pub(in super::super) async fn choices(
    ctx: &Ctx,
    filter: &IncidentFilter,
    rows: &[IncidentRow],
) -> Result<Choices> {
    let mut kinds = if always(ctx, FieldClass::Operational) {
        types::all(ctx).await?.into_iter().map(|t| t.name).collect()
    } else {
        rows.iter().map(|row| row.kind.clone()).collect::<Vec<_>>()
    };
    kinds.extend(filter.kind.iter().filter(|kind| !kind.is_empty()).cloned());
    kinds.sort_unstable();
    kinds.dedup();
    let sites = sites::to_filter_by(ctx).await?;
    // A long list of sites is no filter; the search finds a site by its name.
    let sites = if sites.next.is_some() { Vec::new() } else { sites.items };
    Ok(Choices { kinds, sites })
}

/// The list and the board are two views of the same incidents.
pub(super) fn views(ctx: &Ctx, filter: &IncidentFilter, board: bool) -> Markup {
    if ctx.door != Door::Portal(kernel::Portal::Office) && ctx.door != Door::Portal(kernel::Portal::Field) {
        return html! {};
    }
    if !always(ctx, FieldClass::Operational) {
        return html! {};
    }
    let kept = pairs(&IncidentFilter {
        q: filter.q.clone(),
        severity: filter.severity.clone(),
        kind: filter.kind.clone(),
        site: filter.site.clone(),
        client: filter.client.clone(),
        ..IncidentFilter::default()
    });
    let (list, boards) = (ctx.href("/incidents"), ctx.href("/incidents/board"));
    tabs(
        "Views",
        &[
            Tab { label: "List", href: &address(&list, &kept), current: !board, count: None },
            Tab { label: "Board", href: &address(&boards, &kept), current: board, count: None },
        ],
    )
}

/// The values that are set.
fn set(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).filter(|value| !value.is_empty()).collect()
}

/// Search, facets, dates and chips.
pub(super) fn bar(
    ctx: &Ctx,
    here: &str,
    filter: &IncidentFilter,
    choices: &Choices,
    board: bool,
    actions: Markup,
) -> Markup {
    let staff = always(ctx, FieldClass::Operational);
    let site_ids: Vec<String> = choices.sites.iter().map(|site| site.id.to_string()).collect();
    let status: Vec<Choice<'_>> = Status::ALL.iter().map(|s| Choice::new(s.word(), s.label())).collect();
    let severity: Vec<Choice<'_>> =
        Severity::ALL.iter().rev().map(|s| Choice::new(s.word(), s.label())).collect();
    let kind: Vec<Choice<'_>> = choices.kinds.iter().map(|k| Choice::new(k, k)).collect();
    let site: Vec<Choice<'_>> = choices
        .sites
        .iter()
        .zip(&site_ids)
        .map(|(site, id)| {
            let choice = Choice::new(id, &site.name);
            if site.client.is_empty() { choice } else { choice.group(&site.client) }
        })
        .collect();
    let published = [
        Choice::new("", "Any"),
        Choice::new("published", "Published"),
        Choice::new("unpublished", "Not published"),
        Choice::new("awaiting", "Awaiting approval"),
    ];
    let assignee = [Choice::new("", "Anybody"), Choice::new("me", "Me"), Choice::new("nobody", "Nobody")];
    let c_status = set(&filter.status);
    let c_severity = set(&filter.severity);
    let c_kind = set(&filter.kind);
    let c_site = set(&filter.site);
    let c_published = [filter.published.as_str()];
    let c_assignee = [filter.assignee.as_str()];
    let mut facets = Vec::new();
    if !board {
        facets.push(Facet {
            name: "status",
            label: "Status",
            choices: &status,
            chosen: &c_status,
            single: false,
        });
    }
    facets.push(Facet {
        name: "severity",
        label: "Severity",
        choices: &severity,
        chosen: &c_severity,
        single: false,
    });
    if !kind.is_empty() {
        facets.push(Facet { name: "kind", label: "Type", choices: &kind, chosen: &c_kind, single: false });
    }
    if site.len() > 1 {
        facets.push(Facet { name: "site", label: "Site", choices: &site, chosen: &c_site, single: false });
    }
    if staff && !board {
        let chosen: &[&str] = if filter.published.is_empty() { &[] } else { &c_published };
        facets.push(Facet {
            name: "published",
            label: "Client sees",
            choices: &published,
            chosen,
            single: true,
        });
    }
    if always(ctx, FieldClass::People) {
        let chosen: &[&str] = if filter.assignee.is_empty() { &[] } else { &c_assignee };
        facets.push(Facet { name: "assignee", label: "Assigned", choices: &assignee, chosen, single: true });
    }
    let chips = chips(ctx, here, filter, choices);
    let chips: Vec<Chip<'_>> = chips.iter().map(|(label, href)| Chip { label, remove_href: href }).collect();
    let archived = if filter.archived { "true" } else { "" };
    let hidden: Vec<(&str, &str)> = [("order", filter.order.as_str()), ("archived", archived)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let dates = html! {
        @if !board {
            details.facet name="facet" {
                summary.btn { span { "Dates" } (ui::icon::chevron_down()) }
                fieldset.facet-panel {
                    legend.unseen { "Dates" }
                    (ui::date(&Field::new("from", "From").value(&filter.from)))
                    (ui::date(&Field::new("until", "Until").value(&filter.until)))
                }
            }
        }
        (actions)
    };
    filter_bar(&FilterBar {
        action: here,
        search: Some(&filter.q),
        search_label: if staff { "Number, words, site or name" } else { "Type, words or site" },
        facets: &facets,
        chips: &chips,
        clear_href: here,
        hidden: &hidden,
        actions: dates,
    })
}

/// The filters that are on, each with the way to do without it.
fn chips(ctx: &Ctx, here: &str, filter: &IncidentFilter, choices: &Choices) -> Vec<(String, String)> {
    let all = pairs(filter);
    let zone = &ctx.who.zone;
    let mut chips = Vec::new();
    for (at, (name, value)) in all.iter().enumerate() {
        let label = match *name {
            "status" => format!("Status: {}", value.parse::<Status>().map_or(value.as_str(), |s| s.label())),
            "severity" => {
                format!("Severity: {}", value.parse::<Severity>().map_or(value.as_str(), |s| s.label()))
            }
            "kind" => format!("Type: {value}"),
            "site" => {
                let named = choices.sites.iter().find(|site| site.id.to_string() == *value);
                format!("Site: {}", named.map_or("one site", |site| site.name.as_str()))
            }
            "client" => "One client".to_owned(),
            "assignee" => match value.as_str() {
                "me" => "Assigned to me".to_owned(),
                "nobody" => "Assigned to nobody".to_owned(),
                _ => "Assigned to one person".to_owned(),
            },
            "lane" => format!("Board: {}", value.parse::<Lane>().map_or(value.as_str(), |lane| lane.label())),
            "published" => match value.as_str() {
                "published" => "Published".to_owned(),
                "unpublished" => "Not published".to_owned(),
                _ => "Awaiting approval".to_owned(),
            },
            "from" => format!("From {value} ({zone})"),
            "until" => format!("Until {value} ({zone})"),
            _ => continue,
        };
        let mut rest = all.clone();
        rest.remove(at);
        chips.push((label, address(here, &rest)));
    }
    chips
}

fn sort_of(filter: &IncidentFilter, name: &str, default: bool) -> Option<Direction> {
    match filter.order.as_str() {
        "" if default => Some(Direction::Descending),
        order if order == name => Some(Direction::Descending),
        order if order.strip_prefix('-') == Some(name) => Some(Direction::Ascending),
        _ => None,
    }
}

fn sort_href(here: &str, filter: &IncidentFilter, name: &str, now: Option<Direction>) -> String {
    let order = if now == Some(Direction::Descending) { format!("-{name}") } else { name.to_owned() };
    address(here, &pairs(&IncidentFilter { order, ..filter.clone() }))
}

pub(in super::super) fn page(
    ctx: &Ctx,
    filter: &IncidentFilter,
    choices: &Choices,
    incidents: &Page<IncidentRow>,
) -> Markup {
    let here = ctx.href("/incidents");
    let staff = always(ctx, FieldClass::Operational);
    let filtered = pairs(filter).iter().any(|(name, _)| *name != "order");
    let next = incidents.next.as_ref().map(|cursor| {
        let mut all = pairs(filter);
        all.push(("cursor", cursor.clone()));
        address(&here, &all)
    });
    let newest = filter.cursor.as_ref().map(|_| address(&here, &pairs(filter)));
    let exported = address(&ctx.href("/incidents/export"), &pairs(filter));
    let turned = IncidentFilter { archived: !filter.archived, cursor: None, ..filter.clone() };
    let actions = html! {
        @if ctx.may(EXPORT) && !incidents.items.is_empty() {
            (ui::download("Export", &exported, Some("CSV, all of this list")))
        }
        @if staff {
            a href=(address(&here, &pairs(&turned))) {
                @if filter.archived { "Show current incidents" } @else { "Show archived" }
            }
        }
    };
    let body = html! {
        (views(ctx, filter, false))
        (bar(ctx, &here, filter, choices, false, actions))
        @if incidents.items.is_empty() { (nothing_here(ctx, filtered)) }
        @else {
            @if staff { (staff_table(ctx, &here, filter, &incidents.items)) }
            @else { (client_table(ctx, &here, filter, &incidents.items)) }
            (pager(&Pager {
                newest: newest.as_deref(),
                next: next.as_deref(),
                showing: &counted(incidents.items.len()),
            }))
        }
    };
    let add = html! {
        @if ctx.may(CREATE) {
            (button_link(Kind::Primary, "Report an incident", &ctx.href("/incidents/new"), Some(ui::icon::plus())))
        }
        @if ctx.may(SETTINGS) && ctx.door == Door::Portal(kernel::Portal::Office) {
            (button_link(Kind::Plain, "Types", &ctx.href("/incidents/types"), Some(ui::icon::settings())))
        }
    };
    ctx.page(PageParts::titled("Incidents").actions(add), body)
}

fn counted(rows: usize) -> String {
    if rows == 1 { "1 incident".to_owned() } else { format!("{rows} incidents") }
}

/// An empty list says why it is empty, to whoever looks at it.
fn nothing_here(ctx: &Ctx, filtered: bool) -> Markup {
    let staff = always(ctx, FieldClass::Operational);
    let (title, text) = if filtered {
        ("Nothing fits these filters", "Take a filter away, or search for other words.")
    } else if staff {
        (
            "No incidents yet",
            "Whatever happens at a site is reported from the field or here. It stays inside until somebody publishes it.",
        )
    } else {
        ("No incidents to read", "Incidents of your sites appear here as soon as they are published for you.")
    };
    ui::empty(&Empty { icon: ui::icon::incident(), title, text }, html! {})
}

fn staff_table(ctx: &Ctx, here: &str, filter: &IncidentFilter, items: &[IncidentRow]) -> Markup {
    let people = always(ctx, FieldClass::People);
    let hrefs: Vec<String> = items.iter().map(|i| ctx.href(&format!("/incidents/{}", i.id))).collect();
    let (by_number, by_time) = (sort_of(filter, "number", false), sort_of(filter, "occurred", true));
    let number_href = sort_href(here, filter, "number", by_number);
    let time_href = sort_href(here, filter, "occurred", by_time);
    let mut columns = vec![
        Column::lead("Incident").sort(&number_href, by_number),
        Column::new("Type").low(),
        Column::new("Site").line(),
        Column::new("Severity").plain(),
        Column::new("Status").plain(),
        Column::new("Client sees").plain(),
        Column::new("Occurred").plain().sort(&time_href, by_time),
    ];
    if people {
        columns.push(Column::new("Assigned to").low());
    }
    let rows: Vec<Row<'_>> = items
        .iter()
        .zip(&hrefs)
        .map(|(item, href)| {
            let mut cells = vec![
                html! { span.dim.number { (item.label()) } " " (heading(item)) },
                html! { (item.kind) },
                html! { (item.site) @if let Some(client) = &item.client { " " span.dim { (client) } } },
                ui::severity(item.severity.badge()),
                html! {
                    (ui::status(item.status.label(), item.status.tone()))
                    @if item.escalated == Some(true) { " " (ui::status("Escalated", ui::Tone::Danger)) }
                },
                state_badge(item),
                ui::time(item.occurred_at, &clock(item)),
            ];
            if people {
                cells.push(html! { @if let Some(name) = &item.assignee { (ui::person(name)) } });
            }
            Row { href: Some(href), cells, muted: item.archived, ..Row::default() }
        })
        .collect();
    table(&Table { caption: "Incidents", columns: &columns, rows: &rows, ..Table::default() })
}

fn client_table(ctx: &Ctx, here: &str, filter: &IncidentFilter, items: &[IncidentRow]) -> Markup {
    let hrefs: Vec<String> = items.iter().map(|i| ctx.href(&format!("/incidents/{}", i.id))).collect();
    let by_time = sort_of(filter, "occurred", true);
    let time_href = sort_href(here, filter, "occurred", by_time);
    let columns = [
        Column::lead("Incident"),
        Column::new("Site").line(),
        Column::new("Severity").plain(),
        Column::new("Status").plain(),
        Column::new("Occurred").plain().sort(&time_href, by_time),
        Column::new("Reference").low(),
    ];
    let rows: Vec<Row<'_>> = items
        .iter()
        .zip(&hrefs)
        .map(|(item, href)| Row {
            href: Some(href),
            cells: vec![
                html! { (item.kind) },
                html! { (item.site) },
                ui::severity(item.severity.badge()),
                ui::status(item.status.label(), item.status.tone()),
                ui::time(item.occurred_at, &clock(item)),
                html! { code { (item.reference) } },
            ],
            ..Row::default()
        })
        .collect();
    table(&Table { caption: "Incidents", columns: &columns, rows: &rows, ..Table::default() })
}
