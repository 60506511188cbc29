//! The button: press and hold, then some seconds to take it back.

use kernel::Portal;
use maud::{Markup, html};
use ui::{Card, Choice, Field, Form, Queue, card, form as ui_form, select, text};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::{stands, zone};
use crate::alarms::raise::Offers;
use crate::alarms::view::AlarmOut;

pub(in crate::alarms) fn button(
    ctx: &Ctx,
    offers: &Offers,
    latest: &[AlarmOut],
    wrong: &Complaints,
) -> Markup {
    let open: Vec<_> = offers.sites.iter().filter(|offer| offer.why_not.is_none()).collect();
    let closed: Vec<_> = offers.sites.iter().filter(|offer| offer.why_not.is_some()).collect();
    let ids: Vec<String> = open.iter().map(|offer| offer.ground.id.to_string()).collect();
    let choices: Vec<Choice<'_>> =
        open.iter().zip(&ids).map(|(offer, id)| Choice::new(id, &offer.ground.name)).collect();
    let chosen = offers
        .presumed
        .map(|id| id.to_string())
        .filter(|id| ids.contains(id))
        .or_else(|| ids.first().filter(|_| ids.len() == 1).cloned())
        .unwrap_or_default();
    let hidden = [("at", ""), ("sent_at", ""), ("latitude", ""), ("longitude", ""), ("accuracy", "")];
    let field = ctx.portal() == Some(Portal::Field);
    let body = html! {
        (web::reply::complaint(wrong))
        @for alarm in latest.iter().filter(|alarm| alarm.is_open()) {
            a.alert.danger href=(ctx.href(&format!("/sos/{}", alarm.id))) {
                strong { "Your alarm at " (alarm.site) } " " (stands(alarm))
            }
        }
        @if open.is_empty() {
            div.alarm-press {
                button.alarm-button type="button" disabled aria-describedby="alarm-why" { (ui::icon::siren()) span { "Alarm" } }
                p id="alarm-why" {
                    @if closed.is_empty() { "You have no site at which the alarm can be raised. Call the office, or the emergency number." }
                    @else { "The alarm cannot be raised from here now." }
                }
            }
        } @else {
            (ui_form(
                &Form {
                    action: &ctx.href("/sos"),
                    hidden: &hidden,
                    stay: false,
                    queue: field.then_some(Queue { what: "Alarm", now: Some("at") }),
                    errors: Some(&wrong.fields),
                    ..Form::default()
                },
                html! {
                    div.alarm-press data-hold {
                        button.alarm-button type="submit" aria-describedby="alarm-how" { (ui::icon::siren()) span { "Alarm" } }
                        p id="alarm-how" {
                            span.scripted { "Press and hold. You then have five seconds to take it back." }
                            noscript { "Pressing raises the alarm at once." }
                        }
                        div.alarm-count.alert.danger hidden role="alert" {
                            p { "The alarm is raised in " strong data-seconds { "5" } " seconds." }
                            button.btn type="button" data-take-back { "Take it back" }
                        }
                    }
                    @if ids.len() > 1 {
                        (select(&Field::new("site", "Where you are").value(&chosen).errors(&wrong.fields), &choices, Some("Find out from my position")))
                    }
                    (text(&Field::new("word", "What is wrong").hint("Only if there is time.").max_length(500).errors(&wrong.fields)))
                },
            ))
        }
        @if !closed.is_empty() {
            (card(&Card { title: "Where the alarm cannot be raised", ..Card::default() }, html! {
                ul { @for offer in &closed {
                    li { strong { (offer.ground.name) } @if let Some(why) = &offer.why_not { p.dim { (why) } } }
                } }
            }))
        }
        @if !latest.is_empty() {
            (card(&Card { title: "Before", ..Card::default() }, html! {
                ul { @for alarm in latest { li {
                    a href=(ctx.href(&format!("/sos/{}", alarm.id))) { (ui::time_exact(alarm.raised_at, &zone(&alarm.zone))) }
                    " " (alarm.site) " " (stands(alarm))
                } } }
            }))
        }
    };
    let actions = html! {
        (ui::button_link(ui::Kind::Quiet, "Emergency card", &ctx.href("/sos/card"), Some(ui::icon::person())))
    };
    ctx.page(PageParts::titled("Alarm").actions(actions), body)
}
