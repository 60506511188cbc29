//! Compiling: from assignments, switches and features to a plan. Here toggles, hierarchy and roles disappear.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use kernel::id::{AreaId, AssignmentId, ClientId, MembershipId, OrganizationId, SiteId, TeamId};
use kernel::{Audience, Timestamp};
use smallvec::SmallVec;
use uuid::Uuid;

use crate::ceiling::{Ceiling, ceiling, door, feature_of};
use crate::fact::{Column, Dimension, Literal};
use crate::plan::{Arm, Because, Held, Plan, Suppressed};
use crate::role::{Grant, Reach, Role};
use crate::vocabulary::{FeatureSet, Permission, Switch, SwitchSet};

/// One target of an assignment (ROLES.md: assignment).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The whole organization. It must be said; an empty list is nothing.
    Organization,
    /// An area.
    Area(AreaId),
    /// A team.
    Team(TeamId),
    /// A client.
    Client(ClientId),
    /// A site.
    Site(SiteId),
}

impl Target {
    /// The reach this target has.
    #[must_use]
    pub const fn reach(self) -> Reach {
        match self {
            Self::Organization => Reach::Organization,
            Self::Area(_) => Reach::Area,
            Self::Team(_) => Reach::Team,
            Self::Client(_) => Reach::Client,
            Self::Site(_) => Reach::Site,
        }
    }

    const fn key(self, organization: OrganizationId) -> (Dimension, Uuid) {
        match self {
            Self::Organization => (Dimension::Organization, organization.uuid()),
            Self::Area(id) => (Dimension::Area, id.uuid()),
            Self::Team(id) => (Dimension::Team, id.uuid()),
            Self::Client(id) => (Dimension::Client, id.uuid()),
            Self::Site(id) => (Dimension::Site, id.uuid()),
        }
    }
}

/// The word of its reach and, but for the organization, its id: `site:sit_…`. Forms and stored targets read like that.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization => f.write_str("organization"),
            Self::Area(id) => write!(f, "area:{id}"),
            Self::Team(id) => write!(f, "team:{id}"),
            Self::Client(id) => write!(f, "client:{id}"),
            Self::Site(id) => write!(f, "site:{id}"),
        }
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        if word == "organization" {
            return Ok(Self::Organization);
        }
        let (reach, id) = word.split_once(':').ok_or("choose from the list")?;
        match reach {
            "area" => id.parse().map(Self::Area),
            "team" => id.parse().map(Self::Team),
            "client" => id.parse().map(Self::Client),
            "site" => id.parse().map(Self::Site),
            _ => Err("choose from the list".to_owned()),
        }
    }
}

/// An assignment as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Which one.
    pub id: AssignmentId,
    /// What it gives.
    pub role: Arc<Role>,
    /// Where.
    pub targets: Vec<Target>,
    /// From when; `None` since ever.
    pub from: Option<Timestamp>,
    /// Until when; `None` for good.
    pub until: Option<Timestamp>,
    /// Who gave it.
    pub granted_by: Option<MembershipId>,
    /// When it was given.
    pub granted_at: Timestamp,
}

/// Everything that bears on what one membership may do.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The tenant.
    pub organization: OrganizationId,
    /// Whose.
    pub membership: MembershipId,
    /// Their side.
    pub audience: Audience,
    /// Deactivated memberships hold nothing.
    pub active: bool,
    /// The clients this membership belongs to. Kept to them when on the client side or a guest contractor.
    pub clients: Vec<ClientId>,
    /// A contractor of the organization itself, not of one client: no client guard.
    pub subcontractor: bool,
    /// The account's switch "share all incident reports automatically on submission".
    pub share_all: bool,
    /// The account's switch "show live clock-ins".
    pub live_clock_ins: bool,
    /// What was given.
    pub assignments: Vec<Assignment>,
    /// The organization's switches.
    pub switches: SwitchSet,
    /// The organization's live features.
    pub features: FeatureSet,
    /// The organization's epoch.
    pub epoch: i64,
}

