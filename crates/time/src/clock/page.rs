//! Pages of attendance: the worker's clock, the board, lists and one attendance.

use access::Facts;
use kernel::page::Page;
use kernel::{Portal, Result, Timestamp};
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Empty, Field, FilterBar, Form, Kind as Look, Pager, Row, Stat, Table, Tone, alert,
    button_link, buttons, card, date_time, detail_list, filter_bar, form as ui_form, form_row, number, pager,
    person, select, split, stats, status, submit, submit_named, table, text,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::act;
use super::board::{BoardOut, Missing};
use super::model::{CorrectionForm, EntryFilter, ODD_SKEW, PunchForm, Source, Standing};
use super::view::{EntryOut, EntryWhole, PunchOut};
use super::{EDIT, EXPORT};
use crate::week;

/// The word that a site's fence asks of whoever is outside. It can be said beforehand: without a signal nobody asks.
fn why(id: &str, typed: &PunchForm, wrong: &Complaints) -> Markup {
    let field = Field::new("reason", "Why").id(id).value(typed.reason.as_str()).errors(&wrong.fields);
    if wrong.of("reason").is_empty() { ui::fold("Not at the site?", text(&field)) } else { text(&field) }
}

/// A punch waits on the phone for a signal and counts from when it was made there.
const QUEUE: Option<ui::Queue<'_>> = Some(ui::Queue { what: "Clock", now: Some("at") });

/// Where the phone is, filled in by the page's script where the person allows it.
fn whereabouts() -> Markup {
    html! {
        input type="hidden" name="latitude" data-where="latitude";
        input type="hidden" name="longitude" data-where="longitude";
        input type="hidden" name="accuracy" data-where="accuracy";
    }
}

/// The worker's clock. Without scripts no position is sent, and the site's fence then asks for a word.
pub(super) async fn clock(ctx: &Ctx, typed: &PunchForm, wrong: &Complaints) -> Result<Markup> {
    let now = act::now(ctx).await?;
    // A word of chance, so that pressing twice is one punch.
    let key = uuid::Uuid::new_v4().to_string();
    let action = ctx.href("/time/punches");
    let reason = |id: &str| why(id, typed, wrong);
    let body = html! {
        (web::reply::complaint(wrong))
        @for (field, messages) in wrong.fields.iter() {
            @if field != "reason" { @for message in messages { (alert(Tone::Danger, message, html! {})) } }
        }
        @if !now.worker {
            (alert(Tone::Warning, "Your sign-in is not tied to a worker", html! { "Ask the office to do that; then you can clock in here." }))
        }
        @if let Some(entry) = &now.running {
            @let zone = week::zone(&entry.zone);
            (card(&Card { title: "You are on duty", ..Card::default() }, html! {
                p { (entry.site) " " (status(entry.state.label(), entry.state.tone())) }
                p { "Since " (ui::time_exact(entry.started_at, &zone)) }
                @if now.forgotten.is_none() {
                    (ui_form(
                        &Form { action: &action, hidden: &[("key", &key), ("at", ""), ("sent_at", "")], queue: QUEUE, errors: Some(&wrong.fields), ..Form::default() },
                        html! {
                            (whereabouts())
                            (reason("why-out"))
                            (buttons(html! {
                                @if entry.state == Standing::OnBreak {
                                    (submit_named(Look::Primary, "Back from break", "kind", "break_end"))
                                } @else {
                                    (submit_named(Look::Plain, "Start a break", "kind", "break_start"))
                                }
                                (submit_named(if entry.state == Standing::OnBreak { Look::Plain } else { Look::Primary }, "Clock out", "kind", "out"))
                            }))
                        },
                    ))
                }
            }))
            @if let Some(since) = now.forgotten { (forgotten(&action, &key, entry, since, typed, wrong)) }
        } @else if now.worker {
            @if let Some(shift) = &now.shift {
                (card(&Card { title: "Your shift", ..Card::default() }, html! {
                    p { (shift.site) @if !shift.post.is_empty() { ", " (shift.post) } }
                    p { (ui::time_range(shift.starts_at, Some(shift.ends_at), &week::zone(&shift.zone))) }
                    (ui_form(
                        &Form {
                            action: &action,
                            hidden: &[("key", &key), ("kind", "in"), ("shift", &shift.id.to_string()), ("at", ""), ("sent_at", "")],
                            queue: QUEUE,
                            errors: Some(&wrong.fields),
                            ..Form::default()
                        },
                        html! { (whereabouts()) (reason("why-in")) (buttons(submit(Look::Primary, "Clock in"))) },
                    ))
                }))
            } @else {
                (without_shift(&action, &key, &now, typed, wrong))
            }
        }
        @if !now.last.is_empty() {
            (ui::section("Your last hours", entries(ctx, &now.last, false)))
        }
    };
    Ok(ctx.page(PageParts::titled("Clock"), body))
}

