//! The built-in roles against ROLES.md, row by row. The tables below are read off that page, not off the role file.

mod guarding;
mod reconditioning;
mod rows;
mod service;

use access::{
    Action, Assignment, Authority, Event, Facts, Feature, FeatureSet, FieldClass, Permission, Plan, Reach,
    Resource, Role, Switch, SwitchSet, Target, Visibility, built_in, by_key,
};
use kernel::id::{AreaId, AssignmentId, ClientId, MembershipId, OrganizationId, SiteId, TeamId};
use kernel::{Audience, Portal, Timestamp};
use uuid::Uuid;

const ORGANIZATION: Uuid = Uuid::from_u128(1);
const ME: Uuid = Uuid::from_u128(2);
const SOMEBODY: Uuid = Uuid::from_u128(3);
const AREA: Uuid = Uuid::from_u128(11);
const TEAM: Uuid = Uuid::from_u128(21);
const OTHER_TEAM: Uuid = Uuid::from_u128(22);
const CLIENT: Uuid = Uuid::from_u128(31);
const OTHER_CLIENT: Uuid = Uuid::from_u128(32);
const SITE: Uuid = Uuid::from_u128(41);
const OTHER_SITE: Uuid = Uuid::from_u128(42);

fn p(word: &str) -> Permission {
    word.parse().unwrap_or_else(|e| panic!("{word}: {e}"))
}

/// The one target a role is usually given at.
fn usual(role: &Role) -> Vec<Target> {
    let site = Target::Site(SiteId::from_uuid(SITE));
    match role.reach {
        Reach::Organization => vec![Target::Organization],
        Reach::Area => vec![Target::Area(AreaId::from_uuid(AREA))],
        // A guest contractor is given its team and the named sites.
        Reach::Team if role.audience == Audience::Contractor => {
            vec![Target::Team(TeamId::from_uuid(TEAM)), site]
        }
        Reach::Team => vec![Target::Team(TeamId::from_uuid(TEAM))],
        Reach::Client => vec![Target::Client(ClientId::from_uuid(CLIENT))],
        Reach::Site => vec![site],
        Reach::Own => Vec::new(),
    }
}

