//! Walks as a CSV file, with exactly the fields that the asker sees.

use access::{FieldClass, Resource, Sight};
use kernel::{Error, Timestamp};
use web::{Answer, Ctx};

use super::act::listing;
use super::model::ReportFilter;
use super::view::ReportOut;
use super::{EXPORT, VIEW};
use crate::rhythm;

struct Column {
    title: &'static str,
    class: FieldClass,
    cell: fn(&ReportOut) -> String,
}

const fn column(title: &'static str, class: FieldClass, cell: fn(&ReportOut) -> String) -> Column {
    Column { title, class, cell }
}

fn exact(at: Option<Timestamp>, zone: &str) -> String {
    at.map(|at| at.to_zoned(rhythm::zone(zone)).strftime("%Y-%m-%d %H:%M:%S%:z").to_string())
        .unwrap_or_default()
}

const COLUMNS: &[Column] = &[
    column("Site", FieldClass::Public, |r| r.site.clone()),
    column("Tour", FieldClass::Public, |r| r.tour.clone()),
    column("Due from", FieldClass::Public, |r| exact(r.due_from, &r.zone)),
    column("Due until", FieldClass::Public, |r| exact(r.due_until, &r.zone)),
    column("Began", FieldClass::Public, |r| exact(r.started_at, &r.zone)),
    column("Ended", FieldClass::Public, |r| exact(r.ended_at, &r.zone)),
    column("Zone", FieldClass::Public, |r| r.zone.clone()),
    column("State", FieldClass::Public, |r| r.state.label().to_owned()),
    column("Stops", FieldClass::Public, |r| r.stops.to_string()),
    column("Scanned", FieldClass::Public, |r| r.scanned.to_string()),
    column("Exceptions", FieldClass::Public, |r| {
        r.exceptions.iter().map(|one| one.label()).collect::<Vec<_>>().join(", ")
    }),
    column("Client", FieldClass::Operational, |r| r.client.clone().unwrap_or_default()),
    column("Released", FieldClass::Operational, |r| exact(r.released_at, &r.zone)),
    column("Note", FieldClass::Operational, |r| r.note.clone().unwrap_or_default()),
    column("Walked by", FieldClass::People, |r| r.walker.clone().unwrap_or_default()),
];

pub(super) async fn csv(ctx: &Ctx, filter: &ReportFilter) -> Answer {
    ctx.require(VIEW)?;
    if !ctx.may(EXPORT) {
        return Err(Error::forbidden("none of your roles lets you export checkpoint reports").into());
    }
    let columns: Vec<&Column> = COLUMNS
        .iter()
        .filter(|c| ctx.plan.sight(Resource::CheckpointReport, c.class) != Sight::Never)
        .collect();
    let titles: Vec<&str> = columns.iter().map(|c| c.title).collect();
    listing(ctx, VIEW, filter)?;
    let (ctx, filter) = (ctx.clone(), filter.clone());
    let name = if filter.exceptional { "tour-exceptions.csv" } else { "tour-tracking.csv" };
    web::csv::download(name, &titles, move |rows| async move {
        let mut left = Vec::new();
        let done = listing(&ctx, VIEW, &filter)?
            .within(EXPORT)
            .each(ctx.store(), |report: ReportOut| {
                left.push(report.id.uuid());
                rows.write(columns.iter().map(|c| (c.cell)(&report)))
            })
            .await;
        ctx.exported(Resource::CheckpointReport, &left);
        done
    })
    .await
}
