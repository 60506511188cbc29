//! What can be done with messages.

use access::{Facts, Resource};
use jobs::events::EventState;
use jobs::mail::MailState;
use kernel::id::{EventId, MailId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;
use web::input::wanted;

use super::READ;
use super::model::{EventOut, MailFilter, MailOut, Subject};
use super::query::{self, EVENTS, MAILS};

/// The organization's messages, the newest first.
pub(super) async fn list(ctx: &Ctx, filter: &MailFilter) -> Result<Page<MailOut>> {
    ctx.require(READ)?;
    let mut mails = Listing::new(&ctx.plan, READ, &MAILS)?;
    if let Some(state) = wanted::<MailState>(&filter.state)? {
        mails = mails.is("state", state.number())?;
    }
    mails.after(filter.cursor.as_deref()).rows(PageSize::of(filter.limit)).page(ctx.store()).await
}

/// One message.
pub(super) async fn find(ctx: &Ctx, id: MailId) -> Result<MailOut> {
    Ok(listing::find(ctx.store(), &ctx.plan, READ, &MAILS, id.uuid()).await?.0)
}

/// Sends a message again that was given up or waits for its next try. Whether it may still go out is decided anew.
pub(super) async fn retry(ctx: &Ctx, id: MailId) -> Result<MailOut> {
    let (before, facts) = listing::find::<MailOut>(ctx.store(), &ctx.plan, READ, &MAILS, id.uuid()).await?;
    let permit = ctx.plan.permit(READ, &facts)?;
    match before.state {
        MailState::Sent => return Err(Error::conflict("This message left already.")),
        MailState::Withdrawn => return Err(Error::conflict("This message was taken back.")),
        MailState::Waiting | MailState::Dead => {}
    }
    may_still_go(ctx, &before).await?;
    let mut batch = Batch::new();
    jobs::mail::send_again(&mut batch, &permit, id, ctx.now());
    let detail =
        json!({ "mail": id, "to": before.recipient, "attempts": before.attempts, "error": before.error });
    let organization = Some(ctx.who.organization);
    ctx.journal(&mut batch, "send_again", Resource::Organization, organization, &before.subject, &detail);
    ctx.commit(batch).await?;
    find(ctx, id).await
}

/// A message goes out only if it would be written today (law 9): its links still work, and what it is about is still
/// the recipient's. A new kind of message says here how that is decided; those about records are looked at once more
/// when they leave ([`jobs::mail::LastLook`]).
async fn may_still_go(ctx: &Ctx, mail: &MailOut) -> Result<()> {
    if mail.good_until.is_some_and(|until| until <= ctx.now()) {
        return Err(Error::conflict("The link in this message has run out. Send a new one instead."));
    }
    match mail.about {
        None => Ok(()),
        Some(Subject::Invitation(invitation)) => {
            let (organization, written) = (ctx.who.organization, mail.created_at);
            if query::still_open(ctx.store(), organization, invitation, written, ctx.now()).await? {
                return Ok(());
            }
            Err(Error::conflict(
                "The invitation was accepted, taken back or sent again since, so the link in this message opens \
                 nothing. See “Invitations”.",
            ))
        }
    }
}

/// What happened and was given up.
pub(super) async fn stuck(ctx: &Ctx) -> Result<Page<EventOut>> {
    ctx.require(READ)?;
    Listing::new(&ctx.plan, READ, &EVENTS)?
        .is("state", EventState::Dead.number())?
        .rows(PageSize::of(Some(PageSize::MOST)))
        .page(ctx.store())
        .await
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
