//! Pages of sites, from views alone.

use access::Facts;
use kernel::Portal;
use kernel::geo::Fence;
use kernel::id::SiteId;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Chip, Choice, Column, Confirm, Empty, Facet, Field, FilterBar, Form, GeoMap, GeoNames, GeoShape,
    GeoTyped, Kind, Marker, Pager, Row, Tab, Table, button_link, buttons, card, checkbox, confirm,
    detail_list, download, fieldset, filter_bar, form as ui_form, form_row, geo_map, pager, radios, select,
    split, submit, suggest, table, tag, text, text_area,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::form::SiteForm;
use super::model::{SiteFilter, SiteFull, SiteKind, SiteOut, Zone};
use super::{CREATE, DELETE, EDIT, EXPORT};
use crate::pickers::Offer;
use crate::shared::{lines, restore_button, showing, state, with};
use crate::{areas, clients, site_clients};

/// What the form and the filters offer to choose from.
#[derive(Debug, Default)]
pub(super) struct Offers {
    pub(super) clients: Vec<Offer>,
    pub(super) areas: Vec<Offer>,
}

impl Offers {
    /// With the client and area that a site has already, archived or beyond one's sight as they may be.
    pub(super) fn with(mut self, full: &SiteFull) -> Self {
        let site = &full.site;
        let keep = |offers: &mut Vec<Offer>, id: String, name: &str| {
            if !offers.iter().any(|(offered, _)| *offered == id) {
                offers.insert(0, (id, name.to_owned()));
            }
        };
        keep(&mut self.clients, site.client.to_string(), &site.client_name);
        if let (Some(area), Some(name)) = (site.area, &site.area_name) {
            keep(&mut self.areas, area.to_string(), name);
        }
        self
    }
}

fn choices(offers: &[Offer]) -> Vec<Choice<'_>> {
    offers.iter().map(|(id, name)| Choice::new(id, name)).collect()
}

fn kinds() -> Vec<Choice<'static>> {
    SiteKind::ALL.iter().map(|kind| Choice::new(kind.word(), kind.label()).hint(kind.hint())).collect()
}

/// A plain table of sites, for the page of what they hang on.
pub(crate) fn rows(ctx: &Ctx, sites: &Page<SiteOut>, nothing: &str) -> Markup {
    if sites.items.is_empty() {
        return html! { p.hint { (nothing) } };
    }
    let hrefs: Vec<String> =
        sites.items.iter().map(|site| ctx.href(&format!("/sites/{}", site.id))).collect();
    let rows: Vec<Row<'_>> = sites
        .items
        .iter()
        .zip(&hrefs)
        .map(|(site, href)| Row {
            href: Some(href),
            cells: vec![
                html! { bdi { (site.name) } },
                html! { (tag(site.kind.label())) },
                lines(&site.address),
            ],
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "Sites",
        columns: &[Column::lead("Name"), Column::new("Kind").plain(), Column::new("Address").low()],
        rows: &rows,
        ..Table::default()
    })
}

