//! P6 and P8: rights grow and shrink as they should, and "who" is everybody who can.

use access::{Condition, Dimension, Facts, Permission, Plan, Resource, who};
use access_oracle::{Member, Tenant, World, for_worlds, interesting, naive, random_assignment};

/// Every decision of `narrow` that allows, `wide` allows too.
fn no_wider(
    world: &World,
    tenant: &Tenant,
    permissions: &[Permission],
    narrow: &Plan,
    wide: &Plan,
    what: &str,
) -> Result<(), String> {
    for permission in permissions {
        for record in world.around(tenant) {
            if narrow.check(*permission, &record.facts) && !wide.check(*permission, &record.facts) {
                return Err(format!("{what}: {permission} on {:#?}", record.facts));
            }
        }
    }
    Ok(())
}

/// P6. Adding an assignment never takes a right away, unless the role is exclusive or one that may be held at so
/// many places only (law 6 says so).
#[test]
fn adding_an_assignment_never_removes() {
    for_worlds(2, |world, dice| {
        for (place, tenant) in world.tenants.iter().enumerate() {
            for member in &tenant.members {
                let Some(giver) = tenant.members.iter().find(|m| !m.assignments.is_empty()) else { continue };
                let role = giver.assignments[0].role.clone();
                let before = tenant.plan(member, world.now);
                let mut more = member.clone();
                more.assignments.push(random_assignment(
                    dice,
                    role.clone(),
                    tenant,
                    &world.tenants[1 - place],
                ));
                let exclusive = more.assignments.iter().any(|a| a.role.exclusive);
                if exclusive || role.most_targets.is_some() {
                    continue;
                }
                let after = tenant.plan(&more, world.now);
                no_wider(world, tenant, &interesting(world, member, 6), &before, &after, "lost by a gift")?;
            }
        }
        Ok(())
    });
}

/// P6. Turning something off (a switch, a feature, an account's own switches, the membership), taking a client or a
/// target away, never gives a right.
#[test]
fn turning_something_off_never_adds() {
    for_worlds(2, |world, dice| {
        for tenant in &world.tenants {
            for member in &tenant.members {
                let permissions = interesting(world, member, 6);
                let before = tenant.plan(member, world.now);
                for (what, changed, member) in less(tenant, member, dice) {
                    let after = changed.plan(&member, world.now);
                    no_wider(world, tenant, &permissions, &after, &before, what)?;
                }
            }
        }
        Ok(())
    });
}

fn less(
    tenant: &Tenant,
    member: &Member,
    dice: &mut access_oracle::Dice,
) -> Vec<(&'static str, Tenant, Member)> {
    let mut all = Vec::new();
    let bare = Tenant { members: Vec::new(), records: Vec::new(), ..tenant.clone() };
    if !tenant.switches.is_empty() {
        let mut off = bare.clone();
        off.switches.remove(dice.below(off.switches.len()));
        all.push(("a switch turned off", off, member.clone()));
    }
    if !tenant.features.is_empty() {
        let mut off = bare.clone();
        off.features.remove(dice.below(off.features.len()));
        all.push(("a feature turned off", off, member.clone()));
    }
    all.push(("share all off", bare.clone(), Member { share_all: false, ..member.clone() }));
    all.push(("live clock-ins off", bare.clone(), Member { live_clock_ins: false, ..member.clone() }));
    all.push(("deactivated", bare.clone(), Member { active: false, ..member.clone() }));
    if !member.clients.is_empty() {
        let mut fewer = member.clone();
        fewer.clients.remove(dice.below(fewer.clients.len()));
        all.push(("a client taken away", bare.clone(), fewer));
    }
    // Taking targets away may clear "too many targets", which gives what was held back: only other roles are tried.
    for place in 0..member.assignments.len() {
        let assignment = &member.assignments[place];
        if !assignment.targets.is_empty() && assignment.role.most_targets.is_none() {
            let mut fewer = member.clone();
            let lost = dice.below(assignment.targets.len());
            fewer.assignments[place].targets.remove(lost);
            all.push(("a target taken away", bare.clone(), fewer));
        }
    }
    all
}

/// P8. `who` is exactly the members that can.
#[test]
fn who_is_everybody_who_can() {
    for_worlds(4, |world, _| {
        for tenant in &world.tenants {
            let plans: Vec<Plan> = tenant.members.iter().map(|m| tenant.plan(m, world.now)).collect();
            let permissions: Vec<Permission> =
                tenant.members.iter().flat_map(|m| interesting(world, m, 3)).collect();
            for permission in permissions {
                for record in world.around(tenant) {
                    let can: Vec<_> = tenant
                        .members
                        .iter()
                        .filter(|m| naive::may(tenant, m, world.now, permission, &record.facts))
                        .map(|m| m.id)
                        .collect();
                    let told = who(&plans, permission, &record.facts);
                    if told.iter().any(|(_, trace)| !trace.allowed) {
                        return Err("told of somebody who cannot".into());
                    }
                    let told: Vec<_> = told.iter().map(|(plan, _)| plan.membership).collect();
                    if told != can {
                        return Err(format!("{permission}: {told:?} are told, {can:?} can"));
                    }
                }
            }
        }
        Ok(())
    });
}

