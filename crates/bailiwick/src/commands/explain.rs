//! `bailiwick explain`: can this person see this incident, and why? From the evaluation that decides.

use std::collections::HashMap;

use access::{Action, Facts, Permission, Plan, Resource};
use clap::Args;
use kernel::Clock;
use kernel::id::MembershipId;
use kernel::text::EmailAddress;
use reporting::explain::{Asked, reasons};
use store::Store;

use crate::cli::Refusal;
use crate::{query, say};

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
    let members = query::member_names(store, organization).await?;
    let names: HashMap<MembershipId, &str> = members.iter().map(|(id, name)| (*id, name.as_str())).collect();
    for hat in hats {
        let plan = web::identity::authority(store, organization, hat.membership, now).await?.compile(now);
        let trace = plan.explain(permission, &incident.facts);
        let (verdict, may) = if trace.allowed { ("YES", "may") } else { ("NO", "may not") };
        say::line(format_args!(
            "{verdict}: {} ({}) {may} {} incident #{} ({})",
            hat.name, hat.audience, question.action, incident.number, incident.reference
        ));
        for reason in reasons(&plan, &trace, &names) {
            let giver = reason.given_by.map_or_else(String::new, |name| format!(", given by {name}"));
            say::line(format_args!("  because of the role {}{giver}", reason.role));
        }
        let asked = Asked {
            name: &hat.name,
            plan: &plan,
            permission,
            facts: &incident.facts,
            trace: &trace,
            incident: incident.id,
            site: incident.site.to_string(),
            site_name: &incident.site_name,
        };
        // Whoever runs the program may mend everything.
        for verdict in asked.verdicts(|_fix| true) {
            let mark = if verdict.holds { '+' } else { '-' };
            say::line(format_args!("  {mark} {}", verdict.sentence));
            if let Some((label, path)) = verdict.fix {
                say::line(format_args!("    to change it: {label}, at /office{path}"));
            }
        }
        if trace.allowed && question.action == Action::View {
            say::line(format_args!("  they see: {}", parts(&plan, &incident.facts)));
        }
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
