//! Acting as one membership or another. Rights never add up across memberships (ROLES.md: account); a change is an
//! act of its own, by POST, and gives the session a new secret.

use kernel::id::MembershipId;
use kernel::secret::Secret;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::Visitor;

use crate::sessions::{Signed, begin, landing, note, plan, role_names, signed};

/// A membership that may be chosen.
pub(super) struct Hat {
    pub(super) id: MembershipId,
    pub(super) organization: String,
    pub(super) audience: kernel::Audience,
    /// Names of the live roles; empty for none.
    pub(super) roles: String,
    /// Acted as now.
    pub(super) current: bool,
}

/// The memberships of a session's owner.
///
/// # Errors
/// The store's.
pub(super) async fn all(visitor: &Visitor, signed: &Signed) -> Result<Vec<Hat>> {
    let mut hats = Vec::with_capacity(signed.hats.len());
    for hat in &signed.hats {
        let plan = plan(&visitor.app, hat).await?;
        hats.push(Hat {
            id: hat.membership,
            organization: hat.organization_name.clone(),
            audience: hat.audience,
            roles: role_names(&plan),
            current: signed.hat.as_ref().is_some_and(|now| now.membership == hat.membership),
        });
    }
    Ok(hats)
}

/// Acts as another membership from now on. The session keeps its end: changing hats does not make it longer.
///
/// # Errors
/// [`Error::SignedOut`] without a session, [`Error::NotFound`] for a membership that is not one's own or is not
/// active; or the store's.
pub(super) async fn put_on(visitor: &Visitor, id: MembershipId, wanted: &str) -> Result<(Secret, String)> {
    let signed = signed(visitor).await?.ok_or(Error::SignedOut)?;
    let hat = signed.hats.iter().find(|hat| hat.membership == id).ok_or(Error::NotFound)?;
    let app = &visitor.app;
    let mut batch = Batch::new();
    // Of two changes at the same moment one ends the session that the other began from.
    super::query::end(&mut batch, signed.account, signed.session, app.clock.now());
    let secret = begin(&mut batch, visitor, signed.account, Some(id), signed.expires_at);
    let from = signed.hat.as_ref().map(|h| h.organization_name.as_str());
    note(app, &mut batch, signed.account, hat, &visitor.address, "act_as", &json!({ "before": from }))
        .await?;
    let path = landing(app, &*plan(app, hat).await?, wanted);
    app.store.commit(batch).await?;
    Ok((secret, path))
}

/// Where the root leads: home of the membership acted as, the choice of one, or sign-in.
///
/// # Errors
/// The store's.
pub(super) async fn home(visitor: &Visitor) -> Result<String> {
    if let Some(looking) = web::preview::current(&visitor.app, visitor.cookie.as_deref()).await? {
        return Ok(match looking.plan.portals.first() {
            Some(_) => landing(&visitor.app, &looking.plan, ""),
            None => web::preview::PATH.to_owned(),
        });
    }
    let Some(signed) = signed(visitor).await? else { return Ok("/sign-in".into()) };
    match &signed.hat {
        Some(hat) => Ok(landing(&visitor.app, &*plan(&visitor.app, hat).await?, "")),
        None => Ok("/hats".into()),
    }
}

/// Where the own account is: behind the first door of the membership acted as.
///
/// # Errors
/// The store's.
pub(super) async fn account(visitor: &Visitor) -> Result<String> {
    if let Some(looking) = web::preview::current(&visitor.app, visitor.cookie.as_deref()).await? {
        let prefix = web::mount::home(&looking.plan.portals);
        return Ok(prefix.map_or(web::preview::PATH.to_owned(), |prefix| format!("{prefix}/account")));
    }
    let Some(signed) = signed(visitor).await? else { return Ok("/sign-in?next=/account".into()) };
    let Some(hat) = &signed.hat else { return Ok("/hats".into()) };
    let plan = plan(&visitor.app, hat).await?;
    Ok(match web::mount::home(&plan.portals) {
        Some(prefix) => format!("{prefix}/account"),
        None => "/hats".into(),
    })
}
