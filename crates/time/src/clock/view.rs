//! Attendance as it is seen.

use access::FieldClass::{Operational, People, Public};
use access::Resource;
use kernel::id::{MembershipId, ShiftId, SiteId, TimeEntryId, WorkerId};
use kernel::{Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::listing::{Keys, Order, Table, field};
use store::{FromRow, Row};

use super::model::{Kind, Source, Standing};
use crate::week;

const KEYS: Keys = Keys {
    area: Some("area_id"),
    team: Some("team_id"),
    client: Some("client_id"),
    site: Some("site_id"),
    assignee: Some("assignee_id"),
    ..Keys::NONE
};

const ORDERS: &[Order] =
    &[Order { name: "started", column: "started_at", text: false, descending: true, class: Public }];

/// How attendance answers a plan.
pub(crate) static ENTRIES: Table = Table {
    resource: Resource::TimeEntry,
    name: "time_entries",
    fields: &[
        field("id", "t.id", Public),
        field("site_id", "t.site_id", Public),
        field("site", "t.site_name", Public),
        field("zone", "t.zone", Public),
        field("started_at", "t.started_at", Public),
        field("ended_at", "t.ended_at", Public),
        field("break_minutes", "t.break_minutes", Public),
        field("state", "t.state", Public),
        field("shift_id", "t.shift_id", Operational),
        field("shift_starts_at", "t.shift_starts_at", Operational),
        field("shift_ends_at", "t.shift_ends_at", Operational),
        field("outside", "t.outside", Operational),
        field("forced", "t.forced", Operational),
        field("corrected", "t.corrected", Operational),
        field("note", "t.note", Operational),
        field("version", "t.version", Operational),
        field("worker_id", "t.worker_id", People),
        field("worker", "t.worker_name", People),
        field("assignee_id", "t.assignee_id", People),
    ],
    joins: "",
    orders: ORDERS,
    search: &[("t.search", Operational), ("t.search_people", People)],
    keys: KEYS,
    visibility_in_index: false,
};

/// The same rows as the live board sees them: who is on duty now. The client side meets it through its account's
/// "live clock-ins", and never who it is.
pub(crate) static LIVE: Table = Table {
    resource: Resource::LiveBoard,
    name: "time_entries",
    fields: &[
        field("id", "t.id", Public),
        field("site_id", "t.site_id", Public),
        field("site", "t.site_name", Public),
        field("zone", "t.zone", Public),
        field("started_at", "t.started_at", Public),
        field("state", "t.state", Public),
        field("shift_id", "t.shift_id", Operational),
        field("shift_ends_at", "t.shift_ends_at", Operational),
        field("outside", "t.outside", Operational),
        field("worker", "t.worker_name", People),
    ],
    joins: "",
    orders: ORDERS,
    search: &[],
    // Nobody's own: being at work opens no board.
    keys: Keys { assignee: None, ..KEYS },
    visibility_in_index: false,
};

/// An attendance as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct EntryOut {
    /// Its id.
    pub id: TimeEntryId,
    /// Where.
    pub site_id: SiteId,
    /// Where, by name then.
    pub site: String,
    /// The clock of the site.
    pub zone: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Minutes of break.
    pub break_minutes: i64,
    /// Elapsed minutes less the breaks, once it is over.
    pub minutes: Option<i64>,
    /// How it stands.
    pub state: Standing,
    /// The shift it belongs to.
    pub shift_id: Option<ShiftId>,
    /// When the shift begins.
    pub shift_starts_at: Option<Timestamp>,
    /// When the shift ends.
    pub shift_ends_at: Option<Timestamp>,
    /// So many minutes after the shift began, where that is more than five.
    pub late_minutes: Option<i64>,
    /// A punch was made away from the site, or nobody knows where.
    pub outside: Option<bool>,
    /// Somebody else clocked them out.
    pub forced: Option<bool>,
    /// Corrected by hand.
    pub corrected: Option<bool>,
    /// Why it was corrected or forced.
    pub note: Option<String>,
    /// Send it back when correcting.
    pub version: Option<i64>,
    /// Who.
    pub worker_id: Option<WorkerId>,
    /// Who, by name.
    pub worker: Option<String>,
    /// Whose sign-in.
    pub assignee_id: Option<MembershipId>,
}

/// So many minutes after its beginning a shift's worker counts as late.
pub(crate) const GRACE: i64 = 5;

