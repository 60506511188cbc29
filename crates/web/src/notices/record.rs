//! "Who was mailed about this, and why (not)?" for one record that was found within the asker's plan.

use access::{Action, Facts, Permission, Resource, permission};
use jiff::tz::TimeZone;
use jobs::events::EventState;
use jobs::mail::MailState;
use kernel::id::{EventId, MembershipId};
use kernel::{Audience, Error, Result, Timestamp};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Card, Choice, Column, Empty, Field, Form, Kind, Row, Table, Tone};
use uuid::Uuid;

use super::query::{self, Line};
use super::words::Outcome;
use crate::context::Ctx;
use crate::identity;

const AUDIT: Permission = permission(Resource::Audit, Action::View);
const NOTIFICATIONS: Permission = permission(Resource::Notification, Action::View);
const SEE_MEMBERS: Permission = permission(Resource::Account, Action::View);

/// Whom the question is about.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MailedQuery {
    /// A membership's id: why did this person get mail about it, or why not?
    pub person: String,
}

/// What was mailed about a record.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MailedOut {
    /// What happened, newest first.
    pub events: Vec<EventOut>,
    /// Everybody there is to ask about.
    pub members: Vec<NamedOut>,
    /// The answers about one person, in the order of the events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonOut>,
}

/// Something that happened, and what was decided for whom.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EventOut {
    /// Its id.
    pub id: EventId,
    /// What happened, as a word.
    pub topic: String,
    /// What happened, for people.
    pub label: String,
    /// When.
    pub at: Timestamp,
    /// How far it is.
    pub state: EventState,
    /// What was decided.
    pub decisions: Vec<DecisionOut>,
}

/// A decision about one person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DecisionOut {
    /// Who.
    #[serde(flatten)]
    pub member: NamedOut,
    /// What was decided.
    pub outcome: Outcome,
    /// Why, in words; for a mail, the reason that stands in it.
    pub reason: String,
    /// Where the message is on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailState>,
}

/// A member by name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NamedOut {
    /// Which one.
    pub membership: MembershipId,
    /// By name.
    pub name: String,
    /// Their side.
    pub side: Audience,
}

/// The answers about one person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PersonOut {
    /// Who.
    #[serde(flatten)]
    pub member: NamedOut,
    /// One for each event.
    pub answers: Vec<AnswerOut>,
}

/// Why somebody got mail about an event, or why not.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AnswerOut {
    /// What happened.
    pub label: String,
    /// When.
    pub at: Timestamp,
    /// Were they mailed, or will they be with the daily message?
    pub told: bool,
    /// Why.
    pub reason: String,
}

/// May this person ask, of a record with these facts? Whoever reads the journal there, or everybody's notifications.
#[must_use]
pub fn may_ask(ctx: &Ctx, facts: &Facts) -> bool {
    // As nobody's own: the right to one's own notifications opens nobody else's.
    let everybodys = Facts { author: None, assignee: None, requester: None, ..*facts };
    ctx.plan.check(AUDIT, &everybodys) || ctx.plan.check(NOTIFICATIONS, &everybodys)
}

/// What was mailed about a record that was found within the plan, and why. Whom the asker may not know of is not
/// named.
///
/// # Errors
/// [`Error::Forbidden`] for those who may not ask; [`Error::NotFound`] for a person they may not know of.
pub async fn mailed(ctx: &Ctx, record: Uuid, facts: &Facts, asked: &MailedQuery) -> Result<MailedOut> {
    if !may_ask(ctx, facts) {
        return Err(Error::forbidden(
            "None of your roles lets you read who was mailed. Who may read the journal can.",
        ));
    }
    let organization = ctx.who.organization;
    let lines = query::lines(ctx.store(), organization, record).await?;
    let lines: Vec<Line> = lines.into_iter().filter(|l| ctx.plan.check(SEE_MEMBERS, &l.facts)).collect();
    let label = |topic: &str| ctx.app.notice(topic).map_or(topic, |one| one.notice.label).to_owned();
    let events: Vec<EventOut> = query::events(ctx.store(), organization, record)
        .await?
        .into_iter()
        .map(|(id, topic, at, state)| {
            let decisions = lines
                .iter()
                .filter(|line| line.topic == topic && line.at == at)
                .map(|line| DecisionOut {
                    member: NamedOut {
                        membership: line.membership,
                        name: line.name.clone(),
                        side: line.audience,
                    },
                    outcome: line.outcome,
                    reason: line.reason.clone(),
                    mail: line.state,
                })
                .collect();
            let state = EventState::try_from(state).unwrap_or(EventState::Waiting);
            EventOut { id, label: label(&topic), topic, at, state, decisions }
        })
        .collect();
    let members: Vec<NamedOut> = query::members(ctx.store(), organization)
        .await?
        .into_iter()
        .filter(|(_, _, _, facts)| ctx.plan.check(SEE_MEMBERS, facts))
        .filter_map(|(membership, name, side, _)| {
            Some(NamedOut { membership, name, side: Audience::try_from(side).ok()? })
        })
        .collect();
    let person = match asked.person.as_str() {
        "" => None,
        id => {
            let wanted: MembershipId = id.parse().map_err(|_unreadable: String| Error::NotFound)?;
            let member = members.iter().find(|m| m.membership == wanted).ok_or(Error::NotFound)?;
            Some(about(ctx, member, &events, facts).await?)
        }
    };
    Ok(MailedOut { events, members, person })
}

