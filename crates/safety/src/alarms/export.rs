//! The log of alarms as a CSV file, with exactly the fields that the asker sees.

use access::{FieldClass, Resource, Sight};
use kernel::{Error, Timestamp};
use web::{Answer, Ctx};

use super::act::listing;
use super::model::AlarmFilter;
use super::view::AlarmOut;
use super::{EXPORT, VIEW};

struct Column {
    title: &'static str,
    class: FieldClass,
    cell: fn(&AlarmOut) -> String,
}

const fn column(title: &'static str, class: FieldClass, cell: fn(&AlarmOut) -> String) -> Column {
    Column { title, class, cell }
}

fn clock(at: Option<Timestamp>, zone: &str) -> String {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    at.map(|at| at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
}

fn said(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn degrees(value: Option<f64>) -> String {
    value.map(|v| format!("{v:.6}")).unwrap_or_default()
}

const COLUMNS: &[Column] = &[
    column("Site", FieldClass::Public, |a| a.site.clone()),
    column("Client", FieldClass::Operational, |a| said(a.client.as_ref())),
    column("Raised", FieldClass::Public, |a| clock(Some(a.raised_at), &a.zone)),
    column("Zone", FieldClass::Public, |a| a.zone.clone()),
    column("State", FieldClass::Public, |a| a.state.label().to_owned()),
    column("Caller", FieldClass::People, |a| said(a.caller.as_ref())),
    column("Telephone", FieldClass::People, |a| said(a.phone.as_ref())),
    column("Says", FieldClass::People, |a| said(a.word.as_ref())),
    column("Latitude", FieldClass::Location, |a| degrees(a.latitude)),
    column("Longitude", FieldClass::Location, |a| degrees(a.longitude)),
    column("Answered", FieldClass::Public, |a| clock(a.answered_at, &a.zone)),
    column("Answered by", FieldClass::Public, |a| said(a.answered_by.as_ref())),
    column("Closed", FieldClass::Public, |a| clock(a.closed_at, &a.zone)),
    column("Closed by", FieldClass::Operational, |a| said(a.closed_by.as_ref())),
    column("Closing note", FieldClass::Operational, |a| said(a.closing.as_ref())),
];

pub(super) async fn csv(ctx: &Ctx, filter: &AlarmFilter) -> Answer {
    ctx.require(VIEW)?;
    if !ctx.may(EXPORT) {
        return Err(Error::forbidden("none of your roles lets you export alarms").into());
    }
    let columns: Vec<&Column> =
        COLUMNS.iter().filter(|c| ctx.plan.sight(Resource::Sos, c.class) != Sight::Never).collect();
    let titles: Vec<&str> = columns.iter().map(|c| c.title).collect();
    listing(ctx, VIEW, filter)?;
    let (ctx, filter) = (ctx.clone(), filter.clone());
    web::csv::download("alarms.csv", &titles, move |rows| async move {
        let mut left = Vec::new();
        let done = listing(&ctx, VIEW, &filter)?
            .within(EXPORT)
            .each(ctx.store(), |alarm: AlarmOut| {
                left.push(alarm.id.uuid());
                rows.write(columns.iter().map(|c| (c.cell)(&alarm)))
            })
            .await;
        ctx.exported(Resource::Sos, &left);
        done
    })
    .await
}
