//! Giving, case by case: what ROLES.md says of who may give what to whom.

use super::*;

struct Case {
    tenant: Tenant,
    now: Timestamp,
}

fn uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

fn case() -> Case {
    let clients = vec![ClientId::from_uuid(uuid(31)), ClientId::from_uuid(uuid(32))];
    let areas = vec![AreaId::from_uuid(uuid(11))];
    let place = |n: u128, client: usize, area: Option<AreaId>| access_oracle::Place {
        id: SiteId::from_uuid(uuid(n)),
        client: clients[client],
        area,
    };
    Case {
        tenant: Tenant {
            id: OrganizationId::from_uuid(uuid(1)),
            features: access::Feature::ALL.to_vec(),
            switches: Vec::new(),
            sites: vec![place(41, 0, Some(areas[0])), place(42, 0, None), place(43, 1, Some(areas[0]))],
            areas,
            teams: vec![TeamId::from_uuid(uuid(21)), TeamId::from_uuid(uuid(22))],
            clients,
            members: Vec::new(),
            records: Vec::new(),
        },
        now: "2026-03-01T12:00:00Z".parse().unwrap(),
    }
}

const EVERYTHING: Target = Target::Organization;

fn site(n: u128) -> Target {
    Target::Site(SiteId::from_uuid(uuid(n)))
}

impl Case {
    fn person(&self, n: u128, roles: &[(&str, &[Target])]) -> Authority {
        let audience = roles.first().map_or(Audience::Staff, |(key, _)| by_key(key).unwrap().audience);
        let member = Member {
            id: MembershipId::from_uuid(uuid(n)),
            audience,
            active: true,
            clients: if audience == Audience::Staff { Vec::new() } else { vec![self.tenant.clients[0]] },
            subcontractor: false,
            share_all: false,
            live_clock_ins: true,
            assignments: (0..)
                .zip(roles)
                .map(|(place, (key, targets))| Assignment {
                    id: AssignmentId::from_uuid(uuid(n * 100 + place)),
                    role: by_key(key).unwrap_or_else(|| panic!("no role {key}")).clone(),
                    targets: targets.to_vec(),
                    from: None,
                    until: None,
                    granted_by: None,
                    granted_at: self.now,
                })
                .collect(),
        };
        self.tenant.authority(&member)
    }

    fn asks(&self, giver: &Authority, before: Option<&Authority>, after: &Authority) -> Result<(), Refusal> {
        may_assign(giver, before, after, self.now, &self.tenant.hierarchy())
    }
}

fn beyond(answer: &Result<(), Refusal>) -> bool {
    matches!(answer, Err(Refusal::Beyond(_)))
}

#[test]
fn a_role_that_begins_tomorrow_is_given_today() {
    let case = case();
    let supervisor = case.person(50, &[("supervisor", &[site(41)])]);
    let mut owner = case.person(51, &[("owner", &[EVERYTHING])]);
    assert!(beyond(&case.asks(&supervisor, None, &owner)));
    owner.assignments[0].from = Some(case.now + one_day());
    assert!(beyond(&case.asks(&supervisor, None, &owner)), "a later date hides what is given");
    owner.assignments[0].from = None;
    owner.active = false;
    assert!(beyond(&case.asks(&supervisor, None, &owner)), "a deactivated membership hides what is given");
}

fn one_day() -> std::time::Duration {
    std::time::Duration::from_secs(86_400)
}

#[test]
fn a_switch_that_is_off_does_not_hide_what_is_given() {
    let case = case();
    // Nobody holds incidents live: the switch is off. The manager of a site still may not give them.
    let manager = case.person(50, &[("site_manager", &[site(41)])]);
    let reader = case.person(51, &[("client_account", &[site(41)])]);
    assert!(beyond(&case.asks(&manager, None, &reader)));
}

