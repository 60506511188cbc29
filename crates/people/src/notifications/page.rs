//! Pages of notifications.

use kernel::id::MembershipId;
use maud::{Markup, html};
use ui::{
    Bare, Card, Choice, Field, Form, Kind, Tone, bare, buttons, card, form, form_row, number, segmented,
    submit, text,
};
use web::Ctx;
use web::notices::{Cadence, Stop};
use web::reply::{Complaints, PageParts, complaint};

use super::model::{NotificationsOut, SubscriptionOut};
use super::query::Owner;

pub(super) fn show(
    ctx: &Ctx,
    out: &NotificationsOut,
    other: Option<MembershipId>,
    wrong: &Complaints,
) -> Markup {
    let path = other.map_or_else(|| "/notifications".to_owned(), |id| format!("/members/{id}/notifications"));
    let mine = other.is_none();
    let body = html! {
        (complaint(wrong))
        @if out.events.is_empty() {
            (ui::empty(
                &ui::Empty {
                    icon: ui::icon::mail(),
                    title: "No mail yet",
                    text: if mine { "Your roles show you nothing that is mailed about." } else { "Their roles show them nothing that is mailed about." },
                },
                html! {},
            ))
        } @else {
            (form(
                &Form { action: &ctx.href(&path), id: Some("choices"), errors: Some(&wrong.fields), guard: true, ..Form::default() },
                html! {
                    (card(&Card { title: "Mail about", ..Card::default() }, html! {
                        @for one in &out.events { (choice(one, mine, wrong)) }
                    }))
                    (card(&Card { title: "The daily mail", ..Card::default() }, html! {
                        p.dim { "What is set to “Once a day” comes in one message at this hour." }
                        (form_row(html! {
                            (number(&Field::new("hour", "Hour").value(&out.hour.to_string()).between("0", "23").required().hint("0 is midnight, 7 is seven in the morning.").errors(&wrong.fields)))
                            (text(&Field::new("zone", "Time zone").value(&out.zone).required().hint("Such as America/New_York.").errors(&wrong.fields)))
                        }))
                    }))
                    (buttons(submit(Kind::Primary, "Save")))
                },
            ))
            (form(
                &Form { action: &ctx.href(&format!("{path}/reset")), ..Form::default() },
                buttons(submit(Kind::Plain, if mine { "Follow my roles again" } else { "Follow their roles again" })),
            ))
            p.dim { "Nobody is mailed about what they could not open. Letters about signing in always come." }
        }
    };
    if mine {
        return ctx.page(PageParts::titled("Notifications"), body);
    }
    let title = format!("Notifications of {}", out.name);
    let parts = PageParts::titled(&title)
        .crumb("People", "/members")
        .crumb(out.name.clone(), format!("/members/{}", out.membership));
    ctx.page(parts, body)
}

fn choice(one: &SubscriptionOut, mine: bool, wrong: &Complaints) -> Markup {
    let brings = if mine { "Your roles" } else { "Their roles" };
    let usual = match one.by_default {
        Cadence::Off => "bring none of it",
        Cadence::AtOnce | Cadence::Daily => "bring it at once",
    };
    let brings = if one.event.is_personal() {
        format!("{}.", "Everybody gets it at once unless it is turned off")
    } else {
        format!("{brings} {usual}.")
    };
    let tells = one.tells.join(", ");
    let hint = format!("{tells}. {brings}{}", if one.chosen { " This is an own choice." } else { "" });
    let choices: Vec<Choice<'_>> = [Cadence::AtOnce, Cadence::Daily, Cadence::Off]
        .iter()
        .map(|c| Choice::new(c.word(), c.label()))
        .collect();
    segmented(
        &Field::new(one.event.word(), one.label)
            .value(one.cadence.word())
            .required()
            .hint(&hint)
            .errors(&wrong.fields),
        &choices,
    )
}

fn sorts(stop: &Stop) -> String {
    let labels: Vec<String> = stop.events.iter().map(|event| event.label().to_lowercase()).collect();
    labels.join(", ")
}

pub(super) fn stopping(stop: &Stop, owner: &Owner, word: &str) -> Markup {
    let title = format!("Stop mail about {}?", sorts(stop));
    let action = format!("/unsubscribe/{word}");
    let body = html! {
        p { "You will get no more mail from " bdi { (owner.organization_name) } " about " (sorts(stop)) ". Everything else stays as it is, and you can turn it on again under “Notifications”." }
        (form(
            &Form { action: &action, stay: false, ..Form::default() },
            buttons(submit(Kind::Primary, "Stop this mail")),
        ))
    };
    bare(&Bare { title: &title, ..Bare::default() }, body)
}

pub(super) fn stopped(stop: &Stop, owner: &Owner) -> Markup {
    let body = html! {
        (ui::alert(Tone::Success, "It is off", html! {}))
        p { "You get no more mail from " bdi { (owner.organization_name) } " about " (sorts(stop)) "." }
        p { a href="/" { "Sign in" } " to turn it on again under “Notifications”." }
    };
    bare(&Bare { title: "No more of this mail", ..Bare::default() }, body)
}
