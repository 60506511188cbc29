//! What a team is, and how one is read from a form.

use kernel::id::TeamId;
use kernel::text::{Name, closed};
use kernel::{FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

closed! {
    /// What sort of group it is.
    pub enum TeamKind: i64 {
        /// Part of the organization.
        Department = 0 => "department",
        /// A workshop.
        Shop = 1 => "shop",
        /// An outside company's people.
        Vendor = 2 => "vendor",
    }
}

impl TeamKind {
    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Department => "Department",
            Self::Shop => "Shop",
            Self::Vendor => "Vendor",
        }
    }
}

/// A team as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TeamForm {
    /// What it is called.
    pub name: Text,
    /// `department`, `shop` or `vendor`.
    pub kind: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// A team as it may be stored.
#[derive(Clone, Debug)]
pub struct TeamDraft {
    /// What it is called.
    pub name: Name,
    /// What sort of group.
    pub kind: TeamKind,
}

impl TeamForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self) -> Result<TeamDraft> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        let kind = errors.take("kind", self.kind.parse());
        errors.check()?;
        match (name, kind) {
            (Some(name), Some(kind)) => Ok(TeamDraft { name, kind }),
            _ => Err(kernel::Error::internal("a checked form lacks a field")),
        }
    }
}

/// A team as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct TeamOut {
    /// Its id.
    pub id: TeamId,
    /// What it is called.
    pub name: String,
    /// What sort of group.
    pub kind: TeamKind,
    /// Put away?
    pub archived: bool,
    /// Send it back when changing the team.
    pub version: i64,
}

impl FromRow for TeamOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: row.number(2)?,
            archived: row.get::<i64>(3)? == 1,
            version: row.get(4)?,
        })
    }
}

/// Which teams are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct TeamFilter {
    /// Text in the name.
    pub q: String,
    /// Archived ones instead of the others.
    pub archived: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
