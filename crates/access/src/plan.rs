//! The plan: everything one membership may do, compiled once, folded over by everyone who asks.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use kernel::id::{AssignmentId, MembershipId, OrganizationId};
use kernel::{Audience, Portal, Timestamp};
use smallvec::SmallVec;
use uuid::Uuid;

use crate::class::FieldClass;
use crate::fact::{Dimension, Facts, Literal};
use crate::role::{Reach, Role};
use crate::vocabulary::{Event, Feature, Permission, Resource, Switch};

/// One way to reach records: `dimension IN ids AND literal AND literal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// The line along which it reaches.
    pub dimension: Dimension,
    /// The keys it reaches, sorted, without repeats. Empty reaches nothing.
    pub ids: Arc<[Uuid]>,
    /// All of these must hold, sorted.
    pub literals: SmallVec<[Literal; 4]>,
    /// The assignments it comes from, as places in [`Plan::held`].
    pub sources: SmallVec<[u16; 2]>,
    /// The narrower arms it was joined from, one assignment each, where it was joined from several. Together they
    /// let through what this one does; explanations name the ones that do.
    pub parts: Box<[Arm]>,
}

impl Arm {
    /// Reaches this record, leaving the literals aside?
    #[must_use]
    pub fn reaches(&self, facts: &Facts) -> bool {
        facts.key(self.dimension).is_some_and(|key| self.ids.binary_search(&key).is_ok())
    }

    /// The assignments by which this record is reached, and let through if `through`.
    pub(crate) fn cited(&self, facts: &Facts, me: Uuid, through: bool) -> SmallVec<[u16; 2]> {
        if self.parts.is_empty() {
            return self.sources.clone();
        }
        let mut cited: SmallVec<[u16; 2]> = self
            .parts
            .iter()
            .filter(|part| {
                part.reaches(facts) && (!through || part.literals.iter().all(|l| l.holds(facts, me)))
            })
            .flat_map(|part| part.sources.iter().copied())
            .collect();
        cited.sort_unstable();
        cited.dedup();
        cited
    }

    /// Does this arm let through everything that `other` lets through?
    #[must_use]
    pub fn absorbs(&self, other: &Self) -> bool {
        let wide = self.dimension == Dimension::Organization
            || (self.dimension == other.dimension
                && other.ids.iter().all(|id| self.ids.binary_search(id).is_ok()));
        wide && self.literals_follow_from(other)
    }

    /// Are this arm's literals true whenever those of `other` are?
    #[must_use]
    pub fn literals_follow_from(&self, other: &Self) -> bool {
        let own = match other.dimension {
            Dimension::Own(column) => Some(Literal::IsMe(column)),
            _ => None,
        };
        self.literals
            .iter()
            .all(|mine| other.literals.iter().chain(&own).any(|theirs| mine.follows_from(*theirs)))
    }
}

/// An assignment as the plan remembers it, for explanations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The assignment.
    pub assignment: AssignmentId,
    /// The role it gives.
    pub role: Arc<Role>,
    /// Who gave it, if a person did.
    pub granted_by: Option<MembershipId>,
    /// When it was given.
    pub granted_at: Timestamp,
}

/// Why an assignment, or one permission of it, grants nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Because {
    /// The membership is deactivated.
    Inactive,
    /// It begins later.
    NotYet,
    /// It has ended.
    Expired,
    /// The role is for members of another side.
    OtherAudience,
    /// A feature it needs is off.
    FeatureOff(Feature),
    /// None of the packs it ships in is on.
    PackOff,
    /// An exclusive role is held beside another one.
    NotAlone,
    /// More targets than the role allows.
    TooManyTargets,
    /// No targets, so it reaches nothing.
    NoTargets,
    /// The audience of the membership can never hold this permission.
    AboveCeiling,
    /// The organization's switch for it is off.
    SwitchOff(Switch),
    /// The account's switch for live clock-ins is off.
    LiveClockInsOff,
}

/// Something a role would have granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// The permission, or `None` for all of the assignment.
    pub permission: Option<Permission>,
    /// The assignment, as a place in [`Plan::held`].
    pub source: u16,
    /// Why not.
    pub because: Because,
}

