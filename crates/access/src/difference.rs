//! What a change makes of one person: the same plan before and after, permission by permission.

use uuid::Uuid;

use crate::fact::Dimension;
use crate::plan::{Arm, Plan};
use crate::vocabulary::Permission;
use kernel::Portal;

/// One permission that reaches further, or less far, than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Which.
    pub permission: Permission,
    /// Along which line.
    pub dimension: Dimension,
    /// The keys that are new, or gone.
    pub ids: Vec<Uuid>,
}

/// The difference between two plans of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What the second lets through and the first did not.
    pub gains: Vec<Shift>,
    /// What the first let through and the second does not.
    pub losses: Vec<Shift>,
    /// The doors that open.
    pub opens: Vec<Portal>,
    /// The doors that close.
    pub closes: Vec<Portal>,
}

impl Difference {
    /// What lies between two plans. Arms are compared, not records: what is said to be gained may reach no record
    /// at the moment.
    #[must_use]
    pub fn between(before: &Plan, after: &Plan) -> Self {
        let doors =
            |a: &Plan, b: &Plan| a.portals.iter().copied().filter(|p| !b.portals.contains(p)).collect();
        Self {
            gains: beyond(before, after),
            losses: beyond(after, before),
            opens: doors(after, before),
            closes: doors(before, after),
        }
    }

    /// Nothing at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.gains.is_empty() && self.losses.is_empty() && self.opens.is_empty() && self.closes.is_empty()
    }
}

/// What `wide` lets through and `narrow` does not.
fn beyond(narrow: &Plan, wide: &Plan) -> Vec<Shift> {
    let mut shifts: Vec<Shift> = Vec::new();
    for permission in Permission::all() {
        let (had, has) = (narrow.arms(permission), wide.arms(permission));
        if has.is_empty() {
            continue;
        }
        // A guard that lets more clients through widens every arm behind it.
        let kept = match (wide.guard(permission), narrow.guard(permission)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(now), Some(then)) => now.iter().all(|client| then.binary_search(client).is_ok()),
        };
        if kept && had == has {
            continue;
        }
        for arm in has {
            let ids: Vec<Uuid> = if kept && had.iter().any(|old| old.absorbs(arm)) {
                continue;
            } else if kept {
                let one = |id: &Uuid| Arm { ids: [*id].into(), parts: Box::default(), ..arm.clone() };
                arm.ids.iter().copied().filter(|id| !had.iter().any(|old| old.absorbs(&one(id)))).collect()
            } else {
                arm.ids.to_vec()
            };
            if ids.is_empty() {
                continue;
            }
            match shifts.iter_mut().find(|s| s.permission == permission && s.dimension == arm.dimension) {
                Some(shift) => {
                    shift.ids.extend(ids);
                    shift.ids.sort_unstable();
                    shift.ids.dedup();
                }
                None => shifts.push(Shift { permission, dimension: arm.dimension, ids }),
            }
        }
    }
    shifts
}
