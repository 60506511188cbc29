//! What an invitation is, and what is typed for one.

use access::Target;
use kernel::id::{ClientId, InvitationId, MembershipId, OrganizationId, TeamId};
use kernel::text::{EmailAddress, Name, closed};
use kernel::{Audience, Error, FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::Text;

use crate::targets;

/// How long a link is good, in microseconds: seven days.
pub(super) const WEEK: i64 = 7 * 86_400_000_000;

closed! {
    /// Where an invitation is on its way.
    pub enum InvitationState: i64 {
        /// The link works.
        Pending = 0 => "pending",
        /// The link was used.
        Accepted = 1 => "accepted",
        /// Taken back.
        Revoked = 2 => "revoked",
        /// Seven days went by.
        Expired = 3 => "expired",
    }
}

/// What is offered besides the role: stored as JSON beside it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Offered {
    pub(super) targets: Vec<String>,
    pub(super) clients: Vec<ClientId>,
    pub(super) subcontractor: bool,
    /// The company of the contractor who invites: whom they add stands in its team.
    pub(super) team: Option<TeamId>,
}

impl Offered {
    pub(super) fn targets(&self) -> Vec<Target> {
        self.targets.iter().filter_map(|word| targets::read(word)).collect()
    }

    pub(super) fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// An invitation as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InvitationOut {
    /// Its id.
    pub id: InvitationId,
    /// To whom it went.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// The side they are to stand on.
    pub audience: Audience,
    /// The role's key.
    pub role: String,
    /// The role's name.
    pub role_name: String,
    /// Where the role is to be held, in words.
    #[serde(rename = "where")]
    pub place: String,
    /// Where it is on its way.
    pub state: InvitationState,
    /// Who invited, for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the link that counts was sent.
    pub sent_at: Timestamp,
    /// Until when that link works.
    pub expires_at: Timestamp,
    /// The membership it opens, where that was saved before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub membership: Option<MembershipId>,
    /// Goes up with each change.
    pub version: i64,
    #[serde(skip)]
    pub(super) accepted: bool,
    #[serde(skip)]
    pub(super) revoked: bool,
    #[serde(skip)]
    pub(super) offered: Offered,
}

impl FromRow for InvitationOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            email: row.get(1)?,
            name: row.get(2)?,
            audience: row.number(3)?,
            role: row.get(4)?,
            role_name: String::new(),
            place: String::new(),
            state: InvitationState::Pending,
            offered: serde_json::from_str(row.text(5)?).unwrap_or_default(),
            created_at: row.get(6)?,
            sent_at: row.get(7)?,
            expires_at: row.get(8)?,
            accepted: row.get::<Option<Timestamp>>(9)?.is_some(),
            revoked: row.get::<Option<Timestamp>>(10)?.is_some(),
            version: row.get(11)?,
            invited_by: row.get(12)?,
            membership: row.get(13)?,
        })
    }
}

impl InvitationOut {
    pub(super) fn state_at(&self, now: Timestamp) -> InvitationState {
        if self.accepted {
            InvitationState::Accepted
        } else if self.revoked {
            InvitationState::Revoked
        } else if self.expires_at <= now {
            InvitationState::Expired
        } else {
            InvitationState::Pending
        }
    }
}

/// Which invitations are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct InvitationFilter {
    /// Accepted and revoked ones too.
    pub all: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

/// An invitation as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InvitationForm {
    /// To whom it goes.
    pub email: Text,
    /// What they are called; they may correct it.
    pub name: Text,
    /// The key of a role.
    pub role: Text,
    /// Where: `organization`, `area:…`, `team:…`, `client:…`, `site:…` with the id.
    pub targets: Vec<String>,
    /// The client they belong to, where the targets do not tell.
    pub client: Text,
    /// A contractor of the organization itself, not of one client; for staff to say.
    pub subcontractor: Text,
}

/// Who is invited.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) email: EmailAddress,
    pub(super) name: Name,
    pub(super) client: Option<ClientId>,
}

impl InvitationForm {
    /// Reads what was typed, but for role and places.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let email = errors.take("email", self.email.parse());
        let name = errors.take("name", self.name.parse());
        // A client as pickers write it, or its id alone.
        let typed = self.client.as_str().trim();
        let bare = Text(typed.strip_prefix("client:").unwrap_or(typed).to_owned());
        let client = errors.take(
            "client",
            bare.parse_optional().map_err(|_e: String| "choose one of the clients".to_owned()),
        );
        errors.check()?;
        match (email, name) {
            (Some(email), Some(name)) => Ok(Draft { email, name, client: client.flatten() }),
            _ => Err(Error::internal("a checked form lacks a field")),
        }
    }
}

/// An invitation as whoever has the link meets it.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) id: InvitationId,
    pub(super) organization: OrganizationId,
    pub(super) organization_name: String,
    pub(super) hue: u16,
    pub(super) logo: Option<web::Logo>,
    pub(super) email: EmailAddress,
    pub(super) name: String,
    pub(super) audience: Audience,
    pub(super) role: String,
    pub(super) offered: Offered,
    pub(super) created_by: Option<MembershipId>,
    /// The membership it opens, where that was saved before.
    pub(super) membership: Option<MembershipId>,
}

impl FromRow for Letter {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            organization: row.get(1)?,
            organization_name: row.get(2)?,
            hue: u16::try_from(row.get::<i64>(3)?).unwrap_or(215),
            email: row.text(4)?.parse().map_err(Error::internal)?,
            name: row.get(5)?,
            audience: row.number(6)?,
            role: row.get(7)?,
            offered: serde_json::from_str(row.text(8)?).unwrap_or_default(),
            created_by: row.get(9)?,
            membership: row.get(10)?,
            logo: web::Logo::of(row.get(11)?, row.get(12)?, row.get(13)?),
        })
    }
}

/// What is typed to accept. Not printable, so that no log ever holds a password.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct AcceptForm {
    pub(super) name: Text,
    pub(super) password: Text,
}
