//! Pages of timesheets: the list of a week, one line, and the form of its hours.

use access::Facts;
use kernel::page::Page;
use kernel::{Portal, Timestamp};
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Empty, Facet, Field, FilterBar, Form, Kind as Look, Pager, Row, Stat, Tab, Table,
    Tone, button_link, buttons, card, date_time, detail_list, filter_bar, form as ui_form, form_row, number,
    pager, person, select, split, stats, status, submit, table, text,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::act::{Sums, mondays};
use super::model::{Basis, Hours, HoursForm, SheetFilter, State, WeekForm};
use super::view::{ChangeOut, SheetOut, SheetWhole};
use super::{APPROVE, EDIT, EXPORT};
use crate::week;

fn title(ctx: &Ctx) -> &'static str {
    if ctx.portal() == Some(Portal::Field) { "My hours" } else { "Timesheets" }
}

/// The list of a week, as a path.
pub(super) fn week_path(form: &WeekForm) -> String {
    let filter = SheetFilter {
        week: form.week.as_str().to_owned(),
        site: form.site.as_str().to_owned(),
        worker: form.worker.as_str().to_owned(),
        ..SheetFilter::default()
    };
    format!("/timesheets?{}", query(&filter, None))
}

fn query(filter: &SheetFilter, cursor: Option<&str>) -> String {
    let mut words: Vec<String> = [
        ("q", filter.q.as_str()),
        ("site", &filter.site),
        ("worker", &filter.worker),
        ("state", &filter.state),
        ("week", &filter.week),
        ("from", &filter.from),
        ("until", &filter.until),
    ]
    .iter()
    .filter(|(_, word)| !word.is_empty())
    .map(|(name, word)| format!("{name}={}", web::mount::encode(word)))
    .collect();
    words.extend(cursor.map(|c| format!("cursor={c}")));
    words.join("&")
}

fn range(hours: Hours, sheet: &SheetOut) -> Markup {
    ui::time_range(hours.starts_at, Some(hours.ends_at), &week::zone(&sheet.zone))
}

/// More or less than planned, where that says something.
fn difference(sheet: &SheetOut) -> Markup {
    html! {
        @if let Some(minutes) = sheet.difference.filter(|m| *m != 0) {
            span.dim { @if minutes > 0 { "+" } @else { "−" } (week::hours(minutes.abs())) }
        }
    }
}

fn marks(sheet: &SheetOut) -> Markup {
    html! {
        (status(sheet.state.label(), sheet.state.tone()))
        @match sheet.basis {
            Some(Basis::Nothing) => { " " (status("Nobody clocked in", Tone::Warning)) }
            Some(Basis::Rostered) => { " " (ui::tag("As rostered")) }
            Some(Basis::Written) => { " " (ui::tag("By hand")) }
            _ => {}
        }
    }
}

