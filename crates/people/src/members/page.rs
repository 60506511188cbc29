//! Pages of members, from views alone.

use access::{Action, Facts, Permission, Resource, permission};
use jiff::tz::TimeZone;
use kernel::Audience;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Confirm, Empty, Facet, FilterBar, Form, Kind, Pager, Row, Tab, Table, Tone,
    button_link, card, confirm, detail_list, empty, filter_bar, form as ui_form, pager, status, submit,
    table, tabs, time,
};
use web::Ctx;
use web::reply::PageParts;

use super::model::{Entry, MemberFilter, MemberOut, RoleOut, Standing};
use super::sight::SightOut;
use super::{DELETE, EDIT, EXPLAIN, RESET_PASSWORD};
use crate::grants::{GIVE, TAKE};
use crate::words::{self, audience};

const INVITE: Permission = permission(Resource::Account, Action::Invite);

/// The zone in which times are shown.
pub(crate) fn zone(ctx: &Ctx) -> TimeZone {
    TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC)
}

/// People, and those who were asked to come.
pub(crate) fn people_tabs(ctx: &Ctx, current: &str) -> Markup {
    if !ctx.may(INVITE) {
        return html! {};
    }
    let all: Vec<(&str, String)> = [("People", "/members"), ("Invitations", "/invitations")]
        .map(|(label, path)| (label, ctx.href(path)))
        .into();
    let all: Vec<Tab<'_>> = all
        .iter()
        .map(|(label, href)| Tab { label, href, current: *label == current, count: None })
        .collect();
    tabs("People and invitations", &all)
}

pub(super) fn list(ctx: &Ctx, filter: &MemberFilter, members: &Page<MemberOut>) -> Markup {
    let here = ctx.href("/members");
    let link = |audience: &str, inactive: bool, cursor: &str| {
        words::with(
            &here,
            &[
                ("q", &filter.q),
                ("audience", audience),
                ("inactive", if inactive { "true" } else { "" }),
                ("cursor", cursor),
            ],
        )
    };
    let sides: Vec<Choice<'_>> = Audience::ALL.iter().map(|a| Choice::new(a.word(), audience(*a))).collect();
    let chosen: Vec<&str> = if filter.audience.is_empty() { Vec::new() } else { vec![&filter.audience] };
    let side_facet =
        [Facet { name: "audience", label: "Side", choices: &sides, chosen: &chosen, single: true }];
    // Outside the staff there is just the own side, and perhaps guests.
    let facets: &[Facet<'_>] = if ctx.who.audience == Audience::Staff { &side_facet } else { &[] };
    let other = link(&filter.audience, !filter.inactive, "");
    let actions = html! { a href=(other) { @if filter.inactive { "Show active people" } @else { "Show deactivated" } } };
    let hidden: &[(&str, &str)] = if filter.inactive { &[("inactive", "true")] } else { &[] };
    let next = members.next.as_ref().map(|cursor| link(&filter.audience, filter.inactive, cursor));
    let first = link(&filter.audience, filter.inactive, "");
    let body = html! {
        (people_tabs(ctx, "People"))
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Name or address",
            facets,
            hidden,
            actions,
            ..FilterBar::default()
        }))
        @if members.items.is_empty() {
            (empty(
                &Empty {
                    icon: ui::icon::people(),
                    title: if filter.inactive { "Nobody is deactivated" } else { "Nobody here" },
                    text: "Here stand the people whose accounts you may see: who they are, which roles they hold where, and since when.",
                },
                html! {},
            ))
        } @else {
            (table_of(ctx, members))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| first.as_str()),
                next: next.as_deref(),
                showing: &words::count(members.items.len(), "person", "people"),
            }))
        }
    };
    let add = html! {
        @if ctx.may(web::preview::IMPERSONATE) { (button_link(Kind::Quiet, "Preview a role", &ctx.href("/previews/new"), Some(ui::icon::eye()))) }
        @if ctx.may(GIVE) { (button_link(Kind::Quiet, "Give a role to many", &ctx.href("/members/bulk"), None)) }
        @if ctx.may(INVITE) { (button_link(Kind::Primary, "Invite somebody", &ctx.href("/invitations/new"), Some(ui::icon::plus()))) }
    };
    ctx.page(PageParts::titled("People").actions(add), body)
}

