//! The grants guard: nobody gives away more than they hold (law 2).

use std::collections::HashMap;

use uuid::Uuid;

use crate::compile::Authority;
use crate::fact::Dimension;
use crate::plan::{Arm, Plan};
use crate::role::Role;
use crate::vocabulary::Permission;

/// Where sites lie, as far as the question at hand needs it: a client's administrator may give a site of that
/// client, though the giver's own arm names the client and not the site.
#[derive(Clone, Debug, Default)]
pub struct Hierarchy {
    /// Client of each site.
    pub client_of: HashMap<Uuid, Uuid>,
    /// Area of each site that has one.
    pub area_of: HashMap<Uuid, Uuid>,
}

impl Hierarchy {
    fn covers(&self, wide: &Arm, narrow: &Arm) -> bool {
        let parent = match (wide.dimension, narrow.dimension) {
            (Dimension::Client, Dimension::Site) => &self.client_of,
            (Dimension::Area, Dimension::Site) => &self.area_of,
            _ => return false,
        };
        narrow
            .ids
            .iter()
            .all(|site| parent.get(site).is_some_and(|above| wide.ids.binary_search(above).is_ok()))
    }
}

/// What somebody tried to give but does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// A permission the giver does not hold at all.
    NotHeld(Permission),
    /// A permission the giver holds, but not that far or not under so few conditions.
    TooWide(Permission),
}

/// May `giver` bring about a membership with this authority? `before` is what the receiver holds already (that is
/// not given anew), `after` what they would hold.
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
        let already = before.map_or(&[][..], |plan| plan.arms(permission));
        let fresh = after.arms(permission).iter().filter(|arm| !already.iter().any(|old| old.absorbs(arm)));
        for arm in fresh {
            if !held.iter().any(|mine| gives(mine, arm, hierarchy)) {
                excess.push(if held.is_empty() {
                    Excess::NotHeld(permission)
                } else {
                    Excess::TooWide(permission)
                });
                break;
            }
        }
    }
    if excess.is_empty() { Ok(()) } else { Err(excess) }
}

/// Does one arm of the giver cover an arm to be given? What concerns only the receiver's own things is covered by
/// any reach beyond "own" at no stricter condition.
fn gives(mine: &Arm, theirs: &Arm, hierarchy: &Hierarchy) -> bool {
    if let (Dimension::Own(_), false) = (theirs.dimension, matches!(mine.dimension, Dimension::Own(_))) {
        return mine.literals_follow_from(theirs);
    }
    if let (Dimension::Own(a), Dimension::Own(b)) = (mine.dimension, theirs.dimension) {
        // "My own" and "your own" are different records but the same right.
        return a == b && mine.literals_follow_from(theirs);
    }
    mine.absorbs(theirs) || (hierarchy.covers(mine, theirs) && mine.literals_follow_from(theirs))
}

/// May `giver` create or change a role to read like this? The role is tried at the whole reach of the giver: each
/// permission must be held, under no more conditions than the role asks for.
///
/// # Errors
/// Each permission that goes beyond the giver's own.
pub fn may_write_role(giver: &Plan, role: &Role) -> Result<(), Vec<Excess>> {
    let mut excess = Vec::new();
    for grant in &role.grants {
        let held = giver.arms(grant.permission);
        let literals: Vec<_> = grant.conditions.iter().map(|c| c.literal()).collect();
        let enough = held.iter().any(|mine| {
            mine.literals.iter().all(|l| literals.iter().any(|given| l.follows_from(*given)))
                && reach_of(mine.dimension) <= grant.reach
        });
        if !enough {
            excess.push(if held.is_empty() {
                Excess::NotHeld(grant.permission)
            } else {
                Excess::TooWide(grant.permission)
            });
        }
    }
    if excess.is_empty() { Ok(()) } else { Err(excess) }
}

const fn reach_of(dimension: Dimension) -> crate::Reach {
    match dimension {
        Dimension::Organization => crate::Reach::Organization,
        Dimension::Area => crate::Reach::Area,
        Dimension::Team => crate::Reach::Team,
        Dimension::Client => crate::Reach::Client,
        Dimension::Site => crate::Reach::Site,
        Dimension::Own(_) => crate::Reach::Own,
    }
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
        if role.exclusive && assignments.iter().any(|other| other.role.key != role.key) {
            return Err(format!("{} is held alone. Take the other roles away first.", role.name));
        }
        if let Some(feature) = role.feature.filter(|f| !authority.features.has(*f)) {
            return Err(format!("{} needs the feature {feature}. Turn it on first.", role.name));
        }
        if !role.packs.is_empty() && !role.packs.iter().any(|p| authority.features.has(*p)) {
            return Err(format!("{} belongs to a pack that is off. Turn the pack on first.", role.name));
        }
        if assignment.targets.is_empty() && role.reach != crate::Reach::Own {
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
        let targets: usize =
            assignments.iter().filter(|a| a.role.key == role.key).map(|a| a.targets.len()).sum();
        if let Some(most) = role.most_targets.filter(|most| targets > usize::from(*most)) {
            return Err(format!("{} is held at no more than {most} place; choose one.", role.name));
        }
    }
    Ok(())
}
