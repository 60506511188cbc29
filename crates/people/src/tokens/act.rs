//! What can be done with tokens.

use access::{Facts, Resource};
use kernel::id::{ApiTokenId, MembershipId};
use kernel::page::{Page, PageSize};
use kernel::secret::Secret;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::{Ctx, Door, Visitor};

use super::model::{SignInTokenForm, TokenFilter, TokenForm, TokenMade, TokenOut};
use super::query::{self, TOKENS};
use super::{CREATE, DELETE, VIEW};

const DAY: i64 = 86_400_000_000;

pub(super) async fn list(ctx: &Ctx, filter: &TokenFilter) -> Result<Page<TokenOut>> {
    ctx.require(VIEW)?;
    Listing::new(&ctx.plan, VIEW, &TOKENS)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

pub(super) async fn find(ctx: &Ctx, id: ApiTokenId) -> Result<(TokenOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &TOKENS, id.uuid()).await
}

/// Makes a token for the asker. A token cannot make another one: a key that leaked must not outlive its revocation.
pub(super) async fn create(ctx: &Ctx, form: &TokenForm) -> Result<TokenMade> {
    let facts = Facts { author: Some(ctx.who.membership.uuid()), ..Facts::of(ctx.who.organization.uuid()) };
    let permit = ctx.plan.permit_new(CREATE, &facts)?;
    if ctx.who.token.is_some() {
        return Err(Error::forbidden("a token cannot make a token; sign in to do it"));
    }
    let draft = form.parse(ctx)?;
    let (id, secret) = (ApiTokenId::new(), Secret::random());
    let now = ctx.now();
    let mut batch = Batch::new();
    query::insert(&mut batch, &permit, id, &draft, &secret, (now, now.as_microsecond() + draft.days * DAY));
    let detail = json!({ "scopes": draft.scopes, "days": draft.days });
    ctx.journal(&mut batch, "create", Resource::ApiToken, Some(id), draft.name.as_str(), &detail);
    ctx.commit(batch).await?;
    Ok(TokenMade { token: find(ctx, id).await?.0, secret: secret.expose().to_owned() })
}

/// Makes a token for somebody who proves who they are by address and password, as at sign-in: guesses are slowed down
/// alike, and everything that is wrong about them gets the one same answer.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::TooMany`]; what [`create`] refuses; or the store's.
pub(super) async fn sign_in(visitor: &Visitor, form: &SignInTokenForm) -> Result<TokenMade> {
    let store = &visitor.app.store;
    let mut batch = Batch::new();
    let account = crate::sign_in::act::checked(visitor, &form.email, &form.password, &mut batch).await?;
    store.commit(batch).await?;
    let hats = crate::accounts::query::hats(store, account.id).await?;
    let wanted: Option<MembershipId> =
        form.membership.parse_optional().map_err(|why: String| Error::field("membership", why))?;
    let hat = match (wanted, hats.as_slice()) {
        (None, [only]) => only,
        (wanted, all) => all.iter().find(|hat| Some(hat.membership) == wanted).ok_or_else(|| {
            let all: Vec<String> = all
                .iter()
                .map(|hat| format!("{} ({}, {})", hat.membership, hat.organization_name, hat.audience))
                .collect();
            Error::field(
                "membership",
                if all.is_empty() {
                    "you are no member of any organization".to_owned()
                } else {
                    format!("choose what the token acts as: {}", all.join(", "))
                },
            )
        })?,
    };
    let who = web::identity::who(&visitor.app, account.id, hat.membership).await?;
    let plan = crate::sessions::plan(&visitor.app, hat).await?;
    let ctx = visitor.acting(Door::Api, who, plan);
    let wanted = TokenForm { name: form.name.clone(), scopes: form.scopes.clone(), days: form.days.clone() };
    create(&ctx, &wanted).await
}

/// Ends a token. The next request with it is refused.
pub(super) async fn revoke(ctx: &Ctx, id: ApiTokenId) -> Result<TokenOut> {
    let (before, facts) = find(ctx, id).await?;
    let permit = ctx.plan.permit(DELETE, &facts)?;
    let mut batch = Batch::new();
    query::revoke(&mut batch, &permit, id, ctx.now());
    ctx.journal(&mut batch, "revoke", Resource::ApiToken, Some(id), &before.name, &json!({}));
    ctx.commit(batch).await?;
    Ok(find(ctx, id).await?.0)
}
