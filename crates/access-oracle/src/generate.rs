//! Random worlds. Rare things are made common: absent columns, foreign targets, instants exactly at a boundary,
//! records whose stamped client is no longer the site's.

use std::sync::Arc;

use access::{
    Assignment, Condition, Event, Facts, Feature, Grant, Permission, Reach, Role, Switch, Target, Visibility,
    built_in,
};
use kernel::id::{AreaId, AssignmentId, ClientId, MembershipId, OrganizationId, SiteId, TeamId};
use kernel::{Audience, Portal, Timestamp};
use uuid::Uuid;

use crate::dice::{Dice, mix};
use crate::world::{Member, Place, Record, Tenant, World};

/// Microseconds since 1970 of every world's "now".
const NOW: i64 = 1_790_000_000_000_000;
const HOUR: i64 = 3_600_000_000;

/// The world of a seed.
#[must_use]
pub fn generate(seed: u64) -> World {
    let mut dice = Dice::new(mix(seed));
    let now = instant(NOW);
    let mut tenants: Vec<Tenant> = (0..2).map(|place| bare_tenant(&mut dice, place)).collect();
    for place in 0..2 {
        let other = tenants[1 - place].clone();
        people(&mut dice, &mut tenants[place], &other);
    }
    for tenant in &mut tenants {
        let count = dice.between(6, 12);
        for _ in 0..count {
            let facts = random_facts(&mut dice, tenant);
            let at = NOW - HOUR * dice.below(6) as i64;
            tenant.records.push(Record { id: id(&mut dice), facts, at });
        }
    }
    World { seed, now, tenants }
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_else(|e| panic!("{micros} is no instant: {e}"))
}

fn id(dice: &mut Dice) -> Uuid {
    Uuid::from_u64_pair(dice.number(), dice.number())
}

fn ids<T>(dice: &mut Dice, least: usize, most: usize, make: impl Fn(Uuid) -> T) -> Vec<T> {
    (0..dice.between(least, most)).map(|_| make(id(dice))).collect()
}

fn bare_tenant(dice: &mut Dice, place: usize) -> Tenant {
    let areas = ids(dice, 0, 3, AreaId::from_uuid);
    let teams = ids(dice, 1, 3, TeamId::from_uuid);
    let clients = ids(dice, 1, 3, ClientId::from_uuid);
    let sites = (0..dice.between(2, 5))
        .map(|_| Place {
            id: SiteId::from_uuid(id(dice)),
            client: *dice.pick(&clients),
            area: dice.maybe(30, &areas),
        })
        .collect();
    // Most tenants have most things on, or nothing would ever be allowed; some have nothing.
    let on = *dice.pick(&[95, 80, 80, 50, 10]);
    Tenant {
        id: OrganizationId::from_uuid(Uuid::from_u64_pair(place as u64 + 1, dice.number())),
        features: dice.some(on, Feature::ALL),
        switches: dice.some(on, Switch::ALL),
        areas,
        teams,
        clients,
        sites,
        members: Vec::new(),
        records: Vec::new(),
    }
}

fn people(dice: &mut Dice, tenant: &mut Tenant, other: &Tenant) {
    let custom: Vec<Arc<Role>> = (0..dice.between(2, 5))
        .map(|place| Arc::new(custom_role(dice, &format!("custom_{place}"))))
        .collect();
    for _ in 0..dice.between(3, 5) {
        let audience = *dice.pick(&[
            Audience::Staff,
            Audience::Staff,
            Audience::Client,
            Audience::Client,
            Audience::Contractor,
        ]);
        let mut clients = if audience == Audience::Staff && dice.chance(80) {
            Vec::new()
        } else {
            dice.some(60, &tenant.clients)
        };
        if dice.chance(5) {
            clients.push(*dice.pick(&other.clients));
        }
        let assignments = (0..*dice.pick(&[0, 1, 1, 1, 2, 2, 3]))
            .map(|_| {
                let fitting: Vec<&Arc<Role>> = built_in()
                    .iter()
                    .chain(custom.iter().cycle().take(20))
                    .filter(|role| role.audience == audience)
                    .collect();
                let role = match fitting.is_empty() || dice.chance(4) {
                    true => dice.pick(built_in()).clone(),
                    false => (*dice.pick(&fitting)).clone(),
                };
                random_assignment(dice, role, tenant, other)
            })
            .collect();
        tenant.members.push(Member {
            id: MembershipId::from_uuid(id(dice)),
            audience,
            active: !dice.chance(5),
            clients,
            subcontractor: dice.chance(40),
            share_all: dice.chance(40),
            live_clock_ins: dice.chance(60),
            assignments,
        });
    }
}

