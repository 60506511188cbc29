//! SQL of attendance, and nothing but SQL. Every write takes a permit.

use access::{Facts, Permit};
use kernel::id::{MembershipId, OrganizationId, ShiftId, SiteId, TimeEntryId, WorkerId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use super::model::{Correction, Kind, Punch, Source, Standing};
use super::view::{CorrectionOut, EntryOut, PunchOut};
use crate::query::{Me, Place};

/// The fence of a site that was found within the plan, as it was drawn.
pub(super) async fn fence(
    store: &Store,
    organization: OrganizationId,
    site: SiteId,
) -> Result<Option<String>> {
    let found: Option<(Option<String>,)> = store
        .first("select fence from sites where organization_id = $1 and id = $2", params![organization, site])
        .await?;
    Ok(found.and_then(|(fence,)| fence))
}

/// What a punch needs to know of the attendance it may belong to: always the asker's own.
#[derive(Clone, Debug)]
pub(super) struct Running {
    pub(super) id: TimeEntryId,
    pub(super) site: SiteId,
    pub(super) site_name: String,
    pub(super) zone: String,
    pub(super) started_at: Timestamp,
    pub(super) state: Standing,
    pub(super) corrected: bool,
    pub(super) version: i64,
}

impl FromRow for Running {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            site: row.get(1)?,
            site_name: row.get(2)?,
            zone: row.get(3)?,
            started_at: row.get(4)?,
            state: row.number(5)?,
            corrected: row.get::<i64>(6)? == 1,
            version: row.get(7)?,
        })
    }
}

const RUNNING: &str =
    "select id, site_id, site_name, zone, started_at, state, corrected, version from time_entries";

/// A worker's attendance by the phone's word for it.
pub(super) async fn by_word(
    store: &Store,
    organization: OrganizationId,
    worker: WorkerId,
    word: &str,
) -> Result<Option<Running>> {
    store
        .first(
            &format!("{RUNNING} where organization_id = $1 and worker_id = $2 and attendance = $3"),
            params![organization, worker, word],
        )
        .await
}

/// A worker's newest attendance that is not over.
pub(super) async fn running(
    store: &Store,
    organization: OrganizationId,
    worker: WorkerId,
) -> Result<Option<Running>> {
    store
        .first(
            &format!(
                "{RUNNING} where organization_id = $1 and worker_id = $2 and state in (1, 2) \
                 order by started_at desc limit 1"
            ),
            params![organization, worker],
        )
        .await
}

/// What was punched under a key before: the attendance, what, and when.
pub(super) async fn punched(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
    key: &str,
) -> Result<Option<(TimeEntryId, i64, Timestamp)>> {
    store
        .first(
            "select entry_id, kind, at from punches where organization_id = $1 and membership_id = $2 and key = $3",
            params![organization, membership, key],
        )
        .await
}

/// The kinds and instants of an attendance's punches.
pub(super) async fn marks(
    store: &Store,
    organization: OrganizationId,
    entry: TimeEntryId,
) -> Result<Vec<(Kind, Timestamp)>> {
    let rows: Vec<(i64, Timestamp)> = store
        .all(
            "select kind, at from punches where organization_id = $1 and entry_id = $2 order by at, kind",
            params![organization, entry],
        )
        .await?;
    rows.into_iter().map(|(kind, at)| Ok((Kind::try_from(kind).map_err(Error::internal)?, at))).collect()
}

/// A new attendance.
pub(super) struct NewEntry<'a> {
    pub(super) id: TimeEntryId,
    pub(super) facts: &'a Facts,
    pub(super) place: &'a Place,
    pub(super) me: &'a Me,
    pub(super) membership: MembershipId,
    pub(super) shift: Option<(ShiftId, Timestamp, Timestamp)>,
    pub(super) attendance: &'a str,
    pub(super) at: Timestamp,
    pub(super) now: Timestamp,
}

pub(super) fn insert_entry(batch: &mut Batch, permit: &Permit, new: &NewEntry<'_>) {
    let (client, site, area) = crate::query::stamped(new.facts);
    batch.run(
        "insert into time_entries (id, organization_id, client_id, site_id, area_id, team_id, client_name, site_name, \
           zone, worker_id, worker_name, assignee_id, shift_id, shift_starts_at, shift_ends_at, attendance, started_at, \
           state, search, search_people, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, $18, $19, $20, $20)",
        params![
            new.id,
            permit.organization(),
            client,
            site,
            area,
            new.me.team,
            new.place.client.as_str(),
            new.place.name.as_str(),
            new.place.zone.as_str(),
            new.me.worker,
            new.me.name.as_str(),
            new.membership,
            new.shift.map(|s| s.0),
            new.shift.map(|s| s.1),
            new.shift.map(|s| s.2),
            new.attendance,
            new.at,
            store::fold(&format!("{} {}", new.place.name, new.place.client)),
            store::fold(&new.me.name),
            new.now
        ],
    );
    // The same punch on another connection made it a moment ago: look again.
    batch.taken(Error::Stale);
}

