//! The list of types, for those who set the organization up.

use kernel::Error;
use maud::{Markup, html};
use ui::{Card, Field, Form, Kind, buttons, card, form as ui_form, submit, text};
use web::reply::{Complaints, PageParts};
use web::{Answer, Ctx, Door};

use super::super::SETTINGS;
use super::super::types::{self, TypeForm, TypeOut};
use super::verb;

pub(in super::super) fn page(ctx: &Ctx, all: &[TypeOut], typed: &TypeForm, wrong: &Complaints) -> Markup {
    let editable = ctx.may(SETTINGS) && ctx.door == Door::Portal(kernel::Portal::Office);
    let body = html! {
        (web::reply::complaint(wrong))
        p.dim { "An incident keeps the word it was filed under. Renaming or archiving a type changes what can be chosen from now on." }
        @if editable {
            (card(&Card { title: "Add a type", ..Card::default() }, ui_form(
                &Form { action: &ctx.href("/incidents/types"), errors: Some(&wrong.fields), ..Form::default() },
                html! {
                    (text(&Field::new("name", "Type").value(typed.name.as_str()).required().max_length(80).errors(&wrong.fields)))
                    (buttons(submit(Kind::Primary, "Add")))
                },
            )))
        }
        (card(&Card { title: "On the list", ..Card::default() }, lines(ctx, all, false, editable)))
        @if all.iter().any(|one| one.archived) {
            (card(&Card { title: "Archived", ..Card::default() }, lines(ctx, all, true, editable)))
        }
    };
    ctx.page(PageParts::titled("Types of incident").crumb("Incidents", "/incidents"), body)
}

fn lines(ctx: &Ctx, all: &[TypeOut], archived: bool, editable: bool) -> Markup {
    let lines: Vec<&TypeOut> = all.iter().filter(|one| one.archived == archived).collect();
    html! {
        @for one in lines {
            @let path = format!("/incidents/types/{}", one.id);
            @let version = one.version.to_string();
            @let field = format!("name-{}", one.id);
            @if editable && !archived {
                div.form-row {
                    (ui_form(
                        &Form { action: &ctx.href(&path), hidden: &[("version", &version)], ..Form::default() },
                        html! { div.actions {
                            (text(&Field::new("name", &format!("Name of {}", one.name)).id(&field).value(&one.name).required().max_length(80).label_hidden()))
                            (submit(Kind::Quiet, "Rename"))
                        } },
                    ))
                    (verb(ctx, Kind::Plain, "Archive", &format!("{path}/archive"), &[]))
                }
            } @else {
                div.actions {
                    span { (one.name) }
                    @if editable { (verb(ctx, Kind::Plain, "Restore", &format!("{path}/restore"), &[])) }
                }
            }
        }
    }
}

/// The list again, with what is wrong.
pub(in super::super) async fn again(ctx: &Ctx, typed: &TypeForm, error: Error) -> Answer {
    if !super::mendable(ctx, &error) {
        return Err(error.into());
    }
    let all = types::all(ctx).await?;
    ctx.again(error, |wrong| page(ctx, &all, typed, wrong))
}
