//! Reads of the program itself, and nothing but SQL.

use access::Facts;
use kernel::id::{IncidentId, MembershipId, OrganizationId};
use kernel::text::EmailAddress;
use kernel::{Audience, Error, Result};
use store::{FromRow, Row, Store, params};

/// How many messages wait or were given up, by state.
pub(crate) async fn mails(store: &Store) -> Result<Vec<(i64, i64)>> {
    store.all("select state, count(*) from mails where state in (0, 2) group by state", []).await
}

/// Every organization, by name.
pub(crate) async fn organizations(store: &Store) -> Result<Vec<(OrganizationId, String)>> {
    store.all("select id, name from organizations order by name, id", []).await
}

/// The organization of an id or a name.
pub(crate) async fn organization(store: &Store, wanted: &str) -> Result<(OrganizationId, String)> {
    let all = organizations(store).await?;
    let mut found: Vec<_> =
        all.iter().filter(|(id, name)| id.to_string() == wanted || name.as_str() == wanted).collect();
    if found.is_empty() {
        found = all.iter().filter(|(_, name)| store::fold(name) == store::fold(wanted)).collect();
    }
    match found.as_slice() {
        [(id, name)] => Ok((*id, name.clone())),
        [] if all.is_empty() => Err(Error::conflict("there is no organization in this database yet")),
        [] => {
            let names: Vec<&str> = all.iter().map(|(_, name)| name.as_str()).collect();
            Err(Error::conflict(format!(
                "there is no organization {wanted}; there are: {}",
                names.join(", ")
            )))
        }
        _ => Err(Error::conflict(format!("several organizations are called {wanted}; name one by its id"))),
    }
}

/// The clock on which an organization's days begin.
pub(crate) async fn zone(store: &Store, organization: OrganizationId) -> Result<String> {
    let (zone,): (String,) =
        store.one("select zone from organizations where id = $1", params![organization]).await?;
    Ok(zone)
}

/// A membership somebody has in an organization.
#[derive(Debug)]
pub(crate) struct Hat {
    pub(crate) membership: MembershipId,
    pub(crate) audience: Audience,
    pub(crate) name: String,
}

impl FromRow for Hat {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { membership: row.get(0)?, audience: row.number(1)?, name: row.get(2)? })
    }
}

/// The memberships of an address in an organization.
pub(crate) async fn hats(
    store: &Store,
    organization: OrganizationId,
    email: &EmailAddress,
) -> Result<Vec<Hat>> {
    store
        .all(
            "select m.id, m.audience, m.name from memberships m join accounts a on a.id = m.account_id \
             where m.organization_id = $1 and a.email = $2 order by m.audience",
            params![organization, email],
        )
        .await
}

/// An incident as a decision sees it.
#[derive(Debug)]
pub(crate) struct Incident {
    pub(crate) number: i64,
    pub(crate) reference: String,
    pub(crate) id: IncidentId,
    pub(crate) facts: Facts,
}

impl FromRow for Incident {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            reference: row.get(1)?,
            id: row.get(12)?,
            facts: Facts {
                area: row.get(3)?,
                team: row.get(4)?,
                client: row.get(5)?,
                site: row.get(6)?,
                visibility: row.get(7)?,
                author_may_edit: row.get(8)?,
                closed: row.get(9)?,
                author: row.get(10)?,
                assignee: row.get(11)?,
                ..Facts::of(row.get(2)?)
            },
        })
    }
}

/// The names of an organization's members, for "given by".
pub(crate) async fn member_names(
    store: &Store,
    organization: OrganizationId,
) -> Result<Vec<(MembershipId, String)>> {
    store.all("select id, name from memberships where organization_id = $1", params![organization]).await
}

/// An incident as a person at the command line names it: by number, reference or id.
pub(crate) async fn incident(
    store: &Store,
    organization: OrganizationId,
    wanted: &str,
) -> Result<Option<Incident>> {
    let id = wanted.parse::<kernel::id::IncidentId>().ok();
    let number = wanted.trim_start_matches('#').parse::<i64>().ok();
    store
        .first(
            "select number, reference, organization_id, area_id, team_id, client_id, site_id, visibility, \
               author_may_edit, closed, author_id, assignee_id, id \
             from incidents where organization_id = $1 and (id = $2 or number = $3 or reference = $4)",
            params![organization, id, number, wanted.to_uppercase()],
        )
        .await
}
