//! SQL of giving roles to many, and nothing but SQL.

use access::Permit;
use kernel::id::{JobId, MembershipId, OrganizationId};
use kernel::text::EmailAddress;
use kernel::{Result, Timestamp};
use store::{Batch, Store, Value, params};

/// Everybody who holds a role by its key, whether it counts now or not.
pub(super) async fn holders(
    store: &Store,
    organization: OrganizationId,
    role: &str,
) -> Result<Vec<MembershipId>> {
    let rows: Vec<(MembershipId,)> = store
        .all(
            "select distinct membership_id from assignments where organization_id = $1 and role_key = $2",
            params![organization, role],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The members of a side with these addresses; who of them may be seen is asked of the plan.
pub(super) async fn by_addresses(
    store: &Store,
    organization: OrganizationId,
    audience: i64,
    addresses: &[EmailAddress],
) -> Result<Vec<MembershipId>> {
    let mut found = Vec::new();
    for some in addresses.chunks(200) {
        let places: Vec<String> = (3..some.len() + 3).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select m.id from accounts a join memberships m on m.account_id = a.id \
             where m.organization_id = $1 and m.audience = $2 and a.email in ({})",
            places.join(", ")
        );
        let mut values = params![organization, audience];
        values.extend(some.iter().map(Value::from));
        found.extend(store.all::<(MembershipId,)>(&sql, values).await?.into_iter().map(|(id,)| id));
    }
    Ok(found)
}

pub(super) fn begin(
    batch: &mut Batch,
    permit: &Permit,
    id: JobId,
    question: &str,
    people: &[MembershipId],
    now: Timestamp,
) {
    batch.run(
        "insert into bulk_assignments (id, organization_id, membership_id, question, state, total, created_at) \
         values ($1, $2, $3, $4, 0, $5, $6)",
        params![
            id,
            permit.organization(),
            permit.membership(),
            question,
            i64::try_from(people.len()).unwrap_or(i64::MAX),
            now
        ],
    );
    for some in people.chunks(200) {
        let rows: Vec<String> = (0..some.len()).map(|n| format!("($1, $2, ${}, 0, '')", n + 3)).collect();
        let mut values = params![permit.organization(), id];
        values.extend(some.iter().map(|person| Value::from(*person)));
        batch.run(
            format!(
                "insert into bulk_assignment_people (organization_id, bulk_id, membership_id, state, reason) values {}",
                rows.join(", ")
            ),
            values,
        );
    }
}

/// Notes what became of one person. Somebody else who got there first undoes the batch.
pub(super) fn settle(
    batch: &mut Batch,
    organization: OrganizationId,
    id: JobId,
    person: MembershipId,
    refused: Option<&str>,
) {
    batch.guard(
        "update bulk_assignment_people set state = $4, reason = $5 \
         where organization_id = $1 and bulk_id = $2 and membership_id = $3 and state = 0",
        params![organization, id, person, if refused.is_some() { 2 } else { 1 }, refused.unwrap_or_default()],
        kernel::Error::conflict("This was settled already."),
    );
}

pub(super) fn finish(batch: &mut Batch, organization: OrganizationId, id: JobId) {
    batch.run(
        "update bulk_assignments set state = 1 where organization_id = $1 and id = $2",
        params![organization, id],
    );
}

/// A run of this asker: question, state, total, when.
pub(super) async fn run(
    store: &Store,
    organization: OrganizationId,
    asker: MembershipId,
    id: JobId,
) -> Result<Option<(String, i64, i64, Timestamp)>> {
    store
        .first(
            "select question, state, total, created_at from bulk_assignments \
             where organization_id = $1 and membership_id = $2 and id = $3",
            params![organization, asker, id],
        )
        .await
}

/// How many of a run got the role.
pub(super) async fn given(store: &Store, organization: OrganizationId, id: JobId) -> Result<i64> {
    let (count,): (i64,) = store
        .one(
            "select count(*) from bulk_assignment_people where organization_id = $1 and bulk_id = $2 and state = 1",
            params![organization, id],
        )
        .await?;
    Ok(count)
}

/// Those who did not, with the reason.
pub(super) async fn refused(
    store: &Store,
    organization: OrganizationId,
    id: JobId,
) -> Result<Vec<(MembershipId, String)>> {
    store
        .all(
            "select membership_id, reason from bulk_assignment_people \
             where organization_id = $1 and bulk_id = $2 and state = 2 order by membership_id",
            params![organization, id],
        )
        .await
}

/// Those whose turn it is not yet.
pub(super) async fn waiting(
    store: &Store,
    organization: OrganizationId,
    id: JobId,
    most: i64,
) -> Result<Vec<MembershipId>> {
    let rows: Vec<(MembershipId,)> = store
        .all(
            "select membership_id from bulk_assignment_people \
             where organization_id = $1 and bulk_id = $2 and state = 0 order by membership_id limit $3",
            params![organization, id, most],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
