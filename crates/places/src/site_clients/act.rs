//! What can be done on a site's Clients tab. Each function: find within the plan, permit, the grants guard over the
//! whole authority, the organization's rule, one batch with its journal line.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use access::{
    Assignment, Authority, Catalogue, Facts, Hierarchy, Permit, Reach, Refusal, Resource, Role, Target,
};
use kernel::id::{AssignmentId, MembershipId, SiteId};
use kernel::page::PageSize;
use kernel::{Audience, Error, Result};
use serde_json::json;
use store::listing::{self, Listing};
use store::{Batch, Value};
use uuid::Uuid;
use web::change::{self, Kind, Prepared, Preparing};
use web::{Ctx, identity};

use super::model::{AccountOut, AccountsOut, AssignForm, CandidateOut, Through};
use super::query::{self, Lies, Reaching};
use super::{CREATE, EDIT, rule, shown_to};
use crate::members::{self, MEMBERS, Member};
use crate::sites::{self, SiteOut, model::SiteKind};

/// The site, for those who see its tab.
pub(super) async fn site(ctx: &Ctx, id: SiteId) -> Result<(SiteOut, Facts)> {
    let (full, facts) = sites::find(ctx, id).await?;
    if shown_to(ctx, &facts) { Ok((full.site, facts)) } else { Err(Error::NotFound) }
}

/// Members whose accounts may be seen, by id.
async fn seen(ctx: &Ctx, ids: Vec<Value>) -> Result<HashMap<MembershipId, Member>> {
    let mut found = HashMap::new();
    for some in ids.chunks(usize::from(PageSize::MOST)) {
        let page = Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?
            .is("active", 1)?
            .one_of("id", some.to_vec())?
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page::<Member>(ctx.store())
            .await?;
        found.extend(page.items.into_iter().map(|member| (member.id, member)));
    }
    Ok(found)
}

/// Who of the client side sees this site, and who else could.
pub(super) async fn list(ctx: &Ctx, site: &SiteOut) -> Result<AccountsOut> {
    let known = ctx.roles().await?;
    let held = query::reaching(ctx.store(), ctx.who.organization, site.id, site.client).await?;
    let mut ids: Vec<MembershipId> = held.iter().map(|reaching| reaching.membership).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = seen(ctx, ids.into_iter().map(Value::from).collect()).await?;
    let items: Vec<AccountOut> = held
        .iter()
        .filter_map(|reaching| Some(account(ctx, &known, reaching, people.get(&reaching.membership)?)))
        .collect();
    let taken: HashSet<MembershipId> = held.iter().map(|reaching| reaching.membership).collect();
    let could_be = candidates(ctx, &known, site, &taken).await?;
    Ok(AccountsOut { items, could_be })
}

fn account(ctx: &Ctx, known: &Catalogue, reaching: &Reaching, member: &Member) -> AccountOut {
    let role = known.role(&reaching.role);
    let now = ctx.now();
    let but = if !reaching.of_client {
        Some("Belongs to another client now, and is shown nothing here".to_owned())
    } else if role.is_none() {
        Some("The role is archived and gives nothing".to_owned())
    } else if reaching.until.is_some_and(|until| until <= now) {
        Some("Has ended".to_owned())
    } else if reaching.from.is_some_and(|from| now < from) {
        Some("Has not begun".to_owned())
    } else {
        None
    };
    AccountOut {
        assignment: reaching.assignment,
        membership: member.id,
        name: member.name.clone(),
        email: member.email.clone(),
        role_name: role.map_or_else(|| reaching.role.clone(), |role| role.name.clone()),
        role: reaching.role.clone(),
        through: if reaching.by_site { Through::Site } else { Through::Client },
        but,
        from: reaching.from,
        until: reaching.until,
    }
}

/// The active people of the client side whose accounts may be seen.
fn outsiders(ctx: &Ctx) -> Result<Listing<'_>> {
    Ok(Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?
        .is("active", 1)?
        .is("audience", Audience::Client.number())?
        .rows(PageSize::of(Some(PageSize::MOST))))
}

