//! Copying a week or using a template: the form, then what would be made, then the button that makes it.

use kernel::{Error, Result};
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Field, Form, Kind, Row, Table, Tone, buttons, card, date, form as ui_form,
    form_row, select, status, submit, submit_named, table, text,
};
use web::reply::{Complaints, PageParts};
use web::{Answer, Ctx};

use super::super::CREATE;
use super::super::plan::{Fate, PlanForm, PlanOut, PlanRow};
use super::super::templates::{self, TemplateForm};
use crate::{choices, week};

pub(in crate::shifts) async fn page(
    ctx: &Ctx,
    form: &PlanForm,
    planned: Option<&PlanOut>,
    wrong: &Complaints,
) -> Answer {
    let markup = markup(ctx, form, planned, wrong, &TemplateForm::default(), &Complaints::default()).await?;
    ctx.page_only(|| markup)
}

pub(in crate::shifts) async fn again(ctx: &Ctx, form: &PlanForm, error: Error) -> Answer {
    super::refused(ctx, error, async |wrong| {
        markup(ctx, form, None, wrong, &TemplateForm::default(), &Complaints::default()).await
    })
    .await
}

pub(in crate::shifts) async fn again_template(ctx: &Ctx, typed: &TemplateForm, error: Error) -> Answer {
    super::refused(ctx, error, async |wrong| {
        markup(ctx, &PlanForm::default(), None, &Complaints::default(), typed, wrong).await
    })
    .await
}

async fn markup(
    ctx: &Ctx,
    form: &PlanForm,
    planned: Option<&PlanOut>,
    wrong: &Complaints,
    typed: &TemplateForm,
    wrong_template: &Complaints,
) -> Result<Markup> {
    let sites = choices::sites(ctx, CREATE).await?;
    let kept = templates::list(ctx).await?;
    let site_ids: Vec<(String, &str)> = sites.iter().map(|s| (s.id.to_string(), s.name.as_str())).collect();
    let site_choices: Vec<Choice<'_>> = site_ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let template_ids: Vec<(String, String)> = kept
        .items
        .iter()
        .map(|t| (t.id.to_string(), format!("{}, {} ({} shifts)", t.name, t.site, t.lines.len())))
        .collect();
    let template_choices: Vec<Choice<'_>> =
        template_ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let action = ctx.href("/shifts/plan");
    let body = html! {
        (web::reply::complaint(wrong))
        (card(&Card { title: "What is made", ..Card::default() }, ui_form(
            &Form {
                action: &action,
                errors: Some(&wrong.fields),
                labels: &[("from", "Week to copy"), ("to", "Week to make")],
                ..Form::default()
            },
            html! {
                (form_row(html! {
                    (date(&Field::new("from", "Week to copy").hint("Any day of it.").value(form.from.as_str()).errors(&wrong.fields)))
                    @if !template_choices.is_empty() {
                        (select(&Field::new("template", "or a template").value(form.template.as_str()).errors(&wrong.fields), &template_choices, Some("None")))
                    }
                }))
                (form_row(html! {
                    (date(&Field::new("to", "Week to make").hint("Any day of it.").value(form.to.as_str()).required().errors(&wrong.fields)))
                    (select(&Field::new("site", "Site").value(form.site.as_str()).errors(&wrong.fields), &site_choices, Some("All of that week")))
                }))
                (buttons(submit(Kind::Primary, "Look at what would be made")))
            },
        )))
        @if let Some(planned) = planned { (preview(&action, form, planned)) }
        (card(&Card { title: "Keep a week as a template", id: Some("template"), ..Card::default() }, html! {
            (web::reply::complaint(wrong_template))
            (ui_form(
                &Form { action: &ctx.href("/shifts/templates"), errors: Some(&wrong_template.fields), ..Form::default() },
                html! {
                    (text(&Field::new("name", "Name").value(typed.name.as_str()).required().errors(&wrong_template.fields)))
                    (form_row(html! {
                        (select(&Field::new("site", "Site").id("template-site").value(typed.site.as_str()).required().errors(&wrong_template.fields), &site_choices, Some("Choose")))
                        (date(&Field::new("week", "Week").hint("Any day of it.").value(typed.week.as_str()).required().errors(&wrong_template.fields)))
                    }))
                    (buttons(submit(Kind::Plain, "Keep")))
                },
            ))
            @for template in &kept.items {
                (ui_form(
                    &Form { action: &ctx.href(&format!("/shifts/templates/{}/archive", template.id)), ..Form::default() },
                    html! { (template.name) ", " (template.site) " " (submit(Kind::Quiet, "Archive")) },
                ))
            }
        }))
    };
    Ok(ctx.page(PageParts::titled("Copy a week").crumb("Schedule", "/shifts/week"), body))
}

fn fate(row: &PlanRow) -> Markup {
    match row.fate {
        Fate::Made => status("Draft", Tone::Success),
        Fate::MadeOpen => status("Draft, open", Tone::Warning),
        Fate::There => status("Left as it is", Tone::Neutral),
    }
}

fn preview(action: &str, form: &PlanForm, planned: &PlanOut) -> Markup {
    let rows: Vec<Row<'_>> = planned
        .rows
        .iter()
        .map(|row| Row {
            cells: vec![
                html! { (row.site) @if !row.post.is_empty() { ", " (row.post) } },
                ui::time_range(row.starts_at, Some(row.ends_at), &week::zone(&row.zone)),
                html! { (row.worker.as_deref().unwrap_or("Open")) },
                fate(row),
                html! { @for words in &row.says { div { (words) } } },
            ],
            muted: row.fate == Fate::There,
            ..Row::default()
        })
        .collect();
    let title = match planned.count {
        0 => "Nothing is left to make".to_owned(),
        1 => "One draft would be made".to_owned(),
        many => format!("{many} drafts would be made"),
    };
    html! {
        (card(&Card { title: &title, flush: true, ..Card::default() }, html! {
            @if !rows.is_empty() {
                (table(&Table {
                    caption: "What would be made",
                    columns: &[
                        Column::lead("Site"),
                        Column::new("When").line(),
                        Column::new("Worker"),
                        Column::new("What happens").plain(),
                        Column::new("Because").line(),
                    ],
                    rows: &rows,
                    ..Table::default()
                }))
            }
        }))
        @if planned.count > 0 {
            (ui_form(
                &Form {
                    action,
                    hidden: &[
                        ("from", form.from.as_str()),
                        ("template", form.template.as_str()),
                        ("to", form.to.as_str()),
                        ("site", form.site.as_str()),
                    ],
                    ..Form::default()
                },
                buttons(submit_named(Kind::Primary, "Make them", "make", "true")),
            ))
        }
    }
}
