//! What a person can do with their own account.

use kernel::id::SessionId;
use kernel::text::EmailAddress;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::{Ctx, Visitor};

use super::model::{AccountOut, PasswordForm, SessionOut, device};
use super::query;
use crate::members::query as people;
use crate::sessions::{self, begin};
use crate::sign_in::throttle::Attempt;

/// Who asks.
pub(super) fn myself(ctx: &Ctx) -> AccountOut {
    let who = &ctx.who;
    let mut roles: Vec<String> = ctx.plan.live_roles().map(|held| held.role.name.clone()).collect();
    roles.dedup();
    AccountOut {
        account: who.account,
        membership: who.membership,
        organization: who.organization,
        organization_name: who.organization_name.clone(),
        audience: who.audience,
        name: who.name.clone(),
        email: who.email.clone(),
        roles,
    }
}

/// The browsers in which the person is signed in.
///
/// # Errors
/// The store's.
pub(super) async fn sessions(ctx: &Ctx) -> Result<Vec<SessionOut>> {
    let now = ctx.now();
    let idle_since = now.as_microsecond() - web::identity::IDLE_DAYS * 86_400_000_000;
    let rows = query::sessions(ctx.store(), ctx.who.account, now, idle_since).await?;
    Ok(rows
        .into_iter()
        .map(|row| SessionOut {
            current: ctx.who.session == Some(row.id),
            id: row.id,
            created_at: row.created_at,
            seen_at: row.seen_at,
            device: device(&row.agent),
            address: row.address,
            organization: row.organization,
        })
        .collect())
}

/// Ends one of the person's sessions.
///
/// # Errors
/// [`Error::NotFound`] for one that is not theirs or has ended; or the store's.
pub(super) async fn end_session(ctx: &Ctx, id: SessionId) -> Result<()> {
    let mut batch = Batch::new();
    query::end(&mut batch, ctx.who.account, id, ctx.now());
    note(ctx, &mut batch, "end_session");
    ctx.commit(batch).await.map(|_| ())
}

/// Ends all of the person's sessions but the one that asks.
///
/// # Errors
/// The store's.
pub(super) async fn end_other_sessions(ctx: &Ctx) -> Result<()> {
    let mut batch = Batch::new();
    query::end_all(&mut batch, ctx.who.account, ctx.who.session, ctx.now());
    note(ctx, &mut batch, "end_other_sessions");
    ctx.commit(batch).await.map(|_| ())
}

fn note(ctx: &Ctx, batch: &mut Batch, action: &str) {
    let record = Some(ctx.who.membership);
    ctx.journal(batch, action, access::Resource::Account, record, &ctx.who.name, &json!({}));
}

/// Sets a new password. The current one is asked for again, guesses are slowed down like at sign-in, every other
/// session ends and this one goes on under a new secret; the person is told by mail.
///
/// # Errors
/// [`Error::Invalid`] at `current` or `new`; [`Error::TooMany`]; or the store's.
pub(super) async fn set_password(
    ctx: &Ctx,
    visitor: &Visitor,
    form: &PasswordForm,
) -> Result<kernel::secret::Secret> {
    let store = ctx.store();
    let account = people::account(store, ctx.who.account).await?.ok_or(Error::SignedOut)?;
    let around = [account.email.as_str(), account.name.as_str(), ctx.who.organization_name.as_str()];
    if form.current.as_str().is_empty() {
        return Err(Error::field("current", "type the password you have now"));
    }
    crate::password::good_enough(form.new.as_str(), &around).map_err(|why| Error::field("new", why))?;
    let attempt = Attempt::guess(store, &visitor.address, &account.email);
    attempt.begin(store, ctx.now()).await?;
    if !crate::password::verify(form.current.0.clone(), account.password_hash.clone()).await? {
        return Err(Error::field("current", "this is not your password"));
    }
    let hash = crate::password::hash(form.new.0.clone()).await?;
    let mut batch = Batch::new();
    attempt.good(&mut batch);
    query::set_password(&mut batch, account.id, &hash);
    query::end_all(&mut batch, account.id, None, ctx.now());
    let until = sessions::signed(visitor).await?.map_or_else(|| sessions::ends(ctx.now()), |s| s.expires_at);
    let secret = begin(&mut batch, visitor, account.id, Some(ctx.who.membership), until);
    note(ctx, &mut batch, "set_password");
    if let Ok(recipient) = account.email.parse::<EmailAddress>() {
        crate::letters::password_changed(&mut batch, &ctx.app, &recipient, ctx.now());
    }
    ctx.commit(batch).await?;
    Ok(secret)
}
