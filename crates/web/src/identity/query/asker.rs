//! Who asks: from a session or a token to the membership acted as. Nothing is written here but when and through which
//! door it was last used.

use access::Permission;
use kernel::id::{AccountId, ApiTokenId, MembershipId, OrganizationId, SessionId};
use kernel::secret::Secret;
use kernel::{Audience, Error, Result, Timestamp};
use store::{Batch, FromRow, Row, params};
use uuid::Uuid;

use super::super::{Found, IDLE_DAYS};
use super::DAY;
use crate::app::App;
use crate::context::{Door, Hat, Logo, Who};

/// How stale "last seen" may be before a request writes it, in microseconds.
const SEEN_STEP: i64 = 300_000_000;

const WHO: &str = "m.account_id, a.email, m.id, m.organization_id, m.audience, m.name, o.name, o.hue, o.zone, o.epoch, \
     o.logo, o.logo_width, o.logo_height";

struct Asker {
    who: Who,
    epoch: i64,
    key: Uuid,
    seen: Option<Timestamp>,
    /// When they last came through the door they come through now.
    through: Option<Timestamp>,
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
            through: row.get(19)?,
        })
    }
}

pub(in crate::identity) async fn by_session(
    app: &App,
    door: Option<Door>,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<Found>> {
    let sql = format!(
        "select {WHO}, s.id, s.seen_at, null, s.expires_at, \
           (select count(*) from memberships h where h.account_id = m.account_id and h.active = 1 and h.entry = 2 and h.id <> m.id), p.id, u.used_at \
         from sessions s \
         left join previews p on p.session_id = s.id and p.stopped_at is null \
         join memberships m on m.id = s.membership_id \
         left join door_uses u on u.organization_id = m.organization_id and u.membership_id = m.id and u.door = $4 \
         join accounts a on a.id = m.account_id \
         join organizations o on o.id = m.organization_id \
         where s.digest = $1 and s.expires_at > $2 and s.seen_at > $3 and s.revoked_at is null \
           and m.active = 1 and m.entry = 2 and a.archived_at is null"
    );
    let idle = now.as_microsecond() - IDLE_DAYS * DAY;
    let asker: Option<Asker> =
        app.store.first(&sql, params![secret.digest(), now, idle, door.map(number)]).await?;
    let Some(mut asker) = asker else { return Ok(None) };
    asker.who.session = Some(SessionId::from_uuid(asker.key));
    if asker.others {
        asker.who.hats = hats(app, asker.who.account, now).await?;
    }
    touch(app, "update sessions set seen_at = $1 where id = $2", &asker, door, now).await?;
    let previews = asker.previews;
    Ok(Some(Found { who: asker.who, epoch: asker.epoch, until: asker.expires, scopes: None, previews }))
}

pub(in crate::identity) async fn by_token(
    app: &App,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<Found>> {
    let sql = format!(
        "select {WHO}, t.id, t.used_at, t.scopes, t.expires_at, 0, null, u.used_at \
         from api_tokens t \
         join memberships m on m.id = t.membership_id \
         left join door_uses u on u.organization_id = m.organization_id and u.membership_id = m.id and u.door = $3 \
         join accounts a on a.id = m.account_id \
         join organizations o on o.id = m.organization_id \
         where t.digest = $1 and t.expires_at > $2 and t.revoked_at is null \
           and m.active = 1 and m.entry = 2 and a.archived_at is null"
    );
    let asker: Option<Asker> =
        app.store.first(&sql, params![secret.digest(), now, number(Door::Api)]).await?;
    let Some(mut asker) = asker else { return Ok(None) };
    asker.who.token = Some(ApiTokenId::from_uuid(asker.key));
    touch(app, "update api_tokens set used_at = $1 where id = $2", &asker, Some(Door::Api), now).await?;
    let scopes = Some(read_scopes(asker.scopes.as_deref().unwrap_or_default()));
    Ok(Some(Found { who: asker.who, epoch: asker.epoch, until: asker.expires, scopes, previews: false }))
}

fn read_scopes(words: &str) -> Vec<Permission> {
    words.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// The scopes of a member's token; nothing once it has ended.
pub(in crate::identity) async fn scopes(
    app: &App,
    membership: MembershipId,
    token: ApiTokenId,
    now: Timestamp,
) -> Result<Option<Vec<Permission>>> {
    let found: Option<(String,)> = app
        .store
        .first(
            "select scopes from api_tokens where id = $1 and membership_id = $2 and expires_at > $3 \
             and revoked_at is null",
            params![token, membership, now],
        )
        .await?;
    Ok(found.map(|(words,)| read_scopes(&words)))
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
        let plan = super::super::plan_at(app, organization, membership, epoch, now).await?;
        hats.push(Hat {
            membership,
            organization: name,
            audience: Audience::try_from(audience).map_err(Error::internal)?,
            roles: crate::context::role_names(&plan),
        });
    }
    Ok(hats)
}

pub(in crate::identity) async fn by_membership(
    app: &App,
    account: AccountId,
    membership: MembershipId,
) -> Result<Option<Who>> {
    let sql = format!(
        "select {WHO}, m.id, cast(null as bigint), null, m.created_at, 0, null, cast(null as bigint) \
         from memberships m \
         join accounts a on a.id = m.account_id \
         join organizations o on o.id = m.organization_id \
         where m.account_id = $1 and m.id = $2 and m.active = 1 and m.entry = 2 and a.archived_at is null"
    );
    let found: Option<Asker> = app.store.first(&sql, params![account, membership]).await?;
    Ok(found.map(|asker| asker.who))
}

/// A member who may sign in, without a session.
pub(in crate::identity) async fn member(
    app: &App,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Option<Who>> {
    let account: Option<(AccountId,)> = app
        .store
        .first(
            "select account_id from memberships where organization_id = $1 and id = $2",
            params![organization, membership],
        )
        .await?;
    match account {
        Some((account,)) => by_membership(app, account, membership).await,
        None => Ok(None),
    }
}

/// A door's number where uses are kept.
const fn number(door: Door) -> i64 {
    match door {
        Door::Portal(portal) => portal.number(),
        Door::Api => 3,
    }
}

async fn touch(
    app: &App,
    sql: &'static str,
    asker: &Asker,
    door: Option<Door>,
    now: Timestamp,
) -> Result<()> {
    let old =
        |at: Option<Timestamp>| at.is_none_or(|at| now.as_microsecond() - at.as_microsecond() > SEEN_STEP);
    let door = door.filter(|_| old(asker.through));
    if old(asker.seen) || door.is_some() {
        let mut batch = Batch::new();
        batch.run(sql, params![now, asker.key]);
        if let Some(door) = door {
            // Which doors somebody uses tells later which of their roles are used.
            batch.run(
                "insert into door_uses (organization_id, membership_id, door, used_at) values ($1, $2, $3, $4) \
                 on conflict (organization_id, membership_id, door) do update set used_at = excluded.used_at",
                params![asker.who.organization, asker.who.membership, number(door), now],
            );
        }
        // Not worth refusing a read for: on a full disk people must still be able to look.
        if let Err(error) = app.store.commit(batch).await {
            tracing::warn!(%error, "could not note when a session was used");
        }
    }
    Ok(())
}
