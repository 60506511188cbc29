//! Rules of administration that no area's own tests hold, through HTTP on both engines; and the table of all of them
//! (`docs/rules.md`) held against the tests that it names. Expected values are read off ROLES.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use access::{Switch, Target};
use people::setup::NewOrganization;
use serde_json::{Value, json};
use testkit::Actor;

/// What lists records, through the door for programs.
const LISTS: [&str; 10] =
    ["incidents", "sites", "clients", "workers", "teams", "areas", "members", "roles", "journal", "shifts"];

/// Law 1: a membership with no assignment sees nothing, and a missing target list means nothing, never everything.
#[tokio::test]
async fn without_an_assignment_or_without_a_place_nothing_is_seen() {
    for app in testkit::apps(bailiwick::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let bare = app.member(org, "Bea Bare", "supervisor", &[Target::Site(site)], None).await;
        app.take_all(&bare).await;
        let nowhere = app.member(org, "Nils Nowhere", "supervisor", &[], None).await;
        let outside = app.member(org, "Ola Outside", "client_user", &[], Some(client)).await;
        for actor in [&bare, &nowhere, &outside] {
            for list in LISTS {
                let answer = app.get(actor, &format!("/api/v1/{list}")).await;
                let empty = answer.status == 404 || answer.json()["items"] == json!([]);
                assert!(empty, "{} {list}: {} {}", actor.email, answer.status, answer.text());
            }
            app.get(actor, &format!("/api/v1/sites/{site}")).await.expect(404);
        }
        // No role is no door at all.
        for door in ["/office", "/field", "/client"] {
            app.get(&bare, door).await.expect(404);
        }
    }
}

/// Officer: "office only if granted per person. With office access: see own report history."
#[tokio::test]
async fn an_officer_meets_the_office_only_where_it_is_granted_and_own_reports_there() {
    for app in testkit::apps(bailiwick::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let otto = app.member(org, "Otto Officer", "officer", &[Target::Site(site)], None).await;
        let fred = app.member(org, "Fred Fellow", "officer", &[Target::Site(site)], None).await;
        let report = async |who: &Actor, title: &str| {
            let form = json!({ "site": site, "kind": "Other", "severity": "low", "title": title,
                "narrative": "Told.", "occurred_at": "2026-11-22T21:00" });
            app.json(who, "POST", "/api/v1/incidents", form).await.expect(201);
        };
        report(&otto, "Seen by Otto").await;
        report(&fred, "Seen by Fred").await;
        app.get(&otto, "/office/incidents").await.expect(404);
        let roles = format!("/api/v1/members/{}/roles", otto.membership);
        app.json(&admin, "POST", &roles, json!({ "role": "officer_office" })).await.expect(201);
        let page = app.get(&otto, "/office/incidents").await.expect(200).text();
        assert!(page.contains("Seen by Otto") && !page.contains("Seen by Fred"), "{page}");
        app.get(&fred, "/office/incidents").await.expect(404);
        app.get(&otto, "/office/members").await.expect(404);
    }
}

/// GuardHouse: "Organization switches, each off until turned on"; "Both the switch and the account must allow it."
#[tokio::test]
async fn a_new_organization_lets_clients_see_nothing_until_it_is_switched_on() {
    for app in testkit::apps(bailiwick::features()).await {
        // As `bailiwick organization create` makes one.
        let new = NewOrganization {
            name: "Northwatch".parse().unwrap(),
            hue: 215,
            zone: "UTC".to_owned(),
            features: vec![access::Feature::Guarding],
            switches: Vec::new(),
        };
        let made = people::setup::organization(
            &app.app.store,
            &app.app.clock,
            &new,
            "first@example.com".parse().unwrap(),
            "Fay First".parse().unwrap(),
            None,
        )
        .await
        .unwrap();
        let org = made.organization;
        let admin = app.member(org, "Ada Admin", "administrator", &[Target::Organization], None).await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let cleo = app.member(org, "Cleo", "client_account", &[Target::Site(site)], Some(client)).await;
        let settings = app.get(&admin, "/api/v1/organization").await.expect(200).json();
        assert_eq!(settings["switches"], json!([]), "each off until turned on");
        assert_eq!(
            (&settings["require_static_site"], &settings["refuse_staff_email"]),
            (&json!(true), &json!(true)),
            "both rules are on by default"
        );
        app.get(&cleo, "/api/v1/incidents").await.expect(404);
        let shown = async |what: &str| {
            let path = format!("/api/v1/clients/{client}/portal");
            let portal = app.get(&admin, &path).await.expect(200).json();
            let all = portal["accounts"]["items"][0]["shows"].as_array().unwrap().clone();
            all.iter().find(|one| one["what"] == what).unwrap()["shown"].clone()
        };
        assert_eq!(shown("Incident reports").await, false);
        for switch in Switch::ALL {
            app.switch(org, *switch, true).await;
        }
        app.get(&cleo, "/api/v1/incidents").await.expect(200);
        assert_eq!(shown("Incident reports").await, true);
        // The live board has a switch of the account alone, off as well.
        assert_eq!(shown("Live clock-ins").await, false);
        let member = format!("/api/v1/members/{}", cleo.membership);
        let version = app.get(&admin, &member).await.expect(200).json()["version"].clone();
        let form = json!({ "name": "Cleo", "live_clock_ins": true, "version": version });
        app.json(&admin, "PUT", &member, form).await.expect(200);
        assert_eq!(shown("Live clock-ins").await, true);
    }
}

