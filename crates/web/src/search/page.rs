//! The search as a page, and as the fragment that the palette shows.

use maud::{Markup, html};
use ui::{Empty, PaletteGroup, PaletteHit, palette_results};

use super::{Asked, FEWEST, FoundOut, HitOut, KindOut, PATH};
use crate::context::Ctx;
use crate::frame::Place;
use crate::reply::PageParts;

fn group(kind: &KindOut) -> PaletteGroup<'_> {
    PaletteGroup {
        label: kind.label,
        hits: kind.hits.iter().map(|hit| line(hit, kind.icon)).collect(),
        more: kind.more.then_some(kind.list.as_str()),
    }
}

fn line(hit: &HitOut, icon: fn() -> ui::Icon) -> PaletteHit<'_> {
    PaletteHit { label: &hit.label, hint: &hit.hint, href: &hit.href, icon: icon() }
}

/// The hits alone; the palette has the places of the navigation already.
pub(super) fn hits(_: &Ctx, found: &FoundOut) -> Markup {
    palette_results(&found.kinds.iter().map(group).collect::<Vec<_>>())
}

/// The whole page: works without scripts.
pub(super) fn whole(ctx: &Ctx, asked: &Asked, pages: &[Place], found: &FoundOut) -> Markup {
    let mut groups: Vec<PaletteGroup<'_>> = Vec::new();
    if !pages.is_empty() {
        let hits = pages
            .iter()
            .map(|place| PaletteHit { label: place.label, hint: "", href: &place.href, icon: (place.icon)() })
            .collect();
        groups.push(PaletteGroup { label: "Pages", hits, more: None });
    }
    groups.extend(found.kinds.iter().map(group));
    let body = html! {
        form.search-form action=(ctx.href(PATH)) method="get" role="search" aria-label="Everything" {
            div.find {
                (ui::icon::search())
                input type="search" name="q" value=(asked.q) aria-label="Look for" placeholder="A number, a name, a site" maxlength="200" autocomplete="off";
            }
            (ui::submit(ui::Kind::Primary, "Search"))
        }
        @if found.q.chars().count() < FEWEST {
            (ui::empty(
                &Empty {
                    icon: ui::icon::search(),
                    title: "What are you looking for?",
                    text: "Type two letters or more: the number or the words of an incident, the name of a site, a client or a person. You find what you may see, and nothing else.",
                },
                html! {},
            ))
        } @else if groups.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::search(),
                    title: "Nothing found",
                    text: "Try fewer letters, a number, or the name of a site. What you may not see is not found.",
                },
                html! {},
            ))
        } @else {
            div.found { (palette_results(&groups)) }
        }
    };
    ctx.page(PageParts::titled("Search"), body)
}
