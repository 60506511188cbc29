//! Taking back what was given to many: from all of them or from nobody.

use std::collections::HashMap;

use access::{Assignment, Authority, Refusal, Resource, Target};
use kernel::id::{AssignmentId, MembershipId};
use kernel::{Error, Result, Timestamp};
use serde_json::json;
use store::Batch;
use web::Ctx;
use web::change::{self, Kind, Prepared, Preparing};

use super::act::found;
use crate::grants::{self, TAKE};
use crate::members::query as people;
use crate::members::{self, GiveForm};
use crate::targets;

/// Taking a role from many, as a kind of change.
pub(super) const TAKE_KIND: Kind = Kind { word: "take_role_from_many", prepare: take_said };

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct TakeSaid {
    given_at: Timestamp,
    people: Vec<One>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    member: MembershipId,
    assignment: AssignmentId,
}

fn take_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let said: TakeSaid = change::said(form)?;
        prepare(ctx, &said).await
    })
}

async fn prepare(ctx: &Ctx, said: &TakeSaid) -> Result<Prepared> {
    if said.people.len() > super::model::MOST {
        return Err(Error::field(
            "people",
            format!("name no more than {} people at once", super::model::MOST),
        ));
    }
    let ids: Vec<MembershipId> = said.people.iter().map(|one| one.member).collect();
    let giver = grants::giver(ctx).await?;
    let held: HashMap<MembershipId, Authority> =
        web::identity::authorities_of(ctx.store(), ctx.who.organization, &ids, ctx.now())
            .await?
            .into_iter()
            .map(|authority| (authority.membership, authority))
            .collect();
    let places = held.values().flat_map(|a| &a.assignments).flat_map(|a| a.targets.iter().copied());
    let places: Vec<Target> = places.collect();
    let hierarchy = targets::around(ctx, places).await?;
    let mut seen = HashMap::new();
    for side in kernel::Audience::ALL {
        seen.extend(found(ctx, &ids, side.number()).await?.into_iter().map(|member| (member.id, member)));
    }
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
    let mut pairs = Vec::new();
    let mut gone: Vec<(MembershipId, Assignment)> = Vec::new();
    for one in &said.people {
        let member = seen.get(&one.member).ok_or(Error::NotFound)?;
        let before = held.get(&one.member).ok_or(Error::NotFound)?;
        let permit = ctx.plan.permit(TAKE, &member.facts)?;
        if one.member == ctx.who.membership {
            return Err(grants::refused(Refusal::OneselfOnly));
        }
        let taken = before.assignments.iter().find(|a| a.id == one.assignment).ok_or(Error::NotFound)?;
        if taken.granted_at.as_microsecond() != said.given_at.as_microsecond() {
            return Err(Error::Stale);
        }
        let only = Authority { assignments: vec![taken.clone()], ..before.clone() };
        grants::may_manage(ctx, &giver, &only, &hierarchy)?;
        let mut after = before.clone();
        after.assignments.retain(|a| a.id != one.assignment);
        let placement = members::place(&mut after, &hierarchy);
        grants::keeps_a_static_site(ctx.store(), ctx.who.organization, member.entry, &after.assignments)
            .await?;
        people::remove_assignment(&mut batch, &permit, one.member, one.assignment);
        people::place(&mut batch, permit.organization(), one.member, &placement);
        let words: Vec<String> = taken.targets.iter().map(|t| targets::word(*t)).collect();
        let detail = json!({ "before": { "role": taken.role.key, "targets": words } });
        ctx.journal(&mut batch, "take_role", Resource::Account, Some(one.member), &member.name, &detail);
        gone.push((one.member, taken.clone()));
        pairs.push((before.clone(), after));
    }
    still_administered(ctx, &pairs).await?;
    let Some((_, first)) = gone.first() else {
        return Err(Error::field("people", "choose at least one person"));
    };
    let form = GiveForm {
        role: first.role.key.as_str().into(),
        targets: first.targets.iter().map(|t| targets::word(*t)).collect(),
        from: first.from.map(|at| at.to_string()).unwrap_or_default().into(),
        until: first.until.map(|at| at.to_string()).unwrap_or_default().into(),
    };
    let again = json!({
        "role": form.role, "targets": form.targets, "from": form.from, "until": form.until,
        "people": ids.iter().map(ToString::to_string).collect::<Vec<_>>(), "mode": "all",
    });
    let title = format!(
        "Role {} taken from {}",
        first.role.name,
        crate::words::count(gone.len(), "person", "people")
    );
    let inverse = Some((super::act::GIVE_KIND.word, again));
    Ok(Prepared { title, batch, pairs, inverse, ..Prepared::default() })
}

/// Is somebody left who administers the organization, once all of them hold what they would?
async fn still_administered(ctx: &Ctx, pairs: &[(Authority, Authority)]) -> Result<()> {
    let administers = |authority: &Authority| authority.assignments.iter().any(|a| a.role.administrator);
    if !pairs.iter().any(|(before, _)| administers(before)) {
        return Ok(());
    }
    let after: HashMap<MembershipId, &Authority> =
        pairs.iter().map(|(_, after)| (after.membership, after)).collect();
    let mut all = web::identity::authorities(ctx.store(), ctx.who.organization, ctx.now()).await?;
    for one in &mut all {
        if let Some(after) = after.get(&one.membership) {
            *one = (*after).clone();
        }
    }
    if access::still_administered(&all, ctx.now()) { Ok(()) } else { Err(grants::last_administrator()) }
}