fn without_shift(action: &str, key: &str, now: &act::Now, typed: &PunchForm, wrong: &Complaints) -> Markup {
    let ids: Vec<(String, &str)> = now.sites.iter().map(|s| (s.id.to_string(), s.name.as_str())).collect();
    let choices: Vec<Choice<'_>> = ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    card(
        &Card { title: "You have no shift now", ..Card::default() },
        html! {
            @if choices.is_empty() {
                p { "There is no site where you could clock in. Call the office." }
            } @else {
                p { "If you were called in, choose the site." }
                (ui_form(
                    &Form { action, hidden: &[("key", key), ("kind", "in"), ("at", ""), ("sent_at", "")], queue: QUEUE, errors: Some(&wrong.fields), ..Form::default() },
                    html! {
                        (whereabouts())
                        (select(&Field::new("site", "Site").value(typed.site.as_str()).required().errors(&wrong.fields), &choices, Some("Choose")))
                        (why("why-called", typed, wrong))
                        (buttons(submit(Look::Primary, "Clock in")))
                    },
                ))
            }
        },
    )
}

/// The question to somebody who seems to have forgotten: nobody is clocked out by the machine.
fn forgotten(
    action: &str,
    key: &str,
    entry: &EntryOut,
    since: Timestamp,
    typed: &PunchForm,
    wrong: &Complaints,
) -> Markup {
    let zone = week::zone(&entry.zone);
    let (value, _) = kernel::local::typed(since, &zone);
    let left = if typed.left_at.is_blank() { value.as_str() } else { typed.left_at.as_str() };
    card(
        &Card { title: "Did you forget to clock out?", ..Card::default() },
        html! {
            p {
                @if entry.shift_ends_at.is_some() { "Your shift ended " (ui::time_exact(since, &zone)) "." }
                @else { "You have been on duty since " (ui::time_exact(since, &zone)) "." }
            }
            (ui_form(
                &Form { action, hidden: &[("key", key), ("kind", "out"), ("at", ""), ("sent_at", "")], queue: QUEUE, errors: Some(&wrong.fields), ..Form::default() },
                html! {
                    (date_time(&Field::new("left_at", "I left at").value(left).errors(&wrong.fields), &entry.zone))
                    (text(&Field::new("reason", "Why only now").value(typed.reason.as_str()).errors(&wrong.fields)))
                    (buttons(submit(Look::Primary, "Clock out")))
                },
            ))
            (ui_form(
                &Form { action, hidden: &[("key", &format!("{key}-now")), ("kind", "out"), ("reason", "Worked longer"), ("at", ""), ("sent_at", "")], queue: QUEUE, ..Form::default() },
                buttons(submit(Look::Quiet, "I am still here; clock out now")),
            ))
        },
    )
}

fn marks(entry: &EntryOut) -> Markup {
    html! {
        (status(entry.state.label(), entry.state.tone()))
        @if let Some(late) = entry.late_minutes { " " (status(&format!("{} late", week::hours(late)), Tone::Warning)) }
        @if entry.outside == Some(true) { " " (status("Away from the site", Tone::Warning)) }
        @if entry.forced == Some(true) { " " (ui::tag("Clocked out by hand")) }
        @if entry.corrected == Some(true) { " " (ui::tag("Corrected")) }
    }
}

fn entries(ctx: &Ctx, entries: &[EntryOut], people: bool) -> Markup {
    let hrefs: Vec<String> = entries.iter().map(|e| ctx.href(&format!("/time/{}", e.id))).collect();
    let rows: Vec<Row<'_>> = entries
        .iter()
        .zip(&hrefs)
        .map(|(entry, href)| {
            let mut cells = Vec::new();
            if people {
                cells.push(html! { (entry.worker.as_deref().unwrap_or("A worker")) });
            }
            cells.push(html! { (entry.site) });
            cells.push(ui::time_range(entry.started_at, entry.ended_at, &week::zone(&entry.zone)));
            cells.push(
                html! { @if let Some(minutes) = entry.minutes { (week::hours(minutes)) } @else { "–" } },
            );
            cells.push(marks(entry));
            Row { href: Some(href), cells, ..Row::default() }
        })
        .collect();
    let mut columns = Vec::new();
    if people {
        columns.push(Column::lead("Worker"));
        columns.push(Column::new("Site"));
    } else {
        columns.push(Column::lead("Site"));
    }
    columns.extend([Column::new("When").line(), Column::number("Worked"), Column::new("How").plain()]);
    table(&Table { caption: "Attendance", columns: &columns, rows: &rows, ..Table::default() })
}

