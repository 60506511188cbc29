//! Asking for a new password, and setting it.

use kernel::secret::Secret;
use kernel::text::EmailAddress;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::{App, Visitor};

use super::model::{ForgotForm, ResetForm};
use super::query;
use crate::accounts::query as sessions;
use crate::letters::{self, Sender};
use crate::members::query as people;
use crate::members::query::Account;
use crate::sessions::note;
use crate::sign_in::throttle::Attempt;

/// How long a link works, in microseconds: one hour.
const HOUR: u64 = 3_600_000_000;

/// Sends a link to whoever the address belongs to. The answer is the same, and the same sort of write happens,
/// whether it belongs to anybody or not.
///
/// # Errors
/// [`Error::Invalid`] for what is no address, [`Error::TooMany`]; or the store's.
pub(super) async fn ask(visitor: &Visitor, form: &ForgotForm) -> Result<()> {
    let app = &visitor.app;
    let email: EmailAddress = form.email.parse().map_err(|why| Error::field("email", why))?;
    Attempt::reset(&app.store, &visitor.address).begin(&app.store, app.clock.now()).await?;
    let account = people::account_by_email(&app.store, &email).await?.filter(|account| !account.archived);
    let mut batch = Batch::new();
    // A mailbox is not to be filled: nothing is sent beyond that, and nothing is said of it either.
    let mailbox = Attempt::reset_mail(&app.store, email.as_str());
    if mailbox.count_in(&mut batch, &app.store, app.clock.now()).await?
        && let Some(account) = account
    {
        send(app, &mut batch, &account, &email).await?;
    }
    app.store.commit(batch).await.map(|_| ())
}

/// Puts a link into a batch, for the account's own mailbox.
///
/// # Errors
/// The store's.
pub(crate) async fn send(app: &App, batch: &mut Batch, account: &Account, to: &EmailAddress) -> Result<()> {
    let now = app.clock.now();
    let secret = Secret::random();
    let until = now + std::time::Duration::from_micros(HOUR);
    query::insert(batch, &secret, account.id, now, until);
    // In the name of the organization where there is just one.
    let hats = sessions::hats(&app.store, account.id).await?;
    let sender = match hats.as_slice() {
        [only] => {
            Sender { organization: Some(only.organization), name: &only.organization_name, hue: only.hue }
        }
        _ => Sender::NOBODY,
    };
    letters::reset(batch, app, sender, to, &format!("/reset/{}", secret.expose()), (now, until));
    Ok(())
}

/// The account behind a link.
///
/// # Errors
/// [`Error::NotFound`] for a link that was used, is too old or never was; or the store's.
pub(super) async fn find(app: &App, token: &str) -> Result<Account> {
    let id = query::account_of(&app.store, &Secret::presented(token), app.clock.now()).await?;
    people::account(&app.store, id.ok_or(Error::NotFound)?).await?.ok_or(Error::NotFound)
}

/// Sets the password, ends every session, and tells the owner.
///
/// # Errors
/// [`Error::NotFound`] as [`find`]; [`Error::Invalid`] at `new`; or the store's.
pub(super) async fn set(visitor: &Visitor, token: &str, form: &ResetForm) -> Result<()> {
    let app = &visitor.app;
    let now = app.clock.now();
    let account = find(app, token).await?;
    let hats = sessions::hats(&app.store, account.id).await?;
    let mut around = vec![account.email.as_str(), account.name.as_str()];
    around.extend(hats.iter().map(|hat| hat.organization_name.as_str()));
    crate::password::good_enough(form.new.as_str(), &around).map_err(|why| Error::field("new", why))?;
    let hash = crate::password::hash(form.new.0.clone()).await?;
    let mut batch = Batch::new();
    query::consume(&mut batch, &Secret::presented(token), account.id, now);
    sessions::set_password(&mut batch, account.id, &hash);
    sessions::end_all(&mut batch, account.id, None, now);
    Attempt::guess(&app.store, &visitor.address, &account.email).good(&mut batch);
    for hat in &hats {
        note(app, &mut batch, account.id, hat, &visitor.address, "reset_password", &json!({})).await?;
    }
    if let Ok(to) = account.email.parse::<EmailAddress>() {
        letters::password_changed(&mut batch, app, &to, now);
    }
    app.store.commit(batch).await.map(|_| ())
}
