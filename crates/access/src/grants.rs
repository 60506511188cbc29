//! The grants guard: nobody gives away more than they hold (law 2).

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use kernel::id::OrganizationId;
use kernel::{Audience, Timestamp};
use uuid::Uuid;

use crate::catalogue::Catalogue;
use crate::compile::{Assignment, Authority, Target, distinct_targets, own_columns};
use crate::fact::{Dimension, Facts, Literal};
use crate::plan::{Arm, Plan};
use crate::role::{Grant, Reach, Role};
use crate::vocabulary::{Action, FeatureSet, Permission, Resource, SwitchSet, permission};

/// Where sites and teams lie, as far as the question at hand needs it: a client's administrator may give a site of
/// that client, though the giver's own arm names the client and not the site.
#[derive(Clone, Debug, Default)]
pub struct Hierarchy {
    /// Client of each site.
    pub client_of: HashMap<Uuid, Uuid>,
    /// Area of each site that has one.
    pub area_of: HashMap<Uuid, Uuid>,
    /// Client of each team that is a client's guest contractor.
    pub client_of_team: HashMap<Uuid, Uuid>,
    /// The organization's roles, for what a role lets its holder give in turn. Without them, the built-in ones.
    pub roles: Arc<Catalogue>,
}

impl Hierarchy {
    /// The facts of a place, as far as they decide who may do something there.
    #[must_use]
    pub fn facts(&self, organization: OrganizationId, target: Target) -> Facts {
        let whole = Facts::of(organization.uuid());
        match target {
            Target::Organization => whole,
            Target::Area(id) => Facts { area: Some(id.uuid()), ..whole },
            Target::Team(id) => {
                Facts { team: Some(id.uuid()), client: self.client_of_team.get(&id.uuid()).copied(), ..whole }
            }
            Target::Client(id) => Facts { client: Some(id.uuid()), ..whole },
            Target::Site(id) => Facts {
                site: Some(id.uuid()),
                client: self.client_of.get(&id.uuid()).copied(),
                area: self.area_of.get(&id.uuid()).copied(),
                ..whole
            },
        }
    }
}

/// What somebody tried to give but does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Excess {
    /// A permission the giver does not hold at all.
    NotHeld(Permission),
    /// A permission the giver holds, but not that far or not under so few conditions.
    TooWide(Permission),
}

/// Why something may not be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody changes their own assignments.
    OneselfOnly,
    /// The roles cannot be held like that; the sentence says what to do.
    Unfit(String),
    /// It goes beyond what the giver holds.
    Beyond(Vec<Excess>),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneselfOnly => f.write_str("Nobody changes their own roles. Ask another administrator."),
            Self::Unfit(sentence) => f.write_str(sentence),
            Self::Beyond(excess) => {
                let words: Vec<String> = excess
                    .iter()
                    .take(3)
                    .map(|e| match e {
                        Excess::NotHeld(p) => format!("{p} (you do not hold it)"),
                        Excess::TooWide(p) => format!("{p} (yours does not reach that far)"),
                    })
                    .collect();
                let more = excess.len().saturating_sub(words.len());
                write!(f, "That goes beyond your own rights: {}", words.join(", "))?;
                if more > 0 { write!(f, " and {more} more.") } else { f.write_str(".") }
            }
        }
    }
}

/// May `giver` turn `before` into `after`? The one question for every door that adds, changes or takes away
/// assignments, invites, or changes what an account is kept to (its clients, "share all", "live clock-ins",
/// active). For a new membership `before` is `None`. When a role is edited, ask for each of its holders.
///
/// Only what differs is asked about, but that in full: an assignment that is prolonged or whose role changed counts
/// as given anew, and one that is taken away must be one that the giver could give, so that nobody demotes those
/// above. What is given counts as if it had begun, would never end, and every switch and feature were on: otherwise
/// a role that begins tomorrow, or that a switch hides today, would pass unseen.
///
/// # Errors
/// [`Refusal`].
pub fn may_assign(
    giver: &Authority,
    before: Option<&Authority>,
    after: &Authority,
    now: Timestamp,
    hierarchy: &Hierarchy,
) -> Result<(), Refusal> {
    Giver::new(giver, now).may_turn(before, after, now, hierarchy)
}

