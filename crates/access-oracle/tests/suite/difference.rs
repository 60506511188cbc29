//! What a change is said to make of somebody, against the second evaluator: asked as things are, and asked as they
//! would be. Roles of one's own are rewritten, given, taken and dated; time passes; switches and features turn.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use access::{Assignment, Condition, Difference, Facts, Permission, Reach, Role, Roles, Shift, write_role};
use access_oracle::{
    Dice, Member, Tenant, World, custom_role, for_worlds, interesting, naive, random_assignment,
};
use kernel::{Portal, Timestamp};

/// One side of a change: the organization, the member in it, and the instant.
struct Side {
    tenant: Tenant,
    member: Member,
    at: Timestamp,
}

impl Side {
    fn may(&self, permission: Permission, facts: &Facts) -> bool {
        naive::may(&self.tenant, &self.member, self.at, permission, facts)
    }

    fn plan(&self) -> access::Plan {
        self.tenant.plan(&self.member, self.at)
    }

    /// Does an assignment that counts name this door, and is it one of this side's? (ROLES.md: portals.)
    fn opens(&self, portal: Portal) -> bool {
        use kernel::Audience::{Client, Contractor, Staff};
        let theirs = match self.member.audience {
            Staff => portal != Portal::Client,
            Client => portal == Portal::Client,
            Contractor => portal != Portal::Office,
        };
        theirs
            && self.member.assignments.iter().any(|a| {
                a.role.portals.contains(&portal)
                    && naive::off(&self.tenant, &self.member, self.at, a).is_empty()
            })
    }
}

/// A change of the kinds that are looked at before they are made.
fn changed(dice: &mut Dice, tenant: &Tenant, other: &Tenant, before: &Side) -> Side {
    let mut after = Side { tenant: before.tenant.clone(), member: before.member.clone(), at: before.at };
    let held = after.member.assignments.len();
    let place = dice.below(held.max(1));
    match dice.below(9) {
        0 => {
            let role = Arc::new(custom_role(dice, "given"));
            after.member.assignments.push(random_assignment(dice, role, tenant, other));
        }
        1 if held > 0 => {
            after.member.assignments.remove(place);
        }
        2 | 3 if held > 0 => {
            let role = rewritten(dice, &after.member.assignments[place].role);
            after.member.assignments[place].role = Arc::new(role);
        }
        4 if held > 0 => {
            let one = &mut after.member.assignments[place];
            let hours = |dice: &mut Dice| Duration::from_secs(3600 * dice.between(1, 9) as u64);
            match dice.below(4) {
                0 => one.until = Some(before.at),
                1 => one.until = Some(before.at + hours(dice)),
                2 => one.from = Some(before.at + hours(dice)),
                _ => (one.from, one.until) = (None, None),
            }
        }
        5 => after.at = before.at + Duration::from_secs(3600 * dice.between(1, 10) as u64),
        6 => toggle(dice, &mut after.tenant.switches, access::Switch::ALL),
        7 => toggle(dice, &mut after.tenant.features, access::Feature::ALL),
        _ => toggle(dice, &mut after.member.clients, &tenant.clients),
    }
    after
}

fn toggle<T: PartialEq + Copy>(dice: &mut Dice, on: &mut Vec<T>, all: &[T]) {
    let one = *dice.pick(all);
    match on.iter().position(|there| *there == one) {
        Some(place) => {
            on.remove(place);
        }
        None => on.push(one),
    }
}

/// A role as somebody edits it: a grant goes, comes, reaches elsewhere, gets a condition or loses them.
fn rewritten(dice: &mut Dice, role: &Role) -> Role {
    let mut role = role.clone();
    for _ in 0..dice.between(1, 3) {
        let place = dice.below(role.grants.len().max(1));
        match dice.below(7) {
            0 if !role.grants.is_empty() => {
                role.grants.remove(place);
            }
            1 if !role.grants.is_empty() => role.grants[place].reach = *dice.pick(Reach::ALL),
            2 if !role.grants.is_empty() => role.grants[place].conditions.push(*dice.pick(Condition::ALL)),
            3 if !role.grants.is_empty() => role.grants[place].conditions.clear(),
            4 => role.portals = dice.some(50, Portal::ALL),
            5 => role.most_targets = Some(1),
            _ => role.grants.extend(custom_role(dice, "more").grants.into_iter().take(2)),
        }
    }
    role
}

