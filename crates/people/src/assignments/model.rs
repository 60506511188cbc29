//! What is typed to change a role that is held.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

/// Whether a manager may create guests.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GuestForm {
    /// May they?
    pub on: Text,
}

/// Where and when a role is to be held from now on.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ChangeForm {
    /// Where: `organization`, `area:…`, `team:…`, `client:…`, `site:…` with the id. Places that the asker cannot see
    /// stay as they are.
    pub targets: Vec<String>,
    /// The first day, or instant; blank for at once.
    pub from: Text,
    /// The last day, or the instant of the end; blank for good.
    pub until: Text,
    /// When the role was given, as it was read; blank to change it whatever happened since.
    pub given_at: Text,
}
