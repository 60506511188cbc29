//! The route table of a site's Clients tab; each handler is one expression.

use kernel::Portal;
use kernel::id::{AssignmentId, SiteId};
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Path, Route};

use super::model::{AccountsOut, AssignForm};
use super::{act, page};

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Portal::Office), Door::Api];
    vec![
        Route::get("/sites/{id}/clients", show)
            .only(&doors)
            .says("List the client accounts that see a site")
            .gives::<AccountsOut>(),
        Route::post("/sites/{id}/clients", assign)
            .only(&doors)
            .says("Assign a client account to a site")
            .takes::<AssignForm>()
            .gives::<AccountsOut>()
            .changes(act::LINK_KIND),
        Route::post("/sites/{id}/clients/preview", look).only(&[Door::Portal(Portal::Office)]),
        Route::post("/sites/{id}/clients/{assignment}/removal/preview", look_at_removal)
            .only(&[Door::Portal(Portal::Office)]),
        Route::post("/sites/{id}/clients/{assignment}/removal", remove).only(&[Door::Portal(Portal::Office)]),
        Route::delete("/sites/{id}/clients/{assignment}", remove)
            .says("Take a site away from a client account")
            .gives::<AccountsOut>()
            .changes(act::UNLINK_KIND),
    ]
}

async fn show(ctx: Ctx, Path(id): Path<SiteId>) -> Answer {
    let (site, facts) = act::site(&ctx, id).await?;
    let accounts = act::list(&ctx, &site).await?;
    ctx.show(&accounts, |accounts| {
        page::show(&ctx, &site, &facts, accounts, &AssignForm::default(), &Complaints::default())
    })
}

async fn assign(ctx: Ctx, Path(id): Path<SiteId>, Input(form): Input<AssignForm>) -> Answer {
    let done = act::assign(&ctx, id, &form).await;
    after(ctx, id, done, &form).await
}

async fn remove(ctx: Ctx, Path((id, assignment)): Path<(SiteId, AssignmentId)>) -> Answer {
    let done = act::remove(&ctx, id, assignment).await;
    after(ctx, id, done, &AssignForm::default()).await
}

/// Shows what an account would see of the site, before it is linked.
async fn look(ctx: Ctx, Path(id): Path<SiteId>, Input(form): Input<AssignForm>) -> Answer {
    let said = serde_json::json!({ "site": id, "form": form });
    match web::change::look(&ctx, act::LINK_KIND, &said).await {
        Ok(shown) => Ok(shown),
        Err(error) => after(ctx, id, Err(error), &form).await,
    }
}

/// Shows what an account would see no more, before the site is taken away.
async fn look_at_removal(ctx: Ctx, Path((id, assignment)): Path<(SiteId, AssignmentId)>) -> Answer {
    let said = serde_json::json!({ "site": id, "assignment": assignment });
    match web::change::look(&ctx, act::UNLINK_KIND, &said).await {
        Ok(shown) => Ok(shown),
        Err(error) => after(ctx, id, Err(error), &AssignForm::default()).await,
    }
}

/// The tab again: as it is now, or with what was refused and why.
async fn after(ctx: Ctx, id: SiteId, done: kernel::Result<()>, form: &AssignForm) -> Answer {
    let (site, facts) = act::site(&ctx, id).await?;
    let accounts = act::list(&ctx, &site).await?;
    match done {
        Ok(()) => ctx.done(&accounts, &format!("/sites/{id}/clients")),
        Err(error) => ctx.again(error, |wrong| page::show(&ctx, &site, &facts, &accounts, form, wrong)),
    }
}
