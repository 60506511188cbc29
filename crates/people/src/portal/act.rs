//! What can be done on a client's portal page.

use std::collections::HashMap;
use std::sync::Arc;

use access::{Assignment, Authority, Facts, Permission, Plan, Reach, Resource, Role, Switch, Target};
use kernel::id::{AccountId, AssignmentId, ClientId, MembershipId, SiteId};
use kernel::page::{Page, PageSize};
use kernel::{Audience, Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::change::{self, Kind, Prepared, Preparing};
use web::{Ctx, Text};

use super::model::{
    AccountForm, AccountOut, ClientRow, PlaceOut, PortalFilter, PortalOut, SaveForm, ShownOut, SwitchOut,
};
use super::query::{self, CLIENT as CLIENTS, SITES};
use super::{CLIENT, EDIT, EXPLAIN, INVITE, ORGANIZATION, SAVE, SEE_ROLES, SETTINGS, SITE};
use crate::assignments::{self, mark, turn};
use crate::grants::{self, GIVE};
use crate::members::query::{MEMBERS, NewAssignment, NewMembership};
use crate::members::{self, Entry, MemberOut, query as people};
use crate::targets;

/// The client within the plan, for those who see its accounts and their roles. Staff only: the client's own people
/// have their pages of people.
pub(super) async fn client(ctx: &Ctx, id: ClientId) -> Result<(ClientRow, Facts)> {
    let (client, facts): (ClientRow, Facts) =
        listing::find(ctx.store(), &ctx.plan, CLIENT, &CLIENTS, id.uuid()).await?;
    let shown = ctx.who.audience == Audience::Staff
        && ctx.plan.check(members::VIEW, &facts)
        && ctx.plan.check(SEE_ROLES, &facts);
    if shown { Ok((client, facts)) } else { Err(Error::NotFound) }
}

/// The portal of a client.
pub(super) async fn show(ctx: &Ctx, id: ClientId, filter: &PortalFilter) -> Result<PortalOut> {
    let (client, facts) = client(ctx, id).await?;
    let sites = sites(ctx, id).await?;
    let found = accounts(ctx, id, filter).await?;
    let next = found.next;
    let ids: Vec<MembershipId> = found.items.iter().map(|member| member.id).collect();
    let plans: HashMap<MembershipId, Plan> =
        web::identity::authorities_of(ctx.store(), ctx.who.organization, &ids, ctx.now())
            .await?
            .into_iter()
            .map(|authority| (authority.membership, authority.compile(ctx.now())))
            .collect();
    let explains = ctx.plan.check(EXPLAIN, &facts);
    let items = found
        .items
        .into_iter()
        .map(|member| account(member, id, &sites, &plans, explains, client.emergency_access))
        .collect();
    let mut out = PortalOut {
        client: id,
        name: client.name,
        archived: client.archived,
        emergency_access: client.emergency_access,
        version: client.version,
        switches: None,
        require_static_site: None,
        refuse_staff_email: None,
        accounts: Page { items, next },
        sites,
    };
    let whole = Facts::of(ctx.who.organization.uuid());
    if ctx.plan.check(ORGANIZATION, &whole) {
        let (_, on, _) =
            crate::organization::query::standing(ctx.store(), ctx.who.organization, ctx.now()).await?;
        let told = |switch: &Switch| SwitchOut {
            switch: *switch,
            label: switch.label().to_owned(),
            on: on.has(*switch),
        };
        out.switches = Some(Switch::ALL.iter().map(told).collect());
    }
    if ctx.plan.check(SETTINGS, &whole) {
        let (store, organization) = (ctx.store(), ctx.who.organization);
        out.require_static_site =
            Some(crate::organization::query::asks_for_a_static_site(store, organization).await?);
        out.refuse_staff_email =
            Some(crate::organization::query::refuses_staff_email(store, organization).await?);
    }
    Ok(out)
}

/// The sites of the client within the plan, archived ones too, by kind and name.
pub(super) async fn sites(ctx: &Ctx, client: ClientId) -> Result<Vec<PlaceOut>> {
    let mut sites: Vec<PlaceOut> = Vec::new();
    if ctx.may(SITE) {
        Listing::new(&ctx.plan, SITE, &SITES)?
            .is("client", client)?
            .each(ctx.store(), |site: PlaceOut| {
                sites.push(site);
                Ok(())
            })
            .await?;
    }
    sites.sort_by_key(|site| site.kind);
    Ok(sites)
}

/// The client's people within the plan. Those listed under another client stand on the first page.
async fn accounts(ctx: &Ctx, client: ClientId, filter: &PortalFilter) -> Result<Page<MemberOut>> {
    let listing = || -> Result<Listing<'_>> {
        Ok(Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?
            .is("active", i64::from(!filter.inactive))?
            .is("audience", Audience::Client.number())?
            .search(&filter.q))
    };
    let mut page: Page<MemberOut> = listing()?
        .is("client", client)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await?;
    if filter.cursor.is_none() {
        let also = query::also_of(ctx.store(), ctx.who.organization, client).await?;
        let more: Page<MemberOut> =
            listing()?.one_of("id", also)?.rows(PageSize::of(Some(PageSize::MOST))).page(ctx.store()).await?;
        page.items.extend(more.items.into_iter().filter(|member| member.client != Some(client)));
    }
    members::fill_roles(ctx, &mut page.items).await?;
    Ok(page)
}

