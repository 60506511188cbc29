//! Weeks, days and times of day, on the clock of a site.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, ToSpan};
use kernel::{Error, Result, Timestamp};

/// A week: the Monday it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Week(Date);

impl Week {
    /// The week that a day is in.
    pub(crate) fn of(day: Date) -> Self {
        let back = i64::from(day.weekday().to_monday_zero_offset());
        Self(day.saturating_sub(Span::new().days(back)))
    }

    /// The week that an instant is in, on a clock.
    pub(crate) fn at(now: Timestamp, zone: &TimeZone) -> Self {
        Self::of(zone.to_datetime(now).date())
    }

    /// Reads any day of it; blank is the week of `now`.
    pub(crate) fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::at(now, zone));
        }
        text.parse::<Date>().map(Self::of).map_err(|_unreadable| "write a day, such as 2026-11-23".to_owned())
    }

    pub(crate) fn monday(self) -> Date {
        self.0
    }

    /// Monday to Sunday.
    pub(crate) fn days(self) -> [Date; 7] {
        [0, 1, 2, 3, 4, 5, 6].map(|n: i64| self.0.saturating_add(Span::new().days(n)))
    }

    pub(crate) fn moved(self, weeks: i64) -> Self {
        Self(self.0.saturating_add(Span::new().days(weeks * 7)))
    }

    /// Instants that enclose the week on every clock of the world.
    pub(crate) fn around(self) -> Result<(Timestamp, Timestamp)> {
        let from = TimeZone::UTC.to_timestamp(self.0.at(0, 0, 0, 0)).map_err(Error::internal)?;
        let until =
            TimeZone::UTC.to_timestamp(self.moved(1).monday().at(0, 0, 0, 0)).map_err(Error::internal)?;
        Ok((from - 15.hours(), until + 15.hours()))
    }

    pub(crate) fn has(self, day: Date) -> bool {
        day >= self.0 && day < self.moved(1).0
    }
}

/// A local time as an instant. Where the clock skips it, the instant is the next that there is, and `true` says so;
/// where it comes twice, it is the first.
pub(crate) fn instant(local: DateTime, zone: &TimeZone) -> Result<(Timestamp, bool)> {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let skipped = matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. });
    let at = ambiguous.compatible().map_err(Error::internal)?;
    Ok((at, skipped))
}

/// Whole minutes from one instant to another: elapsed time, whatever the clock on the wall did meanwhile.
pub(crate) fn minutes(from: Timestamp, until: Timestamp) -> i64 {
    (until.as_second() - from.as_second()).div_euclid(60)
}

/// "7 h 30 min".
pub(crate) fn hours(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (whole, 0) => format!("{whole} h"),
        (whole, rest) => format!("{whole} h {rest:02} min"),
    }
}

/// The zone by its name; one that is no longer known reads as UTC, so that old records stay readable.
pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// "Mon 23 Nov, 22:00–06:00".
pub(crate) fn span(from: Timestamp, until: Timestamp, zone_name: &str) -> String {
    let zone = zone(zone_name);
    let (from, until) = (from.to_zoned(zone.clone()), until.to_zoned(zone));
    format!("{}–{}", from.strftime("%a %-d %b %Y, %H:%M"), until.strftime("%H:%M"))
}

/// "22:00–06:00", and how many days later it ends where that is not the same or the next day.
pub(crate) fn clock(from: Timestamp, until: Timestamp, zone_name: &str) -> String {
    let zone = zone(zone_name);
    format!("{}–{}", zone.to_datetime(from).strftime("%H:%M"), zone.to_datetime(until).strftime("%H:%M"))
}

/// For files: "2026-11-23 22:00:00-05:00".
pub(crate) fn exact(at: Timestamp, zone_name: &str) -> String {
    at.to_zoned(zone(zone_name)).strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
}

/// A time of day as typed: `22:00`.
pub(crate) fn time_of_day(text: &str) -> Option<Time> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_its_monday() {
        let new_york = zone("America/New_York");
        let at = "2026-11-23T04:30:00Z".parse().unwrap();
        // Sunday evening in New York: still the week before.
        assert_eq!(Week::at(at, &new_york).monday().to_string(), "2026-11-16");
        assert_eq!(Week::at(at, &TimeZone::UTC).monday().to_string(), "2026-11-23");
        assert_eq!(Week::read("2026-11-29", at, &new_york).unwrap().monday().to_string(), "2026-11-23");
        assert!(Week::read("next week", at, &new_york).is_err());
    }

    #[test]
    fn a_time_that_the_clock_skips_is_the_next_that_there_is() {
        let new_york = zone("America/New_York");
        let (at, skipped) = instant(jiff::civil::date(2026, 3, 8).at(2, 30, 0, 0), &new_york).unwrap();
        assert_eq!((at.to_string(), skipped), ("2026-03-08T07:30:00Z".to_owned(), true));
        let (at, skipped) = instant(jiff::civil::date(2026, 11, 1).at(1, 30, 0, 0), &new_york).unwrap();
        assert_eq!((at.to_string(), skipped), ("2026-11-01T05:30:00Z".to_owned(), false));
    }

    /// Elapsed minutes of night shifts over every change of clock in a file of an independent oracle.
    #[test]
    fn elapsed_minutes_are_those_of_the_oracle() {
        let folder = std::env::var("BAILIWICK_DATA").map_or_else(
            |_unset| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
            std::path::PathBuf::from,
        );
        let path = folder.join("time").join("dst_shift_oracle_dev.csv");
        let Ok(mut reader) = csv::Reader::from_path(&path) else {
            eprintln!("skipped: no {} (set BAILIWICK_DATA)", path.display());
            return;
        };
        let headers = reader.headers().unwrap().clone();
        let at = |name: &str| headers.iter().position(|h| h == name).unwrap();
        let (zone_at, start, end) = (at("zone"), at("shift_local_start"), at("shift_local_end"));
        let (utc_start, utc_end, elapsed) =
            (at("shift_start_utc"), at("shift_end_utc"), at("elapsed_minutes"));
        let differs = at("differs_in_tzdb_2025b");
        let mut seen = 0;
        for row in reader.records() {
            let row = row.unwrap();
            if !row[differs].is_empty() {
                continue;
            }
            let zone = kernel::local::zone(&row[zone_at]).unwrap();
            let from = kernel::local::read(&row[start], &zone, None).unwrap();
            let until = kernel::local::read(&row[end], &zone, None).unwrap();
            assert_eq!(from.to_string(), row[utc_start], "{row:?}");
            assert_eq!(until.to_string(), row[utc_end], "{row:?}");
            assert_eq!(minutes(from, until).to_string(), row[elapsed], "{row:?}");
            seen += 1;
        }
        assert!(seen >= 40, "{seen} rows were held against the oracle");
    }
}
