//! The settings page, and what the client side reads of the company.

use access::{Facts, Switch};
use maud::{Markup, html};
use ui::{
    Card, Choice, Field, FileField, Form, Kind, buttons, card, checkbox, checkboxes, detail_list, file,
    form as ui_form, number, submit, text, text_area,
};
use web::reply::{Complaints, PageParts, complaint};
use web::{Ctx, Text};

use super::features::FeatureOut;
use super::model::{OrganizationForm, OrganizationOut};
use super::{EDIT, features_page, logo};

/// The form's values for the settings that hold.
pub(super) fn filled(out: &OrganizationOut) -> OrganizationForm {
    let on = |value: Option<bool>| Text::from(if value == Some(true) { "on" } else { "" });
    OrganizationForm {
        name: Text(out.name.clone()),
        details: Text(out.details.clone()),
        zone: Text(out.zone.clone()),
        hue: Text(out.hue.map(|h| h.to_string()).unwrap_or_default()),
        require_static_site: on(out.require_static_site),
        refuse_staff_email: on(out.refuse_staff_email),
        mail_on_publish: on(out.mail_on_publish),
    }
}

pub(super) fn show(
    ctx: &Ctx,
    out: &OrganizationOut,
    features: &[FeatureOut],
    typed: &OrganizationForm,
    wrong: &Complaints,
) -> Markup {
    let facts = Facts::of(ctx.who.organization.uuid());
    if !ctx.plan.check(EDIT, &facts) {
        let details = if out.details.is_empty() { "Nothing is written here yet." } else { &out.details };
        let body = html! {
            (detail_list(&[("Name", html! { (out.name) }), ("Time zone", html! { (out.zone) })]))
            p.prose { (details) }
        };
        return ctx.page(PageParts::titled("Your provider"), body);
    }
    let body = html! {
        (complaint(wrong))
        (card(&Card { title: "The company", ..Card::default() }, company(ctx, typed, wrong)))
        (card(&Card { title: "Logo", id: Some("logo"), ..Card::default() }, mark(ctx, out, wrong)))
        @if let Some(on) = &out.switches {
            (card(&Card { title: "What clients are let see", ..Card::default() }, switches(ctx, on)))
        }
        @if !features.is_empty() { (features_page::section(ctx, features)) }
    };
    ctx.page(PageParts::titled("Settings"), body)
}

fn company(ctx: &Ctx, typed: &OrganizationForm, wrong: &Complaints) -> Markup {
    let errors = &wrong.fields;
    ui_form(
        &Form {
            action: &ctx.href("/organization"),
            id: Some("company"),
            errors: Some(errors),
            guard: true,
            ..Form::default()
        },
        html! {
            (text(&Field::new("name", "Name").value(typed.name.as_str()).required().max_length(200).errors(errors)))
            (text(&Field::new("zone", "Time zone").value(typed.zone.as_str()).required().hint("Such as America/New_York. Each site has its own besides.").errors(errors)))
            (number(&Field::new("hue", "Hue of your pages").value(typed.hue.as_str()).between("0", "359").required().hint("0 is red, 120 green, 215 blue. Contrast stays right whatever you choose.").errors(errors)))
            (text_area(&Field::new("details", "About the company").value(typed.details.as_str()).hint("Clients read it where company details are on.").errors(errors), 5))
            (checkbox(&Field::new("require_static_site", "A client's account must have at least one static site"), typed.require_static_site.is_on()))
            (checkbox(&Field::new("refuse_staff_email", "An address on the staff list cannot be invited as a client's account"), typed.refuse_staff_email.is_on()))
            (checkbox(&Field::new("mail_on_publish", "Publishing an incident mails the client accounts that subscribe to incident reports").hint("Off, publishing by itself sends nothing. What its site had approved is mailed either way."), typed.mail_on_publish.is_on()))
            (buttons(submit(Kind::Primary, "Save")))
        },
    )
}

fn mark(ctx: &Ctx, out: &OrganizationOut, wrong: &Complaints) -> Markup {
    html! {
        @if let Some(logo) = &out.logo {
            div.logo-now {
                img.logo src=(logo.href) alt="The logo as it is shown" width=(logo.width) height=(logo.height);
                (ui_form(&Form { action: &ctx.href("/organization/logo/removal"), ..Form::default() }, submit(Kind::Quiet, "Remove the logo")))
            }
        }
        (ui_form(
            &Form { action: &ctx.href("/organization/logo"), id: Some("logo-form"), multipart: true, errors: Some(&wrong.fields), ..Form::default() },
            html! {
                (file(&FileField {
                    field: Field::new("logo", if out.logo.is_some() { "Another logo" } else { "Logo" })
                        .required()
                        .hint("PNG, JPEG or WebP, best with a see-through ground. It stands beside the company's name on every page, on invitations and on paper.")
                        .errors(&wrong.fields),
                    accept: logo::ACCEPT,
                    multiple: false,
                    camera: false,
                    max_bytes: Some(logo::MOST_BYTES as u64),
                }))
                (buttons(submit(Kind::Quiet, "Save the logo")))
            },
        ))
    }
}

fn switches(ctx: &Ctx, on: &[Switch]) -> Markup {
    let choices: Vec<Choice<'_>> = Switch::ALL.iter().map(|s| Choice::new(s.word(), s.label())).collect();
    let chosen: Vec<&str> = on.iter().map(|s| s.word()).collect();
    ui_form(
        &Form {
            action: &ctx.href("/organization/switches"),
            id: Some("switches"),
            hidden: &[("on", "")],
            ..Form::default()
        },
        html! {
            (checkboxes(&Field::new("on", "Clients may see").hint("Off for one is off for all, at once. The account must allow it as well."), &choices, &chosen))
            (buttons(html! {
                (submit(Kind::Quiet, "Save what clients see"))
                (ui::look(&ctx.href("/organization/switches/preview")))
            }))
        },
    )
}