/// Is this record told of by one of these?
fn told(shifts: &[Shift], permission: Permission, facts: &Facts) -> bool {
    shifts.iter().any(|shift| {
        shift.permission == permission
            && facts.key(shift.dimension).is_some_and(|key| shift.ids.contains(&key))
    })
}

/// Every record that somebody gains or loses is told of, along a line on which it lies; doors are told exactly; and a
/// change that is taken back says the same the other way round.
#[test]
fn what_is_gained_and_lost_is_told() {
    let (gained, lost, doors) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let count = |cell: &Cell<u32>| cell.set(cell.get() + 1);
    for_worlds(4, |world, dice| {
        for (place, tenant) in world.tenants.iter().enumerate() {
            let bare = Tenant { members: Vec::new(), records: Vec::new(), ..tenant.clone() };
            for member in &tenant.members {
                let before = Side { tenant: bare.clone(), member: member.clone(), at: world.now };
                let after = changed(dice, tenant, &world.tenants[1 - place], &before);
                let (then, now) = (before.plan(), after.plan());
                let difference = Difference::between(&then, &now);
                for (permission, facts) in tried(world, tenant, &before, &after) {
                    let (did, does) = (before.may(permission, facts), after.may(permission, facts));
                    let (shifts, what, cell) = match (did, does) {
                        (false, true) => (&difference.gains, "gained", &gained),
                        (true, false) => (&difference.losses, "lost", &lost),
                        _ => continue,
                    };
                    count(cell);
                    if !told(shifts, permission, facts) {
                        return Err(format!(
                            "{permission} is {what} and not told: {facts:#?}\n{difference:#?}"
                        ));
                    }
                }
                for portal in Portal::ALL {
                    let (did, does) = (before.opens(*portal), after.opens(*portal));
                    if did != does {
                        count(&doors);
                    }
                    let told = (difference.closes.contains(portal), difference.opens.contains(portal));
                    if told != (did && !does, does && !did) {
                        return Err(format!("{portal}: open {did}, then {does}; told {told:?}"));
                    }
                }
                let back = Difference::between(&now, &then);
                if (&back.gains, &back.losses) != (&difference.losses, &difference.gains) {
                    return Err("taken back it says something else".into());
                }
                if !Difference::between(&then, &then).is_empty() {
                    return Err("nothing has changed, and something is told".into());
                }
            }
        }
        Ok(())
    });
    for (cell, what) in [(&gained, "gained"), (&lost, "lost"), (&doors, "opened or closed")] {
        assert!(cell.get() > 20, "hardly anything was {what}: {}", cell.get());
    }
}

fn tried<'a>(
    world: &'a World,
    tenant: &'a Tenant,
    before: &Side,
    after: &Side,
) -> Vec<(Permission, &'a Facts)> {
    let mut permissions = interesting(world, &before.member, 6);
    permissions.extend(interesting(world, &after.member, 6));
    permissions.sort_unstable();
    permissions.dedup();
    permissions
        .into_iter()
        .flat_map(|permission| world.around(tenant).map(move |record| (permission, &record.facts)))
        .collect()
}

