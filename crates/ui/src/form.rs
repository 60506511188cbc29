//! The form around the fields.

use kernel::FieldErrors;
use maud::{Markup, html};

use crate::field::id_of;
use crate::icon;
use crate::words;

/// How the form is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Asks; the fields go into the URL.
    Get,
    /// Changes something.
    #[default]
    Post,
}

/// A form that in the field portal is kept on the phone first and sent then. Its handler must do the act once, however
/// often it is sent: see `Ctx::commit_new`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Queue<'a> {
    /// What the act is called where it waits: "Incident report".
    pub what: &'a str,
    /// The field that says when it happened, filled with the phone's time where it is left empty.
    pub now: Option<&'a str>,
}

/// Where a form goes and how it behaves.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// Where it is sent.
    pub action: &'a str,
    /// Ask or change.
    pub method: Method,
    /// An anchor of its own; needed where a page has two forms that stay.
    pub id: Option<&'a str>,
    /// Fields the person does not see, such as the version being edited.
    pub hidden: &'a [(&'a str, &'a str)],
    /// Carries files.
    pub multipart: bool,
    /// With scripts a refusal is shown in place, without leaving the page. On by default for POST.
    pub stay: bool,
    /// Asks before leaving with unsaved words.
    pub guard: bool,
    /// May wait on a phone for a signal.
    pub queue: Option<Queue<'a>>,
    /// What was wrong; makes the summary on top, which takes the focus.
    pub errors: Option<&'a FieldErrors>,
    /// Labels by field name for the summary; a name without one is spelled out ("occurred_at" reads "Occurred at").
    pub labels: &'a [(&'a str, &'a str)],
}

impl Default for Form<'_> {
    fn default() -> Self {
        Self {
            action: "",
            method: Method::Post,
            id: None,
            hidden: &[],
            multipart: false,
            stay: true,
            guard: false,
            queue: None,
            errors: None,
            labels: &[],
        }
    }
}

/// A form. The body holds fields and, last, `buttons(submit(…))`.
#[must_use]
pub fn form(form: &Form<'_>, body: Markup) -> Markup {
    let post = form.method == Method::Post;
    html! {
        form.form action=(form.action) method=(if post { "post" } else { "get" }) id=[form.id]
            enctype=[form.multipart.then_some("multipart/form-data")] data-stay[post && form.stay] data-guard[form.guard] data-queue=[form.queue.map(|queue| queue.what)]
            data-now=[form.queue.and_then(|queue| queue.now)] {
            @for (name, value) in form.hidden { input type="hidden" name=(name) value=(value); }
            @if let Some(errors) = form.errors.filter(|errors| !errors.is_empty()) { (summary(errors, form.labels)) }
            (body)
        }
    }
}

fn summary(errors: &FieldErrors, labels: &[(&str, &str)]) -> Markup {
    html! {
        div.alert.danger.summary role="alert" tabindex="-1" data-summary autofocus {
            (icon::danger())
            div {
                p.alert-title { (words::PROBLEM) }
                ul {
                    @for (field, messages) in errors.iter() { @for message in messages {
                        li { @if field.is_empty() { (message) } @else {
                            a href={ "#" (id_of(field)) } { (spelled(field, labels)) ": " (message) }
                        } }
                    } }
                }
            }
        }
    }
}

fn spelled(field: &str, labels: &[(&str, &str)]) -> String {
    if let Some((_, label)) = labels.iter().find(|(name, _)| *name == field) {
        return (*label).to_owned();
    }
    let words = field.replace(['_', '.', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Fields that belong together under a heading.
#[must_use]
pub fn fieldset(legend: &str, hint: Option<&str>, body: Markup) -> Markup {
    html! {
        fieldset.fieldset { legend { (legend) } @if let Some(hint) = hint { p.hint { (hint) } } div.stack { (body) } }
    }
}

/// Fields side by side where there is room.
#[must_use]
pub fn form_row(fields: Markup) -> Markup {
    html! { div.form-row { (fields) } }
}
