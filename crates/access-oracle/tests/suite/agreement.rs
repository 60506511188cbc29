//! P1: the core and the naive oracle agree on every decision; and the run was not an empty one.

use std::cell::RefCell;

use access::{Because, Condition, Feature, FieldClass, Permission, Resource, Switch};
use access_oracle::{Coverage, Dice, Tenant, World, for_worlds, interesting, naive, world_count};

/// Enough worlds to ask for coverage.
fn full_run() -> bool {
    world_count(1) >= 1000
}

#[test]
fn core_and_naive_oracle_agree_on_every_decision() {
    let coverage = RefCell::new(Coverage::default());
    for_worlds(1, |world, _| agree(world, &mut coverage.borrow_mut()));
    let coverage = coverage.into_inner();
    println!(
        "{} random worlds, {} decisions by core and naive oracle, {:.1} % allowed",
        world_count(1),
        coverage.decisions(),
        coverage.allow_rate()
    );
    let rate = coverage.allow_rate();
    assert!((5.0..95.0).contains(&rate), "the worlds decide nothing: {rate:.1} % allowed");
    if full_run() {
        assert_eq!(coverage.one_sided(Permission::all()), [""; 0], "never both allowed and refused");
        assert_eq!(coverage.one_sided(Condition::ALL), [""; 0], "never both true and false");
    }
}

fn agree(world: &World, coverage: &mut Coverage) -> Result<(), String> {
    for (tenant, member) in world.members() {
        let plan = tenant.plan(member, world.now);
        for permission in interesting(world, member, 8) {
            for record in world.around(tenant) {
                let core = plan.check(permission, &record.facts);
                let naive = naive::may(tenant, member, world.now, permission, &record.facts);
                coverage.decision(naive);
                coverage.note(&permission, naive);
                if core != naive {
                    return Err(format!(
                        "{permission} by {:?} on {:#?}\ncore says {core}, the oracle {naive}",
                        member.id, record.facts
                    ));
                }
            }
        }
        for record in &tenant.records {
            for condition in Condition::ALL {
                let naive = naive::holds(*condition, &record.facts, member.id.uuid());
                coverage.note(condition, naive);
                if condition.literal().holds(&record.facts, member.id.uuid()) != naive {
                    return Err(format!("{condition} of {:#?}: the oracle says {naive}", record.facts));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn what_is_suppressed_is_named_with_a_true_reason() {
    let coverage = RefCell::new(Coverage::default());
    for_worlds(2, |world, _| {
        for (tenant, member) in world.members() {
            suppressed(world, tenant, member, &mut coverage.borrow_mut())?;
        }
        Ok(())
    });
    if full_run() {
        let mut reasons = vec![
            Because::Inactive,
            Because::NotYet,
            Because::Expired,
            Because::OtherAudience,
            Because::PackOff,
            Because::NotAlone,
            Because::TooManyTargets,
            Because::NoTargets,
            Because::AboveCeiling,
            Because::LiveClockInsOff,
        ];
        reasons.extend(Feature::ALL.iter().map(|f| Because::FeatureOff(*f)));
        reasons.extend(Switch::ALL.iter().map(|s| Because::SwitchOff(*s)));
        assert_eq!(coverage.into_inner().unseen(reasons), [""; 0], "never the reason");
    }
}

fn suppressed(
    world: &World,
    tenant: &Tenant,
    member: &access_oracle::Member,
    coverage: &mut Coverage,
) -> Result<(), String> {
    let plan = tenant.plan(member, world.now);
    for (place, assignment) in member.assignments.iter().enumerate() {
        let off = naive::off(tenant, member, world.now, assignment);
        let told: Vec<Because> = plan
            .suppressed
            .iter()
            .filter(|s| usize::from(s.source) == place && s.permission.is_none())
            .map(|s| s.because)
            .collect();
        told.iter().for_each(|because| coverage.note(because, true));
        if told.is_empty() != off.is_empty() || !told.iter().all(|because| off.contains(because)) {
            return Err(format!("assignment {place} of {:?}: {off:?} keep it off, told {told:?}", member.id));
        }
        if !off.is_empty() {
            continue;
        }
        for grant in &assignment.role.grants {
            let inert = naive::inert(tenant, member, assignment, grant);
            let told: Vec<Because> = plan
                .suppressed
                .iter()
                .filter(|s| usize::from(s.source) == place && s.permission == Some(grant.permission))
                .map(|s| s.because)
                .collect();
            told.iter().for_each(|because| coverage.note(because, true));
            // Two grants of one permission may be kept off for different reasons; each is told somewhere.
            if !inert.is_empty() && !told.iter().any(|because| inert.contains(because)) {
                return Err(format!("{} of assignment {place}: {inert:?}, told {told:?}", grant.permission));
            }
        }
    }
    Ok(())
}

/// P4: a projected row shows exactly the parts that the oracle lets this person see, and `Sight` says so in
/// advance.
#[test]
fn parts_show_as_the_oracle_says() {
    let coverage = RefCell::new(Coverage::default());
    for_worlds(2, |world, dice| {
        let coverage = &mut coverage.borrow_mut();
        for (tenant, member) in world.members() {
            let plan = tenant.plan(member, world.now);
            for resource in resources(world, member, dice) {
                for class in FieldClass::ALL {
                    for record in world.around(tenant) {
                        let core = plan.shows(resource, *class, &record.facts);
                        let naive = naive::shows(tenant, member, world.now, resource, *class, &record.facts);
                        coverage.decision(naive);
                        coverage.note(class, naive);
                        if core != naive {
                            return Err(format!(
                                "{class} of a {resource:?} by {:?}: core says {core}, the oracle {naive}\n{:#?}\n{:?}",
                                member.id,
                                record.facts,
                                plan.sight(resource, *class)
                            ));
                        }
                    }
                }
            }
        }
        Ok(())
    });
    if full_run() {
        let classes = FieldClass::ALL.iter().filter(|c| **c != FieldClass::Secret);
        let coverage = coverage.into_inner();
        assert_eq!(coverage.one_sided(classes), [""; 0], "never both shown and hidden");
        assert_eq!(coverage.unseen([FieldClass::Secret]), ["Secret"], "a secret was shown");
    }
}

fn resources(world: &World, member: &access_oracle::Member, dice: &mut Dice) -> Vec<Resource> {
    let mut all: Vec<Resource> = interesting(world, member, 2).iter().map(|p| p.resource()).collect();
    all.push(*dice.pick(&[Resource::Incident, Resource::Shift, Resource::WorkOrder, Resource::Sos]));
    all.sort_unstable();
    all.dedup();
    all
}
