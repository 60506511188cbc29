//! The message: from letters, which are made from one reader's view, to what the outbox holds.

use access::{Action, Dimension, Event, Facts, Outcome, Permission, Plan, Resource, permission};
use kernel::Audience;
use kernel::Result;
use ui::{Mail, MailPart};

use super::decide::Through;
use super::stop::{Stop, stop_path};
use super::words::Cadence;
use super::{House, Letter, Occurrence};
use crate::app::App;
use crate::context::Door;

/// The own settings.
const SETTINGS: Permission = permission(Resource::Notification, Action::View);

/// A message, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) subject: String,
    pub(super) html: String,
    pub(super) plain: String,
    pub(super) why: String,
    pub(super) unsubscribe: String,
}

/// One thing that a message tells.
#[derive(Clone, Debug)]
pub(super) struct Told {
    letter: Letter,
    url: String,
    why: String,
    event: Event,
}

/// What one reader is told of an occurrence; `None` when the record was put away.
///
/// # Errors
/// [`kernel::Error::NotFound`] when this plan shows nothing of it; or the store's.
pub(super) async fn tell(
    app: &App,
    of: &Occurrence,
    plan: &Plan,
    facts: &Facts,
    through: Through,
) -> Result<Option<Told>> {
    let Some(letter) = (of.registered.notice.write)(app, plan, of).await? else { return Ok(None) };
    let path = (of.registered.notice.path)(of.record);
    let door = of.registered.doors.iter().copied().filter(|door| opens(plan, *door)).min_by_key(order);
    let url = format!("{}{}{path}", app.config.public_url, door.map_or("", Door::prefix));
    let why = because(of, plan, facts, through, &letter.place);
    Ok(Some(Told { letter, url, why, event: through.event }))
}

fn opens(plan: &Plan, door: Door) -> bool {
    matches!(door, Door::Portal(portal) if plan.opens(portal))
}

/// Office before field before client.
fn order(door: &Door) -> usize {
    Door::ALL.iter().position(|one| one == door).unwrap_or(Door::ALL.len())
}

/// Why somebody gets it: the role through which they see it, where it is held, and that they subscribe.
fn because(of: &Occurrence, plan: &Plan, facts: &Facts, through: Through, place: &str) -> String {
    let wants = if through.chosen { "chose to get" } else { "subscribe to" };
    let wants = format!("{wants} {}", through.event.label().to_lowercase());
    if through.event.is_personal() {
        return "because it is assigned to you.".to_owned();
    }
    let trace = plan.explain(of.registered.notice.view, facts);
    let Some(way) = trace.ways.iter().find(|way| way.outcome == Outcome::Through) else {
        return format!("because you {wants}.");
    };
    let mut roles: Vec<&str> = way
        .sources
        .iter()
        .filter_map(|source| plan.held.get(usize::from(*source)))
        .map(|held| held.role.name.as_str())
        .collect();
    roles.dedup();
    let roles = roles.join(" and ");
    let standing = match way.dimension {
        Dimension::Organization => format!("you are {roles}"),
        Dimension::Site => format!("you are {roles} of {place}"),
        Dimension::Client if plan.audience == Audience::Client => {
            format!("you are {roles} for every site of your company, {place} among them,")
        }
        Dimension::Client => format!("you are {roles} for the client of {place}"),
        Dimension::Area => format!("you are {roles} for the area of {place}"),
        Dimension::Team => format!("you are {roles} of the team that has it"),
        Dimension::Own(access::Column::Assignee) => "it is assigned to you".to_owned(),
        Dimension::Own(access::Column::Requester) => "you asked for it".to_owned(),
        Dimension::Own(_) => "you reported it".to_owned(),
    };
    format!("because {standing} and {wants}.")
}

/// The message that tells these things: one by itself, or several as the daily one.
pub(super) fn message(app: &App, house: &House, plan: &Plan, told: &[Told], daily: bool) -> Message {
    let mut events: Vec<Event> = told.iter().map(|one| one.event).collect();
    events.sort_unstable();
    events.dedup();
    let stop = Stop { membership: plan.membership, events };
    let unsubscribe = format!("{}{}", app.config.public_url, stop_path(app, &stop));
    let settings =
        plan.portals.iter().min().filter(|_| plan.may_ever(SETTINGS)).map(|portal| {
            format!("{}{}/notifications", app.config.public_url, Door::Portal(*portal).prefix())
        });
    let labels: Vec<String> = stop.events.iter().map(|event| event.label().to_lowercase()).collect();
    let stop_label = format!("Stop mail about {}", labels.join(", "));
    let base = Mail {
        organization: &house.name,
        hue: house.hue,
        settings: settings.as_deref(),
        stop: Some((&stop_label, &unsubscribe)),
        ..Mail::default()
    };
    let (subject, html, plain, why) = match told {
        [one] if !daily => single(one, &base),
        _ => gathered(told, house, &base),
    };
    Message { subject, html, plain, why, unsubscribe }
}

type Words = (String, String, String, String);

fn single(one: &Told, base: &Mail<'_>) -> Words {
    let facts = pairs(&one.letter);
    let paragraphs: Vec<&str> = one.letter.paragraphs.iter().map(String::as_str).collect();
    let (html, plain) = ui::mail(&Mail {
        heading: &one.letter.heading,
        facts: &facts,
        paragraphs: &paragraphs,
        action: Some((one.letter.action, &one.url)),
        why: &one.why,
        ..*base
    });
    (one.letter.subject.clone(), html, plain, one.why.clone())
}

fn gathered(told: &[Told], house: &House, base: &Mail<'_>) -> Words {
    let subject = match told.len() {
        1 => format!("{}: one thing since yesterday", house.name),
        n => format!("{}: {n} things since yesterday", house.name),
    };
    let heading = "Your daily mail";
    let facts: Vec<Vec<(&str, &str)>> = told.iter().map(|one| pairs(&one.letter)).collect();
    let paragraphs: Vec<Vec<&str>> =
        told.iter().map(|one| one.letter.paragraphs.iter().map(String::as_str).collect()).collect();
    let parts: Vec<MailPart<'_>> = told
        .iter()
        .zip(facts.iter().zip(&paragraphs))
        .map(|(one, (facts, paragraphs))| MailPart {
            heading: &one.letter.heading,
            facts,
            paragraphs,
            action: Some((one.letter.action, &one.url)),
        })
        .collect();
    let mut reasons: Vec<&str> = told.iter().map(|one| one.why.trim_end_matches('.')).collect();
    reasons.dedup();
    let first = reasons.first().copied().unwrap_or("because you subscribe to it");
    let why = format!("{first}, {}.", Cadence::Daily.label().to_lowercase());
    let (html, plain) = ui::mail(&Mail { heading, parts: &parts, why: &why, ..*base });
    (subject, html, plain, why)
}

fn pairs(letter: &Letter) -> Vec<(&str, &str)> {
    letter.facts.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
