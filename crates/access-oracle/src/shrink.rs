//! Making a failing world small enough to read.

use std::sync::Arc;

use access::Role;

use crate::world::World;

type Change = Box<dyn Fn(&mut World) -> bool>;

/// Takes things away while the property still fails.
pub(crate) fn shrink(
    mut world: World,
    mut message: String,
    holds: &dyn Fn(&World) -> Result<(), String>,
) -> (World, String) {
    let mut tries = 3000;
    loop {
        let mut smaller = false;
        for change in changes(&world) {
            let mut candidate = world.clone();
            if !change(&mut candidate) || tries == 0 {
                continue;
            }
            tries -= 1;
            if let Err(still) = holds(&candidate) {
                (world, message, smaller) = (candidate, still, true);
            }
        }
        if !smaller {
            return (world, message);
        }
    }
}

fn take<T>(list: &mut Vec<T>, place: usize) -> bool {
    let there = place < list.len();
    if there {
        list.remove(place);
    }
    there
}

/// From the last place to the first, so that taking one away leaves the others where they were.
fn changes(world: &World) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    for t in (0..world.tenants.len()).rev() {
        let tenant = &world.tenants[t];
        for r in (0..tenant.records.len()).rev() {
            all.push(Box::new(move |w| take(&mut w.tenants[t].records, r)));
        }
        for m in (0..tenant.members.len()).rev() {
            all.push(Box::new(move |w| take(&mut w.tenants[t].members, m)));
            for a in (0..tenant.members[m].assignments.len()).rev() {
                all.push(Box::new(move |w| {
                    w.tenants[t].members.get_mut(m).is_some_and(|m| take(&mut m.assignments, a))
                }));
                let assignment = &tenant.members[m].assignments[a];
                for i in (0..assignment.targets.len()).rev() {
                    all.push(inside(t, m, a, move |x| take(&mut x.targets, i)));
                }
                for i in (0..assignment.role.grants.len()).rev() {
                    all.push(role(t, m, a, move |r| take(&mut r.grants, i)));
                    for c in 0..assignment.role.grants[i].conditions.len() {
                        all.push(role(t, m, a, move |r| {
                            r.grants.get_mut(i).is_some_and(|g| take(&mut g.conditions, c))
                        }));
                    }
                }
                all.push(inside(t, m, a, |x| x.from.take().is_some()));
                all.push(inside(t, m, a, |x| x.until.take().is_some()));
                all.push(role(t, m, a, |r| std::mem::take(&mut r.exclusive)));
                all.push(role(t, m, a, |r| r.feature.take().is_some()));
                all.push(role(t, m, a, |r| r.most_targets.take().is_some()));
                all.push(role(t, m, a, |r| !std::mem::take(&mut r.packs).is_empty()));
                all.push(role(t, m, a, |r| !std::mem::take(&mut r.portals).is_empty()));
                all.push(role(t, m, a, |r| !std::mem::take(&mut r.subscriptions).is_empty()));
            }
            for c in (0..tenant.members[m].clients.len()).rev() {
                all.push(Box::new(move |w| {
                    w.tenants[t].members.get_mut(m).is_some_and(|m| take(&mut m.clients, c))
                }));
            }
        }
        for s in (0..tenant.switches.len()).rev() {
            all.push(Box::new(move |w| take(&mut w.tenants[t].switches, s)));
        }
        for f in (0..tenant.features.len()).rev() {
            all.push(Box::new(move |w| take(&mut w.tenants[t].features, f)));
        }
    }
    all
}

fn inside(
    t: usize,
    m: usize,
    a: usize,
    change: impl Fn(&mut access::Assignment) -> bool + 'static,
) -> Change {
    Box::new(move |w| {
        let member = w.tenants[t].members.get_mut(m);
        member.and_then(|m| m.assignments.get_mut(a)).is_some_and(&change)
    })
}

fn role(t: usize, m: usize, a: usize, change: impl Fn(&mut Role) -> bool + 'static) -> Change {
    inside(t, m, a, move |assignment| change(Arc::make_mut(&mut assignment.role)))
}
