//! What was found and answered a moment ago, good for as long as nobody has written anything.
//!
//! SQLite tells a connection when another one has changed the database (`data_version`), so an entry that carries
//! the version it was made at is either exactly what would be answered again or not used. Entries belong to the
//! thread whose connection gave the version. On PostgreSQL there is no such number and nothing is kept here.
//! Time passes without writes, so an entry also has an end of its own.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use http::HeaderMap;
use kernel::Timestamp;
use kernel::id::{ApiTokenId, MembershipId};
use store::Version;

use crate::context::Door;
use crate::identity::Identified;
use crate::reads::Opened;

/// The longest an entry is used, in microseconds: pages that say "in the last 14 days" may lag this much.
const LONGEST: i64 = 15_000_000;

/// More entries than this and a shelf starts anew.
const MOST: usize = 4096;

/// More bytes than this in answers and the shelf starts anew, too: a crawl through thousands of pages must not fill
/// the memory with them.
const MOST_KEPT: usize = 24 * 1024 * 1024;

/// Answers larger than this are made again.
pub(crate) const MOST_BYTES: usize = 256 * 1024;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    askers: Shelf<AskerKey, Identified>,
    answers: Shelf<AnswerKey, Answered>,
}

/// An answer that may be given again.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
    /// The record that is read with it.
    pub(crate) opened: Option<Opened>,
}

/// A presented secret, by digest, at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct AskerKey {
    pub(crate) door: Door,
    pub(crate) digest: [u8; 32],
}

/// A question, by everything its answer depends on besides the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct AnswerKey {
    pub(crate) door: Door,
    pub(crate) membership: MembershipId,
    pub(crate) token: Option<ApiTokenId>,
    pub(crate) path: String,
    pub(crate) query: String,
}

impl Recent {
    pub(crate) fn asker(&self, version: Version, key: &AskerKey, now: Timestamp) -> Option<Identified> {
        self.askers.find(version, key, now)
    }

    pub(crate) fn keep_asker(
        &self,
        version: Version,
        key: AskerKey,
        (now, until): (Timestamp, Timestamp),
        found: Identified,
    ) {
        self.askers.keep(version, key, (now, until), 0, found);
    }

    pub(crate) fn answer(&self, version: Version, key: &AnswerKey, now: Timestamp) -> Option<Answered> {
        self.answers.find(version, key, now)
    }

    pub(crate) fn keep_answer(&self, version: Version, key: AnswerKey, now: Timestamp, answer: Answered) {
        let bytes = answer.bytes.len();
        self.answers.keep(version, key, (now, Timestamp::MAX), bytes, answer);
    }
}

#[derive(Debug)]
struct Kept<V> {
    number: i64,
    until: i64,
    value: V,
}

#[derive(Debug)]
struct Shelf<K, V>(Mutex<Entries<K, V>>);

#[derive(Debug)]
struct Entries<K, V> {
    all: HashMap<(std::thread::ThreadId, K), Kept<V>>,
    /// What was put in since the shelf was last empty.
    bytes: usize,
}

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self(Mutex::new(Entries { all: HashMap::new(), bytes: 0 }))
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Shelf<K, V> {
    fn find(&self, version: Version, key: &K, now: Timestamp) -> Option<V> {
        let shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = shelf.all.get(&(version.thread, key.clone()))?;
        (kept.number == version.number && now.as_microsecond() < kept.until).then(|| kept.value.clone())
    }

    fn keep(&self, version: Version, key: K, (now, until): (Timestamp, Timestamp), bytes: usize, value: V) {
        let until = until.as_microsecond().min(now.as_microsecond() + LONGEST);
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.all.len() >= MOST || shelf.bytes + bytes > MOST_KEPT {
            shelf.all.clear();
            shelf.bytes = 0;
        }
        shelf.bytes += bytes;
        shelf.all.insert((version.thread, key), Kept { number: version.number, until, value });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelf_does_not_grow_beyond_its_bytes() {
        let shelf = Shelf::default();
        let version = Version { thread: std::thread::current().id(), number: 1 };
        let now = Timestamp::UNIX_EPOCH;
        let large = MOST_KEPT / 3;
        for key in 0..3 {
            shelf.keep(version, key, (now, Timestamp::MAX), large, key);
        }
        assert_eq!(shelf.find(version, &0, now), Some(0));
        shelf.keep(version, 3, (now, Timestamp::MAX), large, 3);
        assert_eq!(shelf.find(version, &3, now), Some(3));
        assert_eq!(shelf.find(version, &0, now), None, "the shelf started anew");
        let later = Version { number: 2, ..version };
        assert_eq!(shelf.find(later, &3, now), None, "something was written");
    }
}
