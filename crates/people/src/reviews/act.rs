//! Reading campaigns and the grants in them, within the plan; ending a campaign.

use access::{Resource, Target};
use jiff::tz::TimeZone;
use kernel::id::{MembershipId, ReviewId};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::Batch;
use store::listing::{Listing, Way};
use web::Ctx;
use web::input::wanted;

use super::model::{
    About, ClosingForm, Decision, ItemFilter, ItemOut, ProgressOut, ReviewFilter, ReviewOut, Scope,
};
use super::query::{self, ITEMS, REVIEWS};
use super::{TAKE, VIEW};
use crate::targets::{self, names::Names};

/// Counting stops here.
const MOST_COUNTED: usize = 20_000;

/// A day as people read it; the end of a last day is shown as that day.
pub(super) fn day(due: Timestamp, zone: &TimeZone) -> String {
    let before = Timestamp::from_microsecond(due.as_microsecond() - 1).unwrap_or(due);
    before.to_zoned(zone.clone()).strftime("%a %-d %b %Y").to_string()
}

/// Whoever sees a grant of a campaign sees the campaign.
fn reviews(ctx: &Ctx) -> Result<Listing<'_>> {
    let way = if ctx.plan.everywhere(VIEW) {
        Way::EVERY
    } else {
        Way { when: None, through: Some((&ITEMS, "r.review_id = t.id")), permissions: vec![VIEW] }
    };
    Listing::through(&ctx.plan, VIEW, &REVIEWS, vec![way])
}

pub(super) async fn list(ctx: &Ctx, filter: &ReviewFilter) -> Result<Page<ReviewOut>> {
    ctx.require(VIEW)?;
    let mut page: Page<ReviewOut> = reviews(ctx)?
        .is("closed", i64::from(filter.closed))?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await?;
    let mine = query::asked_of(ctx.store(), ctx.who.organization, ctx.who.membership).await?;
    for review in &mut page.items {
        fill(ctx, review, mine.iter().any(|(id,)| *id == review.id)).await?;
    }
    Ok(page)
}

/// One campaign within the plan.
///
/// # Errors
/// [`Error::NotFound`]; or the store's.
pub(super) async fn find(ctx: &Ctx, id: ReviewId) -> Result<ReviewOut> {
    ctx.require(VIEW)?;
    let page: Page<ReviewOut> = reviews(ctx)?.is("id", id)?.page(ctx.store()).await?;
    let mut review = page.items.into_iter().next().ok_or(Error::NotFound)?;
    let reviewers = query::reviewers(ctx.store(), ctx.who.organization, id).await?;
    fill(ctx, &mut review, reviewers.iter().any(|one| one.membership == ctx.who.membership)).await?;
    if manages(ctx, &review) {
        review.reviewers = Some(reviewers);
    }
    Ok(review)
}

async fn fill(ctx: &Ctx, review: &mut ReviewOut, mine: bool) -> Result<()> {
    review.mine = mine;
    review.overdue = !review.closed && review.due_at <= ctx.now();
    let items = || Listing::new(&ctx.plan, VIEW, &ITEMS)?.is("review", review.id);
    let (open, gone) = (waiting(items()?, true)?, waiting(items()?, false)?);
    let with = |decision: Decision| items()?.is("decision", decision.number());
    let (confirmed, revoked) = (with(Decision::Confirmed)?, with(Decision::Revoked)?);
    let (taken, left) = (with(Decision::Gone)?, with(Decision::Undecided)?);
    let mut counted = [0; 6];
    for (many, listing) in counted.iter_mut().zip([open, gone, confirmed, revoked, taken, left]) {
        *many = i64::try_from(listing.count(ctx.store(), MOST_COUNTED).await?).unwrap_or(i64::MAX);
    }
    let [open, gone, confirmed, revoked, taken, left] = counted;
    review.progress = ProgressOut { open, confirmed, revoked, other: gone + taken + left };
    Ok(())
}

/// The grants that nobody has decided on: those still held, or those that are gone meanwhile.
fn waiting(items: Listing<'_>, held: bool) -> Result<Listing<'_>> {
    items.is("decision", Decision::Open.number())?.is("there", i64::from(held))
}

/// Whoever made a campaign runs it, as long as they may take roles; so does whoever may take roles everywhere.
pub(super) fn manages(ctx: &Ctx, review: &ReviewOut) -> bool {
    ctx.plan.everywhere(TAKE) || (review.creator == ctx.who.membership && ctx.may(TAKE))
}

/// A campaign that the asker runs.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; or the store's.
pub(super) async fn managed(ctx: &Ctx, id: ReviewId) -> Result<ReviewOut> {
    let review = find(ctx, id).await?;
    if manages(ctx, &review) {
        Ok(review)
    } else {
        Err(Error::forbidden("Only whoever made this campaign, or may take every role, runs it."))
    }
}

pub(super) fn listing<'a>(ctx: &'a Ctx, id: ReviewId, filter: &ItemFilter) -> Result<Listing<'a>> {
    let mut listing = Listing::new(&ctx.plan, VIEW, &ITEMS)?.is("review", id)?.search(&filter.q);
    match wanted::<Decision>(&filter.decision)? {
        None => {}
        Some(Decision::Open) => listing = waiting(listing, true)?,
        // What is gone was decided as such, or nobody has come to it yet.
        Some(Decision::Gone) => {
            let both = [Decision::Open, Decision::Gone].map(|d| store::Value::from(d.number()));
            listing = listing.one_of("decision", both.to_vec())?.is("there", 0)?;
        }
        Some(decision) => listing = listing.is("decision", decision.number())?,
    }
    if filter.proposed {
        listing = listing.is("is_proposed", 1)?;
    }
    Ok(listing)
}

