//! Things the page says to the person: alerts, notices, empty states, live regions.

use maud::{Markup, html};

use crate::icon::{self, Icon};

/// What a message or a status means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// No meaning of its own.
    #[default]
    Neutral,
    /// Good to know.
    Info,
    /// It went well.
    Success,
    /// Mind this.
    Warning,
    /// Something is wrong, or will be lost.
    Danger,
}

impl Tone {
    /// The class in the style sheet.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    pub(crate) const fn icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Info => icon::info(),
            Self::Success => icon::success(),
            Self::Warning => icon::warning(),
            Self::Danger => icon::danger(),
        }
    }
}

/// What just happened, said once at the top of the next page ("Incident 1042 was published").
#[derive(Clone, Copy, Debug, Default)]
pub struct Notice<'a> {
    /// What it means.
    pub tone: Tone,
    /// One sentence.
    pub text: &'a str,
}

/// A message in the page. Danger is announced at once by assistive tools, the others are not.
#[must_use]
pub fn alert(tone: Tone, title: &str, body: Markup) -> Markup {
    let role = if tone == Tone::Danger { Some("alert") } else { None };
    html! {
        div class={ "alert " (tone.word()) } role=[role] {
            (tone.icon())
            div { p.alert-title { (title) } @if !body.0.is_empty() { div.alert-body { (body) } } }
        }
    }
}

/// A list or a place without content, as a lesson: what belongs here, and how it gets here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Empty<'a> {
    /// The icon of what is missing.
    pub icon: Icon,
    /// "No incidents yet".
    pub title: &'a str,
    /// Why it is empty and what will fill it; one or two plain sentences.
    pub text: &'a str,
}

/// Renders [`Empty`]; `action` is the button that changes it, or empty markup.
#[must_use]
pub fn empty(empty: &Empty<'_>, action: Markup) -> Markup {
    html! {
        div.empty {
            span.empty-icon { (empty.icon) }
            p.empty-title { (empty.title) }
            p.empty-text { (empty.text) }
            @if !action.0.is_empty() { div.actions { (action) } }
        }
    }
}

/// A region that keeps itself fresh: when the event stream at `path` says "changed", the page is fetched again and
/// this region is morphed in place. Without scripts it is what it was when the page was read.
#[must_use]
pub fn live(id: &str, path: &str, body: Markup) -> Markup {
    html! { div id=(id) data-live=(path) { (body) } }
}
