//! `bailiwick explain`: can this person see this incident, and why? From the evaluation that decides.

use access::{Action, Dimension, Facts, Outcome, Permission, Plan, Resource, sentence};
use clap::Args;
use kernel::Clock;
use kernel::text::EmailAddress;
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
    for hat in hats {
        let plan = web::identity::authority(store, organization, hat.membership, now).await?.compile(now);
        let allowed = plan.check(permission, &incident.facts);
        let verdict = if allowed { "YES" } else { "NO" };
        say::line(format_args!(
            "{verdict}: {} ({}) {} {} incident #{} ({})",
            hat.name,
            hat.audience,
            if allowed { "may" } else { "may not" },
            question.action,
            incident.number,
            incident.reference
        ));
        for line in lines(&plan, permission, &incident.facts) {
            say::line(format_args!("  {line}"));
        }
        if allowed && question.action == Action::View {
            say::line(format_args!("  they see: {}", parts(&plan, &incident.facts)));
        }
    }
    Ok(())
}

/// The reasons, a line each.
fn lines(plan: &Plan, permission: Permission, facts: &Facts) -> Vec<String> {
    let trace = plan.explain(permission, facts);
    let mut lines = Vec::new();
    if trace.other_tenant {
        lines.push("it belongs to another organization".to_owned());
    }
    if trace.other_client {
        lines.push("it belongs to another client".to_owned());
    }
    let role =
        |source: u16| plan.held.get(usize::from(source)).map_or("a role", |held| held.role.name.as_str());
    for way in &trace.ways {
        let mut roles: Vec<&str> = way.sources.iter().map(|source| role(*source)).collect();
        roles.dedup();
        let (roles, line) = (roles.join(", "), along(way.dimension));
        lines.push(match way.outcome {
            Outcome::Through => format!("{roles}: yes, {line}"),
            Outcome::OutOfReach => format!("{roles}: no, it is not {line}"),
            Outcome::Fails(literal) => {
                format!("{roles}: it is {line}, but only when {}", sentence::condition(literal))
            }
        });
    }
    for (source, because) in &trace.suppressed {
        lines.push(format!("{}: no, {}", role(*source), sentence::because(*because)));
    }
    if trace.ways.is_empty() && trace.suppressed.is_empty() && !trace.other_tenant {
        lines.push("no role of theirs lets them do this to any incident".to_owned());
    }
    lines
}

fn along(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Organization => "in their organization",
        Dimension::Area => "in an area of theirs",
        Dimension::Team => "of a team of theirs",
        Dimension::Client => "of a client of theirs",
        Dimension::Site => "at a site of theirs",
        Dimension::Own(_) => "their own",
    }
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
