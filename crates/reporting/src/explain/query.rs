//! Names of members, read to be checked against the asker's plan one by one.

use access::Facts;
use kernel::id::{MembershipId, OrganizationId};
use kernel::{Audience, Result};
use store::{FromRow, Row, Store, params};

/// A member's name and what decides whether the asker may know of them.
pub(super) struct Member {
    pub(super) id: MembershipId,
    pub(super) name: String,
    pub(super) audience: Audience,
    pub(super) facts: Facts,
}

impl FromRow for Member {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            audience: row.number(2)?,
            facts: Facts {
                organization: row.get(3)?,
                client: row.get(4)?,
                site: row.get(5)?,
                team: row.get(6)?,
                area: row.get(7)?,
                ..Facts::default()
            },
        })
    }
}

pub(super) async fn members(store: &Store, organization: OrganizationId) -> Result<Vec<Member>> {
    store
        .all(
            "select id, name, audience, organization_id, client_id, site_id, team_id, area_id from memberships \
             where organization_id = $1 and active = 1 order by audience, search, id",
            params![organization],
        )
        .await
}