/// People of the site's client whose role is held at sites, or who hold none yet, and who do not see it already.
async fn candidates(
    ctx: &Ctx,
    known: &Catalogue,
    site: &SiteOut,
    taken: &HashSet<MembershipId>,
) -> Result<Vec<CandidateOut>> {
    let mut found: Vec<Member> = outsiders(ctx)?.is("client", site.client)?.page(ctx.store()).await?.items;
    let also = query::also_of(ctx.store(), ctx.who.organization, site.client).await?;
    found.extend(outsiders(ctx)?.one_of("id", also)?.page::<Member>(ctx.store()).await?.items);
    found.retain(|member| !taken.contains(&member.id));
    let ids: Vec<MembershipId> = found.iter().map(|member| member.id).collect();
    let mut roles: HashMap<MembershipId, Vec<(String, i64)>> = HashMap::new();
    for (member, key, places) in query::roles_of(ctx.store(), ctx.who.organization, &ids).await? {
        roles.entry(member).or_default().push((key, places));
    }
    let mut could_be = Vec::new();
    for member in found {
        let held = roles.remove(&member.id).unwrap_or_default();
        let at_sites: Vec<(Arc<Role>, i64)> = held
            .iter()
            .filter_map(|(key, places)| Some((known.role(key)?.clone(), *places)))
            .filter(|(role, _)| role.reach == Reach::Site)
            .collect();
        let pick = preferred(&at_sites, |(role, _)| role, "");
        let (role_name, but) = match pick {
            Some((role, places)) => {
                let most = role.most_targets.filter(|most| *places >= i64::from(*most));
                (role.name.clone(), most.map(|most| format!("held at no more than {most} place")))
            }
            None if held.is_empty() => {
                (known.role(DEFAULT).map_or_else(String::new, |role| role.name.clone()), None)
            }
            None => continue,
        };
        could_be.push(CandidateOut { membership: member.id, name: member.name, role_name, but });
    }
    Ok(could_be)
}

/// The role that somebody without any role gets.
const DEFAULT: &str = "client";

/// The one asked for; else the one that is a portal account, else the first.
fn preferred<'a, T>(all: &'a [T], role: impl Fn(&T) -> &Role, asked: &str) -> Option<&'a T> {
    if !asked.is_empty() {
        return all.iter().find(|one| role(one).key == asked);
    }
    all.iter()
        .find(|one| role(one).key == DEFAULT)
        .or_else(|| all.iter().find(|one| role(one).is_portal_account()))
        .or_else(|| all.first())
}

/// What a change of somebody's assignments is decided by.
struct Change {
    giver: Authority,
    before: Authority,
    /// Client, area and kind of each site that the change or the person has to do with.
    lie: Vec<Lies>,
}

impl Change {
    async fn load(ctx: &Ctx, member: MembershipId, site: SiteId) -> Result<Self> {
        let (store, organization, now) = (ctx.store(), ctx.who.organization, ctx.now());
        let before = identity::authority(store, organization, member, now).await?;
        let giver = identity::authority(store, organization, ctx.who.membership, now).await?;
        let mut sites: Vec<SiteId> = all_sites(&before).chain([site]).collect();
        sites.sort_unstable();
        sites.dedup();
        let lie = query::lie(store, organization, &sites).await?;
        Ok(Self { giver, before, lie })
    }

    /// Asks the grants guard and the organization's rule, and begins the batch. Its first statement insists that
    /// no authority moved since it was read, so it stands before whatever moves one.
    async fn allow(&self, ctx: &Ctx, permit: &Permit, after: &Authority, member: &Member) -> Result<Batch> {
        let mut hierarchy = Hierarchy { roles: ctx.roles().await?, ..Hierarchy::default() };
        for lies in &self.lie {
            hierarchy.client_of.insert(lies.site, lies.client);
            hierarchy.area_of.extend(lies.area.map(|area| (lies.site, area)));
        }
        access::may_assign(&self.giver, Some(&self.before), after, ctx.now(), &hierarchy).map_err(
            |refusal| match refusal {
                Refusal::Unfit(sentence) => Error::conflict(sentence),
                other => Error::forbidden(other.to_string()),
            },
        )?;
        if member.invited && query::static_site_is_required(ctx.store(), ctx.who.organization).await? {
            let is_static = |lies: &&Lies| lies.kind == SiteKind::Static.number() && !lies.archived;
            let statics: HashSet<Uuid> = self.lie.iter().filter(is_static).map(|lies| lies.site).collect();
            rule::keeps_a_static_site(&self.before, after, &statics, &member.name)
                .map_err(Error::conflict)?;
        }
        let mut batch = Batch::new();
        query::nothing_moved(&mut batch, permit, self.before.epoch.min(self.giver.epoch));
        let mut targets: Vec<Target> = after.assignments.iter().flat_map(|a| a.targets.clone()).collect();
        targets.sort_unstable();
        targets.dedup();
        let only = match targets.as_slice() {
            [Target::Site(site)] => Some(*site),
            _ => None,
        };
        query::place(&mut batch, permit, after.membership, only);
        Ok(batch)
    }
}

