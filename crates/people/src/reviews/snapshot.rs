//! The grants of a campaign, read within the plan of whoever makes it.

use std::collections::HashMap;

use access::{Facts, Role, Target};
use kernel::id::{AssignmentId, MembershipId};
use kernel::{Audience, Portal, Result, Timestamp};
use store::listing::Listing;
use web::Ctx;

use super::model::{About, Draft};
use super::{TAKE, VIEW, query};
use crate::members::query::{Given, MEMBERS, given};
use crate::members::{MemberOut, zone};
use crate::targets;

const DAY: i64 = 86_400_000_000;
/// The door of tokens, beside the portals' own numbers.
const API: i64 = 3;

/// A grant as it is put into a campaign.
#[derive(Debug)]
pub(super) struct Snapped {
    pub(super) assignment: AssignmentId,
    pub(super) member: MembershipId,
    pub(super) member_name: String,
    pub(super) audience: Audience,
    pub(super) facts: Facts,
    pub(super) role: String,
    pub(super) role_name: String,
    pub(super) targets: Vec<String>,
    pub(super) from: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) granted_by_name: String,
    pub(super) granted_at: Timestamp,
    pub(super) used_at: Option<Timestamp>,
    pub(super) proposed: String,
}

/// Everybody whose roles the maker may see and take.
async fn people(ctx: &Ctx) -> Result<Vec<MemberOut>> {
    let mut found: Vec<MemberOut> = Vec::new();
    Listing::new(&ctx.plan, crate::members::VIEW, &MEMBERS)?
        .each(ctx.store(), |member: MemberOut| {
            let facts = member.facts();
            if ctx.plan.check(VIEW, &facts) && ctx.plan.check(TAKE, &facts) {
                found.push(member);
            }
            Ok(())
        })
        .await?;
    Ok(found)
}

/// The grants that a campaign is about.
///
/// # Errors
/// The store's.
pub(super) async fn take(ctx: &Ctx, draft: &Draft) -> Result<Vec<Snapped>> {
    let people = people(ctx).await?;
    let roles = ctx.roles().await?;
    let mut all: Vec<Given> = Vec::new();
    let ids: Vec<MembershipId> = people.iter().map(|member| member.id).collect();
    for some in ids.chunks(200) {
        all.extend(given(ctx.store(), ctx.who.organization, some).await?);
    }
    let hierarchy = targets::hierarchy(
        ctx.store(),
        ctx.who.organization,
        all.iter().flat_map(|one| one.targets.iter().copied()),
    )
    .await?;
    let uses = query::uses(ctx.store(), ctx.who.organization, &ids).await?;
    let names: HashMap<MembershipId, &str> = people.iter().map(|m| (m.id, m.name.as_str())).collect();
    let by_id: HashMap<MembershipId, &MemberOut> = people.iter().map(|m| (m.id, m)).collect();
    let mut snapped = Vec::new();
    for one in all {
        let Some(member) = by_id.get(&one.membership) else { continue };
        if !wanted(&draft.about, member, &one, &hierarchy) {
            continue;
        }
        let role = roles.known(&one.role).map(|role| &**role);
        let used = last_use(role, uses.get(&one.membership).map_or(&[][..], Vec::as_slice), one.granted_at);
        snapped.push(Snapped {
            proposed: proposal(ctx, draft, member, &one, used),
            assignment: one.id,
            member: member.id,
            member_name: member.name.clone(),
            audience: member.audience,
            facts: member.facts(),
            role_name: role.map_or_else(|| one.role.clone(), |role| role.name.clone()),
            role: one.role,
            targets: one.targets.iter().map(|target| targets::word(*target)).collect(),
            from: one.from,
            until: one.until,
            granted_by_name: one
                .granted_by
                .and_then(|giver| names.get(&giver).copied())
                .unwrap_or_default()
                .to_owned(),
            granted_at: one.granted_at,
            used_at: used,
        });
    }
    Ok(snapped)
}

fn wanted(about: &About, member: &MemberOut, one: &Given, hierarchy: &access::Hierarchy) -> bool {
    match about {
        About::Everything => true,
        About::Client(client) => {
            member.client == Some(*client)
                || one.targets.iter().any(|target| match target {
                    Target::Client(id) => id == client,
                    Target::Site(id) => hierarchy.client_of.get(&id.uuid()) == Some(&client.uuid()),
                    _ => false,
                })
        }
        About::Site(site) => one.targets.contains(&Target::Site(*site)),
        About::Role(key) => one.role == *key,
        About::Audience(audience) => member.audience == *audience,
    }
}

/// When the holder last came in through a door that the role opens, or with a token, since it was given. It does not
/// tell which role let them in.
fn last_use(role: Option<&Role>, doors: &[(i64, Timestamp)], given: Timestamp) -> Option<Timestamp> {
    let opens = |door: i64| {
        door == API
            || role.is_none_or(|role| {
                role.portals.is_empty()
                    || Portal::try_from(door).is_ok_and(|portal| role.portals.contains(&portal))
            })
    };
    doors.iter().filter(|(door, at)| opens(*door) && *at >= given).map(|(_, at)| *at).max()
}

/// Why a grant is proposed for removal; empty if it is not.
fn proposal(ctx: &Ctx, draft: &Draft, member: &MemberOut, one: &Given, used: Option<Timestamp>) -> String {
    let now = ctx.now();
    let zone = zone(ctx);
    let day = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%-d %b %Y").to_string();
    let limit = now.as_microsecond() - draft.unused_days * DAY;
    if !member.active {
        return "The person is deactivated".into();
    }
    if let Some(until) = one.until.filter(|until| *until <= now) {
        return format!("It ended on {}", day(until));
    }
    let begins = one.from.map_or(one.granted_at, |from| from.max(one.granted_at));
    match used {
        Some(used) if used.as_microsecond() < limit => format!("Last used on {}", day(used)),
        None if begins.as_microsecond() < limit => {
            format!("Not used since it was given on {}", day(one.granted_at))
        }
        _ => String::new(),
    }
}
