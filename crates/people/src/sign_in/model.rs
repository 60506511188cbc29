//! What is typed to sign in.

use serde::Deserialize;
use web::Text;

/// Address and password. Not printable, so that no log ever holds one.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignInForm {
    pub(super) email: Text,
    pub(super) password: Text,
    /// Where they wanted to go.
    pub(super) next: Text,
}

/// The question of the sign-in page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// Where they wanted to go.
    pub(super) next: String,
    /// What was done before: `out`, `reset`.
    pub(super) after: String,
}
