//! How fast the core is: `cargo run --release -p access-oracle --example speed`. Figures for people, not a test.
#![expect(clippy::print_stdout, reason = "the figures are the purpose")]

use std::hint::black_box;
use std::time::Instant;

use access::{
    Action, Assignment, Authority, Facts, FeatureSet, Resource, SwitchSet, Target, Visibility, by_key,
    permission,
};
use kernel::id::{AssignmentId, ClientId, MembershipId, OrganizationId, SiteId};
use kernel::{Audience, Timestamp};
use uuid::Uuid;

fn person(audience: Audience, roles: &[(&str, Vec<Target>)]) -> Authority {
    Authority {
        organization: OrganizationId::from_uuid(Uuid::from_u128(1)),
        membership: MembershipId::from_uuid(Uuid::from_u128(2)),
        audience,
        active: true,
        clients: vec![ClientId::from_uuid(Uuid::from_u128(31))],
        subcontractor: false,
        share_all: false,
        live_clock_ins: true,
        assignments: roles
            .iter()
            .filter_map(|(key, targets)| Some((by_key(key)?.clone(), targets)))
            .map(|(role, targets)| Assignment {
                id: AssignmentId::from_uuid(Uuid::from_u128(5)),
                role,
                targets: targets.clone(),
                from: None,
                until: None,
                granted_by: None,
                granted_at: Timestamp::UNIX_EPOCH,
            })
            .collect(),
        switches: SwitchSet::all(),
        features: FeatureSet::all(),
        epoch: 1,
    }
}

fn sites(count: u128) -> Vec<Target> {
    (0..count).map(|n| Target::Site(SiteId::from_uuid(Uuid::from_u128(1000 + n)))).collect()
}

/// The best and the middle of many batches, in nanoseconds a call.
fn measure<T>(name: &str, calls: u32, mut work: impl FnMut() -> T) {
    let mut batches: Vec<f64> = (0..50)
        .map(|_| {
            let begun = Instant::now();
            for _ in 0..calls {
                black_box(work());
            }
            begun.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
        })
        .collect();
    batches.sort_by(f64::total_cmp);
    println!("{name:<58} {:>10.0} ns  (best {:.0})", batches[25], batches[0]);
}

fn main() {
    let people = [
        ("client of 5 sites", person(Audience::Client, &[("client_account", sites(5))])),
        ("client of 200 sites", person(Audience::Client, &[("client_account", sites(200))])),
        ("officer at 3 sites, with office access", {
            person(Audience::Staff, &[("officer", sites(3)), ("officer_office", Vec::new())])
        }),
        ("supervisor at 10 sites and officer at 3", {
            person(Audience::Staff, &[("supervisor", sites(10)), ("officer", sites(3))])
        }),
        ("customer admin", person(Audience::Staff, &[("customer_admin", vec![Target::Organization])])),
    ];
    let facts = Facts {
        organization: Uuid::from_u128(1),
        client: Some(Uuid::from_u128(31)),
        site: Some(Uuid::from_u128(1002)),
        visibility: Some(Visibility::Released.number()),
        author: Some(Uuid::from_u128(9)),
        ..Facts::default()
    };
    let elsewhere = Facts { site: Some(Uuid::from_u128(7)), ..facts };
    let view = permission(Resource::Incident, Action::View);
    for (name, authority) in &people {
        let plan = authority.compile(Timestamp::UNIX_EPOCH);
        println!("{name}");
        measure("  compile the plan", 200, || authority.compile(Timestamp::UNIX_EPOCH));
        measure("  check, allowed or not", 20_000, || plan.check(view, black_box(&facts)));
        measure("  check, out of reach", 20_000, || plan.check(view, black_box(&elsewhere)));
        measure("  explain", 2_000, || plan.explain(view, black_box(&facts)));
        measure("  key of what is visible", 2_000, || plan.visibility_key(Resource::Incident));
    }
}
