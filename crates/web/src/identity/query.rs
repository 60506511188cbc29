//! Reads of sessions, tokens and authority. The tables belong to `people`; nothing is written here but the time a
//! session or token was last used.

mod asker;

use std::collections::HashMap;

use access::{
    Assignment, Authority, Catalogue, Feature, FeatureSet, OwnRole, Plan, Roles, Switch, SwitchSet, Target,
};
use kernel::id::{
    AccountId, AreaId, AssignmentId, ClientId, MembershipId, OrganizationId, RoleId, SessionId, SiteId,
    TeamId,
};
use kernel::secret::Secret;
use kernel::{Audience, Error, Result, Timestamp};
use store::{FromRow, Row, Store, params};
use uuid::Uuid;

use super::IDLE_DAYS;

pub(super) use asker::{by_membership, by_session, by_token, member, scopes};

const DAY: i64 = 86_400_000_000;

/// Everything that bears on what one membership may do.
///
/// # Errors
/// [`Error::SignedOut`] when there is no such membership; or the store's.
pub async fn authority(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
    now: Timestamp,
) -> Result<Authority> {
    let one = read(store, organization, Some(&[membership]), now, None).await?;
    let roles = one.roles_held(store).await?;
    one.authorities(&roles).into_iter().next().ok_or(Error::SignedOut)
}

/// The authorities of some memberships, for a page about several people.
///
/// # Errors
/// The store's.
pub async fn authorities_of(
    store: &Store,
    organization: OrganizationId,
    memberships: &[MembershipId],
    now: Timestamp,
) -> Result<Vec<Authority>> {
    let mut found = Vec::new();
    for some in memberships.chunks(200) {
        let those = read(store, organization, Some(some), now, None).await?;
        let roles = those.roles_held(store).await?;
        found.extend(those.authorities(&roles));
    }
    Ok(found)
}

/// The authorities of every active membership of an organization, for "who can see this".
///
/// # Errors
/// The store's.
pub async fn authorities(
    store: &Store,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Vec<Authority>> {
    let all = Everyone::load(store, organization, now).await?;
    let own = own_roles(store, organization, None, None).await?;
    Ok(all.authorities(&Catalogue::new(all.features, all.epoch, own)))
}

/// The plan of one membership. It holds until an assignment or a feature begins or ends by itself.
pub(super) async fn compiled(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
    now: Timestamp,
) -> Result<Plan> {
    let one = read(store, organization, Some(&[membership]), now, None).await?;
    let roles = one.roles_held(store).await?;
    let authority = one.authorities(&roles).into_iter().next().ok_or(Error::SignedOut)?;
    let mut plan = authority.compile(now);
    plan.valid_until = plan.valid_until.into_iter().chain(one.boundary).min();
    Ok(plan)
}

/// What bears on the rights of everybody in an organization, or of one member, as it was read. Which rights follow
/// depends on what the roles say; the same rows can be held against several catalogues.
#[derive(Debug)]
pub struct Everyone {
    /// The tenant.
    pub organization: OrganizationId,
    /// The epoch it was read at.
    pub epoch: i64,
    /// The features that are live.
    pub features: FeatureSet,
    /// The switches that are on.
    pub switches: SwitchSet,
    members: Vec<Member>,
    clients: HashMap<MembershipId, Vec<ClientId>>,
    given: HashMap<MembershipId, Vec<Given>>,
    boundary: Option<Timestamp>,
}

#[derive(Debug)]
struct Given {
    id: AssignmentId,
    role: String,
    targets: Vec<Target>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    granted_by: Option<MembershipId>,
    granted_at: Timestamp,
}

impl Everyone {
    /// Reads the rows of a whole organization.
    ///
    /// # Errors
    /// The store's.
    pub async fn load(store: &Store, organization: OrganizationId, now: Timestamp) -> Result<Self> {
        read(store, organization, None, now, None).await
    }

    /// What everybody holds if the roles read like this, in the order of the memberships.
    #[must_use]
    pub fn authorities(&self, roles: &Catalogue) -> Vec<Authority> {
        self.members.iter().map(|member| self.authority(member, roles)).collect()
    }

    /// What those hold who were given one of these roles, archived or not.
    #[must_use]
    pub fn holders(&self, keys: &[&str], roles: &Catalogue) -> Vec<Authority> {
        let holds = |member: &&Member| {
            self.given.get(&member.id).is_some_and(|all| all.iter().any(|g| keys.contains(&g.role.as_str())))
        };
        self.members.iter().filter(holds).map(|member| self.authority(member, roles)).collect()
    }

    fn authority(&self, member: &Member, roles: &Catalogue) -> Authority {
        let mut clients = self.clients.get(&member.id).cloned().unwrap_or_default();
        clients.extend(member.client);
        let given = self.given.get(&member.id).map_or(&[][..], Vec::as_slice);
        Authority {
            organization: self.organization,
            membership: member.id,
            audience: member.audience,
            active: member.active,
            clients,
            subcontractor: member.subcontractor,
            share_all: member.share_all,
            live_clock_ins: member.live_clock_ins,
            // A role that is no longer there grants nothing.
            assignments: given
                .iter()
                .filter_map(|one| {
                    Some(Assignment {
                        id: one.id,
                        role: roles.role(&one.role)?.clone(),
                        targets: one.targets.clone(),
                        from: one.from,
                        until: one.until,
                        granted_by: one.granted_by,
                        granted_at: one.granted_at,
                    })
                })
                .collect(),
            switches: self.switches,
            features: self.features,
            epoch: self.epoch,
        }
    }

    /// The roles that are held, as they are written now.
    async fn roles_held(&self, store: &Store) -> Result<Catalogue> {
        let mut keys: Vec<&str> = self.given.values().flatten().map(|given| given.role.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        let own = own_roles(store, self.organization, Some(&keys), None).await?;
        Ok(Catalogue::new(self.features, self.epoch, own))
    }
}

#[derive(Debug)]
struct Member {
    id: MembershipId,
    audience: Audience,
    client: Option<ClientId>,
    subcontractor: bool,
    share_all: bool,
    live_clock_ins: bool,
    active: bool,
}

impl FromRow for Member {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            audience: row.number(1)?,
            client: row.get(2)?,
            subcontractor: row.get::<i64>(3)? == 1,
            share_all: row.get::<i64>(4)? == 1,
            live_clock_ins: row.get::<i64>(5)? == 1,
            active: row.get::<i64>(6)? == 1,
        })
    }
}

