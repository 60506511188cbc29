//! SQL of a site's Clients tab, and nothing but SQL.

use access::{Permit, Reach};
use kernel::id::{AssignmentId, ClientId, MembershipId, OrganizationId, SiteId};
use kernel::{Audience, Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, Value, params};
use uuid::Uuid;

/// An assignment of the client side that reaches a site.
#[derive(Debug)]
pub(super) struct Reaching {
    pub(super) assignment: AssignmentId,
    pub(super) membership: MembershipId,
    pub(super) role: String,
    pub(super) by_site: bool,
    pub(super) from: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    /// Does the member belong to the site's client (any more)?
    pub(super) of_client: bool,
}

impl FromRow for Reaching {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            assignment: row.get(0)?,
            membership: row.get(1)?,
            role: row.get(2)?,
            by_site: row.get::<i64>(3)? == Reach::Site.number(),
            from: row.get(4)?,
            until: row.get(5)?,
            of_client: row.get::<i64>(6)? == 1,
        })
    }
}

/// Everything that gives this site to people of the client side, dead or alive.
pub(super) async fn reaching(
    store: &Store,
    organization: OrganizationId,
    site: SiteId,
    client: ClientId,
) -> Result<Vec<Reaching>> {
    store
        .all(
            "select s.id, s.membership_id, s.role_key, t.dimension, s.from_at, s.until_at, \
               case when m.client_id = $3 or exists (select 1 from membership_clients k \
                 where k.organization_id = $1 and k.membership_id = m.id and k.client_id = $3) then 1 else 0 end \
             from assignment_targets t \
             join assignments s on s.id = t.assignment_id \
             join memberships m on m.id = s.membership_id \
             where t.organization_id = $1 and m.audience = $4 \
               and ((t.dimension = $5 and t.target_id = $2) or (t.dimension = $6 and t.target_id = $3)) \
             order by t.dimension desc, m.search, s.id",
            params![
                organization,
                site,
                client,
                Audience::Client.number(),
                Reach::Site.number(),
                Reach::Client.number()
            ],
        )
        .await
}

/// The site-wide assignment by its id, if it names this site.
pub(super) async fn member_of(
    store: &Store,
    organization: OrganizationId,
    site: SiteId,
    assignment: AssignmentId,
) -> Result<Option<MembershipId>> {
    let found: Option<(MembershipId,)> = store
        .first(
            "select s.membership_id from assignments s join assignment_targets t on t.assignment_id = s.id \
             where s.organization_id = $1 and s.id = $2 and t.dimension = $3 and t.target_id = $4",
            params![organization, assignment, Reach::Site.number(), site],
        )
        .await?;
    Ok(found.map(|(member,)| member))
}

/// Members who belong to this client besides the one they are listed under.
pub(super) async fn also_of(
    store: &Store,
    organization: OrganizationId,
    client: ClientId,
) -> Result<Vec<Value>> {
    let rows: Vec<(Uuid,)> = store
        .all(
            "select membership_id from membership_clients where organization_id = $1 and client_id = $2 limit 200",
            params![organization, client],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id.into()).collect())
}

/// The roles of some members: member, key, and how many places they hold it at.
pub(super) async fn roles_of(
    store: &Store,
    organization: OrganizationId,
    members: &[MembershipId],
) -> Result<Vec<(MembershipId, String, i64)>> {
    let mut found = Vec::new();
    for some in members.chunks(200) {
        let places: Vec<String> = (2..some.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select s.membership_id, s.role_key, \
               (select count(*) from assignment_targets t where t.assignment_id = s.id) \
             from assignments s where s.organization_id = $1 and s.membership_id in ({}) \
             order by s.granted_at, s.id",
            places.join(", ")
        );
        let mut values = params![organization];
        values.extend(some.iter().map(|id| Value::from(*id)));
        found.extend(store.all::<(MembershipId, String, i64)>(&sql, values).await?);
    }
    Ok(found)
}

/// Where a site lies, and whether somebody is there for whole shifts.
#[derive(Debug)]
pub(super) struct Lies {
    pub(super) site: Uuid,
    pub(super) client: Uuid,
    pub(super) area: Option<Uuid>,
    pub(super) kind: i64,
    pub(super) archived: bool,
}

impl FromRow for Lies {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            site: row.get(0)?,
            client: row.get(1)?,
            area: row.get(2)?,
            kind: row.get(3)?,
            archived: row.get::<i64>(4)? == 1,
        })
    }
}

