//! What is typed for a new password.

use serde::Deserialize;
use web::Text;

/// Whose password is forgotten.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ForgotForm {
    pub(super) email: Text,
}

/// The new password. Not printable, so that no log ever holds one.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ResetForm {
    pub(super) new: Text,
}
