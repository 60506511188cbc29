//! Buttons and links that look like buttons.

use maud::{Markup, html};

use crate::icon::{self, Icon};

/// How much a button asks for attention. One [`Kind::Primary`] a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The one thing most people came to do.
    Primary,
    /// Everything else.
    #[default]
    Quiet,
    /// No border until it is pointed at; for rows and tool bars.
    Plain,
    /// Takes something away.
    Danger,
}

impl Kind {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn primary",
            Self::Quiet => "btn",
            Self::Plain => "btn plain",
            Self::Danger => "btn danger",
        }
    }
}

/// A button that does something on the page (`id` lets the module or a dialog find it).
#[must_use]
pub fn button(kind: Kind, label: &str, icon: Option<Icon>) -> Markup {
    html! { button type="button" class=(kind.class()) { (inside(label, icon)) } }
}

/// The button that sends its form.
#[must_use]
pub fn submit(kind: Kind, label: &str) -> Markup {
    html! { button type="submit" class=(kind.class()) { (inside(label, None)) } }
}

/// One of several buttons that send the same form: the pressed one sends `name=value`.
#[must_use]
pub fn submit_named(kind: Kind, label: &str, name: &str, value: &str) -> Markup {
    html! { button type="submit" class=(kind.class()) name=(name) value=(value) { (inside(label, None)) } }
}

/// What the button says that shows a change before it is made.
pub const LOOK: &str = "See what it changes";

/// A second button of a form: sends the same form to where it is shown what would come of it, and nothing is made.
#[must_use]
pub fn look(href: &str) -> Markup {
    html! { button type="submit" class=(Kind::Quiet.class()) formaction=(href) { (inside(LOOK, None)) } }
}

/// A link that looks like a button; for going somewhere, never for changing something.
#[must_use]
pub fn button_link(kind: Kind, label: &str, href: &str, icon: Option<Icon>) -> Markup {
    html! { a class=(kind.class()) href=(href) { (inside(label, icon)) } }
}

/// A square button with an icon; the label is read aloud and shown as `title`.
#[must_use]
pub fn icon_button(kind: Kind, label: &str, icon: Icon) -> Markup {
    html! { button type="button" class={ (kind.class()) " square" } aria-label=(label) title=(label) { (icon) } }
}

/// A square link with an icon; the label is read aloud and shown as `title`.
#[must_use]
pub fn icon_link(kind: Kind, label: &str, href: &str, icon: Icon) -> Markup {
    html! { a class={ (kind.class()) " square" } href=(href) aria-label=(label) title=(label) { (icon) } }
}

/// A row of buttons with even gaps that wraps.
#[must_use]
pub fn buttons(inner: Markup) -> Markup {
    html! { div.actions { (inner) } }
}

/// A link that downloads (CSV, spreadsheet, PDF). `hint` says what is in it, for example "CSV, what you see now".
#[must_use]
pub fn download(label: &str, href: &str, hint: Option<&str>) -> Markup {
    html! {
        a class="btn" href=(href) download data-plain {
            (icon::download()) span { (label) } @if let Some(hint) = hint { span.dim { (hint) } }
        }
    }
}

pub(crate) fn inside(label: &str, icon: Option<Icon>) -> Markup {
    html! { @if let Some(icon) = icon { (icon) } span { (label) } }
}
