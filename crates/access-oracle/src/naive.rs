//! The naive oracle: one slow loop over the stored rows, written from ROLES.md. It knows nothing of plans, arms,
//! absorption or joining; whoever doubts a decision can read it here from top to bottom.

use access::{
    Assignment, Because, Condition, Facts, Feature, FieldClass, Grant, Permission, Reach, Resource, Switch,
    Target, Visibility,
};
use kernel::{Audience, Timestamp};
use uuid::Uuid;

use crate::limits::{Also, Bound, LetOut, Limit, bound};
use crate::world::{Member, Tenant};

/// May this member do this to this record, now?
#[must_use]
pub fn may(tenant: &Tenant, member: &Member, now: Timestamp, permission: Permission, facts: &Facts) -> bool {
    ways(tenant, member, now, permission, facts).next().is_some()
}

/// The assignments (their places) that let this member do this to this record.
pub fn ways(
    tenant: &Tenant,
    member: &Member,
    now: Timestamp,
    permission: Permission,
    facts: &Facts,
) -> impl Iterator<Item = usize> {
    member
        .assignments
        .iter()
        .enumerate()
        .filter(move |(_, assignment)| {
            // Another organization's records do not exist here.
            facts.organization == tenant.id.uuid()
                && off(tenant, member, now, assignment).is_empty()
                && assignment.role.grants.iter().any(|grant| {
                    grant.permission == permission && lets(tenant, member, assignment, grant, facts)
                })
        })
        .map(|(place, _)| place)
}

/// Everything that keeps an assignment from counting at all.
#[must_use]
pub fn off(tenant: &Tenant, member: &Member, now: Timestamp, assignment: &Assignment) -> Vec<Because> {
    let mut why = Vec::new();
    let role = &assignment.role;
    if !member.active {
        why.push(Because::Inactive);
    }
    if let Some(from) = assignment.from
        && now < from
    {
        why.push(Because::NotYet);
    }
    if let Some(until) = assignment.until
        && until <= now
    {
        why.push(Because::Expired);
    }
    // "Rights never add up across memberships": a role of another side counts for nothing.
    if role.audience != member.audience {
        why.push(Because::OtherAudience);
    }
    // "Roles that need a feature … grant nothing while it is off."
    if let Some(feature) = role.feature
        && !tenant.features.contains(&feature)
    {
        why.push(Because::FeatureOff(feature));
    }
    // "Packs that an organization turns on."
    let mut any_pack = role.packs.is_empty();
    for pack in &role.packs {
        if tenant.features.contains(pack) {
            any_pack = true;
        }
    }
    if !any_pack {
        why.push(Because::PackOff);
    }
    // "A missing target list means nothing, never everything."
    if assignment.targets.is_empty() && role.reach != Reach::Own {
        why.push(Because::NoTargets);
    }
    // "Exclusive roles are held alone." Held is whatever is in force by its dates.
    let mut held_keys: Vec<&str> = Vec::new();
    let mut exclusive = false;
    for other in &member.assignments {
        if in_force(other, now) {
            exclusive = exclusive || other.role.exclusive;
            if !held_keys.contains(&other.role.key.as_str()) {
                held_keys.push(&other.role.key);
            }
        }
    }
    if exclusive && held_keys.len() > 1 {
        why.push(Because::NotAlone);
    }
    // "Exactly one site."
    let mut places: Vec<Target> = Vec::new();
    for other in &member.assignments {
        if in_force(other, now) && other.role.key == role.key {
            for target in &other.targets {
                if !places.contains(target) {
                    places.push(*target);
                }
            }
        }
    }
    if let Some(most) = role.most_targets
        && places.len() > usize::from(most)
    {
        why.push(Because::TooManyTargets);
    }
    why
}

fn in_force(assignment: &Assignment, now: Timestamp) -> bool {
    let begun = match assignment.from {
        Some(from) => from <= now,
        None => true,
    };
    let ended = match assignment.until {
        Some(until) => until <= now,
        None => false,
    };
    begun && !ended
}

/// "What client users can use also depends on the organization's features": what nobody has while one is off.
const FEATURES: &[(Resource, Feature)] =
    &[(Resource::Monitor, Feature::Monitor), (Resource::Timesheet, Feature::Timesheets)];

