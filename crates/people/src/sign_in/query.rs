//! SQL of sign-in and its throttle.

use kernel::{Error, Result, Timestamp};
use store::{Batch, Store, params};

use super::throttle::Pace;

pub(super) async fn attempts(store: &Store, key: &[u8; 32]) -> Result<Option<(i64, Timestamp)>> {
    store.first("select attempts, window_at from throttles where key = $1", params![*key]).await
}

/// Counts one attempt, unless it comes too early: then no row is touched and the batch is refused.
pub(super) fn count(batch: &mut Batch, pace: Pace, key: &[u8; 32], now: Timestamp) {
    let forgotten = now.as_microsecond() - pace.forget * 1_000_000;
    batch.guard(
        "insert into throttles (key, attempts, window_at) values ($1, 1, $2) \
         on conflict (key) do update set \
           attempts = case when throttles.window_at < $3 then 1 \
             when throttles.attempts >= $4 then throttles.attempts else throttles.attempts + 1 end, \
           window_at = $2 \
         where throttles.window_at < $3 or throttles.attempts < $5 \
           or throttles.window_at + (throttles.attempts - $5 + 1) * (throttles.attempts - $5 + 1) * 1000000 <= $2",
        params![*key, now, forgotten, pace.most(), pace.free],
        Error::TooMany(1),
    );
}

pub(super) fn forget(batch: &mut Batch, key: &[u8; 32]) {
    batch.run("delete from throttles where key = $1", params![*key]);
}

pub(super) fn give_back(batch: &mut Batch, key: &[u8; 32]) {
    batch.run("update throttles set attempts = attempts - 1 where key = $1 and attempts > 0", params![*key]);
}

/// Which of the demo's accounts are there, with the names of the people.
pub(super) async fn demo_people(store: &Store) -> Result<Vec<(String, String)>> {
    store
        .all(
            "select email, name from accounts where email like '%@demo.example' and archived_at is null order by email",
            [],
        )
        .await
}