/// How much of a field class a plan shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight<'a> {
    /// Never: the column is not even read.
    Never,
    /// On every record the plan shows.
    Always,
    /// On the records these arms reach.
    When(&'a [Arm]),
}

/// Everything one membership may do, at one epoch.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The tenant.
    pub organization: OrganizationId,
    /// Whose plan it is.
    pub membership: MembershipId,
    /// Their side.
    pub audience: Audience,
    /// The organization's epoch it was compiled at.
    pub epoch: i64,
    /// When an assignment it used begins or ends; compile anew from then on.
    pub valid_until: Option<Timestamp>,
    /// The doors its roles open.
    pub portals: SmallVec<[Portal; 3]>,
    /// The assignments it was made from, live or not.
    pub held: Vec<Held>,
    /// What they would have granted but do not.
    pub suppressed: Vec<Suppressed>,
    /// What its live roles are mailed by default.
    pub subscriptions: Vec<Event>,
    /// The clients outsiders are kept to; `None` for those without a client side (staff, subcontractors).
    pub(crate) clients: Option<Arc<[Uuid]>>,
    pub(crate) arms: Box<[Box<[Arm]>]>,
    /// Whether the client guard applies, by permission.
    pub(crate) guarded: Box<[bool]>,
}

impl Plan {
    /// The arms of a permission. Empty is "nothing".
    #[must_use]
    pub fn arms(&self, permission: Permission) -> &[Arm] {
        self.arms.get(permission.index()).map_or(&[], |arms| arms)
    }

    /// The clients a record must belong to for this permission, where the guard applies.
    #[must_use]
    pub fn guard(&self, permission: Permission) -> Option<&[Uuid]> {
        let applies = self.guarded.get(permission.index()).copied().unwrap_or(true);
        if applies { self.clients.as_deref() } else { None }
    }

    /// May this be done to anything at all? Decides whether a menu shows a place; never whether a record is shown.
    #[must_use]
    pub fn may_ever(&self, permission: Permission) -> bool {
        !self.arms(permission).is_empty()
    }

    /// Does the whole tenant lie open for this permission? Never for those who are kept to clients.
    #[must_use]
    pub fn everywhere(&self, permission: Permission) -> bool {
        self.guard(permission).is_none()
            && self
                .arms(permission)
                .iter()
                .any(|arm| arm.dimension == Dimension::Organization && arm.literals.is_empty())
    }

    /// May this be done to this record? The one decision of the program; `explain` comes from the same walk.
    #[must_use]
    pub fn check(&self, permission: Permission, facts: &Facts) -> bool {
        self.walk(permission, facts, |_| {})
    }

    /// Walks the evaluation, telling `witness` of each step, and answers. Stops at the first arm that lets through
    /// only in effect: all arms are told, so that an explanation names every way in.
    pub(crate) fn walk(
        &self,
        permission: Permission,
        facts: &Facts,
        mut witness: impl FnMut(Step<'_>),
    ) -> bool {
        if facts.organization != self.organization.uuid() {
            witness(Step::OtherTenant);
            return false;
        }
        let guard_holds = match self.guard(permission) {
            Some(clients) => facts.client.is_some_and(|client| clients.binary_search(&client).is_ok()),
            None => true,
        };
        if !guard_holds {
            witness(Step::OtherClient);
        }
        let me = self.membership.uuid();
        let mut allowed = false;
        for arm in self.arms(permission) {
            if !arm.reaches(facts) {
                witness(Step::OutOfReach(arm));
                continue;
            }
            match arm.literals.iter().find(|literal| !literal.holds(facts, me)) {
                Some(failing) => witness(Step::Fails(arm, *failing)),
                None => {
                    witness(Step::Through(arm));
                    allowed = true;
                }
            }
        }
        allowed && guard_holds
    }

    /// How much of a field class of a resource this plan shows. Filter, sort, search and count must respect it.
    #[must_use]
    pub fn sight(&self, resource: Resource, class: FieldClass) -> Sight<'_> {
        // A guest of a client must not be shown more than the client that invited it.
        let guest = self.audience == Audience::Contractor && self.clients.is_some();
        if !class.within(self.audience) || (guest && class == FieldClass::Operational) {
            return Sight::Never;
        }
        let Some(opening) = class.opened_by(resource) else { return Sight::Never };
        let arms = self.arms(opening);
        if arms.is_empty() {
            return Sight::Never;
        }
        let Some(view) = Permission::find(resource, crate::Action::View) else { return Sight::Never };
        let kept_alike = self.guard(opening).is_none() || self.guard(view).is_some();
        let all = kept_alike && self.arms(view).iter().all(|seen| arms.iter().any(|arm| arm.absorbs(seen)));
        if all { Sight::Always } else { Sight::When(arms) }
    }

