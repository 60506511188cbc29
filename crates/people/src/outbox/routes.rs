//! The route table of the outbox.

use axum::response::IntoResponse as _;
use http::header;
use kernel::id::{EventId, MailId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Portal};
use schemars::JsonSchema;
use serde::Deserialize;
use store::listing::{self, Listing};
use web::{Answer, Ctx, Door, Failure, Path, Query, Route};

use super::query::{EventOut, MAILS, MailOut};
use super::{READ, act, page};

/// Which messages are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MailFilter {
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Portal::Office), Door::Api];
    vec![
        Route::get("/outbox", list)
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
        Route::post("/outbox/{id}/retry", retry)
            .only(&doors)
            .says("Have a message sent once more")
            .gives::<MailOut>(),
        Route::get("/outbox/{id}", show).only(&doors[..1]),
        Route::get("/outbox/{id}/letter", letter).only(&doors[..1]),
    ]
}

async fn stuck(ctx: Ctx) -> Answer {
    ctx.show(&act::stuck(&ctx).await?, |_| maud::html! {})
}

async fn retry(ctx: Ctx, Path(id): Path<MailId>) -> Answer {
    ctx.done(&act::retry(&ctx, id).await?, "/outbox")
}

async fn retry_event(ctx: Ctx, Path(id): Path<EventId>) -> Answer {
    ctx.done(&act::retry_event(&ctx, id).await?, "/outbox")
}

/// The message itself, alone: it has styles of its own, and may do nothing else.
async fn letter(ctx: Ctx, Path(id): Path<MailId>) -> Answer {
    if !ctx.app.config.demo {
        return Err(Failure(Error::NotFound));
    }
    let (mail, _) = listing::find::<MailOut>(ctx.store(), &ctx.plan, READ, &MAILS, id.uuid()).await?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox allow-top-navigation-by-user-activation allow-popups";
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok(web::Reply((headers, mail.html).into_response()))
}

async fn list(ctx: Ctx, Query(filter): Query<MailFilter>) -> Answer {
    ctx.require(READ)?;
    let mails: Page<MailOut> = Listing::new(&ctx.plan, READ, &MAILS)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await?;
    if ctx.door == Door::Api {
        return ctx.show(&mails, |_| maud::html! {});
    }
    let events = act::stuck(&ctx).await?;
    ctx.show(&mails, |mails| page::list(&ctx, filter.cursor.is_some(), mails, &events.items))
}

async fn show(ctx: Ctx, Path(id): Path<MailId>) -> Answer {
    if !ctx.app.config.demo {
        return Err(Failure(Error::NotFound));
    }
    let (mail, _) = listing::find::<MailOut>(ctx.store(), &ctx.plan, READ, &MAILS, id.uuid()).await?;
    ctx.page_only(|| page::show(&ctx, &mail))
}