type GivenRow = (
    AssignmentId,
    MembershipId,
    String,
    Option<Timestamp>,
    Option<Timestamp>,
    Option<MembershipId>,
    Timestamp,
);

/// The tables that bear on rights, and what tells their rows apart.
const REMEMBERED: [(&str, &str); 7] = [
    ("organization_features", "feature"),
    ("organization_switches", "switch"),
    ("memberships", "id"),
    ("membership_clients", "membership_id, client_id"),
    ("roles", "id"),
    ("assignments", "id"),
    ("assignment_targets", "assignment_id, dimension, target_id"),
];

/// A table as it is, or as it was at an instant: then of each row what was noted of it last. The organization is `$1`.
fn source(table: &str, at: Option<Timestamp>) -> String {
    let key = REMEMBERED.iter().find(|(name, _)| *name == table).map(|(_, key)| *key);
    match (at, key) {
        (Some(at), Some(key)) => format!(
            "(select * from (select p.*, row_number() over (partition by {key} order by p.sequence desc) as nth \
             from {table}_past p where p.organization_id = $1 and p.at <= {}) l where l.nth = 1 and l.gone = 0)",
            at.as_microsecond()
        ),
        _ => table.to_owned(),
    }
}

/// What a membership could do at an instant of the past; none before it was one, or before anything was noted.
///
/// # Errors
/// The store's.
pub async fn authority_at(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
    at: Timestamp,
) -> Result<Option<Authority>> {
    let one = read(store, organization, Some(&[membership]), at, Some(at)).await?;
    let own = own_roles(store, organization, None, Some(at)).await?;
    Ok(one.authorities(&Catalogue::new(one.features, one.epoch, own)).into_iter().next())
}

/// What every membership could do at an instant of the past.
///
/// # Errors
/// The store's.
pub async fn authorities_at(
    store: &Store,
    organization: OrganizationId,
    at: Timestamp,
) -> Result<Vec<Authority>> {
    let all = read(store, organization, None, at, Some(at)).await?;
    let own = own_roles(store, organization, None, Some(at)).await?;
    Ok(all.authorities(&Catalogue::new(all.features, all.epoch, own)))
}

