//! SQL of walks, and nothing but SQL. Requests hold a permit for what they write.

mod scans;

pub(crate) use scans::{Made, insert_scan};
pub(super) use scans::{ScanRow, code_version, scanned, scans, set_answer, stamps, typed, unscanned};

use access::{Facts, Visibility};
use kernel::id::{CheckpointId, CheckpointReportId, MembershipId, OrganizationId, SiteId, TourId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use super::evidence::Sum;
use super::model::State;
use crate::query::Place;

/// What decisions about mail need to know of a walk. Shown to nobody.
struct Found(Facts);

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self(Facts {
            area: row.get(1)?,
            team: row.get(2)?,
            client: row.get(3)?,
            site: row.get(4)?,
            visibility: row.get(5)?,
            assignee: row.get(6)?,
            ..Facts::of(row.get(0)?)
        }))
    }
}

pub(super) async fn facts(store: &Store, organization: OrganizationId, id: Uuid) -> Result<Option<Facts>> {
    let found: Option<Found> = store
        .first(
            "select organization_id, area_id, team_id, client_id, site_id, visibility, assignee_id \
             from checkpoint_reports where organization_id = $1 and id = $2",
            params![organization, id],
        )
        .await?;
    Ok(found.map(|Found(facts)| facts))
}

/// What a scan needs to know of the walk it may belong to: always the asker's own.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    pub(super) id: CheckpointReportId,
    pub(super) site: SiteId,
    pub(super) due_until: Option<Timestamp>,
    pub(super) started_at: Timestamp,
    pub(super) stopped_at: Option<Timestamp>,
    pub(super) closes_at: Timestamp,
    pub(super) least_seconds: i64,
    pub(super) state: State,
    pub(super) version: i64,
}

impl FromRow for Walk {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            site: row.get(1)?,
            due_until: row.get(2)?,
            started_at: row.get(3)?,
            stopped_at: row.get(4)?,
            closes_at: row.get(5)?,
            least_seconds: row.get(6)?,
            state: row.number(7)?,
            version: row.get(8)?,
        })
    }
}

const WALK: &str = "select r.id, r.site_id, r.due_until, r.started_at, r.stopped_at, r.closes_at, r.least_seconds, r.state, \
     r.version from checkpoint_reports r where r.organization_id = $1 and r.assignee_id = $2 and r.started_at is not null";

/// A walk of one's own by id.
pub(super) async fn own(
    store: &Store,
    organization: OrganizationId,
    me: MembershipId,
    id: CheckpointReportId,
) -> Result<Option<Walk>> {
    store.first(&format!("{WALK} and r.id = $3"), params![organization, me, id]).await
}

/// A walk of one's own by the phone's word for it.
pub(super) async fn by_word(
    store: &Store,
    organization: OrganizationId,
    me: MembershipId,
    word: &str,
) -> Result<Option<Walk>> {
    store.first(&format!("{WALK} and r.word = $3"), params![organization, me, word]).await
}

/// One's own walk that was under way at an instant, at a site: first one that leads along the checkpoint. A little
/// after it was complete it still takes what is scanned again; after its time it takes nothing, so no walk bridges a
/// night. What comes late from a phone may be a little older than the walk itself.
pub(super) async fn under_way(
    store: &Store,
    organization: OrganizationId,
    me: MembershipId,
    (site, checkpoint): (SiteId, Option<CheckpointId>),
    at: Timestamp,
) -> Result<Option<Walk>> {
    let second = 1_000_000_i64;
    let at = at.as_microsecond();
    store
        .first(
            &format!(
                "{WALK} and r.site_id = $3 and r.started_at <= $4 and r.closes_at > $5 \
                   and (r.stopped_at is null or r.stopped_at >= $5) \
                   and (r.state <> 1 or r.ended_at >= $6) \
                 order by case when exists (select 1 from report_stops s where s.report_id = r.id \
                   and s.checkpoint_id = $7) then 0 else 1 end, r.started_at desc limit 1"
            ),
            params![organization, me, site, at + 7_200 * second, at, at - 600 * second, checkpoint],
        )
        .await
}

