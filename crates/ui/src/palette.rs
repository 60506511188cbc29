//! What the command palette shows: a fragment answered by the server for what was typed.

use maud::{Markup, html};

use crate::icon::Icon;

/// A place or an act that was found.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaletteHit<'a> {
    /// What it is.
    pub label: &'a str,
    /// More words: kind, client, site.
    pub hint: &'a str,
    /// Where it leads.
    pub href: &'a str,
    /// Its icon.
    pub icon: Icon,
}

/// The list of hits. The palette asks `search_action?q=…` with `Accept: text/html` and the header
/// `Bailiwick-Fragment: palette`; the answer is this markup alone. A whole page serves people without scripts.
#[must_use]
pub fn palette_results(hits: &[PaletteHit<'_>]) -> Markup {
    html! {
        ul.palette-hits {
            @for hit in hits {
                li { a href=(hit.href) { (hit.icon) span.palette-label { (hit.label) } span.dim { (hit.hint) } } }
            }
        }
        @if hits.is_empty() { p.palette-none { "Nothing found. Try a number, a name or a site." } }
    }
}
