//! Audience, portals, reach and mail of every row; packs; and that no grant is an empty promise.

use super::*;

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
