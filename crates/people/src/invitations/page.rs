//! Pages of invitations.

use access::{Reach, Role};
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Bare, Card, Choice, Column, Confirm, Empty, Field, FilterBar, Form, Kind, Pager, Row, Table, Tone, bare,
    button_link, buttons, card, checkbox, confirm, detail_list, email, empty, filter_bar, form as ui_form,
    pager, password, select, status, submit, table, text, time,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::accept::{How, Open};
use super::act::asks_client;
use super::model::{AcceptForm, InvitationFilter, InvitationForm, InvitationOut, InvitationState};
use crate::members::forms::{RoleOffer, choose_role, target_fields};
use crate::members::{people_tabs, zone};
use crate::targets::names::Offer;
use crate::words::{self, audience};

fn state(state: InvitationState) -> Markup {
    match state {
        InvitationState::Pending => status("Waiting", Tone::Info),
        InvitationState::Accepted => status("Accepted", Tone::Success),
        InvitationState::Revoked => status("Taken back", Tone::Neutral),
        InvitationState::Expired => status("Expired", Tone::Warning),
    }
}

pub(super) fn list(ctx: &Ctx, filter: &InvitationFilter, page: &Page<InvitationOut>) -> Markup {
    let here = ctx.href("/invitations");
    let all = if filter.all { "true" } else { "" };
    let next = page.next.as_ref().map(|cursor| words::with(&here, &[("all", all), ("cursor", cursor)]));
    let first = words::with(&here, &[("all", all)]);
    let other = if filter.all { here.clone() } else { words::with(&here, &[("all", "true")]) };
    let actions =
        html! { a href=(other) { @if filter.all { "Show open ones" } @else { "Show settled ones too" } } };
    let body = html! {
        (people_tabs(ctx, "Invitations"))
        (filter_bar(&FilterBar { action: &here, actions, ..FilterBar::default() }))
        @if page.items.is_empty() {
            (empty(
                &Empty {
                    icon: ui::icon::mail(),
                    title: "No open invitations",
                    text: "An invitation offers somebody a role by e-mail. The link works once and for seven days; sending it again kills the old one.",
                },
                html! {},
            ))
        } @else {
            (table_of(ctx, page))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| first.as_str()),
                next: next.as_deref(),
                showing: &words::count(page.items.len(), "invitation", "invitations"),
            }))
        }
    };
    let add =
        button_link(Kind::Primary, "Invite somebody", &ctx.href("/invitations/new"), Some(ui::icon::plus()));
    ctx.page(PageParts::titled("Invitations").actions(add), body)
}

fn table_of(ctx: &Ctx, page: &Page<InvitationOut>) -> Markup {
    let zone = zone(ctx);
    let hrefs: Vec<String> = page.items.iter().map(|i| ctx.href(&format!("/invitations/{}", i.id))).collect();
    let rows: Vec<Row<'_>> = page
        .items
        .iter()
        .zip(&hrefs)
        .map(|(one, href)| Row {
            href: Some(href),
            cells: vec![
                html! { bdi { (one.name) } },
                html! { (one.email) },
                html! { (one.role_name) span.dim { ", " (one.place) } },
                state(one.state),
                time(one.sent_at, &zone),
            ],
            muted: matches!(one.state, InvitationState::Revoked | InvitationState::Accepted),
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "Invitations",
        columns: &[
            Column::lead("Name"),
            Column::new("E-mail").low(),
            Column::new("Role"),
            Column::new("State"),
            Column::new("Sent").low(),
        ],
        rows: &rows,
        ..Table::default()
    })
}

pub(super) fn show(ctx: &Ctx, one: &InvitationOut) -> Markup {
    let zone = zone(ctx);
    let path = format!("/invitations/{}", one.id);
    let open = matches!(one.state, InvitationState::Pending | InvitationState::Expired);
    let mut facts = vec![
        ("E-mail", html! { (one.email) }),
        ("State", state(one.state)),
        ("Side", html! { (audience(one.audience)) }),
        ("Role", html! { (one.role_name) }),
        ("Where", html! { (words::sentence(&one.place)) }),
        ("Sent", time(one.sent_at, &zone)),
        ("Link works until", ui::time_exact(one.expires_at, &zone)),
    ];
    if let Some(by) = &one.invited_by {
        facts.push(("Invited by", html! { bdi { (by) } }));
    }
    let body = html! {
        @if one.state == InvitationState::Pending {
            (ui::alert(Tone::Info, "If this address can be invited, a link is on its way to it.", html! {
                "It works once. "
                @if ctx.app.config.demo { "In this demo no mail leaves: read it under Settings, Outbox." }
            }))
        }
        (card(&Card::default(), html! {
            (detail_list(&facts))
            @if open {
                div.actions {
                    (ui_form(&Form { action: &ctx.href(&format!("{path}/letter")), ..Form::default() }, submit(Kind::Quiet, "Send again")))
                    (confirm(&Confirm {
                        id: "revoke",
                        label: "Take back",
                        kind: Kind::Danger,
                        title: "Take this invitation back?",
                        text: "The link stops working at once.",
                        action: &ctx.href(&format!("{path}/revocation")),
                        submit: "Take back",
                        ..Confirm::default()
                    }))
                }
                p.hint { "Sending again makes a new link; the one sent before stops working." }
            }
        }))
    };
    let parts = PageParts::titled(&one.name).crumb("People", "/members").crumb("Invitations", "/invitations");
    ctx.page(parts, body)
}

