//! SQL of attachments, and nothing but SQL. Rows are child rows: they are read only after their record was found
//! within the plan, and shown only by class.

use access::{FieldClass, Permit, Resource};
use kernel::id::{AttachmentId, OrganizationId};
use kernel::{Error, Result, Timestamp};
use store::{Batch, FromRow, Row as Cells, Store, params};
use uuid::Uuid;

/// An attachment as stored.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: AttachmentId,
    pub(super) class: FieldClass,
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) bytes: u64,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    pub(super) digest: [u8; 32],
    pub(super) clean_digest: [u8; 32],
    pub(super) thumbnail_digest: Option<[u8; 32]>,
    pub(super) taken_at: Option<Timestamp>,
    pub(super) added_at: Timestamp,
    pub(super) added_by_name: String,
    pub(super) archived: bool,
}

impl FromRow for Row {
    fn from_row(row: &Cells<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            class: row.number(1)?,
            name: row.get(2)?,
            media_type: row.get(3)?,
            bytes: row.get(4)?,
            width: row.get(5)?,
            height: row.get(6)?,
            digest: row.get(7)?,
            clean_digest: row.get(8)?,
            thumbnail_digest: row.get(9)?,
            taken_at: row.get(10)?,
            added_at: row.get(11)?,
            added_by_name: row.get(12)?,
            archived: row.get::<i64>(13)? == 1,
        })
    }
}

/// All attachments of a record that was found within the plan, oldest first.
pub(super) async fn all(
    store: &Store,
    organization: OrganizationId,
    resource: Resource,
    record: Uuid,
) -> Result<Vec<Row>> {
    store
        .all(
            "select id, class, name, media_type, bytes, width, height, digest, clean_digest, thumbnail_digest, \
               taken_at, added_at, added_by_name, archived \
             from attachments where organization_id = $1 and resource = $2 and record_id = $3 \
             order by added_at, id",
            params![organization, resource.word(), record],
        )
        .await
}

/// The record that an attachment hangs on. Says nothing of who may see either.
pub(super) async fn parent(
    store: &Store,
    organization: OrganizationId,
    id: AttachmentId,
) -> Result<Option<(String, Uuid)>> {
    store
        .first(
            "select resource, record_id from attachments where organization_id = $1 and id = $2",
            params![organization, id],
        )
        .await
}

/// A new attachment.
pub(super) struct New<'a> {
    pub(super) resource: Resource,
    pub(super) record: Uuid,
    pub(super) row: Row,
    pub(super) added_by_name: &'a str,
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, new: New<'_>) {
    let row = new.row;
    batch.run(
        "insert into attachments (id, organization_id, resource, record_id, class, name, media_type, bytes, width, \
           height, digest, clean_digest, thumbnail_digest, taken_at, added_at, added_by, added_by_name) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        params![
            row.id,
            permit.organization(),
            new.resource.word(),
            new.record,
            row.class.number(),
            row.name,
            row.media_type,
            i64::try_from(row.bytes).unwrap_or(i64::MAX),
            row.width,
            row.height,
            row.digest,
            row.clean_digest,
            row.thumbnail_digest,
            row.taken_at,
            row.added_at,
            permit.membership(),
            new.added_by_name
        ],
    );
}

/// Changes who may see it, if that is still what was read.
pub(super) fn set_class(batch: &mut Batch, permit: &Permit, row: &Row, class: FieldClass) {
    batch.guard(
        "update attachments set class = $4 where organization_id = $1 and id = $2 and class = $3",
        params![permit.organization(), row.id, row.class.number(), class.number()],
        Error::Stale,
    );
}

/// Puts it away or takes it back, if it is still as it was read.
pub(super) fn set_archived(batch: &mut Batch, permit: &Permit, row: &Row, archived: bool) {
    batch.guard(
        "update attachments set archived = $4 where organization_id = $1 and id = $2 and archived = $3",
        params![permit.organization(), row.id, i64::from(row.archived), i64::from(archived)],
        Error::Stale,
    );
}
