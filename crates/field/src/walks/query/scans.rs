//! SQL of scans, and of the codes that lead to checkpoints.

use kernel::id::{CheckpointId, CheckpointReportId, MembershipId, OrganizationId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use crate::walks::model::{Method, Scan};

/// What was scanned under a key before: the walk, the instant.
pub(crate) async fn scanned(
    store: &Store,
    organization: OrganizationId,
    me: MembershipId,
    key: &str,
) -> Result<Option<(CheckpointReportId, Timestamp)>> {
    store
        .first(
            "select report_id, at from scans where organization_id = $1 and membership_id = $2 and key = $3",
            params![organization, me, key],
        )
        .await
}

/// A scan as it was stored.
#[derive(Clone, Debug)]
pub(crate) struct ScanRow {
    pub(crate) id: Uuid,
    pub(crate) checkpoint: CheckpointId,
    pub(crate) name: String,
    pub(crate) method: Method,
    pub(crate) at: Timestamp,
    pub(crate) device_at: Option<Timestamp>,
    pub(crate) server_at: Timestamp,
    pub(crate) skew_seconds: i64,
    pub(crate) accuracy_m: Option<f64>,
    pub(crate) distance_m: Option<f64>,
    pub(crate) near: Option<bool>,
    pub(crate) answer: String,
    pub(crate) device: String,
    pub(crate) by: String,
}

impl FromRow for ScanRow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            checkpoint: row.get(1)?,
            name: row.get(2)?,
            method: row.number(3)?,
            at: row.get(4)?,
            device_at: row.get(5)?,
            server_at: row.get(6)?,
            skew_seconds: row.get(7)?,
            accuracy_m: row.get(8)?,
            distance_m: row.get(9)?,
            near: row.get::<Option<i64>>(10)?.map(|n| n == 1),
            answer: row.get(11)?,
            device: row.get(12)?,
            by: row.get(13)?,
        })
    }
}

/// The scans of a walk that was found within the plan, in the order of their instants.
pub(crate) async fn scans(
    store: &Store,
    organization: OrganizationId,
    report: CheckpointReportId,
) -> Result<Vec<ScanRow>> {
    store
        .all(
            "select id, checkpoint_id, checkpoint_name, method, at, device_at, server_at, skew_seconds, accuracy_m, \
               distance_m, near, answer, device, by_name \
             from scans where organization_id = $1 and report_id = $2 order by at, id",
            params![organization, report],
        )
        .await
}

/// What was scanned by whom, and how far from it.
pub(crate) struct Made<'a> {
    pub(crate) report: CheckpointReportId,
    pub(crate) checkpoint: CheckpointId,
    pub(crate) name: &'a str,
    pub(crate) membership: Option<MembershipId>,
    pub(crate) by: &'a str,
    pub(crate) method: Method,
    pub(crate) distance_m: Option<f64>,
    pub(crate) near: Option<bool>,
    pub(crate) key: &'a str,
    pub(crate) now: Timestamp,
}

pub(crate) fn insert_scan(batch: &mut Batch, organization: OrganizationId, scan: &Scan, made: &Made<'_>) {
    let position = scan.position;
    batch.run(
        "insert into scans (id, organization_id, report_id, checkpoint_id, checkpoint_name, membership_id, by_name, method, \
           at, device_at, server_at, skew_seconds, latitude, longitude, accuracy_m, distance_m, near, answer, device, key) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        params![
            Uuid::now_v7(),
            organization,
            made.report,
            made.checkpoint,
            made.name,
            made.membership,
            made.by,
            made.method.number(),
            scan.moment.at,
            scan.moment.device_at,
            made.now,
            scan.moment.skew_seconds,
            position.map(|p| p.point.latitude()),
            position.map(|p| p.point.longitude()),
            position.and_then(|p| p.accuracy_m),
            made.distance_m,
            made.near.map(i64::from),
            scan.answer.as_str(),
            scan.device.as_str(),
            made.key
        ],
    );
    batch.taken(Error::Stale);
}

/// Answers the latest scan of a checkpoint afterwards.
pub(crate) fn set_answer(batch: &mut Batch, organization: OrganizationId, scan: Uuid, answer: &str) {
    batch.run(
        "update scans set answer = $3 where organization_id = $1 and id = $2",
        params![organization, scan, answer],
    );
}

/// The checkpoint of a typed code, and which of its codes is in force.
pub(crate) async fn typed(
    store: &Store,
    organization: OrganizationId,
    code: &str,
) -> Result<Option<CheckpointId>> {
    let found: Option<(CheckpointId,)> = store
        .first(
            "select id from checkpoints where organization_id = $1 and code = $2",
            params![organization, code],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

/// Which of its codes is in force at a checkpoint.
pub(crate) async fn code_version(
    store: &Store,
    organization: OrganizationId,
    checkpoint: CheckpointId,
) -> Result<Option<i64>> {
    let found: Option<(i64,)> = store
        .first(
            "select code_version from checkpoints where organization_id = $1 and id = $2",
            params![organization, checkpoint],
        )
        .await?;
    Ok(found.map(|(version,)| version))
}

/// One scan of many walks, for the exception report: site, walk, checkpoint, its name, instant.
pub(crate) type Stamp = (CheckpointReportId, CheckpointId, String, Timestamp);

/// The scans of walks that were found within the plan, in the order of time.
pub(crate) async fn stamps(
    store: &Store,
    organization: OrganizationId,
    reports: &[CheckpointReportId],
) -> Result<Vec<Stamp>> {
    let mut all = Vec::new();
    for some in reports.chunks(200) {
        let marks: Vec<String> = (2..).take(some.len()).map(|n| format!("${n}")).collect();
        let mut values = params![organization];
        values.extend(some.iter().map(|id| store::Value::from(*id)));
        let mut part: Vec<Stamp> = store
            .all(
                &format!(
                    "select report_id, checkpoint_id, checkpoint_name, at from scans \
                     where organization_id = $1 and report_id in ({}) and (method <> 2 or near = 1)",
                    marks.join(", ")
                ),
                values,
            )
            .await?;
        all.append(&mut part);
    }
    all.sort_by_key(|stamp| stamp.3);
    Ok(all)
}

/// The stops of walks that were found within the plan and were never scanned.
pub(crate) async fn unscanned(
    store: &Store,
    organization: OrganizationId,
    reports: &[CheckpointReportId],
) -> Result<Vec<(CheckpointReportId, CheckpointId, String)>> {
    let mut all = Vec::new();
    for some in reports.chunks(200) {
        let marks: Vec<String> = (2..).take(some.len()).map(|n| format!("${n}")).collect();
        let mut values = params![organization];
        values.extend(some.iter().map(|id| store::Value::from(*id)));
        let mut part = store
            .all(
                &format!(
                    "select s.report_id, s.checkpoint_id, s.name from report_stops s \
                     where s.organization_id = $1 and s.report_id in ({}) and not exists (select 1 from scans x \
                       where x.organization_id = $1 and x.report_id = s.report_id and x.checkpoint_id = s.checkpoint_id \
                         and (x.method <> 2 or x.near = 1))",
                    marks.join(", ")
                ),
                values,
            )
            .await?;
        all.append(&mut part);
    }
    Ok(all)
}