#[test]
fn prolonging_and_taking_away_need_what_giving_needs() {
    let case = case();
    let area = Target::Area(case.tenant.areas[0]);
    let lesser = case.person(50, &[("area_administrator", &[area])]);
    let mut before = case.person(51, &[("owner", &[EVERYTHING])]);
    before.assignments[0].until = Some(case.now + one_day());
    let mut prolonged = before.clone();
    prolonged.assignments[0].until = None;
    assert!(beyond(&case.asks(&lesser, Some(&before), &prolonged)), "prolonged");
    let none = Authority { assignments: Vec::new(), ..before.clone() };
    assert!(beyond(&case.asks(&lesser, Some(&before), &none)), "demoted");
    let off = Authority { active: false, ..before.clone() };
    assert!(beyond(&case.asks(&lesser, Some(&before), &off)), "deactivated");
    assert_eq!(case.asks(&lesser, Some(&before), &before.clone()), Ok(()), "nothing changed");
    let owner = case.person(52, &[("owner", &[EVERYTHING])]);
    assert_eq!(case.asks(&owner, Some(&before), &prolonged), Ok(()));
    assert_eq!(case.asks(&owner, Some(&before), &none), Ok(()));
}

#[test]
fn nobody_changes_their_own() {
    let case = case();
    let owner = case.person(50, &[("owner", &[EVERYTHING])]);
    let more = case.person(50, &[("owner", &[EVERYTHING]), ("officer", &[site(41)])]);
    assert_eq!(case.asks(&owner, Some(&owner), &more), Err(Refusal::OneselfOnly));
}

#[test]
fn another_clients_people_are_out_of_reach() {
    let case = case();
    let administrator =
        case.person(50, &[("client_administrator", &[Target::Client(case.tenant.clients[0])])]);
    let manager = case.person(51, &[("site_manager", &[site(41)])]);
    assert_eq!(case.asks(&administrator, None, &manager), Ok(()));
    let elsewhere = Authority { clients: vec![case.tenant.clients[1]], ..manager.clone() };
    assert!(beyond(&case.asks(&administrator, None, &elsewhere)));
    let other_site = case.person(52, &[("site_manager", &[site(43)])]);
    assert!(beyond(&case.asks(&administrator, None, &other_site)));
}

/// A client's earlier records stay with the earlier client: who holds a client may not give a site to somebody who
/// is not kept to that client.
#[test]
fn a_site_is_more_than_its_client_of_today() {
    let case = case();
    let view = permission(Resource::Incident, Action::View);
    let role = |reach| Role {
        key: "reader".into(),
        name: "Reader".into(),
        about: String::new(),
        audience: Audience::Staff,
        portals: Vec::new(),
        reach,
        exclusive: false,
        administrator: false,
        most_targets: None,
        feature: None,
        packs: Vec::new(),
        grants: vec![Grant { permission: view, reach, conditions: Vec::new() }],
        gives: Vec::new(),
        subscriptions: Vec::new(),
    };
    let with = |n: u128, reach, target| {
        let mut person = case.person(n, &[("owner", &[target])]);
        person.assignments[0].role = Arc::new(role(reach));
        person
    };
    let of_client = with(50, Reach::Client, Target::Client(case.tenant.clients[0]));
    assert!(beyond(&case.asks(&of_client, None, &with(51, Reach::Site, site(41)))));
    assert_eq!(
        case.asks(
            &with(52, Reach::Area, Target::Area(case.tenant.areas[0])),
            None,
            &with(51, Reach::Site, site(41))
        ),
        Ok(())
    );
    assert!(beyond(&case.asks(
        &with(52, Reach::Area, Target::Area(case.tenant.areas[0])),
        None,
        &with(51, Reach::Site, site(42))
    )));
}

/// Under fewer conditions is more, also where the giver's reach takes in the receiver's by way of the hierarchy.
#[test]
fn what_is_held_under_a_condition_is_given_under_it() {
    let case = case();
    let holding = |n, reach, target, conditions: &[Condition]| {
        // One's own things are held nowhere in particular.
        let targets: &[Target] = if reach == Reach::Own { &[] } else { &[target] };
        let mut person = case.person(n, &[("supervisor", targets)]);
        let permission = permission(Resource::Incident, Action::View);
        person.assignments[0].role = Arc::new(Role {
            key: "reader".into(),
            reach,
            grants: vec![Grant { permission, reach, conditions: conditions.to_vec() }],
            gives: Vec::new(),
            ..(*person.assignments[0].role).clone()
        });
        person
    };
    let area = Target::Area(case.tenant.areas[0]);
    let giver = holding(50, Reach::Area, area, &[Condition::Released]);
    let given = |reach, conditions| holding(51, reach, site(41), conditions);
    assert_eq!(case.asks(&giver, None, &given(Reach::Site, &[Condition::Released])), Ok(()));
    assert!(beyond(&case.asks(&giver, None, &given(Reach::Site, &[]))));
    assert!(beyond(&case.asks(&giver, None, &given(Reach::Site, &[Condition::Submitted]))));
    assert!(beyond(&case.asks(&giver, None, &given(Reach::Own, &[]))));
}

