//! What an area is, and how one is read from a form.

use kernel::id::AreaId;
use kernel::text::Name;
use kernel::{FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

/// An area as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AreaForm {
    /// What it is called.
    pub name: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// An area as it may be stored.
#[derive(Clone, Debug)]
pub struct AreaDraft {
    /// What it is called.
    pub name: Name,
}

impl AreaForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self) -> Result<AreaDraft> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        errors.check()?;
        match name {
            Some(name) => Ok(AreaDraft { name }),
            None => Err(kernel::Error::internal("a checked form lacks a field")),
        }
    }
}

/// An area as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct AreaOut {
    /// Its id.
    pub id: AreaId,
    /// What it is called.
    pub name: String,
    /// Put away?
    pub archived: bool,
    /// Send it back when changing the area.
    pub version: i64,
}

impl FromRow for AreaOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            archived: row.get::<i64>(2)? == 1,
            version: row.get(3)?,
        })
    }
}

/// Which areas are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct AreaFilter {
    /// Text in the name.
    pub q: String,
    /// Archived ones instead of the others.
    pub archived: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
