//! Checkpoints as a CSV file. Codes are not in it: see the sheet.

use access::{FieldClass, Resource, Sight};
use kernel::Error;
use web::{Answer, Ctx};

use super::act::listing;
use super::model::{CheckpointFilter, CheckpointOut};
use super::{EXPORT, VIEW};

struct Column {
    title: &'static str,
    class: FieldClass,
    cell: fn(&CheckpointOut) -> String,
}

const fn column(title: &'static str, class: FieldClass, cell: fn(&CheckpointOut) -> String) -> Column {
    Column { title, class, cell }
}

fn degrees(value: Option<f64>) -> String {
    value.map(|degrees| format!("{degrees:.6}")).unwrap_or_default()
}

const COLUMNS: &[Column] = &[
    column("Site", FieldClass::Public, |c| c.site.clone()),
    column("Place", FieldClass::Public, |c| c.place.to_string()),
    column("Name", FieldClass::Public, |c| c.name.clone()),
    column("Instructions", FieldClass::Operational, |c| c.instructions.clone()),
    column("Question", FieldClass::Operational, |c| c.question.clone()),
    column("Latitude", FieldClass::Operational, |c| degrees(c.latitude)),
    column("Longitude", FieldClass::Operational, |c| degrees(c.longitude)),
    column("Radius in metres", FieldClass::Operational, |c| c.radius_m.to_string()),
];

pub(super) async fn csv(ctx: &Ctx, filter: &CheckpointFilter) -> Answer {
    ctx.require(VIEW)?;
    if !ctx.may(EXPORT) {
        return Err(Error::forbidden("none of your roles lets you export checkpoints").into());
    }
    let columns: Vec<&Column> =
        COLUMNS.iter().filter(|c| ctx.plan.sight(Resource::Checkpoint, c.class) != Sight::Never).collect();
    let titles: Vec<&str> = columns.iter().map(|c| c.title).collect();
    listing(ctx, VIEW, filter)?;
    let (ctx, filter) = (ctx.clone(), filter.clone());
    web::csv::download("checkpoints.csv", &titles, move |rows| async move {
        let mut left = Vec::new();
        let done = listing(&ctx, VIEW, &filter)?
            .within(EXPORT)
            .each(ctx.store(), |one: CheckpointOut| {
                left.push(one.id.uuid());
                rows.write(columns.iter().map(|c| (c.cell)(&one)))
            })
            .await;
        ctx.exported(Resource::Checkpoint, &left);
        done
    })
    .await
}