/// One's own newest walk that is not over.
pub(super) async fn running(
    store: &Store,
    organization: OrganizationId,
    me: MembershipId,
    now: Timestamp,
) -> Result<Option<CheckpointReportId>> {
    let found: Option<(CheckpointReportId,)> = store
        .first(
            "select id from checkpoint_reports where organization_id = $1 and assignee_id = $2 and state = 0 \
               and closes_at > $3 order by at desc limit 1",
            params![organization, me, now],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

/// The report that holds a window of a tour: its id, whether nobody walked in it, its version.
pub(super) async fn of_slot(
    store: &Store,
    organization: OrganizationId,
    tour: TourId,
    slot: Timestamp,
) -> Result<Option<(CheckpointReportId, bool, i64)>> {
    let found: Option<(CheckpointReportId, i64, i64)> = store
        .first(
            "select id, state, version from checkpoint_reports where organization_id = $1 and tour_id = $2 and slot = $3",
            params![organization, tour, slot],
        )
        .await?;
    Ok(found.map(|(id, state, version)| (id, state == State::Missed.number(), version)))
}

/// A walk that begins, or a window in which nobody walked.
pub(crate) struct NewWalk<'a> {
    pub(crate) id: CheckpointReportId,
    pub(crate) facts: &'a Facts,
    pub(crate) place: &'a Place,
    pub(crate) tour: Option<TourId>,
    pub(crate) tour_name: &'a str,
    pub(crate) ordered: bool,
    pub(crate) least_seconds: i64,
    /// The window, and whether this is the one walk of it.
    pub(crate) due: Option<(Timestamp, Timestamp, bool)>,
    /// When it began, and when it is ended where nobody ends it; none where nobody walked.
    pub(crate) walked: Option<(Timestamp, Timestamp)>,
    /// Who walks: name and roles.
    pub(crate) walker: (&'a str, &'a str),
    pub(crate) word: &'a str,
    pub(crate) visibility: Visibility,
    pub(crate) now: Timestamp,
}

/// Stores a walk, or a window that was missed, with the stops of its tour as they are now. Requests hold a permit for
/// it; the program's own doors do not ask.
pub(crate) fn begin(batch: &mut Batch, organization: OrganizationId, new: &NewWalk<'_>) {
    let (client, site, area) = crate::query::stamped(new.facts);
    let due = new.due;
    let at = new.walked.map(|(at, _)| at).or(due.map(|(from, ..)| from)).unwrap_or(new.now);
    let missed = new.walked.is_none();
    let bits = if missed { super::model::Exception::Missed.number() } else { 0 };
    batch.run(
        "insert into checkpoint_reports (id, organization_id, client_id, site_id, area_id, team_id, client_name, site_name, \
           zone, tour_id, tour_name, ordered, least_seconds, slot, due_from, due_until, at, started_at, closes_at, state, \
           exceptions, exceptional, visibility, released_at, walker_name, walker_roles, assignee_id, word, search, \
           search_people, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, \
           $24, $25, $26, $27, $28, $29, $30, $31, $31)",
        params![
            new.id,
            organization,
            client,
            site,
            area,
            new.facts.team,
            new.place.client.as_str(),
            new.place.name.as_str(),
            new.place.zone.as_str(),
            new.tour,
            new.tour_name,
            i64::from(new.ordered),
            new.least_seconds,
            due.filter(|(.., only)| *only).map(|(from, ..)| from),
            due.map(|(from, ..)| from),
            due.map(|(_, until, _)| until),
            at,
            new.walked.map(|(at, _)| at),
            new.walked.map(|(_, closes)| closes).or(due.map(|(_, until, _)| until)).unwrap_or(at),
            if missed { State::Missed } else { State::Walking }.number(),
            bits,
            i64::from(missed),
            new.visibility.number(),
            (new.visibility == Visibility::Released).then_some(new.now),
            new.walker.0,
            new.walker.1,
            new.facts.assignee,
            new.word,
            store::fold(&format!("{} {} {}", new.tour_name, new.place.name, new.place.client)),
            store::fold(new.walker.0),
            new.now
        ],
    );
    // The same start on another connection made it a moment ago: look again.
    batch.taken(Error::Stale);
    copy_stops(batch, organization, new.id, new.tour);
}

fn copy_stops(batch: &mut Batch, organization: OrganizationId, id: CheckpointReportId, tour: Option<TourId>) {
    batch.run(
        "insert into report_stops (report_id, organization_id, position, checkpoint_id, name, instructions, question, \
           latitude, longitude, radius_m) \
         select $1, $2, s.position, c.id, c.name, c.instructions, c.question, c.latitude, c.longitude, c.radius_m \
         from tour_stops s join checkpoints c on c.id = s.checkpoint_id \
         where s.organization_id = $2 and s.tour_id = $3 and c.archived = 0",
        params![id, organization, tour],
    );
    batch.run(
        "update checkpoint_reports set stops = (select count(*) from report_stops where report_id = $1) where id = $1",
        params![id],
    );
}

/// A scan outside of any tour: its checkpoint is the one stop of a report of its own.
pub(super) fn lone_stop(
    batch: &mut Batch,
    organization: OrganizationId,
    id: CheckpointReportId,
    checkpoint: CheckpointId,
) {
    batch.run(
        "insert into report_stops (report_id, organization_id, position, checkpoint_id, name, instructions, question, \
           latitude, longitude, radius_m) \
         select $1, $2, 1, c.id, c.name, c.instructions, c.question, c.latitude, c.longitude, c.radius_m \
         from checkpoints c where c.organization_id = $2 and c.id = $3",
        params![id, organization, checkpoint],
    );
    batch.run("update checkpoint_reports set stops = 1 where id = $1", params![id]);
}

/// Somebody walked in a window after all that was taken for missed: the report becomes theirs.
pub(super) fn take_over(
    batch: &mut Batch,
    organization: OrganizationId,
    new: &NewWalk<'_>,
    (id, version): (CheckpointReportId, i64),
) {
    batch.guard(
        "update checkpoint_reports set at = $4, started_at = $4, closes_at = $5, state = 0, exceptions = 0, exceptional = 0, \
           visibility = $6, released_at = null, walker_name = $7, walker_roles = $8, assignee_id = $9, team_id = $10, \
           word = $11, search_people = $12, updated_at = $13, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            organization,
            id,
            version,
            new.walked.map(|(at, _)| at),
            new.walked.map(|(_, closes)| closes),
            new.visibility.number(),
            new.walker.0,
            new.walker.1,
            new.facts.assignee,
            new.facts.team,
            new.word,
            store::fold(new.walker.0),
            new.now
        ],
        Error::Stale,
    );
    batch.taken(Error::Stale);
}