pub(super) fn choose(ctx: &Ctx, offers: &[RoleOffer]) -> Markup {
    let body = choose_role(offers, |role| ctx.href(&format!("/invitations/new?role={}", role.key)));
    let parts =
        PageParts::titled("Invite somebody").crumb("People", "/members").crumb("Invitations", "/invitations");
    ctx.page(parts, body)
}

/// What the form offers to choose from.
pub(super) struct Offers {
    pub(super) role: std::sync::Arc<Role>,
    pub(super) places: Vec<(Reach, Vec<Offer>)>,
    pub(super) clients: Vec<Offer>,
}

pub(super) fn form(ctx: &Ctx, offers: &Offers, typed: &InvitationForm, wrong: &Complaints) -> Markup {
    let role = &*offers.role;
    let clients: Vec<Choice<'_>> = offers.clients.iter().map(|o| Choice::new(&o.word, &o.name)).collect();
    let staff = ctx.who.audience == kernel::Audience::Staff;
    let body = html! {
        p { (role.about) " " a href=(ctx.href("/invitations/new")) { "Choose another role" } }
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href("/invitations"),
                hidden: &[("role", &role.key)],
                guard: true,
                errors: Some(&wrong.fields),
                labels: &[("email", "E-mail"), ("targets", "Where")],
                ..Form::default()
            },
            html! {
                (email(&Field::new("email", "E-mail").value(typed.email.as_str()).required().autocomplete("off").errors(&wrong.fields)))
                (text(&Field::new("name", "Name").value(typed.name.as_str()).required().max_length(200).errors(&wrong.fields)))
                @if asks_client(role) && !clients.is_empty() {
                    (select(
                        &Field::new("client", "Client they belong to").value(typed.client.as_str()).errors(&wrong.fields),
                        &clients,
                        Some("Choose"),
                    ))
                }
                @if asks_client(role) {
                    @if role.audience == kernel::Audience::Contractor && staff {
                        (checkbox(
                            &Field::new("subcontractor", "Works for the organization itself")
                                .hint("A subcontractor belongs to no client and may be given work anywhere.")
                                .errors(&wrong.fields),
                            typed.subcontractor.is_on(),
                        ))
                    }
                }
                (target_fields(role, &offers.places, &typed.targets, wrong))
                (buttons(html! {
                    (submit(Kind::Primary, "Send the invitation"))
                    @if ctx.portal() == Some(kernel::Portal::Office) { (ui::look(&ctx.href("/invitations/preview"))) }
                    (button_link(Kind::Quiet, "Cancel", &ctx.href("/invitations"), None))
                }))
            },
        ))
    };
    let title = format!("Invite: {}", role.name);
    let parts = PageParts::titled(&title).crumb("People", "/members").crumb("Invitations", "/invitations");
    ctx.page(parts, body)
}

/// What whoever has the link sees.
pub(super) fn accept(token: &str, open: &Open, typed: &AcceptForm, wrong: &Complaints) -> Markup {
    let letter = &open.letter;
    let role = open.role.as_deref();
    let fresh = |label| {
        password(
            &Field::new("password", label)
                .required()
                .autocomplete("new-password")
                .hint(crate::password::HINT)
                .errors(&wrong.fields),
        )
    };
    let body = html! {
        p {
            @if let Some(inviter) = &open.inviter { bdi { (inviter) } " invites you" } @else { "You are invited" }
            " to be " strong { (role.map_or(letter.role.as_str(), |r| r.name.as_str())) } ". "
            @if let Some(role) = role { (role.about) }
        }
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &format!("/invitation/{token}"),
                stay: false,
                errors: Some(&wrong.fields),
                ..Form::default()
            },
            html! {
                (email(&Field::new("username", "E-mail").value(letter.email.as_str()).read_only().autocomplete("username")))
                @match open.how {
                    How::New => {
                        (text(&Field::new("name", "Your name").value(typed.name.as_str()).required().autocomplete("name").max_length(200).errors(&wrong.fields)))
                        (fresh("Choose a password"))
                        (buttons(submit(Kind::Primary, "Accept and make the account")))
                    }
                    How::SetPassword => {
                        (fresh("Choose a password"))
                        (buttons(submit(Kind::Primary, "Accept")))
                    }
                    How::SignIn => {
                        p.hint { "There is an account with this address. Sign in to accept." }
                        (password(&Field::new("password", "Password").required().autocomplete("current-password").errors(&wrong.fields)))
                        (buttons(html! { (submit(Kind::Primary, "Sign in and accept")) a href="/forgot" { "Forgot your password?" } }))
                    }
                    How::Signed => {
                        p.hint { "You are signed in with this address." }
                        (buttons(submit(Kind::Primary, "Accept")))
                    }
                }
            },
        ))
    };
    let title = format!("Join {}", letter.organization_name);
    let address = letter.logo.as_ref().map(web::Logo::url);
    let logo = letter.logo.as_ref().zip(address.as_deref()).map(|(logo, src)| ui::Logo {
        src,
        width: logo.width,
        height: logo.height,
    });
    bare(&Bare { title: &title, organization: &letter.organization_name, hue: letter.hue, logo }, body)
}

pub(super) fn dead() -> Markup {
    let body = html! {
        p { "It was used already, was replaced by a newer one, was taken back, or is older than seven days." }
        p { "Ask whoever invited you for a new one. If you have accepted it before, just sign in." }
        p { a.btn.primary href="/sign-in" { "Sign in" } }
    };
    bare(&Bare { title: "This invitation does not work", ..Bare::default() }, body)
}
