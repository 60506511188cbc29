//! Teams through HTTP, on both engines.

use access::Target;
use serde_json::json;

#[tokio::test]
async fn an_administrator_adds_changes_and_archives_a_team() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;

        let made = app
            .post_form(&admin, "/office/teams", &[("name", " Night shift "), ("kind", "department")])
            .await
            .expect(303);
        let place = made.header("location").unwrap().to_owned();
        let page = app.get(&admin, &place).await.expect(200).text();
        assert!(page.contains("Night shift"), "{page}");

        let id = place.rsplit('/').next().unwrap();
        let api = format!("/api/v1/teams/{id}");
        let body = json!({ "name": "Night shift", "kind": "shop", "version": 1 });
        let changed = app.json(&admin, "PUT", &api, body.clone()).await.expect(200).json();
        assert_eq!((changed["kind"].as_str(), changed["version"].as_i64()), (Some("shop"), Some(2)));
        // Whoever read version 1 is told, and nothing is lost.
        app.json(&admin, "PUT", &api, body).await.expect(409);

        app.post_form(&admin, &format!("{place}/archive"), &[]).await.expect(303);
        let listed = app.get(&admin, "/api/v1/teams").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 0);
        app.post_form(&admin, &format!("{place}/restore"), &[]).await.expect(303);
        let listed = app.get(&admin, "/api/v1/teams").await.expect(200).json();
        assert_eq!(listed["items"][0]["name"], "Night shift");
    }
}

#[tokio::test]
async fn a_form_that_is_refused_keeps_what_was_typed() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        app.team(org, "Yard").await;

        let page = app
            .post_form(&admin, "/office/teams", &[("name", "<b>Dock</b>"), ("kind", "herd")])
            .await
            .expect(422)
            .text();
        assert!(page.contains("&lt;b&gt;Dock&lt;/b&gt;") && page.contains("choose one of"), "{page}");
        let problem = app
            .json(&admin, "POST", "/api/v1/teams", json!({ "name": "Yard", "kind": "shop" }))
            .await
            .expect(422);
        assert_eq!(problem.header("content-type"), Some("application/problem+json"));
        assert!(problem.json()["errors"]["name"][0].as_str().unwrap().contains("already"));
        app.json(&admin, "POST", "/api/v1/teams", json!({ "name": "X", "kind": "shop", "colour": "red" }))
            .await
            .expect(400);
        let listed = app.get(&admin, "/api/v1/teams").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "nothing was stored");
    }
}

#[tokio::test]
async fn a_team_of_another_organization_or_of_no_concern_answers_like_none() {
    for app in testkit::apps(crate::features()).await {
        let (org, other) = (app.organization("Northwatch").await, app.organization("Southwatch").await);
        let mine = app.team(org, "Mine").await;
        let theirs = app.team(other, "Theirs").await;
        let manager = app.member(org, "Tia Team", "team_work_manager", &[Target::Team(mine)], None).await;
        let client = app.client(org, "Harbour").await;
        let outsider =
            app.member(org, "Cleo Client", "client_user", &[Target::Client(client)], Some(client)).await;

        app.get(&manager, &format!("/office/teams/{mine}")).await.expect(200);
        let absent =
            app.get(&manager, &format!("/api/v1/teams/{}", kernel::id::TeamId::new())).await.expect(404);
        let hidden = app.get(&manager, &format!("/api/v1/teams/{theirs}")).await.expect(404);
        assert_eq!(absent.bytes, hidden.bytes);
        assert_eq!(absent.headers, hidden.headers);
        // Seeing is not changing: the reason is said.
        let refused =
            app.post_form(&manager, &format!("/office/teams/{mine}/archive"), &[]).await.expect(403).text();
        assert!(refused.contains("None of your roles lets you delete teams"), "{refused}");

        app.get(&outsider, "/api/v1/teams").await.expect(404);
        app.get(&outsider, &format!("/api/v1/teams/{mine}")).await.expect(404);
        app.get(&outsider, "/office/teams").await.expect(404);
        app.get_open("/api/v1/teams").await.expect(401);
    }
}

#[tokio::test]
async fn an_idempotency_key_makes_one_team() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let first = app.keyed(&admin, "/api/v1/teams", "k1", request("Dock")).await.expect(201);
        let again = app.keyed(&admin, "/api/v1/teams", "k1", request("Dock")).await.expect(201);
        assert_eq!(
            (first.bytes, first.headers["location"].clone()),
            (again.bytes, again.headers["location"].clone())
        );
        app.keyed(&admin, "/api/v1/teams", "k1", request("Yard")).await.expect(409);
        let listed = app.get(&admin, "/api/v1/teams").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    }
}

fn request(name: &str) -> serde_json::Value {
    json!({ "name": name, "kind": "shop" })
}
