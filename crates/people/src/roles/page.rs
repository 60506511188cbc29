//! Pages of roles, from views alone.

use access::{Catalogue, Feature, Resource};
use kernel::Portal;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Confirm, Empty, Facet, FilterBar, Form, Kind, Pager, Row, Tab, Table, Tone,
    button_link, card, confirm, detail_list, empty, filter_bar, form as ui_form, pager, status, submit,
    table, tabs, tag,
};
use web::Ctx;
use web::reply::PageParts;

use super::model::{
    HolderFilter, MatrixFilter, MatrixGrant, MatrixOut, RoleFilter, RoleOut, RolePageOut, SaidOut,
};
use super::{CREATE, DELETE, EDIT, EXPORT, IMPORT, matrix, say, write};
use crate::words;

/// The pages about roles.
pub(crate) fn role_tabs(ctx: &Ctx, current: &str) -> Markup {
    let all: Vec<(&str, String)> =
        [("Roles", "/roles"), ("Matrix", "/roles/matrix"), ("Changes", "/changes")]
            .map(|(label, path)| (label, ctx.href(path)))
            .into();
    let all: Vec<Tab<'_>> = all
        .iter()
        .map(|(label, href)| Tab { label, href, current: *label == current, count: None })
        .collect();
    tabs("Roles", &all)
}

/// What a pack is called.
pub(super) const fn pack(feature: Feature) -> &'static str {
    match feature {
        Feature::Guarding => "Guarding",
        Feature::Service => "Service",
        Feature::Reconditioning => "Reconditioning",
        Feature::TechnicianUsers => "Technician users",
        Feature::Monitor => "Monitor",
        Feature::Supplements => "Supplements",
        Feature::Timesheets => "Timesheets",
    }
}

const PACKS: [Feature; 3] = [Feature::Guarding, Feature::Service, Feature::Reconditioning];

fn pack_choices() -> Vec<Choice<'static>> {
    let mut choices: Vec<Choice<'_>> = PACKS.iter().map(|p| Choice::new(p.word(), pack(*p))).collect();
    choices.push(Choice::new("own", "Your own roles"));
    choices
}

fn portal_choices() -> Vec<Choice<'static>> {
    Portal::ALL.iter().map(|p| Choice::new(p.word(), say::portal(*p))).collect()
}

fn resource_choices() -> Vec<Choice<'static>> {
    Resource::ALL.iter().map(|r| Choice::new(r.word(), r.label())).collect()
}

fn one(word: &str) -> Vec<&str> {
    if word.is_empty() { Vec::new() } else { vec![word] }
}

pub(super) fn list(ctx: &Ctx, filter: &RoleFilter, roles: &[RoleOut]) -> Markup {
    let here = ctx.href("/roles");
    let (packs, portals, resources) = (pack_choices(), portal_choices(), resource_choices());
    let (pack, portal, resource) = (one(&filter.pack), one(&filter.portal), one(&filter.resource));
    let facets = [
        Facet { name: "pack", label: "Pack", choices: &packs, chosen: &pack, single: true },
        Facet { name: "portal", label: "Portal", choices: &portals, chosen: &portal, single: true },
        Facet { name: "resource", label: "About", choices: &resources, chosen: &resource, single: true },
    ];
    let other = if filter.archived { here.clone() } else { format!("{here}?archived=true") };
    let actions =
        html! { a href=(other) { @if filter.archived { "Show current roles" } @else { "Show archived" } } };
    let hidden: &[(&str, &str)] = if filter.archived { &[("archived", "true")] } else { &[] };
    let body = html! {
        (role_tabs(ctx, "Roles"))
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Find a role",
            facets: &facets,
            clear_href: &here,
            hidden,
            actions,
            ..FilterBar::default()
        }))
        @if roles.is_empty() {
            (empty(
                &Empty {
                    icon: ui::icon::role(),
                    title: if filter.archived { "No archived roles" } else { "No role like that" },
                    text: "A role is a named set of rights. Those of the packs that are on ship with the program; your own are written from scratch or as a copy of one that is nearly right.",
                },
                html! {},
            ))
        } @else {
            (table_of(ctx, roles))
            p.dim.number { (words::count(roles.len(), "role", "roles")) }
        }
    };
    let add = html! {
        @if ctx.may(IMPORT) { (button_link(Kind::Quiet, "Import", &ctx.href("/roles/import"), None)) }
        @if ctx.may(CREATE) { (button_link(Kind::Primary, "New role", &ctx.href("/roles/new"), Some(ui::icon::plus()))) }
    };
    ctx.page(PageParts::titled("Roles").actions(add), body)
}

