//! The questions before anybody's rights change: may the asker give this (law 2), does the role fit (law 6), is an
//! administrator left, does the client's account keep a static site. Members and invitations ask the same.

use std::sync::Arc;

use access::{
    Action, Assignment, Authority, Catalogue, Dimension, Excess, Facts, FeatureSet, Hierarchy, Permission,
    Plan, Refusal, Resource, Role, SwitchSet, Target, permission,
};
use kernel::id::OrganizationId;
use kernel::{Audience, Error, Result};
use store::{Batch, Store};
use uuid::Uuid;
use web::Ctx;

use crate::members::{Entry, query};
use crate::targets;

pub(crate) const GIVE: Permission = permission(Resource::Assignment, Action::Create);
const CHANGE: Permission = permission(Resource::Assignment, Action::Edit);
pub(crate) const TAKE: Permission = permission(Resource::Assignment, Action::Delete);

/// What the asker holds, read anew.
///
/// # Errors
/// The store's.
pub(crate) async fn giver(ctx: &Ctx) -> Result<Authority> {
    web::identity::authority(ctx.store(), ctx.who.organization, ctx.who.membership, ctx.now()).await
}

/// The facts of a place, as far as they decide who may give roles there.
pub(crate) fn facts(organization: OrganizationId, target: Target, hierarchy: &Hierarchy) -> Facts {
    hierarchy.facts(organization, target)
}

/// May the asker do this at each of these places?
///
/// # Errors
/// [`Error::Forbidden`] with a sentence.
pub(crate) fn everywhere(
    ctx: &Ctx,
    permission: Permission,
    targets: &[Target],
    hierarchy: &Hierarchy,
) -> Result<()> {
    for target in targets {
        let facts = facts(ctx.who.organization, *target, hierarchy);
        // A contractor adds people to its own company, whichever of its sites they work at.
        let facts = Facts { team: facts.team.or_else(|| own_team(ctx)), ..facts };
        ctx.plan.permit_new(permission, &facts)?;
    }
    Ok(())
}

/// The team of the company that a contractor's member acts for: whoever they add stands in it. Nothing for the others.
pub(crate) fn own_team(ctx: &Ctx) -> Option<Uuid> {
    if ctx.who.audience != Audience::Contractor {
        return None;
    }
    let arms = ctx.plan.arms(GIVE).iter().filter(|arm| arm.dimension == Dimension::Team);
    let teams: Vec<Uuid> = arms.flat_map(|arm| arm.ids.iter().copied()).collect();
    match teams.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// May the asker turn `before` into `after`? A token asks for no more than its own scopes.
///
/// # Errors
/// [`Error::Forbidden`] or, where the roles do not fit, [`Error::Invalid`] at `role`.
pub(crate) fn may_turn(
    ctx: &Ctx,
    giver: &Authority,
    before: Option<&Authority>,
    after: &Authority,
    hierarchy: &Hierarchy,
) -> Result<()> {
    access::may_assign(giver, before, after, ctx.now(), hierarchy).map_err(refused)?;
    let old = before.map_or(&[][..], |before| &before.assignments);
    named(
        &giver.compile(ctx.now()),
        after.assignments.iter().filter(|a| !old.contains(a)),
        &hierarchy.roles,
    )?;
    let all = before.into_iter().chain([after]);
    within_scopes(ctx, giver, all, hierarchy)
}

/// May the asker act on this person's sign-in?
///
/// # Errors
/// [`Error::Forbidden`] with a sentence.
pub(crate) fn may_manage(
    ctx: &Ctx,
    actor: &Authority,
    other: &Authority,
    hierarchy: &Hierarchy,
) -> Result<()> {
    access::may_manage(actor, other, ctx.now(), hierarchy).map_err(refused)?;
    named(&actor.compile(ctx.now()), &other.assignments, &hierarchy.roles)?;
    within_scopes(ctx, actor, [other], hierarchy)
}

/// Who may add people but not manage roles (assignments are theirs to create, not to change) gives only the roles
/// that their own roles name: a manager adds basic users, a call center officers, a guest contractor technicians
/// (ROLES.md), although some of them hold all that their own role grants.
///
/// # Errors
/// [`Error::Forbidden`] with a sentence that names the roles.
pub(crate) fn named<'a>(
    giver: &Plan,
    given: impl IntoIterator<Item = &'a Assignment>,
    roles: &Catalogue,
) -> Result<()> {
    let Some(may) = names_only(giver) else { return Ok(()) };
    if given.into_iter().all(|a| may.contains(&a.role.key.as_str())) {
        return Ok(());
    }
    let names: Vec<String> =
        may.iter().filter_map(|key| roles.role(key)).map(|role| role.name.clone()).collect();
    Err(Error::forbidden(if names.is_empty() {
        "Your roles name no role that you may give.".to_owned()
    } else {
        format!(
            "That goes beyond your own rights: you look after people who are {}.",
            targets::names::either(&names)
        )
    }))
}

/// The roles that somebody's roles name, if these are the only ones they may give.
fn names_only(giver: &Plan) -> Option<Vec<&str>> {
    if giver.may_ever(CHANGE) {
        return None;
    }
    Some(giver.live_roles().flat_map(|held| held.role.gives.iter().map(String::as_str)).collect())
}

