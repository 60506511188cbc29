//! What the leak test plants of leak tests: a run that ended.

use access::FieldClass::Operational;
use access::{Facts, Resource};
use kernel::Result;
use kernel::id::AccessCheckId;
use store::params;
use web::canary::{Bed, Planted};

use super::model::State;

/// Whoever reads the journal of the whole organization reads its leak tests.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    if bed.whose.is_some() {
        return Ok(());
    }
    let facts = Facts::of(bed.organization.uuid());
    let by = bed.word("who began a leak test", Resource::Audit, Operational, facts);
    let why = bed.word("why a leak test failed", Resource::Audit, Operational, facts);
    let id = AccessCheckId::new();
    bed.batch.run(
        "insert into access_checks (id, organization_id, started_at, started_by, state, finished_at, failure) \
         values ($1, $2, $3, $4, $5, $3, $6)",
        params![id, bed.organization, bed.now, by, State::Failed.number(), why],
    );
    bed.record(Planted {
        class: Operational,
        ..Planted::new(id.to_string(), format!("a leak test, {}", bed.label), Resource::Audit, facts)
    });
    Ok(())
}
