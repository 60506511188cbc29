//! Pages of previews, from views alone.

use std::sync::Arc;

use access::{Reach, Role};
use maud::{Markup, html};
use ui::{
    Card, Column, Field, Form, Kind, Outcome, Row, Table, Tone, Verdict, button_link, buttons, card, explain,
    form as ui_form, submit, table, text,
};
use web::Ctx;
use web::preview::MINUTES;
use web::reply::{Complaints, PageParts, complaint};

use super::act::Chosen;
use super::model::{MailPreview, MailQuery, PreviewForm};
use crate::members::{MemberOut, target_fields};
use crate::targets::names::Offer;
use crate::words;

/// What looking means, said before it begins.
fn meaning() -> Markup {
    html! {
        ul {
            li { "You see the pages they would see, decided by the same rules as for them. No session of theirs is made, and nothing tells them." }
            li { "Nothing can be changed while you look. A banner on every page says so." }
            li { "It ends by itself after " (MINUTES) " minutes, or when you stop it." }
            li { "The journal keeps your reason and each page you open." }
        }
    }
}

fn reason(typed: &PreviewForm, wrong: &Complaints) -> Markup {
    text(
        &Field::new("reason", "Why do you look?")
            .value(typed.reason.as_str())
            .required()
            .max_length(200)
            .hint("For example: “They say the report of Monday is missing.”")
            .errors(&wrong.fields),
    )
}

pub(super) fn choose(ctx: &Ctx, chosen: &Chosen, typed: &PreviewForm, wrong: &Complaints) -> Markup {
    let member = &chosen.member;
    let path = format!("/members/{}", member.id);
    let body = html! {
        (complaint(wrong))
        @if let Some(why) = &chosen.refused {
            @if wrong.whole.is_none() { (ui::alert(Tone::Warning, &words::sentence(why), html! {})) }
            p { "A preview never shows more than you could give: whoever looks must hold at least what the other person holds. " a href=(ctx.href(&format!("{path}/sight"))) { "What can they see?" } " tells it in words." }
        } @else {
            @if !member.active { (ui::alert(Tone::Info, "This person is deactivated: the preview says why they see nothing.", html! {})) }
            (meaning())
            (ui_form(
                &Form { action: &ctx.href(&format!("{path}/preview")), errors: Some(&wrong.fields), labels: &[("reason", "Why do you look?")], ..Form::default() },
                html! {
                    (reason(typed, wrong))
                    (buttons(html! { (submit(Kind::Primary, "Look through their eyes")) (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None)) }))
                },
            ))
        }
    };
    let title = format!("Look through the eyes of {}", member.name);
    ctx.page(PageParts::titled(&title).crumb("People", "/members").crumb(&member.name, path), body)
}

pub(super) fn roles(ctx: &Ctx, roles: &[Arc<Role>]) -> Markup {
    let hrefs: Vec<String> = roles
        .iter()
        .map(|role| ctx.href(&format!("/previews/new?role={}", web::mount::encode(&role.key))))
        .collect();
    let rows: Vec<Row<'_>> = roles
        .iter()
        .zip(&hrefs)
        .map(|(role, href)| Row {
            href: Some(href),
            cells: vec![
                html! { (role.name) },
                html! { (words::audience(role.audience)) },
                html! { (role.about) },
            ],
            ..Row::default()
        })
        .collect();
    let body = html! {
        p { "Choose a role that you could give. On the next page you say where it would be held; nobody needs to hold it." }
        @if rows.is_empty() {
            (ui::empty(&ui::Empty { icon: ui::icon::role(), title: "No role to look with", text: "You may look with roles that grant no more than your own. At the moment there is none." }, html! {}))
        } @else {
            (table(&Table {
                caption: "Roles to look with",
                columns: &[Column::lead("Role"), Column::new("Side"), Column::new("What it lets one do")],
                rows: &rows,
                ..Table::default()
            }))
        }
    };
    ctx.page(PageParts::titled("Preview a role").crumb("People", "/members"), body)
}

pub(super) fn role(
    ctx: &Ctx,
    role: &Role,
    offers: &[(Reach, Vec<Offer>)],
    typed: &PreviewForm,
    wrong: &Complaints,
) -> Markup {
    let body = html! {
        p { (role.about) }
        (complaint(wrong))
        (meaning())
        (ui_form(
            &Form {
                action: &ctx.href("/previews"),
                hidden: &[("role", &role.key)],
                errors: Some(&wrong.fields),
                labels: &[("targets", "Where"), ("reason", "Why do you look?")],
                ..Form::default()
            },
            html! {
                (target_fields(role, offers, &typed.targets, wrong))
                (reason(typed, wrong))
                (buttons(html! { (submit(Kind::Primary, "Look with this role")) (button_link(Kind::Quiet, "Cancel", &ctx.href("/previews/new"), None)) }))
            },
        ))
    };
    let title = format!("Look as {}", role.name);
    let parts =
        PageParts::titled(&title).crumb("People", "/members").crumb("Preview a role", "/previews/new");
    ctx.page(parts, body)
}

pub(super) fn mails(ctx: &Ctx, member: &MemberOut, asked: &MailQuery, all: &[MailPreview]) -> Markup {
    let path = format!("/members/{}", member.id);
    let link = |event: &str| ctx.href(&words::with(&format!("{path}/mails"), &[("event", event)]));
    let hrefs: Vec<String> = all.iter().map(|mail| link(&mail.event)).collect();
    let rows: Vec<Row<'_>> = all
        .iter()
        .zip(&hrefs)
        .map(|(mail, href)| Row {
            href: Some(href),
            cells: vec![
                html! { (mail.label) },
                if mail.gets { ui::status("Gets a mail", Tone::Success) } else { ui::status("None", Tone::Neutral) },
                html! { @if let Some(no) = mail.because.iter().find(|c| !c.holds) { (no.sentence) } @else if let Some(yes) = mail.because.first() { (yes.sentence) } },
            ],
            ..Row::default()
        })
        .collect();
    let body = html! {
        @if let [one] = all { @if !asked.event.is_empty() { (letter(one)) p { a href=(ctx.href(&format!("{path}/mails"))) { "All mails" } } } }
        @if asked.event.is_empty() {
            p { "Decided as it would be when the mail is sent. Nobody gets a mail about a record that they could not open." }
            (table(&Table {
                caption: "Mails this person would get",
                columns: &[Column::lead("What happens"), Column::new("Mail"), Column::new("Why")],
                rows: &rows,
                ..Table::default()
            }))
        }
    };
    let title = format!("Mails to {}", member.name);
    ctx.page(PageParts::titled(&title).crumb("People", "/members").crumb(&member.name, path), body)
}

fn letter(mail: &MailPreview) -> Markup {
    let verdicts: Vec<Verdict<'_>> = mail
        .because
        .iter()
        .map(|condition| Verdict {
            outcome: if condition.holds { Outcome::Allowed } else { Outcome::Denied },
            sentence: &condition.sentence,
            ..Verdict::default()
        })
        .collect();
    html! {
        (card(&Card { title: &mail.label, ..Card::default() }, explain(&verdicts)))
        @if let Some(letter) = &mail.mail {
            (card(&Card { title: "What it would say", ..Card::default() }, html! {
                (ui::detail_list(&[("To", html! { (letter.to) }), ("Subject", html! { (letter.subject) })]))
                pre.mail-text tabindex="0" { (letter.text) }
            }))
        }
    }
}