/// The grants of a campaign that was found within the plan.
///
/// # Errors
/// What is wrong with the filter; or the store's.
pub(super) async fn items(ctx: &Ctx, review: &ReviewOut, filter: &ItemFilter) -> Result<Page<ItemOut>> {
    let mut page: Page<ItemOut> = listing(ctx, review.id, filter)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await?;
    dress(ctx, review, &mut page.items).await?;
    Ok(page)
}

/// Adds where each is held, in words, and whether the asker may decide.
pub(super) async fn dress(ctx: &Ctx, review: &ReviewOut, items: &mut [ItemOut]) -> Result<()> {
    let read =
        |item: &ItemOut| -> Vec<Target> { item.targets.iter().filter_map(|w| targets::read(w)).collect() };
    let names = Names::of(ctx, items.iter().flat_map(read)).await?;
    for item in items {
        item.place = names.sentence(&read(item));
        item.may_decide = !review.closed
            && review.mine
            && item.there
            && item.member != ctx.who.membership
            && ctx.plan.check(TAKE, &item.facts);
    }
    Ok(())
}

/// What a campaign is about, in words that its reader may see.
///
/// # Errors
/// The store's.
pub(super) async fn about(ctx: &Ctx, review: &ReviewOut) -> Result<String> {
    let word = review.scope_word.as_str();
    Ok(match review.scope {
        Scope::Everything => "all grants that its maker may see and take".into(),
        Scope::Client | Scope::Site => {
            let target = match review.scope {
                Scope::Client => word.parse().ok().map(Target::Client),
                _ => word.parse().ok().map(Target::Site),
            };
            let names = Names::of(ctx, target).await?;
            match target {
                Some(target) => format!("grants for {}", names.sentence(&[target])),
                None => "grants for a place".into(),
            }
        }
        Scope::Role => {
            let roles = ctx.roles().await?;
            let name = roles.name(word);
            format!("grants of the role {name}")
        }
        Scope::Audience => {
            format!("grants on the side “{}”", word.parse().map_or("", crate::words::audience))
        }
    })
}

/// The place of a scope.
pub(super) const fn target(about: &About) -> Option<Target> {
    match about {
        About::Client(id) => Some(Target::Client(*id)),
        About::Site(id) => Some(Target::Site(*id)),
        _ => None,
    }
}

/// Ends a campaign: what nobody decided on is written down as such, and everything is sealed.
///
/// # Errors
/// A refusal; a message at `note`; [`Error::Stale`] if somebody decides at the same moment; or the store's.
pub(super) async fn close(ctx: &Ctx, id: ReviewId, form: &ClosingForm) -> Result<ReviewOut> {
    let review = managed(ctx, id).await?;
    if review.closed {
        return Err(Error::conflict("This campaign is closed already."));
    }
    let note = form.note.parse::<kernel::text::Prose<4000>>().map_err(|why| Error::field("note", why))?;
    let mut all = query::sealed(ctx.store(), ctx.who.organization, id).await?;
    for one in &mut all {
        if one.2 == Decision::Open.number() {
            one.2 = if one.6 == 1 { Decision::Undecided.number() } else { Decision::Gone.number() };
        }
    }
    let many = |decision: Decision| all.iter().filter(|one| one.2 == decision.number()).count();
    let undecided = many(Decision::Undecided);
    if undecided > 0 && form.note.is_blank() {
        return Err(Error::field(
            "note",
            format!("{undecided} grants are still open; say why they stay undecided"),
        ));
    }
    let seal = seal(&all);
    let mut batch = Batch::new();
    query::settle(&mut batch, ctx.who.organization, id);
    let roles = ctx.role_names();
    query::close(
        &mut batch,
        ctx.who.organization,
        id,
        review.version,
        &query::Closing {
            at: ctx.now(),
            by: ctx.who.membership,
            name: &ctx.who.name,
            roles: &roles,
            note: note.as_str(),
            seal,
        },
    );
    let detail = json!({
        "confirmed": many(Decision::Confirmed), "revoked": many(Decision::Revoked), "gone": many(Decision::Gone),
        "undecided": undecided, "reason": note.as_str(), "seal": store::journal::hex(&seal),
    });
    ctx.journal(&mut batch, "close_review", Resource::Assignment, Some(id), &review.name, &detail);
    ctx.commit(batch).await?;
    find(ctx, id).await
}

/// SHA-256 over every grant in the order of their ids: id, assignment, decision, when, by whom, why.
fn seal(all: &[query::Sealed]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for (id, assignment, decision, at, by, reason, _) in all {
        let at = at.map(|at| at.as_microsecond().to_string()).unwrap_or_default();
        let by = by.map(|by: MembershipId| by.to_string()).unwrap_or_default();
        let line = [id.to_string(), assignment.to_string(), decision.to_string(), at, by, reason.clone()];
        hasher.update(line.join("\u{1f}").as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().into()
}
