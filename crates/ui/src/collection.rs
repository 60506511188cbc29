//! Around a list: filters in the URL, ways onwards, tabs.

use maud::{Markup, html};

use crate::button::Kind;
use crate::choice::Choice;
use crate::icon;
use crate::slug;
use crate::status::count;

/// One filter that is on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chip<'a> {
    /// "Status: Active".
    pub label: &'a str,
    /// The page without this filter.
    pub remove_href: &'a str,
}

/// One property to filter by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facet<'a> {
    /// Name in the URL.
    pub name: &'a str,
    /// What is read.
    pub label: &'a str,
    /// What there is to choose.
    pub choices: &'a [Choice<'a>],
    /// What is chosen.
    pub chosen: &'a [&'a str],
    /// At most one can be chosen.
    pub single: bool,
}

/// Search box, facets and chips over a list. A GET form: the answer is a page with an address.
#[derive(Debug)]
pub struct FilterBar<'a> {
    /// The list's path.
    pub action: &'a str,
    /// What the search box holds; absent where the list cannot be searched. Sent as `q`.
    pub search: Option<&'a str>,
    /// What the search looks in: "Number, title or site".
    pub search_label: &'a str,
    /// What can be filtered by.
    pub facets: &'a [Facet<'a>],
    /// Which filters are on.
    pub chips: &'a [Chip<'a>],
    /// The page without any filter.
    pub clear_href: &'a str,
    /// Kept in the URL, such as the sort order.
    pub hidden: &'a [(&'a str, &'a str)],
    /// At the end of the row: a view switch, an export.
    pub actions: Markup,
}

impl Default for FilterBar<'_> {
    fn default() -> Self {
        Self {
            action: "",
            search: None,
            search_label: "Search",
            facets: &[],
            chips: &[],
            clear_href: "",
            hidden: &[],
            actions: html! {},
        }
    }
}

/// Renders [`FilterBar`].
#[must_use]
pub fn filter_bar(bar: &FilterBar<'_>) -> Markup {
    html! {
        div.filters {
            form.filter-form action=(bar.action) method="get" role="search" aria-label="In this list" data-filter {
                @for (name, value) in bar.hidden { input type="hidden" name=(name) value=(value); }
                @if let Some(query) = bar.search {
                    div.find { (icon::search()) input type="search" name="q" value=(query) aria-label=(bar.search_label) placeholder=(bar.search_label) autocomplete="off" data-key="/"; }
                }
                @if bar.search.is_some() || !bar.facets.is_empty() {
                    div.facets {
                        @if !bar.facets.is_empty() { div.facet-line { @for facet in bar.facets { (self::facet(facet)) } } }
                        button.btn type="submit" { (icon::filter()) span { "Apply" } }
                    }
                }
                @if !bar.actions.0.is_empty() { div.actions.filter-actions { (bar.actions) } }
            }
            @if !bar.chips.is_empty() {
                ul.chips aria-label="Filters that are on" {
                    @for chip in bar.chips {
                        li { a.chip href=(chip.remove_href) { span { (chip.label) } span.unseen { ", remove this filter" } (icon::x()) } }
                    }
                    @if !bar.clear_href.is_empty() { li { a.chip.clear href=(bar.clear_href) { "Clear all" } } }
                }
            }
        }
    }
}

fn facet(facet: &Facet<'_>) -> Markup {
    let kind = if facet.single { "radio" } else { "checkbox" };
    html! {
        details.facet name="facet" {
            summary.btn { span { (facet.label) } @if !facet.chosen.is_empty() { (count(&facet.chosen.len().to_string(), "chosen")) } (icon::chevron_down()) }
            fieldset.facet-panel {
                legend.unseen { (facet.label) }
                @for (at, choice) in facet.choices.iter().enumerate() {
                    @let id = format!("facet-{}-{at}", slug(facet.name));
                    div.choice {
                        input type=(kind) id=(id) name=(facet.name) value=(choice.value) checked[facet.chosen.contains(&choice.value)];
                        div { label for=(id) { (choice.label) } }
                    }
                }
            }
        }
    }
}

/// Ways through a list. There are no page numbers and no exact totals.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pager<'a> {
    /// Back to the start; absent on the first page.
    pub newest: Option<&'a str>,
    /// The rows after these; absent on the last page.
    pub next: Option<&'a str>,
    /// What is shown: "50 incidents", "More than 1,000".
    pub showing: &'a str,
}

/// Renders [`Pager`].
#[must_use]
pub fn pager(pager: &Pager<'_>) -> Markup {
    html! {
        nav.pager aria-label="Pages" {
            span.dim.number { (pager.showing) }
            div.actions {
                @if let Some(href) = pager.newest { a class=(Kind::Quiet.class()) href=(href) { (icon::arrow_left()) span { "Newest" } } }
                @if let Some(href) = pager.next { a class=(Kind::Quiet.class()) href=(href) rel="next" { span { "Next" } (icon::arrow_right()) } }
            }
        }
    }
}

/// One of several pages about the same thing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tab<'a> {
    /// What is read.
    pub label: &'a str,
    /// Its page.
    pub href: &'a str,
    /// The page being looked at.
    pub current: bool,
    /// How many, capped.
    pub count: Option<&'a str>,
}

/// Links to the pages about one thing.
#[must_use]
pub fn tabs(label: &str, tabs: &[Tab<'_>]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            ul { @for tab in tabs {
                li { a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                    (tab.label) @if let Some(number) = tab.count { (count(number, "")) }
                } }
            } }
        }
    }
}
