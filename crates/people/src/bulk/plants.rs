//! What the leak test plants of giving a role to many: a run of everybody who walks, in which somebody was refused.

use access::Resource;
use kernel::Result;
use kernel::id::JobId;
use serde_json::json;
use store::params;
use web::canary::{Bed, Canary, Planted};

/// A run is read by whoever began it, and by nobody else.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    let Some(whose) = bed.whose else { return Ok(()) };
    let owner = whose.membership.uuid();
    let reason = bed.plant(Canary::new("why somebody was not given a role").private(owner));
    let id = JobId::new();
    let question = json!({ "role": "supervisor", "targets": [format!("site:{}", bed.site)] });
    bed.batch.run(
        "insert into bulk_assignments (id, organization_id, membership_id, question, state, total, created_at) \
         values ($1, $2, $3, $4, 1, 1, $5)",
        params![id, bed.organization, whose.membership, question.to_string(), bed.now],
    );
    bed.batch.run(
        "insert into bulk_assignment_people (organization_id, bulk_id, membership_id, state, reason) \
         values ($1, $2, $3, 2, $4)",
        params![bed.organization, id, whose.membership, reason],
    );
    bed.record(Planted {
        paths: vec!["/members/bulk"],
        ..Planted::private(id.to_string(), "a run of giving a role", Resource::Assignment, owner)
    });
    Ok(())
}
