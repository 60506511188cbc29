//! The words of attendance, and how a punch is read from what a phone sends.

use jiff::tz::TimeZone;
use kernel::geo::{Fence, Point};
use kernel::text::{Line, closed};
use kernel::{FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

closed! {
    /// What is punched.
    pub enum Kind: i64 {
        /// Begins to work.
        In = 0 => "in",
        /// Begins a break.
        BreakStart = 1 => "break_start",
        /// Ends it.
        BreakEnd = 2 => "break_end",
        /// Stops working.
        Out = 3 => "out",
    }
}

impl Kind {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::In => "Clocked in",
            Self::BreakStart => "Break",
            Self::BreakEnd => "Back from break",
            Self::Out => "Clocked out",
        }
    }
}

closed! {
    /// Where a punch came from.
    pub enum Source: i64 {
        /// The field portal.
        Field = 0 => "field",
        /// A program, by token.
        Api = 1 => "api",
        /// The worker said afterwards when they left.
        Told = 2 => "told",
        /// Somebody else put it down by hand.
        Forced = 3 => "forced",
    }
}

closed! {
    /// How an attendance stands.
    pub enum Standing: i64 {
        /// A later punch came before the first: its beginning is still on its way.
        Incomplete = 0 => "incomplete",
        /// At work.
        Working = 1 => "working",
        /// On a break.
        OnBreak = 2 => "on_break",
        /// Over.
        Done = 3 => "done",
    }
}

impl Standing {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Incomplete => "Beginning missing",
            Self::Working => "On duty",
            Self::OnBreak => "On a break",
            Self::Done => "Over",
        }
    }

    pub(crate) const fn tone(self) -> ui::Tone {
        match self {
            Self::Incomplete => ui::Tone::Warning,
            Self::Working => ui::Tone::Success,
            Self::OnBreak => ui::Tone::Info,
            Self::Done => ui::Tone::Neutral,
        }
    }
}

/// A punch as sent.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PunchForm {
    /// `in`, `break_start`, `break_end` or `out`.
    pub kind: Text,
    /// A word of chance: the same punch sent twice is one.
    pub key: Text,
    /// The phone's word for this attendance, the same with each of its punches; blank takes the running one.
    pub attendance: Text,
    /// The shift; blank takes the current one.
    pub shift: Text,
    /// The site, without a shift.
    pub site: Text,
    /// When, by the phone's clock: `2026-11-23T22:00:00Z`. Blank is now.
    pub at: Text,
    /// When it was sent, by the phone's clock; shows how far that clock is off.
    pub sent_at: Text,
    /// When one left, on the site's clock, said afterwards; only with `out`.
    pub left_at: Text,
    /// Degrees.
    pub latitude: Text,
    /// Degrees.
    pub longitude: Text,
    /// Metres.
    pub accuracy: Text,
    /// Why here, where the site's fence asks.
    pub reason: Text,
    /// The phone, as it calls itself.
    pub device: Text,
}

/// A place that a phone said, with how sure it was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position {
    pub(crate) point: Point,
    pub(crate) accuracy_m: Option<f64>,
}

/// A position vaguer than this says nothing, in metres.
const VAGUE_M: f64 = 1_000.0;
/// So much of the phone's doubt counts in its favour at a fence, in metres.
const MOST_DOUBT_M: f64 = 100.0;

impl Position {
    /// Is it within the fence, in doubt for the worker? And how far from its line. Unknown for a vague one.
    pub(crate) fn against(self, fence: &Fence) -> (Option<bool>, Option<f64>) {
        let distance = fence.metres_to_boundary(self.point);
        let accuracy = self.accuracy_m.unwrap_or(0.0);
        if accuracy > VAGUE_M {
            return (None, Some(distance));
        }
        let inside = fence.contains(self.point);
        (Some(inside || distance <= accuracy.min(MOST_DOUBT_M)), Some(if inside { 0.0 } else { distance }))
    }
}

/// A punch as it may be stored, but for its place in an attendance.
#[derive(Clone, Debug)]
pub(crate) struct Punch {
    pub(crate) kind: Kind,
    pub(crate) key: String,
    pub(crate) attendance: Option<String>,
    pub(crate) at: Timestamp,
    pub(crate) device_at: Option<Timestamp>,
    pub(crate) skew_seconds: i64,
    pub(crate) position: Option<Position>,
    pub(crate) reason: String,
    pub(crate) device: String,
}

/// A phone's clock further off than this is spoken of, in seconds.
pub(crate) const ODD_SKEW: i64 = 300;
/// A punch older than this is not taken from a phone any more, in seconds: the office corrects instead.
const OLDEST: i64 = 14 * 86_400;

