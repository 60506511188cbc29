//! Signing in and out.

use kernel::secret::Secret;
use kernel::text::EmailAddress;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::{App, Text, Visitor};

use super::model::SignInForm;
use super::throttle::Attempt;
use crate::accounts::query as sessions;
use crate::members::query as people;
use crate::sessions::{begin, ends, landing, note, plan};

/// A session that began, and where it leads.
pub(super) struct Begun {
    pub(super) secret: Secret,
    pub(super) path: String,
}

/// The one answer to an address that is unknown, archived or without a password, and to a wrong password.
fn wrong() -> Error {
    Error::field("", "The address or the password is wrong.")
}

/// The account of an address and its password. The guess is counted before it is looked at; `batch` takes that back.
///
/// # Errors
/// [`Error::Invalid`], the same for every reason; [`Error::TooMany`]; or the store's.
pub(crate) async fn checked(
    visitor: &Visitor,
    email: &Text,
    password: &Text,
    batch: &mut Batch,
) -> Result<people::Account> {
    let store = &visitor.app.store;
    let attempt = Attempt::guess(store, &visitor.address, email.as_str());
    attempt.begin(store, visitor.app.clock.now()).await?;
    let account = match email.parse::<EmailAddress>() {
        Ok(email) => people::account_by_email(store, &email).await?.filter(|account| !account.archived),
        Err(_no_address) => None,
    };
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let good = crate::password::verify(password.0.clone(), hash).await?;
    let Some(account) = account.filter(|_| good) else { return Err(wrong()) };
    attempt.good(batch);
    Ok(account)
}

/// Checks address and password and begins a session. Somebody with one membership acts as that; somebody with
/// several chooses.
///
/// # Errors
/// [`Error::Invalid`], the same for every reason; [`Error::TooMany`]; or the store's.
pub(super) async fn sign_in(visitor: &Visitor, form: &SignInForm) -> Result<Begun> {
    let app = &visitor.app;
    let store = &app.store;
    let now = app.clock.now();
    let mut batch = Batch::new();
    let account = checked(visitor, &form.email, &form.password, &mut batch).await?;
    let hats = sessions::hats(store, account.id).await?;
    let hat = match hats.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let secret = begin(&mut batch, visitor, account.id, hat.map(|h| h.membership), ends(now));
    let path = match hat {
        Some(hat) => {
            note(app, &mut batch, account.id, hat, &visitor.address, "sign_in", &json!({})).await?;
            landing(app, &*plan(app, hat).await?, form.next.as_str())
        }
        None if form.next.is_blank() => "/hats".to_owned(),
        None => format!("/hats?next={}", web::mount::encode(form.next.as_str())),
    };
    store.commit(batch).await?;
    Ok(Begun { secret, path })
}

/// Ends the session of a browser.
///
/// # Errors
/// The store's.
pub(super) async fn sign_out(visitor: &Visitor) -> Result<()> {
    let Some(cookie) = &visitor.cookie else { return Ok(()) };
    let app = &visitor.app;
    let mut batch = Batch::new();
    if let Some(signed) = crate::sessions::signed(visitor).await?
        && let Some(hat) = &signed.hat
    {
        note(app, &mut batch, signed.account, hat, &visitor.address, "sign_out", &json!({})).await?;
    }
    sessions::end_presented(&mut batch, &Secret::presented(cookie), app.clock.now());
    app.store.commit(batch).await.map(|_| ())
}

/// The demo's people that are there: name by address. Empty outside a demo.
///
/// # Errors
/// The store's.
pub(super) async fn demo_people(app: &App) -> Result<Vec<(String, String)>> {
    if app.config.demo { super::query::demo_people(&app.store).await } else { Ok(Vec::new()) }
}