fn table_of(ctx: &Ctx, roles: &[RoleOut]) -> Markup {
    let hrefs: Vec<String> = roles.iter().map(|r| ctx.href(&format!("/roles/{}", r.key))).collect();
    let counted = roles.iter().any(|role| role.holders.is_some());
    let rows: Vec<Row<'_>> = roles
        .iter()
        .zip(&hrefs)
        .map(|(role, href)| {
            let mut cells = vec![
                html! { (role.name) },
                html! { (role.about) @if let Some(off) = &role.off_because { p.hint { (words::sentence(off)) } } },
                html! { (words::audience(role.audience)) },
                html! { (say::portals(&role.portals)) },
                html! { @if role.built_in { (role.packs.iter().map(|p| pack(*p)).collect::<Vec<_>>().join(", ")) } @else { (tag("Own")) } },
            ];
            if counted {
                cells.push(html! { @match role.holders { Some(0) | None => span.dim { "0" }, Some(many) => (many) } });
            }
            Row { href: Some(href), cells, muted: role.archived || role.off_because.is_some(), ..Row::default() }
        })
        .collect();
    let mut columns = vec![
        Column::lead("Role"),
        Column::new("What it lets one do"),
        Column::new("Side").low(),
        Column::new("Portals").low(),
        Column::new("Pack").low(),
    ];
    if counted {
        columns.push(Column::number("People"));
    }
    table(&Table { caption: "Roles", columns: &columns, rows: &rows, ..Table::default() })
}

pub(super) fn matrix(ctx: &Ctx, roles: &Catalogue, filter: &MatrixFilter, out: &MatrixOut) -> Markup {
    let here = ctx.href("/roles/matrix");
    let named: Vec<&str> = filter.role.iter().map(String::as_str).filter(|key| !key.is_empty()).collect();
    let shown = if named.is_empty() { matrix::pack(&filter.pack, roles.features()) } else { "" };
    let (packs, portals, resources) = (pack_choices(), portal_choices(), resource_choices());
    let (pack, portal, resource) = (one(shown), one(&filter.portal), one(&filter.resource));
    let every: Vec<Choice<'_>> = roles
        .all()
        .filter(|role| roles.off(role) != Some(access::Because::PackOff))
        .map(|role| Choice::new(&role.key, &role.name))
        .collect();
    let facets = [
        Facet { name: "pack", label: "Pack", choices: &packs, chosen: &pack, single: true },
        Facet { name: "portal", label: "Portal", choices: &portals, chosen: &portal, single: true },
        Facet { name: "resource", label: "About", choices: &resources, chosen: &resource, single: true },
        Facet { name: "role", label: "Side by side", choices: &every, chosen: &named, single: false },
    ];
    let word = |on: bool| if on { "true" } else { "" };
    let page = |page: usize, differ: bool| {
        let number = if page == 0 { String::new() } else { page.to_string() };
        let mut pairs = vec![
            ("pack", filter.pack.as_str()),
            ("portal", filter.portal.as_str()),
            ("resource", filter.resource.as_str()),
            ("differ", word(differ)),
            ("page", &number),
        ];
        pairs.extend(named.iter().map(|key| ("role", *key)));
        words::with(&here, &pairs)
    };
    let (same, next, first) =
        (page(filter.page, !filter.differ), page(filter.page + 1, filter.differ), page(0, filter.differ));
    let actions = html! {
        @if out.roles.len() > 1 { a href=(same) { @if filter.differ { "Show all rows" } @else { "Only differences" } } }
    };
    let hidden: &[(&str, &str)] = if filter.differ { &[("differ", "true")] } else { &[] };
    let more = named.is_empty() && (filter.page + 1) * matrix::COLUMNS < out.of;
    let body = html! {
        (role_tabs(ctx, "Matrix"))
        (filter_bar(&FilterBar { action: &here, facets: &facets, hidden, actions, ..FilterBar::default() }))
        @if out.resources.is_empty() {
            (empty(
                &Empty { icon: ui::icon::role(), title: "Nothing to compare", text: "No role of this choice grants anything of that kind. Choose another pack, portal or kind of record." },
                html! {},
            ))
        } @else {
            (grid(ctx, out))
            @if more || filter.page > 0 {
                (pager(&Pager {
                    newest: (filter.page > 0).then_some(first.as_str()),
                    next: more.then_some(next.as_str()),
                    showing: &format!("{} of {} roles", out.roles.len(), out.of),
                }))
            }
            p.hint { "A word says how far from the places the role is given at; what stands under it must hold as well. An empty cell is no right at all." }
        }
    };
    ctx.page(PageParts::titled("Role matrix").crumb("Roles", "/roles"), body)
}

