//! The journal through HTTP, on both engines.

use access::{Action, Permission, Resource, Target, permission};
use kernel::id::{MembershipId, OrganizationId};
use serde_json::{Value, json};
use store::{Batch, params};
use testkit::{Actor, TestApp};

const DAY: u64 = 86_400;

async fn admin(app: &TestApp, org: OrganizationId) -> Actor {
    app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await
}

/// A role of the organization's own that nobody is born with.
async fn custom(app: &TestApp, org: OrganizationId, key: &str, reach: &str, may: &[&str]) {
    let may: Vec<String> = may.iter().map(|line| format!("{line:?}")).collect();
    let written = format!(
        "[[role]]\nkey = {key:?}\nname = \"Keeper {key}\"\nabout = \"x\"\naudience = \"staff\"\nportals = [\"office\"]\nreach = {reach:?}\nmay = [{}]\n",
        may.join(", ")
    );
    let mut batch = Batch::new();
    batch.run(
        "insert into roles (id, organization_id, key, written, created_at) values ($1, $2, $3, $4, 0)",
        params![kernel::id::RoleId::new(), org, key, written.as_str()],
    );
    app.put(batch).await;
}

/// Somebody with a custom role.
async fn keeper(app: &TestApp, org: OrganizationId, key: &str, targets: &[Target]) -> Actor {
    let actor = app.member(org, &format!("Kim {key}"), "officer_office", &[], None).await;
    app.take_all(&actor).await;
    app.give(&actor, key, targets).await;
    actor
}

/// A line as some capability would write it.
async fn line(
    app: &TestApp,
    org: OrganizationId,
    resource: &str,
    action: &str,
    record: Option<uuid::Uuid>,
    label: &str,
    detail: &Value,
) {
    let mut batch = Batch::new();
    store::journal::append(
        &mut batch,
        &store::journal::Entry {
            organization: org,
            at: app.now(),
            account: None,
            membership: None,
            name: "Otto Officer",
            roles: "Officer",
            action,
            resource,
            record,
            label,
            detail: &detail.to_string(),
            address: "192.0.2.7",
        },
    );
    app.put(batch).await;
}

