//! The nine laws of ROLES.md, as far as they can be held without a database. Each says where its other half is.

use std::sync::Arc;

use access::{
    Action, Assignment, Authority, Event, Feature, FieldClass, Permission, Plan, Reach, Resource, Role,
    Sight, Switch, Target, permission, who,
};
use access_oracle::{
    Dice, Member, Tenant, World, custom_role, for_worlds, interesting, naive, random_assignment, random_facts,
};
use kernel::{Audience, Error, Portal, Timestamp};

fn agree(
    world: &World,
    tenant: &Tenant,
    member: &Member,
    now: Timestamp,
    plan: &Plan,
    what: &str,
) -> Result<(), String> {
    for permission in interesting(world, member, 5) {
        for record in world.around(tenant) {
            let naive = naive::may(tenant, member, now, permission, &record.facts);
            if plan.check(permission, &record.facts) != naive {
                return Err(format!("{what}: {permission}, the oracle says {naive} of {:#?}", record.facts));
            }
        }
    }
    Ok(())
}

fn shows_nothing(world: &World, tenant: &Tenant, plan: &Plan, what: &str) -> Result<(), String> {
    if plan.live_roles().next().is_some() || !plan.portals.is_empty() || !plan.subscriptions.is_empty() {
        return Err(format!("{what}: a role, a portal or a subscription is left"));
    }
    for permission in Permission::all() {
        if plan.may_ever(permission) || plan.everywhere(permission) || !plan.arms(permission).is_empty() {
            return Err(format!("{what}: {permission}"));
        }
        let seen = world.around(tenant).find(|record| plan.check(permission, &record.facts));
        if let Some(record) = seen {
            return Err(format!("{what}: {permission} on {:#?}", record.facts));
        }
        for class in FieldClass::ALL {
            if plan.sight(permission.resource(), *class) != Sight::Never {
                return Err(format!("{what}: {class} of {:?}", permission.resource()));
            }
        }
    }
    Ok(())
}

/// Law 1. Other half: a session without a membership, a table without the tenant's column (people and store tests).
#[test]
fn law_1_deny_by_default() {
    for_worlds(8, |world, dice| {
        for (tenant, member) in world.members() {
            let bare = Member { assignments: Vec::new(), ..member.clone() };
            shows_nothing(world, tenant, &tenant.plan(&bare, world.now), "no assignment")?;
            let off = Member { active: false, ..member.clone() };
            shows_nothing(world, tenant, &tenant.plan(&off, world.now), "deactivated")?;

            // A missing target list means nothing, never everything.
            let mut nowhere = member.clone();
            nowhere.assignments.retain(|a| a.role.reach != Reach::Own);
            nowhere.assignments.iter_mut().for_each(|a| a.targets.clear());
            shows_nothing(world, tenant, &tenant.plan(&nowhere, world.now), "no targets")?;

            // Another organization's targets and records are nothing here.
            let other = world.tenants.iter().find(|t| t.id != tenant.id).ok_or("one tenant")?;
            let mut foreign = member.clone();
            for assignment in &mut foreign.assignments {
                let role = assignment.role.clone();
                assignment.targets = random_assignment(dice, role, other, other).targets;
                assignment.targets.retain(|t| *t != Target::Organization);
            }
            let plan = tenant.plan(&foreign, world.now);
            for permission in interesting(world, member, 6) {
                for record in &other.records {
                    if plan.check(permission, &record.facts) {
                        return Err(format!("{permission} on another organization's record"));
                    }
                }
            }
            // An outsider of no client meets nothing that belongs to one.
            if member.audience == Audience::Client {
                let lone = Member { clients: Vec::new(), ..member.clone() };
                let plan = tenant.plan(&lone, world.now);
                for permission in interesting(world, member, 6) {
                    let kept = plan.guard(permission).is_some();
                    if kept && tenant.records.iter().any(|r| plan.check(permission, &r.facts)) {
                        return Err(format!("{permission} for a client's person of no client"));
                    }
                    if kept && plan.everywhere(permission) {
                        return Err(format!("{permission} everywhere for somebody who is kept to clients"));
                    }
                }
            }
        }
        Ok(())
    });
}