impl PunchForm {
    /// Reads what a phone sent.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self, now: Timestamp) -> Result<Punch> {
        let mut errors = FieldErrors::default();
        let kind = errors.take("kind", self.kind.parse::<Kind>());
        let line = |errors: &mut FieldErrors, field: &'static str, text: &Text| {
            errors.take(field, Line::<200>::optional(text.as_str())).flatten().map(|l| l.as_str().to_owned())
        };
        let key = line(&mut errors, "key", &self.key);
        let attendance = line(&mut errors, "attendance", &self.attendance);
        let reason = errors.take("reason", Line::<500>::optional(self.reason.as_str())).flatten();
        let device = line(&mut errors, "device", &self.device);
        let at = errors.take("at", instant(&self.at)).flatten();
        let sent = errors.take("sent_at", instant(&self.sent_at)).flatten();
        let position = errors.take("latitude", self.position()).flatten();
        // What the phone calls now is now; the difference is what its clock is off.
        let skew = sent.map_or(0, |sent| now.as_second() - sent.as_second());
        let counted =
            at.map_or(now, |at| at.checked_add(jiff::Span::new().seconds(skew)).unwrap_or(now).min(now));
        if now.as_second() - counted.as_second() > OLDEST {
            errors.add("at", "this is more than two weeks old; ask the office to put it down");
        }
        errors.check()?;
        let Some(kind) = kind else { return Err(kernel::Error::internal("a checked form lacks a field")) };
        Ok(Punch {
            kind,
            key: key.unwrap_or_else(|| uuid::Uuid::new_v4().to_string()),
            attendance,
            at: Timestamp::from_microsecond(counted.as_microsecond()).unwrap_or(now),
            device_at: at,
            skew_seconds: skew,
            position,
            reason: reason.map(|r| r.as_str().to_owned()).unwrap_or_default(),
            device: device.unwrap_or_default(),
        })
    }

    fn position(&self) -> Result<Option<Position>, String> {
        if self.latitude.is_blank() && self.longitude.is_blank() {
            return Ok(None);
        }
        let degrees = |text: &Text| {
            text.as_str()
                .trim()
                .parse::<f64>()
                .map_err(|_not_a_number| "write degrees, such as 42.38".to_owned())
        };
        let point = Point::new(degrees(&self.latitude)?, degrees(&self.longitude)?)?;
        let accuracy_m = match self.accuracy.as_str().trim() {
            "" => None,
            text => match text.parse::<f64>() {
                Ok(metres) if metres.is_finite() && metres >= 0.0 => Some(metres),
                _ => return Err("write the accuracy in metres".to_owned()),
            },
        };
        Ok(Some(Position { point, accuracy_m }))
    }
}

fn instant(text: &Text) -> Result<Option<Timestamp>, String> {
    if text.is_blank() {
        return Ok(None);
    }
    let wrong = |_unreadable| "write an instant, such as 2026-11-23T22:00:00Z".to_owned();
    text.as_str().trim().parse::<Timestamp>().map(Some).map_err(wrong)
}

/// A correction as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CorrectionForm {
    /// When it began, on the site's clock.
    pub started_at: Text,
    /// `first` or `second`, where the clock shows that time twice.
    pub started_pass: Text,
    /// When it ended; blank while it runs.
    pub ended_at: Text,
    /// As `started_pass`.
    pub ended_pass: Text,
    /// Minutes of break.
    pub break_minutes: Text,
    /// Why.
    pub note: Text,
    /// The version that was read.
    pub version: Text,
}

/// A correction as it may be stored.
#[derive(Clone, Debug)]
pub(crate) struct Correction {
    pub(crate) started_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) break_minutes: i64,
    pub(crate) note: String,
}

impl CorrectionForm {
    pub(crate) fn parse(&self, zone: &TimeZone, now: Timestamp) -> Result<Correction> {
        use crate::shifts::setup::{instant, pause};
        let mut errors = FieldErrors::default();
        let started =
            instant(&mut errors, ("started_at", "started_pass"), &self.started_at, &self.started_pass, zone);
        let ended = if self.ended_at.is_blank() {
            None
        } else {
            instant(&mut errors, ("ended_at", "ended_pass"), &self.ended_at, &self.ended_pass, zone)
        };
        let pause = errors.take("break_minutes", pause(&self.break_minutes));
        let note = errors.take("note", self.note.parse::<Line<500>>().map_err(|e| format!("say why: {e}")));
        if let (Some(from), Some(until)) = (started, ended) {
            let length = crate::week::minutes(from, until);
            if length <= 0 {
                errors.add("ended_at", "it ends after it begins");
            } else if length > 36 * 60 {
                errors.add("ended_at", "nobody works more than 36 hours at a stretch");
            }
        }
        if started.is_some_and(|at| at > now) || ended.is_some_and(|at| at > now) {
            errors.add("started_at", "this is not over yet; only what was can be corrected");
        }
        errors.check()?;
        match (started, pause, note) {
            (Some(started_at), Some(break_minutes), Some(note)) => {
                Ok(Correction { started_at, ended_at: ended, break_minutes, note: note.as_str().to_owned() })
            }
            _ => Err(kernel::Error::internal("a checked form lacks a field")),
        }
    }
}

/// Clocking somebody out by hand, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ForcedForm {
    /// When they left, on the site's clock.
    pub left_at: Text,
    /// Why it is done for them.
    pub note: Text,
}

/// Which attendance is wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct EntryFilter {
    /// Text in site or worker.
    pub q: String,
    /// A site, by id.
    pub site: String,
    /// A worker, by id.
    pub worker: String,
    /// `incomplete`, `working`, `on_break`, `done`.
    pub state: String,
    /// From this day on, on the organization's clock.
    pub from: String,
    /// Up to and with this day.
    pub until: String,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
