//! The route table of teams; each handler is one expression.

use kernel::id::{TeamId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Path, Query, Route};

use super::model::{TeamFilter, TeamForm, TeamOut};
use super::query::TEAMS;
use super::{act, page};

pub(super) fn routes() -> Vec<Route> {
    use kernel::Portal::Office;
    let doors = [Door::Portal(Office), Door::Api];
    let office = [Door::Portal(Office)];
    vec![
        Route::get("/teams", list)
            .only(&doors)
            .says("List teams")
            .asks::<TeamFilter>()
            .gives::<Page<TeamOut>>(),
        Route::post("/teams", create)
            .only(&doors)
            .says("Create a team")
            .takes::<TeamForm>()
            .gives::<TeamOut>(),
        Route::get("/teams/new", new).only(&office),
        Route::get("/teams/{id}", show)
            .only(&doors)
            .says("Read a team")
            .gives::<TeamOut>()
            .shows::<kind::Team>(&TEAMS),
        Route::get("/teams/{id}/edit", change).only(&office),
        Route::post("/teams/{id}", edit).only(&office),
        Route::put("/teams/{id}", edit).says("Change a team").takes::<TeamForm>().gives::<TeamOut>(),
        Route::post("/teams/{id}/archive", archive).only(&doors).says("Archive a team").gives::<TeamOut>(),
        Route::post("/teams/{id}/restore", restore).only(&doors).says("Restore a team").gives::<TeamOut>(),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<TeamFilter>) -> Answer {
    let teams = act::list(&ctx, &filter).await?;
    ctx.show(&teams, |teams| page::list(&ctx, &filter, teams))
}

async fn show(ctx: Ctx, Path(id): Path<TeamId>) -> Answer {
    let (team, facts) = act::find(&ctx, id).await?;
    ctx.show(&team, |team| page::show(&ctx, team, &facts))
}

async fn new(ctx: Ctx) -> Answer {
    ctx.require(super::CREATE)?;
    ctx.page_only(|| page::form(&ctx, None, &TeamForm::default(), &Complaints::default()))
}

async fn create(ctx: Ctx, Input(form): Input<TeamForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(team) => ctx.created(&team, &format!("/teams/{}", team.id)),
        Err(error) => ctx.again(error, |wrong| page::form(&ctx, None, &form, wrong)),
    }
}

async fn change(ctx: Ctx, Path(id): Path<TeamId>) -> Answer {
    let (team, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(super::EDIT, &facts)?;
    ctx.page_only(|| page::form(&ctx, Some(id), &page::filled(&team), &Complaints::default()))
}

async fn edit(ctx: Ctx, Path(id): Path<TeamId>, Input(form): Input<TeamForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(team) => ctx.done(&team, &format!("/teams/{id}")),
        Err(error) => ctx.again(error, |wrong| page::form(&ctx, Some(id), &form, wrong)),
    }
}

async fn archive(ctx: Ctx, Path(id): Path<TeamId>) -> Answer {
    let team = act::set_archived(&ctx, id, true).await?;
    ctx.done(&team, &format!("/teams/{id}"))
}

async fn restore(ctx: Ctx, Path(id): Path<TeamId>) -> Answer {
    let team = act::set_archived(&ctx, id, false).await?;
    ctx.done(&team, &format!("/teams/{id}"))
}
