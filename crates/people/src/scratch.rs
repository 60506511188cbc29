//! People of a scratch database: holders of any role, built-in or written by a customer, who can be asked for at once.
//! For the leak test, which makes a world of its own and throws it away; nobody is asked for permission here.

use std::sync::Arc;

use access::{Permission, Role};
use kernel::id::{AccountId, ApiTokenId, AssignmentId, MembershipId, OrganizationId, SessionId};
use kernel::secret::Secret;
use kernel::{Audience, Clock, Result, Timestamp};
use store::{Batch, Store};

use crate::accounts::query::NewSession;
use crate::members::query;
use crate::setup::NewMember;
use crate::targets;

/// Somebody who was made.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// In which organization.
    pub organization: OrganizationId,
    /// Their sign-in.
    pub account: AccountId,
    /// Their membership.
    pub membership: MembershipId,
    /// What gives them the role, if they hold one.
    pub assignment: Option<AssignmentId>,
}

/// Makes a member with the role given (the word in `new` does not count), or with none.
///
/// # Errors
/// The store's.
pub async fn holder(
    store: &Store,
    clock: &Clock,
    new: &NewMember<'_>,
    role: Option<&Arc<Role>>,
    audience: Audience,
) -> Result<Holder> {
    let now = clock.now();
    let hierarchy = targets::hierarchy(store, new.organization, new.targets.iter().copied()).await?;
    let placement = targets::place(audience, &new.targets, &new.clients, &hierarchy);
    let mut batch = Batch::new();
    let (account, membership) = (AccountId::new(), MembershipId::new());
    query::insert_account(&mut batch, account, &new.email, &new.name, None, now);
    crate::setup::put_membership(&mut batch, new, account, membership, audience, &placement, now);
    let assignment = role.map(|role| {
        let id = AssignmentId::new();
        query::insert_assignment(
            &mut batch,
            &query::NewAssignment {
                organization: new.organization,
                membership,
                id,
                role: &role.key,
                targets: &new.targets,
                from: None,
                until: None,
                granted_by: None,
                now,
            },
        );
        id
    });
    store.commit(batch).await?;
    Ok(Holder { organization: new.organization, account, membership, assignment })
}

/// How long the keys of [`keys`] are good for, in microseconds: a day.
const LIFE: i64 = 86_400_000_000;

/// Opens a browser's session and makes a token of every right, without a password.
///
/// # Errors
/// The store's.
pub async fn keys(store: &Store, clock: &Clock, holder: &Holder) -> Result<(Secret, Secret)> {
    let (session, token) = (Secret::random(), Secret::random());
    let now = clock.now();
    let until = later(now)?;
    let mut batch = Batch::new();
    crate::accounts::query::insert_session(
        &mut batch,
        &NewSession {
            id: SessionId::new(),
            secret: &session,
            account: holder.account,
            membership: Some(holder.membership),
            now,
            expires_at: until,
            agent: "leak test",
            address: "127.0.0.1",
        },
    );
    crate::tokens::query::put(
        &mut batch,
        (holder.organization, holder.membership),
        ApiTokenId::new(),
        "leak test",
        &Permission::all().collect::<Vec<_>>(),
        &token,
        (now.as_microsecond(), until.as_microsecond()),
    );
    store.commit(batch).await?;
    Ok((session, token))
}

fn later(now: Timestamp) -> Result<Timestamp> {
    Timestamp::from_microsecond(now.as_microsecond() + LIFE).map_err(kernel::Error::internal)
}

/// Puts a role of somebody's own into the scratch organization, as it is written.
///
/// # Errors
/// The store's.
pub async fn role(
    store: &Store,
    clock: &Clock,
    organization: OrganizationId,
    key: &str,
    written: &str,
) -> Result<()> {
    let mut batch = Batch::new();
    query::put_role(&mut batch, organization, (key, written), clock.now());
    store.commit(batch).await?;
    Ok(())
}