fn lines(ctx: &Ctx, sheets: &[SheetOut]) -> Markup {
    let hrefs: Vec<String> = sheets.iter().map(|s| ctx.href(&format!("/timesheets/{}", s.id))).collect();
    let own = ctx.portal() == Some(Portal::Field);
    let people = !own && sheets.iter().any(|s| s.worker.is_some());
    let staff = sheets.iter().any(|s| s.basis.is_some());
    let rows: Vec<Row<'_>> = sheets
        .iter()
        .zip(&hrefs)
        .map(|(sheet, href)| {
            let mut cells = Vec::new();
            if people {
                cells.push(html! { (sheet.worker.as_deref().unwrap_or("A worker")) });
            }
            cells.push(html! { (sheet.site) @if !sheet.post.is_empty() { ", " (sheet.post) } });
            cells.push(match sheet.paid.or(sheet.planned) {
                Some(hours) => range(hours, sheet),
                None => ui::time_exact(sheet.starts_at, &week::zone(&sheet.zone)),
            });
            if staff {
                cells.push(html! {
                    @match sheet.planned { Some(hours) => (week::hours(hours.minutes)), None => span.dim { "–" } }
                });
                cells.push(html! {
                    @match sheet.actual { Some(hours) => (week::hours(hours.minutes)), None => span.dim { "–" } }
                });
            }
            cells.push(html! {
                @match sheet.paid {
                    Some(hours) => { (week::hours(hours.minutes)) " " (difference(sheet)) }
                    None => span.dim { "–" },
                }
            });
            cells.push(marks(sheet));
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
    columns.push(Column::new("When").line());
    if staff {
        columns.push(Column::number("Planned"));
        columns.push(Column::number("Clocked"));
    }
    columns.extend([Column::number("To be paid"), Column::new("How").plain()]);
    table(&Table { caption: "Timesheets", columns: &columns, rows: &rows, ..Table::default() })
}

fn summed(sums: &Sums, staff: bool) -> Markup {
    let words = [
        week::hours(sums.planned),
        week::hours(sums.paid),
        sums.waiting.to_string(),
        sums.missed.to_string(),
    ];
    let all = [
        Stat { label: "Planned", value: &words[0], ..Stat::default() },
        Stat { label: "To be paid", value: &words[1], ..Stat::default() },
        Stat { label: "Wait for approval", value: &words[2], ..Stat::default() },
        Stat { label: "Nobody clocked in", value: &words[3], ..Stat::default() },
    ];
    html! {
        @if staff { (stats(&all)) } @else if let Some(some) = all.get(1..3) { (stats(some)) }
        @if sums.cut { (ui::alert(Tone::Warning, "There are more lines than were summed; choose a site.", html! {})) }
    }
}

pub(super) fn list(ctx: &Ctx, filter: &SheetFilter, page: &Page<SheetOut>, sums: Option<&Sums>) -> Markup {
    let here = ctx.href("/timesheets");
    let next = page.next.as_ref().map(|cursor| format!("{here}?{}", query(filter, Some(cursor))));
    let first = format!("{here}?{}", query(filter, None));
    let (this, last) = mondays(ctx);
    let of = |week: &str| {
        let to = SheetFilter { week: week.to_owned(), cursor: None, ..filter.clone() };
        format!("{here}?{}", query(&to, None))
    };
    let (all_href, this_href, last_href) = (of(""), of(&this), of(&last));
    let states: Vec<Choice<'_>> = std::iter::once(Choice::new("", "All"))
        .chain(State::ALL.iter().map(|s| Choice::new(s.word(), s.label())))
        .collect();
    let field = ctx.portal() == Some(Portal::Field);
    let staff = ctx.portal() == Some(Portal::Office);
    let file = |path: &str| ctx.href(&format!("{path}?{}", query(filter, None)));
    let body = html! {
        (ui::tabs(
            "Which week",
            &[
                Tab { label: "All", href: &all_href, current: filter.week.is_empty(), ..Tab::default() },
                Tab { label: "This week", href: &this_href, current: filter.week == this, ..Tab::default() },
                Tab { label: "Last week", href: &last_href, current: filter.week == last, ..Tab::default() },
            ],
        ))
        (filter_bar(&FilterBar {
            action: &here,
            search: if ctx.portal() == Some(Portal::Client) { None } else { Some(&filter.q) },
            search_label: if field { "Site" } else { "Site, client or worker" },
            facets: &[Facet { name: "state", label: "How", choices: &states, chosen: &[filter.state.as_str()], single: true }],
            hidden: &[("week", &filter.week), ("site", &filter.site), ("worker", &filter.worker)],
            actions: html! {
                @if ctx.may(EXPORT) && !field {
                    (ui::download("CSV", &file("/timesheets/export"), Some("What you see now")))
                    (ui::download("Excel", &file("/timesheets/export.xlsx"), Some("What you see now")))
                }
            },
            ..FilterBar::default()
        }))
        @if let Some(sums) = sums { (summed(sums, staff)) }
        @if page.items.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::clock(),
                    title: if filter.week.is_empty() { "No hours yet" } else { "No hours in this week" },
                    text: if staff {
                        "A line comes here when a worker clocks out, or when a published shift ends and nobody came."
                    } else if field {
                        "Your hours stand here when you have clocked out."
                    } else {
                        "Hours stand here when they were worked at your sites and are there for you to look at."
                    },
                },
                html! {},
            ))
        } @else {
            (lines(ctx, &page.items))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| first.as_str()),
                next: next.as_deref(),
                showing: &format!("{} lines", page.items.len()),
            }))
        }
    };
    let waiting = sums.filter(|s| s.waiting > 0 && ctx.may(APPROVE) && !field).map(|s| s.waiting);
    let actions = html! {
        @if let Some(waiting) = waiting {
            (ui_form(
                &Form {
                    action: &ctx.href("/timesheets/approval"),
                    hidden: &[("week", &filter.week), ("site", &filter.site), ("worker", &filter.worker)],
                    ..Form::default()
                },
                submit(Look::Primary, &if waiting == 1 { "Approve 1 line".to_owned() } else { format!("Approve {waiting} lines") }),
            ))
        }
    };
    ctx.page(PageParts::titled(title(ctx)).actions(actions), body)
}

