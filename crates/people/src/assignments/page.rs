//! The form by which a role that is held is changed.

use access::{Assignment, Reach};
use maud::{Markup, html};
use ui::{Field, Form, Kind, button_link, buttons, date, form as ui_form, form_row, submit, text};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::model::ChangeForm;
use crate::members::MemberOut;
use crate::members::forms::target_fields;
use crate::targets::names::Offer;

pub(super) fn change(
    ctx: &Ctx,
    member: &MemberOut,
    held: &Assignment,
    offers: &[(Reach, Vec<Offer>)],
    typed: &ChangeForm,
    wrong: &Complaints,
) -> Markup {
    let path = format!("/members/{}", member.id);
    let zone = ctx.who.zone.as_str();
    let when = |name: &'static str, label: &'static str, value: &str, hint: &'static str| {
        let field = Field::new(name, label).value(value).hint(hint).suffix(zone).errors(&wrong.fields);
        // An instant that is no midnight has no place in a date field, which would lose it.
        if value.contains('T') { text(&field) } else { date(&field) }
    };
    let body = html! {
        p { (held.role.about) }
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href(&format!("{path}/roles/{}", held.id)),
                hidden: &[("given_at", typed.given_at.as_str())],
                guard: true,
                errors: Some(&wrong.fields),
                labels: &[("targets", "Where"), ("from", "First day"), ("until", "Last day")],
                ..Form::default()
            },
            html! {
                (target_fields(&held.role, offers, &typed.targets, wrong))
                (form_row(html! {
                    (when("from", "First day", typed.from.as_str(), "Blank: at once"))
                    (when("until", "Last day", typed.until.as_str(), "Blank: for good"))
                }))
                p.hint {
                    "Roles of one person add up: where two reach the same place, the person may do what either lets \
                     them. A narrower role never takes away from a wider one, and changing this one touches no other."
                }
                (buttons(html! { (submit(Kind::Primary, "Save")) @if ctx.portal() == Some(kernel::Portal::Office) { (ui::look(&ctx.href(&format!("{path}/roles/{}/preview", held.id)))) } (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None)) }))
            },
        ))
    };
    let title = format!("Change the role {}", held.role.name);
    let parts = PageParts::titled(&title).crumb("People", "/members").crumb(&member.name, &path);
    ctx.page(parts, body)
}