/// May `actor` act on somebody's account itself: start a password reset, change the address, archive it, look
/// through its eyes? Only on people who hold nothing that the actor could not give them; else a reset or a new
/// address would be a way to the rights of those above.
///
/// # Errors
/// [`Refusal`].
pub fn may_manage(
    actor: &Authority,
    other: &Authority,
    now: Timestamp,
    hierarchy: &Hierarchy,
) -> Result<(), Refusal> {
    if actor.membership == other.membership {
        return Err(Refusal::OneselfOnly);
    }
    Giver::new(actor, now).covers(touched(None, other), now, hierarchy)
}

/// Everything somebody could give, read once. For questions about many people at a time.
#[derive(Debug)]
pub struct Giver<'a> {
    authority: &'a Authority,
    mine: Plan,
}

impl<'a> Giver<'a> {
    /// Reads what the giver holds now, as if every switch and feature were on.
    #[must_use]
    pub fn new(authority: &'a Authority, now: Timestamp) -> Self {
        let mine = Authority {
            assignments: authority.live_assignments(now),
            features: FeatureSet::all(),
            switches: SwitchSet::all(),
            ..authority.clone()
        }
        .compile(now);
        Self { authority, mine }
    }

    /// The same question as [`may_assign`].
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn may_turn(
        &self,
        before: Option<&Authority>,
        after: &Authority,
        now: Timestamp,
        hierarchy: &Hierarchy,
    ) -> Result<(), Refusal> {
        if self.authority.membership == after.membership {
            return Err(Refusal::OneselfOnly);
        }
        roles_fit(after).map_err(Refusal::Unfit)?;
        self.covers(touched(before, after), now, hierarchy)
    }

    /// Could the giver give all of these?
    fn covers(
        &self,
        given: Vec<(&Authority, &Assignment)>,
        now: Timestamp,
        hierarchy: &Hierarchy,
    ) -> Result<(), Refusal> {
        let mine = &self.mine;
        let mut excess = Vec::new();
        for (standing, assignment) in given {
            let alone = Authority {
                active: true,
                features: FeatureSet::all(),
                switches: SwitchSet::all(),
                assignments: vec![Assignment { from: None, until: None, ..assignment.clone() }],
                ..standing.clone()
            }
            .compile(now);
            if names_another_client(self.authority, mine, assignment, hierarchy) {
                excess.push(Excess::TooWide(permission(Resource::Assignment, Action::Create)));
            } else if hands_out(mine, assignment, &alone, hierarchy) {
                continue;
            }
            let role = &assignment.role;
            if role.gives.iter().any(|key| !may_hand_on(mine, key, &hierarchy.roles, &mut Vec::new())) {
                excess.push(Excess::TooWide(permission(Resource::Assignment, Action::Create)));
            }
            excess.extend(may_give(mine, None, &alone, hierarchy).err().into_iter().flatten());
        }
        excess.sort_unstable();
        excess.dedup();
        if excess.is_empty() { Ok(()) } else { Err(Refusal::Beyond(excess)) }
    }
}

/// The assignments that a change gives, takes or alters, each with the standing it is held under.
fn touched<'a>(before: Option<&'a Authority>, after: &'a Authority) -> Vec<(&'a Authority, &'a Assignment)> {
    let of = |authority: &'a Authority| authority.assignments.iter().map(move |a| (authority, a));
    let Some(before) = before else { return of(after).collect() };
    let standing = |a: &Authority| {
        let clients: BTreeSet<_> = a.clients.iter().map(|c| c.uuid()).collect();
        (a.audience, a.active, clients, a.subcontractor, a.share_all, a.live_clock_ins)
    };
    if standing(before) != standing(after) {
        return of(before).chain(of(after)).collect();
    }
    let lacks = |authority: &Authority, a: &Assignment| !authority.assignments.contains(a);
    of(before).filter(|(_, a)| lacks(after, a)).chain(of(after).filter(|(_, a)| lacks(before, a))).collect()
}

