//! Walks as they are seen.

use access::FieldClass::{Operational, People, Public};
use access::{Resource, Visibility};
use kernel::id::{CheckpointId, CheckpointReportId, MembershipId, SiteId, TourId};
use kernel::{Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::listing::{Keys, Order, Table, field};
use store::{FromRow, Row};

use super::model::{Exception, Method, State};
use crate::rhythm;

/// How walks answer a plan.
pub(crate) static REPORTS: Table = Table {
    resource: Resource::CheckpointReport,
    name: "checkpoint_reports",
    fields: &[
        field("id", "t.id", Public),
        field("site_id", "t.site_id", Public),
        field("site", "t.site_name", Public),
        field("zone", "t.zone", Public),
        field("tour", "t.tour_name", Public),
        field("at", "t.at", Public),
        field("due_from", "t.due_from", Public),
        field("due_until", "t.due_until", Public),
        field("started_at", "t.started_at", Public),
        field("ended_at", "t.ended_at", Public),
        field("state", "t.state", Public),
        field("exceptions", "t.exceptions", Public),
        field("stops", "t.stops", Public),
        field("scanned", "t.scanned", Public),
        field("released_at", "t.released_at", Public),
        field("tour_id", "t.tour_id", Operational),
        field("ordered", "t.ordered", Operational),
        field("least_seconds", "t.least_seconds", Operational),
        field("closes_at", "t.closes_at", Operational),
        field("stopped_at", "t.stopped_at", Operational),
        field("visibility", "t.visibility", Operational),
        field("note", "t.note", Operational),
        field("client", "t.client_name", Operational),
        field("version", "t.version", Operational),
        field("walker", "t.walker_name", People),
        field("walker_roles", "t.walker_roles", People),
        field("assignee_id", "t.assignee_id", People),
        field("released_by", "t.released_by", People),
        field("exceptional", "t.exceptional", Public),
    ],
    joins: "",
    orders: &[Order { name: "at", column: "at", text: false, descending: true, class: Public }],
    search: &[("t.search", Public), ("t.search_people", People)],
    keys: Keys {
        area: Some("area_id"),
        team: Some("team_id"),
        client: Some("client_id"),
        site: Some("site_id"),
        assignee: Some("assignee_id"),
        visibility: Some("visibility"),
        ..Keys::NONE
    },
    visibility_in_index: true,
};

/// A walk as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ReportOut {
    /// Its id.
    pub id: CheckpointReportId,
    /// The site.
    pub site_id: SiteId,
    /// The site by name then.
    pub site: String,
    /// The clock of the site.
    pub zone: String,
    /// The tour by name then.
    pub tour: String,
    /// When it began; where nobody walked, when it was due.
    pub at: Timestamp,
    /// When its window began.
    pub due_from: Option<Timestamp>,
    /// When its window ended.
    pub due_until: Option<Timestamp>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it stands.
    pub state: State,
    /// What is not as it should be.
    pub exceptions: Vec<Exception>,
    /// How many stops it has.
    pub stops: i64,
    /// How many of them were scanned.
    pub scanned: i64,
    /// When the client side was let see it.
    pub released_at: Option<Timestamp>,
    /// The tour.
    pub tour_id: Option<TourId>,
    /// Its stops have an order.
    pub ordered: Option<bool>,
    /// Two stops in less seconds than this are too fast.
    pub least_seconds: Option<i64>,
    /// When it is ended where nobody ends it.
    pub closes_at: Option<Timestamp>,
    /// The walker said that it is over.
    pub stopped_at: Option<Timestamp>,
    /// Who outside may see it.
    pub visibility: Option<Visibility>,
    /// Why stops were left out.
    pub note: Option<String>,
    /// The client by name then.
    pub client: Option<String>,
    /// How often it changed.
    pub version: Option<i64>,
    /// Who walked.
    pub walker: Option<String>,
    /// In which roles.
    pub walker_roles: Option<String>,
    /// Whose sign-in.
    pub assignee_id: Option<MembershipId>,
    /// Who let the client side see it, where somebody had to.
    pub released_by: Option<String>,
}

