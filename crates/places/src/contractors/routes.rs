//! The route table of contractors; each handler is one expression.

use kernel::Portal::{Client, Office};
use kernel::id::ContractorId;
use kernel::page::Page;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Path, Query, Route};

use super::model::{ContractorFilter, ContractorForm, ContractorOut};
use super::{act, page};
use crate::pickers;

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Office), Door::Portal(Client), Door::Api];
    let pages = [Door::Portal(Office), Door::Portal(Client)];
    vec![
        Route::get("/contractors", list)
            .plants(super::plants::plant)
            .only(&doors)
            .says("List contractors")
            .asks::<ContractorFilter>()
            .gives::<Page<ContractorOut>>(),
        Route::post("/contractors", create)
            .only(&doors)
            .says("Add a contractor: a guest of a client, or a subcontractor")
            .takes::<ContractorForm>()
            .gives::<ContractorOut>(),
        Route::get("/contractors/new", new).only(&pages),
        Route::get("/contractors/{id}", show).only(&doors).says("Read a contractor").gives::<ContractorOut>(),
        Route::get("/contractors/{id}/edit", change).only(&pages),
        Route::post("/contractors/{id}", edit).only(&pages),
        Route::put("/contractors/{id}", edit)
            .says("Change a contractor")
            .takes::<ContractorForm>()
            .gives::<ContractorOut>(),
        Route::post("/contractors/{id}/archive", archive)
            .only(&doors)
            .says("Archive a contractor with its team")
            .gives::<ContractorOut>(),
        Route::post("/contractors/{id}/restore", restore)
            .only(&doors)
            .says("Restore a contractor with its team")
            .gives::<ContractorOut>(),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<ContractorFilter>) -> Answer {
    let contractors = act::list(&ctx, &filter).await?;
    ctx.show(&contractors, |contractors| page::list(&ctx, &filter, contractors))
}

async fn show(ctx: Ctx, Path(id): Path<ContractorId>) -> Answer {
    let (contractor, facts) = act::find(&ctx, id).await?;
    ctx.show(&contractor, |contractor| page::show(&ctx, contractor, &facts))
}

async fn new(ctx: Ctx) -> Answer {
    ctx.require(super::CREATE)?;
    let clients = pickers::clients(&ctx).await?;
    ctx.page_only(|| page::form(&ctx, None, &clients, &ContractorForm::default(), &Complaints::default()))
}

async fn create(ctx: Ctx, Input(form): Input<ContractorForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(contractor) => ctx.created(&contractor, &format!("/contractors/{}", contractor.id)),
        Err(error) => {
            let clients = pickers::clients(&ctx).await?;
            ctx.again(error, |wrong| page::form(&ctx, None, &clients, &form, wrong))
        }
    }
}

async fn change(ctx: Ctx, Path(id): Path<ContractorId>) -> Answer {
    let (contractor, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(super::EDIT, &facts)?;
    ctx.page_only(|| page::form(&ctx, Some(id), &[], &page::filled(&contractor), &Complaints::default()))
}

async fn edit(ctx: Ctx, Path(id): Path<ContractorId>, Input(form): Input<ContractorForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(contractor) => ctx.done(&contractor, &format!("/contractors/{id}")),
        Err(error) => ctx.again(error, |wrong| page::form(&ctx, Some(id), &[], &form, wrong)),
    }
}

async fn archive(ctx: Ctx, Path(id): Path<ContractorId>) -> Answer {
    let contractor = act::set_archived(&ctx, id, true).await?;
    ctx.done(&contractor, &format!("/contractors/{id}"))
}

async fn restore(ctx: Ctx, Path(id): Path<ContractorId>) -> Answer {
    let contractor = act::set_archived(&ctx, id, false).await?;
    ctx.done(&contractor, &format!("/contractors/{id}"))
}
