//! Photos and files of a record.

use maud::{Markup, html};

use crate::icon;
use crate::panel::bytes;

/// One file.
#[derive(Debug)]
pub struct Attachment<'a> {
    /// Its name as handed in.
    pub name: &'a str,
    /// Size in bytes.
    pub size: u64,
    /// Where it is served, through the record's own permission.
    pub href: &'a str,
    /// A small picture of it, if it is one.
    pub thumbnail: Option<&'a str>,
    /// What is in the picture, said by its author; empty reads as the name.
    pub description: &'a str,
    /// A word under the name: "being checked", "photo on its way".
    pub note: Option<&'a str>,
    /// Buttons.
    pub actions: Markup,
}

impl Default for Attachment<'_> {
    fn default() -> Self {
        Self { name: "", size: 0, href: "", thumbnail: None, description: "", note: None, actions: html! {} }
    }
}

/// Files as a grid of tiles.
#[must_use]
pub fn attachments(files: &[Attachment<'_>]) -> Markup {
    html! {
        ul.attachments {
            @for file in files {
                li {
                    a.attachment-open href=(file.href) data-plain {
                        @if let Some(source) = file.thumbnail {
                            img src=(source) alt=(file.description) loading="lazy" decoding="async" width="240" height="180";
                        } @else { span.attachment-kind { (icon::file()) } }
                        span.attachment-name { bdi { (file.name) } }
                    }
                    p.dim.number { (bytes(file.size)) @if let Some(note) = file.note { " · " (note) } }
                    @if !file.actions.0.is_empty() { div.actions { (file.actions) } }
                }
            }
        }
    }
}
