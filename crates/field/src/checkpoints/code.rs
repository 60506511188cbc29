//! The code on the wall: what it says, and how it is drawn.

use kernel::id::CheckpointId;
use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};
use store::Store;
use uuid::Uuid;
use web::App;

const PURPOSE: &str = "checkpoint";

/// The signed word of a checkpoint: its id and which of its codes it is.
pub(crate) fn word(store: &Store, id: CheckpointId, version: i64) -> String {
    let mut body = id.uuid().as_bytes().to_vec();
    body.extend(u32::try_from(version).unwrap_or_default().to_be_bytes());
    store.seal(PURPOSE, &body)
}

/// What a word says, if this installation signed it.
pub(crate) fn read(store: &Store, word: &str) -> Option<(CheckpointId, i64)> {
    let body = store.unseal(PURPOSE, word)?;
    let (id, version) = body.split_at_checked(16)?;
    let version = u32::from_be_bytes(version.try_into().ok()?);
    Some((CheckpointId::from_uuid(Uuid::from_slice(id).ok()?), version.into()))
}

/// Where a phone's own camera leads: the page that takes the scan, with the word in it.
pub(crate) fn link(app: &App, id: CheckpointId, version: i64) -> String {
    format!("{}/field/scan?code={}", app.config.public_url, word(&app.store, id, version))
}

/// The word within a link, or the text itself.
pub(crate) fn word_of(text: &str) -> &str {
    let text = text.trim();
    text.split_once("code=").map_or(text, |(_, word)| word.split('&').next().unwrap_or(word))
}

/// A typed word as it is stored: people write it with a hyphen, blanks and small letters.
pub(crate) fn typed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}

/// "K7F2-9QXM".
pub(crate) fn spoken(code: &str) -> String {
    match code.split_at_checked(4) {
        Some((first, rest)) if !rest.is_empty() => format!("{first}-{rest}"),
        _ => code.to_owned(),
    }
}

/// Draws a text as a QR code: one path of squares on white, with the quiet zone around it. A quarter of it may be
/// scratched.
pub(crate) fn drawn(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return html! { p.hint { "This link is too long to be drawn." } };
    };
    let width = code.width();
    let mut path = String::new();
    for (at, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let (x, y) = (at % width + 4, at / width + 4);
        path.push_str(&format!("M{x} {y}h1v1h-1z"));
    }
    let size = width + 8;
    html! {
        svg.qr viewBox=(format!("0 0 {size} {size}")) role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="white" {}
            path d=(path) fill="black" {}
        }
    }
}