    /// May this person read this class of this record? Nothing shows of a record that may not be viewed.
    #[must_use]
    pub fn shows(&self, resource: Resource, class: FieldClass, facts: &Facts) -> bool {
        let opened = match self.sight(resource, class) {
            Sight::Never => false,
            Sight::Always => true,
            Sight::When(_) => class.opened_by(resource).is_some_and(|opening| self.check(opening, facts)),
        };
        opened && Permission::find(resource, crate::Action::View).is_some_and(|view| self.check(view, facts))
    }

    /// A number that is equal for two plans when they show the same of a resource: same tenant, same arms, same
    /// classes. Answers may be shared between people of equal key; cursors are bound to it.
    #[must_use]
    pub fn visibility_key(&self, resource: Resource) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.organization.uuid().hash(&mut hasher);
        self.audience.hash(&mut hasher);
        self.clients.is_some().hash(&mut hasher);
        let mut personal = false;
        for permission in Permission::of(resource) {
            permission.hash(&mut hasher);
            self.guard(permission).hash(&mut hasher);
            self.arms(permission).len().hash(&mut hasher);
            for arm in self.arms(permission) {
                arm.dimension.hash(&mut hasher);
                arm.ids.hash(&mut hasher);
                arm.literals.hash(&mut hasher);
                personal |= matches!(arm.dimension, Dimension::Own(_))
                    || arm.literals.iter().any(|l| matches!(l, Literal::IsMe(_) | Literal::NotMe(_)));
            }
        }
        if personal {
            self.membership.uuid().hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The sites a permission names one by one, and whether it also reaches in some wider way. For pickers.
    #[must_use]
    pub fn named_sites(&self, permission: Permission) -> (Vec<Uuid>, bool) {
        let mut sites = Vec::new();
        let mut wider = false;
        for arm in self.arms(permission) {
            match arm.dimension {
                Dimension::Site => sites.extend_from_slice(&arm.ids),
                Dimension::Own(_) => {}
                _ => wider = true,
            }
        }
        (sites, wider)
    }

    /// The same plan cut down to some permissions: what an API token with these scopes may do. Never wider.
    #[must_use]
    pub fn narrowed(&self, keep: &[Permission]) -> Self {
        let mut plan = self.clone();
        for permission in Permission::all().filter(|p| !keep.contains(p)) {
            if let Some(arms) = plan.arms.get_mut(permission.index()) {
                *arms = Box::default();
            }
        }
        plan
    }

    /// The roles that are live, in the order they were given.
    pub fn live_roles(&self) -> impl Iterator<Item = &Held> {
        self.held.iter().enumerate().filter_map(|(place, held)| {
            let off =
                self.suppressed.iter().any(|s| usize::from(s.source) == place && s.permission.is_none());
            (!off).then_some(held)
        })
    }

    /// Does the plan open this door?
    #[must_use]
    pub fn opens(&self, portal: Portal) -> bool {
        self.portals.contains(&portal)
    }

    /// The widest reach among the live roles; what the person menu calls their level.
    #[must_use]
    pub fn widest_reach(&self) -> Option<Reach> {
        self.live_roles().map(|held| held.role.reach).min()
    }
}

/// One step of the evaluation, as told to an explanation.
pub(crate) enum Step<'a> {
    OtherTenant,
    OtherClient,
    OutOfReach(&'a Arm),
    Fails(&'a Arm, Literal),
    Through(&'a Arm),
}
