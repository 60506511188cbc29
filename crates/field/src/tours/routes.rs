//! The route table of tours; each handler is one expression.

use kernel::Portal;
use kernel::id::{TourId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::search::Finding;
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search};

use super::model::{DueList, TourFilter, TourForm, TourOut, TourWhole};
use super::query::TOURS;
use super::{CREATE, EDIT, OFFICE, SCAN, act, due, page};
use crate::choices::refused;

pub(super) fn routes() -> Vec<Route> {
    let office = [Door::Portal(Portal::Office)];
    vec![
        Route::get("/tours", list)
            .only(&OFFICE)
            .says("List tours")
            .asks::<TourFilter>()
            .gives::<Page<TourOut>>()
            .found_by(Search { kind: "tour", label: "Tours", icon: ui::icon::map, find }),
        Route::post("/tours", create)
            .only(&OFFICE)
            .says("Create a tour")
            .takes::<TourForm>()
            .gives::<TourWhole>(),
        Route::get("/tours/due", waiting)
            .only(&[Door::Portal(Portal::Field), Door::Api])
            .kept()
            .says("Read which tours are due for the asker")
            .gives::<DueList>(),
        Route::get("/tours/new", new).only(&office),
        Route::get("/tours/{id}", show)
            .only(&OFFICE)
            .says("Read a tour with its stops")
            .gives::<TourWhole>()
            .shows::<kind::Tour>(&TOURS),
        Route::get("/tours/{id}/edit", change).only(&office),
        Route::post("/tours/{id}", edit).only(&office),
        Route::put("/tours/{id}", edit).says("Change a tour").takes::<TourForm>().gives::<TourWhole>(),
        Route::post("/tours/{id}/archive", archive).only(&OFFICE).says("Archive a tour").gives::<TourWhole>(),
        Route::post("/tours/{id}/restore", restore).only(&OFFICE).says("Restore a tour").gives::<TourWhole>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = TourFilter { q, limit: Some(web::search::ROWS), ..TourFilter::default() };
        let found = act::list(&ctx, &filter).await?;
        Ok(found
            .items
            .iter()
            .map(|one| Hit {
                label: one.name.clone(),
                hint: one.site.clone(),
                path: format!("/tours/{}", one.id),
            })
            .collect())
    })
}

async fn list(ctx: Ctx, Query(filter): Query<TourFilter>) -> Answer {
    let tours = act::list(&ctx, &filter).await?;
    let sites = page::sites(&ctx).await?;
    ctx.show(&tours, |tours| page::list(&ctx, &filter, &sites, tours))
}

async fn waiting(ctx: Ctx) -> Answer {
    ctx.require(SCAN)?;
    let list = due::due(&ctx).await?;
    ctx.show(&list, |list| due::page(&ctx, list, &Complaints::default()))
}

async fn show(ctx: Ctx, Path(id): Path<TourId>) -> Answer {
    let (tour, facts) = act::whole(&ctx, id).await?;
    ctx.show(&tour, |tour| page::show(&ctx, tour, &facts))
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct At {
    site: String,
}

async fn new(ctx: Ctx, Query(at): Query<At>) -> Answer {
    ctx.require(CREATE)?;
    let form = TourForm { site: at.site.as_str().into(), ..TourForm::default() };
    let markup = page::form(&ctx, None, &form, &Complaints::default()).await?;
    ctx.page_only(|| markup)
}

async fn create(ctx: Ctx, Input(form): Input<TourForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(made) => ctx.created(&made, &format!("/tours/{}", made.tour.id)),
        Err(error) => refused(&ctx, error, async |wrong| page::form(&ctx, None, &form, wrong).await).await,
    }
}

async fn change(ctx: Ctx, Path(id): Path<TourId>) -> Answer {
    let (tour, facts) = act::whole(&ctx, id).await?;
    ctx.plan.permit(EDIT, &facts)?;
    let markup = page::form(&ctx, Some(id), &page::filled(&tour), &Complaints::default()).await?;
    ctx.page_only(|| markup)
}

async fn edit(ctx: Ctx, Path(id): Path<TourId>, Input(form): Input<TourForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(done) => ctx.done(&done, &format!("/tours/{id}")),
        Err(error) => {
            let (tour, _) = act::find(&ctx, id).await?;
            let form = TourForm { site: tour.site_id.to_string().into(), ..form };
            refused(&ctx, error, async |wrong| page::form(&ctx, Some(id), &form, wrong).await).await
        }
    }
}

async fn archive(ctx: Ctx, Path(id): Path<TourId>) -> Answer {
    let done = act::set_archived(&ctx, id, true).await?;
    ctx.done(&done, &format!("/tours/{id}"))
}

async fn restore(ctx: Ctx, Path(id): Path<TourId>) -> Answer {
    let done = act::set_archived(&ctx, id, false).await?;
    ctx.done(&done, &format!("/tours/{id}"))
}