/// Since when it is known who could do what in an organization.
///
/// # Errors
/// The store's.
pub async fn known_since(store: &Store, organization: OrganizationId) -> Result<Option<Timestamp>> {
    let (since,): (Option<Timestamp>,) = store
        .one("select min(at) from memberships_past where organization_id = $1", params![organization])
        .await?;
    Ok(since)
}

/// The rows of a whole organization or of some members, as they are, or as they were at `past`.
async fn read(
    store: &Store,
    organization: OrganizationId,
    only: Option<&[MembershipId]>,
    now: Timestamp,
    past: Option<Timestamp>,
) -> Result<Everyone> {
    let of = |table: &str| source(table, past);
    // One text for one and for all: no list at all keeps every membership.
    let pick = |column: &str| match only {
        Some([_]) => format!("and {column} = $2"),
        Some(some) => {
            let places: Vec<String> = (2..some.len() + 2).map(|n| format!("${n}")).collect();
            format!("and {column} in ({})", places.join(", "))
        }
        None => String::new(),
    };
    let mut values = params![organization];
    values.extend(only.unwrap_or_default().iter().map(|id| store::Value::from(*id)));
    let epoch = epoch(store, organization).await?;
    let (features, boundary) = features(store, organization, now, past).await?;
    let switches: Vec<(i64,)> = store
        .all(
            &format!("select w.switch from {} w where w.organization_id = $1", of("organization_switches")),
            params![organization],
        )
        .await?;
    let switches = switches.into_iter().filter_map(|(s,)| Switch::try_from(s).ok()).collect();
    let members: Vec<Member> = store
        .all(
            &format!(
                "select m.id, m.audience, m.client_id, m.subcontractor, m.share_all, m.live_clock_ins, m.active \
                 from {} m where m.organization_id = $1 {} order by m.id",
                of("memberships"),
                pick("m.id")
            ),
            &values,
        )
        .await?;
    let clients: Vec<(MembershipId, ClientId)> = store
        .all(
            &format!(
                "select c.membership_id, c.client_id from {} c where c.organization_id = $1 {}",
                of("membership_clients"),
                pick("c.membership_id")
            ),
            &values,
        )
        .await?;
    let given: Vec<GivenRow> = store
        .all(
            &format!(
                "select s.id, s.membership_id, s.role_key, s.from_at, s.until_at, s.granted_by, s.granted_at \
                 from {} s where s.organization_id = $1 {} order by s.granted_at, s.id",
                of("assignments"),
                pick("s.membership_id")
            ),
            &values,
        )
        .await?;
    let targets: Vec<(AssignmentId, i64, Uuid)> = store
        .all(
            &format!(
                "select t.assignment_id, t.dimension, t.target_id from {} t \
                 join {} s on s.id = t.assignment_id where t.organization_id = $1 {}",
                of("assignment_targets"),
                of("assignments"),
                pick("s.membership_id")
            ),
            &values,
        )
        .await?;
    let mut targets_of: HashMap<AssignmentId, Vec<Target>> = HashMap::new();
    for (assignment, dimension, id) in targets {
        targets_of.entry(assignment).or_default().extend(target(dimension, id));
    }
    let mut given_of: HashMap<MembershipId, Vec<Given>> = HashMap::new();
    for (id, member, role, from, until, granted_by, granted_at) in given {
        let targets = targets_of.remove(&id).unwrap_or_default();
        let one = Given { id, role, targets, from, until, granted_by, granted_at };
        given_of.entry(member).or_default().push(one);
    }
    let mut clients_of: HashMap<MembershipId, Vec<ClientId>> = HashMap::new();
    for (member, client) in clients {
        clients_of.entry(member).or_default().push(client);
    }
    Ok(Everyone {
        organization,
        epoch,
        features,
        switches,
        members,
        clients: clients_of,
        given: given_of,
        boundary,
    })
}

/// A stored target. The number is the reach's.
fn target(dimension: i64, id: Uuid) -> Option<Target> {
    use access::Reach;
    Some(match Reach::try_from(dimension).ok()? {
        Reach::Organization => Target::Organization,
        Reach::Area => Target::Area(AreaId::from_uuid(id)),
        Reach::Team => Target::Team(TeamId::from_uuid(id)),
        Reach::Client => Target::Client(ClientId::from_uuid(id)),
        Reach::Site => Target::Site(SiteId::from_uuid(id)),
        Reach::Own => return None,
    })
}

