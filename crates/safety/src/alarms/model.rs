//! The words of alarms, and how what is typed is read.

use kernel::geo::Point;
use kernel::text::{Line, Prose, closed};
use kernel::{Error, FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

closed! {
    /// How an alarm stands.
    pub enum State: i64 {
        /// Nobody has answered yet.
        Raised = 0 => "raised",
        /// Somebody has said by name that they answer it.
        Acknowledged = 1 => "acknowledged",
        /// Over.
        Closed = 2 => "closed",
    }
}

impl State {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Raised => "Not answered",
            Self::Acknowledged => "Answered",
            Self::Closed => "Closed",
        }
    }

    pub(crate) const fn tone(self) -> ui::Tone {
        match self {
            Self::Raised => ui::Tone::Danger,
            Self::Acknowledged => ui::Tone::Warning,
            Self::Closed => ui::Tone::Neutral,
        }
    }
}

closed! {
    /// What happened in the course of an alarm.
    pub enum Moment: i64 {
        /// It was raised.
        Raised = 0 => "raised",
        /// Nobody had answered, and it was called out again.
        CalledAgain = 1 => "called_again",
        /// Somebody answers it.
        Acknowledged = 2 => "acknowledged",
        /// Somebody opened the caller's emergency card.
        CardOpened = 3 => "card_opened",
        /// Somebody wrote something down.
        Note = 4 => "note",
        /// The caller says that they are safe.
        Safe = 5 => "safe",
        /// It was closed.
        Closed = 6 => "closed",
    }
}

impl Moment {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Raised => "Raised",
            Self::CalledAgain => "Called out again",
            Self::Acknowledged => "Answered",
            Self::CardOpened => "Emergency card opened",
            Self::Note => "Note",
            Self::Safe => "The caller is safe",
            Self::Closed => "Closed",
        }
    }
}

/// An alarm as sent. Nothing in it may keep an alarm from being raised: what cannot be read is left out.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AlarmForm {
    /// The site; blank takes where one is on duty, else the nearest of one's sites.
    pub site: Text,
    /// What is wrong, if there is time to say.
    pub word: Text,
    /// When it was raised, by the phone's clock: `2026-11-23T22:00:00Z`. Blank is now.
    pub at: Text,
    /// When it was sent, by the phone's clock; shows how far that clock is off.
    pub sent_at: Text,
    /// Degrees.
    pub latitude: Text,
    /// Degrees.
    pub longitude: Text,
    /// Metres.
    pub accuracy: Text,
}

/// A place that a phone said, with how sure it was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position {
    pub(crate) point: Point,
    pub(crate) accuracy_m: Option<f64>,
}

/// The longest word that is kept.
const LONGEST: usize = 500;

impl AlarmForm {
    /// Where the phone says it is; nothing where it says nothing that can be used.
    pub(crate) fn position(&self) -> Option<Position> {
        let degrees = |text: &Text| text.as_str().trim().parse::<f64>().ok();
        let point = Point::new(degrees(&self.latitude)?, degrees(&self.longitude)?).ok()?;
        let metres = self.accuracy.as_str().trim().parse::<f64>().ok();
        Some(Position { point, accuracy_m: metres.filter(|m| m.is_finite() && *m >= 0.0) })
    }

    /// When it was raised: by the phone's clock, put right by what that clock is off, and never in the future.
    pub(crate) fn raised_at(&self, now: Timestamp) -> Timestamp {
        let instant = |text: &Text| text.as_str().trim().parse::<Timestamp>().ok();
        let Some(at) = instant(&self.at) else { return now };
        let skew = instant(&self.sent_at).map_or(0, |sent| now.as_second().saturating_sub(sent.as_second()));
        let right =
            at.checked_add(jiff::Span::new().seconds(skew.clamp(-400_000_000, 400_000_000))).unwrap_or(now);
        let counted = if right > now { now } else { right };
        Timestamp::from_microsecond(counted.as_microsecond()).unwrap_or(now)
    }

    /// The word, cut where it is too long: an alarm is not refused for its length.
    pub(crate) fn said(&self) -> String {
        let cut: String = self.word.as_str().chars().take(LONGEST).collect();
        cut.parse::<Prose<LONGEST>>().map(|word| word.as_str().to_owned()).unwrap_or_default()
    }
}

/// A note or a closing as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NoteForm {
    /// What happened, or what was done.
    pub note: Text,
}

