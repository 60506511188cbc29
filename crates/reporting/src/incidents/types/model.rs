//! What a type is, and how one is read from a form.

use kernel::text::Line;
use kernel::{Error, FieldErrors, Id, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

/// A kind of id of its own for the list's lines.
#[derive(Debug)]
pub enum Kind {}

impl kernel::id::Kind for Kind {
    const PREFIX: &'static str = "typ";
    const ORDERED: bool = false;
}

/// A type's id.
pub(in crate::incidents) type TypeId = Id<Kind>;

/// A type of incident.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TypeOut {
    /// Its id.
    pub id: TypeId,
    /// The word.
    pub name: String,
    /// Cannot be chosen any more.
    pub archived: bool,
    /// Send it back when changing it.
    pub version: i64,
}

impl FromRow for TypeOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            archived: row.get::<i64>(2)? == 1,
            version: row.get(3)?,
        })
    }
}

/// A type as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TypeForm {
    /// The word: up to 80 characters.
    pub name: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

impl TypeForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at `name`.
    pub(super) fn parse(&self) -> Result<Line<80>> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        errors.check()?;
        name.ok_or_else(|| Error::internal("a checked form lacks a field"))
    }
}
