//! Pages of features and packs.

use access::Facts;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Field, Form, Kind, Row, Table, Tone, alert, buttons, card, date, form as ui_form,
    form_row, radios, status, submit, table, time_exact,
};
use web::reply::{Complaints, PageParts, complaint};
use web::{Ctx, Text};

use super::SET_FEATURES;
use super::features::{FeatureForm, FeatureOut, State};
use crate::members::zone;
use crate::words::count;

fn people(one: &FeatureOut) -> String {
    count(usize::try_from(one.people).unwrap_or(0), "person", "people")
}

fn state(one: &FeatureOut) -> Markup {
    match one.state {
        State::On => status("On", Tone::Success),
        State::Off => status("Off", Tone::Neutral),
        State::Later => status("Begins later", Tone::Info),
        State::Ended => status("Ended", Tone::Neutral),
    }
}

fn term(ctx: &Ctx, one: &FeatureOut) -> Markup {
    let zone = zone(ctx);
    html! {
        @if let Some(from) = one.from { p.hint { "from " (time_exact(from, &zone)) } }
        @if let Some(until) = one.until { p.hint { "until " (time_exact(until, &zone)) } }
    }
}

/// The card on the settings page.
pub(super) fn section(ctx: &Ctx, all: &[FeatureOut]) -> Markup {
    let may = ctx.plan.check(SET_FEATURES, &Facts::of(ctx.who.organization.uuid()));
    let hrefs: Vec<String> =
        all.iter().map(|one| ctx.href(&format!("/organization/features/{}", one.feature))).collect();
    let rows: Vec<Row<'_>> = all
        .iter()
        .zip(&hrefs)
        .map(|(one, href)| Row {
            href: may.then_some(href.as_str()),
            cells: vec![
                html! { (one.label) },
                html! { (state(one)) (term(ctx, one)) },
                html! {
                    @if one.people > 0 {
                        (people(one)) " with roles that need it"
                        @if one.state != State::On { p.hint { "They grant nothing at the moment." } }
                    } @else { span.dim { "Nobody" } }
                },
            ],
            muted: matches!(one.state, State::Off | State::Ended),
            ..Row::default()
        })
        .collect();
    card(
        &Card { title: "Features and packs", id: Some("features"), flush: true, ..Card::default() },
        table(&Table {
            caption: "Features and packs",
            columns: &[Column::lead("Feature"), Column::new("State"), Column::new("Who depends on it")],
            rows: &rows,
            ..Table::default()
        }),
    )
}

/// The form's values for a feature as it stands.
pub(super) fn filled(ctx: &Ctx, one: &FeatureOut) -> FeatureForm {
    let zone = zone(ctx);
    let day = |at: kernel::Timestamp| at.to_zoned(zone.clone()).date();
    let on = matches!(one.state, State::On | State::Later);
    FeatureForm {
        on: Text::from(if on { "on" } else { "off" }),
        from: Text(one.from.filter(|_| on).map(|at| day(at).to_string()).unwrap_or_default()),
        // The end is the beginning of the day after the last one.
        until: Text(one.until.filter(|_| on).map(|at| last_day(at, &zone)).unwrap_or_default()),
    }
}

fn last_day(end: kernel::Timestamp, zone: &jiff::tz::TimeZone) -> String {
    let end = end.to_zoned(zone.clone());
    let midnight = end.time() == jiff::civil::Time::midnight();
    let day = if midnight { end.date().yesterday().unwrap_or(end.date()) } else { end.date() };
    if midnight { day.to_string() } else { end.timestamp().to_string() }
}

/// The page that changes one.
pub(super) fn form(ctx: &Ctx, one: &FeatureOut, typed: &FeatureForm, wrong: &Complaints) -> Markup {
    let errors = &wrong.fields;
    let choices = [
        Choice::new("on", "On").hint("The roles that need it grant what they say."),
        Choice::new("off", "Off").hint("The roles that need it grant nothing. Nothing is deleted; turning it on again brings everything back."),
    ];
    let chosen = if typed.on.is_on() { "on" } else { "off" };
    let rows: Vec<Row<'_>> = one
        .roles
        .iter()
        .map(|role| Row { cells: vec![html! { (role.name) }, html! { (role.people) }], ..Row::default() })
        .collect();
    let body = html! {
        (complaint(wrong))
        @if one.people > 0 {
            (alert(
                Tone::Warning,
                &format!("While it is off, roles of {} grant nothing", people(one)),
                html! { p { "They see it on their next request. Their roles stay where they are and come back with the feature." } },
            ))
        } @else {
            (alert(Tone::Info, "Nobody holds a role that needs it", html! {}))
        }
        (ui_form(
            &Form {
                action: &ctx.href(&format!("/organization/features/{}", one.feature)),
                id: Some("feature"),
                errors: Some(errors),
                guard: true,
                ..Form::default()
            },
            html! {
                (radios(&Field::new("on", "State").value(chosen).required().errors(errors), &choices))
                (form_row(html! {
                    (date(&Field::new("from", "From").value(typed.from.as_str()).hint("Empty is at once.").errors(errors)))
                    (date(&Field::new("until", "Last day").value(typed.until.as_str()).hint("Counts in full. Empty is for good.").errors(errors)))
                }))
                (buttons(html! {
                    (submit(Kind::Primary, "Save"))
                    (ui::look(&ctx.href(&format!("/organization/features/{}/preview", one.feature))))
                }))
            },
        ))
        @if !rows.is_empty() {
            (card(
                &Card { title: "Roles that need it", flush: true, ..Card::default() },
                table(&Table {
                    caption: "Roles that need it",
                    columns: &[Column::lead("Role"), Column::number("People")],
                    rows: &rows,
                    ..Table::default()
                }),
            ))
        }
    };
    ctx.page(PageParts::titled(&one.label).crumb("Settings", "/organization"), body)
}