/// What a portal may show, in the order of the settings.
fn subjects() -> [(&'static str, Resource, &'static str); 8] {
    [
        ("Incident reports", Resource::Incident, "view"),
        ("Venue analytics", Resource::Analytics, "view"),
        ("Hours to approve", Resource::Timesheet, "approve"),
        ("Checkpoint reports", Resource::CheckpointReport, "view"),
        ("Subcontractor master licences", Resource::Licence, "view"),
        ("Company details", Resource::Organization, "view"),
        ("Live clock-ins", Resource::LiveBoard, "view"),
        ("Panic button", Resource::Sos, "trigger"),
    ]
}

fn account(
    member: MemberOut,
    client: ClientId,
    sites: &[PlaceOut],
    plans: &HashMap<MembershipId, Plan>,
    explains: bool,
    emergency: Option<bool>,
) -> AccountOut {
    let roles = member.roles.as_deref().unwrap_or_default();
    let held =
        |word: &str| roles.iter().any(|role| role.targets.iter().any(|t| t.target.as_deref() == Some(word)));
    let every_site = held(&targets::word(Target::Client(client)));
    let theirs: Vec<PlaceOut> =
        sites.iter().filter(|site| held(&targets::word(Target::Site(site.site)))).cloned().collect();
    let plan = plans.get(&member.id);
    let shows = plan.map_or_else(Vec::new, |plan| {
        subjects()
            .into_iter()
            .filter_map(|(what, resource, action)| {
                let permission: Permission = format!("{}.{action}", resource.word()).parse().ok()?;
                let (shown, because) = shown(plan, permission, &member, emergency);
                Some(ShownOut { what: what.to_owned(), shown, because: because.filter(|_| explains) })
            })
            .collect()
    });
    let role = plan.and_then(|plan| at_sites(plan.held.iter().map(|held| (&held.role, held.assignment))));
    AccountOut { every_site, sites: theirs, role, shows, member }
}

/// Whether something is shown, from the plan that decides each request, and what holds it back.
fn shown(
    plan: &Plan,
    permission: Permission,
    member: &MemberOut,
    emergency: Option<bool>,
) -> (bool, Option<String>) {
    if plan.may_ever(permission) {
        return match permission.resource() {
            Resource::Sos if emergency != Some(true) => {
                (false, Some("emergency access is off for this client".to_owned()))
            }
            Resource::Incident if member.share_all == Some(true) => {
                (true, Some("as soon as they are handed in".to_owned()))
            }
            Resource::Incident => (true, Some("once staff published them".to_owned())),
            _ => (true, None),
        };
    }
    let because = plan
        .suppressed
        .iter()
        .find(|s| s.permission == Some(permission))
        .or_else(|| {
            plan.suppressed.iter().filter(|s| s.permission.is_none()).find(|s| {
                plan.held
                    .get(usize::from(s.source))
                    .is_some_and(|held| held.role.grants.iter().any(|g| g.permission == permission))
            })
        })
        .map_or_else(|| "not part of the role".to_owned(), |s| access::sentence::because(s.because));
    (false, Some(because))
}

/// The role by which sites are held one by one: a portal account's, else the first at sites.
fn at_sites<'a>(held: impl Iterator<Item = (&'a Arc<Role>, AssignmentId)>) -> Option<AssignmentId> {
    let all: Vec<(&Arc<Role>, AssignmentId)> =
        held.filter(|(role, _)| role.reach == Reach::Site && role.audience == Audience::Client).collect();
    all.iter()
        .find(|(role, _)| role.key == DEFAULT)
        .or_else(|| all.iter().find(|(role, _)| role.is_portal_account()))
        .or_else(|| all.first())
        .map(|(_, id)| *id)
}

