//! The route table of checkpoints; each handler is one expression.

use kernel::Portal::Office;
use kernel::id::{CheckpointId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::search::Finding;
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search};

use super::model::{CheckpointFilter, CheckpointForm, CheckpointOut, SheetFilter, SheetOut};
use super::query::CHECKPOINTS;
use super::{CREATE, EDIT, OFFICE, act, export, page, sheet};

pub(super) fn routes() -> Vec<Route> {
    let office = [Door::Portal(Office)];
    vec![
        Route::get("/checkpoints", list)
            .only(&OFFICE)
            .says("List checkpoints")
            .asks::<CheckpointFilter>()
            .gives::<Page<CheckpointOut>>()
            .found_by(Search { kind: "checkpoint", label: "Checkpoints", icon: ui::icon::site, find }),
        Route::post("/checkpoints", create)
            .only(&OFFICE)
            .says("Create a checkpoint")
            .takes::<CheckpointForm>()
            .gives::<CheckpointOut>(),
        Route::get("/checkpoints/new", new).only(&office),
        Route::get("/checkpoints/export", export_csv)
            .only(&OFFICE)
            .says("Export checkpoints as CSV")
            .asks::<CheckpointFilter>()
            .gives_file("text/csv"),
        Route::get("/checkpoints/sheet", codes)
            .only(&OFFICE)
            .says("Read the codes of a site, to be put on the wall")
            .asks::<SheetFilter>()
            .gives::<SheetOut>(),
        Route::get("/checkpoints/{id}", show)
            .only(&OFFICE)
            .says("Read a checkpoint")
            .gives::<CheckpointOut>()
            .shows::<kind::Checkpoint>(&CHECKPOINTS),
        Route::get("/checkpoints/{id}/edit", change).only(&office),
        Route::post("/checkpoints/{id}", edit).only(&office),
        Route::put("/checkpoints/{id}", edit)
            .says("Change a checkpoint")
            .takes::<CheckpointForm>()
            .gives::<CheckpointOut>(),
        Route::post("/checkpoints/{id}/code", renew)
            .only(&OFFICE)
            .says("Give a checkpoint another code; those on the wall say nothing from then on")
            .gives::<CheckpointOut>(),
        Route::post("/checkpoints/{id}/archive", archive)
            .only(&OFFICE)
            .says("Archive a checkpoint")
            .gives::<CheckpointOut>(),
        Route::post("/checkpoints/{id}/restore", restore)
            .only(&OFFICE)
            .says("Restore a checkpoint")
            .gives::<CheckpointOut>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = CheckpointFilter { q, limit: Some(web::search::ROWS), ..CheckpointFilter::default() };
        let found = act::list(&ctx, &filter).await?;
        Ok(found
            .items
            .iter()
            .map(|one| Hit {
                label: one.name.clone(),
                hint: one.site.clone(),
                path: format!("/checkpoints/{}", one.id),
            })
            .collect())
    })
}

async fn list(ctx: Ctx, Query(filter): Query<CheckpointFilter>) -> Answer {
    let checkpoints = act::list(&ctx, &filter).await?;
    let sites = page::sites(&ctx).await?;
    ctx.show(&checkpoints, |checkpoints| page::list(&ctx, &filter, &sites, checkpoints))
}

async fn export_csv(ctx: Ctx, Query(filter): Query<CheckpointFilter>) -> Answer {
    export::csv(&ctx, &filter).await
}

async fn codes(ctx: Ctx, Query(filter): Query<SheetFilter>) -> Answer {
    let codes = sheet::sheet(&ctx, &filter).await?;
    ctx.show(&codes, |codes| sheet::page(&ctx, codes))
}

async fn show(ctx: Ctx, Path(id): Path<CheckpointId>) -> Answer {
    let (checkpoint, facts) = act::find(&ctx, id).await?;
    ctx.show(&checkpoint, |checkpoint| page::show(&ctx, checkpoint, &facts))
}

async fn new(ctx: Ctx, Query(asked): Query<SheetFilter>) -> Answer {
    ctx.require(CREATE)?;
    let form = CheckpointForm { site: asked.site.as_str().into(), ..CheckpointForm::default() };
    let markup = page::form(&ctx, None, &form, &Complaints::default()).await?;
    ctx.page_only(|| markup)
}

async fn create(ctx: Ctx, Input(form): Input<CheckpointForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(made) => ctx.created(&made, &format!("/checkpoints/{}", made.id)),
        Err(error) => {
            crate::choices::refused(&ctx, error, async |wrong| page::form(&ctx, None, &form, wrong).await)
                .await
        }
    }
}

async fn change(ctx: Ctx, Path(id): Path<CheckpointId>) -> Answer {
    let (checkpoint, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(EDIT, &facts)?;
    let markup = page::form(&ctx, Some(id), &page::filled(&checkpoint), &Complaints::default()).await?;
    ctx.page_only(|| markup)
}

async fn edit(ctx: Ctx, Path(id): Path<CheckpointId>, Input(form): Input<CheckpointForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(done) => ctx.done(&done, &format!("/checkpoints/{id}")),
        Err(error) => {
            crate::choices::refused(&ctx, error, async |wrong| page::form(&ctx, Some(id), &form, wrong).await)
                .await
        }
    }
}

async fn renew(ctx: Ctx, Path(id): Path<CheckpointId>) -> Answer {
    let done = act::renew(&ctx, id).await?;
    ctx.done(&done, &format!("/checkpoints/{id}"))
}

async fn archive(ctx: Ctx, Path(id): Path<CheckpointId>) -> Answer {
    let done = act::set_archived(&ctx, id, true).await?;
    ctx.done(&done, &format!("/checkpoints/{id}"))
}

async fn restore(ctx: Ctx, Path(id): Path<CheckpointId>) -> Answer {
    let done = act::set_archived(&ctx, id, false).await?;
    ctx.done(&done, &format!("/checkpoints/{id}"))
}
