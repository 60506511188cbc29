//! A change of rights as it is seen.

use kernel::id::{ChangeId, MembershipId};
use kernel::text::closed;
use kernel::{Portal, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

closed! {
    /// Where a change stands.
    pub enum ChangeState: i64 {
        /// Looked at, not made.
        Proposed = 0 => "proposed",
        /// Waits for its hour.
        Scheduled = 1 => "scheduled",
        /// Made.
        Applied = 2 => "applied",
        /// Made and taken back.
        Undone = 3 => "undone",
        /// Let go.
        Discarded = 4 => "discarded",
        /// Its hour came, and whoever scheduled it could not make it any more.
        Refused = 5 => "refused",
    }
}

/// A change as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChangeOut {
    /// Its id.
    pub id: ChangeId,
    /// Which kind: `role`, `role_archive`, `give_role`, `take_role`, `switches` …
    pub kind: String,
    /// What it is, in a line.
    pub title: String,
    /// Where it stands.
    pub state: ChangeState,
    /// Who proposed it, as far as the reader may see that person.
    pub proposed_by: Option<String>,
    /// When.
    pub proposed_at: Timestamp,
    /// Its hour, where it has one.
    pub due_at: Option<Timestamp>,
    /// When it was made, let go or refused.
    pub decided_at: Option<Timestamp>,
    /// Why it was refused when its hour came.
    pub refused_because: Option<String>,
    /// It can be taken back, unless the world moved on.
    pub undoable: bool,
    /// Send it back with what is decided.
    pub version: i64,
    /// What it would make of whom, while it is not made yet.
    pub difference: Option<DifferenceOut>,
    /// Why it could not be made as things are.
    pub blocked: Option<String>,
    /// How far the comparison is, while it runs: ask again.
    pub progress: Option<Progress>,
    #[serde(skip)]
    pub(super) by: MembershipId,
    #[serde(skip)]
    pub(super) form: String,
    #[serde(skip)]
    pub(super) about: Option<String>,
    #[serde(skip)]
    pub(super) inverse: Option<(String, String)>,
}

impl FromRow for ChangeOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let inverse: (Option<String>, Option<String>) = (row.get(10)?, row.get(11)?);
        let state: ChangeState = row.number(3)?;
        let inverse = inverse.0.zip(inverse.1);
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            title: row.get(2)?,
            state,
            proposed_by: None,
            proposed_at: row.get(5)?,
            due_at: row.get(6)?,
            decided_at: row.get(7)?,
            refused_because: row.get(8)?,
            undoable: state == ChangeState::Applied && inverse.is_some(),
            version: row.get(9)?,
            difference: None,
            progress: None,
            blocked: None,
            about: row.get(13)?,
            by: row.get(4)?,
            form: row.get(12)?,
            inverse,
        })
    }
}

/// How far a comparison is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Progress {
    /// People compared.
    pub done: usize,
    /// People concerned.
    pub of: usize,
}

/// What a change would make of whom.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct DifferenceOut {
    /// How many people it concerns.
    pub concerned: usize,
    /// How many of them could do more or less than before.
    pub changed: usize,
    /// Those who gain and lose the same, together.
    pub groups: Vec<GroupOut>,
    /// What appears to, and vanishes from, accounts of the client and contractor side.
    pub accounts: Vec<AccountOut>,
    /// Client accounts whose records were not counted, because there are too many of them.
    pub uncounted: usize,
    /// The reader does not see every record, so there may be more than is counted.
    pub partial: bool,
    /// From when it shows, where that is later than when it is made.
    pub from: Option<Timestamp>,
}

/// People who gain and lose the same.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GroupOut {
    /// Permissions that reach further.
    pub gains: Vec<String>,
    /// Permissions that reach less far.
    pub loses: Vec<String>,
    /// Portals that open.
    pub opens: Vec<Portal>,
    /// Portals that close.
    pub closes: Vec<Portal>,
    /// How many people.
    pub people: usize,
    /// The first of them, as far as the reader may see them.
    pub named: Vec<PersonOut>,
}

/// Somebody a change concerns.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PersonOut {
    /// Who.
    pub id: MembershipId,
    /// Their name.
    pub name: String,
    /// Is no member yet, so there is no page of theirs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub newcomer: bool,
    /// Where the difference is, in words.
    #[serde(rename = "where")]
    pub place: String,
}

/// What appears to, and vanishes from, an account of the client or contractor side.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccountOut {
    /// Whose.
    pub id: MembershipId,
    /// Their name.
    pub name: String,
    /// Is no member yet, so there is no page of theirs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub newcomer: bool,
    /// By kind of record.
    pub kinds: Vec<KindOut>,
}

/// One kind of record.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct KindOut {
    /// The resource's word.
    pub resource: String,
    /// What people call it.
    pub label: String,
    /// What becomes visible.
    pub appears: CountOut,
    /// What is seen no more.
    pub vanishes: CountOut,
}

/// How many, and a few by name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CountOut {
    /// How many, up to a cap.
    pub count: usize,
    /// There are more.
    pub more: bool,
    /// A few.
    pub sample: Vec<String>,
}

/// A change as asked for.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProposeForm {
    /// Its kind.
    pub kind: String,
    /// What it says; each kind has its own form.
    pub form: serde_json::Value,
}

/// What is decided about a change.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DecideForm {
    /// The version that was read.
    pub version: Text,
    /// Its hour: an instant, or a day and time in the organization's zone.
    pub at: Text,
}

/// Which changes are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ChangeFilter {
    /// A state; blank for what was made, waits for its hour, was taken back or refused.
    pub state: String,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
