//! What a site is, and which ones are wanted.

use kernel::geo::{Fence, Point};
use kernel::id::{AreaId, ClientId, SiteId};
use kernel::text::{Line, Name, Prose, closed};
use kernel::{Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};

closed! {
    /// What sort of place of work (ROLES.md: Words).
    pub enum SiteKind: i64 {
        /// Somebody is there for a whole shift.
        Static = 0 => "static",
        /// Somebody comes by on a round.
        Patrol = 1 => "patrol",
        /// Somebody comes when there is something to do.
        Job = 2 => "job",
    }
}

impl SiteKind {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Static => "Static",
            Self::Patrol => "Patrol",
            Self::Job => "Job",
        }
    }

    pub(crate) const fn hint(self) -> &'static str {
        match self {
            Self::Static => "Somebody is there for a whole shift",
            Self::Patrol => "Somebody comes by on a round",
            Self::Job => "Somebody comes when there is something to do",
        }
    }
}

/// A time zone of the IANA database, by its name there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(String);

impl Zone {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names to choose from: places, without the database's names for old habits.
    pub(crate) fn all() -> Vec<String> {
        jiff::tz::db()
            .available()
            .map(|name| name.to_string())
            .filter(|name| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/"))
            .chain(["UTC".to_owned()])
            .collect()
    }
}

impl std::str::FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let wrong = || "choose a time zone of the list, such as America/New_York".to_owned();
        let zone = jiff::tz::TimeZone::get(text.trim()).map_err(|_unknown| wrong())?;
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or_else(wrong)
    }
}

/// What a site asks of reports (ROLES.md: per-site report options).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportOptions {
    /// The client side sees and is mailed nothing before somebody approved it.
    pub approval_required: bool,
    /// The author may change a report after handing it in.
    pub editable_by_author: bool,
    /// The daily activity report is mailed.
    pub send_daily_report: bool,
}

/// A site as it may be stored.
#[derive(Clone, Debug)]
pub struct SiteDraft {
    /// Whose place of work.
    pub client: ClientId,
    /// The territory it lies in.
    pub area: Option<AreaId>,
    /// What sort.
    pub kind: SiteKind,
    /// What it is called; unique among the sites of its client.
    pub name: Name,
    /// A number or short name of the organization's own.
    pub code: Option<Line<60>>,
    /// Where it is, for people.
    pub address: Prose<500>,
    /// Where it is, for clocks.
    pub zone: Zone,
    /// Where it is, for maps.
    pub position: Option<Point>,
    /// What counts as being there.
    pub fence: Option<Fence>,
    /// What whoever works there should know.
    pub instructions: Prose<20_000>,
    /// What it asks of reports.
    pub reports: ReportOptions,
}

impl SiteDraft {
    /// A static site with nothing known but what must be.
    #[must_use]
    pub fn new(client: ClientId, name: Name, zone: Zone) -> Self {
        Self {
            client,
            area: None,
            kind: SiteKind::Static,
            name,
            code: None,
            address: Prose::default(),
            zone,
            position: None,
            fence: None,
            instructions: Prose::default(),
            reports: ReportOptions::default(),
        }
    }

    /// What a search looks through and lists are ordered by: the name, then what people of every side may see
    /// besides. The sign between them sorts before any letter, so the order is the name's.
    pub(crate) fn search(&self) -> String {
        format!("{}\u{1}{}", store::fold(self.name.as_str()), store::fold(self.address.as_str()))
    }
}

/// A site in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SiteOut {
    /// Its id.
    pub id: SiteId,
    /// What it is called.
    pub name: String,
    /// What sort of place.
    pub kind: SiteKind,
    /// Whose place of work.
    pub client: ClientId,
    /// What they are called.
    pub client_name: String,
    /// The territory it lies in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
    /// What that is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_name: Option<String>,
    /// A number or short name of the organization's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Where it is, for people.
    pub address: String,
    /// Its time zone.
    pub zone: String,
    /// Where it is, for maps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Point>,
    /// Put away?
    pub archived: bool,
    /// Send it back when changing the site.
    pub version: i64,
}

impl FromRow for SiteOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let position = row.get::<Option<f64>>(10)?.zip(row.get::<Option<f64>>(11)?);
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: row.number(2)?,
            client: row.get(3)?,
            client_name: row.get(4)?,
            area: row.get(5)?,
            area_name: row.get(6)?,
            code: row.get(7)?,
            address: row.get(8)?,
            zone: row.get(9)?,
            position: position.and_then(|(latitude, longitude)| Point::new(latitude, longitude).ok()),
            archived: row.get::<i64>(12)? == 1,
            version: row.get(13)?,
        })
    }
}

/// A site with everything about it that the asker may see.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SiteFull {
    /// What lists show of it.
    #[serde(flatten)]
    pub site: SiteOut,
    /// What counts as being there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fence: Option<Fence>,
    /// What whoever works there should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// What it asks of reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports: Option<ReportOptions>,
    /// Since when those hold; absent while nobody changed them. What was handed in before keeps the rules of its day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports_since: Option<Timestamp>,
}

impl FromRow for SiteFull {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let flag = |column: usize| Ok::<_, kernel::Error>(row.get::<Option<i64>>(column)?.map(|on| on == 1));
        let reports = match (flag(16)?, flag(17)?, flag(18)?) {
            (Some(approval_required), Some(editable_by_author), Some(send_daily_report)) => {
                Some(ReportOptions { approval_required, editable_by_author, send_daily_report })
            }
            _ => None,
        };
        Ok(Self {
            site: SiteOut::from_row(row)?,
            fence: row.get::<Option<String>>(14)?.and_then(|json| json.parse().ok()),
            instructions: row.get(15)?,
            reports,
            reports_since: row.get(19)?,
        })
    }
}

/// Which sites are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct SiteFilter {
    /// Text in the name or address; for staff also in the code.
    pub q: String,
    /// Sites of this client only.
    pub client: String,
    /// Sites of this area only.
    pub area: String,
    /// Only this kind: `static`, `patrol` or `job`.
    pub kind: String,
    /// Archived ones instead of the others.
    pub archived: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_one_of_the_database() {
        assert_eq!("europe/berlin".parse::<Zone>().unwrap().as_str(), "Europe/Berlin");
        for wrong in ["", "Europe/Atlantis", "+02:00", "Berlin"] {
            assert!(wrong.parse::<Zone>().is_err(), "{wrong}");
        }
        assert!(Zone::all().iter().all(|name| name.parse::<Zone>().is_ok()));
    }

    #[test]
    fn the_order_is_the_name_and_not_the_address() {
        let client = ClientId::new();
        let site = |name: &str, address: &str| {
            let mut draft = SiteDraft::new(client, name.parse().unwrap(), "UTC".parse().unwrap());
            draft.address = address.parse().unwrap();
            draft.search()
        };
        // As one text "dock zoo" would come after "dock 4".
        assert!(site("Dock", "Zoo Street") < site("Dock 4", "Ash Street"));
    }
}
