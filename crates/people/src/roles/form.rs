//! The forms by which roles are written and brought in. Lists to choose from hold what the writer holds themselves;
//! what no list says (several grants of one kind, rare conditions) is written as lines.

use std::collections::BTreeMap;

use access::{Catalogue, Condition, Event, Feature, Grant, Permission, Reach, Resource, Role, write_grants};
use kernel::{Audience, Portal};
use maud::{Markup, html};
use ui::{
    Choice, Field, Form, Kind, button_link, buttons, checkbox, checkboxes, fieldset, form as ui_form,
    form_row, number, radios, searchable, select, submit, text, text_area,
};
use web::reply::{Complaints, PageParts};
use web::{Ctx, Text};

use super::model::{ImportForm, RoleForm, RoleOut};
use super::page::pack;
use super::say;
use crate::words;

/// The form's values for a role that is there.
pub(super) fn filled(role: &Role, version: i64) -> RoleForm {
    let on = |on: bool| Text(if on { "true" } else { "" }.to_owned());
    let (listed, lines) = split(&role.grants);
    let words = |words: Vec<&str>| words.into_iter().map(Text::from).collect();
    RoleForm {
        key: Text(role.key.clone()),
        name: Text(role.name.clone()),
        about: Text(role.about.clone()),
        audience: role.audience.word().into(),
        portals: words(role.portals.iter().map(|p| p.word()).collect()),
        reach: role.reach.word().into(),
        grants: listed.iter().map(|g| Text(format!("{}@{}", g.permission, g.reach))).collect(),
        conditions: listed
            .iter()
            .filter(|g| !g.conditions.is_empty())
            .map(|g| Text(format!("{}:{}", g.permission, joined(&g.conditions))))
            .collect(),
        may: vec![Text(write_grants(&lines).join("\n"))],
        exclusive: on(role.exclusive),
        feature: role.feature.map_or("", Feature::word).into(),
        most_targets: Text(role.most_targets.map(|most| most.to_string()).unwrap_or_default()),
        gives: words(role.gives.iter().map(String::as_str).collect()),
        subscriptions: words(role.subscriptions.iter().map(|e| e.word()).collect()),
        version: Text(version.to_string()),
    }
}

/// The form's values for a copy of a role.
pub(super) fn copied(role: &Role) -> RoleForm {
    RoleForm {
        key: Text::default(),
        name: Text(format!("{} (copy)", role.name)),
        version: Text::default(),
        ..filled(role, 0)
    }
}

/// Of each permission the first grant goes into the lists; further ones are lines.
fn split(grants: &[Grant]) -> (Vec<Grant>, Vec<Grant>) {
    let mut listed: Vec<Grant> = Vec::new();
    let mut lines = Vec::new();
    for grant in super::parse::tidy(grants.to_vec()) {
        if listed.iter().any(|other| other.permission == grant.permission) {
            lines.push(grant);
        } else {
            listed.push(grant);
        }
    }
    (listed, lines)
}

fn joined(conditions: &[Condition]) -> String {
    conditions.iter().map(|c| c.word()).collect::<Vec<_>>().join(",")
}

/// The combinations of conditions that the lists offer.
const USUAL: [&[Condition]; 11] = [
    &[Condition::Released],
    &[Condition::Submitted],
    &[Condition::NotClosed],
    &[Condition::Author],
    &[Condition::Assignee],
    &[Condition::Requester],
    &[Condition::NotAuthor],
    &[Condition::AuthorMayEdit],
    &[Condition::Author, Condition::NotClosed],
    &[Condition::Author, Condition::AuthorMayEdit],
    &[Condition::Author, Condition::AuthorMayEdit, Condition::NotClosed],
];

