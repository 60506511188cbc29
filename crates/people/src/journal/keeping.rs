//! How long the journal is kept, and whether its chain holds. Both are about the whole organization.

use access::Resource;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::Ctx;

use super::export::whole;
use super::model::{KeepingOut, RetentionForm, VerificationOut};
use super::{SETTINGS, VIEW, query};

/// Whoever reads the whole journal may know how it is kept.
fn may_read(ctx: &Ctx) -> Result<()> {
    ctx.require(VIEW)?;
    if ctx.plan.everywhere(VIEW) {
        Ok(())
    } else {
        Err(Error::forbidden("This is about the whole journal, and you read a part of it."))
    }
}

pub(super) async fn show(ctx: &Ctx) -> Result<KeepingOut> {
    may_read(ctx)?;
    let kept = query::kept(ctx.store(), ctx.who.organization).await?;
    Ok(KeepingOut {
        days: kept.days,
        removed_through: kept.removed.map(|(through, _)| through),
        removed_at: kept.removed.map(|(_, at)| at),
        may_change: ctx.plan.check(SETTINGS, &whole(ctx)),
    })
}

/// Sets how long lines and reads are kept. What is older goes with the next run of the work behind the scenes.
pub(super) async fn set_retention(ctx: &Ctx, form: &RetentionForm) -> Result<KeepingOut> {
    let before = show(ctx).await?;
    let permit = ctx.plan.permit(SETTINGS, &whole(ctx))?;
    let days = form.parse()?;
    let mut batch = Batch::new();
    query::set_days(&mut batch, &permit, days);
    let name = ctx.who.organization_name.clone();
    let detail = json!({ "before": { "days_kept": before.days }, "after": { "days_kept": days } });
    let id = Some(ctx.who.organization);
    ctx.journal(&mut batch, "set_retention", Resource::Organization, id, &name, &detail);
    ctx.commit(batch).await?;
    show(ctx).await
}

/// Walks the organization's chain.
pub(super) async fn verify(ctx: &Ctx) -> Result<VerificationOut> {
    may_read(ctx)?;
    match store::journal::verify(ctx.store(), ctx.who.organization).await {
        Ok(chain) => Ok(VerificationOut {
            unbroken: true,
            lines: Some(chain.lines),
            head: Some(chain.head),
            hash: Some(store::journal::hex(&chain.hash)),
            broken: None,
        }),
        Err(Error::Conflict(why)) => {
            Ok(VerificationOut { unbroken: false, lines: None, head: None, hash: None, broken: Some(why) })
        }
        Err(other) => Err(other),
    }
}