/// Does somebody who is kept to clients name a place of another client, which they do not hold themselves? Nothing
/// would come of it while the receiver is kept to the same clients; it is still not theirs to name.
fn names_another_client(
    giver: &Authority,
    mine: &Plan,
    assignment: &Assignment,
    hierarchy: &Hierarchy,
) -> bool {
    let Some(clients) = mine.clients.as_deref() else { return false };
    assignment.targets.iter().any(|target| {
        let client = match target {
            Target::Client(id) => Some(id.uuid()),
            Target::Site(id) => hierarchy.client_of.get(&id.uuid()).copied(),
            Target::Team(id) => hierarchy.client_of_team.get(&id.uuid()).copied(),
            Target::Area(_) | Target::Organization => None,
        };
        let another = client.is_some_and(|client| clients.binary_search(&client).is_err());
        another && !giver.assignments.iter().any(|own| own.targets.contains(target))
    })
}

/// Is the role one of those the giver's roles name as theirs to give, at targets within the giver's own?
fn hands_out(giver: &Plan, assignment: &Assignment, alone: &Plan, hierarchy: &Hierarchy) -> bool {
    if !giver.live_roles().any(|held| held.role.gives.contains(&assignment.role.key)) {
        return false;
    }
    let giving = permission(Resource::Assignment, Action::Create);
    let arms: Vec<&Arm> = giver.arms(giving).iter().filter(|arm| arm.literals.is_empty()).collect();
    let guard = giver.guard(giving);
    let keeps = |client: &Uuid| guard.is_some_and(|mine| mine.binary_search(client).is_ok());
    if guard.is_some() && !alone.clients.as_deref().is_some_and(|clients| clients.iter().all(keeps)) {
        return false;
    }
    let named = |dimension: Dimension, id: &Uuid| {
        arms.iter().any(|arm| arm.dimension == dimension && arm.ids.binary_search(id).is_ok())
    };
    let everything = guard.is_none() && arms.iter().any(|arm| arm.dimension == Dimension::Organization);
    assignment.targets.iter().all(|target| {
        let within = match target {
            Target::Organization => false,
            Target::Area(id) => named(Dimension::Area, &id.uuid()),
            Target::Client(id) => named(Dimension::Client, &id.uuid()),
            // A guest contractor of a client is within the reach of whoever is kept to that client.
            Target::Team(id) => {
                named(Dimension::Team, &id.uuid())
                    || hierarchy.client_of_team.get(&id.uuid()).is_some_and(keeps)
            }
            Target::Site(id) => {
                let above = |parents: &HashMap<Uuid, Uuid>, dimension| {
                    parents.get(&id.uuid()).is_some_and(|above| named(dimension, above))
                };
                named(Dimension::Site, &id.uuid())
                    || above(&hierarchy.client_of, Dimension::Client)
                    || above(&hierarchy.area_of, Dimension::Area)
            }
        };
        everything || within
    })
}

/// May `giver` bring about a membership with this authority? `before` is what the receiver holds already (that is
/// not given anew), `after` what they would hold. Compares two plans as they stand; doors ask [`may_assign`], which
/// also thinks of what has not begun or is switched off.
///
/// # Errors
/// Each permission that goes beyond the giver's own.
pub fn may_give(
    giver: &Plan,
    before: Option<&Plan>,
    after: &Plan,
    hierarchy: &Hierarchy,
) -> Result<(), Vec<Excess>> {
    let mut excess = Vec::new();
    for permission in Permission::all() {
        let held = giver.arms(permission);
        let already = before
            .filter(|plan| within(after.guard(permission), plan.guard(permission)))
            .map_or(&[][..], |plan| plan.arms(permission));
        let all = after.arms(permission).iter().flat_map(one_by_one).all(|arm| {
            already.iter().any(|old| old.absorbs(&arm))
                || held.iter().any(|mine| gives(giver, after, permission, mine, &arm, hierarchy))
        });
        if !all {
            excess.push(if held.is_empty() {
                Excess::NotHeld(permission)
            } else {
                Excess::TooWide(permission)
            });
        }
    }
    if excess.is_empty() { Ok(()) } else { Err(excess) }
}

