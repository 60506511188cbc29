//! What forms offer: current sites and workers within the plan, and what was typed of them.

use access::{Action, Facts, Permission, Resource, permission};
use kernel::id::{MembershipId, SiteId, WorkerId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use store::listing::{self, Listing};
use store::{FromRow, Row};
use uuid::Uuid;
use web::{Ctx, Text};

use crate::query::{self, Place, SITES, WORKERS};

const SEE_SITES: Permission = permission(Resource::Site, Action::View);
const SEE_WORKERS: Permission = permission(Resource::Worker, Action::View);
/// So many are offered at most; a longer list helps nobody to choose.
const MOST: usize = 1_000;

/// A site to choose.
#[derive(Clone, Debug)]
pub(crate) struct SiteChoice {
    pub(crate) id: SiteId,
    pub(crate) name: String,
    pub(crate) zone: String,
}

impl FromRow for SiteChoice {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.get(0)?, name: row.get(1)?, zone: row.get(2)? })
    }
}

/// A worker to choose.
#[derive(Clone, Debug)]
pub(crate) struct WorkerChoice {
    pub(crate) id: WorkerId,
    pub(crate) name: String,
    pub(crate) membership: Option<MembershipId>,
    pub(crate) team: Option<Uuid>,
}

impl FromRow for WorkerChoice {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get::<Option<String>>(1)?.unwrap_or_default(),
            membership: row.get(3)?,
            team: row.get(4)?,
        })
    }
}

/// The current sites at which the asker may do this, by name.
pub(crate) async fn sites(ctx: &Ctx, to_do: Permission) -> Result<Vec<SiteChoice>> {
    let mut all: Vec<SiteChoice> = Vec::new();
    let mut cursor: Option<String> = None;
    while ctx.may(to_do) && ctx.may(SEE_SITES) && all.len() < MOST {
        let page: Page<SiteChoice> = Listing::new(&ctx.plan, SEE_SITES, &SITES)?
            .within(to_do)
            .is("archived", 0)?
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page(ctx.store())
            .await?;
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}

/// The current workers that the asker sees, by name.
pub(crate) async fn workers(ctx: &Ctx) -> Result<Vec<WorkerChoice>> {
    let mut all: Vec<WorkerChoice> = Vec::new();
    let mut cursor: Option<String> = None;
    while ctx.may(SEE_WORKERS) && all.len() < MOST {
        let page: Page<WorkerChoice> = Listing::new(&ctx.plan, SEE_WORKERS, &WORKERS)?
            .is("archived", 0)?
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page(ctx.store())
            .await?;
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}

/// A site at which the asker may do this, with its facts. One that is hidden answers as one that is not there.
pub(crate) async fn site(ctx: &Ctx, to_do: Permission, typed: &Text) -> Result<(SiteId, Place, Facts)> {
    let unknown = || Error::field("site", "choose one of your sites");
    let id: SiteId = typed.parse().map_err(|_unreadable: String| unknown())?;
    let found = listing::find::<SiteChoice>(ctx.store(), &ctx.plan, to_do, &SITES, id.uuid()).await;
    let (_, facts) = match found {
        Ok(found) => found,
        Err(Error::NotFound) => return Err(unknown()),
        Err(other) => return Err(other),
    };
    let place = query::place(ctx.store(), ctx.who.organization, id).await?;
    if place.archived {
        return Err(Error::field("site", "this site is archived; restore it first"));
    }
    Ok((id, place, facts))
}

/// The worker that was chosen; blank is nobody.
pub(crate) async fn worker(ctx: &Ctx, typed: &Text) -> Result<Option<WorkerChoice>> {
    if typed.is_blank() {
        return Ok(None);
    }
    let unknown = || Error::field("worker", "choose one of the current workers");
    let id: WorkerId = typed.parse().map_err(|_unreadable: String| unknown())?;
    worker_of(ctx, id).await?.map(Some).ok_or_else(unknown)
}

/// A current worker that the asker sees.
pub(crate) async fn worker_of(ctx: &Ctx, id: WorkerId) -> Result<Option<WorkerChoice>> {
    let page: Page<WorkerChoice> = Listing::new(&ctx.plan, SEE_WORKERS, &WORKERS)?
        .is("archived", 0)?
        .is("id", id)?
        .rows(PageSize::of(Some(1)))
        .page(ctx.store())
        .await?;
    Ok(page.items.into_iter().next())
}
