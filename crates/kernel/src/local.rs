//! Local times as people type them, in the zone of the site.
//!
//! A time without an offset is meant on the clock of the site. Where that clock is put forward, the times in
//! between do not exist and are refused; where it is put back, an hour happens twice and the person says which of
//! the two they mean. A time with an offset (`2026-11-01T01:30:00-05:00`) means itself.

use crate::Timestamp;
use crate::text::closed;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

closed! {
    /// Which of the two, where the clock shows the same time twice.
    pub enum Pass: i64 {
        /// Before the clock was put back.
        First = 0 => "first",
        /// After it.
        Second = 1 => "second",
    }
}

/// What was wrong with a typed time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistyped {
    /// The sentence.
    pub message: String,
    /// The time happened twice: ask which one.
    pub twice: bool,
}

impl From<String> for Mistyped {
    fn from(message: String) -> Self {
        Self { message, twice: false }
    }
}

/// Looks a zone up by its name.
///
/// # Errors
/// A sentence that names the zone.
pub fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_unknown| format!("there is no time zone {name}"))
}

/// A day or an instant of the past, as a question about it is typed; a day means its end, or now if it is today.
///
/// # Errors
/// A sentence for words that are neither, or for the future.
pub fn past(words: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, String> {
    let wrong = || "write a day of the past such as 2026-11-23, or an instant".to_owned();
    let words = words.trim();
    if let Ok(at) = words.parse::<Timestamp>() {
        return if at <= now { Ok(at) } else { Err(wrong()) };
    }
    let day: jiff::civil::Date = words.parse().map_err(|_unreadable| wrong())?;
    let start = |day: jiff::civil::Date| {
        zone.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).map_err(|_outside| wrong())
    };
    if start(day)? > now {
        return Err(wrong());
    }
    Ok(start(day.tomorrow().map_err(|_last| wrong())?)?.min(now))
}

/// Reads a local time in a zone, or an instant with an offset.
///
/// # Errors
/// [`Mistyped`] for what is no time, for a time that does not exist, and for one that happened twice where `pass`
/// does not say which.
pub fn read(text: &str, zone: &TimeZone, pass: Option<Pass>) -> Result<Timestamp, Mistyped> {
    let text = text.trim();
    let whole = |at: Timestamp| {
        Timestamp::from_microsecond(at.as_microsecond()).map_err(|e| Mistyped::from(e.to_string()))
    };
    if let Ok(instant) = text.parse::<Timestamp>() {
        return whole(instant);
    }
    let local: DateTime = text.parse().map_err(|_unreadable| {
        Mistyped::from("write a date and a time, such as 2026-11-23T22:00".to_owned())
    })?;
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let day = local.strftime("%-d %B %Y");
    let clock = local.strftime("%H:%M");
    match (ambiguous.offset(), pass) {
        (AmbiguousOffset::Gap { before, after }, _) => {
            let jump = after.seconds().saturating_sub(before.seconds()) / 60;
            Err(Mistyped::from(format!(
                "{clock} did not exist on {day} at this site: the clock was put forward by {jump} minutes; \
                 write the time the clock showed"
            )))
        }
        (AmbiguousOffset::Fold { .. }, None) => Err(Mistyped {
            message: format!(
                "{clock} happened twice on {day} at this site, because the clock was put back; say which one"
            ),
            twice: true,
        }),
        (AmbiguousOffset::Fold { .. }, Some(Pass::First)) => {
            ambiguous.earlier().map_err(|e| Mistyped::from(e.to_string())).and_then(whole)
        }
        (AmbiguousOffset::Fold { .. }, Some(Pass::Second)) => {
            ambiguous.later().map_err(|e| Mistyped::from(e.to_string())).and_then(whole)
        }
        (AmbiguousOffset::Unambiguous { .. }, _) => {
            ambiguous.unambiguous().map_err(|e| Mistyped::from(e.to_string())).and_then(whole)
        }
    }
}

/// An instant as a form shows it: `2026-11-23T22:00` on the site's clock, and which pass where that happens twice.
#[must_use]
pub fn typed(at: Timestamp, zone: &TimeZone) -> (String, Option<Pass>) {
    let local = zone.to_datetime(at);
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let pass = match ambiguous.offset() {
        AmbiguousOffset::Fold { before, .. } => {
            let first = zone.to_offset(at) == before;
            Some(if first { Pass::First } else { Pass::Second })
        }
        _ => None,
    };
    (local.strftime("%Y-%m-%dT%H:%M").to_string(), pass)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_york() -> TimeZone {
        zone("America/New_York").unwrap()
    }

    #[test]
    fn a_time_is_meant_on_the_clock_of_the_site() {
        let at = read("2026-11-23T22:00", &new_york(), None).unwrap();
        assert_eq!(at.to_string(), "2026-11-24T03:00:00Z");
        let sydney = read(" 2026-11-23T22:00:30 ", &zone("Australia/Sydney").unwrap(), None).unwrap();
        assert_eq!(sydney.to_string(), "2026-11-23T11:00:30Z");
        let exact = read("2026-11-23T22:00:00+01:00", &new_york(), None).unwrap();
        assert_eq!(exact.to_string(), "2026-11-23T21:00:00Z");
        assert!(read("tomorrow", &new_york(), None).is_err());
        assert!(zone("Mars/Olympus").is_err());
    }

    #[test]
    fn a_time_that_the_clock_skipped_is_refused() {
        // 8 March 2026: 02:00 EST became 03:00 EDT.
        let wrong = read("2026-03-08T02:30", &new_york(), Some(Pass::First)).unwrap_err();
        assert!(wrong.message.contains("did not exist") && wrong.message.contains("60 minutes"), "{wrong:?}");
        assert!(!wrong.twice);
    }

    #[test]
    fn a_time_that_happened_twice_wants_a_choice() {
        // 1 November 2026: 02:00 EDT became 01:00 EST.
        let asked = read("2026-11-01T01:30", &new_york(), None).unwrap_err();
        assert!(asked.twice);
        let first = read("2026-11-01T01:30", &new_york(), Some(Pass::First)).unwrap();
        let second = read("2026-11-01T01:30", &new_york(), Some(Pass::Second)).unwrap();
        assert_eq!(first.to_string(), "2026-11-01T05:30:00Z");
        assert_eq!(second.to_string(), "2026-11-01T06:30:00Z");
        assert_eq!(typed(first, &new_york()), ("2026-11-01T01:30".into(), Some(Pass::First)));
        assert_eq!(typed(second, &new_york()), ("2026-11-01T01:30".into(), Some(Pass::Second)));
        assert_eq!(typed(first, &TimeZone::UTC), ("2026-11-01T05:30".into(), None));
    }
}
