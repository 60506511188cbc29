//! The route table of attendance; each handler is one expression.

use kernel::Portal;
use kernel::id::{TimeEntryId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::search::Finding;
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search};

use super::board::BoardOut;
use super::model::{CorrectionForm, EntryFilter, ForcedForm, PunchForm};
use super::view::{ENTRIES, EntryOut, EntryWhole, PunchedOut};
use super::{EDIT, OFFICE, STAFF, act, board, correct, export, page, punch};
use crate::shifts::setup::refused;

const PAGE: [Door; 1] = [Door::Portal(Portal::Office)];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/time", list)
            .only(&STAFF)
            .says("List attendance")
            .asks::<EntryFilter>()
            .gives::<Page<EntryOut>>()
            .found_by(Search { kind: "time_entry", label: "Attendance", icon: ui::icon::clock, find })
            .plants(super::plants::plant),
        Route::post("/time/punches", take)
            .only(&[Door::Portal(Portal::Field), Door::Api])
            .says("Clock in, begin or end a break, clock out")
            .takes::<PunchForm>()
            .gives::<PunchedOut>(),
        Route::get("/time/board", live)
            .only(&[Door::Portal(Portal::Office), Door::Portal(Portal::Client), Door::Api])
            .says("Read who is on duty now")
            .gives::<BoardOut>(),
        Route::get("/time/export", export_csv)
            .only(&OFFICE)
            .says("Export attendance as CSV")
            .asks::<EntryFilter>()
            .gives_file("text/csv"),
        Route::get("/time/{id}", show)
            .only(&STAFF)
            .says("Read an attendance with its punches and corrections")
            .gives::<EntryWhole>()
            .shows::<kind::TimeEntry>(&ENTRIES),
        Route::get("/time/{id}/edit", change).only(&PAGE),
        Route::post("/time/{id}", put_right).only(&PAGE),
        Route::put("/time/{id}", put_right)
            .says("Correct an attendance; what was there stays beside it")
            .takes::<CorrectionForm>()
            .gives::<EntryWhole>(),
        Route::post("/time/{id}/forced", force)
            .only(&OFFICE)
            .says("Clock somebody out who forgot")
            .takes::<ForcedForm>()
            .gives::<EntryWhole>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = EntryFilter { q, limit: Some(web::search::ROWS), ..EntryFilter::default() };
        let found = act::list(&ctx, &filter).await?;
        Ok(found
            .items
            .iter()
            .map(|entry| Hit {
                label: entry.label(),
                hint: entry.worker.clone().unwrap_or_default(),
                path: format!("/time/{}", entry.id),
            })
            .collect())
    })
}

async fn list(ctx: Ctx, Query(filter): Query<EntryFilter>) -> Answer {
    if ctx.door == Door::Portal(Portal::Field) {
        let markup = page::clock(&ctx, &PunchForm::default(), &Complaints::default()).await?;
        return ctx.page_only(|| markup);
    }
    let entries = act::list(&ctx, &filter).await?;
    ctx.show(&entries, |entries| page::list(&ctx, &filter, entries))
}

async fn take(ctx: Ctx, Input(form): Input<PunchForm>) -> Answer {
    match punch::punch(&ctx, &form).await {
        Ok(done) if done.result == "accepted" => ctx.created(&done, "/time"),
        Ok(done) => ctx.done(&done, "/time"),
        Err(error) => refused(&ctx, error, async |wrong| page::clock(&ctx, &form, wrong).await).await,
    }
}

async fn live(ctx: Ctx) -> Answer {
    let board = board::board(&ctx).await?;
    ctx.show(&board, |board| page::board(&ctx, board))
}

async fn export_csv(ctx: Ctx, Query(filter): Query<EntryFilter>) -> Answer {
    export::csv(&ctx, &filter).await
}

async fn show(ctx: Ctx, Path(id): Path<TimeEntryId>) -> Answer {
    let (entry, facts) = act::whole(&ctx, id).await?;
    ctx.show(&entry, |entry| page::show(&ctx, entry, &facts, &Complaints::default()))
}

async fn change(ctx: Ctx, Path(id): Path<TimeEntryId>) -> Answer {
    let (entry, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(EDIT, &facts)?;
    ctx.page_only(|| page::form(&ctx, &entry, &page::filled(&entry), &Complaints::default()))
}

async fn put_right(ctx: Ctx, Path(id): Path<TimeEntryId>, Input(form): Input<CorrectionForm>) -> Answer {
    match correct::correct(&ctx, id, &form).await {
        Ok(entry) => ctx.done(&entry, &format!("/time/{id}")),
        Err(error) => {
            let (entry, _) = act::find(&ctx, id).await?;
            ctx.again(error, |wrong| page::form(&ctx, &entry, &form, wrong))
        }
    }
}

async fn force(ctx: Ctx, Path(id): Path<TimeEntryId>, Input(form): Input<ForcedForm>) -> Answer {
    match correct::force(&ctx, id, &form).await {
        Ok(entry) => ctx.done(&entry, &format!("/time/{id}")),
        Err(error) => {
            let (entry, facts) = act::whole(&ctx, id).await?;
            ctx.again(error, |wrong| page::show(&ctx, &entry, &facts, wrong))
        }
    }
}
