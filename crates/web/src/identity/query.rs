//! Reads of sessions, tokens and authority. The tables belong to `people`; nothing is written here but the time a
//! session or token was last used.

use std::collections::HashMap;
use std::sync::Arc;

use access::{Assignment, Authority, Feature, Permission, Plan, Role, Roles, Switch, Target, by_key};
use kernel::id::{
    AccountId, ApiTokenId, AreaId, AssignmentId, ClientId, MembershipId, OrganizationId, SessionId, SiteId,
    TeamId,
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
           (select count(*) from memberships h where h.account_id = m.account_id and h.active = 1 and h.id <> m.id), p.id \
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
             where m.account_id = $1 and m.active = 1 order by o.name, m.audience, m.id",
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
    let loaded = load(store, organization, Some(&[membership]), now).await?;
    loaded.authorities.into_iter().next().ok_or(Error::SignedOut)
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
        found.extend(load(store, organization, Some(some), now).await?.authorities);
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
    Ok(load(store, organization, None, now).await?.authorities)
}

/// The plan of one membership. It holds until an assignment or a feature begins or ends by itself.
pub(super) async fn compiled(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
    now: Timestamp,
) -> Result<Plan> {
    let loaded = load(store, organization, Some(&[membership]), now).await?;
    let authority = loaded.authorities.into_iter().next().ok_or(Error::SignedOut)?;
    let mut plan = authority.compile(now);
    plan.valid_until = plan.valid_until.into_iter().chain(loaded.boundary).min();
    Ok(plan)
}

/// What was read, and when a feature next begins or ends.
struct Loaded {
    authorities: Vec<Authority>,
    boundary: Option<Timestamp>,
}

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

async fn load(
    store: &Store,
    organization: OrganizationId,
    only: Option<&[MembershipId]>,
    now: Timestamp,
) -> Result<Loaded> {
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
    let (epoch,): (i64,) =
        store.one("select epoch from organizations where id = $1", params![organization]).await?;
    let features: Vec<(i64, Option<Timestamp>, Option<Timestamp>)> = store
        .all(
            "select feature, from_at, until_at from organization_features where organization_id = $1",
            params![organization],
        )
        .await?;
    let boundary =
        features.iter().flat_map(|(_, from, until)| [*from, *until]).flatten().filter(|at| *at > now).min();
    let features = features
        .into_iter()
        .filter(|(_, from, until)| from.is_none_or(|at| at <= now) && until.is_none_or(|at| now < at))
        .filter_map(|(feature, _, _)| Feature::try_from(feature).ok())
        .collect();
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
    let custom = custom_roles(store, organization).await?;
    let mut given_of: HashMap<MembershipId, Vec<Assignment>> = HashMap::new();
    for (id, member, key, from, until, granted_by, granted_at) in given {
        // A role that is no longer there grants nothing.
        let Some(role) = custom.get(&key).or_else(|| by_key(&key)).cloned() else { continue };
        let targets = targets_of.remove(&id).unwrap_or_default();
        given_of.entry(member).or_default().push(Assignment {
            id,
            role,
            targets,
            from,
            until,
            granted_by,
            granted_at,
        });
    }
    let mut clients_of: HashMap<MembershipId, Vec<ClientId>> = HashMap::new();
    for (member, client) in clients {
        clients_of.entry(member).or_default().push(client);
    }
    let authorities = members
        .into_iter()
        .map(|member| {
            let mut clients = clients_of.remove(&member.id).unwrap_or_default();
            clients.extend(member.client);
            Authority {
                organization,
                membership: member.id,
                audience: member.audience,
                active: member.active,
                clients,
                subcontractor: member.subcontractor,
                share_all: member.share_all,
                live_clock_ins: member.live_clock_ins,
                assignments: given_of.remove(&member.id).unwrap_or_default(),
                switches,
                features,
                epoch,
            }
        })
        .collect();
    Ok(Loaded { authorities, boundary })
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

/// The role of a key in an organization: its own before the built-in ones, as a plan takes it.
///
/// # Errors
/// The store's.
pub async fn role(store: &Store, organization: OrganizationId, key: &str) -> Result<Option<Arc<Role>>> {
    let custom = custom_roles(store, organization).await?;
    Ok(custom.get(key).or_else(|| by_key(key)).cloned())
}

/// Every role that can be held in an organization: the built-in ones in the file's order, then its own by name.
///
/// # Errors
/// The store's.
pub async fn roles(store: &Store, organization: OrganizationId) -> Result<Vec<Arc<Role>>> {
    let custom = custom_roles(store, organization).await?;
    let mut own: Vec<Arc<Role>> = custom.values().cloned().collect();
    own.sort_by(|a, b| a.name.cmp(&b.name));
    let built_in = access::built_in().iter().filter(|role| !custom.contains_key(&role.key)).cloned();
    Ok(built_in.chain(own).collect())
}

/// When a feature of an organization next begins or ends.
pub(super) async fn feature_boundary(
    store: &Store,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let terms: Vec<(Option<Timestamp>, Option<Timestamp>)> = store
        .all(
            "select from_at, until_at from organization_features where organization_id = $1",
            params![organization],
        )
        .await?;
    Ok(terms.iter().flat_map(|(from, until)| [*from, *until]).flatten().filter(|at| *at > now).min())
}

/// The organization's own roles, by key. One that cannot be read grants nothing.
async fn custom_roles(store: &Store, organization: OrganizationId) -> Result<HashMap<String, Arc<Role>>> {
    let rows: Vec<(String, String)> = store
        .all(
            "select key, written from roles where organization_id = $1 and archived_at is null",
            params![organization],
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(key, written)| {
            let role = written.parse::<Roles>().ok()?.0.pop()?;
            Some((key, Arc::new(role)))
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
