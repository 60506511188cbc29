//! What floats: dialogs and menus. Both are the browser's own (`dialog`, `popover`, invoker commands) and work
//! without scripts; a link to `#id` of a dialog opens it too.

use maud::{Markup, html};

use crate::button::{self, Kind};
use crate::field::{Field, text_area};
use crate::form::{Form, form};
use crate::icon::{self, Icon};
use crate::words;
use kernel::FieldErrors;

/// A dialog.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dialog<'a> {
    /// Its id, named by [`dialog_button`].
    pub id: &'a str,
    /// Heading.
    pub title: &'a str,
    /// Open when the page opens (after a refusal inside it).
    pub open: bool,
}

/// The button that opens a dialog.
#[must_use]
pub fn dialog_button(kind: Kind, label: &str, dialog_id: &str, icon: Option<Icon>) -> Markup {
    html! {
        button type="button" class=(kind.class()) commandfor=(dialog_id) command="show-modal" aria-haspopup="dialog" { (button::inside(label, icon)) }
    }
}

/// A dialog with a heading and a way out.
#[must_use]
pub fn dialog(dialog: &Dialog<'_>, body: Markup) -> Markup {
    html! {
        dialog.dialog id=(dialog.id) aria-labelledby={ (dialog.id) "-title" } closedby="any" data-open[dialog.open] open[dialog.open] {
            div.dialog-head {
                h2 id={ (dialog.id) "-title" } { (dialog.title) }
                form method="dialog" { button.btn.plain.square type="submit" aria-label=(words::CLOSE) title=(words::CLOSE) { (icon::x()) } }
            }
            div.dialog-body { (body) }
        }
    }
}

/// An act that needs a second thought, and perhaps a reason that is kept in the record's history.
#[derive(Clone, Copy, Debug, Default)]
pub struct Confirm<'a> {
    /// Id of the dialog; one a page.
    pub id: &'a str,
    /// Words on the button that opens it: "Unpublish".
    pub label: &'a str,
    /// Icon on that button.
    pub icon: Option<Icon>,
    /// Look of that button.
    pub kind: Kind,
    /// Heading: "Unpublish INC-1042?".
    pub title: &'a str,
    /// What will happen, in plain words.
    pub text: &'a str,
    /// Where it is sent.
    pub action: &'a str,
    /// Fields the person does not see.
    pub hidden: &'a [(&'a str, &'a str)],
    /// Label of the reason (sent as `reason`); absent where none is asked.
    pub reason: Option<&'a str>,
    /// The reason must be given.
    pub reason_required: bool,
    /// Words on the button that does it: "Unpublish".
    pub submit: &'a str,
    /// What was wrong the last time; the dialog is open then.
    pub errors: Option<&'a FieldErrors>,
    /// What was typed the last time.
    pub reason_value: &'a str,
    /// Where it is shown what would come of it, before it is done.
    pub look: Option<&'a str>,
}

/// The button and its dialog.
#[must_use]
pub fn confirm(confirm: &Confirm<'_>) -> Markup {
    let field_id = format!("{}-reason", confirm.id);
    let send = if confirm.kind == Kind::Danger { Kind::Danger } else { Kind::Primary };
    html! {
        (dialog_button(confirm.kind, confirm.label, confirm.id, confirm.icon))
        (dialog(&Dialog { id: confirm.id, title: confirm.title, open: confirm.errors.is_some_and(|errors| !errors.is_empty()) }, html! {
            (form(&Form { action: confirm.action, hidden: confirm.hidden, ..Form::default() }, html! {
                p { (confirm.text) }
                @if let Some(label) = confirm.reason {
                    @let field = Field { required: confirm.reason_required, ..Field::new("reason", label).id(&field_id).value(confirm.reason_value) };
                    (text_area(&confirm.errors.map_or(field, |errors| field.errors(errors)), 3))
                }
                div.actions.end {
                    (button::submit(send, confirm.submit))
                    @if let Some(href) = confirm.look { (button::look(href)) }
                    button.btn type="button" commandfor=(confirm.id) command="close" { "Cancel" }
                }
            }))
        }))
    }
}

/// One line of a menu.
#[derive(Clone, Copy, Debug, Default)]
pub struct MenuItem<'a> {
    /// What is read.
    pub label: &'a str,
    /// Where it leads, or where it is posted.
    pub href: &'a str,
    /// Its icon.
    pub icon: Option<Icon>,
    /// Changes something: sent as a POST form with these fields.
    pub post: Option<&'a [(&'a str, &'a str)]>,
    /// Takes something away.
    pub danger: bool,
    /// Cannot be done; the sentence says why.
    pub disabled: Option<&'a str>,
}

/// A button with a list of things to do or places to go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Menu<'a> {
    /// Id of the list; one a page.
    pub id: &'a str,
    /// Words on the button, or its spoken name when there are only dots.
    pub label: &'a str,
    /// Only three dots are shown.
    pub dots: bool,
    /// From top to bottom.
    pub items: &'a [MenuItem<'a>],
}

/// Renders [`Menu`].
#[must_use]
pub fn menu(menu: &Menu<'_>) -> Markup {
    html! {
        div.menu {
            @if menu.dots {
                button.btn.plain.square type="button" popovertarget=(menu.id) aria-label=(menu.label) title=(menu.label) { (icon::more()) }
            } @else {
                button.btn type="button" popovertarget=(menu.id) { span { (menu.label) } (icon::chevron_down()) }
            }
            div.menu-list id=(menu.id) popover {
                ul { @for item in menu.items { li { (menu_item(item)) } } }
            }
        }
    }
}

fn menu_item(item: &MenuItem<'_>) -> Markup {
    let inside = html! { @if let Some(icon) = item.icon { (icon) } span { (item.label) } };
    html! {
        @if let Some(why) = item.disabled {
            span.menu-line.off { @if let Some(icon) = item.icon { (icon) } span { (item.label) small { (why) } } }
        } @else if let Some(fields) = item.post {
            form action=(item.href) method="post" data-stay {
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                button.menu-line.danger[item.danger] type="submit" { (inside) }
            }
        } @else {
            a.menu-line.danger[item.danger] href=(item.href) { (inside) }
        }
    }
}
