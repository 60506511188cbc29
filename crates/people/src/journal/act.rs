//! Reading the journal within the plan.

use access::{Action, Permission, Resource};
use kernel::Result;
use kernel::page::{Page, PageSize};
use store::listing::{Listing, Way};
use web::Ctx;

use super::model::{Line, LineFilter, LineOut, Person};
use super::query::LINES;
use super::tell::Teller;
use super::{VIEW, export};
use crate::members::{instant, zone};

/// The ways to lines that the asker may read: through the record that each speaks of. Where both the journal and a
/// kind of record lie open as a whole, its lines do too; records of other kinds have to be there and be seen.
fn ways(ctx: &Ctx, permissions: &[Permission]) -> Vec<Way> {
    let plan = &ctx.plan;
    let whole = permissions.iter().all(|p| plan.everywhere(*p));
    let mut ways = Vec::new();
    let mut all = true;
    for resource in Resource::ALL {
        let view = Permission::find(*resource, Action::View);
        if whole && view.is_some_and(|view| plan.everywhere(view)) {
            ways.push(Way {
                when: Some(("resource", resource.word())),
                through: None,
                permissions: Vec::new(),
            });
            continue;
        }
        all = false;
        let Some(view) = view.filter(|view| plan.may_ever(*view)) else { continue };
        let kinds = ctx.app.records.iter().filter(|page| page.record.table.resource == *resource);
        ways.extend(kinds.map(|page| Way {
            when: Some(("resource", resource.word())),
            through: Some((page.record.table, "r.id = t.record_id")),
            permissions: permissions.iter().copied().chain([view]).collect(),
        }));
    }
    if all { vec![Way::EVERY] } else { ways }
}

/// Does every line of the journal lie open to the asker?
pub(super) fn reads_all(ctx: &Ctx, permissions: &[Permission]) -> bool {
    matches!(ways(ctx, permissions).as_slice(), [way] if way.when.is_none() && way.through.is_none())
}

/// The lines asked for, within the plan.
///
/// # Errors
/// What is wrong with the filter.
pub(super) fn listing<'a>(
    ctx: &'a Ctx,
    filter: &LineFilter,
    rights: bool,
    permissions: &[Permission],
) -> Result<Listing<'a>> {
    let mut listing = Listing::through(&ctx.plan, VIEW, &LINES, ways(ctx, permissions))?.search(&filter.q);
    match filter.person()? {
        Some(Person::Membership(id)) => listing = listing.is("membership", id)?,
        Some(Person::Account(id)) => listing = listing.is("account", id)?,
        None => {}
    }
    if let Some(record) = filter.record()? {
        listing = listing.is("record", record)?;
    }
    for (field, word) in [("action", &filter.action), ("resource", &filter.resource)] {
        if !word.trim().is_empty() {
            listing = listing.is(field, word.trim())?;
        }
    }
    let zone = zone(ctx);
    let bad = |field: &str, why: String| kernel::Error::BadRequest(format!("{field}: {why}"));
    if let Some(from) = instant(&filter.from, &zone, false).map_err(|why| bad("from", why))? {
        listing = listing.at_least("at", from)?;
    }
    if let Some(until) = instant(&filter.until, &zone, true).map_err(|why| bad("until", why))? {
        listing = listing.below("at", until)?;
    }
    if rights {
        listing = listing.is("rights", 1)?;
    }
    Ok(listing)
}

/// A page of lines. `rights` keeps those that bear on what somebody may do.
///
/// # Errors
/// What is wrong with the filter; or the store's.
pub(super) async fn list(ctx: &Ctx, filter: &LineFilter, rights: bool) -> Result<Page<LineOut>> {
    ctx.require(VIEW)?;
    let page: Page<Line> = listing(ctx, filter, rights, &[VIEW])?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await?;
    let teller = Teller::of(ctx, &page.items).await?;
    let whole = reads_all(ctx, &[VIEW]);
    Ok(page.map(|line| out(ctx, line, &teller, whole)))
}

fn out(ctx: &Ctx, line: Line, teller: &Teller, whole: bool) -> LineOut {
    let page = export::page_of(ctx, &line);
    LineOut {
        sentence: teller.sentence(&line),
        changes: teller.changes(&line),
        reason: line.detail.get("reason").and_then(|r| r.as_str()).unwrap_or_default().to_owned(),
        record: line.record.map(|id| page.map_or_else(|| kernel::id::encode(id), |page| page.written(id))),
        path: line
            .record
            .zip(page)
            .filter(|(_, page)| page.doors.contains(&ctx.door))
            .map(|(id, page)| page.of(id)),
        id: line.id,
        sequence: whole.then_some(line.sequence),
        at: line.at,
        who: line.name,
        roles: line.roles,
        membership: line.membership,
        account: line.account,
        action: line.action,
        resource: line.resource,
        label: line.label,
        address: line.address,
    }
}
