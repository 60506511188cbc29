//! SQL of tokens, and nothing but SQL.

use access::{FieldClass, Permission, Permit, Resource};
use kernel::Timestamp;
use kernel::id::{ApiTokenId, MembershipId, OrganizationId};
use kernel::secret::Secret;
use store::listing::{Keys, Order, Table, field};
use store::{Batch, params};

use super::model::Draft;

pub(super) static TOKENS: Table = Table {
    resource: Resource::ApiToken,
    name: "api_tokens",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("membership", "t.membership_id", FieldClass::Public),
        field("member", "m.name", FieldClass::Public),
        field("scopes", "t.scopes", FieldClass::Public),
        field("created_at", "t.created_at", FieldClass::Public),
        field("expires_at", "t.expires_at", FieldClass::Public),
        field("used_at", "t.used_at", FieldClass::Public),
        field("revoked_at", "t.revoked_at", FieldClass::Public),
    ],
    joins: "join memberships m on m.id = t.membership_id",
    orders: &[Order {
        name: "created",
        column: "created_at",
        text: false,
        descending: true,
        class: FieldClass::Public,
    }],
    search: &[],
    keys: Keys { author: Some("membership_id"), ..Keys::NONE },
    visibility_in_index: false,
};

pub(super) fn insert(
    batch: &mut Batch,
    permit: &Permit,
    id: ApiTokenId,
    draft: &Draft,
    secret: &Secret,
    (now, until): (Timestamp, i64),
) {
    let whose = (permit.organization(), permit.membership());
    put(batch, whose, id, draft.name.as_str(), &draft.scopes, secret, (now.as_microsecond(), until));
}

/// Stores a token without asking anybody; for a scratch world. Requests go through [`insert`].
pub(crate) fn put(
    batch: &mut Batch,
    (organization, membership): (OrganizationId, MembershipId),
    id: ApiTokenId,
    name: &str,
    scopes: &[Permission],
    secret: &Secret,
    (now, until): (i64, i64),
) {
    let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
    batch.run(
        "insert into api_tokens (id, organization_id, membership_id, name, digest, scopes, created_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            id,
            organization,
            membership,
            name,
            secret.digest(),
            scopes.join(" "),
            now,
            until
        ],
    );
}

pub(super) fn revoke(batch: &mut Batch, permit: &Permit, id: ApiTokenId, now: Timestamp) {
    batch.run(
        "update api_tokens set revoked_at = $3 where organization_id = $1 and id = $2 and revoked_at is null",
        params![permit.organization(), id, now],
    );
}
