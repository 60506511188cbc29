//! Surfaces and small facts: cards, split panes, stats, detail lists, code, copyable ids, progress.

use maud::{Markup, html};

use crate::icon;
use crate::words;

/// Head and foot of a card; the body is an argument.
#[derive(Debug)]
pub struct Card<'a> {
    /// Heading (level 2); empty for a card without head.
    pub title: &'a str,
    /// Anchor of the card, for links into the page.
    pub id: Option<&'a str>,
    /// Buttons at the right of the head.
    pub actions: Markup,
    /// Below the body, set apart by a line.
    pub footer: Markup,
    /// No padding around the body: for a table that runs to the edges.
    pub flush: bool,
}

impl Default for Card<'_> {
    fn default() -> Self {
        Self { title: "", id: None, actions: html! {}, footer: html! {}, flush: false }
    }
}

/// A surface with a heading.
#[must_use]
pub fn card(card: &Card<'_>, body: Markup) -> Markup {
    let inside = html! {
        @if !card.title.is_empty() || !card.actions.0.is_empty() {
            div.card-head { @if !card.title.is_empty() { h2 { (card.title) } } @if !card.actions.0.is_empty() { div.actions { (card.actions) } } }
        }
        div.card-body.flush[card.flush] { (body) }
        @if !card.footer.0.is_empty() { div.card-foot { (card.footer) } }
    };
    html! {
        @if card.title.is_empty() { div.card id=[card.id] { (inside) } } @else { section.card id=[card.id] { (inside) } }
    }
}

/// A part of a page with a heading but without a box.
#[must_use]
pub fn section(title: &str, body: Markup) -> Markup {
    html! { section.section { h2 { (title) } (body) } }
}

/// Main content and a narrower column beside it; the column goes below on a narrow screen.
#[must_use]
pub fn split(main: Markup, side: Markup) -> Markup {
    html! { div.split { div.split-main { (main) } div.split-side { (side) } } }
}

/// Cards of equal width, as many a row as fit.
#[must_use]
pub fn grid(cards: Markup) -> Markup {
    html! { div.grid { (cards) } }
}

/// A figure with its meaning.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stat<'a> {
    /// What is counted.
    pub label: &'a str,
    /// The figure, ready to read.
    pub value: &'a str,
    /// What it compares to, or since when.
    pub hint: Option<&'a str>,
    /// Where the records behind it are.
    pub href: Option<&'a str>,
}

/// One figure.
#[must_use]
pub fn stat(stat: &Stat<'_>) -> Markup {
    html! {
        div.stat {
            dt { @if let Some(href) = stat.href { a href=(href) { (stat.label) } } @else { (stat.label) } }
            dd { span.stat-value { (stat.value) } @if let Some(hint) = stat.hint { span.dim { (hint) } } }
        }
    }
}

/// Several figures in a row.
#[must_use]
pub fn stats(all: &[Stat<'_>]) -> Markup {
    html! { dl.stats { @for one in all { (stat(one)) } } }
}

/// Facts about a record, name and value. An empty value shows a dash.
#[must_use]
pub fn detail_list(facts: &[(&str, Markup)]) -> Markup {
    html! {
        dl.facts {
            @for (label, value) in facts {
                div { dt { (label) } dd { @if value.0.is_empty() { span.dim { (words::NONE) } } @else { (value) } } }
            }
        }
    }
}

/// More words for those who want them; closed at first. There are no tooltips.
#[must_use]
pub fn help(summary: &str, body: Markup) -> Markup {
    html! { details.help { summary { (icon::explain()) span { (summary) } } div.help-body { (body) } } }
}

/// Something that is opened when it is wanted: a form beside what it changes.
#[must_use]
pub fn fold(summary: &str, body: Markup) -> Markup {
    html! { details.help.fold { summary { (icon::chevron_down()) span { (summary) } } div.help-body { (body) } } }
}

/// An id or a link that is copied with one press; plain selectable text without scripts.
#[must_use]
pub fn copyable(text: &str) -> Markup {
    html! {
        span.copyable {
            code { (text) }
            button.btn.plain.square.scripted type="button" data-copy=(text) aria-label={ "Copy " (text) } title="Copy" { (icon::copy()) }
        }
    }
}

/// Lines of text as a machine wrote them, with a copy button.
#[must_use]
pub fn code_block(label: &str, text: &str) -> Markup {
    html! {
        figure.code {
            figcaption {
                span { (label) }
                button.btn.plain.square.scripted type="button" data-copy=(text) aria-label={ "Copy " (label) } title="Copy" { (icon::copy()) }
            }
            pre tabindex="0" role="region" aria-label=(label) { code { (text) } }
        }
    }
}

/// How far something is. `done` and `of` are in the same unit; `of` 0 means unknown.
#[must_use]
pub fn progress(label: &str, done: u64, of: u64) -> Markup {
    html! {
        div.progress {
            div.progress-words {
                span { (label) }
                @if of > 0 { span.number.dim { (done) " of " (of) } }
            }
            @if of > 0 { progress aria-label=(label) value=(done) max=(of) { (done) " of " (of) } }
            @else { progress aria-label=(label) { "working" } }
        }
    }
}

/// Grey lines where content will be, for the first start of the field portal.
#[must_use]
pub fn skeleton(lines: u8) -> Markup {
    html! { div.skeleton role="status" { span.unseen { "Loading" } @for _ in 0..lines { span.bone {} } } }
}

/// A file size: "250 kB", "1.4 MB" (powers of 1000).
#[must_use]
pub fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} B"),
        1_000..1_000_000 => format!("{} kB", size / 1_000),
        1_000_000..1_000_000_000 => tenths(size / 100_000, "MB"),
        _ => tenths(size / 100_000_000, "GB"),
    }
}

/// A number of tenths with its unit, without a zero behind the point.
fn tenths(tenths: u64, unit: &str) -> String {
    match tenths % 10 {
        0 => format!("{} {unit}", tenths / 10),
        rest => format!("{}.{rest} {unit}", tenths / 10),
    }
}