pub(super) fn page(
    ctx: &Ctx,
    roles: &Catalogue,
    role: Option<&RoleOut>,
    typed: &RoleForm,
    wrong: &Complaints,
) -> Markup {
    let (title, path) = match role {
        Some(role) => (format!("Edit {}", role.name), format!("/roles/{}", role.key)),
        None => ("New role".to_owned(), "/roles".to_owned()),
    };
    let body = html! {
        p { "You see what you hold yourself: nobody writes into a role what goes beyond their own rights." }
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href(&path),
                hidden: &[("version", typed.version.as_str())],
                guard: true,
                errors: Some(&wrong.fields),
                labels: &[("may", "What it may"), ("about", "In a sentence"), ("portals", "Portals"), ("most_targets", "Places at most")],
                ..Form::default()
            },
            html! {
                (what(typed, wrong, role.is_some()))
                (where_held(typed, wrong))
                (rights(ctx, typed, wrong))
                (more(roles, typed, wrong))
                (buttons(html! {
                    @if role.is_some() {
                        button.btn.primary type="submit" formaction=(ctx.href(&format!("{path}/preview"))) { "See what it changes" }
                        (submit(Kind::Quiet, "Save at once"))
                    } @else { (submit(Kind::Primary, "Create the role")) }
                    (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None))
                }))
            },
        ))
    };
    let mut parts = PageParts::titled(&title).crumb("Roles", "/roles");
    if let Some(role) = role {
        parts = parts.crumb(&role.name, &path);
    }
    ctx.page(parts, body)
}

fn what(typed: &RoleForm, wrong: &Complaints, there: bool) -> Markup {
    let sides: Vec<Choice<'_>> =
        Audience::ALL.iter().map(|a| Choice::new(a.word(), words::audience(*a))).collect();
    let side = if typed.audience.is_blank() { Audience::Staff.word() } else { typed.audience.as_str() };
    html! {
        (form_row(html! {
            (text(&Field::new("name", "Name").value(typed.name.as_str()).required().max_length(80).errors(&wrong.fields)))
            @if there { (text(&Field::new("key", "Key").value(typed.key.as_str()).read_only().hint("The key of a role never changes.").errors(&wrong.fields))) }
            @else { (text(&Field::new("key", "Key").value(typed.key.as_str()).max_length(40).hint("Blank: made of the name. Exports and programs use it.").errors(&wrong.fields))) }
        }))
        (text(&Field::new("about", "In a sentence").value(typed.about.as_str()).required().max_length(400).hint("What it lets one do; shown wherever the role is chosen.").errors(&wrong.fields)))
        @if there { input type="hidden" name="audience" value=(side); }
        @else {
            (radios(&Field::new("audience", "For whom").value(side).required().hint("The side of a role never changes. Outsiders hold no more than their side's ceiling, whatever a role says.").errors(&wrong.fields), &sides))
        }
    }
}

fn where_held(typed: &RoleForm, wrong: &Complaints) -> Markup {
    let portals: Vec<Choice<'_>> =
        Portal::ALL.iter().map(|p| Choice::new(p.word(), say::portal(*p))).collect();
    let chosen: Vec<&str> = typed.portals.iter().map(Text::as_str).collect();
    let reaches = [
        Choice::new("organization", "The whole organization, or any place in it"),
        Choice::new("area", "Areas or sites"),
        Choice::new("team", "Teams or sites"),
        Choice::new("client", "Clients or sites"),
        Choice::new("site", "Sites"),
        Choice::new("own", "No place: only their own things"),
    ];
    html! {
        (form_row(html! {
            (checkboxes(&Field::new("portals", "Portals it opens").errors(&wrong.fields), &portals, &chosen))
            (select(&Field::new("reach", "Held at").value(typed.reach.as_str()).required().hint("The widest place it may be given at.").errors(&wrong.fields), &reaches, Some("Choose")))
        }))
    }
}

