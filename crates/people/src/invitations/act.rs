//! What can be done with invitations: make, send again, take back.

use access::{Assignment, Authority, Facts, Hierarchy, Reach, Resource, Role, Target};
use kernel::id::{AssignmentId, InvitationId, MembershipId, TeamId};
use kernel::page::{Page, PageSize};
use kernel::secret::Secret;
use kernel::text::EmailAddress;
use kernel::{Audience, Error, Result};
use serde_json::json;
use store::listing::{self, Listing};
use store::{Batch, Value};
use web::Ctx;
use web::change::{self, Kind, Prepared, Preparing};

use super::INVITE;
use super::model::{InvitationFilter, InvitationForm, InvitationOut, InvitationState, Offered, WEEK};
use super::query::{self, INVITATIONS};
use crate::grants::{self, GIVE};
use crate::letters::{self, Sender};
use crate::members::{self, Entry, query as people};
use crate::sign_in::throttle::Attempt;
use crate::targets::{self, Placement, names::Names};

/// The invitations within the plan, the newest first.
pub(super) async fn list(ctx: &Ctx, filter: &InvitationFilter) -> Result<Page<InvitationOut>> {
    ctx.require(INVITE)?;
    let mut listing = Listing::new(&ctx.plan, INVITE, &INVITATIONS)?;
    if !filter.all {
        listing = listing.unknown("accepted_at")?.unknown("revoked_at")?;
    }
    let mut page: Page<InvitationOut> =
        listing.after(filter.cursor.as_deref()).rows(PageSize::of(filter.limit)).page(ctx.store()).await?;
    tell(ctx, &mut page.items).await?;
    Ok(page)
}

/// Invitations within the plan whose link ended unused, the newest first; no more than `most`.
pub(crate) async fn lapsed(ctx: &Ctx, most: usize) -> Result<Vec<crate::reviews::LapsedOut>> {
    if !ctx.may(INVITE) {
        return Ok(Vec::new());
    }
    let page: Page<InvitationOut> = Listing::new(&ctx.plan, INVITE, &INVITATIONS)?
        .unknown("accepted_at")?
        .unknown("revoked_at")?
        .below("expires_at", ctx.now())?
        .rows(PageSize::of(u16::try_from(most).ok()))
        .page(ctx.store())
        .await?;
    Ok(page
        .items
        .into_iter()
        .map(|one| crate::reviews::LapsedOut {
            invitation: one.id,
            email: one.email,
            name: one.name,
            expired_at: one.expires_at,
        })
        .collect())
}

/// One invitation within the plan.
pub(super) async fn find(ctx: &Ctx, id: InvitationId) -> Result<(InvitationOut, Facts)> {
    let (invitation, facts) =
        listing::find::<InvitationOut>(ctx.store(), &ctx.plan, INVITE, &INVITATIONS, id.uuid()).await?;
    let mut one = [invitation];
    tell(ctx, &mut one).await?;
    let [invitation] = one;
    Ok((invitation, facts))
}

/// Adds the words that follow from the rows: state, role, places.
async fn tell(ctx: &Ctx, invitations: &mut [InvitationOut]) -> Result<()> {
    let names = Names::of(ctx, invitations.iter().flat_map(|i| i.offered.targets())).await?;
    let roles = ctx.roles().await?;
    for one in invitations {
        one.state = one.state_at(ctx.now());
        one.place = names.sentence(&one.offered.targets());
        one.role_name = roles.name(&one.role).to_owned();
    }
    Ok(())
}

/// What whoever accepts would hold.
pub(super) fn authority(
    giver: &Authority,
    role: &std::sync::Arc<Role>,
    targets: &[Target],
    placement: &Placement,
    subcontractor: bool,
    now: kernel::Timestamp,
) -> Authority {
    Authority {
        organization: giver.organization,
        membership: MembershipId::new(),
        audience: role.audience,
        active: true,
        clients: placement.clients.clone(),
        subcontractor,
        share_all: false,
        live_clock_ins: false,
        assignments: vec![Assignment {
            id: AssignmentId::new(),
            role: role.clone(),
            targets: targets.to_vec(),
            from: None,
            until: None,
            granted_by: Some(giver.membership),
            granted_at: now,
        }],
        switches: giver.switches,
        features: giver.features,
        epoch: giver.epoch,
    }
}

