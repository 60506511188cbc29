//! The built-in roles against ROLES.md, row by row. The tables below are read off that page, not off the role file.

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
type Row = (
    &'static str,
    Audience,
    &'static [Portal],
    Reach,
    bool,
    Option<Feature>,
    Option<u16>,
    bool,
    &'static [Event],
);

#[test]
fn every_role_has_the_audience_portals_reach_and_mail_of_its_row() {
    use Audience::{Client, Contractor, Staff};
    use Event as E;
    use Portal::{Client as InClient, Field, Office};
    use Reach as R;
    let tech = Some(Feature::TechnicianUsers);
    let rows: &[Row] = &[
        (
            "customer_admin",
            Staff,
            &[Office, Field],
            R::Organization,
            false,
            None,
            None,
            true,
            &[E::Sos, E::Custom],
        ),
        (
            "supervisor",
            Staff,
            &[Office, Field],
            R::Site,
            false,
            None,
            None,
            false,
            &[
                E::DailyActivity,
                E::Incident,
                E::TourTracking,
                E::TourException,
                E::Sos,
                E::Geofence,
                E::Maintenance,
            ],
        ),
        ("officer", Staff, &[Field], R::Site, false, None, None, false, &[E::OpenShift, E::ShiftReminder]),
        ("client_user", Client, &[InClient], R::Client, false, None, None, false, &[]),
        (
            "site_user",
            Client,
            &[InClient],
            R::Site,
            false,
            None,
            Some(1),
            false,
            &[E::DailyActivity, E::Incident, E::Maintenance, E::Custom],
        ),
        ("call_center", Staff, &[Office], R::Organization, false, None, None, false, &[]),
        ("guard", Staff, &[Field], R::Site, false, None, None, false, &[]),
        ("client", Client, &[InClient], R::Site, false, None, None, false, &[]),
        ("master_administrator", Client, &[InClient], R::Client, false, None, None, false, &[]),
        ("client_administrator", Client, &[InClient], R::Client, false, None, None, false, &[]),
        ("site_manager", Client, &[InClient], R::Site, false, None, None, false, &[]),
        ("basic_user", Client, &[InClient], R::Site, false, None, Some(1), false, &[]),
        ("guest_contractor", Contractor, &[InClient, Field], R::Team, false, None, None, false, &[]),
        ("guest_technician", Contractor, &[Field], R::Site, false, None, None, false, &[]),
        (
            "administrator",
            Staff,
            &[Office, Field],
            R::Organization,
            false,
            None,
            None,
            true,
            &[E::Sos, E::Custom],
        ),
        ("accountant", Staff, &[Office], R::Organization, false, None, None, false, &[]),
        ("work_manager", Staff, &[Office], R::Organization, false, None, None, false, &[]),
        ("work_manager_read_only", Staff, &[Office], R::Organization, false, None, None, false, &[]),
        ("technician", Staff, &[Office, Field], R::Team, true, tech, None, false, &[]),
        ("team_work_manager", Staff, &[Office], R::Team, true, None, None, false, &[]),
        ("area_work_manager", Staff, &[Office], R::Area, true, None, None, false, &[]),
        ("team_administrator", Staff, &[Office], R::Team, true, None, None, false, &[]),
        ("area_administrator", Staff, &[Office], R::Area, true, None, None, false, &[]),
        ("recon_client", Client, &[InClient], R::Client, false, None, None, false, &[]),
        ("client_accountant", Client, &[InClient], R::Client, false, None, None, false, &[]),
        ("client_monitor_manager", Client, &[InClient], R::Client, false, None, None, false, &[]),
        ("client_inspector", Client, &[InClient], R::Client, false, None, None, false, &[]),
        ("sales_person", Client, &[InClient], R::Own, false, None, None, false, &[]),
        ("sales_person_monitor_manager", Client, &[InClient], R::Own, false, None, None, false, &[]),
        ("employee", Staff, &[Field], R::Team, false, None, None, false, &[]),
        ("inspector", Staff, &[Field], R::Team, false, None, None, false, &[]),
        ("manager", Staff, &[Field], R::Organization, false, None, None, false, &[]),
    ];
    for (key, audience, portals, reach, exclusive, feature, most, administrator, mail) in rows {
        let role = by_key(key).unwrap_or_else(|| panic!("no role {key}"));
        assert_eq!(role.audience, *audience, "{key}");
        assert_eq!(role.portals, *portals, "{key}");
        assert_eq!(role.reach, *reach, "{key}");
        assert_eq!((role.exclusive, role.feature, role.most_targets), (*exclusive, *feature, *most), "{key}");
        assert_eq!(role.administrator, *administrator, "{key}");
        assert_eq!(role.subscriptions, *mail, "{key}");
    }
    let (owner, admin) = (by_key("owner").unwrap(), by_key("admin").unwrap());
    assert!(owner.administrator && !admin.administrator);
}

