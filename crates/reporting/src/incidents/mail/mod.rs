//! What is mailed about incidents: who is addressed by what, and the words. Each choice stands in `docs/roles.md`
//! with its source. The words are made from what one reader's plan shows, and say less than the page: no notes, no
//! positions, no people involved, to nobody.

mod query;

use access::{Event, Facts, Plan, Resource, Visibility};
use jobs::Later;
use kernel::id::{IncidentId, MembershipId, OrganizationId};
use kernel::{Audience, Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, listing};
use uuid::Uuid;
use web::notices::{Address, Letter, News, Notice, Occurrence, Planned, Reader};
use web::{App, Ctx};

use super::query::INCIDENTS;
use super::view::IncidentOut;
use super::words::Approval;
use super::{VIEW, times};

const BOTH: &[Audience] = &[Audience::Staff, Audience::Client];
const STAFF_SIDE: &[Audience] = &[Audience::Staff];
const CLIENT_SIDE: &[Audience] = &[Audience::Client];

const REPORTS: &[Event] = &[Event::Incident];
const MINE_OR_REPORTS: &[Event] = &[Event::Assigned, Event::Incident];

const BASE: Notice = Notice {
    topic: "",
    label: "",
    events: REPORTS,
    sides: BOTH,
    view: VIEW,
    // Filed, approved, published: a person hears of an incident once, when they can first see it.
    once: "incident",
    facts,
    address: subscribers,
    write,
    path,
};

/// Filed. Staff who subscribe hear of it; of the client side those who see it from then on ("share all").
pub(super) static FILED: Notice = Notice { topic: "incident.filed", label: "Incident filed", ..BASE };

/// Approved: "approving is what sends the mail". Those of the client side who see it now hear of it now, the others as
/// soon as it is published.
pub(super) static APPROVED: Notice =
    Notice { topic: "incident.approved", label: "Incident approved", sides: CLIENT_SIDE, ..BASE };

/// Published: by itself it sends nothing.
pub(super) static PUBLISHED: Notice = Notice {
    topic: "incident.published",
    label: "Incident published",
    sides: CLIENT_SIDE,
    address: published,
    ..BASE
};

/// Escalated: to whoever has it, and to staff who subscribe.
pub(super) static ESCALATED: Notice = Notice {
    topic: "incident.escalated",
    label: "Incident escalated",
    events: MINE_OR_REPORTS,
    sides: STAFF_SIDE,
    once: "",
    address: escalated,
    ..BASE
};

/// Given to somebody: to them, and to staff who subscribe.
pub(super) static ASSIGNED: Notice = Notice {
    topic: "incident.assigned",
    label: "Incident assigned",
    events: MINE_OR_REPORTS,
    sides: STAFF_SIDE,
    once: "",
    address: assigned,
    ..BASE
};

/// All of them, for the route of the incident's page.
pub(super) static NOTICES: [&Notice; 5] = [&FILED, &APPROVED, &PUBLISHED, &ESCALATED, &ASSIGNED];

/// What has to be known of the moment besides.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Moment {
    /// Its site asked for approval and it was approved: the mail that the approval owes goes out with the publication.
    pub(super) approved: bool,
    /// Who got it.
    pub(super) assignee: Option<MembershipId>,
}

impl Moment {
    fn of(occurrence: &Occurrence) -> Self {
        serde_json::from_value(occurrence.detail.clone()).unwrap_or_default()
    }
}

/// Notes in a batch what happened to an incident, with its visibility afterwards.
pub(super) fn note(
    ctx: &Ctx,
    batch: &mut Batch,
    notice: &'static Notice,
    id: IncidentId,
    visibility: Visibility,
    moment: Moment,
) {
    let news = News { notice, record: id.uuid(), visibility: Some(visibility.number()), detail: &moment };
    ctx.note(batch, Resource::Incident, &news);
}

/// Who of the client side is mailed if this incident is published now.
pub(super) async fn told_by_publishing(
    ctx: &Ctx,
    incident: &IncidentOut,
    released: &Facts,
    plans: &[Plan],
) -> Result<Vec<MembershipId>> {
    let approved = incident.approval == Some(Approval::Yes);
    let detail = serde_json::to_value(Moment { approved, assignee: None }).unwrap_or_default();
    let planned = Planned {
        notice: &PUBLISHED,
        record: incident.id.uuid(),
        facts: released,
        detail: &detail,
        by: ctx.who.membership,
    };
    web::notices::would_tell(&ctx.app, &planned, plans).await
}