impl Authority {
    /// Compiles the plan as of an instant.
    #[must_use]
    pub fn compile(&self, now: Timestamp) -> Plan {
        let mut work =
            Work { authority: self, arms: vec![Vec::new(); Permission::COUNT], suppressed: Vec::new() };
        let live = self.live(now, &mut work.suppressed);
        let mut portals = SmallVec::new();
        let mut subscriptions = BTreeSet::new();
        for &(source, assignment) in &live {
            for &portal in &assignment.role.portals {
                if !portals.contains(&portal) && door(self.audience, portal) {
                    portals.push(portal);
                }
            }
            subscriptions.extend(assignment.role.subscriptions.iter().copied());
            for grant in &assignment.role.grants {
                work.grant(source, assignment, grant);
            }
        }
        portals.sort_unstable();
        let mut guard: Vec<Uuid> = self.clients.iter().map(|c| c.uuid()).collect();
        guard.sort_unstable();
        guard.dedup();
        let kept = match self.audience {
            Audience::Staff => false,
            Audience::Client => true,
            Audience::Contractor => !self.subcontractor,
        };
        Plan {
            organization: self.organization,
            membership: self.membership,
            audience: self.audience,
            epoch: self.epoch,
            valid_until: self.next_boundary(now),
            portals,
            held: self
                .assignments
                .iter()
                .map(|a| Held {
                    assignment: a.id,
                    role: a.role.clone(),
                    granted_by: a.granted_by,
                    granted_at: a.granted_at,
                })
                .collect(),
            suppressed: work.suppressed,
            subscriptions: subscriptions.into_iter().collect(),
            clients: kept.then(|| guard.into()),
            arms: work.arms.into_iter().map(|arms| collapse(arms).into_boxed_slice()).collect(),
            guarded: Permission::all().map(|p| ceiling(self.audience, p).is_none_or(|c| c.guarded)).collect(),
        }
    }

    /// The assignments that count now, with their places; the others are noted with the reason.
    fn live(&self, now: Timestamp, suppressed: &mut Vec<Suppressed>) -> Vec<(u16, &Assignment)> {
        let mut live = Vec::new();
        for (place, assignment) in self.assignments.iter().enumerate() {
            let source = u16::try_from(place).unwrap_or(u16::MAX);
            match self.off(assignment, now) {
                Some(because) => suppressed.push(Suppressed { permission: None, source, because }),
                None => live.push((source, assignment)),
            }
        }
        // Law 6: an exclusive role is held alone. The door refuses it; here it is refused again. Held is held, even
        // where a feature is off: otherwise turning a feature off would give somebody their other roles back.
        let held: Vec<&Assignment> = self.assignments.iter().filter(|a| a.covers(now)).collect();
        let clash = held.iter().any(|a| a.role.exclusive)
            && held.iter().any(|a| held.first().is_some_and(|first| a.role.key != first.role.key));
        live.retain(|&(source, assignment)| {
            let targets = || distinct_targets(held.iter().copied(), &assignment.role.key);
            let because = if clash {
                Because::NotAlone
            } else if assignment.role.most_targets.is_some_and(|most| targets() > usize::from(most)) {
                Because::TooManyTargets
            } else {
                return true;
            };
            suppressed.push(Suppressed { permission: None, source, because });
            false
        });
        live
    }

    /// The assignments that count at this instant.
    pub(crate) fn live_assignments(&self, now: Timestamp) -> Vec<Assignment> {
        self.live(now, &mut Vec::new()).into_iter().map(|(_, assignment)| assignment.clone()).collect()
    }

    fn off(&self, assignment: &Assignment, now: Timestamp) -> Option<Because> {
        let role = &assignment.role;
        if !self.active {
            Some(Because::Inactive)
        } else if assignment.from.is_some_and(|from| now < from) {
            Some(Because::NotYet)
        } else if assignment.until.is_some_and(|until| now >= until) {
            Some(Because::Expired)
        } else if role.audience != self.audience {
            Some(Because::OtherAudience)
        } else if let Some(feature) = role.feature.filter(|f| !self.features.has(*f)) {
            Some(Because::FeatureOff(feature))
        } else if !role.packs.is_empty() && !role.packs.iter().any(|p| self.features.has(*p)) {
            Some(Because::PackOff)
        } else if assignment.targets.is_empty() && role.reach != Reach::Own {
            Some(Because::NoTargets)
        } else {
            None
        }
    }