impl NoteForm {
    /// Reads what was typed; `wanted` is the sentence for where nothing was.
    ///
    /// # Errors
    /// A message at the field.
    pub(crate) fn parse(&self, wanted: &'static str) -> Result<Prose<2_000>> {
        let note: Prose<2_000> = self.note.parse().map_err(|wrong| Error::field("note", wrong))?;
        if note.is_empty() { Err(Error::field("note", wanted)) } else { Ok(note) }
    }
}

/// Somebody's emergency card as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CardForm {
    /// The number at which one is called back.
    pub phone: Text,
    /// Whom to call.
    pub contact_name: Text,
    /// Their number.
    pub contact_phone: Text,
    /// Illnesses, allergies, medicines, blood group: what a helper must know.
    pub medical: Text,
}

/// A card as it may be stored.
#[derive(Clone, Debug)]
pub(crate) struct CardDraft {
    pub(crate) phone: String,
    pub(crate) contact_name: String,
    pub(crate) contact_phone: String,
    pub(crate) medical: Prose<2_000>,
}

impl CardForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self) -> Result<CardDraft> {
        let mut errors = FieldErrors::default();
        let phone = errors.take("phone", number(&self.phone));
        let contact_phone = errors.take("contact_phone", number(&self.contact_phone));
        let contact_name = errors.take("contact_name", Line::<200>::optional(self.contact_name.as_str()));
        let medical = errors.take("medical", self.medical.parse::<Prose<2_000>>());
        if contact_phone.as_ref().is_some_and(String::is_empty)
            && contact_name.as_ref().is_some_and(Option::is_some)
        {
            errors.add("contact_phone", "say at which number they are reached");
        }
        errors.check()?;
        match (phone, contact_name, contact_phone, medical) {
            (Some(phone), Some(name), Some(contact_phone), Some(medical)) => Ok(CardDraft {
                phone,
                contact_name: name.map(|n| n.as_str().to_owned()).unwrap_or_default(),
                contact_phone,
                medical,
            }),
            _ => Err(Error::internal("a checked form lacks a field")),
        }
    }
}

/// A telephone number as people write it; blank is none.
fn number(text: &Text) -> std::result::Result<String, String> {
    let typed = text.as_str().trim();
    if typed.is_empty() {
        return Ok(String::new());
    }
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let known = typed.chars().all(|c| c.is_ascii_digit() || " +-()/.".contains(c));
    if known && (3..=20).contains(&digits) && typed.len() <= 40 {
        Ok(typed.to_owned())
    } else {
        Err("write a telephone number, such as +1 555 010 7788".to_owned())
    }
}

/// Which alarms are wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct AlarmFilter {
    /// Text in site, client or caller.
    pub q: String,
    /// A site, by id.
    pub site: String,
    /// `raised`, `acknowledged`, `closed`; `open` for the first two.
    pub state: String,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T22:00:00Z".parse().unwrap()
    }

    #[test]
    fn nothing_keeps_an_alarm_from_being_raised() {
        let odd = AlarmForm {
            at: "yesterday".into(),
            latitude: "91".into(),
            longitude: "x".into(),
            accuracy: "NaN".into(),
            word: "help ".repeat(500).into(),
            ..AlarmForm::default()
        };
        assert!(odd.position().is_none());
        assert_eq!(odd.raised_at(now()), now());
        assert!(!odd.said().is_empty() && odd.said().chars().count() <= 500);
    }

    #[test]
    fn a_phone_whose_clock_is_off_is_put_right() {
        // The phone is two hours ahead; it was raised ten minutes before it was sent.
        let ahead = AlarmForm {
            at: "2026-11-23T23:50:00Z".into(),
            sent_at: "2026-11-24T00:00:00Z".into(),
            ..AlarmForm::default()
        };
        assert_eq!(ahead.raised_at(now()), "2026-11-23T21:50:00Z".parse::<Timestamp>().unwrap());
        let future = AlarmForm { at: "2030-01-01T00:00:00Z".into(), ..AlarmForm::default() };
        assert_eq!(future.raised_at(now()), now());
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(number(&"+1 (555) 010-7788".into()).unwrap(), "+1 (555) 010-7788");
        assert_eq!(number(&" ".into()).unwrap(), "");
        for wrong in ["12", "call me", "+1 555 010 7788 <b>", "555010778855501077885"] {
            number(&wrong.into()).unwrap_err();
        }
    }
}
