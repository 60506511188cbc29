//! Who of the client side sees a site, and how somebody is assigned to it.

use kernel::Timestamp;
use kernel::id::{AssignmentId, MembershipId};
use kernel::text::closed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

closed! {
    /// By what somebody sees a site.
    pub enum Through: i64 {
        /// They were assigned to it.
        Site = 0 => "site",
        /// They see every site of its client.
        Client = 1 => "client",
    }
}

/// An account of the client side at a site.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct AccountOut {
    /// What gives it: take this away, and the site is gone from their portal.
    pub assignment: AssignmentId,
    /// Who.
    pub membership: MembershipId,
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The role they hold, by its key.
    pub role: String,
    /// What it is called.
    pub role_name: String,
    /// By what they see the site.
    pub through: Through,
    /// Why they see nothing here all the same, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub but: Option<String>,
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub from: Option<Timestamp>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub until: Option<Timestamp>,
}

/// The accounts of the client side at a site.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct AccountsOut {
    /// Each with what gives it to them; those assigned to the site first.
    pub items: Vec<AccountOut>,
    /// Who else of the client could be assigned.
    pub could_be: Vec<CandidateOut>,
}

/// Somebody of the client who could be assigned.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct CandidateOut {
    /// Who.
    pub membership: MembershipId,
    /// What they are called.
    pub name: String,
    /// The role they would hold here.
    pub role_name: String,
    /// Why they cannot be assigned, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub but: Option<String>,
}

/// Whom to assign to the site.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AssignForm {
    /// The membership.
    pub membership: Text,
    /// In which of their roles, by its key; blank for the first that is held at sites.
    pub role: Text,
}
