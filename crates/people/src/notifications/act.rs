//! What can be done with notifications.

use access::{Event, Facts, Plan, Resource};
use kernel::id::MembershipId;
use kernel::{Error, Result};
use serde_json::json;
use store::journal::Entry;
use store::{Batch, listing};
use web::notices::settings::{DAILY_HOUR, Offer, offers};
use web::notices::{Cadence, Stop};
use web::{Ctx, Visitor};

use super::model::{NotificationsForm, NotificationsOut, SubscriptionOut};
use super::query::{self, Named, Owner};
use super::{EDIT, VIEW};
use crate::members;

/// Whose notifications: the asker's own, or those of a member within the plan.
async fn whose(ctx: &Ctx, other: Option<MembershipId>) -> Result<(Named, Facts)> {
    let own = Facts::of(ctx.who.organization.uuid());
    let (named, facts) = match other {
        None => (Named { id: ctx.who.membership, name: ctx.who.name.clone() }, own),
        Some(id) => {
            listing::find(ctx.store(), &ctx.plan, members::VIEW, &members::query::MEMBERS, id.uuid()).await?
        }
    };
    let facts = super::facts_of(named.id, &facts);
    if ctx.plan.check(VIEW, &facts) { Ok((named, facts)) } else { Err(Error::NotFound) }
}

/// What the person's roles bring; not what the asker's token is cut down to.
async fn plan_of(ctx: &Ctx, id: MembershipId) -> Result<std::sync::Arc<Plan>> {
    if id == ctx.who.membership && ctx.who.token.is_none() {
        return Ok(ctx.plan.clone());
    }
    web::identity::plan(&ctx.app, ctx.who.organization, id).await
}

async fn read(ctx: &Ctx, named: Named, offers: &[Offer]) -> Result<NotificationsOut> {
    let organization = ctx.who.organization;
    let choices = query::choices(ctx.store(), organization, named.id).await?;
    let hour = query::hour(ctx.store(), organization, named.id).await?;
    let (hour, zone) = hour.unwrap_or_else(|| (DAILY_HOUR, ctx.who.zone.clone()));
    let events = offers
        .iter()
        .map(|offer| {
            let choice = choices.iter().find(|(event, _)| *event == offer.event).map(|(_, cadence)| *cadence);
            SubscriptionOut {
                event: offer.event,
                label: offer.event.label(),
                tells: offer.tells.clone(),
                cadence: choice.unwrap_or(offer.by_default),
                by_default: offer.by_default,
                chosen: choice.is_some(),
            }
        })
        .collect();
    Ok(NotificationsOut { membership: named.id, name: named.name, events, hour, zone })
}

/// What somebody is mailed about.
pub(super) async fn show(ctx: &Ctx, other: Option<MembershipId>) -> Result<NotificationsOut> {
    let (named, _) = whose(ctx, other).await?;
    let plan = plan_of(ctx, named.id).await?;
    read(ctx, named, &offers(&ctx.app, &plan)).await
}

/// Chooses.
pub(super) async fn edit(
    ctx: &Ctx,
    other: Option<MembershipId>,
    form: &NotificationsForm,
) -> Result<NotificationsOut> {
    let (named, facts) = whose(ctx, other).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let plan = plan_of(ctx, named.id).await?;
    let offers = offers(&ctx.app, &plan);
    let draft = form.parse(&offers)?;
    let before = read(ctx, named.clone(), &offers).await?;
    let mut batch = Batch::new();
    for (event, cadence) in &draft.choices {
        match cadence {
            Some(cadence) => query::choose(&mut batch, &permit, named.id, *event, *cadence, ctx.now()),
            None => query::follow_roles(&mut batch, &permit, named.id, *event),
        }
    }
    if draft.hour.is_some() || draft.zone.is_some() {
        let hour = draft.hour.unwrap_or(before.hour);
        query::set_hour(&mut batch, &permit, named.id, hour, draft.zone.as_deref().unwrap_or(&before.zone));
    }
    let chosen: Vec<_> = draft
        .choices
        .iter()
        .map(|(event, cadence)| (event.word(), cadence.map_or("default", |cadence| cadence.word())))
        .collect();
    let was: Vec<_> = before.events.iter().map(|one| (one.event.word(), one.cadence.word())).collect();
    let detail = json!({ "before": was, "chosen": chosen, "hour": draft.hour, "zone": draft.zone });
    ctx.journal(&mut batch, "edit", Resource::Notification, Some(named.id), &named.name, &detail);
    ctx.commit(batch).await?;
    read(ctx, named, &offers).await
}

/// Follows the roles again, in everything.
pub(super) async fn reset(ctx: &Ctx, other: Option<MembershipId>) -> Result<NotificationsOut> {
    let (named, facts) = whose(ctx, other).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let mut batch = Batch::new();
    query::reset(&mut batch, &permit, named.id);
    ctx.journal(&mut batch, "reset", Resource::Notification, Some(named.id), &named.name, &json!({}));
    ctx.commit(batch).await?;
    show(ctx, other).await
}

/// What a link would stop, and whose.
pub(super) async fn stopping(visitor: &Visitor, word: &str) -> Result<(Stop, Owner)> {
    let stop = web::notices::stopped(&visitor.app, word).ok_or(Error::NotFound)?;
    let owner = query::owner(&visitor.app.store, &stop).await?;
    Ok((stop, owner))
}

/// Turns off what a link stops.
pub(super) async fn stop(visitor: &Visitor, word: &str) -> Result<(Stop, Owner)> {
    let (stop, owner) = stopping(visitor, word).await?;
    let now = visitor.app.clock.now();
    let mut batch = Batch::new();
    query::stop(&mut batch, &stop, &owner, now);
    let off: Vec<&str> = stop.events.iter().map(|event: &Event| event.word()).collect();
    store::journal::append(
        &mut batch,
        &Entry {
            organization: owner.organization,
            at: now,
            account: Some(owner.account),
            membership: Some(stop.membership),
            name: &owner.name,
            roles: "",
            action: "unsubscribe",
            resource: Resource::Notification.word(),
            record: Some(stop.membership.uuid()),
            label: &owner.name,
            detail: &json!({ "off": off, "through": "the link in a message", "to": Cadence::Off })
                .to_string(),
            address: &visitor.address,
        },
    );
    visitor.app.store.commit(batch).await?;
    Ok((stop, owner))
}
