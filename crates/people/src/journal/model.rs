//! Lines as they are stored and as they are seen, and what can be asked of them.

use kernel::id::{AccountId, JournalEntryId, MembershipId};
use kernel::{Error, FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{FromRow, Row};
use uuid::Uuid;
use web::Text;

/// The fewest days that a journal is kept.
pub(super) const FEWEST_DAYS: i64 = 90;
/// The most days that can be asked for: a hundred years.
const MOST_DAYS: i64 = 36_525;

/// A line as stored.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) id: JournalEntryId,
    pub(super) sequence: i64,
    pub(super) at: Timestamp,
    pub(super) account: Option<AccountId>,
    pub(super) membership: Option<MembershipId>,
    pub(super) name: String,
    pub(super) roles: String,
    pub(super) action: String,
    pub(super) resource: String,
    pub(super) record: Option<Uuid>,
    pub(super) label: String,
    pub(super) detail: Value,
    pub(super) address: String,
    pub(super) hash: Vec<u8>,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let detail: String = row.get(11)?;
        let mut detail = serde_json::from_str(&detail).unwrap_or(Value::String(detail));
        without_notes(&mut detail);
        Ok(Self {
            id: row.get(0)?,
            sequence: row.get(1)?,
            at: row.get(2)?,
            account: row.get(3)?,
            membership: row.get(4)?,
            name: row.get(5)?,
            roles: row.get(6)?,
            action: row.get(7)?,
            resource: row.get(8)?,
            record: row.get(9)?,
            label: row.get(10)?,
            detail,
            address: row.get(12)?,
            hash: row.get(13)?,
        })
    }
}

/// Notes have a permission of their own. Nothing writes their words into the journal; should a line hold some all
/// the same, they are not told.
fn without_notes(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("notes");
            fields.values_mut().for_each(without_notes);
        }
        Value::Array(all) => all.iter_mut().for_each(without_notes),
        _ => {}
    }
}

/// A part that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartOut {
    /// Which part.
    pub part: String,
    /// What it was; empty for nothing, or where only the change is kept.
    pub before: String,
    /// What it became.
    pub after: String,
}

/// A line as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LineOut {
    /// Its id.
    pub id: JournalEntryId,
    /// Its number in the organization's chain, for those who read all of it: gaps would tell others how much they do
    /// not see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// Who did it: their name then.
    pub who: String,
    /// Acting as: the roles they held then.
    pub roles: String,
    /// Their membership; none for the command line and the program itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub membership: Option<MembershipId>,
    /// Their sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// What was done, as a word.
    pub action: String,
    /// To which kind of record.
    pub resource: String,
    /// What was done, as a sentence without its subject.
    pub sentence: String,
    /// To which record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// What the record was called then.
    pub label: String,
    /// Where the record is opened, below the door.
    #[serde(skip)]
    pub(super) path: Option<String>,
    /// What changed.
    pub changes: Vec<PartOut>,
    /// The reason that was given.
    pub reason: String,
    /// From where: a network address.
    pub address: String,
}

/// Which lines are wanted. Days count in the organization's time zone.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct LineFilter {
    /// Text in what the record was called or in the name of who did it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Who did it: a membership (`mem_…`) or a sign-in (`acc_…`).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// The record: an id of any kind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub record: String,
    /// What was done, as a word.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub action: String,
    /// To which kind of record, as a word.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource: String,
    /// Not before this day or instant.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// Up to this day, which counts in full, or this instant.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub until: String,
    /// For exports: `csv` or `jsonl`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub format: String,
    /// Where the page before ended.
    #[serde(skip_serializing)]
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    #[serde(skip_serializing)]
    pub limit: Option<u16>,
}

/// Who did it, as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Person {
    Membership(MembershipId),
    Account(AccountId),
}

impl LineFilter {
    /// The person asked for.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for what is no id of a person.
    pub(super) fn person(&self) -> Result<Option<Person>> {
        let text = self.person.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let found = match text.parse() {
            Ok(membership) => Some(Person::Membership(membership)),
            Err(_no_membership) => text.parse().ok().map(Person::Account),
        };
        found.map(Some).ok_or_else(|| {
            Error::BadRequest(
                "write a person as the id of their membership (mem_…) or sign-in (acc_…)".into(),
            )
        })
    }

    /// The record asked for.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for what is no id.
    pub(super) fn record(&self) -> Result<Option<Uuid>> {
        let text = self.record.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let id = text.split_once('_').and_then(|(_, rest)| kernel::id::decode(rest));
        id.map(Some).ok_or_else(|| Error::BadRequest("write a record as its id, such as inc_…".into()))
    }
}

/// How the journal is kept.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct KeepingOut {
    /// For how many days; absent for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// The last line that was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_through: Option<i64>,
    /// When lines were last removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Timestamp>,
    /// May the asker change this?
    pub may_change: bool,
}

/// How the journal is to be kept, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionForm {
    /// Days, at least 90; blank for good.
    pub days: Text,
}

impl RetentionForm {
    /// Reads the days.
    ///
    /// # Errors
    /// A message at `days`.
    pub(super) fn parse(&self) -> Result<Option<i64>> {
        let mut errors = FieldErrors::default();
        let wrong =
            || format!("write a number of days, {FEWEST_DAYS} or more; leave it empty to keep everything");
        let days = if self.days.is_blank() {
            Some(None)
        } else {
            let read = self.days.as_str().trim().parse::<i64>().map_err(|_no_number| wrong());
            errors.take(
                "days",
                read.and_then(|days| {
                    if (FEWEST_DAYS..=MOST_DAYS).contains(&days) { Ok(Some(days)) } else { Err(wrong()) }
                }),
            )
        };
        errors.check()?;
        Ok(days.flatten())
    }
}

/// What a walk over the chain found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VerificationOut {
    /// Does the chain hold?
    pub unbroken: bool,
    /// How many lines were walked, where it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<u64>,
    /// The number of the newest line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<i64>,
    /// Its hash. Kept elsewhere, it proves later that nothing before it was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The first line that does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
}
