//! When a tour is due: windows of a day on the clock of its site, or every so many minutes of a part of the day.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Instant};
use kernel::text::closed;
use kernel::{Error, Result, Timestamp};

closed! {
    /// How it is said when a tour is due.
    pub enum Rhythm: i64 {
        /// Whenever somebody walks it.
        Free = 0 => "free",
        /// Once in each window of a day.
        Windows = 1 => "windows",
        /// Once in each stretch of so many minutes.
        Interval = 2 => "interval",
    }
}

impl Rhythm {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Free => "Any time",
            Self::Windows => "In windows of the day",
            Self::Interval => "Every so many minutes",
        }
    }
}

/// When a tour is due, as it may be stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Whenever somebody walks it.
    #[default]
    Free,
    /// From and until, on the clock; one that ends before it begins ends on the next day.
    Windows(Vec<(Time, Time)>),
    /// From, until, and how many minutes each stretch has.
    Interval(Time, Time, i64),
}

/// A stretch of time in which a tour is to be walked once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

/// The zone by its name; one that is no longer known reads as UTC, so that old records stay readable.
pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// "22:00".
pub(crate) fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    (text.len() == 5).then(|| text.parse().ok()).flatten()
}

/// The most windows a day may have.
const MOST_WINDOWS: usize = 48;

impl Plan {
    /// Reads windows, one a line or with commas between.
    ///
    /// # Errors
    /// A sentence about the first line that is no window.
    pub(crate) fn windows(text: &str) -> Result<Self, String> {
        let mut all = Vec::new();
        for line in text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()) {
            let said =
                line.split_once(['-', '–']).and_then(|(from, until)| Some((time(from)?, time(until)?)));
            match said {
                Some((from, until)) if from != until => all.push((from, until)),
                _ => return Err(format!("write a window as 22:00-23:00; this is \u{201c}{line}\u{201d}")),
            }
        }
        all.sort_unstable();
        all.dedup();
        match all.len() {
            0 => Err("write at least one window, such as 22:00-23:00".to_owned()),
            n if n > MOST_WINDOWS => Err(format!("a day has at most {MOST_WINDOWS} windows; this has {n}")),
            _ => Ok(Self::Windows(all)),
        }
    }

    /// Reads an interval; blank times are midnight.
    ///
    /// # Errors
    /// A sentence about the part that cannot be used, with the name of its field.
    pub(crate) fn interval(begins: &str, ends: &str, every: &str) -> Result<Self, (&'static str, String)> {
        let read = |field: &'static str, text: &str| {
            if text.trim().is_empty() {
                return Ok(Time::midnight());
            }
            time(text).ok_or((field, "write a time of day, such as 22:00".to_owned()))
        };
        let (begins, ends) = (read("begins", begins)?, read("ends", ends)?);
        match every.trim().parse::<i64>() {
            Ok(every @ 10..=1_440) => Ok(Self::Interval(begins, ends, every)),
            _ => Err(("every_minutes", "write minutes, from 10 to 1440".to_owned())),
        }
    }

    /// From what is stored.
    pub(crate) fn stored(
        rhythm: Rhythm,
        windows: &str,
        begins: &str,
        ends: &str,
        every: Option<i64>,
    ) -> Self {
        let every = every.unwrap_or_default().to_string();
        match rhythm {
            Rhythm::Free => Self::Free,
            Rhythm::Windows => Self::windows(windows).unwrap_or_default(),
            Rhythm::Interval => Self::interval(begins, ends, &every).unwrap_or_default(),
        }
    }

    pub(crate) const fn rhythm(&self) -> Rhythm {
        match self {
            Self::Free => Rhythm::Free,
            Self::Windows(_) => Rhythm::Windows,
            Self::Interval(..) => Rhythm::Interval,
        }
    }

    /// The windows as they are stored and shown, one a line.
    pub(crate) fn lines(&self) -> String {
        match self {
            Self::Windows(all) => all
                .iter()
                .map(|(from, until)| format!("{}-{}", clock(*from), clock(*until)))
                .collect::<Vec<_>>()
                .join("\n"),
            _ => String::new(),
        }
    }

    /// "22:00–23:00, 02:00–03:00", "every 120 minutes, 18:00–06:00".
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Free => "Any time".to_owned(),
            Self::Windows(_) => self.lines().replace('-', "–").replace('\n', ", "),
            Self::Interval(from, until, every) if from == until => format!("Every {every} minutes"),
            Self::Interval(from, until, every) => {
                format!("Every {every} minutes, {}–{}", clock(*from), clock(*until))
            }
        }
    }

    /// The windows that end after the first and begin before the second instant, in their order.
    ///
    /// # Errors
    /// Only for instants beyond the calendar.
    pub(crate) fn between(
        &self,
        after: Timestamp,
        before: Timestamp,
        zone: &TimeZone,
    ) -> Result<Vec<Window>> {
        let mut all = Vec::new();
        let mut day = zone.to_datetime(after).date().saturating_sub(Span::new().days(2));
        let last = zone.to_datetime(before).date();
        while day <= last {
            self.of(day, zone, &mut all)?;
            day = day.saturating_add(Span::new().days(1));
            if all.len() > MOST_BETWEEN {
                break;
            }
        }
        all.retain(|window: &Window| window.until > after && window.from < before);
        all.sort_by_key(|window| window.from);
        all.dedup_by_key(|window| window.from);
        Ok(all)
    }

    /// The windows that begin on a day.
    fn of(&self, day: Date, zone: &TimeZone, into: &mut Vec<Window>) -> Result<()> {
        let span = |from: Time, until: Time| -> Result<Window> {
            let end = if until <= from { day.saturating_add(Span::new().days(1)) } else { day };
            Ok(Window { from: instant(day, from, zone)?, until: instant(end, until, zone)? })
        };
        match self {
            Self::Free => {}
            Self::Windows(all) => {
                for (from, until) in all {
                    let window = span(*from, *until)?;
                    // A window that the clock skips is none.
                    if window.from < window.until {
                        into.push(window);
                    }
                }
            }
            Self::Interval(from, until, every) => {
                let whole = span(*from, *until)?;
                let mut from = whole.from;
                while from < whole.until {
                    // Elapsed minutes, whatever the clock on the wall does meanwhile; the last one may be shorter.
                    let until = (from + Span::new().minutes(*every)).min(whole.until);
                    into.push(Window { from, until });
                    from = until;
                }
            }
        }
        Ok(())
    }
}