/// What the writer holds of each permission: how far, at most.
fn held(ctx: &Ctx, permission: Permission) -> Option<Vec<Reach>> {
    let role = |reach: Reach| Role {
        key: String::new(),
        name: String::new(),
        about: String::new(),
        audience: Audience::Staff,
        portals: Vec::new(),
        reach,
        exclusive: false,
        administrator: false,
        most_targets: None,
        feature: None,
        packs: Vec::new(),
        grants: vec![Grant { permission, reach, conditions: Vec::new() }],
        gives: Vec::new(),
        subscriptions: Vec::new(),
    };
    let roles = Catalogue::default();
    let reaches: Vec<Reach> = Reach::ALL
        .iter()
        .copied()
        .filter(|reach| access::may_write_role(&ctx.plan, &role(*reach), &roles).is_ok())
        .collect();
    if reaches.is_empty() && ctx.may(permission) {
        // Held under conditions only; which ones suit is told when the role is saved.
        return Some(vec![Reach::Site, Reach::Own]);
    }
    (!reaches.is_empty()).then_some(reaches)
}

fn rights(ctx: &Ctx, typed: &RoleForm, wrong: &Complaints) -> Markup {
    let reach_of: BTreeMap<&str, &str> =
        typed.grants.iter().filter_map(|word| word.as_str().split_once('@')).collect();
    let only_if: BTreeMap<&str, &str> =
        typed.conditions.iter().filter_map(|word| word.as_str().split_once(':')).collect();
    let lines: Vec<&str> = typed.may.iter().map(Text::as_str).collect();
    let lines = lines.join("\n");
    let rows = lines.lines().count().clamp(2, 12);
    let body = html! {
        @for resource in Resource::ALL { (of_resource(ctx, *resource, &reach_of, &only_if)) }
        (text_area(
            &Field::new("may", "More, as lines")
                .value(lines.trim())
                .hint("One line a rule, beside the lists: “incident: view edit @ site if released, not_closed”. “*” stands for every action.")
                .errors(&wrong.fields),
            u8::try_from(rows).unwrap_or(2),
        ))
    };
    fieldset(
        "What it may",
        Some(
            "Open a kind of record and choose how far each right reaches from the places the role is given at.",
        ),
        body,
    )
}

fn of_resource(
    ctx: &Ctx,
    resource: Resource,
    reach_of: &BTreeMap<&str, &str>,
    only_if: &BTreeMap<&str, &str>,
) -> Markup {
    let offered: Vec<(Permission, String, Vec<Reach>)> = Permission::of(resource)
        .filter_map(|p| {
            let word = p.to_string();
            // What the role says already stays in sight, so that saving does not take it away unseen.
            let reaches = held(ctx, p).or_else(|| reach_of.contains_key(word.as_str()).then(Vec::new))?;
            Some((p, word, reaches))
        })
        .collect();
    if offered.is_empty() {
        return html! {};
    }
    let granted = offered
        .iter()
        .filter(|(_, word, _)| reach_of.get(word.as_str()).is_some_and(|r| !r.is_empty()))
        .count();
    html! {
        details.rights open[granted > 0] {
            summary { span { (resource.label()) } @if granted > 0 { (ui::count(&granted.to_string(), "granted")) } }
            div.rights-rows {
                @for (permission, word, reaches) in &offered {
                    (right(*permission, word, reaches, reach_of.get(word.as_str()).copied().unwrap_or(""), only_if.get(word.as_str()).copied().unwrap_or("")))
                }
            }
        }
    }
}

