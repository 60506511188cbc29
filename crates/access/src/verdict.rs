//! The evaluation in words, one verdict for each way in: pages, JSON and the command line say the same.

use crate::explain::{Outcome, Trace};
use crate::fact::{Column, Dimension, Literal, Visibility};
use crate::plan::Plan;
use crate::vocabulary::{Permission, Resource};
use kernel::text::closed;

closed! {
    /// What one way in came to.
    pub enum Verdict: i64 {
        /// It lets the person in, by name: their site, their own record.
        Allowed = 0 => "allowed",
        /// It would, but for a condition.
        Denied = 1 => "denied",
        /// It lets the person in through something larger: client, area, team, organization.
        Inherited = 2 => "inherited",
        /// It says nothing about this record.
        NotApplicable = 3 => "not_applicable",
    }
}

/// One verdict in words, in the third person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it came to.
    pub verdict: Verdict,
    /// In words; a capital at the beginning, a full stop at the end.
    pub sentence: String,
    /// The assignment behind it, as a place in [`Plan::held`].
    pub source: Option<u16>,
}

impl Plan {
    /// What [`Plan::explain`] found, in words: what lets in first, then what keeps out, then what says nothing. At
    /// least one verdict, and one that lets in exactly where the person may.
    #[must_use]
    pub fn verdicts(&self, permission: Permission, trace: &Trace, name: &str) -> Vec<Said> {
        let resource = permission.resource();
        let records = resource.label().to_lowercase();
        let mut all = Vec::new();
        if trace.other_tenant {
            let sentence = "It belongs to another organization.".to_owned();
            return vec![Said { verdict: Verdict::Denied, sentence, source: None }];
        }
        if trace.other_client {
            let sentence = format!("It belongs to another client than {name}'s.");
            all.push(Said { verdict: Verdict::Denied, sentence, source: None });
        }
        let role =
            |source: u16| self.held.get(usize::from(source)).map_or("A role", |held| held.role.name.as_str());
        for way in &trace.ways {
            for source in &way.sources {
                let (verdict, sentence) = match way.outcome {
                    // The guard keeps out whatever an arm lets through.
                    Outcome::Through if trace.other_client => continue,
                    Outcome::Through if by_name(resource, way.dimension) => {
                        (Verdict::Allowed, format!("{}: {}.", role(*source), along(way.dimension, false)))
                    }
                    Outcome::Through => {
                        (Verdict::Inherited, format!("{}: {}.", role(*source), along(way.dimension, false)))
                    }
                    Outcome::OutOfReach => (
                        Verdict::NotApplicable,
                        format!("{}: {}.", role(*source), along(way.dimension, true)),
                    ),
                    Outcome::Fails(literal) => (
                        Verdict::Denied,
                        format!(
                            "{}: {}, but only when {}.",
                            role(*source),
                            along(way.dimension, false),
                            theirs(literal)
                        ),
                    ),
                };
                all.push(Said { verdict, sentence, source: Some(*source) });
            }
        }
        for (source, because) in &trace.suppressed {
            let sentence =
                format!("{} grants nothing here: {}.", role(*source), crate::sentence::because(*because));
            all.push(Said { verdict: Verdict::NotApplicable, sentence, source: Some(*source) });
        }
        if trace.ways.is_empty() && trace.suppressed.is_empty() {
            let what = permission.action().word().replace('_', " ");
            let sentence = format!("None of {name}'s roles lets them {what} {records}.");
            all.push(Said { verdict: Verdict::Denied, sentence, source: None });
        }
        all.sort_by_key(|said| match said.verdict {
            Verdict::Allowed => 0,
            Verdict::Inherited => 1,
            Verdict::Denied => 2,
            Verdict::NotApplicable => 3,
        });
        all.dedup();
        all
    }
}

/// Is a record of this kind named by such a target itself, not by something it lies in?
const fn by_name(resource: Resource, dimension: Dimension) -> bool {
    matches!(
        (dimension, resource),
        (Dimension::Site | Dimension::Own(_), _)
            | (Dimension::Client, Resource::Client)
            | (Dimension::Area, Resource::Area)
            | (Dimension::Team, Resource::Team)
    )
}

const fn along(dimension: Dimension, not: bool) -> &'static str {
    match (dimension, not) {
        (Dimension::Organization, false) => "it reaches the whole organization",
        (Dimension::Organization, true) => "it is not of their organization",
        (Dimension::Area, false) => "it is in an area of theirs",
        (Dimension::Area, true) => "it is in no area of theirs",
        (Dimension::Team, false) => "it is of a team of theirs",
        (Dimension::Team, true) => "it is of no team of theirs",
        (Dimension::Client, false) => "it is of a client of theirs",
        (Dimension::Client, true) => "it is of no client of theirs",
        (Dimension::Site, false) => "it is at a site of theirs",
        (Dimension::Site, true) => "it is at no site of theirs",
        (Dimension::Own(Column::Author), false) => "they made it",
        (Dimension::Own(Column::Author), true) => "they did not make it",
        (Dimension::Own(Column::Assignee), false) => "it is assigned to them",
        (Dimension::Own(Column::Assignee), true) => "it is not assigned to them",
        (Dimension::Own(_), false) => "they asked for it",
        (Dimension::Own(_), true) => "they did not ask for it",
    }
}

/// "…only when" this, about somebody else.
fn theirs(literal: Literal) -> String {
    let released = Visibility::Released.number();
    match literal {
        Literal::AtLeast(Column::Visibility, n) if n >= released => "it is published".into(),
        Literal::IsMe(Column::Author) => "they made it".into(),
        Literal::IsMe(Column::Assignee) => "it is assigned to them".into(),
        Literal::IsMe(Column::Requester) => "they asked for it".into(),
        other => crate::sentence::condition(other),
    }
}
