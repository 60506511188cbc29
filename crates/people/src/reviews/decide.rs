//! Confirming and revoking. Revoking goes the same way as taking a role on the person's own page; confirming asks the
//! same questions, because whoever signs for a grant has to be somebody who could give it.

use kernel::id::{ReviewId, ReviewItemId};
use kernel::{Error, Result};
use store::Batch;
use store::listing;
use web::Ctx;

use super::model::{DecidedOut, Decision, DecisionsForm, ItemOut, RefusedOut, ReviewOut};
use super::query::{self, Decided, ITEMS};
use super::{TAKE, VIEW, act};
use crate::members::{taking, vouching};

/// Decides on some grants of a campaign, each by itself: what is refused for one leaves the others done.
///
/// # Errors
/// What is wrong with the form; a refusal that concerns all of them; or the store's.
pub(super) async fn decide(ctx: &Ctx, id: ReviewId, form: &DecisionsForm) -> Result<DecidedOut> {
    let review = act::find(ctx, id).await?;
    if review.closed {
        return Err(Error::conflict("This campaign was closed."));
    }
    if !review.mine {
        return Err(Error::forbidden("You are not among the reviewers of this campaign."));
    }
    let wanted = form.parse()?;
    let mut out = DecidedOut::default();
    for item in wanted.items {
        let found = one(ctx, &review, item).await;
        let member_name = found.as_ref().ok().map(|(item, _)| item.member_name.clone());
        let done = match found {
            Ok((item, permit)) => apply(ctx, &item, &permit, wanted.revoke, wanted.reason.as_str()).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => out.done += 1,
            Err(error @ (Error::Unavailable(_) | Error::Internal { .. })) => return Err(error),
            Err(error) => out.refused.push(RefusedOut { item, member_name, why: said(error) }),
        }
    }
    Ok(out)
}

fn said(error: Error) -> String {
    match error {
        Error::NotFound => "there is no such grant in this campaign".into(),
        Error::Invalid(fields) => {
            fields.iter().flat_map(|(_, messages)| messages.iter().cloned()).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// A grant of the campaign within the plan, and the permit to decide on it.
async fn one(ctx: &Ctx, review: &ReviewOut, id: ReviewItemId) -> Result<(ItemOut, access::Permit)> {
    let (item, facts): (ItemOut, _) = listing::find(ctx.store(), &ctx.plan, VIEW, &ITEMS, id.uuid()).await?;
    if item.review != review.id {
        return Err(Error::NotFound);
    }
    if item.member == ctx.who.membership {
        return Err(Error::forbidden("Nobody decides on their own roles. Another reviewer has to."));
    }
    let permit = ctx.plan.permit(TAKE, &facts)?;
    Ok((item, permit))
}

async fn apply(ctx: &Ctx, item: &ItemOut, permit: &access::Permit, revoke: bool, reason: &str) -> Result<()> {
    if item.decision == Decision::Revoked {
        return Err(Error::conflict("This was revoked already."));
    }
    let decided =
        |decision| Decided { decision, at: ctx.now(), by: ctx.who.membership, name: &ctx.who.name, reason };
    let mut batch = if !item.there {
        Batch::new()
    } else if revoke {
        taking(ctx, item.member, item.assignment, reason).await?
    } else {
        vouching(ctx, item.member, item.assignment).await?;
        Batch::new()
    };
    let decision = match (item.there, revoke) {
        (false, _) => Decision::Gone,
        (true, true) => Decision::Revoked,
        (true, false) => Decision::Confirmed,
    };
    query::guard_running(&mut batch, ctx.who.organization, item.review);
    query::decide(&mut batch, permit, item.id, &decided(decision));
    if decision == Decision::Confirmed {
        let detail = serde_json::json!({
            "before": { "role": item.role, "targets": item.targets }, "after": { "role": item.role, "targets": item.targets },
            "reason": reason,
        });
        let member = Some(item.member);
        ctx.journal(
            &mut batch,
            "confirm_role",
            access::Resource::Account,
            member,
            &item.member_name,
            &detail,
        );
    }
    ctx.commit(batch).await?;
    Ok(())
}
