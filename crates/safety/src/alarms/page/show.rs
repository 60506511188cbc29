//! One alarm: who, where, what was done; for whoever answers, with the buttons to do it.

use access::Facts;
use kernel::Portal;
use maud::{Markup, html};
use ui::{
    Card, Field, Form, Kind, Tone, buttons, card, detail_list, form as ui_form, person, split, submit,
    text_area,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::{stands, zone};
use crate::alarms::model::{Moment, State};
use crate::alarms::view::{AlarmOut, AlarmWhole, CardOut};
use crate::alarms::{ACKNOWLEDGE, CLOSE};

fn call(number: &str) -> Markup {
    let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    html! { a href={ "tel:" (digits) } { (number) } }
}

fn facts_of(alarm: &AlarmOut) -> Vec<(&'static str, Markup)> {
    let zone = zone(&alarm.zone);
    let mut rows: Vec<(&'static str, Markup)> = vec![("How it stands", stands(alarm))];
    if let Some(caller) = &alarm.caller {
        rows.push(("Caller", person(caller)));
    }
    if let Some(phone) = &alarm.phone {
        rows.push(("Telephone", call(phone)));
    }
    rows.push(("Site", html! { (alarm.site) }));
    if let Some(client) = &alarm.client {
        rows.push(("Client", html! { (client) }));
    }
    rows.push(("Raised", ui::time_exact(alarm.raised_at, &zone)));
    if let Some(late) = alarm.received_at.filter(|at| at.as_second() - alarm.raised_at.as_second() > 60) {
        rows.push((
            "Arrived",
            html! { (ui::time_exact(late, &zone)) " " span.dim { "there was no signal before" } },
        ));
    }
    if let (Some(latitude), Some(longitude)) = (alarm.latitude, alarm.longitude) {
        rows.push((
            "Position",
            html! {
                (ui::copyable(&format!("{latitude:.5}, {longitude:.5}")))
                @if let Some(metres) = alarm.accuracy_m { " " span.dim { (format!("± {metres:.0} m")) } }
                " " a href=(format!("geo:{latitude:.6},{longitude:.6}")) { "Open in maps" }
            },
        ));
    }
    if let Some(word) = &alarm.word {
        rows.push(("Says", html! { (word) }));
    }
    if let Some(closing) = &alarm.closing {
        rows.push(("Closed with", html! { (closing) }));
    }
    rows
}

fn helper_card(card_: &CardOut) -> Markup {
    let mut rows: Vec<(&str, Markup)> = Vec::new();
    if !card_.medical.is_empty() {
        rows.push(("Must know", html! { span.lines { (card_.medical) } }));
    }
    if !card_.contact_name.is_empty() || !card_.contact_phone.is_empty() {
        rows.push(("Whom to call", html! { (card_.contact_name) " " (call(&card_.contact_phone)) }));
    }
    if !card_.phone.is_empty() {
        rows.push(("Own telephone", call(&card_.phone)));
    }
    card(
        &Card {
            title: "Emergency card",
            footer: html! { p.dim { "That you opened it is written down." } },
            ..Card::default()
        },
        detail_list(&rows),
    )
}

fn course(whole: &AlarmWhole) -> Markup {
    let zone = zone(&whole.alarm.zone);
    let moments: Vec<ui::Moment<'_>> = whole
        .course
        .iter()
        .map(|moment| ui::Moment {
            who: moment.by.as_deref().unwrap_or_default(),
            what: moment.kind.label(),
            when: ui::time_exact(moment.at, &zone),
            icon: match moment.kind {
                Moment::Raised | Moment::CalledAgain => ui::icon::siren(),
                Moment::Acknowledged | Moment::Closed | Moment::Safe => ui::icon::check(),
                Moment::CardOpened => ui::icon::eye(),
                Moment::Note => ui::icon::edit(),
            },
            tone: match moment.kind {
                Moment::Raised | Moment::CalledAgain => Tone::Danger,
                Moment::Acknowledged | Moment::Safe => Tone::Success,
                _ => Tone::Neutral,
            },
            note: moment.note.as_deref(),
            ..ui::Moment::default()
        })
        .collect();
    ui::timeline(&moments)
}

pub(in crate::alarms) fn show(ctx: &Ctx, whole: &AlarmWhole, facts: &Facts, wrong: &Complaints) -> Markup {
    let alarm = &whole.alarm;
    let office = ctx.portal() == Some(Portal::Office);
    let own = facts.author == Some(ctx.who.membership.uuid());
    let may = |permission| office && ctx.plan.check(permission, facts);
    let path = |end: &str| ctx.href(&format!("/sos/{}{end}", alarm.id));
    let note = |action: &str, id: &'static str, label: &str, button: Markup| {
        ui_form(
            &Form { action, id: Some(id), errors: Some(&wrong.fields), ..Form::default() },
            html! {
                (text_area(&Field::new("note", label).id(&format!("{id}-note")).required().errors(&wrong.fields), 3))
                (buttons(button))
            },
        )
    };
    let body = html! {
        (web::reply::complaint(wrong))
        @if own && alarm.is_open() {
            div.alert.danger role="status" {
                @match (&alarm.state, &alarm.answered_by) {
                    (State::Acknowledged, Some(by)) => p { strong { (by) " answers your alarm." } " Stay where it is safe." },
                    _ => p { strong { "Your alarm was raised." } " It is called out again until somebody answers; their name stands here then." },
                }
            }
        }
        (split(
            html! {
                (card(&Card::default(), detail_list(&facts_of(alarm))))
                @if let Some(helper) = &whole.card { (helper_card(helper)) }
                (card(&Card { title: "What happened", ..Card::default() }, course(whole)))
            },
            html! {
                @if may(ACKNOWLEDGE) && alarm.state == State::Raised {
                    (card(&Card { title: "Answer", ..Card::default() }, html! {
                        p { "The caller sees your name, and nobody else is called." }
                        (ui_form(&Form { action: &path("/acknowledgement"), id: Some("answer"), ..Form::default() }, buttons(submit(Kind::Primary, "I answer this alarm"))))
                    }))
                }
                @if alarm.is_open() && (own || may(ACKNOWLEDGE)) {
                    (card(&Card { title: if own { "Say how you are" } else { "Write down" }, ..Card::default() },
                        note(&path("/notes"), "write", if own { "I am safe, because" } else { "What you do, what you learn" }, submit(Kind::Quiet, if own { "Send" } else { "Write down" }))))
                }
                @if may(CLOSE) && alarm.is_open() {
                    (card(&Card { title: "Close", ..Card::default() },
                        note(&path("/closing"), "close", "What happened", submit(Kind::Danger, "Close the alarm"))))
                }
            },
        ))
    };
    let actions =
        html! { @if office { (ctx.access_button(alarm.id)) (ctx.journal_button(alarm.id, facts)) } };
    let title = alarm.label();
    // Whoever waits for an answer, or answers, sees what others do.
    let body = html! { div data-afresh=[alarm.is_open().then_some("5")] { (body) } };
    ctx.page(
        PageParts::titled(&title).crumb(if office { "Alarms" } else { "Alarm" }, "/sos").actions(actions),
        body,
    )
}
