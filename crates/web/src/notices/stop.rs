//! The link that stops a sort of message with one press, without a sign-in (RFC 8058). It names whose messages and
//! which sorts; nobody else can write one, and all it can do is turn these sorts off.

use access::Event;
use kernel::id::MembershipId;
use uuid::Uuid;

use crate::app::App;

const PURPOSE: &str = "unsubscribe";

/// What a link stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Whose messages.
    pub membership: MembershipId,
    /// Which sorts.
    pub events: Vec<Event>,
}

/// Where the link leads, in front of the doors.
#[must_use]
pub fn stop_path(app: &App, stop: &Stop) -> String {
    let mut body = stop.membership.uuid().as_bytes().to_vec();
    body.extend(stop.events.iter().filter_map(|event| u8::try_from(event.number()).ok()));
    format!("/unsubscribe/{}", app.store.seal(PURPOSE, &body))
}

/// What the word of a link stops, if it is one of ours.
#[must_use]
pub fn stopped(app: &App, word: &str) -> Option<Stop> {
    let body = app.store.unseal(PURPOSE, word)?;
    let (id, events) = body.split_at_checked(16)?;
    let events: Option<Vec<Event>> = events.iter().map(|n| Event::try_from(i64::from(*n)).ok()).collect();
    let events = events.filter(|events| !events.is_empty())?;
    Some(Stop { membership: MembershipId::from_uuid(Uuid::from_slice(id).ok()?), events })
}
