//! Approval, publication, and what the client side meets of it.

use access::{Switch, Target};
use serde_json::json;
use store::{Batch, params};

use super::{World, file, read, report, verb};

async fn options(app: &testkit::TestApp, world: &World, approval: i64, editable: i64) {
    let mut batch = Batch::new();
    batch.run(
        "update sites set approval_required = $1, editable_by_author = $2 where id = $3",
        params![approval, editable, world.dock],
    );
    app.put(batch).await;
}

#[tokio::test]
async fn where_a_site_asks_for_approval_nothing_leaves_before_it() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        options(&app, &world, 1, 0).await;
        let boss = app.member(world.org, "Sue Super", "supervisor", &[Target::Site(world.dock)], None).await;
        let filed = file(&app, &world.guard, report(world.dock)).await;
        let id = filed["id"].as_str().unwrap();
        assert_eq!((filed["visibility"].as_str(), filed["approval"].as_str()), (Some("held"), Some("no")));

        let refused = verb(&app, &world.admin, id, "publication", json!({ "version": 1 })).await.expect(409);
        assert!(refused.text().contains("approve it first"), "{}", refused.text());
        let preview =
            app.get(&world.admin, &format!("/api/v1/incidents/{id}/publication")).await.expect(200).json();
        assert!(preview["blocked"].as_str().unwrap().contains("approve it first"), "{preview}");
        verb(&app, &world.guard, id, "approval", json!({})).await.expect(403);

        let approved = verb(&app, &boss, id, "approval", json!({ "version": 1 })).await.expect(200).json();
        assert_eq!(
            (approved["visibility"].as_str(), approved["approval"].as_str()),
            (Some("submitted"), Some("yes"))
        );
        assert_eq!(approved["approved_by"], "Sue Super");
        // Approving again changes nothing; an approved report is published by those who may.
        verb(&app, &boss, id, "approval", json!({ "version": 2 })).await.expect(200);
        verb(&app, &boss, id, "publication", json!({ "version": 2 })).await.expect(403);
        read(&app, &world.reader, id).await.expect(404);
        verb(&app, &world.admin, id, "publication", json!({ "version": 2 })).await.expect(200);
        let seen = read(&app, &world.reader, id).await.expect(200).json();
        assert_eq!(seen["released_at"], "2026-11-23T08:00:00Z");

        // "The rule in force when a report was submitted stays with it": turning the option off exposes nothing…
        let waiting = file(&app, &world.guard, report(world.dock)).await;
        options(&app, &world, 0, 0).await;
        let id = waiting["id"].as_str().unwrap();
        verb(&app, &world.admin, id, "publication", json!({ "version": 1 })).await.expect(409);
        // … and turning it on hides nothing that was filed before.
        let free = file(&app, &world.guard, report(world.dock)).await;
        assert_eq!(free["approval"], "n/a");
        options(&app, &world, 1, 0).await;
        let id = free["id"].as_str().unwrap();
        verb(&app, &world.admin, id, "approval", json!({})).await.expect(409);
        verb(&app, &world.admin, id, "publication", json!({ "version": 1 })).await.expect(200);
    }
}