/// A refusal as an error that a form or a problem can carry.
pub(crate) fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Unfit(sentence) => Error::field("role", sentence),
        other => Error::forbidden(other.to_string()),
    }
}

/// A token with few scopes must not hand out what it was not given: its member could, it cannot.
fn within_scopes<'a>(
    ctx: &Ctx,
    holder: &Authority,
    held: impl IntoIterator<Item = &'a Authority>,
    hierarchy: &Hierarchy,
) -> Result<()> {
    if ctx.who.token.is_none() {
        return Ok(());
    }
    let whole = holder.compile(ctx.now());
    if Permission::all().all(|p| ctx.plan.may_ever(p) || !whole.may_ever(p)) {
        return Ok(());
    }
    for authority in held {
        let excess = access::may_give(&ctx.plan, None, &at_most(authority).compile(ctx.now()), hierarchy);
        if let Err(excess) = excess {
            let first = excess.first().map(|e| match e {
                Excess::NotHeld(p) | Excess::TooWide(p) => p.to_string(),
            });
            return Err(Error::forbidden(format!(
                "The scopes of this token do not cover what the role gives ({}).",
                first.unwrap_or_default()
            )));
        }
    }
    Ok(())
}

/// The same person as if every role had begun, would never end, and nothing were switched off.
fn at_most(authority: &Authority) -> Authority {
    Authority {
        active: true,
        features: FeatureSet::all(),
        switches: SwitchSet::all(),
        assignments: authority
            .assignments
            .iter()
            .map(|a| Assignment { from: None, until: None, ..a.clone() })
            .collect(),
        ..authority.clone()
    }
}

/// Binds a change to the rights it was decided on: if anybody's rights in the organization changed in between, the
/// batch is refused. First in its batch, so that two changes wait for each other in the same order.
pub(crate) fn decided_on(batch: &mut Batch, authority: &Authority) {
    at_epoch(batch, authority.organization, authority.epoch);
}

/// The same, where what was decided on is more than one person's rights.
pub(crate) fn at_epoch(batch: &mut Batch, organization: OrganizationId, epoch: i64) {
    query::guard_epoch(batch, organization, epoch);
}

/// Is somebody left who administers the organization once this person holds `after`? Asked when an administrator's
/// role is taken, or the person is put out of action.
///
/// # Errors
/// [`Error::Conflict`] with a sentence.
pub(crate) async fn still_administered(ctx: &Ctx, before: &Authority, after: &Authority) -> Result<()> {
    let administers = |authority: &Authority| authority.assignments.iter().any(|a| a.role.administrator);
    if !administers(before) {
        return Ok(());
    }
    let mut all = web::identity::authorities(ctx.store(), ctx.who.organization, ctx.now()).await?;
    for one in all.iter_mut().filter(|one| one.membership == after.membership) {
        *one = after.clone();
    }
    if !access::still_administered(&all, ctx.now()) {
        return Err(last_administrator());
    }
    // Whoever is left must not lose it by themselves when a pack ends.
    let zone = crate::members::zone(ctx);
    crate::organization::features::stays_administered(
        ctx.store(),
        ctx.who.organization,
        &all,
        ctx.now(),
        &zone,
    )
    .await
}

/// What is said when nobody would be left.
pub(crate) fn last_administrator() -> Error {
    Error::conflict(
        "This is the last administrator. Give somebody else an administrator's role for the whole organization, without an end date, first.",
    )
}

/// Does the account of a client keep a static site, where the organization asks for one? Patrol sites alone are not
/// enough, neither at the invitation nor later. An account that is only saved may have what it likes: the rule is one
/// of invitations.
///
/// # Errors
/// [`Error::Invalid`] at `targets`; or the store's.
pub(crate) async fn keeps_a_static_site(
    store: &Store,
    organization: OrganizationId,
    entry: Entry,
    assignments: &[Assignment],
) -> Result<()> {
    if entry == Entry::Saved {
        return Ok(());
    }
    let theirs: Vec<Target> = assignments
        .iter()
        .filter(|a| a.role.is_portal_account())
        .flat_map(|a| a.targets.iter().copied())
        .collect();
    if theirs.is_empty() || !crate::organization::query::asks_for_a_static_site(store, organization).await? {
        return Ok(());
    }
    if targets::names::any_static(store, organization, &theirs).await? {
        return Ok(());
    }
    Err(Error::field(
        "targets",
        "A client's account needs at least one static site; patrol sites alone are not enough. (Settings, “Static site”.)",
    ))
}

/// The roles of a side that the asker could give somewhere: the built-in ones in the file's order, then the
/// organization's own. Those whose pack is off come along: whoever offers them says why they cannot be given now.
pub(crate) fn offered(roles: &Catalogue, plan: &Plan, audiences: &[kernel::Audience]) -> Vec<Arc<Role>> {
    let only = names_only(plan);
    roles
        .all()
        .filter(|role| only.as_ref().is_none_or(|only| only.contains(&role.key.as_str())))
        .filter(|role| audiences.contains(&role.audience))
        .filter(|role| {
            let named = plan.live_roles().any(|held| held.role.gives.contains(&role.key));
            named || access::may_write_role(plan, role, roles).is_ok()
        })
        .cloned()
        .collect()
}
