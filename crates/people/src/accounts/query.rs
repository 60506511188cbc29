//! SQL of sessions and of one person's memberships.

use kernel::id::{AccountId, MembershipId, OrganizationId, SessionId};
use kernel::secret::Secret;
use kernel::{Audience, Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};

/// A session to be stored.
#[derive(Debug)]
pub(crate) struct NewSession<'a> {
    pub(crate) id: SessionId,
    pub(crate) secret: &'a Secret,
    pub(crate) account: AccountId,
    pub(crate) membership: Option<MembershipId>,
    pub(crate) now: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) agent: &'a str,
    pub(crate) address: &'a str,
}

pub(crate) fn insert_session(batch: &mut Batch, new: &NewSession<'_>) {
    batch.run(
        "insert into sessions (id, digest, account_id, membership_id, created_at, seen_at, expires_at, agent, address) \
         values ($1, $2, $3, $4, $5, $5, $6, $7, $8)",
        params![
            new.id,
            new.secret.digest(),
            new.account,
            new.membership,
            new.now,
            new.expires_at,
            new.agent,
            new.address
        ],
    );
}

/// Ends the session that a browser presents, if it is one.
pub(crate) fn end_presented(batch: &mut Batch, secret: &Secret, now: Timestamp) {
    batch.run(
        "update sessions set revoked_at = $2 where digest = $1 and revoked_at is null",
        params![secret.digest(), now],
    );
}

/// Ends a session of an account; it must be there and live.
pub(crate) fn end(batch: &mut Batch, account: AccountId, id: SessionId, now: Timestamp) {
    batch.guard(
        "update sessions set revoked_at = $3 where id = $1 and account_id = $2 and revoked_at is null",
        params![id, account, now],
        Error::NotFound,
    );
}

/// Ends every session of an account but one.
pub(crate) fn end_all(batch: &mut Batch, account: AccountId, but: Option<SessionId>, now: Timestamp) {
    match but {
        Some(id) => batch.run(
            "update sessions set revoked_at = $3 where account_id = $1 and id <> $2 and revoked_at is null",
            params![account, id, now],
        ),
        None => batch.run(
            "update sessions set revoked_at = $2 where account_id = $1 and revoked_at is null",
            params![account, now],
        ),
    };
}

/// Ends every session that acts as a membership.
pub(crate) fn end_acting(batch: &mut Batch, membership: MembershipId, now: Timestamp) {
    batch.run(
        "update sessions set revoked_at = $2 where membership_id = $1 and revoked_at is null",
        params![membership, now],
    );
}

/// What a live session acts as, and until when it lasts.
pub(crate) async fn acting(
    store: &Store,
    id: SessionId,
) -> Result<Option<(Option<MembershipId>, Timestamp)>> {
    store.first("select membership_id, expires_at from sessions where id = $1", params![id]).await
}

/// A membership its owner may act as.
#[derive(Clone, Debug)]
pub(crate) struct HatRow {
    pub(crate) membership: MembershipId,
    pub(crate) organization: OrganizationId,
    pub(crate) audience: Audience,
    pub(crate) name: String,
    pub(crate) organization_name: String,
    pub(crate) hue: u16,
}

impl FromRow for HatRow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            membership: row.get(0)?,
            organization: row.get(1)?,
            audience: row.number(2)?,
            name: row.get(3)?,
            organization_name: row.get(4)?,
            hue: u16::try_from(row.get::<i64>(5)?).unwrap_or(215),
        })
    }
}

/// The active memberships of an account that it has accepted.
pub(crate) async fn hats(store: &Store, account: AccountId) -> Result<Vec<HatRow>> {
    store
        .all(
            "select m.id, m.organization_id, m.audience, m.name, o.name, o.hue \
             from memberships m join organizations o on o.id = m.organization_id \
             where m.account_id = $1 and m.active = 1 and m.entry = 2 order by o.name, m.audience, m.id",
            params![account],
        )
        .await
}

/// Notes that somebody began to act as a membership.
pub(crate) fn seen(batch: &mut Batch, membership: MembershipId, now: Timestamp) {
    batch.run("update memberships set seen_at = $2 where id = $1", params![membership, now]);
}

/// A session as its owner sees it: when it began, when it was last used, until when, browser, address, acting as.
#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    pub(crate) id: SessionId,
    pub(crate) created_at: Timestamp,
    pub(crate) seen_at: Timestamp,
    pub(crate) agent: String,
    pub(crate) address: String,
    pub(crate) organization: Option<String>,
}

impl FromRow for SessionRow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            created_at: row.get(1)?,
            seen_at: row.get(2)?,
            agent: row.get(3)?,
            address: row.get(4)?,
            organization: row.get(5)?,
        })
    }
}

/// The live sessions of an account, the last used first.
pub(crate) async fn sessions(
    store: &Store,
    account: AccountId,
    now: Timestamp,
    idle_since: i64,
) -> Result<Vec<SessionRow>> {
    store
        .all(
            "select s.id, s.created_at, s.seen_at, s.agent, s.address, o.name \
             from sessions s left join memberships m on m.id = s.membership_id \
             left join organizations o on o.id = m.organization_id \
             where s.account_id = $1 and s.revoked_at is null and s.expires_at > $2 and s.seen_at > $3 \
             order by s.seen_at desc, s.id limit 100",
            params![account, now, idle_since],
        )
        .await
}

pub(crate) fn set_password(batch: &mut Batch, account: AccountId, hash: &str) {
    batch.run("update accounts set password_hash = $2 where id = $1", params![account, hash]);
}
