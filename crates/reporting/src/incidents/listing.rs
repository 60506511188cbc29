//! Which incidents a filter asks for, within the plan.

use access::{Permission, Visibility};
use jiff::civil::Date;
use kernel::id::MembershipId;
use kernel::page::{Page, PageSize};
use kernel::{Error, Result, Timestamp};
use store::Value;
use store::listing::Listing;
use web::Ctx;

use super::model::IncidentFilter;
use super::query::ROWS;
use super::view::IncidentRow;
use super::words::{Lane, Severity, Status};
use super::{VIEW, times};

/// Reads the words of a filter as one of a closed set.
fn words<T: std::str::FromStr<Err = String>>(
    name: &str,
    asked: &[String],
    number: impl Fn(T) -> i64,
) -> Result<Vec<Value>> {
    asked
        .iter()
        .filter(|word| !word.is_empty())
        .map(|word| {
            let word: T = word.parse().map_err(|e| Error::BadRequest(format!("{name}: {e}")))?;
            Ok(Value::Int(number(word)))
        })
        .collect()
}

fn ids<K: kernel::id::Kind>(name: &str, asked: &[String]) -> Result<Vec<Value>> {
    asked
        .iter()
        .filter(|word| !word.is_empty())
        .map(|word| {
            let id: kernel::Id<K> = word.parse().map_err(|e| Error::BadRequest(format!("{name}: {e}")))?;
            Ok(Value::from(id))
        })
        .collect()
}

/// The first instant of a day on the organization's clock.
fn midnight(ctx: &Ctx, name: &str, text: &str, days: i64) -> Result<Option<Timestamp>> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::BadRequest(format!("{name}: write a day, such as 2026-11-23"));
    let day: Date = text.parse().map_err(|_e| wrong())?;
    let day = day.checked_add(jiff::Span::new().days(days)).map_err(|_e| wrong())?;
    let zone = times::zone(&ctx.who.zone).map_err(Error::internal)?;
    // A day begins with the first instant of it that there is, also where midnight is skipped.
    let first = day.to_zoned(zone).map_err(|_e| wrong())?;
    Ok(Some(first.timestamp()))
}

/// The listing that a filter asks for, of what a permission reaches.
pub(crate) fn listing<'a>(
    ctx: &'a Ctx,
    permission: Permission,
    filter: &IncidentFilter,
) -> Result<Listing<'a>> {
    let mut listing = Listing::new(&ctx.plan, permission, &ROWS)?
        .is("archived", i64::from(filter.archived))?
        .search(&filter.q);
    let statuses = words::<Status>("status", &filter.status, Status::number)?;
    if !statuses.is_empty() {
        listing = listing.one_of("status", statuses)?;
    }
    let severities = words::<Severity>("severity", &filter.severity, Severity::number)?;
    if !severities.is_empty() {
        listing = listing.one_of("severity", severities)?;
    }
    let kinds: Vec<Value> =
        filter.kind.iter().filter(|k| !k.is_empty()).map(|k| Value::from(k.as_str())).collect();
    if !kinds.is_empty() {
        listing = listing.one_of("kind", kinds)?;
    }
    let sites = ids::<kernel::id::kind::Site>("site", &filter.site)?;
    if !sites.is_empty() {
        listing = listing.one_of("site_id", sites)?;
    }
    let clients = ids::<kernel::id::kind::Client>("client", &filter.client)?;
    if !clients.is_empty() {
        listing = listing.one_of("client_id", clients)?;
    }
    listing = match filter.assignee.as_str() {
        "" => listing,
        "me" => listing.is("assignee_id", ctx.who.membership)?,
        "nobody" => listing.unknown("assignee_id")?,
        id => {
            let id: MembershipId = id.parse().map_err(|e| Error::BadRequest(format!("assignee: {e}")))?;
            listing.is("assignee_id", id)?
        }
    };
    listing = match filter.published.as_str() {
        "" => listing,
        "published" => listing.is("visibility", Visibility::Released.number())?,
        "unpublished" => listing.below("visibility", Visibility::Released.number())?,
        "awaiting" => listing
            .is("approval_required", 1)?
            .unknown("approved_at")?
            .below("visibility", Visibility::Submitted.number())?,
        other => return Err(Error::BadRequest(format!("published: there is no word {other}"))),
    };
    if !filter.lane.is_empty() {
        let lane: Lane = filter.lane.parse().map_err(|e| Error::BadRequest(format!("lane: {e}")))?;
        listing = listing.is("board", lane.number())?;
    }
    if let Some(from) = midnight(ctx, "from", &filter.from, 0)? {
        listing = listing.at_least("occurred_at", from)?;
    }
    if let Some(until) = midnight(ctx, "until", &filter.until, 1)? {
        listing = listing.below("occurred_at", until)?;
    }
    if !filter.order.is_empty() {
        listing = listing.order(&filter.order)?;
    }
    Ok(listing)
}

pub(super) async fn list(ctx: &Ctx, filter: &IncidentFilter) -> Result<Page<IncidentRow>> {
    ctx.require(VIEW)?;
    listing(ctx, VIEW, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}
