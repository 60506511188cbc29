//! Before publishing: exactly what the client side will see, who of it, and what stays inside.

use access::Facts;
use maud::{Markup, html};
use ui::{Card, Kind, Preview, Tone, Withheld, button_link, buttons, card, preview};
use web::Ctx;
use web::reply::PageParts;

use super::super::APPROVE;
use super::super::publication::PublicationOut;
use super::super::view::IncidentOut;
use super::{detail, verb};

pub(in super::super) fn page(
    ctx: &Ctx,
    out: &PublicationOut,
    incident: &IncidentOut,
    facts: &Facts,
) -> Markup {
    let path = format!("/incidents/{}", incident.id);
    let version = out.version.to_string();
    let withheld: Vec<Withheld<'_>> =
        out.withheld.iter().map(|kept| Withheld { label: kept.part, why: kept.why }).collect();
    let audience = match out.viewers.len() {
        0 => format!("a client account of {}", incident.site),
        1 => out.viewers.first().map(|v| v.name.clone()).unwrap_or_default(),
        n => format!("{n} client accounts"),
    };
    let body = html! {
        @for warning in &out.warnings { (ui::alert(Tone::Warning, warning, html! {})) }
        @if let Some(blocked) = out.blocked {
            (ui::alert(Tone::Info, "This cannot be published yet", html! { p { (blocked) } }))
        }
        (card(&Card { title: "Who will see it", ..Card::default() }, viewers(out)))
        (preview(&Preview { audience: &audience, visible: detail::reading(&out.view.row), withheld: &withheld }))
        p.dim { (mail_line(out)) " Publishing makes nothing public on the internet, and it can be taken back at any time." }
        (buttons(html! {
            @if !out.published && out.blocked.is_none() {
                (verb(ctx, Kind::Primary, "Publish", &format!("{path}/publication"), &[("version", &version)]))
                @if ctx.portal() == Some(kernel::Portal::Office) {
                    (verb(ctx, Kind::Quiet, "Publish at an hour", &format!("{path}/publication/preview"), &[("version", &version)]))
                }
            }
            @if out.blocked.is_some() && !incident.archived && ctx.plan.check(APPROVE, facts) {
                (verb(ctx, Kind::Primary, "Approve", &format!("{path}/approval"), &[("version", &version)]))
            }
            (button_link(Kind::Quiet, if out.published { "Back" } else { "Not now" }, &ctx.href(&path), None))
        }))
    };
    let title = if out.published { "What the client sees" } else { "Publish this incident?" };
    ctx.page(
        PageParts::titled(title).crumb("Incidents", "/incidents").crumb(incident.row.label(), path.clone()),
        body,
    )
}

/// Who gets mail about it, in words.
fn mail_line(out: &PublicationOut) -> String {
    match out.viewers.iter().filter(|viewer| viewer.mailed).count() {
        _ if out.published => "It is published.".to_owned(),
        0 => "Publishing sends no mail.".to_owned(),
        1 => "Publishing mails one of them, who subscribes to incident reports.".to_owned(),
        n => format!("Publishing mails {n} of them, who subscribe to incident reports."),
    }
}

fn viewers(out: &PublicationOut) -> Markup {
    if out.viewers.is_empty() {
        return html! { p.dim { "Nobody outside, as things are." } };
    }
    let columns = [
        ui::Column::lead("Client account"),
        ui::Column::new("Through the role"),
        ui::Column::new("Now"),
        ui::Column::new("Mail"),
    ];
    let rows: Vec<ui::Row<'_>> = out
        .viewers
        .iter()
        .map(|viewer| ui::Row {
            cells: vec![
                ui::person(&viewer.name),
                html! { (viewer.roles) },
                if viewer.already {
                    ui::status("Sees it already", Tone::Success)
                } else {
                    ui::status("Does not see it", Tone::Neutral)
                },
                html! { @if viewer.mailed { "Gets mail" } @else { "No mail" } },
            ],
            ..ui::Row::default()
        })
        .collect();
    ui::table(&ui::Table {
        caption: "Client accounts that will see it",
        columns: &columns,
        rows: &rows,
        ..ui::Table::default()
    })
}
