//! Fields of a form. Each has a label, may have a hint and errors, and ties them to the control for assistive tools.
//!
//! ```ignore
//! field::text(&Field::new("title", "Title").value(&draft.title).required().errors(&errors))
//! ```

use kernel::FieldErrors;
use maud::{Markup, html};

use crate::icon;
use crate::slug;
use crate::words;

/// What every control needs. Made with [`Field::new`] and refined by the methods; the parts are public for callers
/// that fill them from data.
#[derive(Clone, Copy, Debug, Default)]
pub struct Field<'a> {
    /// Name of the control in the form.
    pub name: &'a str,
    /// What the person reads.
    pub label: &'a str,
    /// What it holds now; after a refusal what was typed.
    pub value: &'a str,
    /// One line of help under the label.
    pub hint: Option<&'a str>,
    /// Must be filled. Fields that need not be are marked "optional".
    pub required: bool,
    /// What was wrong with it.
    pub errors: &'a [String],
    /// Set where two forms on a page have a field of the same name.
    pub id: Option<&'a str>,
    /// Cannot be changed here; the sentence says why.
    pub disabled: Option<&'a str>,
    /// Shown but not typed into.
    pub read_only: bool,
    /// The `autocomplete` word, for example `username` or `one-time-code`.
    pub autocomplete: Option<&'a str>,
    /// The `inputmode` word, for example `numeric`.
    pub input_mode: Option<&'a str>,
    /// Smallest number, date or time.
    pub min: Option<&'a str>,
    /// Largest number, date or time.
    pub max: Option<&'a str>,
    /// Step of a number ("any", "0.01").
    pub step: Option<&'a str>,
    /// Most characters.
    pub max_length: Option<u32>,
    /// Words after the control: a unit or a zone.
    pub suffix: Option<&'a str>,
    /// The label is there for assistive tools only (filter bars, table cells).
    pub label_hidden: bool,
    /// The field a person should be in when the page opens.
    pub autofocus: bool,
}

impl<'a> Field<'a> {
    /// A field with its name and label.
    #[must_use]
    pub fn new(name: &'a str, label: &'a str) -> Self {
        Self { name, label, ..Self::default() }
    }

    /// What it holds.
    #[must_use]
    pub fn value(self, value: &'a str) -> Self {
        Self { value, ..self }
    }

    /// One line of help.
    #[must_use]
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Must be filled.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Picks this field's messages out of the form's.
    #[must_use]
    pub fn errors(self, errors: &'a FieldErrors) -> Self {
        Self { errors: errors.of(self.name), ..self }
    }

    /// An id of its own, where a page has two fields of this name.
    #[must_use]
    pub fn id(self, id: &'a str) -> Self {
        Self { id: Some(id), ..self }
    }

    /// Cannot be changed here, and why.
    #[must_use]
    pub fn disabled(self, why: &'a str) -> Self {
        Self { disabled: Some(why), ..self }
    }

    /// Shown but not typed into.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// What the browser may fill in.
    #[must_use]
    pub fn autocomplete(self, word: &'a str) -> Self {
        Self { autocomplete: Some(word), ..self }
    }

    /// Which keyboard a phone shows.
    #[must_use]
    pub fn input_mode(self, word: &'a str) -> Self {
        Self { input_mode: Some(word), ..self }
    }

    /// Smallest and largest.
    #[must_use]
    pub fn between(self, min: &'a str, max: &'a str) -> Self {
        Self { min: Some(min), max: Some(max), ..self }
    }

    /// Step of a number.
    #[must_use]
    pub fn step(self, step: &'a str) -> Self {
        Self { step: Some(step), ..self }
    }

    /// Most characters.
    #[must_use]
    pub fn max_length(self, characters: u32) -> Self {
        Self { max_length: Some(characters), ..self }
    }

    /// A unit or zone after the control.
    #[must_use]
    pub fn suffix(self, words: &'a str) -> Self {
        Self { suffix: Some(words), ..self }
    }

    /// Label for assistive tools only.
    #[must_use]
    pub fn label_hidden(self) -> Self {
        Self { label_hidden: true, ..self }
    }

    /// Where the cursor stands when the page opens. One a page.
    #[must_use]
    pub fn autofocus(self) -> Self {
        Self { autofocus: true, ..self }
    }

    /// The control's id: the given one, or `f-` and the name.
    #[must_use]
    pub fn control_id(&self) -> String {
        self.id.map_or_else(|| id_of(self.name), slug)
    }

    pub(crate) fn described_by(&self) -> Option<String> {
        let id = self.control_id();
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{id}-hint"));
        }
        if self.disabled.is_some() {
            ids.push(format!("{id}-why"));
        }
        if !self.errors.is_empty() {
            ids.push(format!("{id}-error"));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(crate) fn invalid(&self) -> Option<&'static str> {
        (!self.errors.is_empty()).then_some("true")
    }

    fn legend(&self) -> Markup {
        html! {
            (self.label)
            @if !self.required && self.disabled.is_none() && !self.read_only { span.optional { (words::OPTIONAL) } }
        }
    }

    fn notes_above(&self) -> Markup {
        let id = self.control_id();
        html! { @if let Some(hint) = self.hint { p.hint id={ (id) "-hint" } { (hint) } } }
    }

    fn notes_below(&self) -> Markup {
        let id = self.control_id();
        html! {
            @if let Some(why) = self.disabled { p.hint.why id={ (id) "-why" } { (icon::lock()) span { (why) } } }
            @if !self.errors.is_empty() {
                p.error id={ (id) "-error" } {
                    (icon::danger())
                    span { @for (at, message) in self.errors.iter().enumerate() { @if at > 0 { br; } (message) } }
                }
            }
        }
    }