fn labels(answer: &Value) -> Vec<String> {
    answer["items"].as_array().unwrap().iter().map(|l| l["label"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn who_did_what_is_found_by_person_record_kind_words_and_time() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let ada = admin(&app, org).await;
        let otto = app.member(org, "Otto Officer", "officer", &[Target::Site(dock)], None).await;
        let sue = app.member(org, "Süe Visor", "supervisor", &[Target::Site(dock)], None).await;

        let give =
            json!({ "role": "supervisor", "targets": [format!("site:{dock}")], "until": "2026-12-31" });
        app.json(&ada, "POST", &format!("/api/v1/members/{}/roles", otto.membership), give).await.expect(201);
        app.clock.advance(std::time::Duration::from_secs(2 * DAY));
        app.post_form(&ada, &format!("/office/members/{}/deactivation", sue.membership), &[])
            .await
            .expect(303);

        let all = app.get(&ada, "/api/v1/journal").await.expect(200).json();
        assert_eq!(labels(&all), ["Süe Visor", "Otto Officer"], "the newest first");
        let given = &all["items"][1];
        assert_eq!(given["sentence"], "gave the role Supervisor for site Dock 4, until 2026-12-31");
        assert_eq!(
            (given["who"].as_str(), given["roles"].as_str()),
            (Some("Ada Admin"), Some("Customer Admin"))
        );
        assert_eq!(given["record"], otto.membership.to_string());

        for (asked, expected) in [
            (format!("record={}", otto.membership), 1),
            (format!("person={}", ada.membership), 2),
            (format!("person={}", ada.account), 2),
            (format!("person={}", otto.membership), 0),
            ("action=give_role".into(), 1),
            ("resource=account".into(), 2),
            ("resource=incident".into(), 0),
            ("q=sue".into(), 1),
            ("q=ada+admin".into(), 2),
            ("from=2026-11-24".into(), 1),
            ("until=2026-11-23".into(), 1),
            ("from=2026-11-23&until=2026-11-25".into(), 2),
        ] {
            let found = app.get(&ada, &format!("/api/v1/journal?{asked}")).await.expect(200).json();
            assert_eq!(found["items"].as_array().unwrap().len(), expected, "{asked}: {found}");
        }
        for wrong in ["person=Ada", "record=1", "from=yesterday", "cursor=abc"] {
            app.get(&ada, &format!("/api/v1/journal?{wrong}")).await.expect(400);
        }
        // Page by page.
        let first = app.get(&ada, "/api/v1/journal?limit=1").await.expect(200).json();
        let next = first["next"].as_str().unwrap();
        let second =
            app.get(&ada, &format!("/api/v1/journal?limit=1&cursor={next}")).await.expect(200).json();
        assert_eq!(labels(&second), ["Otto Officer"]);
        assert!(second["next"].is_null());

        let page = app.get(&ada, "/office/journal").await.expect(200).text();
        assert!(
            page.contains("Gave the role Supervisor for site Dock 4") && page.contains("Customer Admin"),
            "{page}"
        );
        let record = app.get(&ada, &format!("/office/members/{}", otto.membership)).await.expect(200).text();
        assert!(
            record.contains(&format!("/office/journal?record={}", otto.membership)),
            "the way from the record"
        );
        app.get(&ada, &format!("/office/journal?record={}", otto.membership)).await.expect(200);
        let rights = app.get(&ada, "/api/v1/journal/rights").await.expect(200).json();
        assert_eq!(rights["items"].as_array().unwrap().len(), 2);
        app.get(&ada, "/office/journal/rights").await.expect(200);
    }
}

#[tokio::test]
async fn the_journal_is_for_those_whose_role_says_so() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let other = app.organization("Southwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let ada = admin(&app, org).await;
        let far = admin(&app, other).await;
        line(&app, org, "site", "edit", Some(dock.uuid()), "Dock 4", &json!({})).await;
        for role in ["owner", "admin", "administrator"] {
            let who = app.member(org, role, role, &[Target::Organization], None).await;
            assert_eq!(
                labels(&app.get(&who, "/api/v1/journal").await.expect(200).json()),
                ["Dock 4"],
                "{role}"
            );
        }
        let site = [Target::Site(dock)];
        let whole = [Target::Organization];
        let theirs = [Target::Client(client)];
        for (role, targets, side) in [
            ("supervisor", &site[..], None),
            ("officer", &site, None),
            ("guard", &site, None),
            ("call_center", &whole, None),
            ("client_user", &theirs, Some(client)),
            ("site_user", &site, Some(client)),
            ("master_administrator", &theirs, Some(client)),
            ("site_manager", &site, Some(client)),
            ("accountant", &whole, None),
            ("work_manager", &whole, None),
        ] {
            let who = app.member(org, role, role, targets, side).await;
            for path in ["/journal", "/journal/rights", "/journal/keeping", "/journal/export"] {
                app.get(&who, &format!("/api/v1{path}")).await.expect(404);
                app.get(&who, &format!("{}{path}", who.door)).await.expect(404);
            }
            app.json(&who, "POST", "/api/v1/journal/verification", json!({})).await.expect(404);
        }
        assert_eq!(
            labels(&app.get(&far, "/api/v1/journal").await.expect(200).json()),
            [""; 0],
            "another organization"
        );
        assert_eq!(
            labels(&app.get(&far, &format!("/api/v1/journal?record={dock}")).await.expect(200).json()),
            [""; 0]
        );
        app.get(&ada, "/office/journal").await.expect(200);
        app.get_open("/office/journal").await.expect(303);
    }
}