fn table_of(ctx: &Ctx, members: &Page<MemberOut>) -> Markup {
    let zone = zone(ctx);
    let hrefs: Vec<String> = members.items.iter().map(|m| ctx.href(&format!("/members/{}", m.id))).collect();
    let rows: Vec<Row<'_>> = members
        .items
        .iter()
        .zip(&hrefs)
        .map(|(member, href)| Row {
            href: Some(href),
            cells: vec![
                html! { bdi { (member.name) } },
                html! { (member.email) @if member.entry != Entry::Joined { br; (standing(member)) } },
                html! { (audience(member.audience)) @if let Some(name) = &member.client_name { ", " bdi { (name) } } },
                roles_in_short(member),
                html! { @if let Some(at) = member.seen_at { (time(at, &zone)) } @else { span.dim { "Never" } } },
            ],
            muted: !member.active,
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "People",
        columns: &[
            Column::lead("Name"),
            Column::new("E-mail").low(),
            Column::new("Side").line(),
            Column::new("Roles"),
            Column::new("Last here").low(),
        ],
        rows: &rows,
        ..Table::default()
    })
}

fn roles_in_short(member: &MemberOut) -> Markup {
    let Some(roles) = &member.roles else { return html! {} };
    html! {
        @if roles.is_empty() { span.dim { "No role: sees nothing" } }
        @for (at, role) in roles.iter().enumerate() {
            @if at > 0 { br; }
            (role.name) span.dim { ", " (role.place) }
        }
    }
}

pub(super) fn show(ctx: &Ctx, member: &MemberOut, facts: &Facts) -> Markup {
    let path = format!("/members/{}", member.id);
    let may = |permission| ctx.plan.check(permission, facts);
    let actions = html! {
        (ctx.journal_button(member.id, facts))
        @if may(EXPLAIN) {
            (button_link(Kind::Quiet, "What can they see?", &ctx.href(&format!("{path}/sight")), Some(ui::icon::eye())))
        }
        @if may(EXPLAIN) && ctx.portal() == Some(kernel::Portal::Office) { (button_link(Kind::Quiet, "Who can see them?", &ctx.href(&format!("/access/{}", member.id)), None)) }
        @if may(EXPLAIN) { (button_link(Kind::Quiet, "Mails", &ctx.href(&format!("{path}/mails")), Some(ui::icon::mail()))) }
        @if member.id != ctx.who.membership && may(web::preview::IMPERSONATE) {
            (button_link(Kind::Quiet, "Look through their eyes", &ctx.href(&format!("{path}/preview")), Some(ui::icon::user_switch())))
        }
        @if crate::notifications::shown(ctx, member.id, facts) {
            (button_link(Kind::Quiet, "Notifications", &ctx.href(&format!("{path}/notifications")), Some(ui::icon::mail())))
        }
        @if may(EDIT) { (button_link(Kind::Quiet, "Edit", &ctx.href(&format!("{path}/edit")), None)) }
    };
    let zone = zone(ctx);
    let on = |on: bool| html! { @if on { "On" } @else { "Off" } };
    let mut facts_shown = vec![
        ("E-mail", html! { (member.email) }),
        ("Side", html! { (audience(member.audience)) }),
        ("State", standing(member)),
        ("Last here", html! { @if let Some(at) = member.seen_at { (time(at, &zone)) } @else { "Never" } }),
        ("Member since", time(member.created_at, &zone)),
    ];
    if let Some(client) = &member.client_name {
        facts_shown.insert(2, ("Company", html! { bdi { (client) } }));
    }
    if let (Audience::Client, Some(share), Some(live)) =
        (member.audience, member.share_all, member.live_clock_ins)
    {
        facts_shown.push(("Incident reports on submission", on(share)));
        facts_shown.push(("Live clock-ins", on(live)));
    }
    let body = html! {
        @if let Some(roles) = &member.roles {
            (card(
                &Card {
                    title: "Roles",
                    id: Some("roles"),
                    flush: !roles.is_empty(),
                    actions: html! {
                        @if may(GIVE) { (button_link(Kind::Primary, "Give a role", &ctx.href(&format!("{path}/roles/new")), Some(ui::icon::plus()))) }
                    },
                    ..Card::default()
                },
                html! {
                    @if roles.is_empty() { p { "No role. A member without a role sees nothing." } }
                    @else { (roles_table(ctx, member, roles, may(TAKE), &zone)) }
                },
            ))
        }
        (extra_permission(ctx, member, &path, may(GIVE), may(TAKE)))
        (card(&Card { title: "Account", ..Card::default() }, html! {
            (detail_list(&facts_shown))
            (invite_action(ctx, member, &path, may(INVITE)))
            (account_actions(ctx, member, &path, may(RESET_PASSWORD), may(DELETE)))
        }))
    };
    ctx.page(PageParts::titled(&member.name).crumb("People", "/members").actions(actions), body)
}

