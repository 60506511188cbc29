//! `bailiwick explain`: can this person see this incident, and why? Now, or at an instant of the past. From the
//! evaluation that decides, in the words of the pages.

use std::collections::HashMap;

use access::{Action, Facts, Permission, Plan, Resource, Verdict};
use clap::Args;
use kernel::id::{MembershipId, OrganizationId};
use kernel::text::EmailAddress;
use kernel::{Clock, Timestamp};
use store::Store;

use crate::cli::Refusal;
use crate::query::{self, Incident};
use crate::say;

/// Whom and what it is about.
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// The organization, by name or id
    #[arg(long, value_name = "NAME")]
    organization: String,
    /// The person's e-mail address
    #[arg(long, value_name = "EMAIL")]
    account: EmailAddress,
    /// The incident: its number, its reference or its id
    #[arg(long, value_name = "WORD")]
    incident: String,
    /// What they want to do with it, such as view, edit or publish
    #[arg(long, value_name = "ACTION", default_value = "view")]
    action: Action,
    /// How it was at the end of a day of the past (2026-11-23), or at an instant (2026-11-23T08:00:00Z)
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
}

pub(crate) async fn answer(store: &Store, question: &Question) -> Result<(), Refusal> {
    let (organization, name) = query::organization(store, &question.organization).await?;
    let permission = Permission::find(Resource::Incident, question.action)
        .ok_or_else(|| format!("there is nothing called {} to do with an incident", question.action))?;
    let hats = query::hats(store, organization, &question.account).await?;
    if hats.is_empty() {
        return Err(Refusal(format!("{} is no member of {name}", question.account)));
    }
    let found = query::incident(store, organization, &question.incident).await?;
    let Some(incident) = found else {
        return Err(Refusal(format!("there is no incident {} in {name}", question.incident)));
    };
    let now = Clock::system().now();
    let then = match &question.at {
        None => None,
        Some(words) => {
            let zone = query::zone(store, organization).await?;
            Some(kernel::local::past(words, now, &kernel::local::zone(&zone)?)?)
        }
    };
    let facts = match then {
        None => Some(incident.facts),
        Some(at) => then_facts(store, &incident, organization, at).await?,
    };
    let members = query::member_names(store, organization).await?;
    let names: HashMap<MembershipId, &str> = members.iter().map(|(id, name)| (*id, name.as_str())).collect();
    for hat in hats {
        let authority = match then {
            None => Some(web::identity::authority(store, organization, hat.membership, now).await?),
            Some(at) => web::identity::authority_at(store, organization, hat.membership, at).await?,
        };
        let plan = authority.map(|authority| authority.compile(then.unwrap_or(now)));
        let trace = plan.as_ref().zip(facts.as_ref()).map(|(plan, facts)| plan.explain(permission, facts));
        let allowed = trace.as_ref().is_some_and(|trace| trace.allowed);
        let (verdict, may) = match (allowed, then.is_some()) {
            (true, false) => ("YES", "may"),
            (false, false) => ("NO", "may not"),
            (true, true) => ("YES", "could"),
            (false, true) => ("NO", "could not"),
        };
        say::line(format_args!(
            "{verdict}: {} ({}) {may} {} incident #{} ({})",
            hat.name, hat.audience, question.action, incident.number, incident.reference
        ));
        let (Some(plan), Some(facts), Some(trace)) = (&plan, &facts, &trace) else {
            if facts.is_none() {
                say::line(format_args!("  - The incident was not there yet."));
            }
            if plan.is_none() {
                say::line(format_args!("  - {} was no member then, or that is not known.", hat.name));
            }
            continue;
        };
        for said in plan.verdicts(permission, trace, &hat.name) {
            let mark = match said.verdict {
                Verdict::Allowed | Verdict::Inherited => '+',
                Verdict::Denied | Verdict::NotApplicable => '-',
            };
            let giver = said
                .source
                .and_then(|source| plan.held.get(usize::from(source)))
                .and_then(|held| held.granted_by)
                .and_then(|giver| names.get(&giver));
            say::line(format_args!("  {mark} {}", said.sentence));
            if let Some(giver) = giver {
                say::line(format_args!("    given by {giver}"));
            }
        }
        if allowed && question.action == Action::View {
            say::line(format_args!("  they see: {}", parts(plan, facts)));
        }
    }
    if let Some(at) = then {
        remark(store, organization, at).await?;
    }
    Ok(())
}

/// What the incident's history tells of it at an instant of the past; none before it was filed.
async fn then_facts(
    store: &Store,
    incident: &Incident,
    organization: OrganizationId,
    at: Timestamp,
) -> Result<Option<Facts>, Refusal> {
    let features = crate::features();
    let routes = features.iter().flat_map(|feature| (feature.routes)());
    let mut records = routes.filter_map(|route| route.record);
    let past = records.find(|record| record.table.resource == Resource::Incident).and_then(|r| r.past);
    let facts = Facts { organization: organization.uuid(), ..incident.facts };
    match past {
        Some(past) => Ok(past(store.clone(), facts, incident.id.uuid(), at).await?),
        None => Ok(Some(facts)),
    }
}

/// Since when it is known who could do what.
async fn remark(store: &Store, organization: OrganizationId, at: Timestamp) -> Result<(), Refusal> {
    let since = web::identity::known_since(store, organization).await?;
    if since.is_none_or(|since| at < since) {
        say::line(format_args!("Who could do what at that time is not known."));
    }
    Ok(())
}

/// Which parts of the record show.
fn parts(plan: &Plan, facts: &Facts) -> String {
    use access::FieldClass;
    let shown: Vec<&str> = FieldClass::ALL
        .iter()
        .filter(|class| plan.shows(Resource::Incident, **class, facts))
        .map(|class| class.word())
        .collect();
    shown.join(", ")
}
