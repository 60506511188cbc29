//! What the leak test plants of asking: a request of everybody who walks, lying where they stand.

use access::FieldClass::Public;
use access::Resource;
use kernel::Result;
use kernel::id::AccessRequestId;
use web::canary::{Bed, Canary, Place, Planted};

use super::query;
use crate::grants::GIVE;

/// Whoever may give roles where the asker stands reads it; and the asker.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    let Some(whose) = bed.whose else { return Ok(()) };
    let place = Place { resource: Resource::Assignment, class: Public, facts: whose.stands, by: Some(GIVE) };
    let mut word = |what: &str| {
        let canary = Canary::new(format!("{what} of a request for access"));
        bed.plant(canary.private(whose.membership.uuid()).at_by(GIVE, Public, whose.stands))
    };
    let (path, note, roles) = (word("address"), word("note"), word("roles"));
    let id = AccessRequestId::new();
    query::insert(
        &mut bed.batch,
        bed.organization,
        &query::New {
            id,
            membership: whose.membership,
            name: whose.name,
            roles: &roles,
            facts: whose.stands,
            path: &format!("/office/sites/{path}"),
            note: &note,
            now: bed.now,
        },
    );
    bed.also.push((whose.name.to_owned(), place));
    bed.record(Planted {
        by: Some(GIVE),
        ..Planted::new(id.to_string(), "a request for access", Resource::Assignment, whose.stands)
    });
    Ok(())
}