#[tokio::test]
async fn published_is_taken_back_at_once_and_archived_comes_back_held() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let id = file(&app, &world.guard, report(world.dock)).await["id"].as_str().unwrap().to_owned();
        let id = id.as_str();
        verb(&app, &world.admin, id, "publication", json!({ "version": 1 })).await.expect(200);
        read(&app, &world.reader, id).await.expect(200);
        let back = verb(&app, &world.admin, id, "unpublication", json!({ "reason": "wrong site" })).await;
        assert_eq!(back.expect(200).json()["visibility"], "held");
        read(&app, &world.reader, id).await.expect(404);

        verb(&app, &world.admin, id, "publication", json!({ "version": 3 })).await.expect(200);
        verb(&app, &world.admin, id, "archive", json!({})).await.expect(200);
        read(&app, &world.reader, id).await.expect(404);
        for (noun, body) in [
            ("publication", json!({ "version": 5 })),
            ("status", json!({ "status": "active" })),
            ("escalation", json!({})),
            ("assignment", json!({ "assignee": "" })),
        ] {
            verb(&app, &world.admin, id, noun, body).await.expect(409);
        }
        let current = app.get(&world.admin, "/api/v1/incidents").await.expect(200).json();
        assert_eq!(current["items"].as_array().unwrap().len(), 0);
        let archived = app.get(&world.admin, "/api/v1/incidents?archived=true").await.expect(200).json();
        assert_eq!(archived["items"].as_array().unwrap().len(), 1);
        let theirs = app.get(&world.reader, "/api/v1/incidents?archived=true").await.expect(200).json();
        assert_eq!(theirs["items"].as_array().unwrap().len(), 0);
        let restored = verb(&app, &world.admin, id, "restore", json!({})).await.expect(200).json();
        assert_eq!(
            (restored["archived"].as_bool(), restored["visibility"].as_str()),
            (Some(false), Some("held"))
        );

        // The history tells it, newest first; the client side gets none.
        let told = app.get(&world.admin, &format!("/api/v1/incidents/{id}/changes")).await.expect(200).json();
        let acts: Vec<&str> =
            told.as_array().unwrap().iter().map(|c| c["action"].as_str().unwrap()).collect();
        assert_eq!(acts, ["restore", "archive", "publish", "unpublish", "publish", "file"]);
        assert_eq!(told[3]["reason"], "wrong site");
        verb(&app, &world.admin, id, "publication", json!({ "version": 6 })).await.expect(200);
        let none =
            app.get(&world.reader, &format!("/api/v1/incidents/{id}/changes")).await.expect(200).json();
        assert_eq!(none, json!([]));
    }
}

#[tokio::test]
async fn the_preview_names_exactly_those_who_will_see_it_and_what_they_will_see() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let other = app.site(world.org, world.harbour, None, "Dock 5").await;
        app.member(world.org, "Otto Other", "client", &[Target::Site(other)], Some(world.harbour)).await;
        app.member(
            world.org,
            "Hana Harbour",
            "client_user",
            &[Target::Client(world.harbour)],
            Some(world.harbour),
        )
        .await;
        let mut body = report(world.dock);
        body["people"] = json!([{ "name": "Wendy", "part": "witness", "contact": "555", "note": "" }]);
        let id = file(&app, &world.guard, body).await["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/incidents/{id}/publication");
        let preview = app.get(&world.admin, &path).await.expect(200).json();
        let viewers: Vec<&str> =
            preview["viewers"].as_array().unwrap().iter().map(|v| v["name"].as_str().unwrap()).collect();
        assert_eq!(viewers, ["Cleo Client", "Hana Harbour"]);
        assert_eq!(preview["viewers"][0]["roles"], "Client");
        assert_eq!(preview["warnings"], json!([]));
        let page =
            app.get(&world.admin, &format!("/office/incidents/{id}/publication")).await.expect(200).text();
        assert!(page.contains("Cleo Client") && page.contains("Attempted theft at gate B"), "{page}");
        assert!(!page.contains("heard metal") && !page.contains("Wendy"), "{page}");

        // What was previewed is what they get, field by field.
        verb(&app, &world.admin, &id, "publication", json!({})).await.expect(422);
        verb(&app, &world.admin, &id, "publication", json!({ "version": preview["version"] }))
            .await
            .expect(200);
        let seen = read(&app, &world.reader, &id).await.expect(200).json();
        assert_eq!(preview["view"], seen);
    }
}

#[tokio::test]
async fn the_preview_warns_where_nobody_will_see_it() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let lonely = app.site(world.org, world.harbour, None, "Depot").await;
        let mut body = report(lonely);
        body["public_details"] = json!("");
        let id = file(&app, &world.admin, body).await["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/incidents/{id}/publication");
        let warnings = app.get(&world.admin, &path).await.expect(200).json()["warnings"].to_string();
        assert!(warnings.contains("No client account is assigned to Depot"), "{warnings}");
        assert!(warnings.contains("no public details"), "{warnings}");
        let id = file(&app, &world.admin, report(world.dock)).await["id"].as_str().unwrap().to_owned();
        app.switch(world.org, Switch::IncidentReports, false).await;
        let path = format!("/api/v1/incidents/{id}/publication");
        let warnings = app.get(&world.admin, &path).await.expect(200).json()["warnings"].to_string();
        assert!(warnings.contains("is off. Turned on, one client account would see this"), "{warnings}");
    }
}
