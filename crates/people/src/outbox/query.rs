//! SQL of the outbox. Rows are written by `jobs::mail`.

use access::{FieldClass, Resource};
use kernel::id::{InvitationId, OrganizationId};
use kernel::{Result, Timestamp};
use store::listing::{Keys, Order, Table, field};
use store::{Store, params};

pub(super) static MAILS: Table = Table {
    resource: Resource::Organization,
    name: "mails",
    fields: &[
        field("id", "t.id", FieldClass::Operational),
        field("recipient", "t.recipient", FieldClass::Operational),
        field("subject", "t.subject", FieldClass::Operational),
        field("why", "t.why", FieldClass::Operational),
        field("state", "t.state", FieldClass::Operational),
        field("attempts", "t.attempts", FieldClass::Operational),
        field("error", "t.error", FieldClass::Operational),
        field("next_at", "t.next_at", FieldClass::Operational),
        field("created_at", "t.created_at", FieldClass::Operational),
        field("sent_at", "t.sent_at", FieldClass::Operational),
        field("good_until", "t.good_until", FieldClass::Operational),
        field("plain", "t.plain", FieldClass::Operational),
        field("about", "t.about", FieldClass::Operational),
        field("about_id", "t.about_id", FieldClass::Operational),
        field("html", "t.html", FieldClass::Operational),
    ],
    joins: "",
    orders: &[Order {
        name: "created",
        column: "created_at",
        text: false,
        descending: true,
        class: FieldClass::Operational,
    }],
    search: &[],
    keys: Keys::NONE,
    visibility_in_index: false,
};

/// What happened, on its way to being told. Rows are written by `jobs::events`.
pub(super) static EVENTS: Table = Table {
    resource: Resource::Organization,
    name: "events",
    fields: &[
        field("id", "t.id", FieldClass::Operational),
        field("topic", "t.topic", FieldClass::Operational),
        field("state", "t.state", FieldClass::Operational),
        field("attempts", "t.attempts", FieldClass::Operational),
        field("error", "t.error", FieldClass::Operational),
        field("at", "t.at", FieldClass::Operational),
    ],
    joins: "",
    orders: &[Order {
        name: "at",
        column: "at",
        text: false,
        descending: true,
        class: FieldClass::Operational,
    }],
    search: &[],
    keys: Keys::NONE,
    visibility_in_index: false,
};

/// Does the link of a letter of this instant still open this invitation?
pub(super) async fn still_open(
    store: &Store,
    organization: OrganizationId,
    id: InvitationId,
    letter: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let found: Option<(InvitationId,)> = store
        .first(
            "select id from invitations where organization_id = $1 and id = $2 and sent_at = $3 \
             and accepted_at is null and revoked_at is null and expires_at > $4",
            params![organization, id, letter, now],
        )
        .await?;
    Ok(found.is_some())
}
