//! What can be done with members. Each function: find within the plan, permit, the questions about rights, one batch
//! with its journal line.

use access::{Authority, Catalogue, Facts, Plan, Resource};
use kernel::id::MembershipId;
use kernel::page::{Page, PageSize};
use kernel::text::EmailAddress;
use kernel::{Error, Result, Timestamp};
use serde_json::json;
use store::listing::{self, Listing};
use store::{Batch, Value};
use web::Ctx;
use web::change::{self, Kind, Prepared, Preparing};
use web::input::wanted;

use super::model::{Entry, MemberFilter, MemberForm, MemberOut, RoleOut, Standing};
use super::query::{self, Given, MEMBERS};
use super::{DELETE, EDIT, EXPLAIN, RESET_PASSWORD, SEE_ROLES, VIEW};
use crate::grants;
use crate::organization::features;
use crate::targets::names::Names;

/// The members within the plan, with their roles where those may be seen.
pub(super) async fn list(ctx: &Ctx, filter: &MemberFilter) -> Result<Page<MemberOut>> {
    ctx.require(VIEW)?;
    let mut listing = Listing::new(&ctx.plan, VIEW, &MEMBERS)?.is("active", i64::from(!filter.inactive))?;
    if let Some(side) = wanted::<kernel::Audience>(&filter.audience)? {
        listing = listing.is("audience", side.number())?;
    }
    let mut page: Page<MemberOut> = listing
        .search(&filter.q)
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await?;
    fill_roles(ctx, &mut page.items).await?;
    Ok(page)
}

/// One member within the plan, with their roles and who gave them.
pub(crate) async fn show(ctx: &Ctx, id: MembershipId) -> Result<(MemberOut, Facts)> {
    let (member, facts) = find(ctx, id).await?;
    let mut one = [member];
    fill_roles(ctx, &mut one).await?;
    let [mut member] = one;
    if let Some(roles) = &mut member.roles {
        let plan = web::identity::plan(&ctx.app, ctx.who.organization, id).await?;
        tell_more(ctx, id, &plan, roles).await?;
    }
    Ok((member, facts))
}

/// One member within the plan, without their roles.
///
/// # Errors
/// [`Error::NotFound`]; or the store's.
pub(crate) async fn find(ctx: &Ctx, id: MembershipId) -> Result<(MemberOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &MEMBERS, id.uuid()).await
}