/// Everything that keeps one grant of a live assignment from ever letting anything through.
#[must_use]
pub fn inert(tenant: &Tenant, member: &Member, assignment: &Assignment, grant: &Grant) -> Vec<Because> {
    let mut why = Vec::new();
    for (resource, feature) in FEATURES {
        if grant.permission.resource() == *resource && !tenant.features.contains(feature) {
            why.push(Because::FeatureOff(*feature));
        }
    }
    match bound(member.audience, grant.permission) {
        Bound::Never => why.push(Because::AboveCeiling),
        Bound::Free => {}
        Bound::Limited(limit) => {
            if let Some(switch) = limit.switch
                && !tenant.switches.contains(&switch)
            {
                why.push(Because::SwitchOff(switch));
            }
            if limit.also == Also::LiveClockIns && !member.live_clock_ins {
                why.push(Because::LiveClockInsOff);
            }
            let wide =
                |target: &Target| !matches!(target, Target::Team(_)) && fits(assignment, grant, *target);
            if limit.also == Also::GivenToThem
                && grant.reach != Reach::Own
                && (assignment.targets.iter().any(wide)
                    || (grant.reach == Reach::Organization && assignment.role.reach != Reach::Organization))
            {
                why.push(Because::AboveCeiling);
            }
        }
    }
    why
}

/// Does one grant of a live assignment let this member through to this record?
fn lets(tenant: &Tenant, member: &Member, assignment: &Assignment, grant: &Grant, facts: &Facts) -> bool {
    let feature = FEATURES.iter().all(|(resource, feature)| {
        grant.permission.resource() != *resource || tenant.features.contains(feature)
    });
    let outside = match bound(member.audience, grant.permission) {
        Bound::Never => false,
        Bound::Free => true,
        Bound::Limited(limit) => within_limit(tenant, member, assignment, grant, limit, facts),
    };
    let conditions = grant.conditions.iter().all(|c| holds(*c, facts, member.id.uuid()));
    feature && outside && conditions && reaches(member, assignment, grant, facts)
}

fn within_limit(
    tenant: &Tenant,
    member: &Member,
    assignment: &Assignment,
    grant: &Grant,
    limit: Limit,
    facts: &Facts,
) -> bool {
    let switch = match limit.switch {
        Some(switch) => tenant.switches.contains(&switch),
        None => true,
    };
    let kept = member.audience == Audience::Client || !member.subcontractor;
    let client = if limit.own_clients && kept {
        match facts.client {
            Some(client) => member.clients.iter().any(|mine| mine.uuid() == client),
            None => false,
        }
    } else {
        true
    };
    let released = holds(Condition::Released, facts, member.id.uuid());
    let handed_in = holds(Condition::Submitted, facts, member.id.uuid());
    let let_out = match limit.let_out {
        LetOut::Whatever => true,
        LetOut::Released => released,
        LetOut::HandedIn => handed_in,
        LetOut::SharedOrAllShared => released || (member.share_all && handed_in),
        LetOut::ApprovedOrAwaiting => {
            released || (tenant.switches.contains(&Switch::TimesheetsForApproval) && handed_in)
        }
    };
    let also = match limit.also {
        Also::Nothing => true,
        Also::Author => facts.author == Some(member.id.uuid()),
        Also::Emergency => facts.emergency == Some(1),
        Also::LiveClockIns => member.live_clock_ins,
        Also::GivenToThem => {
            let widened = grant.reach == Reach::Organization && assignment.role.reach != Reach::Organization;
            grant.reach == Reach::Own
                || !widened
                    && assignment.targets.iter().any(|target| {
                        matches!(target, Target::Team(_)) && at_target(assignment, grant, *target, facts)
                    })
        }
    };
    switch && client && let_out && also
}