#[test]
fn three_packs_are_turned_on_by_the_organization() {
    for (pack, key) in [
        (Feature::Guarding, "supervisor"),
        (Feature::Service, "site_manager"),
        (Feature::Reconditioning, "accountant"),
    ] {
        let mut person = holder(&[key]);
        person.features = [pack].into_iter().collect();
        assert_eq!(person.compile(Timestamp::UNIX_EPOCH).live_roles().count(), 1, "{key}");
        person.features = Feature::ALL.iter().copied().filter(|f| *f != pack).collect();
        assert_eq!(person.compile(Timestamp::UNIX_EPOCH).live_roles().count(), 0, "{key}");
    }
    // Somebody must be able to turn packs on.
    let mut first = holder(&["administrator"]);
    first.features = FeatureSet::default();
    assert!(first.compile(Timestamp::UNIX_EPOCH).everywhere(p("feature.edit")));
}

/// A grant that reaches no record there is, is a promise the matrix shows and the product breaks.
#[test]
fn every_grant_of_every_role_reaches_something() {
    for role in built_in() {
        let plan = plan(&[&role.key]);
        for grant in &role.grants {
            let facts = natural(grant.permission.resource());
            assert!(plan.check(grant.permission, &facts), "{}: {grant:?} reaches nothing", role.key);
        }
    }
}

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

#[test]
fn administrators_may_everything() {
    for key in ["customer_admin", "owner", "administrator"] {
        let plan = plan(&[key]);
        assert!(Permission::all().all(|p| plan.everywhere(p)), "{key}");
    }
    // "Admin: everything operational": not the subscription, and nobody's role matrix.
    let admin = plan(&["admin"]);
    never(
        &admin,
        "feature.edit role.create role.edit role.delete role.import api_token.create webhook.create",
    );
    may(
        &admin,
        "incident.publish incident.edit report.approve site.create worker.delete account.invite",
        &elsewhere(),
    );
}

#[test]
fn supervisor() {
    let plan = plan(&["supervisor"]);
    let may_here = "report.view report.approve report.edit report.delete incident.view incident.approve incident.edit \
        incident.delete shift.view shift.edit tour.view geofence.view sos.view post_order.view post_order.edit";
    for visibility in Visibility::ALL {
        may(&plan, may_here, &at(*visibility));
    }
    may_not(&plan, may_here, &next_door());
    may_not(&plan, may_here, &Facts { site: None, ..there() });
    never(
        &plan,
        "worker.create worker.edit worker.delete site.create site.edit site.delete account.create \
        assignment.create incident.publish timesheet.approve role.view feature.view",
    );
}

#[test]
fn officer_and_guard() {
    for key in ["officer", "guard"] {
        let plan = plan(&[key]);
        // Own work, wherever it is.
        may(&plan, "incident.view report.view shift.view time_entry.clock sos.view", &mine());
        // The site: filing, scanning, tasks, the alarm, open shifts.
        may(
            &plan,
            "incident.create report.create tour.scan task.close sos.trigger shift.claim post_order.view",
            &there(),
        );
        may_not(&plan, "incident.view report.view sos.view time_entry.view timesheet.view", &there());
        // An unpublished shift of somebody else is not there yet; another site never is.
        may_not(&plan, "shift.view shift.claim", &at(Visibility::Draft));
        may_not(
            &plan,
            "incident.create tour.view sos.trigger site.view shift.view shift.claim",
            &next_door(),
        );
        never(
            &plan,
            "incident.approve incident.publish report.approve shift.create shift.edit shift.publish \
            incident.delete report.delete incident.notes incident.people worker.view client.view",
        );
    }
    // "Edit own reports only where the site allows it"; a guard "cannot change them afterwards".
    let officer = plan(&["officer"]);
    may(&officer, "incident.edit report.edit", &mine());
    may_not(&officer, "incident.edit report.edit", &Facts { author_may_edit: Some(0), ..mine() });
    may_not(&officer, "incident.edit report.edit", &Facts { author_may_edit: None, ..mine() });
    may_not(&officer, "incident.edit report.edit", &Facts { author: Some(SOMEBODY), ..mine() });
    never(&plan(&["guard"]), "incident.edit report.edit");
    // Office access is given per person, for the own history.
    assert!(!officer.opens(Portal::Office));
    let office = plan(&["officer", "officer_office"]);
    assert!(office.opens(Portal::Office) && office.opens(Portal::Field));
    may_not(&office, "incident.view report.view", &there());
}

