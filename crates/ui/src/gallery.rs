//! Every component in every state.

use maud::{Markup, html};

/// Every component in every state, in the office shell.
#[must_use]
pub fn page() -> Markup {
    crate::shell(
        &crate::Shell { title: "Gallery", organization: "Northwatch", ..Default::default() },
        html! {},
    )
}
