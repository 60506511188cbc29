//! Pages of walks: the lists, the exception report, one walk, and the page that takes scans.

use access::{Facts, Visibility};
use kernel::page::Page;
use kernel::{Portal, Result};
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Empty, Field, FilterBar, Form, Kind, Moment, Pager, Row, Stat, Table, Tone, alert,
    button_link, buttons, card, date, detail_list, filter_bar, form as ui_form, form_row, pager, person,
    split, stats, status, submit, table, text, timeline,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::model::{Exception, Method, ODD_SKEW, ReportFilter, ScanForm, State};
use super::view::{ExceptionsOut, ReportOut, ReportWhole, ScanOut, WalkStop};
use super::{APPROVE, EXPORT, act};
use crate::choices::{self, SiteChoice};
use crate::query::SEE_SITES;
use crate::rhythm;

/// The sites that lists can be narrowed to.
pub(super) async fn sites(ctx: &Ctx) -> Result<Vec<SiteChoice>> {
    if ctx.portal().is_none() {
        return Ok(Vec::new());
    }
    choices::sites(ctx, SEE_SITES).await
}

fn marks(report: &ReportOut) -> Markup {
    html! {
        (status(report.state.label(), report.state.tone()))
        @for one in report.exceptions.iter().filter(|one| !matches!(one, Exception::Missed)) {
            " " (status(one.label(), Tone::Warning))
        }
        @if report.visibility == Some(Visibility::Held) && report.state != State::Walking {
            " " (ui::tag("Waits for approval"))
        }
    }
}

fn when(report: &ReportOut) -> Markup {
    let zone = rhythm::zone(&report.zone);
    match report.started_at {
        Some(at) => ui::time_range(at, report.ended_at, &zone),
        None => ui::time_range(report.at, report.due_until, &zone),
    }
}

fn rows(ctx: &Ctx, reports: &[ReportOut]) -> Markup {
    let people = reports.iter().any(|report| report.walker.is_some());
    let hrefs: Vec<String> =
        reports.iter().map(|r| ctx.href(&format!("/checkpoint-reports/{}", r.id))).collect();
    let rows: Vec<Row<'_>> = reports
        .iter()
        .zip(&hrefs)
        .map(|(report, href)| {
            let mut cells = vec![
                html! { bdi { (report.tour) } },
                html! { bdi { (report.site) } },
                when(report),
                html! { (report.scanned) " of " (report.stops) },
            ];
            if people {
                cells.push(html! { @match report.walker.as_deref() { Some("") | None => "–", Some(name) => (person(name)) } });
            }
            cells.push(marks(report));
            Row { href: Some(href), cells, ..Row::default() }
        })
        .collect();
    let mut columns =
        vec![Column::lead("Tour"), Column::new("Site"), Column::new("When").line(), Column::number("Stops")];
    if people {
        columns.push(Column::new("Walked by"));
    }
    columns.push(Column::new("How").plain());
    table(&Table { caption: "Walks", columns: &columns, rows: &rows, ..Table::default() })
}

fn words(filter: &ReportFilter, cursor: Option<&str>) -> String {
    let mut words: Vec<String> = [
        ("q", filter.q.as_str()),
        ("site", &filter.site),
        ("tour", &filter.tour),
        ("state", &filter.state),
        ("from", &filter.from),
        ("until", &filter.until),
    ]
    .iter()
    .filter(|(_, word)| !word.is_empty())
    .map(|(name, word)| format!("{name}={}", web::mount::encode(word)))
    .collect();
    words.extend(filter.exceptional.then(|| "exceptional=true".to_owned()));
    words.extend(cursor.map(|c| format!("cursor={c}")));
    words.join("&")
}

