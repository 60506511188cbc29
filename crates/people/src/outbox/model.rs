//! What a message is, as it is seen.

use jobs::events::EventState;
use jobs::mail::{About, MailState};
use kernel::id::{EventId, InvitationId, MailId};
use kernel::{Error, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};

/// A message as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MailOut {
    /// Its id.
    pub id: MailId,
    /// To whom.
    pub recipient: String,
    /// Subject line.
    pub subject: String,
    /// Why the person gets it.
    pub why: String,
    /// On its way.
    pub state: MailState,
    /// How often it was tried since it was made or sent again.
    pub attempts: i64,
    /// What the last try met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it is tried next; of messages that wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When it left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// From then on what it says no longer holds, and it is not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good_until: Option<Timestamp>,
    /// What it says; never in JSON.
    #[serde(skip)]
    pub plain: String,
    /// The same for mail programs that show it; never in JSON.
    #[serde(skip)]
    pub html: String,
    /// What it is about.
    #[serde(skip)]
    pub(super) about: Option<Subject>,
}

/// What a message is about; each kind has its own rule for sending again.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    Invitation(InvitationId),
}

impl FromRow for MailOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let state = row.number(4)?;
        let about = match (row.get::<Option<i64>>(12)?, row.get::<Option<uuid::Uuid>>(13)?) {
            (Some(number), Some(id)) => Some(match About::try_from(number).map_err(Error::internal)? {
                About::Invitation => Subject::Invitation(InvitationId::from_uuid(id)),
            }),
            _ => None,
        };
        Ok(Self {
            id: row.get(0)?,
            recipient: row.get(1)?,
            subject: row.get(2)?,
            why: row.get(3)?,
            state,
            attempts: row.get(5)?,
            error: row.get(6)?,
            next_at: Some(row.get(7)?).filter(|_| state == MailState::Waiting),
            created_at: row.get(8)?,
            sent_at: row.get(9)?,
            good_until: row.get(10)?,
            plain: row.get(11)?,
            html: row.get(14)?,
            about,
        })
    }
}

impl MailOut {
    /// Did it fail, so that sending again means something?
    pub(super) fn failed(&self) -> bool {
        self.state == MailState::Dead || (self.state == MailState::Waiting && self.attempts > 0)
    }
}

/// Which messages are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MailFilter {
    /// `waiting`, `sent`, `dead` or `withdrawn`; all unless given.
    pub state: String,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

/// Something that happened and could not be worked out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EventOut {
    /// Its id.
    pub id: EventId,
    /// What happened, as a word.
    pub topic: String,
    /// What happened, for people.
    pub label: String,
    /// How far it is.
    pub state: EventState,
    /// How often it was tried.
    pub attempts: i64,
    /// What the last try met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}

impl FromRow for EventOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let topic: String = row.get(1)?;
        Ok(Self {
            id: row.get(0)?,
            label: topic.replace(['.', '_'], " "),
            topic,
            state: row.number(2)?,
            attempts: row.get(3)?,
            error: row.get(4)?,
            at: row.get(5)?,
        })
    }
}
