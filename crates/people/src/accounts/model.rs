//! What the own account takes and shows.

use kernel::id::{AccountId, MembershipId, OrganizationId, SessionId};
use kernel::{Audience, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

/// Who a request acts as.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccountOut {
    /// The sign-in.
    pub account: AccountId,
    /// The membership acted as.
    pub membership: MembershipId,
    /// Its organization.
    pub organization: OrganizationId,
    /// What the organization is called.
    pub organization_name: String,
    /// The side the membership is on.
    pub audience: Audience,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// The roles that count now.
    pub roles: Vec<String>,
}

/// A browser that is signed in.
#[derive(Clone, Debug)]
pub(super) struct SessionOut {
    pub(super) id: SessionId,
    pub(super) created_at: Timestamp,
    pub(super) seen_at: Timestamp,
    /// "Firefox on Windows".
    pub(super) device: String,
    pub(super) address: String,
    pub(super) organization: Option<String>,
    /// The one that asks.
    pub(super) current: bool,
}

/// A change of password. Not printable, so that no log ever holds one.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PasswordForm {
    pub(super) current: Text,
    pub(super) new: Text,
}

/// The question of the page of hats.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// Where they wanted to go.
    pub(super) next: String,
}

/// A browser as people call it, told from what it calls itself.
pub(super) fn device(agent: &str) -> String {
    let pick = |table: &[(&'static str, &'static str)]| {
        table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = pick(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = pick(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn browsers_are_told_from_their_own_words() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            ("", "Unknown browser"),
        ] {
            assert_eq!(device(agent), name);
        }
    }
}