/// Search, site, how it stands, days.
fn filters(filter: &ReportFilter, here: &str, sites: &[SiteChoice], states: bool, actions: Markup) -> Markup {
    let ids: Vec<(String, &str)> = sites.iter().map(|s| (s.id.to_string(), s.name.as_str())).collect();
    let places: Vec<Choice<'_>> = std::iter::once(Choice::new("", "All sites"))
        .chain(ids.iter().map(|(id, name)| Choice::new(id, name)))
        .collect();
    let ways: Vec<Choice<'_>> = std::iter::once(Choice::new("", "All"))
        .chain(State::ALL.iter().map(|s| Choice::new(s.word(), s.label())))
        .collect();
    let site = [filter.site.as_str()];
    let state = [filter.state.as_str()];
    let mut facets =
        vec![ui::Facet { name: "site", label: "Site", choices: &places, chosen: &site, single: true }];
    if states {
        facets.push(ui::Facet { name: "state", label: "How", choices: &ways, chosen: &state, single: true });
    }
    html! {
        (filter_bar(&FilterBar {
            action: here,
            search: Some(&filter.q),
            search_label: "Tour or site",
            facets: &facets,
            actions,
            ..FilterBar::default()
        }))
        (ui::fold("Days", ui_form(
            &Form {
                action: here,
                method: ui::Method::Get,
                hidden: &[("q", &filter.q), ("site", &filter.site), ("state", &filter.state), ("tour", &filter.tour)],
                ..Form::default()
            },
            html! {
                (form_row(html! {
                    (date(&Field::new("from", "From").value(&filter.from)))
                    (date(&Field::new("until", "Until").value(&filter.until)))
                }))
                (buttons(submit(Kind::Quiet, "Show these days")))
            },
        )))
    }
}

pub(super) fn list(ctx: &Ctx, filter: &ReportFilter, sites: &[SiteChoice], page: &Page<ReportOut>) -> Markup {
    let client = ctx.portal() == Some(Portal::Client);
    let here = ctx.href("/checkpoint-reports");
    let next = page.next.as_ref().map(|c| format!("{here}?{}", words(filter, Some(c))));
    let export = ctx.href(&format!("/checkpoint-reports/export?{}", words(filter, None)));
    let odd = ctx.href(&format!("/checkpoint-reports/exceptions?{}", words(filter, None)));
    let body = html! {
        (filters(filter, &here, sites, true, html! {
            @if ctx.may(EXPORT) { (ui::download("Export", &export, Some("CSV, what you see now"))) }
        }))
        @if page.items.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::report(),
                    title: "No tours were walked",
                    text: "What is scanned on rounds stands here, newest first, and what was missed.",
                },
                html! {},
            ))
        } @else {
            (rows(ctx, &page.items))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} walks", page.items.len()),
            }))
        }
    };
    let actions = html! {
        @if !client { (button_link(Kind::Plain, "Exceptions", &odd, None)) }
    };
    let title = if client { "Checkpoint reports" } else { "Tour tracking" };
    ctx.page(PageParts::titled(title).actions(actions), body)
}

pub(super) fn exceptions(
    ctx: &Ctx,
    filter: &ReportFilter,
    sites: &[SiteChoice],
    report: &ExceptionsOut,
) -> Markup {
    let here = ctx.href("/checkpoint-reports/exceptions");
    let bad = ReportFilter { exceptional: true, ..filter.clone() };
    let export = ctx.href(&format!("/checkpoint-reports/export?{}", words(&bad, None)));
    let next = report.reports.next.as_ref().map(|c| format!("{here}?{}", words(filter, Some(c))));
    let minutes = |value: Option<f64>| html! { @match value { Some(m) => { (m) " min" }, None => "–" } };
    let lines: Vec<Row<'_>> = report
        .stops
        .iter()
        .map(|stop| Row {
            cells: vec![
                html! { bdi { (stop.checkpoint) } },
                html! { bdi { (stop.site) } },
                html! { (stop.scans) },
                html! { (stop.missed) },
                minutes(stop.average_minutes),
                minutes(stop.shortest_minutes),
                minutes(stop.longest_minutes),
            ],
            ..Row::default()
        })
        .collect();
    let body = html! {
        (filters(filter, &here, sites, false, html! {
            @if ctx.may(EXPORT) { (ui::download("Export", &export, Some("CSV, walks with an exception"))) }
        }))
        @if report.reports.items.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::shield_check(),
                    title: "No exceptions",
                    text: "Tours that were late, missed, incomplete or too fast stand here.",
                },
                html! {},
            ))
        } @else {
            (rows(ctx, &report.reports.items))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} walks", report.reports.items.len()),
            }))
        }
        @if !lines.is_empty() {
            (ui::section("Each checkpoint", html! {
                p.hint {
                    "Minutes between one scan of a checkpoint and the next, over all walks of these days."
                    @if report.cut { " Only the newest 2000 walks are counted; choose fewer days." }
                }
                (table(&Table {
                    caption: "Each checkpoint",
                    columns: &[
                        Column::lead("Checkpoint"),
                        Column::new("Site"),
                        Column::number("Scans"),
                        Column::number("Left out"),
                        Column::number("Average"),
                        Column::number("Shortest"),
                        Column::number("Longest"),
                    ],
                    rows: &lines,
                    ..Table::default()
                }))
            }))
        }
    };
    ctx.page(PageParts::titled("Tour exceptions").crumb("Tour tracking", "/checkpoint-reports"), body)
}

