//! P7: what an explanation cites is why, and nothing else is.

use access::{Authority, Outcome, Permission, Plan, Trace};
use access_oracle::{Member, Record, Tenant, World, for_worlds, interesting, naive};
use kernel::Timestamp;

/// The assignments that a trace says let through.
fn cited(trace: &Trace) -> Vec<u16> {
    let mut cited: Vec<u16> = trace
        .ways
        .iter()
        .filter(|way| way.outcome == Outcome::Through)
        .flat_map(|way| way.sources.iter().copied())
        .collect();
    cited.sort_unstable();
    cited.dedup();
    cited
}

/// The plan with only those assignments whose place passes.
fn keeping(tenant: &Tenant, member: &Member, now: Timestamp, keep: impl Fn(u16) -> bool) -> Plan {
    let authority = tenant.authority(member);
    let assignments = (0u16..).zip(authority.assignments.clone()).filter(|(place, _)| keep(*place));
    Authority { assignments: assignments.map(|(_, a)| a).collect(), ..authority }.compile(now)
}

fn each(
    share: u64,
    property: impl Fn(&World, &Tenant, &Member, &Plan, Permission, &Record) -> Result<(), String>,
) {
    for_worlds(share, |world, _| {
        for (tenant, member) in world.members() {
            let plan = tenant.plan(member, world.now);
            for permission in interesting(world, member, 5) {
                for record in world.around(tenant) {
                    property(world, tenant, member, &plan, permission, record)?;
                }
            }
        }
        Ok(())
    });
}

#[test]
fn explanation_and_decision_are_one() {
    each(2, |world, tenant, member, plan, permission, record| {
        let trace = plan.explain(permission, &record.facts);
        if trace.allowed != plan.check(permission, &record.facts) {
            return Err(format!("{permission}: explained as {}, decided otherwise", trace.allowed));
        }
        if trace.other_tenant != (record.facts.organization != tenant.id.uuid()) {
            return Err("the trace is wrong about the tenant".into());
        }
        if trace.other_tenant && (!trace.ways.is_empty() || trace.allowed) {
            return Err("the trace of another tenant's record tells ways".into());
        }
        let me = member.id.uuid();
        for way in &trace.ways {
            let fails = match way.outcome {
                Outcome::Fails(literal) => literal.holds(&record.facts, me),
                _ => false,
            };
            if fails || way.sources.is_empty() {
                return Err(format!("{way:?} is said to fail and does not, or comes from nowhere"));
            }
        }
        let through = trace.ways.iter().any(|way| way.outcome == Outcome::Through);
        if !trace.other_tenant && trace.allowed != (through && !trace.other_client) {
            return Err(format!("{trace:?} does not explain its answer"));
        }
        let _ = world;
        Ok(())
    });
}

#[test]
fn cited_assignments_are_exactly_those_that_let_through() {
    each(2, |world, tenant, member, plan, permission, record| {
        let trace = plan.explain(permission, &record.facts);
        if !trace.allowed {
            return Ok(());
        }
        let naive: Vec<u16> = naive::ways(tenant, member, world.now, permission, &record.facts)
            .filter_map(|place| u16::try_from(place).ok())
            .collect();
        if cited(&trace) != naive {
            return Err(format!("{permission}: cites {:?}, the oracle {naive:?}", cited(&trace)));
        }
        Ok(())
    });
}

#[test]
fn cited_assignments_are_enough_and_needed() {
    each(8, |world, tenant, member, plan, permission, record| {
        let trace = plan.explain(permission, &record.facts);
        if !trace.allowed {
            return Ok(());
        }
        let cited = cited(&trace);
        let kept = keeping(tenant, member, world.now, |place| cited.contains(&place));
        if !kept.check(permission, &record.facts) {
            return Err(format!("{permission}: the cited assignments {cited:?} alone do not allow"));
        }
        for one in &cited {
            let alone = keeping(tenant, member, world.now, |place| place == *one);
            if !alone.check(permission, &record.facts) {
                return Err(format!("{permission}: assignment {one} is cited and alone does not allow"));
            }
        }
        let rest = keeping(tenant, member, world.now, |place| !cited.contains(&place));
        if rest.check(permission, &record.facts) {
            return Err(format!("{permission}: allowed without the cited assignments {cited:?}"));
        }
        Ok(())
    });
}
