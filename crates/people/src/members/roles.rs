//! Giving roles and taking them away.

use std::sync::Arc;

use access::{Assignment, Authority, Because, Reach, Refusal, Resource, Role, Target};
use jiff::tz::TimeZone;
use kernel::id::{AssignmentId, MembershipId};
use kernel::{Audience, Error, Result};
use serde_json::json;
use store::Batch;
use web::Ctx;
use web::change::{Kind, Prepared, Preparing, remember, said};

use super::act::{authority, find, show};
use super::forms::RoleOffer;
use super::model::{GiveForm, MemberOut, read_targets};
use super::query::{self, NewAssignment};
use crate::grants::{self, GIVE, TAKE};
use crate::targets::{self, names::Names};

/// The role of a key, for members of a side.
///
/// # Errors
/// A message at `role`.
pub(crate) async fn role(ctx: &Ctx, key: &str, audience: Option<Audience>) -> Result<Arc<Role>> {
    ctx.roles()
        .await?
        .role(key.trim())
        .filter(|role| audience.is_none_or(|side| side == role.audience))
        .cloned()
        .ok_or_else(|| Error::field("role", "choose a role from the list"))
}

/// Targets as typed for a role, each within the plan of whoever chooses: one that may not be seen answers like one
/// that is not there.
///
/// # Errors
/// A message at `targets`.
pub(crate) async fn chosen(ctx: &Ctx, role: &Role, words: &[String]) -> Result<Vec<Target>> {
    let chosen = read_targets(words)?;
    let names = Names::of(ctx, chosen.iter().copied()).await?;
    if chosen.iter().any(|target| !names.knows(*target)) {
        return Err(Error::field("targets", "choose from the list"));
    }
    if role.reach == Reach::Own && !chosen.is_empty() {
        return Err(Error::field(
            "targets",
            format!("{} reaches only their own things; name no place", role.name),
        ));
    }
    if role.reach != Reach::Own && chosen.is_empty() {
        return Err(Error::field(
            "targets",
            "choose at least one; an empty list means nothing, never everything",
        ));
    }
    Ok(chosen)
}

/// Gives a member one more role.
pub(crate) async fn give(ctx: &Ctx, id: MembershipId, form: &GiveForm) -> Result<MemberOut> {
    let mut prepared = prepare_give(ctx, id, form).await?;
    remember(ctx, GIVE_KIND, &json!({ "member": id, "form": form }), &mut prepared);
    ctx.commit_new(prepared.batch, &format!("/members/{id}")).await?;
    Ok(show(ctx, id).await?.0)
}

/// Giving a role, as a kind of change.
pub(crate) const GIVE_KIND: Kind = Kind { word: "give_role", prepare: give_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct GiveSaid {
    member: MembershipId,
    form: GiveForm,
}

fn give_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let GiveSaid { member, form } = said(form)?;
        prepare_give(ctx, member, &form).await
    })
}

/// Taking a role, as a kind of change.
pub(crate) const TAKE_KIND: Kind = Kind { word: "take_role", prepare: take_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct TakeSaid {
    member: MembershipId,
    assignment: AssignmentId,
    /// When it was given, for it to be the one that is meant.
    #[serde(default)]
    given_at: Option<kernel::Timestamp>,
    /// Why.
    #[serde(default)]
    reason: String,
}

fn take_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let TakeSaid { member, assignment, given_at, reason } = said(form)?;
        prepare_take(ctx, member, assignment, given_at, &reason).await
    })
}

