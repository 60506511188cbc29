//! SQL of the places that roles are given at: only reads, through the plan wherever somebody sees the answer.

use access::{FieldClass, Resource};
use kernel::Result;
use kernel::id::OrganizationId;
use store::listing::{Field, Keys, Order, Table, field};
use store::{Store, Value, params};
use uuid::Uuid;

const BY_NAME: &[Order] =
    &[Order { name: "name", column: "search", text: true, descending: false, class: FieldClass::Public }];

const NAMED: &[Field] = &[
    field("id", "t.id", FieldClass::Public),
    field("name", "t.name", FieldClass::Public),
    field("group", "''", FieldClass::Public),
    field("archived", "t.archived", FieldClass::Public),
];

pub(super) static SITES: Table = Table {
    resource: Resource::Site,
    name: "sites",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("group", "c.name", FieldClass::Public),
        field("archived", "t.archived", FieldClass::Public),
    ],
    joins: "join clients c on c.id = t.client_id",
    orders: BY_NAME,
    search: &[],
    keys: Keys { site: Some("id"), client: Some("client_id"), area: Some("area_id"), ..Keys::NONE },
    visibility_in_index: false,
};

pub(super) static CLIENTS: Table = Table {
    resource: Resource::Client,
    name: "clients",
    fields: NAMED,
    joins: "",
    orders: BY_NAME,
    search: &[],
    keys: Keys { client: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

pub(super) static AREAS: Table = Table {
    resource: Resource::Area,
    name: "areas",
    fields: NAMED,
    joins: "",
    orders: BY_NAME,
    search: &[],
    keys: Keys { area: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

pub(super) static TEAMS: Table = Table {
    resource: Resource::Team,
    name: "teams",
    fields: NAMED,
    joins: "",
    orders: BY_NAME,
    search: &[],
    keys: Keys { team: Some("id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// The teams of contractors, for those who see contractors but not the organization's teams.
pub(super) static CONTRACTORS: Table = Table {
    resource: Resource::Contractor,
    name: "contractors",
    fields: &[
        field("id", "t.team_id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("group", "''", FieldClass::Public),
        field("archived", "t.archived", FieldClass::Public),
    ],
    joins: "",
    orders: BY_NAME,
    search: &[],
    keys: Keys { client: Some("client_id"), team: Some("team_id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// The client of each of these teams that is a client's guest contractor.
pub(super) async fn clients_of_teams(
    store: &Store,
    organization: OrganizationId,
    teams: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>> {
    let mut found = Vec::new();
    for some in teams.chunks(200) {
        let sql = format!(
            "select team_id, client_id from contractors \
             where organization_id = $1 and client_id is not null and team_id in ({})",
            places(some.len())
        );
        found.extend(store.all::<(Uuid, Uuid)>(&sql, bound(organization, some)).await?);
    }
    Ok(found)
}

/// `$2, $3, …` for so many values after the first.
fn places(many: usize) -> String {
    (2..many + 2).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

fn bound(organization: OrganizationId, ids: &[Uuid]) -> Vec<Value> {
    let mut values = params![organization];
    values.extend(ids.iter().map(|id| Value::from(*id)));
    values
}

/// Client and area of each of these sites.
pub(super) async fn places_of(
    store: &Store,
    organization: OrganizationId,
    sites: &[Uuid],
) -> Result<Vec<(Uuid, Uuid, Option<Uuid>)>> {
    let mut found = Vec::new();
    for some in sites.chunks(200) {
        let sql = format!(
            "select id, client_id, area_id from sites where organization_id = $1 and id in ({})",
            places(some.len())
        );
        found.extend(store.all::<(Uuid, Uuid, Option<Uuid>)>(&sql, bound(organization, some)).await?);
    }
    Ok(found)
}

/// Is one of these a static site (ROLES.md: GuardHouse)?
pub(super) async fn any_static(store: &Store, organization: OrganizationId, sites: &[Uuid]) -> Result<bool> {
    for some in sites.chunks(200) {
        let sql = format!(
            "select count(*) from sites where organization_id = $1 and kind = 0 and archived = 0 and id in ({})",
            places(some.len())
        );
        let (count,): (i64,) = store.one(&sql, bound(organization, some)).await?;
        if count > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}
