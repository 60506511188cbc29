//! What happened to an incident: written with every change, shown by the rule of the record itself.

use std::fmt::Display;

use access::{Facts, FieldClass, Resource};
use kernel::Result;
use kernel::id::IncidentId;
use serde_json::{Value, json};
use store::Batch;
use web::Ctx;

use super::query;
use super::view::{ChangeOut, ChangedField, Detail};

/// Collects what differs.
#[derive(Debug, Default)]
pub(super) struct Diff(Vec<ChangedField>);

impl Diff {
    /// Notes a part if it is not what it was.
    pub(super) fn part(&mut self, field: &str, class: FieldClass, before: impl Display, after: impl Display) {
        let (before, after) = (before.to_string(), after.to_string());
        if before != after {
            self.0.push(ChangedField { field: field.to_owned(), class, before, after });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn detail(self, reason: &str) -> Detail {
        Detail { fields: self.0, reason: reason.trim().to_owned() }
    }
}

/// An absent value in words.
pub(super) fn or_nothing<T: Display>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// Writes a change into the incident's history and into the journal, in the batch that makes it. The journal gets
/// the words of the open parts only: who may read the journal may not therefore read notes and names.
pub(super) fn write(
    ctx: &Ctx,
    batch: &mut Batch,
    id: IncidentId,
    label: &str,
    action: &str,
    detail: &Detail,
) {
    query::note(
        batch,
        query::Change {
            organization: ctx.who.organization,
            incident: id,
            at: ctx.now(),
            membership: Some(ctx.who.membership),
            name: &ctx.who.name,
            role: &ctx.role_names(),
            action,
            detail: serde_json::to_string(detail).unwrap_or_default(),
        },
    );
    let changed: Vec<Value> = detail
        .fields
        .iter()
        .map(|field| {
            if matches!(field.class, FieldClass::Public | FieldClass::Operational) {
                json!({ "field": field.field, "before": field.before, "after": field.after })
            } else {
                json!({ "field": field.field })
            }
        })
        .collect();
    let words = json!({ "changed": changed, "reason": detail.reason });
    ctx.journal(batch, action, Resource::Incident, Some(id), label, &words);
}

/// The history of an incident that was found within the plan, newest first. Outsiders get none; a change of parts
/// that are all hidden from the asker is not told at all.
pub(super) async fn read(ctx: &Ctx, id: IncidentId, facts: &Facts) -> Result<Vec<ChangeOut>> {
    let shows = |class| ctx.plan.shows(Resource::Incident, class, facts);
    if !shows(FieldClass::Operational) {
        return Ok(Vec::new());
    }
    let people = shows(FieldClass::People);
    let rows = query::changes(ctx.store(), ctx.who.organization, id).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let touched = !row.detail.fields.is_empty();
            let fields: Vec<ChangedField> =
                row.detail.fields.into_iter().filter(|field| shows(field.class)).collect();
            if touched && fields.is_empty() {
                return None;
            }
            Some(ChangeOut {
                at: row.at,
                action: row.action,
                who: people.then_some(row.name),
                role: people.then_some(row.role),
                reason: row.detail.reason,
                fields,
            })
        })
        .collect())
}

/// An incident's facts at an instant of the past: its release is taken back change by change. Places, author and
/// assignee are those of now.
pub(super) fn past(
    store: store::Store,
    now: Facts,
    id: uuid::Uuid,
    at: kernel::Timestamp,
) -> web::route::Remembered {
    Box::pin(async move {
        let organization = kernel::id::OrganizationId::from_uuid(now.organization);
        let id = IncidentId::from_uuid(id);
        if query::reported_at(&store, organization, id).await?.is_none_or(|reported| reported > at) {
            return Ok(None);
        }
        let mut facts = now;
        for (changed, detail) in query::details(&store, organization, id).await? {
            if changed <= at {
                break;
            }
            let detail: Detail = serde_json::from_str(&detail).unwrap_or_default();
            for part in &detail.fields {
                match part.field.as_str() {
                    "visibility" => {
                        let before = part.before.parse::<access::Visibility>().ok();
                        facts.visibility = before.map(access::Visibility::number).or(facts.visibility);
                    }
                    "status" => {
                        facts.closed = Some(i64::from(part.before == super::words::Status::Closed.word()));
                    }
                    _ => {}
                }
            }
        }
        Ok(Some(facts))
    })
}
