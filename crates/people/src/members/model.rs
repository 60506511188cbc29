//! What a member is, and what is typed about one.

use access::{Facts, Target};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::id::{AccountId, AssignmentId, ClientId, MembershipId, OrganizationId};
use kernel::text::{Name, closed};
use kernel::{Audience, Error, FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use uuid::Uuid;
use web::Text;

use crate::targets::{self, names::TargetOut};

/// A member as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MemberOut {
    /// Its id.
    pub id: MembershipId,
    /// The person's name in this organization.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// The side they stand on.
    pub audience: Audience,
    /// The company they belong to, outside the staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// What that company is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// May sign in as this.
    pub active: bool,
    /// How far they have come in: saved only, invited, or joined.
    pub entry: Entry,
    /// When they last began to act as this.
    pub seen_at: Option<Timestamp>,
    /// Since when they are a member.
    pub created_at: Timestamp,
    /// Sees all incident reports as soon as they are handed in; for staff to read and set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_all: Option<bool>,
    /// Sees live clock-ins; for staff to read and set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_clock_ins: Option<bool>,
    /// The roles held, for those who may see them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<RoleOut>>,
    /// Send it back when changing the member.
    pub version: i64,
    #[serde(skip)]
    pub(super) account: AccountId,
    #[serde(skip)]
    pub(crate) facts: Facts,
}

impl MemberOut {
    /// What decides who may look after this member.
    pub(crate) fn facts(&self) -> Facts {
        self.facts
    }
}

impl FromRow for MemberOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let on = |n: Option<i64>| n.map(|n| n == 1);
        let client: Option<ClientId> = row.get(4)?;
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            email: row.get(2)?,
            audience: row.number(3)?,
            client,
            client_name: row.get(5)?,
            active: row.get::<i64>(6)? == 1,
            entry: row.number(17)?,
            seen_at: row.get(7)?,
            created_at: row.get(8)?,
            share_all: on(row.get(9)?),
            live_clock_ins: on(row.get(10)?),
            roles: None,
            version: row.get(11)?,
            account: row.get(12)?,
            facts: Facts {
                organization: row.get::<OrganizationId>(13)?.uuid(),
                client: client.map(kernel::Id::uuid),
                site: row.get::<Option<Uuid>>(14)?,
                team: row.get::<Option<Uuid>>(15)?,
                area: row.get::<Option<Uuid>>(16)?,
                ..Facts::default()
            },
        })
    }
}

closed! {
    /// How far a person has come in. Saving an account and inviting it are two acts (ROLES.md: GuardHouse): what is
    /// saved holds its rights and may be mailed, and nobody can act as it before its address has accepted.
    #[derive(PartialOrd, Ord)]
    pub enum Entry: i64 {
        /// Saved; nobody was asked to come.
        Saved = 0 => "saved",
        /// A letter went out.
        Invited = 1 => "invited",
        /// Somebody accepted.
        Joined = 2 => "joined",
    }
}

closed! {
    /// Where a role stands in its time.
    pub enum Standing: i64 {
        /// In force.
        Current = 0 => "current",
        /// Begins later.
        Later = 1 => "later",
        /// Has ended.
        Ended = 2 => "ended",
    }
}

/// A role held, in plain words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RoleOut {
    /// The assignment.
    pub id: AssignmentId,
    /// The role's key.
    pub role: String,
    /// The role's name.
    pub name: String,
    /// Where it is held.
    pub targets: Vec<TargetOut>,
    /// The same in words.
    #[serde(rename = "where")]
    pub place: String,
    /// From when, if not since it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until when, if not for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// In force, to come or over.
    pub standing: Standing,
    /// The role is put away: it grants nothing, and nobody changes or takes it before it is restored.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// Why it grants nothing although it is in force; told for one member only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_because: Option<String>,
    /// When it will grant nothing any more because its pack or feature ends; told for one member only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_from: Option<Timestamp>,
    /// Who gave it; told for one member, as far as the reader may see that person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_by: Option<String>,
    /// When it was given.
    pub given_at: Timestamp,
}

/// Which members are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MemberFilter {
    /// Text in name or address.
    pub q: String,
    /// `staff`, `client` or `contractor`.
    pub audience: String,
    /// Deactivated ones instead of the others.
    pub inactive: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

/// A member as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MemberForm {
    /// The person's name in this organization.
    pub name: Text,
    /// Share all incident reports automatically on submission; client side only.
    pub share_all: Text,
    /// Show live clock-ins; client side only.
    pub live_clock_ins: Text,
    /// The version that was read.
    pub version: Text,
}

