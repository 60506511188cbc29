//! SQL of changes. A row is read by whoever proposed it, or sees everybody's assignments; what it would do is asked
//! anew under the rights of whoever looks.

use kernel::id::{ApiTokenId, ChangeId, MembershipId, OrganizationId};
use kernel::{Error, Result, Timestamp};
use serde_json::Value as Json;
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

pub(super) async fn list(
    store: &Store,
    reader: Reader,
    state: Option<ChangeState>,
) -> Result<Vec<ChangeOut>> {
    // What was only looked at is of no interest to others, nor to oneself once it is over.
    let states =
        state.map_or("state in (1, 2, 3, 5)".to_owned(), |state| format!("state = {}", state.number()));
    store
        .all(
            &format!(
                "select {COLUMNS} from changes where organization_id = $1 and (proposed_by = $2 or 1 = $3) \
                 and {states} order by proposed_at desc, id desc limit 100"
            ),
            params![reader.organization, reader.membership, i64::from(reader.all)],
        )
        .await
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