/// Law 2, the core of it; `giving` holds the rest (P9, cases by hand). Other half: every door that stores an
/// assignment, invitation, role or token asks (people tests).
#[test]
fn law_2_nobody_gives_away_more_than_they_hold() {
    for_worlds(4, |world, dice| {
        for tenant in &world.tenants {
            for giver in &tenant.members {
                let giving = tenant.authority(giver);
                let holds = giving.compile(world.now);
                if access::may_assign(&giving, None, &giving, world.now, &tenant.hierarchy()).is_ok() {
                    return Err("somebody changed their own assignments".into());
                }
                // A role with one grant that the giver holds nothing of can be neither written nor given.
                let everything = Authority {
                    features: access::FeatureSet::all(),
                    switches: access::SwitchSet::all(),
                    ..giving.clone()
                }
                .compile(world.now);
                let unheld: Vec<Permission> =
                    Permission::all().filter(|p| everything.arms(*p).is_empty()).collect();
                if unheld.is_empty() {
                    continue;
                }
                let grant = access::Grant {
                    permission: *dice.pick(&unheld),
                    reach: Reach::Organization,
                    conditions: Vec::new(),
                };
                let role = Role {
                    key: "more".into(),
                    audience: Audience::Staff,
                    reach: Reach::Organization,
                    exclusive: false,
                    feature: None,
                    packs: Vec::new(),
                    most_targets: None,
                    grants: vec![grant],
                    gives: Vec::new(),
                    ..custom_role(dice, "more")
                };
                if access::may_write_role(&holds, &role, &access::Catalogue::built_in()).is_ok() {
                    return Err(format!("wrote a role with {}", role.grants[0].permission));
                }
                let after = Authority {
                    membership: kernel::Id::from_uuid(uuid::Uuid::from_u128(7)),
                    audience: Audience::Staff,
                    active: true,
                    assignments: vec![Assignment {
                        id: kernel::Id::from_uuid(uuid::Uuid::from_u128(8)),
                        role: Arc::new(role),
                        targets: vec![Target::Organization],
                        from: None,
                        until: None,
                        granted_by: None,
                        granted_at: world.now,
                    }],
                    ..giving.clone()
                };
                if access::may_assign(&giving, None, &after, world.now, &tenant.hierarchy()).is_ok() {
                    return Err("gave a permission that is not held".into());
                }
            }
        }
        Ok(())
    });
}

/// Law 3, in the core: permits, explanations, parts and "who" answer as `check` does, and what may not be viewed is
/// not found, with nothing of the record in the answer. Other half: SQL (`tests/engines.rs`) and every exit over
/// HTTP (the areas' tests).
#[test]
fn law_3_one_evaluator_decides() {
    let not_found = format!("{:?}", Error::NotFound);
    for_worlds(4, |world, _| {
        for (tenant, member) in world.members() {
            let plan = tenant.plan(member, world.now);
            for permission in interesting(world, member, 5) {
                let view = Permission::find(permission.resource(), Action::View).ok_or("nothing to view")?;
                for record in world.around(tenant) {
                    let facts = &record.facts;
                    let (may, sees) = (plan.check(permission, facts), plan.check(view, facts));
                    let permit = plan.permit(permission, facts);
                    if permit.is_ok() != (may && sees) {
                        return Err(format!("{permission}: a permit although it is {may} and seen {sees}"));
                    }
                    if let Ok(permit) = &permit
                        && (permit.permission(), permit.organization(), permit.membership())
                            != (permission, tenant.id, member.id)
                    {
                        return Err("the permit is another's".into());
                    }
                    if !sees && permit.err().map(|e| format!("{e:?}")) != Some(not_found.clone()) {
                        return Err(format!("{permission}: hidden, and not simply not found"));
                    }
                    if plan.permit_new(permission, facts).is_ok() != may {
                        return Err(format!("{permission}: permit_new disagrees"));
                    }
                    if plan.explain(permission, facts).allowed != may {
                        return Err(format!("{permission}: the explanation disagrees"));
                    }
                    if who([&plan], permission, facts).len() != usize::from(may) {
                        return Err(format!("{permission}: who disagrees"));
                    }
                    for class in FieldClass::ALL {
                        if !sees && plan.shows(permission.resource(), *class, facts) {
                            return Err(format!("{class} of a hidden record"));
                        }
                    }
                    if may && !plan.may_ever(permission) {
                        return Err(format!("{permission}: done, though never possible"));
                    }
                }
            }
        }
        Ok(())
    });
}

