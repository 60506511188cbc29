//! The route table of the outbox; each handler is one expression.

use axum::response::IntoResponse as _;
use http::header;
use kernel::id::{EventId, MailId};
use kernel::page::Page;
use kernel::{Error, Portal};
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Failure, Path, Query, Route};

use super::model::{EventOut, MailFilter, MailOut};
use super::{act, page};

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Portal::Office), Door::Api];
    vec![
        Route::get("/outbox", list)
            .plants(super::plants::plant)
            .only(&doors)
            .says("List messages")
            .asks::<MailFilter>()
            .gives::<Page<MailOut>>(),
        Route::get("/outbox/events", stuck)
            .only(&doors[1..])
            .says("List what happened and could not be worked out")
            .gives::<Page<EventOut>>(),
        Route::post("/outbox/events/{id}/retry", retry_event)
            .only(&doors)
            .says("Have an event worked out once more")
            .gives::<EventOut>(),
        Route::get("/outbox/{id}", show).only(&doors).says("Read how a message fares").gives::<MailOut>(),
        Route::get("/outbox/{id}/letter", letter).only(&doors[..1]),
        Route::post("/outbox/{id}/retry", retry)
            .only(&doors)
            .says("Send a message again that was given up")
            .gives::<MailOut>(),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<MailFilter>) -> Answer {
    let mails = act::list(&ctx, &filter).await?;
    if ctx.door == Door::Api {
        return ctx.show(&mails, |_| maud::html! {});
    }
    let events = act::stuck(&ctx).await?;
    ctx.show(&mails, |mails| page::list(&ctx, &filter, mails, &events.items))
}

async fn show(ctx: Ctx, Path(id): Path<MailId>) -> Answer {
    let mail = act::find(&ctx, id).await?;
    ctx.show(&mail, |mail| page::show(&ctx, mail, &Complaints::default()))
}

async fn retry(ctx: Ctx, Path(id): Path<MailId>) -> Answer {
    match act::retry(&ctx, id).await {
        Ok(mail) => ctx.done(&mail, &format!("/outbox/{id}")),
        Err(error) => {
            let mail = act::find(&ctx, id).await?;
            ctx.again(error, |wrong| page::show(&ctx, &mail, wrong))
        }
    }
}

async fn stuck(ctx: Ctx) -> Answer {
    ctx.show(&act::stuck(&ctx).await?, |_| maud::html! {})
}

async fn retry_event(ctx: Ctx, Path(id): Path<EventId>) -> Answer {
    ctx.done(&act::retry_event(&ctx, id).await?, "/outbox")
}

/// The message itself, alone: it has styles of its own, and may do nothing else.
async fn letter(ctx: Ctx, Path(id): Path<MailId>) -> Answer {
    if !ctx.app.config.demo {
        return Err(Failure(Error::NotFound));
    }
    let mail = act::find(&ctx, id).await?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox allow-top-navigation-by-user-activation allow-popups";
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok(web::Reply((headers, mail.html).into_response()))
}
