//! The questions and their answers.

use access::Verdict;
use kernel::id::MembershipId;
use kernel::{Audience, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whom the question is about, and when.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AccessQuery {
    /// A membership's id: why can this person see it, or why not?
    pub person: String,
    /// A part of a name: who of these can see it?
    pub q: String,
    /// A day such as 2026-11-23 (its end, on the organization's clock) or an instant of the past.
    pub at: String,
}

/// Who can see a record.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccessOut {
    /// The record's id.
    pub record: String,
    /// Its kind.
    pub kind: String,
    /// What it is called.
    pub label: String,
    /// Its page, below the door.
    pub path: String,
    /// The instant asked about, if it is not now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Since when it is known who could do what; told for instants of the past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_since: Option<Timestamp>,
    /// What has to be said about the answer.
    pub remarks: Vec<String>,
    /// People who can see it, staff first; of many, the first.
    pub who: Vec<CanSee>,
    /// There are more than these.
    pub more: bool,
    /// People whose names were asked for, and whether they can.
    pub asked: Vec<Named>,
    /// The answer about one person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Why>,
}

/// A member by name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Named {
    /// Which one.
    pub membership: MembershipId,
    /// By name.
    pub name: String,
    /// Their side.
    pub side: Audience,
    /// Can they see it?
    pub sees: bool,
}

/// Somebody who can see it, and through what.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CanSee {
    /// Who.
    #[serde(flatten)]
    pub member: Named,
    /// What lets them.
    pub because: Vec<Said>,
}

/// One verdict in words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Said {
    /// `allowed`, `denied`, `inherited` or `not_applicable`.
    pub verdict: Verdict,
    /// In words.
    pub sentence: String,
    /// Who gave the assignment behind it, where that is known to the asker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_by: Option<String>,
    /// When it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_at: Option<Timestamp>,
}

/// Why one person can or cannot.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Why {
    /// Who.
    #[serde(flatten)]
    pub member: Named,
    /// Each way in.
    pub verdicts: Vec<Said>,
    /// What would change it, for those who may: words, and a path below the door.
    pub fixes: Vec<(String, String)>,
}
