//! The words that the components themselves say. English, in one place, so that a second language has one place
//! to go.

/// Link to the content for keyboard users.
pub const SKIP: &str = "Skip to content";
/// Opens the navigation on a phone.
pub const MENU: &str = "Menu";
/// Closes whatever is open.
pub const CLOSE: &str = "Close";
/// Ends the session.
pub const SIGN_OUT: &str = "Sign out";
/// The person's own page.
pub const ACCOUNT: &str = "Account";
/// Heading over the memberships to change to.
pub const SWITCH_HAT: &str = "Switch to";
/// Heading over the three schemes.
pub const APPEARANCE: &str = "Appearance";
/// Title of the summary over a form that was refused.
pub const PROBLEM: &str = "This could not be saved yet";
/// Stands beside a label.
pub const OPTIONAL: &str = "optional";
/// Nothing was said.
pub const NONE: &str = "–";
