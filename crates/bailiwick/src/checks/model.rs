//! What a run is, to whoever reads it.

use kernel::id::AccessCheckId;
use kernel::text::closed;
use kernel::{Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};

closed! {
    /// How far a run is.
    pub enum State: i64 {
        /// Somebody walks.
        Running = 0 => "running",
        /// Nothing was told that should not have been.
        Good = 1 => "no_leak",
        /// Something was.
        Leaks = 2 => "leaks",
        /// It could not be finished.
        Failed = 3 => "failed",
    }
}

/// Which runs are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct CheckFilter {
    /// Where the page before ended.
    pub(crate) cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub(crate) limit: Option<u16>,
}

/// How much is to be asked.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CheckForm {
    /// `true`: only some questions of each kind.
    pub(crate) quick: web::Text,
}

/// A run as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct CheckOut {
    /// Its id.
    pub(crate) id: AccessCheckId,
    /// When it was started.
    pub(crate) started_at: Timestamp,
    /// Who started it.
    pub(crate) started_by: String,
    /// How far it is.
    pub(crate) state: State,
    /// Readers that have walked.
    pub(crate) done: i64,
    /// Readers in all.
    pub(crate) total: i64,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) finished_at: Option<Timestamp>,
    /// How many questions were asked.
    pub(crate) questions: i64,
    /// How many leaks were found.
    pub(crate) leaks: i64,
    /// Why it could not be finished.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) failure: String,
}

impl FromRow for CheckOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            started_at: row.get(1)?,
            started_by: row.get(2)?,
            state: row.number(3)?,
            done: row.get(4)?,
            total: row.get(5)?,
            finished_at: row.get(6)?,
            questions: row.get(7)?,
            leaks: row.get(8)?,
            failure: row.get(9)?,
        })
    }
}
