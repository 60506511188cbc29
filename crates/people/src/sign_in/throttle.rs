//! Slowing down those who guess, without a lock that somebody else could close on a victim.
//!
//! Attempts are counted per peer address and e-mail address together, and more generously per peer address. After
//! the free ones each further attempt has to wait longer; whoever guesses slows down only themselves and their own
//! neighbourhood. An attempt is counted before it is looked at, so that many at once are not free. Stored keys are
//! sealed digests: the table tells nobody who signs in from where.

use std::net::IpAddr;

use kernel::{Error, Result, Timestamp};
use sha2::{Digest, Sha256};
use store::{Batch, Store};

use super::query;

/// How one kind of attempt is slowed down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// What is counted; keeps the keys of different pages apart.
    pub(crate) name: &'static str,
    /// Attempts without waiting.
    pub(crate) free: i64,
    /// Waiting grows by the square of the further attempts, up to this many of them.
    pub(crate) steps: i64,
    /// Seconds after the last attempt when all is forgotten.
    pub(crate) forget: i64,
}

/// Guesses at one person's password from one address: at most a quarter of an hour apart.
pub(crate) const GUESSES: Pace = Pace { name: "sign-in", free: 5, steps: 30, forget: 3600 };
/// Wrong passwords from one address, whoever they are for: at most a minute apart, as offices share addresses.
pub(crate) const NEIGHBOURHOOD: Pace = Pace { name: "address", free: 50, steps: 8, forget: 3600 };
/// Reset mails asked for from one address.
pub(crate) const RESETS: Pace = Pace { name: "forgot", free: 10, steps: 8, forget: 3600 };

/// Reset mails to one mailbox, whoever asks.
pub(crate) const RESET_MAILS: Pace = Pace { name: "reset-mail", free: 5, steps: 60, forget: 3600 };

const SECOND: i64 = 1_000_000;

impl Pace {
    pub(crate) const fn most(self) -> i64 {
        self.free + self.steps - 1
    }

    /// Seconds still to wait after so many attempts, the last of them at an instant.
    fn wait(self, attempts: i64, last: Timestamp, now: Timestamp) -> u64 {
        let passed = now.as_microsecond() - last.as_microsecond();
        if attempts < self.free || passed > self.forget * SECOND {
            return 0;
        }
        let over = attempts.min(self.most()) - self.free + 1;
        let left = over * over * SECOND - passed;
        u64::try_from((left + SECOND - 1) / SECOND).unwrap_or(0)
    }
}

/// One attempt, about to be made.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    counted: Vec<(Pace, [u8; 32])>,
}

/// The neighbourhood of a peer: the address, or the network of an IPv6 one (whoever has one has 2^64).
fn neighbourhood(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => format!("{:x}", u128::from(v6) >> 64),
        },
        Ok(IpAddr::V4(v4)) => v4.to_string(),
        Err(_unknown) => address.to_owned(),
    }
}

fn key(store: &Store, pace: Pace, parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new().chain_update(store.secret()).chain_update(pace.name);
    for part in parts {
        digest = digest.chain_update([0]).chain_update(part);
    }
    digest.finalize().into()
}

impl Attempt {
    /// A guess at the password of an address.
    pub(crate) fn guess(store: &Store, peer: &str, email: &str) -> Self {
        let peer = neighbourhood(peer);
        let pair = key(store, GUESSES, &[&peer, &email.trim().to_lowercase()]);
        Self { counted: vec![(GUESSES, pair), (NEIGHBOURHOOD, key(store, NEIGHBOURHOOD, &[&peer]))] }
    }

    /// Asking for a reset mail.
    pub(crate) fn reset(store: &Store, peer: &str) -> Self {
        Self { counted: vec![(RESETS, key(store, RESETS, &[&neighbourhood(peer)]))] }
    }

    /// A reset mail to a mailbox.
    pub(crate) fn reset_mail(store: &Store, email: &str) -> Self {
        Self { counted: vec![(RESET_MAILS, key(store, RESET_MAILS, &[email]))] }
    }

    /// An invitation sent again to a mailbox.
    pub(crate) fn invitation_mail(store: &Store, email: &str) -> Self {
        let pace = Pace { name: "invitation-mail", ..RESET_MAILS };
        Self { counted: vec![(pace, key(store, pace, &[email]))] }
    }

    /// Counts the attempt in a batch if it has not to wait, and answers whether it has not.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn count_in(&self, batch: &mut Batch, store: &Store, now: Timestamp) -> Result<bool> {
        for (pace, key) in &self.counted {
            if let Some((attempts, last)) = query::attempts(store, key).await?
                && pace.wait(attempts, last, now) > 0
            {
                return Ok(false);
            }
        }
        for (pace, key) in &self.counted {
            query::count(batch, *pace, key, now);
        }
        Ok(true)
    }

    /// Counts the attempt, or refuses it.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the seconds to wait; or the store's.
    pub(crate) async fn begin(&self, store: &Store, now: Timestamp) -> Result<()> {
        let mut batch = Batch::new();
        for (pace, key) in &self.counted {
            let wait = match query::attempts(store, key).await? {
                Some((attempts, last)) => pace.wait(attempts, last, now),
                None => 0,
            };
            if wait > 0 {
                return Err(Error::TooMany(wait));
            }
            query::count(&mut batch, *pace, key, now);
        }
        store.commit(batch).await.map(|_| ())
    }

    /// Takes back what was counted, because the attempt was good: the pair is clean again, the neighbourhood gets
    /// its one attempt back (and no more, or one's own password would pay for guesses at others').
    pub(crate) fn good(&self, batch: &mut Batch) {
        for (place, (_, key)) in self.counted.iter().enumerate() {
            if place == 0 {
                query::forget(batch, key);
            } else {
                query::give_back(batch, key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends() {
        let last = Timestamp::UNIX_EPOCH;
        let after = |seconds: i64| Timestamp::from_second(seconds).unwrap();
        assert_eq!(GUESSES.wait(4, last, last), 0);
        assert_eq!(GUESSES.wait(5, last, last), 1);
        assert_eq!(GUESSES.wait(7, last, last), 9);
        assert_eq!(GUESSES.wait(7, last, after(4)), 5);
        assert_eq!(GUESSES.wait(1000, last, last), 900);
        assert_eq!(GUESSES.wait(1000, last, after(3601)), 0);
        assert_eq!(NEIGHBOURHOOD.wait(1000, last, last), 64);
    }

    #[test]
    fn a_network_is_one_neighbourhood() {
        assert_eq!(neighbourhood("2001:db8:1:2::1"), neighbourhood("2001:db8:1:2:ffff::9"));
        assert_ne!(neighbourhood("2001:db8:1:2::1"), neighbourhood("2001:db8:1:3::1"));
        assert_eq!(neighbourhood("::ffff:192.0.2.7"), neighbourhood("192.0.2.7"));
        assert_ne!(neighbourhood("192.0.2.7"), neighbourhood("192.0.2.8"));
    }
}
