//! SQL of shifts, and nothing but SQL. Every write takes a permit.

use access::{Facts, Permit};
use kernel::id::{MembershipId, OrganizationId, ShiftId, ShiftTemplateId, SiteBanId, WorkerId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use super::model::{Draft, State};
use super::policy::{Policy, PolicyOut};
use crate::choices::WorkerChoice;
use crate::query::Place;

/// What a new shift is stamped with.
pub(crate) struct Stamp<'a> {
    pub(crate) id: ShiftId,
    pub(crate) facts: &'a Facts,
    pub(crate) place: &'a Place,
    pub(crate) worker: Option<&'a WorkerChoice>,
    pub(crate) author: Option<MembershipId>,
    pub(crate) author_name: &'a str,
    pub(crate) now: Timestamp,
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, stamp: &Stamp<'_>, draft: &Draft) {
    put(batch, permit.organization(), stamp, draft);
}

/// Stores a draft without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(batch: &mut Batch, organization: OrganizationId, stamp: &Stamp<'_>, draft: &Draft) {
    let (client, site, area) = crate::query::stamped(stamp.facts);
    let worker = stamp.worker;
    batch.run(
        "insert into shifts (id, organization_id, client_id, site_id, area_id, team_id, client_name, site_name, zone, \
           post, note, starts_at, ends_at, break_minutes, worker_id, worker_name, author_id, author_name, state, \
           visibility, closed, search, search_people, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
           $23, $24, $24)",
        params![
            stamp.id,
            organization,
            client,
            site,
            area,
            worker.and_then(|w| w.team),
            stamp.place.client.as_str(),
            stamp.place.name.as_str(),
            stamp.place.zone.as_str(),
            draft.post.as_str(),
            &draft.note,
            draft.starts_at,
            draft.ends_at,
            draft.break_minutes,
            worker.map(|w| w.id),
            worker.map_or("", |w| w.name.as_str()),
            stamp.author,
            stamp.author_name,
            State::Draft.number(),
            access::Visibility::Draft.number(),
            i64::from(worker.is_some()),
            store::fold(&format!("{} {} {}", stamp.place.name, draft.post, stamp.place.client)),
            store::fold(worker.map_or("", |w| w.name.as_str())),
            stamp.now
        ],
    );
}

/// What decisions about mail need to know of a shift. Shown to nobody.
struct Found(Facts);

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self(Facts {
            area: row.get(1)?,
            team: row.get(2)?,
            client: row.get(3)?,
            site: row.get(4)?,
            visibility: row.get(5)?,
            closed: row.get(6)?,
            author: row.get(7)?,
            assignee: row.get(8)?,
            requester: row.get(9)?,
            ..Facts::of(row.get(0)?)
        }))
    }
}

pub(super) async fn facts(store: &Store, organization: OrganizationId, id: Uuid) -> Result<Option<Facts>> {
    let found: Option<Found> = store
        .first(
            "select organization_id, area_id, team_id, client_id, site_id, visibility, closed, author_id, \
               assignee_id, requester_id \
             from shifts where organization_id = $1 and id = $2",
            params![organization, id],
        )
        .await?;
    Ok(found.map(|Found(facts)| facts))
}

/// The worker of a shift that was found within the plan, whatever the asker sees of people: for the rules.
pub(super) async fn worker_of(
    store: &Store,
    organization: OrganizationId,
    id: ShiftId,
) -> Result<Option<(WorkerId, Option<MembershipId>)>> {
    let found: Option<(WorkerId, Option<MembershipId>)> = store
        .first(
            "select w.id, w.membership_id from shifts s join workers w on w.id = s.worker_id \
             where s.organization_id = $1 and s.id = $2",
            params![organization, id],
        )
        .await?;
    Ok(found)
}

/// Who asked for an open shift.
pub(super) async fn requester(
    store: &Store,
    organization: OrganizationId,
    id: ShiftId,
) -> Result<Option<WorkerChoice>> {
    store
        .first(
            "select w.id, w.name, w.employee_number, w.membership_id, w.team_id from shifts s \
             join workers w on w.id = s.requester_worker \
             where s.organization_id = $1 and s.id = $2 and s.requester_id is not null",
            params![organization, id],
        )
        .await
}

/// Is this worker banned from the site now? Asked for the person themselves when they ask for a shift; everybody else
/// meets bans within their plan.
pub(super) async fn is_banned(
    store: &Store,
    organization: OrganizationId,
    site: Uuid,
    worker: WorkerId,
) -> Result<bool> {
    let found: Option<(i64,)> = store
        .first(
            "select 1 from site_bans where organization_id = $1 and worker_id = $2 and site_id = $3 \
               and lifted_at is null limit 1",
            params![organization, worker, site],
        )
        .await?;
    Ok(found.is_some())
}

