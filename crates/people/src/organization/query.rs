//! SQL of organizations, their features and switches.

use kernel::Timestamp;
use kernel::id::OrganizationId;
use store::{Batch, params};

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
