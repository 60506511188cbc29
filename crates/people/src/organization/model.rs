//! The settings as they are seen and as they are typed.

use access::{Feature, Switch};
use jiff::tz::TimeZone;
use kernel::id::OrganizationId;
use kernel::text::{Name, Prose};
use kernel::{Error, FieldErrors, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{Logo, Text};

/// The organization as it is seen. Beyond its name and details it shows to those who may change it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OrganizationOut {
    /// Its id.
    pub id: OrganizationId,
    /// What it is called.
    pub name: String,
    /// What it says of itself.
    pub details: String,
    /// Its time zone.
    pub zone: String,
    /// Its mark, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<LogoOut>,
    /// The hue of its pages, 0 to 359.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hue: Option<i64>,
    /// A client's account must have a static site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_static_site: Option<bool>,
    /// An address on the staff list cannot be invited as a client's account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_staff_email: Option<bool>,
    /// Publishing an incident mails those of the client side who subscribe (ROLES.md: publishing sends nothing, so off
    /// unless turned on).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_on_publish: Option<bool>,
    /// What the client side is let see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switches: Option<Vec<Switch>>,
    /// What is subscribed and live now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub features: Option<Vec<Feature>>,
}

/// The mark as it is served.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LogoOut {
    /// Where it is served, to anybody who has the address.
    pub href: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl From<&Logo> for LogoOut {
    fn from(logo: &Logo) -> Self {
        Self { href: logo.url(), width: logo.width, height: logo.height }
    }
}

/// A form with nothing but a file.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LogoForm {}

/// The settings as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OrganizationForm {
    /// What it is called.
    pub name: Text,
    /// What it says of itself.
    pub details: Text,
    /// Its time zone, such as `Europe/Berlin`.
    pub zone: Text,
    /// The hue of its pages, 0 to 359.
    pub hue: Text,
    /// A client's account must have a static site (ROLES.md: GuardHouse; on unless turned off).
    pub require_static_site: Text,
    /// An address on the staff list cannot be invited as a client's account (ROLES.md: GuardHouse).
    pub refuse_staff_email: Text,
    /// Publishing an incident mails those of the client side who subscribe.
    pub mail_on_publish: Text,
}

/// Settings that may be stored.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) name: Name,
    pub(crate) details: Prose<4000>,
    pub(crate) zone: String,
    pub(crate) hue: i64,
    pub(crate) require_static_site: bool,
    pub(crate) refuse_staff_email: bool,
    pub(crate) mail_on_publish: bool,
}

impl OrganizationForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(crate) fn parse(&self) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        let details = errors.take("details", self.details.parse());
        let zone = errors.take("zone", zone(&self.zone));
        let hue = errors.take("hue", hue(&self.hue));
        errors.check()?;
        match (name, details, zone, hue) {
            (Some(name), Some(details), Some(zone), Some(hue)) => Ok(Draft {
                name,
                details,
                zone,
                hue,
                require_static_site: self.require_static_site.is_on(),
                refuse_staff_email: self.refuse_staff_email.is_on(),
                mail_on_publish: self.mail_on_publish.is_on(),
            }),
            _ => Err(Error::internal("a checked form lacks a field")),
        }
    }
}

fn zone(typed: &Text) -> Result<String, String> {
    let name = typed.as_str().trim();
    TimeZone::get(name)
        .ok()
        .and_then(|zone| zone.iana_name().map(str::to_owned))
        .ok_or_else(|| "write a time zone such as America/New_York".to_owned())
}

fn hue(typed: &Text) -> Result<i64, String> {
    let wrong = || "write a number from 0 to 359".to_owned();
    let hue: i64 = typed.as_str().trim().parse().map_err(|_e| wrong())?;
    if (0..360).contains(&hue) { Ok(hue) } else { Err(wrong()) }
}

/// What is to be on, out of a closed list; everything else is turned off.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OnForm {
    /// The words that are on. It must be said: an empty list turns everything off, a body that forgot it nothing.
    pub on: Option<Vec<Text>>,
}

impl OnForm {
    /// Reads the words.
    ///
    /// # Errors
    /// A message at `on` for a word that is not in the list.
    pub(crate) fn parse<T: std::str::FromStr<Err = String>>(&self) -> Result<Vec<T>> {
        self.on
            .as_ref()
            .ok_or_else(|| Error::field("on", "say what is to be on; an empty list turns everything off"))?
            .iter()
            .filter(|word| !word.is_blank())
            .map(|word| word.parse().map_err(|e: String| Error::field("on", e)))
            .collect()
    }
}
