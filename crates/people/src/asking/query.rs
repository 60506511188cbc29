//! SQL of access requests.

use access::{Facts, FieldClass, Permit, Resource};
use kernel::id::{AccessRequestId, MembershipId, OrganizationId};
use kernel::{Error, Result, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, Store, params};

use super::model::{Mine, State};

const PUBLIC: FieldClass = FieldClass::Public;

/// Requests lie where their askers stand: whoever may give roles there may answer.
pub(super) static REQUESTS: Table = Table {
    resource: Resource::Assignment,
    name: "access_requests",
    fields: &[
        field("id", "t.id", PUBLIC),
        field("membership", "t.membership_id", PUBLIC),
        field("name", "t.name", PUBLIC),
        field("roles", "t.roles", PUBLIC),
        field("path", "t.path", PUBLIC),
        field("note", "t.note", PUBLIC),
        field("state", "t.state", PUBLIC),
        field("created_at", "t.created_at", PUBLIC),
        field("decided_by", "t.decided_name", PUBLIC),
        field("answer", "t.answer", PUBLIC),
        field("version", "t.version", PUBLIC),
        field("organization", "t.organization_id", PUBLIC),
        field("client", "t.client_id", PUBLIC),
        field("site", "t.site_id", PUBLIC),
        field("team", "t.team_id", PUBLIC),
        field("area", "t.area_id", PUBLIC),
    ],
    joins: "",
    orders: &[Order { name: "created", column: "created_at", text: false, descending: true, class: PUBLIC }],
    search: &[],
    keys: Keys::PLACED,
    visibility_in_index: false,
};

/// Where a member stands.
pub(super) async fn placed(store: &Store, organization: OrganizationId, id: MembershipId) -> Result<Facts> {
    type Placed = (Option<uuid::Uuid>, Option<uuid::Uuid>, Option<uuid::Uuid>, Option<uuid::Uuid>);
    let (client, site, team, area): Placed = store
        .one(
            "select client_id, site_id, team_id, area_id from memberships where organization_id = $1 and id = $2",
            params![organization, id],
        )
        .await?;
    Ok(Facts { client, site, team, area, ..Facts::of(organization.uuid()) })
}

/// How many requests a member made since an instant.
pub(super) async fn made_since(
    store: &Store,
    organization: OrganizationId,
    id: MembershipId,
    since: i64,
) -> Result<i64> {
    let (count,): (i64,) = store
        .one(
            "select count(*) from access_requests where organization_id = $1 and membership_id = $2 and created_at > $3",
            params![organization, id, since],
        )
        .await?;
    Ok(count)
}

/// A member's own requests, the newest first.
pub(super) async fn mine(store: &Store, organization: OrganizationId, id: MembershipId) -> Result<Vec<Mine>> {
    store
        .all(
            "select path, state, created_at, answer from access_requests \
             where organization_id = $1 and membership_id = $2 order by created_at desc, id desc limit 20",
            params![organization, id],
        )
        .await
}

/// A request to be stored.
pub(super) struct New<'a> {
    pub(super) id: AccessRequestId,
    pub(super) membership: MembershipId,
    pub(super) name: &'a str,
    pub(super) roles: &'a str,
    pub(super) facts: Facts,
    pub(super) path: &'a str,
    pub(super) note: &'a str,
    pub(super) now: Timestamp,
}

pub(super) fn insert(batch: &mut Batch, organization: OrganizationId, new: &New<'_>) {
    batch.run(
        "insert into access_requests (id, organization_id, membership_id, name, roles, client_id, site_id, team_id, \
           area_id, path, note, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            new.id,
            organization,
            new.membership,
            new.name,
            new.roles,
            new.facts.client,
            new.facts.site,
            new.facts.team,
            new.facts.area,
            new.path,
            new.note,
            new.now
        ],
    );
}

pub(super) fn decide(
    batch: &mut Batch,
    permit: &Permit,
    id: AccessRequestId,
    version: i64,
    (state, name, answer, now): (State, &str, &str, Timestamp),
) {
    batch.guard(
        "update access_requests set state = $4, decided_at = $5, decided_by = $6, decided_name = $7, answer = $8, \
           version = version + 1 where organization_id = $1 and id = $2 and version = $3 and state = 0",
        params![permit.organization(), id, version, state.number(), now, permit.membership(), name, answer],
        Error::Stale,
    );
}

/// The addresses of some members who can sign in.
pub(super) async fn addresses(
    store: &Store,
    organization: OrganizationId,
    members: &[MembershipId],
) -> Result<Vec<String>> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..members.len() + 2).map(|n| format!("${n}")).collect();
    let mut values = params![organization];
    values.extend(members.iter().map(|id| store::Value::from(*id)));
    let rows: Vec<(String,)> = store
        .all(
            &format!(
                "select a.email from memberships m join accounts a on a.id = m.account_id \
                 where m.organization_id = $1 and m.active = 1 and a.archived_at is null and m.id in ({}) order by a.email",
                places.join(", ")
            ),
            values,
        )
        .await?;
    Ok(rows.into_iter().map(|(email,)| email).collect())
}
