//! SQL of the demo world, and nothing but SQL. Its note is a row of the installation's own table.

use kernel::id::{AreaId, ClientId, MembershipId, OrganizationId, SiteId, TeamId};
use kernel::{Error, Result};
use store::{Batch, FromRow, Row, Store, params};

/// What is noted of the demo world, as JSON; none where there is none.
pub(crate) async fn note(store: &Store) -> Result<Option<String>> {
    let row: Option<(Vec<u8>,)> = store.first("select value from instance where name = 'demo'", []).await?;
    row.map(|(bytes,)| String::from_utf8(bytes).map_err(Error::internal)).transpose()
}

/// Notes something of the demo world.
pub(crate) fn set_note(batch: &mut Batch, note: &str) {
    batch.run(
        "insert into instance (name, value) values ('demo', $1) on conflict (name) do update set value = $1",
        params![note.as_bytes()],
    );
}

/// A site of the world, with what an incident takes from it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) id: SiteId,
    pub(crate) name: String,
    pub(crate) zone: String,
    pub(crate) kind: i64,
    pub(crate) client: ClientId,
    pub(crate) client_name: String,
    pub(crate) area: Option<AreaId>,
    pub(crate) position: Option<(f64, f64)>,
    pub(crate) approval_required: bool,
    pub(crate) editable_by_author: bool,
}

impl FromRow for Site {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (latitude, longitude): (Option<f64>, Option<f64>) = (row.get(7)?, row.get(8)?);
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            zone: row.get(2)?,
            kind: row.get(3)?,
            client: row.get(4)?,
            client_name: row.get(5)?,
            area: row.get(6)?,
            position: latitude.zip(longitude),
            approval_required: row.get::<i64>(9)? == 1,
            editable_by_author: row.get::<i64>(10)? == 1,
        })
    }
}

/// The sites of an organization, by client and name.
pub(crate) async fn sites(store: &Store, organization: OrganizationId) -> Result<Vec<Site>> {
    store
        .all(
            "select s.id, s.name, s.zone, s.kind, s.client_id, c.name, s.area_id, s.latitude, s.longitude, \
               s.approval_required, s.editable_by_author \
             from sites s join clients c on c.id = s.client_id \
             where s.organization_id = $1 and s.archived = 0 order by c.name, s.name",
            params![organization],
        )
        .await
}

/// Somebody of the staff who holds a role, at a site or everywhere.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) membership: MembershipId,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) site: Option<SiteId>,
    pub(crate) team: Option<TeamId>,
}

impl FromRow for Holder {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            membership: row.get(0)?,
            name: row.get(1)?,
            role: row.get(2)?,
            site: row.get(3)?,
            team: row.get(4)?,
        })
    }
}

/// Staff with a role at sites (dimension 4) or in the whole organization (dimension 0), by name.
pub(crate) async fn holders(store: &Store, organization: OrganizationId) -> Result<Vec<Holder>> {
    store
        .all(
            "select m.id, m.name, a.role_key, case when t.dimension = 4 then t.target_id end, w.team_id \
             from assignments a \
             join memberships m on m.id = a.membership_id \
             join assignment_targets t on t.assignment_id = a.id and t.dimension in (0, 4) \
             left join workers w on w.organization_id = m.organization_id and w.membership_id = m.id \
             where a.organization_id = $1 and m.audience = 0 order by m.name, a.role_key, m.id",
            params![organization],
        )
        .await
}
