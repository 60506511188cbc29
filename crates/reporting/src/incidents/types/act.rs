//! What can be done with the list of types.

use access::Facts;
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::Ctx;

use super::model::{TypeForm, TypeId, TypeOut};
use super::query;
use crate::incidents::SETTINGS;

/// What an organization begins with.
const FIRST: &[&str] = &[
    "Access control",
    "Alarm",
    "Assault",
    "Disturbance",
    "Fire",
    "Lost and found",
    "Medical",
    "Other",
    "Property damage",
    "Safety hazard",
    "Suspicious person",
    "Suspicious vehicle",
    "Theft",
    "Trespassing",
    "Vandalism",
];

/// Every type of the organization, by name; the first list is made when there is none yet.
pub(in crate::incidents) async fn all(ctx: &Ctx) -> Result<Vec<TypeOut>> {
    let found = query::all(ctx.store(), ctx.who.organization).await?;
    if !found.is_empty() {
        return Ok(found);
    }
    let mut batch = Batch::new();
    query::begin(&mut batch, ctx.who.organization, FIRST);
    ctx.commit(batch).await?;
    query::all(ctx.store(), ctx.who.organization).await
}

/// The words that can be chosen now.
pub(in crate::incidents) async fn names(ctx: &Ctx) -> Result<Vec<String>> {
    Ok(all(ctx).await?.into_iter().filter(|t| !t.archived).map(|t| t.name).collect())
}

/// Insists that a word can be chosen, or stays what it was.
pub(in crate::incidents) async fn check(ctx: &Ctx, word: &str, before: Option<&str>) -> Result<()> {
    if before == Some(word) || names(ctx).await?.iter().any(|name| name == word) {
        return Ok(());
    }
    Err(Error::field("kind", "choose one of the types on the list"))
}

async fn find(ctx: &Ctx, id: TypeId) -> Result<TypeOut> {
    query::one(ctx.store(), ctx.who.organization, id).await
}

/// Changing the list is a setting of the organization.
fn permit(ctx: &Ctx) -> Result<access::Permit> {
    ctx.plan.permit(SETTINGS, &Facts::of(ctx.who.organization.uuid()))
}

pub(in crate::incidents) async fn add(ctx: &Ctx, form: &TypeForm) -> Result<TypeOut> {
    let permit = permit(ctx)?;
    let name = form.parse()?;
    let id = TypeId::new();
    let mut batch = Batch::new();
    query::insert(&mut batch, &permit, id, &name);
    journal(ctx, &mut batch, "add_type", id, name.as_str(), &json!({}));
    ctx.commit_new(batch, "/incidents/types").await?;
    find(ctx, id).await
}

pub(in crate::incidents) async fn rename(ctx: &Ctx, id: TypeId, form: &TypeForm) -> Result<TypeOut> {
    let permit = permit(ctx)?;
    let before = find(ctx, id).await?;
    let name = form.parse()?;
    let version = web::input::version(&form.version)?;
    let mut batch = Batch::new();
    query::rename(&mut batch, &permit, id, version, &name);
    journal(
        ctx,
        &mut batch,
        "rename_type",
        id,
        name.as_str(),
        &json!({ "before": before.name, "after": name }),
    );
    ctx.commit(batch).await?;
    find(ctx, id).await
}

pub(in crate::incidents) async fn set_archived(ctx: &Ctx, id: TypeId, archived: bool) -> Result<TypeOut> {
    let permit = permit(ctx)?;
    let before = find(ctx, id).await?;
    if before.archived == archived {
        return Ok(before);
    }
    let mut batch = Batch::new();
    query::set_archived(&mut batch, &permit, id, before.version, archived);
    let action = if archived { "archive_type" } else { "restore_type" };
    journal(ctx, &mut batch, action, id, &before.name, &json!({}));
    ctx.commit(batch).await?;
    find(ctx, id).await
}

fn journal(ctx: &Ctx, batch: &mut Batch, action: &str, id: TypeId, label: &str, detail: &serde_json::Value) {
    ctx.journal(batch, action, access::Resource::Organization, Some(id), label, detail);
}
