//! Forms about members.

use std::sync::Arc;

use access::{Reach, Role};
use kernel::Audience;
use kernel::id::MembershipId;
use maud::{Markup, html};
use ui::{
    Choice, Column, Field, Form, Kind, Row, Table, button_link, buttons, checkbox, date, form as ui_form,
    form_row, searchable, submit, switch, table, text,
};
use web::reply::{Complaints, PageParts};
use web::{Ctx, Text};

use super::model::{GiveForm, MemberForm, MemberOut};
use crate::targets::names::Offer;
use crate::words;

/// The form's values for a member that is there.
pub(super) fn filled(member: &MemberOut) -> MemberForm {
    let on = |on: Option<bool>| Text(if on == Some(true) { "true" } else { "" }.to_owned());
    MemberForm {
        name: Text(member.name.clone()),
        share_all: on(member.share_all),
        live_clock_ins: on(member.live_clock_ins),
        version: Text(member.version.to_string()),
    }
}

pub(super) fn edit(ctx: &Ctx, member: &MemberOut, typed: &MemberForm, wrong: &Complaints) -> Markup {
    let path = format!("/members/{}", member.id);
    let settings = member.audience == Audience::Client && member.share_all.is_some();
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
                (text(&Field::new("name", "Name").value(typed.name.as_str()).required().max_length(200).errors(&wrong.fields)))
                @if settings {
                    (switch(
                        &Field::new("share_all", "Share all incident reports on submission")
                            .hint("They see each report of their sites as soon as it is handed in. Off: only what staff publish. The organization's switch “Incident reports” must be on as well.")
                            .errors(&wrong.fields),
                        typed.share_all.is_on(),
                    ))
                    (switch(
                        &Field::new("live_clock_ins", "Show live clock-ins")
                            .hint("They see at which of their sites somebody is on duty now; never who.")
                            .errors(&wrong.fields),
                        typed.live_clock_ins.is_on(),
                    ))
                }
                (buttons(html! { (submit(Kind::Primary, "Save")) (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None)) }))
            },
        ))
    };
    let parts = PageParts::titled("Edit person").crumb("People", "/members").crumb(&member.name, &path);
    ctx.page(parts, body)
}

/// A role to be chosen, and why it cannot be given at the moment, if so.
pub(crate) struct RoleOffer {
    pub(crate) role: Arc<Role>,
    pub(crate) off: Option<String>,
}

/// The first step wherever a role is given: which one. `href` leads to the second step.
pub(crate) fn choose_role(offers: &[RoleOffer], href: impl Fn(&Role) -> String) -> Markup {
    let hrefs: Vec<String> = offers.iter().map(|offer| href(&offer.role)).collect();
    let rows: Vec<Row<'_>> = offers
        .iter()
        .zip(&hrefs)
        .map(|(offer, href)| Row {
            href: offer.off.is_none().then_some(href.as_str()),
            cells: vec![
                html! { (offer.role.name) },
                html! { (words::audience(offer.role.audience)) },
                html! { (offer.role.about) @if let Some(off) = &offer.off { p.hint { (words::sentence(off)) } } },
            ],
            muted: offer.off.is_some(),
            ..Row::default()
        })
        .collect();
    html! {
        @if offers.is_empty() {
            (ui::empty(
                &ui::Empty {
                    icon: ui::icon::role(),
                    title: "No role to give",
                    text: "You may give roles that grant no more than your own. At the moment there is none.",
                },
                html! {},
            ))
        } @else {
            p { "You see the roles that grant no more than you hold yourself." }
            (table(&Table {
                caption: "Roles that you may give",
                columns: &[Column::lead("Role"), Column::new("Side"), Column::new("What it lets one do")],
                rows: &rows,
                ..Table::default()
            }))
        }
    }
}

pub(super) fn choose(ctx: &Ctx, member: &MemberOut, offers: &[RoleOffer]) -> Markup {
    let path = format!("/members/{}", member.id);
    let body = choose_role(offers, |role| ctx.href(&format!("{path}/roles/new?role={}", role.key)));
    let parts = PageParts::titled("Give a role").crumb("People", "/members").crumb(&member.name, &path);
    ctx.page(parts, body)
}

/// Where a role is to be held: the whole organization or places, as the role allows and the chooser sees.
pub(crate) fn target_fields(
    role: &Role,
    offers: &[(Reach, Vec<Offer>)],
    typed: &[String],
    wrong: &Complaints,
) -> Markup {
    let chosen: Vec<&str> = typed.iter().map(String::as_str).collect();
    html! {
        @if role.reach == Reach::Own {
            p.hint { "This role reaches only what the person made, has to do or asked for. It is held at no place." }
        }
        @if role.reach == Reach::Organization {
            (checkbox(
                &Field::new("targets", "The whole organization").id("targets-all").hint("Everything, now and in future. Leave it off and choose places below to keep the role to them."),
                chosen.contains(&"organization"),
            ))
        }
        @for (reach, places) in offers {
            @let label = label(*reach);
            @let choices: Vec<Choice<'_>> = places.iter().map(|offer| {
                let choice = Choice::new(&offer.word, &offer.name);
                if offer.group.is_empty() { choice } else { choice.group(&offer.group) }
            }).collect();
            @if choices.is_empty() { p.hint { (label) ": there is none that you may see." } }
            @else {
                @let id = format!("targets-{}", reach.word());
                @let field = Field::new("targets", label).id(&id);
                @let field = if Some(*reach) == offers.first().map(|(first, _)| *first) { field.errors(&wrong.fields) } else { field };
                (searchable(&field, &choices, &chosen))
            }
        }
        @if let Some(most) = role.most_targets { p.hint { "Held at no more than " (most) " place." } }
    }
}

const fn label(reach: Reach) -> &'static str {
    match reach {
        Reach::Area => "Areas",
        Reach::Team => "Teams",
        Reach::Client => "Clients, with all their sites",
        Reach::Site => "Sites",
        Reach::Organization | Reach::Own => "",
    }
}

pub(super) struct Give<'a> {
    pub(super) member: &'a MemberOut,
    pub(super) role: &'a Role,
    pub(super) offers: &'a [(Reach, Vec<Offer>)],
}

pub(super) fn give(ctx: &Ctx, page: &Give<'_>, typed: &GiveForm, wrong: &Complaints) -> Markup {
    let id: MembershipId = page.member.id;
    let path = format!("/members/{id}");
    let zone = ctx.who.zone.as_str();
    let title = format!("Give the role {}", page.role.name);
    let body = html! {
        p { (page.role.about) }
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href(&format!("{path}/roles")),
                hidden: &[("role", &page.role.key)],
                guard: true,
                errors: Some(&wrong.fields),
                labels: &[("targets", "Where"), ("from", "First day"), ("until", "Last day")],
                ..Form::default()
            },
            html! {
                (target_fields(page.role, page.offers, &typed.targets, wrong))
                (form_row(html! {
                    (date(&Field::new("from", "First day").value(typed.from.as_str()).hint("Blank: at once").suffix(zone).errors(&wrong.fields)))
                    (date(&Field::new("until", "Last day").value(typed.until.as_str()).hint("Blank: for good").suffix(zone).errors(&wrong.fields)))
                }))
                (buttons(html! {
                    (submit(Kind::Primary, "Give the role"))
                    @if ctx.portal() == Some(kernel::Portal::Office) { (ui::look(&ctx.href(&format!("{path}/roles/preview")))) }
                    (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None))
                }))
            },
        ))
    };
    let parts = PageParts::titled(&title).crumb("People", "/members").crumb(&page.member.name, &path);
    ctx.page(parts, body)
}
