//! SQL of accounts, memberships and assignments, and nothing but SQL.

use access::{FieldClass, Permit, Resource, Target};
use kernel::id::{AccountId, AssignmentId, ClientId, MembershipId, OrganizationId};
use kernel::text::{EmailAddress, Name};
use kernel::{Audience, Error, Result, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, FromRow, Row, Store, Value, params};
use uuid::Uuid;

use super::model::Entry;
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
    batch.taken(Error::conflict("somebody made an account with this address just now; sign in with it"));
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
    pub(crate) email: &'a EmailAddress,
    pub(crate) placement: &'a Placement,
    pub(crate) subcontractor: bool,
    pub(crate) share_all: bool,
    pub(crate) live_clock_ins: bool,
    pub(crate) entry: Entry,
    pub(crate) created_by: Option<MembershipId>,
    pub(crate) now: Timestamp,
}

pub(crate) fn insert_membership(batch: &mut Batch, new: &NewMembership<'_>) {
    let place = new.placement;
    batch.run(
        "insert into memberships (id, organization_id, account_id, audience, name, search, client_id, site_id, team_id, \
           area_id, subcontractor, share_all, live_clock_ins, created_at, created_by, entry) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        params![
            new.id,
            new.organization,
            new.account,
            new.audience.number(),
            new.name,
            searched(new.name, new.email.as_str()),
            place.clients.first().copied(),
            place.site,
            place.team,
            place.area,
            i64::from(new.subcontractor),
            i64::from(new.share_all),
            i64::from(new.live_clock_ins),
            new.now,
            new.created_by,
            new.entry.number()
        ],
    );
    batch.taken(Error::conflict("this person is a member already"));
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
    insert_targets(batch, new);
}

fn insert_targets(batch: &mut Batch, new: &NewAssignment<'_>) {
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

/// Stores a role of the organization's own without asking anybody; for a scratch world.
pub(crate) fn put_role(
    batch: &mut Batch,
    organization: OrganizationId,
    (key, written): (&str, &str),
    now: Timestamp,
) {
    batch.run(
        "insert into roles (id, organization_id, key, written, created_at) values ($1, $2, $3, $4, $5)",
        params![Uuid::now_v7(), organization, key, written, now],
    );
}

/// The batch holds only while nobody's rights in the organization have changed since they were read.
pub(crate) fn guard_epoch(batch: &mut Batch, organization: OrganizationId, epoch: i64) {
    batch.guard(
        "update organizations set epoch = epoch where id = $1 and epoch = $2",
        params![organization, epoch],
        Error::conflict("Somebody changed rights in the organization at the same moment. Try again."),
    );
}

pub(crate) static MEMBERS: Table = Table {
    resource: Resource::Account,
    name: "memberships",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("email", "a.email", FieldClass::Public),
        field("audience", "t.audience", FieldClass::Public),
        field("client", "t.client_id", FieldClass::Public),
        field("client_name", "c.name", FieldClass::Public),
        field("active", "t.active", FieldClass::Public),
        field("seen_at", "t.seen_at", FieldClass::Public),
        field("created_at", "t.created_at", FieldClass::Public),
        // What a client's account is let see is for the organization to know and to set.
        field("share_all", "t.share_all", FieldClass::Operational),
        field("live_clock_ins", "t.live_clock_ins", FieldClass::Operational),
        field("version", "t.version", FieldClass::Public),
        field("account", "t.account_id", FieldClass::Public),
        field("organization", "t.organization_id", FieldClass::Public),
        field("site", "t.site_id", FieldClass::Public),
        field("team", "t.team_id", FieldClass::Public),
        field("area", "t.area_id", FieldClass::Public),
        field("entry", "t.entry", FieldClass::Public),
    ],
    joins: "join accounts a on a.id = t.account_id left join clients c on c.id = t.client_id",
    orders: &[Order {
        name: "name",
        column: "search",
        text: true,
        descending: false,
        class: FieldClass::Public,
    }],
    search: &[("t.search", FieldClass::Public)],
    keys: Keys::PLACED,
    visibility_in_index: false,
};

/// Folded text a member is found by.
pub(crate) fn searched(name: &str, email: &str) -> String {
    store::fold(&format!("{name} {email}"))
}

/// An assignment as stored.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) id: AssignmentId,
    pub(crate) membership: MembershipId,
    pub(crate) role: String,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) granted_by: Option<MembershipId>,
    pub(crate) granted_at: Timestamp,
    pub(crate) targets: Vec<Target>,
}

type GivenRow = (
    AssignmentId,
    MembershipId,
    String,
    Option<Timestamp>,
    Option<Timestamp>,
    Option<MembershipId>,
    Timestamp,
);

fn bound(organization: OrganizationId, members: &[MembershipId]) -> (String, Vec<Value>) {
    let places: Vec<String> = (2..members.len() + 2).map(|n| format!("${n}")).collect();
    let mut values = params![organization];
    values.extend(members.iter().map(|id| Value::from(*id)));
    (places.join(", "), values)
}

