//! What home shows, read within the plan.

use access::{Action, Permission, Resource, permission};
use kernel::id::MembershipId;
use kernel::page::PageSize;
use kernel::{Audience, Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::listing::Listing;
use store::{FromRow, Row};
use web::Ctx;

use super::query::{MEMBERS, SEE_PEOPLE};
use crate::incidents::{IncidentFilter, IncidentRow, VIEW, listing};

const CREATE: Permission = permission(Resource::Incident, Action::Create);
const APPROVE: Permission = permission(Resource::Incident, Action::Approve);
const PUBLISH: Permission = permission(Resource::Incident, Action::Publish);

/// Counts stop here: "99+" says enough, and exact totals are nobody's business.
const MOST: usize = 99;

/// A number that leads somewhere.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Waiting {
    /// What waits.
    pub label: String,
    /// How many, up to 99; 100 means more.
    pub count: usize,
    /// The list, below the door.
    pub path: String,
}

/// Somebody one looks after, and when they were here.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ActiveOut {
    /// Who.
    pub id: MembershipId,
    /// Their name.
    pub name: String,
    /// When they were here last; absent where they never were.
    pub seen_at: Option<Timestamp>,
}

impl FromRow for ActiveOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.get(0)?, name: row.get(1)?, seen_at: row.get(2)? })
    }
}

/// The first page.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct HomeOut {
    /// What waits for this person.
    pub waiting: Vec<Waiting>,
    /// What needs somebody first: new and escalated incidents.
    pub urgent: Vec<IncidentRow>,
    /// What happened last.
    pub latest: Vec<IncidentRow>,
    /// May this person report an incident?
    pub may_report: bool,
    /// Do incidents concern this person at all?
    pub sees_incidents: bool,
    /// For those of a client who look after others: who of these was here, the last first.
    pub activity: Vec<ActiveOut>,
}

pub(super) async fn home(ctx: &Ctx) -> Result<HomeOut> {
    let mut home =
        HomeOut { may_report: ctx.may(CREATE), sees_incidents: ctx.may(VIEW), ..HomeOut::default() };
    home.activity = activity(ctx).await?;
    if !home.sees_incidents {
        return Ok(home);
    }
    let few = PageSize::of(Some(8));
    home.latest = listing(ctx, VIEW, &IncidentFilter::default())?.rows(few).page(ctx.store()).await?.items;
    if ctx.who.audience != kernel::Audience::Staff || ctx.portal() == Some(kernel::Portal::Field) {
        return Ok(home);
    }
    let urgent = IncidentFilter { status: vec!["new".into()], ..IncidentFilter::default() };
    home.urgent = listing(ctx, VIEW, &urgent)?.rows(few).page(ctx.store()).await?.items;
    wait(ctx, &mut home, VIEW, "New, nobody has looked yet", &urgent, "/incidents?status=new").await?;
    let mine = IncidentFilter {
        assignee: "me".into(),
        status: vec!["new".into(), "active".into(), "review".into()],
        ..IncidentFilter::default()
    };
    let path = "/incidents?assignee=me&status=new&status=active&status=review";
    wait(
        ctx,
        &mut home,
        Permission::find(Resource::Incident, Action::People).unwrap_or(VIEW),
        "Assigned to you",
        &mine,
        path,
    )
    .await?;
    let awaiting = IncidentFilter { published: "awaiting".into(), ..IncidentFilter::default() };
    wait(ctx, &mut home, APPROVE, "Wait for approval", &awaiting, "/incidents?published=awaiting").await?;
    let unpublished = IncidentFilter {
        published: "unpublished".into(),
        status: vec!["resolved".into()],
        ..IncidentFilter::default()
    };
    let path = "/incidents?published=unpublished&status=resolved";
    wait(ctx, &mut home, PUBLISH, "Resolved, not published", &unpublished, path).await?;
    Ok(home)
}

/// How many people stand on the first page.
const ACTIVE: usize = 8;

/// Who of the people whom one of a client looks after was here last (ROLES.md: a manager's home page shows user
/// activity). Only the client side: the staff's list of people says it, and theirs are thousands.
async fn activity(ctx: &Ctx) -> Result<Vec<ActiveOut>> {
    if ctx.who.audience != Audience::Client || !ctx.may(SEE_PEOPLE) {
        return Ok(Vec::new());
    }
    let listing = Listing::new(&ctx.plan, SEE_PEOPLE, &MEMBERS)?.is("active", 1)?;
    let mut all: Vec<ActiveOut> =
        listing.rows(PageSize::of(Some(PageSize::MOST))).page(ctx.store()).await?.items;
    all.retain(|one| one.id != ctx.who.membership);
    all.sort_by_key(|one| std::cmp::Reverse(one.seen_at));
    all.truncate(ACTIVE);
    Ok(all)
}

/// Adds a number for those who may do something about it. A filter over what one does not see is no filter.
async fn wait(
    ctx: &Ctx,
    home: &mut HomeOut,
    needed: Permission,
    label: &str,
    filter: &IncidentFilter,
    path: &str,
) -> Result<()> {
    if !ctx.may(needed) {
        return Ok(());
    }
    let Ok(listing) = listing(ctx, VIEW, filter) else { return Ok(()) };
    let count = listing.count(ctx.store(), MOST).await?;
    home.waiting.push(Waiting { label: label.to_owned(), count, path: path.to_owned() });
    Ok(())
}
