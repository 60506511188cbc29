//! SQL of types of incident, and nothing but SQL.

use access::Permit;
use kernel::id::OrganizationId;
use kernel::text::Line;
use kernel::{Error, Result};
use store::{Batch, Store, params};
use uuid::Uuid;

use super::model::{TypeId, TypeOut};

/// Puts words on the list of an organization that has none. They come with the organization, nobody chose them.
pub(super) fn begin(batch: &mut Batch, organization: OrganizationId, words: &[&str]) {
    for word in words {
        batch.run(
            "insert into incident_types (id, organization_id, name) values ($1, $2, $3) on conflict do nothing",
            params![Uuid::new_v4(), organization, *word],
        );
    }
}

pub(super) async fn all(store: &Store, organization: OrganizationId) -> Result<Vec<TypeOut>> {
    store
        .all(
            "select id, name, archived, version from incident_types where organization_id = $1 order by name",
            params![organization],
        )
        .await
}

pub(super) async fn one(store: &Store, organization: OrganizationId, id: TypeId) -> Result<TypeOut> {
    store
        .one(
            "select id, name, archived, version from incident_types where organization_id = $1 and id = $2",
            params![organization, id],
        )
        .await
}

fn taken(batch: &mut Batch) {
    batch.taken(Error::field("name", "this type is on the list already, or among the archived ones"));
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, id: TypeId, name: &Line<80>) {
    batch.run(
        "insert into incident_types (id, organization_id, name) values ($1, $2, $3)",
        params![id, permit.organization(), name],
    );
    taken(batch);
}

pub(super) fn rename(batch: &mut Batch, permit: &Permit, id: TypeId, version: i64, name: &Line<80>) {
    batch.guard(
        "update incident_types set name = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, name],
        Error::Stale,
    );
    taken(batch);
}

pub(super) fn set_archived(batch: &mut Batch, permit: &Permit, id: TypeId, version: i64, archived: bool) {
    batch.guard(
        "update incident_types set archived = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, i64::from(archived)],
        Error::Stale,
    );
}