async fn prepare_give(ctx: &Ctx, id: MembershipId, form: &GiveForm) -> Result<Prepared> {
    let (member, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit_new(GIVE, &facts)?;
    let role = role(ctx, form.role.as_str(), Some(member.audience)).await?;
    let zone = TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC);
    let term = form.term(&zone, ctx.now())?;
    let chosen = chosen(ctx, &role, &form.targets).await?;

    let giver = grants::giver(ctx).await?;
    let before = authority(ctx, id).await?;
    let assignment = Assignment {
        id: AssignmentId::new(),
        role: role.clone(),
        targets: chosen.clone(),
        from: term.from,
        until: term.until,
        granted_by: Some(ctx.who.membership),
        granted_at: ctx.now(),
    };
    let mut after = before.clone();
    after.assignments.push(assignment.clone());
    let all = after.assignments.iter().flat_map(|a| a.targets.iter().copied());
    let hierarchy = targets::around(ctx, all).await?;
    let placement = place(&mut after, &hierarchy);
    grants::everywhere(ctx, GIVE, &chosen, &hierarchy)?;
    grants::may_turn(ctx, &giver, Some(&before), &after, &hierarchy)?;
    grants::keeps_a_static_site(ctx.store(), ctx.who.organization, member.entry, &after.assignments).await?;

    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
    query::insert_assignment(
        &mut batch,
        &NewAssignment {
            organization: permit.organization(),
            membership: id,
            id: assignment.id,
            role: &role.key,
            targets: &chosen,
            from: term.from,
            until: term.until,
            granted_by: Some(permit.membership()),
            now: ctx.now(),
        },
    );
    query::place(&mut batch, permit.organization(), id, &placement);
    ctx.journal(
        &mut batch,
        "give_role",
        Resource::Account,
        Some(id),
        &member.name,
        &json!({ "after": form }),
    );
    Ok(Prepared {
        title: format!("{}: given the role {}", member.name, role.name),
        about: Some(id.to_string()),
        batch,
        pairs: vec![(before, after)],
        from: term.from.filter(|from| *from > ctx.now()),
        inverse: Some((
            TAKE_KIND.word,
            json!({ "member": id, "assignment": assignment.id, "given_at": ctx.now() }),
        )),
        ..Prepared::default()
    })
}

/// Takes a role from a member.
pub(crate) async fn take(ctx: &Ctx, id: MembershipId, assignment: AssignmentId) -> Result<MemberOut> {
    let batch = taking(ctx, id, assignment, "").await?;
    ctx.commit(batch).await?;
    Ok(show(ctx, id).await?.0)
}

/// May the asker answer for a role that a member holds? The same questions as for taking it: somebody who could give
/// it, never the holder.
///
/// # Errors
/// [`Error::NotFound`], a refusal with its reason, or the store's.
pub(crate) async fn vouching(ctx: &Ctx, id: MembershipId, assignment: AssignmentId) -> Result<()> {
    let (_, facts) = find(ctx, id).await?;
    ctx.plan.permit(TAKE, &facts)?;
    if id == ctx.who.membership {
        return Err(grants::refused(Refusal::OneselfOnly));
    }
    let giver = grants::giver(ctx).await?;
    let before = authority(ctx, id).await?;
    let held = before.assignments.iter().find(|a| a.id == assignment).cloned();
    let held = held.ok_or(Error::NotFound)?;
    let all = before.assignments.iter().flat_map(|a| a.targets.iter().copied());
    let hierarchy = targets::hierarchy(ctx.store(), ctx.who.organization, all).await?;
    grants::may_manage(ctx, &giver, &Authority { assignments: vec![held], ..before.clone() }, &hierarchy)
}

/// The batch that takes a role from a member, with its journal line, which keeps the reason, and what takes it back.
///
/// # Errors
/// [`Error::NotFound`], a refusal with its reason, or the store's.
pub(crate) async fn taking(
    ctx: &Ctx,
    id: MembershipId,
    assignment: AssignmentId,
    reason: &str,
) -> Result<Batch> {
    let mut prepared = prepare_take(ctx, id, assignment, None, reason).await?;
    let said = json!({ "member": id, "assignment": assignment, "reason": reason });
    remember(ctx, TAKE_KIND, &said, &mut prepared);
    Ok(prepared.batch)
}

