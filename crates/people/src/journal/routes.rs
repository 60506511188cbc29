//! The route table of the journal; each handler is one expression.

use kernel::Portal::Office;
use kernel::page::Page;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Query, Route};

use super::model::{KeepingOut, LineFilter, LineOut, RetentionForm, VerificationOut};
use super::{act, export, keeping, page};

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Office), Door::Api];
    vec![
        Route::get("/journal", list)
            .only(&doors)
            .says("Read the journal")
            .asks::<LineFilter>()
            .gives::<Page<LineOut>>(),
        Route::get("/journal/rights", rights)
            .only(&doors)
            .says("Read who changed what somebody may do")
            .asks::<LineFilter>()
            .gives::<Page<LineOut>>(),
        Route::get("/journal/export", export_all)
            .only(&doors)
            .says("Export the journal as CSV or JSON lines")
            .asks::<LineFilter>()
            .gives_file("text/csv"),
        Route::get("/journal/rights/export", export_rights)
            .only(&doors)
            .says("Export who changed what somebody may do, as CSV or JSON lines")
            .asks::<LineFilter>()
            .gives_file("text/csv"),
        Route::get("/journal/keeping", show_keeping)
            .only(&doors)
            .says("Read how long the journal is kept")
            .gives::<KeepingOut>(),
        Route::post("/journal/retention", set_retention)
            .only(&doors)
            .says("Set how long the journal is kept")
            .takes::<RetentionForm>()
            .gives::<KeepingOut>(),
        Route::post("/journal/verification", verify)
            .only(&doors)
            .says("Check that no line of the journal was changed, added or removed")
            .gives::<VerificationOut>(),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<LineFilter>) -> Answer {
    let lines = act::list(&ctx, &filter, false).await?;
    ctx.show(&lines, |lines| page::list(&ctx, &filter, false, lines))
}

async fn rights(ctx: Ctx, Query(filter): Query<LineFilter>) -> Answer {
    let lines = act::list(&ctx, &filter, true).await?;
    ctx.show(&lines, |lines| page::list(&ctx, &filter, true, lines))
}

async fn export_all(ctx: Ctx, Query(filter): Query<LineFilter>) -> Answer {
    export::file(&ctx, &filter, false).await
}

async fn export_rights(ctx: Ctx, Query(filter): Query<LineFilter>) -> Answer {
    export::file(&ctx, &filter, true).await
}

async fn show_keeping(ctx: Ctx) -> Answer {
    let kept = keeping::show(&ctx).await?;
    ctx.show(&kept, |kept| page::keeping(&ctx, kept, None, &page::filled(kept), &Complaints::default()))
}

async fn set_retention(ctx: Ctx, Input(form): Input<RetentionForm>) -> Answer {
    match keeping::set_retention(&ctx, &form).await {
        Ok(kept) => ctx.done(&kept, "/journal/keeping"),
        Err(error) => {
            let kept = keeping::show(&ctx).await?;
            ctx.again(error, |wrong| page::keeping(&ctx, &kept, None, &form, wrong))
        }
    }
}

async fn verify(ctx: Ctx) -> Answer {
    let found = keeping::verify(&ctx).await?;
    let kept = keeping::show(&ctx).await?;
    ctx.show(&found, |found| {
        page::keeping(&ctx, &kept, Some(found), &page::filled(&kept), &Complaints::default())
    })
}
