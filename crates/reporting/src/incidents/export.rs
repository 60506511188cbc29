//! Incidents as a CSV file: what the asker's list shows, all of it, with exactly the fields that they see.

use access::{FieldClass, Resource, Sight};
use kernel::{Error, Timestamp};
use web::{Answer, Ctx};

use super::listing::listing;
use super::model::IncidentFilter;
use super::view::IncidentRow;
use super::{EXPORT, VIEW, times};

/// A column of the file: its heading, its class, and its words.
struct Column {
    title: &'static str,
    class: FieldClass,
    cell: fn(&IncidentRow) -> String,
}

const fn column(title: &'static str, class: FieldClass, cell: fn(&IncidentRow) -> String) -> Column {
    Column { title, class, cell }
}

fn local(at: Option<Timestamp>, row: &IncidentRow) -> String {
    match (at, times::zone(&row.zone)) {
        (Some(at), Ok(zone)) => at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S%:z").to_string(),
        (Some(at), Err(_)) => at.to_string(),
        (None, _) => String::new(),
    }
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

const COLUMNS: &[Column] = &[
    column("Number", FieldClass::Operational, |row| row.number.map(|n| n.to_string()).unwrap_or_default()),
    column("Reference", FieldClass::Public, |row| row.reference.clone()),
    column("Type", FieldClass::Public, |row| row.kind.clone()),
    column("Severity", FieldClass::Public, |row| row.severity.label().to_owned()),
    column("Status", FieldClass::Public, |row| row.status.label().to_owned()),
    column("Occurred", FieldClass::Public, |row| local(Some(row.occurred_at), row)),
    column("Ended", FieldClass::Public, |row| local(row.ended_at, row)),
    column("Zone", FieldClass::Public, |row| row.zone.clone()),
    column("Site", FieldClass::Public, |row| row.site.clone()),
    column("Public details", FieldClass::Public, |row| row.public_details.clone()),
    column("Published", FieldClass::Public, |row| local(row.released_at, row)),
    column("Client", FieldClass::Operational, |row| text(row.client.as_ref())),
    column("Title", FieldClass::Operational, |row| text(row.title.as_ref())),
    column("Source", FieldClass::Operational, |row| {
        row.source.map(|s| s.label().to_owned()).unwrap_or_default()
    }),
    column("Escalated", FieldClass::Operational, |row| match row.escalated {
        Some(true) => "Yes".to_owned(),
        Some(false) => "No".to_owned(),
        None => String::new(),
    }),
    column("Approved", FieldClass::Operational, |row| {
        row.approval.map(|a| a.label().to_owned()).unwrap_or_default()
    }),
    column("Reported by", FieldClass::People, |row| text(row.author.as_ref())),
    column("Assigned to", FieldClass::People, |row| text(row.assignee.as_ref())),
];

/// Streams the file. A column that the asker never sees is not in it; a class that shows on some records only
/// leaves its cells empty on the others, as in the list.
pub(super) async fn csv(ctx: &Ctx, filter: &IncidentFilter) -> Answer {
    ctx.require(VIEW)?;
    if !ctx.may(EXPORT) {
        return Err(Error::forbidden("none of your roles lets you export incidents").into());
    }
    let columns: Vec<&Column> = COLUMNS
        .iter()
        .filter(|column| ctx.plan.sight(Resource::Incident, column.class) != Sight::Never)
        .collect();
    let titles: Vec<&str> = columns.iter().map(|column| column.title).collect();
    // The question is put together before the first byte leaves, so that a wrong filter is an error page.
    listing(ctx, VIEW, filter)?;
    let (ctx, filter) = (ctx.clone(), filter.clone());
    web::csv::download("incidents.csv", &titles, move |rows| async move {
        let mut left = Vec::new();
        let done = listing(&ctx, VIEW, &filter)?
            .within(EXPORT)
            .each(ctx.store(), |row: IncidentRow| {
                left.push(row.id.uuid());
                rows.write(columns.iter().map(|column| (column.cell)(&row)))
            })
            .await;
        // What was written may have been read, even if the file broke off.
        ctx.exported(Resource::Incident, &left);
        done
    })
    .await
}
