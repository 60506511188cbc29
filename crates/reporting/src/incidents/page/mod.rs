//! Pages of incidents, from views alone.

pub(super) mod assignment;
pub(super) mod board;
pub(super) mod detail;
pub(super) mod form;
pub(super) mod list;
pub(super) mod publication;
pub(super) mod types;

use access::{FieldClass, Permission, Plan, Resource, Sight, Visibility};
use jiff::tz::TimeZone;
use kernel::Error;
use maud::{Markup, html};
use ui::{Form, Kind, Tone, form as ui_form, submit};
use web::notices::{MailedOut, MailedQuery};
use web::reply::PageParts;
use web::{Ctx, Door};

use super::VIEW;
use super::model::IncidentFilter;
use super::view::{IncidentOut, IncidentRow};
use super::words::Approval;

/// Who was mailed about an incident, and why.
pub(super) fn mails(ctx: &Ctx, incident: &IncidentOut, out: &MailedOut, asked: &MailedQuery) -> Markup {
    let path = format!("/incidents/{}", incident.id);
    let body = web::notices::mailed_page(ctx, out, asked, &format!("{path}/mails"));
    let parts = PageParts::titled("Who was mailed about this")
        .crumb("Incidents", "/incidents")
        .crumb(incident.row.label(), path);
    ctx.page(parts, body)
}

/// For answers that are never a page.
pub(super) fn nothing() -> Markup {
    html! {}
}

/// Does a form that is shown again help against this error? Not through the API, and not against what no form can
/// mend.
pub(super) fn mendable(ctx: &Ctx, error: &Error) -> bool {
    ctx.door != Door::Api
        && matches!(error, Error::Invalid(_) | Error::Conflict(_) | Error::BadRequest(_) | Error::Stale)
}

/// The site's clock; an unknown zone reads as UTC.
fn clock(row: &IncidentRow) -> TimeZone {
    super::times::zone(&row.zone).unwrap_or(TimeZone::UTC)
}

/// Does the asker see this class on every incident they see? Then lists have a column for it, and filters.
fn always(ctx: &Ctx, class: FieldClass) -> bool {
    ctx.plan.sight(Resource::Incident, class) == Sight::Always
}

/// May this be done to every incident that the plan shows? Then lists and boards offer it on each.
fn everywhere(plan: &Plan, permission: Permission) -> bool {
    let arms = plan.arms(permission);
    plan.arms(VIEW).iter().all(|seen| arms.iter().any(|arm| arm.absorbs(seen)))
}

/// What the client side sees of it, in a word; absent where the asker does not see that.
fn state(row: &IncidentRow) -> Option<(&'static str, Tone)> {
    Some(match row.visibility? {
        Visibility::Released => ("Published", Tone::Success),
        _ if row.approval == Some(Approval::No) => ("Awaiting approval", Tone::Warning),
        _ => ("Not published", Tone::Neutral),
    })
}

fn state_badge(row: &IncidentRow) -> Markup {
    match state(row) {
        Some((word, tone)) => ui::status(word, tone),
        None => html! {},
    }
}

/// The heading of an incident: the staff's line, or the type.
fn heading(row: &IncidentRow) -> &str {
    row.title.as_deref().unwrap_or(&row.kind)
}

/// A button that posts, with the version it is meant for.
fn verb(ctx: &Ctx, kind: Kind, label: &str, path: &str, fields: &[(&str, &str)]) -> Markup {
    ui_form(&Form { action: &ctx.href(path), hidden: fields, ..Form::default() }, submit(kind, label))
}

/// A filter as the pairs of a URL, without the cursor.
fn pairs(filter: &IncidentFilter) -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, String)> = Vec::new();
    let mut add = |name, value: &str| {
        if !value.is_empty() {
            all.push((name, value.to_owned()));
        }
    };
    add("q", &filter.q);
    for (name, values) in [
        ("status", &filter.status),
        ("severity", &filter.severity),
        ("kind", &filter.kind),
        ("site", &filter.site),
        ("client", &filter.client),
    ] {
        for value in values {
            add(name, value);
        }
    }
    add("assignee", &filter.assignee);
    add("lane", &filter.lane);
    add("published", &filter.published);
    add("from", &filter.from);
    add("until", &filter.until);
    add("order", &filter.order);
    if filter.archived {
        add("archived", "true");
    }
    all
}

/// A path with a query.
fn address(path: &str, pairs: &[(&'static str, String)]) -> String {
    let query: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", web::mount::encode(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}
