//! What a tour is, and how one is read from a form.

use kernel::id::{CheckpointId, CheckpointReportId, SiteId, TourId};
use kernel::text::{Name, closed};
use kernel::{FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

use crate::checkpoints::model::Words;
use crate::rhythm::{Plan, Rhythm};

/// A tour as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TourForm {
    /// The site, by id; it cannot be changed later.
    pub site: Text,
    /// What it is called.
    pub name: Text,
    /// What to bring, where to begin.
    pub instructions: Text,
    /// Its checkpoints by id, in their order; none takes all of the site.
    pub stops: Vec<Text>,
    /// Walked in their order.
    pub ordered: Text,
    /// `free`, `windows` or `interval`.
    pub rhythm: Text,
    /// With `windows`: `22:00-23:00`, one a line, on the site's clock.
    pub windows: Text,
    /// With `interval`: from this time of day on; blank is midnight.
    pub begins: Text,
    /// With `interval`: up to this time of day; blank is midnight.
    pub ends: Text,
    /// With `interval`: once in so many minutes.
    pub every_minutes: Text,
    /// A walk that is not over after so many minutes is ended; blank is 240.
    pub most_minutes: Text,
    /// Two checkpoints in less seconds than this are too fast; blank is 30, 0 asks nothing.
    pub least_seconds: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// A tour as it may be stored, but for its stops.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) name: Name,
    pub(crate) instructions: Words,
    pub(crate) ordered: bool,
    pub(crate) plan: Plan,
    pub(crate) most_minutes: i64,
    pub(crate) least_seconds: i64,
}

/// The most checkpoints a tour may have.
pub(crate) const MOST_STOPS: usize = 100;

impl TourForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self) -> Result<(Draft, Vec<CheckpointId>)> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        let instructions = errors.take("instructions", self.instructions.parse());
        let rhythm = if self.rhythm.is_blank() {
            Some(Rhythm::Free)
        } else {
            errors.take("rhythm", self.rhythm.parse())
        };
        let plan = match rhythm {
            Some(Rhythm::Windows) => errors.take("windows", Plan::windows(self.windows.as_str())),
            Some(Rhythm::Interval) => {
                match Plan::interval(self.begins.as_str(), self.ends.as_str(), self.every_minutes.as_str()) {
                    Ok(plan) => Some(plan),
                    Err((field, wrong)) => {
                        errors.add(field, wrong);
                        None
                    }
                }
            }
            Some(Rhythm::Free) => Some(Plan::Free),
            None => None,
        };
        let most = errors.take("most_minutes", number(&self.most_minutes, 240, (5, 1_440)));
        let least = errors.take("least_seconds", number(&self.least_seconds, 30, (0, 3_600)));
        let stops = errors.take("stops", stops(&self.stops));
        errors.check()?;
        match (name, instructions, plan, most, least, stops) {
            (Some(name), Some(instructions), Some(plan), Some(most), Some(least), Some(stops)) => {
                let ordered = self.ordered.is_on();
                Ok((
                    Draft { name, instructions, ordered, plan, most_minutes: most, least_seconds: least },
                    stops,
                ))
            }
            _ => Err(kernel::Error::internal("a checked form lacks a field")),
        }
    }
}

fn number(text: &Text, blank: i64, (least, most): (i64, i64)) -> Result<i64, String> {
    if text.is_blank() {
        return Ok(blank);
    }
    let number = text.as_str().trim().parse::<i64>().ok();
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("write a number from {least} to {most}"))
}

fn stops(texts: &[Text]) -> Result<Vec<CheckpointId>, String> {
    let mut all = Vec::new();
    for word in texts.iter().filter(|word| !word.is_blank()) {
        let id = word.parse().map_err(|_unreadable: String| "choose checkpoints of the site".to_owned())?;
        if all.contains(&id) {
            return Err("each checkpoint stands in a tour once".to_owned());
        }
        all.push(id);
    }
    if all.len() > MOST_STOPS {
        return Err(format!("a tour has at most {MOST_STOPS} checkpoints"));
    }
    Ok(all)
}