/// ROLES.md, Service: who creates whom.
#[test]
fn the_service_packs_people_create_each_other_as_their_rows_say() {
    let case = case();
    let client = Target::Client(case.tenant.clients[0]);
    // The first team is the guest contractor of the first client (`Tenant::hierarchy`).
    let (own_guest, other_guest) = (Target::Team(case.tenant.teams[0]), Target::Team(case.tenant.teams[1]));
    let master = case.person(50, &[("master_administrator", &[client])]);
    let administrator = case.person(51, &[("client_administrator", &[client])]);
    let manager = case.person(52, &[("site_manager", &[site(41)])]);
    let trusted = case.person(53, &[("site_manager", &[site(41)]), ("guest_manager", &[site(41)])]);
    let basic = case.person(54, &[("basic_user", &[site(41)])]);
    let guest = case.person(55, &[("guest_contractor", &[own_guest, site(41)])]);
    let technician = case.person(56, &[("guest_technician", &[site(41)])]);
    let new = |key: &str, targets: &[Target]| case.person(99, &[(key, targets)]);
    let may =
        |giver: &Authority, key: &str, targets: &[Target]| case.asks(giver, None, &new(key, targets)).is_ok();
    for admin in [&master, &administrator] {
        assert!(may(admin, "client_administrator", &[client]));
        assert!(may(admin, "site_manager", &[site(41), site(42)]));
        assert!(may(admin, "basic_user", &[site(42)]));
        assert!(may(admin, "guest_contractor", &[own_guest, site(41)]));
        assert!(may(admin, "guest_technician", &[site(41)]));
        assert!(!may(admin, "site_manager", &[site(43)]), "a site of another client");
        assert!(!may(admin, "guest_contractor", &[other_guest, site(41)]), "another client's guest");
        assert!(!may(admin, "basic_user", &[EVERYTHING]));
        assert!(!may(admin, "supervisor", &[site(41)]), "staff");
    }
    assert!(!may(&administrator, "master_administrator", &[Target::Client(case.tenant.clients[1])]));
    assert!(may(&manager, "basic_user", &[site(41)]));
    assert!(!may(&manager, "basic_user", &[site(42)]), "not a site of theirs");
    assert!(!may(&manager, "client_administrator", &[client]));
    assert!(!may(&manager, "site_manager", &[site(42)]));
    assert!(!may(&manager, "guest_contractor", &[own_guest, site(41)]), "needs the extra permission");
    assert!(!may(&manager, "guest_technician", &[site(41)]), "needs the extra permission");
    assert!(may(&trusted, "guest_contractor", &[own_guest, site(41)]));
    assert!(may(&trusted, "guest_technician", &[site(41)]));
    // What they hold they could pass on as far as this guard goes; they hold no right to create anybody.
    let plan = basic.compile(case.now);
    for action in [Action::View, Action::Create, Action::Invite] {
        assert!(!plan.may_ever(permission(Resource::Account, action)));
    }
    assert!(!plan.may_ever(permission(Resource::Assignment, Action::Create)));
    assert!(may(&guest, "guest_technician", &[site(41)]));
    assert!(!may(&guest, "guest_contractor", &[other_guest]));
    assert!(!may(&technician, "guest_contractor", &[own_guest]));
}

#[test]
fn the_call_center_adds_officers_and_manages_nobody_above_them() {
    let case = case();
    let center = case.person(50, &[("call_center", &[EVERYTHING])]);
    let officer = case.person(51, &[("officer", &[site(41)])]);
    let supervisor = case.person(52, &[("supervisor", &[site(41)])]);
    let owner = case.person(53, &[("owner", &[EVERYTHING])]);
    let hierarchy = case.tenant.hierarchy();
    assert_eq!(case.asks(&center, None, &officer), Ok(()));
    assert!(beyond(&case.asks(&center, None, &supervisor)));
    assert_eq!(may_manage(&center, &officer, case.now, &hierarchy), Ok(()));
    assert!(beyond(&may_manage(&center, &supervisor, case.now, &hierarchy)));
    assert!(beyond(&may_manage(&center, &owner, case.now, &hierarchy)), "a reset of the owner's password");
    assert!(beyond(&may_manage(&case.person(54, &[("admin", &[EVERYTHING])]), &owner, case.now, &hierarchy)));
    assert_eq!(may_manage(&owner, &center, case.now, &hierarchy), Ok(()));
    assert_eq!(may_manage(&owner, &owner, case.now, &hierarchy), Err(Refusal::OneselfOnly));
}