    fn next_boundary(&self, now: Timestamp) -> Option<Timestamp> {
        self.assignments.iter().flat_map(|a| [a.from, a.until]).flatten().filter(|at| *at > now).min()
    }
}

impl Assignment {
    /// Is it in force at this instant, as far as its dates go?
    #[must_use]
    pub fn covers(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| now >= from) && self.until.is_none_or(|until| now < until)
    }
}

/// How many places a role is held at in all; the same place twice is one place.
pub(crate) fn distinct_targets<'a>(
    assignments: impl IntoIterator<Item = &'a Assignment>,
    role: &str,
) -> usize {
    let named: BTreeSet<Target> = assignments
        .into_iter()
        .filter(|a| a.role.key == role)
        .flat_map(|a| a.targets.iter().copied())
        .collect();
    named.len()
}

struct Work<'a> {
    authority: &'a Authority,
    arms: Vec<Vec<Arm>>,
    suppressed: Vec<Suppressed>,
}

impl Work<'_> {
    fn grant(&mut self, source: u16, assignment: &Assignment, grant: &Grant) {
        let authority = self.authority;
        let permission = grant.permission;
        let ceiling = match self.allowed(permission) {
            Ok(ceiling) => ceiling,
            Err(because) => {
                self.suppressed.push(Suppressed { permission: Some(permission), source, because });
                return;
            }
        };
        let mut literals: SmallVec<[Literal; 4]> = grant.conditions.iter().map(|c| c.literal()).collect();
        let for_approval = authority.switches.has(Switch::TimesheetsForApproval);
        if let Some(least) = ceiling.release.least(authority.share_all, for_approval) {
            literals.push(Literal::AtLeast(Column::Visibility, least.number()));
        }
        literals.extend(ceiling.literal);
        for (dimension, ids) in reached(authority, assignment, grant) {
            if ceiling.given && !matches!(dimension, Dimension::Team | Dimension::Own(_)) {
                let because = Because::AboveCeiling;
                self.suppressed.push(Suppressed { permission: Some(permission), source, because });
                continue;
            }
            let mut literals = literals.clone();
            if let Dimension::Own(column) = dimension {
                literals.retain(|l| *l != Literal::IsMe(column));
            }
            simplify(&mut literals);
            if let Some(arms) = self.arms.get_mut(permission.index()) {
                arms.push(Arm {
                    dimension,
                    ids: ids.into(),
                    literals,
                    sources: [source].into_iter().collect(),
                    parts: Box::default(),
                });
            }
        }
    }

    fn allowed(&self, permission: Permission) -> Result<Ceiling, Because> {
        let authority = self.authority;
        let ceiling = ceiling(authority.audience, permission).ok_or(Because::AboveCeiling)?;
        if let Some(feature) = feature_of(permission.resource()).filter(|f| !authority.features.has(*f)) {
            return Err(Because::FeatureOff(feature));
        }
        if let Some(switch) = ceiling.switch.filter(|s| !authority.switches.has(*s)) {
            return Err(Because::SwitchOff(switch));
        }
        if ceiling.live_clock_ins && !authority.live_clock_ins {
            return Err(Because::LiveClockInsOff);
        }
        Ok(ceiling)
    }
}

/// The person columns by which a grant of reach "own" reaches: those its conditions name, else all.
pub(crate) fn own_columns(grant: &Grant) -> Vec<Column> {
    let named: Vec<Column> = grant
        .conditions
        .iter()
        .filter_map(|c| match c.literal() {
            Literal::IsMe(column) => Some(column),
            _ => None,
        })
        .collect();
    if named.is_empty() { vec![Column::Author, Column::Assignee, Column::Requester] } else { named }
}

