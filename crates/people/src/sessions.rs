//! A browser that is signed in: how a session begins, whom it acts as, and where that leads.
//!
//! A session acts as exactly one membership, or as none while its owner has not chosen (ROLES.md: account). Its
//! secret is new after each sign-in and each change of membership; the one before is worth nothing from then on.

use std::sync::Arc;

use access::Plan;
use http::{HeaderValue, header};
use kernel::id::{AccountId, MembershipId, SessionId};
use kernel::secret::Secret;
use kernel::{Portal, Result, Timestamp};
use store::Batch;
use store::journal::Entry;
use web::{App, Door, Reply, Visitor};

use crate::accounts::query::{self, HatRow, NewSession};

/// The longest a session lasts, whatever happens, in days (ASVS 5: 7.3).
const MOST_DAYS: i64 = 30;
const DAY: i64 = 86_400_000_000;

/// When a session that begins now ends at the latest.
pub(crate) fn ends(now: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(now.as_microsecond() + MOST_DAYS * DAY).unwrap_or(now)
}

/// Begins a session in a batch and ends the one the browser had, so that a secret planted before is worth nothing.
pub(crate) fn begin(
    batch: &mut Batch,
    visitor: &Visitor,
    account: AccountId,
    membership: Option<MembershipId>,
    expires_at: Timestamp,
) -> Secret {
    let now = visitor.app.clock.now();
    let secret = Secret::random();
    if let Some(cookie) = &visitor.cookie {
        query::end_presented(batch, &Secret::presented(cookie), now);
    }
    query::insert_session(
        batch,
        &NewSession {
            id: SessionId::new(),
            secret: &secret,
            account,
            membership,
            now,
            expires_at,
            agent: &visitor.agent,
            address: &visitor.address,
        },
    );
    if let Some(membership) = membership {
        query::seen(batch, membership, now);
    }
    secret
}

/// Sends the browser on, with the secret of its new session, or without any.
pub(crate) fn go(app: &App, path: &str, secret: Option<&Secret>) -> Reply {
    let Reply(mut response) = web::reply::go(path);
    if let Ok(value) = HeaderValue::from_str(&web::identity::cookie(app, secret)) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Reply(response)
}

/// A live session.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) session: SessionId,
    pub(crate) account: AccountId,
    pub(crate) expires_at: Timestamp,
    /// What it acts as; none while nothing was chosen or the choice was taken away.
    pub(crate) hat: Option<HatRow>,
    /// All it may act as.
    pub(crate) hats: Vec<HatRow>,
}

/// The session of a visitor, if it is live.
///
/// # Errors
/// The store's.
pub(crate) async fn signed(visitor: &Visitor) -> Result<Option<Signed>> {
    let Some(cookie) = &visitor.cookie else { return Ok(None) };
    let store = &visitor.app.store;
    let now = visitor.app.clock.now();
    let found = web::identity::account_of(store, &Secret::presented(cookie), now).await?;
    let Some((session, account)) = found else { return Ok(None) };
    let Some((membership, expires_at)) = query::acting(store, session).await? else { return Ok(None) };
    let hats = query::hats(store, account).await?;
    let hat = hats.iter().find(|hat| Some(hat.membership) == membership).cloned();
    Ok(Some(Signed { session, account, expires_at, hat, hats }))
}

/// What a membership may do as of now.
///
/// # Errors
/// The store's.
pub(crate) async fn plan(app: &App, hat: &HatRow) -> Result<Arc<Plan>> {
    web::identity::plan(app, hat.organization, hat.membership).await
}

/// The names of the live roles of a plan.
pub(crate) fn role_names(plan: &Plan) -> String {
    let mut names: Vec<&str> = plan.live_roles().map(|held| held.role.name.as_str()).collect();
    names.dedup();
    names.join(", ")
}

/// Where a membership begins: where its owner wanted to go, if their roles open that door; else the start page of
/// its first portal.
pub(crate) fn landing(app: &App, plan: &Plan, wanted: &str) -> String {
    let opens = |path: &str| {
        plan.portals.iter().any(|portal| {
            let prefix = Door::Portal(*portal).prefix();
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        })
    };
    if opens(wanted) && !wanted.contains(['\\', '\r', '\n']) {
        return wanted.to_owned();
    }
    match plan.portals.iter().min() {
        Some(portal) => start(app, plan, *portal),
        None => "/hats".to_owned(),
    }
}

/// The first page of a portal: its start page where a feature brings one, else the first place the roles open.
fn start(app: &App, plan: &Plan, portal: Portal) -> String {
    let door = Door::Portal(portal);
    let has_start = app
        .features
        .iter()
        .flat_map(|feature| (feature.routes)())
        .any(|route| route.path == "/" && route.doors.contains(&door));
    if has_start {
        return door.prefix().to_owned();
    }
    let first = app
        .features
        .iter()
        .flat_map(|feature| feature.nav)
        .filter(|nav| nav.doors.contains(&door))
        .filter(|nav| nav.any_of.is_empty() || nav.any_of.iter().any(|p| plan.may_ever(*p)))
        .min_by_key(|nav| nav.place);
    format!("{}{}", door.prefix(), first.map_or("/account", |nav| nav.path))
}

/// Adds a journal line for something a person did at the open pages, in the organization of a membership of theirs.
pub(crate) async fn note(
    app: &App,
    batch: &mut Batch,
    account: AccountId,
    hat: &HatRow,
    address: &str,
    action: &str,
    detail: &serde_json::Value,
) -> Result<()> {
    let plan = plan(app, hat).await?;
    store::journal::append(
        batch,
        &Entry {
            organization: hat.organization,
            at: app.clock.now(),
            account: Some(account),
            membership: Some(hat.membership),
            name: &hat.name,
            roles: &role_names(&plan),
            action,
            resource: access::Resource::Account.word(),
            record: Some(hat.membership.uuid()),
            label: &hat.name,
            detail: &detail.to_string(),
            address,
        },
    );
    Ok(())
}
