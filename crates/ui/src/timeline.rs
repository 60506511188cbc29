//! What happened to a record, newest first or last, as the caller orders it.

use maud::{Markup, html};

use crate::icon::Icon;
use crate::notice::Tone;
use crate::status::person;
use crate::words;

/// A value that changed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change<'a> {
    /// Which part.
    pub label: &'a str,
    /// What it was; empty reads as a dash.
    pub before: &'a str,
    /// What it is.
    pub after: &'a str,
}

/// One act.
#[derive(Debug)]
pub struct Moment<'a> {
    /// Who did it; empty where it was the program or the asker may not know.
    pub who: &'a str,
    /// The role they held then.
    pub role: Option<&'a str>,
    /// What they did: "published this incident".
    pub what: &'a str,
    /// When, from [`crate::time`].
    pub when: Markup,
    /// The icon of the act.
    pub icon: Icon,
    /// What it means.
    pub tone: Tone,
    /// Before and after.
    pub changes: &'a [Change<'a>],
    /// Their words: a reason, a comment.
    pub note: Option<&'a str>,
}

impl Default for Moment<'_> {
    fn default() -> Self {
        Self {
            who: "",
            role: None,
            what: "",
            when: html! {},
            icon: Icon::default(),
            tone: Tone::Neutral,
            changes: &[],
            note: None,
        }
    }
}

/// Who did what, when, and what it was before.
#[must_use]
pub fn timeline(moments: &[Moment<'_>]) -> Markup {
    html! {
        ol.timeline {
            @for moment in moments {
                li class=(moment.tone.word()) {
                    span.timeline-mark { (moment.icon) }
                    div.timeline-body {
                        p {
                            @if !moment.who.is_empty() { strong { (person(moment.who)) } " " }
                            @if let Some(role) = moment.role { span.dim { "as " (role) } " " }
                            (moment.what)
                            span.timeline-when { (moment.when) }
                        }
                        @if !moment.changes.is_empty() { (changes(moment.changes)) }
                        @if let Some(note) = moment.note { blockquote { (note) } }
                    }
                }
            }
        }
    }
}

/// Values that changed, each with what it was and what it is.
#[must_use]
pub fn changes(changes: &[Change<'_>]) -> Markup {
    html! {
        dl.changes {
            @for change in changes {
                div {
                    dt { (change.label) }
                    dd {
                        span.unseen { "was " }
                        del { (shown(change.before)) }
                        span.arrow aria-hidden="true" { "→" }
                        span.unseen { ", now " }
                        ins { (shown(change.after)) }
                    }
                }
            }
        }
    }
}

fn shown(value: &str) -> &str {
    if value.is_empty() { words::NONE } else { value }
}
