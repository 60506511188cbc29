//! SQL of what several features of this area write alike: marks of readers, and the names of sites.

use access::Permit;
use kernel::id::{MembershipId, OrganizationId, SiteId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, Store, Value, params};
use uuid::Uuid;

use crate::readings::ReadingOut;

/// A mark of a reader.
pub(crate) struct Mark<'a> {
    pub(crate) record: Uuid,
    pub(crate) edition: i64,
    pub(crate) by: (MembershipId, &'a str, &'a str),
    pub(crate) at: Timestamp,
    pub(crate) now: Timestamp,
}

/// Stores a mark; a second one for the same edition says nothing new.
pub(crate) fn insert_reading(batch: &mut Batch, permit: &Permit, mark: &Mark<'_>) {
    let (membership, name, role) = mark.by;
    batch.run(
        "insert into readings (organization_id, record_id, edition, membership_id, name, role, at, received_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
        params![permit.organization(), mark.record, mark.edition, membership, name, role, mark.at, mark.now],
    );
}

/// Everybody's marks on a record that was found within the plan, newest first.
pub(crate) async fn readings(
    store: &Store,
    organization: OrganizationId,
    record: Uuid,
) -> Result<Vec<ReadingOut>> {
    store
        .all(
            "select membership_id, name, role, edition, at, received_at from readings \
             where organization_id = $1 and record_id = $2 order by edition desc, at desc, membership_id limit 1000",
            params![organization, record],
        )
        .await
}

/// `$3, $4`: a place for each of these, which are added to the values.
fn places(values: &mut Vec<Value>, ids: impl Iterator<Item = Uuid>) -> String {
    let places: Vec<String> = ids
        .map(|id| {
            values.push(Value::from(id));
            format!("${}", values.len())
        })
        .collect();
    places.join(", ")
}

/// One reader's marks on these records, oldest edition first.
pub(crate) async fn readings_of(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
    records: &[Uuid],
) -> Result<Vec<(Uuid, i64, Timestamp)>> {
    let mut values: Vec<Value> = params![organization, membership];
    let places = places(&mut values, records.iter().copied());
    let sql = format!(
        "select record_id, edition, at from readings \
         where organization_id = $1 and membership_id = $2 and record_id in ({places}) order by edition"
    );
    store.all(&sql, values).await
}

/// The names of these members, in order.
pub(crate) async fn names(
    store: &Store,
    organization: OrganizationId,
    members: &[MembershipId],
) -> Result<Vec<(MembershipId, String)>> {
    let mut values: Vec<Value> = params![organization];
    let places = places(&mut values, members.iter().map(|m| m.uuid()));
    let sql = format!(
        "select m.id, m.name from memberships m where m.organization_id = $1 and m.id in ({places}) order by m.name"
    );
    store.all(&sql, values).await
}

/// Name, zone and whether it is archived, of a site that was found within the plan.
pub(crate) async fn site(
    store: &Store,
    organization: OrganizationId,
    site: SiteId,
) -> Result<(String, String, i64)> {
    store
        .first(
            "select name, zone, archived from sites where organization_id = $1 and id = $2",
            params![organization, site],
        )
        .await?
        .ok_or(Error::NotFound)
}