/// When a feature of an organization next begins or ends.
pub(super) async fn feature_boundary(
    store: &Store,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    Ok(features(store, organization, now, None).await?.1)
}

/// The organization's epoch: it moves with whatever bears on rights.
///
/// # Errors
/// The store's.
pub async fn epoch(store: &Store, organization: OrganizationId) -> Result<i64> {
    let (epoch,): (i64,) =
        store.one("select epoch from organizations where id = $1", params![organization]).await?;
    Ok(epoch)
}

/// The features that are live at an instant, and when one next begins or ends.
async fn features(
    store: &Store,
    organization: OrganizationId,
    now: Timestamp,
    past: Option<Timestamp>,
) -> Result<(FeatureSet, Option<Timestamp>)> {
    let rows: Vec<(i64, Option<Timestamp>, Option<Timestamp>)> = store
        .all(
            &format!(
                "select f.feature, f.from_at, f.until_at from {} f where f.organization_id = $1",
                source("organization_features", past)
            ),
            params![organization],
        )
        .await?;
    let boundary =
        rows.iter().flat_map(|(_, from, until)| [*from, *until]).flatten().filter(|at| *at > now).min();
    let live = rows
        .into_iter()
        .filter(|(_, from, until)| from.is_none_or(|at| at <= now) && until.is_none_or(|at| now < at))
        .filter_map(|(feature, _, _)| Feature::try_from(feature).ok())
        .collect();
    Ok((live, boundary))
}

/// Every role of an organization as of now, where there is no request and nothing to keep it in.
///
/// # Errors
/// The store's.
pub async fn roles(store: &Store, organization: OrganizationId, now: Timestamp) -> Result<Catalogue> {
    Ok(catalogue(store, organization, now).await?.0)
}

/// Every role of an organization as of now, and until when that holds if nobody changes anything.
pub(crate) async fn catalogue(
    store: &Store,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<(Catalogue, Option<Timestamp>)> {
    // The epoch first: what is read later can only be newer, and is read again once the epoch says so.
    let epoch = epoch(store, organization).await?;
    let (features, boundary) = features(store, organization, now, None).await?;
    let own = own_roles(store, organization, None, None).await?;
    Ok((Catalogue::new(features, epoch, own), boundary))
}

type OwnRow = (RoleId, String, Option<Timestamp>, i64);

/// The organization's own roles: those of some keys, or all. One that cannot be read grants nothing.
async fn own_roles(
    store: &Store,
    organization: OrganizationId,
    keys: Option<&[&str]>,
    past: Option<Timestamp>,
) -> Result<Vec<OwnRole>> {
    // How often a role was changed is not remembered; nothing is decided by it.
    let version = if past.is_some() { "0" } else { "r.version" };
    let mut sql = format!(
        "select r.id, r.written, r.archived_at, {version} from {} r where r.organization_id = $1",
        source("roles", past)
    );
    let mut values = params![organization];
    if let Some(keys) = keys {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (2..keys.len() + 2).map(|n| format!("${n}")).collect();
        sql.push_str(&format!(" and r.key in ({})", places.join(", ")));
        values.extend(keys.iter().map(|key| store::Value::from(*key)));
    }
    let rows: Vec<OwnRow> = store.all(&sql, &values).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, written, archived, version)| {
            let role = written.parse::<Roles>().ok()?.0.pop()?;
            Some(OwnRole { id, role: role.into(), archived, version })
        })
        .collect())
}

/// The account behind a session that has not chosen a hat yet, for the page that lets it choose.
///
/// # Errors
/// The store's.
pub async fn account_of(
    store: &Store,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<(SessionId, AccountId)>> {
    store
        .first(
            "select s.id, s.account_id from sessions s join accounts a on a.id = s.account_id \
             where s.digest = $1 and s.expires_at > $2 and s.seen_at > $3 and s.revoked_at is null and a.archived_at is null",
            params![secret.digest(), now, now.as_microsecond() - IDLE_DAYS * DAY],
        )
        .await
}
