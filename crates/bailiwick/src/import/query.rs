//! SQL of imports, and nothing but SQL. The table of imports is this folder's.

use kernel::id::{AreaId, ClientId, OrganizationId, SiteId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, Value, params};
use uuid::Uuid;

/// How far an import came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    /// The next row to be stored, counted from 1.
    pub(crate) next_row: i64,
    pub(crate) done: i64,
    pub(crate) finished: Option<Timestamp>,
}

/// How far an import of this content came, if it was begun.
pub(crate) async fn progress(
    store: &Store,
    organization: OrganizationId,
    resource: &str,
    digest: [u8; 32],
) -> Result<Option<Progress>> {
    let found: Option<(i64, i64, Option<Timestamp>)> = store
        .first(
            "select next_row, rows_done, finished_at from imports \
             where organization_id = $1 and resource = $2 and digest = $3",
            params![organization, resource, digest],
        )
        .await?;
    Ok(found.map(|(next_row, done, finished)| Progress { next_row, done, finished }))
}

/// Notes that an import begins.
pub(crate) fn begin(
    batch: &mut Batch,
    organization: OrganizationId,
    resource: &str,
    digest: [u8; 32],
    now: Timestamp,
) {
    batch.run(
        "insert into imports (organization_id, digest, resource, next_row, rows_done, rows_refused, updated_at) \
         values ($1, $2, $3, 1, 0, 0, $4)",
        params![organization, digest, resource, now],
    );
    batch.taken(Error::conflict("somebody is importing this file right now"));
}

/// A step of an import: from one row to another, with what came of the rows between.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) from_row: i64,
    pub(crate) next_row: i64,
    pub(crate) done: i64,
    pub(crate) refused: i64,
    pub(crate) last: bool,
}

/// Notes a step in the batch that stores its rows. If somebody else took it, the batch is undone.
pub(crate) fn step(
    batch: &mut Batch,
    organization: OrganizationId,
    resource: &str,
    digest: [u8; 32],
    step: Step,
    now: Timestamp,
) {
    batch.guard(
        "update imports set next_row = $5, rows_done = rows_done + $6, rows_refused = rows_refused + $7, \
           updated_at = $8, finished_at = $9 \
         where organization_id = $1 and resource = $2 and digest = $3 and next_row = $4 and finished_at is null",
        params![
            organization,
            resource,
            digest,
            step.from_row,
            step.next_row,
            step.done,
            step.refused,
            now,
            step.last.then_some(now)
        ],
        Error::conflict("somebody else is importing this file right now"),
    );
}

/// A site as an import needs it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) id: SiteId,
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) zone: String,
    pub(crate) kind: i64,
    pub(crate) client: ClientId,
    pub(crate) client_name: String,
    pub(crate) area: Option<AreaId>,
    pub(crate) approval_required: bool,
    pub(crate) editable_by_author: bool,
}

impl FromRow for Site {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            code: row.get(2)?,
            zone: row.get(3)?,
            kind: row.get(4)?,
            client: row.get(5)?,
            client_name: row.get(6)?,
            area: row.get(7)?,
            approval_required: row.get::<i64>(8)? == 1,
            editable_by_author: row.get::<i64>(9)? == 1,
        })
    }
}

/// Every site that is not archived.
pub(crate) async fn sites(store: &Store, organization: OrganizationId) -> Result<Vec<Site>> {
    store
        .all(
            "select s.id, s.name, s.code, s.zone, s.kind, s.client_id, c.name, s.area_id, s.approval_required, \
               s.editable_by_author \
             from sites s join clients c on c.id = s.client_id \
             where s.organization_id = $1 and s.archived = 0",
            params![organization],
        )
        .await
}

/// The clients of a name or an id; names are one of a kind only before the eyes of whoever gave them.
pub(crate) async fn clients(
    store: &Store,
    organization: OrganizationId,
    name: &str,
) -> Result<Vec<(ClientId, String)>> {
    let all: Vec<(ClientId, String)> = store
        .all(
            "select id, name from clients where organization_id = $1 and archived = 0",
            params![organization],
        )
        .await?;
    let wanted = store::fold(name.trim());
    Ok(all.into_iter().filter(|(id, found)| id.to_string() == name || store::fold(found) == wanted).collect())
}

/// Which of these incidents are there already.
pub(crate) async fn there(store: &Store, organization: OrganizationId, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (2..ids.len() + 2).map(|n| format!("${n}")).collect();
    let mut values = params![organization];
    values.extend(ids.iter().map(|id| Value::from(*id)));
    let sql = format!("select id from incidents where organization_id = $1 and id in ({})", marks.join(", "));
    let found: Vec<(Uuid,)> = store.all(&sql, values).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