/// Custom roles: "with its own default subscriptions".
#[tokio::test]
async fn a_custom_role_brings_its_own_subscriptions() {
    for app in testkit::apps(bailiwick::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        for (key, mailed, usual) in [("loud", json!(["incident"]), "at_once"), ("quiet", json!([]), "off")] {
            let role = json!({ "key": key, "name": key, "about": "Watches.", "audience": "staff",
                "portals": ["office"], "reach": "site", "subscriptions": mailed,
                "may": ["incident: view", "notification: view edit @ own"] });
            app.json(&admin, "POST", "/api/v1/roles", role).await.expect(201);
            let one = app.member(org, key, key, &[Target::Site(site)], None).await;
            let chosen = app.get(&one, "/api/v1/notifications").await.expect(200).json();
            let events = chosen["events"].as_array().unwrap();
            let incident = events.iter().find(|event| event["event"] == "incident").unwrap();
            assert_eq!(incident["by_default"], usual, "{key}: {chosen}");
        }
    }
}

/// Service: "The contractor (the organization) hands out the first, master login"; who looks after people of a narrower
/// kind does not.
#[tokio::test]
async fn the_organization_hands_out_the_first_master_login() {
    for app in testkit::apps(bailiwick::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let invite = async |who: &Actor, email: &str, role: &str, target: String| {
            let form = json!({ "email": email, "name": "M", "role": role, "targets": [target] });
            app.json(who, "POST", "/api/v1/invitations", form).await
        };
        let (whole, place) = (format!("client:{client}"), format!("site:{site}"));
        let admin = app.member(org, "Ada Admin", "administrator", &[Target::Organization], None).await;
        invite(&admin, "m@example.com", "master_administrator", whole.clone()).await.expect(201);
        for (role, target, company) in
            [("call_center", Target::Organization, None), ("site_manager", Target::Site(site), Some(client))]
        {
            let one = app.member(org, role, role, &[target], company).await;
            let refused = invite(&one, "n@example.com", "master_administrator", whole.clone()).await;
            // The manager does not even see the company as a place to choose.
            assert!(matches!(refused.status, 403 | 422), "{role}: {}", refused.text());
        }
        // From then on it is the client's own business, down to the basic users of a manager's sites.
        let master =
            app.member(org, "Mia", "master_administrator", &[Target::Client(client)], Some(client)).await;
        for (role, target) in
            [("client_administrator", &whole), ("site_manager", &place), ("basic_user", &place)]
        {
            invite(&master, &format!("{role}@example.com"), role, target.clone()).await.expect(201);
        }
        invite(&master, "staff@example.com", "supervisor", place).await.expect(403);
    }
}

/// Law 8: archived and restorable, never deleted while records point to them; history keeps their names.
#[tokio::test]
async fn what_is_put_away_keeps_its_name_in_what_happened_and_comes_back() {
    for app in testkit::apps(bailiwick::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let gus = app.member(org, "Gus Guard", "guard", &[Target::Site(site)], None).await;
        let form = json!({ "site": site, "kind": "Other", "severity": "low", "title": "Gate open",
            "narrative": "Closed it.", "occurred_at": "2026-11-22T21:00" });
        let made = app.json(&gus, "POST", "/api/v1/incidents", form).await.expect(201).json();
        let path = format!("/api/v1/incidents/{}", made["id"].as_str().unwrap());
        for (kind, id) in [("sites", site.to_string()), ("clients", client.to_string())] {
            let gone = app.json(&admin, "DELETE", &format!("/api/v1/{kind}/{id}"), Value::Null).await;
            assert!(matches!(gone.status, 404 | 405), "{kind}: {}", gone.status);
        }
        app.json(&admin, "POST", &format!("/api/v1/clients/{client}/archive"), json!({})).await.expect(200);
        let away = format!("/api/v1/members/{}/deactivation", gus.membership);
        app.json(&admin, "POST", &away, json!({})).await.expect(200);
        let kept = app.get(&admin, &path).await.expect(200).text();
        for name in ["Dock 4", "Harbour", "Gus Guard"] {
            assert!(kept.contains(name), "{name}: {kept}");
        }
        app.json(&admin, "POST", &format!("/api/v1/clients/{client}/restore"), json!({})).await.expect(200);
        let back = format!("/api/v1/members/{}/reactivation", gus.membership);
        app.json(&admin, "POST", &back, json!({})).await.expect(200);
        let site = app.get(&admin, &format!("/api/v1/sites/{site}")).await.expect(200).json();
        assert_eq!(site["archived"], false, "{site}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The names of all tests below a folder.
fn tests_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") {
                tests_below(&path, found);
            }
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let mut marked = false;
            for line in text.lines().map(str::trim_start) {
                if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                    marked = true;
                } else if let (true, Some((_, rest))) = (marked, line.split_once("fn ")) {
                    found.extend(rest.split_once('(').map(|(name, _)| name.to_owned()));
                    marked = false;
                }
            }
        }
    }
}

/// Each rule of the table names tests, and they are there.
#[test]
fn the_table_of_rules_names_tests_that_are_there() {
    let mut there = BTreeSet::new();
    tests_below(&root().join("crates"), &mut there);
    let table = std::fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let rows: Vec<&str> =
        table.lines().filter(|line| line.starts_with("| ") && !line.contains("| test")).collect();
    assert!(rows.len() > 30, "the table has {} rows", rows.len());
    for row in rows {
        let named: Vec<&str> = row.rsplit('|').nth(1).unwrap_or("").split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "no test stands at: {row}");
        for name in named.iter().map(|name| name.rsplit("::").next().unwrap_or(name)) {
            let browser = name.ends_with(".test.mjs") && root().join("tests/browser").join(name).exists();
            assert!(browser || there.contains(name), "there is no test {name}: {row}");
        }
    }
}
