//! What an incident is as typed, and as it may be stored.

use jiff::tz::TimeZone;
use kernel::text::{Line, Prose};
use kernel::{FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

use super::times::{self, Pass};
use super::words::{Part, Severity, Source};

/// The most people one incident names.
pub(crate) const MOST_PEOPLE: usize = 30;

/// An incident as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IncidentForm {
    /// The site's id. Given when filing; it cannot be changed later.
    pub site: Text,
    /// One of the organization's types of incident.
    pub kind: Text,
    /// `low`, `medium`, `high` or `critical`.
    pub severity: Text,
    /// `static`, `patrol` or `occurrence_log`; by the kind of site unless given.
    pub source: Text,
    /// One line for lists; for staff.
    pub title: Text,
    /// What happened, in full; for staff.
    pub narrative: Text,
    /// Where at the site; for staff.
    pub place: Text,
    /// Degrees north.
    pub latitude: Text,
    /// Degrees east.
    pub longitude: Text,
    /// When: `2026-11-23T22:00` on the site's clock, or an instant with an offset.
    pub occurred_at: Text,
    /// `first` or `second`, where the site's clock showed that time twice.
    pub occurred_pass: Text,
    /// Until when, written alike; may be left out.
    pub ended_at: Text,
    /// As `occurred_pass`.
    pub ended_pass: Text,
    /// When it was reported; now unless given.
    pub reported_at: Text,
    /// As `occurred_pass`.
    pub reported_pass: Text,
    /// What the client side reads once it is published.
    pub public_details: Text,
    /// Never leaves the organization.
    pub internal_notes: Text,
    /// Who was involved.
    pub people: Vec<PersonForm>,
    /// Filing on behalf: the worker the report came from, by id, full name or employee number.
    pub reported_by: Text,
    /// The people involved as columns, the way a form sends them.
    #[schemars(skip)]
    #[serde(skip_serializing)]
    pub person_name: Vec<Text>,
    /// See [`IncidentForm::person_name`].
    #[schemars(skip)]
    #[serde(skip_serializing)]
    pub person_part: Vec<Text>,
    /// See [`IncidentForm::person_name`].
    #[schemars(skip)]
    #[serde(skip_serializing)]
    pub person_contact: Vec<Text>,
    /// See [`IncidentForm::person_name`].
    #[schemars(skip)]
    #[serde(skip_serializing)]
    pub person_note: Vec<Text>,
    /// A word of chance in the page's form, so that a form that is sent twice files once.
    #[schemars(skip)]
    #[serde(skip_serializing)]
    pub once: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// Somebody who was involved, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PersonForm {
    /// Their name.
    pub name: Text,
    /// `witness`, `victim`, `suspect`, `staff` or `other`.
    pub part: Text,
    /// How to reach them.
    pub contact: Text,
    /// More words.
    pub note: Text,
}

/// An incident as it may be stored.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) kind: Line<80>,
    pub(crate) severity: Severity,
    pub(crate) source: Option<Source>,
    pub(crate) title: Line<200>,
    pub(crate) narrative: Prose<20_000>,
    pub(crate) place: Option<Line<200>>,
    pub(crate) position: Option<(f64, f64)>,
    pub(crate) occurred_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) reported_at: Option<Timestamp>,
    pub(crate) public_details: Prose<5_000>,
    pub(crate) internal_notes: Prose<10_000>,
    pub(crate) people: Vec<Person>,
}

/// Somebody who was involved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: Line<200>,
    pub(crate) part: Part,
    pub(crate) contact: Prose<200>,
    pub(crate) note: Prose<1_000>,
}

impl Draft {
    pub(crate) fn place(&self) -> &str {
        self.place.as_ref().map_or("", Line::as_str)
    }
}

/// Earlier than this is a slip of the keyboard (1990-01-01T00:00:00Z), in microseconds.
const EARLIEST: i64 = 631_152_000_000_000;
/// How far a device's clock may be ahead of ours, in microseconds.
const AHEAD: i64 = 10 * 60 * 1_000_000;

