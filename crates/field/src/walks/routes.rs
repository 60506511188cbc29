//! The route table of walks and scans; each handler is one expression.

use kernel::Portal;
use kernel::id::{CheckpointReportId, TourId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::search::Finding;
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search};

use super::mail::NOTICES;
use super::model::{AnswerForm, EndForm, ReportFilter, ScanForm, StartForm};
use super::view::{ExceptionsOut, REPORTS, ReportOut, ReportWhole, ScannedOut};
use super::{READ, SCAN, WALK, act, end, exceptions, export, page, scan};
use crate::choices::refused;
use crate::tours;

pub(super) fn routes() -> Vec<Route> {
    let reports = [Door::Portal(Portal::Office), Door::Portal(Portal::Client), Door::Api];
    let office = [Door::Portal(Portal::Office), Door::Api];
    vec![
        Route::get("/checkpoint-reports", list)
            .only(&reports)
            .says("List walks of tours")
            .asks::<ReportFilter>()
            .gives::<Page<ReportOut>>()
            .found_by(Search {
                kind: "checkpoint_report",
                label: "Checkpoint reports",
                icon: ui::icon::report,
                find,
            }),
        Route::get("/checkpoint-reports/exceptions", odd)
            .only(&office)
            .says("Read the tour exception report")
            .asks::<ReportFilter>()
            .gives::<ExceptionsOut>(),
        Route::get("/checkpoint-reports/export", export_csv)
            .only(&reports)
            .says("Export walks of tours as CSV")
            .asks::<ReportFilter>()
            .gives_file("text/csv"),
        Route::get("/checkpoint-reports/{id}", show)
            .only(&READ)
            .says("Read a walk with its stops and scans")
            .gives::<ReportWhole>()
            .shows::<kind::CheckpointReport>(&REPORTS)
            .tells(&NOTICES)
            .kept(),
        Route::post("/checkpoint-reports/{id}/end", finish)
            .only(&WALK)
            .says("End one's own walk")
            .takes::<EndForm>()
            .gives::<ReportWhole>(),
        Route::post("/checkpoint-reports/{id}/answers", answer)
            .only(&WALK)
            .says("Answer a checkpoint's question after the scan")
            .takes::<AnswerForm>()
            .gives::<ReportWhole>(),
        Route::post("/checkpoint-reports/{id}/approve", approve)
            .only(&office)
            .says("Let the client side see a walk that waits for approval")
            .gives::<ReportWhole>(),
        Route::post("/tours/{id}/walks", start)
            .only(&WALK)
            .says("Begin a tour")
            .takes::<StartForm>()
            .gives::<ReportWhole>(),
        Route::get("/scan", ready).only(&[Door::Portal(Portal::Field)]).kept(),
        Route::post("/scans", take)
            .only(&WALK)
            .says("Scan a checkpoint, by its code or by being there")
            .takes::<ScanForm>()
            .gives::<ScannedOut>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = ReportFilter { q, limit: Some(web::search::ROWS), ..ReportFilter::default() };
        let found = act::list(&ctx, &filter).await?;
        Ok(found
            .items
            .iter()
            .map(|one| Hit {
                label: one.label(),
                hint: one.state.label().to_owned(),
                path: format!("/checkpoint-reports/{}", one.id),
            })
            .collect())
    })
}

async fn list(ctx: Ctx, Query(filter): Query<ReportFilter>) -> Answer {
    let reports = act::list(&ctx, &filter).await?;
    let sites = page::sites(&ctx).await?;
    ctx.show(&reports, |reports| page::list(&ctx, &filter, &sites, reports))
}

async fn odd(ctx: Ctx, Query(filter): Query<ReportFilter>) -> Answer {
    let report = exceptions::exceptions(&ctx, &filter).await?;
    let sites = page::sites(&ctx).await?;
    ctx.show(&report, |report| page::exceptions(&ctx, &filter, &sites, report))
}

async fn export_csv(ctx: Ctx, Query(filter): Query<ReportFilter>) -> Answer {
    export::csv(&ctx, &filter).await
}

async fn show(ctx: Ctx, Path(id): Path<CheckpointReportId>) -> Answer {
    let (report, facts) = act::whole(&ctx, id).await?;
    ctx.show(&report, |report| page::show(&ctx, report, &facts, &Complaints::default()))
}

async fn again(ctx: &Ctx, id: CheckpointReportId, error: kernel::Error) -> Answer {
    refused(ctx, error, async |wrong| {
        let (report, facts) = act::whole(ctx, id).await?;
        Ok(page::show(ctx, &report, &facts, wrong))
    })
    .await
}

async fn finish(ctx: Ctx, Path(id): Path<CheckpointReportId>, Input(form): Input<EndForm>) -> Answer {
    match end::end(&ctx, id, &form).await {
        Ok(done) => ctx.done(&done, &format!("/checkpoint-reports/{id}")),
        Err(error) => again(&ctx, id, error).await,
    }
}

async fn answer(ctx: Ctx, Path(id): Path<CheckpointReportId>, Input(form): Input<AnswerForm>) -> Answer {
    match end::answer(&ctx, id, &form).await {
        Ok(done) => ctx.done(&done, &format!("/checkpoint-reports/{id}")),
        Err(error) => again(&ctx, id, error).await,
    }
}

async fn approve(ctx: Ctx, Path(id): Path<CheckpointReportId>) -> Answer {
    let done = end::release(&ctx, id).await?;
    ctx.done(&done, &format!("/checkpoint-reports/{id}"))
}

async fn start(ctx: Ctx, Path(id): Path<TourId>, Input(form): Input<StartForm>) -> Answer {
    match scan::start(&ctx, id, &form).await {
        Ok(made) => {
            let (report, _) = act::whole(&ctx, made).await?;
            ctx.created(&report, &format!("/checkpoint-reports/{made}"))
        }
        Err(error) => {
            refused(&ctx, error, async |wrong| {
                let list = tours::due(&ctx).await?;
                Ok(tours::due_page(&ctx, &list, wrong))
            })
            .await
        }
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Read {
    code: String,
}

async fn ready(ctx: Ctx, Query(read): Query<Read>) -> Answer {
    ctx.require(SCAN)?;
    let form = ScanForm { code: read.code.as_str().into(), ..ScanForm::default() };
    let markup = page::ready(&ctx, &form, &Complaints::default()).await?;
    ctx.page_only(|| markup)
}

async fn take(ctx: Ctx, Input(form): Input<ScanForm>) -> Answer {
    match scan::scan(&ctx, &form).await {
        Ok(done) if done.result == "accepted" => {
            ctx.created(&done, &format!("/checkpoint-reports/{}", done.report.id))
        }
        Ok(done) => ctx.done(&done, &format!("/checkpoint-reports/{}", done.report.id)),
        Err(error) => refused(&ctx, error, async |wrong| page::ready(&ctx, &form, wrong).await).await,
    }
}
