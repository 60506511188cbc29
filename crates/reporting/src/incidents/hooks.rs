//! Where other capabilities of this area meet incidents: what they add to its page, and what they may do to its
//! history. Each gets the record as it was found within the asker's plan, with the facts further decisions need.

use access::{Facts, FieldClass, Permit, Resource};
use kernel::Result;
use kernel::id::IncidentId;
use maud::{Markup, html};
use store::Batch;
use web::Ctx;

use super::view::{ChangedField, Detail, IncidentOut};
use super::{act, history};

/// Sections below the story: photos and files.
pub(super) async fn sections(ctx: &Ctx, id: IncidentId, facts: &Facts) -> Result<Markup> {
    let files = crate::attachments::of(ctx, Resource::Incident, id.uuid(), facts).await?;
    let files = crate::attachments::section(ctx, Resource::Incident, id.uuid(), facts, &files);
    let readers = crate::readers::section(ctx, id, facts).await?;
    Ok(html! { (files) (readers) })
}

/// A link beside the state of publication: who can see this, and why?
pub(super) fn explain(ctx: &Ctx, id: IncidentId, facts: &Facts) -> Markup {
    html! {
        @if ctx.portal() == Some(kernel::Portal::Office) && ctx.plan.check(super::EXPLAIN, facts) {
            p { a href=(ctx.href(&format!("/access/{id}"))) { "Who can see this, and why" } }
        }
        @if ctx.portal() == Some(kernel::Portal::Office) && web::notices::may_ask(ctx, facts) {
            p { a href=(ctx.href(&format!("/incidents/{id}/mails"))) { "Who was mailed about this, and why" } }
        }
    }
}

/// The incident, and the permit to change it as its state allows.
///
/// # Errors
/// [`kernel::Error::NotFound`], a refusal with its reason, or a conflict with the state.
pub(crate) async fn changeable(ctx: &Ctx, id: IncidentId) -> Result<(IncidentOut, Facts, Permit)> {
    let (out, facts) = act::find(ctx, id).await?;
    let permit = act::may_edit(ctx, &out, &facts)?;
    Ok((out, facts, permit))
}

/// What the journal calls an incident.
pub(crate) fn label(incident: &IncidentOut) -> String {
    act::label(&incident.reference, &incident.kind)
}

/// Writes into the history what became of the incident's files: each with its class, before and after.
pub(crate) fn note_files(
    ctx: &Ctx,
    batch: &mut Batch,
    id: IncidentId,
    label: &str,
    action: &str,
    changes: &[(FieldClass, String, String)],
) {
    let fields = changes
        .iter()
        .map(|(class, before, after)| ChangedField {
            field: "file".into(),
            class: *class,
            before: before.clone(),
            after: after.clone(),
        })
        .collect();
    history::write(ctx, batch, id, label, action, &Detail { fields, reason: String::new() });
}
