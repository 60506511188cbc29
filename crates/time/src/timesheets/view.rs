//! Timesheets as they are seen.

use access::FieldClass::{Operational, People, Public};
use access::Resource;
use kernel::id::{MembershipId, ShiftId, SiteId, TimeEntryId, TimesheetId, WorkerId};
use kernel::{Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::listing::{Keys, Order, Table, field};
use store::{FromRow, Row};

use super::model::{Basis, Hours, State, Verb};
use crate::week;

/// How timesheets answer a plan. What is paid, and how it stands, is what the client side decides on; the plan, the
/// punches and the words said among staff stay there.
pub(crate) static SHEETS: Table = Table {
    resource: Resource::Timesheet,
    name: "timesheets",
    fields: &[
        field("id", "t.id", Public),
        field("site_id", "t.site_id", Public),
        field("site", "t.site_name", Public),
        field("zone", "t.zone", Public),
        field("post", "t.post", Public),
        field("starts_at", "t.starts_at", Public),
        field("paid_starts_at", "t.paid_starts_at", Public),
        field("paid_ends_at", "t.paid_ends_at", Public),
        field("paid_break_minutes", "t.paid_break_minutes", Public),
        field("state", "t.state", Public),
        field("answer", "t.answer", Public),
        field("version", "t.version", Public),
        field("client", "t.client_name", Operational),
        field("shift_id", "t.shift_id", Operational),
        field("entry_id", "t.entry_id", Operational),
        field("planned_starts_at", "t.planned_starts_at", Operational),
        field("planned_ends_at", "t.planned_ends_at", Operational),
        field("planned_break_minutes", "t.planned_break_minutes", Operational),
        field("actual_starts_at", "t.actual_starts_at", Operational),
        field("actual_ends_at", "t.actual_ends_at", Operational),
        field("actual_break_minutes", "t.actual_break_minutes", Operational),
        field("basis", "t.basis", Operational),
        field("note", "t.note", Operational),
        field("decided_at", "t.decided_at", Operational),
        field("worker_id", "t.worker_id", People),
        field("worker", "t.worker_name", People),
        field("assignee_id", "t.assignee_id", People),
        field("decided_by", "t.decided_by", People),
    ],
    joins: "",
    orders: &[Order { name: "starts", column: "starts_at", text: false, descending: true, class: Public }],
    search: &[("t.search", Operational), ("t.search_people", People)],
    keys: Keys {
        area: Some("area_id"),
        team: Some("team_id"),
        client: Some("client_id"),
        site: Some("site_id"),
        visibility: Some("visibility"),
        assignee: Some("assignee_id"),
        ..Keys::NONE
    },
    visibility_in_index: true,
};

/// A line as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SheetOut {
    /// Its id.
    pub id: TimesheetId,
    /// Where.
    pub site_id: SiteId,
    /// Where, by name then.
    pub site: String,
    /// The clock of the site.
    pub zone: String,
    /// What for.
    pub post: String,
    /// When work was to begin or, without a plan, began.
    pub starts_at: Timestamp,
    /// The hours to be paid; none where nothing was clocked and nobody has put any down.
    pub paid: Option<Hours>,
    /// How it stands.
    pub state: State,
    /// What the client side said when it rejected the hours.
    pub answer: String,
    /// Send it back when changing or deciding.
    pub version: i64,
    /// Whose site, by name then.
    pub client: Option<String>,
    /// The shift that planned it.
    pub shift_id: Option<ShiftId>,
    /// The attendance with its punches.
    pub entry_id: Option<TimeEntryId>,
    /// The planned hours.
    pub planned: Option<Hours>,
    /// The clocked hours.
    pub actual: Option<Hours>,
    /// Minutes to be paid more (or less) than planned.
    pub difference: Option<i64>,
    /// Where the hours to be paid come from.
    pub basis: Option<Basis>,
    /// The word of the last change or decision among staff.
    pub note: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Who worked.
    pub worker_id: Option<WorkerId>,
    /// Who worked, by name.
    pub worker: Option<String>,
    /// Whose sign-in.
    pub assignee_id: Option<MembershipId>,
    /// Who decided.
    pub decided_by: Option<String>,
}

impl FromRow for SheetOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let hours = |at: usize| Ok(Hours::whole((row.get(at)?, row.get(at + 1)?, row.get(at + 2)?)));
        let (paid, planned, actual): (Option<Hours>, Option<Hours>, _) = (hours(6)?, hours(15)?, hours(18)?);
        let basis: Option<i64> = row.get(21)?;
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            zone: row.get(3)?,
            post: row.get(4)?,
            starts_at: row.get(5)?,
            paid,
            state: row.number(9)?,
            answer: row.get(10)?,
            version: row.get(11)?,
            client: row.get(12)?,
            shift_id: row.get(13)?,
            entry_id: row.get(14)?,
            planned,
            actual,
            difference: paid.zip(planned).map(|(paid, planned)| paid.minutes - planned.minutes),
            basis: basis.map(Basis::try_from).transpose().map_err(kernel::Error::internal)?,
            note: row.get(22)?,
            decided_at: row.get(23)?,
            worker_id: row.get(24)?,
            worker: row.get(25)?,
            assignee_id: row.get(26)?,
            decided_by: row.get(27)?,
        })
    }
}

impl SheetOut {
    /// "Dock 4, 23 Nov 2026, 22:00".
    pub(crate) fn label(&self) -> String {
        let at = self.starts_at.to_zoned(week::zone(&self.zone));
        format!("{}, {}", self.site, at.strftime("%-d %b %Y, %H:%M"))
    }
}

/// What was done to a line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ChangeOut {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// In which roles.
    pub role: String,
    /// What.
    pub verb: Verb,
    /// Why.
    pub note: String,
    /// The hours to be paid before.
    pub before: Option<Hours>,
    /// And since.
    pub after: Option<Hours>,
}

impl FromRow for ChangeOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let hours = |at: usize| Ok(Hours::whole((row.get(at)?, row.get(at + 1)?, row.get(at + 2)?)));
        Ok(Self {
            at: row.get(0)?,
            by: row.get(1)?,
            role: row.get(2)?,
            verb: row.number(3)?,
            note: row.get(4)?,
            before: hours(5)?,
            after: hours(8)?,
        })
    }
}

/// A line whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SheetWhole {
    /// The line.
    #[serde(flatten)]
    pub sheet: SheetOut,
    /// What was done to it, oldest first; for staff.
    pub changes: Vec<ChangeOut>,
}

/// A page of lines, with their sums where a week was asked for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct WeekApproved {
    /// How many lines were approved.
    pub approved: usize,
    /// How many still wait, because there are no hours to approve or the asker may not approve them.
    pub left: usize,
}
