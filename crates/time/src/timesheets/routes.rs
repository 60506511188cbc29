//! The route table of timesheets; each handler is one expression.

use kernel::Portal;
use kernel::id::{TimesheetId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::search::Finding;
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search};

use super::model::{DecisionForm, HoursForm, RevertForm, SheetFilter, WeekForm};
use super::view::{SHEETS, SheetOut, SheetWhole, WeekApproved};
use super::{DECIDING, EDIT, OFFICE, act, export, page, verbs};

const PAGE: [Door; 1] = [Door::Portal(Portal::Office)];
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/timesheets", list)
            .says("List timesheets")
            .asks::<SheetFilter>()
            .gives::<Page<SheetOut>>()
            .found_by(Search { kind: "timesheet", label: "Timesheets", icon: ui::icon::report, find }),
        Route::post("/timesheets/approval", approve_week)
            .only(&DECIDING)
            .says("Approve the hours of a week that wait")
            .takes::<WeekForm>()
            .gives::<WeekApproved>(),
        Route::get("/timesheets/export", export_csv)
            .only(&DECIDING)
            .says("Export timesheets as CSV")
            .asks::<SheetFilter>()
            .gives_file("text/csv"),
        Route::get("/timesheets/export.xlsx", export_xlsx)
            .only(&DECIDING)
            .says("Export timesheets as an Excel workbook")
            .asks::<SheetFilter>()
            .gives_file(XLSX),
        Route::get("/timesheets/{id}", show)
            .says("Read a timesheet with what was done to it")
            .gives::<SheetWhole>()
            .shows::<kind::Timesheet>(&SHEETS),
        Route::get("/timesheets/{id}/edit", change).only(&PAGE),
        Route::post("/timesheets/{id}", put).only(&PAGE),
        Route::put("/timesheets/{id}", put)
            .says("Put down other hours to be paid; what was there is kept")
            .takes::<HoursForm>()
            .gives::<SheetWhole>(),
        Route::post("/timesheets/{id}/reversion", revert)
            .only(&OFFICE)
            .says("Set the hours to be paid back to what was planned or clocked")
            .takes::<RevertForm>()
            .gives::<SheetWhole>(),
        Route::post("/timesheets/{id}/approval", approve)
            .only(&DECIDING)
            .says("Approve a timesheet")
            .takes::<DecisionForm>()
            .gives::<SheetWhole>(),
        Route::post("/timesheets/{id}/rejection", reject)
            .only(&DECIDING)
            .says("Reject a timesheet")
            .takes::<DecisionForm>()
            .gives::<SheetWhole>(),
        Route::post("/timesheets/{id}/reopening", reopen)
            .only(&OFFICE)
            .says("Take the decision on a timesheet back")
            .takes::<DecisionForm>()
            .gives::<SheetWhole>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = SheetFilter { q, limit: Some(web::search::ROWS), ..SheetFilter::default() };
        let found = act::list(&ctx, &filter).await?;
        Ok(found
            .items
            .iter()
            .map(|sheet| Hit {
                label: sheet.label(),
                hint: sheet.worker.clone().unwrap_or_default(),
                path: format!("/timesheets/{}", sheet.id),
            })
            .collect())
    })
}

async fn list(ctx: Ctx, Query(filter): Query<SheetFilter>) -> Answer {
    let sheets = act::list(&ctx, &filter).await?;
    let sums = if ctx.portal().is_some() { act::sums(&ctx, &filter).await? } else { None };
    ctx.show(&sheets, |sheets| page::list(&ctx, &filter, sheets, sums.as_ref()))
}

async fn approve_week(ctx: Ctx, Input(form): Input<WeekForm>) -> Answer {
    let done = verbs::approve_week(&ctx, &form).await?;
    ctx.done(&done, &page::week_path(&form))
}

async fn export_csv(ctx: Ctx, Query(filter): Query<SheetFilter>) -> Answer {
    export::csv(&ctx, &filter).await
}

async fn export_xlsx(ctx: Ctx, Query(filter): Query<SheetFilter>) -> Answer {
    export::xlsx(&ctx, &filter).await
}

async fn show(ctx: Ctx, Path(id): Path<TimesheetId>) -> Answer {
    let (sheet, facts) = act::whole(&ctx, id).await?;
    ctx.show(&sheet, |sheet| page::show(&ctx, sheet, &facts, &Complaints::default()))
}

async fn change(ctx: Ctx, Path(id): Path<TimesheetId>) -> Answer {
    let (sheet, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(EDIT, &facts)?;
    ctx.page_only(|| page::form(&ctx, &sheet, &page::filled(&sheet), &Complaints::default()))
}

async fn put(ctx: Ctx, Path(id): Path<TimesheetId>, Input(form): Input<HoursForm>) -> Answer {
    match verbs::put(&ctx, id, &form).await {
        Ok(sheet) => ctx.done(&sheet, &path(id)),
        Err(error) => {
            let (sheet, _) = act::find(&ctx, id).await?;
            ctx.again(error, |wrong| page::form(&ctx, &sheet, &form, wrong))
        }
    }
}

async fn revert(ctx: Ctx, Path(id): Path<TimesheetId>, Input(form): Input<RevertForm>) -> Answer {
    decided(&ctx, id, verbs::revert(&ctx, id, &form).await).await
}

async fn approve(ctx: Ctx, Path(id): Path<TimesheetId>, Input(form): Input<DecisionForm>) -> Answer {
    decided(&ctx, id, verbs::approve(&ctx, id, &form).await).await
}

async fn reject(ctx: Ctx, Path(id): Path<TimesheetId>, Input(form): Input<DecisionForm>) -> Answer {
    decided(&ctx, id, verbs::reject(&ctx, id, &form).await).await
}

async fn reopen(ctx: Ctx, Path(id): Path<TimesheetId>, Input(form): Input<DecisionForm>) -> Answer {
    decided(&ctx, id, verbs::reopen(&ctx, id, &form).await).await
}

fn path(id: TimesheetId) -> String {
    format!("/timesheets/{id}")
}

/// The line again: as it is now, or with what was wrong about what was asked.
async fn decided(ctx: &Ctx, id: TimesheetId, done: kernel::Result<SheetWhole>) -> Answer {
    match done {
        Ok(sheet) => ctx.done(&sheet, &path(id)),
        Err(error) => {
            let (sheet, facts) = act::whole(ctx, id).await?;
            ctx.again(error, |wrong| page::show(ctx, &sheet, &facts, wrong))
        }
    }
}
