//! SQL of changes. A row is read by whoever proposed it, or sees everybody's assignments; what it would do is asked
//! anew under the rights of whoever looks.

use access::{FieldClass, Resource};
use kernel::id::{ApiTokenId, ChangeId, MembershipId, OrganizationId};
use kernel::{Error, Result, Timestamp};
use serde_json::Value as Json;
use store::listing::{Keys, Order, Table, field};
use store::{Batch, Store, params};

use super::model::{ChangeOut, ChangeState};

const COLUMNS: &str = "id, kind, title, state, proposed_by, proposed_at, due_at, decided_at, refused, version, \
     inverse_kind, inverse_form, form, about";

/// Who reads.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub(super) organization: OrganizationId,
    pub(super) membership: MembershipId,
    pub(super) all: bool,
}

pub(super) async fn find(store: &Store, reader: Reader, id: ChangeId) -> Result<ChangeOut> {
    store
        .first(
            &format!(
                "select {COLUMNS} from changes where organization_id = $1 and id = $2 and (proposed_by = $3 or 1 = $4)"
            ),
            params![reader.organization, id, reader.membership, i64::from(reader.all)],
        )
        .await?
        .ok_or(Error::NotFound)
}

/// A row as it is listed; what it takes to make and to undo it comes along, and leaves in no answer.
pub(super) static CHANGES: Table = Table {
    resource: Resource::Assignment,
    name: "changes",
    fields: &[
        field("id", "t.id", OPEN),
        field("kind", "t.kind", OPEN),
        field("title", "t.title", OPEN),
        field("state", "t.state", OPEN),
        field("proposed_by", "t.proposed_by", OPEN),
        field("proposed_at", "t.proposed_at", OPEN),
        field("due_at", "t.due_at", OPEN),
        field("decided_at", "t.decided_at", OPEN),
        field("refused", "t.refused", OPEN),
        field("version", "t.version", OPEN),
        field("inverse_kind", "t.inverse_kind", OPEN),
        field("inverse_form", "t.inverse_form", OPEN),
        field("form", "t.form", OPEN),
        field("about", "t.about", OPEN),
    ],
    joins: "",
    orders: &[Order { name: "proposed", column: "proposed_at", text: false, descending: true, class: OPEN }],
    search: &[],
    keys: Keys::NONE,
    visibility_in_index: false,
};

const OPEN: FieldClass = FieldClass::Public;

/// Removes what was only looked at and that nobody decided about since. Answers how many went.
pub(super) async fn forget_looks(store: &Store, before: Timestamp) -> Result<u64> {
    let mut batch = Batch::new();
    let slot = batch.run("delete from changes where state = 0 and proposed_at < $1", params![before]);
    Ok(store.commit(batch).await?.touched(slot))
}

/// Moves a change on, if it still stands where it was read.
pub(super) fn decide(
    batch: &mut Batch,
    reader: Reader,
    change: &ChangeOut,
    to: ChangeState,
    inverse: Option<&(&'static str, Json)>,
    now: Timestamp,
) {
    batch.guard(
        "update changes set state = $4, decided_by = $5, decided_at = $6, leased_until = null, \
           inverse_kind = coalesce($7, inverse_kind), inverse_form = coalesce($8, inverse_form), version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![
            reader.organization,
            change.id,
            change.version,
            to.number(),
            reader.membership,
            now,
            inverse.map(|(kind, _)| *kind),
            inverse.map(|(_, form)| form.to_string())
        ],
        Error::Stale,
    );
}

pub(super) fn schedule(
    batch: &mut Batch,
    reader: Reader,
    change: &ChangeOut,
    at: Timestamp,
    token: Option<ApiTokenId>,
) {
    batch.guard(
        "update changes set state = 1, due_at = $4, proposed_by = $5, token_id = $6, leased_until = null, \
           version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![reader.organization, change.id, change.version, at, reader.membership, token],
        Error::Stale,
    );
}

/// A change whose hour has come, who scheduled it, and with which token.
pub(super) type Due = (ChangeId, OrganizationId, MembershipId, Option<ApiTokenId>);

pub(super) async fn due(store: &Store, now: Timestamp) -> Result<Vec<Due>> {
    store
        .all(
            "select id, organization_id, proposed_by, token_id from changes where state = 1 and due_at <= $1 \
             and (leased_until is null or leased_until < $1) order by due_at limit 20",
            params![now],
        )
        .await
}

/// Takes a change for this node; `false` where another one has it.
pub(super) async fn lease(store: &Store, id: ChangeId, now: Timestamp, until: i64) -> Result<bool> {
    let mut batch = Batch::new();
    let slot = batch.run(
        "update changes set leased_until = $2 where id = $1 and state = 1 and (leased_until is null or leased_until < $3)",
        params![id, until, now],
    );
    Ok(store.commit(batch).await?.touched(slot) == 1)
}

pub(super) fn refuse(batch: &mut Batch, id: ChangeId, because: &str, now: Timestamp) {
    batch.run(
        "update changes set state = 5, refused = $2, decided_at = $3, leased_until = null, version = version + 1 \
         where id = $1 and state = 1",
        params![id, because, now],
    );
}
