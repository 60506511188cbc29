//! P1, the third evaluator: AWS's Cedar, over the policies and entities that [`to_cedar`] writes, agrees with the
//! core and with the naive oracle. Only Cedar's stable interface is used.
#![expect(clippy::unwrap_used, reason = "tests: a broken expectation must stop")]

use std::cell::RefCell;
use std::str::FromStr;

use access::Permission;
use access_oracle::{Coverage, Tenant, World, for_worlds, interesting, naive, to_cedar};
use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request};

fn uid(kind: &str, id: impl std::fmt::Display) -> EntityUid {
    EntityUid::from_str(&format!("{kind}::\"{id}\"")).unwrap()
}

#[test]
fn core_naive_oracle_and_cedar_agree_on_every_decision() {
    let coverage = RefCell::new(Coverage::default());
    for_worlds(1, |world, _| {
        for tenant in &world.tenants {
            agree(world, tenant, &mut coverage.borrow_mut())?;
        }
        Ok(())
    });
    let coverage = coverage.into_inner();
    println!("{} decisions, {:.1} % allowed", coverage.decisions(), coverage.allow_rate());
    let rate = coverage.allow_rate();
    assert!((5.0..95.0).contains(&rate), "the worlds decide nothing: {rate:.1} % allowed");
}

fn agree(world: &World, tenant: &Tenant, coverage: &mut Coverage) -> Result<(), String> {
    let wanted = |member: &access_oracle::Member| -> Vec<Permission> {
        interesting(world, member, 2).into_iter().take(2).collect()
    };
    let records: Vec<_> = world.around(tenant).step_by(3).collect();
    let cedar = to_cedar(tenant, world.now, records.iter().copied(), wanted);
    let policies = PolicySet::from_str(&cedar.policies).map_err(|e| format!("{e}\n{}", cedar.policies))?;
    let entities =
        Entities::from_json_str(&cedar.entities, None).map_err(|e| format!("{e:?}\n{}", cedar.entities))?;
    let context = Context::from_json_str(&cedar.context, None).map_err(|e| e.to_string())?;
    let authorizer = Authorizer::new();
    for member in &tenant.members {
        let plan = tenant.plan(member, world.now);
        for permission in wanted(member) {
            for record in &records {
                let request = Request::new(
                    uid("Membership", member.id.uuid()),
                    uid("Action", permission),
                    uid("Record", record.id),
                    context.clone(),
                    None,
                )
                .map_err(|e| e.to_string())?;
                let answer = authorizer.is_authorized(&request, &policies, &entities);
                if let Some(error) = answer.diagnostics().errors().next() {
                    return Err(format!("{error}\n{}", cedar.policies));
                }
                let by_cedar = answer.decision() == Decision::Allow;
                let by_core = plan.check(permission, &record.facts);
                let by_naive = naive::may(tenant, member, world.now, permission, &record.facts);
                coverage.decision(by_cedar);
                if by_cedar != by_core || by_core != by_naive {
                    return Err(format!(
                        "{permission} by {:?} on {:#?}\ncore {by_core}, oracle {by_naive}, Cedar {by_cedar}\n{}",
                        member.id, record.facts, cedar.policies
                    ));
                }
            }
        }
    }
    Ok(())
}
