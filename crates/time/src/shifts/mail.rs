//! What is mailed about shifts: an open one to those who may ask for it, a published one to whoever has it, a
//! reminder on the evening before. Words come from the reader's own plan.

use access::{Event, Facts, Plan, Resource, Visibility};
use jobs::Later;
use kernel::id::{OrganizationId, ShiftId};
use kernel::{Audience, Result};
use store::{Batch, listing};
use uuid::Uuid;
use web::notices::{Address, Letter, News, Notice, Occurrence, Reader};
use web::{App, Ctx};

use super::model::State;
use super::view::{SHIFTS, ShiftOut};
use super::{CLAIM, VIEW, query};
use crate::week;

const STAFF: &[Audience] = &[Audience::Staff];
const OPEN_SHIFTS: &[Event] = &[Event::OpenShift];
const REMINDERS: &[Event] = &[Event::ShiftReminder];
const MINE: &[Event] = &[Event::Assigned];

const BASE: Notice = Notice {
    topic: "",
    label: "",
    events: OPEN_SHIFTS,
    sides: STAFF,
    view: VIEW,
    once: "",
    facts,
    address: claimants,
    write,
    path,
};

/// Nobody has it: those who may ask for it hear of it.
pub(super) static OPEN: Notice = Notice { topic: "shift.opened", label: "Open shift", ..BASE };

/// Made known, or given to somebody: whoever has it hears of it.
pub(super) static PUBLISHED: Notice =
    Notice { topic: "shift.published", label: "Shift published", events: MINE, address: holder, ..BASE };

/// It is tomorrow: whoever has it is reminded.
pub(super) static REMINDER: Notice =
    Notice { topic: "shift.reminder", label: "Shift reminder", events: REMINDERS, address: reminded, ..BASE };

/// All of them, for the route of the shift's page.
pub(super) static NOTICES: [&Notice; 3] = [&OPEN, &PUBLISHED, &REMINDER];

/// Notes in a batch what happened to a shift.
pub(super) fn note(
    ctx: &Ctx,
    batch: &mut Batch,
    notice: &'static Notice,
    id: ShiftId,
    visibility: Visibility,
) {
    let news = News { notice, record: id.uuid(), visibility: Some(visibility.number()), detail: &() };
    ctx.note(batch, Resource::Shift, &news);
}

fn claimants(_: &Occurrence, reader: &Reader<'_>) -> Address {
    if reader.facts.closed == Some(1) {
        return Address::Nobody("Somebody got the shift before the mail left.");
    }
    if reader.plan.check(CLAIM, reader.facts) {
        Address::Subscribers(OPEN_SHIFTS)
    } else {
        Address::Nobody("Open shifts are mailed to those who may ask for them.")
    }
}

fn has_it(reader: &Reader<'_>) -> bool {
    reader.facts.assignee == Some(reader.membership.uuid())
}

fn holder(_: &Occurrence, reader: &Reader<'_>) -> Address {
    if has_it(reader) { Address::Subscribers(MINE) } else { Address::Nobody("It is somebody else's shift.") }
}

fn reminded(_: &Occurrence, reader: &Reader<'_>) -> Address {
    if has_it(reader) {
        Address::Subscribers(REMINDERS)
    } else {
        Address::Nobody("It is somebody else's shift.")
    }
}

fn facts(app: &App, organization: OrganizationId, id: Uuid) -> Later<'_, Result<Option<Facts>>> {
    Box::pin(query::facts(&app.store, organization, id))
}

fn path(id: Uuid) -> String {
    format!("/shifts/{}", ShiftId::from_uuid(id))
}

fn write<'a>(app: &'a App, plan: &'a Plan, of: &'a Occurrence) -> Later<'a, Result<Option<Letter>>> {
    Box::pin(async move {
        let (shift, _): (ShiftOut, Facts) = listing::find(&app.store, plan, VIEW, &SHIFTS, of.record).await?;
        let over = shift.ends_at <= app.clock.now();
        Ok((!shift.archived && !over && !shift.is(State::Draft)).then(|| letter(of, &shift)))
    })
}

fn letter(of: &Occurrence, shift: &ShiftOut) -> Letter {
    let when = week::span(shift.starts_at, shift.ends_at, &shift.zone);
    let topic = of.registered.notice.topic;
    let (subject, words, action) = if topic == OPEN.topic {
        (
            format!("Open shift: {}, {when}", shift.site),
            "Nobody has this shift yet. Whoever asks for it is told when it is decided.",
            "Look at the shift",
        )
    } else if topic == REMINDER.topic {
        (format!("Reminder: {}, {when}", shift.site), "This is your next shift.", "Open the shift")
    } else {
        (
            format!("Your shift: {}, {when}", shift.site),
            "This shift is yours. Confirm it, or say that you cannot come.",
            "Answer",
        )
    };
    let mut facts = vec![("When", when), ("Site", shift.site.clone())];
    if !shift.post.is_empty() {
        facts.push(("Post", shift.post.clone()));
    }
    let mut paragraphs = vec![words.to_owned()];
    if let Some(note) = shift.note.as_ref().filter(|note| !note.is_empty()) {
        paragraphs.push(note.clone());
    }
    Letter { heading: subject.clone(), subject, facts, paragraphs, action, place: shift.site.clone() }
}