/// No question asks for more windows than this.
const MOST_BETWEEN: usize = 5_000;

/// A local time as an instant: where the clock skips it the next that there is, where it comes twice the first.
fn instant(day: Date, time: Time, zone: &TimeZone) -> Result<Instant> {
    zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn spans(plan: &Plan, after: &str, before: &str, name: &str) -> Vec<String> {
        let zone = zone(name);
        let all = plan.between(at(after), at(before), &zone).unwrap();
        all.iter().map(|w| format!("{} {}", w.from, w.until)).collect()
    }

    #[test]
    fn windows_stand_on_the_clock_of_the_site() {
        let plan = Plan::windows("22:00-23:00, 23:30-00:30").unwrap();
        assert_eq!(
            spans(&plan, "2026-11-23T12:00:00Z", "2026-11-24T12:00:00Z", "America/New_York"),
            ["2026-11-24T03:00:00Z 2026-11-24T04:00:00Z", "2026-11-24T04:30:00Z 2026-11-24T05:30:00Z"]
        );
        // The hour from two to three does not come on this day: a window within it is none.
        let plan = Plan::windows("02:10-02:50").unwrap();
        assert_eq!(
            spans(&plan, "2026-03-08T00:00:00Z", "2026-03-08T23:00:00Z", "America/New_York").len(),
            1,
            "its ends move on together"
        );
        for wrong in ["", "22:00", "22-23", "22:00-22:00", "25:00-26:00"] {
            assert!(Plan::windows(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_interval_counts_elapsed_minutes_across_midnight() {
        let plan = Plan::interval("20:00", "02:00", "120").unwrap();
        assert_eq!(
            spans(&plan, "2026-11-23T20:30:00Z", "2026-11-24T12:00:00Z", "UTC"),
            [
                "2026-11-23T20:00:00Z 2026-11-23T22:00:00Z",
                "2026-11-23T22:00:00Z 2026-11-24T00:00:00Z",
                "2026-11-24T00:00:00Z 2026-11-24T02:00:00Z"
            ]
        );
        // The night in which the clock is put back has an hour more.
        let plan = Plan::interval("00:00", "06:00", "60").unwrap();
        assert_eq!(spans(&plan, "2026-11-01T04:00:00Z", "2026-11-01T12:00:00Z", "America/New_York").len(), 7);
        assert!(Plan::interval("", "", "5").is_err());
        assert!(Plan::interval("8", "", "60").is_err());
    }
}
