//! The schedule in the field: own shifts with their answer, open ones to ask for.

use access::Facts;
use maud::{Markup, html};
use ui::{Card, Empty, Field, Form, Kind, buttons, card, form as ui_form, submit, submit_named, text};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::super::CLAIM;
use super::super::act::MineOut;
use super::super::model::State;
use super::super::view::{ShiftOut, ShiftWhole};
use crate::week;

pub(in crate::shifts) fn page(ctx: &Ctx, mine: &MineOut, wrong: &Complaints) -> Markup {
    let body = html! {
        (web::reply::complaint(wrong))
        @if mine.mine.is_empty() && mine.open.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::calendar(),
                    title: "No shifts ahead",
                    text: "Your shifts stand here once they are published. Open shifts of your sites, too.",
                },
                html! {},
            ))
        }
        @if !mine.mine.is_empty() {
            (ui::section("Yours", html! { @for shift in &mine.mine { (one(ctx, shift)) } }))
        }
        @if !mine.open.is_empty() {
            (ui::section("Open", html! { @for shift in &mine.open { (one(ctx, shift)) } }))
        }
    };
    ctx.page(PageParts::titled("My shifts"), body)
}

/// "Today", "Tomorrow", or the day.
fn day(ctx: &Ctx, shift: &ShiftOut) -> String {
    let today = week::zone(&shift.zone).to_datetime(ctx.now()).date();
    match (shift.day() - today).get_days() {
        0 => "Today".to_owned(),
        1 => "Tomorrow".to_owned(),
        _ => shift.day().strftime("%a %-d %b").to_string(),
    }
}

fn one(ctx: &Ctx, whole: &ShiftWhole) -> Markup {
    let shift = &whole.shift;
    let title = format!("{}, {}", day(ctx, shift), shift.clock());
    let href = ctx.href(&format!("/shifts/{}", shift.id));
    card(
        &Card { title: &title, ..Card::default() },
        html! {
            p { a href=(href) { (shift.site) @if !shift.post.is_empty() { ", " (shift.post) } } " " (super::badge(shift)) }
            p { (week::hours(shift.minutes)) @if shift.break_minutes > 0 { ", break " (week::hours(shift.break_minutes)) } }
            @if let Some(note) = shift.note.as_ref().filter(|n| !n.is_empty()) { p { (note) } }
            @if whole.mine { (answer(ctx, shift)) } @else { (asking(ctx, whole)) }
        },
    )
}

/// What whoever has or may ask for a shift does about it, on its page.
pub(super) fn answering(ctx: &Ctx, whole: &ShiftWhole, facts: &Facts) -> Markup {
    let shift = &whole.shift;
    if shift.archived || !ctx.plan.check(CLAIM, facts) {
        return html! {};
    }
    if whole.mine {
        return card(&Card { title: "Your answer", ..Card::default() }, answer(ctx, shift));
    }
    // Whoever decides about such questions asks nobody.
    if shift.is_open() && !shift.is(State::Draft) && !ctx.plan.check(super::super::APPROVE, facts) {
        return card(&Card { title: "Open shift", ..Card::default() }, asking(ctx, whole));
    }
    html! {}
}

fn answer(ctx: &Ctx, shift: &ShiftOut) -> Markup {
    if shift.ends_at <= ctx.now() {
        return html! {};
    }
    let action = ctx.href(&format!("/shifts/{}/answer", shift.id));
    let refuse = |label: &str| {
        let id = format!("why-{}", shift.id);
        ui::fold(
            label,
            ui_form(
                &Form { action: &action, hidden: &[("answer", "no")], ..Form::default() },
                html! {
                    (text(&Field::new("note", "Why").id(&id).required()))
                    (buttons(submit(Kind::Danger, "Refuse the shift")))
                },
            ),
        )
    };
    html! {
        @if shift.is(State::Published) {
            (ui_form(&Form { action: &action, ..Form::default() }, buttons(submit_named(Kind::Primary, "Confirm", "answer", "yes"))))
            (refuse("I cannot come"))
        } @else if shift.is(State::Confirmed) {
            (refuse("I can no longer come"))
        } @else if shift.is(State::Refused) {
            p { "You refused this shift; the office looks for somebody else." }
            (ui_form(&Form { action: &action, ..Form::default() }, buttons(submit_named(Kind::Plain, "I can come after all", "answer", "yes"))))
        }
    }
}

fn asking(ctx: &Ctx, whole: &ShiftWhole) -> Markup {
    let shift = &whole.shift;
    let action = |noun: &str| ctx.href(&format!("/shifts/{}/{noun}", shift.id));
    html! {
        @if whole.asked_by_me {
            p { "You asked for this shift; the office decides." }
            (ui_form(&Form { action: &action("unclaim"), ..Form::default() }, buttons(submit(Kind::Quiet, "Take it back"))))
        } @else if shift.asked_for == Some(true) {
            p { "Somebody asked for this shift; the office decides." }
        } @else {
            (ui_form(&Form { action: &action("claim"), ..Form::default() }, buttons(submit(Kind::Primary, "I would take it"))))
        }
    }
}
