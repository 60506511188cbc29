//! Pages of shifts, from views alone.

pub(super) mod form;
pub(super) mod mine;
pub(super) mod plan;
pub(super) mod week;

use access::Facts;
use kernel::id::ShiftId;
use kernel::page::Page;
use kernel::{Error, Result};
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Empty, Field, FilterBar, Form, Kind, Pager, Row, Table, Tone, alert, button_link,
    buttons, card, detail_list, filter_bar, form as ui_form, pager, person, select, split, status, submit,
    table, text,
};
use web::notices::{MailedOut, MailedQuery};
use web::reply::{Complaints, PageParts};
use web::{Answer, Ctx};

use super::model::{ShiftFilter, State};
use super::view::{ShiftOut, ShiftWhole};
use super::{APPROVE, ASSIGN, CREATE, DELETE, EDIT, EXPORT, PUBLISH, act};
use crate::{choices, week as weeks};

/// Shows a page again that needs reading first; otherwise as `Ctx::again`.
pub(crate) async fn refused(
    ctx: &Ctx,
    error: Error,
    page: impl AsyncFnOnce(&Complaints) -> Result<Markup>,
) -> Answer {
    let known = match &error {
        Error::Invalid(fields) => Some(Complaints { fields: fields.clone(), whole: None }),
        Error::Conflict(text) | Error::BadRequest(text) | Error::Forbidden(text) => {
            Some(Complaints { whole: Some(text.clone()), ..Complaints::default() })
        }
        Error::Stale => Some(Complaints { whole: Some(error.to_string()), ..Complaints::default() }),
        _ => None,
    };
    let markup = match &known {
        Some(wrong) if ctx.portal().is_some() => page(wrong).await?,
        _ => html! {},
    };
    ctx.again(error, |_| markup)
}

/// How a shift is: its state, and whether anybody has it.
pub(super) fn badge(shift: &ShiftOut) -> Markup {
    html! {
        @if shift.archived { (status("Archived", Tone::Neutral)) }
        @else if let Some(state) = shift.state { (status(state.label(), state.tone())) }
        @if shift.is_open() && !shift.archived { " " (status(if shift.asked_for == Some(true) { "Asked for" } else { "Open" }, Tone::Warning)) }
        @if shift.shared == Some(true) { " " (ui::tag("Shared")) }
    }
}

pub(super) fn when(shift: &ShiftOut) -> Markup {
    ui::time_range(shift.starts_at, Some(shift.ends_at), &weeks::zone(&shift.zone))
}

pub(super) fn list(ctx: &Ctx, filter: &ShiftFilter, shifts: &Page<ShiftOut>) -> Markup {
    let here = ctx.href("/shifts");
    let hrefs: Vec<String> = shifts.items.iter().map(|s| ctx.href(&format!("/shifts/{}", s.id))).collect();
    let people = shifts.items.iter().any(|s| s.worker.is_some());
    let rows: Vec<Row<'_>> = shifts
        .items
        .iter()
        .zip(&hrefs)
        .map(|(shift, href)| {
            let mut cells = vec![
                html! { (shift.site) @if !shift.post.is_empty() { ", " (shift.post) } },
                when(shift),
                badge(shift),
            ];
            if people {
                cells.push(html! { @if let Some(worker) = shift.worker.as_ref().filter(|w| !w.is_empty()) { (person(worker)) } });
            }
            Row { href: Some(href), cells, muted: shift.archived, ..Row::default() }
        })
        .collect();
    let mut columns = vec![Column::lead("Site"), Column::new("When").line(), Column::new("State").plain()];
    if people {
        columns.push(Column::new("Worker"));
    }
    let query = serde_query(filter);
    let next = shifts.next.as_ref().map(|cursor| format!("{here}?{query}&cursor={cursor}"));
    let export = ctx.href(&format!("/shifts/export?{query}"));
    let actions = html! {
        @if ctx.portal() == Some(kernel::Portal::Office) { a href=(ctx.href("/shifts/week")) { "Week" } }
        @if ctx.may(EXPORT) { (ui::download("Export", &export, Some("CSV, what you see now"))) }
    };
    let body = html! {
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Site, post or worker",
            actions,
            ..FilterBar::default()
        }))
        @if rows.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::calendar(),
                    title: "No shifts here",
                    text: "Shifts that are planned for you to see stand here, soonest first.",
                },
                html! {},
            ))
        } @else {
            (table(&Table { caption: "Shifts", columns: &columns, rows: &rows, ..Table::default() }))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} shifts", shifts.items.len()),
            }))
        }
    };
    ctx.page(PageParts::titled("Shifts"), body)
}

