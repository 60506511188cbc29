//! Who is told: one decision for one person about one event. Pure; what leaves, what is previewed and what is said
//! afterwards all come from here.

use std::collections::HashMap;

use access::{Event, Facts, Outcome as Step, Plan};
use kernel::Audience;
use kernel::id::{AccountId, MembershipId};

use super::words::{Cadence, Outcome};
use super::{Address, Occurrence, Reader};

/// People's own choices, by membership and event number.
pub(super) type Choices = HashMap<(MembershipId, i64), Cadence>;

/// Somebody of the organization.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) membership: MembershipId,
    pub(super) account: AccountId,
    pub(super) audience: Audience,
    pub(super) email: String,
    /// The membership works and the sign-in is not archived.
    pub(super) active: bool,
    /// Somebody accepted the invitation. Accounts that were only saved get nothing about single records.
    pub(super) joined: bool,
    /// When the daily message leaves, on whose clock.
    pub(super) hour: Option<i64>,
    pub(super) zone: Option<String>,
}

/// Through which subscription somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Through {
    pub(super) event: Event,
    pub(super) cadence: Cadence,
    /// By their own choice, not by their roles.
    pub(super) chosen: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Tell(Through),
    Not(Outcome, String),
    /// Neither subscribed nor anywhere near the record: not worth a row.
    Aside,
}

/// How somebody gets a sort of event: their own choice, else what their roles bring.
pub(super) fn subscription(plan: &Plan, choices: &Choices, event: Event) -> Through {
    match choices.get(&(plan.membership, event.number())) {
        Some(cadence) => Through { event, cadence: *cadence, chosen: true },
        None => Through { event, cadence: by_default(plan, event), chosen: false },
    }
}

/// What somebody gets unless they choose otherwise.
pub(super) fn by_default(plan: &Plan, event: Event) -> Cadence {
    if event.is_personal() || plan.subscriptions.contains(&event) { Cadence::AtOnce } else { Cadence::Off }
}

/// What else bears on a decision.
pub(super) struct Circumstances<'a> {
    pub(super) facts: &'a Facts,
    pub(super) choices: &'a Choices,
    /// They were told of this record before.
    pub(super) told: bool,
    /// Whose sign-in did it.
    pub(super) cause: Option<AccountId>,
}

/// The decision. `plan` is the plan of the membership as if it were active, so that the reason can be told.
pub(super) fn decide(of: &Occurrence, person: &Person, plan: &Plan, about: &Circumstances<'_>) -> Decision {
    match considered(of, person, plan, about) {
        Decision::Tell(_) if about.cause == Some(person.account) => {
            Decision::Not(Outcome::OwnDoing, "They did it themselves.".into())
        }
        Decision::Tell(_) if !person.active => Decision::Not(
            Outcome::Inactive,
            "Their membership is deactivated, or their sign-in archived.".into(),
        ),
        Decision::Tell(_) if !person.joined => {
            Decision::Not(Outcome::NotJoined, "They were never invited, or did not accept yet.".into())
        }
        other => other,
    }
}

fn considered(of: &Occurrence, person: &Person, plan: &Plan, about: &Circumstances<'_>) -> Decision {
    let notice = of.registered.notice;
    if !notice.sides.contains(&person.audience) {
        return Decision::Aside;
    }
    let facts = about.facts;
    let reader = Reader { membership: person.membership, audience: person.audience, plan, facts };
    let sees = plan.check(notice.view, facts);
    let events = match (notice.address)(of, &reader) {
        Address::Subscribers(events) => events,
        Address::Nobody(reason) if sees => return Decision::Not(Outcome::NotForThem, reason.into()),
        Address::Nobody(_) => return Decision::Aside,
    };
    let through = events
        .iter()
        .map(|event| subscription(plan, about.choices, *event))
        .find(|through| through.cadence != Cadence::Off);
    if !sees {
        // Told of those whose targets hold the record, and who are kept from it by a condition; not of everybody else.
        let trace = plan.explain(notice.view, facts);
        let kept = trace.ways.iter().find_map(|way| match way.outcome {
            Step::Fails(literal) => Some(literal),
            _ => None,
        });
        return match (through, kept) {
            (Some(_), Some(literal)) if !trace.other_client => Decision::Not(
                Outcome::MayNotSee,
                format!("Their roles show it only when {}.", access::sentence::condition(literal)),
            ),
            _ => Decision::Aside,
        };
    }
    let Some(through) = through else {
        let labels: Vec<String> = events.iter().map(|event| event.label().to_lowercase()).collect();
        return Decision::Not(
            Outcome::NotSubscribed,
            format!("They do not subscribe to {}.", labels.join(" or ")),
        );
    };
    // What was let out only later is told by the event that let it out, not by this one.
    let then = Facts { visibility: of.visibility.or(facts.visibility), ..*facts };
    if !plan.check(notice.view, &then) {
        return Decision::Not(Outcome::MayNotSee, "They could not see it yet when this happened.".into());
    }
    if !of.registered.doors.iter().any(|door| match door {
        crate::Door::Portal(portal) => plan.opens(*portal),
        crate::Door::Api => false,
    }) {
        return Decision::Not(Outcome::MayNotSee, "No portal of theirs opens it.".into());
    }
    if about.told {
        return Decision::Not(Outcome::AlreadyTold, "They were told of this before.".into());
    }
    Decision::Tell(through)
}