/// What is told can, as a rule, be met: there could be a record that is gained.
#[test]
fn what_is_told_can_be_met() {
    let (met, said) = (Cell::new(0_u32), Cell::new(0_u32));
    for_worlds(8, |world, dice| {
        for (place, tenant) in world.tenants.iter().enumerate() {
            let bare = Tenant { members: Vec::new(), records: Vec::new(), ..tenant.clone() };
            for member in &tenant.members {
                let before = Side { tenant: bare.clone(), member: member.clone(), at: world.now };
                let after = changed(dice, tenant, &world.tenants[1 - place], &before);
                let difference = Difference::between(&before.plan(), &after.plan());
                for shift in difference.gains.iter().take(6) {
                    said.set(said.get() + 1);
                    let found = witnesses(tenant, member, shift).any(|facts| {
                        after.may(shift.permission, &facts) && !before.may(shift.permission, &facts)
                    });
                    met.set(met.get() + u32::from(found));
                }
            }
        }
        Ok(())
    });
    let (met, said) = (met.get(), said.get());
    assert!(said > 50, "hardly anything was told: {said}");
    // Arms are compared, not records: two old arms together may hold what a new one holds, and a statement may need a
    // record that these worlds do not have.
    assert!(f64::from(met) > 0.75 * f64::from(said), "of {said} told, only {met} can be met");
}

/// Records on the line of a shift, with everything in their favour in turn.
fn witnesses<'a>(
    tenant: &'a Tenant,
    member: &'a Member,
    shift: &'a Shift,
) -> impl Iterator<Item = Facts> + 'a {
    let me = Some(member.id.uuid());
    let clients = tenant.clients.iter().map(|client| Some(client.uuid())).chain([None]);
    let people = [(None, None, None), (me, None, None), (None, me, None), (None, None, me), (me, me, me)];
    clients.flat_map(move |client| {
        people.into_iter().flat_map(move |(author, assignee, requester)| {
            access::Visibility::ALL.iter().flat_map(move |visibility| {
                shift.ids.iter().map(move |id| {
                    use access::Dimension;
                    let mut facts = Facts {
                        client,
                        visibility: Some(visibility.number()),
                        author_may_edit: Some(1),
                        closed: Some(0),
                        emergency: Some(1),
                        author: author.or(Some(uuid::Uuid::from_u128(7))),
                        assignee,
                        requester,
                        ..Facts::of(tenant.id.uuid())
                    };
                    match shift.dimension {
                        Dimension::Area => facts.area = Some(*id),
                        Dimension::Team => facts.team = Some(*id),
                        Dimension::Client => facts.client = Some(*id),
                        Dimension::Site => facts.site = Some(*id),
                        Dimension::Organization | Dimension::Own(_) => {}
                    }
                    facts
                })
            })
        })
    })
}

/// A role of somebody's own is kept as text: read again, it decides as before, exclusive, feature, packs, limit of
/// places and doors with it.
#[test]
fn a_role_that_is_written_and_read_decides_as_before() {
    for_worlds(8, |world, _| {
        for (tenant, member) in world.members() {
            let mut read = member.clone();
            for assignment in &mut read.assignments {
                let text = write_role(&assignment.role);
                let role = text.parse::<Roles>().map_err(|why| format!("{why:?}\n{text}"))?.0.pop();
                let role = role.ok_or("a role was written and none was read")?;
                *assignment = Assignment { role: Arc::new(role), ..assignment.clone() };
            }
            for (one, other) in member.assignments.iter().zip(&read.assignments) {
                let (one, other) = (&one.role, &other.role);
                let alike =
                    (one.exclusive, one.most_targets, one.feature, &one.packs, &one.portals, &one.gives)
                        == (
                            other.exclusive,
                            other.most_targets,
                            other.feature,
                            &other.packs,
                            &other.portals,
                            &other.gives,
                        );
                if !alike
                    || one.subscriptions != other.subscriptions
                    || one.administrator != other.administrator
                {
                    return Err(format!("{one:#?} was read as {other:#?}"));
                }
            }
            let plan = tenant.plan(&read, world.now);
            for permission in interesting(world, member, 8) {
                for record in world.around(tenant) {
                    let right = naive::may(tenant, member, world.now, permission, &record.facts);
                    if plan.check(permission, &record.facts) != right {
                        return Err(format!(
                            "{permission}: before it was written {right} on {:#?}",
                            record.facts
                        ));
                    }
                }
            }
        }
        Ok(())
    });
}
