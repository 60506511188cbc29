//! Who left, or was not here for long, and still holds something. Everything is read within the plan; what is counted
//! beside people belongs to people who were found there.

use kernel::id::MembershipId;
use kernel::page::{Page, PageSize};
use kernel::{Error, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Value;
use store::listing::Listing;
use web::Ctx;

use super::create::may_run;
use super::query;
use crate::members::query::MEMBERS;
use crate::members::{self, MemberOut};

const DAY: i64 = 86_400_000_000;
/// The most people one part of the report names.
const MOST: usize = 200;

/// What is asked.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LeaversFilter {
    /// Not seen for so many days; blank is 90.
    pub days: String,
    /// For exports: `csv` or `jsonl`.
    pub format: String,
}

impl LeaversFilter {
    /// The days asked for.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for what is no number of days.
    pub(super) fn days(&self) -> Result<i64> {
        match self.days.trim() {
            "" => Ok(90),
            text => text
                .parse()
                .ok()
                .filter(|days| (1..=3650).contains(days))
                .ok_or_else(|| Error::BadRequest("write a number of days from 1 to 3650".into())),
        }
    }
}

/// Somebody in the report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LeaverOut {
    /// Who.
    pub membership: MembershipId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// On which side.
    pub audience: kernel::Audience,
    /// When they last began to act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
    /// Since when they are a member.
    pub since: Timestamp,
    /// Sessions that would still work if they were active.
    pub sessions: i64,
    /// Tokens that would still work.
    pub tokens: i64,
    /// Roles in force.
    pub roles: i64,
    /// Roles that begin later.
    pub scheduled: i64,
}

/// An invitation that nobody took up.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LapsedOut {
    /// The invitation.
    pub invitation: kernel::id::InvitationId,
    /// To whom it went.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// When the link ended.
    pub expired_at: Timestamp,
}

/// The report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LeaversOut {
    /// For how many days people in `unseen` were not seen.
    pub days: i64,
    /// Deactivated people who still hold roles, sessions or tokens.
    pub deactivated: Vec<LeaverOut>,
    /// Active people whose sign-in is archived.
    pub archived_sign_ins: Vec<LeaverOut>,
    /// Active people who are the login of a worker who was archived.
    pub archived_workers: Vec<LeaverOut>,
    /// Active people who were not here for so long, or never.
    pub unseen: Vec<LeaverOut>,
    /// Invitations whose link ended unused.
    pub lapsed: Vec<LapsedOut>,
    /// Some part names no more than the first of many.
    pub cut: bool,
}

/// The report, within the plan.
///
/// # Errors
/// What is wrong with the filter; or the store's.
pub(super) async fn report(ctx: &Ctx, filter: &LeaversFilter) -> Result<LeaversOut> {
    may_run(ctx)?;
    ctx.require(members::VIEW)?;
    let days = filter.days()?;
    let mut cut = false;
    let off =
        people(ctx, Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?.is("active", 0)?, &mut cut).await?;
    let off: Vec<LeaverOut> =
        off.into_iter().filter(|one| one.sessions + one.tokens + one.roles + one.scheduled > 0).collect();
    let limit = ctx.now().as_microsecond() - days * DAY;
    let active =
        || -> Result<Listing<'_>> { Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?.is("active", 1) };
    let mut unseen = people(ctx, active()?.below("seen_at", limit)?, &mut cut).await?;
    unseen.extend(people(ctx, active()?.unknown("seen_at")?.below("created_at", limit)?, &mut cut).await?);
    unseen.sort_by_key(|one| (one.seen_at, one.since));
    let archived = query::archived_accounts(ctx.store(), ctx.who.organization).await?;
    let workers = query::logins_of_archived_workers(ctx.store(), ctx.who.organization).await?;
    Ok(LeaversOut {
        days,
        deactivated: off,
        archived_sign_ins: among(ctx, archived, &mut cut).await?,
        archived_workers: among(ctx, workers, &mut cut).await?,
        unseen,
        lapsed: crate::invitations::lapsed(ctx, MOST).await?,
        cut,
    })
}

/// Those of some memberships that the asker may see.
async fn among(ctx: &Ctx, ids: Vec<(MembershipId,)>, cut: &mut bool) -> Result<Vec<LeaverOut>> {
    let mut found = Vec::new();
    for some in ids.chunks(200) {
        let values: Vec<Value> = some.iter().map(|(id,)| Value::from(*id)).collect();
        let listing = Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?.one_of("id", values)?;
        found.extend(people(ctx, listing, cut).await?);
    }
    Ok(found)
}

async fn people(ctx: &Ctx, listing: Listing<'_>, cut: &mut bool) -> Result<Vec<LeaverOut>> {
    let page: Page<MemberOut> = listing.rows(PageSize::of(Some(PageSize::MOST))).page(ctx.store()).await?;
    *cut |= page.next.is_some();
    let ids: Vec<MembershipId> = page.items.iter().map(|member| member.id).collect();
    let holding = query::still_holding(ctx.store(), ctx.who.organization, &ids, ctx.now()).await?;
    Ok(page
        .items
        .into_iter()
        .map(|member| {
            // What roles somebody holds is told to those who may see roles.
            let roles = ctx.plan.check(super::VIEW, &member.facts());
            let (sessions, tokens, now, later) = holding.get(&member.id).copied().unwrap_or_default();
            LeaverOut {
                membership: member.id,
                name: member.name,
                email: member.email,
                audience: member.audience,
                seen_at: member.seen_at,
                since: member.created_at,
                sessions,
                tokens,
                roles: if roles { now } else { 0 },
                scheduled: if roles { later } else { 0 },
            }
        })
        .collect())
}
