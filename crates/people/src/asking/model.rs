//! What is asked, and what is answered.

use access::Facts;
use kernel::id::{AccessRequestId, MembershipId};
use kernel::text::closed;
use kernel::{Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

closed! {
    /// Where a request stands.
    pub enum State: i64 {
        /// Waits for an answer.
        Open = 0 => "open",
        /// The asker can see it now.
        Granted = 1 => "granted",
        /// No.
        Declined = 2 => "declined",
    }
}

/// A request as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AskForm {
    /// The address of the page that would not open.
    pub path: Text,
    /// What it is needed for.
    pub note: Text,
}

/// An answer as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerForm {
    /// `granted` or `declined`.
    pub decision: Text,
    /// What the asker is told besides.
    pub note: Text,
    /// The version that was read.
    pub version: Text,
}

/// Which requests are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RequestFilter {
    /// `open` (also if blank), `granted` or `declined`.
    pub state: String,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

/// A request as those see it who may answer it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RequestOut {
    /// Its id.
    pub id: AccessRequestId,
    /// Who asks.
    pub membership: MembershipId,
    /// Their name.
    pub name: String,
    /// Their roles when they asked.
    pub roles: String,
    /// The address they named, as text.
    pub path: String,
    /// What they need it for.
    pub note: String,
    /// Where it stands.
    pub state: State,
    /// When they asked.
    pub created_at: Timestamp,
    /// Who answered.
    pub decided_by: String,
    /// What they said.
    pub answer: String,
    /// Send it back with an answer.
    pub version: i64,
    #[serde(skip)]
    pub(super) facts: Facts,
}

impl FromRow for RequestOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            membership: row.get(1)?,
            name: row.get(2)?,
            roles: row.get(3)?,
            path: row.get(4)?,
            note: row.get(5)?,
            state: row.number(6)?,
            created_at: row.get(7)?,
            decided_by: row.get(8)?,
            answer: row.get(9)?,
            version: row.get(10)?,
            facts: Facts {
                organization: row.get(11)?,
                client: row.get(12)?,
                site: row.get(13)?,
                team: row.get(14)?,
                area: row.get(15)?,
                ..Facts::default()
            },
        })
    }
}

/// A request as its asker sees it.
#[derive(Clone, Debug)]
pub(super) struct Mine {
    pub(super) path: String,
    pub(super) state: State,
    pub(super) created_at: Timestamp,
    pub(super) answer: String,
}

impl FromRow for Mine {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { path: row.get(0)?, state: row.number(1)?, created_at: row.get(2)?, answer: row.get(3)? })
    }
}
