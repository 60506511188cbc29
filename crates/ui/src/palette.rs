//! What the search shows: in the command palette as a fragment answered by the server, and on a page of its own.

use maud::{Markup, html};

use crate::icon::{self, Icon};
use crate::slug;

/// A place or a record that was found.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaletteHit<'a> {
    /// What it is.
    pub label: &'a str,
    /// More words: client, site, number.
    pub hint: &'a str,
    /// Where it leads.
    pub href: &'a str,
    /// Its icon.
    pub icon: Icon,
}

/// Hits of one kind.
#[derive(Clone, Debug, Default)]
pub struct PaletteGroup<'a> {
    /// What they are: "Sites".
    pub label: &'a str,
    /// The best of them.
    pub hits: Vec<PaletteHit<'a>>,
    /// Where all of them are, if there are more.
    pub more: Option<&'a str>,
}

/// The hits, kind by kind. The palette asks `search_action?q=…&part=palette`; the answer is this markup alone. A
/// whole page around the same markup serves people without scripts.
#[must_use]
pub fn palette_results(groups: &[PaletteGroup<'_>]) -> Markup {
    html! {
        @for group in groups {
            @let id = format!("found-{}", slug(group.label).to_ascii_lowercase());
            section.palette-group aria-labelledby=(id) {
                h2.palette-kind id=(id) { (group.label) }
                ul.palette-hits {
                    @for hit in &group.hits {
                        li { a href=(hit.href) { (hit.icon) span.palette-label { bdi { (hit.label) } } @if !hit.hint.is_empty() { span.dim { bdi { (hit.hint) } } } } }
                    }
                    @if let Some(more) = group.more {
                        li { a.palette-more href=(more) { (icon::chevron_right()) span.palette-label { "All that match in " (group.label) } } }
                    }
                }
            }
        }
        @if groups.iter().all(|group| group.hits.is_empty()) { p.palette-none { "Nothing found. Try a number, a name or a site." } }
    }
}
