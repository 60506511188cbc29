//! What a contractor is, and how one is read from a form.

use kernel::id::{ClientId, ContractorId, TeamId};
use kernel::text::{EmailAddress, Line, Name, closed};
use kernel::{FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

use crate::shared::there;

closed! {
    /// Whose contractor it is (ROLES.md: Words).
    pub enum ContractorKind: i64 {
        /// Belongs to one client.
        Guest = 0 => "guest",
        /// Belongs to the organization.
        Subcontractor = 1 => "subcontractor",
    }
}

impl ContractorKind {
    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Guest => "Guest of a client",
            Self::Subcontractor => "Subcontractor",
        }
    }
}

/// A contractor as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ContractorForm {
    /// What the company is called.
    pub name: Text,
    /// The client it is a guest of. Blank: the only one that whoever adds it could mean.
    pub client: Text,
    /// Belongs to the organization and to no client; for staff to say.
    pub subcontractor: Text,
    /// Whom to ask for there.
    pub contact_name: Text,
    /// Their address.
    pub contact_email: Text,
    /// The company's telephone number.
    pub phone: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// A contractor as it may be stored; whose it is does not change afterwards.
#[derive(Clone, Debug)]
pub struct ContractorDraft {
    /// What the company is called.
    pub name: Name,
    /// Whom to ask for there.
    pub contact_name: Option<Name>,
    /// Their address.
    pub contact_email: Option<EmailAddress>,
    /// The company's telephone number.
    pub phone: Option<Line<60>>,
}

impl ContractorForm {
    /// Reads what was typed, but for whose it is.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self) -> Result<ContractorDraft> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        let contact_name = errors.take("contact_name", self.contact_name.parse_optional());
        let contact_email = errors.take("contact_email", self.contact_email.parse_optional());
        let phone = errors.take("phone", self.phone.parse_optional());
        errors.check()?;
        Ok(ContractorDraft {
            name: there(name)?,
            contact_name: contact_name.flatten(),
            contact_email: contact_email.flatten(),
            phone: phone.flatten(),
        })
    }
}

/// A contractor as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ContractorOut {
    /// Its id.
    pub id: ContractorId,
    /// What the company is called.
    pub name: String,
    /// Whose it is.
    pub kind: ContractorKind,
    /// The client it is a guest of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// What that client is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// Its team, as roles and work records name it.
    pub team: TeamId,
    /// Whom to ask for there.
    pub contact_name: String,
    /// Their address.
    pub contact_email: String,
    /// The company's telephone number.
    pub phone: String,
    /// Put away?
    pub archived: bool,
    /// Send it back when changing the contractor.
    pub version: i64,
}

impl FromRow for ContractorOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: row.number(2)?,
            client: row.get(3)?,
            client_name: row.get(4)?,
            team: row.get(5)?,
            contact_name: row.get(6)?,
            contact_email: row.get(7)?,
            phone: row.get(8)?,
            archived: row.get::<i64>(9)? == 1,
            version: row.get(10)?,
        })
    }
}

/// Which contractors are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ContractorFilter {
    /// Text in the name.
    pub q: String,
    /// Archived ones instead of the others.
    pub archived: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
