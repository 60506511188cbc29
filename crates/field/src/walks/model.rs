//! The words of walks, and how a scan is read from what a phone sends.

use kernel::geo::Point;
use kernel::text::{Line, closed};
use kernel::{FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

closed! {
    /// How a walk stands.
    pub enum State: i64 {
        /// Somebody is on it.
        Walking = 0 => "walking",
        /// Every stop was scanned.
        Complete = 1 => "complete",
        /// Over, and some stop was not scanned.
        Incomplete = 2 => "incomplete",
        /// Nobody walked in its window.
        Missed = 3 => "missed",
    }
}

impl State {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Walking => "On the way",
            Self::Complete => "Complete",
            Self::Incomplete => "Incomplete",
            Self::Missed => "Not walked",
        }
    }

    pub(crate) const fn tone(self) -> ui::Tone {
        match self {
            Self::Walking => ui::Tone::Info,
            Self::Complete => ui::Tone::Success,
            Self::Incomplete => ui::Tone::Warning,
            Self::Missed => ui::Tone::Danger,
        }
    }
}

closed! {
    /// What is not as it should be with a walk; the numbers are bits.
    pub enum Exception: i64 {
        /// It began or ended after its window.
        Late = 1 => "late",
        /// Nobody walked.
        Missed = 2 => "missed",
        /// Some stop was not scanned.
        Incomplete = 4 => "incomplete",
        /// Two stops in less time than anybody needs between them.
        TooFast = 8 => "too_fast",
    }
}

impl Exception {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Late => "Late",
            Self::Missed => "Missed",
            Self::Incomplete => "Stops missed",
            Self::TooFast => "Too fast",
        }
    }

    /// Those of a number.
    pub(crate) fn of(bits: i64) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|one| bits & one.number() != 0).collect()
    }
}

closed! {
    /// How a checkpoint was scanned.
    pub enum Method: i64 {
        /// The drawn code.
        Code = 0 => "code",
        /// The word below it, typed.
        Typed = 1 => "typed",
        /// By being there, as the phone says.
        Position = 2 => "position",
    }
}

impl Method {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Code => "Code read",
            Self::Typed => "Code typed",
            Self::Position => "By position",
        }
    }
}

/// A scan as sent.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ScanForm {
    /// What the code says, or the word below it.
    pub code: Text,
    /// Without a code: the checkpoint one stands at, by id; blank is every stop within reach of the position.
    pub checkpoint: Text,
    /// The walk, by id or by the phone's word for it; blank takes the one that runs, or begins one.
    pub walk: Text,
    /// A word of chance: the same scan sent twice is one.
    pub key: Text,
    /// When, by the phone's clock: `2026-11-23T22:00:00Z`. Blank is now.
    pub at: Text,
    /// When it was sent, by the phone's clock; shows how far that clock is off.
    pub sent_at: Text,
    /// The answer to the checkpoint's question.
    pub answer: Text,
    /// Degrees.
    pub latitude: Text,
    /// Degrees.
    pub longitude: Text,
    /// Metres.
    pub accuracy: Text,
    /// The phone, as it calls itself.
    pub device: Text,
}

/// A walk that is to begin, as sent.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StartForm {
    /// The phone's word for it: the same start sent twice is one walk, and scans may name it.
    pub word: Text,
    /// When, by the phone's clock. Blank is now.
    pub at: Text,
    /// When it was sent, by the phone's clock.
    pub sent_at: Text,
}

/// The end of a walk, as sent.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EndForm {
    /// Why stops were left out.
    pub note: Text,
    /// When, by the phone's clock. Blank is now.
    pub at: Text,
    /// When it was sent, by the phone's clock.
    pub sent_at: Text,
}

/// An answer that is given after the scan.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AnswerForm {
    /// The checkpoint that asks, by id.
    pub checkpoint: Text,
    /// The answer.
    pub answer: Text,
}

/// A place that a phone said, with how sure it was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position {
    pub(crate) point: Point,
    pub(crate) accuracy_m: Option<f64>,
}

/// A position vaguer than this says nothing, in metres.
const VAGUE_M: f64 = 1_000.0;
/// So much of the phone's doubt counts in its favour, in metres.
const MOST_DOUBT_M: f64 = 50.0;

impl Position {
    /// How far it is from a place, and whether that is within its radius, in doubt for the walker. Unknown for a vague
    /// position.
    pub(crate) fn against(self, place: Point, radius_m: f64) -> (f64, Option<bool>) {
        let distance = self.point.metres_to(place);
        let doubt = self.accuracy_m.unwrap_or(0.0);
        let near = (doubt <= VAGUE_M).then(|| distance <= radius_m + doubt.min(MOST_DOUBT_M));
        (distance, near)
    }
}

