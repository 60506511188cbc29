//! Areas through HTTP, on both engines.

use access::Target;
use serde_json::json;

#[tokio::test]
async fn an_area_is_added_changed_archived_and_restored() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "administrator", &[Target::Organization], None).await;
        let made = app.post_form(&admin, "/office/areas", &[("name", "Riverside")]).await.expect(303);
        let place = made.header("location").unwrap().to_owned();
        let id: kernel::id::AreaId = place.rsplit('/').next().unwrap().parse().unwrap();
        let harbour = app.client(org, "Harbour").await;
        app.site(org, harbour, Some(id), "Gate").await;
        let page = app.get(&admin, &place).await.expect(200).text();
        assert!(page.contains("Riverside") && page.contains("Gate"), "{page}");

        let wrong = app.post_form(&admin, "/office/areas", &[("name", "  ")]).await.expect(422).text();
        assert!(wrong.contains("fill this in"), "{wrong}");
        let body = json!({ "name": "Waterside", "version": 1 });
        app.json(&admin, "PUT", &format!("/api/v1/areas/{id}"), body).await.expect(200);

        app.post_form(&admin, &format!("{place}/archive"), &[]).await.expect(303);
        let listed = app.get(&admin, "/api/v1/areas").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 0);
        // Its sites keep it, and the form of such a site still holds it.
        let sites = app.get(&admin, "/api/v1/sites").await.expect(200).json();
        assert_eq!(sites["items"][0]["area_name"], "Waterside");
        let new = json!({ "client": harbour, "kind": "static", "name": "New", "zone": "UTC", "area": id });
        app.json(&admin, "POST", "/api/v1/sites", new).await.expect(422);
        app.post_form(&admin, &format!("{place}/restore"), &[]).await.expect(303);
        let listed = app.get(&admin, "/api/v1/areas").await.expect(200).json();
        assert_eq!(listed["items"][0]["name"], "Waterside");
    }
}

/// ROLES.md: an area administrator has settings of the assigned areas only.
#[tokio::test]
async fn an_area_administrator_knows_the_own_area_only() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let (north, south) = (app.area(org, "North").await, app.area(org, "South").await);
        let lea = app.member(org, "Lea", "area_administrator", &[Target::Area(north)], None).await;
        let listed = app.get(&lea, "/api/v1/areas").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        let body = json!({ "name": "Far north", "version": 1 });
        app.json(&lea, "PUT", &format!("/api/v1/areas/{north}"), body).await.expect(200);
        app.json(&lea, "POST", &format!("/api/v1/areas/{north}/archive"), json!({})).await.expect(403);
        app.json(&lea, "POST", "/api/v1/areas", json!({ "name": "East" })).await.expect(403);
        let hidden = app.get(&lea, &format!("/api/v1/areas/{south}")).await.expect(404);
        let absent = app.get(&lea, &format!("/api/v1/areas/{}", kernel::id::AreaId::new())).await.expect(404);
        assert_eq!((hidden.bytes, hidden.headers), (absent.bytes, absent.headers));
        let client = app.client(org, "Harbour").await;
        let cleo = app.member(org, "Cleo", "client_user", &[Target::Client(client)], Some(client)).await;
        app.get(&cleo, &format!("/api/v1/areas/{north}")).await.expect(404);
        app.get(&cleo, "/api/v1/areas").await.expect(404);
    }
}
