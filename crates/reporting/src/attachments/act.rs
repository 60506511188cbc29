//! What can be done with attachments.

use access::{Facts, FieldClass, Permit, Resource};
use kernel::Result;
use store::Batch;
use uuid::Uuid;
use web::{Ctx, Upload};

use super::model::AttachmentOut;

/// Files that were checked, cleaned and kept; [`attach`] ties them to a record.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    files: Vec<()>,
}

/// Checks, cleans and keeps the contents of uploaded files. Nothing is visible before [`attach`] is committed.
///
/// # Errors
/// [`kernel::Error::Invalid`] at `files` with one sentence for each file that cannot be taken.
#[expect(clippy::unused_async, reason = "decoding and keeping will await")]
pub(crate) async fn prepare(_ctx: &Ctx, _files: Vec<Upload>) -> Result<Prepared> {
    Ok(Prepared::default())
}

/// Adds prepared files to the batch that makes or changes their record. `zone` is the record's: cameras write local
/// times. The class is [`FieldClass::Operational`] unless the asker chose another one and may.
pub(crate) fn attach(
    _ctx: &Ctx,
    _batch: &mut Batch,
    _permit: &Permit,
    _record: (Resource, Uuid),
    _zone: &str,
    _class: FieldClass,
    _prepared: &Prepared,
) {
}

/// The attachments of a record that the asker's plan shows, oldest first; archived ones are left out. The record
/// must have been found within the plan: `facts` are what that gave.
///
/// # Errors
/// The store's.
#[expect(clippy::unused_async, reason = "reading will await")]
pub(crate) async fn of(
    _ctx: &Ctx,
    _resource: Resource,
    _record: Uuid,
    _facts: &Facts,
) -> Result<Vec<AttachmentOut>> {
    Ok(Vec::new())
}
