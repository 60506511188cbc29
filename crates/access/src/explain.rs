//! Explanation: the evaluation, told step by step. It comes from the same walk as the decision, so the two can
//! never disagree (law 4).

use crate::fact::{Dimension, Facts, Literal};
use crate::plan::{Arm, Because, Plan, Step};
use crate::vocabulary::Permission;

/// Why a decision came out as it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The answer.
    pub allowed: bool,
    /// The record is of another tenant.
    pub other_tenant: bool,
    /// The record belongs to a client this person is not kept to.
    pub other_client: bool,
    /// Each way in that was tried.
    pub ways: Vec<Way>,
    /// What would have been a way in: the assignment's place in [`Plan::held`] and why it is none.
    pub suppressed: Vec<(u16, Because)>,
}

/// One way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Along which line.
    pub dimension: Dimension,
    /// The assignments behind it, as places in [`Plan::held`]: those that let this record through, those that
    /// reach it but for the failing statement, or, where it is out of reach, all.
    pub sources: Vec<u16>,
    /// How it went.
    pub outcome: Outcome,
}

/// How one way in went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It lets through.
    Through,
    /// The record is not among its targets.
    OutOfReach,
    /// It reaches the record, but this statement is not true of it.
    Fails(Literal),
}

impl Plan {
    /// The decision with its reasons.
    #[must_use]
    pub fn explain(&self, permission: Permission, facts: &Facts) -> Trace {
        let me = self.membership.uuid();
        let mut trace = Trace {
            allowed: false,
            other_tenant: false,
            other_client: false,
            ways: Vec::new(),
            suppressed: self
                .suppressed
                .iter()
                .filter(|s| match s.permission {
                    Some(p) => p == permission,
                    None => self
                        .held
                        .get(usize::from(s.source))
                        .is_some_and(|h| h.role.grants.iter().any(|g| g.permission == permission)),
                })
                .map(|s| (s.source, s.because))
                .collect(),
        };
        trace.allowed = self.walk(permission, facts, |step| match step {
            Step::OtherTenant => trace.other_tenant = true,
            Step::OtherClient => trace.other_client = true,
            Step::OutOfReach(arm) => trace.ways.push(way(arm, arm.sources.to_vec(), Outcome::OutOfReach)),
            Step::Fails(arm, literal) => {
                trace.ways.push(way(arm, arm.cited(facts, me, false).to_vec(), Outcome::Fails(literal)));
            }
            Step::Through(arm) => {
                trace.ways.push(way(arm, arm.cited(facts, me, true).to_vec(), Outcome::Through));
            }
        });
        trace
    }
}

fn way(arm: &Arm, sources: Vec<u16>, outcome: Outcome) -> Way {
    Way { dimension: arm.dimension, sources, outcome }
}

/// Everyone among `plans` who may do this to this record, with the trace that says why.
pub fn who<'a>(
    plans: impl IntoIterator<Item = &'a Plan>,
    permission: Permission,
    facts: &Facts,
) -> Vec<(&'a Plan, Trace)> {
    plans
        .into_iter()
        .filter(|plan| plan.check(permission, facts))
        .map(|plan| (plan, plan.explain(permission, facts)))
        .collect()
}