/// The keys a grant reaches through its assignment, by dimension.
fn reached(authority: &Authority, assignment: &Assignment, grant: &Grant) -> Vec<(Dimension, Vec<Uuid>)> {
    if grant.reach == Reach::Own {
        let me = authority.membership.uuid();
        return own_columns(grant).into_iter().map(|column| (Dimension::Own(column), vec![me])).collect();
    }
    // A grant that says "organization" inside a narrower role reaches the tenant on purpose ("worker: view @
    // organization" of a supervisor); the grants guard has seen to it that the giver could give that.
    if grant.reach == Reach::Organization && assignment.role.reach != Reach::Organization {
        return vec![(Dimension::Organization, vec![authority.organization.uuid()])];
    }
    let mut by_dimension: Vec<(Dimension, Vec<Uuid>)> = Vec::new();
    // A target wider than the role may be held at reaches nothing: the door refuses it; here it is refused again.
    let widest = grant.reach.max(assignment.role.reach);
    for target in assignment.targets.iter().filter(|t| t.reach() >= widest) {
        let (dimension, key) = target.key(authority.organization);
        match by_dimension.iter_mut().find(|(d, _)| *d == dimension) {
            Some((_, keys)) => keys.push(key),
            None => by_dimension.push((dimension, vec![key])),
        }
    }
    for (_, keys) in &mut by_dimension {
        keys.sort_unstable();
        keys.dedup();
    }
    by_dimension
}

/// Sorts, and drops statements that others already imply.
fn simplify(literals: &mut SmallVec<[Literal; 4]>) {
    literals.sort_unstable();
    literals.dedup();
    let all = literals.clone();
    literals.retain(|literal| !all.iter().any(|other| other != literal && literal.follows_from(*other)));
}

/// Joins arms of equal line and literals, then drops arms that others absorb. Fewer arms, cheaper queries: the
/// whole tenant as one range costs a hundredth of the same rows named one by one. The reason stays known: a joined
/// arm keeps its parts, so that whoever asks why is told of every assignment that lets through, and of no other.
fn collapse(raw: Vec<Arm>) -> Vec<Arm> {
    if raw.len() < 2 {
        return raw;
    }
    let mut joined: Vec<(Arm, Vec<Arm>)> = Vec::with_capacity(raw.len());
    for arm in raw {
        match joined.iter_mut().find(|(a, _)| a.dimension == arm.dimension && a.literals == arm.literals) {
            Some((same, parts)) => {
                let ids: BTreeSet<Uuid> = same.ids.iter().chain(arm.ids.iter()).copied().collect();
                same.ids = ids.into_iter().collect();
                parts.push(arm);
            }
            None => joined.push((arm.clone(), vec![arm])),
        }
    }
    joined.sort_by(|(a, _), (b, _)| a.dimension.cmp(&b.dimension).then_with(|| a.literals.cmp(&b.literals)));
    let absorbed: Vec<bool> = joined
        .iter()
        .enumerate()
        .map(|(place, (arm, _))| {
            joined.iter().enumerate().any(|(other, (wide, _))| {
                other != place && wide.absorbs(arm) && (other < place || !arm.absorbs(wide))
            })
        })
        .collect();
    let mut kept = Vec::with_capacity(joined.len());
    for (place, (arm, parts)) in joined.iter().enumerate() {
        if absorbed.get(place).copied().unwrap_or(false) {
            continue;
        }
        let mut arm = arm.clone();
        let mut parts = parts.clone();
        for (other, (narrow, narrow_parts)) in joined.iter().enumerate() {
            if absorbed.get(other).copied().unwrap_or(false) && arm.absorbs(narrow) {
                parts.extend(narrow_parts.iter().cloned());
            }
        }
        if parts.len() > 1 {
            arm.sources = parts.iter().flat_map(|p| p.sources.iter().copied()).collect();
            arm.sources.sort_unstable();
            arm.sources.dedup();
            arm.parts = parts.into_boxed_slice();
        }
        kept.push(arm);
    }
    kept
}
