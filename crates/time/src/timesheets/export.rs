//! Timesheets as CSV and XLSX files, with exactly the fields that the asker sees.

use access::{FieldClass, Resource, Sight};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result, Timestamp};
use web::xlsx::Cell;
use web::{Answer, Ctx};

use super::act::listing;
use super::model::{Hours, SheetFilter};
use super::view::SheetOut;
use super::{EXPORT, VIEW};
use crate::week;

/// What a column holds of a line.
enum Value {
    Text(String),
    At(Option<Timestamp>),
    Whole(Option<i64>),
}

struct Column {
    title: &'static str,
    class: FieldClass,
    value: fn(&SheetOut) -> Value,
}

const fn column(title: &'static str, class: FieldClass, value: fn(&SheetOut) -> Value) -> Column {
    Column { title, class, value }
}

fn from(hours: Option<Hours>) -> Value {
    Value::At(hours.map(|h| h.starts_at))
}

fn until(hours: Option<Hours>) -> Value {
    Value::At(hours.map(|h| h.ends_at))
}

fn pause(hours: Option<Hours>) -> Value {
    Value::Whole(hours.map(|h| h.break_minutes))
}

fn minutes(hours: Option<Hours>) -> Value {
    Value::Whole(hours.map(|h| h.minutes))
}

fn said(text: Option<&String>) -> Value {
    Value::Text(text.cloned().unwrap_or_default())
}

const COLUMNS: &[Column] = &[
    column("Worker", FieldClass::People, |s| said(s.worker.as_ref())),
    column("Client", FieldClass::Operational, |s| said(s.client.as_ref())),
    column("Site", FieldClass::Public, |s| said(Some(&s.site))),
    column("Post", FieldClass::Public, |s| said(Some(&s.post))),
    column("Zone", FieldClass::Public, |s| said(Some(&s.zone))),
    column("Planned from", FieldClass::Operational, |s| from(s.planned)),
    column("Planned until", FieldClass::Operational, |s| until(s.planned)),
    column("Planned minutes", FieldClass::Operational, |s| minutes(s.planned)),
    column("Clocked from", FieldClass::Operational, |s| from(s.actual)),
    column("Clocked until", FieldClass::Operational, |s| until(s.actual)),
    column("Clocked minutes", FieldClass::Operational, |s| minutes(s.actual)),
    column("Paid from", FieldClass::Public, |s| from(s.paid)),
    column("Paid until", FieldClass::Public, |s| until(s.paid)),
    column("Break minutes", FieldClass::Public, |s| pause(s.paid)),
    column("Paid minutes", FieldClass::Public, |s| minutes(s.paid)),
    column("Paid as", FieldClass::Operational, |s| {
        Value::Text(s.basis.map(|b| b.label().to_owned()).unwrap_or_default())
    }),
    column("State", FieldClass::Public, |s| Value::Text(s.state.label().to_owned())),
    column("Note", FieldClass::Operational, |s| said(s.note.as_ref())),
    column("Client's answer", FieldClass::Public, |s| said(Some(&s.answer))),
    column("Decided by", FieldClass::People, |s| said(s.decided_by.as_ref())),
];

/// The columns that the asker sees; a refusal where they may not take anything away.
fn columns(ctx: &Ctx) -> Result<Vec<&'static Column>> {
    ctx.require(VIEW)?;
    if !ctx.may(EXPORT) {
        return Err(Error::forbidden("none of your roles lets you export timesheets"));
    }
    Ok(COLUMNS.iter().filter(|c| ctx.plan.sight(Resource::Timesheet, c.class) != Sight::Never).collect())
}

fn plain(value: Value, zone: &str) -> String {
    match value {
        Value::Text(text) => text,
        Value::At(at) => at.map(|at| week::exact(at, zone)).unwrap_or_default(),
        Value::Whole(number) => number.map(|n| n.to_string()).unwrap_or_default(),
    }
}

fn rich(value: Value, zone: &str) -> Cell {
    match value {
        Value::Text(text) => Cell::Text(text),
        Value::At(Some(at)) => Cell::At(week::zone(zone).to_datetime(at)),
        Value::Whole(Some(number)) => Cell::Whole(number),
        Value::At(None) | Value::Whole(None) => Cell::Empty,
    }
}

pub(super) async fn csv(ctx: &Ctx, filter: &SheetFilter) -> Answer {
    let columns = columns(ctx)?;
    let titles: Vec<&str> = columns.iter().map(|c| c.title).collect();
    listing(ctx, VIEW, filter)?;
    let (ctx, filter) = (ctx.clone(), filter.clone());
    web::csv::download("timesheets.csv", &titles, move |rows| async move {
        let mut left = Vec::new();
        let done = listing(&ctx, VIEW, &filter)?
            .within(EXPORT)
            .each(ctx.store(), |sheet: SheetOut| {
                left.push(sheet.id.uuid());
                rows.write(columns.iter().map(|c| plain((c.value)(&sheet), &sheet.zone)))
            })
            .await;
        ctx.exported(Resource::Timesheet, &left);
        done
    })
    .await
}

/// A workbook is made whole before it leaves, so it has an end; a longer list leaves as CSV.
const MOST: usize = 20_000;

pub(super) async fn xlsx(ctx: &Ctx, filter: &SheetFilter) -> Answer {
    let columns = columns(ctx)?;
    let titles: Vec<&'static str> = columns.iter().map(|c| c.title).collect();
    let (mut left, mut rows) = (Vec::new(), Vec::new());
    let mut cursor: Option<String> = None;
    loop {
        let page: Page<SheetOut> = listing(ctx, VIEW, filter)?
            .within(EXPORT)
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page(ctx.store())
            .await?;
        for sheet in &page.items {
            left.push(sheet.id.uuid());
            rows.push(columns.iter().map(|c| rich((c.value)(sheet), &sheet.zone)).collect());
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
        if rows.len() >= MOST {
            return Err(Error::BadRequest(format!(
                "these are more than {MOST} lines; choose a week, or export as CSV"
            ))
            .into());
        }
    }
    let answer = web::xlsx::download("timesheets.xlsx", "Timesheets", titles, rows).await;
    ctx.exported(Resource::Timesheet, &left);
    answer
}
