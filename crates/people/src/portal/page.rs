//! The page of a client's portal, and the form of a new account.

use access::{Facts, Reach};
use kernel::id::MembershipId;
use maud::{Markup, html};
use ui::{
    Card, Choice, Empty, Field, FilterBar, Form, Kind, Pager, Tab, Tone, button_link, buttons, card,
    checkbox, checkboxes, detail_list, email, empty, filter_bar, fold, form as ui_form, pager, radios,
    status, submit, switch, tabs, text,
};
use web::Ctx;
use web::reply::{Complaints, PageParts, complaint};

use super::model::{AccountOut, ClientRow, PlaceOut, PortalFilter, PortalOut, SaveForm};
use super::{EDIT, INVITE, SAVE, SET_CLIENT, SETTINGS};
use crate::members::forms::RoleOffer;
use crate::members::{invite_action, standing};
use crate::{targets, words};

fn facts(ctx: &Ctx, client: kernel::id::ClientId) -> Facts {
    Facts { client: Some(client.uuid()), ..Facts::of(ctx.who.organization.uuid()) }
}

pub(super) fn show(
    ctx: &Ctx,
    portal: &PortalOut,
    filter: &PortalFilter,
    wrong: Option<(MembershipId, &Complaints)>,
) -> Markup {
    let path = format!("/clients/{}", portal.client);
    let here = ctx.href(&format!("{path}/portal"));
    let facts = facts(ctx, portal.client);
    let may_save = ctx.plan.check(SAVE, &facts) && ctx.plan.everywhere(crate::members::VIEW);
    let add = html! {
        @if may_save && !portal.archived {
            (button_link(Kind::Primary, "Add an account", &ctx.href(&format!("{path}/portal/accounts/new")), Some(ui::icon::plus())))
        }
    };
    let all = |inactive: bool, cursor: &str| {
        let inactive = if inactive { "true" } else { "" };
        words::with(&here, &[("q", &filter.q), ("inactive", inactive), ("cursor", cursor)])
    };
    let other = all(!filter.inactive, "");
    let first = all(filter.inactive, "");
    let next = portal.accounts.next.as_ref().map(|cursor| all(filter.inactive, cursor));
    let body = html! {
        (tabs("About this client", &[
            Tab { label: "Overview", href: &ctx.href(&path), ..Tab::default() },
            Tab { label: "Client portal", href: &here, current: true, ..Tab::default() },
        ]))
        @if portal.archived { (ui::alert(Tone::Warning, "This client is archived.", html! { "Its accounts keep what was released to them; nothing new is added." })) }
        (card(&Card { title: "What holds for all of them", id: Some("state"), ..Card::default() }, state(ctx, portal, &facts)))
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Name or address",
            hidden: if filter.inactive { &[("inactive", "true")] } else { &[] },
            actions: html! { a href=(other) { @if filter.inactive { "Show active accounts" } @else { "Show deactivated" } } },
            ..FilterBar::default()
        }))
        @if portal.accounts.items.is_empty() {
            (empty(
                &Empty {
                    icon: ui::icon::people(),
                    title: if filter.inactive { "Nobody is deactivated" } else { "No accounts yet" },
                    text: "An account reads what you publish about the sites you choose for it. Save it now and invite it when you are ready.",
                },
                html! { @if may_save && !portal.archived { (button_link(Kind::Quiet, "Add an account", &ctx.href(&format!("{path}/portal/accounts/new")), None)) } },
            ))
        } @else {
            @for account in &portal.accounts.items {
                @let mine = wrong.filter(|(who, _)| *who == account.member.id).map(|(_, wrong)| wrong);
                (one(ctx, portal, account, mine))
            }
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| first.as_str()),
                next: next.as_deref(),
                showing: &words::count(portal.accounts.items.len(), "account", "accounts"),
            }))
        }
    };
    let title = format!("Client portal of {}", portal.name);
    ctx.page(
        PageParts::titled(&title).crumb("Clients", "/clients").crumb(&portal.name, &path).actions(add),
        body,
    )
}

fn on_off(on: bool) -> Markup {
    if on { status("On", Tone::Success) } else { status("Off", Tone::Neutral) }
}

