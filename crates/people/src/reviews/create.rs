//! Making a campaign: what it is about, the grants in it, who decides.

use std::collections::BTreeMap;

use access::{Plan, Resource};
use kernel::id::{MembershipId, ReviewId};
use kernel::page::PageSize;
use kernel::{Error, Result};
use serde_json::json;
use store::listing::Listing;
use store::{Batch, Value};
use web::Ctx;

use super::act;
use super::model::{About, ReviewForm, ReviewOut, ReviewersForm};
use super::snapshot::{self, Snapped};
use super::{TAKE, VIEW, mail, query};
use crate::members::query::MEMBERS;
use crate::members::{self, MemberOut, zone};
use crate::targets::names::Names;

/// The most grants one campaign holds.
const MOST: usize = 20_000;

/// Somebody who may be asked to decide, with their plan.
pub(super) struct Reviewer {
    pub(super) id: MembershipId,
    pub(super) name: String,
    pub(super) side: kernel::Audience,
    pub(super) plan: Plan,
}

/// The people whom the maker may see and who may take roles from somebody.
///
/// # Errors
/// The store's.
pub(super) async fn eligible(ctx: &Ctx) -> Result<Vec<Reviewer>> {
    let all = web::identity::authorities(ctx.store(), ctx.who.organization, ctx.now()).await?;
    let takes = |role: &access::Role| role.grants.iter().any(|grant| grant.permission == TAKE);
    let mut plans: BTreeMap<MembershipId, Plan> = all
        .into_iter()
        .filter(|one| one.active && one.assignments.iter().any(|a| takes(&a.role)))
        .map(|one| (one.membership, one.compile(ctx.now())))
        .filter(|(_, plan)| plan.may_ever(TAKE))
        .collect();
    let mut found = Vec::new();
    let ids: Vec<MembershipId> = plans.keys().copied().collect();
    for some in ids.chunks(200) {
        let values = some.iter().map(|id| Value::from(*id)).collect();
        let seen = Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?
            .one_of("id", values)?
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page::<MemberOut>(ctx.store())
            .await?;
        for member in seen.items {
            if let Some(plan) = plans.remove(&member.id) {
                found.push(Reviewer { id: member.id, name: member.name, side: member.audience, plan });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// How many of these grants a reviewer may decide on: within their plan, and not their own.
pub(super) fn decides(reviewer: &Reviewer, items: &[Snapped]) -> usize {
    items.iter().filter(|item| may(&reviewer.plan, reviewer.id, item)).count()
}

fn may(plan: &Plan, id: MembershipId, item: &Snapped) -> bool {
    item.member != id && plan.check(VIEW, &item.facts) && plan.check(TAKE, &item.facts)
}

/// Refuses where the maker could never decide on anything themselves.
pub(super) fn may_run(ctx: &Ctx) -> Result<()> {
    ctx.require(VIEW)?;
    if ctx.may(TAKE) {
        Ok(())
    } else {
        Err(Error::forbidden("None of your roles lets you take roles away, so you cannot run a review."))
    }
}

/// What is named has to be something that the maker may see.
async fn known(ctx: &Ctx, about: &About) -> Result<()> {
    let field = match about {
        About::Client(_) => "client",
        About::Site(_) => "site",
        _ => return Ok(()),
    };
    let target = act::target(about).ok_or_else(|| Error::internal("a place without a target"))?;
    if Names::of(ctx, [target]).await?.knows(target) {
        Ok(())
    } else {
        Err(Error::field(field, "choose from the list"))
    }
}

/// Makes a campaign and asks its reviewers by mail.
///
/// # Errors
/// A message at a field; or the store's.
pub(super) async fn create(ctx: &Ctx, form: &ReviewForm) -> Result<ReviewOut> {
    may_run(ctx)?;
    let draft = form.parse(&zone(ctx), ctx.now())?;
    known(ctx, &draft.about).await?;
    let items = snapshot::take(ctx, &draft).await?;
    if items.is_empty() {
        return Err(Error::field(
            "scope",
            "there is no grant to review: nobody whose roles you may take holds any there",
        ));
    }
    if items.len() > MOST {
        return Err(Error::field(
            "scope",
            format!("these are more than {MOST} grants; choose a narrower scope"),
        ));
    }
    let reviewers = chosen(ctx, &draft.reviewers, &items).await?;
    let id = ReviewId::new();
    let mut batch = Batch::new();
    query::insert(&mut batch, ctx, id, &draft);
    query::insert_items(&mut batch, ctx.who.organization, id, &items);
    let named: Vec<(MembershipId, String)> =
        reviewers.iter().map(|(one, _)| (one.id, one.name.clone())).collect();
    query::set_reviewers(&mut batch, ctx.who.organization, id, &named, Some(ctx.now()));
    for (one, many) in &reviewers {
        let Some(to) = query::mailbox(ctx.store(), ctx.who.organization, one.id).await? else { continue };
        let asked = mail::Asked {
            organization: ctx.who.organization,
            name: &ctx.who.organization_name,
            hue: ctx.who.hue,
            public_url: &ctx.app.config.public_url,
            path: mail::path(one.plan.portals.as_slice(), id),
            review: draft.name.as_str(),
            by: &ctx.who.name,
            due: act::day(draft.due, &zone(ctx)),
            many: *many,
            at: ctx.now(),
        };
        mail::ask(&mut batch, &to, &asked);
    }
    let detail = json!({ "after": {
        "scope": draft.about.scope(), "of": draft.about.word(), "grants": items.len(),
        "reviewers": named.iter().map(|(_, name)| name).collect::<Vec<_>>(), "due": draft.due,
        "unused_days": draft.unused_days,
    } });
    ctx.journal(&mut batch, "start_review", Resource::Assignment, Some(id), draft.name.as_str(), &detail);
    ctx.commit_new(batch, &format!("/reviews/{id}")).await?;
    act::find(ctx, id).await
}

/// The people named, each with how many of the grants they may decide on.
async fn chosen(ctx: &Ctx, wanted: &[MembershipId], items: &[Snapped]) -> Result<Vec<(Reviewer, usize)>> {
    let all = eligible(ctx).await?;
    let mut found = Vec::new();
    for one in all.into_iter().filter(|one| wanted.contains(&one.id)) {
        match decides(&one, items) {
            0 => {
                return Err(Error::field(
                    "reviewers",
                    format!("{} may not decide on any of these grants", one.name),
                ));
            }
            many => found.push((one, many)),
        }
    }
    if found.len() < wanted.len() {
        return Err(Error::field("reviewers", "choose people from the list: those who may take roles away"));
    }
    Ok(found)
}

/// Names the reviewers anew. Whoever is added gets the letter with the next reminder or at once by hand.
///
/// # Errors
/// A refusal, a message at `reviewers`, or the store's.
pub(super) async fn set_reviewers(ctx: &Ctx, id: ReviewId, form: &ReviewersForm) -> Result<ReviewOut> {
    let review = act::managed(ctx, id).await?;
    if review.closed {
        return Err(Error::conflict("This campaign was closed."));
    }
    let wanted: Vec<MembershipId> = form.reviewers.iter().filter_map(|id| id.parse().ok()).collect();
    if wanted.is_empty() || wanted.len() < form.reviewers.len() {
        return Err(Error::field("reviewers", "choose at least one person from the list"));
    }
    let before = query::reviewers(ctx.store(), ctx.who.organization, id).await?;
    let all = eligible(ctx).await?;
    let kept = |member: MembershipId| before.iter().any(|one| one.membership == member);
    let mut added = Vec::new();
    for member in wanted.iter().copied().filter(|member| !kept(*member)) {
        let one = all.iter().find(|one| one.id == member).ok_or_else(|| {
            Error::field("reviewers", "choose people from the list: those who may take roles away")
        })?;
        if mail::waiting(ctx.store(), &one.plan, id).await? == 0 {
            return Err(Error::field(
                "reviewers",
                format!("{} may not decide on any open grant of it", one.name),
            ));
        }
        added.push((member, one.name.clone()));
    }
    let gone: Vec<MembershipId> =
        before.iter().map(|one| one.membership).filter(|member| !wanted.contains(member)).collect();
    let mut batch = Batch::new();
    query::guard_running(&mut batch, ctx.who.organization, id);
    query::drop_reviewers(&mut batch, ctx.who.organization, id, &gone);
    query::set_reviewers(&mut batch, ctx.who.organization, id, &added, None);
    let names = |all: &[MembershipId]| -> Vec<String> {
        before.iter().filter(|one| all.contains(&one.membership)).map(|one| one.name.clone()).collect()
    };
    let detail =
        json!({ "added": added.iter().map(|(_, name)| name).collect::<Vec<_>>(), "removed": names(&gone) });
    ctx.journal(&mut batch, "set_reviewers", Resource::Assignment, Some(id), &review.name, &detail);
    ctx.commit(batch).await?;
    act::find(ctx, id).await
}
