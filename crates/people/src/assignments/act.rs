//! Changing where and when a role is held. A changed assignment counts as given anew: whoever changes it must be able
//! to give all of it, as it was and as it will be, and answers for it from then on.

use access::{Assignment, Authority, Permit, Refusal, Resource, Target};
use jiff::tz::TimeZone;
use kernel::id::{AssignmentId, MembershipId};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::Ctx;
use web::change::{self, Kind, Prepared, Preparing};

use super::model::{ChangeForm, GuestForm};
use super::{CHANGE, GUESTS, MANAGER};
use crate::grants;
use crate::members::query::{self, NewAssignment};
use crate::members::{self, GiveForm, MemberOut, Term};
use crate::targets::{self, names::Names};

/// One role of a member within the plan, for the form.
pub(super) async fn held(ctx: &Ctx, id: MembershipId, role: AssignmentId) -> Result<(MemberOut, Assignment)> {
    let (member, facts) = members::find(ctx, id).await?;
    ctx.plan.permit(CHANGE, &facts)?;
    let held = members::authority(ctx, id).await?;
    let one = held.assignments.into_iter().find(|a| a.id == role).ok_or(Error::NotFound)?;
    Ok((member, one))
}

/// The organization's zone: days of roles are meant in it.
pub(super) fn zone(ctx: &Ctx) -> TimeZone {
    TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC)
}

/// Changes where and when a role is held.
pub(super) async fn change(
    ctx: &Ctx,
    id: MembershipId,
    role: AssignmentId,
    form: &ChangeForm,
) -> Result<MemberOut> {
    if let Some(prepared) = prepare(ctx, id, role, form).await? {
        let said = json!({ "member": id, "assignment": role, "form": form });
        change::commit(ctx, CHANGE_KIND, &said, prepared).await?;
    }
    Ok(members::show(ctx, id).await?.0)
}

/// Changing where and when a role is held, as a kind of change.
pub(super) const CHANGE_KIND: Kind = Kind { word: "change_role", prepare: change_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeSaid {
    member: MembershipId,
    assignment: AssignmentId,
    form: ChangeForm,
}

fn change_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let ChangeSaid { member, assignment, form } = change::said(form)?;
        let prepared = prepare(ctx, member, assignment, &form).await?;
        prepared.ok_or_else(|| Error::conflict("The role is held like that already."))
    })
}

/// Asks every question about holding a role elsewhere or at other times; nothing where that is how it is held.
async fn prepare(
    ctx: &Ctx,
    id: MembershipId,
    role: AssignmentId,
    form: &ChangeForm,
) -> Result<Option<Prepared>> {
    let (member, facts) = members::find(ctx, id).await?;
    let permit = ctx.plan.permit(CHANGE, &facts)?;
    if id == ctx.who.membership {
        return Err(grants::refused(Refusal::OneselfOnly));
    }
    let before = members::authority(ctx, id).await?;
    let held = before.assignments.iter().find(|a| a.id == role).ok_or(Error::NotFound)?.clone();
    if !form.given_at.is_blank() && form.given_at.as_str().trim() != held.granted_at.to_string() {
        return Err(Error::Stale);
    }
    let term = Term::read(&form.from, &form.until, &zone(ctx), ctx.now())?;
    let mut chosen = members::chosen(ctx, &held.role, &form.targets).await?;
    // What the asker cannot see stays; whether they may change it at all is asked of the whole.
    let names = Names::of(ctx, held.targets.iter().copied()).await?;
    chosen.extend(held.targets.iter().copied().filter(|target| !names.knows(*target)));
    let (mut now, mut then) = (chosen.clone(), held.targets.clone());
    now.sort_unstable();
    then.sort_unstable();
    if now == then && (term.from, term.until) == (held.from, held.until) {
        return Ok(None);
    }
    let changed = Assignment { targets: chosen, from: term.from, until: term.until, ..held.clone() };
    let mut after = before.clone();
    let changed = mark(ctx, &mut after, changed);
    let mut batch = turn(ctx, &permit, &member, &before, &mut after, &changed).await?;
    let words = |a: &Assignment| {
        json!({
            "role": a.role.key,
            "targets": a.targets.iter().map(|t| targets::word(*t)).collect::<Vec<_>>(),
            "from": a.from,
            "until": a.until,
        })
    };
    let detail = json!({ "before": words(&held), "after": words(&changed) });
    ctx.journal(&mut batch, "change_role", Resource::Account, Some(id), &member.name, &detail);
    let written = |at: Option<kernel::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let back = ChangeForm {
        targets: held.targets.iter().map(|t| targets::word(*t)).collect(),
        from: written(held.from).into(),
        until: written(held.until).into(),
        given_at: stored(ctx.now()).to_string().into(),
    };
    Ok(Some(Prepared {
        title: format!("{}: where and when {} is held", member.name, held.role.name),
        about: Some(id.to_string()),
        batch,
        pairs: vec![(before, after)],
        from: term.from.filter(|from| *from > ctx.now()),
        inverse: Some((CHANGE_KIND.word, json!({ "member": id, "assignment": role, "form": back }))),
        ..Prepared::default()
    }))
}

