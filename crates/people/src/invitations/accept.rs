//! Accepting an invitation. Everything is asked anew: whether the inviter may still give this, whether the role can
//! still be held, whether the rules of the organization still allow it.

use std::sync::Arc;

use access::{Assignment, Authority, Refusal, Role, Target};
use kernel::id::{AccountId, AssignmentId, MembershipId};
use kernel::secret::Secret;
use kernel::text::{EmailAddress, Name};
use kernel::{Audience, Error, Result};
use serde_json::json;
use store::Batch;
use web::{App, Visitor};

use super::model::{AcceptForm, Letter};
use super::query;
use crate::grants;
use crate::members::Entry;
use crate::members::query::{self as people, Account, NewAssignment, NewMembership};
use crate::sessions::{self, begin, ends, landing};
use crate::sign_in::throttle::Attempt;
use crate::targets::{self, Placement};

/// How whoever has the link can accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Nobody has this address yet: choose a name and a password.
    New,
    /// There is an account without a password: choose one.
    SetPassword,
    /// There is an account: give its password.
    SignIn,
    /// This browser is signed in as that account.
    Signed,
}

/// An open invitation, and what it takes to accept it.
pub(super) struct Open {
    pub(super) letter: Letter,
    pub(super) how: How,
    pub(super) inviter: Option<String>,
    /// The role that is offered, unless it was put away since.
    pub(super) role: Option<Arc<Role>>,
    account: Option<Account>,
}

/// The invitation behind a link.
///
/// # Errors
/// [`Error::NotFound`] for a link that was used, replaced, taken back, is too old or never was; or the store's.
pub(super) async fn open(visitor: &Visitor, token: &str) -> Result<Open> {
    let app = &visitor.app;
    let letter = query::by_secret(&app.store, &Secret::presented(token), app.clock.now()).await?;
    let letter = letter.ok_or(Error::NotFound)?;
    let account = people::account_by_email(&app.store, &letter.email).await?;
    let how = match &account {
        None => How::New,
        Some(account) => match sessions::signed(visitor).await? {
            Some(signed) if signed.account == account.id => How::Signed,
            _ if account.password_hash.is_none() => How::SetPassword,
            _ => How::SignIn,
        },
    };
    let inviter = match letter.created_by {
        Some(id) => query::inviter(&app.store, id).await?,
        None => None,
    };
    let role = app.roles(letter.organization).await?.role(&letter.role).cloned();
    Ok(Open { letter, how, inviter, role, account })
}

/// Who accepts: an account that is there, or one to be made.
struct Accepter {
    id: AccountId,
    name: Name,
    /// To be made together with the membership.
    fresh: bool,
    /// A password to be set.
    hash: Option<String>,
}

/// Accepts: makes the account if there is none, gives the membership and the role, and signs in.
///
/// # Errors
/// [`Error::NotFound`] as [`open`]; [`Error::Invalid`] at a field; [`Error::Conflict`] with a sentence where the
/// offer no longer stands; [`Error::TooMany`]; or the store's.
pub(super) async fn accept(visitor: &Visitor, token: &str, form: &AcceptForm) -> Result<(Secret, String)> {
    let open = open(visitor, token).await?;
    let attempt = Attempt::guess(&visitor.app.store, &visitor.address, open.letter.email.as_str());
    let accepter = accepter(visitor, &open, form, &attempt).await?;
    // Rights may change elsewhere at the same moment; the decision is then made once more.
    let mut tries = 0;
    loop {
        tries += 1;
        match settle(visitor, token, &open, &accepter, &attempt).await {
            Err(Error::Conflict(_)) if tries < 3 => {}
            other => return other,
        }
    }
}

async fn accepter(visitor: &Visitor, open: &Open, form: &AcceptForm, attempt: &Attempt) -> Result<Accepter> {
    let app = &visitor.app;
    let letter = &open.letter;
    let fresh_password = |name: &str| {
        let around = [letter.email.as_str(), name, letter.organization_name.as_str()];
        crate::password::good_enough(form.password.as_str(), &around)
    };
    match &open.account {
        None => {
            let mut errors = kernel::FieldErrors::default();
            let name = errors.take("name", form.name.parse::<Name>());
            errors.take("password", fresh_password(form.name.as_str()));
            errors.check()?;
            let name = name.ok_or_else(|| Error::internal("a checked form lacks a field"))?;
            let hash = crate::password::hash(form.password.0.clone()).await?;
            Ok(Accepter { id: AccountId::new(), name, fresh: true, hash: Some(hash) })
        }
        Some(account) => {
            if account.archived {
                return Err(Error::conflict("This sign-in is archived. Ask an administrator."));
            }
            let hash = match open.how {
                How::SetPassword => {
                    fresh_password(&account.name).map_err(|why| Error::field("password", why))?;
                    Some(crate::password::hash(form.password.0.clone()).await?)
                }
                How::SignIn => {
                    attempt.begin(&app.store, app.clock.now()).await?;
                    let good =
                        crate::password::verify(form.password.0.clone(), account.password_hash.clone())
                            .await?;
                    if !good {
                        return Err(Error::field("password", "this is not the password of this account"));
                    }
                    None
                }
                How::New | How::Signed => None,
            };
            let name = letter.name.parse().map_err(Error::internal)?;
            Ok(Accepter { id: account.id, name, fresh: false, hash })
        }
    }
}