fn all_sites(authority: &Authority) -> impl Iterator<Item = SiteId> {
    authority.assignments.iter().flat_map(|a| &a.targets).filter_map(|target| match target {
        Target::Site(id) => Some(*id),
        _ => None,
    })
}

/// Somebody of the client side whose account may be seen, with the permit to change what they hold at this site:
/// the permission must reach both the site and the person.
async fn permit_over(
    ctx: &Ctx,
    permission: access::Permission,
    site: &Facts,
    member: MembershipId,
) -> Result<(Member, Permit)> {
    let (member, facts): (Member, Facts) =
        listing::find(ctx.store(), &ctx.plan, members::VIEW, &MEMBERS, member.uuid()).await?;
    if member.audience != Audience::Client {
        return Err(Error::NotFound);
    }
    ctx.plan.permit(permission, &facts)?;
    Ok((member, ctx.plan.permit(permission, site)?))
}

/// Assigns somebody of the site's client to the site, in a role they hold at sites or else as `client`.
pub(super) async fn assign(ctx: &Ctx, id: SiteId, form: &AssignForm) -> Result<()> {
    let prepared = prepare_assign(ctx, id, form).await?;
    change::commit(ctx, LINK_KIND, &json!({ "site": id, "form": form }), prepared).await
}

/// Linking an account to a site, as a kind of change.
pub(super) const LINK_KIND: Kind = Kind { word: "link_site", prepare: link_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkSaid {
    site: SiteId,
    form: AssignForm,
}

fn link_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let LinkSaid { site, form } = change::said(form)?;
        prepare_assign(ctx, site, &form).await
    })
}

/// Taking a site away from an account, as a kind of change.
pub(super) const UNLINK_KIND: Kind = Kind { word: "unlink_site", prepare: unlink_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct UnlinkSaid {
    site: SiteId,
    assignment: AssignmentId,
}

fn unlink_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let UnlinkSaid { site, assignment } = change::said(form)?;
        prepare_remove(ctx, site, assignment).await
    })
}

