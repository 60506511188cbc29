//! What a worker is, and how one is read from a form.

use kernel::id::{ClientId, MembershipId, TeamId, WorkerId};
use kernel::text::{EmailAddress, Line, Name, Prose};
use kernel::{FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

use crate::shared::there;

/// A worker as typed. What the editor is not shown is kept when the field is left blank.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WorkerForm {
    /// What they are called.
    pub name: Text,
    /// The team they belong to, if any.
    pub team: Text,
    /// The client whose own guest they are; blank for the organization's own people.
    pub client: Text,
    /// The membership that is their login, if they have one.
    pub membership: Text,
    /// Their address.
    pub email: Text,
    /// Their telephone number.
    pub phone: Text,
    /// Their number in the books.
    pub employee_number: Text,
    /// What only those who may read notes read.
    pub notes: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// A worker as one may be stored.
#[derive(Clone, Debug)]
pub struct WorkerDraft {
    /// What they are called.
    pub name: Name,
    /// The team they belong to.
    pub team: Option<TeamId>,
    /// The client whose own guest they are.
    pub client: Option<ClientId>,
    /// The membership that is their login.
    pub membership: Option<MembershipId>,
    /// Their address.
    pub email: Option<EmailAddress>,
    /// Their telephone number.
    pub phone: Option<Line<60>>,
    /// Their number in the books.
    pub employee_number: Option<Line<60>>,
    /// What only those who may read notes read.
    pub notes: Prose<10_000>,
}

impl WorkerDraft {
    /// Somebody of whom only the name is known.
    #[must_use]
    pub fn new(name: Name) -> Self {
        Self {
            name,
            team: None,
            client: None,
            membership: None,
            email: None,
            phone: None,
            employee_number: None,
            notes: Prose::default(),
        }
    }
}

impl WorkerForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self) -> Result<WorkerDraft> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        let team = errors.take("team", self.team.parse_optional());
        let client = errors.take("client", self.client.parse_optional());
        let membership = errors.take("membership", self.membership.parse_optional());
        let email = errors.take("email", self.email.parse_optional());
        let phone = errors.take("phone", self.phone.parse_optional());
        let number = errors.take("employee_number", self.employee_number.parse_optional());
        let notes = errors.take("notes", self.notes.parse());
        errors.check()?;
        Ok(WorkerDraft {
            name: there(name)?,
            team: there(team)?,
            client: there(client)?,
            membership: there(membership)?,
            email: there(email)?,
            phone: there(phone)?,
            employee_number: there(number)?,
            notes: there(notes)?,
        })
    }
}

/// A worker as they are seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct WorkerOut {
    /// Their id.
    pub id: WorkerId,
    /// What they are called.
    pub name: String,
    /// The team they belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_name: Option<String>,
    /// The client whose own guest they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// The membership that is their login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub membership: Option<MembershipId>,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Their number in the books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// What only those who may read notes read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Put away?
    pub archived: bool,
    /// Send it back when changing the worker.
    pub version: i64,
}

impl FromRow for WorkerOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            team: row.get(2)?,
            team_name: row.get(3)?,
            client: row.get(4)?,
            client_name: row.get(5)?,
            membership: row.get(6)?,
            email: row.get(7)?,
            phone: row.get(8)?,
            employee_number: row.get(9)?,
            notes: row.get(10)?,
            archived: row.get::<i64>(11)? == 1,
            version: row.get(12)?,
        })
    }
}

/// Which workers are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct WorkerFilter {
    /// Text in the name; for those who see them also in address and number.
    pub q: String,
    /// Workers of this team only.
    pub team: String,
    /// Guests of this client only.
    pub client: String,
    /// Archived ones instead of the others.
    pub archived: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