#[tokio::test]
async fn a_narrower_reader_meets_only_lines_about_records_they_may_open() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let (north, south) = (app.area(org, "North").await, app.area(org, "South").await);
        let dock = app.member(org, "Dora Dock", "officer_office", &[], None).await.membership;
        let gate = app.member(org, "Gail Gate", "officer_office", &[], None).await.membership;
        for (member, area) in [(dock, north), (gate, south)] {
            let mut batch = Batch::new();
            batch.run("update memberships set area_id = $2 where id = $1", params![member, area]);
            app.put(batch).await;
        }
        custom(&app, org, "area_keeper", "area", &["audit: view export", "account: view"]).await;
        custom(&app, org, "only_audit", "organization", &["audit: view export"]).await;
        custom(&app, org, "people_only", "organization", &["audit: view export", "account: view"]).await;
        let narrow = keeper(&app, org, "area_keeper", &[Target::Area(north)]).await;
        let blind = keeper(&app, org, "only_audit", &[Target::Organization]).await;
        let sites = keeper(&app, org, "people_only", &[Target::Organization]).await;
        let ada = admin(&app, org).await;

        let secret = |who: &str| json!({ "before": { "name": who }, "after": { "name": "x" } });
        line(&app, org, "account", "edit", Some(dock.uuid()), "Dock 4", &json!({})).await;
        // What a reader may not open leaves no trace, whichever way they ask.
        let paths = [
            "/api/v1/journal",
            "/api/v1/journal?q=gate",
            "/api/v1/journal?q=otto",
            "/api/v1/journal?resource=account",
            "/api/v1/journal?resource=organization",
            "/api/v1/journal?limit=1",
            "/api/v1/journal/rights",
            "/office/journal",
            "/office/journal/rights",
            "/api/v1/journal/export?format=csv",
            "/api/v1/journal/export?format=jsonl",
        ];
        let gate_path = format!("/api/v1/journal?record={gate}");
        // Whoever reads the whole journal meets the lines that exports write, so those are left out there.
        let look = async |who: &Actor, many: usize| -> Vec<Vec<u8>> {
            let mut seen = Vec::new();
            for path in paths.iter().take(many).copied().chain([gate_path.as_str()]) {
                seen.push(app.get(who, path).await.expect(200).bytes);
            }
            seen
        };
        let before = (look(&blind, 9).await, look(&narrow, 11).await);
        line(&app, org, "account", "edit", Some(gate.uuid()), "Gate 2", &secret("Gate")).await;
        line(&app, org, "organization", "edit", Some(org.uuid()), "Northwatch", &secret("N")).await;
        line(&app, org, "assignment", "assign_site", Some(uuid::Uuid::new_v4()), "Somebody", &secret("S"))
            .await;
        line(&app, org, "incident", "edit", Some(uuid::Uuid::new_v4()), "INC", &secret("I")).await;
        let blinds = look(&blind, 9).await;
        for (place, (before, after)) in before.0.iter().zip(&blinds).enumerate() {
            // Two exports of the area's keeper are lines about the journal, which this reader may read.
            let mask = |bytes: &[u8]| String::from_utf8_lossy(bytes).matches("Gate 2").count();
            assert!(mask(before) == 0 && mask(after) == 0, "{:?}", paths.get(place));
            assert!(!String::from_utf8_lossy(after).contains("INC"), "{:?}", paths.get(place));
        }
        for (place, (before, after)) in before.1.iter().zip(&look(&narrow, 11).await).enumerate() {
            assert!(before == after, "{:?} tells the area's keeper of what is hidden", paths.get(place));
        }
        // A line that is written afterwards does not tell how many lie between.
        line(&app, org, "account", "edit", Some(dock.uuid()), "Dock 4", &json!({})).await;
        let own = app.get(&narrow, "/api/v1/journal").await.expect(200).json();
        assert_eq!(labels(&own), ["Dock 4", "Dock 4"]);
        assert!(own["items"][0]["sequence"].is_null(), "{own}");
        let file = app.get(&narrow, "/api/v1/journal/export").await.expect(200).text();
        assert!(file.lines().skip(1).all(|row| row.starts_with(',')), "{file}");
        let own = app.get(&blind, "/api/v1/journal").await.expect(200).json();
        assert!(
            labels(&own).iter().all(|label| label == "Journal"),
            "only that the journal was exported: {own}"
        );
        let own = app.get(&sites, "/api/v1/journal?resource=account").await.expect(200).json();
        assert_eq!(labels(&own), ["Dock 4", "Gate 2", "Dock 4"]);
        assert_eq!(
            labels(&app.get(&ada, "/api/v1/journal?resource=incident").await.expect(200).json()),
            ["INC"]
        );
        // What concerns the whole journal is for those who read the whole journal.
        app.get(&narrow, "/api/v1/journal/keeping").await.expect(403);
        app.json(&narrow, "POST", "/api/v1/journal/verification", json!({})).await.expect(403);
        app.json(&blind, "POST", "/api/v1/journal/retention", json!({ "days": 90 })).await.expect(404);
    }
}