#[test]
fn the_last_administrator_stays() {
    let case = case();
    let owner = case.person(50, &[("owner", &[EVERYTHING])]);
    let other = case.person(51, &[("customer_admin", &[EVERYTHING])]);
    let officer = case.person(52, &[("officer", &[site(41)])]);
    assert!(still_administered([&owner, &officer], case.now));
    assert!(!still_administered([&officer], case.now));
    assert!(!still_administered(std::iter::empty(), case.now));
    let off = Authority { active: false, ..owner.clone() };
    assert!(!still_administered([&off, &officer], case.now), "deactivated");
    let mut ending = other.clone();
    ending.assignments[0].until = Some(case.now + one_day());
    assert!(!still_administered([&ending], case.now), "until tomorrow is not for good");
    let mut narrow = other.clone();
    narrow.assignments[0].targets = vec![site(41)];
    assert!(!still_administered([&narrow], case.now), "of one site");
    assert!(still_administered([&off, &other], case.now));
}

#[test]
fn roles_that_do_not_fit_are_refused_with_what_to_do() {
    let case = case();
    let fits = |roles: &[(&str, &[Target])]| roles_fit(&case.person(50, roles));
    let team = Target::Team(case.tenant.teams[0]);
    assert_eq!(fits(&[("technician", &[team])]), Ok(()));
    assert!(fits(&[("technician", &[team]), ("officer", &[site(41)])]).unwrap_err().contains("held alone"));
    assert!(fits(&[("site_user", &[site(41), site(42)])]).unwrap_err().contains("no more than 1"));
    assert!(
        fits(&[("site_user", &[site(41)]), ("site_user", &[site(42)])])
            .unwrap_err()
            .contains("no more than 1")
    );
    assert!(fits(&[("site_user", &[EVERYTHING])]).unwrap_err().contains("not at"));
    assert!(fits(&[("officer", &[])]).unwrap_err().contains("means nothing"));
    assert!(fits(&[("officer", &[site(41)]), ("client", &[site(41)])]).unwrap_err().contains("side"));
    let mut moved = case.person(50, &[("site_user", &[site(41)]), ("site_user", &[site(42)])]);
    moved.assignments[0].until = Some(case.now);
    moved.assignments[1].from = Some(case.now);
    assert_eq!(roles_fit(&moved), Ok(()), "from one site to the next");
    let mut later = case.person(50, &[("officer", &[site(41)]), ("technician", &[team])]);
    later.assignments[0].until = Some(case.now);
    later.assignments[1].from = Some(case.now);
    assert_eq!(roles_fit(&later), Ok(()), "one after the other is alone");
    let mut off = case.person(50, &[("technician", &[team])]);
    off.features = FeatureSet::default();
    assert!(roles_fit(&off).unwrap_err().contains("feature"));
}

#[test]
fn own_is_told_apart_when_a_role_is_written() {
    let case = case();
    let mut person = case.person(50, &[("officer", &[site(41)])]);
    let one = |conditions: &[Condition], reach| Role {
        grants: vec![Grant {
            permission: permission(Resource::Incident, Action::View),
            reach,
            conditions: conditions.to_vec(),
        }],
        ..(*person.assignments[0].role).clone()
    };
    let (author, assignee, any) = (
        one(&[Condition::Author], Reach::Own),
        one(&[Condition::Assignee], Reach::Own),
        one(&[], Reach::Own),
    );
    person.assignments[0].role = Arc::new(author.clone());
    let plan = person.compile(case.now);
    let roles = access::Catalogue::built_in();
    assert_eq!(may_write_role(&plan, &author, &roles), Ok(()));
    assert!(may_write_role(&plan, &assignee, &roles).is_err(), "what I was given to do is not what I made");
    assert!(may_write_role(&plan, &any, &roles).is_err());
    assert!(may_write_role(&plan, &Role { gives: vec!["owner".into()], ..author.clone() }, &roles).is_err());
    assert!(may_give(&plan, None, &plan, &Hierarchy::default()).is_ok());
}
