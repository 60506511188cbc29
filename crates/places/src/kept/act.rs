//! What is done alike with everything that is kept.

use access::{Permission, Permit};
use kernel::id::{ClientId, Kind};
use kernel::page::{Page, PageSize};
use kernel::text::Name;
use kernel::{Error, Id, Result};
use serde_json::Value;
use store::listing::{Listing, Table};
use store::{Batch, FromRow, Row};
use web::Ctx;

use super::query;

/// The id of a row; the first field of every table here.
struct Found(uuid::Uuid);

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        row.get(0).map(Self)
    }
}

/// A name that is to be given to a record.
#[derive(Debug)]
pub(crate) struct Naming<'a> {
    /// Where records of its kind are, and what it takes to see them.
    pub(crate) table: &'static Table,
    pub(crate) view: Permission,
    /// What such a record is called in "another … has this name already".
    pub(crate) another: &'a str,
    /// The record's id, outside and inside.
    pub(crate) id: (String, uuid::Uuid),
    pub(crate) name: &'a Name,
    /// The client within which the name counts, where it is not the whole organization.
    pub(crate) client: Option<ClientId>,
    /// Does the record have the name already?
    pub(crate) kept: bool,
}

impl Naming<'_> {
    /// Refuses a name that another record before the asker's eyes has.
    async fn free(&self, ctx: &Ctx) -> Result<()> {
        let mut same = Listing::new(&ctx.plan, self.view, self.table)?.is("name", self.name)?;
        if let Some(client) = self.client {
            same = same.is("client", client)?;
        }
        // Two, because the record itself may be one of them.
        let two: Page<Found> = same.rows(PageSize::of(Some(2))).page(ctx.store()).await?;
        if two.items.iter().any(|Found(id)| *id != self.id.1) {
            return Err(Error::field("name", format!("another {} has this name already", self.another)));
        }
        Ok(())
    }
}

/// The key under which a name is stored that is asked about first and committed later, where it cannot be tried twice:
/// one of its own, so that a hidden record of the name neither stands in the way nor tells of itself.
///
/// # Errors
/// A message at `name`, or the store's.
pub(crate) async fn free_key(ctx: &Ctx, naming: &Naming<'_>) -> Result<String> {
    if !naming.kept {
        naming.free(ctx).await?;
    }
    Ok(format!("{}\n{}", naming.name, naming.id.0))
}

/// Commits what gives a record its name. `batch` is made with the key under which the name is unique; `location` is
/// where the record will be, if it is new.
///
/// Only names that the asker can see are in the way. Where a hidden record has the name, the new one is stored under a
/// key of its own, and all answers are the same as if the hidden one were not there (law 3).
///
/// # Errors
/// A message at `name`; the batch's guards, or the store's.
pub(crate) async fn commit_named(
    ctx: &Ctx,
    naming: &Naming<'_>,
    location: Option<&str>,
    batch: impl Fn(&str) -> Batch,
) -> Result<()> {
    let send = async |batch: Batch| match location {
        Some(location) => ctx.commit_new(batch, location).await.map(|_| ()),
        None => ctx.commit(batch).await.map(|_| ()),
    };
    if !naming.kept {
        naming.free(ctx).await?;
    }
    match send(batch(naming.name.as_str())).await {
        // Nothing else in these batches is refused at a field.
        Err(Error::Invalid(_)) => {}
        other => return other,
    }
    // Somebody took the name a moment ago, or has it unseen. No name has a line break, so the key is no other's.
    naming.free(ctx).await?;
    send(batch(&format!("{}\n{}", naming.name, naming.id.0))).await
}

/// Archives a record that was found within the plan, or restores it. `batch` holds what goes with it.
///
/// # Errors
/// Those of its guards, or the store's.
pub(crate) async fn archive<K: Kind>(
    ctx: &Ctx,
    mut batch: Batch,
    permit: &Permit,
    table: &'static Table,
    (id, version, name): (Id<K>, i64, &str),
    at: Option<kernel::Timestamp>,
    detail: &Value,
) -> Result<()> {
    query::set_archived(&mut batch, permit, table, id, version, at);
    let action = if at.is_some() { "archive" } else { "restore" };
    ctx.journal(&mut batch, action, table.resource, Some(id), name, detail);
    ctx.commit(batch).await.map(|_| ())
}
