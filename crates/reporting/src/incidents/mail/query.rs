//! What decisions about mail need to know of an incident. Shown to nobody.

use access::Facts;
use kernel::Result;
use kernel::id::OrganizationId;
use store::{FromRow, Row, Store, params};
use uuid::Uuid;

struct Found(Facts);

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self(Facts {
            area: row.get(1)?,
            team: row.get(2)?,
            client: row.get(3)?,
            site: row.get(4)?,
            visibility: row.get(5)?,
            author_may_edit: row.get(6)?,
            closed: row.get(7)?,
            author: row.get(8)?,
            assignee: row.get(9)?,
            ..Facts::of(row.get(0)?)
        }))
    }
}

pub(super) async fn facts(store: &Store, organization: OrganizationId, id: Uuid) -> Result<Option<Facts>> {
    let found: Option<Found> = store
        .first(
            "select organization_id, area_id, team_id, client_id, site_id, visibility, author_may_edit, closed, \
               author_id, assignee_id \
             from incidents where organization_id = $1 and id = $2",
            params![organization, id],
        )
        .await?;
    Ok(found.map(|Found(facts)| facts))
}
