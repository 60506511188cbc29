//! What a client is, and how one is read from a form.

use kernel::id::ClientId;
use kernel::text::{EmailAddress, Line, Name, Prose};
use kernel::{FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

/// A client as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClientForm {
    /// What the company is called.
    pub name: Text,
    /// Whom to ask for there.
    pub contact_name: Text,
    /// Their address.
    pub contact_email: Text,
    /// The company's telephone number.
    pub phone: Text,
    /// Where the company is.
    pub address: Text,
    /// What only staff read.
    pub notes: Text,
    /// May its people raise the alarm at their sites? (ROLES.md: MyProtektor)
    pub emergency_access: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// A client as it may be stored.
#[derive(Clone, Debug)]
pub struct ClientDraft {
    /// What the company is called.
    pub name: Name,
    /// Whom to ask for there.
    pub contact_name: Option<Name>,
    /// Their address.
    pub contact_email: Option<EmailAddress>,
    /// The company's telephone number.
    pub phone: Option<Line<60>>,
    /// Where the company is.
    pub address: Prose<500>,
    /// What only staff read.
    pub notes: Prose<10_000>,
    /// May its people raise the alarm at their sites?
    pub emergency_access: bool,
}

impl ClientDraft {
    /// A company with nothing known but its name.
    #[must_use]
    pub fn new(name: Name) -> Self {
        Self {
            name,
            contact_name: None,
            contact_email: None,
            phone: None,
            address: Prose::default(),
            notes: Prose::default(),
            emergency_access: false,
        }
    }
}

/// Emergency access alone, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EmergencyForm {
    /// May the client's people raise the alarm at the sites they are linked to?
    pub on: Text,
    /// The version of the client that was read.
    pub version: Text,
}

impl ClientForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self) -> Result<ClientDraft> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        let contact_name = errors.take("contact_name", self.contact_name.parse_optional());
        let contact_email = errors.take("contact_email", self.contact_email.parse_optional());
        let phone = errors.take("phone", self.phone.parse_optional());
        let address = errors.take("address", self.address.parse());
        let notes = errors.take("notes", self.notes.parse());
        errors.check()?;
        let lacking = || kernel::Error::internal("a checked form lacks a field");
        Ok(ClientDraft {
            name: name.ok_or_else(lacking)?,
            contact_name: contact_name.flatten(),
            contact_email: contact_email.flatten(),
            phone: phone.flatten(),
            address: address.ok_or_else(lacking)?,
            notes: notes.ok_or_else(lacking)?,
            emergency_access: self.emergency_access.is_on(),
        })
    }
}

/// A client as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ClientOut {
    /// Its id.
    pub id: ClientId,
    /// What the company is called.
    pub name: String,
    /// Whom to ask for there.
    pub contact_name: String,
    /// Their address.
    pub contact_email: String,
    /// The company's telephone number.
    pub phone: String,
    /// Where the company is.
    pub address: String,
    /// What only staff read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// May its people raise the alarm at their sites?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emergency_access: Option<bool>,
    /// Put away?
    pub archived: bool,
    /// Send it back when changing the client.
    pub version: i64,
}

impl FromRow for ClientOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            contact_name: row.get(2)?,
            contact_email: row.get(3)?,
            phone: row.get(4)?,
            address: row.get(5)?,
            notes: row.get(6)?,
            emergency_access: row.get::<Option<i64>>(7)?.map(|on| on == 1),
            archived: row.get::<i64>(8)? == 1,
            version: row.get(9)?,
        })
    }
}

/// Which clients are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ClientFilter {
    /// Text in the name.
    pub q: String,
    /// Archived ones instead of the others.
    pub archived: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