fn holder(keys: &[&str]) -> Authority {
    let roles: Vec<_> =
        keys.iter().map(|key| by_key(key).unwrap_or_else(|| panic!("no role {key}"))).collect();
    Authority {
        organization: OrganizationId::from_uuid(ORGANIZATION),
        membership: MembershipId::from_uuid(ME),
        audience: roles[0].audience,
        active: true,
        clients: vec![ClientId::from_uuid(CLIENT)],
        subcontractor: false,
        share_all: false,
        live_clock_ins: true,
        assignments: roles
            .iter()
            .zip(0..)
            .map(|(role, place)| Assignment {
                id: AssignmentId::from_uuid(Uuid::from_u128(100 + place)),
                role: (*role).clone(),
                targets: usual(role),
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

fn plan(keys: &[&str]) -> Plan {
    holder(keys).compile(Timestamp::UNIX_EPOCH)
}

/// A released record of somebody else at the usual site.
fn there() -> Facts {
    Facts {
        organization: ORGANIZATION,
        area: Some(AREA),
        team: Some(TEAM),
        client: Some(CLIENT),
        site: Some(SITE),
        visibility: Some(Visibility::Released.number()),
        author_may_edit: Some(1),
        closed: Some(0),
        emergency: Some(0),
        author: Some(SOMEBODY),
        assignee: Some(SOMEBODY),
        requester: Some(SOMEBODY),
    }
}

fn at(visibility: Visibility) -> Facts {
    Facts { visibility: Some(visibility.number()), ..there() }
}

/// A record of nobody in particular at another site of the same client.
fn next_door() -> Facts {
    Facts { site: Some(OTHER_SITE), area: None, team: Some(OTHER_TEAM), ..there() }
}

/// A record of another client.
fn elsewhere() -> Facts {
    Facts { client: Some(OTHER_CLIENT), ..next_door() }
}

/// A record of mine, at another site of the same client.
fn mine() -> Facts {
    Facts { author: Some(ME), assignee: Some(ME), requester: Some(ME), ..next_door() }
}

fn may(plan: &Plan, words: &str, facts: &Facts) {
    for word in words.split_whitespace() {
        assert!(plan.check(p(word), facts), "{} may {word}: {facts:#?}", held(plan));
    }
}

fn may_not(plan: &Plan, words: &str, facts: &Facts) {
    for word in words.split_whitespace() {
        assert!(!plan.check(p(word), facts), "{} may not {word}: {facts:#?}", held(plan));
    }
}

fn never(plan: &Plan, words: &str) {
    for word in words.split_whitespace() {
        assert!(!plan.may_ever(p(word)), "{} may never {word}", held(plan));
    }
}

fn held(plan: &Plan) -> String {
    plan.live_roles().map(|h| h.role.key.clone()).collect::<Vec<_>>().join("+")
}

/// Every permission but those of these resources' or words' is never held.
fn nothing_but(plan: &Plan, words: &str) {
    let allowed: Vec<Permission> = words.split_whitespace().map(p).collect();
    let more: Vec<Permission> =
        Permission::all().filter(|p| plan.may_ever(*p) && !allowed.contains(p)).collect();
    assert_eq!(more, [], "{} holds more", held(plan));
}

// key, audience, portals, reach, exclusive, feature, most targets, administrator, mailed by default

/// A record of a resource with the keys that such records really have, everything else in its favour.
fn natural(resource: Resource) -> Facts {
    let all =
        Facts { author: Some(ME), assignee: Some(ME), requester: Some(ME), emergency: Some(1), ..there() };
    let bare = Facts { area: None, team: None, client: None, site: None, ..all };
    match resource {
        Resource::Organization
        | Resource::Feature
        | Resource::Role
        | Resource::Audit
        | Resource::ApiToken
        | Resource::Webhook
        | Resource::Licence => bare,
        Resource::Client => Facts { client: Some(CLIENT), ..bare },
        Resource::Area => Facts { area: Some(AREA), ..bare },
        Resource::Team => Facts { team: Some(TEAM), ..bare },
        Resource::Site | Resource::Equipment => Facts { team: None, ..all },
        Resource::Worker | Resource::Contractor => Facts { team: Some(TEAM), client: Some(CLIENT), ..bare },
        _ => all,
    }
}

/// What no role can give an outsider, however it is written.
#[test]
fn a_custom_role_of_everything_stays_under_the_ceiling() {
    let everything = by_key("customer_admin").unwrap();
    for audience in [Audience::Client, Audience::Contractor] {
        let mut person = holder(&["customer_admin"]);
        person.audience = audience;
        let role = Role { audience, reach: Reach::Organization, ..(**everything).clone() };
        person.assignments[0].role = role.into();
        person.share_all = true;
        let plan = person.compile(Timestamp::UNIX_EPOCH);
        assert!(!plan.opens(Portal::Office));
        never(
            &plan,
            "incident.notes incident.people incident.location incident.edit incident.publish \
            report.notes report.people shift.people timesheet.people time_entry.view position.view audit.view \
            role.view feature.view live_board.people live_board.location sos.people sos.location sos.acknowledge \
            tour.people tour.view worker.notes work_order.notes api_token.create webhook.create account.impersonate \
            account.explain incident.explain audit.explain",
        );
        for resource in Resource::ALL {
            for class in [
                FieldClass::Notes,
                FieldClass::People,
                FieldClass::Location,
                FieldClass::Operational,
                FieldClass::Secret,
            ] {
                assert!(!plan.shows(*resource, class, &there()), "{class} of {resource:?}");
            }
        }
        for permission in Permission::all() {
            let own = [Resource::Organization, Resource::Licence, Resource::Notification];
            if !own.contains(&permission.resource()) {
                may_not(&plan, &permission.to_string(), &elsewhere());
                may_not(&plan, &permission.to_string(), &Facts { client: None, ..there() });
            }
        }
        may_not(&plan, "incident.view report.view inspection.view invoice.view", &at(Visibility::Held));
    }
}
