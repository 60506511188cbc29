//! Tokens through HTTP, on both engines.

use access::Target;
use axum::body::Body;
use axum::http::Request;

#[tokio::test]
async fn a_token_holds_its_scopes_and_never_more_than_its_owner() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let page = app
            .post_form(
                &admin,
                "/office/tokens",
                &[("name", "Payroll"), ("days", "30"), ("scopes", "api_token.view")],
            )
            .await
            .expect(200)
            .text();
        let secret = page
            .split("data-copy=\"")
            .nth(1)
            .and_then(|s| s.split('"').next())
            .unwrap_or_default()
            .to_owned();
        let ask = async |method: &str, path: &str| {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("authorization", format!("Bearer {secret}"))
                .body(Body::empty())
                .unwrap();
            app.send(None, request).await
        };
        let listed = ask("GET", "/api/v1/tokens").await.expect(200).json();
        let own =
            listed["items"].as_array().unwrap().iter().find(|t| t["name"] == "Payroll").unwrap().clone();
        assert_eq!(own["scopes"], serde_json::json!(["api_token.view"]));
        assert!(!listed.to_string().contains(&secret), "the secret is shown once");
        // Within its scope it reads; it cannot revoke, and it opens no portal.
        let path = format!("/api/v1/tokens/{}/revocation", own["id"].as_str().unwrap());
        ask("POST", &path).await.expect(403);
        ask("GET", "/api/v1/members").await.expect(404);
        ask("GET", "/office/tokens").await.expect(303);

        // What the owner loses, the token loses with the next request.
        app.take_all(&admin).await;
        ask("GET", "/api/v1/tokens").await.expect(404);
        app.give(&admin, "customer_admin", &[Target::Organization]).await;
        ask("GET", "/api/v1/tokens").await.expect(200);
        app.post_form(&admin, &format!("/office/tokens/{}/revocation", own["id"].as_str().unwrap()), &[])
            .await
            .expect(303);
        ask("GET", "/api/v1/tokens").await.expect(401);
    }
}

#[tokio::test]
async fn a_scope_that_is_not_held_is_refused_and_nothing_is_made() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let supervisor = app.member(org, "Sue Visor", "supervisor", &[], None).await;
        let fields = [("name", "X"), ("days", "400"), ("scopes", "incident.fly")];
        let page = app.post_form(&admin, "/office/tokens", &fields).await.expect(422).text();
        assert!(page.contains("you do not hold incident.fly") && page.contains("1 to 365"), "{page}");
        app.post_form(&admin, "/office/tokens", &[("name", "X")]).await.expect(422);
        app.get(&supervisor, "/office/tokens/new").await.expect(404);
        let listed = app.get(&admin, "/api/v1/tokens").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2, "only the two test tokens");
    }
}

/// A token's end is an instant, not a cache's guess.
#[tokio::test]
async fn a_token_ends_when_its_days_are_over() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        app.get(&admin, "/api/v1/tokens").await.expect(200);
        app.clock.advance(std::time::Duration::from_secs(31 * 86_400));
        app.get(&admin, "/api/v1/tokens").await.expect(401);
    }
}