/// May the asker see this member?
///
/// # Errors
/// The store's.
pub(crate) async fn visible(ctx: &Ctx, id: MembershipId) -> Result<bool> {
    match find(ctx, id).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Adds the roles to members that were found within the plan.
pub(crate) async fn fill_roles(ctx: &Ctx, members: &mut [MemberOut]) -> Result<()> {
    let seen: Vec<MembershipId> =
        members.iter().filter(|m| ctx.plan.check(SEE_ROLES, &m.facts)).map(|m| m.id).collect();
    let given = query::given(ctx.store(), ctx.who.organization, &seen).await?;
    let names = Names::of(ctx, given.iter().flat_map(|g| g.targets.iter().copied())).await?;
    let titles = ctx.roles().await?;
    for member in members.iter_mut().filter(|m| seen.contains(&m.id)) {
        let theirs = given.iter().filter(|g| g.membership == member.id);
        member.roles = Some(theirs.map(|g| role_out(g, &names, &titles, ctx.now())).collect());
    }
    Ok(())
}

fn role_out(given: &Given, names: &Names, titles: &Catalogue, now: Timestamp) -> RoleOut {
    let standing = if given.from.is_some_and(|from| now < from) {
        Standing::Later
    } else if given.until.is_some_and(|until| until <= now) {
        Standing::Ended
    } else {
        Standing::Current
    };
    RoleOut {
        id: given.id,
        name: titles.name(&given.role).to_owned(),
        role: given.role.clone(),
        targets: given.targets.iter().map(|t| names.out(*t)).collect(),
        place: names.sentence(&given.targets),
        from: given.from,
        until: given.until,
        standing,
        archived: titles.role(&given.role).is_none(),
        idle_because: None,
        idle_from: None,
        given_by: None,
        given_at: given.granted_at,
    }
}

/// Why a role grants nothing, and who gave it, as far as the reader may see that person.
async fn tell_more(ctx: &Ctx, id: MembershipId, plan: &Plan, roles: &mut [RoleOut]) -> Result<()> {
    let given = query::given(ctx.store(), ctx.who.organization, &[id]).await?;
    let subscribed = features::stored(ctx.store(), ctx.who.organization).await?;
    let givers: Vec<Value> = given.iter().filter_map(|g| g.granted_by).map(Value::from).collect();
    let known: Vec<MemberOut> = if givers.is_empty() {
        Vec::new()
    } else {
        let listing = Listing::new(&ctx.plan, VIEW, &MEMBERS)?.one_of("id", givers)?;
        listing.rows(PageSize::of(Some(PageSize::MOST))).page(ctx.store()).await?.items
    };
    for role in roles {
        let giver = given.iter().find(|g| g.id == role.id).and_then(|g| g.granted_by);
        role.given_by = known.iter().find(|m| Some(m.id) == giver).map(|m| m.name.clone());
        role.idle_because = plan
            .suppressed
            .iter()
            .filter(|s| s.permission.is_none())
            .find(|s| plan.held.get(usize::from(s.source)).is_some_and(|held| held.assignment == role.id))
            .filter(|_| role.standing == Standing::Current)
            .map(|s| idle(plan, s));
        if role.archived && role.standing == Standing::Current {
            role.idle_because = Some("the role is archived".to_owned());
        }
        role.idle_from = plan
            .held
            .iter()
            .find(|held| held.assignment == role.id)
            .filter(|_| role.idle_because.is_none())
            .and_then(|held| features::ends_at(&held.role, &subscribed, ctx.now()))
            .filter(|end| role.until.is_none_or(|until| *end < until));
    }
    Ok(())
}

/// Why a role grants nothing, with the name of the pack or feature that is off.
fn idle(plan: &Plan, suppressed: &access::Suppressed) -> String {
    let role = plan.held.get(usize::from(suppressed.source)).map(|held| &held.role);
    match (suppressed.because, role) {
        (access::Because::PackOff, Some(role)) => features::packs_off(role),
        (access::Because::FeatureOff(feature), _) => {
            format!("the feature “{}” is off", features::label(feature))
        }
        (because, _) => access::sentence::because(because),
    }
}

/// What a member holds, for the questions about rights.
pub(crate) async fn authority(ctx: &Ctx, id: MembershipId) -> Result<Authority> {
    match web::identity::authority(ctx.store(), ctx.who.organization, id, ctx.now()).await {
        Err(Error::SignedOut) => Err(Error::NotFound),
        other => other,
    }
}

/// Changes a member's name, and what a client's account is let see.
pub(super) async fn edit(ctx: &Ctx, id: MembershipId, form: &MemberForm) -> Result<MemberOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let mut draft = form.parse()?;
    let version = web::input::version(&form.version)?;
    let mut batch = Batch::new();
    let standing = (before.share_all, before.live_clock_ins);
    match standing {
        (Some(share_all), Some(live_clock_ins)) => {
            draft.share_all = ctx.flag(&form.share_all, share_all);
            draft.live_clock_ins = ctx.flag(&form.live_clock_ins, live_clock_ins);
            if (share_all, live_clock_ins) != (draft.share_all, draft.live_clock_ins) {
                if before.audience != kernel::Audience::Client {
                    return Err(Error::field("share_all", "only a client's account has this setting"));
                }
                let giver = grants::giver(ctx).await?;
                let old = authority(ctx, id).await?;
                let new = Authority {
                    share_all: draft.share_all,
                    live_clock_ins: draft.live_clock_ins,
                    ..old.clone()
                };
                let hierarchy = hierarchy(ctx, &[&old]).await?;
                grants::may_manage(ctx, &giver, &new, &hierarchy)?;
                grants::decided_on(&mut batch, &giver);
            }
        }
        // Whoever does not see the two settings leaves them as they are.
        _ => {
            if draft.share_all || draft.live_clock_ins {
                return Err(Error::forbidden(format!(
                    "{} decides what a client's account is let see.",
                    ctx.who.organization_name
                )));
            }
            let kept = authority(ctx, id).await?;
            (draft.share_all, draft.live_clock_ins) = (kept.share_all, kept.live_clock_ins);
        }
    }
    let search = query::searched(draft.name.as_str(), &before.email);
    query::update(&mut batch, &permit, id, version, &search, &draft);
    let detail = json!({ "before": before, "after": form });
    ctx.journal(&mut batch, "edit", Resource::Account, Some(id), draft.name.as_str(), &detail);
    ctx.commit(batch).await?;
    Ok(show(ctx, id).await?.0)
}

/// Where the sites of what people hold lie.
pub(crate) async fn hierarchy(ctx: &Ctx, held: &[&Authority]) -> Result<access::Hierarchy> {
    let all = held.iter().flat_map(|a| &a.assignments).flat_map(|a| a.targets.iter().copied());
    crate::targets::around(ctx, all).await
}

/// Puts a member out of action, or back. Out of action, their sessions and tokens end at once.
pub(super) async fn set_active(ctx: &Ctx, id: MembershipId, active: bool) -> Result<MemberOut> {
    if let Some(prepared) = prepare_active(ctx, id, active).await? {
        change::commit(ctx, ACTIVE_KIND, &json!({ "member": id, "active": active }), prepared).await?;
    }
    Ok(show(ctx, id).await?.0)
}

