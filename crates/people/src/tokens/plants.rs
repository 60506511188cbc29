//! What the leak test plants of tokens: one of everybody who walks.

use access::FieldClass::Public;
use access::{Facts, Resource};
use kernel::Result;
use kernel::id::ApiTokenId;
use kernel::secret::Secret;
use web::canary::{Bed, Planted};

use super::query;

/// So long it is good for, in microseconds: a day.
const LIFE: i64 = 86_400_000_000;

/// A token with no right at all; its name is its owner's.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    let Some(whose) = bed.whose else { return Ok(()) };
    let facts = Facts { author: Some(whose.membership.uuid()), ..Facts::of(bed.organization.uuid()) };
    let name = bed.word("name of a token", Resource::ApiToken, Public, facts);
    bed.stands(whose.name, Resource::ApiToken, Public, facts);
    let id = ApiTokenId::new();
    let now = bed.now.as_microsecond();
    let owner = (bed.organization, whose.membership);
    query::put(&mut bed.batch, owner, id, &name, &[], &Secret::random(), (now, now + LIFE));
    bed.record(Planted {
        paths: vec!["/tokens"],
        ..Planted::new(id.to_string(), "somebody's token", Resource::ApiToken, facts)
    });
    Ok(())
}
