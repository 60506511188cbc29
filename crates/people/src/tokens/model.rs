//! What a token is, and how one is asked for.

use access::Permission;
use kernel::id::{ApiTokenId, MembershipId};
use kernel::text::Name;
use kernel::{Error, FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FromRow, Row};
use web::{Ctx, Text};

/// The longest a token lives, in days.
pub(crate) const MOST_DAYS: i64 = 365;

/// A token as asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TokenForm {
    /// What it is for.
    pub name: Text,
    /// Permissions such as `incident.view`; each must be one you hold.
    pub scopes: Vec<Text>,
    /// How many days it lives, 1 to 365; 90 unless given.
    pub days: Text,
}

/// A token as asked for by somebody who has no other yet: with the address and the password they sign in with. Not
/// printable, so that no log ever holds one.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SignInTokenForm {
    /// The address one signs in with.
    pub email: Text,
    /// The password.
    pub password: Text,
    /// The membership the token acts as; needed by those who have several.
    pub membership: Text,
    /// What it is for.
    pub name: Text,
    /// Permissions such as `incident.view`; each must be one you hold.
    pub scopes: Vec<Text>,
    /// How many days it lives, 1 to 365; 90 unless given.
    pub days: Text,
}

/// A token as it may be made.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) name: Name,
    pub(crate) scopes: Vec<Permission>,
    pub(crate) days: i64,
}

impl TokenForm {
    /// Reads what was asked for. A scope that the asker does not hold answers like one that there is not.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self, ctx: &Ctx) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        let days = errors.take("days", days(&self.days));
        let mut scopes = Vec::new();
        for word in self.scopes.iter().filter(|word| !word.is_blank()) {
            match word.parse::<Permission>() {
                Ok(permission) if ctx.may(permission) => scopes.push(permission),
                _ => errors.add("scopes", format!("you do not hold {word}, so a token cannot")),
            }
        }
        if scopes.is_empty() && errors.of("scopes").is_empty() {
            errors.add("scopes", "choose at least one; a token without scopes can do nothing");
        }
        errors.check()?;
        scopes.sort_unstable();
        scopes.dedup();
        match (name, days) {
            (Some(name), Some(days)) => Ok(Draft { name, scopes, days }),
            _ => Err(Error::internal("a checked form lacks a field")),
        }
    }
}

fn days(typed: &Text) -> Result<i64, String> {
    if typed.is_blank() {
        return Ok(90);
    }
    let wrong = || format!("write a number of days from 1 to {MOST_DAYS}");
    let days: i64 = typed.as_str().trim().parse().map_err(|_e| wrong())?;
    if (1..=MOST_DAYS).contains(&days) { Ok(days) } else { Err(wrong()) }
}

/// A token as it is seen. The secret is not among it: it was shown once.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TokenOut {
    /// Its id.
    pub id: ApiTokenId,
    /// What it is for.
    pub name: String,
    /// The membership it acts as.
    pub membership: MembershipId,
    /// By name.
    pub member: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was last used, to within five minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl FromRow for TokenOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            membership: row.get(2)?,
            member: row.get(3)?,
            scopes: row.get::<String>(4)?.split_whitespace().map(str::to_owned).collect(),
            created_at: row.get(5)?,
            expires_at: row.get(6)?,
            used_at: row.get(7)?,
            revoked_at: row.get(8)?,
        })
    }
}

/// A token that was just made, with its secret; it is never shown again.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TokenMade {
    /// The token.
    #[serde(flatten)]
    pub token: TokenOut,
    /// Send it as `Authorization: Bearer …`.
    pub secret: String,
}

/// Which tokens are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TokenFilter {
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
