//! Leak tests from the office, on both engines.

use axum::Extension;
use serde_json::json;
use testkit::TestApp;

use super::Ground;

/// The program with a place for scratch worlds.
async fn apps() -> Vec<TestApp> {
    let mut all = testkit::apps(crate::features()).await;
    for app in &mut all {
        let ground = Ground(app.database_settings());
        app.layer(Extension(ground));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_starts_one_and_others_do_not_know_of_it() {
    for app in apps().await {
        let org = app.organization("Northwind").await;
        let harbour = app.client(org, "Harbour").await;
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let whole = [access::Target::Organization];
        let admin = app.member(org, "Ada", "customer_admin", &whole, None).await;
        let supervisor = app.member(org, "Sam", "supervisor", &[access::Target::Site(dock)], None).await;
        let client =
            app.member(org, "Cleo", "client_user", &[access::Target::Client(harbour)], Some(harbour)).await;

        for other in [&supervisor, &client] {
            app.get(other, "/api/v1/access-checks").await.expect(404);
            app.json(other, "POST", "/api/v1/access-checks", json!({})).await.expect(403);
        }
        app.json(&admin, "POST", "/api/v1/access-checks", json!({ "quick": "true", "colour": "red" }))
            .await
            .expect(400);

        let made = app
            .json(&admin, "POST", "/api/v1/access-checks", json!({ "quick": "true" }))
            .await
            .expect(201)
            .json();
        let id = made["id"].as_str().unwrap().to_owned();
        // One at a time; the page says so and keeps the list.
        app.json(&admin, "POST", "/api/v1/access-checks", json!({})).await.expect(409);
        let page =
            app.post_form(&admin, "/office/access-checks", &[("quick", "true")]).await.expect(409).text();
        assert!(page.contains("under way already"), "{page}");
        app.get(&admin, &format!("/api/v1/access-checks/{id}/report.json")).await.expect(409);
        app.get(&supervisor, &format!("/api/v1/access-checks/{id}")).await.expect(404);
        app.get(&supervisor, &format!("/api/v1/access-checks/{id}/report.json")).await.expect(404);
        app.get(&admin, &format!("/office/access-checks/{id}")).await.expect(200);
    }
}
