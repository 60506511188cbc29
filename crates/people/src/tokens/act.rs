//! What can be done with tokens.

use access::{Facts, Resource};
use kernel::id::ApiTokenId;
use kernel::page::{Page, PageSize};
use kernel::secret::Secret;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use store::listing::{self, Listing};
use web::Ctx;

use super::model::{TokenFilter, TokenForm, TokenMade, TokenOut};
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