/// An instant as it is read back: in microseconds.
fn stored(at: kernel::Timestamp) -> kernel::Timestamp {
    kernel::Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// Gives a manager the extra permission to create guest contractors and technicians and to assign contractors to jobs
/// (ROLES.md: Service), at the sites they manage; or takes it.
pub(super) async fn set_guests(ctx: &Ctx, id: MembershipId, form: &GuestForm) -> Result<MemberOut> {
    let (member, _) = members::find(ctx, id).await?;
    let held = members::authority(ctx, id).await?;
    let of = |key: &str| held.assignments.iter().filter(move |a| a.role.key == key).collect::<Vec<_>>();
    let mut now = members::show(ctx, member.id).await?.0;
    if !form.on.is_on() {
        for one in of(GUESTS) {
            now = members::take(ctx, id, one.id).await?;
        }
        return Ok(now);
    }
    let managed = of(MANAGER);
    if managed.is_empty() {
        return Err(Error::conflict("This permission is added to a manager. Give the role Manager first."));
    }
    let extra = of(GUESTS);
    let mut sites: Vec<Target> = managed.iter().flat_map(|a| a.targets.iter().copied()).collect();
    sites.sort_unstable();
    sites.dedup();
    sites.retain(|site| !extra.iter().any(|a| a.targets.contains(site)));
    if sites.is_empty() {
        return Ok(now);
    }
    let form = GiveForm {
        role: GUESTS.into(),
        targets: sites.iter().map(|t| targets::word(*t)).collect(),
        ..GiveForm::default()
    };
    members::give(ctx, id, &form).await
}

/// Puts a changed assignment in its place, marked as given now by the asker.
pub(crate) fn mark(ctx: &Ctx, after: &mut Authority, changed: Assignment) -> Assignment {
    let changed = Assignment { granted_by: Some(ctx.who.membership), granted_at: ctx.now(), ..changed };
    for one in after.assignments.iter_mut().filter(|a| a.id == changed.id) {
        *one = changed.clone();
    }
    changed
}

/// Asks every question about turning `before` into `after`, in which `changed` stands instead of what it was, and
/// begins the batch that does it.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Conflict`] or a message at `role` or `targets`, each with a sentence; or the store's.
pub(crate) async fn turn(
    ctx: &Ctx,
    permit: &Permit,
    member: &MemberOut,
    before: &Authority,
    after: &mut Authority,
    changed: &Assignment,
) -> Result<Batch> {
    let giver = grants::giver(ctx).await?;
    let held = before.assignments.iter().find(|a| a.id == changed.id);
    let hierarchy = members::hierarchy(ctx, &[before, after]).await?;
    let placement = members::place(after, &hierarchy);
    let added: Vec<Target> = changed
        .targets
        .iter()
        .copied()
        .filter(|target| held.is_none_or(|held| !held.targets.contains(target)))
        .collect();
    grants::everywhere(ctx, CHANGE, &added, &hierarchy)?;
    grants::may_turn(ctx, &giver, Some(before), after, &hierarchy)?;
    if changed.role.administrator {
        grants::still_administered(ctx, before, after).await?;
    }
    grants::keeps_a_static_site(ctx.store(), ctx.who.organization, member.entry, &after.assignments).await?;
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
    query::change_assignment(
        &mut batch,
        permit,
        &NewAssignment {
            organization: permit.organization(),
            membership: member.id,
            id: changed.id,
            role: &changed.role.key,
            targets: &changed.targets,
            from: changed.from,
            until: changed.until,
            granted_by: Some(permit.membership()),
            now: ctx.now(),
        },
    );
    query::place(&mut batch, permit.organization(), member.id, &placement);
    Ok(batch)
}
