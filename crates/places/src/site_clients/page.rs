//! The page of a site's Clients tab, from views alone.

use access::Facts;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Confirm, Empty, Field, Form, Kind, Row, Table, button_link, buttons, card, confirm,
    form as ui_form, select, submit, table,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::model::{AccountOut, AccountsOut, AssignForm, CandidateOut, Through};
use super::{CREATE, EDIT};
use crate::sites::{self, SiteOut};

pub(super) fn show(
    ctx: &Ctx,
    site: &SiteOut,
    facts: &Facts,
    accounts: &AccountsOut,
    typed: &AssignForm,
    wrong: &Complaints,
) -> Markup {
    let changes = ctx.plan.check(EDIT, facts) || ctx.plan.check(CREATE, facts);
    let body = html! {
        (sites::tabs(ctx, site, facts, "clients"))
        (web::reply::complaint(wrong))
        (card(
            &Card { title: "Client accounts that see this site", flush: !accounts.items.is_empty(), ..Card::default() },
            who(ctx, site, facts, &accounts.items),
        ))
        @if changes && !site.archived {
            (card(&Card { title: "Assign an account", ..Card::default() }, assign(ctx, site, &accounts.could_be, typed, wrong)))
        }
    };
    let path = format!("/sites/{}", site.id);
    ctx.page(PageParts::titled("Clients").crumb("Sites", "/sites").crumb(&site.name, path), body)
}

fn who(ctx: &Ctx, site: &SiteOut, facts: &Facts, items: &[AccountOut]) -> Markup {
    if items.is_empty() {
        return ui::empty(
            &Empty {
                icon: ui::icon::people(),
                title: "Nobody of the client sees this site",
                text: "People of the client see it once they are assigned here, or hold a role for the whole client. \
                       What they see of it is what was released.",
            },
            html! {},
        );
    }
    let may_remove = ctx.plan.check(EDIT, facts);
    let rows: Vec<Row<'_>> = items
        .iter()
        .map(|account| Row {
            cells: vec![
                html! { bdi { (account.name) } },
                html! { (account.email) },
                html! { (account.role_name) },
                html! {
                    (match account.through { Through::Site => "Assigned here", Through::Client => "Sees every site of the client" })
                    @if let Some(but) = &account.but { br; span.dim { (but) } }
                    @else if let Some(until) = account.until { br; span.dim { "Until " (until_day(ctx, until)) } }
                },
                html! { @if may_remove && account.through == Through::Site { (removal(ctx, site, account)) } },
            ],
            muted: account.but.is_some(),
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "Client accounts that see this site",
        columns: &[
            Column::lead("Name"),
            Column::new("E-mail").low(),
            Column::new("Role"),
            Column::new("Why"),
            Column::actions(),
        ],
        rows: &rows,
        ..Table::default()
    })
}

/// The day on which something ends, where the organization is.
fn until_day(ctx: &Ctx, until: kernel::Timestamp) -> Markup {
    let zone = jiff::tz::TimeZone::get(&ctx.who.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    ui::day(until.to_zoned(zone).date())
}

fn removal(ctx: &Ctx, site: &SiteOut, account: &AccountOut) -> Markup {
    let action = ctx.href(&format!("/sites/{}/clients/{}/removal", site.id, account.assignment));
    let id = format!("remove-{}", account.assignment);
    let title = format!("Take {} away from {}?", site.name, account.name);
    confirm(&Confirm {
        id: &id,
        label: "Remove",
        kind: Kind::Plain,
        title: &title,
        text: "The site and everything released for it disappears from their portal with their next click. The account stays.",
        action: &action,
        submit: "Remove",
        look: Some(&format!("{action}/preview")),
        ..Confirm::default()
    })
}

fn assign(
    ctx: &Ctx,
    site: &SiteOut,
    could_be: &[CandidateOut],
    typed: &AssignForm,
    wrong: &Complaints,
) -> Markup {
    if could_be.is_empty() {
        return html! {
            // Without a form there is no field to tell it at.
            @for message in wrong.of("membership") { (ui::alert(ui::Tone::Danger, message, html! {})) }
            p.hint {
                "Everybody of " bdi { (site.client_name) } " who could be assigned sees this site already. \
                 Invite another person of the client first."
            }
        };
    }
    let ids: Vec<(String, String)> = could_be
        .iter()
        .map(|one| {
            let why = one.but.as_ref().map_or_else(String::new, |but| format!(", {but}"));
            (one.membership.to_string(), format!("{} ({}{why})", one.name, one.role_name))
        })
        .collect();
    let choices: Vec<Choice<'_>> = ids
        .iter()
        .zip(could_be)
        .map(|((id, label), one)| Choice { disabled: one.but.as_deref(), ..Choice::new(id, label) })
        .collect();
    html! {
        (ui_form(
            &Form {
                action: &ctx.href(&format!("/sites/{}/clients", site.id)),
                errors: Some(&wrong.fields),
                labels: &[("membership", "Account")],
                ..Form::default()
            },
            html! {
                (select(
                    &Field::new("membership", "Account")
                        .value(typed.membership.as_str())
                        .hint("People of this site's client whose role is held at sites")
                        .required()
                        .errors(&wrong.fields),
                    &choices,
                    Some("Choose"),
                ))
                (buttons(html! {
                    (submit(Kind::Primary, "Assign"))
                    (ui::look(&ctx.href(&format!("/sites/{}/clients/preview", site.id))))
                    (button_link(Kind::Quiet, "Back to the site", &ctx.href(&format!("/sites/{}", site.id)), None))
                }))
            },
        ))
    }
}
