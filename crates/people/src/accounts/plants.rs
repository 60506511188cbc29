//! What the leak test plants of sign-ins: one more session of everybody who walks.

use access::Resource;
use kernel::id::SessionId;
use kernel::secret::Secret;
use kernel::{Error, Result, Timestamp};
use web::canary::{Bed, Canary, Planted};

use super::query::{NewSession, insert_session};

/// So long it is good for, in microseconds: a day.
const LIFE: i64 = 86_400_000_000;

/// From which browser and where is the person's own business.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    let Some(whose) = bed.whose else { return Ok(()) };
    let owner = whose.membership.uuid();
    let agent = bed.plant(Canary::new("browser of a session").private(owner));
    let address = bed.plant(Canary::new("address of a session").private(owner));
    let id = SessionId::new();
    let expires_at = Timestamp::from_microsecond(bed.now.as_microsecond() + LIFE).map_err(Error::internal)?;
    insert_session(
        &mut bed.batch,
        &NewSession {
            id,
            secret: &Secret::random(),
            account: whose.account,
            membership: Some(whose.membership),
            now: bed.now,
            expires_at,
            agent: &agent,
            address: &address,
        },
    );
    bed.record(Planted {
        paths: vec!["/account/sessions"],
        ..Planted::private(id.to_string(), "somebody's session", Resource::Account, owner)
    });
    Ok(())
}