/// What is to be said of a scan besides that it was made.
fn said(scan: &ScanOut) -> Vec<(String, Tone)> {
    let mut all = Vec::new();
    let distance = scan.distance_m.map(|m| format!("{m:.0} m away")).unwrap_or_default();
    let doubt = scan.accuracy_m.map(|m| format!(", ±{m:.0} m")).unwrap_or_default();
    match scan.near {
        Some(false) => all.push((format!("{distance}{doubt}"), Tone::Warning)),
        Some(true) => all.push((format!("{distance}{doubt}"), Tone::Neutral)),
        None if scan.method.is_some() => all.push(("No position".to_owned(), Tone::Neutral)),
        None => {}
    }
    if scan.in_order == Some(false) {
        all.push(("Out of order".to_owned(), Tone::Warning));
    }
    if scan.repeat {
        all.push(("Scanned before".to_owned(), Tone::Neutral));
    }
    if !scan.planned {
        all.push(("No stop of this tour".to_owned(), Tone::Neutral));
    }
    if scan.too_fast == Some(true) {
        let gap = scan.gap_seconds.unwrap_or_default();
        all.push((format!("{gap} s after the one before"), Tone::Warning));
    }
    if let Some(skew) = scan.skew_seconds.filter(|skew| skew.abs() > ODD_SKEW) {
        all.push((format!("Phone's clock off by {} min", skew.abs() / 60), Tone::Warning));
    }
    all
}

fn history(whole: &ReportWhole) -> Markup {
    let zone = rhythm::zone(&whole.report.zone);
    let said: Vec<(String, Tone)> = whole
        .scans
        .iter()
        .map(|scan| {
            let mut parts = vec![match scan.method {
                Some(method) => format!("{}: {}", method.label(), scan.checkpoint),
                None => scan.checkpoint.clone(),
            }];
            let notes = said(scan);
            let tone = if notes.iter().any(|(_, tone)| *tone == Tone::Warning) {
                Tone::Warning
            } else {
                Tone::Success
            };
            parts.extend(notes.into_iter().map(|(words, _)| words));
            (parts.join(" · "), tone)
        })
        .collect();
    let moments: Vec<Moment<'_>> = whole
        .scans
        .iter()
        .zip(&said)
        .map(|(scan, (what, tone))| Moment {
            who: scan.by.as_deref().unwrap_or_default(),
            what,
            when: ui::time_exact(scan.at, &zone),
            icon: if scan.method == Some(Method::Position) { ui::icon::site() } else { ui::icon::check() },
            tone: *tone,
            note: Some(scan.answer.as_str()).filter(|answer| !answer.is_empty()),
            ..Moment::default()
        })
        .collect();
    timeline(&moments)
}

fn stops(whole: &ReportWhole) -> Markup {
    let zone = rhythm::zone(&whole.report.zone);
    let over = whole.report.state != State::Walking;
    let rows: Vec<Row<'_>> = whole
        .planned
        .iter()
        .map(|stop| Row {
            cells: vec![
                html! { (stop.position) ". " bdi { (stop.name) } },
                html! {
                    @match stop.scanned_at {
                        Some(at) => { (ui::time_exact(at, &zone)) },
                        None => { (status(if over { "Missed" } else { "Open" }, if over { Tone::Danger } else { Tone::Neutral })) },
                    }
                },
                html! {
                    @if !stop.question.is_empty() {
                        (stop.question) " "
                        @if stop.answer.is_empty() { span.dim { "No answer" } } @else { strong { (stop.answer) } }
                    }
                },
            ],
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "Stops",
        columns: &[Column::lead("Stop"), Column::new("Scanned").plain(), Column::new("Question").line()],
        rows: &rows,
        ..Table::default()
    })
}

