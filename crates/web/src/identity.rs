//! From a cookie or a bearer token to a membership and its plan.

mod query;

use std::sync::Arc;

use access::{Authority, Permission, Plan};
use axum::extract::ConnectInfo;
use http::HeaderMap;
use http::header;
use http::request::Parts;
use kernel::id::{AccountId, ApiTokenId, MembershipId, OrganizationId};
use kernel::secret::Secret;
use kernel::{Error, Result, Timestamp};

pub(crate) use query::catalogue;
pub use query::{
    Everyone, account_of, authorities, authorities_at, authorities_of, authority, authority_at, epoch,
    known_since, roles,
};

use crate::app::App;
use crate::context::{Door, Who};
use crate::preview::{self, Preview};
use crate::recent::AskerKey;

/// The cookie's name. The `__Host-` prefix makes browsers refuse it for other hosts, paths and plain HTTP.
#[must_use]
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-session" } else { "session" }
}

/// The value of a `Set-Cookie` header for a session; `None` ends it.
#[must_use]
pub fn cookie(app: &App, secret: Option<&Secret>) -> String {
    let secure = app.secure();
    let name = cookie_name(secure);
    let flags = if secure { "; Secure" } else { "" };
    match secret {
        Some(secret) => {
            format!("{name}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000{flags}", secret.expose())
        }
        None => format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{flags}"),
    }
}

/// The session cookie of a request.
#[must_use]
pub fn session_cookie(app: &App, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(app.secure());
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name && !value.is_empty()).then(|| value.to_owned())
        })
}

/// The peer's address: the socket's, or the last one a trusted proxy added.
#[must_use]
pub fn address(app: &App, parts: &Parts) -> String {
    if app.config.behind_proxy {
        let forwarded = parts
            .headers
            .get("x-forwarded-for")
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.rsplit(',').next())
            .map(|v| v.trim().chars().take(64).collect::<String>());
        if let Some(address) = forwarded {
            return address;
        }
    }
    parts
        .extensions
        .get::<ConnectInfo<std::net::SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip().to_string())
        .unwrap_or_default()
}

/// How long a session lasts after it was last used, in days. ASVS 7.3: the longest is thirty days, whatever happens.
pub const IDLE_DAYS: i64 = 3;

/// Who a request is from.
#[derive(Clone, Debug)]
pub struct Identified {
    /// Who asks; in a preview, whose eyes it is.
    pub who: Arc<Who>,
    /// What they may do.
    pub plan: Arc<Plan>,
    /// The preview, if the session is in one.
    pub preview: Option<Arc<Preview>>,
}

/// Who asks through this door, and what they may do. In a preview the door may be one that the plan does not open.
///
/// # Errors
/// [`Error::SignedOut`] without a live session or token.
pub(crate) async fn identify(app: &App, door: Door, parts: &Parts) -> Result<Identified> {
    let now = app.clock.now();
    let secret = presented(app, door, parts).ok_or(Error::SignedOut)?;
    let key = AskerKey { door, digest: secret.digest() };
    let version = app.store.version();
    if let Some(found) = version.and_then(|version| app.recent.asker(version, &key, now)) {
        return Ok(found);
    }
    let found = match door {
        Door::Portal(_) => query::by_session(app, Some(door), &secret, now).await?,
        Door::Api => query::by_token(app, &secret, now).await?,
    };
    let found = found.ok_or(Error::SignedOut)?;
    if found.previews
        && let Some((looking, until)) = preview::identify(app, &found.who, now).await?
    {
        if let Some(version) = version {
            app.recent.keep_asker(version, key, (now, until.min(found.until)), looking.clone());
        }
        return Ok(looking);
    }
    let plan = plan_at(app, found.who.organization, found.who.membership, found.epoch, now).await?;
    let plan = match &found.scopes {
        Some(scopes) => Arc::new(plan.narrowed(scopes)),
        None => plan,
    };
    if let Door::Portal(portal) = door {
        // A door that the roles do not open is no door.
        if !plan.opens(portal) {
            return Err(Error::NotFound);
        }
    }
    let until = plan.valid_until.map_or(found.until, |until| until.min(found.until));
    let found = Identified { who: Arc::new(found.who), plan, preview: None };
    if let Some(version) = version {
        app.recent.keep_asker(version, key, (now, until), found.clone());
    }
    Ok(found)
}

