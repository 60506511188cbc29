//! The route table of tokens.

use http::{HeaderValue, StatusCode, header};
use kernel::Portal;
use kernel::id::ApiTokenId;
use kernel::page::Page;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Path, Query, Reply, Route, Visitor};

use super::model::{SignInTokenForm, TokenFilter, TokenForm, TokenMade, TokenOut};
use super::{act, page};

pub(super) fn routes() -> Vec<Route> {
    let office = [Door::Portal(Portal::Office)];
    let doors = [Door::Portal(Portal::Office), Door::Api];
    vec![
        Route::get("/tokens", list)
            .plants(super::plants::plant)
            .only(&doors)
            .says("List API tokens")
            .asks::<TokenFilter>()
            .gives::<Page<TokenOut>>(),
        // A token cannot make a token; whoever has none yet proves who they are.
        Route::post("/sign-in", sign_in)
            .only(&doors[1..])
            .open()
            .says("Create an API token with the address and password one signs in with")
            .takes::<SignInTokenForm>()
            .gives::<TokenMade>(),
        Route::post("/tokens", create).only(&office),
        Route::get("/tokens/new", new).only(&office),
        Route::post("/tokens/{id}/revocation", revoke)
            .only(&doors)
            .says("Revoke an API token")
            .gives::<TokenOut>(),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<TokenFilter>) -> Answer {
    let tokens = act::list(&ctx, &filter).await?;
    ctx.show(&tokens, |tokens| page::list(&ctx, &filter, tokens))
}

async fn new(ctx: Ctx) -> Answer {
    ctx.require(super::CREATE)?;
    ctx.page_only(|| page::form(&ctx, &TokenForm::default(), &Complaints::default()))
}

async fn create(ctx: Ctx, Input(form): Input<TokenForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(made) => ctx.page_only(|| page::made(&ctx, &made)),
        Err(error) => ctx.again(error, |wrong| page::form(&ctx, &form, wrong)),
    }
}

async fn sign_in(visitor: Visitor, Input(form): Input<SignInTokenForm>) -> Answer {
    let made = act::sign_in(&visitor, &form).await?;
    let Reply(mut response) = web::reply::json(StatusCode::CREATED, &made)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(Reply(response))
}

async fn revoke(ctx: Ctx, Path(id): Path<ApiTokenId>) -> Answer {
    let token = act::revoke(&ctx, id).await?;
    ctx.done(&token, "/tokens")
}
