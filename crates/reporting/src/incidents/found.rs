//! Incidents as the search finds them: by number, by reference, by words. Each is the list's own listing, so that what
//! a person does not see is neither found nor found by.

use kernel::Result;
use kernel::page::{Page, PageSize};
use store::listing::Listing;
use web::{Ctx, Hit, search};

use super::model::IncidentFilter;
use super::query::ROWS;
use super::{IncidentRow, VIEW, listing};

pub(super) async fn find(ctx: &Ctx, q: String) -> Result<Vec<Hit>> {
    let mut hits: Vec<Hit> = Vec::new();
    let short = q.trim_start_matches('#');
    if let Ok(number) = short.parse::<i64>() {
        exact(ctx, &mut hits, "number", number).await?;
    } else {
        exact(ctx, &mut hits, "reference", short.to_ascii_uppercase()).await?;
    }
    let filter = IncidentFilter { q, limit: Some(search::ROWS), ..IncidentFilter::default() };
    for row in listing::list(ctx, &filter).await?.items {
        add(&mut hits, &row);
    }
    Ok(hits)
}

/// The one with this number or reference, archived or not. A field that the asker does not see finds nothing.
async fn exact(ctx: &Ctx, hits: &mut Vec<Hit>, field: &str, value: impl Into<store::Value>) -> Result<()> {
    ctx.require(VIEW)?;
    let Ok(listing) = Listing::new(&ctx.plan, VIEW, &ROWS)?.is(field, value) else { return Ok(()) };
    let page: Page<IncidentRow> = listing.rows(PageSize::of(Some(2))).page(ctx.store()).await?;
    for row in &page.items {
        add(hits, row);
    }
    Ok(())
}

fn add(hits: &mut Vec<Hit>, row: &IncidentRow) {
    let path = format!("/incidents/{}", row.id);
    if hits.iter().any(|hit| hit.path == path) {
        return;
    }
    let label = format!("{} {}", row.label(), row.title.as_deref().unwrap_or(&row.kind));
    hits.push(Hit { label, hint: row.site.clone(), path });
}
