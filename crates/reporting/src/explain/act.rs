//! The questions and their answers.

use std::collections::HashMap;

use access::{Action, Facts, Permission, Plan, Resource};
use kernel::id::{IncidentId, MembershipId};
use kernel::{Audience, Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Ctx;

use super::query::{self, Member};
use super::words::{Asked, Fix, Reason, Verdict, reasons};
use super::{EXPLAIN, SEE_MEMBERS};
use crate::incidents::{VIEW, find};

/// Whom the question is about.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AccessQuery {
    /// A membership's id: why can this person see it, or why not?
    pub person: String,
}

/// Who can see an incident.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccessOut {
    /// The incident.
    pub incident: IncidentId,
    /// What it is called on staff pages.
    pub label: String,
    /// Everybody who can see it, staff first.
    pub who: Vec<CanSee>,
    /// Everybody there is to ask about.
    pub members: Vec<Named>,
    /// The answer about one person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Why>,
}

/// A member by name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Named {
    /// Which one.
    pub membership: MembershipId,
    /// By name.
    pub name: String,
    /// Their side.
    pub side: Audience,
}

/// Somebody who can see it, and through what.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CanSee {
    /// Who.
    #[serde(flatten)]
    pub member: Named,
    /// The assignments that let them.
    pub because: Vec<Reason>,
}

/// Why one person can or cannot.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Why {
    /// Who.
    #[serde(flatten)]
    pub member: Named,
    /// Can they?
    pub allowed: bool,
    /// Each condition, and whether it holds.
    pub verdicts: Vec<Verdict>,
}

pub(super) async fn access(ctx: &Ctx, id: IncidentId, asked: &AccessQuery) -> Result<AccessOut> {
    let (incident, facts) = find(ctx, id).await?;
    ctx.plan.permit(EXPLAIN, &facts)?;
    let now = ctx.now();
    let members = query::members(ctx.store(), ctx.who.organization).await?;
    // Whom the asker may not know of is not named here either.
    let members: Vec<Member> =
        members.into_iter().filter(|m| ctx.plan.check(SEE_MEMBERS, &m.facts)).collect();
    let names: HashMap<MembershipId, &str> = members.iter().map(|m| (m.id, m.name.as_str())).collect();
    let plans: HashMap<MembershipId, Plan> =
        web::identity::authorities(ctx.store(), ctx.who.organization, now)
            .await?
            .into_iter()
            .map(|authority| (authority.membership, authority.compile(now)))
            .collect();
    let mut who = Vec::new();
    for member in &members {
        let Some(plan) = plans.get(&member.id) else { continue };
        if plan.check(VIEW, &facts) {
            let trace = plan.explain(VIEW, &facts);
            who.push(CanSee { member: named(member), because: reasons(plan, &trace, &names) });
        }
    }
    let person = if asked.person.is_empty() {
        None
    } else {
        let wanted: MembershipId = asked.person.parse().map_err(|_unreadable: String| Error::NotFound)?;
        let member = members.iter().find(|m| m.id == wanted).ok_or(Error::NotFound)?;
        let plan = plans.get(&wanted).ok_or(Error::NotFound)?;
        let trace = plan.explain(VIEW, &facts);
        let question = Asked {
            name: &member.name,
            plan,
            permission: VIEW,
            facts: &facts,
            trace: &trace,
            incident: id,
            site: incident.row.site_id.to_string(),
            site_name: &incident.row.site,
        };
        let verdicts = question.verdicts(|fix| may_fix(ctx, fix, &facts));
        Some(Why { member: named(member), allowed: trace.allowed, verdicts })
    };
    Ok(AccessOut {
        incident: id,
        label: incident.row.label(),
        who,
        members: members.iter().map(named).collect(),
        person,
    })
}

fn named(member: &Member) -> Named {
    Named { membership: member.id, name: member.name.clone(), side: member.audience }
}

/// May the asker carry out what would change the answer?
fn may_fix(ctx: &Ctx, fix: Fix, facts: &Facts) -> bool {
    let permission = |resource, action| Permission::find(resource, action);
    match fix {
        Fix::Publish => {
            permission(Resource::Incident, Action::Publish).is_some_and(|p| ctx.plan.check(p, facts))
        }
        Fix::Assign => permission(Resource::Assignment, Action::Create).is_some_and(|p| ctx.may(p)),
        Fix::Settings => permission(Resource::Organization, Action::Edit).is_some_and(|p| ctx.may(p)),
    }
}