/// Three hours beside each other: what was planned, what was clocked, what is paid.
fn beside(sheet: &SheetOut) -> Markup {
    let line = |label: &str, hours: Option<Hours>, none: &str, more: Markup| Row {
        cells: vec![
            html! { (label) },
            match hours {
                Some(hours) => range(hours, sheet),
                None => html! { span.dim { (none) } },
            },
            html! { @match hours { Some(h) => (week::hours(h.break_minutes)), None => span.dim { "–" } } },
            html! { @match hours { Some(h) => { (week::hours(h.minutes)) " " (more) } None => span.dim { "–" } } },
        ],
        ..Row::default()
    };
    let mut rows = Vec::new();
    if sheet.basis.is_some() {
        rows.push(line("Planned", sheet.planned, "No shift was planned", html! {}));
        rows.push(line("Clocked", sheet.actual, "Nobody clocked in", html! {}));
    }
    rows.push(line("To be paid", sheet.paid, "Nothing yet", difference(sheet)));
    table(&Table {
        caption: "Hours",
        columns: &[
            Column::lead("Hours"),
            Column::new("When").line(),
            Column::number("Break"),
            Column::number("Worked"),
        ],
        rows: &rows,
        ..Table::default()
    })
}

fn history(sheet: &SheetOut, changes: &[ChangeOut]) -> Markup {
    let zone = week::zone(&sheet.zone);
    html! {
        @for change in changes {
            (card(&Card { title: change.verb.label(), ..Card::default() }, html! {
                p {
                    (ui::time_exact(change.at, &zone))
                    @if !change.by.is_empty() { " by " (person(&change.by)) }
                    @if !change.note.is_empty() { ": " (change.note) }
                }
                @if change.before != change.after {
                    @let told = |hours: Option<Hours>| html! {
                        @match hours { Some(h) => { (range(h, sheet)) ", break " (week::hours(h.break_minutes)) } None => "Nothing" }
                    };
                    (detail_list(&[("Before", told(change.before)), ("Since", told(change.after))]))
                }
            }))
        }
    }
}

pub(super) fn show(ctx: &Ctx, whole: &SheetWhole, facts: &Facts, wrong: &Complaints) -> Markup {
    let sheet = &whole.sheet;
    let path = format!("/timesheets/{}", sheet.id);
    let office = ctx.portal() == Some(Portal::Office);
    let field = ctx.portal() == Some(Portal::Field);
    let own = facts.assignee == Some(ctx.who.membership.uuid());
    let may =
        |permission| !field && ctx.plan.check(permission, facts) && (!own || ctx.plan.everywhere(permission));
    let (edits, decides) = (office && may(EDIT), may(APPROVE));
    let mut rows: Vec<(&str, Markup)> =
        vec![("Site", html! { (sheet.site) @if !sheet.post.is_empty() { ", " (sheet.post) } })];
    if let Some(worker) = &sheet.worker {
        rows.insert(0, ("Worker", person(worker)));
    }
    rows.push(("How", marks(sheet)));
    if let Some(note) = sheet.note.as_ref().filter(|n| !n.is_empty()) {
        rows.push(("Note", html! { (note) }));
    }
    if !sheet.answer.is_empty() {
        rows.push(("The client says", html! { (sheet.answer) }));
    }
    if let Some(at) = sheet.decided_at {
        rows.push((
            "Decided",
            html! {
                (ui::time_exact(at, &week::zone(&sheet.zone)))
                @if let Some(by) = sheet.decided_by.as_ref().filter(|b| !b.is_empty()) { " by " (person(by)) }
            },
        ));
    }
    let links = html! {
        @if office {
            @if let Some(entry) = sheet.entry_id { a href=(ctx.href(&format!("/time/{entry}"))) { "Punches" } }
            @if let Some(shift) = sheet.shift_id { " " a href=(ctx.href(&format!("/shifts/{shift}"))) { "Shift" } }
        }
    };
    let post = |noun: &str, hidden: &[(&str, &str)], body: Markup| {
        ui_form(
            &Form {
                action: &ctx.href(&format!("{path}/{noun}")),
                hidden,
                errors: Some(&wrong.fields),
                ..Form::default()
            },
            body,
        )
    };
    let version = sheet.version.to_string();
    let body = html! {
        (web::reply::complaint(wrong))
        (split(
            html! {
                (card(&Card::default(), html! { (detail_list(&rows)) @if office { p { (links) } } }))
                (card(&Card { title: "Hours", flush: true, ..Card::default() }, beside(sheet)))
                (history(sheet, &whole.changes))
            },
            html! {
                @if decides && sheet.state == State::Awaiting {
                    (card(&Card { title: "Decide", ..Card::default() }, html! {
                        @if sheet.paid.is_some() {
                            (post("approval", &[("version", &version)], buttons(submit(Look::Primary, "Approve"))))
                        }
                        (post("rejection", &[("version", &version)], html! {
                            (text(&Field::new("note", if office { "Why not" } else { "What is wrong with them" }).required().errors(&wrong.fields)))
                            (buttons(submit(Look::Danger, "Reject")))
                        }))
                    }))
                }
                @if edits && decides && sheet.state != State::Awaiting {
                    (card(&Card { title: "Take the decision back", ..Card::default() }, post("reopening", &[("version", &version)], html! {
                        (text(&Field::new("note", "Why").required().errors(&wrong.fields)))
                        (buttons(submit(Look::Plain, "Take back")))
                    })))
                }
                @if edits && sheet.state != State::Approved {
                    @let rostered = sheet.planned.is_some_and(|h| Some(h) != sheet.paid);
                    @let clocked = sheet.actual.is_some_and(|h| Some(h) != sheet.paid);
                    @if rostered || clocked {
                        (card(&Card { title: "Set back", ..Card::default() }, html! {
                            @if rostered { (post("reversion", &[("to", "rostered"), ("version", &version)], buttons(submit(Look::Plain, "Pay as rostered")))) }
                            @if clocked { (post("reversion", &[("to", "clocked"), ("version", &version)], buttons(submit(Look::Plain, "Pay as clocked")))) }
                        }))
                    }
                }
            },
        ))
    };
    let actions = html! {
        (ctx.access_button(sheet.id))
        (ctx.journal_button(sheet.id, facts))
        @if edits && sheet.state != State::Approved {
            (button_link(Look::Primary, "Change hours", &ctx.href(&format!("{path}/edit")), Some(ui::icon::edit())))
        }
    };
    let label = sheet.label();
    ctx.page(PageParts::titled(&label).crumb(title(ctx), "/timesheets").actions(actions), body)
}