/// When something was done, by three clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// The instant that counts.
    pub(crate) at: Timestamp,
    /// The phone's.
    pub(crate) device_at: Option<Timestamp>,
    /// How far the phone's clock is off.
    pub(crate) skew_seconds: i64,
}

/// A phone's clock further off than this is spoken of, in seconds.
pub(crate) const ODD_SKEW: i64 = 300;
/// Older than this nothing is taken from a phone any more, in seconds.
const OLDEST: i64 = 14 * 86_400;

impl Moment {
    /// Reads the phone's two instants: what it calls now is now, and the difference is what its clock is off.
    pub(crate) fn read(errors: &mut FieldErrors, at: &Text, sent_at: &Text, now: Timestamp) -> Self {
        let device_at = errors.take("at", instant(at)).flatten();
        let sent = errors.take("sent_at", instant(sent_at)).flatten();
        let skew_seconds = sent.map_or(0, |sent| now.as_second() - sent.as_second());
        let counted = device_at.map_or(now, |at| {
            at.checked_add(jiff::Span::new().seconds(skew_seconds)).unwrap_or(now).min(now)
        });
        if now.as_second() - counted.as_second() > OLDEST {
            errors.add("at", "this is more than two weeks old; tell the office");
        }
        let at = Timestamp::from_microsecond(counted.as_microsecond()).unwrap_or(now);
        Self { at, device_at, skew_seconds }
    }
}

fn instant(text: &Text) -> Result<Option<Timestamp>, String> {
    if text.is_blank() {
        return Ok(None);
    }
    let wrong = |_unreadable| "write an instant, such as 2026-11-23T22:00:00Z".to_owned();
    text.as_str().trim().parse::<Timestamp>().map(Some).map_err(wrong)
}

fn position(form: &ScanForm) -> Result<Option<Position>, String> {
    let Some(point) = crate::checkpoints::model::position(&form.latitude, &form.longitude)? else {
        return Ok(None);
    };
    let accuracy_m = match form.accuracy.is_blank() {
        true => None,
        false => match form.accuracy.as_str().trim().parse::<f64>() {
            Ok(metres) if metres.is_finite() && metres >= 0.0 => Some(metres.min(1e7)),
            _ => return Err("write the accuracy in metres".to_owned()),
        },
    };
    Ok(Some(Position { point, accuracy_m }))
}

/// A scan as it may be stored, but for what was scanned.
#[derive(Clone, Debug)]
pub(crate) struct Scan {
    pub(crate) key: String,
    pub(crate) moment: Moment,
    pub(crate) position: Option<Position>,
    pub(crate) answer: String,
    pub(crate) device: String,
}

fn line<const MOST: usize>(errors: &mut FieldErrors, field: &'static str, text: &Text) -> String {
    let line = errors.take(field, Line::<MOST>::optional(text.as_str())).flatten();
    line.map(|line| line.as_str().to_owned()).unwrap_or_default()
}

impl ScanForm {
    /// Reads what a phone sent.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self, now: Timestamp) -> Result<Scan> {
        let mut errors = FieldErrors::default();
        let moment = Moment::read(&mut errors, &self.at, &self.sent_at, now);
        let key = line::<200>(&mut errors, "key", &self.key);
        let answer = line::<500>(&mut errors, "answer", &self.answer);
        let device = line::<200>(&mut errors, "device", &self.device);
        let position = errors.take("latitude", position(self)).flatten();
        errors.check()?;
        let key = if key.is_empty() { uuid::Uuid::new_v4().to_string() } else { key };
        Ok(Scan { key, moment, position, answer, device })
    }
}

impl StartForm {
    /// Reads what a phone sent: its word for the walk, and when.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self, now: Timestamp) -> Result<(String, Moment)> {
        let mut errors = FieldErrors::default();
        let moment = Moment::read(&mut errors, &self.at, &self.sent_at, now);
        let word = line::<200>(&mut errors, "word", &self.word);
        errors.check()?;
        Ok((if word.is_empty() { uuid::Uuid::new_v4().to_string() } else { word }, moment))
    }
}

impl EndForm {
    /// Reads what a phone sent: a word of why, and when.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self, now: Timestamp) -> Result<(String, Moment)> {
        let mut errors = FieldErrors::default();
        let moment = Moment::read(&mut errors, &self.at, &self.sent_at, now);
        let note = line::<500>(&mut errors, "note", &self.note);
        errors.check()?;
        Ok((note, moment))
    }
}

/// Which walks are wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ReportFilter {
    /// Text in site or tour, or in the walker's name.
    pub q: String,
    /// A site, by id.
    pub site: String,
    /// A tour, by id.
    pub tour: String,
    /// `walking`, `complete`, `incomplete` or `missed`.
    pub state: String,
    /// Only those with an exception.
    pub exceptional: bool,
    /// From this day on, on the organization's clock.
    pub from: String,
    /// Up to and with this day.
    pub until: String,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
