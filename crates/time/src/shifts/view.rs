//! A shift as it is seen. Every field that a plan may hide is optional.

use access::FieldClass::{Operational, People, Public};
use access::Resource;
use kernel::id::{MembershipId, ShiftId, SiteId, WorkerId};
use kernel::{Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::listing::{Keys, Order, Table, field};
use store::{FromRow, Row};

use super::model::State;
use crate::week;

/// How shifts answer a plan.
pub(crate) static SHIFTS: Table = Table {
    resource: Resource::Shift,
    name: "shifts",
    fields: &[
        field("id", "t.id", Public),
        field("site_id", "t.site_id", Public),
        field("site", "t.site_name", Public),
        field("zone", "t.zone", Public),
        field("post", "t.post", Public),
        field("starts_at", "t.starts_at", Public),
        field("ends_at", "t.ends_at", Public),
        field("break_minutes", "t.break_minutes", Public),
        // Public, because an archived shift goes back to a draft: outsiders meet only the other ones.
        field("archived", "t.archived", Public),
        field("state", "t.state", Operational),
        field("open", "case when t.worker_id is null then 1 else 0 end", Operational),
        field("asked_for", "case when t.requester_id is null then 0 else 1 end", Operational),
        field("shared", "case when t.visibility = 3 then 1 else 0 end", Operational),
        field("client", "t.client_name", Operational),
        field("note", "t.note", Operational),
        field("answer_note", "t.answer_note", Operational),
        field("published_at", "t.published_at", Operational),
        field("answered_at", "t.answered_at", Operational),
        field("version", "t.version", Operational),
        field("worker_id", "t.worker_id", People),
        field("worker", "t.worker_name", People),
        field("assignee_id", "t.assignee_id", People),
        field("asked_by", "t.requester_name", People),
        field("planned_by", "t.author_name", People),
    ],
    joins: "",
    orders: &[Order { name: "starts", column: "starts_at", text: false, descending: false, class: Public }],
    search: &[("t.search", Operational), ("t.search_people", People)],
    keys: Keys {
        area: Some("area_id"),
        team: Some("team_id"),
        client: Some("client_id"),
        site: Some("site_id"),
        visibility: Some("visibility"),
        closed: Some("closed"),
        author: Some("author_id"),
        assignee: Some("assignee_id"),
        requester: Some("requester_id"),
        ..Keys::NONE
    },
    visibility_in_index: true,
};

/// A shift as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ShiftOut {
    /// Its id.
    pub id: ShiftId,
    /// Where.
    pub site_id: SiteId,
    /// Where, by name then.
    pub site: String,
    /// The clock of the site.
    pub zone: String,
    /// What is to be done there.
    pub post: String,
    /// From.
    pub starts_at: Timestamp,
    /// Until.
    pub ends_at: Timestamp,
    /// Elapsed minutes from start to end, whatever the clock on the wall does meanwhile.
    pub minutes: i64,
    /// Of these, unpaid break.
    pub break_minutes: i64,
    /// Put away?
    pub archived: bool,
    /// How far it is.
    pub state: Option<State>,
    /// Nobody has it.
    pub open: Option<bool>,
    /// Somebody asked for it.
    pub asked_for: Option<bool>,
    /// The client side sees it.
    pub shared: Option<bool>,
    /// Whose site.
    pub client: Option<String>,
    /// What the worker should know.
    pub note: Option<String>,
    /// What the worker said to it.
    pub answer_note: Option<String>,
    /// When it was made known.
    pub published_at: Option<Timestamp>,
    /// When its worker said yes or no.
    pub answered_at: Option<Timestamp>,
    /// Send it back when changing the shift.
    pub version: Option<i64>,
    /// Who.
    pub worker_id: Option<WorkerId>,
    /// Who, by name.
    pub worker: Option<String>,
    /// Whose shift it is, once published.
    pub assignee_id: Option<MembershipId>,
    /// Who asked for it.
    pub asked_by: Option<String>,
    /// Who planned it.
    pub planned_by: Option<String>,
}

impl FromRow for ShiftOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let flag = |at: usize| row.get::<Option<i64>>(at).map(|n| n.map(|n| n == 1));
        let (starts_at, ends_at): (Timestamp, Timestamp) = (row.get(5)?, row.get(6)?);
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            zone: row.get(3)?,
            post: row.get(4)?,
            starts_at,
            ends_at,
            minutes: week::minutes(starts_at, ends_at),
            break_minutes: row.get(7)?,
            archived: row.get::<i64>(8)? == 1,
            state: row.optional_number(9)?,
            open: flag(10)?,
            asked_for: flag(11)?,
            shared: flag(12)?,
            client: row.get(13)?,
            note: row.get(14)?,
            answer_note: row.get(15)?,
            published_at: row.get(16)?,
            answered_at: row.get(17)?,
            version: row.get(18)?,
            worker_id: row.get(19)?,
            worker: row.get(20)?,
            assignee_id: row.get(21)?,
            asked_by: row.get(22)?,
            planned_by: row.get(23)?,
        })
    }
}

impl ShiftOut {
    /// "Dock 4, Mon 23 Nov 2026, 22:00–06:00".
    pub(crate) fn label(&self) -> String {
        format!("{}, {}", self.site, week::span(self.starts_at, self.ends_at, &self.zone))
    }

    /// "22:00–06:00", on the site's clock.
    pub(crate) fn clock(&self) -> String {
        week::clock(self.starts_at, self.ends_at, &self.zone)
    }

    /// The day it begins on, on the site's clock.
    pub(crate) fn day(&self) -> jiff::civil::Date {
        week::zone(&self.zone).to_datetime(self.starts_at).date()
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open == Some(true)
    }

    pub(crate) fn is(&self, state: State) -> bool {
        self.state == Some(state)
    }
}

/// A shift with what the rules say to it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ShiftWhole {
    /// The shift.
    #[serde(flatten)]
    pub shift: ShiftOut,
    /// It is the asker's own.
    pub mine: bool,
    /// The asker asked for it.
    pub asked_by_me: bool,
    /// What the organization's rules warn of, in words; for those who plan.
    pub warnings: Vec<String>,
}