impl IncidentForm {
    /// The people involved, whichever way they were sent. Rows of a form without a name and a word are dropped.
    pub(crate) fn all_people(&self) -> Vec<PersonForm> {
        let cell = |column: &[Text], at: usize| column.get(at).cloned().unwrap_or_default();
        let columns = (0..self.person_name.len())
            .map(|at| PersonForm {
                name: cell(&self.person_name, at),
                part: cell(&self.person_part, at),
                contact: cell(&self.person_contact, at),
                note: cell(&self.person_note, at),
            })
            .filter(|p| !(p.name.is_blank() && p.contact.is_blank() && p.note.is_blank()));
        self.people.iter().cloned().chain(columns).collect()
    }

    /// Reads what was typed, on the clock of the site.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self, zone: &TimeZone, now: Timestamp) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let kind = errors.take("kind", self.kind.parse());
        let severity = errors.take("severity", self.severity.parse());
        let source = errors.take("source", self.source.parse_optional());
        let title = errors.take("title", self.title.parse());
        let narrative = errors.take("narrative", self.narrative.parse::<Prose<20_000>>());
        if narrative.as_ref().is_some_and(Prose::is_empty) {
            errors.add("narrative", "say what happened");
        }
        let place = errors.take("place", Line::optional(self.place.as_str()));
        let position = self.position(&mut errors);
        let occurred = match self.occurred_at.is_blank() {
            // Left empty it is happening now; a change must say when (`act::edit`).
            true => Some(Some(now)),
            false => instant(&mut errors, "occurred_at", &self.occurred_at, &self.occurred_pass, zone),
        };
        let ended = instant(&mut errors, "ended_at", &self.ended_at, &self.ended_pass, zone);
        let reported = instant(&mut errors, "reported_at", &self.reported_at, &self.reported_pass, zone);
        for (field, at) in [("occurred_at", occurred), ("ended_at", ended), ("reported_at", reported)] {
            let Some(at) = at.flatten() else { continue };
            if at.as_microsecond() > now.as_microsecond() + AHEAD {
                errors.add(field, "this is in the future");
            } else if at.as_microsecond() < EARLIEST {
                errors.add(field, "check the year");
            }
        }
        if let (Some(Some(from)), Some(Some(until))) = (occurred, ended)
            && until < from
        {
            errors.add("ended_at", "it cannot have ended before it began");
        }
        let public_details = errors.take("public_details", self.public_details.parse());
        let internal_notes = errors.take("internal_notes", self.internal_notes.parse());
        let people = self.read_people(&mut errors);
        errors.check()?;
        let whole = (|| {
            Some(Draft {
                kind: kind?,
                severity: severity?,
                source: source?,
                title: title?,
                narrative: narrative?,
                place: place?,
                position,
                occurred_at: occurred??,
                ended_at: ended?,
                reported_at: reported?,
                public_details: public_details?,
                internal_notes: internal_notes?,
                people,
            })
        })();
        whole.ok_or_else(|| kernel::Error::internal("a checked form lacks a field"))
    }

    fn position(&self, errors: &mut FieldErrors) -> Option<(f64, f64)> {
        let latitude = errors.take("latitude", degrees(&self.latitude, 90.0))?;
        let longitude = errors.take("longitude", degrees(&self.longitude, 180.0))?;
        match (latitude, longitude) {
            (Some(latitude), Some(longitude)) => Some((latitude, longitude)),
            (None, None) => None,
            (Some(_), None) => {
                errors.add("longitude", "a position needs both numbers");
                None
            }
            (None, Some(_)) => {
                errors.add("latitude", "a position needs both numbers");
                None
            }
        }
    }

    fn read_people(&self, errors: &mut FieldErrors) -> Vec<Person> {
        let typed = self.all_people();
        if typed.len() > MOST_PEOPLE {
            errors.add("people", format!("name at most {MOST_PEOPLE} people"));
            return Vec::new();
        }
        typed
            .iter()
            .enumerate()
            .filter_map(|(at, person)| {
                let at = at + 1;
                let mut take = |part: Result<(), String>| {
                    if let Err(message) = part {
                        errors.add("people", format!("person {at}: {message}"));
                    }
                };
                let (name, part) = (person.name.parse(), person.part.parse());
                let (contact, note) = (person.contact.parse(), person.note.parse());
                match (name, part, contact, note) {
                    (Ok(name), Ok(part), Ok(contact), Ok(note)) => Some(Person { name, part, contact, note }),
                    (name, part, contact, note) => {
                        take(name.map(|_: Line<200>| ()).map_err(|e| format!("name: {e}")));
                        take(part.map(|_: Part| ()).map_err(|e| format!("part: {e}")));
                        take(contact.map(|_: Prose<200>| ()).map_err(|e| format!("contact: {e}")));
                        take(note.map(|_: Prose<1_000>| ()).map_err(|e| format!("note: {e}")));
                        None
                    }
                }
            })
            .collect()
    }
}