/// The sites of the client that were chosen, each within the plan and current.
fn chosen(words: &[String], sites: &[PlaceOut]) -> Result<Vec<SiteId>> {
    let unknown = || Error::field("sites", "choose from the client's current sites");
    let mut found = Vec::new();
    for word in words.iter().map(|w| w.trim()).filter(|w| !w.is_empty()) {
        let id: SiteId = word.strip_prefix("site:").unwrap_or(word).parse().map_err(|_no_id| unknown())?;
        if !sites.iter().any(|site| site.site == id && !site.archived) {
            return Err(unknown());
        }
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// The roles a new account may be saved with: those of the client side that the asker could give, at sites or for the
/// whole client.
pub(super) async fn offers(ctx: &Ctx) -> Result<Vec<members::forms::RoleOffer>> {
    let mut offers = members::offers(ctx, &[Audience::Client]).await?;
    offers.retain(|offer| matches!(offer.role.reach, Reach::Site | Reach::Client));
    Ok(offers)
}

const DEFAULT: &str = "client_account";

/// Saves an account of the client, and invites it if that was asked for.
pub(super) async fn save(ctx: &Ctx, id: ClientId, form: &SaveForm) -> Result<MemberOut> {
    let (mut prepared, member) = prepare_save(ctx, id, form).await?;
    change::remember(ctx, SAVE_KIND, &json!({ "client": id, "form": form }), &mut prepared);
    ctx.commit_new(prepared.batch, &format!("/members/{member}")).await?;
    Ok(members::show(ctx, member).await?.0)
}

/// Saving an account of a client, as a kind of change.
pub(super) const SAVE_KIND: Kind = Kind { word: "save_account", prepare: save_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SaveSaid {
    client: ClientId,
    form: SaveForm,
}

fn save_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let SaveSaid { client, form } = change::said(form)?;
        Ok(prepare_save(ctx, client, &form).await?.0)
    })
}

/// Asks every question about a new account. It holds nothing before, and its role from then on.
async fn prepare_save(ctx: &Ctx, id: ClientId, form: &SaveForm) -> Result<(Prepared, MembershipId)> {
    let (client, facts) = client(ctx, id).await?;
    let permit = ctx.plan.permit_new(SAVE, &facts)?;
    // Saving would tell those who see only some of the people whether an address is among the others.
    if !ctx.plan.everywhere(members::VIEW) {
        return Err(Error::forbidden(
            "Accounts are saved by those who see everybody of the organization. You can invite somebody instead.",
        ));
    }
    if client.archived {
        return Err(Error::conflict("This client is archived. Restore it before you add accounts."));
    }
    let key = if form.role.is_blank() { DEFAULT } else { form.role.as_str() };
    let role = members::role(ctx, key, Some(Audience::Client)).await?;
    let draft = form.parse()?;
    let sites = sites(ctx, id).await?;
    let targets: Vec<Target> = match role.reach {
        Reach::Client => vec![Target::Client(id)],
        Reach::Site => chosen(&form.sites, &sites)?.into_iter().map(Target::Site).collect(),
        _ => return Err(Error::field("role", "choose a role that is held at sites or for the whole client")),
    };
    if targets.is_empty() {
        return Err(Error::field(
            "sites",
            "choose at least one; an account without a site would be shown nothing",
        ));
    }
    let here = people::membership_by_email(ctx.store(), ctx.who.organization, &draft.email, Audience::Client);
    if here.await?.is_some() {
        return Err(Error::field(
            "email",
            "this person has a client's account already; change it on their page",
        ));
    }
    crate::invitations::staff_email(ctx, &draft.email, Audience::Client).await?;
    let hierarchy = targets::around(ctx, targets.iter().copied()).await?;
    let placement = targets::place(Audience::Client, &targets, &[id], &hierarchy);
    let giver = grants::giver(ctx).await?;
    let after = Authority {
        organization: giver.organization,
        membership: MembershipId::new(),
        audience: Audience::Client,
        active: true,
        clients: placement.clients.clone(),
        subcontractor: false,
        share_all: form.share_all.is_on(),
        live_clock_ins: form.live_clock_ins.is_on(),
        assignments: vec![Assignment {
            id: AssignmentId::new(),
            role: role.clone(),
            targets,
            from: None,
            until: None,
            granted_by: Some(giver.membership),
            granted_at: ctx.now(),
        }],
        switches: giver.switches,
        features: giver.features,
        epoch: giver.epoch,
    };
    let given: Vec<Target> = after.assignments.iter().flat_map(|a| a.targets.iter().copied()).collect();
    grants::everywhere(ctx, GIVE, &given, &hierarchy)?;
    grants::may_turn(ctx, &giver, None, &after, &hierarchy)?;
    let invites = form.invite.is_on();
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
    put(ctx, &mut batch, &draft, &after, &placement, invites).await?;
    if invites {
        let permit = ctx.plan.permit_new(INVITE, &facts)?;
        crate::invitations::letter(ctx, &mut batch, &permit, &after, &draft.email, &draft.name)
            .await
            .map_err(at_sites_field)?;
    }
    let detail = json!({ "after": form, "client": client.name });
    let label = draft.name.as_str();
    ctx.journal(
        &mut batch,
        "save_account",
        permit.permission().resource(),
        Some(after.membership),
        label,
        &detail,
    );
    let member = after.membership;
    let prepared = Prepared {
        title: format!("{label}: account of {}", client.name),
        about: Some(id.to_string()),
        batch,
        newcomers: vec![(member, label.to_owned())],
        pairs: vec![(change::nobody_yet(&after), after)],
        inverse: Some((members::ACTIVE_KIND.word, json!({ "member": member, "active": false }))),
        ..Prepared::default()
    };
    Ok((prepared, member))
}

