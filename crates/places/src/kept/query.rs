//! SQL that is the same for everything that is kept.

use access::{FieldClass, Permit};
use kernel::{Error, Id, Timestamp};
use store::listing::{Order, Table};
use store::{Batch, params};

/// By name: the one order of everything that is kept.
pub(crate) const BY_NAME: &[Order] =
    &[Order { name: "name", column: "search", text: true, descending: false, class: FieldClass::Public }];

/// What is said when the name of the statement just added is another's.
pub(crate) fn taken(batch: &mut Batch, another: &str) {
    batch.taken(Error::field("name", format!("another {another} has this name already")));
}

/// Puts a row of any of the tables away, or back.
pub(super) fn set_archived<K>(
    batch: &mut Batch,
    permit: &Permit,
    table: &Table,
    id: Id<K>,
    version: i64,
    at: Option<Timestamp>,
) {
    let table = table.name;
    batch.guard(
        format!(
            "update {table} set archived = $4, archived_at = $5, version = version + 1 \
             where organization_id = $1 and id = $2 and version = $3"
        ),
        params![permit.organization(), id, version, i64::from(at.is_some()), at],
        Error::Stale,
    );
}