fn about(whole: &ReportWhole) -> Markup {
    let report = &whole.report;
    let zone = rhythm::zone(&report.zone);
    let mut lines = vec![("Site", html! { bdi { (report.site) } }), ("How", marks(report))];
    if let Some(from) = report.due_from {
        lines.push(("Due", ui::time_range(from, report.due_until, &zone)));
    }
    if let Some(at) = report.started_at {
        lines.push(("Walked", ui::time_range(at, report.ended_at, &zone)));
    }
    if let Some(walker) = report.walker.as_deref().filter(|name| !name.is_empty()) {
        let roles = report.walker_roles.as_deref().unwrap_or_default();
        lines.push((
            "Walked by",
            html! { (person(walker)) @if !roles.is_empty() { " " span.dim { (roles) } } },
        ));
    }
    if report.ordered == Some(true) {
        lines.push(("Order", html! { "As listed" }));
    }
    if let Some(note) = report.note.as_deref().filter(|note| !note.is_empty()) {
        lines.push(("Left out because", html! { (note) }));
    }
    if let Some(at) = report.released_at {
        let by = report.released_by.as_deref().unwrap_or_default();
        lines.push((
            "Released",
            html! { (ui::time_exact(at, &zone)) @if !by.is_empty() { " by " (person(by)) } },
        ));
    }
    detail_list(&lines)
}

/// Where the phone is, filled in by the page's script where the person allows it.
fn whereabouts() -> Markup {
    html! {
        input type="hidden" name="latitude" data-where="latitude";
        input type="hidden" name="longitude" data-where="longitude";
        input type="hidden" name="accuracy" data-where="accuracy";
    }
}

/// A scan waits on the phone for a signal and counts from when it was made there.
const QUEUE: Option<ui::Queue<'_>> = Some(ui::Queue { what: "Scan", now: Some("at") });

/// The two ways to scan: a code, or being there.
fn scanning(ctx: &Ctx, walk: &str, typed: &ScanForm, wrong: &Complaints) -> Markup {
    let (key, other) = (uuid::Uuid::new_v4().to_string(), uuid::Uuid::new_v4().to_string());
    let action = ctx.href("/scans");
    let field = |name: &'static str, label: &'static str| Field::new(name, label).errors(&wrong.fields);
    html! {
        @for name in ["latitude", "checkpoint", "walk", "at", "key"] {
            @for message in wrong.of(name) { (alert(Tone::Danger, message, html! {})) }
        }
        (card(&Card { title: "Scan", ..Card::default() }, ui_form(
            &Form {
                action: &action,
                id: Some("scan"),
                hidden: &[("key", &key), ("walk", walk), ("at", ""), ("sent_at", "")],
                queue: QUEUE,
                errors: Some(&wrong.fields),
                ..Form::default()
            },
            html! {
                (whereabouts())
                div.scanner.scripted data-scanner="code" hidden {
                    video.scanner-view playsinline muted {}
                    (buttons(html! { button.btn type="button" data-scan { (ui::icon::camera()) "Read with the camera" } }))
                }
                (text(&field("code", "Code").value(typed.code.as_str()).required().autocomplete("off")
                    .hint("Read it with your phone's camera, or type the word below it: K7F2-9QXM")))
                (text(&field("answer", "Answer").value(typed.answer.as_str()).hint("If the checkpoint asks something")))
                (buttons(submit(Kind::Primary, "Send scan")))
            },
        )))
        (card(&Card { title: "No code to read?", ..Card::default() }, ui_form(
            &Form {
                action: &action,
                id: Some("here"),
                hidden: &[("key", &other), ("walk", walk), ("at", ""), ("sent_at", "")],
                queue: QUEUE,
                ..Form::default()
            },
            html! {
                (whereabouts())
                p { "Your phone says where you are; every checkpoint within reach is ticked off." }
                (buttons(submit(Kind::Plain, "I am here")))
            },
        )))
    }
}

fn answers(ctx: &Ctx, whole: &ReportWhole, wrong: &Complaints) -> Markup {
    let action = ctx.href(&format!("/checkpoint-reports/{}/answers", whole.report.id));
    let waits =
        |stop: &&WalkStop| stop.scanned_at.is_some() && !stop.question.is_empty() && stop.answer.is_empty();
    html! {
        @for stop in whole.planned.iter().filter(waits) {
            @let id = format!("answer-{}", stop.position);
            (card(&Card { title: &stop.name, ..Card::default() }, ui_form(
                &Form {
                    action: &action,
                    id: Some(&id),
                    hidden: &[("checkpoint", &stop.checkpoint_id.to_string())],
                    queue: Some(ui::Queue { what: "Answer", now: None }),
                    errors: Some(&wrong.fields),
                    ..Form::default()
                },
                html! {
                    (text(&Field::new("answer", &stop.question).id(&format!("{id}-words")).required().errors(&wrong.fields)))
                    (buttons(submit(Kind::Plain, "Answer")))
                },
            )))
        }
    }
}

