//! Alarms as they are seen.

use access::FieldClass::{Location, Operational, People, Public};
use access::Resource;
use kernel::id::{AlarmId, SiteId};
use kernel::{Audience, Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::listing::{Keys, Order, Table, field};
use store::{FromRow, Row};

use super::model::{Moment, State};

/// How alarms answer a plan. Who answered is told to whoever sees the alarm, the caller first of all: they answer for
/// the company, by name (`docs/roles.md`).
pub(crate) static ALARMS: Table = Table {
    resource: Resource::Sos,
    name: "alarms",
    fields: &[
        field("id", "t.id", Public),
        field("site_id", "t.site_id", Public),
        field("site", "t.site_name", Public),
        field("zone", "t.zone", Public),
        field("raised_at", "t.raised_at", Public),
        field("state", "t.state", Public),
        field("answered_at", "t.answered_at", Public),
        field("answered_by", "t.answered_name", Public),
        field("closed_at", "t.closed_at", Public),
        field("client", "t.client_name", Operational),
        field("side", "t.side", Operational),
        field("received_at", "t.received_at", Operational),
        field("closed_by", "t.closed_name", Operational),
        field("closing", "t.closing", Operational),
        field("version", "t.version", Operational),
        field("caller", "t.author_name", People),
        field("phone", "t.phone", People),
        field("word", "t.word", People),
        field("latitude", "t.latitude", Location),
        field("longitude", "t.longitude", Location),
        field("accuracy_m", "t.accuracy_m", Location),
    ],
    joins: "",
    orders: &[Order { name: "raised", column: "raised_at", text: false, descending: true, class: Public }],
    search: &[("t.search", Operational), ("t.search_people", People)],
    keys: Keys {
        area: Some("area_id"),
        team: Some("team_id"),
        client: Some("client_id"),
        site: Some("site_id"),
        closed: Some("closed"),
        author: Some("author_id"),
        ..Keys::NONE
    },
    visibility_in_index: false,
};

/// An alarm as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct AlarmOut {
    /// Its id.
    pub id: AlarmId,
    /// Where.
    pub site_id: SiteId,
    /// Where, by name then.
    pub site: String,
    /// The clock of the site.
    pub zone: String,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// How it stands.
    pub state: State,
    /// When somebody answered.
    pub answered_at: Option<Timestamp>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Whose site.
    pub client: Option<String>,
    /// The caller's side: `staff` or `client`.
    pub side: Option<Audience>,
    /// When it arrived here.
    pub received_at: Option<Timestamp>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// With which words.
    pub closing: Option<String>,
    /// Counts its changes.
    pub version: Option<i64>,
    /// Who is in need.
    pub caller: Option<String>,
    /// Where to call them.
    pub phone: Option<String>,
    /// What they said.
    pub word: Option<String>,
    /// Where the phone was, in degrees.
    pub latitude: Option<f64>,
    /// The same.
    pub longitude: Option<f64>,
    /// How sure the phone was, in metres.
    pub accuracy_m: Option<f64>,
}

impl FromRow for AlarmOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let said = |at: usize| row.get::<Option<String>>(at).map(|text| text.filter(|t| !t.is_empty()));
        let side: Option<i64> = row.get(10)?;
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            zone: row.get(3)?,
            raised_at: row.get(4)?,
            state: row.number(5)?,
            answered_at: row.get(6)?,
            answered_by: said(7)?,
            closed_at: row.get(8)?,
            client: said(9)?,
            side: side.map(Audience::try_from).transpose().map_err(kernel::Error::internal)?,
            received_at: row.get(11)?,
            closed_by: said(12)?,
            closing: said(13)?,
            version: row.get(14)?,
            caller: said(15)?,
            phone: said(16)?,
            word: said(17)?,
            latitude: row.get(18)?,
            longitude: row.get(19)?,
            accuracy_m: row.get(20)?,
        })
    }
}

impl AlarmOut {
    /// What it is called in a list.
    pub(crate) fn label(&self) -> String {
        format!("Alarm at {}", self.site)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.state != State::Closed
    }
}

/// One thing that happened in the course of an alarm.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct MomentOut {
    /// What.
    pub kind: Moment,
    /// When.
    pub at: Timestamp,
    /// Who; nobody where the program did it.
    pub by: Option<String>,
    /// In which words.
    pub note: Option<String>,
}

impl FromRow for MomentOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let said = |at: usize| row.get::<String>(at).map(|text| Some(text).filter(|t| !t.is_empty()));
        Ok(Self { kind: row.number(0)?, at: row.get(1)?, by: said(2)?, note: said(3)? })
    }
}

/// What a helper must know of somebody in need.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub(crate) struct CardOut {
    /// The number at which they are called back.
    pub phone: String,
    /// Whom to call.
    pub contact_name: String,
    /// Their number.
    pub contact_phone: String,
    /// What a helper must know.
    pub medical: String,
}

impl FromRow for CardOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            phone: row.get(0)?,
            contact_name: row.get(1)?,
            contact_phone: row.get(2)?,
            medical: row.get(3)?,
        })
    }
}

/// An alarm with its course.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct AlarmWhole {
    /// The alarm.
    #[serde(flatten)]
    pub alarm: AlarmOut,
    /// What happened, oldest first. The caller reads who answered and what they themselves said.
    pub course: Vec<MomentOut>,
    /// The caller's emergency card: for those who answer, while the alarm lasts.
    pub card: Option<CardOut>,
}

/// That an alarm was raised.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct RaisedOut {
    /// Its id.
    pub id: AlarmId,
    /// Where it was raised.
    pub site: String,
    /// When it counts from.
    pub raised_at: Timestamp,
}