/// Where these sites lie.
pub(super) async fn lie(store: &Store, organization: OrganizationId, sites: &[SiteId]) -> Result<Vec<Lies>> {
    let mut found = Vec::new();
    for some in sites.chunks(200) {
        let places: Vec<String> = (2..some.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select id, client_id, area_id, kind, archived from sites where organization_id = $1 and id in ({})",
            places.join(", ")
        );
        let mut values = params![organization];
        values.extend(some.iter().map(|id| Value::from(*id)));
        found.extend(store.all::<Lies>(&sql, values).await?);
    }
    Ok(found)
}

/// Is the rule on that an account of the portal keeps a static site?
pub(super) async fn static_site_is_required(store: &Store, organization: OrganizationId) -> Result<bool> {
    let (on,): (i64,) = store
        .one("select require_static_site from organizations where id = $1", params![organization])
        .await?;
    Ok(on == 1)
}

/// What was decided about authorities stands only while nobody changed any of them meanwhile.
pub(super) fn nothing_moved(batch: &mut Batch, permit: &Permit, epoch: i64) {
    batch.guard(
        "update organizations set epoch = epoch where id = $1 and epoch = $2",
        params![permit.organization(), epoch],
        Error::Stale,
    );
}

pub(super) fn insert_assignment(
    batch: &mut Batch,
    permit: &Permit,
    id: AssignmentId,
    member: MembershipId,
    role: &str,
    now: Timestamp,
) {
    batch.run(
        "insert into assignments (id, organization_id, membership_id, role_key, granted_by, granted_at) \
         values ($1, $2, $3, $4, $5, $6)",
        params![id, permit.organization(), member, role, permit.membership(), now],
    );
}

pub(super) fn insert_target(batch: &mut Batch, permit: &Permit, assignment: AssignmentId, site: SiteId) {
    batch.run(
        "insert into assignment_targets (organization_id, assignment_id, dimension, target_id) \
         values ($1, $2, $3, $4)",
        params![permit.organization(), assignment, Reach::Site.number(), site],
    );
    batch.taken(Error::field("membership", "this account is assigned to the site already"));
}

pub(super) fn delete_target(batch: &mut Batch, permit: &Permit, assignment: AssignmentId, site: SiteId) {
    batch.guard(
        "delete from assignment_targets \
         where organization_id = $1 and assignment_id = $2 and dimension = $3 and target_id = $4",
        params![permit.organization(), assignment, Reach::Site.number(), site],
        Error::Stale,
    );
}

/// An assignment without targets is none.
pub(super) fn delete_assignment(batch: &mut Batch, permit: &Permit, assignment: AssignmentId) {
    batch.guard(
        "delete from assignments where organization_id = $1 and id = $2",
        params![permit.organization(), assignment],
        Error::Stale,
    );
}

/// Where the member stands now: whoever looks after a site looks after people of nothing but that site.
pub(super) fn place(batch: &mut Batch, permit: &Permit, member: MembershipId, only: Option<SiteId>) {
    batch.run(
        "update memberships set site_id = $3 where organization_id = $1 and id = $2",
        params![permit.organization(), member, only],
    );
}

/// Refuses the batch when this site is to be static no more and is the last static site of a portal account, unless
/// the organization switched that rule off (ROLES.md: GuardHouse). `roles` are the keys of portal accounts.
pub(super) fn nobody_depends_on_it_being_static(
    batch: &mut Batch,
    permit: &Permit,
    site: SiteId,
    roles: &[&str],
    refused: Error,
) {
    let places: Vec<String> = (4..roles.len() + 4).map(|n| format!("${n}")).collect();
    let roles_in = places.join(", ");
    let mut values = params![permit.organization(), site, Reach::Site.number()];
    values.extend(roles.iter().map(|key| Value::from(*key)));
    batch.guard(
        format!("update organizations set epoch = epoch where id = $1 and (require_static_site = 0 or not exists ( \
           select 1 from assignments s \
           join assignment_targets t on t.assignment_id = s.id \
           join memberships m on m.id = s.membership_id \
           where s.organization_id = $1 and s.role_key in ({roles_in}) and m.active = 1 and m.entry > 0 \
             and t.dimension = $3 and t.target_id = $2 \
             and not exists ( \
               select 1 from assignments o \
               join assignment_targets u on u.assignment_id = o.id \
               join sites x on x.id = u.target_id \
               where o.organization_id = $1 and o.membership_id = m.id and o.role_key in ({roles_in}) \
                 and u.dimension = $3 and x.id <> $2 and x.kind = 0 and x.archived = 0)))"),
        values,
        refused,
    );
}
