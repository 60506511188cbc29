//! Giving an incident to somebody.

use access::Facts;
use kernel::id::IncidentId;
use kernel::{Error, Result};
use maud::{Markup, html};
use ui::{Choice, Field, Form, Kind, button_link, buttons, form as ui_form, radios, submit};
use web::reply::{Complaints, PageParts};
use web::{Answer, Ctx};

use super::super::model::AssignmentForm;
use super::super::verbs::{Candidate, candidates};
use super::super::view::IncidentOut;
use super::super::{ASSIGN, act};

/// What the page shows.
struct Parts {
    incident: IncidentOut,
    facts: Facts,
    people: Vec<Candidate>,
}

async fn parts(ctx: &Ctx, id: IncidentId) -> Result<Parts> {
    let (incident, facts) = act::find(ctx, id).await?;
    ctx.plan.permit(ASSIGN, &facts)?;
    let people = candidates(ctx, &facts).await?;
    Ok(Parts { incident, facts, people })
}

/// The page with everybody who could take it.
pub(in super::super) async fn page(ctx: &Ctx, id: IncidentId) -> Answer {
    let parts = parts(ctx, id).await?;
    ctx.page_only(|| render(ctx, &parts, None, &Complaints::default()))
}

/// The page again, with what is wrong.
pub(in super::super) async fn again(
    ctx: &Ctx,
    id: IncidentId,
    typed: &AssignmentForm,
    error: Error,
) -> Answer {
    if !super::mendable(ctx, &error) {
        return Err(error.into());
    }
    let parts = parts(ctx, id).await?;
    ctx.again(error, |wrong| render(ctx, &parts, Some(typed), wrong))
}

fn render(ctx: &Ctx, parts: &Parts, typed: Option<&AssignmentForm>, wrong: &Complaints) -> Markup {
    let Parts { incident, facts, people } = parts;
    let ids: Vec<String> = people.iter().map(|person| person.id.to_string()).collect();
    let now =
        facts.assignee.map(|who| kernel::id::MembershipId::from_uuid(who).to_string()).unwrap_or_default();
    let chosen = typed.map_or(now.as_str(), |form| form.assignee.as_str());
    let mut choices = vec![Choice::new("", "Nobody")];
    choices.extend(
        people.iter().zip(&ids).map(|(person, id)| Choice::new(id, &person.name).hint(&person.roles)),
    );
    let path = format!("/incidents/{}", incident.id);
    let version = typed
        .map(|form| form.version.to_string())
        .unwrap_or_else(|| incident.version.unwrap_or_default().to_string());
    let body = html! { (web::reply::complaint(wrong)) (ui_form(
        &Form {
            action: &ctx.href(&format!("{path}/assignment")),
            hidden: &[("version", &version)],
            errors: Some(&wrong.fields),
            ..Form::default()
        },
        html! {
            (radios(
                &Field::new("assignee", "Who has it to do")
                    .value(chosen)
                    .hint("Everybody of the staff who may open this incident once it is theirs.")
                    .required()
                    .errors(&wrong.fields),
                &choices,
            ))
            (buttons(html! { (submit(Kind::Primary, "Assign")) (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None)) }))
        },
    )) };
    let parts = PageParts::titled("Assign this incident")
        .crumb("Incidents", "/incidents")
        .crumb(incident.row.label(), path.clone());
    ctx.page(parts, body)
}