pub(super) fn list(ctx: &Ctx, filter: &EntryFilter, page: &Page<EntryOut>) -> Markup {
    let here = ctx.href("/time");
    let query = |cursor: Option<&str>| {
        let mut words: Vec<String> = [
            ("q", filter.q.as_str()),
            ("site", &filter.site),
            ("worker", &filter.worker),
            ("state", &filter.state),
            ("from", &filter.from),
            ("until", &filter.until),
        ]
        .iter()
        .filter(|(_, word)| !word.is_empty())
        .map(|(name, word)| format!("{name}={}", web::mount::encode(word)))
        .collect();
        words.extend(cursor.map(|c| format!("cursor={c}")));
        words.join("&")
    };
    let next = page.next.as_ref().map(|cursor| format!("{here}?{}", query(Some(cursor))));
    let export = ctx.href(&format!("/time/export?{}", query(None)));
    let states: Vec<Choice<'_>> = std::iter::once(Choice::new("", "All"))
        .chain(Standing::ALL.iter().map(|s| Choice::new(s.word(), s.label())))
        .collect();
    let body = html! {
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Site or worker",
            facets: &[ui::Facet { name: "state", label: "How", choices: &states, chosen: &[filter.state.as_str()], single: true }],
            actions: html! { @if ctx.may(EXPORT) { (ui::download("Export", &export, Some("CSV, what you see now"))) } },
            ..FilterBar::default()
        }))
        @if page.items.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::clock(),
                    title: "Nobody has clocked in",
                    text: "What workers clock in the field stands here, newest first.",
                },
                html! {},
            ))
        } @else {
            (entries(ctx, &page.items, true))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} lines", page.items.len()),
            }))
        }
    };
    ctx.page(PageParts::titled("Attendance"), body)
}

pub(super) fn board(ctx: &Ctx, board: &BoardOut) -> Markup {
    let client = ctx.portal() == Some(Portal::Client);
    let late = board.awaited.iter().filter(|a| a.state == Missing::Late).count();
    let missing = board.awaited.iter().filter(|a| a.state == Missing::NoShow).count();
    let counts = [board.on_duty.len().to_string(), late.to_string(), missing.to_string()];
    let named = board.on_duty.iter().any(|one| one.worker.is_some());
    let rows: Vec<Row<'_>> = board
        .on_duty
        .iter()
        .map(|one| {
            let mut cells = vec![html! { (one.site) }];
            if named {
                cells.push(html! { @if let Some(worker) = &one.worker { (person(worker)) } });
            }
            cells.push(ui::time_exact(one.since, &week::zone(&one.zone)));
            cells.push(html! {
                (status(one.state.label(), one.state.tone()))
                @if one.overdue == Some(true) { " " (status("Shift is over", Tone::Warning)) }
                @if one.outside == Some(true) { " " (status("Away from the site", Tone::Warning)) }
            });
            Row { cells, ..Row::default() }
        })
        .collect();
    let mut columns = vec![Column::lead("Site")];
    if named {
        columns.push(Column::new("Worker"));
    }
    columns.extend([Column::new("Since"), Column::new("How").plain()]);
    let body = html! {
        @if !client {
            (stats(&[
                Stat { label: "On duty", value: &counts[0], ..Stat::default() },
                Stat { label: "Late", value: &counts[1], ..Stat::default() },
                Stat { label: "Did not come", value: &counts[2], ..Stat::default() },
            ]))
            @if !board.awaited.is_empty() { (ui::section("Not here", awaited(ctx, board))) }
        }
        (ui::section("On duty now", html! {
            @if rows.is_empty() {
                (ui::empty(
                    &Empty {
                        icon: ui::icon::clock(),
                        title: "Nobody is on duty",
                        text: "Whoever clocks in stands here until they clock out.",
                    },
                    html! {},
                ))
            } @else {
                (table(&Table { caption: "On duty now", columns: &columns, rows: &rows, ..Table::default() }))
            }
        }))
    };
    ctx.page(PageParts::titled("On duty"), body)
}