fn grid(ctx: &Ctx, out: &MatrixOut) -> Markup {
    html! {
        div.table-box.matrix role="region" aria-label="Roles and permissions" tabindex="0" {
            table {
                caption.unseen { "What each role may do, and how far" }
                thead { tr {
                    th scope="col" { span.unseen { "Permission" } }
                    @for role in &out.roles { th scope="col" { a href=(ctx.href(&format!("/roles/{}", role.key))) { (role.name) } } }
                } }
                @for resource in &out.resources {
                    tbody {
                        tr.matrix-group { th scope="rowgroup" colspan=(out.roles.len() + 1) { span { (resource.label) } } }
                        @for row in &resource.rows {
                            tr {
                                th.lead scope="row" { (words::capital(&row.label)) }
                                @for (role, cell) in out.roles.iter().zip(&row.cells) {
                                    td data-label=(role.name) { @for (at, grant) in cell.iter().enumerate() { @if at > 0 { br; } (grant_cell(grant)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn grant_cell(grant: &MatrixGrant) -> Markup {
    html! {
        span { (say::reach(grant.reach)) }
        @if !grant.conditions.is_empty() { " " small.dim { (say::only_if(&grant.conditions)) } }
    }
}

pub(super) fn show(ctx: &Ctx, roles: &Catalogue, filter: &HolderFilter, page: &RolePageOut) -> Markup {
    let role = &page.role;
    let path = format!("/roles/{}", role.key);
    let may = |permission| ctx.plan.check(permission, &write::facts(ctx));
    let actions = html! {
        @if may(EXPORT) { (button_link(Kind::Quiet, "Export", &ctx.href(&format!("{path}/export")), None)) }
        @if may(CREATE) { (button_link(if role.built_in { Kind::Primary } else { Kind::Quiet }, "Duplicate", &ctx.href(&format!("/roles/new?from={}", role.key)), None)) }
        @if !role.built_in && !role.archived && may(EDIT) { (button_link(Kind::Primary, "Edit", &ctx.href(&format!("{path}/edit")), None)) }
    };
    let body = html! {
        @if role.archived { (ui::alert(Tone::Warning, "This role is archived. It grants nothing to anybody and cannot be given.", html! {})) }
        @else if let Some(off) = &role.off_because { (ui::alert(Tone::Warning, &words::sentence(&format!("it grants nothing at the moment: {off}")), html! {})) }
        p { (role.about) }
        (ui::split(
            html! {
                (card(&Card { title: "What it may", flush: true, ..Card::default() }, said(&page.sentences)))
                (held_by(ctx, filter, page))
            },
            html! {
                (card(&Card { title: "The role", ..Card::default() }, facts(ctx, roles, role)))
                @if !role.built_in && may(DELETE) { (archive(ctx, role, &path)) }
            },
        ))
    };
    ctx.page(PageParts::titled(&role.name).crumb("Roles", "/roles").actions(actions), body)
}

fn said(sentences: &[SaidOut]) -> Markup {
    let rows: Vec<Row<'_>> = sentences
        .iter()
        .map(|said| Row {
            cells: vec![
                html! { (said.label) },
                html! {
                    @for (at, line) in said.may.iter().enumerate() { @if at > 0 { br; } (words::sentence(line)) }
                    @if !said.opens.is_empty() { p.hint { "Opens: " (said.opens.join(", ")) "." } }
                    @if !said.hides.is_empty() { p.hint { "Leaves closed: " (said.hides.join(", ")) "." } }
                },
            ],
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "What the role may",
        columns: &[Column::lead("Kind"), Column::new("What its holders may do")],
        rows: &rows,
        ..Table::default()
    })
}

fn facts(ctx: &Ctx, roles: &Catalogue, role: &RoleOut) -> Markup {
    let links = |keys: &[String]| {
        html! {
            @for (at, key) in keys.iter().enumerate() {
                @if at > 0 { ", " }
                @if roles.known(key).is_some() { a href=(ctx.href(&format!("/roles/{key}"))) { (roles.name(key)) } } @else { (key) }
            }
        }
    };
    let mut facts = vec![
        ("For", html! { (words::capital(say::side(role.audience))) }),
        ("Portals", html! { (say::portals(&role.portals)) }),
        ("Held at", html! { (held_at(role)) }),
        ("Held alone", html! { @if role.exclusive { "Yes: beside no other role" } @else { "No" } }),
    ];
    if let Some(feature) = role.feature {
        facts.push(("Needs", html! { "The feature " (pack(feature)) }));
    }
    if !role.packs.is_empty() {
        facts.push(("Pack", html! { (role.packs.iter().map(|p| pack(*p)).collect::<Vec<_>>().join(", ")) }));
    }
    if !role.gives.is_empty() {
        facts.push(("May give", links(&role.gives)));
    }
    facts.push((
        "Mailed about",
        html! {
            @if role.subscriptions.is_empty() { "Nothing by default" }
            @else { (role.subscriptions.iter().map(|e| e.word().replace('_', " ")).collect::<Vec<_>>().join(", ")) }
        },
    ));
    facts.push(("Key", html! { code { (role.key) } }));
    facts.push((
        "Kind",
        html! { @if role.built_in { "Ships with the program" } @else { (tag("Own")) " " (status(if role.archived { "Archived" } else { "Current" }, if role.archived { Tone::Neutral } else { Tone::Success })) } },
    ));
    detail_list(&facts)
}

fn held_at(role: &RoleOut) -> String {
    use access::Reach;
    let place = match role.reach {
        Reach::Organization => "the whole organization, or any place in it",
        Reach::Area => "areas or sites",
        Reach::Team => "teams or sites",
        Reach::Client => "clients or sites",
        Reach::Site => "sites",
        Reach::Own => "no place: only their own things",
    };
    match role.most_targets {
        Some(1) => format!("{place}; one at most"),
        Some(most) => format!("{place}; {most} at most"),
        None => place.to_owned(),
    }
}

fn held_by(ctx: &Ctx, filter: &HolderFilter, page: &RolePageOut) -> Markup {
    let hrefs: Vec<String> =
        page.held_by.iter().map(|one| ctx.href(&format!("/members/{}", one.id))).collect();
    let zone = crate::members::zone(ctx);
    let rows: Vec<Row<'_>> = page
        .held_by
        .iter()
        .zip(&hrefs)
        .map(|(one, href)| Row {
            href: Some(href),
            cells: vec![
                html! { bdi { (one.name) } },
                html! { @for (at, held) in one.held.iter().enumerate() { @if at > 0 { br; } (words::capital(&held.place)) } },
                html! {
                    @for held in &one.held {
                        @if let Some(from) = held.from { p.hint { "from " (ui::time_exact(from, &zone)) } }
                        @if let Some(until) = held.until { p.hint { "until " (ui::time_exact(until, &zone)) } }
                    }
                },
            ],
            muted: !one.active,
            ..Row::default()
        })
        .collect();
    let here = ctx.href(&format!("/roles/{}", page.role.key));
    let next = page.next.as_ref().map(|cursor| words::with(&here, &[("cursor", cursor)]));
    let title = match page.role.holders {
        Some(many) => format!("Who holds it ({many})"),
        None => "Who holds it, of those you may see".to_owned(),
    };
    card(
        &Card { title: &title, id: Some("holders"), flush: !rows.is_empty(), ..Card::default() },
        html! {
            @if rows.is_empty() { p { "Nobody that you may see. Give it on a person's page, or invite somebody." } }
            @else {
                (table(&Table {
                    caption: "Who holds the role",
                    columns: &[Column::lead("Name"), Column::new("Where"), Column::new("When").low()],
                    rows: &rows,
                    ..Table::default()
                }))
                @if next.is_some() || filter.cursor.is_some() {
                    (pager(&Pager {
                        newest: filter.cursor.as_ref().map(|_| here.as_str()),
                        next: next.as_deref(),
                        showing: &words::count(rows.len(), "person", "people"),
                    }))
                }
            }
        },
    )
}

fn archive(ctx: &Ctx, role: &RoleOut, path: &str) -> Markup {
    let version = role.version.unwrap_or_default().to_string();
    let hidden: &[(&str, &str)] = &[("version", &version)];
    card(
        &Card { title: if role.archived { "Bring it back" } else { "Put it away" }, ..Card::default() },
        html! {
            @if role.archived {
                p { "Restored, it grants again what it says to everybody who still holds it." }
                (ui_form(&Form { action: &ctx.href(&format!("{path}/restore")), hidden, ..Form::default() }, ui::buttons(html! { (submit(Kind::Quiet, "Restore")) (ui::look(&ctx.href(&format!("{path}/restore/preview")))) })))
            } @else {
                p { "Archived, it grants nothing to anybody. Who held it stays known, and it can be restored." }
                (confirm(&Confirm {
                    id: "archive",
                    label: "Archive",
                    kind: Kind::Danger,
                    title: "Archive this role?",
                    text: "Everybody who holds it loses what it grants with their next request.",
                    action: &ctx.href(&format!("{path}/archive")),
                    hidden,
                    submit: "Archive the role",
                    look: Some(&ctx.href(&format!("{path}/archive/preview"))),
                    ..Confirm::default()
                }))
            }
        },
    )
}