/// Who made a punch, and how the site's fence judged it.
pub(super) struct Made<'a> {
    pub(super) entry: TimeEntryId,
    pub(super) membership: MembershipId,
    pub(super) by: &'a str,
    pub(super) source: Source,
    pub(super) inside: Option<bool>,
    pub(super) distance_m: Option<f64>,
    pub(super) now: Timestamp,
}

pub(super) fn insert_punch(batch: &mut Batch, permit: &Permit, punch: &Punch, made: &Made<'_>) {
    let position = punch.position;
    batch.run(
        "insert into punches (id, organization_id, entry_id, membership_id, by_name, kind, at, device_at, server_at, \
           skew_seconds, source, latitude, longitude, accuracy_m, distance_m, inside, reason, device, key) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        params![
            Uuid::now_v7(),
            permit.organization(),
            made.entry,
            made.membership,
            made.by,
            punch.kind.number(),
            punch.at,
            punch.device_at,
            made.now,
            punch.skew_seconds,
            made.source.number(),
            position.map(|p| p.point.latitude()),
            position.map(|p| p.point.longitude()),
            position.and_then(|p| p.accuracy_m),
            made.distance_m,
            made.inside.map(i64::from),
            punch.reason.as_str(),
            punch.device.as_str(),
            punch.key.as_str()
        ],
    );
    batch.taken(Error::Stale);
}

/// What an attendance's punches say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) started_at: Timestamp,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) break_minutes: i64,
    pub(super) state: Standing,
}

/// Writes what the punches say; the guard is the version that was read before them.
pub(super) fn set_sum(
    batch: &mut Batch,
    permit: &Permit,
    id: TimeEntryId,
    version: i64,
    sum: &Sum,
    (outside, forced, note): (bool, bool, &str),
    now: Timestamp,
) {
    batch.guard(
        "update time_entries set started_at = $4, ended_at = $5, break_minutes = $6, state = $7, \
           outside = case when $8 = 1 then 1 else outside end, forced = case when $9 = 1 then 1 else forced end, \
           note = case when $10 = '' then note else $10 end, updated_at = $11, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            id,
            version,
            sum.started_at,
            sum.ended_at,
            sum.break_minutes,
            sum.state.number(),
            i64::from(outside),
            i64::from(forced),
            note,
            now
        ],
        Error::Stale,
    );
}

/// Keeps what was there and writes what is right.
pub(super) fn correct(
    batch: &mut Batch,
    permit: &Permit,
    before: &EntryOut,
    version: i64,
    to: &Correction,
    (membership, by, role): (MembershipId, &str, &str),
    now: Timestamp,
) {
    let state = match to.ended_at {
        Some(_) => Standing::Done,
        None => Standing::Working,
    };
    batch.guard(
        "update time_entries set started_at = $4, ended_at = $5, break_minutes = $6, state = $7, corrected = 1, \
           note = $8, updated_at = $9, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            permit.organization(),
            before.id,
            version,
            to.started_at,
            to.ended_at,
            to.break_minutes,
            state.number(),
            to.note.as_str(),
            now
        ],
        Error::Stale,
    );
    batch.run(
        "insert into time_corrections (id, organization_id, entry_id, at, membership_id, by_name, by_role, note, \
           started_before, ended_before, break_before, started_after, ended_after, break_after) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            Uuid::now_v7(),
            permit.organization(),
            before.id,
            now,
            membership,
            by,
            role,
            to.note.as_str(),
            before.started_at,
            before.ended_at,
            before.break_minutes,
            to.started_at,
            to.ended_at,
            to.break_minutes
        ],
    );
}

/// The punches of an attendance that was found within the plan, as they count.
pub(super) async fn punches(
    store: &Store,
    organization: OrganizationId,
    entry: TimeEntryId,
) -> Result<Vec<PunchOut>> {
    store
        .all(
            "select kind, at, device_at, server_at, skew_seconds, source, latitude, longitude, accuracy_m, distance_m, \
               inside, reason, device, by_name \
             from punches where organization_id = $1 and entry_id = $2 order by at, kind, id",
            params![organization, entry],
        )
        .await
}

/// The corrections of an attendance that was found within the plan, oldest first.
pub(super) async fn corrections(
    store: &Store,
    organization: OrganizationId,
    entry: TimeEntryId,
) -> Result<Vec<CorrectionOut>> {
    store
        .all(
            "select at, by_name, by_role, note, started_before, ended_before, break_before, started_after, ended_after, \
               break_after \
             from time_corrections where organization_id = $1 and entry_id = $2 order by at, id",
            params![organization, entry],
        )
        .await
}
