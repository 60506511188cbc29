//! The words of an explanation. Pages, JSON and the command line say the same.

use std::collections::HashMap;

use access::{Action, Because, Column, Facts, Literal, Outcome, Permission, Plan, Trace, Visibility};
use kernel::id::{IncidentId, MembershipId};
use kernel::{Audience, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

/// One condition of seeing, or of doing something.
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

/// The assignments that let somebody through, with who gave them as far as `names` tells.
#[must_use]
pub fn reasons(plan: &Plan, trace: &Trace, names: &HashMap<MembershipId, &str>) -> Vec<Reason> {
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

/// The smallest thing that would change an answer, for those who may do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Publish the incident.
    Publish,
    /// Assign the account to the site.
    Assign,
    /// Turn a switch or a feature on.
    Settings,
}

/// May somebody do this with this incident?
#[derive(Debug)]
pub struct Asked<'a> {
    /// Whom it is about, by name.
    pub name: &'a str,
    /// Their plan.
    pub plan: &'a Plan,
    /// What they want to do.
    pub permission: Permission,
    /// The incident.
    pub facts: &'a Facts,
    /// The evaluation that decides.
    pub trace: &'a Trace,
    /// Which incident.
    pub incident: IncidentId,
    /// Its site's id.
    pub site: String,
    /// What the site is called.
    pub site_name: &'a str,
}

impl Asked<'_> {
    /// Each condition in the order in which people check them: published, client and site, switch, role. A fix is
    /// offered where `may` says that it can be carried out.
    #[must_use]
    pub fn verdicts(&self, may: impl Fn(Fix) -> bool) -> Vec<Verdict> {
        let Self { name, plan, trace, .. } = self;
        let mut all = Vec::new();
        if plan.audience != Audience::Staff {
            all.push(self.release(&may));
            if trace.other_client {
                let sentence = format!("The incident was filed for another client than {name}'s.");
                all.push(Verdict { holds: false, sentence, fix: None });
            }
        }
        if !trace.ways.is_empty() {
            all.push(self.reach(&may));
        }
        for way in &trace.ways {
            if let Outcome::Fails(literal) = way.outcome
                && !matches!(literal, Literal::AtLeast(Column::Visibility, _))
            {
                let (does, when) = (self.does(), access::sentence::condition(literal));
                let sentence = format!("One of {name}'s roles {does} it only when {when}.");
                all.push(Verdict { holds: false, sentence, fix: None });
            }
        }
        for (source, because) in &trace.suppressed {
            let role = plan.held.get(usize::from(*source)).map_or("A role", |held| held.role.name.as_str());
            let fix = matches!(because, Because::SwitchOff(_) | Because::FeatureOff(_) | Because::PackOff)
                .then(|| ("Settings".to_owned(), "/organization".to_owned()))
                .filter(|_| may(Fix::Settings));
            let sentence = format!("{role} grants nothing here: {}.", access::sentence::because(*because));
            all.push(Verdict { holds: false, sentence, fix });
        }
        if trace.other_tenant {
            let sentence = "The incident belongs to another organization.".to_owned();
            all.push(Verdict { holds: false, sentence, fix: None });
        } else if trace.ways.is_empty() && trace.suppressed.is_empty() {
            let verb = if self.sees() { "see" } else { self.permission.action().word() };
            let sentence = format!("None of {name}'s roles lets them {verb} incidents.");
            all.push(Verdict { holds: false, sentence, fix: None });
        }
        all
    }

    fn sees(&self) -> bool {
        self.permission.action() == Action::View
    }

    /// What a role does: it shows, or lets do something else.
    fn does(&self) -> String {
        if self.sees() { "shows".to_owned() } else { format!("lets them {}", self.permission.action()) }
    }

    /// How far the incident is let out to outsiders.
    fn release(&self, may: impl Fn(Fix) -> bool) -> Verdict {
        let held_back = self
            .trace
            .ways
            .iter()
            .any(|way| matches!(way.outcome, Outcome::Fails(Literal::AtLeast(Column::Visibility, _))));
        if self.facts.visibility.is_some_and(|v| v >= Visibility::Released.number()) {
            return Verdict { holds: true, sentence: "The incident is published.".into(), fix: None };
        }
        if self.trace.allowed && !held_back {
            let sentence =
                format!("It is not published, but {}'s account is shown what is handed in.", self.name);
            return Verdict { holds: true, sentence, fix: None };
        }
        let fix = may(Fix::Publish)
            .then(|| ("Preview and publish".to_owned(), format!("/incidents/{}/publication", self.incident)));
        Verdict { holds: false, sentence: "The incident is not published.".into(), fix }
    }

    /// Whether a role reaches the place at all.
    fn reach(&self, may: impl Fn(Fix) -> bool) -> Verdict {
        let (name, place) = (self.name, self.site_name);
        if self.trace.ways.iter().any(|way| way.outcome != Outcome::OutOfReach) {
            return Verdict { holds: true, sentence: format!("{name}'s roles reach {place}."), fix: None };
        }
        let fix = (self.plan.audience != Audience::Staff && may(Fix::Assign))
            .then(|| ("Clients of this site".to_owned(), format!("/sites/{}/clients", self.site)));
        Verdict { holds: false, sentence: format!("{name} is not assigned to {place}."), fix }
    }
}