pub(super) fn list(ctx: &Ctx, filter: &SiteFilter, offers: &Offers, sites: &Page<SiteOut>) -> Markup {
    let here = ctx.href("/sites");
    let archived = if filter.archived { "true" } else { "" };
    let asked = |without: &str, more: Option<&str>, path: &str| {
        let all = [
            ("q", filter.q.as_str()),
            ("client", &filter.client),
            ("area", &filter.area),
            ("kind", &filter.kind),
            ("archived", archived),
            ("cursor", more.unwrap_or_default()),
        ];
        let kept: Vec<(&str, &str)> = all.into_iter().filter(|(name, _)| *name != without).collect();
        with(path, &kept)
    };
    let staff = ctx.portal() != Some(Portal::Client);
    let hrefs: Vec<String> =
        sites.items.iter().map(|site| ctx.href(&format!("/sites/{}", site.id))).collect();
    let rows: Vec<Row<'_>> = sites
        .items
        .iter()
        .zip(&hrefs)
        .map(|(site, href)| {
            let mut cells = vec![
                html! { bdi { (site.name) } },
                html! { (tag(site.kind.label())) },
                html! { bdi { (site.client_name) } },
            ];
            if staff {
                cells.push(html! { @if let Some(area) = &site.area_name { bdi { (area) } } });
            }
            cells.push(lines(&site.address));
            Row { href: Some(href), cells, muted: site.archived, ..Row::default() }
        })
        .collect();
    let mut columns = vec![Column::lead("Name"), Column::new("Kind").plain(), Column::new("Client")];
    if staff {
        columns.push(Column::new("Area").low());
    }
    columns.push(Column::new("Address").low());
    let toggle = with(
        &here,
        &[
            ("q", &filter.q),
            ("client", &filter.client),
            ("area", &filter.area),
            ("kind", &filter.kind),
            ("archived", if filter.archived { "" } else { "true" }),
        ],
    );
    let actions = html! {
        a href=(toggle) { @if filter.archived { "Show current sites" } @else { "Show archived" } }
        @if ctx.portal() == Some(Portal::Office) && ctx.may(EXPORT) {
            (download("Export", &asked("cursor", None, &ctx.href("/sites/export")), Some("CSV, as filtered")))
        }
    };
    let (next, first) =
        (sites.next.as_deref().map(|cursor| asked("", Some(cursor), &here)), asked("cursor", None, &here));
    let removals: Vec<(String, String)> = [
        ("client", "Client", named(&offers.clients, &filter.client)),
        ("area", "Area", named(&offers.areas, &filter.area)),
        ("kind", "Kind", filter.kind.parse::<SiteKind>().map_or("", SiteKind::label)),
    ]
    .into_iter()
    .filter(|(_, _, value)| !value.is_empty())
    .map(|(name, label, value)| (format!("{label}: {value}"), asked(name, None, &here)))
    .collect();
    let chips: Vec<Chip<'_>> =
        removals.iter().map(|(label, remove_href)| Chip { label, remove_href }).collect();
    let (clients, areas, kinds) = (choices(&offers.clients), choices(&offers.areas), kinds());
    let chosen = [[filter.client.as_str()], [filter.area.as_str()], [filter.kind.as_str()]];
    let mut facets = Vec::new();
    if clients.len() > 1 {
        facets.push(single("client", "Client", &clients, &chosen[0]));
    }
    if !areas.is_empty() {
        facets.push(single("area", "Area", &areas, &chosen[1]));
    }
    facets.push(single("kind", "Kind", &kinds, &chosen[2]));
    let body = html! {
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Search name or address",
            facets: &facets,
            chips: &chips,
            clear_href: &here,
            hidden: &if filter.archived { vec![("archived", "true")] } else { Vec::new() },
            actions,
        }))
        @if sites.items.is_empty() {
            (nothing(ctx, filter))
        } @else {
            (table(&Table { caption: "Sites", columns: &columns, rows: &rows, ..Table::default() }))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| first.as_str()),
                next: next.as_deref(),
                showing: &showing(sites.items.len(), "site", "sites"),
            }))
        }
    };
    let add = html! {
        @if ctx.portal() == Some(Portal::Office) && ctx.may(CREATE) {
            (button_link(Kind::Primary, "Add a site", &ctx.href("/sites/new"), Some(ui::icon::plus())))
        }
    };
    let title = if filter.archived { "Archived sites" } else { "Sites" };
    ctx.page(PageParts::titled(title).actions(add), body)
}

fn named<'a>(offers: &'a [Offer], id: &str) -> &'a str {
    offers.iter().find(|(offered, _)| offered == id).map_or("", |(_, name)| name)
}

fn nothing(ctx: &Ctx, filter: &SiteFilter) -> Markup {
    let filtered =
        [&filter.q, &filter.client, &filter.area, &filter.kind].iter().any(|word| !word.is_empty());
    let (title, words) = if filtered {
        (
            "No site fits",
            "Nothing here fits all of these filters. Take one away, or look among the archived sites.",
        )
    } else if filter.archived {
        ("Nothing is archived", "A site that is put away keeps its records and can be restored from here.")
    } else if ctx.may(CREATE) {
        (
            "No sites yet",
            "A site is a place of work of one client. Reports, shifts and the people who may see them hang on it.",
        )
    } else {
        ("No sites", "You see the sites that were assigned to you. Ask an administrator if one is missing.")
    };
    let add = html! {
        @if ctx.portal() == Some(Portal::Office) && ctx.may(CREATE) && !filtered && !filter.archived {
            (button_link(Kind::Quiet, "Add a site", &ctx.href("/sites/new"), None))
        }
    };
    ui::empty(&Empty { icon: ui::icon::site(), title, text: words }, add)
}