/// An arm as arms of one key each: two arms of the giver may cover it together.
fn one_by_one(arm: &Arm) -> impl Iterator<Item = Arm> {
    arm.ids.iter().map(|id| Arm { ids: [*id].into(), ..arm.clone() })
}

/// Are those kept to `narrow` kept to nothing but what `wide` are kept to?
fn within(narrow: Option<&[Uuid]>, wide: Option<&[Uuid]>) -> bool {
    match (narrow, wide) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(narrow), Some(wide)) => narrow.iter().all(|client| wide.binary_search(client).is_ok()),
    }
}

/// Does one arm of the giver cover an arm (of one key) to be given? What concerns only the receiver's own things is
/// covered by any reach beyond "own" at no stricter condition.
fn gives(
    giver: &Plan,
    after: &Plan,
    permission: Permission,
    mine: &Arm,
    theirs: &Arm,
    hierarchy: &Hierarchy,
) -> bool {
    if !mine.literals_follow_from(theirs) {
        return false;
    }
    match (mine.dimension, theirs.dimension) {
        // "My own" and "your own" are different records but the same right.
        (Dimension::Own(a), Dimension::Own(b)) => return a == b,
        (_, Dimension::Own(_)) => return true,
        _ => {}
    }
    let kept = within(after.guard(permission), giver.guard(permission))
        || (theirs.dimension == Dimension::Client && within(Some(&theirs.ids), giver.guard(permission)));
    // Through a client's arm goes everything of that client, so it covers whoever is kept to that client. It does
    // not cover a site of the client as such: records of an earlier client of the site are not the giver's.
    let by_client = mine.dimension == Dimension::Client && within(after.guard(permission), Some(&mine.ids));
    let by_area = mine.dimension == Dimension::Area
        && theirs.dimension == Dimension::Site
        && theirs
            .ids
            .iter()
            .all(|site| hierarchy.area_of.get(site).is_some_and(|area| mine.ids.binary_search(area).is_ok()));
    kept && (mine.absorbs(theirs) || by_client || by_area)
}

/// May `giver` create or change a role to read like this? The role is tried at the whole reach of the giver: each
/// permission must be held, under no more conditions than the role asks for, and each role it gives must be one
/// that the giver gives or could write. `roles` are those of the organization.
///
/// # Errors
/// Each permission that goes beyond the giver's own.
pub fn may_write_role(giver: &Plan, role: &Role, roles: &Catalogue) -> Result<(), Vec<Excess>> {
    let mut excess = Vec::new();
    for grant in &role.grants {
        let held = giver.arms(grant.permission);
        let kept = giver.guard(grant.permission).is_some() && role.audience == Audience::Staff;
        if kept || !holds(held, grant) {
            excess.push(if held.is_empty() {
                Excess::NotHeld(grant.permission)
            } else {
                Excess::TooWide(grant.permission)
            });
        }
    }
    if role.gives.iter().any(|key| !may_hand_on(giver, key, roles, &mut Vec::new())) {
        excess.push(Excess::TooWide(permission(Resource::Assignment, Action::Create)));
    }
    excess.sort_unstable();
    excess.dedup();
    if excess.is_empty() { Ok(()) } else { Err(excess) }
}

/// May the giver let somebody give this role to others? They give it themselves, or could write it and everything it
/// gives in turn: else a chain of roles would lead to what its first link does not hold.
fn may_hand_on<'a>(giver: &Plan, key: &'a str, roles: &'a Catalogue, seen: &mut Vec<&'a str>) -> bool {
    if seen.contains(&key) || giver.live_roles().any(|held| held.role.gives.iter().any(|own| own == key)) {
        return true;
    }
    seen.push(key);
    roles.role(key).is_some_and(|role| {
        role.grants.iter().all(|grant| holds(giver.arms(grant.permission), grant))
            && role.gives.iter().all(|next| may_hand_on(giver, next, roles, seen))
    })
}

