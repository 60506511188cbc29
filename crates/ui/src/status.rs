//! Small words about a record: status, severity, counts, names. A status is always a shape, a word and a colour,
//! so that it reads without colour, in print and in forced colours.

use maud::{Markup, PreEscaped, html};

use crate::notice::Tone;

/// The shape beside the word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// Filled circle: under way.
    #[default]
    Circle,
    /// Hollow circle: not started, nothing to do.
    Ring,
    /// Half-filled circle: partly done, waiting for somebody.
    Half,
    /// Diamond: needs a look.
    Diamond,
    /// Square: finished.
    Square,
    /// Triangle: urgent or refused.
    Triangle,
}

impl Shape {
    pub(crate) fn mark(self) -> Markup {
        let inner = match self {
            Self::Circle => r#"<circle cx="6" cy="6" r="4.5"/>"#,
            Self::Ring => {
                r#"<circle cx="6" cy="6" r="3.75" fill="none" stroke="currentColor" stroke-width="1.5"/>"#
            }
            Self::Half => {
                r#"<circle cx="6" cy="6" r="3.75" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M6 2.25a3.75 3.75 0 0 1 0 7.5Z"/>"#
            }
            Self::Diamond => r#"<path d="M6 .6 11.4 6 6 11.4.6 6Z"/>"#,
            Self::Square => r#"<rect x="1.75" y="1.75" width="8.5" height="8.5" rx="1.5"/>"#,
            Self::Triangle => r#"<path d="M6 1.2 11.6 11H.4Z"/>"#,
        };
        html! {
            svg.shape viewBox="0 0 12 12" width="10" height="10" fill="currentColor" aria-hidden="true" focusable="false" {
                (PreEscaped(inner))
            }
        }
    }
}

/// Shape, word and colour chosen one by one.
#[must_use]
pub fn badge(shape: Shape, word: &str, tone: Tone) -> Markup {
    html! { span class={ "badge " (tone.word()) } { (shape.mark()) span { (word) } } }
}

/// A status with the shape that goes with its tone: neutral ring, info circle, success square, warning diamond,
/// danger triangle.
#[must_use]
pub fn status(word: &str, tone: Tone) -> Markup {
    let shape = match tone {
        Tone::Neutral => Shape::Ring,
        Tone::Info => Shape::Circle,
        Tone::Success => Shape::Square,
        Tone::Warning => Shape::Diamond,
        Tone::Danger => Shape::Triangle,
    };
    badge(shape, word, tone)
}

/// A word in a box without meaning of its own: a kind, a label, a source.
#[must_use]
pub fn tag(word: &str) -> Markup {
    html! { span.tag { (word) } }
}

/// How bad it is (ROLES.md: incident severity).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Severity {
    /// Worth noting.
    #[default]
    Low,
    /// Needs attention.
    Medium,
    /// Needs attention soon.
    High,
    /// Needs attention now.
    Critical,
}

impl Severity {
    /// The word on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }
}

/// Severity as rising bars, a word and a colour.
#[must_use]
pub fn severity(severity: Severity) -> Markup {
    let (level, tone) = match severity {
        Severity::Low => (1, Tone::Neutral),
        Severity::Medium => (2, Tone::Info),
        Severity::High => (3, Tone::Warning),
        Severity::Critical => (4, Tone::Danger),
    };
    html! {
        span class={ "badge severity " (tone.word()) } {
            svg.bars viewBox="0 0 14 12" width="13" height="11" fill="currentColor" aria-hidden="true" focusable="false" {
                @for (bar, (x, height)) in [(0, 3), (4, 6), (8, 9), (12, 12)].into_iter().enumerate() {
                    rect x=(x) y=(12 - height) width="2.5" height=(height) rx=".75" opacity=[(bar >= level).then_some(".28")] {}
                }
            }
            span { (severity.word()) }
        }
    }
}

/// A number of things beside a word, already capped by the caller ("99+"); `what` is read aloud after it.
#[must_use]
pub fn count(number: &str, what: &str) -> Markup {
    html! { span.count { (number) @if !what.is_empty() { span.unseen { " " (what) } } } }
}

/// A person's name, safe in any writing direction.
#[must_use]
pub fn person(name: &str) -> Markup {
    html! { bdi.person { (name) } }
}
