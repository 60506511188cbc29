//! Idempotency keys: a create that is sent twice makes one record. The key is stored in the transaction that makes
//! the record, so neither can be there without the other.

use kernel::id::{MembershipId, OrganizationId};
use kernel::{Error, Result, Timestamp};

use crate::{Batch, Store, params};

/// What was answered under a key.
#[derive(Debug)]
pub struct Answered {
    /// Digest of what was sent.
    pub digest: [u8; 32],
    /// Where the record is, below the door.
    pub location: String,
    /// The body that was answered; empty if the answer was lost before it could be kept.
    pub body: String,
}

/// Stores a key with the batch that makes a record at `location`.
pub fn remember(
    batch: &mut Batch,
    organization: OrganizationId,
    membership: MembershipId,
    key: &str,
    digest: [u8; 32],
    location: &str,
    now: Timestamp,
) {
    batch.run(
        "insert into idempotency (organization_id, membership_id, key, digest, status, location, body, created_at) \
         values ($1, $2, $3, $4, 201, $5, '', $6)",
        params![organization, membership, key, digest, location, now],
    );
    batch.taken(Error::conflict("the same request is being carried out right now; ask again in a moment"));
}

/// What was answered under a key, if anything.
///
/// # Errors
/// The store's.
pub async fn find(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
    key: &str,
) -> Result<Option<Answered>> {
    let row: Option<([u8; 32], String, String)> = store
        .first(
            "select digest, location, body from idempotency \
             where organization_id = $1 and membership_id = $2 and key = $3",
            params![organization, membership, key],
        )
        .await?;
    Ok(row.map(|(digest, location, body)| Answered { digest, location, body }))
}

/// Keeps the body that was answered.
///
/// # Errors
/// The store's.
pub async fn keep_body(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
    key: &str,
    body: &str,
) -> Result<()> {
    let mut batch = Batch::new();
    batch.run(
        "update idempotency set body = $4 where organization_id = $1 and membership_id = $2 and key = $3",
        params![organization, membership, key, body],
    );
    store.commit(batch).await.map(|_| ())
}