/// A tour as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct TourOut {
    /// Its id.
    pub id: TourId,
    /// The site.
    pub site_id: SiteId,
    /// The site by name.
    pub site: String,
    /// The clock of the site.
    pub zone: String,
    /// What it is called.
    pub name: String,
    /// What to bring, where to begin.
    pub instructions: String,
    /// Walked in their order.
    pub ordered: bool,
    /// `free`, `windows` or `interval`.
    pub rhythm: Rhythm,
    /// With `windows`: one a line.
    pub windows: String,
    /// With `interval`: from this time of day on.
    pub begins: String,
    /// With `interval`: up to this time of day.
    pub ends: String,
    /// With `interval`: once in so many minutes.
    pub every_minutes: Option<i64>,
    /// A walk that is not over after so many minutes is ended.
    pub most_minutes: i64,
    /// Two checkpoints in less seconds than this are too fast.
    pub least_seconds: i64,
    /// Put away?
    pub archived: bool,
    /// Send it back when changing the tour.
    pub version: i64,
}

impl TourOut {
    /// When it is due.
    pub(crate) fn plan(&self) -> Plan {
        Plan::stored(self.rhythm, &self.windows, &self.begins, &self.ends, self.every_minutes)
    }
}

impl FromRow for TourOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            zone: row.get(3)?,
            name: row.get(4)?,
            instructions: row.get(5)?,
            ordered: row.get::<i64>(6)? == 1,
            rhythm: row.number(7)?,
            windows: row.get(8)?,
            begins: row.get(9)?,
            ends: row.get(10)?,
            every_minutes: row.get(11)?,
            most_minutes: row.get(12)?,
            least_seconds: row.get(13)?,
            archived: row.get::<i64>(14)? == 1,
            version: row.get(15)?,
        })
    }
}

/// A stop of a tour.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct StopOut {
    /// The checkpoint.
    pub checkpoint_id: CheckpointId,
    /// What it is called.
    pub name: String,
    /// What to do there.
    pub instructions: String,
    /// A question to be answered with each scan.
    pub question: String,
}

impl FromRow for StopOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            checkpoint_id: row.get(0)?,
            name: row.get(1)?,
            instructions: row.get(2)?,
            question: row.get(3)?,
        })
    }
}

/// A tour whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct TourWhole {
    /// The tour.
    #[serde(flatten)]
    pub tour: TourOut,
    /// Its stops in their order; those whose checkpoint is archived are left out.
    pub stops: Vec<StopOut>,
}

/// Which tours are wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct TourFilter {
    /// Text in the name.
    pub q: String,
    /// A site, by id.
    pub site: String,
    /// Archived ones instead of the others.
    pub archived: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

closed! {
    /// How a tour stands for whoever is about to walk.
    pub enum Standing: i64 {
        /// Its window is open and nobody has walked it.
        Due = 0 => "due",
        /// Its next window opens later.
        Later = 1 => "later",
        /// Walked in the window that is open, or being walked.
        Done = 2 => "done",
        /// Whenever somebody walks it.
        AnyTime = 3 => "any_time",
    }
}

/// A tour as it is due.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct DueOut {
    /// The tour.
    pub tour_id: TourId,
    /// What it is called.
    pub name: String,
    /// The site by name.
    pub site: String,
    /// The clock of the site.
    pub zone: String,
    /// How many stops it has.
    pub stops: i64,
    /// How it stands.
    pub state: Standing,
    /// When its window begins: the one that is open, or the next.
    pub from: Option<Timestamp>,
    /// When it ends.
    pub until: Option<Timestamp>,
}

/// What whoever walks sees first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct DueList {
    /// Their walk that is not over.
    pub walking: Option<CheckpointReportId>,
    /// Tours, those that are due first.
    pub tours: Vec<DueOut>,
}
