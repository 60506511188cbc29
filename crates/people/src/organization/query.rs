//! SQL of organizations, their features and switches.

use kernel::id::OrganizationId;
use kernel::{Result, Timestamp};
use store::{Batch, Store, params};

use crate::setup::NewOrganization;

pub(crate) fn insert(batch: &mut Batch, id: OrganizationId, new: &NewOrganization, now: Timestamp) {
    batch.run(
        "insert into organizations (id, name, hue, zone, created_at) values ($1, $2, $3, $4, $5)",
        params![id, &new.name, i64::from(new.hue % 360), new.zone.as_str(), now],
    );
    for feature in &new.features {
        batch.run(
            "insert into organization_features (organization_id, feature) values ($1, $2) on conflict do nothing",
            params![id, feature.number()],
        );
    }
    for switch in &new.switches {
        batch.run(
            "insert into organization_switches (organization_id, switch, set_at) values ($1, $2, $3) on conflict do nothing",
            params![id, switch.number(), now],
        );
    }
}

/// Must a client's account have a static site?
pub(crate) async fn asks_for_a_static_site(store: &Store, id: OrganizationId) -> Result<bool> {
    let (on,): (i64,) =
        store.one("select require_static_site from organizations where id = $1", params![id]).await?;
    Ok(on == 1)
}

/// Is the staff list closed to client accounts?
pub(crate) async fn refuses_staff_email(store: &Store, id: OrganizationId) -> Result<bool> {
    let (on,): (i64,) =
        store.one("select refuse_staff_email from organizations where id = $1", params![id]).await?;
    Ok(on == 1)
}
