//! SQL of accounts, memberships and assignments, and nothing but SQL.

use access::Target;
use kernel::id::{AccountId, AssignmentId, ClientId, MembershipId, OrganizationId};
use kernel::text::{EmailAddress, Name};
use kernel::{Audience, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, Value, params};
use uuid::Uuid;

use crate::targets::{self, Placement};

/// A sign-in as the other folders need it.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) email: String,
    pub(crate) name: String,
    /// Never leaves this crate.
    pub(crate) password_hash: Option<String>,
    pub(crate) archived: bool,
}

impl FromRow for Account {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            email: row.get(1)?,
            name: row.get(2)?,
            password_hash: row.get(3)?,
            archived: row.get::<Option<Timestamp>>(4)?.is_some(),
        })
    }
}

pub(crate) async fn account_by_email(store: &Store, email: &EmailAddress) -> Result<Option<Account>> {
    store
        .first(
            "select id, email, name, password_hash, archived_at from accounts where email = $1",
            params![email],
        )
        .await
}

pub(crate) async fn account(store: &Store, id: AccountId) -> Result<Option<Account>> {
    store
        .first("select id, email, name, password_hash, archived_at from accounts where id = $1", params![id])
        .await
}

pub(crate) fn insert_account(
    batch: &mut Batch,
    id: AccountId,
    email: &EmailAddress,
    name: &Name,
    password_hash: Option<&str>,
    now: Timestamp,
) {
    batch.run(
        "insert into accounts (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)",
        params![id, email, name, password_hash, now],
    );
    batch.taken(kernel::Error::conflict(
        "somebody made an account with this address just now; sign in with it",
    ));
}

pub(crate) async fn membership_of(
    store: &Store,
    organization: OrganizationId,
    account: AccountId,
    audience: Audience,
) -> Result<Option<MembershipId>> {
    let row: Option<(MembershipId,)> = store
        .first(
            "select id from memberships where organization_id = $1 and account_id = $2 and audience = $3",
            params![organization, account, audience.number()],
        )
        .await?;
    Ok(row.map(|(id,)| id))
}

/// A membership to be stored.
#[derive(Debug)]
pub(crate) struct NewMembership<'a> {
    pub(crate) organization: OrganizationId,
    pub(crate) id: MembershipId,
    pub(crate) account: AccountId,
    pub(crate) audience: Audience,
    pub(crate) name: &'a str,
    pub(crate) placement: &'a Placement,
    pub(crate) subcontractor: bool,
    pub(crate) share_all: bool,
    pub(crate) live_clock_ins: bool,
    pub(crate) created_by: Option<MembershipId>,
    pub(crate) now: Timestamp,
}

pub(crate) fn insert_membership(batch: &mut Batch, new: &NewMembership<'_>) {
    let place = new.placement;
    batch.run(
        "insert into memberships (id, organization_id, account_id, audience, name, search, client_id, site_id, team_id, \
           area_id, subcontractor, share_all, live_clock_ins, created_at, created_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        params![
            new.id,
            new.organization,
            new.account,
            new.audience.number(),
            new.name,
            store::fold(new.name),
            place.clients.first().copied(),
            place.site,
            place.team,
            place.area,
            i64::from(new.subcontractor),
            i64::from(new.share_all),
            i64::from(new.live_clock_ins),
            new.now,
            new.created_by
        ],
    );
    batch.taken(kernel::Error::conflict("this person is a member already"));
    add_clients(batch, new.organization, new.id, place.clients.get(1..).unwrap_or_default());
}

/// Lets a membership belong to more clients.
pub(crate) fn add_clients(
    batch: &mut Batch,
    organization: OrganizationId,
    membership: MembershipId,
    clients: &[ClientId],
) {
    for client in clients {
        batch.run(
            "insert into membership_clients (organization_id, membership_id, client_id) values ($1, $2, $3) \
             on conflict do nothing",
            params![organization, membership, *client],
        );
    }
}

/// An assignment to be stored.
#[derive(Debug)]
pub(crate) struct NewAssignment<'a> {
    pub(crate) organization: OrganizationId,
    pub(crate) membership: MembershipId,
    pub(crate) id: AssignmentId,
    pub(crate) role: &'a str,
    pub(crate) targets: &'a [Target],
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) granted_by: Option<MembershipId>,
    pub(crate) now: Timestamp,
}

pub(crate) fn insert_assignment(batch: &mut Batch, new: &NewAssignment<'_>) {
    batch.run(
        "insert into assignments (id, organization_id, membership_id, role_key, from_at, until_at, granted_by, granted_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            new.id,
            new.organization,
            new.membership,
            new.role,
            new.from,
            new.until,
            new.granted_by,
            new.now
        ],
    );
    for target in new.targets {
        batch.run(
            "insert into assignment_targets (organization_id, assignment_id, dimension, target_id) \
             values ($1, $2, $3, $4) on conflict do nothing",
            params![
                new.organization,
                new.id,
                target.reach().number(),
                targets::key(*target, new.organization)
            ],
        );
    }
}

/// Client and area of each of these sites.
pub(crate) async fn places_of(
    store: &Store,
    organization: OrganizationId,
    sites: &[Uuid],
) -> Result<Vec<(Uuid, Uuid, Option<Uuid>)>> {
    let mut found = Vec::new();
    for some in sites.chunks(200) {
        let places: Vec<String> = (2..some.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select id, client_id, area_id from sites where organization_id = $1 and id in ({})",
            places.join(", ")
        );
        let mut values = params![organization];
        values.extend(some.iter().map(|id| Value::from(*id)));
        found.extend(store.all::<(Uuid, Uuid, Option<Uuid>)>(&sql, values).await?);
    }
    Ok(found)
}
