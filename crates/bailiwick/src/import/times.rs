//! Times of foreign files: written somehow, in some zone.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::{Offset, TimeZone};
use kernel::Timestamp;

/// A time as read: an instant, or what some clock showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// It says its offset.
    Instant(Timestamp),
    /// It does not.
    Local(DateTime),
}

/// Reads a time in one of several ways of writing.
pub(crate) fn read(text: &str, formats: &[&str]) -> Result<Read, String> {
    let text = text.trim();
    // What says its own offset is understood in any case.
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(Read::Instant(instant));
    }
    for format in formats {
        let Ok(parts) = BrokenDownTime::parse(format, text) else { continue };
        if (parts.offset().is_some() || format.contains("%s"))
            && let Ok(instant) = parts.to_timestamp()
        {
            return Ok(Read::Instant(instant));
        }
        if let Ok(local) = parts.to_datetime() {
            return Ok(Read::Local(local));
        }
        if let Ok(date) = parts.to_date() {
            return Ok(Read::Local(date.at(0, 0, 0, 0)));
        }
    }
    Err(format!("this is no time written as {}", formats.join(" or ")))
}

/// The instant at which a zone's clocks showed this. Of a time they showed twice it is the first; a time they left
/// out is moved on by the gap (RFC 5545, as calendars do).
pub(crate) fn instant(read: Read, zone: &TimeZone) -> Result<Timestamp, String> {
    match read {
        Read::Instant(instant) => Ok(instant),
        Read::Local(local) => zone.to_timestamp(local).map_err(|e| e.to_string()),
    }
}

/// The offsets of the abbreviations that are not doubtful, in hours.
const ABBREVIATIONS: &[(&str, i8)] = &[
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("AST", -4),
    ("ADT", -3),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("AKST", -9),
    ("AKDT", -8),
    ("HST", -10),
    ("WET", 0),
    ("WEST", 1),
    ("CET", 1),
    ("CEST", 2),
    ("EET", 2),
    ("EEST", 3),
];

/// The zone that a word means: what the mapping says, an abbreviation of North America or Europe, an offset, a
/// zone's name.
pub(crate) fn zone(word: &str, meanings: &BTreeMap<String, String>) -> Result<TimeZone, String> {
    let word = word.trim();
    let word = meanings.get(word).map_or(word, String::as_str);
    if let Some((_, hours)) = ABBREVIATIONS.iter().find(|(short, _)| short.eq_ignore_ascii_case(word)) {
        return Ok(TimeZone::fixed(jiff::tz::offset(*hours)));
    }
    if let Some(offset) = offset(word) {
        return Ok(TimeZone::fixed(offset));
    }
    TimeZone::get(word).map_err(|_bad| format!("there is no time zone {word}; say in [zones] what it means"))
}

/// `-05:00`, `+0530`.
fn offset(word: &str) -> Option<Offset> {
    let (sign, rest) = match word.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, word.strip_prefix('+')?),
    };
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    if digits.len() != 4 {
        return None;
    }
    let (hours, minutes): (i32, i32) = (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, formats: &[&str], word: &str) -> String {
        let zone = zone(word, &BTreeMap::from([("ET".into(), "America/New_York".into())])).unwrap();
        instant(read(text, formats).unwrap(), &zone).unwrap().to_string()
    }

    #[test]
    fn times_are_read_on_the_clock_they_were_written_by() {
        let common = super::super::mapping::Formats::Common;
        let common = common.list();
        // Los Angeles is eight hours behind in January, seven in July.
        assert_eq!(at("2016-01-02T01:13:00", &common, "America/Los_Angeles"), "2016-01-02T09:13:00Z");
        assert_eq!(at("2016-07-02 01:13", &common, "America/Los_Angeles"), "2016-07-02T08:13:00Z");
        // MST is seven hours behind all year; EST in summer is still five behind.
        assert_eq!(at("1999-01-01 15:45", &["%Y-%m-%d %H:%M"], "MST"), "1999-01-01T22:45:00Z");
        assert_eq!(at("1999-07-01 15:45", &["%Y-%m-%d %H:%M"], "EST"), "1999-07-01T20:45:00Z");
        assert_eq!(at("1999-07-01 15:45", &["%Y-%m-%d %H:%M"], "ET"), "1999-07-01T19:45:00Z");
        assert_eq!(at("01/05/2015 04:07:12 PM", &["%m/%d/%Y %I:%M:%S %p"], "-05:00"), "2015-01-05T21:07:12Z");
        assert_eq!(at("2015-01-05T04:07:12+01:00", &common, "EST"), "2015-01-05T03:07:12Z");
        assert_eq!(at("1451606400", &["%s"], "EST"), "2016-01-01T00:00:00Z");
        assert_eq!(at("2015-01-05", &common, "+05:30"), "2015-01-04T18:30:00Z");
        // Shown twice: the first. Left out: moved on by the hour.
        assert_eq!(at("2015-11-01T01:30", &common, "America/New_York"), "2015-11-01T05:30:00Z");
        assert_eq!(at("2015-03-08T02:30", &common, "America/New_York"), "2015-03-08T07:30:00Z");
    }

    #[test]
    fn what_is_no_time_and_no_zone_says_so() {
        assert!(read("yesterday", &["%Y-%m-%d"]).unwrap_err().contains("%Y-%m-%d"));
        assert!(read("2015-02-30", &["%Y-%m-%d"]).is_err());
        for word in ["XST", "+5", "Middle-earth/Shire", ""] {
            assert!(zone(word, &BTreeMap::new()).is_err(), "{word}");
        }
    }
}
