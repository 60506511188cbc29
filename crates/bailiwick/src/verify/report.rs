//! What a run found, as a document that can be shown to somebody else: JSON and HTML, signed with the installation's
//! own key, so that whoever holds the document can tell that nobody changed it.

use kernel::{Error, Result};
use maud::{DOCTYPE, Markup, html};
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Store;

/// How a leak showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Check {
    /// A hidden word in an answer.
    Words,
    /// A hidden record answered otherwise than an absent one.
    Existence,
    /// A search told of a hidden word.
    Search,
    /// Hidden things changed an answer.
    Interference,
    /// A hidden word in a message.
    Mail,
    /// The program failed on a question.
    Failure,
}

impl Check {
    /// How it reads in a report.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Words => "A hidden word was told",
            Self::Existence => "Hidden and absent are told apart",
            Self::Search => "A search finds what is hidden",
            Self::Interference => "Something hidden shows through",
            Self::Mail => "A message says too much",
            Self::Failure => "The program failed",
        }
    }
}

/// One leak.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Leak {
    pub(crate) check: Check,
    /// Who was told: a role.
    pub(crate) reader: String,
    /// What was asked.
    pub(crate) question: String,
    /// What should not have been told.
    pub(crate) what: String,
    /// Where it stands in the answer.
    pub(crate) excerpt: String,
}

/// A run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Report {
    /// The program's version.
    pub(crate) program: String,
    /// SQLite or PostgreSQL.
    pub(crate) engine: String,
    /// Whose settings and roles were tried.
    pub(crate) likeness: String,
    /// When, in UTC.
    pub(crate) at: String,
    /// How long it took, in seconds.
    pub(crate) seconds: f64,
    /// Who walked: one holder of each role.
    pub(crate) readers: Vec<String>,
    /// How many canaries were planted.
    pub(crate) canaries: usize,
    /// How many questions were asked.
    pub(crate) questions: u64,
    /// How many of the answers held something that was right to read, so that a walk past closed doors does not look
    /// like a good one.
    pub(crate) right: u64,
    /// The routes that were walked: method, path and doors.
    pub(crate) walked: Vec<String>,
    /// The routes that could not be walked, and why.
    pub(crate) not_walked: Vec<String>,
    /// How many leaks there are in all.
    pub(crate) found: usize,
    /// The leaks; no more than a few hundred are kept.
    pub(crate) leaks: Vec<Leak>,
}

/// A report with its signature.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Signed {
    report: Value,
    signature: Signature,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Signature {
    /// Always `Ed25519`, over the report as JSON without spaces, its keys in order.
    algorithm: String,
    key: String,
    value: String,
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    text.len().is_multiple_of(2).then(|| {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
    })?
}

/// Signs a run with the installation's key, which is made when it is first needed.
///
/// # Errors
/// The store's.
pub(crate) async fn signed(store: &Store, report: &Report) -> Result<Signed> {
    let fresh = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(Error::internal)?;
    let kept = super::query::key(store, fresh.as_ref()).await?;
    let pair = Ed25519KeyPair::from_pkcs8(&kept).map_err(Error::internal)?;
    let report = serde_json::to_value(report).map_err(Error::internal)?;
    let value = pair.sign(report.to_string().as_bytes());
    Ok(Signed {
        signature: Signature {
            algorithm: "Ed25519".into(),
            key: hex(pair.public_key().as_ref()),
            value: hex(value.as_ref()),
        },
        report,
    })
}

impl Signed {
    /// The key it was signed with, in hex, if the signature holds.
    pub(crate) fn holds(&self) -> Option<&str> {
        let (key, value) = (unhex(&self.signature.key)?, unhex(&self.signature.value)?);
        UnparsedPublicKey::new(&ED25519, key).verify(self.report.to_string().as_bytes(), &value).ok()?;
        Some(&self.signature.key)
    }

    /// What was signed.
    pub(crate) fn report(&self) -> Option<Report> {
        serde_json::from_value(self.report.clone()).ok()
    }
}

/// The run as a page that stands alone: no script, no address but its own.
pub(crate) fn to_html(signed: &Signed) -> Option<Markup> {
    let report = signed.report()?;
    let good = report.found == 0;
    Some(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Leak test of " (report.likeness) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "Leak test" }
                    p class=(if good { "good" } else { "bad" }) {
                        @if good { "✓ No leak was found." } @else { "✗ " (report.found) " leaks were found." }
                    }
                    (facts(&report))
                    @if !good { (leaks(&report)) }
                    (coverage(&report))
                    h2 { "Signature" }
                    p { "Ed25519 over the report as JSON. The signed file beside this page can be checked with " code { "bailiwick verify-access --check FILE" } "." }
                    dl {
                        dt { "Key of the installation" } dd { code { (signed.signature.key) } }
                        dt { "Signature" } dd { code { (signed.signature.value) } }
                    }
                }
            }
        }
    })
}

/// What was tried, in figures.
pub(crate) fn facts(report: &Report) -> Markup {
    html! {
        dl {
            dt { "Settings and roles of" } dd { (report.likeness) }
            dt { "When" } dd { (report.at) }
            dt { "How long" } dd { (format!("{:.1} s", report.seconds)) }
            dt { "Program, engine" } dd { (report.program) ", " (report.engine) }
            dt { "Readers" } dd { (report.readers.len()) }
            dt { "Canaries planted" } dd { (report.canaries) }
            dt { "Questions asked" } dd { (report.questions) }
            dt { "Answers with something right to read" } dd { (report.right) }
        }
    }
}

fn leaks(report: &Report) -> Markup {
    html! {
        h2 { "Leaks" }
        @for leak in &report.leaks {
            section {
                h3 { (leak.check.label()) }
                dl {
                    dt { "To whom" } dd { (leak.reader) }
                    dt { "Question" } dd { code { (leak.question) } }
                    dt { "What" } dd { (leak.what) }
                    @if !leak.excerpt.is_empty() { dt { "Answer" } dd { code { (leak.excerpt) } } }
                }
            }
        }
    }
}

fn coverage(report: &Report) -> Markup {
    html! {
        h2 { "Who walked" }
        ul { @for reader in &report.readers { li { (reader) } } }
        h2 { "What was walked" }
        ul { @for route in &report.walked { li { code { (route) } } } }
        @if !report.not_walked.is_empty() {
            h2 { "What could not be walked" }
            ul { @for route in &report.not_walked { li { (route) } } }
        }
    }
}

const STYLE: &str = "\
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\
main{max-width:60rem;margin:2rem auto;padding:0 1rem}\
h1,h2,h3{line-height:1.2}h2{margin-top:2rem}\
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.25rem 1rem}dd{margin:0;overflow-wrap:anywhere}\
section{border-top:1px solid color-mix(in srgb,currentcolor 25%,transparent);padding:.5rem 0}\
.good,.bad{font-size:1.25rem;font-weight:600}.good{color:light-dark(#116329,#57d27a)}.bad{color:light-dark(#a40e26,#ff8790)}\
ul{columns:18rem;padding-left:1.2rem}li{overflow-wrap:anywhere}\
@media(max-width:30rem){dl{grid-template-columns:1fr}dt{opacity:.75;margin-top:.5rem}}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_comes_back() {
        assert_eq!(unhex(&hex(&[0, 1, 254, 255])), Some(vec![0, 1, 254, 255]));
        assert_eq!(unhex("0g"), None);
        assert_eq!(unhex("012"), None);
    }
}
