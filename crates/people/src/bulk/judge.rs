//! The questions about one person of many: the same that are asked on their page.

use std::sync::Arc;

use access::{Assignment, Authority, Hierarchy, Role, Target};
use kernel::id::AssignmentId;
use kernel::{Error, Result};
use web::Ctx;

use crate::grants::{self, GIVE};
use crate::members::{self, MemberOut, Term};
use crate::targets::Placement;

/// What is to be given to everybody.
pub(super) struct Offer {
    pub(super) role: Arc<Role>,
    pub(super) targets: Vec<Target>,
    pub(super) term: Term,
}

/// What somebody would hold.
pub(super) struct Good {
    pub(super) member: MemberOut,
    pub(super) assignment: Assignment,
    pub(super) placement: Placement,
    pub(super) before: Authority,
    pub(super) after: Authority,
}

/// May this person be given it? A sentence where not.
///
/// # Errors
/// The store's.
pub(super) async fn judge(
    ctx: &Ctx,
    giver: &Authority,
    offer: &Offer,
    member: MemberOut,
    before: &Authority,
    hierarchy: &Hierarchy,
) -> Result<std::result::Result<Good, String>> {
    match asked(ctx, giver, offer, &member, before, hierarchy).await {
        Ok((assignment, placement, after)) => {
            Ok(Ok(Good { member, assignment, placement, before: before.clone(), after }))
        }
        Err(Error::Invalid(errors)) => {
            let all: Vec<String> = errors.iter().flat_map(|(_, messages)| messages.to_vec()).collect();
            Ok(Err(all.join(" ")))
        }
        Err(Error::Forbidden(why) | Error::Conflict(why)) => Ok(Err(why)),
        Err(other) => Err(other),
    }
}

async fn asked(
    ctx: &Ctx,
    giver: &Authority,
    offer: &Offer,
    member: &MemberOut,
    before: &Authority,
    hierarchy: &Hierarchy,
) -> Result<(Assignment, Placement, Authority)> {
    ctx.plan.permit_new(GIVE, &member.facts)?;
    if !member.active {
        return Err(Error::conflict("is deactivated"));
    }
    let holds = before.assignments.iter().any(|a| {
        a.role.key == offer.role.key
            && offer.targets.iter().all(|target| a.targets.contains(target))
            && (a.from, a.until) == (offer.term.from, offer.term.until)
    });
    if holds {
        return Err(Error::conflict("holds this role there already"));
    }
    let assignment = Assignment {
        id: AssignmentId::new(),
        role: offer.role.clone(),
        targets: offer.targets.clone(),
        from: offer.term.from,
        until: offer.term.until,
        granted_by: Some(ctx.who.membership),
        granted_at: ctx.now(),
    };
    let mut after = before.clone();
    after.assignments.push(assignment.clone());
    let placement = members::place(&mut after, hierarchy);
    grants::may_turn(ctx, giver, Some(before), &after, hierarchy)?;
    grants::keeps_a_static_site(ctx.store(), ctx.who.organization, member.entry, &after.assignments).await?;
    Ok((assignment, placement, after))
}
