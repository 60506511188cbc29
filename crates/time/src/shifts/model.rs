//! The words of a shift, and how one is read from a form.

use jiff::tz::TimeZone;
use kernel::local::{self, Pass};
use kernel::text::{Line, Prose, closed};
use kernel::{FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

use crate::week;

closed! {
    /// How far a shift is.
    pub enum State: i64 {
        /// Being planned; nobody else's business.
        Draft = 0 => "draft",
        /// Made known to whoever has it, or open to all who work there.
        Published = 1 => "published",
        /// Its worker said yes.
        Confirmed = 2 => "confirmed",
        /// Its worker said no.
        Refused = 3 => "refused",
    }
}

impl State {
    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Published => "Published",
            Self::Confirmed => "Confirmed",
            Self::Refused => "Refused",
        }
    }

    pub(crate) const fn tone(self) -> ui::Tone {
        match self {
            Self::Draft => ui::Tone::Neutral,
            Self::Published => ui::Tone::Info,
            Self::Confirmed => ui::Tone::Success,
            Self::Refused => ui::Tone::Danger,
        }
    }
}

/// The longest shift, in minutes of elapsed time.
const LONGEST: i64 = 36 * 60;

/// A shift as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ShiftForm {
    /// Where: the site's id.
    pub site: Text,
    /// Who: a worker's id; blank leaves it open.
    pub worker: Text,
    /// What is to be done there: "Gate B", "Patrol 2".
    pub post: Text,
    /// When it begins, on the site's clock: `2026-11-23T22:00`.
    pub starts_at: Text,
    /// `first` or `second`, where the clock shows that time twice.
    pub starts_pass: Text,
    /// When it ends.
    pub ends_at: Text,
    /// As `starts_pass`.
    pub ends_pass: Text,
    /// Unpaid break in minutes, 0 to 240.
    pub break_minutes: Text,
    /// What the worker should know.
    pub note: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// A shift as it may be stored.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) post: String,
    pub(crate) starts_at: Timestamp,
    pub(crate) ends_at: Timestamp,
    pub(crate) break_minutes: i64,
    pub(crate) note: Prose<2000>,
}

impl ShiftForm {
    /// Reads what was typed, on the clock of the site.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self, zone: &TimeZone) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let post = errors.take("post", Line::<120>::optional(self.post.as_str()));
        let starts =
            instant(&mut errors, ("starts_at", "starts_pass"), &self.starts_at, &self.starts_pass, zone);
        let ends = instant(&mut errors, ("ends_at", "ends_pass"), &self.ends_at, &self.ends_pass, zone);
        let pause = errors.take("break_minutes", pause(&self.break_minutes));
        let note = errors.take("note", self.note.as_str().parse::<Prose<2000>>());
        if let (Some(from), Some(until), Some(pause)) = (starts, ends, pause) {
            let length = week::minutes(from, until);
            if length <= 0 {
                errors
                    .add("ends_at", "a shift ends after it begins; one across midnight ends on the next day");
            } else if length > LONGEST {
                errors.add("ends_at", "a shift lasts 36 hours at most; plan a longer one as several");
            } else if pause >= length {
                errors.add("break_minutes", "the break is as long as the shift");
            }
        }
        errors.check()?;
        match (post, starts, ends, pause, note) {
            (Some(post), Some(starts_at), Some(ends_at), Some(break_minutes), Some(note)) => Ok(Draft {
                post: post.map(|p| p.as_str().to_owned()).unwrap_or_default(),
                starts_at,
                ends_at,
                break_minutes,
                note,
            }),
            _ => Err(kernel::Error::internal("a checked form lacks a field")),
        }
    }
}

pub(crate) fn pause(text: &Text) -> Result<i64, String> {
    let wrong = || "write whole minutes, 0 to 240".to_owned();
    if text.is_blank() {
        return Ok(0);
    }
    let minutes: i64 = text.as_str().trim().parse().map_err(|_not_a_number| wrong())?;
    if (0..=240).contains(&minutes) { Ok(minutes) } else { Err(wrong()) }
}

/// Reads a local time; the question "which of the two" stands at its own field.
pub(crate) fn instant(
    errors: &mut FieldErrors,
    (field, pass_field): (&'static str, &'static str),
    typed: &Text,
    pass: &Text,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let pass = errors.take(pass_field, pass.parse_optional::<Pass>())?;
    match local::read(typed.as_str(), zone, pass) {
        Ok(at) => Some(at),
        Err(wrong) => {
            errors.add(if wrong.twice { pass_field } else { field }, wrong.message);
            None
        }
    }
}

/// Which shifts are wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ShiftFilter {
    /// Text in site, post or worker.
    pub q: String,
    /// Sites, by id.
    pub site: Vec<String>,
    /// Workers, by id.
    pub worker: Vec<String>,
    /// `draft`, `published`, `confirmed`, `refused`.
    pub state: Vec<String>,
    /// Only those that nobody has.
    pub open: bool,
    /// From this day on, on the organization's clock.
    pub from: String,
    /// Up to and with this day.
    pub until: String,
    /// Archived ones instead of the others.
    pub archived: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

/// Which week is wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct WeekFilter {
    /// Any day of the week: `2026-11-23`; blank is this week.
    pub week: String,
    /// Only this site.
    pub site: String,
    /// `site` (default) or `worker`: what a line is.
    pub by: String,
}

/// A word with a verb: publish, archive, confirm, refuse.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct VerbForm {
    /// The version that was read; blank is the newest.
    pub version: Text,
    /// A word of why, kept with the change.
    pub note: Text,
    /// `yes` or `no`, where a question is answered.
    pub answer: Text,
}

/// Who gets a shift.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AssignForm {
    /// A worker's id; blank opens the shift.
    pub worker: Text,
    /// The version that was read; blank is the newest.
    pub version: Text,
}

/// Publishes all drafts of a week.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PublishForm {
    /// Any day of the week.
    pub week: Text,
    /// Only this site.
    pub site: Text,
}