fn ending(ctx: &Ctx, report: &ReportOut, wrong: &Complaints) -> Markup {
    let form = ui_form(
        &Form {
            action: &ctx.href(&format!("/checkpoint-reports/{}/end", report.id)),
            id: Some("end"),
            hidden: &[("at", ""), ("sent_at", "")],
            queue: Some(ui::Queue { what: "End of a tour", now: Some("at") }),
            errors: Some(&wrong.fields),
            ..Form::default()
        },
        html! {
            (text(&Field::new("note", "Why are stops left out?").required().errors(&wrong.fields)))
            (buttons(submit(Kind::Danger, "End the tour")))
        },
    );
    if wrong.of("note").is_empty() { ui::fold("End without the other stops", form) } else { form }
}

pub(super) fn show(ctx: &Ctx, whole: &ReportWhole, facts: &Facts, wrong: &Complaints) -> Markup {
    let report = &whole.report;
    let office = ctx.portal() == Some(Portal::Office);
    let field = ctx.portal() == Some(Portal::Field);
    let path = format!("/checkpoint-reports/{}", report.id);
    let mine = facts.assignee == Some(ctx.who.membership.uuid());
    let walks = field && mine && report.state == State::Walking;
    let waits = report.visibility == Some(Visibility::Held) && report.state != State::Walking;
    let id = report.id.to_string();
    let actions = html! {
        (ctx.access_button(report.id))
        (ctx.journal_button(report.id, facts))
        @if office && waits && ctx.plan.check(APPROVE, facts) {
            (ui_form(&Form { action: &ctx.href(&format!("{path}/approve")), ..Form::default() }, submit(Kind::Primary, "Approve")))
        }
    };
    let newest = whole.scans.iter().max_by_key(|scan| scan.server_at).filter(|_| walks);
    let stops_card = card(&Card { title: "Stops", flush: true, ..Card::default() }, stops(whole));
    let body = html! {
        (web::reply::complaint(wrong))
        @if walks {
            (stats(&[Stat { label: "Stops scanned", value: &format!("{} of {}", report.scanned, report.stops), ..Stat::default() }]))
            @if let Some(scan) = newest {
                @let notes = said(scan);
                @let warns = notes.iter().any(|(_, tone)| *tone == Tone::Warning);
                (alert(
                    if warns { Tone::Warning } else { Tone::Success },
                    &format!("{} was sent", scan.checkpoint),
                    html! { (notes.iter().map(|(words, _)| words.as_str()).collect::<Vec<_>>().join(" · ")) },
                ))
            }
            (answers(ctx, whole, wrong))
            (stops_card)
            (scanning(ctx, &id, &ScanForm::default(), wrong))
            (ending(ctx, report, wrong))
        } @else {
            (split(
                html! {
                    (stops_card)
                    @if !whole.scans.is_empty() {
                        (card(&Card { title: "Scans", ..Card::default() }, history(whole)))
                    }
                },
                card(&Card::default(), about(whole)),
            ))
        }
    };
    let title = format!("{}, {}", report.tour, report.site);
    let parts = PageParts::titled(&title).actions(actions);
    let parts = match ctx.portal() {
        Some(Portal::Field) => parts.crumb("Tours", "/tours/due"),
        Some(Portal::Client) => parts.crumb("Checkpoint reports", "/checkpoint-reports"),
        _ => parts.crumb("Tour tracking", "/checkpoint-reports"),
    };
    ctx.page(parts, body)
}

/// The page that takes scans: with the walk that runs, or to begin one.
pub(super) async fn ready(ctx: &Ctx, typed: &ScanForm, wrong: &Complaints) -> Result<Markup> {
    let walking = act::walking(ctx).await?;
    let body = html! {
        (web::reply::complaint(wrong))
        @if let Some(id) = walking {
            p { a href=(ctx.href(&format!("/checkpoint-reports/{id}"))) { "You are on a tour" } }
        }
        // Which walk a scan belongs to is found by its time: without a signal this page is older than the walk.
        (scanning(ctx, "", typed, wrong))
    };
    Ok(ctx.page(PageParts::titled("Scan").crumb("Tours", "/tours/due"), body))
}