async fn prepare_assign(ctx: &Ctx, id: SiteId, form: &AssignForm) -> Result<Prepared> {
    let (site, facts) = site(ctx, id).await?;
    let unknown = || Error::field("membership", "choose one of the client's people");
    let membership = form.membership.parse::<MembershipId>().map_err(|_no_id| unknown())?;
    // Asked for before the person is looked for: who may not assign at all is told so.
    if !ctx.plan.check(CREATE, &facts) {
        ctx.plan.permit(EDIT, &facts)?;
    }
    let held = match identity::authority(ctx.store(), ctx.who.organization, membership, ctx.now()).await {
        Ok(held) => held,
        Err(Error::SignedOut) => return Err(unknown()),
        Err(other) => return Err(other),
    };
    let at_sites: Vec<&Assignment> =
        held.assignments.iter().filter(|a| a.role.reach == Reach::Site).collect();
    let asked = form.role.as_str().trim();
    let grows = preferred(&at_sites, |a| &a.role, asked).copied();
    let permission = if grows.is_some() { EDIT } else { CREATE };
    let (member, permit) = match permit_over(ctx, permission, &facts, membership).await {
        Err(Error::NotFound) => return Err(unknown()),
        other => other?,
    };
    if site.archived {
        return Err(Error::conflict("This site is archived. Restore it before anybody is assigned to it."));
    }
    if !held.active || !held.clients.contains(&site.client) {
        return Err(unknown());
    }
    if at_sites.iter().any(|a| a.targets.contains(&Target::Site(id)) && grows.is_some_and(|g| g.id == a.id)) {
        return Err(Error::field("membership", "this account is assigned to the site already"));
    }
    let change = Change::load(ctx, membership, id).await?;
    let mut after = change.before.clone();
    let (given, role) = match grows {
        Some(grows) => (grows.id, grows.role.clone()),
        None => (AssignmentId::new(), role_at_sites(ctx, asked).await?),
    };
    match after.assignments.iter_mut().find(|assignment| assignment.id == given) {
        Some(assignment) => assignment.targets.push(Target::Site(id)),
        None => after.assignments.push(Assignment {
            id: given,
            role: role.clone(),
            targets: vec![Target::Site(id)],
            from: None,
            until: None,
            granted_by: Some(ctx.who.membership),
            granted_at: ctx.now(),
        }),
    }
    let mut batch = change.allow(ctx, &permit, &after, &member).await?;
    if grows.is_none() {
        query::insert_assignment(&mut batch, &permit, given, membership, &role.key, ctx.now());
    }
    query::insert_target(&mut batch, &permit, given, id);
    let detail = json!({ "site": id, "site_name": site.name, "role": role.name });
    ctx.journal(&mut batch, "assign_site", Resource::Assignment, Some(given), &member.name, &detail);
    Ok(Prepared {
        title: format!("{}: linked to {}", member.name, site.name),
        about: Some(id.to_string()),
        batch,
        pairs: vec![(change.before, after)],
        inverse: Some((UNLINK_KIND.word, json!({ "site": id, "assignment": given }))),
        ..Prepared::default()
    })
}

/// A role of the client side that is held at sites: the one asked for, or the default.
async fn role_at_sites(ctx: &Ctx, asked: &str) -> Result<Arc<Role>> {
    ctx.roles()
        .await?
        .role(if asked.is_empty() { DEFAULT } else { asked })
        .filter(|role| role.audience == Audience::Client && role.reach == Reach::Site)
        .cloned()
        .ok_or_else(|| Error::field("role", "choose a role of the client side that is held at sites"))
}

/// Takes the site away from somebody again. The last place takes the role with it.
pub(super) async fn remove(ctx: &Ctx, id: SiteId, assignment: AssignmentId) -> Result<()> {
    let prepared = prepare_remove(ctx, id, assignment).await?;
    change::commit(ctx, UNLINK_KIND, &json!({ "site": id, "assignment": assignment }), prepared).await
}

async fn prepare_remove(ctx: &Ctx, id: SiteId, assignment: AssignmentId) -> Result<Prepared> {
    let (site, facts) = site(ctx, id).await?;
    let membership =
        query::member_of(ctx.store(), ctx.who.organization, id, assignment).await?.ok_or(Error::NotFound)?;
    let (member, permit) = permit_over(ctx, EDIT, &facts, membership).await?;
    let change = Change::load(ctx, membership, id).await?;
    let mut after = change.before.clone();
    for held in after.assignments.iter_mut().filter(|held| held.id == assignment) {
        held.targets.retain(|target| *target != Target::Site(id));
    }
    let emptied = |held: &Assignment| held.id == assignment && held.targets.is_empty();
    let is_last = after.assignments.iter().any(emptied);
    after.assignments.retain(|held| !emptied(held));
    let mut batch = change.allow(ctx, &permit, &after, &member).await?;
    query::delete_target(&mut batch, &permit, assignment, id);
    if is_last {
        query::delete_assignment(&mut batch, &permit, assignment);
    }
    let detail = json!({ "site": id, "site_name": site.name });
    ctx.journal(&mut batch, "remove_site", Resource::Assignment, Some(assignment), &member.name, &detail);
    let held = change.before.assignments.iter().find(|held| held.id == assignment);
    let role = held.map(|held| held.role.key.clone()).unwrap_or_default();
    let back = AssignForm { membership: membership.to_string().into(), role: role.into() };
    Ok(Prepared {
        title: format!("{}: no longer linked to {}", member.name, site.name),
        about: Some(id.to_string()),
        batch,
        pairs: vec![(change.before, after)],
        inverse: Some((LINK_KIND.word, json!({ "site": id, "form": back }))),
        ..Prepared::default()
    })
}
