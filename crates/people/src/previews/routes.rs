//! The routes of previews: beginning behind the doors, ending in front of them, because the way out must be open
//! whatever the eyes may see.

use http::StatusCode;
use kernel::Portal::Office;
use kernel::id::MembershipId;
use web::reply::{Complaints, go};
use web::{Answer, Ctx, Door, Failure, Input, Path, Query, Route, Visitor};

use super::model::{Chosen, MailPreview, MailQuery, PreviewForm};
use super::{act, mails, page};
use crate::targets::names;

pub(super) fn routes() -> Vec<Route> {
    // Only staff may ever look through somebody's eyes, so there are no such pages in the client portal.
    let pages = [Door::Portal(Office)];
    vec![
        Route::get("/members/{id}/preview", choose).only(&pages),
        Route::post("/members/{id}/preview", of_member).only(&pages),
        Route::get("/previews/new", choose_role).only(&pages),
        Route::get("/previews", to_choice).only(&pages),
        Route::post("/previews", of_role).only(&pages),
        Route::get("/members/{id}/mails", show_mails)
            .only(&[Door::Portal(Office), Door::Api])
            .says("Read which mails a person would get, and why")
            .asks::<MailQuery>()
            .gives::<Vec<MailPreview>>(),
    ]
}

pub(super) fn open() -> Vec<Route> {
    vec![
        Route::get(web::preview::PATH, stand).says("Where a preview stands that nothing can be looked at in"),
        Route::post(web::preview::STOP_PATH, stop).says("End a preview"),
        Route::get(web::preview::STOP_PATH, async || go(web::preview::PATH)),
    ]
}

async fn choose(ctx: Ctx, Path(id): Path<MembershipId>) -> Answer {
    let chosen = act::choose(&ctx, id).await?;
    ctx.page_only(|| page::choose(&ctx, &chosen, &PreviewForm::default(), &Complaints::default()))
}

async fn of_member(ctx: Ctx, Path(id): Path<MembershipId>, Input(form): Input<PreviewForm>) -> Answer {
    match act::of_member(&ctx, id, &form).await {
        Ok(path) => Ok(go(&path)),
        Err(error) => {
            let chosen = act::choose(&ctx, id).await?;
            ctx.again(error, |wrong| page::choose(&ctx, &chosen, &form, wrong))
        }
    }
}

async fn to_choice(ctx: Ctx) -> Answer {
    ctx.require(web::preview::IMPERSONATE)?;
    Ok(ctx.go("/previews/new"))
}

async fn choose_role(ctx: Ctx, Query(chosen): Query<Chosen>) -> Answer {
    if chosen.role.is_empty() {
        let roles = act::roles(&ctx).await?;
        return ctx.page_only(|| page::roles(&ctx, &roles));
    }
    let role = act::role(&ctx, &chosen.role).await?;
    let offers = names::offers(&ctx, role.reach).await?;
    ctx.page_only(|| page::role(&ctx, &role, &offers, &PreviewForm::default(), &Complaints::default()))
}

async fn of_role(ctx: Ctx, Input(form): Input<PreviewForm>) -> Answer {
    match act::of_role(&ctx, &form).await {
        Ok(path) => Ok(go(&path)),
        Err(kernel::Error::NotFound) => Err(Failure(kernel::Error::NotFound)),
        Err(error) => {
            let role = act::role(&ctx, form.role.as_str()).await?;
            let offers = names::offers(&ctx, role.reach).await?;
            ctx.again(error, |wrong| page::role(&ctx, &role, &offers, &form, wrong))
        }
    }
}

async fn show_mails(ctx: Ctx, Path(id): Path<MembershipId>, Query(asked): Query<MailQuery>) -> Answer {
    let (member, all) = mails::of(&ctx, id, &asked).await?;
    ctx.show(&all, |all| page::mails(&ctx, &member, &asked, all))
}

async fn stand(visitor: Visitor) -> Answer {
    let found = web::preview::current(&visitor.app, visitor.cookie.as_deref()).await?;
    match found.as_ref().and_then(web::preview::page) {
        Some(page) => Ok(crate::again::fresh(StatusCode::OK, page)),
        None => Ok(go("/")),
    }
}

async fn stop(visitor: Visitor) -> Answer {
    Ok(go(&act::stop(&visitor).await?))
}