/// The form's values for what is there: the hours to be paid, else those that were planned.
pub(super) fn filled(sheet: &SheetOut) -> HoursForm {
    let zone = week::zone(&sheet.zone);
    let typed = |at: Timestamp| kernel::local::typed(at, &zone);
    let pass = |p: Option<kernel::local::Pass>| p.map(kernel::local::Pass::word).unwrap_or_default().into();
    let Some(hours) = sheet.paid.or(sheet.planned) else {
        return HoursForm { version: sheet.version.to_string().into(), ..HoursForm::default() };
    };
    let ((starts, starts_pass), (ends, ends_pass)) = (typed(hours.starts_at), typed(hours.ends_at));
    HoursForm {
        starts_at: starts.into(),
        starts_pass: pass(starts_pass),
        ends_at: ends.into(),
        ends_pass: pass(ends_pass),
        break_minutes: hours.break_minutes.to_string().into(),
        note: "".into(),
        version: sheet.version.to_string().into(),
    }
}

pub(super) fn form(ctx: &Ctx, sheet: &SheetOut, typed: &HoursForm, wrong: &Complaints) -> Markup {
    let path = format!("/timesheets/{}", sheet.id);
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
        p { "What was planned and what was clocked stay beside the hours to be paid." }
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
                    (date_time(&Field::new("starts_at", "From").value(typed.starts_at.as_str()).required().errors(&wrong.fields), &sheet.zone))
                    (pass("starts_pass", &typed.starts_pass))
                    (date_time(&Field::new("ends_at", "Until").value(typed.ends_at.as_str()).required().errors(&wrong.fields), &sheet.zone))
                    (pass("ends_pass", &typed.ends_pass))
                }))
                (number(&Field::new("break_minutes", "Break").value(typed.break_minutes.as_str()).suffix("minutes").between("0", "240").errors(&wrong.fields)))
                (text(&Field::new("note", "Why").value(typed.note.as_str()).required().errors(&wrong.fields)))
                (buttons(html! { (submit(Look::Primary, "Save")) (button_link(Look::Quiet, "Cancel", &ctx.href(&path), None)) }))
            },
        ))
    };
    ctx.page(
        PageParts::titled("Hours to be paid").crumb("Timesheets", "/timesheets").crumb(sheet.label(), path),
        body,
    )
}