#[tokio::test]
async fn it_leaves_as_a_file_and_that_is_written_down() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org).await;
        let site = uuid::Uuid::new_v4();
        line(&app, org, "site", "edit", Some(site), "=1+1", &json!({ "after": { "name": "\"quoted\"" } }))
            .await;
        let csv = app.get(&ada, "/office/journal/export?format=csv&resource=site").await.expect(200);
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        let text = csv.text();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains(",'=1+1,192.0.2.7,"), "no spreadsheet runs it: {text}");
        assert!(
            text.contains("2026-11-23T08:00:00.000000Z") && text.contains("2026-11-23 03:00:00-05:00"),
            "{text}"
        );
        let lines = app.get(&ada, "/api/v1/journal/export?format=jsonl&q=1").await.expect(200).text();
        let one: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        assert_eq!((one["label"].as_str(), one["sequence"].as_i64()), (Some("=1+1"), Some(1)));
        assert_eq!(one["hash"].as_str().unwrap().len(), 64);
        app.get(&ada, "/api/v1/journal/export?format=xml").await.expect(400);
        app.get(&ada, "/api/v1/journal/export?from=never").await.expect(400);
        let written = app.get(&ada, "/api/v1/journal?action=export").await.expect(200).json();
        assert_eq!(
            written["items"].as_array().unwrap().len(),
            2,
            "wrong questions are no exports: {written}"
        );
        let parts = written["items"][1]["changes"].to_string();
        assert!(parts.is_empty() || written["items"][1]["resource"] == "audit");
        // Reading alone does not let one take it away.
        custom(&app, org, "reader", "organization", &["audit: view", "site: view"]).await;
        let reader = keeper(&app, org, "reader", &[Target::Organization]).await;
        app.get(&reader, "/api/v1/journal/export").await.expect(403);
        let page = app.get(&reader, "/office/journal").await.expect(200).text();
        assert!(!page.contains("/journal/export"));
    }
}

#[tokio::test]
async fn words_of_notes_are_told_to_nobody() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org).await;
        let detail = json!({ "before": { "notes": "drinks", "name": "A" }, "after": { "notes": "steals", "name": "B" } });
        line(&app, org, "worker", "edit", Some(uuid::Uuid::new_v4()), "Ben", &detail).await;
        for path in [
            "/api/v1/journal",
            "/office/journal",
            "/api/v1/journal/export?format=jsonl",
            "/api/v1/journal/export",
        ] {
            let text = app.get(&ada, path).await.expect(200).text();
            assert!(
                text.contains("Ben") && !text.contains("drinks") && !text.contains("steals"),
                "{path}: {text}"
            );
        }
        for word in ["drinks", "steals"] {
            assert_eq!(
                labels(&app.get(&ada, &format!("/api/v1/journal?q={word}")).await.expect(200).json()),
                [""; 0]
            );
        }
    }
}

#[tokio::test]
async fn what_was_changed_behind_its_back_is_found_and_the_first_line_named() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org).await;
        let check = async || {
            app.json(&ada, "POST", "/api/v1/journal/verification", json!({})).await.expect(200).json()
        };
        assert_eq!(check().await["lines"], 0);
        for number in 1..=5 {
            line(&app, org, "site", "edit", None, &format!("Site {number}"), &json!({})).await;
        }
        let whole = check().await;
        assert_eq!(
            (whole["unbroken"].as_bool(), whole["lines"].as_u64(), whole["head"].as_i64()),
            (Some(true), Some(5), Some(5))
        );
        let page = app.post_form(&ada, "/office/journal/verification", &[]).await.expect(200).text();
        assert!(
            page.contains("Unbroken: 5 lines checked") && page.contains(whole["hash"].as_str().unwrap()),
            "{page}"
        );
        let tamper = async |sql: &'static str| {
            let mut batch = Batch::new();
            batch.run(sql, params![org]);
            app.put(batch).await;
        };
        tamper("update journal set label = 'Site X' where organization_id = $1 and sequence = 3").await;
        let broken = check().await;
        assert_eq!(broken["unbroken"], false);
        assert!(broken["broken"].as_str().unwrap().starts_with("line 3 of the journal"), "{broken}");
        let page = app.post_form(&ada, "/office/journal/verification", &[]).await.expect(200).text();
        assert!(page.contains("The journal is broken") && page.contains("ine 3 of the journal"), "{page}");
        tamper("update journal set label = 'Site 3' where organization_id = $1 and sequence = 3").await;
        assert_eq!(check().await["unbroken"], true);
        tamper("delete from journal where organization_id = $1 and sequence = 2").await;
        assert!(check().await["broken"].as_str().unwrap().starts_with("line 2 is missing"));
        tamper("delete from journal where organization_id = $1 and sequence > 0").await;
        assert!(check().await["broken"].as_str().unwrap().contains("should go up to line 5"));
    }
}