/// What the organization and the client as a whole let through, whatever the accounts say.
fn state(ctx: &Ctx, portal: &PortalOut, facts: &Facts) -> Markup {
    let mut shown: Vec<(&str, Markup)> = Vec::new();
    if let Some(on) = portal.emergency_access {
        let version = portal.version.to_string();
        let wanted = if on { "" } else { "true" };
        shown.push((
            "Emergency access",
            html! {
                (on_off(on))
                p.hint { "Its people may raise the alarm at the sites they are linked to." }
                @if ctx.plan.check(SET_CLIENT, facts) {
                    (ui_form(
                        &Form {
                            action: &ctx.href(&format!("/clients/{}/emergency-access", portal.client)),
                            hidden: &[("on", wanted), ("version", &version)],
                            ..Form::default()
                        },
                        buttons(html! {
                            (submit(Kind::Quiet, if on { "Turn emergency access off" } else { "Turn emergency access on" }))
                            (ui::look(&ctx.href(&format!("/clients/{}/emergency-access/preview", portal.client))))
                        }),
                    ))
                }
            },
        ));
    }
    for one in portal.switches.iter().flatten() {
        shown.push((&one.label, on_off(one.on)));
    }
    let rule = |on: bool, yes: &'static str| html! { (if on { yes } else { "Not asked for" }) };
    if let Some(on) = portal.require_static_site {
        shown.push(("Static site", rule(on, "Who is invited has at least one, and keeps it")));
    }
    if let Some(on) = portal.refuse_staff_email {
        shown.push(("Staff list", rule(on, "Addresses on it are not invited")));
    }
    let settings = ctx.plan.check(SETTINGS, &Facts::of(ctx.who.organization.uuid()));
    html! {
        (detail_list(&shown))
        @if portal.switches.is_some() {
            p.hint {
                "These are switches of the whole organization: off for one is off for all, and the account must allow it as well. "
                @if settings { a href=(ctx.href("/organization#switches")) { "Change them in the settings" } }
            }
        }
    }
}

fn one(ctx: &Ctx, portal: &PortalOut, account: &AccountOut, wrong: Option<&Complaints>) -> Markup {
    let member = &account.member;
    let id = member.id.to_string();
    let path = format!("/members/{id}");
    let may = |permission| ctx.plan.check(permission, &member.facts);
    let roles = member.roles.as_deref().unwrap_or_default();
    let mut shown = vec![
        ("E-mail", html! { (member.email) }),
        (
            "Role",
            html! { @for (at, role) in roles.iter().enumerate() { @if at > 0 { ", " } (role.name) } @if roles.is_empty() { "None: is shown nothing" } },
        ),
        ("Sites", sites(account)),
        ("Is shown", list(account, true)),
        ("Is not shown", list(account, false)),
    ];
    if let (Some(share), Some(live)) = (member.share_all, member.live_clock_ins) {
        shown.push(("Incident reports on submission", on_off(share)));
        shown.push(("Live clock-ins", on_off(live)));
    }
    card(
        &Card {
            title: &member.name,
            id: Some(&id),
            actions: html! { (standing(member)) (button_link(Kind::Quiet, "Open", &ctx.href(&path), None)) },
            ..Card::default()
        },
        html! {
            @if let Some(wrong) = wrong {
                (complaint(wrong))
                @for (_, messages) in wrong.fields.iter() { @for message in messages { (ui::alert(Tone::Danger, &words::sentence(message), html! {})) } }
            }
            (detail_list(&shown))
            (invite_action(ctx, member, &path, may(INVITE)))
            @if may(EDIT) && member.share_all.is_some() { (fold("Change sites and switches", change(ctx, portal, account))) }
        },
    )
}

fn sites(account: &AccountOut) -> Markup {
    html! {
        @if account.every_site { "Every site of the client" }
        @else if account.sites.is_empty() { "None" }
        @else {
            @for (at, site) in account.sites.iter().enumerate() {
                @if at > 0 { ", " }
                bdi { (site.name) } span.dim { " (" (site.kind_word) @if site.archived { ", archived" } ")" }
            }
        }
    }
}

fn list(account: &AccountOut, shown: bool) -> Markup {
    html! {
        @for (at, one) in account.shows.iter().filter(|one| one.shown == shown).enumerate() {
            @if at > 0 { br; }
            (one.what) @if let Some(because) = &one.because { span.dim { ": " (because) } }
        }
    }
}

fn places(sites: &[PlaceOut]) -> Vec<(String, &PlaceOut)> {
    sites
        .iter()
        .filter(|site| !site.archived)
        .map(|site| (targets::word(access::Target::Site(site.site)), site))
        .collect()
}

