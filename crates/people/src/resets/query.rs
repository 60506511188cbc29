//! SQL of password resets.

use kernel::Timestamp;
use kernel::id::AccountId;
use kernel::secret::Secret;
use store::{Batch, params};

pub(crate) fn insert(batch: &mut Batch, secret: &Secret, account: AccountId, now: Timestamp, until: i64) {
    batch.run(
        "insert into password_resets (digest, account_id, created_at, expires_at) values ($1, $2, $3, $4)",
        params![secret.digest(), account, now, until],
    );
}
