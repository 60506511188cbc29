//! What the leak test plants of changes: one that was made, of everybody who walks.

use access::FieldClass::Public;
use access::{Facts, Resource};
use kernel::Result;
use kernel::id::ChangeId;
use store::params;
use web::canary::{Bed, Canary, Planted};

use super::SEE_ALL;
use super::model::ChangeState;

/// Whoever proposed it reads it, and whoever sees what everybody holds.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    let Some(whose) = bed.whose else { return Ok(()) };
    let owner = whose.membership.uuid();
    let facts = Facts::of(bed.organization.uuid());
    let canary = Canary::new("title of a change").private(owner).at_by(SEE_ALL, Public, facts);
    let title = bed.plant(canary);
    let id = ChangeId::new();
    bed.batch.run(
        "insert into changes (id, organization_id, kind, form, title, state, proposed_by, proposed_at, decided_by, \
           decided_at) values ($1, $2, 'switches', '{}', $3, $4, $5, $6, $5, $6)",
        params![
            id,
            bed.organization,
            title,
            ChangeState::Applied.number(),
            whose.membership,
            bed.now
        ],
    );
    bed.record(Planted {
        own: Some(owner),
        by: Some(SEE_ALL),
        ..Planted::new(id.to_string(), "somebody's change", Resource::Assignment, facts)
    });
    Ok(())
}
