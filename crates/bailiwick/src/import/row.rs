//! From a record of a foreign file to an incident that can be stored: everything that is wrong with it is said at
//! once, and nothing of it is changed on the way.

use jiff::tz::TimeZone;
use kernel::Timestamp;
use reporting::setup::{self, Severity, Source, Status};
use serde::Serialize;

use super::mapping::{Fed, Feed, Mapping};
use super::source::Record;
use super::times::{self, Read};

/// Characters of a value that a report shows.
const SHOWN: usize = 80;

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    /// The column it is in, as the file calls it.
    pub(crate) column: String,
    /// What stands there, cut short.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) value: String,
    /// What is wrong with it.
    pub(crate) reason: String,
}

impl Problem {
    pub(crate) fn new(column: impl Into<String>, value: &str, reason: impl Into<String>) -> Self {
        let mut shown: String = value.chars().take(SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self { column: column.into(), value: shown, reason: reason.into() }
    }
}

/// A yes or no as people write it.
fn yes(text: &str) -> Result<bool, String> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "true" | "1" | "y" => Ok(true),
        "no" | "false" | "0" | "n" => Ok(false),
        _ => Err("write yes or no".into()),
    }
}

/// An incident as read from a file. Times wait for the site's zone.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) key: Option<String>,
    pub(crate) site: String,
    pub(crate) kind: String,
    pub(crate) severity: Severity,
    pub(crate) status: Status,
    pub(crate) source: Option<Source>,
    pub(crate) published: bool,
    pub(crate) title: String,
    pub(crate) narrative: String,
    pub(crate) public_details: String,
    pub(crate) internal_notes: String,
    pub(crate) place: String,
    pub(crate) position: Option<(f64, f64)>,
    pub(crate) occurred: Time,
    pub(crate) ended: Option<Time>,
    pub(crate) reported: Option<Time>,
    pub(crate) author: String,
}

/// A time with the zone that the file says it is in, if it does.
#[derive(Debug)]
pub(crate) struct Time {
    pub(crate) read: Read,
    pub(crate) zone: Option<TimeZone>,
    pub(crate) column: String,
    pub(crate) text: String,
}

impl Time {
    /// The instant, on the site's clock where the file names no zone.
    pub(crate) fn at(&self, site: &TimeZone) -> Result<Timestamp, Problem> {
        times::instant(self.read, self.zone.as_ref().unwrap_or(site))
            .map_err(|why| Problem::new(self.column.as_str(), &self.text, why))
    }
}

/// Reads fields out of one record.
struct Reader<'a> {
    mapping: &'a Mapping,
    record: &'a Record,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn cell(&self, column: &str) -> Option<String> {
        let text = self.record.get(column)?;
        let nothing = self.mapping.empty.iter().any(|word| word == text.trim());
        (!nothing).then(|| text.into_owned())
    }

    /// The text of a field as the file has it.
    fn raw(&mut self, field: &str) -> Option<(String, &Feed)> {
        let feed = self.mapping.fields.get(field)?;
        match feed.value(&|column| self.cell(column)) {
            Ok(Fed::Nothing) => None,
            Ok(Fed::Text(text)) => Some((text, feed)),
            Err(unfed) => {
                self.problems.push(Problem::new(unfed.column, &unfed.value, unfed.reason));
                None
            }
        }
    }

    fn complain(&mut self, field: &str, value: &str, reason: impl Into<String>) {
        let column = self.mapping.fields.get(field).map_or_else(|| field.to_owned(), Feed::name);
        self.problems.push(Problem::new(column, value, reason));
    }

    /// A line: no line breaks, at most so many characters; what surrounds it is space.
    fn line(&mut self, field: &str, most: usize) -> String {
        let Some((text, feed)) = self.raw(field) else { return String::new() };
        let cut = feed.rule().is_some_and(|rule| rule.cut);
        let line = text.trim();
        let count = line.chars().count();
        if line.contains(char::is_control) {
            self.complain(field, &text, "this must be one line, without control characters");
        } else if count > most && !cut {
            self.complain(field, &text, format!("this has {count} characters; {most} fit"));
        } else if count > most {
            return line.chars().take(most - 1).chain(['…']).collect();
        }
        line.to_owned()
    }

    /// A text that is kept byte for byte.
    fn text(&mut self, field: &str, most: usize) -> String {
        let Some((text, _)) = self.raw(field) else { return String::new() };
        let count = text.chars().count();
        if count > most {
            self.complain(field, &text, format!("this has {count} characters; {most} fit"));
        } else if text.contains('\0') {
            self.complain(field, &text, "this holds a character zero, which databases cannot keep");
        }
        text
    }

    /// One of a closed set of words; nothing where nothing is given.
    fn word<T>(&mut self, field: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let (text, _) = self.raw(field)?;
        match read(&text) {
            Ok(word) => Some(word),
            Err(why) => {
                self.complain(field, &text, why);
                None
            }
        }
    }

    fn degrees(&mut self, field: &str, most: f64) -> Option<f64> {
        let (text, _) = self.raw(field)?;
        match text.trim().parse::<f64>() {
            Ok(degrees) if degrees.is_finite() && degrees.abs() <= most => Some(degrees),
            _ => {
                self.complain(field, &text, format!("write degrees between -{most} and {most}"));
                None
            }
        }
    }

    fn time(&mut self, field: &str) -> Option<Time> {
        let (text, feed) = self.raw(field)?;
        let column = feed.name();
        let rule = feed.rule().cloned().unwrap_or_default();
        let read = match times::read(&text, &rule.format.list()) {
            Ok(read) => read,
            Err(why) => {
                self.problems.push(Problem::new(column, &text, why));
                return None;
            }
        };
        let word = match &rule.zone_column {
            Some(column) => self.cell(column).map(|word| (column.clone(), word)),
            None => None,
        };
        let said = rule.zone.as_ref().or(self.mapping.zone.as_ref());
        let word = word.or_else(|| said.map(|zone| (column.clone(), zone.clone())));
        let zone = match word.map(|(column, word)| (times::zone(&word, &self.mapping.zones), column, word)) {
            None => None,
            Some((Ok(zone), ..)) => Some(zone),
            Some((Err(why), column, word)) => {
                self.problems.push(Problem::new(column, &word, why));
                return None;
            }
        };
        Some(Time { read, zone, column, text })
    }
}