fn awaited(ctx: &Ctx, board: &BoardOut) -> Markup {
    let hrefs: Vec<String> =
        board.awaited.iter().map(|a| ctx.href(&format!("/shifts/{}", a.shift_id))).collect();
    let rows: Vec<Row<'_>> = board
        .awaited
        .iter()
        .zip(&hrefs)
        .map(|(one, href)| {
            let (words, tone) = match one.state {
                Missing::Due => ("Begins soon".to_owned(), Tone::Neutral),
                Missing::Late => (format!("{} late", week::hours(one.minutes)), Tone::Warning),
                Missing::NoShow => ("Did not come".to_owned(), Tone::Danger),
            };
            Row {
                href: Some(href),
                cells: vec![
                    html! { (one.site) },
                    html! { (one.worker.as_deref().unwrap_or("A worker")) },
                    ui::time_range(one.starts_at, Some(one.ends_at), &week::zone(&one.zone)),
                    status(&words, tone),
                ],
                ..Row::default()
            }
        })
        .collect();
    table(&Table {
        caption: "Not here",
        columns: &[
            Column::lead("Site"),
            Column::new("Worker"),
            Column::new("Shift").line(),
            Column::new("How").plain(),
        ],
        rows: &rows,
        ..Table::default()
    })
}

fn punch_line(punch: &PunchOut, zone: &jiff::tz::TimeZone) -> Vec<Markup> {
    let odd = punch.skew_seconds.abs() > ODD_SKEW;
    vec![
        html! { (punch.kind.label()) },
        ui::time_exact(punch.at, zone),
        html! {
            @match punch.source {
                Source::Field => { "Field portal" }
                Source::Api => { "By program" }
                Source::Told => { "Said afterwards" }
                Source::Forced => { "By hand" @if !punch.by.is_empty() { ", " (person(&punch.by)) } }
            }
            @if !punch.device.is_empty() { ", " (punch.device) }
            div.dim { "Arrived " (ui::time_exact(punch.server_at, zone)) }
            @if odd { div { (status(&format!("Phone's clock off by {}", week::hours(punch.skew_seconds.abs() / 60)), Tone::Warning)) } }
        },
        html! {
            @match punch.inside {
                Some(true) => (status("At the site", Tone::Success)),
                Some(false) => (status("Away from the site", Tone::Warning)),
                None => span.dim { "–" },
            }
            @if let (Some(latitude), Some(longitude)) = (punch.latitude, punch.longitude) {
                div.dim {
                    (format!("{latitude:.5}, {longitude:.5}"))
                    @if let Some(accuracy) = punch.accuracy_m { (format!(" (± {accuracy:.0} m)")) }
                }
            }
            @if let Some(distance) = punch.distance_m.filter(|d| *d > 0.0) { div.dim { (format!("{distance:.0} m outside")) } }
            @if !punch.reason.is_empty() { div { (punch.reason) } }
        },
    ]
}

pub(super) fn show(ctx: &Ctx, whole: &EntryWhole, facts: &Facts, wrong: &Complaints) -> Markup {
    let entry = &whole.entry;
    let zone = week::zone(&entry.zone);
    let office = ctx.portal() == Some(Portal::Office);
    let may = office && ctx.plan.check(EDIT, facts);
    let runs = matches!(entry.state, Standing::Working | Standing::OnBreak);
    let mut rows: Vec<(&str, Markup)> = vec![
        ("Site", html! { (entry.site) }),
        ("When", ui::time_range(entry.started_at, entry.ended_at, &zone)),
        ("Break", html! { (week::hours(entry.break_minutes)) }),
        ("How", marks(entry)),
    ];
    if let Some(worker) = &entry.worker {
        rows.insert(0, ("Worker", person(worker)));
    }
    if let Some(minutes) = entry.minutes {
        rows.push(("Worked", html! { (week::hours(minutes)) }));
    }
    if let (Some(from), Some(until)) = (entry.shift_starts_at, entry.shift_ends_at) {
        rows.push(("Shift", ui::time_range(from, Some(until), &zone)));
    }
    if let Some(note) = entry.note.as_ref().filter(|n| !n.is_empty()) {
        rows.push(("Note", html! { (note) }));
    }
    let lines: Vec<Row<'_>> =
        whole.punches.iter().map(|p| Row { cells: punch_line(p, &zone), ..Row::default() }).collect();
    let body = html! {
        (web::reply::complaint(wrong))
        (split(
            html! {
                (card(&Card::default(), detail_list(&rows)))
                (card(&Card { title: "As it came", flush: true, ..Card::default() }, table(&Table {
                    caption: "Punches",
                    columns: &[Column::lead("What"), Column::new("When"), Column::new("From").line(), Column::new("Where").line()],
                    rows: &lines,
                    ..Table::default()
                })))
                @for correction in &whole.corrections {
                    (card(&Card { title: "Corrected", ..Card::default() }, html! {
                        p { (ui::time_exact(correction.at, &zone)) @if !correction.by.is_empty() { " by " (person(&correction.by)) } ": " (correction.note) }
                        (detail_list(&[
                            ("Before", html! { (ui::time_range(correction.started_before, correction.ended_before, &zone)) ", break " (week::hours(correction.break_before)) }),
                            ("Since", html! { (ui::time_range(correction.started_after, correction.ended_after, &zone)) ", break " (week::hours(correction.break_after)) }),
                        ]))
                    }))
                }
            },
            html! {
                @if may && runs {
                    (card(&Card { title: "Clock out by hand", ..Card::default() }, ui_form(
                        &Form { action: &ctx.href(&format!("/time/{}/forced", entry.id)), errors: Some(&wrong.fields), ..Form::default() },
                        html! {
                            (date_time(&Field::new("left_at", "Left at").required().errors(&wrong.fields), &entry.zone))
                            (text(&Field::new("note", "Why").required().errors(&wrong.fields)))
                            (buttons(submit(Look::Danger, "Clock out")))
                        },
                    )))
                }
            },
        ))
    };
    let actions = html! {
        (ctx.access_button(entry.id))
        (ctx.journal_button(entry.id, facts))
        @if may { (button_link(Look::Primary, "Correct", &ctx.href(&format!("/time/{}/edit", entry.id)), Some(ui::icon::edit()))) }
    };
    let title = entry.label();
    let crumb = if office { "Attendance" } else { "Clock" };
    ctx.page(PageParts::titled(&title).crumb(crumb, "/time").actions(actions), body)
}