/// Whether somebody can act as this member, as a status.
pub(crate) fn standing(member: &MemberOut) -> Markup {
    match (member.active, member.entry) {
        (false, _) => status("Deactivated", Tone::Neutral),
        (true, Entry::Saved) => status("Saved, not invited", Tone::Warning),
        (true, Entry::Invited) => status("Invited", Tone::Info),
        (true, Entry::Joined) => status("Active", Tone::Success),
    }
}

/// The letter that lets a saved account in.
pub(crate) fn invite_action(ctx: &Ctx, member: &MemberOut, path: &str, may: bool) -> Markup {
    if !may || !member.active || member.entry == Entry::Joined {
        return html! {};
    }
    let (label, hint) = match member.entry {
        Entry::Invited => (
            "Send the invitation again",
            "The link sent before stops working. Nobody can sign in as this until the invitation is accepted.",
        ),
        _ => (
            "Send the invitation",
            "This account is saved and holds its roles. Nobody can sign in as it until it was invited.",
        ),
    };
    html! {
        (ui_form(&Form { action: &ctx.href(&format!("{path}/invitation")), ..Form::default() }, ui::buttons(submit(Kind::Primary, label))))
        p.hint { (hint) }
    }
}

/// The permission a manager may have besides: guests, and who does which job.
fn extra_permission(ctx: &Ctx, member: &MemberOut, path: &str, give: bool, take: bool) -> Markup {
    let holds = |key: &str| member.roles.iter().flatten().any(|role| role.role == key);
    if member.id == ctx.who.membership || !holds(crate::assignments::MANAGER) {
        return html! {};
    }
    let on = holds(crate::assignments::GUESTS);
    let words = if on {
        "May create guest contractors and technicians, and assign contractors to jobs."
    } else {
        "May not create guest contractors and technicians, nor assign contractors to jobs."
    };
    html! {
        (card(&Card { title: "Extra permission", id: Some("guests"), ..Card::default() }, html! {
            p { (words) }
            @if (on && take) || (!on && give) {
                (ui_form(
                    &Form {
                        action: &ctx.href(&format!("{path}/guest-permission")),
                        hidden: &[("on", if on { "" } else { "true" })],
                        ..Form::default()
                    },
                    ui::buttons(submit(Kind::Quiet, if on { "Take this permission" } else { "Give this permission" })),
                ))
            }
        }))
    }
}

fn account_actions(ctx: &Ctx, member: &MemberOut, path: &str, reset: bool, delete: bool) -> Markup {
    if member.id == ctx.who.membership {
        return html! { p.hint { "This is you. Password and sessions are under “Your account”." } };
    }
    let reset_text = format!(
        "{} gets a mail with a link to set a new password. Until they do, the old one works.",
        member.name
    );
    let off_text = format!(
        "{} is signed out at once and their tokens end. What they did stays, with their name.",
        member.name
    );
    html! {
        div.actions {
            @if reset && member.active && member.entry == Entry::Joined {
                (confirm(&Confirm {
                    id: "reset",
                    label: "Send password reset",
                    title: "Send a password reset?",
                    text: &reset_text,
                    action: &ctx.href(&format!("{path}/password-reset")),
                    submit: "Send the mail",
                    ..Confirm::default()
                }))
            }
            @if delete && member.active {
                (confirm(&Confirm {
                    id: "deactivate",
                    label: "Deactivate",
                    kind: Kind::Danger,
                    title: "Deactivate this person?",
                    text: &off_text,
                    action: &ctx.href(&format!("{path}/deactivation")),
                    submit: "Deactivate",
                    ..Confirm::default()
                }))
            }
            @if delete && !member.active {
                (ui_form(&Form { action: &ctx.href(&format!("{path}/reactivation")), ..Form::default() }, submit(Kind::Quiet, "Reactivate")))
            }
        }
    }
}

fn roles_table(ctx: &Ctx, member: &MemberOut, roles: &[RoleOut], take: bool, zone: &TimeZone) -> Markup {
    let take = take && member.id != ctx.who.membership;
    let rows: Vec<Row<'_>> = roles
        .iter()
        .map(|role| Row {
            cells: vec![
                html! { (role.name) },
                html! { (role.place) },
                term(role, zone),
                html! {
                    (time(role.given_at, zone))
                    @if let Some(giver) = &role.given_by { span.dim { " by " bdi { (giver) } } }
                },
                html! {
                    @if take && !role.archived {
                        div.actions {
                        (button_link(Kind::Quiet, "Change", &ctx.href(&format!("/members/{}/roles/{}/edit", member.id, role.id)), None))
                        (ui_form(
                            &Form { action: &ctx.href(&format!("/members/{}/roles/{}/removal", member.id, role.id)), ..Form::default() },
                            html! {
                                div.actions {
                                    (submit(Kind::Quiet, "Take away"))
                                    @if ctx.portal() == Some(kernel::Portal::Office) {
                                        (ui::look(&ctx.href(&format!("/members/{}/roles/{}/removal/preview", member.id, role.id))))
                                    }
                                }
                            },
                        ))
                        }
                    }
                },
            ],
            muted: role.archived || role.standing == Standing::Ended,
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "Roles held",
        columns: &[
            Column::lead("Role"),
            Column::new("Where"),
            Column::new("When"),
            Column::new("Given"),
            Column::actions(),
        ],
        rows: &rows,
        ..Table::default()
    })
}

