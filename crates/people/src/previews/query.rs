//! SQL of previews.

use access::Permit;
use kernel::id::{MembershipId, PreviewId, SessionId};
use kernel::{Error, Timestamp};
use store::{Batch, params};

/// A preview to be stored.
pub(super) struct New<'a> {
    pub(super) id: PreviewId,
    pub(super) session: SessionId,
    pub(super) member: Option<MembershipId>,
    pub(super) role: Option<&'a str>,
    pub(super) targets: &'a str,
    pub(super) whom: &'a str,
    pub(super) reason: &'a str,
    pub(super) back: &'a str,
    pub(super) started_at: Timestamp,
    pub(super) ends_at: Timestamp,
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, new: &New<'_>) {
    batch.run(
        "insert into previews (id, organization_id, session_id, asker_id, member_id, role_key, targets, whom, reason, \
           back, started_at, ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            new.id,
            permit.organization(),
            new.session,
            permit.membership(),
            new.member,
            new.role,
            new.targets,
            new.whom,
            new.reason,
            new.back,
            new.started_at,
            new.ends_at
        ],
    );
}

/// Ends the previews of a session. Whoever holds the session may always stop looking.
pub(super) fn stop(batch: &mut Batch, session: SessionId, now: Timestamp) {
    batch.run(
        "update previews set stopped_at = $2 where session_id = $1 and stopped_at is null",
        params![session, now],
    );
}

/// Refuses the batch if the session has ended meanwhile.
pub(super) fn still_signed_in(batch: &mut Batch, session: SessionId) {
    batch.guard(
        "update sessions set seen_at = seen_at where id = $1 and revoked_at is null",
        params![session],
        Error::SignedOut,
    );
}
