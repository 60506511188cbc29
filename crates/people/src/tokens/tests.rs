//! Tokens through HTTP, on both engines.

use access::Target;
use axum::body::Body;
use axum::http::Request;

use crate::trial::{PASSWORD, actions, person};

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

/// What somebody sends who has no token yet.
fn asked(email: &str, password: &str) -> serde_json::Value {
    serde_json::json!({ "email": email, "password": password, "name": "Script", "scopes": ["api_token.view"], "days": 7 })
}

async fn exchange(app: &testkit::TestApp, body: &serde_json::Value) -> testkit::Answered {
    let request = Request::builder()
        .method("POST")
        .uri("/api/v1/sign-in")
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    app.send(None, request).await
}

#[tokio::test]
async fn an_address_and_its_password_are_exchanged_for_a_token() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let answer = exchange(&app, &asked(&admin.email, PASSWORD)).await.expect(201);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("set-cookie"), None, "a machine gets no session");
        let made = answer.json();
        assert_eq!(made["scopes"], serde_json::json!(["api_token.view"]));
        let bearer = format!("Bearer {}", made["secret"].as_str().unwrap());
        let get = async |path: &str| {
            let request =
                Request::builder().uri(path).header("authorization", &bearer).body(Body::empty()).unwrap();
            app.send(None, request).await
        };
        get("/api/v1/tokens").await.expect(200);
        get("/api/v1/members").await.expect(404);
        app.clock.advance(std::time::Duration::from_secs(7 * 86_400 + 1));
        get("/api/v1/tokens").await.expect(401);
        assert_eq!(actions(&app, org).await, ["create"]);
        // What a signed-in person may not give a token, this door does not give either.
        let mut wide = asked(&admin.email, PASSWORD);
        wide["scopes"] = serde_json::json!(["incident.fly"]);
        exchange(&app, &wide).await.expect(422);
        let officer = person(&app, org, "Ole Officer", "officer", &[], None).await;
        exchange(&app, &asked(&officer.email, PASSWORD)).await.expect(403);
        // Somebody with two memberships says which one the token acts as.
        let other = app.organization("Southwatch").await;
        let second = app.member(other, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut batch = store::Batch::new();
        batch.run(
            "update memberships set account_id = $1 where id = $2",
            store::params![admin.account, second.membership],
        );
        app.put(batch).await;
        let told = exchange(&app, &asked(&admin.email, PASSWORD)).await.expect(422).text();
        assert!(told.contains(&second.membership.to_string()) && told.contains("Southwatch"), "{told}");
        let mut chosen = asked(&admin.email, PASSWORD);
        chosen["membership"] = serde_json::json!(second.membership);
        let made = exchange(&app, &chosen).await.expect(201).json();
        assert_eq!(made["membership"], serde_json::json!(second.membership));
        chosen["membership"] = serde_json::json!(officer.membership);
        exchange(&app, &chosen).await.expect(422);
    }
}

#[tokio::test]
async fn a_wrong_pair_gets_one_answer_and_guessing_is_slowed_down_as_at_sign_in() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut said = Vec::new();
        for (email, password) in [
            (admin.email.as_str(), "not the password"),
            ("nobody@example.com", PASSWORD),
            ("no address", "x"),
        ] {
            // Nothing else that was sent is judged before it is known who asks.
            let mut body = asked(email, password);
            body["scopes"] = serde_json::json!(["incident.fly"]);
            let answer = exchange(&app, &body).await.expect(422);
            said.push((answer.text(), format!("{:?}", answer.headers)));
        }
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
        for _ in 0..4 {
            exchange(&app, &asked(&admin.email, "not the password")).await.expect(422);
        }
        let late = exchange(&app, &asked(&admin.email, PASSWORD)).await.expect(429);
        assert!(late.header("retry-after").is_some());
        // A form of another site is no JSON.
        let form = Request::builder()
            .method("POST")
            .uri("/api/v1/sign-in")
            .header("content-type", "text/plain")
            .body(Body::from(asked(&admin.email, PASSWORD).to_string()))
            .unwrap();
        app.send(None, form).await.expect(400);
    }
}
