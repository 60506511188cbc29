//! Administrators, the people of the officer apps, and their clients.

use super::*;

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
        incident.delete shift.view shift.edit tour.view geofence.view sos.view post_order.view post_order.edit \
        post_order.acknowledge passdown.view passdown.create passdown.delete";
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
        may(
            &plan,
            "incident.view report.view shift.view time_entry.clock sos.view checkpoint_report.view",
            &mine(),
        );
        // The site: filing, scanning, tasks, the alarm, open shifts.
        may(
            &plan,
            "incident.create report.create tour.scan task.close sos.trigger shift.claim post_order.view \
             post_order.acknowledge passdown.view passdown.create passdown.acknowledge",
            &there(),
        );
        may_not(
            &plan,
            "incident.view report.view sos.view time_entry.view timesheet.view checkpoint_report.view",
            &there(),
        );
        // An unpublished shift of somebody else is not there yet; another site never is.
        may_not(&plan, "shift.view shift.claim", &at(Visibility::Draft));
        may_not(
            &plan,
            "incident.create tour.view sos.trigger site.view shift.view shift.claim post_order.view passdown.view",
            &next_door(),
        );
        never(
            &plan,
            "incident.approve incident.publish report.approve shift.create shift.edit shift.publish \
            incident.delete report.delete post_order.edit passdown.delete incident.notes incident.people worker.view client.view",
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