/// A property to filter by, of which one value can be chosen.
fn single<'a>(
    name: &'a str,
    label: &'a str,
    choices: &'a [Choice<'a>],
    chosen: &'a [&'a str; 1],
) -> Facet<'a> {
    let none = chosen.first().is_none_or(|word| word.is_empty());
    Facet { name, label, choices, chosen: if none { &[] } else { chosen }, single: true }
}

/// The pages about one site; alone, a page needs no tabs.
pub(crate) fn tabs(ctx: &Ctx, site: &SiteOut, facts: &Facts, current: &str) -> Markup {
    if ctx.portal() != Some(Portal::Office) || !site_clients::shown_to(ctx, facts) {
        return html! {};
    }
    let path = ctx.href(&format!("/sites/{}", site.id));
    let accounts = format!("{path}/clients");
    ui::tabs(
        "About this site",
        &[
            Tab { label: "Overview", href: &path, current: current == "overview", ..Tab::default() },
            Tab { label: "Clients", href: &accounts, current: current == "clients", ..Tab::default() },
        ],
    )
}

pub(super) fn show(ctx: &Ctx, full: &SiteFull, facts: &Facts) -> Markup {
    let site = &full.site;
    let path = format!("/sites/{}", site.id);
    let office = ctx.portal() == Some(Portal::Office);
    let archive = ctx.href(&format!("{path}/archive"));
    let question = format!("Archive {}?", site.name);
    let actions = html! {
        (ctx.access_button(site.id))
        (ctx.journal_button(site.id, facts))
        @if office && ctx.plan.check(EDIT, facts) {
            (button_link(Kind::Primary, "Edit", &ctx.href(&format!("{path}/edit")), None))
        }
        @if office && ctx.plan.check(DELETE, facts) {
            @if site.archived {
                (restore_button(ctx, &path))
            } @else {
                (confirm(&Confirm {
                    id: "archive",
                    label: "Archive",
                    title: &question,
                    text: "It is no longer offered anywhere. Its records stay, with its name, for everyone who may see them.",
                    action: &archive,
                    submit: "Archive",
                    ..Confirm::default()
                }))
            }
        }
    };
    let side = html! {
        (card(&Card { title: "Place", ..Card::default() }, place(ctx, full)))
    };
    let main = html! {
        (card(&Card::default(), detail_list(&about(ctx, full, facts))))
        @if let Some(instructions) = &full.instructions {
            (card(&Card { title: "Instructions", ..Card::default() }, html! {
                @if instructions.is_empty() { p.hint { "Nothing is written for whoever works here." } } @else { p { (lines(instructions)) } }
            }))
        }
        @if full.reports.is_some() { (card(&Card { title: "Reports", id: Some("reports"), ..Card::default() }, html! {
                (report_options(full))
                @if office && ctx.plan.check(EDIT, facts) { (change_reports(ctx, full)) }
            })) }
    };
    let body = html! {
        (tabs(ctx, site, facts, "overview"))
        (split(main, side))
    };
    ctx.page(PageParts::titled(&site.name).crumb("Sites", "/sites").actions(actions), body)
}

/// What is known of a site, as far as the asker sees it.
fn about(ctx: &Ctx, full: &SiteFull, facts: &Facts) -> Vec<(&'static str, Markup)> {
    let site = &full.site;
    // A link leads only where its reader may go.
    let link = |allowed: bool, path: String, name: &str| {
        if allowed {
            html! { a href=(ctx.href(&path)) { bdi { (name) } } }
        } else {
            html! { bdi { (name) } }
        }
    };
    let office = ctx.portal() == Some(Portal::Office);
    let to_client = ctx.portal() != Some(Portal::Field) && ctx.plan.check(clients::VIEW, facts);
    let mut about = vec![
        ("State", state(site.archived)),
        ("Kind", html! { (site.kind.label()) }),
        ("Client", link(to_client, format!("/clients/{}", site.client), &site.client_name)),
        ("Address", lines(&site.address)),
        ("Time zone", html! { (site.zone) }),
    ];
    if full.reports.is_some() {
        about.push(("Code", html! { (site.code.as_deref().unwrap_or_default()) }));
        about.push((
            "Area",
            html! {
                @if let (Some(area), Some(name)) = (site.area, &site.area_name) {
                    (link(office && ctx.plan.check(areas::VIEW, facts), format!("/areas/{area}"), name))
                }
            },
        ));
    }
    about
}

