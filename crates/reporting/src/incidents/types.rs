//! The organization's list of types of incident. Incidents keep the word they were filed under; the list is what
//! can be chosen now.

use access::Facts;
use kernel::text::Line;
use kernel::{Error, FieldErrors, Id, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Batch, FromRow, Row, params};
use uuid::Uuid;
use web::{Ctx, Text};

use super::SETTINGS;

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

/// A kind of id of its own for the list's lines.
#[derive(Debug)]
pub enum Kind {}

impl kernel::id::Kind for Kind {
    const PREFIX: &'static str = "typ";
    const ORDERED: bool = false;
}

/// A type's id.
pub(super) type TypeId = Id<Kind>;

/// A type of incident.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TypeOut {
    /// Its id.
    pub id: TypeId,
    /// The word.
    pub name: String,
    /// Cannot be chosen any more.
    pub archived: bool,
    /// Send it back when changing it.
    pub version: i64,
}

impl FromRow for TypeOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            archived: row.get::<i64>(2)? == 1,
            version: row.get(3)?,
        })
    }
}

/// A type as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TypeForm {
    /// The word: up to 80 characters.
    pub name: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

impl TypeForm {
    fn parse(&self) -> Result<Line<80>> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse());
        errors.check()?;
        name.ok_or_else(|| Error::internal("a checked form lacks a field"))
    }
}

/// Every type of the organization, by name; the first list is made when there is none yet.
pub(super) async fn all(ctx: &Ctx) -> Result<Vec<TypeOut>> {
    let found = read(ctx).await?;
    if !found.is_empty() {
        return Ok(found);
    }
    let mut batch = Batch::new();
    for name in FIRST {
        batch.run(
            "insert into incident_types (id, organization_id, name) values ($1, $2, $3) on conflict do nothing",
            params![Uuid::new_v4(), ctx.who.organization, *name],
        );
    }
    ctx.commit(batch).await?;
    read(ctx).await
}

async fn read(ctx: &Ctx) -> Result<Vec<TypeOut>> {
    ctx.store()
        .all(
            "select id, name, archived, version from incident_types where organization_id = $1 order by name",
            params![ctx.who.organization],
        )
        .await
}

/// The words that can be chosen now.
pub(super) async fn names(ctx: &Ctx) -> Result<Vec<String>> {
    Ok(all(ctx).await?.into_iter().filter(|t| !t.archived).map(|t| t.name).collect())
}

/// Insists that a word can be chosen, or stays what it was.
pub(super) async fn check(ctx: &Ctx, word: &str, before: Option<&str>) -> Result<()> {
    if before == Some(word) || names(ctx).await?.iter().any(|name| name == word) {
        return Ok(());
    }
    Err(Error::field("kind", "choose one of the types on the list"))
}

async fn find(ctx: &Ctx, id: TypeId) -> Result<TypeOut> {
    ctx.store()
        .one(
            "select id, name, archived, version from incident_types where organization_id = $1 and id = $2",
            params![ctx.who.organization, id],
        )
        .await
}

/// Changing the list is a setting of the organization.
fn permit(ctx: &Ctx) -> Result<access::Permit> {
    ctx.plan.permit(SETTINGS, &Facts::of(ctx.who.organization.uuid()))
}

fn taken() -> Error {
    Error::field("name", "this type is on the list already, or among the archived ones")
}

pub(super) async fn add(ctx: &Ctx, form: &TypeForm) -> Result<TypeOut> {
    let permit = permit(ctx)?;
    let name = form.parse()?;
    let id = TypeId::new();
    let mut batch = Batch::new();
    batch.run(
        "insert into incident_types (id, organization_id, name) values ($1, $2, $3)",
        params![id, permit.organization(), &name],
    );
    batch.taken(taken());
    journal(ctx, &mut batch, "add_type", id, name.as_str(), &json!({}));
    ctx.commit_new(batch, "/incidents/types").await?;
    find(ctx, id).await
}

pub(super) async fn rename(ctx: &Ctx, id: TypeId, form: &TypeForm) -> Result<TypeOut> {
    let permit = permit(ctx)?;
    let before = find(ctx, id).await?;
    let name = form.parse()?;
    let version = web::input::version(&form.version)?;
    let mut batch = Batch::new();
    batch.guard(
        "update incident_types set name = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, version, &name],
        Error::Stale,
    );
    batch.taken(taken());
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

pub(super) async fn set_archived(ctx: &Ctx, id: TypeId, archived: bool) -> Result<TypeOut> {
    let permit = permit(ctx)?;
    let before = find(ctx, id).await?;
    if before.archived == archived {
        return Ok(before);
    }
    let mut batch = Batch::new();
    batch.guard(
        "update incident_types set archived = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and version = $3",
        params![permit.organization(), id, before.version, i64::from(archived)],
        Error::Stale,
    );
    let action = if archived { "archive_type" } else { "restore_type" };
    journal(ctx, &mut batch, action, id, &before.name, &json!({}));
    ctx.commit(batch).await?;
    find(ctx, id).await
}

fn journal(ctx: &Ctx, batch: &mut Batch, action: &str, id: TypeId, label: &str, detail: &serde_json::Value) {
    ctx.journal(batch, action, access::Resource::Organization, Some(id), label, detail);
}
