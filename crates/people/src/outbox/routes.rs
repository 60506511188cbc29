//! The route table of the outbox.

use kernel::id::MailId;
use kernel::page::{Page, PageSize};
use kernel::{Error, Portal};
use schemars::JsonSchema;
use serde::Deserialize;
use store::listing::{self, Listing};
use web::{Answer, Ctx, Door, Failure, Path, Query, Route};

use super::query::{MAILS, MailOut};
use super::{READ, page};

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
        Route::get("/outbox/{id}", show).only(&doors[..1]),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<MailFilter>) -> Answer {
    ctx.require(READ)?;
    let mails: Page<MailOut> = Listing::new(&ctx.plan, READ, &MAILS)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await?;
    ctx.show(&mails, |mails| page::list(&ctx, filter.cursor.is_some(), mails))
}

async fn show(ctx: Ctx, Path(id): Path<MailId>) -> Answer {
    if !ctx.app.config.demo {
        return Err(Failure(Error::NotFound));
    }
    let (mail, _) = listing::find::<MailOut>(ctx.store(), &ctx.plan, READ, &MAILS, id.uuid()).await?;
    ctx.page_only(|| page::show(&ctx, &mail))
}
