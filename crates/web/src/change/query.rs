//! SQL of remembering changes.

use kernel::id::ChangeId;
use serde_json::Value;
use store::params;

use super::Prepared;
use crate::context::Ctx;

/// A change that was looked at, or made.
pub(super) fn insert(
    ctx: &Ctx,
    (kind, form): (&str, &Value),
    prepared: &mut Prepared,
    made: bool,
) -> ChangeId {
    let id = ChangeId::new();
    let inverse = prepared.inverse.as_ref().filter(|_| made);
    prepared.batch.run(
        "insert into changes (id, organization_id, kind, form, title, about, state, proposed_by, proposed_at, \
           decided_by, decided_at, inverse_kind, inverse_form) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            id,
            ctx.who.organization,
            kind,
            form.to_string(),
            prepared.title.as_str(),
            prepared.about.as_deref(),
            if made { 2_i64 } else { 0 },
            ctx.who.membership,
            ctx.now(),
            made.then_some(ctx.who.membership),
            made.then(|| ctx.now()),
            inverse.map(|(kind, _)| *kind),
            inverse.map(|(_, form)| form.to_string())
        ],
    );
    id
}
