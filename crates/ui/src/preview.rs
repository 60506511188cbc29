//! Exactly what the other side will see, beside what is kept from them.

use maud::{Markup, html};

use crate::icon;

/// A part that stays inside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Withheld<'a> {
    /// Which part: "Guard names".
    pub label: &'a str,
    /// Why: "never shown to clients".
    pub why: &'a str,
}

/// What a reader outside gets to see.
#[derive(Debug)]
pub struct Preview<'a> {
    /// Who: "Acme Retail, 3 people".
    pub audience: &'a str,
    /// The masked view, rendered by the same function as their page.
    pub visible: Markup,
    /// What is kept from them.
    pub withheld: &'a [Withheld<'a>],
}

/// Renders [`Preview`].
#[must_use]
pub fn preview(preview: &Preview<'_>) -> Markup {
    html! {
        div.preview {
            section.preview-visible {
                h3 { (icon::eye()) span { "Exactly what " bdi { (preview.audience) } " will see" } }
                div.preview-page { (preview.visible) }
            }
            section.preview-withheld {
                h3 { (icon::eye_off()) span { "Withheld" } }
                ul { @for part in preview.withheld { li { (icon::lock()) div { strong { (part.label) } p.hint { (part.why) } } } } }
            }
        }
    }
}