/// May the asker invite somebody who would hold this?
async fn may_invite(
    ctx: &Ctx,
    giver: &Authority,
    after: &Authority,
    placement: &Placement,
    hierarchy: &Hierarchy,
) -> Result<()> {
    let targets: Vec<Target> = after.assignments.iter().flat_map(|a| a.targets.iter().copied()).collect();
    if targets.is_empty() {
        let facts = Facts {
            client: placement.clients.first().map(|c| c.uuid()),
            ..Facts::of(ctx.who.organization.uuid())
        };
        ctx.plan.permit_new(INVITE, &facts)?;
        ctx.plan.permit_new(GIVE, &facts)?;
    }
    grants::everywhere(ctx, INVITE, &targets, hierarchy)?;
    grants::everywhere(ctx, GIVE, &targets, hierarchy)?;
    grants::may_turn(ctx, giver, None, after, hierarchy)?;
    grants::keeps_a_static_site(ctx.store(), ctx.who.organization, Entry::Invited, &after.assignments).await
}

/// Invites somebody.
pub(super) async fn create(ctx: &Ctx, form: &InvitationForm) -> Result<InvitationOut> {
    let (mut prepared, id) = prepare(ctx, form).await?;
    change::remember(ctx, INVITE_KIND, &json!(form), &mut prepared);
    ctx.commit_new(prepared.batch, &format!("/invitations/{id}")).await?;
    Ok(find(ctx, id).await?.0)
}

/// Inviting somebody, as a kind of change.
pub(super) const INVITE_KIND: Kind = Kind { word: "invite", prepare: invite_said };

fn invite_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move { Ok(prepare(ctx, &change::said::<InvitationForm>(form)?).await?.0) })
}

/// Asks every question about an invitation. Whoever is to come holds nothing before, and the role once they accept.
async fn prepare(ctx: &Ctx, form: &InvitationForm) -> Result<(Prepared, InvitationId)> {
    ctx.require(INVITE)?;
    let role = &members::role(ctx, form.role.as_str(), None).await?;
    let draft = form.parse()?;
    let chosen = members::chosen(ctx, role, &form.targets).await?;
    let named = named_client(ctx, role, form, draft.client).await?;
    let subcontractor = role.audience == Audience::Contractor && form.subcontractor.is_on();
    if subcontractor && ctx.who.audience != Audience::Staff {
        return Err(Error::field(
            "subcontractor",
            "only staff take on contractors for the organization itself",
        ));
    }
    let hierarchy = targets::around(ctx, chosen.iter().copied()).await?;
    let mut placement = targets::place(role.audience, &chosen, &named, &hierarchy);
    placement.team = placement.team.or_else(|| grants::own_team(ctx).map(TeamId::from_uuid));
    if role.audience != Audience::Staff && placement.clients.is_empty() && !subcontractor {
        return Err(Error::field("client", "choose the client they belong to"));
    }
    let giver = grants::giver(ctx).await?;
    let after = authority(&giver, role, &chosen, &placement, subcontractor, ctx.now());
    may_invite(ctx, &giver, &after, &placement, &hierarchy).await?;
    let permit = ctx.plan.permit_new(INVITE, &facts_of(ctx, &chosen, &placement, &hierarchy))?;
    not_here_already(ctx, &draft.email, role.audience).await?;
    let blind = staff_email(ctx, &draft.email, role.audience).await?;

    let id = InvitationId::new();
    let secret = Secret::random();
    let offered = Offered {
        targets: chosen.iter().map(|t| targets::word(*t)).collect(),
        clients: placement.clients.clone(),
        subcontractor,
        team: placement.team,
    };
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
    query::insert(
        &mut batch,
        &permit,
        &query::New {
            id,
            email: &draft.email,
            name: &draft.name,
            audience: role.audience,
            role: &role.key,
            offered: &offered,
            placement: &placement,
            secret: &secret,
            membership: None,
            now: ctx.now(),
        },
    );
    post(ctx, &mut batch, (id, &draft.email), role, &chosen, &secret, blind).await?;
    let detail = json!({ "after": form });
    ctx.journal(&mut batch, "invite", Resource::Account, Some(id), draft.email.as_str(), &detail);
    let prepared = Prepared {
        title: format!("{} invited: {}", draft.name, role.name),
        batch,
        newcomers: vec![(after.membership, draft.name.to_string())],
        pairs: vec![(change::nobody_yet(&after), after)],
        inverse: Some((REVOKE_KIND.word, json!({ "invitation": id }))),
        ..Prepared::default()
    };
    Ok((prepared, id))
}