/// A change of a member that may be stored.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) name: Name,
    pub(super) share_all: bool,
    pub(super) live_clock_ins: bool,
}

impl MemberForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse::<Name>());
        errors.check()?;
        Ok(Draft {
            name: name.ok_or_else(|| Error::internal("a checked form lacks a field"))?,
            share_all: self.share_all.is_on(),
            live_clock_ins: self.live_clock_ins.is_on(),
        })
    }
}

/// A role to be given, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GiveForm {
    /// The key of a role.
    pub role: Text,
    /// Where: `organization`, `area:…`, `team:…`, `client:…`, `site:…` with the id.
    pub targets: Vec<String>,
    /// The first day, or instant; blank for at once.
    pub from: Text,
    /// The last day, or the instant of the end; blank for good.
    pub until: Text,
}

/// The dates of a role.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Term {
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
}

impl GiveForm {
    /// Reads the dates: days count in the organization's zone, and the last one counts in full.
    ///
    /// # Errors
    /// A message at `from` or `until`.
    pub(super) fn term(&self, zone: &TimeZone, now: Timestamp) -> Result<Term> {
        Term::read(&self.from, &self.until, zone, now)
    }
}

impl Term {
    /// Reads two dates as typed; see [`GiveForm::term`].
    ///
    /// # Errors
    /// A message at `from` or `until`.
    pub(crate) fn read(from: &Text, until: &Text, zone: &TimeZone, now: Timestamp) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let from = errors.take("from", instant(from.as_str(), zone, false)).flatten();
        let until = errors.take("until", instant(until.as_str(), zone, true)).flatten();
        if let Some(until) = until {
            if until <= now {
                errors.add("until", "this is over already");
            } else if from.is_some_and(|from| until <= from) {
                errors.add("until", "the end has to come after the beginning");
            }
        }
        errors.check()?;
        Ok(Self { from, until })
    }

    /// The dates as they would be typed: days where they are days, instants where they are not.
    pub(crate) fn written(self, zone: &TimeZone) -> (String, String) {
        let midnight = |at: Timestamp| {
            let local = at.to_zoned(zone.clone());
            (local.time() == jiff::civil::Time::midnight()).then(|| local.date())
        };
        let from = self.from.map(|at| midnight(at).map_or_else(|| at.to_string(), |day| day.to_string()));
        let until = self.until.map(|at| {
            midnight(at)
                .and_then(|day| day.yesterday().ok())
                .map_or_else(|| at.to_string(), |day| day.to_string())
        });
        (from.unwrap_or_default(), until.unwrap_or_default())
    }
}

/// A day or an instant; the end of a role is the end of its last day.
pub(crate) fn instant(text: &str, zone: &TimeZone, end: bool) -> Result<Option<Timestamp>, String> {
    let wrong = || "write a day such as 2026-11-23".to_owned();
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Some(at));
    }
    let day: Date = text.parse().map_err(|_e| wrong())?;
    let day = if end { day.tomorrow().map_err(|_e| wrong())? } else { day };
    let start = zone.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).map_err(|_e| wrong())?;
    Ok(Some(start))
}

/// Reads targets as they are written in forms.
///
/// # Errors
/// A message at `targets` for one that cannot be read.
pub(crate) fn read_targets(words: &[String]) -> Result<Vec<Target>> {
    let mut found: Vec<Target> = Vec::new();
    for word in words.iter().map(|w| w.trim()).filter(|w| !w.is_empty()) {
        let target = targets::read(word).ok_or_else(|| Error::field("targets", "choose from the list"))?;
        if !found.contains(&target) {
            found.push(target);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_a_role_counts_in_full() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let now: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let form = GiveForm { from: "2026-11-24".into(), until: "2026-11-30".into(), ..GiveForm::default() };
        let term = form.term(&zone, now).unwrap();
        assert_eq!(term.from.unwrap().to_string(), "2026-11-24T05:00:00Z");
        assert_eq!(term.until.unwrap().to_string(), "2026-12-01T05:00:00Z");
        for (from, until) in
            [("tomorrow", ""), ("", "2026-11-22"), ("2026-12-02", "2026-12-01"), ("", "2026-02-30")]
        {
            let form = GiveForm { from: from.into(), until: until.into(), ..GiveForm::default() };
            assert!(matches!(form.term(&zone, now), Err(Error::Invalid(_))), "{from} {until}");
        }
    }
}