/// The arms of a plan are what the listing builder relies on: sorted keys, none twice, no two arms of one line and
/// the same statements, none that another absorbs; and together with the guard they are the decision.
#[test]
fn arms_are_in_order_and_are_the_decision() {
    for_worlds(2, |world, _| {
        for (tenant, member) in world.members() {
            let plan = tenant.plan(member, world.now);
            for permission in Permission::all() {
                let arms = plan.arms(permission);
                for (place, arm) in arms.iter().enumerate() {
                    let sorted = arm.ids.windows(2).all(|pair| pair[0] < pair[1]);
                    let statements = arm.literals.windows(2).all(|pair| pair[0] < pair[1]);
                    let sources = arm.sources.windows(2).all(|pair| pair[0] < pair[1]);
                    let own = !matches!(arm.dimension, Dimension::Own(_)) || *arm.ids == [member.id.uuid()];
                    let whole = arm.dimension != Dimension::Organization || *arm.ids == [tenant.id.uuid()];
                    let single =
                        arms.iter().enumerate().all(|(other, wide)| place == other || !wide.absorbs(arm));
                    if !(sorted && statements && sources && own && whole && single) || arm.ids.is_empty() {
                        return Err(format!("{permission}: {arms:#?}"));
                    }
                }
            }
            for permission in interesting(world, member, 4) {
                for record in world.around(tenant) {
                    let by_arms = by_hand(&plan, permission, &record.facts);
                    if by_arms != plan.check(permission, &record.facts) {
                        return Err(format!("{permission}: the arms say {by_arms}"));
                    }
                }
            }
        }
        Ok(())
    });
}

/// What a listing that trusts tenant, guard and arms would let through.
fn by_hand(plan: &Plan, permission: Permission, facts: &Facts) -> bool {
    let guard = plan.guard(permission).is_none_or(|g| facts.client.is_some_and(|c| g.contains(&c)));
    facts.organization == plan.organization.uuid()
        && guard
        && plan.arms(permission).iter().any(|arm| {
            facts.key(arm.dimension).is_some_and(|key| arm.ids.contains(&key))
                && arm.literals.iter().all(|l| l.holds(facts, plan.membership.uuid()))
        })
}

/// The key is equal exactly where the arms are, with all that they say: the same roles under one more condition are
/// something else.
#[test]
fn a_visibility_key_tells_conditions_apart() {
    let apart = std::cell::Cell::new(0);
    for_worlds(8, |world, dice| {
        for (tenant, member) in world.members() {
            let mut changed = member.clone();
            for assignment in &mut changed.assignments {
                let mut role = (*assignment.role).clone();
                for grant in &mut role.grants {
                    if dice.chance(30) {
                        grant.conditions.push(*dice.pick(Condition::ALL));
                    }
                }
                assignment.role = std::sync::Arc::new(role);
            }
            let (one, other) = (tenant.plan(member, world.now), tenant.plan(&changed, world.now));
            for resource in Resource::ALL {
                let says = |plan: &Plan| -> Vec<_> {
                    let arms =
                        Permission::of(*resource).flat_map(|p| plan.arms(p).iter().map(move |a| (p, a)));
                    arms.map(|(p, a)| (p, a.dimension, a.ids.clone(), a.literals.clone())).collect()
                };
                let alike = says(&one) == says(&other);
                apart.set(apart.get() + u32::from(!alike));
                if alike != (one.visibility_key(*resource) == other.visibility_key(*resource)) {
                    return Err(format!("{resource:?}: alike {alike}, but the keys say otherwise"));
                }
            }
        }
        Ok(())
    });
    assert!(apart.get() > 20, "conditions hardly ever changed an arm: {}", apart.get());
}

/// Two plans of one key show the same: answers are shared between people by it. And it is not a constant.
#[test]
fn plans_of_one_visibility_key_show_the_same() {
    let shared = std::cell::Cell::new(0);
    for_worlds(4, |world, dice| {
        for tenant in &world.tenants {
            let mut members = tenant.members.clone();
            // Twins, so that keys do meet: the same rights under another name.
            let twin = members[dice.below(members.len())].clone();
            members.push(Member { id: kernel::Id::from_uuid(uuid::Uuid::from_u128(5)), ..twin });
            let plans: Vec<Plan> = members.iter().map(|m| tenant.plan(m, world.now)).collect();
            for (place, one) in plans.iter().enumerate() {
                for other in plans.iter().skip(place + 1) {
                    for permission in interesting(world, &members[place], 3) {
                        let resource = permission.resource();
                        if one.visibility_key(resource) != other.visibility_key(resource) {
                            continue;
                        }
                        shared.set(shared.get() + 1);
                        for p in Permission::of(resource) {
                            for record in world.around(tenant) {
                                if one.check(p, &record.facts) != other.check(p, &record.facts) {
                                    return Err(format!("{p}: one key, two answers"));
                                }
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    });
    assert!(shared.get() > 20, "keys never met: {}", shared.get());
}
