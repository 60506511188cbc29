//! The questions and their answers.

use std::collections::HashMap;

use access::{Because, Column, Facts, Literal, Outcome, Permission, Plan, Resource, Trace, Visibility};
use kernel::id::{IncidentId, MembershipId};
use kernel::{Audience, Error, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Ctx;

use super::query::{self, Member};
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

/// An assignment that lets somebody through.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reason {
    /// The role it gives.
    pub role: String,
    /// Who gave it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_by: Option<String>,
    /// When.
    pub given_at: Timestamp,
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

/// One condition of seeing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// Does it hold?
    pub holds: bool,
    /// In words.
    pub sentence: String,
    /// What would change it, for those who may: words, and a path below the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<(String, String)>,
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
        let place = Place {
            incident: id,
            site: incident.row.site_id.to_string(),
            site_name: incident.row.site.clone(),
        };
        Some(Why {
            member: named(member),
            allowed: trace.allowed,
            verdicts: verdicts(ctx, &member.name, plan, &trace, &facts, &place),
        })
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

fn reasons(plan: &Plan, trace: &Trace, names: &HashMap<MembershipId, &str>) -> Vec<Reason> {
    let mut sources: Vec<u16> = trace
        .ways
        .iter()
        .filter(|way| way.outcome == Outcome::Through)
        .flat_map(|way| way.sources.iter().copied())
        .collect();
    sources.sort_unstable();
    sources.dedup();
    sources
        .into_iter()
        .filter_map(|source| plan.held.get(usize::from(source)))
        .map(|held| Reason {
            role: held.role.name.clone(),
            given_by: held.granted_by.and_then(|giver| names.get(&giver)).map(|name| (*name).to_owned()),
            given_at: held.granted_at,
        })
        .collect()
}

struct Place {
    incident: IncidentId,
    site: String,
    site_name: String,
}

/// Each condition of seeing in the order in which people check them: published, client and site, switch, role. A fix
/// is offered to those who could carry it out.
fn verdicts(ctx: &Ctx, name: &str, plan: &Plan, trace: &Trace, facts: &Facts, place: &Place) -> Vec<Verdict> {
    let may = |resource: Resource, action: access::Action| {
        Permission::find(resource, action).is_some_and(|permission| ctx.may(permission))
    };
    let mut all = Vec::new();
    let held_back = trace
        .ways
        .iter()
        .any(|way| matches!(way.outcome, Outcome::Fails(Literal::AtLeast(Column::Visibility, _))));
    if plan.audience != Audience::Staff {
        let released = facts.visibility.is_some_and(|v| v >= Visibility::Released.number());
        let fix = Permission::find(Resource::Incident, access::Action::Publish)
            .filter(|publish| ctx.plan.check(*publish, facts))
            .map(|_| {
                ("Preview and publish".to_owned(), format!("/incidents/{}/publication", place.incident))
            });
        all.push(if released {
            Verdict { holds: true, sentence: "The incident is published.".into(), fix: None }
        } else if trace.allowed && !held_back {
            Verdict {
                holds: true,
                sentence: format!("It is not published, but {name}'s account is shown what is handed in."),
                fix: None,
            }
        } else {
            Verdict { holds: false, sentence: "The incident is not published.".into(), fix }
        });
        if trace.other_client {
            let sentence = format!("The incident was filed for another client than {name}'s.");
            all.push(Verdict { holds: false, sentence, fix: None });
        }
    }
    if !trace.ways.is_empty() {
        let reaches = trace.ways.iter().any(|way| way.outcome != Outcome::OutOfReach);
        let fix = (plan.audience != Audience::Staff && may(Resource::Assignment, access::Action::Create))
            .then(|| ("Clients of this site".to_owned(), format!("/sites/{}/clients", place.site)));
        all.push(if reaches {
            Verdict { holds: true, sentence: format!("{name}'s roles reach {}.", place.site_name), fix: None }
        } else {
            Verdict { holds: false, sentence: format!("{name} is not assigned to {}.", place.site_name), fix }
        });
    }
    for way in &trace.ways {
        if let Outcome::Fails(literal) = way.outcome
            && !matches!(literal, Literal::AtLeast(Column::Visibility, _))
        {
            let sentence =
                format!("One of {name}'s roles shows it only when {}.", access::sentence::condition(literal));
            all.push(Verdict { holds: false, sentence, fix: None });
        }
    }
    for (source, because) in &trace.suppressed {
        let role = plan.held.get(usize::from(*source)).map_or("A role", |held| held.role.name.as_str());
        let fix = matches!(because, Because::SwitchOff(_) | Because::FeatureOff(_) | Because::PackOff)
            .then(|| ("Settings".to_owned(), "/organization".to_owned()))
            .filter(|_| may(Resource::Organization, access::Action::Edit));
        let sentence = format!("{role} grants nothing here: {}.", access::sentence::because(*because));
        all.push(Verdict { holds: false, sentence, fix });
    }
    if trace.ways.is_empty() && trace.suppressed.is_empty() {
        let sentence = format!("None of {name}'s roles lets them see incidents.");
        all.push(Verdict { holds: false, sentence, fix: None });
    }
    all
}
