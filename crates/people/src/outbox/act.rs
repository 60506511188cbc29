//! What can be done with the outbox: have something tried again.

use access::{Facts, Resource};
use jobs::events::EventState;
use kernel::Result;
use kernel::id::{EventId, MailId};
use kernel::page::{Page, PageSize};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::READ;
use super::query::{EVENTS, EventOut, MAILS, MailOut};

/// What happened and was given up.
pub(super) async fn stuck(ctx: &Ctx) -> Result<Page<EventOut>> {
    ctx.require(READ)?;
    Listing::new(&ctx.plan, READ, &EVENTS)?
        .is("state", EventState::Dead.number())?
        .rows(PageSize::of(Some(PageSize::MOST)))
        .page(ctx.store())
        .await
}

/// Has a message that was given up sent again.
pub(super) async fn retry(ctx: &Ctx, id: MailId) -> Result<MailOut> {
    let (mail, facts): (MailOut, Facts) =
        listing::find(ctx.store(), &ctx.plan, READ, &MAILS, id.uuid()).await?;
    let permit = ctx.plan.permit(READ, &facts)?;
    let mut batch = Batch::new();
    jobs::mail::send_again(&mut batch, permit.organization(), id, ctx.now());
    ctx.journal(&mut batch, "send_again", Resource::Organization, Some(id), &mail.subject, &json!({}));
    ctx.commit(batch).await?;
    Ok(listing::find(ctx.store(), &ctx.plan, READ, &MAILS, id.uuid()).await?.0)
}

/// Has an event that was given up worked out again.
pub(super) async fn retry_event(ctx: &Ctx, id: EventId) -> Result<EventOut> {
    let (event, facts): (EventOut, Facts) =
        listing::find(ctx.store(), &ctx.plan, READ, &EVENTS, id.uuid()).await?;
    let permit = ctx.plan.permit(READ, &facts)?;
    let mut batch = Batch::new();
    jobs::events::try_again(&mut batch, permit.organization(), id, ctx.now());
    ctx.journal(&mut batch, "try_again", Resource::Organization, Some(id), &event.label, &json!({}));
    ctx.commit(batch).await?;
    Ok(listing::find(ctx.store(), &ctx.plan, READ, &EVENTS, id.uuid()).await?.0)
}