/// Law 4. The details (what is cited is why) are P7, in `explanation`. Other half: the page and the command line
/// show this trace and no other (people tests).
#[test]
fn law_4_explanation_equals_enforcement() {
    for_worlds(4, |world, _| {
        for (tenant, member) in world.members() {
            let plan = tenant.plan(member, world.now);
            for permission in interesting(world, member, 6) {
                for record in world.around(tenant) {
                    let naive = naive::may(tenant, member, world.now, permission, &record.facts);
                    let trace = plan.explain(permission, &record.facts);
                    if trace.allowed != naive {
                        return Err(format!("{permission}: {trace:#?}, the oracle says {naive}"));
                    }
                    // A denial always names something: a wall, a way that failed, what is off, or no role at all.
                    let granted = member
                        .assignments
                        .iter()
                        .any(|a| a.role.grants.iter().any(|g| g.permission == permission));
                    let reachable = member.assignments.iter().any(|a| {
                        a.role.reach == Reach::Own || a.targets.iter().any(|t| t.reach() >= a.role.reach)
                    });
                    let silent = !trace.other_tenant
                        && !trace.other_client
                        && trace.ways.is_empty()
                        && trace.suppressed.is_empty();
                    if silent && granted && reachable && trace.allowed {
                        return Err(format!("{permission}: allowed without a way"));
                    }
                }
            }
        }
        Ok(())
    });
}

/// A random change of anything that bears on decisions.
fn change(dice: &mut Dice, world: &mut World) {
    let t = dice.below(world.tenants.len());
    let other = world.tenants[1 - t].clone();
    let tenant = &mut world.tenants[t];
    let fresh = Arc::new(custom_role(dice, "changed"));
    match dice.below(9) {
        0 => tenant.switches = dice.some(50, Switch::ALL),
        1 => tenant.features = dice.some(60, Feature::ALL),
        2 => {
            let place = dice.below(tenant.records.len());
            tenant.records[place].facts = random_facts(dice, tenant);
        }
        3 => {
            let place = dice.below(tenant.sites.len());
            tenant.sites[place].client = *dice.pick(&tenant.clients);
        }
        kind => {
            let gift = random_assignment(dice, fresh.clone(), tenant, &other);
            let place = dice.below(tenant.members.len());
            let some_client = dice.some(50, &tenant.clients);
            let member = &mut tenant.members[place];
            match (kind, member.assignments.len()) {
                (4, _) => member.active = !member.active,
                (5, _) => (member.share_all, member.clients) = (!member.share_all, some_client),
                (6, 1..) => {
                    let place = dice.below(member.assignments.len());
                    member.assignments.remove(place);
                }
                (7, 1..) => {
                    // The role itself is edited, for every holder.
                    let key = member.assignments[dice.below(member.assignments.len())].role.key.clone();
                    for assignment in tenant.members.iter_mut().flat_map(|m| &mut m.assignments) {
                        if assignment.role.key == key {
                            let grants = fresh.grants.clone();
                            assignment.role = Arc::new(Role { grants, ..(*assignment.role).clone() });
                        }
                    }
                }
                _ => member.assignments.push(gift),
            }
        }
    }
}