/// What the accepter would hold, and held before.
struct Change {
    inviter: Option<Authority>,
    before: Option<Authority>,
    after: Authority,
    /// What is given with it; nothing where the membership was there and the letter only opens it.
    assignment: Option<Assignment>,
    placement: Placement,
    targets: Vec<Target>,
}

async fn settle(
    visitor: &Visitor,
    token: &str,
    open: &Open,
    accepter: &Accepter,
    attempt: &Attempt,
) -> Result<(Secret, String)> {
    let app = &visitor.app;
    let now = app.clock.now();
    let letter = &open.letter;
    let change = change(app, letter, accepter.id).await?;
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, change.inviter.as_ref().unwrap_or(&change.after));
    query::consume(&mut batch, letter.id, &Secret::presented(token), now);
    if open.how == How::SignIn {
        attempt.good(&mut batch);
    }
    store_person(&mut batch, letter, accepter, &change, now);
    let secret = begin(&mut batch, visitor, accepter.id, Some(change.after.membership), ends(now));
    let plan = change.after.compile(now);
    store::journal::append(
        &mut batch,
        &store::journal::Entry {
            organization: letter.organization,
            at: now,
            account: Some(accepter.id),
            membership: Some(change.after.membership),
            name: accepter.name.as_str(),
            roles: &sessions::role_names(&plan),
            action: "accept_invitation",
            resource: access::Resource::Account.word(),
            record: Some(change.after.membership.uuid()),
            label: accepter.name.as_str(),
            detail: &json!({ "after": { "role": letter.role, "targets": letter.offered.targets } })
                .to_string(),
            address: &visitor.address,
        },
    );
    app.store.commit(batch).await?;
    Ok((secret, landing(app, &plan, "")))
}

fn store_person(
    batch: &mut Batch,
    letter: &Letter,
    accepter: &Accepter,
    change: &Change,
    now: kernel::Timestamp,
) {
    let hash = accepter.hash.as_deref();
    if accepter.fresh {
        people::insert_account(batch, accepter.id, &letter.email, &accepter.name, hash, now);
    } else if let Some(hash) = hash {
        crate::accounts::query::set_password(batch, accepter.id, hash);
    }
    let membership = change.after.membership;
    match &change.before {
        Some(_) => {
            if change.assignment.is_some() {
                people::place(batch, letter.organization, membership, &change.placement);
            }
            people::set_entry(batch, letter.organization, membership, Entry::Joined);
        }
        None => people::insert_membership(
            batch,
            &NewMembership {
                organization: letter.organization,
                id: membership,
                account: accepter.id,
                audience: letter.audience,
                name: accepter.name.as_str(),
                email: &letter.email,
                placement: &change.placement,
                subcontractor: letter.offered.subcontractor,
                share_all: false,
                live_clock_ins: false,
                entry: Entry::Joined,
                created_by: letter.created_by,
                now,
            },
        ),
    }
    let Some(assignment) = &change.assignment else { return };
    people::insert_assignment(
        batch,
        &NewAssignment {
            organization: letter.organization,
            membership,
            id: assignment.id,
            role: &letter.role,
            targets: &change.targets,
            from: None,
            until: None,
            granted_by: letter.created_by,
            now,
        },
    );
}

