//! Every component in every state, and whole example pages of each portal. The pages are what the browser checks
//! look at, so they hold long names, empty places and refusals on purpose.

mod parts;
mod portals;

use maud::Markup;

pub use parts::page;
pub use portals::{board, client, error, field, form, incident, office, sign_in};

/// Every gallery page with the name of its file.
#[must_use]
pub fn all() -> Vec<(&'static str, Markup)> {
    vec![
        ("gallery", page()),
        ("office", office()),
        ("incident", incident()),
        ("board", board()),
        ("form", form()),
        ("field", field()),
        ("client", client()),
        ("sign-in", sign_in()),
        ("error", error()),
    ]
}