/// Law 5: a plan compiled after a change decides as the rows then say, and a plan holds without being compiled anew
/// exactly until `valid_until`. Other half: every such write moves the epoch in its transaction, and the next
/// request on another node reads it (people and web tests).
#[test]
fn law_5_a_change_takes_effect_on_the_next_request() {
    for_worlds(2, |world, dice| {
        let mut world = world.clone();
        for _ in 0..3 {
            change(dice, &mut world);
            for (tenant, member) in world.members() {
                let plan = tenant.plan(member, world.now);
                agree(&world, tenant, member, world.now, &plan, "after a change")?;
            }
        }
        for (tenant, member) in world.members() {
            let plan = tenant.plan(member, world.now);
            let far = world.now + std::time::Duration::from_secs(400 * 86_400);
            let until = plan.valid_until.unwrap_or(far);
            if until <= world.now {
                return Err("the plan is out of date at birth".into());
            }
            let tick = std::time::Duration::from_micros(1);
            for at in [world.now + tick, until - tick].into_iter().filter(|at| *at > world.now && *at < until)
            {
                agree(&world, tenant, member, at, &plan, "until valid_until")?;
            }
            if plan.valid_until.is_some() {
                agree(&world, tenant, member, until, &tenant.plan(member, until), "from valid_until on")?;
            }
        }
        Ok(())
    });
}

/// Law 6. Other half: the doors refuse with `roles_fit`'s sentence (people tests).
#[test]
fn law_6_exclusive_roles_are_held_alone_and_features_bind() {
    for_worlds(4, |world, dice| {
        for (tenant, member) in world.members() {
            let Some(first) = member.assignments.first() else { continue };
            let role = |key: &str, exclusive: bool, feature| {
                Arc::new(Role {
                    key: key.into(),
                    audience: member.audience,
                    exclusive,
                    feature,
                    packs: Vec::new(),
                    most_targets: None,
                    ..(*first.role).clone()
                })
            };
            let give = |role: Arc<Role>| Assignment { role, from: None, until: None, ..first.clone() };
            let with = |assignments: Vec<Assignment>| Member { assignments, active: true, ..member.clone() };
            let alone = with(vec![give(role("one", true, None)), give(role("one", true, None))]);
            let live = |plan: &Plan| plan.live_roles().count();
            let expected = if first.targets.is_empty() && first.role.reach != Reach::Own { 0 } else { 2 };
            if live(&tenant.plan(&alone, world.now)) != expected {
                return Err("an exclusive role held alone does not count".into());
            }
            let both = with(vec![give(role("one", true, None)), give(role("two", false, None))]);
            shows_nothing(world, tenant, &tenant.plan(&both, world.now), "an exclusive role beside another")?;

            // A feature that is off: nothing, and the exclusive role still stands in the other's way.
            let feature = *dice.pick(Feature::ALL);
            let mut off = tenant.clone();
            off.features.retain(|f| *f != feature);
            let bound = with(vec![give(role("one", false, Some(feature)))]);
            shows_nothing(world, tenant, &off.plan(&bound, world.now), "the role's feature is off")?;
            let both = with(vec![give(role("one", true, Some(feature))), give(role("two", false, None))]);
            shows_nothing(world, tenant, &off.plan(&both, world.now), "exclusive, its feature off")?;
            let mut on = off.clone();
            on.features.push(feature);
            if live(&on.plan(&bound, world.now)) != expected.min(1) {
                return Err("the role's feature is on and the role does not count".into());
            }
        }
        Ok(())
    });
}

/// Law 7: what a plan says was held stays what it was when it was compiled, whatever becomes of the roles; so the
/// journal can keep it with the record. Other half: the journal does (people and reporting tests).
#[test]
fn law_7_the_role_held_is_kept() {
    for_worlds(4, |world, dice| {
        for tenant in &world.tenants {
            for member in &tenant.members {
                let plan = tenant.plan(member, world.now);
                let names = |plan: &Plan| -> Vec<(String, String)> {
                    plan.live_roles().map(|h| (h.role.key.clone(), h.role.name.clone())).collect()
                };
                let before = names(&plan);
                let naive: Vec<(String, String)> = member
                    .assignments
                    .iter()
                    .filter(|a| naive::off(tenant, member, world.now, a).is_empty())
                    .map(|a| (a.role.key.clone(), a.role.name.clone()))
                    .collect();
                if before != naive {
                    return Err(format!("held {before:?}, the oracle says {naive:?}"));
                }
                let mut changed = member.clone();
                for assignment in &mut changed.assignments {
                    let grants = custom_role(dice, "other").grants;
                    *Arc::make_mut(&mut assignment.role) =
                        Role { name: "Renamed".into(), grants, ..(*assignment.role).clone() };
                }
                let later = tenant.plan(&changed, world.now);
                if names(&plan) != before || names(&later).iter().any(|(_, name)| name != "Renamed") {
                    return Err("an edited role changed what was held before".into());
                }
            }
        }
        Ok(())
    });
}