#[test]
fn client_side_readers() {
    for (key, next) in [("client_user", true), ("site_user", false), ("client_account", false)] {
        let plan = plan(&[key]);
        let reads = "incident.view report.view checkpoint_report.view timesheet.view";
        may(&plan, reads, &there());
        assert_eq!(plan.check(p("incident.view"), &next_door()), next, "{key}");
        may_not(&plan, reads, &elsewhere());
        for hidden in [Visibility::Draft, Visibility::Held] {
            may_not(&plan, reads, &at(hidden));
            may_not(&plan, reads, &Facts { author: Some(ME), ..at(hidden) });
        }
        may_not(&plan, "incident.view report.view checkpoint_report.view", &at(Visibility::Submitted));
        may_not(&plan, reads, &Facts { visibility: None, ..there() });
        // "create, edit, delete anything"
        let changes = Permission::all().filter(|p| {
            matches!(
                p.action(),
                Action::Create | Action::Edit | Action::Delete | Action::Publish | Action::Share
            ) && p.resource() != Resource::Notification
        });
        for permission in changes {
            assert!(!plan.may_ever(permission), "{key} may {permission}");
        }
        // The details and the master licences of the organization belong to no site.
        let bare = Facts { visibility: Some(3), ..Facts::of(ORGANIZATION) };
        may(&plan, "organization.view licence.view", &bare);
        may_not(&plan, "licence.view", &Facts::of(ORGANIZATION));
    }
    // A site that changed hands: the new client does not inherit the old one's records.
    let inherited = Facts { client: Some(OTHER_CLIENT), ..there() };
    for key in ["client_user", "site_user", "client_account", "client"] {
        may_not(&plan(&[key]), "incident.view", &inherited);
    }
}

/// MyProtektor: "published incidents of assigned sites only … never drafts or unpublished incidents, guard names,
/// guard positions or tracks, internal notes, assignment, analytics, reports, team pages, other clients' data".
#[test]
fn client_of_assigned_sites() {
    let plan = plan(&["client"]);
    nothing_but(
        &plan,
        "site.view incident.view incident.export sos.trigger sos.view notification.view notification.edit",
    );
    may(&plan, "incident.view site.view", &there());
    may_not(&plan, "incident.view site.view", &next_door());
    for hidden in [Visibility::Draft, Visibility::Held, Visibility::Submitted] {
        may_not(&plan, "incident.view", &at(hidden));
    }
    for class in [
        FieldClass::Notes,
        FieldClass::People,
        FieldClass::Location,
        FieldClass::Operational,
        FieldClass::Secret,
    ] {
        assert!(!plan.shows(Resource::Incident, class, &there()), "{class}");
    }
    assert!(plan.shows(Resource::Incident, FieldClass::Public, &there()));
    // Panic: only with emergency access, and only at the linked site.
    may_not(&plan, "sos.trigger", &there());
    may(&plan, "sos.trigger", &Facts { emergency: Some(1), ..there() });
    may_not(&plan, "sos.trigger", &Facts { emergency: Some(1), ..next_door() });
    may_not(&plan, "sos.trigger", &Facts { emergency: None, ..there() });
}

