//! Inviting somebody whose account was saved before (ROLES.md: GuardHouse, "send invitation as a separate act"). The
//! letter gives nothing that they do not hold already; it opens the door.

use access::{Authority, Permit, Resource};
use kernel::id::{InvitationId, MembershipId};
use kernel::secret::Secret;
use kernel::text::{EmailAddress, Name};
use kernel::{Audience, Error, Result};
use serde_json::json;
use store::Batch;
use web::Ctx;

use super::model::{InvitationOut, Offered};
use super::query;
use super::{INVITE, act};
use crate::grants;
use crate::members::{self, Entry, query as people};
use crate::sign_in::throttle::Attempt;
use crate::targets;

/// Sends the letter, or sends it once more: the one before is dead from then on.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Forbidden`] as for any act on a person; [`Error::Conflict`] for somebody who has
/// joined, is deactivated or holds no role; the organization's two rules at their fields; or the store's.
pub(super) async fn invite(ctx: &Ctx, id: MembershipId) -> Result<InvitationOut> {
    let (member, facts) = members::find(ctx, id).await?;
    let permit = ctx.plan.permit(INVITE, &facts)?;
    if member.entry == Entry::Joined {
        return Err(Error::conflict(format!("{} has joined already.", member.name)));
    }
    if !member.active {
        return Err(Error::conflict("Reactivate this person before you invite them."));
    }
    let giver = grants::giver(ctx).await?;
    let held = members::authority(ctx, id).await?;
    grants::may_manage(ctx, &giver, &held, &members::hierarchy(ctx, &[&held]).await?)?;
    let email: EmailAddress = member.email.parse().map_err(Error::internal)?;
    let name: Name = member.name.parse().map_err(Error::internal)?;
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
    query::revoke_to(&mut batch, &permit, id, ctx.now());
    let invitation = letter(ctx, &mut batch, &permit, &held, &email, &name).await?;
    people::set_entry(&mut batch, permit.organization(), id, Entry::Invited);
    ctx.journal(&mut batch, "invite", Resource::Account, Some(id), &member.name, &json!({}));
    ctx.commit(batch).await?;
    Ok(act::find(ctx, invitation).await?.0)
}

/// Puts the letter to a saved account into a batch, after the organization's two rules and the mailbox were asked.
///
/// # Errors
/// [`Error::Conflict`] with a sentence; messages at `targets` and `email`; or the store's.
pub(crate) async fn letter(
    ctx: &Ctx,
    batch: &mut Batch,
    permit: &Permit,
    held: &Authority,
    email: &EmailAddress,
    name: &Name,
) -> Result<InvitationId> {
    let now = ctx.now();
    let Some(first) = held.assignments.iter().find(|a| a.until.is_none_or(|until| now < until)) else {
        return Err(Error::conflict("Give a role first; without one the invitation would open nothing."));
    };
    grants::keeps_a_static_site(ctx.store(), ctx.who.organization, Entry::Invited, &held.assignments).await?;
    let blind = act::staff_email(ctx, email, held.audience).await?;
    let mailbox = Attempt::invitation_mail(ctx.store(), email.as_str());
    if !mailbox.count_in(batch, ctx.store(), now).await? {
        return Err(Error::conflict(
            "Several letters went to this address within the hour already. Wait a little.",
        ));
    }
    let all: Vec<_> = held.assignments.iter().flat_map(|a| a.targets.iter().copied()).collect();
    let hierarchy = targets::hierarchy(ctx.store(), ctx.who.organization, all.iter().copied()).await?;
    let mut placement = targets::place(held.audience, &all, &[], &hierarchy);
    if held.audience != Audience::Staff && placement.clients.is_empty() {
        placement.clients.clone_from(&held.clients);
    }
    let id = InvitationId::new();
    let secret = Secret::random();
    query::insert(
        batch,
        permit,
        &query::New {
            id,
            email,
            name,
            audience: held.audience,
            role: &first.role.key,
            offered: &Offered {
                targets: first.targets.iter().map(|t| targets::word(*t)).collect(),
                clients: held.clients.clone(),
                subcontractor: held.subcontractor,
                team: None,
            },
            placement: &placement,
            secret: &secret,
            membership: Some(held.membership),
            now,
        },
    );
    act::post(ctx, batch, (id, email), &first.role, &first.targets, &secret, blind).await?;
    Ok(id)
}