/// The three options where they are shown, to be set without the rest of the site.
fn change_reports(ctx: &Ctx, full: &SiteFull) -> Markup {
    let reports = full.reports.unwrap_or_default();
    let version = full.site.version.to_string();
    ui::fold(
        "Change what reports need here",
        ui_form(
            &Form {
                action: &ctx.href(&format!("/sites/{}/reports", full.site.id)),
                hidden: &[("version", version.as_str())],
                ..Form::default()
            },
            html! {
                (checkbox(&Field::new("approval_required", "Approval required"), reports.approval_required))
                (checkbox(&Field::new("editable_by_author", "Authors may edit"), reports.editable_by_author))
                (checkbox(&Field::new("send_daily_report", "Send the daily report"), reports.send_daily_report))
                p.hint {
                    "Counts for what is handed in from now on. What was handed in before keeps the rules of its day: \
                     nothing released is hidden by this, and nothing that waits for approval gets out."
                }
                (buttons(submit(Kind::Quiet, "Save report options")))
            },
        ),
    )
}

fn report_options(full: &SiteFull) -> Markup {
    let reports = full.reports.unwrap_or_default();
    let says = |on: bool, yes: &'static str, no: &'static str| html! { (if on { yes } else { no }) };
    let since = match full.reports_since {
        Some(at) => {
            let zone = jiff::tz::TimeZone::get(&full.site.zone).unwrap_or(jiff::tz::TimeZone::UTC);
            ui::time_exact(at, &zone)
        }
        None => html! { "The site was added" },
    };
    detail_list(&[
        (
            "Approval",
            says(
                reports.approval_required,
                "Required: the client side sees and is mailed nothing before somebody approved it",
                "Not required: the client side sees reports when they are handed in",
            ),
        ),
        (
            "Authors",
            says(
                reports.editable_by_author,
                "May change their own reports after handing them in",
                "Cannot change their reports after handing them in",
            ),
        ),
        ("Daily report", says(reports.send_daily_report, "Mailed to those who want it", "Not mailed")),
        ("In force since", since),
    ])
}

fn ui_point(point: kernel::geo::Point) -> ui::Point {
    ui::Point { lat: point.latitude(), lon: point.longitude() }
}

fn place(ctx: &Ctx, full: &SiteFull) -> Markup {
    let site = &full.site;
    let words = full.fence.as_ref().map(fence_words).unwrap_or_default();
    let geojson = full.fence.as_ref().map(ToString::to_string).unwrap_or_default();
    let corners: Vec<ui::Point> = match &full.fence {
        Some(Fence::Parts(parts)) => {
            parts.iter().flat_map(|part| part.outer.corners()).map(|corner| ui_point(*corner)).collect()
        }
        _ => Vec::new(),
    };
    let shape = match &full.fence {
        None => GeoShape::None,
        Some(Fence::Circle { center, radius_m }) => {
            GeoShape::Circle { center: ui_point(*center), radius_m: *radius_m }
        }
        Some(Fence::Parts(parts)) => match parts.as_slice() {
            // A few corners are read one by one; a shore of thousands is not.
            [only] if only.holes.is_empty() && corners.len() <= 40 => GeoShape::Polygon(&corners),
            _ => GeoShape::Drawn { geojson: &geojson, words: &words },
        },
    };
    let markers: Vec<Marker<'_>> = site
        .position
        .map(|position| Marker { at: ui_point(position), label: &site.name, ..Marker::default() })
        .into_iter()
        .collect();
    let label = format!("Map of {}", site.name);
    geo_map(&GeoMap {
        id: "place",
        label: &label,
        center: site.position.map(ui_point).unwrap_or_default(),
        zoom: 15,
        shape,
        markers: &markers,
        tiles_url: ctx.app.config.tiles_url.as_deref(),
        ..GeoMap::default()
    })
}

/// "3 parts, 1 hole, 240 corners".
fn fence_words(fence: &Fence) -> String {
    let Fence::Parts(parts) = fence else { return String::new() };
    let holes: usize = parts.iter().map(|part| part.holes.len()).sum();
    let corners: usize = parts
        .iter()
        .flat_map(|part| std::iter::once(&part.outer).chain(&part.holes))
        .map(|ring| ring.corners().len())
        .sum();
    let mut words = Vec::new();
    if parts.len() > 1 {
        words.push(format!("{} parts", parts.len()));
    }
    if holes > 0 {
        words.push(showing(holes, "hole", "holes"));
    }
    words.push(format!("{corners} corners"));
    words.join(", ")
}

