//! Home through HTTP, on both engines.

use access::Target;
use serde_json::json;

#[tokio::test]
async fn each_portal_has_a_first_page_that_fits_its_people() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let guard = app.member(org, "Gus Guard", "guard", &[Target::Site(site)], None).await;
        let reader =
            app.member(org, "Cleo Client", "client_user", &[Target::Client(client)], Some(client)).await;
        let basic = app.member(org, "Bo Basic", "basic_user", &[Target::Site(site)], Some(client)).await;

        let office = app.get(&admin, "/office").await.expect(200).text();
        assert!(office.contains("Wait for approval") && office.contains("/office/incidents/new"), "{office}");
        let field = app.get(&guard, "/field").await.expect(200).text();
        assert!(field.contains("Report an incident") && !field.contains("Wait for approval"), "{field}");
        let portal = app.get(&reader, "/client").await.expect(200).text();
        assert!(
            portal.contains("Hello, Cleo") && portal.contains("names and positions of officers"),
            "{portal}"
        );
        assert!(!portal.contains("/incidents/new"), "a client user files nothing");
        let portal = app.get(&basic, "/client").await.expect(200).text();
        assert!(portal.contains("You are here as Basic User"), "{portal}");

        app.get(&guard, "/office").await.expect(404);
        app.get(&reader, "/field").await.expect(404);
    }
}

/// ROLES.md, Service: a manager's home page shows user activity. Whom they do not look after, and the staff, are not on it.
#[tokio::test]
async fn a_manager_s_home_shows_who_of_their_people_was_here() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let (dock, yard) =
            (app.site(org, client, None, "Dock").await, app.site(org, client, None, "Yard").await);
        let manager =
            app.member(org, "Mo Manager", "site_manager", &[Target::Site(dock)], Some(client)).await;
        let early = app.member(org, "Ebba Early", "basic_user", &[Target::Site(dock)], Some(client)).await;
        let late = app.member(org, "Lars Late", "basic_user", &[Target::Site(dock)], Some(client)).await;
        let never = app.member(org, "Nils Never", "basic_user", &[Target::Site(dock)], Some(client)).await;
        app.member(org, "Elsa Elsewhere", "basic_user", &[Target::Site(yard)], Some(client)).await;
        app.member(org, "Gus Guard", "guard", &[Target::Site(dock)], None).await;
        let mut batch = store::Batch::new();
        for actor in [&early, &late, &never] {
            // A basic user stands at the one site the role is held at.
            batch.run(
                "update memberships set site_id = $2 where id = $1",
                store::params![actor.membership, dock],
            );
        }
        for (actor, at) in [(&early, 1_000_000_i64), (&late, 2_000_000)] {
            batch.run(
                "update memberships set seen_at = $2 where id = $1",
                store::params![actor.membership, at],
            );
        }
        app.put(batch).await;
        let home = app.get(&manager, "/api/v1/home").await.expect(200).json();
        let names: Vec<&str> =
            home["activity"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Lars Late", "Ebba Early", "Nils Never"], "{home}");
        let page = app.get(&manager, "/client").await.expect(200).text();
        assert!(page.contains("Who was here") && page.contains("Lars Late"), "{page}");
        assert!(!page.contains("Elsa") && !page.contains("Gus Guard"), "{page}");
        let basic = app.get(&late, "/client").await.expect(200).text();
        assert!(!basic.contains("Who was here"), "{basic}");
    }
}

/// Law 5: a change of assignment, switch or membership holds on the next request, on every node.
#[tokio::test]
async fn a_change_of_rights_holds_on_the_next_request_on_every_node() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let reader = app.member(org, "Cleo Client", "client", &[Target::Site(site)], Some(client)).await;
        let form = json!({
            "site": site, "kind": "Other", "severity": "low", "title": "Gate open", "narrative": "Closed it.",
            "public_details": "The gate was closed.", "occurred_at": "2026-11-22T21:00",
        });
        let made = app.json(&admin, "POST", "/api/v1/incidents", form).await.expect(201).json();
        let path = format!("/api/v1/incidents/{}", made["id"].as_str().unwrap());
        let other = app.another_node();
        let both = [&app, &other];
        let expect = async |status: u16| {
            for node in both {
                // Twice: the second may come from what was kept.
                let first = node.get(&reader, &path).await.status;
                let second = node.get(&reader, &path).await.status;
                assert_eq!((first, second), (status, status));
            }
        };

        expect(404).await;
        let publish = json!({ "version": made["version"] });
        app.json(&admin, "POST", &format!("{path}/publication"), publish).await.expect(200);
        expect(200).await;
        app.switch(org, access::Switch::IncidentReports, false).await;
        expect(404).await;
        app.switch(org, access::Switch::IncidentReports, true).await;
        expect(200).await;
        app.take_all(&reader).await;
        expect(404).await;
        app.give(&reader, "client", &[Target::Site(site)]).await;
        expect(200).await;
        app.deactivate(&reader).await;
        expect(401).await;
    }
}