/// Law 8: a record is decided by what is stamped on it. Clients, sites, areas and teams that are archived, moved or
/// gone from every list change nothing about old records. Other half: nothing is deleted (places and people tests).
#[test]
fn law_8_history_outlives_places() {
    for_worlds(4, |world, dice| {
        for tenant in &world.tenants {
            let mut later = tenant.clone();
            for site in &mut later.sites {
                site.client = *dice.pick(&tenant.clients);
                site.area = dice.maybe(50, &tenant.areas);
            }
            match dice.below(3) {
                0 => later.sites.clear(),
                1 => later.clients.clear(),
                _ => (later.areas, later.teams) = (Vec::new(), Vec::new()),
            }
            for member in &tenant.members {
                let plan = later.plan(member, world.now);
                agree(world, tenant, member, world.now, &plan, "after its places changed")?;
            }
        }
        Ok(())
    });
}

/// Law 9: whoever is chosen to be told of a record can open it. Recipients are those whose live roles subscribe to
/// the event (or who asked for it) among [`who`] may view the record, at send time. Other half: mail, push,
/// webhooks and feeds choose by this and by nothing else (jobs tests).
#[test]
fn law_9_nobody_is_told_of_what_they_cannot_open() {
    let told = std::cell::Cell::new(0);
    for_worlds(4, |world, dice| {
        for tenant in &world.tenants {
            let plans: Vec<Plan> = tenant.members.iter().map(|m| tenant.plan(m, world.now)).collect();
            for record in world.around(tenant) {
                let (event, resource) = *dice.pick(&[
                    (Event::Incident, Resource::Incident),
                    (Event::DailyActivity, Resource::Report),
                    (Event::Sos, Resource::Sos),
                    (Event::OpenShift, Resource::Shift),
                ]);
                let view = permission(resource, Action::View);
                let subscribed = plans.iter().filter(|plan| plan.subscriptions.contains(&event));
                let recipients = who(subscribed, view, &record.facts);
                for (plan, _) in &recipients {
                    told.set(told.get() + 1);
                    let member = tenant.members.iter().find(|m| m.id == plan.membership).ok_or("nobody")?;
                    if !naive::may(tenant, member, world.now, view, &record.facts) {
                        return Err(format!("{:?} is told of what they cannot open", member.id));
                    }
                }
                for member in &tenant.members {
                    let subscribes = member.assignments.iter().any(|a| {
                        naive::off(tenant, member, world.now, a).is_empty()
                            && a.role.subscriptions.contains(&event)
                    });
                    let should = subscribes && naive::may(tenant, member, world.now, view, &record.facts);
                    if should != recipients.iter().any(|(plan, _)| plan.membership == member.id) {
                        return Err(format!("{:?} should be told: {should}", member.id));
                    }
                }
            }
        }
        Ok(())
    });
    assert!(told.get() > 10, "nobody was ever told anything: {}", told.get());
}

/// The doors a membership may come through are those of its live roles, and never another side's.
#[test]
fn doors_are_those_of_the_side() {
    for_worlds(4, |world, _| {
        for (tenant, member) in world.members() {
            let plan = tenant.plan(member, world.now);
            for portal in Portal::ALL {
                let side = match member.audience {
                    Audience::Staff => *portal != Portal::Client,
                    Audience::Client => *portal == Portal::Client,
                    Audience::Contractor => *portal != Portal::Office,
                };
                let by_role = member.assignments.iter().any(|a| {
                    naive::off(tenant, member, world.now, a).is_empty() && a.role.portals.contains(portal)
                });
                if plan.opens(*portal) != (side && by_role) {
                    return Err(format!("{portal} of {:?}", member.id));
                }
            }
        }
        Ok(())
    });
}