pub(super) async fn policy(store: &Store, organization: OrganizationId) -> Result<PolicyOut> {
    let found: Option<PolicyOut> = store
        .first(
            "select double_booking, rest, rest_minutes, ban, claims_need_approval, version from shift_policies \
             where organization_id = $1",
            params![organization],
        )
        .await?;
    Ok(found.unwrap_or_default())
}

/// Stores the rules at the version after the one that was read.
pub(super) fn set_policy(batch: &mut Batch, permit: &Permit, policy: &Policy, version: i64) {
    batch.guard(
        "insert into shift_policies (organization_id, double_booking, rest, rest_minutes, ban, claims_need_approval, \
           version) values ($1, $2, $3, $4, $5, $6, $7 + 1) \
         on conflict (organization_id) do update set double_booking = $2, rest = $3, rest_minutes = $4, ban = $5, \
           claims_need_approval = $6, version = $7 + 1 where shift_policies.version = $7",
        params![
            permit.organization(),
            policy.double_booking.number(),
            policy.rest.number(),
            policy.rest_minutes,
            policy.ban.number(),
            i64::from(policy.claims_need_approval),
            version
        ],
        Error::Stale,
    );
}

/// Shifts that begin before an instant and whose people were not reminded.
pub(super) async fn to_remind(
    store: &Store,
    now: Timestamp,
    before: Timestamp,
) -> Result<Vec<(ShiftId, OrganizationId, Timestamp, String)>> {
    store
        .all(
            "select id, organization_id, starts_at, zone from shifts \
             where reminded_at is null and assignee_id is not null and starts_at > $1 and starts_at <= $2 \
               and archived = 0 and state in (1, 2) order by starts_at limit 500",
            params![now, before],
        )
        .await
}

/// Marks a shift as reminded; one node does.
pub(super) fn reminded(batch: &mut Batch, id: ShiftId, now: Timestamp) {
    batch.guard(
        "update shifts set reminded_at = $2 where id = $1 and reminded_at is null",
        params![id, now],
        Error::Stale,
    );
}

/// A ban as it is made.
pub(super) struct NewBan<'a> {
    pub(super) id: SiteBanId,
    pub(super) facts: &'a Facts,
    pub(super) site_name: &'a str,
    pub(super) worker: &'a WorkerChoice,
    pub(super) note: &'a str,
    pub(super) by: &'a str,
    pub(super) now: Timestamp,
}

pub(super) fn insert_ban(batch: &mut Batch, permit: &Permit, ban: &NewBan<'_>) {
    let (client, site, area) = crate::query::stamped(ban.facts);
    batch.run(
        "insert into site_bans (id, organization_id, client_id, site_id, area_id, site_name, worker_id, worker_name, \
           note, banned_at, banned_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            ban.id,
            permit.organization(),
            client,
            site,
            area,
            ban.site_name,
            ban.worker.id,
            ban.worker.name.as_str(),
            ban.note,
            ban.now,
            ban.by
        ],
    );
}

pub(super) fn lift_ban(
    batch: &mut Batch,
    permit: &Permit,
    id: SiteBanId,
    version: i64,
    by: &str,
    note: &str,
    now: Timestamp,
) {
    batch.guard(
        "update site_bans set lifted_at = $4, lifted_by = $5, lifted_note = $6, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3 and lifted_at is null",
        params![permit.organization(), id, version, now, by, note],
        Error::Stale,
    );
}

/// A template as it is made.
pub(super) struct NewTemplate<'a> {
    pub(super) id: ShiftTemplateId,
    pub(super) facts: &'a Facts,
    pub(super) site_name: &'a str,
    pub(super) name: &'a str,
    pub(super) lines: &'a str,
    pub(super) now: Timestamp,
}

pub(super) fn insert_template(batch: &mut Batch, permit: &Permit, new: &NewTemplate<'_>) {
    let (client, site, area) = crate::query::stamped(new.facts);
    batch.run(
        "insert into shift_templates (id, organization_id, client_id, site_id, area_id, site_name, name, search, lines, \
           created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            new.id,
            permit.organization(),
            client,
            site,
            area,
            new.site_name,
            new.name,
            store::fold(&format!("{} {}", new.name, new.site_name)),
            new.lines,
            new.now
        ],
    );
}

pub(super) fn archive_template(
    batch: &mut Batch,
    permit: &Permit,
    id: ShiftTemplateId,
    at: Option<Timestamp>,
) {
    batch.guard(
        "update shift_templates set archived = $3, archived_at = $4, version = version + 1 \
         where organization_id = $1 and id = $2",
        params![permit.organization(), id, i64::from(at.is_some()), at],
        Error::NotFound,
    );
}