/// A stop of a walk as it was copied.
#[derive(Clone, Debug)]
pub(crate) struct StopRow {
    pub(crate) position: i64,
    pub(crate) checkpoint: CheckpointId,
    pub(crate) name: String,
    pub(crate) instructions: String,
    pub(crate) question: String,
    pub(crate) latitude: Option<f64>,
    pub(crate) longitude: Option<f64>,
    pub(crate) radius_m: f64,
}

impl FromRow for StopRow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            position: row.get(0)?,
            checkpoint: row.get(1)?,
            name: row.get(2)?,
            instructions: row.get(3)?,
            question: row.get(4)?,
            latitude: row.get(5)?,
            longitude: row.get(6)?,
            radius_m: row.get(7)?,
        })
    }
}

/// The stops of a walk that was found within the plan, in their order.
pub(crate) async fn stops(
    store: &Store,
    organization: OrganizationId,
    report: CheckpointReportId,
) -> Result<Vec<StopRow>> {
    store
        .all(
            "select position, checkpoint_id, name, instructions, question, latitude, longitude, radius_m from report_stops \
             where organization_id = $1 and report_id = $2 order by position",
            params![organization, report],
        )
        .await
}

/// Writes how a walk stands by its scans; the guard is the version that was read before them.
pub(crate) fn set_sum(
    batch: &mut Batch,
    organization: OrganizationId,
    (id, version): (CheckpointReportId, i64),
    sum: &Sum,
    visibility: Option<Visibility>,
    now: Timestamp,
) {
    batch.guard(
        "update checkpoint_reports set at = $4, started_at = $4, ended_at = $5, state = $6, exceptions = $7, exceptional = $8, \
           scanned = $9, visibility = coalesce($10, visibility), \
           released_at = case when $10 = 3 then $11 else released_at end, updated_at = $11, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            organization,
            id,
            version,
            sum.started_at,
            sum.ended_at,
            sum.state.number(),
            sum.exceptions,
            i64::from(sum.exceptions != 0),
            sum.scanned,
            visibility.map(Visibility::number),
            now
        ],
        Error::Stale,
    );
}

/// The walker says that it is over.
pub(super) fn set_stopped(
    batch: &mut Batch,
    organization: OrganizationId,
    id: CheckpointReportId,
    at: Timestamp,
    note: &str,
) {
    batch.run(
        "update checkpoint_reports set stopped_at = $3, note = $4 where organization_id = $1 and id = $2",
        params![organization, id, at, note],
    );
}