/// Do these arms hold a grant, wherever its role will be given?
fn holds(held: &[Arm], grant: &Grant) -> bool {
    let literals: Vec<Literal> = grant.conditions.iter().map(|c| c.literal()).collect();
    let under = |mine: &Arm, besides: Option<Literal>| {
        mine.literals
            .iter()
            .all(|l| literals.iter().chain(besides.iter()).any(|given| l.follows_from(*given)))
    };
    if grant.reach == Reach::Own {
        return own_columns(grant).into_iter().all(|column| {
            held.iter().any(|mine| match mine.dimension {
                Dimension::Own(mine_is) => mine_is == column && under(mine, Some(Literal::IsMe(column))),
                _ => under(mine, Some(Literal::IsMe(column))),
            })
        });
    }
    held.iter().any(|mine| reach_of(mine.dimension) <= grant.reach && under(mine, None))
}

const fn reach_of(dimension: Dimension) -> Reach {
    match dimension {
        Dimension::Organization => Reach::Organization,
        Dimension::Area => Reach::Area,
        Dimension::Team => Reach::Team,
        Dimension::Client => Reach::Client,
        Dimension::Site => Reach::Site,
        Dimension::Own(_) => Reach::Own,
    }
}

/// Is there somebody left who administers the organization, for good, once everybody holds this (law 2: the last
/// administrator cannot be removed or demoted)? Ask with the authorities of all memberships after the change.
pub fn still_administered<'a>(after: impl IntoIterator<Item = &'a Authority>, now: Timestamp) -> bool {
    after.into_iter().any(|authority| {
        authority
            .live_assignments(now)
            .iter()
            .any(|a| a.role.administrator && a.until.is_none() && a.targets.contains(&Target::Organization))
    })
}

/// Is there an instant at which both are in force, as far as their dates go?
fn overlap(a: &Assignment, b: &Assignment) -> bool {
    let before = |until: Option<Timestamp>, from: Option<Timestamp>| matches!((until, from), (Some(until), Some(from)) if until <= from);
    !before(a.until, b.from) && !before(b.until, a.from)
}

/// Why an assignment list breaks the rules of its roles (law 6), for the door that would store it.
///
/// # Errors
/// A sentence that says what to do.
pub fn roles_fit(authority: &Authority) -> Result<(), String> {
    let assignments = &authority.assignments;
    for assignment in assignments {
        let role = &assignment.role;
        if role.audience != authority.audience {
            return Err(format!(
                "{} is a role for members of the {} side; this person is on the {} side.",
                role.name, role.audience, authority.audience
            ));
        }
        let beside = |other: &&Assignment| overlap(assignment, other);
        if role.exclusive && assignments.iter().filter(beside).any(|other| other.role.key != role.key) {
            return Err(format!("{} is held alone. Take the other roles away first.", role.name));
        }
        if let Some(feature) = role.feature.filter(|f| !authority.features.has(*f)) {
            return Err(format!("{} needs the feature {feature}. Turn it on first.", role.name));
        }
        if !role.packs.is_empty() && !role.packs.iter().any(|p| authority.features.has(*p)) {
            return Err(format!("{} belongs to a pack that is off. Turn the pack on first.", role.name));
        }
        if assignment.targets.is_empty() && role.reach != Reach::Own {
            return Err(format!("Name at least one target for {}; an empty list means nothing.", role.name));
        }
        if let Some(too_wide) = assignment.targets.iter().find(|t| t.reach() < role.reach) {
            return Err(format!(
                "{} is given at a {} or narrower, not at a {}.",
                role.name,
                role.reach,
                too_wide.reach()
            ));
        }
        // Most places are held at once at the moment when one of the assignments begins.
        let begins = assignment.from.unwrap_or(Timestamp::MIN);
        let targets = distinct_targets(assignments.iter().filter(|a| a.covers(begins)), &role.key);
        if let Some(most) = role.most_targets.filter(|most| targets > usize::from(*most)) {
            return Err(format!("{} is held at no more than {most} place; choose one.", role.name));
        }
    }
    Ok(())
}