#[test]
fn the_switches_of_the_organization_and_of_the_account_must_both_allow() {
    let rows = [
        (Switch::IncidentReports, "incident.view"),
        (Switch::VenueAnalytics, "analytics.view"),
        (Switch::TimesheetsForApproval, "timesheet.approve"),
        (Switch::CheckpointReports, "checkpoint_report.view"),
        (Switch::MasterLicences, "licence.view"),
        (Switch::CompanyDetails, "organization.view"),
    ];
    assert_eq!(rows.len(), Switch::ALL.len());
    for (switch, word) in rows {
        let mut person = holder(&["client_account"]);
        may(&person.compile(Timestamp::UNIX_EPOCH), word, &there());
        person.switches = Switch::ALL.iter().copied().filter(|s| *s != switch).collect();
        may_not(&person.compile(Timestamp::UNIX_EPOCH), word, &there());
        person.switches = SwitchSet::default();
        never(&person.compile(Timestamp::UNIX_EPOCH), word);
        // Staff need no switch.
        let mut staff = holder(&["owner"]);
        staff.switches = SwitchSet::default();
        may(&staff.compile(Timestamp::UNIX_EPOCH), word, &there());
    }
    let mut person = holder(&["client_account"]);
    let compile = |person: &Authority| person.compile(Timestamp::UNIX_EPOCH);
    // "share all incident reports automatically on submission": handed in is enough; held back is not; incidents only.
    person.share_all = true;
    may(&compile(&person), "incident.view", &at(Visibility::Submitted));
    may_not(&compile(&person), "incident.view", &at(Visibility::Held));
    may_not(&compile(&person), "report.view checkpoint_report.view", &at(Visibility::Submitted));
    // Hours: approved ones; those that wait while "for approval" is on.
    may(&compile(&person), "timesheet.view timesheet.approve", &at(Visibility::Submitted));
    person.switches = SwitchSet::default();
    may_not(&compile(&person), "timesheet.view timesheet.approve", &at(Visibility::Submitted));
    may(&compile(&person), "timesheet.view", &there());
    // "show live clock-ins"
    may(&compile(&person), "live_board.view", &there());
    person.live_clock_ins = false;
    never(&compile(&person), "live_board.view");
}

#[test]
fn call_center() {
    let plan = plan(&["call_center"]);
    may(
        &plan,
        "worker.create worker.edit account.reset_password incident.create shift.view shift.edit",
        &elsewhere(),
    );
    nothing_but(
        &plan,
        "site.view client.view worker.view worker.create worker.edit account.view account.create \
        account.invite account.reset_password assignment.view assignment.create incident.view incident.create \
        incident.people shift.view shift.edit shift.assign shift.people notification.view notification.edit",
    );
}

#[test]
fn service_pack() {
    for key in ["master_administrator", "client_administrator"] {
        let plan = plan(&[key]);
        may(
            &plan,
            "account.create contractor.create work_order.assign invoice.view work_order.view equipment.view \
            site.view account.invite",
            &next_door(),
        );
        may_not(&plan, "account.view work_order.view invoice.view site.view", &elsewhere());
        never(&plan, "site.create site.edit invoice.create role.create work_order.delete");
    }
    let manager = plan(&["site_manager"]);
    may(
        &manager,
        "work_order.view equipment.view inspection.view service_record.view account.create",
        &there(),
    );
    may_not(&manager, "work_order.view equipment.view account.view", &next_door());
    never(&manager, "contractor.create work_order.assign invoice.view");
    let trusted = plan(&["site_manager", "guest_manager"]);
    may(&trusted, "work_order.assign", &there());
    may(&trusted, "contractor.create worker.create", &natural(Resource::Contractor));
    may_not(
        &trusted,
        "contractor.create",
        &Facts { client: Some(OTHER_CLIENT), ..natural(Resource::Contractor) },
    );

    // "Exactly one site, own; sees no other user or record."
    let basic = plan(&["basic_user"]);
    may(&basic, "work_order.create site.view", &there());
    may(&basic, "work_order.view", &mine());
    may_not(&basic, "work_order.view", &there());
    may_not(&basic, "work_order.view", &Facts { requester: None, ..mine() });
    may_not(&basic, "work_order.create", &next_door());
    nothing_but(&basic, "site.view work_order.create work_order.view notification.view notification.edit");

    // "Jobs assigned to them at named sites of that client."
    let guest = plan(&["guest_contractor"]);
    may(
        &guest,
        "work_order.view work_order.edit service_record.create inspection.create site.view",
        &there(),
    );
    let others_job = Facts { team: Some(OTHER_TEAM), ..there() };
    may_not(&guest, "work_order.view work_order.edit inspection.view service_record.view", &others_job);
    may_not(&guest, "work_order.view", &Facts { client: Some(OTHER_CLIENT), ..there() });
    may(&guest, "worker.create account.create", &there());
    assert!(!guest.shows(Resource::WorkOrder, FieldClass::Prices, &there()));
    assert!(!guest.shows(Resource::WorkOrder, FieldClass::Operational, &there()));
    let technician = plan(&["guest_technician"]);
    may(&technician, "work_order.view work_order.close", &Facts { assignee: Some(ME), ..there() });
    may_not(&technician, "work_order.view work_order.close", &Facts { requester: Some(ME), ..there() });
    never(&technician, "account.create worker.create work_order.assign");
}

