//! The route table of areas; each handler is one expression.

use kernel::id::{AreaId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Path, Query, Route};

use super::model::{AreaFilter, AreaForm, AreaOut};
use super::query::AREAS;
use super::{act, page};
use crate::sites;

pub(super) fn routes() -> Vec<Route> {
    use kernel::Portal::Office;
    let doors = [Door::Portal(Office), Door::Api];
    let office = [Door::Portal(Office)];
    vec![
        Route::get("/areas", list)
            .only(&doors)
            .says("List areas")
            .asks::<AreaFilter>()
            .gives::<Page<AreaOut>>(),
        Route::post("/areas", create)
            .only(&doors)
            .says("Create an area")
            .takes::<AreaForm>()
            .gives::<AreaOut>(),
        Route::get("/areas/new", new).only(&office),
        Route::get("/areas/{id}", show)
            .only(&doors)
            .says("Read an area")
            .gives::<AreaOut>()
            .shows::<kind::Area>(&AREAS),
        Route::get("/areas/{id}/edit", change).only(&office),
        Route::post("/areas/{id}", edit).only(&office),
        Route::put("/areas/{id}", edit).says("Change an area").takes::<AreaForm>().gives::<AreaOut>(),
        Route::post("/areas/{id}/archive", archive).only(&doors).says("Archive an area").gives::<AreaOut>(),
        Route::post("/areas/{id}/restore", restore).only(&doors).says("Restore an area").gives::<AreaOut>(),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<AreaFilter>) -> Answer {
    let areas = act::list(&ctx, &filter).await?;
    ctx.show(&areas, |areas| page::list(&ctx, &filter, areas))
}

async fn show(ctx: Ctx, Path(id): Path<AreaId>) -> Answer {
    let (area, facts) = act::find(&ctx, id).await?;
    let inside = sites::some(&ctx, "area", id.uuid()).await?;
    ctx.show(&area, |area| page::show(&ctx, area, &facts, &inside))
}

async fn new(ctx: Ctx) -> Answer {
    ctx.require(super::CREATE)?;
    ctx.page_only(|| page::form(&ctx, None, &AreaForm::default(), &Complaints::default()))
}

async fn create(ctx: Ctx, Input(form): Input<AreaForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(area) => ctx.created(&area, &format!("/areas/{}", area.id)),
        Err(error) => ctx.again(error, |wrong| page::form(&ctx, None, &form, wrong)),
    }
}

async fn change(ctx: Ctx, Path(id): Path<AreaId>) -> Answer {
    let (area, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(super::EDIT, &facts)?;
    ctx.page_only(|| page::form(&ctx, Some(id), &page::filled(&area), &Complaints::default()))
}

async fn edit(ctx: Ctx, Path(id): Path<AreaId>, Input(form): Input<AreaForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(area) => ctx.done(&area, &format!("/areas/{id}")),
        Err(error) => ctx.again(error, |wrong| page::form(&ctx, Some(id), &form, wrong)),
    }
}

async fn archive(ctx: Ctx, Path(id): Path<AreaId>) -> Answer {
    let area = act::set_archived(&ctx, id, true).await?;
    ctx.done(&area, &format!("/areas/{id}"))
}

async fn restore(ctx: Ctx, Path(id): Path<AreaId>) -> Answer {
    let area = act::set_archived(&ctx, id, false).await?;
    ctx.done(&area, &format!("/areas/{id}"))
}
