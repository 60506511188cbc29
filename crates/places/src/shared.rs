//! What the pages of this area have in common.

use maud::{Markup, html};
use ui::{FilterBar, Form, Kind, Pager, Tone, filter_bar, form, pager, status, submit};
use web::Ctx;

/// A path with those of the pairs that say something.
pub(crate) fn with(path: &str, pairs: &[(&str, &str)]) -> String {
    let said: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty() && *value != "false")
        .map(|(name, value)| format!("{name}={}", web::mount::encode(value)))
        .collect();
    if said.is_empty() { path.to_owned() } else { format!("{path}?{}", said.join("&")) }
}

/// A list of records that are put away and brought back, as it was asked for: what stands above and below its rows.
pub(crate) struct Shelf<'a> {
    /// Its address.
    pub(crate) here: &'a str,
    /// What is searched for.
    pub(crate) q: &'a str,
    /// The ones that are put away, instead of the others.
    pub(crate) archived: bool,
    /// Where the page before ended.
    pub(crate) cursor: Option<&'a str>,
}

impl Shelf<'_> {
    /// What was asked, as pairs of an address.
    pub(crate) fn asked(&self) -> [(&str, &str); 2] {
        [("q", self.q), ("archived", if self.archived { "true" } else { "" })]
    }

    /// The search, and the way to the other half. `several` names the records; `more` stands beside it.
    pub(crate) fn search(&self, several: &str, more: &Markup) -> Markup {
        let other = with(self.here, &[("q", self.q), ("archived", if self.archived { "" } else { "true" })]);
        let [_, archived] = self.asked();
        let archived = [archived];
        filter_bar(&FilterBar {
            action: self.here,
            search: Some(self.q),
            search_label: &format!("Search {several}"),
            hidden: if self.archived { &archived } else { &[] },
            actions: html! {
                a href=(other) { @if self.archived { "Show current " (several) } @else { "Show archived" } }
                (more)
            },
            ..FilterBar::default()
        })
    }

    /// The way to the next page and back to the first, and how many rows there are.
    pub(crate) fn pages(&self, rows: usize, next: Option<&str>, (one, several): (&str, &str)) -> Markup {
        let [q, archived] = self.asked();
        let next = next.map(|cursor| with(self.here, &[q, archived, ("cursor", cursor)]));
        let first = with(self.here, &[q, archived]);
        pager(&Pager {
            newest: self.cursor.map(|_| first.as_str()),
            next: next.as_deref(),
            showing: &showing(rows, one, several),
        })
    }
}

/// Whether a record is put away, as a status.
pub(crate) fn state(archived: bool) -> Markup {
    if archived { status("Archived", Tone::Neutral) } else { status("Current", Tone::Success) }
}

/// The button that brings an archived record back.
pub(crate) fn restore_button(ctx: &Ctx, path: &str) -> Markup {
    form(
        &Form { action: &ctx.href(&format!("{path}/restore")), ..Form::default() },
        submit(Kind::Quiet, "Restore"),
    )
}

/// How many rows a page shows, in words: one row is not several.
pub(crate) fn showing(rows: usize, one: &str, several: &str) -> String {
    if rows == 1 { format!("1 {one}") } else { format!("{rows} {several}") }
}

/// Lines of text as they were typed.
pub(crate) fn lines(text: &str) -> Markup {
    html! { @for (at, line) in text.lines().enumerate() { @if at > 0 { br; } (line) } }
}

/// `Ok` when the value is there: a checked form has every field.
pub(crate) fn there<T>(value: Option<T>) -> kernel::Result<T> {
    value.ok_or_else(|| kernel::Error::internal("a checked form lacks a field"))
}