impl FromRow for EntryOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let flag = |at: usize| row.get::<Option<i64>>(at).map(|n| n.map(|n| n == 1));
        let started_at: Timestamp = row.get(4)?;
        let ended_at: Option<Timestamp> = row.get(5)?;
        let break_minutes: i64 = row.get(6)?;
        let state: Standing = row.number(7)?;
        let shift_starts_at: Option<Timestamp> = row.get(9)?;
        let late = shift_starts_at.map(|at| week::minutes(at, started_at));
        let length = ended_at.map(|until| (week::minutes(started_at, until) - break_minutes).max(0));
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            zone: row.get(3)?,
            started_at,
            ended_at,
            break_minutes,
            minutes: length.filter(|_| state == Standing::Done),
            state,
            shift_id: row.get(8)?,
            shift_starts_at,
            shift_ends_at: row.get(10)?,
            late_minutes: late.filter(|late| *late > GRACE && state != Standing::Incomplete),
            outside: flag(11)?,
            forced: flag(12)?,
            corrected: flag(13)?,
            note: row.get(14)?,
            version: row.get(15)?,
            worker_id: row.get(16)?,
            worker: row.get(17)?,
            assignee_id: row.get(18)?,
        })
    }
}

impl EntryOut {
    /// "Dock 4, 23 Nov 2026, 22:03".
    pub(crate) fn label(&self) -> String {
        let at = self.started_at.to_zoned(week::zone(&self.zone));
        format!("{}, {}", self.site, at.strftime("%-d %b %Y, %H:%M"))
    }
}

/// A punch as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct PunchOut {
    /// What.
    pub kind: Kind,
    /// The instant that counts.
    pub at: Timestamp,
    /// The phone's.
    pub device_at: Option<Timestamp>,
    /// The server's.
    pub server_at: Timestamp,
    /// How far the phone's clock was off, in seconds.
    pub skew_seconds: i64,
    /// Where it came from.
    pub source: Source,
    /// Degrees; for those who see positions.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Metres.
    pub accuracy_m: Option<f64>,
    /// Metres outside of the site's fence.
    pub distance_m: Option<f64>,
    /// Within the site's fence; unknown where there is no fence, or no position that says anything.
    pub inside: Option<bool>,
    /// Why there.
    pub reason: String,
    /// The phone.
    pub device: String,
    /// Who punched.
    pub by: String,
}

impl FromRow for PunchOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            kind: row.number(0)?,
            at: row.get(1)?,
            device_at: row.get(2)?,
            server_at: row.get(3)?,
            skew_seconds: row.get(4)?,
            source: row.number(5)?,
            latitude: row.get(6)?,
            longitude: row.get(7)?,
            accuracy_m: row.get(8)?,
            distance_m: row.get(9)?,
            inside: row.get::<Option<i64>>(10)?.map(|n| n == 1),
            reason: row.get(11)?,
            device: row.get(12)?,
            by: row.get(13)?,
        })
    }
}

/// A correction as it is seen: what was there before, and since.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct CorrectionOut {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// In which roles.
    pub role: String,
    /// Why.
    pub note: String,
    /// Before.
    pub started_before: Timestamp,
    /// Before.
    pub ended_before: Option<Timestamp>,
    /// Before.
    pub break_before: i64,
    /// Since.
    pub started_after: Timestamp,
    /// Since.
    pub ended_after: Option<Timestamp>,
    /// Since.
    pub break_after: i64,
}

impl FromRow for CorrectionOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            at: row.get(0)?,
            by: row.get(1)?,
            role: row.get(2)?,
            note: row.get(3)?,
            started_before: row.get(4)?,
            ended_before: row.get(5)?,
            break_before: row.get(6)?,
            started_after: row.get(7)?,
            ended_after: row.get(8)?,
            break_after: row.get(9)?,
        })
    }
}

/// An attendance whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct EntryWhole {
    /// The attendance.
    #[serde(flatten)]
    pub entry: EntryOut,
    /// Its punches, as they came.
    pub punches: Vec<PunchOut>,
    /// Its corrections, oldest first.
    pub corrections: Vec<CorrectionOut>,
}

/// What became of a punch.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct PunchedOut {
    /// `accepted`; `duplicate` when it had come before and nothing was stored again.
    pub result: &'static str,
    /// The instant that counts.
    pub at: Timestamp,
    /// What the worker should know of it.
    pub says: Vec<String>,
    /// The attendance it belongs to.
    pub entry: EntryOut,
}