/// The facts that decide who may look after the invitation.
fn facts_of(ctx: &Ctx, targets: &[Target], placement: &Placement, hierarchy: &Hierarchy) -> Facts {
    match targets.first() {
        Some(first) => {
            let facts = grants::facts(ctx.who.organization, *first, hierarchy);
            Facts { team: facts.team.or_else(|| grants::own_team(ctx)), ..facts }
        }
        None => Facts {
            client: placement.clients.first().map(|c| c.uuid()),
            ..Facts::of(ctx.who.organization.uuid())
        },
    }
}

/// The client that was named, if the role needs one and the asker may see it.
async fn named_client(
    ctx: &Ctx,
    role: &Role,
    form: &InvitationForm,
    client: Option<kernel::id::ClientId>,
) -> Result<Vec<kernel::id::ClientId>> {
    let Some(client) = client else { return Ok(Vec::new()) };
    if !asks_client(role) || form.subcontractor.is_on() {
        return Err(Error::field("client", "this role follows from its places; name no client besides"));
    }
    let target = Target::Client(client);
    if !Names::of(ctx, [target]).await?.knows(target) {
        return Err(Error::field("client", "choose one of the clients"));
    }
    Ok(vec![client])
}

/// Does the role leave open which client somebody belongs to?
pub(super) fn asks_client(role: &Role) -> bool {
    match role.audience {
        Audience::Staff => false,
        Audience::Client => role.reach == Reach::Own,
        Audience::Contractor => role.reach == Reach::Team,
    }
}

/// Refuses to invite somebody whom the asker can see here, or has invited. Whom the asker may not see is told
/// nothing of: the invitation goes out, and is settled with whoever opens it.
async fn not_here_already(ctx: &Ctx, email: &EmailAddress, audience: Audience) -> Result<()> {
    let member = people::membership_by_email(ctx.store(), ctx.who.organization, email, audience).await?;
    if let Some(id) = member
        && members::visible(ctx, id).await?
    {
        return Err(Error::field(
            "email",
            "this person is a member already, or saved as one; give the role or send the invitation on their page",
        ));
    }
    let waiting = Listing::new(&ctx.plan, INVITE, &INVITATIONS)?
        .is("email", email)?
        .is("audience", audience.number())?
        .unknown("accepted_at")?
        .unknown("revoked_at")?
        .at_least("expires_at", Value::from(ctx.now()))?
        .count(ctx.store(), 1)
        .await?;
    if waiting > 0 {
        return Err(Error::field(
            "email",
            "this address is invited already; send that invitation again, or take it back",
        ));
    }
    Ok(())
}

/// Is a client's account asked for with an address of the staff, against the organization's rule? Whoever may see
/// that member of the staff is told so. For others the answer is `true` and looks like any other: the letter then
/// holds no link, so that inviting is no way to learn who works here.
pub(crate) async fn staff_email(ctx: &Ctx, email: &EmailAddress, audience: Audience) -> Result<bool> {
    let (store, organization) = (ctx.store(), ctx.who.organization);
    if audience != Audience::Client
        || !crate::organization::query::refuses_staff_email(store, organization).await?
        || !people::is_staff(store, organization, email).await?
    {
        return Ok(false);
    }
    let member = people::membership_by_email(store, organization, email, Audience::Staff).await?;
    if let Some(id) = member
        && members::visible(ctx, id).await?
    {
        return Err(Error::field(
            "email",
            format!(
                "{email} is on the staff list of {}; a client's account needs another address. (Settings, “Staff list”.)",
                ctx.who.organization_name
            ),
        ));
    }
    Ok(true)
}

/// Puts the letter into the batch.
pub(super) async fn post(
    ctx: &Ctx,
    batch: &mut Batch,
    (id, email): (InvitationId, &EmailAddress),
    role: &Role,
    targets: &[Target],
    secret: &Secret,
    blind: bool,
) -> Result<()> {
    let sender = Sender {
        organization: Some(ctx.who.organization),
        name: &ctx.who.organization_name,
        hue: ctx.who.hue,
    };
    if blind {
        letters::staff_not_invited(batch, sender, email, &ctx.who.name, ctx.now());
        return Ok(());
    }
    let place = Names::of(ctx, targets.iter().copied()).await?.sentence(targets);
    letters::invitation(
        batch,
        &ctx.app,
        sender,
        email,
        &letters::Invitation {
            id,
            inviter: &ctx.who.name,
            role: &role.name,
            about: &role.about,
            place: &place,
            path: &format!("/invitation/{}", secret.expose()),
        },
        (ctx.now(), ctx.now() + std::time::Duration::from_micros(WEEK.unsigned_abs())),
    );
    Ok(())
}