#[test]
fn reconditioning_staff() {
    let accountant = plan(&["accountant"]);
    may(
        &accountant,
        "invoice.create invoice.edit commission.edit work_order.edit timesheet.approve",
        &elsewhere(),
    );
    never(&accountant, "organization.edit feature.edit role.edit account.create assignment.create");
    let reader = plan(&["work_manager_read_only"]);
    let view = |p: &Permission| matches!(p.action(), Action::View | Action::People);
    assert_eq!(Permission::all().filter(|p| reader.may_ever(*p) && !view(p)).count(), 0, "view only");
    may(&reader, "work_order.view inspection.view", &elsewhere());
    for (key, here, there_not) in [
        ("technician", there(), next_door()),
        ("team_work_manager", there(), next_door()),
        ("team_administrator", there(), next_door()),
        ("area_work_manager", there(), next_door()),
        ("area_administrator", there(), next_door()),
    ] {
        let plan = plan(&[key]);
        may(&plan, "work_order.view work_order.edit report.view", &here);
        may_not(&plan, "work_order.view work_order.edit report.view", &there_not);
        may_not(&plan, "work_order.view", &Facts { team: None, area: None, ..here });
    }
    never(&plan(&["team_work_manager"]), "account.create assignment.create team.edit");
    never(&plan(&["area_work_manager"]), "account.create assignment.create area.edit");
    may(&plan(&["team_administrator"]), "account.create assignment.create worker.edit", &there());
    may(&plan(&["area_administrator"]), "account.create assignment.create site.edit", &there());
}

#[test]
fn reconditioning_clients() {
    let inspector = plan(&["client_inspector"]);
    may(&inspector, "inspection.view inspection.decide", &next_door());
    may_not(&inspector, "inspection.view inspection.decide", &elsewhere());
    may_not(&inspector, "inspection.decide", &at(Visibility::Submitted));
    never(&inspector, "work_order.edit inspection.edit invoice.view");
    let monitor = plan(&["client_monitor_manager"]);
    may(&monitor, "monitor.view monitor.edit work_order.edit", &next_door());
    let mut off = holder(&["client_monitor_manager"]);
    off.features = [Feature::Reconditioning].into_iter().collect();
    never(&off.compile(Timestamp::UNIX_EPOCH), "monitor.view monitor.edit");
    let sales = plan(&["sales_person"]);
    may(&sales, "commission.view commission.prices", &mine());
    may_not(&sales, "commission.view", &next_door());
    nothing_but(&sales, "commission.view commission.prices notification.view notification.edit");
    let board = plan(&["sales_person_monitor_manager"]);
    may(&board, "monitor.view work_order.view", &mine());
    may_not(&board, "monitor.view work_order.view", &next_door());
    // "May serve several clients."
    let mut several = holder(&["recon_client"]);
    several.clients.push(ClientId::from_uuid(OTHER_CLIENT));
    several.assignments[0].targets.push(Target::Client(ClientId::from_uuid(OTHER_CLIENT)));
    may(&several.compile(Timestamp::UNIX_EPOCH), "invoice.view work_order.view", &elsewhere());
}

#[test]
fn reconditioning_employees() {
    let employee = plan(&["employee"]);
    may(&employee, "work_order.view work_order.edit inspection.create", &there());
    never(&employee, "inspection.approve work_order.approve inspection.decide");
    may_not(&employee, "timesheet.view", &there());
    may(&employee, "timesheet.view", &mine());
    let inspector = plan(&["inspector"]);
    may(&inspector, "inspection.approve work_order.approve", &there());
    may_not(&inspector, "timesheet.view inspection.approve", &next_door());
    let manager = plan(&["manager"]);
    may(&manager, "timesheet.view inspection.approve work_order.approve work_order.assign", &elsewhere());
    assert!(!manager.opens(Portal::Office));
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
