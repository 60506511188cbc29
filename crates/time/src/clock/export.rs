//! Attendance as a CSV file, with exactly the fields that the asker sees.

use access::{FieldClass, Resource, Sight};
use kernel::Error;
use web::{Answer, Ctx};

use super::act::listing;
use super::model::EntryFilter;
use super::view::EntryOut;
use super::{EXPORT, VIEW};
use crate::week;

struct Column {
    title: &'static str,
    class: FieldClass,
    cell: fn(&EntryOut) -> String,
}

const fn column(title: &'static str, class: FieldClass, cell: fn(&EntryOut) -> String) -> Column {
    Column { title, class, cell }
}

fn yes(flag: Option<bool>) -> String {
    flag.map(|on| if on { "Yes" } else { "No" }.to_owned()).unwrap_or_default()
}

const COLUMNS: &[Column] = &[
    column("Site", FieldClass::Public, |e| e.site.clone()),
    column("Clocked in", FieldClass::Public, |e| week::exact(e.started_at, &e.zone)),
    column("Clocked out", FieldClass::Public, |e| {
        e.ended_at.map(|at| week::exact(at, &e.zone)).unwrap_or_default()
    }),
    column("Zone", FieldClass::Public, |e| e.zone.clone()),
    column("Break minutes", FieldClass::Public, |e| e.break_minutes.to_string()),
    column("Worked minutes", FieldClass::Public, |e| e.minutes.map(|m| m.to_string()).unwrap_or_default()),
    column("State", FieldClass::Public, |e| e.state.label().to_owned()),
    column("Late minutes", FieldClass::Operational, |e| {
        e.late_minutes.map(|m| m.to_string()).unwrap_or_default()
    }),
    column("Away from the site", FieldClass::Operational, |e| yes(e.outside)),
    column("Clocked out by hand", FieldClass::Operational, |e| yes(e.forced)),
    column("Corrected", FieldClass::Operational, |e| yes(e.corrected)),
    column("Note", FieldClass::Operational, |e| e.note.clone().unwrap_or_default()),
    column("Worker", FieldClass::People, |e| e.worker.clone().unwrap_or_default()),
];

pub(super) async fn csv(ctx: &Ctx, filter: &EntryFilter) -> Answer {
    ctx.require(VIEW)?;
    if !ctx.may(EXPORT) {
        return Err(Error::forbidden("none of your roles lets you export attendance").into());
    }
    let columns: Vec<&Column> =
        COLUMNS.iter().filter(|c| ctx.plan.sight(Resource::TimeEntry, c.class) != Sight::Never).collect();
    let titles: Vec<&str> = columns.iter().map(|c| c.title).collect();
    listing(ctx, VIEW, filter)?;
    let (ctx, filter) = (ctx.clone(), filter.clone());
    web::csv::download("attendance.csv", &titles, move |rows| async move {
        let mut left = Vec::new();
        let done = listing(&ctx, VIEW, &filter)?
            .within(EXPORT)
            .each(ctx.store(), |entry: EntryOut| {
                left.push(entry.id.uuid());
                rows.write(columns.iter().map(|c| (c.cell)(&entry)))
            })
            .await;
        ctx.exported(Resource::TimeEntry, &left);
        done
    })
    .await
}
