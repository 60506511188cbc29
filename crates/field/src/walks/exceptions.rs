//! The tour exception report: what was not as it should be, and how the scans of each checkpoint lie in time.

use std::collections::BTreeMap;

use access::Resource;
use kernel::id::{CheckpointId, CheckpointReportId};
use kernel::page::{Page, PageSize};
use kernel::{Result, Timestamp};
use web::Ctx;

use super::VIEW;
use super::act::{self, listing};
use super::model::ReportFilter;
use super::query;
use super::view::{ExceptionsOut, ReportOut, StopTimes};

/// So many walks are counted at most: a month of a busy site.
const MOST: usize = 2_000;

/// The walks with an exception, and each checkpoint of all walks that were asked for.
pub(super) async fn exceptions(ctx: &Ctx, filter: &ReportFilter) -> Result<ExceptionsOut> {
    ctx.require(VIEW)?;
    let bad = ReportFilter { exceptional: true, ..filter.clone() };
    let reports = act::list(ctx, &bad).await?;
    let (mut walks, mut cut, mut cursor) = (Vec::new(), false, None::<String>);
    let every = ReportFilter { exceptional: false, state: String::new(), ..filter.clone() };
    // How rounds are scanned over a time says more of an organization than its client side is told.
    let staff =
        ctx.plan.sight(Resource::CheckpointReport, access::FieldClass::Operational) != access::Sight::Never;
    loop {
        if !staff {
            break;
        }
        let page: Page<ReportOut> = listing(ctx, VIEW, &every)?
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page(ctx.store())
            .await?;
        walks.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
        if walks.len() >= MOST {
            cut = true;
            break;
        }
    }
    let ids: Vec<CheckpointReportId> = walks.iter().map(|walk| walk.id).collect();
    let site = |id: CheckpointReportId| {
        walks.iter().find(|walk| walk.id == id).map(|walk| walk.site.clone()).unwrap_or_default()
    };
    let org = ctx.who.organization;
    let mut all: BTreeMap<CheckpointId, (String, String, Vec<Timestamp>, i64)> = BTreeMap::new();
    for (report, checkpoint, name, at) in query::stamps(ctx.store(), org, &ids).await? {
        let entry = all.entry(checkpoint).or_insert_with(|| (String::new(), site(report), Vec::new(), 0));
        entry.0 = name;
        entry.2.push(at);
    }
    for (report, checkpoint, name) in query::unscanned(ctx.store(), org, &ids).await? {
        let entry = all.entry(checkpoint).or_insert_with(|| (name, site(report), Vec::new(), 0));
        entry.3 += 1;
    }
    let mut stops: Vec<StopTimes> = all
        .into_iter()
        .map(|(checkpoint_id, (checkpoint, site, times, missed))| {
            let gaps: Vec<f64> = times
                .windows(2)
                .filter_map(|pair| Some((pair.first()?, pair.get(1)?)))
                .map(|(a, b)| minutes(*a, *b))
                .collect();
            let count = i64::try_from(times.len()).unwrap_or(i64::MAX);
            let sum: f64 = gaps.iter().sum();
            let average_minutes =
                (!gaps.is_empty()).then(|| tenths(sum / f64::from(u32::try_from(gaps.len()).unwrap_or(1))));
            StopTimes {
                checkpoint_id,
                checkpoint,
                site,
                scans: count,
                missed,
                average_minutes,
                shortest_minutes: gaps.iter().copied().min_by(f64::total_cmp).map(tenths),
                longest_minutes: gaps.iter().copied().max_by(f64::total_cmp).map(tenths),
            }
        })
        .collect();
    stops.sort_by(|a, b| (&a.site, &a.checkpoint).cmp(&(&b.site, &b.checkpoint)));
    Ok(ExceptionsOut { reports, stops, cut })
}

fn minutes(from: Timestamp, until: Timestamp) -> f64 {
    jiff::SignedDuration::from_secs(until.as_second() - from.as_second()).as_secs_f64() / 60.0
}

fn tenths(minutes: f64) -> f64 {
    (minutes * 10.0).round() / 10.0
}
