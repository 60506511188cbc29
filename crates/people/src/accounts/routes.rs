//! The routes of the own account: in front of the doors what works without a membership, behind them the rest.

use http::StatusCode;
use kernel::Error;
use kernel::id::{MembershipId, SessionId};
use web::reply::{Complaints, go};
use web::{Answer, Ctx, Failure, Input, Path, Query, Route, Visitor};

use super::model::{AccountOut, PasswordForm, Wanted};
use super::{act, hats, page};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/account", show)
            .plants(super::plants::plant)
            .says("Read who you are")
            .gives::<AccountOut>(),
        Route::get("/account/password", to_account).pages(),
        Route::post("/account/password", set_password).pages(),
        Route::post("/account/sessions/end", end_other_sessions).pages(),
        Route::post("/account/sessions/{id}/end", end_session).pages(),
    ]
}

pub(super) fn open() -> Vec<Route> {
    vec![
        Route::get("/", home).says("Go to the home of the membership that is chosen"),
        Route::get("/account", account).says("Go to the own account"),
        Route::get("/hats", choose).says("Choose one of several memberships"),
        Route::post("/hats/{membership}", put_on).says("Act as this membership from now on"),
        Route::get("/hats/{membership}", async || go("/hats")),
    ]
}

async fn home(visitor: Visitor) -> Answer {
    Ok(go(&hats::home(&visitor).await?))
}

async fn account(visitor: Visitor) -> Answer {
    Ok(go(&hats::account(&visitor).await?))
}

async fn choose(visitor: Visitor, Query(wanted): Query<Wanted>) -> Answer {
    if web::preview::current(&visitor.app, visitor.cookie.as_deref()).await?.is_some() {
        return Ok(go(web::preview::PATH));
    }
    let Some(signed) = crate::sessions::signed(&visitor).await? else { return Ok(go("/sign-in?next=/hats")) };
    let all = hats::all(&visitor, &signed).await?;
    Ok(crate::again::fresh(StatusCode::OK, page::hats(&all, &wanted.next)))
}

async fn put_on(visitor: Visitor, Path(id): Path<MembershipId>, Input(wanted): Input<Wanted>) -> Answer {
    match hats::put_on(&visitor, id, &wanted.next).await {
        Ok((secret, path)) => Ok(crate::sessions::go(&visitor.app, &path, Some(&secret))),
        Err(Error::SignedOut) => Ok(go("/sign-in?next=/hats")),
        Err(error) => Err(Failure(error)),
    }
}

async fn show(ctx: Ctx) -> Answer {
    // The browsers somebody is signed in with are theirs alone to see.
    let sessions =
        if ctx.portal().is_some() && ctx.preview.is_none() { act::sessions(&ctx).await? } else { Vec::new() };
    ctx.show(&act::myself(&ctx), |me| page::account(&ctx, me, &sessions, &Complaints::default()))
}

async fn to_account(ctx: Ctx) -> Answer {
    Ok(ctx.go("/account"))
}

async fn set_password(ctx: Ctx, visitor: Visitor, Input(form): Input<PasswordForm>) -> Answer {
    match act::set_password(&ctx, &visitor, &form).await {
        Ok(secret) => Ok(crate::sessions::go(&ctx.app, &ctx.href("/account"), Some(&secret))),
        Err(error) => {
            let sessions = act::sessions(&ctx).await?;
            ctx.again(error, |wrong| page::account(&ctx, &act::myself(&ctx), &sessions, wrong))
        }
    }
}

async fn end_session(ctx: Ctx, Path(id): Path<SessionId>) -> Answer {
    act::end_session(&ctx, id).await?;
    Ok(ctx.go("/account"))
}

async fn end_other_sessions(ctx: Ctx) -> Answer {
    act::end_other_sessions(&ctx).await?;
    Ok(ctx.go("/account"))
}