/// A random assignment of a role; some of its targets may be of the other tenant, or too wide, or none.
pub fn random_assignment(dice: &mut Dice, role: Arc<Role>, tenant: &Tenant, other: &Tenant) -> Assignment {
    let count = if dice.chance(7) { 0 } else { dice.between(1, 3) };
    let targets = (0..count)
        .map(|_| {
            let from = if dice.chance(6) { other } else { tenant };
            let reach = if dice.chance(65) { role.reach } else { *dice.pick(Reach::ALL) };
            target(dice, reach, from)
        })
        .collect();
    let around = |dice: &mut Dice| match dice.chance(70) {
        true => None,
        false => Some(instant(NOW + *dice.pick(&[-9 * HOUR, -HOUR, -1, 0, 1, HOUR, 9 * HOUR]))),
    };
    let from = around(dice).filter(|from| from.as_microsecond() <= NOW || dice.chance(50));
    let until = around(dice).filter(|until| until.as_microsecond() > NOW || dice.chance(50));
    Assignment {
        id: AssignmentId::from_uuid(id(dice)),
        role,
        targets,
        from,
        until,
        granted_by: None,
        granted_at: instant(NOW - 100 * HOUR),
    }
}

fn target(dice: &mut Dice, reach: Reach, tenant: &Tenant) -> Target {
    match reach {
        Reach::Organization => Target::Organization,
        Reach::Area if !tenant.areas.is_empty() => Target::Area(*dice.pick(&tenant.areas)),
        Reach::Team => Target::Team(*dice.pick(&tenant.teams)),
        Reach::Client => Target::Client(*dice.pick(&tenant.clients)),
        Reach::Area | Reach::Site | Reach::Own => Target::Site(dice.pick(&tenant.sites).id),
    }
}

/// A role as a customer might build it.
pub fn custom_role(dice: &mut Dice, key: &str) -> Role {
    let audience = *dice.pick(&[
        Audience::Staff,
        Audience::Staff,
        Audience::Client,
        Audience::Client,
        Audience::Contractor,
    ]);
    let reach = *dice.pick(Reach::ALL);
    let all: Vec<Permission> = Permission::all().collect();
    let mut grants = Vec::new();
    for _ in 0..dice.between(2, 8) {
        let first = *dice.pick(&all);
        let reach = if dice.chance(60) { reach } else { *dice.pick(Reach::ALL) };
        let conditions: Vec<Condition> = match dice.below(10) {
            0..=4 => Vec::new(),
            5..=7 => vec![*dice.pick(Condition::ALL)],
            _ => vec![*dice.pick(Condition::ALL), *dice.pick(Condition::ALL)],
        };
        // Whole resources now and then, so that facets meet their views.
        let permissions: Vec<Permission> = match dice.chance(30) {
            true => Permission::of(first.resource()).collect(),
            false => vec![first],
        };
        for permission in permissions {
            grants.push(Grant { permission, reach, conditions: conditions.clone() });
        }
    }
    Role {
        key: key.to_owned(),
        name: key.to_owned(),
        about: String::new(),
        audience,
        portals: dice.some(40, Portal::ALL),
        reach,
        exclusive: dice.chance(6),
        administrator: dice.chance(5),
        most_targets: if dice.chance(15) { Some(dice.between(1, 2) as u16) } else { None },
        feature: if dice.chance(10) { Some(*dice.pick(Feature::ALL)) } else { None },
        packs: if dice.chance(20) { dice.some(25, Feature::ALL) } else { Vec::new() },
        grants,
        gives: if dice.chance(10) { vec![dice.pick(built_in()).key.clone()] } else { Vec::new() },
        subscriptions: dice.some(20, Event::ALL),
    }
}

/// The facts of a random record of a tenant; any of them may be absent.
pub fn random_facts(dice: &mut Dice, tenant: &Tenant) -> Facts {
    let place = if dice.chance(85) { Some(dice.pick(&tenant.sites).clone()) } else { None };
    let any_client = |dice: &mut Dice| dice.maybe(10, &tenant.clients).map(ClientId::uuid);
    let client = match &place {
        Some(place) if dice.chance(75) => Some(place.client.uuid()),
        _ => any_client(dice),
    };
    let area = match &place {
        Some(place) if dice.chance(85) => place.area.map(AreaId::uuid),
        _ => dice.maybe(50, &tenant.areas).map(AreaId::uuid),
    };
    let members: Vec<Uuid> = tenant.members.iter().map(|m| m.id.uuid()).collect();
    let flag = |dice: &mut Dice| dice.maybe(15, &[0, 1]);
    Facts {
        organization: tenant.id.uuid(),
        area,
        team: dice.maybe(25, &tenant.teams).map(TeamId::uuid),
        client,
        site: place.map(|p| p.id.uuid()),
        visibility: if dice.chance(8) { None } else { Some(dice.pick(Visibility::ALL).number()) },
        author_may_edit: flag(dice),
        closed: flag(dice),
        emergency: flag(dice),
        author: dice.maybe(20, &members),
        assignee: dice.maybe(35, &members),
        requester: dice.maybe(35, &members),
    }
}