/// The rule of static sites speaks of targets; on this page they are sites.
fn at_sites_field(error: Error) -> Error {
    match error {
        Error::Invalid(errors) if !errors.of("targets").is_empty() => {
            Error::field("sites", errors.of("targets").join(" "))
        }
        other => other,
    }
}

async fn put(
    ctx: &Ctx,
    batch: &mut Batch,
    draft: &super::model::Draft,
    after: &Authority,
    placement: &targets::Placement,
    invites: bool,
) -> Result<()> {
    let account = match people::account_by_email(ctx.store(), &draft.email).await? {
        Some(account) if account.archived => {
            return Err(Error::field("email", "this address cannot be used"));
        }
        Some(account) => account.id,
        None => {
            let id = AccountId::new();
            people::insert_account(batch, id, &draft.email, &draft.name, None, ctx.now());
            id
        }
    };
    people::insert_membership(
        batch,
        &NewMembership {
            organization: after.organization,
            id: after.membership,
            account,
            audience: after.audience,
            name: draft.name.as_str(),
            email: &draft.email,
            placement,
            subcontractor: false,
            share_all: after.share_all,
            live_clock_ins: after.live_clock_ins,
            entry: if invites { Entry::Invited } else { Entry::Saved },
            created_by: Some(ctx.who.membership),
            now: ctx.now(),
        },
    );
    for assignment in &after.assignments {
        people::insert_assignment(
            batch,
            &NewAssignment {
                organization: after.organization,
                membership: after.membership,
                id: assignment.id,
                role: &assignment.role.key,
                targets: &assignment.targets,
                from: None,
                until: None,
                granted_by: Some(ctx.who.membership),
                now: ctx.now(),
            },
        );
    }
    Ok(())
}

/// Changes an account's switches and its sites of this client, in one act.
pub(super) async fn change(ctx: &Ctx, id: ClientId, who: MembershipId, form: &AccountForm) -> Result<()> {
    members::find(ctx, who).await?;
    let now = members::authority(ctx, who).await?;
    let tick = |typed, was| Text(ctx.flag(typed, was).to_string());
    let form = &AccountForm {
        share_all: tick(&form.share_all, now.share_all),
        live_clock_ins: tick(&form.live_clock_ins, now.live_clock_ins),
        ..form.clone()
    };
    let Some(prepared) = prepare(ctx, id, who, form).await? else { return Ok(()) };
    let said = json!({ "client": id, "member": who, "form": form });
    change::commit(ctx, ACCOUNT_KIND, &said, prepared).await
}

/// Changing a client's account, as a kind of change.
pub(super) const ACCOUNT_KIND: Kind = Kind { word: "portal_account", prepare: account_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountSaid {
    client: ClientId,
    member: MembershipId,
    form: AccountForm,
}

fn account_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let AccountSaid { client, member, form } = change::said(form)?;
        let prepared = prepare(ctx, client, member, &form).await?;
        prepared.ok_or_else(|| Error::conflict("The account is like that already."))
    })
}

