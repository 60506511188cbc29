//! SQL that every feature of this area needs: what sites and workers are to it, and how a row is changed.

use access::FieldClass::{Operational, Public};
use access::{Facts, Permit, Plan, Resource};
use kernel::id::{MembershipId, OrganizationId, SiteId, WorkerId};
use kernel::{Error, Result, Timestamp};
use store::listing::{self, Keys, Order, Table, field};
use store::{Batch, FromRow, Row, Store, Value, params};
use uuid::Uuid;

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

/// Workers, for naming who works. The table is written by `places`.
pub(crate) static WORKERS: Table = Table {
    resource: Resource::Worker,
    name: "workers",
    fields: &[
        field("id", "t.id", Public),
        field("name", "t.name", Public),
        field("employee_number", "t.employee_number", Operational),
        field("membership_id", "t.membership_id", Operational),
        field("team_id", "t.team_id", Operational),
        field("archived", "t.archived", Public),
    ],
    joins: "",
    orders: &[Order { name: "name", column: "search", text: true, descending: false, class: Public }],
    search: &[("t.search", Public)],
    keys: Keys { team: Some("team_id"), client: Some("client_id"), ..Keys::NONE },
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
    pub(crate) worker: WorkerId,
    pub(crate) name: String,
    pub(crate) team: Option<Uuid>,
}

impl FromRow for Me {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { worker: row.get(0)?, name: row.get(1)?, team: row.get(2)? })
    }
}

pub(crate) async fn me(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Option<Me>> {
    store
        .first(
            "select id, name, team_id from workers where organization_id = $1 and membership_id = $2 \
               and archived = 0 order by id limit 1",
            params![organization, membership],
        )
        .await
}

/// A change of one row, guarded by its version and by the plan: a row that left the plan meanwhile is not changed.
#[must_use]
pub(crate) struct Change<'a> {
    permit: &'a Permit,
    plan: &'a Plan,
    table: &'static Table,
    id: Uuid,
    version: i64,
    set: Vec<String>,
    values: Vec<Value>,
}

impl<'a> Change<'a> {
    pub(crate) fn of(
        permit: &'a Permit,
        plan: &'a Plan,
        table: &'static Table,
        id: impl Into<Uuid>,
        version: i64,
    ) -> Self {
        Self { permit, plan, table, id: id.into(), version, set: Vec::new(), values: Vec::new() }
    }

    /// Sets a column. The name is ours, never a person's.
    pub(crate) fn set(mut self, column: &'static str, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self.set.push(format!("{column} = ${}", self.values.len()));
        self
    }

    pub(crate) fn put(self, batch: &mut Batch, now: Timestamp) {
        let Self { permit, plan, table, id, version, set, mut values } = self;
        let at = values.len();
        values.extend(params![permit.organization(), id, version, now]);
        let (predicate, values) = listing::predicate(plan, permit.permission(), table, values);
        let sql = format!(
            "update {} set {}{} updated_at = ${}, version = version + 1 \
             where organization_id = ${} and id = ${} and version = ${}{predicate}",
            table.name,
            set.join(", "),
            if set.is_empty() { "" } else { "," },
            at + 4,
            at + 1,
            at + 2,
            at + 3,
        );
        batch.guard(sql, values, Error::Stale);
    }
}

/// The keys of a record's facts, as its row stamps them.
pub(crate) fn stamped(facts: &Facts) -> (Option<Uuid>, Option<Uuid>, Option<Uuid>) {
    (facts.client, facts.site, facts.area)
}