#[tokio::test]
async fn old_lines_go_when_the_organization_says_so_and_the_rest_stays_verifiable() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org).await;
        for wrong in ["89", "-1", "soon", "99999999"] {
            app.json(&ada, "POST", "/api/v1/journal/retention", json!({ "days": wrong })).await.expect(422);
        }
        let page =
            app.post_form(&ada, "/office/journal/retention", &[("days", "7")]).await.expect(422).text();
        assert!(page.contains("90 or more") && page.contains("value=\"7\""), "{page}");
        for number in 1..=3 {
            line(&app, org, "site", "edit", None, &format!("Old {number}"), &json!({})).await;
        }
        app.clock.advance(std::time::Duration::from_secs(80 * DAY));
        line(&app, org, "site", "edit", None, "Newer", &json!({})).await;
        app.clock.advance(std::time::Duration::from_secs(20 * DAY));
        let run = async || super::job::remove_old(&app.app.store, &app.clock).await.unwrap();
        assert_eq!(run().await, 0, "by default everything is kept");
        let mut batch = Batch::new();
        batch.run("update organizations set journal_days = 90 where id = $1", params![org]);
        app.put(batch).await;
        assert_eq!(run().await, 3);
        assert_eq!(run().await, 0);
        let chain = store::journal::verify(&app.app.store, org).await.unwrap();
        assert_eq!(
            (chain.lines, chain.removed, chain.head),
            (2, 3, 5),
            "Newer, and the line about the removal"
        );
        let mut batch = Batch::new();
        batch.run("delete from sessions where account_id = $1", params![ada.account]);
        app.put(batch).await;
        let later = app.member(org, "Lea Later", "customer_admin", &[Target::Organization], None).await;
        let left = app.get(&later, "/api/v1/journal").await.expect(200).json();
        assert_eq!(labels(&left), ["Journal", "Newer"]);
        let kept = app.get(&later, "/api/v1/journal/keeping").await.expect(200).json();
        assert_eq!((kept["days"].as_i64(), kept["removed_through"].as_i64()), (Some(90), Some(3)));
        let page = app.get(&later, "/office/journal/keeping").await.expect(200).text();
        assert!(page.contains("Lines 1 to 3"), "{page}");
        // A checkpoint moved by hand hides nothing.
        let mut batch = Batch::new();
        batch.run(
            "update journal_checkpoints set sequence = 4, hash = (select hash from journal where organization_id = $1 and sequence = 4) where organization_id = $1",
            params![org],
        );
        app.put(batch).await;
        let why = store::journal::verify(&app.app.store, org).await.unwrap_err().to_string();
        assert!(why.contains("no line of it says"), "{why}");
    }
}

#[tokio::test]
async fn the_newest_line_stays_however_old_it_is() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        admin(&app, org).await;
        line(&app, org, "site", "edit", None, "Old 1", &json!({})).await;
        line(&app, org, "site", "edit", None, "Old 2", &json!({})).await;
        let mut batch = Batch::new();
        batch.run("update organizations set journal_days = 90 where id = $1", params![org]);
        app.put(batch).await;
        app.clock.advance(std::time::Duration::from_secs(400 * DAY));
        assert_eq!(super::job::remove_old(&app.app.store, &app.clock).await.unwrap(), 1);
        let chain = store::journal::verify(&app.app.store, org).await.unwrap();
        assert_eq!((chain.lines, chain.removed), (2, 1));
    }
}

#[test]
fn the_right_to_read_it_is_never_an_outsiders() {
    const ALL: [Permission; 2] =
        [permission(Resource::Audit, Action::View), permission(Resource::Audit, Action::Export)];
    for role in access::built_in().iter().filter(|role| role.audience != kernel::Audience::Staff) {
        let authority = access::Authority {
            organization: OrganizationId::new(),
            membership: MembershipId::new(),
            audience: role.audience,
            active: true,
            clients: Vec::new(),
            subcontractor: false,
            share_all: true,
            live_clock_ins: true,
            assignments: Vec::new(),
            switches: access::SwitchSet::all(),
            features: access::FeatureSet::all(),
            epoch: 1,
        };
        let plan = authority.compile("2026-11-23T08:00:00Z".parse().unwrap());
        assert!(ALL.iter().all(|p| !plan.may_ever(*p)), "{}", role.key);
        assert!(
            role.grants.iter().all(|grant| grant.permission.resource() != Resource::Audit),
            "{}",
            role.key
        );
    }
}
