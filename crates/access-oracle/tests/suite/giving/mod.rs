//! P9 and law 2: nobody gives away more than they hold.
//!
//! What holds, exactly. Let a change of a membership pass [`may_assign`], and take the assignments it touched alone.
//! Then at every instant of their dates, whatever switches and account-wide settings are turned afterwards, for
//! every permission and every record whose area is its site's area: if the receiver may, then the giver (as at the
//! moment of giving) may, or
//! * the record is the receiver's own (author, assignee or requester): "my own" is the same right for everyone; or
//! * the record is the giver's own and the grant says "not the author": one approves another's work; or
//! * the role is one that a live role of the giver names under `gives`, at targets within the giver's own.
//!
//! The half about doors (that every door which stores an assignment, invitation, role or token asks this) belongs
//! to the HTTP tests of the people area.

mod cases;

use std::cell::Cell;
use std::sync::Arc;

use access::{
    Action, Assignment, Authority, Condition, Facts, FeatureSet, Grant, Hierarchy, Plan, Reach, Refusal,
    Resource, Role, Switch, SwitchSet, Target, by_key, may_assign, may_give, may_manage, may_write_role,
    permission, roles_fit, still_administered,
};
use access_oracle::{
    Dice, Member, Tenant, World, custom_role, for_worlds, random_assignment, random_facts, world_count,
};
use kernel::id::{AreaId, AssignmentId, ClientId, MembershipId, OrganizationId, SiteId, TeamId};
use kernel::{Audience, Timestamp};

/// What the giver holds at the moment of giving, held on: the yardstick.
fn as_held(giver: &Authority, now: Timestamp) -> Authority {
    let plan = giver.compile(now);
    let live = |place: usize| {
        !plan.suppressed.iter().any(|s| s.permission.is_none() && usize::from(s.source) == place)
    };
    let assignments = giver.assignments.iter().enumerate().filter(|(place, _)| live(*place));
    Authority {
        assignments: assignments.map(|(_, a)| Assignment { from: None, until: None, ..a.clone() }).collect(),
        // Packs and features of roles are as they were; the Monitor board may come and go.
        features: FeatureSet::all(),
        ..giver.clone()
    }
}

/// A random change of a member's standing or assignments, biased to what a giver could pass on.
fn changed(dice: &mut Dice, world: &World, tenant: &Tenant, giver: &Member, before: &Member) -> Member {
    let other = world.tenants.iter().find(|t| t.id != tenant.id).unwrap_or(tenant);
    let mut after = before.clone();
    let own: Vec<&Assignment> = giver.assignments.iter().collect();
    match dice.below(10) {
        0 if !after.assignments.is_empty() => {
            let place = dice.below(after.assignments.len());
            after.assignments.remove(place);
        }
        1 if !after.assignments.is_empty() => {
            let place = dice.below(after.assignments.len());
            after.assignments[place].until = None;
            after.assignments[place].from = None;
        }
        2 => after.clients = dice.some(50, &tenant.clients),
        3 => after.share_all = !after.share_all,
        4 => after.active = true,
        _ => {
            let model = if own.is_empty() { None } else { Some(*dice.pick(&own)) };
            let role = match (model, dice.below(3)) {
                (Some(model), 0) => model.role.clone(),
                (Some(model), 1) => Arc::new(narrower(dice, &model.role, before.audience)),
                _ => Arc::new(custom_role(dice, "given")),
            };
            let mut gift = random_assignment(dice, role, tenant, other);
            if let (Some(model), true) = (model, dice.chance(60)) {
                gift.targets = dice.some(70, &model.targets);
                gift.targets.truncate(2);
            }
            after.assignments.push(gift);
        }
    }
    after
}

/// A role with some of another's grants, under more conditions.
fn narrower(dice: &mut Dice, of: &Role, audience: Audience) -> Role {
    let mut role = Role {
        key: "narrower".into(),
        audience,
        exclusive: false,
        most_targets: None,
        feature: None,
        packs: Vec::new(),
        gives: Vec::new(),
        ..of.clone()
    };
    let keep = *dice.pick(&[10, 50, 100]);
    role.grants.retain(|_| dice.chance(keep));
    for grant in &mut role.grants {
        if dice.chance(20) {
            grant.conditions.push(*dice.pick(Condition::ALL));
        }
        if dice.chance(10) {
            grant.reach = *dice.pick(Reach::ALL);
        }
    }
    role
}

#[test]
fn whatever_is_given_the_giver_holds() {
    let (passed, met) = (Cell::new(0), Cell::new(0));
    for_worlds(1, |world, dice| {
        for tenant in &world.tenants {
            for giver in &tenant.members {
                for before in tenant.members.iter().filter(|m| m.id != giver.id) {
                    let after = changed(dice, world, tenant, giver, before);
                    if given_is_held(world, tenant, giver, before, &after, dice, &met)? {
                        passed.set(passed.get() + 1);
                    }
                }
            }
        }
        Ok(())
    });
    println!("{} changes passed, {} decisions compared", passed.get(), met.get());
    assert!(passed.get() >= world_count(1) / 4, "hardly any change passed: {}", passed.get());
    assert!(met.get() >= world_count(1) / 4, "hardly any right was given: {}", met.get());
}

