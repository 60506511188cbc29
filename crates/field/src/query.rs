//! SQL that every feature of this area needs: what sites and people are to it, and how a row is changed.

use access::FieldClass::{Operational, Public};
use access::{Action, Facts, Permission, Resource, permission};
use kernel::id::{MembershipId, OrganizationId, SiteId};
use kernel::{Error, Result};
use store::listing::{Keys, Order, Table, field};
use store::{FromRow, Row, Store, params};
use uuid::Uuid;

pub(crate) const SEE_SITES: Permission = permission(Resource::Site, Action::View);

/// Sites, for choosing one. The table is written by `places`.
pub(crate) static SITES: Table = Table {
    resource: Resource::Site,
    name: "sites",
    fields: &[
        field("id", "t.id", Public),
        field("name", "t.name", Public),
        field("zone", "t.zone", Public),
        field("client", "c.name", Operational),
        field("archived", "t.archived", Public),
    ],
    joins: "join clients c on c.id = t.client_id",
    orders: &[Order { name: "name", column: "search", text: true, descending: false, class: Public }],
    search: &[("t.search", Public)],
    keys: Keys { area: Some("area_id"), client: Some("client_id"), site: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// A site as its records stamp it. Read for sites that were found within the plan.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) client: String,
    pub(crate) zone: String,
    pub(crate) archived: bool,
}

impl FromRow for Place {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            name: row.get(0)?,
            client: row.get(1)?,
            zone: row.get(2)?,
            archived: row.get::<i64>(3)? == 1,
        })
    }
}

pub(crate) async fn place(store: &Store, organization: OrganizationId, site: SiteId) -> Result<Place> {
    store
        .first(
            "select s.name, c.name, s.zone, s.archived from sites s join clients c on c.id = s.client_id \
             where s.organization_id = $1 and s.id = $2",
            params![organization, site],
        )
        .await?
        .ok_or(Error::NotFound)
}

/// The worker that a membership is, if it is one: the current one that was made first.
#[derive(Clone, Debug)]
pub(crate) struct Me {
    pub(crate) name: String,
    pub(crate) team: Option<Uuid>,
}

impl FromRow for Me {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { name: row.get(0)?, team: row.get(1)? })
    }
}

pub(crate) async fn me(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Option<Me>> {
    store
        .first(
            "select name, team_id from workers where organization_id = $1 and membership_id = $2 \
               and archived = 0 order by id limit 1",
            params![organization, membership],
        )
        .await
}

/// The keys of a record's facts, as its row stamps them.
pub(crate) fn stamped(facts: &Facts) -> (Option<Uuid>, Option<Uuid>, Option<Uuid>) {
    (facts.client, facts.site, facts.area)
}
