//! Pages of leak tests.

use jiff::tz::TimeZone;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{Card, Column, Empty, Field, Form, Kind, Pager, Row, Table, Tone};
use web::Ctx;
use web::reply::{Complaints, PageParts, complaint};

use super::model::{CheckFilter, CheckOut, State};
use crate::verify::Report;

fn state(check: &CheckOut) -> Markup {
    match check.state {
        State::Running => ui::status("Under way", Tone::Info),
        State::Good => ui::status("No leak", Tone::Success),
        State::Leaks => ui::status("Leaks found", Tone::Danger),
        State::Failed => ui::status("Not finished", Tone::Warning),
    }
}

fn zone(ctx: &Ctx) -> TimeZone {
    TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC)
}

pub(super) fn list(ctx: &Ctx, filter: &CheckFilter, checks: &Page<CheckOut>, wrong: &Complaints) -> Markup {
    let here = ctx.href("/access-checks");
    let zone = zone(ctx);
    let hrefs: Vec<String> =
        checks.items.iter().map(|check| ctx.href(&format!("/access-checks/{}", check.id))).collect();
    let rows: Vec<Row<'_>> = checks
        .items
        .iter()
        .zip(&hrefs)
        .map(|(check, href)| Row {
            href: Some(href.as_str()),
            cells: vec![
                ui::time(check.started_at, &zone),
                state(check),
                html! { (check.leaks) },
                html! { (check.questions) },
                html! { bdi { (check.started_by) } },
            ],
            ..Row::default()
        })
        .collect();
    let next = checks.next.as_ref().map(|cursor| format!("{here}?cursor={cursor}"));
    let body = html! {
        p {
            "A leak test makes a scratch world with your roles and settings, plants a word that occurs nowhere else in every field, "
            "and walks every page, endpoint, search, export, file and message as a holder of each role. What somebody is told must be "
            "exactly what a second, independent evaluator says they may know. Your own records are not touched and no message leaves."
        }
        (complaint(wrong))
        @if ctx.may(super::RUN) {
            (ui::form(
                &Form { action: &here, ..Form::default() },
                html! {
                    (ui::checkbox(
                        &Field::new("quick", "Only some questions of each kind").hint("Well under a minute. The whole test asks everything and takes some minutes."),
                        true,
                    ))
                    (ui::buttons(ui::submit(Kind::Primary, "Start a leak test")))
                },
            ))
        }
        @if checks.items.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::shield_check(),
                    title: "No leak test yet",
                    text: "Each one leaves a signed report that you can show to a client or an auditor.",
                },
                html! {},
            ))
        } @else {
            (ui::table(&Table {
                caption: "Leak tests",
                columns: &[
                    Column::lead("Started"), Column::new("Outcome"), Column::number("Leaks"),
                    Column::number("Questions").low(), Column::new("Started by").low(),
                ],
                rows: &rows,
                ..Table::default()
            }))
            (ui::pager(&Pager {
                newest: filter.cursor.is_some().then_some(here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} leak tests", checks.items.len()),
            }))
        }
    };
    ctx.page(PageParts::titled("Leak tests"), body)
}

pub(super) fn show(ctx: &Ctx, check: &CheckOut, report: Option<&Report>, takes: bool) -> Markup {
    let zone = zone(ctx);
    let path = format!("/access-checks/{}", check.id);
    let body = html! {
        (ui::live("check", &ctx.href(&path), html! {
            (ui::detail_list(&[
                ("Outcome", state(check)),
                ("Started", ui::time_exact(check.started_at, &zone)),
                ("By", html! { bdi { (check.started_by) } }),
            ]))
            @if check.state == State::Running {
                @let total = u64::try_from(check.total).unwrap_or_default();
                @if total == 0 { p { "The scratch world is being made…" } }
                @else { (ui::progress("Readers that have walked", u64::try_from(check.done).unwrap_or_default(), total)) }
                p.hint { "It goes on when you leave this page. Reload to see how far it is." }
            }
            @if !check.failure.is_empty() { (ui::alert(Tone::Warning, "It could not be finished", html! { p { (check.failure) } })) }
        }))
        @if let Some(report) = report { (found(ctx, &path, report, takes)) }
    };
    ctx.page(PageParts::titled("Leak test").crumb("Leak tests", "/access-checks"), body)
}

fn found(ctx: &Ctx, path: &str, report: &Report, takes: bool) -> Markup {
    let rows: Vec<Row<'_>> = report
        .leaks
        .iter()
        .map(|leak| Row {
            cells: vec![
                html! { (leak.check.label()) },
                html! { (leak.reader) },
                html! { (leak.what) },
                html! { code { (leak.question) } @if !leak.excerpt.is_empty() { p.hint { (leak.excerpt) } } },
            ],
            ..Row::default()
        })
        .collect();
    html! {
        @if takes {
            (ui::buttons(html! {
                (ui::download("Signed report (JSON)", &ctx.href(&format!("{path}/report.json")), None))
                (ui::download("Report to read (HTML)", &ctx.href(&format!("{path}/report.html")), None))
            }))
        }
        (ui::card(&Card { title: "What was tried", ..Card::default() }, ui::detail_list(&[
            ("Readers, one for each role", html! { (report.readers.len()) }),
            ("Words planted", html! { (report.canaries) }),
            ("Questions asked", html! { (report.questions) }),
            ("Answers with something right to read", html! { (report.right) }),
            ("Time", html! { (format!("{:.1} s", report.seconds)) }),
            ("Program, engine", html! { (report.program) ", " (report.engine) }),
        ])))
        @if rows.is_empty() {
            (ui::alert(Tone::Success, "No leak was found", html! { p { "Every answer told exactly what its reader may know." } }))
        } @else {
            (ui::table(&Table {
                caption: "Leaks",
                columns: &[Column::lead("How it shows"), Column::new("To whom"), Column::new("What"), Column::new("Question and answer")],
                rows: &rows,
                ..Table::default()
            }))
        }
        (ui::help("Who walked, and where", html! {
            ul { @for reader in &report.readers { li { (reader) } } }
            ul { @for route in &report.walked { li { code { (route) } } } }
            @if !report.not_walked.is_empty() { p { "Not walked:" } ul { @for route in &report.not_walked { li { (route) } } } }
        }))
    }
}
