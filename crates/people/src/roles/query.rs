//! SQL of the organization's own roles and of who holds a role.

use access::{Permit, Role, write_role};
use kernel::id::{MembershipId, OrganizationId, RoleId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, Store, params};

fn taken() -> Error {
    Error::field("key", "there is a role with this key already; choose another")
}

/// Stores a role without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(
    batch: &mut Batch,
    organization: OrganizationId,
    id: RoleId,
    role: &Role,
    by: Option<MembershipId>,
    now: Timestamp,
) {
    batch.run(
        "insert into roles (id, organization_id, key, written, created_at, created_by) \
         values ($1, $2, $3, $4, $5, $6)",
        params![id, organization, role.key.as_str(), write_role(role), now, by],
    );
    batch.taken(taken());
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, id: RoleId, role: &Role, now: Timestamp) {
    put(batch, permit.organization(), id, role, Some(permit.membership()), now);
}

pub(super) fn update(
    batch: &mut Batch,
    permit: &Permit,
    id: RoleId,
    version: i64,
    role: &Role,
    archived: Option<Timestamp>,
) {
    batch.guard(
        "update roles set written = $4, archived_at = $5, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, write_role(role), archived],
        Error::Stale,
    );
}

/// Is somebody given, or offered, a role of this key?
pub(super) async fn spoken_for(store: &Store, organization: OrganizationId, key: &str) -> Result<bool> {
    let (many,): (i64,) = store
        .one(
            "select (select count(*) from assignments where organization_id = $1 and role_key = $2) \
               + (select count(*) from invitations where organization_id = $1 and role_key = $2)",
            params![organization, key],
        )
        .await?;
    Ok(many > 0)
}

/// How many people hold each role, by key.
pub(super) async fn holders(store: &Store, organization: OrganizationId) -> Result<Vec<(String, i64)>> {
    store
        .all(
            "select role_key, count(distinct membership_id) from assignments where organization_id = $1 \
             group by role_key",
            params![organization],
        )
        .await
}

/// Who holds a role. Only ids: what is told of them goes through the asker's plan.
pub(super) async fn held_by(
    store: &Store,
    organization: OrganizationId,
    key: &str,
    most: i64,
) -> Result<Vec<(MembershipId,)>> {
    store
        .all(
            "select distinct membership_id from assignments where organization_id = $1 and role_key = $2 limit $3",
            params![organization, key, most],
        )
        .await
}