/// The form's values for what is there.
pub(super) fn filled(entry: &EntryOut) -> CorrectionForm {
    let zone = week::zone(&entry.zone);
    let typed = |at: Timestamp| kernel::local::typed(at, &zone);
    let pass = |p: Option<kernel::local::Pass>| p.map(kernel::local::Pass::word).unwrap_or_default().into();
    let (started, started_pass) = typed(entry.started_at);
    let (ended, ended_pass) = entry.ended_at.map(typed).unwrap_or_default();
    CorrectionForm {
        started_at: started.into(),
        started_pass: pass(started_pass),
        ended_at: ended.into(),
        ended_pass: pass(ended_pass),
        break_minutes: entry.break_minutes.to_string().into(),
        note: "".into(),
        version: entry.version.map(|v| v.to_string()).unwrap_or_default().into(),
    }
}

pub(super) fn form(ctx: &Ctx, entry: &EntryOut, typed: &CorrectionForm, wrong: &Complaints) -> Markup {
    let path = format!("/time/{}", entry.id);
    let passes = [Choice::new("first", "Before the clock was put back"), Choice::new("second", "After it")];
    let pass = |name: &'static str, value: &web::Text| {
        html! {
            @if !value.is_blank() || !wrong.of(name).is_empty() {
                (select(&Field::new(name, "Which of the two").value(value.as_str()).errors(&wrong.fields), &passes, Some("Choose")))
            }
        }
    };
    let body = html! {
        (web::reply::complaint(wrong))
        p { "What the worker clocked stays beside the correction." }
        (ui_form(
            &Form {
                action: &ctx.href(&path),
                hidden: &[("version", typed.version.as_str())],
                guard: true,
                errors: Some(&wrong.fields),
                ..Form::default()
            },
            html! {
                (form_row(html! {
                    (date_time(&Field::new("started_at", "Came").value(typed.started_at.as_str()).required().errors(&wrong.fields), &entry.zone))
                    (pass("started_pass", &typed.started_pass))
                    (date_time(&Field::new("ended_at", "Left").value(typed.ended_at.as_str()).errors(&wrong.fields), &entry.zone))
                    (pass("ended_pass", &typed.ended_pass))
                }))
                (number(&Field::new("break_minutes", "Break").value(typed.break_minutes.as_str()).suffix("minutes").between("0", "240").errors(&wrong.fields)))
                (text(&Field::new("note", "Why").value(typed.note.as_str()).required().errors(&wrong.fields)))
                (buttons(html! { (submit(Look::Primary, "Save")) (button_link(Look::Quiet, "Cancel", &ctx.href(&path), None)) }))
            },
        ))
    };
    ctx.page(
        PageParts::titled("Correct attendance").crumb("Attendance", "/time").crumb(entry.label(), path),
        body,
    )
}