/// Lets the client side see a walk that waited for approval.
pub(super) fn release(
    batch: &mut Batch,
    organization: OrganizationId,
    (id, version): (CheckpointReportId, i64),
    by: &str,
    now: Timestamp,
) {
    batch.guard(
        "update checkpoint_reports set visibility = 3, released_at = $4, released_by = $5, updated_at = $4, \
           version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![organization, id, version, now, by],
        Error::Stale,
    );
}

/// Does the site ask for approval before the client side sees what was reported there?
pub(super) async fn approval(store: &Store, organization: OrganizationId, site: SiteId) -> Result<bool> {
    let (asks,): (i64,) = store
        .one(
            "select approval_required from sites where organization_id = $1 and id = $2",
            params![organization, site],
        )
        .await?;
    Ok(asks == 1)
}

/// Walks whose time is over though nobody ended them.
pub(super) async fn overdue(
    store: &Store,
    now: Timestamp,
    most: i64,
) -> Result<Vec<(CheckpointReportId, OrganizationId)>> {
    store
        .all(
            "select id, organization_id from checkpoint_reports where state = 0 and closes_at <= $1 \
             order by closes_at limit $2",
            params![now, most],
        )
        .await
}

/// A walk by id, whoever's it is; for the rounds of the program itself.
pub(super) async fn any(store: &Store, id: CheckpointReportId) -> Result<Option<Walk>> {
    store
        .first(
            "select r.id, r.site_id, r.due_until, r.started_at, r.stopped_at, r.closes_at, r.least_seconds, r.state, \
               r.version from checkpoint_reports r where r.id = $1 and r.started_at is not null",
            params![id],
        )
        .await
}

/// A tour whose windows are to be looked at.
pub(super) struct ToCheck {
    pub(super) id: TourId,
    pub(super) organization: OrganizationId,
    pub(super) facts: Facts,
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) ordered: bool,
    pub(super) least_seconds: i64,
    pub(super) plan: crate::rhythm::Plan,
    pub(super) checked_until: Timestamp,
    pub(super) since: Timestamp,
    pub(super) approval: bool,
}

impl FromRow for ToCheck {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let organization: OrganizationId = row.get(1)?;
        let site: SiteId = row.get(2)?;
        let windows: String = row.get(11)?;
        let (begins, ends): (String, String) = (row.get(12)?, row.get(13)?);
        Ok(Self {
            id: row.get(0)?,
            organization,
            facts: Facts {
                client: row.get(3)?,
                area: row.get(4)?,
                site: Some(site.uuid()),
                ..Facts::of(organization.uuid())
            },
            place: Place { name: row.get(5)?, client: row.get(6)?, zone: row.get(7)?, archived: false },
            name: row.get(8)?,
            ordered: row.get::<i64>(9)? == 1,
            plan: crate::rhythm::Plan::stored(row.number(10)?, &windows, &begins, &ends, row.get(14)?),
            least_seconds: row.get(15)?,
            checked_until: row.get(16)?,
            approval: row.get::<i64>(17)? == 1,
            since: row.get(18)?,
        })
    }
}

/// Tours with windows that nobody looked at for a while, at current sites.
pub(super) async fn to_check(store: &Store, before: Timestamp, most: i64) -> Result<Vec<ToCheck>> {
    store
        .all(
            "select t.id, t.organization_id, t.site_id, t.client_id, t.area_id, s.name, c.name, s.zone, t.name, t.ordered, \
               t.rhythm, t.windows, t.begins, t.ends, t.every_minutes, t.least_seconds, t.checked_until, s.approval_required, t.since \
             from tours t join sites s on s.id = t.site_id join clients c on c.id = t.client_id \
             where t.archived = 0 and t.rhythm in (1, 2) and t.checked_until < $1 and s.archived = 0 \
             order by t.checked_until limit $2",
            params![before, most],
        )
        .await
}

/// The windows of a tour were looked at up to an instant; another node may have been quicker.
pub(super) fn checked(batch: &mut Batch, tour: TourId, before: Timestamp, until: Timestamp) {
    batch.guard(
        "update tours set checked_until = $3 where id = $1 and checked_until = $2",
        params![tour, before, until],
        Error::Stale,
    );
}
