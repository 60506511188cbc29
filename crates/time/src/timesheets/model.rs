//! The words of timesheets, and how hours are read from what somebody types.

use jiff::tz::TimeZone;
use kernel::text::{Line, closed};
use kernel::{FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

use crate::shifts::setup::{instant, pause};
use crate::week;

closed! {
    /// How a line stands.
    pub enum State: i64 {
        /// Nobody has decided.
        Awaiting = 0 => "awaiting",
        /// To be paid.
        Approved = 1 => "approved",
        /// Not to be paid as it stands.
        Rejected = 2 => "rejected",
    }
}

impl State {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Awaiting => "Awaiting approval",
            Self::Approved => "Approved",
            Self::Rejected => "Rejected",
        }
    }

    pub(crate) const fn tone(self) -> ui::Tone {
        match self {
            Self::Awaiting => ui::Tone::Info,
            Self::Approved => ui::Tone::Success,
            Self::Rejected => ui::Tone::Danger,
        }
    }
}

closed! {
    /// Where the hours to be paid come from.
    pub enum Basis: i64 {
        /// There are none: nobody clocked in.
        Nothing = 0 => "nothing",
        /// What was clocked.
        Clocked = 1 => "clocked",
        /// What was planned.
        Rostered = 2 => "rostered",
        /// What somebody put down.
        Written = 3 => "written",
    }
}

impl Basis {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Nothing => "Nothing clocked",
            Self::Clocked => "As clocked",
            Self::Rostered => "As rostered",
            Self::Written => "By hand",
        }
    }
}

closed! {
    /// What was done to a line.
    pub enum Verb: i64 {
        /// Other hours were put down.
        Changed = 0 => "changed",
        /// The hours were set back to what was planned or clocked.
        Reverted = 1 => "reverted",
        /// Approved.
        Approved = 2 => "approved",
        /// Rejected.
        Rejected = 3 => "rejected",
        /// A decision was taken back.
        Reopened = 4 => "reopened",
    }
}

impl Verb {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Changed => "Hours changed",
            Self::Reverted => "Hours set back",
            Self::Approved => "Approved",
            Self::Rejected => "Rejected",
            Self::Reopened => "Decision taken back",
        }
    }
}

/// Hours: from, until, and the minutes of break in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Hours {
    /// When they begin.
    pub starts_at: Timestamp,
    /// When they end.
    pub ends_at: Timestamp,
    /// Minutes of break.
    pub break_minutes: i64,
    /// Elapsed minutes less the break.
    pub minutes: i64,
}

impl Hours {
    pub(crate) fn of(starts_at: Timestamp, ends_at: Timestamp, break_minutes: i64) -> Self {
        let minutes = (week::minutes(starts_at, ends_at) - break_minutes).max(0);
        Self { starts_at, ends_at, break_minutes, minutes }
    }

    /// Hours of which every part is there.
    pub(super) fn whole(
        (starts_at, ends_at, pause): (Option<Timestamp>, Option<Timestamp>, Option<i64>),
    ) -> Option<Self> {
        Some(Self::of(starts_at?, ends_at?, pause?))
    }
}

/// Hours to be paid, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct HoursForm {
    /// When they begin, on the site's clock: `2026-11-23T22:00`.
    pub starts_at: Text,
    /// `first` or `second`, where the clock shows that time twice.
    pub starts_pass: Text,
    /// When they end.
    pub ends_at: Text,
    /// As `starts_pass`.
    pub ends_pass: Text,
    /// Unpaid break in minutes, 0 to 240.
    pub break_minutes: Text,
    /// Why.
    pub note: Text,
    /// The version that was read.
    pub version: Text,
}

/// Nobody is paid for more at a stretch, in minutes.
const LONGEST: i64 = 36 * 60;

impl HoursForm {
    /// Reads what was typed, on the clock of the site.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self, zone: &TimeZone, now: Timestamp) -> Result<(Hours, String)> {
        let mut errors = FieldErrors::default();
        let starts =
            instant(&mut errors, ("starts_at", "starts_pass"), &self.starts_at, &self.starts_pass, zone);
        let ends = instant(&mut errors, ("ends_at", "ends_pass"), &self.ends_at, &self.ends_pass, zone);
        let pause = errors.take("break_minutes", pause(&self.break_minutes));
        let note = errors.take("note", self.note.parse::<Line<500>>().map_err(|e| format!("say why: {e}")));
        if let (Some(from), Some(until), Some(pause)) = (starts, ends, pause) {
            let length = week::minutes(from, until);
            if length <= 0 {
                errors.add("ends_at", "hours end after they begin; across midnight they end on the next day");
            } else if length > LONGEST {
                errors.add("ends_at", "nobody works more than 36 hours at a stretch");
            } else if pause >= length {
                errors.add("break_minutes", "the break is as long as the work");
            }
            if until > now {
                errors.add("ends_at", "this is not over yet; only hours that were can be paid");
            }
        }
        errors.check()?;
        match (starts, ends, pause, note) {
            (Some(from), Some(until), Some(pause), Some(note)) => {
                Ok((Hours::of(from, until, pause), note.as_str().to_owned()))
            }
            _ => Err(kernel::Error::internal("a checked form lacks a field")),
        }
    }
}

closed! {
    /// What hours are set back to.
    pub enum Back: i64 {
        /// What was planned.
        Rostered = 0 => "rostered",
        /// What was clocked.
        Clocked = 1 => "clocked",
    }
}

/// Sets hours back.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RevertForm {
    /// `rostered` or `clocked`.
    pub to: Text,
    /// The version that was read; blank is the newest.
    pub version: Text,
}

/// A decision with a word.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DecisionForm {
    /// Why; asked for when rejecting and when taking a decision back.
    pub note: Text,
    /// The version that was read; blank is the newest.
    pub version: Text,
}

/// Approves what waits in a week.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WeekForm {
    /// Any day of the week.
    pub week: Text,
    /// Only this site.
    pub site: Text,
    /// Only this worker.
    pub worker: Text,
}

/// Which lines are wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct SheetFilter {
    /// Text in site, client or worker.
    pub q: String,
    /// A site, by id.
    pub site: String,
    /// A worker, by id.
    pub worker: String,
    /// `awaiting`, `approved`, `rejected`.
    pub state: String,
    /// Any day of a week, on the organization's clock: only what begins in it.
    pub week: String,
    /// From this day on, on the organization's clock.
    pub from: String,
    /// Up to and with this day.
    pub until: String,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
