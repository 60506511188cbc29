//! SQL of the outbox. Rows are written by `jobs::mail`.

use access::{FieldClass, Resource};
use jobs::events::EventState;
use jobs::mail::MailState;
use kernel::id::{EventId, MailId};
use kernel::{Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::listing::{Keys, Order, Table, field};
use store::{FromRow, Row};

pub(super) static MAILS: Table = Table {
    resource: Resource::Organization,
    name: "mails",
    fields: &[
        field("id", "t.id", FieldClass::Operational),
        field("recipient", "t.recipient", FieldClass::Operational),
        field("subject", "t.subject", FieldClass::Operational),
        field("why", "t.why", FieldClass::Operational),
        field("state", "t.state", FieldClass::Operational),
        field("attempts", "t.attempts", FieldClass::Operational),
        field("error", "t.error", FieldClass::Operational),
        field("created_at", "t.created_at", FieldClass::Operational),
        field("sent_at", "t.sent_at", FieldClass::Operational),
        field("plain", "t.plain", FieldClass::Operational),
        field("html", "t.html", FieldClass::Operational),
    ],
    joins: "",
    orders: &[Order {
        name: "created",
        column: "created_at",
        text: false,
        descending: true,
        class: FieldClass::Operational,
    }],
    search: &[],
    keys: Keys::NONE,
    visibility_in_index: false,
};

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
    /// How often it was tried.
    pub attempts: i64,
    /// What the last try met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When it left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// What it says; never in JSON.
    #[serde(skip)]
    pub plain: String,
    /// The same for mail programs that show it; never in JSON.
    #[serde(skip)]
    pub html: String,
}

impl FromRow for MailOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            recipient: row.get(1)?,
            subject: row.get(2)?,
            why: row.get(3)?,
            state: row.number(4)?,
            attempts: row.get(5)?,
            error: row.get(6)?,
            created_at: row.get(7)?,
            sent_at: row.get(8)?,
            plain: row.get(9)?,
            html: row.get(10)?,
        })
    }
}

/// What happened, on its way to being told. Rows are written by `jobs::events`.
pub(super) static EVENTS: Table = Table {
    resource: Resource::Organization,
    name: "events",
    fields: &[
        field("id", "t.id", FieldClass::Operational),
        field("topic", "t.topic", FieldClass::Operational),
        field("state", "t.state", FieldClass::Operational),
        field("attempts", "t.attempts", FieldClass::Operational),
        field("error", "t.error", FieldClass::Operational),
        field("at", "t.at", FieldClass::Operational),
    ],
    joins: "",
    orders: &[Order {
        name: "at",
        column: "at",
        text: false,
        descending: true,
        class: FieldClass::Operational,
    }],
    search: &[],
    keys: Keys::NONE,
    visibility_in_index: false,
};

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