fn serde_query(filter: &ShiftFilter) -> String {
    let mut words = vec![format!("q={}", web::mount::encode(&filter.q))];
    for (name, many) in [("site", &filter.site), ("worker", &filter.worker), ("state", &filter.state)] {
        words.extend(many.iter().map(|word| format!("{name}={}", web::mount::encode(word))));
    }
    for (name, word) in [("from", &filter.from), ("until", &filter.until)] {
        if !word.is_empty() {
            words.push(format!("{name}={}", web::mount::encode(word)));
        }
    }
    for (name, on) in [("open", filter.open), ("archived", filter.archived)] {
        if on {
            words.push(format!("{name}=true"));
        }
    }
    words.join("&")
}

pub(super) fn mails(ctx: &Ctx, shift: &ShiftOut, out: &MailedOut, asked: &MailedQuery) -> Markup {
    let path = format!("/shifts/{}", shift.id);
    let body = web::notices::mailed_page(ctx, out, asked, &format!("{path}/mails"));
    let parts = PageParts::titled("Who was mailed about this")
        .crumb("Schedule", "/shifts/week")
        .crumb(shift.label(), path);
    ctx.page(parts, body)
}

/// One shift.
pub(super) async fn show(ctx: &Ctx, whole: &ShiftWhole, facts: &Facts, wrong: &Complaints) -> Answer {
    let markup = detail(ctx, whole, facts, wrong).await?;
    ctx.page_only(|| markup)
}

/// One shift, with what was wrong about what was asked.
pub(super) async fn again(ctx: &Ctx, id: ShiftId, error: Error) -> Answer {
    if matches!(error, Error::NotFound) {
        return Err(error.into());
    }
    refused(ctx, error, async |wrong| {
        let (whole, facts) = act::whole(ctx, id).await?;
        detail(ctx, &whole, &facts, wrong).await
    })
    .await
}

