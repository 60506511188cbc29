//! What the organization's rules say to a worker having a shift: double booking, rest, ban. Each rule looks at what
//! the asker can see, so that no answer tells of a hidden record; whoever sees both shifts sees that they clash.

use jiff::ToSpan;
use kernel::id::{ShiftId, WorkerId};
use kernel::page::{Page, PageSize};
use kernel::{Error, FieldErrors, Result, Timestamp};
use store::listing::Listing;
use web::Ctx;

use super::VIEW;
use super::bans;
use super::model::State;
use super::policy::{PolicyOut, Strictness};
use super::query;
use super::view::{SHIFTS, ShiftOut};
use crate::week;

/// What the rules found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    pub(crate) blocked: Vec<String>,
    pub(crate) warned: Vec<String>,
}

impl Findings {
    fn add(&mut self, how: Strictness, words: String) {
        match how {
            Strictness::Off => {}
            Strictness::Warn => self.warned.push(words),
            Strictness::Block => self.blocked.push(words),
        }
    }

    /// Refuses what a rule stops.
    pub(crate) fn pass(self, field: &'static str) -> Result<Vec<String>> {
        if self.blocked.is_empty() {
            return Ok(self.warned);
        }
        let mut errors = FieldErrors::default();
        for words in self.blocked {
            errors.add(field, words);
        }
        Err(Error::Invalid(errors))
    }
}

/// A shift as the rules look at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) shift: Option<ShiftId>,
    pub(crate) site: uuid::Uuid,
    pub(crate) worker: WorkerId,
    pub(crate) starts_at: Timestamp,
    pub(crate) ends_at: Timestamp,
}

/// Whose shifts are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The worker's, by whoever plans and sees who works.
    Workers,
    /// The asker's own.
    Mine,
}

/// Asks the rules.
pub(crate) async fn ask(ctx: &Ctx, whose: Whose, wanted: &Wanted) -> Result<Findings> {
    let policy = query::policy(ctx.store(), ctx.who.organization).await?;
    ask_with(ctx, &policy, whose, wanted).await
}

pub(crate) async fn ask_with(
    ctx: &Ctx,
    policy: &PolicyOut,
    whose: Whose,
    wanted: &Wanted,
) -> Result<Findings> {
    let mut findings = Findings::default();
    if policy.double_booking != Strictness::Off || policy.rest != Strictness::Off {
        near(ctx, policy, whose, wanted, &mut findings).await?;
    }
    if policy.ban != Strictness::Off {
        match whose {
            Whose::Workers => {
                if let Some(ban) = bans::current(ctx, wanted.site, wanted.worker).await? {
                    findings
                        .add(policy.ban, format!("{} is banned from {}: {}", ban.worker, ban.site, ban.note));
                }
            }
            Whose::Mine => {
                let org = ctx.who.organization;
                if query::is_banned(ctx.store(), org, wanted.site, wanted.worker).await? {
                    findings.add(
                        policy.ban,
                        "You cannot work at this site for now; ask your supervisor.".to_owned(),
                    );
                }
            }
        }
    }
    Ok(findings)
}

async fn near(
    ctx: &Ctx,
    policy: &PolicyOut,
    whose: Whose,
    wanted: &Wanted,
    findings: &mut Findings,
) -> Result<()> {
    // The longest shift and the longest rest are within two days and a half.
    let from = wanted.starts_at - 60.hours();
    let until = wanted.ends_at + 24.hours();
    let listing = Listing::new(&ctx.plan, VIEW, &SHIFTS)?
        .is("archived", 0)?
        .at_least("starts_at", from)?
        .below("starts_at", until)?;
    let listing = match whose {
        Whose::Workers => listing.is("worker_id", wanted.worker),
        // Whoever sees no people sees own and open shifts only.
        Whose::Mine
            if ctx.plan.sight(access::Resource::Shift, access::FieldClass::People)
                == access::Sight::Always =>
        {
            listing.is("worker_id", wanted.worker)
        }
        Whose::Mine => listing.is("open", 0),
    };
    // Whoever does not see who works cannot be told about it.
    let Ok(listing) = listing else { return Ok(()) };
    let page: Page<ShiftOut> = listing.rows(PageSize::of(Some(PageSize::MOST))).page(ctx.store()).await?;
    for other in page.items {
        if Some(other.id) == wanted.shift || other.is(State::Refused) {
            continue;
        }
        let who = other.worker.clone().unwrap_or_else(|| "This worker".to_owned());
        if other.starts_at < wanted.ends_at && wanted.starts_at < other.ends_at {
            findings.add(
                policy.double_booking,
                format!("{who} has another shift at that time: {}", other.label()),
            );
            continue;
        }
        let gap = if other.ends_at <= wanted.starts_at {
            week::minutes(other.ends_at, wanted.starts_at)
        } else {
            week::minutes(wanted.ends_at, other.starts_at)
        };
        if gap < policy.rest_minutes {
            findings.add(
                policy.rest,
                format!(
                    "Only {} of rest between this and {}; {} are asked for",
                    week::hours(gap),
                    other.label(),
                    week::hours(policy.rest_minutes)
                ),
            );
        }
    }
    Ok(())
}