/// Works out the change and asks every question about it.
async fn change(app: &App, letter: &Letter, account: AccountId) -> Result<Change> {
    if let Some(membership) = letter.membership {
        return opened(app, letter, account, membership).await;
    }
    let now = app.clock.now();
    let store = &app.store;
    let gone = || Error::conflict("This role is no longer there. Ask for a new invitation.");
    let roles = app.roles(letter.organization).await?;
    let role = roles.role(&letter.role).ok_or_else(gone)?;
    let there = people::membership_of(store, letter.organization, account, letter.audience).await?;
    let before = match there {
        Some(id) => Some(web::identity::authority(store, letter.organization, id, now).await?),
        None => None,
    };
    if before.as_ref().is_some_and(|before| !before.active) {
        return Err(deactivated(letter));
    }
    let chosen = letter.offered.targets();
    let assignment = Assignment {
        id: AssignmentId::new(),
        role: role.clone(),
        targets: chosen.clone(),
        from: None,
        until: None,
        granted_by: letter.created_by,
        granted_at: now,
    };
    let held = before.iter().flat_map(|b| &b.assignments).flat_map(|a| a.targets.iter().copied());
    let all: Vec<Target> = held.chain(chosen.iter().copied()).collect();
    let mut hierarchy = targets::hierarchy(store, letter.organization, all).await?;
    hierarchy.roles = roles.clone();
    let (after, placement) = match &before {
        Some(before) => {
            let mut after = before.clone();
            after.assignments.push(assignment.clone());
            let placement = crate::members::place(&mut after, &hierarchy);
            (after, placement)
        }
        None => {
            let mut placement = targets::place(letter.audience, &chosen, &letter.offered.clients, &hierarchy);
            placement.team = placement.team.or(letter.offered.team);
            let (features, switches, epoch) =
                crate::organization::query::standing(store, letter.organization, now).await?;
            let after = Authority {
                organization: letter.organization,
                membership: MembershipId::new(),
                audience: letter.audience,
                active: true,
                clients: placement.clients.clone(),
                subcontractor: letter.offered.subcontractor,
                share_all: false,
                live_clock_ins: false,
                assignments: vec![assignment.clone()],
                switches,
                features,
                epoch,
            };
            (after, placement)
        }
    };
    let inviter = inviter(app, letter).await?;
    match &inviter {
        Some(inviter) => {
            access::may_assign(inviter, before.as_ref(), &after, now, &hierarchy).map_err(no_longer)?;
            grants::named(&inviter.compile(now), [&assignment], &roles)
                .map_err(|_e| no_longer(Refusal::Beyond(Vec::new())))?;
        }
        None => access::roles_fit(&after).map_err(Error::conflict)?,
    }
    static_site(app, letter, &after).await?;
    not_staff(app, letter, &letter.email).await?;
    Ok(Change { inviter, before, after, assignment: Some(assignment), placement, targets: chosen })
}

/// The letter to an account that was saved before: it gives nothing that is not held already, and opens the door.
async fn opened(app: &App, letter: &Letter, account: AccountId, membership: MembershipId) -> Result<Change> {
    let now = app.clock.now();
    let store = &app.store;
    let there = people::membership_of(store, letter.organization, account, letter.audience).await?;
    if there != Some(membership) {
        return Err(Error::NotFound);
    }
    let before = web::identity::authority(store, letter.organization, membership, now).await?;
    if !before.active {
        return Err(deactivated(letter));
    }
    let held = before.assignments.iter().flat_map(|a| a.targets.iter().copied());
    let mut hierarchy = targets::hierarchy(store, letter.organization, held).await?;
    hierarchy.roles = app.roles(letter.organization).await?;
    let inviter = inviter(app, letter).await?;
    if let Some(inviter) = &inviter {
        access::may_manage(inviter, &before, now, &hierarchy).map_err(no_longer)?;
        grants::named(&inviter.compile(now), &before.assignments, &hierarchy.roles)
            .map_err(|_e| no_longer(Refusal::Beyond(Vec::new())))?;
    }
    static_site(app, letter, &before).await?;
    not_staff(app, letter, &letter.email).await?;
    Ok(Change {
        inviter,
        after: before.clone(),
        before: Some(before),
        assignment: None,
        placement: Placement::default(),
        targets: Vec::new(),
    })
}

fn deactivated(letter: &Letter) -> Error {
    Error::conflict(format!(
        "Your membership of {} was deactivated. Ask an administrator to bring it back.",
        letter.organization_name
    ))
}

async fn static_site(app: &App, letter: &Letter, after: &Authority) -> Result<()> {
    grants::keeps_a_static_site(&app.store, letter.organization, Entry::Invited, &after.assignments)
        .await
        .map_err(|_e| {
            Error::conflict("A client's account needs at least one static site. Ask for a new invitation.")
        })
}

/// What the inviter holds now; `None` for an invitation that no member made.
async fn inviter(app: &App, letter: &Letter) -> Result<Option<Authority>> {
    let Some(id) = letter.created_by else { return Ok(None) };
    match web::identity::authority(&app.store, letter.organization, id, app.clock.now()).await {
        Ok(authority) => Ok(Some(authority)),
        Err(Error::SignedOut) => Err(no_longer(Refusal::Beyond(Vec::new()))),
        Err(other) => Err(other),
    }
}

/// The offer does not stand any more. The accepter is not told what the inviter holds.
fn no_longer(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Unfit(sentence) => Error::conflict(format!("This cannot be accepted now. {sentence}")),
        Refusal::OneselfOnly => Error::conflict(
            "Nobody changes their own roles: you made this invitation yourself. Ask another administrator.",
        ),
        Refusal::Beyond(_) => {
            Error::conflict("Whoever invited you can no longer give you this role. Ask for a new invitation.")
        }
    }
}

/// An address of the staff takes no account on the client side, where the organization asks for that.
async fn not_staff(app: &App, letter: &Letter, email: &EmailAddress) -> Result<()> {
    let store = &app.store;
    if letter.audience == Audience::Client
        && crate::organization::query::refuses_staff_email(store, letter.organization).await?
        && people::is_staff(store, letter.organization, email).await?
    {
        return Err(Error::conflict(format!(
            "Your address is on the staff list of {}, which keeps its client accounts apart. Ask to be invited with another address.",
            letter.organization_name
        )));
    }
    Ok(())
}
