//! A client's portal as it is seen, and what is typed on its page.

use access::Switch;
use kernel::id::{AssignmentId, ClientId, SiteId};
use kernel::page::Page;
use kernel::text::{EmailAddress, Name};
use kernel::{Error, FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

use crate::members::MemberOut;

/// A client's portal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PortalOut {
    /// Whose.
    pub client: ClientId,
    /// What the client is called.
    pub name: String,
    /// Put away?
    pub archived: bool,
    /// May its people raise the alarm at their sites?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emergency_access: Option<bool>,
    /// The client's version; send it back when changing emergency access.
    pub version: i64,
    /// The organization's switches, for those who may read the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switches: Option<Vec<SwitchOut>>,
    /// An account that is invited keeps a static site; for those who may change the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_static_site: Option<bool>,
    /// An address on the staff list is not invited; for those who may change the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_staff_email: Option<bool>,
    /// Its accounts.
    pub accounts: Page<AccountOut>,
    #[serde(skip)]
    pub(super) sites: Vec<PlaceOut>,
}

/// A switch of the organization.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SwitchOut {
    /// Its word.
    pub switch: Switch,
    /// What people call it.
    pub label: String,
    /// On for everybody, as far as their accounts allow it?
    pub on: bool,
}

/// An account of the client.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccountOut {
    /// Who.
    #[serde(flatten)]
    pub member: MemberOut,
    /// Sees every site of the client, through a role for the whole client.
    pub every_site: bool,
    /// The client's sites it was given one by one.
    pub sites: Vec<PlaceOut>,
    /// The role by which it holds those; absent where it holds none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<AssignmentId>,
    /// What the portal shows it, and what holds it back.
    pub shows: Vec<ShownOut>,
}

/// One of the things a portal may show.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ShownOut {
    /// What.
    pub what: String,
    /// Shown?
    pub shown: bool,
    /// Why not, or how far; for those who may ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// A site of the client.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlaceOut {
    /// Which.
    pub site: SiteId,
    /// What it is called.
    pub name: String,
    /// 0 static, 1 patrol, 2 job.
    #[serde(skip)]
    pub(super) kind: i64,
    /// `static`, `patrol` or `job`.
    #[serde(rename = "kind")]
    pub kind_word: String,
    /// Put away?
    pub archived: bool,
}

impl FromRow for PlaceOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let kind = row.get(2)?;
        let word = match kind {
            0 => "static",
            1 => "patrol",
            _ => "job",
        };
        Ok(Self {
            site: row.get(0)?,
            name: row.get(1)?,
            kind,
            kind_word: word.to_owned(),
            archived: row.get::<i64>(3)? == 1,
        })
    }
}

/// The client itself.
#[derive(Clone, Debug)]
pub(super) struct ClientRow {
    pub(super) id: ClientId,
    pub(super) name: String,
    pub(super) emergency_access: Option<bool>,
    pub(super) archived: bool,
    pub(super) version: i64,
}

impl FromRow for ClientRow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            emergency_access: row.get::<Option<i64>>(2)?.map(|on| on == 1),
            archived: row.get::<i64>(3)? == 1,
            version: row.get(4)?,
        })
    }
}

/// Which accounts are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PortalFilter {
    /// Text in name or address.
    pub q: String,
    /// Deactivated ones instead of the others.
    pub inactive: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

/// An account to be saved, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SaveForm {
    /// Its address.
    pub email: Text,
    /// What the person is called.
    pub name: Text,
    /// The key of a role of the client side; blank for `client_account`.
    pub role: Text,
    /// The client's sites, static and patrol, one by one: `site:…` with the id. None for a role of the whole client.
    pub sites: Vec<String>,
    /// Share all incident reports automatically on submission.
    pub share_all: Text,
    /// Show live clock-ins.
    pub live_clock_ins: Text,
    /// Send the invitation now. Otherwise the account is saved, and invited later.
    pub invite: Text,
}

/// Who is saved.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) email: EmailAddress,
    pub(super) name: Name,
}

impl SaveForm {
    /// Reads what was typed, but for role and sites.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", self.email.parse());
        let name = errors.take("name", self.name.parse());
        errors.check()?;
        match (email, name) {
            (Some(email), Some(name)) => Ok(Draft { email, name }),
            _ => Err(Error::internal("a checked form lacks a field")),
        }
    }
}

/// A change of an account where it stands.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountForm {
    /// The client's sites from now on, `site:…` with the id. Left out: as they are.
    pub sites: Option<Vec<String>>,
    /// Share all incident reports automatically on submission.
    pub share_all: Text,
    /// Show live clock-ins.
    pub live_clock_ins: Text,
    /// The version of the account that was read.
    pub version: Text,
}