fn term(role: &RoleOut, zone: &TimeZone) -> Markup {
    html! {
        @match role.standing {
            Standing::Current => {
                @if let Some(because) = &role.idle_because {
                    (status("Grants nothing", Tone::Warning)) p.hint { (words::sentence(because)) }
                } @else { (status("In force", Tone::Success)) }
            }
            Standing::Later => (status("Begins later", Tone::Info)),
            Standing::Ended => (status("Ended", Tone::Neutral)),
        }
        @if let Some(from) = role.from { p.hint { "from " (ui::time_exact(from, zone)) } }
        @if let Some(until) = role.until { p.hint { "until " (ui::time_exact(until, zone)) } }
        @if let Some(end) = role.idle_from { p.hint { "Grants nothing from " (ui::time_exact(end, zone)) ", when its pack or feature ends" } }
    }
}

/// The instant of the past that a page is about.
pub(super) struct Past<'a> {
    pub(super) at: kernel::Timestamp,
    /// Since when it is known.
    pub(super) since: Option<kernel::Timestamp>,
    /// As typed.
    pub(super) asked: &'a str,
    /// Were they a member then, as far as known?
    pub(super) member_then: bool,
}

pub(super) fn sight(ctx: &Ctx, member: &MemberOut, sights: &[SightOut], past: Option<&Past<'_>>) -> Markup {
    let here = ctx.href(&format!("/members/{}/sight", member.id));
    let rows: Vec<Row<'_>> = sights
        .iter()
        .map(|sight| Row {
            cells: vec![
                html! { (sight.label) },
                html! {
                    @if sight.sees.is_empty() { span.dim { "None" } }
                    @for (at, line) in sight.sees.iter().enumerate() { @if at > 0 { br; } (words::sentence(line)) }
                    @if !sight.hidden.is_empty() { p.hint { "Never: " (sight.hidden.join(", ")) "." } }
                    @for line in &sight.not { p.hint { (words::sentence(line)) } }
                },
                html! { (sight.may.join(", ")) },
            ],
            muted: sight.sees.is_empty() && sight.may.is_empty(),
            ..Row::default()
        })
        .collect();
    let body = html! {
        @match past {
            None => { p { "Read from the same plan that decides each request, as of now. Places whose names you may not see are counted." } }
            Some(past) => { (ui::alert(Tone::Info, "How it was then", html! {
                p {
                    "As of " (ui::time_exact(past.at, &zone(ctx))) "."
                    @if let Some(since) = past.since { " Rights are remembered since " (ui::time_exact(since, &zone(ctx))) "." }
                    " Built-in roles are read as they are in this version."
                }
                @if !past.member_then { p { "They were no member then, or that is not known." } }
            })) }
        }
        (ui_form(&Form { action: &here, method: ui::Method::Get, ..Form::default() }, html! {
            (ui::date(&ui::Field::new("at", "On a day in the past").value(past.map_or("", |past| past.asked)).hint("Blank: now")))
            (ui::buttons(submit(Kind::Quiet, "Ask")))
        }))
        @if !member.active && past.is_none() { (ui::alert(Tone::Warning, "This person is deactivated and sees nothing.", html! {})) }
        @if sights.is_empty() {
            (empty(&Empty { icon: ui::icon::eye_off(), title: "Nothing at all", text: "No role of this person grants anything at the moment. Without a role a member sees nothing." }, html! {}))
        } @else {
            (table(&Table {
                caption: "What this person can see",
                columns: &[Column::lead("Kind"), Column::new("Sees"), Column::new("May besides")],
                rows: &rows,
                ..Table::default()
            }))
        }
    };
    let title = format!("What {} can see", member.name);
    let parts = PageParts::titled(&title)
        .crumb("People", "/members")
        .crumb(&member.name, format!("/members/{}", member.id));
    ctx.page(parts, body)
}