pub(super) fn form(
    ctx: &Ctx,
    id: Option<SiteId>,
    offers: &Offers,
    typed: &SiteForm,
    wrong: &Complaints,
) -> Markup {
    let (title, path) = match id {
        Some(id) => ("Edit site", format!("/sites/{id}")),
        None => ("Add a site", "/sites".to_owned()),
    };
    let field = |name: &'static str, label: &'static str| Field::new(name, label).errors(&wrong.fields);
    let client_hint = match id {
        Some(_) => {
            "Records made so far stay with the client they were made for; only what comes after belongs to the new one."
        }
        None => "Whose place of work it is",
    };
    let zones = Zone::all();
    let zones: Vec<&str> = zones.iter().map(String::as_str).collect();
    let body = html! {
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href(&path),
                hidden: &[("version", typed.version.as_str())],
                guard: true,
                errors: Some(&wrong.fields),
                labels: &[("zone", "Time zone"), ("radius_m", "Radius"), ("polygon", "Corners")],
                ..Form::default()
            },
            html! {
                (text(&field("name", "Name").value(typed.name.as_str()).required()))
                (form_row(html! {
                    (select(
                        &field("client", "Client").value(typed.client.as_str()).required().hint(client_hint),
                        &choices(&offers.clients),
                        Some("Choose"),
                    ))
                    @if !offers.areas.is_empty() {
                        (select(
                            &field("area", "Area").value(typed.area.as_str()).hint("The territory it lies in"),
                            &choices(&offers.areas),
                            Some("None"),
                        ))
                    }
                }))
                (radios(&field("kind", "Kind").value(typed.kind.as_str()).required(), &kinds()))
                (form_row(html! {
                    (suggest(
                        &field("zone", "Time zone")
                            .value(typed.zone.as_str())
                            .required()
                            .hint("Times of reports and shifts here are meant in it"),
                        &zones,
                    ))
                    (text(&field("code", "Code").value(typed.code.as_str()).hint("Your own number or short name")))
                }))
                (text_area(&field("address", "Address").value(typed.address.as_str()), 3))
                (fieldset(
                    "Place and fence",
                    Some("The middle is where maps show the site. The fence says what counts as being there."),
                    map_fields(ctx, typed, wrong),
                ))
                (text_area(
                    &field("instructions", "Instructions")
                        .value(typed.instructions.as_str())
                        .hint("For whoever works here. The client side never reads it."),
                    5,
                ))
                (fieldset("Reports", None, html! {
                    (checkbox(
                        &field("approval_required", "Approval required").hint(
                            "The client side sees and is mailed nothing before somebody approved it. \
                             What was released before stays released.",
                        ),
                        typed.approval_required.is_on(),
                    ))
                    (checkbox(
                        &field("editable_by_author", "Authors may edit")
                            .hint("Officers may change their own reports after handing them in."),
                        typed.editable_by_author.is_on(),
                    ))
                    (checkbox(
                        &field("send_daily_report", "Send the daily report")
                            .hint("Mailed to those of the site who want it."),
                        typed.send_daily_report.is_on(),
                    ))
                }))
                (buttons(html! {
                    (submit(Kind::Primary, "Save"))
                    @if id.is_some() { (ui::look(&ctx.href(&format!("{path}/preview")))) }
                    (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None))
                }))
            },
        ))
    };
    ctx.page(PageParts::titled(title).crumb("Sites", "/sites"), body)
}

fn map_fields(ctx: &Ctx, typed: &SiteForm, wrong: &Complaints) -> Markup {
    let center = typed.latitude.as_str().parse().ok().zip(typed.longitude.as_str().parse().ok());
    geo_map(&GeoMap {
        id: "fence",
        label: "Place and fence of the site",
        center: center.map(|(lat, lon)| ui::Point { lat, lon }).unwrap_or_default(),
        zoom: if center.is_some() { 16 } else { 2 },
        editable: true,
        polygon_allowed: true,
        input_names: GeoNames { lat: "latitude", lon: "longitude", radius: "radius_m", polygon: "polygon" },
        typed: Some(GeoTyped {
            lat: typed.latitude.as_str(),
            lon: typed.longitude.as_str(),
            radius: typed.radius_m.as_str(),
            polygon: typed.polygon.as_str(),
        }),
        tiles_url: ctx.app.config.tiles_url.as_deref(),
        errors: Some(&wrong.fields),
        ..GeoMap::default()
    })
}