async fn about(ctx: &Ctx, member: &NamedOut, events: &[EventOut], facts: &Facts) -> Result<PersonOut> {
    let plan = identity::plan(&ctx.app, ctx.who.organization, member.membership).await?;
    let answers = events
        .iter()
        .map(|event| {
            let decided = event.decisions.iter().find(|d| d.member.membership == member.membership);
            let (told, reason) = match decided {
                Some(one) => (one.outcome.is_told(), one.reason.clone()),
                None if event.state == EventState::Waiting => (false, "It is not worked out yet.".to_owned()),
                None => (false, unlisted(ctx, member, &plan, event, facts)),
            };
            AnswerOut { label: event.label.clone(), at: event.at, told, reason }
        })
        .collect();
    Ok(PersonOut { member: member.clone(), answers })
}

/// Nothing was decided about somebody: why they were not even considered, as things are now.
fn unlisted(ctx: &Ctx, member: &NamedOut, plan: &access::Plan, event: &EventOut, facts: &Facts) -> String {
    match ctx.app.notice(&event.topic).map(|one| one.notice) {
        Some(notice) if !notice.sides.contains(&member.side) => {
            "This sort of event is not mailed to their side.".to_owned()
        }
        Some(notice) if plan.check(notice.view, facts) => {
            "They could not see it when it happened; they can now.".to_owned()
        }
        Some(_) => "They may not see it.".to_owned(),
        None => "This sort of event is not mailed any more.".to_owned(),
    }
}

fn tone(decision: &DecisionOut) -> (&'static str, Tone) {
    match (decision.outcome, decision.mail) {
        (Outcome::Mailed, Some(MailState::Waiting)) => ("On its way", Tone::Info),
        (Outcome::Mailed, Some(MailState::Dead)) => ("Could not be sent", Tone::Danger),
        (Outcome::Mailed, _) => (Outcome::Mailed.label(), Tone::Success),
        (Outcome::Digest, _) => (Outcome::Digest.label(), Tone::Info),
        (outcome, _) => (outcome.label(), Tone::Neutral),
    }
}

/// The body of the page: a question about somebody, and each event with what was decided.
#[must_use]
pub fn mailed_page(ctx: &Ctx, out: &MailedOut, asked: &MailedQuery, path: &str) -> Markup {
    let zone = TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC);
    html! {
        (ui::card(&Card { title: "Ask about somebody", ..Card::default() }, question(ctx, out, asked, path)))
        @if let Some(person) = &out.person { (answers(person, &zone)) }
        @for event in &out.events { (happened(event, &zone)) }
        @if out.events.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::mail(),
                    title: "Nothing was mailed about it",
                    text: "What happens to it from now on is worked out within seconds and stands here: who was mailed, and why others were not.",
                },
                html! {},
            ))
        }
    }
}

fn question(ctx: &Ctx, out: &MailedOut, asked: &MailedQuery, path: &str) -> Markup {
    let side = |audience| match audience {
        Audience::Staff => "Your organization",
        Audience::Client => "Clients",
        Audience::Contractor => "Contractors",
    };
    let people: Vec<(String, &str, &str)> =
        out.members.iter().map(|m| (m.membership.to_string(), m.name.as_str(), side(m.side))).collect();
    let choices: Vec<Choice<'_>> =
        people.iter().map(|(id, name, side)| Choice::new(id, name).group(side)).collect();
    ui::form(
        &Form { action: &ctx.href(path), method: ui::Method::Get, ..Form::default() },
        html! {
            (ui::select(&Field::new("person", "Why did this person get mail about it, or why not?").value(&asked.person), &choices, Some("Choose a person")))
            (ui::buttons(ui::submit(Kind::Quiet, "Ask")))
        },
    )
}

fn answers(person: &PersonOut, zone: &TimeZone) -> Markup {
    let title = format!("Mail to {}", person.member.name);
    let verdicts: Vec<(String, bool)> = person
        .answers
        .iter()
        .map(|answer| {
            let at = answer.at.to_zoned(zone.clone()).strftime("%-d %b %Y, %H:%M").to_string();
            (format!("{}, {at}: {}", answer.label, answer.reason), answer.told)
        })
        .collect();
    let shown: Vec<ui::Verdict<'_>> = verdicts
        .iter()
        .map(|(sentence, told)| ui::Verdict {
            outcome: if *told { ui::Outcome::Allowed } else { ui::Outcome::Denied },
            sentence,
            ..ui::Verdict::default()
        })
        .collect();
    ui::card(
        &Card { title: &title, ..Card::default() },
        html! {
            @if shown.is_empty() { p { "Nothing happened yet that is mailed." } } @else { (ui::explain(&shown)) }
        },
    )
}

fn happened(event: &EventOut, zone: &TimeZone) -> Markup {
    let rows: Vec<Row<'_>> = event
        .decisions
        .iter()
        .map(|decision| {
            let (word, tone) = tone(decision);
            Row {
                cells: vec![
                    ui::person(&decision.member.name),
                    ui::status(word, tone),
                    html! { (decision.reason) },
                ],
                ..Row::default()
            }
        })
        .collect();
    let caption = format!("Who was mailed: {}", event.label);
    ui::card(
        &Card {
            title: &event.label,
            flush: !rows.is_empty(),
            actions: ui::time(event.at, zone),
            ..Card::default()
        },
        html! {
            @if event.state == EventState::Waiting { p { "It is not worked out yet. Wait a few seconds and reload." } }
            @else if event.state == EventState::Dead { p { "It could not be worked out. The outbox says why, and can try again." } }
            @else if rows.is_empty() { p.dim { "Nobody subscribes to it who could see this." } }
            @else {
                (ui::table(&Table {
                    caption: &caption,
                    columns: &[Column::lead("Who"), Column::new("Mail"), Column::new("Why")],
                    rows: &rows,
                    ..Table::default()
                }))
            }
        },
    )
}
