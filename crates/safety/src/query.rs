//! SQL that this area needs of others' rows.

use kernel::id::{MembershipId, OrganizationId, SiteId};
use kernel::{Result, Timestamp};
use store::{Store, params};

/// Where somebody clocked in and has not clocked out: the asker's own attendance, which `timekeeping` writes.
pub(crate) async fn on_duty_at(
    store: &Store,
    organization: OrganizationId,
    own: MembershipId,
) -> Result<Option<SiteId>> {
    let found: Option<(SiteId, Timestamp)> = store
        .first(
            "select site_id, started_at from time_entries \
             where organization_id = $1 and assignee_id = $2 and state in (1, 2) order by started_at desc limit 1",
            params![organization, own],
        )
        .await?;
    Ok(found.map(|(site, _)| site))
}
