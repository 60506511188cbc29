//! Choosing from a list: select, radios, segments, checkboxes, switches.

use maud::{Markup, html};

use crate::field::Field;
use crate::icon;

/// One thing to choose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice<'a> {
    /// What is sent.
    pub value: &'a str,
    /// What is read.
    pub label: &'a str,
    /// More words under the label (not in a select).
    pub hint: Option<&'a str>,
    /// Cannot be chosen; the sentence says why.
    pub disabled: Option<&'a str>,
    /// Heading this stands under, where a long list has groups.
    pub group: Option<&'a str>,
}

impl<'a> Choice<'a> {
    /// A value and its label.
    #[must_use]
    pub fn new(value: &'a str, label: &'a str) -> Self {
        Self { value, label, ..Self::default() }
    }

    /// More words.
    #[must_use]
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Cannot be chosen, and why.
    #[must_use]
    pub fn disabled(self, why: &'a str) -> Self {
        Self { disabled: Some(why), ..self }
    }

    /// Stands under this heading.
    #[must_use]
    pub fn group(self, heading: &'a str) -> Self {
        Self { group: Some(heading), ..self }
    }
}

/// Runs of choices with the same group, in the order given.
fn runs<'c, 'a>(choices: &'c [Choice<'a>]) -> impl Iterator<Item = &'c [Choice<'a>]> {
    choices.chunk_by(|one, next| one.group == next.group)
}

/// The browser's own list. `blank` is the words of an empty first choice.
#[must_use]
pub fn select(field: &Field<'_>, choices: &[Choice<'_>], blank: Option<&str>) -> Markup {
    let option = |choice: &Choice<'_>| {
        html! { option value=(choice.value) selected[choice.value == field.value] disabled[choice.disabled.is_some()] { (choice.label) } }
    };
    field.around(html! {
        div.select {
            select id=(field.control_id()) name=(field.name) required[field.required && blank.is_some()] disabled[field.disabled.is_some()]
                autofocus[field.autofocus] autocomplete=[field.autocomplete]
                aria-describedby=[field.described_by()] aria-invalid=[field.invalid()] {
                @if let Some(words) = blank { option value="" selected[field.value.is_empty()] { (words) } }
                @for run in runs(choices) {
                    @if let Some(heading) = run.first().and_then(|choice| choice.group) {
                        optgroup label=(heading) { @for choice in run { (option(choice)) } }
                    } @else { @for choice in run { (option(choice)) } }
                }
            }
            (icon::chevron_down())
        }
    })
}

/// One line of text with suggestions; any text may be sent.
#[must_use]
pub fn suggest(field: &Field<'_>, suggestions: &[&str]) -> Markup {
    let list = format!("{}-list", field.control_id());
    field.around(html! {
        input type="text" id=(field.control_id()) name=(field.name) value=(field.value) list=(list) autocomplete="off"
            required[field.required] disabled[field.disabled.is_some()] autofocus[field.autofocus] maxlength=[field.max_length]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
        datalist id=(list) { @for one in suggestions { option value=(one) {} } }
    })
}

fn line(field: &Field<'_>, kind: &str, at: usize, choice: &Choice<'_>, chosen: bool) -> Markup {
    let id = format!("{}-{at}", field.control_id());
    let why = choice.disabled.or(field.disabled);
    html! {
        div.choice.off[why.is_some()] {
            input type=(kind) id=(id) name=(field.name) value=(choice.value) checked[chosen] disabled[why.is_some()]
                required[field.required && kind == "radio"]
                aria-describedby=[(choice.hint.is_some() || choice.disabled.is_some()).then(|| format!("{id}-hint"))];
            div {
                label for=(id) { (choice.label) }
                @if let Some(words) = choice.disabled.or(choice.hint) { p.hint id={ (id) "-hint" } { (words) } }
            }
        }
    }
}