/// The assignments of members that were found within the plan, in the order they were given.
pub(crate) async fn given(
    store: &Store,
    organization: OrganizationId,
    members: &[MembershipId],
) -> Result<Vec<Given>> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let (places, values) = bound(organization, members);
    let rows: Vec<GivenRow> = store
        .all(
            &format!(
                "select id, membership_id, role_key, from_at, until_at, granted_by, granted_at from assignments \
                 where organization_id = $1 and membership_id in ({places}) order by granted_at, id"
            ),
            &values,
        )
        .await?;
    let at: Vec<(AssignmentId, i64, Uuid)> = store
        .all(
            &format!(
                "select t.assignment_id, t.dimension, t.target_id from assignment_targets t \
                 join assignments s on s.id = t.assignment_id \
                 where t.organization_id = $1 and s.membership_id in ({places}) order by t.dimension, t.target_id"
            ),
            &values,
        )
        .await?;
    let mut given: Vec<Given> = rows
        .into_iter()
        .map(|(id, membership, role, from, until, granted_by, granted_at)| Given {
            id,
            membership,
            role,
            from,
            until,
            granted_by,
            granted_at,
            targets: Vec::new(),
        })
        .collect();
    for (assignment, dimension, id) in at {
        if let Some(one) = given.iter_mut().find(|one| one.id == assignment) {
            one.targets.extend(targets::stored(dimension, id));
        }
    }
    Ok(given)
}

/// The membership of an address on a side, if there is one.
pub(crate) async fn membership_by_email(
    store: &Store,
    organization: OrganizationId,
    email: &EmailAddress,
    audience: Audience,
) -> Result<Option<MembershipId>> {
    let row: Option<(MembershipId,)> = store
        .first(
            "select m.id from memberships m join accounts a on a.id = m.account_id \
             where m.organization_id = $1 and a.email = $2 and m.audience = $3",
            params![organization, email, audience.number()],
        )
        .await?;
    Ok(row.map(|(id,)| id))
}

/// Is the address on the staff list: an active member of the staff?
pub(crate) async fn is_staff(
    store: &Store,
    organization: OrganizationId,
    email: &EmailAddress,
) -> Result<bool> {
    let row: Option<(MembershipId,)> = store
        .first(
            "select m.id from memberships m join accounts a on a.id = m.account_id \
             where m.organization_id = $1 and a.email = $2 and m.audience = 0 and m.active = 1",
            params![organization, email],
        )
        .await?;
    Ok(row.is_some())
}

pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    id: MembershipId,
    version: i64,
    search: &str,
    draft: &super::model::Draft,
) {
    batch.guard(
        "update memberships set name = $4, search = $5, share_all = $6, live_clock_ins = $7, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            id,
            version,
            &draft.name,
            search,
            i64::from(draft.share_all),
            i64::from(draft.live_clock_ins)
        ],
        Error::Stale,
    );
}

pub(super) fn set_active(batch: &mut Batch, permit: &Permit, id: MembershipId, version: i64, active: bool) {
    batch.guard(
        "update memberships set active = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(active)],
        Error::Stale,
    );
}

/// Places a member anew after their roles changed.
pub(crate) fn place(
    batch: &mut Batch,
    organization: OrganizationId,
    id: MembershipId,
    placement: &Placement,
) {
    batch.run(
        "update memberships set client_id = coalesce(client_id, $3), site_id = $4, \
           team_id = coalesce($5, case when audience = 2 then team_id end), area_id = $6 \
         where organization_id = $1 and id = $2",
        params![
            organization,
            id,
            placement.clients.first().copied(),
            placement.site,
            placement.team,
            placement.area
        ],
    );
    add_clients(batch, organization, id, &placement.clients);
}

/// Moves somebody from where they stand to another stage of coming in; who has joined stays in.
pub(crate) fn set_entry(batch: &mut Batch, organization: OrganizationId, id: MembershipId, entry: Entry) {
    batch.run(
        "update memberships set entry = $3 where organization_id = $1 and id = $2 and entry < 2",
        params![organization, id, entry.number()],
    );
}

pub(crate) fn remove_assignment(batch: &mut Batch, permit: &Permit, member: MembershipId, id: AssignmentId) {
    batch.run(
        "delete from assignment_targets where organization_id = $1 and assignment_id = $2",
        params![permit.organization(), id],
    );
    batch.guard(
        "delete from assignments where organization_id = $1 and id = $2 and membership_id = $3",
        params![permit.organization(), id, member],
        Error::NotFound,
    );
}

/// Changes where and when a role is held. Whoever changes it answers for it from then on.
pub(crate) fn change_assignment(batch: &mut Batch, permit: &Permit, changed: &NewAssignment<'_>) {
    batch.guard(
        "update assignments set from_at = $4, until_at = $5, granted_by = $6, granted_at = $7 \
         where organization_id = $1 and id = $2 and membership_id = $3",
        params![
            permit.organization(),
            changed.id,
            changed.membership,
            changed.from,
            changed.until,
            permit.membership(),
            changed.now
        ],
        Error::NotFound,
    );
    batch.run(
        "delete from assignment_targets where organization_id = $1 and assignment_id = $2",
        params![permit.organization(), changed.id],
    );
    insert_targets(batch, changed);
}

/// Sets the two switches of a client's account.
pub(crate) fn set_switches(
    batch: &mut Batch,
    permit: &Permit,
    id: MembershipId,
    version: i64,
    share_all: bool,
    live_clock_ins: bool,
) {
    batch.guard(
        "update memberships set share_all = $4, live_clock_ins = $5, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(share_all), i64::from(live_clock_ins)],
        Error::Stale,
    );
}

/// Ends the tokens of a member.
pub(super) fn revoke_tokens(batch: &mut Batch, permit: &Permit, id: MembershipId, now: Timestamp) {
    batch.run(
        "update api_tokens set revoked_at = $3 where organization_id = $1 and membership_id = $2 and revoked_at is null",
        params![permit.organization(), id, now],
    );
}