/// Asks every question about other switches and sites; nothing where they are the same as before.
async fn prepare(ctx: &Ctx, id: ClientId, who: MembershipId, form: &AccountForm) -> Result<Option<Prepared>> {
    client(ctx, id).await?;
    let (member, facts) = members::find(ctx, who).await?;
    let before = members::authority(ctx, who).await?;
    if member.audience != Audience::Client || !before.clients.contains(&id) {
        return Err(Error::NotFound);
    }
    let permit = ctx.plan.permit(EDIT, &facts)?;
    let version = web::input::version(&form.version)?;
    if version != member.version {
        return Err(Error::Stale);
    }
    let mut after = before.clone();
    after.share_all = form.share_all.is_on();
    after.live_clock_ins = form.live_clock_ins.is_on();
    let changed = match &form.sites {
        None => None,
        Some(words) => retargeted(ctx, id, &before, words).await?,
    };
    // What it takes to bring the same sites back; left out where the sites stay.
    let sites = changed.as_ref().map(|changed| {
        let held = before.assignments.iter().find(|a| a.id == changed.id);
        let targets = held.map_or(&[][..], |held| &held.targets);
        targets.iter().filter(|t| matches!(t, Target::Site(_))).map(|t| targets::word(*t)).collect::<Vec<_>>()
    });
    let switches = (before.share_all, before.live_clock_ins) != (after.share_all, after.live_clock_ins);
    if changed.is_none() && !switches {
        return Ok(None);
    }
    let mut batch = match changed {
        Some(changed) => {
            let permit = ctx.plan.permit(assignments::CHANGE, &facts)?;
            let changed = mark(ctx, &mut after, changed);
            turn(ctx, &permit, &member, &before, &mut after, &changed).await.map_err(at_sites_field)?
        }
        None => {
            let giver = grants::giver(ctx).await?;
            grants::may_manage(ctx, &giver, &after, &members::hierarchy(ctx, &[&before]).await?)?;
            let mut batch = Batch::new();
            grants::decided_on(&mut batch, &giver);
            batch
        }
    };
    people::set_switches(&mut batch, &permit, who, version, after.share_all, after.live_clock_ins);
    let detail = json!({
        "before": { "share_all": before.share_all, "live_clock_ins": before.live_clock_ins, "sites": words(&before) },
        "after": { "share_all": after.share_all, "live_clock_ins": after.live_clock_ins, "sites": words(&after) },
    });
    ctx.journal(&mut batch, "change_portal_account", Resource::Account, Some(who), &member.name, &detail);
    let tick = |on: bool| if on { "on" } else { "" };
    let back = json!({
        "sites": sites,
        "share_all": tick(before.share_all),
        "live_clock_ins": tick(before.live_clock_ins),
        "version": version + 1,
    });
    Ok(Some(Prepared {
        title: format!("{}: sites and switches of the account", member.name),
        about: Some(who.to_string()),
        batch,
        pairs: vec![(before, after)],
        inverse: Some((ACCOUNT_KIND.word, json!({ "client": id, "member": who, "form": back }))),
        ..Prepared::default()
    }))
}

fn words(authority: &Authority) -> Vec<String> {
    authority.assignments.iter().flat_map(|a| &a.targets).map(|t| targets::word(*t)).collect()
}

/// The account's role at sites with other sites of this client; nothing where they are the same as before. Sites that
/// the asker cannot see, that are archived, or that are another client's stay as they are.
async fn retargeted(
    ctx: &Ctx,
    client: ClientId,
    before: &Authority,
    words: &[String],
) -> Result<Option<Assignment>> {
    let sites = sites(ctx, client).await?;
    let wanted = chosen(words, &sites)?;
    let role = at_sites(before.assignments.iter().map(|a| (&a.role, a.id)));
    let Some(held) = before.assignments.iter().find(|a| Some(a.id) == role) else {
        if wanted.is_empty() {
            return Ok(None);
        }
        return Err(Error::field("sites", "this account holds no role at sites; give it one on its page"));
    };
    let open = |target: &Target| match target {
        Target::Site(id) => sites.iter().any(|site| site.site == *id && !site.archived),
        _ => false,
    };
    let mut targets: Vec<Target> = held.targets.iter().copied().filter(|target| !open(target)).collect();
    targets.extend(wanted.into_iter().map(Target::Site));
    if targets.is_empty() {
        return Err(Error::field(
            "sites",
            "choose at least one; to show this account nothing, deactivate it on its page",
        ));
    }
    let same = targets.len() == held.targets.len() && targets.iter().all(|t| held.targets.contains(t));
    Ok((!same).then(|| Assignment { targets, ..held.clone() }))
}
