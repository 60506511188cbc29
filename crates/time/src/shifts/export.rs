//! Shifts as a CSV file: what the asker's list shows, with exactly the fields that they see.

use access::{FieldClass, Resource, Sight};
use kernel::Error;
use web::{Answer, Ctx};

use super::act::listing;
use super::model::ShiftFilter;
use super::view::ShiftOut;
use super::{EXPORT, VIEW};
use crate::week;

struct Column {
    title: &'static str,
    class: FieldClass,
    cell: fn(&ShiftOut) -> String,
}

const fn column(title: &'static str, class: FieldClass, cell: fn(&ShiftOut) -> String) -> Column {
    Column { title, class, cell }
}

const COLUMNS: &[Column] = &[
    column("Site", FieldClass::Public, |s| s.site.clone()),
    column("Post", FieldClass::Public, |s| s.post.clone()),
    column("Starts", FieldClass::Public, |s| week::exact(s.starts_at, &s.zone)),
    column("Ends", FieldClass::Public, |s| week::exact(s.ends_at, &s.zone)),
    column("Zone", FieldClass::Public, |s| s.zone.clone()),
    column("Minutes", FieldClass::Public, |s| s.minutes.to_string()),
    column("Break minutes", FieldClass::Public, |s| s.break_minutes.to_string()),
    column("Client", FieldClass::Operational, |s| s.client.clone().unwrap_or_default()),
    column("State", FieldClass::Operational, |s| s.state.map(|s| s.label().to_owned()).unwrap_or_default()),
    column("Note", FieldClass::Operational, |s| s.note.clone().unwrap_or_default()),
    column("Worker", FieldClass::People, |s| s.worker.clone().unwrap_or_default()),
    column("Planned by", FieldClass::People, |s| s.planned_by.clone().unwrap_or_default()),
];

pub(super) async fn csv(ctx: &Ctx, filter: &ShiftFilter) -> Answer {
    ctx.require(VIEW)?;
    if !ctx.may(EXPORT) {
        return Err(Error::forbidden("none of your roles lets you export shifts").into());
    }
    let columns: Vec<&Column> =
        COLUMNS.iter().filter(|c| ctx.plan.sight(Resource::Shift, c.class) != Sight::Never).collect();
    let titles: Vec<&str> = columns.iter().map(|c| c.title).collect();
    listing(ctx, VIEW, filter)?;
    let (ctx, filter) = (ctx.clone(), filter.clone());
    web::csv::download("shifts.csv", &titles, move |rows| async move {
        let mut left = Vec::new();
        let done = listing(&ctx, VIEW, &filter)?
            .within(EXPORT)
            .each(ctx.store(), |shift: ShiftOut| {
                left.push(shift.id.uuid());
                rows.write(columns.iter().map(|c| (c.cell)(&shift)))
            })
            .await;
        ctx.exported(Resource::Shift, &left);
        done
    })
    .await
}