/// The secret a request presents: the session cookie in a portal, the bearer token at the API.
fn presented(app: &App, door: Door, parts: &Parts) -> Option<Secret> {
    match door {
        Door::Portal(_) => session_cookie(app, &parts.headers).map(|cookie| Secret::presented(&cookie)),
        Door::Api => {
            let header = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
            let token = header.strip_prefix("Bearer ").or_else(|| header.strip_prefix("bearer "))?;
            Some(Secret::presented(token.trim()))
        }
    }
}

/// What a request found of its asker.
struct Found {
    who: Who,
    epoch: i64,
    /// When the session or token ends if nobody uses it.
    until: Timestamp,
    scopes: Option<Vec<Permission>>,
    /// Is the session in a preview?
    previews: bool,
}

/// Who is behind a session, before any preview.
pub(crate) async fn by_session(app: &App, secret: &Secret, now: Timestamp) -> Result<Option<Who>> {
    Ok(query::by_session(app, None, secret, now).await?.map(|found| found.who))
}

/// When a feature of an organization next begins or ends.
pub(crate) async fn boundary(
    app: &App,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    query::feature_boundary(&app.store, organization, now).await
}

/// The plan of an authority that was read just now, good until something in it begins or ends by itself.
pub(crate) async fn compiled(app: &App, authority: &Authority, now: Timestamp) -> Result<Plan> {
    let mut plan = authority.compile(now);
    let boundary = boundary(app, authority.organization, now).await?;
    plan.valid_until = plan.valid_until.into_iter().chain(boundary).min();
    Ok(plan)
}

/// Who somebody is as one of their memberships, for those who have just proved who they are.
///
/// # Errors
/// [`Error::SignedOut`] when it is no live membership of the account; or the store's.
pub async fn who(app: &App, account: AccountId, membership: MembershipId) -> Result<Who> {
    query::by_membership(app, account, membership).await?.ok_or(Error::SignedOut)
}

/// A context in which the program acts for a member who asked for it earlier, perhaps with a token: then no more than
/// its scopes let, and nothing once it has ended.
pub(crate) async fn on_behalf(
    app: &App,
    organization: OrganizationId,
    membership: MembershipId,
    token: Option<ApiTokenId>,
    now: Timestamp,
) -> Result<crate::context::Ctx> {
    let mut who = query::member(app, organization, membership).await?.ok_or(Error::SignedOut)?;
    let mut plan = query::compiled(&app.store, organization, membership, now).await?;
    if let Some(token) = token {
        let scopes = query::scopes(app, membership, token, now).await?.ok_or(Error::SignedOut)?;
        plan = plan.narrowed(&scopes);
        who.token = Some(token);
    }
    Ok(crate::context::Ctx {
        app: app.clone(),
        door: Door::Portal(kernel::Portal::Office),
        who: Arc::new(who),
        plan: Arc::new(plan),
        wire: Arc::default(),
        preview: None,
    })
}

/// The plan of a membership as of now.
///
/// # Errors
/// The store's.
pub async fn plan(app: &App, organization: OrganizationId, membership: MembershipId) -> Result<Arc<Plan>> {
    let now = app.clock.now();
    Ok(Arc::new(query::compiled(&app.store, organization, membership, now).await?))
}

async fn plan_at(
    app: &App,
    organization: OrganizationId,
    membership: MembershipId,
    epoch: i64,
    now: Timestamp,
) -> Result<Arc<Plan>> {
    if let Some(plan) = app.known_plan(membership, epoch) {
        return Ok(plan);
    }
    let plan = Arc::new(query::compiled(&app.store, organization, membership, now).await?);
    app.keep_plan(&plan);
    Ok(plan)
}
