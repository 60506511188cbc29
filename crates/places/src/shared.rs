//! What the pages of this area have in common.

use maud::{Markup, html};
use ui::{Form, Kind, Tone, form, status, submit};
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
