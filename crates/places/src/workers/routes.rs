//! The route table of workers; each handler is one expression.

use kernel::Portal;
use kernel::id::{WorkerId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::search::{self, Finding};
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search, Text};

use super::model::{WorkerFilter, WorkerForm, WorkerOut};
use super::page::{Offers, Shown};
use super::query::WORKERS;
use super::{act, page};
use crate::pickers;

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Portal::Office), Door::Portal(Portal::Client), Door::Api];
    let pages = [Door::Portal(Portal::Office), Door::Portal(Portal::Client)];
    vec![
        Route::get("/workers", list)
            .only(&doors)
            .says("List workers")
            .asks::<WorkerFilter>()
            .gives::<Page<WorkerOut>>()
            .found_by(Search { kind: "worker", label: "Workers", icon: ui::icon::people, find }),
        Route::get("/workers/export", export)
            .only(&[Door::Portal(Portal::Office), Door::Api])
            .says("Export workers")
            .asks::<WorkerFilter>()
            .gives_file("text/csv"),
        Route::post("/workers", create)
            .only(&doors)
            .says("Create a worker")
            .takes::<WorkerForm>()
            .gives::<WorkerOut>(),
        Route::get("/workers/new", new).only(&pages),
        Route::get("/workers/{id}", show)
            .only(&doors)
            .says("Read a worker")
            .gives::<WorkerOut>()
            .shows::<kind::Worker>(&WORKERS),
        Route::get("/workers/{id}/edit", change).only(&pages),
        Route::post("/workers/{id}", edit).only(&pages),
        Route::put("/workers/{id}", edit).says("Change a worker").takes::<WorkerForm>().gives::<WorkerOut>(),
        Route::post("/workers/{id}/archive", archive)
            .only(&doors)
            .says("Archive a worker")
            .gives::<WorkerOut>(),
        Route::post("/workers/{id}/restore", restore)
            .only(&doors)
            .says("Restore a worker")
            .gives::<WorkerOut>(),
    ]
}

/// What the form and the filters offer to choose from.
async fn offers(ctx: &Ctx) -> kernel::Result<Offers> {
    Ok(Offers {
        clients: pickers::clients(ctx).await?,
        teams: pickers::teams(ctx).await?,
        logins: pickers::logins(ctx).await?,
    })
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = WorkerFilter { q, limit: Some(search::ROWS), ..WorkerFilter::default() };
        let page = act::list(&ctx, &filter).await?;
        Ok(page.items.into_iter().map(hit).collect())
    })
}

fn hit(row: WorkerOut) -> Hit {
    Hit {
        path: format!("/workers/{}", row.id),
        label: row.name,
        hint: row.team_name.or(row.client_name).unwrap_or_default(),
    }
}

async fn list(ctx: Ctx, Query(filter): Query<WorkerFilter>) -> Answer {
    let workers = act::list(&ctx, &filter).await?;
    let teams = if ctx.door == Door::Api { Vec::new() } else { pickers::teams(&ctx).await? };
    ctx.show(&workers, |workers| page::list(&ctx, &filter, &teams, workers))
}

async fn export(ctx: Ctx, Query(filter): Query<WorkerFilter>) -> Answer {
    act::export(ctx, filter).await
}

async fn show(ctx: Ctx, Path(id): Path<WorkerId>) -> Answer {
    let (worker, facts) = act::find(&ctx, id).await?;
    let login = act::login(&ctx, &worker).await?;
    ctx.show(&worker, |worker| page::show(&ctx, worker, &facts, login.as_ref()))
}

async fn new(ctx: Ctx, Query(filter): Query<WorkerFilter>) -> Answer {
    ctx.require(super::CREATE)?;
    let typed = WorkerForm { team: Text(filter.team), client: Text(filter.client), ..WorkerForm::default() };
    let offers = offers(&ctx).await?;
    let shown = Shown::to_new(&ctx);
    ctx.page_only(|| page::form(&ctx, None, &offers, &shown, &typed, &Complaints::default()))
}

async fn create(ctx: Ctx, Input(form): Input<WorkerForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(worker) => ctx.created(&worker, &format!("/workers/{}", worker.id)),
        Err(error) => {
            let offers = offers(&ctx).await?;
            let shown = Shown::to_new(&ctx);
            ctx.again(error, |wrong| page::form(&ctx, None, &offers, &shown, &form, wrong))
        }
    }
}

async fn change(ctx: Ctx, Path(id): Path<WorkerId>) -> Answer {
    let (worker, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(super::EDIT, &facts)?;
    let login = act::login(&ctx, &worker).await?;
    let offers = offers(&ctx).await?.with(&worker, login.as_ref());
    let shown = Shown::to(&ctx, &facts, &worker, login.as_ref());
    ctx.page_only(|| {
        page::form(&ctx, Some(id), &offers, &shown, &page::filled(&worker), &Complaints::default())
    })
}

async fn edit(ctx: Ctx, Path(id): Path<WorkerId>, Input(form): Input<WorkerForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(worker) => ctx.done(&worker, &format!("/workers/{id}")),
        Err(kernel::Error::NotFound) => Err(kernel::Error::NotFound.into()),
        Err(error) => {
            let (worker, facts) = act::find(&ctx, id).await?;
            let login = act::login(&ctx, &worker).await?;
            let offers = offers(&ctx).await?.with(&worker, login.as_ref());
            let shown = Shown::to(&ctx, &facts, &worker, login.as_ref());
            ctx.again(error, |wrong| page::form(&ctx, Some(id), &offers, &shown, &form, wrong))
        }
    }
}

async fn archive(ctx: Ctx, Path(id): Path<WorkerId>) -> Answer {
    let worker = act::set_archived(&ctx, id, true).await?;
    ctx.done(&worker, &format!("/workers/{id}"))
}

async fn restore(ctx: Ctx, Path(id): Path<WorkerId>) -> Answer {
    let worker = act::set_archived(&ctx, id, false).await?;
    ctx.done(&worker, &format!("/workers/{id}"))
}
