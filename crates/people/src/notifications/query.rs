//! SQL of subscriptions and of the hour of the daily message.

use access::{Event, Permit};
use kernel::id::{AccountId, MembershipId, OrganizationId};
use kernel::{Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use web::notices::{Cadence, Stop};

/// A member as the settings name them.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) id: MembershipId,
    pub(super) name: String,
}

impl FromRow for Named {
    // Of the table of members, whose first two columns these are.
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.get(0)?, name: row.get(1)? })
    }
}

/// The own choices of a member who was found within the plan.
pub(crate) async fn choices(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Vec<(Event, Cadence)>> {
    let rows: Vec<(i64, i64)> = store
        .all(
            "select event, cadence from subscriptions where organization_id = $1 and membership_id = $2",
            params![organization, membership],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(event, cadence)| Some((Event::try_from(event).ok()?, Cadence::try_from(cadence).ok()?)))
        .collect())
}

/// When their daily message leaves, if they chose.
pub(super) async fn hour(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Option<(i64, String)>> {
    store
        .first(
            "select hour, zone from digest_hours where organization_id = $1 and membership_id = $2",
            params![organization, membership],
        )
        .await
}

pub(super) fn choose(
    batch: &mut Batch,
    permit: &Permit,
    membership: MembershipId,
    event: Event,
    cadence: Cadence,
    now: Timestamp,
) {
    put(batch, (permit.organization(), membership), event, cadence, Some(permit.membership()), now);
}

fn put(
    batch: &mut Batch,
    (organization, membership): (OrganizationId, MembershipId),
    event: Event,
    cadence: Cadence,
    by: Option<MembershipId>,
    now: Timestamp,
) {
    batch.run(
        "insert into subscriptions (organization_id, membership_id, event, cadence, set_at, set_by) \
         values ($1, $2, $3, $4, $5, $6) \
         on conflict (organization_id, membership_id, event) do update \
         set cadence = excluded.cadence, set_at = excluded.set_at, set_by = excluded.set_by",
        params![organization, membership, event.number(), cadence.number(), now, by],
    );
}

pub(super) fn follow_roles(batch: &mut Batch, permit: &Permit, membership: MembershipId, event: Event) {
    batch.run(
        "delete from subscriptions where organization_id = $1 and membership_id = $2 and event = $3",
        params![permit.organization(), membership, event.number()],
    );
}

pub(super) fn set_hour(batch: &mut Batch, permit: &Permit, membership: MembershipId, hour: i64, zone: &str) {
    batch.run(
        "insert into digest_hours (organization_id, membership_id, hour, zone) values ($1, $2, $3, $4) \
         on conflict (organization_id, membership_id) do update set hour = excluded.hour, zone = excluded.zone",
        params![permit.organization(), membership, hour, zone],
    );
}

pub(super) fn reset(batch: &mut Batch, permit: &Permit, membership: MembershipId) {
    let whose = || params![permit.organization(), membership];
    batch.run("delete from subscriptions where organization_id = $1 and membership_id = $2", whose());
    batch.run("delete from digest_hours where organization_id = $1 and membership_id = $2", whose());
}

/// Whose messages a link stops.
pub(super) struct Owner {
    pub(super) organization: OrganizationId,
    pub(super) organization_name: String,
    pub(super) account: AccountId,
    pub(super) name: String,
}

impl FromRow for Owner {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            organization: row.get(0)?,
            organization_name: row.get(1)?,
            account: row.get(2)?,
            name: row.get(3)?,
        })
    }
}

/// Whose messages a link stops. The link is the proof that it may be asked.
pub(super) async fn owner(store: &Store, stop: &Stop) -> Result<Owner> {
    store
        .one(
            "select o.id, o.name, m.account_id, m.name from memberships m \
             join organizations o on o.id = m.organization_id where m.id = $1",
            params![stop.membership],
        )
        .await
}

/// Turns off what a link stops. The link is the permit: it can turn off these sorts for this person, nothing else.
pub(super) fn stop(batch: &mut Batch, stop: &Stop, owner: &Owner, now: Timestamp) {
    for event in &stop.events {
        put(batch, (owner.organization, stop.membership), *event, Cadence::Off, Some(stop.membership), now);
    }
}