fn choices<'a>(places: &'a [(String, &'a PlaceOut)]) -> Vec<Choice<'a>> {
    places
        .iter()
        .map(|(word, site)| {
            let group = match site.kind {
                0 => "Static sites",
                1 => "Patrol sites",
                _ => "Job sites",
            };
            Choice::new(word, &site.name).group(group)
        })
        .collect()
}

fn change(ctx: &Ctx, portal: &PortalOut, account: &AccountOut) -> Markup {
    let member = &account.member;
    let version = member.version.to_string();
    let places = places(&portal.sites);
    let chosen: Vec<&str> = places
        .iter()
        .filter(|(_, site)| account.sites.iter().any(|mine| mine.site == site.site))
        .map(|(word, _)| word.as_str())
        .collect();
    let at_sites = account.role.is_some() && ctx.plan.check(crate::assignments::CHANGE, &member.facts);
    let mut hidden = vec![("version", version.as_str())];
    if at_sites {
        // So that none chosen is told from none asked for.
        hidden.push(("sites", ""));
    }
    let field = |name: &'static str| format!("{name}-{}", member.id);
    ui_form(
        &Form {
            action: &ctx.href(&format!("/clients/{}/portal/accounts/{}", portal.client, member.id)),
            hidden: &hidden,
            ..Form::default()
        },
        html! {
            @if at_sites { (checkboxes(&Field::new("sites", "Sites").id(&field("sites")), &choices(&places), &chosen)) }
            (switches(&field("share"), &field("live"), member.share_all == Some(true), member.live_clock_ins == Some(true)))
            (buttons(html! {
                (submit(Kind::Quiet, "Save this account"))
                (ui::look(&ctx.href(&format!("/clients/{}/portal/accounts/{}/preview", portal.client, member.id))))
            }))
        },
    )
}

fn switches(share_id: &str, live_id: &str, share_all: bool, live_clock_ins: bool) -> Markup {
    html! {
        (switch(
            &Field::new("share_all", "Share all incident reports on submission").id(share_id)
                .hint("They read each report of their sites as soon as it is handed in. Off: only what staff publish."),
            share_all,
        ))
        (switch(
            &Field::new("live_clock_ins", "Show live clock-ins").id(live_id)
                .hint("They see at which of their sites somebody is on duty now; never who."),
            live_clock_ins,
        ))
    }
}

pub(super) fn new(
    ctx: &Ctx,
    client: &ClientRow,
    roles: &[RoleOffer],
    sites: &[PlaceOut],
    typed: &SaveForm,
    wrong: &Complaints,
) -> Markup {
    let path = format!("/clients/{}", client.id);
    let errors = &wrong.fields;
    let role_choices: Vec<Choice<'_>> = roles
        .iter()
        .map(|offer| {
            let choice = Choice::new(&offer.role.key, &offer.role.name).hint(&offer.role.about);
            match &offer.off {
                Some(off) => choice.disabled(off),
                None => choice,
            }
        })
        .collect();
    let places = places(sites);
    let chosen: Vec<&str> = typed.sites.iter().map(String::as_str).collect();
    let whole: Vec<&str> = roles
        .iter()
        .filter(|offer| offer.role.reach == Reach::Client)
        .map(|offer| offer.role.name.as_str())
        .collect();
    let hint = format!(
        "Chosen one by one. For {} leave them: such a role holds every site of the client.",
        targets::names::either(&whole.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    );
    let may_invite = ctx.plan.check(INVITE, &facts(ctx, client.id));
    let body = html! {
        (complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href(&format!("{path}/portal/accounts")),
                guard: true,
                errors: Some(errors),
                labels: &[("email", "E-mail")],
                ..Form::default()
            },
            html! {
                (text(&Field::new("name", "Name").value(typed.name.as_str()).required().max_length(200).errors(errors)))
                (email(&Field::new("email", "E-mail").value(typed.email.as_str()).required().autocomplete("off").errors(errors)))
                (radios(&Field::new("role", "Role").value(typed.role.as_str()).required().errors(errors), &role_choices))
                @if places.is_empty() { p.hint { "This client has no current site that you may see." } }
                @else { (checkboxes(&Field::new("sites", "Sites").hint(if whole.is_empty() { "Chosen one by one." } else { &hint }).errors(errors), &choices(&places), &chosen)) }
                (switches("share_all", "live_clock_ins", typed.share_all.is_on(), typed.live_clock_ins.is_on()))
                @if may_invite {
                    (checkbox(
                        &Field::new("invite", "Send the invitation now")
                            .hint("Off: the account is saved and can be mailed reports, and nobody can sign in until you invite it."),
                        typed.invite.is_on(),
                    ))
                }
                (buttons(html! {
                    (submit(Kind::Primary, "Save the account"))
                    (ui::look(&ctx.href(&format!("{path}/portal/accounts/preview"))))
                    (button_link(Kind::Quiet, "Cancel", &ctx.href(&format!("{path}/portal")), None))
                }))
            },
        ))
    };
    let parts = PageParts::titled("Add an account")
        .crumb("Clients", "/clients")
        .crumb(&client.name, &path)
        .crumb("Client portal", format!("{path}/portal"));
    ctx.page(parts, body)
}
