//! SQL of invitations, and nothing but SQL.

use access::{FieldClass, Permit, Resource};
use kernel::id::{InvitationId, MembershipId};
use kernel::secret::Secret;
use kernel::text::{EmailAddress, Name};
use kernel::{Audience, Error, Result, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Batch, Store, params};

use super::model::{Letter, Offered, WEEK};
use crate::targets::Placement;

pub(super) static INVITATIONS: Table = Table {
    resource: Resource::Account,
    name: "invitations",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("email", "t.email", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("audience", "t.audience", FieldClass::Public),
        field("role", "t.role_key", FieldClass::Public),
        field("targets", "t.targets", FieldClass::Public),
        field("created_at", "t.created_at", FieldClass::Public),
        field("sent_at", "t.sent_at", FieldClass::Public),
        field("expires_at", "t.expires_at", FieldClass::Public),
        field("accepted_at", "t.accepted_at", FieldClass::Public),
        field("revoked_at", "t.revoked_at", FieldClass::Public),
        field("version", "t.version", FieldClass::Public),
        // Outsiders are not told the names of staff.
        field("invited_by", "m.name", FieldClass::Operational),
        field("membership", "t.membership_id", FieldClass::Public),
    ],
    joins: "left join memberships m on m.id = t.created_by",
    orders: &[Order {
        name: "created_at",
        column: "created_at",
        text: false,
        descending: true,
        class: FieldClass::Public,
    }],
    search: &[],
    keys: Keys::PLACED,
    visibility_in_index: false,
};

/// An invitation to be stored.
pub(super) struct New<'a> {
    pub(super) id: InvitationId,
    pub(super) email: &'a EmailAddress,
    pub(super) name: &'a Name,
    pub(super) audience: Audience,
    pub(super) role: &'a str,
    pub(super) offered: &'a Offered,
    pub(super) placement: &'a Placement,
    pub(super) secret: &'a Secret,
    /// The membership it opens, where that was saved before.
    pub(super) membership: Option<MembershipId>,
    pub(super) now: Timestamp,
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, new: &New<'_>) {
    let place = new.placement;
    batch.run(
        "insert into invitations (id, organization_id, email, name, audience, role_key, targets, client_id, site_id, \
           team_id, area_id, digest, created_at, created_by, sent_at, expires_at, membership_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $13, $15, $16)",
        params![
            new.id,
            permit.organization(),
            new.email,
            new.name,
            new.audience.number(),
            new.role,
            new.offered.written(),
            place.clients.first().copied(),
            place.site,
            place.team,
            place.area,
            new.secret.digest(),
            new.now,
            permit.membership(),
            new.now.as_microsecond() + WEEK,
            new.membership
        ],
    );
}

/// Takes back whatever letters to a membership are on their way; the next one is the only one that works.
pub(super) fn revoke_to(batch: &mut Batch, permit: &Permit, membership: MembershipId, now: Timestamp) {
    batch.run(
        "update invitations set revoked_at = $3, version = version + 1 \
         where organization_id = $1 and membership_id = $2 and accepted_at is null and revoked_at is null",
        params![permit.organization(), membership, now],
    );
}

/// A new link; the old one is dead. Whoever sends again answers for the invitation from now on.
pub(super) fn renew(
    batch: &mut Batch,
    permit: &Permit,
    id: InvitationId,
    version: i64,
    secret: &Secret,
    now: Timestamp,
) {
    batch.guard(
        "update invitations set digest = $4, sent_at = $5, expires_at = $6, created_by = $7, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3 and accepted_at is null and revoked_at is null",
        params![
            permit.organization(),
            id,
            version,
            secret.digest(),
            now,
            now.as_microsecond() + WEEK,
            permit.membership()
        ],
        Error::Stale,
    );
}

pub(super) fn revoke(batch: &mut Batch, permit: &Permit, id: InvitationId, version: i64, now: Timestamp) {
    batch.guard(
        "update invitations set revoked_at = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3 and accepted_at is null and revoked_at is null",
        params![permit.organization(), id, version, now],
        Error::Stale,
    );
}

/// The invitation behind a link that works.
pub(super) async fn by_secret(store: &Store, secret: &Secret, now: Timestamp) -> Result<Option<Letter>> {
    store
        .first(
            "select i.id, i.organization_id, o.name, o.hue, i.email, i.name, i.audience, i.role_key, i.targets, i.created_by, \
             i.membership_id, o.logo, o.logo_width, o.logo_height \
             from invitations i join organizations o on o.id = i.organization_id \
             where i.digest = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2",
            params![secret.digest(), now],
        )
        .await
}

/// Uses a link, once.
pub(super) fn consume(batch: &mut Batch, id: InvitationId, secret: &Secret, now: Timestamp) {
    batch.guard(
        "update invitations set accepted_at = $3, version = version + 1 \
         where id = $1 and digest = $2 and accepted_at is null and revoked_at is null and expires_at > $3",
        params![id, secret.digest(), now],
        Error::NotFound,
    );
}

/// Is there an active membership with this id? Of its name, for the letter's page.
pub(super) async fn inviter(store: &Store, id: MembershipId) -> Result<Option<String>> {
    let row: Option<(String,)> =
        store.first("select name from memberships where id = $1 and active = 1", params![id]).await?;
    Ok(row.map(|(name,)| name))
}
