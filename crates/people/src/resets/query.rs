//! SQL of password resets.

use kernel::id::AccountId;
use kernel::secret::Secret;
use kernel::{Error, Result, Timestamp};
use store::{Batch, Store, params};

pub(crate) fn insert(
    batch: &mut Batch,
    secret: &Secret,
    account: AccountId,
    now: Timestamp,
    until: Timestamp,
) {
    batch.run(
        "insert into password_resets (digest, account_id, created_at, expires_at) values ($1, $2, $3, $4)",
        params![secret.digest(), account, now, until],
    );
}

/// The account behind a link that still works.
pub(super) async fn account_of(store: &Store, secret: &Secret, now: Timestamp) -> Result<Option<AccountId>> {
    let row: Option<(AccountId,)> = store
        .first(
            "select r.account_id from password_resets r join accounts a on a.id = r.account_id \
             where r.digest = $1 and r.used_at is null and r.expires_at > $2 and a.archived_at is null",
            params![secret.digest(), now],
        )
        .await?;
    Ok(row.map(|(id,)| id))
}

/// Uses a link, once; every other link of the account is used up with it.
pub(super) fn consume(batch: &mut Batch, secret: &Secret, account: AccountId, now: Timestamp) {
    batch.guard(
        "update password_resets set used_at = $2 where digest = $1 and used_at is null and expires_at > $2",
        params![secret.digest(), now],
        Error::NotFound,
    );
    batch.run(
        "update password_resets set used_at = $2 where account_id = $1 and used_at is null",
        params![account, now],
    );
}
