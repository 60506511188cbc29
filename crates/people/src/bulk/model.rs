//! What is typed to give a role to many, and what comes of it.

use kernel::Timestamp;
use kernel::id::{JobId, MembershipId};
use kernel::text::closed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

/// So many people at most in one go.
pub(super) const MOST: usize = 5_000;

/// One role for many people, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BulkForm {
    /// The key of a role.
    pub role: Text,
    /// Where: `organization`, `area:…`, `team:…`, `client:…`, `site:…` with the id.
    pub targets: Vec<String>,
    /// The first day, or instant; blank for at once.
    pub from: Text,
    /// The last day, or the instant of the end; blank for good.
    pub until: Text,
    /// Who: ids of memberships.
    pub people: Vec<String>,
    /// Who besides: addresses, one a line.
    pub addresses: Text,
    /// Who besides: everybody who holds this role now.
    pub holders_of: Text,
    /// `all`: to all of them or to nobody; `good`: to those who can have it.
    pub mode: Text,
}

/// Somebody who cannot have the role, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RefusedOut {
    /// Who; absent for an address at which nobody was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub membership: Option<MembershipId>,
    /// By name, or the address.
    pub name: String,
    /// Why not.
    pub because: String,
}

/// What would come of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PreviewOut {
    /// The role's key.
    pub role: String,
    /// The role's name.
    pub role_name: String,
    /// Where, in words.
    #[serde(rename = "where")]
    pub place: String,
    /// How many could have it.
    pub good: usize,
    /// The names of the first of them.
    pub first: Vec<String>,
    /// Those who cannot, with the reason.
    pub refused: Vec<RefusedOut>,
}

closed! {
    /// How far a run is.
    pub enum RunState: i64 {
        /// People are being given the role.
        Running = 0 => "running",
        /// Everybody was asked about.
        Done = 1 => "done",
    }
}

/// Giving a role to many, under way or done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RunOut {
    /// Its id.
    pub id: JobId,
    /// The role's key.
    pub role: String,
    /// The role's name.
    pub role_name: String,
    /// Where, in words.
    #[serde(rename = "where")]
    pub place: String,
    /// How far it is.
    pub state: RunState,
    /// How many people it is about.
    pub total: i64,
    /// How many of them got the role.
    pub given: i64,
    /// Those who did not, with the reason.
    pub refused: Vec<RefusedOut>,
    /// When it began.
    pub created_at: Timestamp,
}
