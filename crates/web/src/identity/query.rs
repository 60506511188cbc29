//! Reads of sessions, tokens and authority. The tables belong to `people`; nothing is written here but the time a
//! session or token was last used.

use std::collections::HashMap;

use access::{
    Assignment, Authority, Catalogue, Feature, FeatureSet, OwnRole, Permission, Plan, Roles, Switch,
    SwitchSet, Target,
};
use kernel::id::{
    AccountId, ApiTokenId, AreaId, AssignmentId, ClientId, MembershipId, OrganizationId, RoleId, SessionId,
    SiteId, TeamId,
};
use kernel::secret::Secret;
use kernel::{Audience, Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use super::{Found, IDLE_DAYS};
use crate::app::App;
use crate::context::{Hat, Logo, Who};

const DAY: i64 = 86_400_000_000;
/// How stale "last seen" may be before a request writes it, in microseconds.
const SEEN_STEP: i64 = 300_000_000;

const WHO: &str = "m.account_id, a.email, m.id, m.organization_id, m.audience, m.name, o.name, o.hue, o.zone, o.epoch, \
     o.logo, o.logo_width, o.logo_height";

struct Asker {
    who: Who,
    epoch: i64,
    key: Uuid,
    seen: Option<Timestamp>,
    scopes: Option<String>,
    expires: Timestamp,
    /// May the person act as something else?
    others: bool,
    previews: bool,
}

impl FromRow for Asker {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            who: Who {
                account: row.get(0)?,
                email: row.get(1)?,
                membership: row.get(2)?,
                organization: row.get(3)?,
                audience: row.number::<Audience>(4)?,
                name: row.get(5)?,
                organization_name: row.get(6)?,
                hue: u16::try_from(row.get::<i64>(7)?).unwrap_or(215),
                zone: row.get(8)?,
                logo: Logo::of(row.get(10)?, row.get(11)?, row.get(12)?),
                hats: Vec::new(),
                session: None,
                token: None,
            },
            epoch: row.get(9)?,
            key: row.get(13)?,
            seen: row.get(14)?,
            scopes: row.get(15)?,
            expires: row.get(16)?,
            others: row.get::<i64>(17)? > 0,
            previews: row.get::<Option<Uuid>>(18)?.is_some(),
        })
    }
}

pub(super) async fn by_session(app: &App, secret: &Secret, now: Timestamp) -> Result<Option<Found>> {
    let sql = format!(
        "select {WHO}, s.id, s.seen_at, null, s.expires_at, \
           (select count(*) from memberships h where h.account_id = m.account_id and h.active = 1 and h.entry = 2 and h.id <> m.id), p.id \
         from sessions s \
         left join previews p on p.session_id = s.id and p.stopped_at is null \
         join memberships m on m.id = s.membership_id \
         join accounts a on a.id = m.account_id \
         join organizations o on o.id = m.organization_id \
         where s.digest = $1 and s.expires_at > $2 and s.seen_at > $3 and s.revoked_at is null \
           and m.active = 1 and m.entry = 2 and a.archived_at is null"
    );
    let idle = now.as_microsecond() - IDLE_DAYS * DAY;
    let asker: Option<Asker> = app.store.first(&sql, params![secret.digest(), now, idle]).await?;
    let Some(mut asker) = asker else { return Ok(None) };
    asker.who.session = Some(SessionId::from_uuid(asker.key));
    if asker.others {
        asker.who.hats = hats(app, asker.who.account, now).await?;
    }
    touch(app, "update sessions set seen_at = $1 where id = $2", &asker, now).await?;
    let previews = asker.previews;
    Ok(Some(Found { who: asker.who, epoch: asker.epoch, until: asker.expires, scopes: None, previews }))
}

pub(super) async fn by_token(app: &App, secret: &Secret, now: Timestamp) -> Result<Option<Found>> {
    let sql = format!(
        "select {WHO}, t.id, t.used_at, t.scopes, t.expires_at, 0, null \
         from api_tokens t \
         join memberships m on m.id = t.membership_id \
         join accounts a on a.id = m.account_id \
         join organizations o on o.id = m.organization_id \
         where t.digest = $1 and t.expires_at > $2 and t.revoked_at is null \
           and m.active = 1 and m.entry = 2 and a.archived_at is null"
    );
    let asker: Option<Asker> = app.store.first(&sql, params![secret.digest(), now]).await?;
    let Some(mut asker) = asker else { return Ok(None) };
    asker.who.token = Some(ApiTokenId::from_uuid(asker.key));
    touch(app, "update api_tokens set used_at = $1 where id = $2", &asker, now).await?;
    let scopes = asker.scopes.as_deref().unwrap_or_default();
    let scopes: Vec<Permission> = scopes.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let scopes = Some(scopes);
    Ok(Some(Found { who: asker.who, epoch: asker.epoch, until: asker.expires, scopes, previews: false }))
}