    /// Label, hint, the control and its errors.
    pub(crate) fn around(&self, control: Markup) -> Markup {
        html! {
            div.field.invalid[!self.errors.is_empty()] {
                label.unseen[self.label_hidden] for=(self.control_id()) { (self.legend()) }
                (self.notes_above())
                @if let Some(suffix) = self.suffix {
                    div.with-suffix { (control) span.suffix { (suffix) } }
                } @else { (control) }
                (self.notes_below())
            }
        }
    }

    /// The same for a group of controls: a fieldset with a legend.
    pub(crate) fn around_group(&self, controls: Markup) -> Markup {
        html! {
            fieldset.field.group.invalid[!self.errors.is_empty()] id=(self.control_id()) tabindex=[(!self.errors.is_empty()).then_some("-1")]
                aria-describedby=[self.described_by()] {
                legend.unseen[self.label_hidden] { (self.legend()) }
                (self.notes_above())
                (controls)
                (self.notes_below())
            }
        }
    }
}

/// The id of a field by its name alone; the error summary links there.
pub(crate) fn id_of(name: &str) -> String {
    format!("f-{}", slug(name))
}

fn input(kind: &str, field: &Field<'_>) -> Markup {
    html! {
        input type=(kind) id=(field.control_id()) name=(field.name) value=(field.value)
            required[field.required] disabled[field.disabled.is_some()] readonly[field.read_only] autofocus[field.autofocus]
            autocomplete=[field.autocomplete] inputmode=[field.input_mode] min=[field.min] max=[field.max] step=[field.step]
            maxlength=[field.max_length] aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    }
}

/// One line of text.
#[must_use]
pub fn text(field: &Field<'_>) -> Markup {
    field.around(input("text", field))
}

/// An e-mail address. The server decides what is one; the browser only brings the right keyboard.
#[must_use]
pub fn email(field: &Field<'_>) -> Markup {
    field.around(input("email", &Field { autocomplete: field.autocomplete.or(Some("email")), ..*field }))
}

/// A telephone number.
#[must_use]
pub fn tel(field: &Field<'_>) -> Markup {
    field.around(input("tel", &Field { autocomplete: field.autocomplete.or(Some("tel")), ..*field }))
}

/// A password: may be pasted and, with scripts, shown. Say `current-password` or `new-password` with
/// [`Field::autocomplete`].
#[must_use]
pub fn password(field: &Field<'_>) -> Markup {
    let bare = Field { value: "", ..*field };
    field.around(html! {
        div.reveal {
            (input("password", &bare))
            button.btn.plain.square.scripted type="button" data-reveal=(field.control_id()) aria-pressed="false" aria-label="Show password" title="Show password" {
                (icon::eye()) (icon::eye_off())
            }
        }
    })
}

/// A number. Whole unless [`Field::step`] says otherwise; give the unit with [`Field::suffix`].
#[must_use]
pub fn number(field: &Field<'_>) -> Markup {
    field.around(input("number", field))
}

/// Several lines; grows with its text.
#[must_use]
pub fn text_area(field: &Field<'_>, rows: u8) -> Markup {
    field.around(html! {
        textarea id=(field.control_id()) name=(field.name) rows=(rows) required[field.required] disabled[field.disabled.is_some()]
            readonly[field.read_only] autofocus[field.autofocus] maxlength=[field.max_length]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()] {
            // The parser drops one line break right after the tag: give it one to drop.
            "\n" (field.value)
        }
    })
}

/// A calendar day; the value is `2026-11-23`.
#[must_use]
pub fn date(field: &Field<'_>) -> Markup {
    field.around(input("date", field))
}

/// A time of day; the value is `22:00`.
#[must_use]
pub fn time_of_day(field: &Field<'_>) -> Markup {
    field.around(input("time", field))
}

/// A local date and time; the value is `2026-11-23T22:00` and is meant in `zone`, which is shown beside it.
#[must_use]
pub fn date_time(field: &Field<'_>, zone: &str) -> Markup {
    let with_zone = Field { suffix: Some(zone), ..*field };
    with_zone.around(input("datetime-local", field))
}

/// A place to hand in files.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileField<'a> {
    /// Name, label, hint, errors.
    pub field: Field<'a>,
    /// What the browser offers, for example `image/*,application/pdf`. The server checks what it got.
    pub accept: &'a str,
    /// More than one file.
    pub multiple: bool,
    /// Open the camera of a phone at once.
    pub camera: bool,
    /// The largest file in bytes, said to the person and checked before sending.
    pub max_bytes: Option<u64>,
}

/// Files by choosing, dragging or photographing; lists them before they are sent and shows progress. Without
/// scripts it is the browser's own control. The form must be [`crate::Form::multipart`].
#[must_use]
pub fn file(file: &FileField<'_>) -> Markup {
    let field = &file.field;
    field.around(html! {
        div.drop data-drop {
            span.drop-words {
                @if file.camera { (icon::camera()) } @else { (icon::upload()) }
                span {
                    span.drop-choose { @if file.camera { "Take or choose " } @else { "Choose " } @if file.multiple { @if file.camera { "photos" } @else { "files" } } @else if file.camera { "a photo" } @else { "a file" } }
                    span.drop-drag { @if file.multiple { " or drop them here" } @else { " or drop it here" } }
                }
                @if let Some(most) = file.max_bytes { span.dim { "up to " (crate::panel::bytes(most)) @if file.multiple { " each" } } }
            }
            input type="file" id=(field.control_id()) name=(field.name) accept=[(!file.accept.is_empty()).then_some(file.accept)]
                multiple[file.multiple] capture=[file.camera.then_some("environment")] required[field.required]
                disabled[field.disabled.is_some()] data-max=[file.max_bytes]
                aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
        }
        ul.files data-files aria-live="polite" {}
    })
}
