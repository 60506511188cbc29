//! Who can see this, and why? The answer of the evaluator as sentences.

use maud::{Markup, html};

use crate::icon;

/// What one step of the decision came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// This lets the person in.
    Allowed,
    /// This keeps the person out.
    Denied,
    /// This says nothing here.
    #[default]
    NotApplicable,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::NotApplicable => "not-applicable",
        }
    }

    const fn spoken(self) -> &'static str {
        match self {
            Self::Allowed => "Yes",
            Self::Denied => "No",
            Self::NotApplicable => "Does not apply",
        }
    }
}

/// One step of the decision.
#[derive(Clone, Debug, Default)]
pub struct Verdict<'a> {
    /// What it came to.
    pub outcome: Outcome,
    /// The decision as a sentence: "The incident is not published".
    pub sentence: &'a str,
    /// The rule or the record behind it.
    pub because: Option<&'a str>,
    /// What would change it: words and a page.
    pub fix: Option<(&'a str, &'a str)>,
    /// The steps this one is made of.
    pub children: Vec<Verdict<'a>>,
}

/// The steps as a nested list.
#[must_use]
pub fn explain(verdicts: &[Verdict<'_>]) -> Markup {
    html! {
        ul.explain {
            @for verdict in verdicts {
                li class=(verdict.outcome.word()) {
                    span.explain-mark {
                        @match verdict.outcome {
                            Outcome::Allowed => (icon::check()),
                            Outcome::Denied => (icon::x()),
                            Outcome::NotApplicable => (icon::minus()),
                        }
                        span.unseen { (verdict.outcome.spoken()) ": " }
                    }
                    div {
                        p.explain-sentence { (verdict.sentence) }
                        @if let Some(because) = verdict.because { p.hint { (because) } }
                        @if let Some((label, href)) = verdict.fix { p { a href=(href) { (label) } } }
                        @if !verdict.children.is_empty() { (explain(&verdict.children)) }
                    }
                }
            }
        }
    }
}