/// One permission: how far, and only if what.
fn right(permission: Permission, word: &str, reaches: &[Reach], reach: &str, only_if: &str) -> Markup {
    let label = words::capital(say::action(permission.action()));
    let conditions: Vec<Condition> = only_if.split(',').filter_map(|w| w.trim().parse().ok()).collect();
    let usual = USUAL.iter().any(|usual| **usual == *conditions);
    let named: Option<Reach> = reach.parse().ok();
    let beyond = named.filter(|named| !reaches.contains(named));
    html! {
        div.right {
            span { (label) }
            div.select { select name="grants" aria-label={ (label) ": how far" } {
                option value="" selected[named.is_none()] { "No" }
                @for one in reaches { option value={ (word) "@" (one) } selected[Some(*one) == named] { (say::reach(*one)) } }
                @if let Some(beyond) = beyond { option value={ (word) "@" (beyond) } selected { (say::reach(beyond)) } }
            } (ui::icon::chevron_down()) }
            div.select { select name="conditions" aria-label={ (label) ": only if" } {
                option value="" selected[conditions.is_empty()] { "always" }
                @for one in USUAL { option value={ (word) ":" (joined(one)) } selected[*one == *conditions] { "if " (say::only_if(one)) } }
                @if !usual && !conditions.is_empty() { option value={ (word) ":" (joined(&conditions)) } selected { "if " (say::only_if(&conditions)) } }
            } (ui::icon::chevron_down()) }
        }
    }
}

fn more(roles: &Catalogue, typed: &RoleForm, wrong: &Complaints) -> Markup {
    let features: Vec<Choice<'_>> = Feature::ALL.iter().map(|f| Choice::new(f.word(), pack(*f))).collect();
    let events: Vec<(Event, String)> =
        Event::ALL.iter().map(|e| (*e, words::capital(&e.word().replace('_', " ")))).collect();
    let events: Vec<Choice<'_>> = events.iter().map(|(e, label)| Choice::new(e.word(), label)).collect();
    let mailed: Vec<&str> = typed.subscriptions.iter().map(Text::as_str).collect();
    let given: Vec<Choice<'_>> = roles.current().map(|role| Choice::new(&role.key, &role.name)).collect();
    let gives: Vec<&str> = typed.gives.iter().map(Text::as_str).collect();
    html! {
        (fieldset("Limits", None, html! {
            (checkbox(&Field::new("exclusive", "Held alone").hint("Whoever holds it holds no other role beside it.").errors(&wrong.fields), typed.exclusive.is_on()))
            (form_row(html! {
                (number(&Field::new("most_targets", "Places at most").value(typed.most_targets.as_str()).between("1", "1000").hint("Blank: any number.").errors(&wrong.fields)))
                (select(&Field::new("feature", "Needs the feature").value(typed.feature.as_str()).hint("It grants nothing while the feature is off.").errors(&wrong.fields), &features, Some("None")))
            }))
        }))
        (checkboxes(&Field::new("subscriptions", "Mailed by default about").hint("Never about a record that its holder could not open.").errors(&wrong.fields), &events, &mailed))
        details.rights open[!gives.is_empty() || !wrong.of("gives").is_empty()] {
            summary { span { "Roles its holders may give" } @if !gives.is_empty() { (ui::count(&gives.len().to_string(), "chosen")) } }
            p.hint { "Beside those that grant no more than they hold. For people who add others without holding all that those get." }
            (searchable(&Field::new("gives", "May give").errors(&wrong.fields), &given, &gives))
        }
    }
}

pub(super) fn import(ctx: &Ctx, typed: &ImportForm, wrong: &Complaints) -> Markup {
    let body = html! {
        p { "Paste roles as an export writes them. All are taken or none, and nothing beyond your own rights." }
        (web::reply::complaint(wrong))
        (ui_form(
            &Form { action: &ctx.href("/roles/import"), guard: true, errors: Some(&wrong.fields), labels: &[("text", "Roles as text")], ..Form::default() },
            html! {
                (text_area(&Field::new("text", "Roles as text").value(typed.text.as_str()).required().errors(&wrong.fields), 20))
                (checkbox(&Field::new("replace", "Change roles that are there").hint("A role whose key is there already is changed for everybody who holds it. Off: it is refused.").errors(&wrong.fields), typed.replace.is_on()))
                (buttons(html! { (submit(Kind::Primary, "Import")) (ui::look(&ctx.href("/roles/import/preview"))) (button_link(Kind::Quiet, "Cancel", &ctx.href("/roles"), None)) }))
            },
        ))
    };
    ctx.page(PageParts::titled("Import roles").crumb("Roles", "/roles"), body)
}