/// Everything a person may act as, in the order of the page that lets them choose.
async fn hats(app: &App, account: AccountId, now: Timestamp) -> Result<Vec<Hat>> {
    let rows: Vec<(MembershipId, OrganizationId, i64, String, i64)> = app
        .store
        .all(
            "select m.id, m.organization_id, m.audience, o.name, o.epoch \
             from memberships m join organizations o on o.id = m.organization_id \
             where m.account_id = $1 and m.active = 1 and m.entry = 2 order by o.name, m.audience, m.id",
            params![account],
        )
        .await?;
    let mut hats = Vec::with_capacity(rows.len());
    for (membership, organization, audience, name, epoch) in rows {
        let plan = super::plan_at(app, organization, membership, epoch, now).await?;
        hats.push(Hat {
            membership,
            organization: name,
            audience: Audience::try_from(audience).map_err(Error::internal)?,
            roles: crate::context::role_names(&plan),
        });
    }
    Ok(hats)
}

pub(super) async fn by_membership(
    app: &App,
    account: AccountId,
    membership: MembershipId,
) -> Result<Option<Who>> {
    let sql = format!(
        "select {WHO}, m.id, cast(null as bigint), null, m.created_at, 0, null \
         from memberships m \
         join accounts a on a.id = m.account_id \
         join organizations o on o.id = m.organization_id \
         where m.account_id = $1 and m.id = $2 and m.active = 1 and m.entry = 2 and a.archived_at is null"
    );
    let found: Option<Asker> = app.store.first(&sql, params![account, membership]).await?;
    Ok(found.map(|asker| asker.who))
}

async fn touch(app: &App, sql: &'static str, asker: &Asker, now: Timestamp) -> Result<()> {
    let stale = asker.seen.is_none_or(|seen| now.as_microsecond() - seen.as_microsecond() > SEEN_STEP);
    if stale {
        let mut batch = Batch::new();
        batch.run(sql, params![now, asker.key]);
        // Not worth refusing a read for: on a full disk people must still be able to look.
        if let Err(error) = app.store.commit(batch).await {
            tracing::warn!(%error, "could not note when a session was used");
        }
    }
    Ok(())
}

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
    let one = read(store, organization, Some(&[membership]), now).await?;
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
        let those = read(store, organization, Some(some), now).await?;
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
    let own = own_roles(store, organization, None).await?;
    Ok(all.authorities(&Catalogue::new(all.features, all.epoch, own)))
}

/// The plan of one membership. It holds until an assignment or a feature begins or ends by itself.
pub(super) async fn compiled(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
    now: Timestamp,
) -> Result<Plan> {
    let one = read(store, organization, Some(&[membership]), now).await?;
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
        read(store, organization, None, now).await
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
        let own = own_roles(store, self.organization, Some(&keys)).await?;
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

async fn read(
    store: &Store,
    organization: OrganizationId,
    only: Option<&[MembershipId]>,
    now: Timestamp,
) -> Result<Everyone> {
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
    let (features, boundary) = features(store, organization, now).await?;
    let switches: Vec<(i64,)> = store
        .all("select switch from organization_switches where organization_id = $1", params![organization])
        .await?;
    let switches = switches.into_iter().filter_map(|(s,)| Switch::try_from(s).ok()).collect();
    let members: Vec<Member> = store
        .all(
            &format!(
                "select m.id, m.audience, m.client_id, m.subcontractor, m.share_all, m.live_clock_ins, m.active \
                 from memberships m where m.organization_id = $1 {} order by m.id",
                pick("m.id")
            ),
            &values,
        )
        .await?;
    let clients: Vec<(MembershipId, ClientId)> = store
        .all(
            &format!(
                "select membership_id, client_id from membership_clients where organization_id = $1 {}",
                pick("membership_id")
            ),
            &values,
        )
        .await?;
    let given: Vec<GivenRow> = store
        .all(
            &format!(
                "select id, membership_id, role_key, from_at, until_at, granted_by, granted_at \
                 from assignments where organization_id = $1 {} order by granted_at, id",
                pick("membership_id")
            ),
            &values,
        )
        .await?;
    let targets: Vec<(AssignmentId, i64, Uuid)> = store
        .all(
            &format!(
                "select t.assignment_id, t.dimension, t.target_id from assignment_targets t \
                 join assignments s on s.id = t.assignment_id where t.organization_id = $1 {}",
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
    Ok(features(store, organization, now).await?.1)
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
) -> Result<(FeatureSet, Option<Timestamp>)> {
    let rows: Vec<(i64, Option<Timestamp>, Option<Timestamp>)> = store
        .all(
            "select feature, from_at, until_at from organization_features where organization_id = $1",
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
    let (features, boundary) = features(store, organization, now).await?;
    let own = own_roles(store, organization, None).await?;
    Ok((Catalogue::new(features, epoch, own), boundary))
}

type OwnRow = (RoleId, String, Option<Timestamp>, i64);

/// The organization's own roles: those of some keys, or all. One that cannot be read grants nothing.
async fn own_roles(
    store: &Store,
    organization: OrganizationId,
    keys: Option<&[&str]>,
) -> Result<Vec<OwnRole>> {
    let mut sql = "select id, written, archived_at, version from roles where organization_id = $1".to_owned();
    let mut values = params![organization];
    if let Some(keys) = keys {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (2..keys.len() + 2).map(|n| format!("${n}")).collect();
        sql.push_str(&format!(" and key in ({})", places.join(", ")));
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
