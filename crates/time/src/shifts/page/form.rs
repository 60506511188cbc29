//! The form of a shift.

use kernel::Result;
use maud::{Markup, html};
use ui::{
    Choice, Field, Form, Kind, button_link, buttons, date_time, form as ui_form, form_row, number, select,
    submit, text, text_area,
};
use web::reply::{Complaints, PageParts};
use web::{Answer, Ctx};

use super::super::CREATE;
use super::super::model::ShiftForm;
use super::super::view::ShiftOut;
use crate::{choices, week};

/// The form's values for a shift that is there.
pub(in crate::shifts) fn filled(shift: &ShiftOut) -> ShiftForm {
    let zone = week::zone(&shift.zone);
    let typed = |at| kernel::local::typed(at, &zone);
    let ((starts, starts_pass), (ends, ends_pass)) = (typed(shift.starts_at), typed(shift.ends_at));
    let pass = |p: Option<kernel::local::Pass>| p.map(kernel::local::Pass::word).unwrap_or_default().into();
    ShiftForm {
        site: shift.site_id.to_string().into(),
        worker: shift.worker_id.map(|id| id.to_string()).unwrap_or_default().into(),
        post: shift.post.clone().into(),
        starts_at: starts.into(),
        starts_pass: pass(starts_pass),
        ends_at: ends.into(),
        ends_pass: pass(ends_pass),
        break_minutes: shift.break_minutes.to_string().into(),
        note: shift.note.clone().unwrap_or_default().into(),
        version: shift.version.map(|v| v.to_string()).unwrap_or_default().into(),
    }
}

/// The form for one more like this, a day later.
pub(super) fn copy_path(shift: &ShiftOut) -> String {
    let form = filled(shift);
    let later = |text: &str| {
        text.parse::<jiff::civil::DateTime>()
            .ok()
            .and_then(|at| at.checked_add(jiff::Span::new().days(1)).ok())
            .map_or_else(|| text.to_owned(), |at| at.strftime("%Y-%m-%dT%H:%M").to_string())
    };
    let words = [
        ("site", form.site.0),
        ("worker", form.worker.0),
        ("post", form.post.0),
        ("starts_at", later(&form.starts_at.0)),
        ("ends_at", later(&form.ends_at.0)),
        ("break_minutes", form.break_minutes.0),
        ("note", form.note.0),
    ];
    let query: Vec<String> =
        words.iter().map(|(name, word)| format!("{name}={}", web::mount::encode(word))).collect();
    format!("/shifts/new?{}", query.join("&"))
}

pub(in crate::shifts) async fn page(
    ctx: &Ctx,
    shift: Option<&ShiftOut>,
    typed: &ShiftForm,
    wrong: &Complaints,
) -> Answer {
    let markup = markup(ctx, shift, typed, wrong).await?;
    ctx.page_only(|| markup)
}

pub(in crate::shifts) async fn again(
    ctx: &Ctx,
    shift: Option<&ShiftOut>,
    typed: &ShiftForm,
    error: kernel::Error,
) -> Answer {
    super::refused(ctx, error, async |wrong| markup(ctx, shift, typed, wrong).await).await
}

async fn markup(
    ctx: &Ctx,
    shift: Option<&ShiftOut>,
    typed: &ShiftForm,
    wrong: &Complaints,
) -> Result<Markup> {
    let (title, path) = match shift {
        Some(shift) => ("Edit shift", format!("/shifts/{}", shift.id)),
        None => ("Plan a shift", "/shifts".to_owned()),
    };
    let back = if shift.is_some() { path.clone() } else { "/shifts/week".to_owned() };
    let (sites, workers) = match shift {
        Some(_) => (Vec::new(), Vec::new()),
        None => (choices::sites(ctx, CREATE).await?, choices::workers(ctx).await?),
    };
    let site_ids: Vec<(String, String)> =
        sites.iter().map(|s| (s.id.to_string(), format!("{} ({})", s.name, s.zone))).collect();
    let worker_ids: Vec<(String, &str)> =
        workers.iter().map(|w| (w.id.to_string(), w.name.as_str())).collect();
    let site_choices: Vec<Choice<'_>> = site_ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let worker_choices: Vec<Choice<'_>> = worker_ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let zone = shift.map_or("on the site's clock", |s| s.zone.as_str());
    let passes = [Choice::new("first", "Before the clock was put back"), Choice::new("second", "After it")];
    let pass = |name: &'static str, label: &'static str, value: &web::Text| {
        html! {
            @if !value.is_blank() || !wrong.of(name).is_empty() {
                (select(&Field::new(name, label).value(value.as_str()).errors(&wrong.fields), &passes, Some("Choose")))
            }
        }
    };
    let body = html! {
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href(&path),
                hidden: &[("version", typed.version.as_str())],
                guard: true,
                errors: Some(&wrong.fields),
                labels: &[("starts_at", "Begins"), ("ends_at", "Ends"), ("worker", "Worker"), ("site", "Site")],
                ..Form::default()
            },
            html! {
                @if let Some(shift) = shift {
                    p { (shift.site) }
                    input type="hidden" name="site" value=(typed.site.as_str());
                } @else {
                    (select(&Field::new("site", "Site").value(typed.site.as_str()).required().errors(&wrong.fields), &site_choices, Some("Choose")))
                    (select(&Field::new("worker", "Worker").hint("Nobody leaves it open: once published, those who work there can ask for it.").value(typed.worker.as_str()).errors(&wrong.fields), &worker_choices, Some("Nobody: open")))
                }
                (text(&Field::new("post", "Post").hint("What is to be done there: Gate B, Patrol 2.").value(typed.post.as_str()).max_length(120).errors(&wrong.fields)))
                (form_row(html! {
                    (date_time(&Field::new("starts_at", "Begins").value(typed.starts_at.as_str()).required().errors(&wrong.fields), zone))
                    (pass("starts_pass", "Which of the two", &typed.starts_pass))
                    (date_time(&Field::new("ends_at", "Ends").value(typed.ends_at.as_str()).required().errors(&wrong.fields), zone))
                    (pass("ends_pass", "Which of the two", &typed.ends_pass))
                }))
                (number(&Field::new("break_minutes", "Unpaid break").value(typed.break_minutes.as_str()).suffix("minutes").between("0", "240").errors(&wrong.fields)))
                (text_area(&Field::new("note", "Note").hint("The worker reads it.").value(typed.note.as_str()).max_length(2000).errors(&wrong.fields), 3))
                (buttons(html! { (submit(Kind::Primary, "Save")) (button_link(Kind::Quiet, "Cancel", &ctx.href(&back), None)) }))
            },
        ))
    };
    Ok(ctx.page(PageParts::titled(title).crumb("Schedule", "/shifts/week"), body))
}
