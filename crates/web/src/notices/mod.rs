//! Notices: mail about records, as an exit of the one evaluator (ROLES.md: law 9).
//!
//! A change notes an event in its own batch ([`Ctx::note`]). A worker expands it: whoever subscribes, is addressed by
//! the kind of notice, and may view the record by their own plan *at that time* gets a message that is made from their
//! own projected view, never from the row. What was decided for whom, and why, is kept. Before a message leaves it is
//! looked at once more: what was taken back meanwhile is not told.
//!
//! An area adds a kind of notice with a [`Notice`] in the route of its record's page (`Route::tells`), which brings
//! a rule (whom it addresses) and a renderer (what it says to one reader), and nothing else.

mod compose;
mod decide;
mod query;
mod record;
pub mod settings;
mod stop;
mod words;
mod work;
mod would;

use access::{Event, Facts, Permission, Plan, Resource};
use jobs::Later;
use jobs::events::NewEvent;
use kernel::id::{EventId, MembershipId, OrganizationId};
use kernel::{Audience, Result, Timestamp};
use serde::Serialize;
use store::Batch;
use uuid::Uuid;

pub use record::{MailedOut, MailedQuery, mailed, mailed_page, may_ask};
pub use stop::{Stop, stop_path, stopped};
pub use words::{Cadence, Outcome};
pub use work::{Worker, expand_waiting, forget_old, run, send_digests};
pub use would::{Planned, Would, would_mail, would_tell};

use crate::app::App;
use crate::context::{Ctx, Door};

/// Reads what decisions need to know of a record.
pub type FindFacts = for<'a> fn(&'a App, OrganizationId, Uuid) -> Later<'a, Result<Option<Facts>>>;
/// Writes a letter to the reader whose plan it is.
pub type Write = for<'a> fn(&'a App, &'a Plan, &'a Occurrence) -> Later<'a, Result<Option<Letter>>>;

/// One kind of notice.
#[derive(Debug)]
pub struct Notice {
    /// The stable word of what happened: `incident.filed`.
    pub topic: &'static str,
    /// The same for people: "Incident filed".
    pub label: &'static str,
    /// The subscriptions it can come through.
    pub events: &'static [Event],
    /// The sides it can be meant for. Nobody else is even considered.
    pub sides: &'static [Audience],
    /// What a reader must hold on the record.
    pub view: Permission,
    /// Kinds with the same word here tell a person about a record once, whichever comes first. Empty: each tells.
    pub once: &'static str,
    /// What decisions need to know of the record as it is now; `None` when there is none. Shown to nobody.
    pub facts: FindFacts,
    /// Whom it addresses, among those who could see the record.
    pub address: fn(&Occurrence, &Reader<'_>) -> Address,
    /// The words, from what this plan shows of the record. `Error::NotFound` where it shows none of it; `None` when the
    /// record was put away and nobody needs to hear of it.
    pub write: Write,
    /// Where the record is, below a door.
    pub path: fn(Uuid) -> String,
}

/// A kind of notice, and the doors through which its record is opened.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The kind.
    pub notice: &'static Notice,
    /// The doors of the record's page.
    pub doors: Vec<Door>,
}

/// Whom a kind of notice addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// This reader, if they subscribe to one of these.
    Subscribers(&'static [Event]),
    /// Not this reader, for a reason.
    Nobody(&'static str),
}

/// Somebody who might be told.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Who.
    pub membership: MembershipId,
    /// Their side.
    pub audience: Audience,
    /// What they may do.
    pub plan: &'a Plan,
    /// The record as it is now.
    pub facts: &'a Facts,
}

/// The organization a notice comes from.
#[derive(Clone, Debug)]
pub struct House {
    /// Which.
    pub id: OrganizationId,
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub hue: u16,
    /// Its clock.
    pub zone: String,
    /// Publishing mails those of the client side who subscribe.
    pub mail_on_publish: bool,
}

/// Something that happened, with what a notice needs to know of it.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// The event; none in a preview.
    pub event: Option<EventId>,
    /// Its kind.
    pub registered: Registered,
    /// Whose.
    pub house: House,
    /// The record.
    pub record: Uuid,
    /// Who outside could meet the record then.
    pub visibility: Option<i64>,
    /// What the kind of notice noted of that moment.
    pub detail: serde_json::Value,
    /// Who did it.
    pub caused_by: Option<MembershipId>,
    /// When.
    pub at: Timestamp,
}

/// What a message says of one record, in the words of one reader's view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Subject line.
    pub subject: String,
    /// First line.
    pub heading: String,
    /// Names and values.
    pub facts: Vec<(&'static str, String)>,
    /// Text.
    pub paragraphs: Vec<String>,
    /// What the link is called.
    pub action: &'static str,
    /// Where it is about, for "because you are Site User of …".
    pub place: String,
}

/// What a change notes.
#[derive(Clone, Copy, Debug)]
pub struct News<'a, D> {
    /// The kind of notice.
    pub notice: &'static Notice,
    /// The record.
    pub record: Uuid,
    /// Its visibility after the change.
    pub visibility: Option<i64>,
    /// What the kind of notice needs to know of this moment besides. No words of the record.
    pub detail: &'a D,
}

impl Ctx {
    /// Notes in a batch what happened, for those who may want a message about it.
    pub fn note<D: Serialize>(&self, batch: &mut Batch, resource: Resource, news: &News<'_, D>) {
        let detail = serde_json::to_string(news.detail).unwrap_or_else(|_unwritable| "{}".to_owned());
        jobs::events::note(
            batch,
            &NewEvent {
                organization: self.who.organization,
                topic: news.notice.topic,
                resource: resource.word(),
                record: news.record,
                visibility: news.visibility,
                detail: &detail,
                caused_by: Some(self.who.membership),
                at: self.now(),
            },
        );
    }
}