/// One of a few, all in sight.
#[must_use]
pub fn radios(field: &Field<'_>, choices: &[Choice<'_>]) -> Markup {
    field.around_group(html! {
        div.choices { @for (at, choice) in choices.iter().enumerate() { (line(field, "radio", at, choice, choice.value == field.value)) } }
    })
}

/// One of two to five short words, in one row.
#[must_use]
pub fn segmented(field: &Field<'_>, choices: &[Choice<'_>]) -> Markup {
    field.around_group(html! {
        div.segments {
            @for (at, choice) in choices.iter().enumerate() {
                @let id = format!("{}-{at}", field.control_id());
                input.unseen type="radio" id=(id) name=(field.name) value=(choice.value) checked[choice.value == field.value]
                    disabled[choice.disabled.is_some() || field.disabled.is_some()] required[field.required];
                label for=(id) { (choice.label) }
            }
        }
    })
}

/// Any number of a list.
#[must_use]
pub fn checkboxes(field: &Field<'_>, choices: &[Choice<'_>], chosen: &[&str]) -> Markup {
    field.around_group(boxes(field, choices, chosen))
}

/// Any number of a long list (sites, officers): with scripts a box above narrows it. Chosen ones come first.
#[must_use]
pub fn searchable(field: &Field<'_>, choices: &[Choice<'_>], chosen: &[&str]) -> Markup {
    let id = field.control_id();
    let (mut sorted, rest): (Vec<_>, Vec<_>) =
        choices.iter().copied().partition(|choice| chosen.contains(&choice.value));
    sorted.extend(rest);
    field.around_group(html! {
        div.searchable data-narrow {
            div.narrow.scripted {
                (icon::search())
                input type="search" id={ (id) "-find" } aria-label={ "Find in " (field.label) } placeholder="Find" autocomplete="off";
                span.dim.number role="status" data-narrow-count {}
            }
            (boxes(field, &sorted, chosen))
        }
    })
}

fn boxes(field: &Field<'_>, choices: &[Choice<'_>], chosen: &[&str]) -> Markup {
    let free = Field { required: false, ..*field };
    let numbered: Vec<_> = choices.iter().enumerate().collect();
    html! {
        div.choices {
            @for run in numbered.chunk_by(|(_, one), (_, next)| one.group == next.group) {
                @if let Some(heading) = run.first().and_then(|(_, choice)| choice.group) { p.choice-group { (heading) } }
                @for (at, choice) in run { (line(&free, "checkbox", *at, choice, chosen.contains(&choice.value))) }
            }
        }
    }
}

/// Yes or no, sent as `name=true` or not at all.
#[must_use]
pub fn checkbox(field: &Field<'_>, checked: bool) -> Markup {
    single(field, checked, false)
}

/// Yes or no that reads as a setting: on or off. Sent as `name=true` or not at all.
#[must_use]
pub fn switch(field: &Field<'_>, on: bool) -> Markup {
    single(field, on, true)
}

fn single(field: &Field<'_>, checked: bool, switch: bool) -> Markup {
    let id = field.control_id();
    html! {
        div.field.choice.off[field.disabled.is_some()].toggle[switch].invalid[!field.errors.is_empty()] {
            input type="checkbox" id=(id) name=(field.name) value="true" checked[checked] required[field.required]
                disabled[field.disabled.is_some()] role=[switch.then_some("switch")]
                aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
            div {
                label for=(id) { (field.label) }
                @if let Some(hint) = field.hint { p.hint id={ (id) "-hint" } { (hint) } }
                @if let Some(why) = field.disabled { p.hint.why id={ (id) "-why" } { (icon::lock()) span { (why) } } }
                @if !field.errors.is_empty() {
                    p.error id={ (id) "-error" } {
                        (icon::danger()) span { @for (at, message) in field.errors.iter().enumerate() { @if at > 0 { br; } (message) } }
                    }
                }
            }
        }
    }
}
