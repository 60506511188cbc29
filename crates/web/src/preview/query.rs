//! Reads of previews and of whom they look at. The tables belong to `people` and `places`; nothing is written here.

use access::{Facts, Hierarchy, Target};
use kernel::id::{AreaId, ClientId, MembershipId, OrganizationId, PreviewId, SessionId, SiteId, TeamId};
use kernel::secret::Secret;
use kernel::{Audience, Result, Timestamp};
use store::{FromRow, Row, Store, Value, params};
use uuid::Uuid;

use super::Banner;
use crate::context::Who;

/// A preview as stored.
pub(super) struct Stored {
    pub(super) id: PreviewId,
    pub(super) member: Option<MembershipId>,
    pub(super) role: Option<String>,
    pub(super) targets: String,
    pub(super) banner: Banner,
}

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            member: row.get(1)?,
            role: row.get(2)?,
            targets: row.get(3)?,
            banner: Banner {
                whom: row.get(4)?,
                reason: row.get(5)?,
                ends_at: row.get(6)?,
                back: row.get(7)?,
                zone: row.get(8)?,
            },
        })
    }
}

const STORED: &str = "p.id, p.member_id, p.role_key, p.targets, p.whom, p.reason, p.ends_at, p.back, o.zone";

/// The preview a session is in.
pub(super) async fn stored(store: &Store, session: SessionId) -> Result<Option<Stored>> {
    let sql = format!(
        "select {STORED} from previews p join organizations o on o.id = p.organization_id \
         where p.session_id = $1 and p.stopped_at is null order by p.started_at desc limit 1"
    );
    store.first(&sql, params![session]).await
}

/// The preview of whoever presents this, if they are signed in and in one.
pub(super) async fn presented(store: &Store, secret: &Secret, now: Timestamp) -> Result<Option<Stored>> {
    let sql = format!(
        "select {STORED} from sessions s join previews p on p.session_id = s.id \
         join organizations o on o.id = p.organization_id \
         where s.digest = $1 and s.revoked_at is null and s.expires_at > $2 and p.stopped_at is null \
         order by p.started_at desc limit 1"
    );
    store.first(&sql, params![secret.digest(), now]).await
}

/// A member as far as looking through their eyes needs it.
pub(super) struct Member {
    pub(super) who: Who,
    pub(super) facts: Facts,
    pub(super) archived: bool,
}

impl FromRow for Member {
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
                logo: None,
                // What else the person may act as is theirs to know.
                hats: Vec::new(),
                session: None,
                token: None,
            },
            facts: Facts {
                organization: row.get(3)?,
                client: row.get(9)?,
                site: row.get(10)?,
                team: row.get(11)?,
                area: row.get(12)?,
                ..Facts::default()
            },
            archived: row.get::<Option<Timestamp>>(13)?.is_some(),
        })
    }
}

pub(super) async fn member(
    store: &Store,
    organization: OrganizationId,
    id: MembershipId,
) -> Result<Option<Member>> {
    store
        .first(
            "select m.account_id, a.email, m.id, m.organization_id, m.audience, m.name, o.name, o.hue, o.zone, \
               m.client_id, m.site_id, m.team_id, m.area_id, a.archived_at \
             from memberships m join accounts a on a.id = m.account_id join organizations o on o.id = m.organization_id \
             where m.organization_id = $1 and m.id = $2",
            params![organization, id],
        )
        .await
}

/// Where the sites among some targets lie.
pub(super) async fn hierarchy(
    store: &Store,
    organization: OrganizationId,
    targets: impl IntoIterator<Item = Target>,
) -> Result<Hierarchy> {
    let mut sites: Vec<Uuid> = targets
        .into_iter()
        .filter_map(|target| match target {
            Target::Site(id) => Some(id.uuid()),
            _ => None,
        })
        .collect();
    sites.sort_unstable();
    sites.dedup();
    let mut found = Hierarchy::default();
    for some in sites.chunks(200) {
        let places: Vec<String> = (2..some.len() + 2).map(|n| format!("${n}")).collect();
        let mut values = params![organization];
        values.extend(some.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "select id, client_id, area_id from sites where organization_id = $1 and id in ({})",
            places.join(", ")
        );
        for (site, client, area) in store.all::<(Uuid, Uuid, Option<Uuid>)>(&sql, values).await? {
            found.client_of.insert(site, client);
            if let Some(area) = area {
                found.area_of.insert(site, area);
            }
        }
    }
    Ok(found)
}

/// What a place is called. For the label of a preview that its asker is about to begin, at places chosen within
/// their own plan.
pub(super) async fn name(
    store: &Store,
    organization: OrganizationId,
    target: Target,
) -> Result<Option<String>> {
    let (table, id) = match target {
        Target::Organization => return Ok(Some("the whole organization".to_owned())),
        Target::Area(id) => ("areas", AreaId::uuid(id)),
        Target::Team(id) => ("teams", TeamId::uuid(id)),
        Target::Client(id) => ("clients", ClientId::uuid(id)),
        Target::Site(id) => ("sites", SiteId::uuid(id)),
    };
    let sql = format!("select name from {table} where organization_id = $1 and id = $2");
    let row: Option<(String,)> = store.first(&sql, params![organization, id]).await?;
    Ok(row.map(|(name,)| name))
}