/// What whoever accepts a stored invitation would hold, as the asker would give it now.
async fn read_again(
    ctx: &Ctx,
    invitation: &InvitationOut,
) -> Result<(Authority, Authority, Placement, Hierarchy)> {
    let role = members::role(ctx, &invitation.role, Some(invitation.audience)).await?;
    let chosen = invitation.offered.targets();
    let hierarchy = targets::around(ctx, chosen.iter().copied()).await?;
    let mut placement = targets::place(role.audience, &chosen, &invitation.offered.clients, &hierarchy);
    placement.team = placement.team.or(invitation.offered.team);
    let giver = grants::giver(ctx).await?;
    let after = authority(&giver, &role, &chosen, &placement, invitation.offered.subcontractor, ctx.now());
    Ok((giver, after, placement, hierarchy))
}

fn settled(state: InvitationState) -> Result<()> {
    match state {
        InvitationState::Pending | InvitationState::Expired => Ok(()),
        InvitationState::Accepted => Err(Error::conflict("This invitation was accepted already.")),
        InvitationState::Revoked => Err(Error::conflict("This invitation was taken back. Invite anew.")),
    }
}

/// Sends a new link; the old one is dead from then on.
pub(super) async fn resend(ctx: &Ctx, id: InvitationId) -> Result<InvitationOut> {
    let (invitation, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(INVITE, &facts)?;
    settled(invitation.state)?;
    if let Some(membership) = invitation.membership {
        return super::member::invite(ctx, membership).await;
    }
    let (giver, after, placement, hierarchy) = read_again(ctx, &invitation).await?;
    may_invite(ctx, &giver, &after, &placement, &hierarchy).await?;
    let email: EmailAddress = invitation.email.parse().map_err(Error::internal)?;
    let blind = staff_email(ctx, &email, invitation.audience).await?;
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
    let mailbox = Attempt::invitation_mail(ctx.store(), email.as_str());
    if !mailbox.count_in(&mut batch, ctx.store(), ctx.now()).await? {
        return Err(Error::conflict(
            "Several letters went to this address within the hour already. Wait a little.",
        ));
    }
    let secret = Secret::random();
    query::renew(&mut batch, &permit, id, invitation.version, &secret, ctx.now());
    let role = &members::role(ctx, &invitation.role, None).await?;
    post(ctx, &mut batch, (id, &email), role, &invitation.offered.targets(), &secret, blind).await?;
    ctx.journal(&mut batch, "resend_invitation", Resource::Account, Some(id), &invitation.email, &json!({}));
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}

/// Takes an invitation back.
pub(super) async fn revoke(ctx: &Ctx, id: InvitationId) -> Result<InvitationOut> {
    let prepared = prepare_revoke(ctx, id).await?;
    change::commit(ctx, REVOKE_KIND, &json!({ "invitation": id }), prepared).await?;
    Ok(find(ctx, id).await?.0)
}

/// Taking an invitation back, as a kind of change.
pub(super) const REVOKE_KIND: Kind = Kind { word: "revoke_invitation", prepare: revoke_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokeSaid {
    invitation: InvitationId,
}

fn revoke_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move { prepare_revoke(ctx, change::said::<RevokeSaid>(form)?.invitation).await })
}

async fn prepare_revoke(ctx: &Ctx, id: InvitationId) -> Result<Prepared> {
    let (invitation, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(INVITE, &facts)?;
    settled(invitation.state)?;
    let (giver, after, _, hierarchy) = read_again(ctx, &invitation).await?;
    // Nobody undoes what those above have offered.
    grants::may_manage(ctx, &giver, &after, &hierarchy)?;
    let mut batch = Batch::new();
    query::revoke(&mut batch, &permit, id, invitation.version, ctx.now());
    if let Some(membership) = invitation.membership {
        people::set_entry(&mut batch, permit.organization(), membership, Entry::Saved);
    }
    ctx.journal(&mut batch, "revoke_invitation", Resource::Account, Some(id), &invitation.email, &json!({}));
    Ok(Prepared {
        title: format!("{}: invitation taken back", invitation.name),
        batch,
        newcomers: vec![(after.membership, invitation.name)],
        pairs: vec![(after.clone(), change::nobody_yet(&after))],
        ..Prepared::default()
    })
}