async fn detail(ctx: &Ctx, whole: &ShiftWhole, facts: &Facts, wrong: &Complaints) -> Result<Markup> {
    let shift = &whole.shift;
    let path = format!("/shifts/{}", shift.id);
    let may = |permission| !shift.archived && ctx.plan.check(permission, facts);
    let office = ctx.portal() == Some(kernel::Portal::Office);
    let workers = if office && may(ASSIGN) { choices::workers(ctx).await? } else { Vec::new() };
    let zone = weeks::zone(&shift.zone);
    let post = |noun: &str, label: &str, kind: Kind| {
        ui_form(
            &Form { action: &ctx.href(&format!("{path}/{noun}")), ..Form::default() },
            submit(kind, label),
        )
    };
    let drafted = shift.is(State::Draft);
    let actions = html! {
        (ctx.access_button(shift.id))
        (ctx.journal_button(shift.id, facts))
        @if office {
            @if ctx.may(CREATE) { (button_link(Kind::Plain, "Copy", &ctx.href(&form::copy_path(shift)), Some(ui::icon::copy()))) }
            @if may(PUBLISH) && !drafted {
                @if shift.shared == Some(true) { (post("unsharing", "Stop sharing", Kind::Plain)) }
                @else { (post("sharing", "Share with client", Kind::Plain)) }
                (post("unpublication", "Back to draft", Kind::Plain))
            }
            @if ctx.plan.check(DELETE, facts) {
                @if shift.archived { (post("restore", "Restore", Kind::Plain)) } @else { (post("archive", "Archive", Kind::Quiet)) }
            }
            @if may(EDIT) { (button_link(Kind::Plain, "Edit", &ctx.href(&format!("{path}/edit")), Some(ui::icon::edit()))) }
            @if may(PUBLISH) && drafted { (post("publication", "Publish", Kind::Primary)) }
        }
    };
    let mut rows: Vec<(&str, Markup)> = vec![
        ("When", when(shift)),
        ("Site", html! { (shift.site) @if let Some(client) = &shift.client { " · " (client) } }),
    ];
    if !shift.post.is_empty() {
        rows.push(("Post", html! { (shift.post) }));
    }
    rows.push((
        "Length",
        html! {
            (weeks::hours(shift.minutes))
            @if shift.break_minutes > 0 { ", of it " (weeks::hours(shift.break_minutes)) " unpaid break" }
        },
    ));
    if shift.state.is_some() {
        rows.push(("State", badge(shift)));
    }
    if let Some(worker) = &shift.worker {
        rows.push((
            "Worker",
            if worker.is_empty() {
                html! { "Nobody yet" }
            } else {
                person(worker)
            },
        ));
    }
    if let Some(asked) = shift.asked_by.as_ref().filter(|a| !a.is_empty()) {
        rows.push(("Asked for by", person(asked)));
    }
    if let Some(at) = shift.answered_at {
        rows.push((
            "Answered",
            html! {
                (ui::time_exact(at, &zone))
                @if let Some(note) = shift.answer_note.as_ref().filter(|n| !n.is_empty()) { ": " (note) }
            },
        ));
    }
    if let Some(note) = shift.note.as_ref().filter(|n| !n.is_empty()) {
        rows.push(("Note", html! { (note) }));
    }
    if let Some(by) = &shift.planned_by {
        rows.push(("Planned by", person(by)));
    }
    let side = html! {
        (mine::answering(ctx, whole, facts))
        @if office && may(APPROVE) && shift.asked_for == Some(true) { (deciding(ctx, shift, &path)) }
        @if office && may(ASSIGN) { (assigning(ctx, shift, &path, &workers, wrong)) }
        @if office && web::notices::may_ask(ctx, facts) {
            p { a href=(ctx.href(&format!("{path}/mails"))) { "Who was mailed about this" } }
        }
    };
    let body = html! {
        (web::reply::complaint(wrong))
        @for (_, messages) in wrong.fields.iter() { @for message in messages { (alert(Tone::Danger, message, html! {})) } }
        @for warning in &whole.warnings { (alert(Tone::Warning, warning, html! {})) }
        (split(card(&Card::default(), detail_list(&rows)), side))
    };
    let title = format!("{}, {}", shift.site, shift.day().strftime("%a %-d %b %Y"));
    let parts = if office {
        let monday = weeks::Week::of(shift.day()).monday();
        PageParts::titled(&title).crumb("Schedule", format!("/shifts/week?week={monday}"))
    } else {
        PageParts::titled(&title).crumb("Shifts", "/shifts")
    };
    Ok(ctx.page(parts.actions(actions), body))
}

fn deciding(ctx: &Ctx, shift: &ShiftOut, path: &str) -> Markup {
    let who = shift.asked_by.clone().unwrap_or_default();
    card(
        &Card { title: "Somebody asks for it", ..Card::default() },
        html! {
            p { (person(&who)) " would take this shift." }
            (ui_form(
                &Form { action: &ctx.href(&format!("{path}/decision")), ..Form::default() },
                html! {
                    (text(&Field::new("note", "A word to it").hint("Kept with the decision.")))
                    (buttons(html! {
                        (ui::submit_named(Kind::Primary, "Give it", "answer", "yes"))
                        (ui::submit_named(Kind::Quiet, "Say no", "answer", "no"))
                    }))
                },
            ))
        },
    )
}

fn assigning(
    ctx: &Ctx,
    shift: &ShiftOut,
    path: &str,
    workers: &[choices::WorkerChoice],
    wrong: &Complaints,
) -> Markup {
    let offers: Vec<(String, &str)> = workers.iter().map(|w| (w.id.to_string(), w.name.as_str())).collect();
    let choices: Vec<Choice<'_>> = offers.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let now = shift.worker_id.map(|id| id.to_string()).unwrap_or_default();
    card(
        &Card { title: "Who works it", ..Card::default() },
        ui_form(
            &Form {
                action: &ctx.href(&format!("{path}/assignment")),
                errors: Some(&wrong.fields),
                ..Form::default()
            },
            html! {
                (select(&Field::new("worker", "Worker").value(&now).errors(&wrong.fields), &choices, Some("Nobody: open")))
                (buttons(submit(Kind::Primary, "Save")))
            },
        ),
    )
}