async fn prepare_take(
    ctx: &Ctx,
    id: MembershipId,
    assignment: AssignmentId,
    given_at: Option<kernel::Timestamp>,
    reason: &str,
) -> Result<Prepared> {
    let (member, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(TAKE, &facts)?;
    if id == ctx.who.membership {
        return Err(grants::refused(Refusal::OneselfOnly));
    }
    let giver = grants::giver(ctx).await?;
    let before = authority(ctx, id).await?;
    let gone = before.assignments.iter().find(|a| a.id == assignment).cloned();
    let gone = gone.ok_or(Error::NotFound)?;
    if given_at.is_some_and(|at| at.as_microsecond() != gone.granted_at.as_microsecond()) {
        return Err(Error::Stale);
    }
    let mut after = before.clone();
    after.assignments.retain(|a| a.id != assignment);
    let all = before.assignments.iter().flat_map(|a| a.targets.iter().copied());
    let hierarchy = targets::around(ctx, all).await?;
    let placement = place(&mut after, &hierarchy);
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
    // Nobody demotes those above: what is taken must be what one could give.
    let taken = Authority { assignments: vec![gone.clone()], ..before.clone() };
    grants::may_manage(ctx, &giver, &taken, &hierarchy)?;
    if gone.role.administrator {
        grants::still_administered(ctx, &before, &after).await?;
    }
    grants::keeps_a_static_site(ctx.store(), ctx.who.organization, member.entry, &after.assignments).await?;
    query::remove_assignment(&mut batch, &permit, id, assignment);
    query::place(&mut batch, permit.organization(), id, &placement);
    let mut detail = json!({
        "before": {
            "role": gone.role.key,
            "targets": gone.targets.iter().map(|t| targets::word(*t)).collect::<Vec<_>>(),
        },
    });
    if let (false, Some(detail)) = (reason.is_empty(), detail.as_object_mut()) {
        detail.insert("reason".into(), reason.into());
    }
    ctx.journal(&mut batch, "take_role", Resource::Account, Some(id), &member.name, &detail);
    let roles = ctx.roles().await?;
    let form = GiveForm {
        role: gone.role.key.as_str().into(),
        targets: gone.targets.iter().map(|t| targets::word(*t)).collect(),
        from: gone.from.map(|at| at.to_string()).unwrap_or_default().into(),
        until: gone.until.map(|at| at.to_string()).unwrap_or_default().into(),
    };
    Ok(Prepared {
        title: format!("{}: the role {} taken away", member.name, roles.name(&gone.role.key)),
        about: Some(id.to_string()),
        batch,
        pairs: vec![(before, after)],
        inverse: Some((GIVE_KIND.word, json!({ "member": id, "form": form }))),
        ..Prepared::default()
    })
}

/// Gives somebody of the demo world a role for a time, and takes it again.
///
/// # Errors
/// The store's, or a refusal.
pub(crate) async fn demo(ctx: &Ctx, id: MembershipId) -> Result<()> {
    let day = ctx.now().to_zoned(super::zone(ctx)).date();
    let until = day.checked_add(jiff::Span::new().days(30)).unwrap_or(day);
    let form = GiveForm {
        role: "accountant".into(),
        targets: vec!["organization".into()],
        until: until.to_string().into(),
        ..GiveForm::default()
    };
    let given = give(ctx, id, &form).await?;
    let last = given.roles.iter().flatten().find(|role| role.role == "accountant").map(|role| role.id);
    if let Some(last) = last {
        let batch = taking(ctx, id, last, "The books are closed").await?;
        ctx.commit(batch).await?;
    }
    Ok(())
}

/// Where somebody stands with these roles; the clients they are kept to never become fewer.
pub(crate) fn place(after: &mut Authority, hierarchy: &access::Hierarchy) -> targets::Placement {
    let all: Vec<Target> = after.assignments.iter().flat_map(|a| a.targets.iter().copied()).collect();
    let mut placement = targets::place(after.audience, &all, &[], hierarchy);
    placement.clients.retain(|client| !after.clients.contains(client));
    after.clients.extend(&placement.clients);
    placement
}

/// The roles of some sides that the asker could give, with what keeps one from being given now.
pub(crate) async fn offers(ctx: &Ctx, sides: &[Audience]) -> Result<Vec<RoleOffer>> {
    let roles = ctx.roles().await?;
    Ok(grants::offered(&roles, &ctx.plan, sides)
        .into_iter()
        .map(|role| {
            let off = roles.off(&role).map(|because| match because {
                Because::FeatureOff(feature) => {
                    let label = crate::organization::features::label(feature);
                    format!("it needs the feature “{label}”, which is off")
                }
                Because::PackOff => crate::organization::features::packs_off(&role),
                other => access::sentence::because(other),
            });
            RoleOffer { role, off }
        })
        .collect())
}
