//! The mails somebody would get: decided by their own plan, as when they are sent.

use access::{Event, Plan, Resource};
use kernel::id::MembershipId;
use kernel::{Error, Result};
use web::Ctx;
use web::notices::Cadence;

use super::model::{Condition, Letter, MailPreview, MailQuery, event_label};
use crate::letters::{self, Sender, Written};
use crate::members::{self, MemberOut};

/// A letter about the sign-in, and what brings it about.
const LETTERS: [(&str, &str); 2] = [
    ("password_reset", "A link to set a new password is asked for"),
    ("password_changed", "The password is changed"),
];

/// What an event is about: its mail goes only to those who could open the record.
const fn about(event: Event) -> Resource {
    match event {
        Event::DailyActivity | Event::Maintenance | Event::Custom => Resource::Report,
        Event::Incident | Event::Assigned => Resource::Incident,
        Event::TourTracking | Event::TourException => Resource::Tour,
        Event::Sos => Resource::Sos,
        Event::Geofence => Resource::Geofence,
        Event::OpenShift | Event::ShiftReminder => Resource::Shift,
    }
}

/// The mails a member would get: all, or the one that was asked about.
pub(super) async fn of(
    ctx: &Ctx,
    id: MembershipId,
    asked: &MailQuery,
) -> Result<(MemberOut, Vec<MailPreview>)> {
    let (member, plan) = members::plan_of(ctx, id).await?;
    let mut all: Vec<MailPreview> =
        LETTERS.iter().map(|(word, label)| sign_in(ctx, &member, word, label)).collect();
    let choices = crate::notifications::choices(ctx.store(), ctx.who.organization, id).await?;
    let chosen = |event| choices.iter().find(|(one, _)| *one == event).map(|(_, cadence)| *cadence);
    all.extend(Event::ALL.iter().map(|event| of_event(ctx, &member, &plan, *event, chosen(*event))));
    if !asked.event.is_empty() {
        all.retain(|mail| mail.event == asked.event);
        if all.is_empty() {
            return Err(Error::BadRequest(format!("there is no mail called {}", asked.event)));
        }
    }
    Ok((member, all))
}

fn of_event(
    ctx: &Ctx,
    member: &MemberOut,
    plan: &Plan,
    event: Event,
    chosen: Option<Cadence>,
) -> MailPreview {
    let mut because = vec![active(member)];
    let roles: Vec<&str> = plan
        .live_roles()
        .filter(|held| held.role.subscriptions.contains(&event))
        .map(|held| held.role.name.as_str())
        .collect();
    let usual = plan.subscriptions.contains(&event) || event.is_personal();
    because.push(Condition {
        holds: chosen.map_or(usual, |cadence| cadence != Cadence::Off),
        sentence: match chosen {
            Some(cadence) => format!("{} chose: {}.", member.name, cadence.label().to_lowercase()),
            None if event.is_personal() => "Everybody gets it unless they turn it off.".to_owned(),
            None if usual => format!("{} gets it by default.", roles.join(", ")),
            None => format!("None of {}'s roles is sent this.", member.name),
        },
    });
    let resource = about(event);
    let sees =
        access::Permission::find(resource, access::Action::View).is_some_and(|view| plan.may_ever(view));
    because.push(Condition {
        holds: sees,
        sentence: if sees {
            format!(
                "They can open some {}; a mail goes out only about those.",
                resource.label().to_lowercase()
            )
        } else {
            format!(
                "They can open no {}, and nobody gets a mail about what they could not open.",
                resource.label().to_lowercase()
            )
        },
    });
    // The one condition that is about the program and not about the person, last.
    if !ctx.app.notices.iter().any(|registered| registered.notice.events.contains(&event)) {
        let sentence = "This version sends no mail about it yet.".to_owned();
        because.push(Condition { holds: false, sentence });
    }
    MailPreview {
        event: event.word().to_owned(),
        label: event_label(event).to_owned(),
        gets: because.iter().all(|condition| condition.holds),
        because,
        mail: None,
    }
}

fn active(member: &MemberOut) -> Condition {
    Condition {
        holds: member.active,
        sentence: if member.active {
            format!("{} is active.", member.name)
        } else {
            format!("{} is deactivated, and a deactivated member is sent nothing.", member.name)
        },
    }
}

fn sign_in(ctx: &Ctx, member: &MemberOut, word: &str, label: &str) -> MailPreview {
    let written: Written = if word == "password_reset" {
        letters::reset_written(&ctx.app, Sender::NOBODY, "/reset/(the link is made when the letter is sent)")
    } else {
        letters::password_changed_written(&ctx.app)
    };
    let because = vec![
        active(member),
        Condition {
            holds: true,
            sentence: "Letters about the own sign-in go to everybody; they cannot be turned off.".to_owned(),
        },
    ];
    let gets = member.active;
    MailPreview {
        event: word.to_owned(),
        label: label.to_owned(),
        gets,
        because,
        mail: gets.then(|| Letter {
            to: member.email.clone(),
            subject: written.subject,
            text: written.plain,
        }),
    }
}
