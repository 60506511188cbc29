//! What is mailed about alarms: that one was raised, and again while nobody answers; to the caller, that somebody does.

use access::{Event, Facts, Plan, Resource};
use jobs::Later;
use kernel::id::{AlarmId, OrganizationId};
use kernel::{Audience, Result};
use store::{Batch, listing};
use uuid::Uuid;
use web::notices::{Address, Letter, News, Notice, Occurrence, Reader};
use web::{App, Ctx};

use super::model::State;
use super::view::{ALARMS, AlarmOut};
use super::{ACKNOWLEDGE, VIEW, query};

const STAFF: &[Audience] = &[Audience::Staff];
const ALL: &[Audience] = &[Audience::Staff, Audience::Client];
const ALARM: &[Event] = &[Event::Sos];
/// What concerns oneself is always told.
const MINE: &[Event] = &[Event::Assigned];

const BASE: Notice = Notice {
    topic: "",
    label: "",
    events: ALARM,
    sides: STAFF,
    view: VIEW,
    once: "",
    facts,
    address: responders,
    write,
    path,
};

/// Somebody is in need.
pub(super) static RAISED: Notice = Notice { topic: "sos.raised", label: "Alarm raised", ..BASE };

/// Nobody has answered yet.
pub(super) static AGAIN: Notice = Notice { topic: "sos.again", label: "Alarm not answered", ..BASE };

/// The caller hears who answers.
pub(super) static ANSWERED: Notice = Notice {
    topic: "sos.answered",
    label: "Alarm answered",
    events: MINE,
    sides: ALL,
    address: caller,
    ..BASE
};

/// All of them, for the route of the alarm's page.
pub(super) static NOTICES: [&Notice; 3] = [&RAISED, &AGAIN, &ANSWERED];

/// Notes in a batch what happened to an alarm.
pub(super) fn note(ctx: &Ctx, batch: &mut Batch, notice: &'static Notice, id: AlarmId) {
    ctx.note(batch, Resource::Sos, &News { notice, record: id.uuid(), visibility: None, detail: &() });
}

fn responders(_: &Occurrence, reader: &Reader<'_>) -> Address {
    if reader.facts.closed == Some(1) {
        return Address::Nobody("The alarm was closed before the mail left.");
    }
    if reader.plan.check(ACKNOWLEDGE, reader.facts) {
        Address::Subscribers(ALARM)
    } else {
        Address::Nobody("Alarms are mailed to those who may answer them.")
    }
}

fn caller(_: &Occurrence, reader: &Reader<'_>) -> Address {
    if reader.facts.author == Some(reader.membership.uuid()) {
        Address::Subscribers(MINE)
    } else {
        Address::Nobody("Who answers is mailed to the caller.")
    }
}

fn facts(app: &App, organization: OrganizationId, id: Uuid) -> Later<'_, Result<Option<Facts>>> {
    Box::pin(query::facts(&app.store, organization, id))
}

fn path(id: Uuid) -> String {
    format!("/sos/{}", AlarmId::from_uuid(id))
}

fn write<'a>(app: &'a App, plan: &'a Plan, of: &'a Occurrence) -> Later<'a, Result<Option<Letter>>> {
    Box::pin(async move {
        let (alarm, _): (AlarmOut, Facts) = listing::find(&app.store, plan, VIEW, &ALARMS, of.record).await?;
        Ok(letter(of, &alarm))
    })
}

fn letter(of: &Occurrence, alarm: &AlarmOut) -> Option<Letter> {
    let topic = of.registered.notice.topic;
    let zone = jiff::tz::TimeZone::get(&alarm.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = alarm.raised_at.to_zoned(zone).strftime("%-d %B %Y, %H:%M %Z").to_string();
    if topic == ANSWERED.topic {
        let by = alarm.answered_by.clone()?;
        return Some(Letter {
            subject: format!("{by} answers your alarm"),
            heading: format!("{by} answers your alarm"),
            facts: vec![("Site", alarm.site.clone()), ("Raised", at)],
            paragraphs: vec!["Stay where it is safe. The alarm stays open until they close it.".to_owned()],
            action: "Open the alarm",
            place: alarm.site.clone(),
        });
    }
    // Answered meanwhile: nobody is to be called to it any more.
    if alarm.state != State::Raised {
        return None;
    }
    let who = alarm.caller.clone().unwrap_or_else(|| "Somebody".to_owned());
    let subject = if topic == AGAIN.topic {
        format!("ALARM NOT ANSWERED: {who}, {}", alarm.site)
    } else {
        format!("ALARM: {who}, {}", alarm.site)
    };
    let mut facts = vec![("Who", who), ("Site", alarm.site.clone()), ("Raised", at)];
    if let Some(phone) = &alarm.phone {
        facts.push(("Telephone", phone.clone()));
    }
    if let (Some(latitude), Some(longitude)) = (alarm.latitude, alarm.longitude) {
        let sure = alarm.accuracy_m.map(|m| format!(" (± {m:.0} m)")).unwrap_or_default();
        facts.push(("Position", format!("{latitude:.5}, {longitude:.5}{sure}")));
    }
    if let Some(word) = &alarm.word {
        facts.push(("Says", word.clone()));
    }
    Some(Letter {
        heading: subject.clone(),
        subject,
        facts,
        paragraphs: vec![
            "Answer it by name: the caller sees who does, and nobody else is called again.".to_owned(),
        ],
        action: "Answer the alarm",
        place: alarm.site.clone(),
    })
}