/// Putting a member out of action, or back, as a kind of change.
pub(crate) const ACTIVE_KIND: Kind = Kind { word: "member_active", prepare: active_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ActiveSaid {
    member: MembershipId,
    active: bool,
}

fn active_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let ActiveSaid { member, active } = change::said(form)?;
        let prepared = prepare_active(ctx, member, active).await?;
        prepared.ok_or_else(|| Error::conflict("This person is like that already."))
    })
}

async fn prepare_active(ctx: &Ctx, id: MembershipId, active: bool) -> Result<Option<Prepared>> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    if before.active == active {
        return Ok(None);
    }
    if id == ctx.who.membership {
        return Err(Error::forbidden("Nobody deactivates themselves. Ask another administrator."));
    }
    let giver = grants::giver(ctx).await?;
    let old = authority(ctx, id).await?;
    let new = Authority { active, ..old.clone() };
    // What somebody holds while active is given by bringing them back, and taken by putting them out of action.
    grants::may_manage(ctx, &giver, &old, &hierarchy(ctx, &[&old]).await?)?;
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
    query::set_active(&mut batch, &permit, id, before.version, active);
    if !active {
        grants::still_administered(ctx, &old, &new).await?;
        crate::accounts::query::end_acting(&mut batch, id, ctx.now());
        query::revoke_tokens(&mut batch, &permit, id, ctx.now());
    }
    let action = if active { "reactivate" } else { "deactivate" };
    ctx.journal(&mut batch, action, Resource::Account, Some(id), &before.name, &json!({}));
    Ok(Some(Prepared {
        title: format!("{}: {action}d", before.name),
        about: Some(id.to_string()),
        batch,
        pairs: vec![(old, new)],
        inverse: Some((ACTIVE_KIND.word, json!({ "member": id, "active": !active }))),
        ..Prepared::default()
    }))
}

/// Sends a member the mail by which they set a new password. Only for people who hold nothing that the asker could
/// not give them: else a reset would be a way to the rights of those above.
pub(super) async fn reset_password(ctx: &Ctx, id: MembershipId) -> Result<MemberOut> {
    let (member, facts) = find(ctx, id).await?;
    ctx.plan.permit(RESET_PASSWORD, &facts)?;
    if id == ctx.who.membership {
        return Err(Error::conflict("Change your own password under “Your account”."));
    }
    let actor = grants::giver(ctx).await?;
    let other = authority(ctx, id).await?;
    grants::may_manage(ctx, &actor, &other, &hierarchy(ctx, &[&other]).await?)?;
    if !member.active {
        return Err(Error::conflict("Reactivate this person first; a password alone would open nothing."));
    }
    if member.entry != Entry::Joined {
        return Err(Error::conflict("This person has not joined yet. Send the invitation instead."));
    }
    let account = query::account(ctx.store(), member.account).await?.filter(|account| !account.archived);
    let account = account.ok_or_else(|| Error::conflict("This sign-in is archived."))?;
    let to: EmailAddress = account.email.parse().map_err(Error::internal)?;
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &actor);
    let mailbox = crate::sign_in::throttle::Attempt::reset_mail(ctx.store(), to.as_str());
    if !mailbox.count_in(&mut batch, ctx.store(), ctx.now()).await? {
        return Err(Error::conflict(
            "Several links went to this address within the hour already. Wait a little.",
        ));
    }
    crate::resets::act::send(&ctx.app, &mut batch, &account, &to).await?;
    ctx.journal(&mut batch, "reset_password", Resource::Account, Some(id), &member.name, &json!({}));
    ctx.commit(batch).await?;
    Ok(show(ctx, id).await?.0)
}

/// The plan of a member, for those who may ask what somebody can see.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; or the store's.
pub(crate) async fn plan_of(ctx: &Ctx, id: MembershipId) -> Result<(MemberOut, Plan)> {
    let (member, facts) = find(ctx, id).await?;
    ctx.plan.permit(EXPLAIN, &facts)?;
    let plan = web::identity::plan(&ctx.app, ctx.who.organization, id).await?;
    Ok((member, (*plan).clone()))
}

/// The plan of a member at an instant of the past, if they were one then, and since when that is known.
pub(super) async fn plan_at(
    ctx: &Ctx,
    id: MembershipId,
    at: Timestamp,
) -> Result<(Option<Plan>, Option<Timestamp>)> {
    let then = web::identity::authority_at(ctx.store(), ctx.who.organization, id, at).await?;
    let since = web::identity::known_since(ctx.store(), ctx.who.organization).await?;
    Ok((then.map(|authority| authority.compile(at)), since))
}