fn given_is_held(
    world: &World,
    tenant: &Tenant,
    giver: &Member,
    before: &Member,
    after: &Member,
    dice: &mut Dice,
    met: &Cell<u64>,
) -> Result<bool, String> {
    let (giving, was, becomes) = (tenant.authority(giver), tenant.authority(before), tenant.authority(after));
    if may_assign(&giving, Some(&was), &becomes, world.now, &tenant.hierarchy()).is_err() {
        return Ok(false);
    }
    let standing = |m: &Member| {
        let mut clients = m.clients.clone();
        clients.sort_unstable();
        clients.dedup();
        (m.active, clients, m.subcontractor, m.share_all, m.live_clock_ins)
    };
    let same_standing = standing(before) == standing(after);
    let handed: Vec<String> =
        giving.compile(world.now).live_roles().flat_map(|held| held.role.gives.clone()).collect();
    let given: Vec<Assignment> = becomes
        .assignments
        .iter()
        .filter(|a| !(same_standing && was.assignments.contains(a)))
        .filter(|a| !handed.contains(&a.role.key))
        .cloned()
        .collect();
    for _ in 0..2 {
        let switches: SwitchSet = dice.some(70, Switch::ALL).into_iter().collect();
        let features = if dice.chance(50) { becomes.features } else { FeatureSet::all() };
        let yardstick = Authority { switches, ..as_held(&giving, world.now) };
        let holds = yardstick.compile(world.now);
        for assignment in &given {
            let receiver =
                Authority { switches, features, assignments: vec![assignment.clone()], ..becomes.clone() };
            // Any instant of its dates.
            let at = assignment.from.unwrap_or(world.now);
            let receives = receiver.compile(at);
            compare(tenant, &holds, &receives, assignment, dice, met)?;
        }
    }
    Ok(true)
}

fn compare(
    tenant: &Tenant,
    holds: &Plan,
    receives: &Plan,
    assignment: &Assignment,
    dice: &mut Dice,
    met: &Cell<u64>,
) -> Result<(), String> {
    let records: Vec<Facts> = (0..8).map(|_| settled(dice, tenant)).collect();
    let (giver, receiver) = (holds.membership.uuid(), receives.membership.uuid());
    for permission in assignment.role.grants.iter().map(|g| g.permission) {
        for facts in &records {
            if !receives.check(permission, facts) {
                continue;
            }
            met.set(met.get() + 1);
            let own = [facts.author, facts.assignee, facts.requester].contains(&Some(receiver));
            let others = facts.author == Some(giver)
                && assignment.role.grants.iter().any(|g| g.conditions.contains(&Condition::NotAuthor));
            if !own && !others && !holds.check(permission, facts) {
                return Err(format!(
                    "{permission} was given by {giver}, who does not hold it on {facts:#?}\nby {assignment:#?}"
                ));
            }
        }
    }
    Ok(())
}

/// A record whose area is its site's area.
fn settled(dice: &mut Dice, tenant: &Tenant) -> Facts {
    let mut facts = random_facts(dice, tenant);
    if let Some(site) = tenant.sites.iter().find(|s| facts.site == Some(s.id.uuid())) {
        facts.area = site.area.map(AreaId::uuid);
    }
    facts
}

/// The guard is no wall: what one holds, one can give to somebody of the same standing.
#[test]
fn what_one_holds_one_can_give() {
    let given = Cell::new(0);
    for_worlds(4, |world, _| {
        for (tenant, member) in world.members() {
            let giver = tenant.authority(member);
            for assignment in as_held(&giver, world.now).assignments {
                let after = Authority {
                    membership: MembershipId::from_uuid(uuid::Uuid::from_u128(7)),
                    assignments: vec![assignment],
                    ..giver.clone()
                };
                if roles_fit(&after).is_err() {
                    continue;
                }
                given.set(given.get() + 1);
                may_assign(&giver, None, &after, world.now, &tenant.hierarchy())
                    .map_err(|e| format!("{:?} cannot pass on what they hold: {e}", giver.membership))?;
            }
        }
        Ok(())
    });
    assert!(given.get() >= world_count(4) / 2, "hardly anything was given: {}", given.get());
}

/// A role that passes the writer's guard gives, at the widest targets, nothing that the writer does not hold there.
#[test]
fn a_role_one_may_write_gives_nothing_one_does_not_hold() {
    let written = Cell::new(0);
    for_worlds(1, |world, dice| {
        for (tenant, member) in world.members().filter(|(_, m)| m.audience == Audience::Staff) {
            let giver = as_held(&tenant.authority(member), world.now);
            let holds = giver.compile(world.now);
            let Some(model) = member.assignments.first() else { continue };
            let role = match dice.chance(70) {
                true => Role { reach: Reach::Organization, ..narrower(dice, &model.role, Audience::Staff) },
                false => Role { audience: Audience::Staff, ..custom_role(dice, "written") },
            };
            let passes = may_write_role(&holds, &role, &access::Catalogue::built_in()).is_ok();
            let unheld = role.grants.iter().any(|g| holds.arms(g.permission).is_empty());
            if passes && unheld {
                return Err(format!("a permission that is not held passes: {role:#?}"));
            }
            // Somebody whose own reach is everywhere: there the role's own words are all that narrows it.
            let everywhere = giver.assignments.iter().all(|a| a.targets == [Target::Organization]);
            if !passes || !everywhere || role.grants.is_empty() {
                continue;
            }
            written.set(written.get() + 1);
            let everywhere = Assignment {
                role: Arc::new(Role { reach: Reach::Organization, packs: Vec::new(), feature: None, ..role }),
                targets: vec![Target::Organization],
                ..model.clone()
            };
            let receives = Authority {
                membership: MembershipId::from_uuid(uuid::Uuid::from_u128(7)),
                assignments: vec![Assignment { from: None, until: None, ..everywhere.clone() }],
                features: FeatureSet::all(),
                ..giver.clone()
            }
            .compile(world.now);
            compare(tenant, &holds, &receives, &everywhere, dice, &Cell::new(0))?;
        }
        Ok(())
    });
    assert!(written.get() >= world_count(1) / 50, "hardly any role passed: {}", written.get());
}

// ------------------------------------------------------------------------------------------ cases by hand
