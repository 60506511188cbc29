//! The route table of access requests.

use http::{HeaderMap, header};
use kernel::Portal::{Client, Office};
use kernel::id::AccessRequestId;
use kernel::page::Page;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Path, Query, Route};

use super::model::{AnswerForm, AskForm, RequestFilter, RequestOut};
use super::{act, page};

pub(super) fn routes() -> Vec<Route> {
    let pages = [Door::Portal(Office), Door::Portal(Client)];
    let doors = [pages[0], pages[1], Door::Api];
    vec![
        Route::get("/ask", form).pages(),
        Route::post("/ask", ask).pages(),
        Route::get("/requests", list)
            .plants(super::plants::plant)
            .only(&doors)
            .says("List requests for access that you may answer")
            .asks::<RequestFilter>()
            .gives::<Page<RequestOut>>(),
        Route::get("/requests/{id}", show)
            .only(&doors)
            .says("Read a request for access")
            .gives::<RequestOut>(),
        Route::post("/requests/{id}", answer)
            .only(&doors)
            .says("Answer a request for access")
            .takes::<AnswerForm>()
            .gives::<RequestOut>(),
    ]
}

/// The page somebody came from, if it is one of ours.
fn came_from(ctx: &Ctx, headers: &HeaderMap) -> String {
    let ours = ctx.app.config.public_url.as_str();
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let from = headers.get(header::REFERER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let path = from.strip_prefix(ours).or_else(|| {
        let rest = from.split_once("://")?.1;
        rest.strip_prefix(host).filter(|_| !host.is_empty())
    });
    let path = path.filter(|path| path.starts_with('/')).unwrap_or_default();
    path.chars().take(300).collect()
}

async fn form(ctx: Ctx, headers: HeaderMap) -> Answer {
    let form = AskForm { path: came_from(&ctx, &headers).into(), ..AskForm::default() };
    let mine = act::mine(&ctx).await?;
    ctx.page_only(|| page::ask(&ctx, &form, &mine, &Complaints::default(), false))
}

async fn ask(ctx: Ctx, Input(form): Input<AskForm>) -> Answer {
    match act::ask(&ctx, &form).await {
        Ok(()) => {
            let mine = act::mine(&ctx).await?;
            ctx.page_only(|| page::ask(&ctx, &AskForm::default(), &mine, &Complaints::default(), true))
        }
        Err(error) => {
            let mine = act::mine(&ctx).await?;
            ctx.again(error, |wrong| page::ask(&ctx, &form, &mine, wrong, false))
        }
    }
}

async fn list(ctx: Ctx, Query(filter): Query<RequestFilter>) -> Answer {
    let requests = act::list(&ctx, &filter).await?;
    ctx.show(&requests, |requests| page::list(&ctx, &filter, requests))
}

async fn show(ctx: Ctx, Path(id): Path<AccessRequestId>) -> Answer {
    let (request, between) = act::show(&ctx, id).await?;
    ctx.show(&request, |request| {
        page::show(&ctx, request, between.as_ref(), &AnswerForm::default(), &Complaints::default())
    })
}

async fn answer(ctx: Ctx, Path(id): Path<AccessRequestId>, Input(form): Input<AnswerForm>) -> Answer {
    match act::answer(&ctx, id, &form).await {
        Ok(()) => {
            let (request, _) = act::show(&ctx, id).await?;
            ctx.done(&request, "/requests")
        }
        Err(error) => {
            let (request, between) = act::show(&ctx, id).await?;
            ctx.again(error, |wrong| page::show(&ctx, &request, between.as_ref(), &form, wrong))
        }
    }
}
