//! What a checkpoint is, and how one is read from a form.

use kernel::geo::Point;
use kernel::id::{CheckpointId, SiteId};
use kernel::text::{Line, Name, Prose};
use kernel::{FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

/// Instructions and other longer text.
pub(crate) type Words = Prose<2_000>;

/// How near one has to be, where nothing is said.
pub(crate) const RADIUS_M: f64 = 30.0;
/// Nearer than the first no phone can tell; further than the second is no checkpoint.
const RADII_M: (f64, f64) = (5.0, 1_000.0);

/// A checkpoint as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CheckpointForm {
    /// The site, by id; it cannot be changed later.
    pub site: Text,
    /// What it is called.
    pub name: Text,
    /// What to do there.
    pub instructions: Text,
    /// A question to be answered with each scan.
    pub question: Text,
    /// Where it stands among the others of its site; blank is last.
    pub place: Text,
    /// Degrees.
    pub latitude: Text,
    /// Degrees.
    pub longitude: Text,
    /// Metres within which a scan counts as being there; blank is 30.
    pub radius_m: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// A checkpoint as it may be stored.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) name: Name,
    pub(crate) instructions: Words,
    pub(crate) question: String,
    pub(crate) place: Option<i64>,
    pub(crate) position: Option<Point>,
    pub(crate) radius_m: f64,
}

impl CheckpointForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        let instructions = errors.take("instructions", self.instructions.parse());
        let question = errors.take("question", Line::<300>::optional(self.question.as_str()));
        let place = errors.take("place", place(&self.place));
        let position = errors.take("latitude", position(&self.latitude, &self.longitude));
        let radius_m = errors.take("radius_m", radius(&self.radius_m));
        errors.check()?;
        match (name, instructions, question, place, position, radius_m) {
            (Some(name), Some(instructions), Some(question), Some(place), Some(position), Some(radius_m)) => {
                let question = question.map(|line| line.as_str().to_owned()).unwrap_or_default();
                Ok(Draft { name, instructions, question, place, position, radius_m })
            }
            _ => Err(kernel::Error::internal("a checked form lacks a field")),
        }
    }
}

fn place(text: &Text) -> Result<Option<i64>, String> {
    if text.is_blank() {
        return Ok(None);
    }
    match text.as_str().trim().parse::<i64>() {
        Ok(place @ 1..=9_999) => Ok(Some(place)),
        _ => Err("write a number from 1 to 9999".to_owned()),
    }
}

/// Two boxes of degrees; both blank is nowhere.
pub(crate) fn position(latitude: &Text, longitude: &Text) -> Result<Option<Point>, String> {
    if latitude.is_blank() && longitude.is_blank() {
        return Ok(None);
    }
    let degrees = |text: &Text| {
        text.as_str()
            .trim()
            .parse::<f64>()
            .map_err(|_not_a_number| "write degrees, such as 42.38, in both boxes".to_owned())
    };
    Point::new(degrees(latitude)?, degrees(longitude)?).map(Some)
}

fn radius(text: &Text) -> Result<f64, String> {
    if text.is_blank() {
        return Ok(RADIUS_M);
    }
    let metres = text.as_str().trim().parse::<f64>().ok();
    metres
        .filter(|metres| (RADII_M.0..=RADII_M.1).contains(metres))
        .ok_or_else(|| format!("write metres, from {} to {}", RADII_M.0, RADII_M.1))
}

/// A checkpoint as it is seen. Its codes are not part of it: see the sheet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct CheckpointOut {
    /// Its id.
    pub id: CheckpointId,
    /// The site.
    pub site_id: SiteId,
    /// The site by name.
    pub site: String,
    /// What it is called.
    pub name: String,
    /// What to do there.
    pub instructions: String,
    /// A question to be answered with each scan.
    pub question: String,
    /// Where it stands among the others of its site.
    pub place: i64,
    /// Degrees.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Metres within which a scan counts as being there.
    pub radius_m: f64,
    /// Put away?
    pub archived: bool,
    /// Send it back when changing the checkpoint.
    pub version: i64,
}

impl CheckpointOut {
    /// Where it is, if that is known.
    pub(crate) fn point(&self) -> Option<Point> {
        self.latitude
            .zip(self.longitude)
            .and_then(|(latitude, longitude)| Point::new(latitude, longitude).ok())
    }
}

impl FromRow for CheckpointOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            name: row.get(3)?,
            instructions: row.get::<Option<String>>(4)?.unwrap_or_default(),
            question: row.get::<Option<String>>(5)?.unwrap_or_default(),
            place: row.get(6)?,
            latitude: row.get(7)?,
            longitude: row.get(8)?,
            radius_m: row.get::<Option<f64>>(9)?.unwrap_or(RADIUS_M),
            archived: row.get::<i64>(10)? == 1,
            version: row.get(11)?,
        })
    }
}

/// Which checkpoints are wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct CheckpointFilter {
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

/// A code of the sheet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct CodeOut {
    /// The checkpoint.
    pub id: CheckpointId,
    /// What it is called.
    pub name: String,
    /// What is typed where the drawn code cannot be read.
    pub code: String,
    /// What the drawn code says.
    pub link: String,
}

/// The codes of a site.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SheetOut {
    /// The site.
    pub site: String,
    /// Its checkpoints' codes, in order.
    pub codes: Vec<CodeOut>,
}

/// Which site's codes are wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct SheetFilter {
    /// The site, by id.
    pub site: String,
}
