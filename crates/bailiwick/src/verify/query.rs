//! SQL of the leak test.

use access::{Feature, Switch};
use kernel::Result;
use kernel::id::OrganizationId;
use store::{Batch, Store, params};

use super::world::Likeness;

/// The installation's key for reports; `fresh` becomes it if there is none.
pub(super) async fn key(store: &Store, fresh: &[u8]) -> Result<Vec<u8>> {
    let mut batch = Batch::new();
    batch.run(
        "insert into instance (name, value) values ('report_key', $1) on conflict (name) do nothing",
        params![fresh],
    );
    store.commit(batch).await?;
    let (key,): (Vec<u8>,) = store.one("select value from instance where name = 'report_key'", []).await?;
    Ok(key)
}

/// The settings and roles of an organization that a scratch one is to be like.
pub(crate) async fn likeness(store: &Store, organization: OrganizationId, name: &str) -> Result<Likeness> {
    let features: Vec<(i64,)> = store
        .all("select feature from organization_features where organization_id = $1", params![organization])
        .await?;
    let switches: Vec<(i64,)> = store
        .all("select switch from organization_switches where organization_id = $1", params![organization])
        .await?;
    let roles = store
        .all(
            "select key, written from roles where organization_id = $1 and archived_at is null order by key",
            params![organization],
        )
        .await?;
    Ok(Likeness {
        name: name.to_owned(),
        features: features.into_iter().filter_map(|(f,)| Feature::try_from(f).ok()).collect(),
        switches: switches.into_iter().filter_map(|(s,)| Switch::try_from(s).ok()).collect(),
        roles,
        only: Vec::new(),
    })
}

/// Messages as they were put into the outbox: to whom, and all their words.
pub(super) async fn mails(store: &Store) -> Result<Vec<(String, String, String, String, String)>> {
    store.all("select recipient, subject, html, plain, why from mails order by created_at, id", []).await
}

/// Writes something that means nothing.
pub(super) async fn nudge(store: &Store) -> Result<()> {
    let mut batch = Batch::new();
    batch.run(
        "insert into instance (name, value) values ('nudge', $1) on conflict (name) do update set value = excluded.value",
        params![uuid::Uuid::new_v4().as_bytes().as_slice()],
    );
    store.commit(batch).await.map(|_| ())
}

/// Is there no organization yet?
pub(super) async fn is_empty(store: &Store) -> Result<bool> {
    let (organizations,): (i64,) = store.one("select count(*) from organizations", []).await?;
    Ok(organizations == 0)
}