/// Is a condition true of a record, for this person? What is absent makes it false.
#[must_use]
pub fn holds(condition: Condition, facts: &Facts, me: Uuid) -> bool {
    let visibility = |least: Visibility| match facts.visibility {
        Some(known) => known >= least.number(),
        None => false,
    };
    match condition {
        Condition::Author => facts.author == Some(me),
        Condition::Assignee => facts.assignee == Some(me),
        Condition::Requester => facts.requester == Some(me),
        Condition::NotAuthor => match facts.author {
            Some(author) => author != me,
            None => false,
        },
        Condition::AuthorMayEdit => facts.author_may_edit == Some(1),
        Condition::Submitted => visibility(Visibility::Submitted),
        Condition::Released => visibility(Visibility::Released),
        Condition::NotClosed => facts.closed == Some(0),
    }
}

/// Is the record within the reach of a grant, given the targets of its assignment?
fn reaches(member: &Member, assignment: &Assignment, grant: &Grant, facts: &Facts) -> bool {
    if grant.reach == Reach::Own {
        let me = Some(member.id.uuid());
        let names =
            |c: &Condition| matches!(c, Condition::Author | Condition::Assignee | Condition::Requester);
        // Conditions that name a person column say which "own" is meant (and must hold anyway).
        return grant.conditions.iter().any(names)
            || facts.author == me
            || facts.assignee == me
            || facts.requester == me;
    }
    if grant.reach == Reach::Organization && assignment.role.reach != Reach::Organization {
        return true;
    }
    assignment.targets.iter().any(|target| at_target(assignment, grant, *target, facts))
}

/// Does this target, being no wider than role and grant allow, hold the record?
fn at_target(assignment: &Assignment, grant: &Grant, target: Target, facts: &Facts) -> bool {
    if !fits(assignment, grant, target) {
        return false;
    }
    match target {
        Target::Organization => true,
        Target::Area(area) => facts.area == Some(area.uuid()),
        Target::Team(team) => facts.team == Some(team.uuid()),
        Target::Client(client) => facts.client == Some(client.uuid()),
        Target::Site(site) => facts.site == Some(site.uuid()),
    }
}

/// Is the target no wider than role and grant allow?
fn fits(assignment: &Assignment, grant: &Grant, target: Target) -> bool {
    width(target.reach()) >= width(grant.reach) && width(target.reach()) >= width(assignment.role.reach)
}

/// "`organization` > `area` / `team` / `client` > `site` > `own`", as a number; the three in the middle are told
/// apart in the order they are named.
fn width(reach: Reach) -> u8 {
    match reach {
        Reach::Organization => 0,
        Reach::Area => 1,
        Reach::Team => 2,
        Reach::Client => 3,
        Reach::Site => 4,
        Reach::Own => 5,
    }
}

/// May this member read this part of this record? (ROLES.md: facet; DESIGN: field classes.)
#[must_use]
pub fn shows(
    tenant: &Tenant,
    member: &Member,
    now: Timestamp,
    resource: Resource,
    class: FieldClass,
    facts: &Facts,
) -> bool {
    let word = |action: &str| format!("{}.{action}", resource.word()).parse::<Permission>().ok();
    word("view").is_some_and(|view| shows_by(tenant, member, now, view, class, facts))
}

/// The same, where something else than seeing lets somebody meet the record: planning, assigning.
#[must_use]
pub fn shows_by(
    tenant: &Tenant,
    member: &Member,
    now: Timestamp,
    by: Permission,
    class: FieldClass,
    facts: &Facts,
) -> bool {
    let word = |action: &str| format!("{}.{action}", by.resource().word()).parse::<Permission>().ok();
    let ever = match member.audience {
        Audience::Staff => class != FieldClass::Secret,
        Audience::Client => matches!(class, FieldClass::Public | FieldClass::Prices),
        Audience::Contractor => {
            class == FieldClass::Public || (class == FieldClass::Operational && member.subcontractor)
        }
    };
    let facet = match class {
        FieldClass::Public | FieldClass::Operational => Some(by),
        FieldClass::Notes => word("notes").or(Some(by)),
        FieldClass::People => word("people").or(Some(by)),
        FieldClass::Location => word("location").or(Some(by)),
        FieldClass::Prices => word("prices").or(Some(by)),
        FieldClass::Secret => None,
    };
    ever && may(tenant, member, now, by, facts)
        && facet.is_some_and(|facet| may(tenant, member, now, facet, facts))
}
