//! Names of members, read to be checked against the asker's plan one by one.

use access::Facts;
use kernel::id::{MembershipId, OrganizationId};
use kernel::{Audience, Result};
use store::{FromRow, Row, Store, Value, params};

/// A member's name and what decides whether the asker may know of them.
pub(crate) struct Member {
    pub(crate) id: MembershipId,
    pub(crate) name: String,
    pub(crate) audience: Audience,
    pub(crate) active: bool,
    pub(crate) facts: Facts,
}

impl FromRow for Member {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            audience: row.number(2)?,
            active: row.get::<i64>(8)? == 1,
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

pub(crate) async fn members(store: &Store, organization: OrganizationId) -> Result<Vec<Member>> {
    store
        .all(
            "select id, name, audience, organization_id, client_id, site_id, team_id, area_id, active \
             from memberships where organization_id = $1 order by audience, search, id",
            params![organization],
        )
        .await
}

/// The cells of a record, as far as they are text.
pub(super) struct Cells(pub(super) Vec<Option<String>>);

impl FromRow for Cells {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let mut cells = Vec::with_capacity(row.width());
        for at in 0..row.width() {
            cells.push(match Value::from(row.cell(at)?) {
                Value::Text(text) => Some(text),
                _ => None,
            });
        }
        Ok(Self(cells))
    }
}
