//! The sites an incident can be filed for, and the workers it can come from, as the asker's plan has them.

use access::{Action, Facts, FieldClass, Permission, Resource, Sight, permission};
use kernel::id::{MembershipId, SiteId, WorkerId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Portal, Result};
use store::listing::{self, Listing};
use store::{FromRow, Row};
use uuid::Uuid;
use web::Ctx;

use super::query::{SITES, WORKERS};
use super::{CREATE, words::Source};

const SEE_WORKERS: Permission = permission(Resource::Worker, Action::View);
const SEE_SITES: Permission = permission(Resource::Site, Action::View);

/// A site to choose.
#[derive(Clone, Debug)]
pub(super) struct SiteChoice {
    pub(super) id: SiteId,
    pub(super) name: String,
    pub(super) client: String,
    pub(super) zone: String,
}

impl FromRow for SiteChoice {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get::<Option<String>>(1)?.unwrap_or_default(),
            zone: row.get::<Option<String>>(2)?.unwrap_or_default(),
            client: row.get::<Option<String>>(3)?.unwrap_or_default(),
        })
    }
}

/// More sites than this are searched, not listed.
pub(super) const FEW: u16 = 60;

/// The sites where this person may file, by name.
pub(super) async fn to_file_at(ctx: &Ctx, search: &str) -> Result<Page<SiteChoice>> {
    if !ctx.may(SEE_SITES) {
        return Ok(Page { items: Vec::new(), next: None });
    }
    Listing::new(&ctx.plan, CREATE, &SITES)?
        .is("archived", 0)?
        .search(search)
        .rows(PageSize::of(Some(FEW)))
        .page(ctx.store())
        .await
}

/// The sites this person sees, for filters; empty for those who see none by name.
pub(super) async fn to_filter_by(ctx: &Ctx) -> Result<Page<SiteChoice>> {
    if !ctx.may(SEE_SITES) {
        return Ok(Page { items: Vec::new(), next: None });
    }
    Listing::new(&ctx.plan, SEE_SITES, &SITES)?.rows(PageSize::of(Some(FEW))).page(ctx.store()).await
}

/// What filing needs to know of a site: its names, its clock, and the rules in force there now.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) name: String,
    pub(super) client: String,
    pub(super) zone: String,
    pub(super) source: Source,
    pub(super) approval_required: bool,
    pub(super) editable_by_author: bool,
    pub(super) archived: bool,
}

impl FromRow for Place {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        // The kinds of site are `static`, `patrol` and `job`, in that order.
        let source = if row.get::<i64>(3)? == 1 { Source::Patrol } else { Source::Static };
        Ok(Self {
            name: row.get(0)?,
            client: row.get(1)?,
            zone: row.get(2)?,
            source,
            approval_required: row.get::<i64>(4)? == 1,
            editable_by_author: row.get::<i64>(5)? == 1,
            archived: row.get::<i64>(6)? == 1,
        })
    }
}

/// A site where this person may file, with its facts. One that is hidden answers as one that is not there.
pub(super) async fn place(ctx: &Ctx, site: &web::Text) -> Result<(SiteId, Place, Facts)> {
    let unknown = || Error::field("site", "choose one of your sites");
    let id: SiteId = site.parse().map_err(|_unreadable: String| unknown())?;
    let found = listing::find::<SiteChoice>(ctx.store(), &ctx.plan, CREATE, &SITES, id.uuid()).await;
    let (_, facts) = match found {
        Ok(found) => found,
        Err(Error::NotFound) => return Err(unknown()),
        Err(other) => return Err(other),
    };
    let place: Place = super::query::place(ctx.store(), ctx.who.organization, id).await?;
    if place.archived {
        return Err(Error::field("site", "this site is archived; restore it first"));
    }
    Ok((id, place, facts))
}

/// Somebody a report can come from.
#[derive(Clone, Debug)]
pub(super) struct WorkerChoice {
    pub(super) name: String,
    pub(super) number: String,
    pub(super) membership: Option<MembershipId>,
    pub(super) team: Option<Uuid>,
}

impl FromRow for WorkerChoice {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            name: row.get::<Option<String>>(1)?.unwrap_or_default(),
            number: row.get::<Option<String>>(2)?.unwrap_or_default(),
            membership: row.get(3)?,
            team: row.get(4)?,
        })
    }
}

/// May this person file what somebody else reports? Those who may file anywhere, from the office, and see who
/// reported what: call centers and administrators, never field-only roles.
pub(super) fn may_file_for_others(ctx: &Ctx) -> bool {
    ctx.plan.everywhere(CREATE)
        && ctx.plan.opens(Portal::Office)
        && ctx.plan.sight(Resource::Incident, FieldClass::People) == Sight::Always
        && ctx.may(SEE_WORKERS)
}

/// Names to suggest; any other may be typed.
pub(super) async fn workers(ctx: &Ctx) -> Result<Vec<WorkerChoice>> {
    let page: Page<WorkerChoice> = Listing::new(&ctx.plan, SEE_WORKERS, &WORKERS)?
        .is("archived", 0)?
        .rows(PageSize::of(Some(PageSize::MOST)))
        .page(ctx.store())
        .await?;
    Ok(page.items)
}

/// The worker somebody typed: an id, a full name, an employee number, or "name (number)" as suggested.
pub(super) async fn worker(ctx: &Ctx, typed: &web::Text) -> Result<WorkerChoice> {
    let wrong = |message: &str| Error::field("reported_by", message);
    if !may_file_for_others(ctx) {
        return Err(wrong("your roles do not let you file for somebody else"));
    }
    let text = typed.as_str().trim();
    let nobody = || wrong("there is no current worker of this name or number");
    if let Ok(id) = text.parse::<WorkerId>() {
        let found =
            listing::find::<WorkerChoice>(ctx.store(), &ctx.plan, SEE_WORKERS, &WORKERS, id.uuid()).await;
        return match found {
            Ok((worker, _)) => Ok(worker),
            Err(Error::NotFound) => Err(nobody()),
            Err(other) => Err(other),
        };
    }
    let (name, number) = match text.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
        Some((name, number)) => (name, Some(number)),
        None => (text, None),
    };
    let folded = store::fold(name);
    let page: Page<WorkerChoice> = Listing::new(&ctx.plan, SEE_WORKERS, &WORKERS)?
        .is("archived", 0)?
        .search(name)
        .rows(PageSize::of(Some(PageSize::MOST)))
        .page(ctx.store())
        .await?;
    let mut named: Vec<WorkerChoice> = page
        .items
        .into_iter()
        .filter(|w| store::fold(&w.name) == folded && number.is_none_or(|n| n == w.number))
        .collect();
    if named.is_empty() {
        let by_number: Page<WorkerChoice> = Listing::new(&ctx.plan, SEE_WORKERS, &WORKERS)?
            .is("archived", 0)?
            .is("employee_number", text)?
            .page(ctx.store())
            .await?;
        named = by_number.items;
    }
    match (named.pop(), named.is_empty()) {
        (Some(worker), true) => Ok(worker),
        (Some(_), false) => Err(wrong("several workers are called that; write the employee number")),
        (None, _) => Err(nobody()),
    }
}

impl WorkerChoice {
    /// How it is suggested, and read back.
    pub(super) fn suggestion(&self) -> String {
        if self.number.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.number) }
    }
}