fn subscribers(_: &Occurrence, _: &Reader<'_>) -> Address {
    Address::Subscribers(REPORTS)
}

fn published(of: &Occurrence, _: &Reader<'_>) -> Address {
    if Moment::of(of).approved || of.house.mail_on_publish {
        Address::Subscribers(REPORTS)
    } else {
        Address::Nobody("Publishing by itself mails nobody; the organization's settings can change that.")
    }
}

fn has_it(reader: &Reader<'_>) -> bool {
    reader.facts.assignee == Some(reader.membership.uuid())
}

fn escalated(_: &Occurrence, reader: &Reader<'_>) -> Address {
    Address::Subscribers(if has_it(reader) { MINE_OR_REPORTS } else { REPORTS })
}

fn assigned(of: &Occurrence, reader: &Reader<'_>) -> Address {
    if Moment::of(of).assignee.map(MembershipId::uuid) != reader.facts.assignee {
        return Address::Nobody("Somebody else got it, or nobody has it, before the mail left.");
    }
    escalated(of, reader)
}

fn facts(app: &App, organization: OrganizationId, id: Uuid) -> Later<'_, Result<Option<Facts>>> {
    Box::pin(query::facts(&app.store, organization, id))
}

fn path(id: Uuid) -> String {
    format!("/incidents/{}", IncidentId::from_uuid(id))
}

fn write<'a>(app: &'a App, plan: &'a Plan, of: &'a Occurrence) -> Later<'a, Result<Option<Letter>>> {
    Box::pin(async move {
        let (incident, _): (IncidentOut, Facts) =
            listing::find(&app.store, plan, VIEW, &INCIDENTS, of.record).await?;
        Ok((!incident.archived).then(|| letter(of, plan.membership, &incident)))
    })
}

/// The longest part of a narrative that is mailed, in characters.
const MOST_WORDS: usize = 1_200;

fn letter(of: &Occurrence, reader: MembershipId, incident: &IncidentOut) -> Letter {
    let mut facts = vec![
        ("When", clock(incident.occurred_at, &incident.zone)),
        ("Severity", incident.severity.label().to_owned()),
        ("Status", incident.status.label().to_owned()),
        ("Reference", incident.reference.clone()),
    ];
    let what = format!("{} at {}", incident.kind, incident.site);
    let place = incident.site.clone();
    // The client side gets the same words whichever event let it out: how the organization works stays inside.
    let Some(narrative) = &incident.narrative else {
        let details = if incident.public_details.is_empty() {
            "No details were given.".to_owned()
        } else {
            incident.public_details.clone()
        };
        let paragraphs = vec![details];
        let action = "Read the incident";
        return Letter { subject: what.clone(), heading: what, facts, paragraphs, action, place };
    };
    if let Some(client) = &incident.client {
        facts.push(("Client", client.clone()));
    }
    if let Some(author) = &incident.author {
        facts.push(("Reported by", author.clone()));
    }
    if let Some(assignee) = &incident.assignee {
        facts.push(("Assigned to", assignee.clone()));
    }
    let mut paragraphs = Vec::new();
    if incident.approval == Some(Approval::No) {
        paragraphs.push("Its site asks for approval before the client side sees it.".to_owned());
    }
    paragraphs.push(shortened(narrative));
    let label = incident.row.label();
    let title = incident.title.as_deref().filter(|title| !title.is_empty()).unwrap_or(&what);
    let topic = of.registered.notice.topic;
    let mine = Moment::of(of).assignee == Some(reader);
    let subject = match topic {
        _ if topic == ESCALATED.topic => format!("Urgent: {label} {what}"),
        _ if topic == ASSIGNED.topic && mine => format!("Assigned to you: {label} {what}"),
        _ if topic == ASSIGNED.topic => format!("Assigned: {label} {what}"),
        _ => format!("New incident: {label} {what}"),
    };
    Letter {
        subject,
        heading: format!("{label} {title}"),
        facts,
        paragraphs,
        action: "Open the incident",
        place,
    }
}

/// On the site's clock.
fn clock(at: Timestamp, zone: &str) -> String {
    let zone = times::zone(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    at.to_zoned(zone).strftime("%a %-d %b %Y, %H:%M %Z").to_string()
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= MOST_WORDS {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST_WORDS).collect();
    let whole = start.rsplit_once(char::is_whitespace).map_or(start.as_str(), |(before, _)| before);
    format!("{whole} …")
}