/// Reads a record.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn read(record: &Record, mapping: &Mapping) -> Result<Draft, Vec<Problem>> {
    let mut reader = Reader { mapping, record, problems: Vec::new() };
    let key = reader.line("key", 200);
    let site = reader.line("site", 200);
    let kind = reader.line("kind", 80);
    let severity = reader.word("severity", setup::severity).unwrap_or(Severity::Low);
    let status = reader.word("status", setup::status).unwrap_or(Status::Closed);
    let source = reader.word("source", setup::source);
    let published = reader.word("published", yes).unwrap_or(false);
    let title = reader.line("title", 200);
    let narrative = reader.text("narrative", 20_000);
    let public_details = reader.text("public_details", 5_000);
    let internal_notes = reader.text("internal_notes", 10_000);
    let place = reader.line("place", 200);
    let (latitude, longitude) = (reader.degrees("latitude", 90.0), reader.degrees("longitude", 180.0));
    let occurred = reader.time("occurred_at");
    let ended = reader.time("ended_at");
    let reported = reader.time("reported_at");
    let author = reader.line("author", 200);
    for (field, missing) in [
        ("site", site.is_empty()),
        ("kind", kind.is_empty()),
        ("title", title.is_empty()),
        ("narrative", narrative.is_empty()),
    ] {
        if missing {
            reader.complain_once(field, "this is empty");
        }
    }
    if occurred.is_none() {
        reader.complain_once("occurred_at", "this is empty");
    }
    let position = match (latitude, longitude) {
        (Some(latitude), Some(longitude)) => Some((latitude, longitude)),
        (None, None) => None,
        _ => {
            reader.complain_once("latitude", "a position needs both numbers");
            None
        }
    };
    match (reader.problems.is_empty(), occurred) {
        (true, Some(occurred)) => Ok(Draft {
            key: (!key.is_empty()).then_some(key),
            site,
            kind,
            severity,
            status,
            source,
            published,
            title,
            narrative,
            public_details,
            internal_notes,
            place,
            position,
            occurred,
            ended,
            reported,
            author,
        }),
        _ => Err(reader.problems),
    }
}

impl Reader<'_> {
    /// Complains of a field unless something was said of its column already.
    fn complain_once(&mut self, field: &str, reason: &str) {
        let column = self.mapping.fields.get(field).map_or_else(|| field.to_owned(), Feed::name);
        if !self.problems.iter().any(|problem| problem.column == column) {
            self.problems.push(Problem::new(column, "", reason));
        }
    }
}

/// Earlier than this is a slip (1990-01-01T00:00:00Z), in microseconds; the form says the same.
const EARLIEST: i64 = 631_152_000_000_000;
/// How far ahead of our clock a time may be, in microseconds.
const AHEAD: i64 = 10 * 60 * 1_000_000;

/// The three times of an incident as instants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) occurred: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    pub(crate) reported: Option<Timestamp>,
}

/// Puts a draft's times on the site's clock and looks whether they can be true.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn settle(draft: &Draft, site: &TimeZone, now: Timestamp) -> Result<Times, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut take = |time: &Time| match time.at(site) {
        Ok(at) if at.as_microsecond() > now.as_microsecond() + AHEAD => {
            problems.push(Problem::new(time.column.as_str(), &time.text, "this is in the future"));
            None
        }
        Ok(at) if at.as_microsecond() < EARLIEST => {
            problems.push(Problem::new(
                time.column.as_str(),
                &time.text,
                "this is before 1990; check the year",
            ));
            None
        }
        Ok(at) => Some(at),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let occurred = take(&draft.occurred);
    let ended = draft.ended.as_ref().and_then(&mut take);
    let reported = draft.reported.as_ref().and_then(&mut take);
    if let (Some(from), Some(until), Some(time)) = (occurred, ended, &draft.ended)
        && until < from
    {
        problems.push(Problem::new(time.column.as_str(), &time.text, "it cannot have ended before it began"));
    }
    match (problems.is_empty(), occurred) {
        (true, Some(occurred)) => Ok(Times { occurred, ended, reported }),
        _ => Err(problems),
    }
}