fn degrees(text: &Text, most: f64) -> Result<Option<f64>, String> {
    if text.is_blank() {
        return Ok(None);
    }
    let wrong = || format!("write degrees between -{most} and {most}");
    let value: f64 = text.as_str().trim().parse().map_err(|_e| wrong())?;
    if value.is_finite() && value.abs() <= most { Ok(Some(value)) } else { Err(wrong()) }
}

/// A typed time: `None` when it cannot be used (the message is noted), `Some(None)` when nothing was typed.
#[expect(clippy::option_option, reason = "unusable and absent are different answers")]
fn instant(
    errors: &mut FieldErrors,
    field: &str,
    text: &Text,
    pass: &Text,
    zone: &TimeZone,
) -> Option<Option<Timestamp>> {
    if text.is_blank() {
        return Some(None);
    }
    let pass: Option<Pass> = errors.take(field, pass.parse_optional())?;
    match times::read(text.as_str(), zone, pass) {
        Ok(at) => Some(Some(at)),
        Err(wrong) => {
            errors.add(field, wrong.message);
            None
        }
    }
}

/// What comes with a verb: the version it is meant for, and a reason that is kept in the history.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VerbForm {
    /// The version that was read. Left out, the present one is meant.
    pub version: Text,
    /// Why; for the history.
    pub reason: Text,
    /// `board` brings a browser back to the board.
    #[schemars(skip)]
    #[serde(skip_serializing)]
    pub back: Text,
}

/// Where the work stands.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StatusForm {
    /// `active`, `review`, `resolved` or `closed`.
    pub status: Text,
    /// The version that was read. Left out, the present one is meant.
    pub version: Text,
    /// Why; for the history.
    pub reason: Text,
    /// `board` brings a browser back to the board.
    #[schemars(skip)]
    #[serde(skip_serializing)]
    pub back: Text,
}

/// Who has it to do.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AssignmentForm {
    /// The membership's id; blank takes it from whoever has it.
    pub assignee: Text,
    /// The version that was read. Left out, the present one is meant.
    pub version: Text,
}

/// Which incidents are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct IncidentFilter {
    /// Text in what you may see of it.
    pub q: String,
    /// Any of these.
    pub status: Vec<String>,
    /// Any of these.
    pub severity: Vec<String>,
    /// Any of these types.
    pub kind: Vec<String>,
    /// Any of these sites.
    pub site: Vec<String>,
    /// Any of these clients (staff).
    pub client: Vec<String>,
    /// A membership's id, `me` or `nobody` (where names are shown).
    pub assignee: String,
    /// A column of the board: `urgent`, `active`, `review` or `resolved` (staff).
    pub lane: String,
    /// `published`, `unpublished` or `awaiting` (staff).
    pub published: String,
    /// The first day, on the organization's clock: `2026-11-01`.
    pub from: String,
    /// The last day.
    pub until: String,
    /// Archived ones instead of the others.
    pub archived: bool,
    /// `occurred` (newest first), `number` or `moved` (staff); `-` turns it round.
    pub order: String,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