impl FromRow for ReportOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let level: Option<i64> = row.get(20)?;
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            zone: row.get(3)?,
            tour: row.get(4)?,
            at: row.get(5)?,
            due_from: row.get(6)?,
            due_until: row.get(7)?,
            started_at: row.get(8)?,
            ended_at: row.get(9)?,
            state: row.number(10)?,
            exceptions: Exception::of(row.get(11)?),
            stops: row.get(12)?,
            scanned: row.get(13)?,
            released_at: row.get(14)?,
            tour_id: row.get(15)?,
            ordered: row.get::<Option<i64>>(16)?.map(|n| n == 1),
            least_seconds: row.get(17)?,
            closes_at: row.get(18)?,
            stopped_at: row.get(19)?,
            visibility: level.map(Visibility::try_from).transpose().map_err(kernel::Error::internal)?,
            note: row.get(21)?,
            client: row.get(22)?,
            version: row.get(23)?,
            walker: row.get(24)?,
            walker_roles: row.get(25)?,
            assignee_id: row.get(26)?,
            released_by: row.get(27)?,
        })
    }
}

impl ReportOut {
    /// "Night round, Dock 4, 23 Nov 2026, 22:03".
    pub(crate) fn label(&self) -> String {
        let at = self.at.to_zoned(rhythm::zone(&self.zone));
        format!("{}, {}, {}", self.tour, self.site, at.strftime("%-d %b %Y, %H:%M"))
    }
}

/// A stop of a walk, as it was when the walk began.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct WalkStop {
    /// Its turn.
    pub position: i64,
    /// The checkpoint.
    pub checkpoint_id: CheckpointId,
    /// What it was called.
    pub name: String,
    /// What to do there; staff only.
    pub instructions: Option<String>,
    /// The question it asks.
    pub question: String,
    /// When it was scanned first.
    pub scanned_at: Option<Timestamp>,
    /// How often.
    pub scans: i64,
    /// The latest answer.
    pub answer: String,
}

/// A scan as it is seen, with what it says beside the others.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ScanOut {
    /// The checkpoint.
    pub checkpoint_id: CheckpointId,
    /// What it was called.
    pub checkpoint: String,
    /// The instant that counts.
    pub at: Timestamp,
    /// The answer to the question.
    pub answer: String,
    /// A stop of the tour, not some other checkpoint.
    pub planned: bool,
    /// Its stop was scanned before.
    pub repeat: bool,
    /// How it was scanned.
    pub method: Option<Method>,
    /// It was its turn; none for repetitions and other checkpoints.
    pub in_order: Option<bool>,
    /// Seconds since the scan of another checkpoint before.
    pub gap_seconds: Option<i64>,
    /// Less than anybody needs.
    pub too_fast: Option<bool>,
    /// Metres between the phone and the checkpoint.
    pub distance_m: Option<f64>,
    /// How sure the phone was, in metres.
    pub accuracy_m: Option<f64>,
    /// Within the checkpoint's radius; unknown without positions of both that say anything.
    pub near: Option<bool>,
    /// How far the phone's clock was off, in seconds.
    pub skew_seconds: Option<i64>,
    /// The phone's instant.
    pub device_at: Option<Timestamp>,
    /// The server's.
    pub server_at: Option<Timestamp>,
    /// The phone.
    pub device: Option<String>,
    /// Who scanned.
    pub by: Option<String>,
}

/// A walk whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ReportWhole {
    /// The walk.
    #[serde(flatten)]
    pub report: ReportOut,
    /// Its stops in their order.
    pub planned: Vec<WalkStop>,
    /// What was scanned, in the order of time.
    pub scans: Vec<ScanOut>,
}

/// What became of a scan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ScannedOut {
    /// `accepted`; `duplicate` when it had come before and nothing was stored again.
    pub result: &'static str,
    /// The instant that counts.
    pub at: Timestamp,
    /// The checkpoints that it ticked off.
    pub reached: Vec<CheckpointId>,
    /// What the walker should know of it.
    pub says: Vec<String>,
    /// The walk it belongs to.
    pub report: ReportOut,
}

/// How the scans of one checkpoint lie in time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct StopTimes {
    /// The checkpoint.
    pub checkpoint_id: CheckpointId,
    /// What it was called last.
    pub checkpoint: String,
    /// The site.
    pub site: String,
    /// How often it was scanned.
    pub scans: i64,
    /// In how many walks it was left out.
    pub missed: i64,
    /// Minutes between two scans of it, on average.
    pub average_minutes: Option<f64>,
    /// The shortest.
    pub shortest_minutes: Option<f64>,
    /// The longest.
    pub longest_minutes: Option<f64>,
}

/// The tour exception report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ExceptionsOut {
    /// Walks with an exception, newest first.
    pub reports: kernel::page::Page<ReportOut>,
    /// Each checkpoint of what was asked for.
    pub stops: Vec<StopTimes>,
    /// More walks were asked for than are counted here.
    pub cut: bool,
}
