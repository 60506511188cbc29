//! Contractors through HTTP, on both engines.

use access::Target;
use serde_json::{Value, json};
use testkit::{Actor, TestApp};

async fn names(app: &TestApp, actor: &Actor) -> Vec<String> {
    let listed = app.get(actor, "/api/v1/contractors").await.expect(200).json();
    let items = listed["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

async fn add(app: &TestApp, actor: &Actor, body: Value) -> testkit::Answered {
    app.json(actor, "POST", "/api/v1/contractors", body).await
}

/// ROLES.md, Service: a client's administrators add guest contractors, managers only with the extra permission.
#[tokio::test]
async fn a_client_adds_its_guests_and_sees_no_others() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
        let dock = app.site(org, harbour, None, "Dock").await;
        let master =
            app.member(org, "Mia", "master_administrator", &[Target::Client(harbour)], Some(harbour)).await;
        let other =
            app.member(org, "Milo", "master_administrator", &[Target::Client(mill)], Some(mill)).await;
        let manager = app.member(org, "Max", "site_manager", &[Target::Site(dock)], Some(harbour)).await;
        let basic = app.member(org, "Bea", "basic_user", &[Target::Site(dock)], Some(harbour)).await;

        let made = app
            .post_form(
                &master,
                "/client/contractors",
                &[("name", "Ridgeway"), ("contact_email", "a@ridgeway.example")],
            )
            .await
            .expect(303);
        let place = made.header("location").unwrap().to_owned();
        let page = app.get(&master, &place).await.expect(200).text();
        assert!(
            page.contains("Ridgeway")
                && page.contains("Guest of a client")
                && page.contains("Invite its people"),
            "{page}"
        );
        // The same name at another client is nobody's business, and makes another team.
        add(&app, &other, json!({ "name": "Ridgeway" })).await.expect(201);
        add(&app, &other, json!({ "name": "Ridgeway" })).await.expect(422);
        assert_eq!(
            (names(&app, &master).await, names(&app, &other).await),
            (vec!["Ridgeway".into()], vec!["Ridgeway".into()])
        );
        assert_eq!(names(&app, &ada).await.len(), 2);
        let teams = app.get(&ada, "/api/v1/teams").await.expect(200).json();
        let teams: Vec<&str> =
            teams["items"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
        assert_eq!(teams, ["Ridgeway", "Ridgeway (2)"]);

        // A manager needs the extra permission.
        app.get(&manager, "/client/contractors").await.expect(404);
        add(&app, &manager, json!({ "name": "Quick Fix" })).await.expect(403);
        app.give(&manager, "guest_manager", &[Target::Site(dock)]).await;
        add(&app, &manager, json!({ "name": "Quick Fix" })).await.expect(201);
        assert_eq!(names(&app, &manager).await, ["Quick Fix", "Ridgeway"]);
        assert_eq!(names(&app, &other).await, ["Ridgeway"]);
        app.get(&basic, "/client/contractors").await.expect(404);
        add(&app, &basic, json!({ "name": "Mine" })).await.expect(403);
        // Nobody outside the staff takes on subcontractors, nor adds a guest of another client.
        add(&app, &master, json!({ "name": "Sub", "subcontractor": true })).await.expect(422);
        let foreign = add(&app, &master, json!({ "name": "Sub", "client": mill })).await.expect(422);
        let absent = add(&app, &master, json!({ "name": "Sub", "client": kernel::id::ClientId::new() }))
            .await
            .expect(422);
        assert_eq!(foreign.bytes, absent.bytes);
        add(&app, &ada, json!({ "name": "Sub" })).await.expect(422);
        add(&app, &ada, json!({ "name": "Sub", "subcontractor": true })).await.expect(201);
        assert_eq!(names(&app, &master).await, ["Quick Fix", "Ridgeway"]);

        let api = format!("/api/v1{}", place.strip_prefix("/client").unwrap());
        let hidden = app.get(&other, &api).await.expect(404);
        let absent = app
            .get(&other, &format!("/api/v1/contractors/{}", kernel::id::ContractorId::new()))
            .await
            .expect(404);
        assert_eq!((hidden.bytes, hidden.headers), (absent.bytes, absent.headers));
        app.json(&other, "PUT", &api, json!({ "name": "Theirs", "version": 1 })).await.expect(404);
        // The extra permission does not delete; a client's administrator does, and brings back.
        app.json(&manager, "POST", &format!("{api}/archive"), json!({})).await.expect(403);
        app.json(&master, "PUT", &api, json!({ "name": "Ridgeway Ltd", "version": 1 })).await.expect(200);
        app.json(&master, "PUT", &api, json!({ "name": "Ridgeway Ltd", "version": 1 })).await.expect(409);
        app.json(&master, "POST", &format!("{api}/archive"), json!({})).await.expect(200);
        assert_eq!(names(&app, &master).await, ["Quick Fix"]);
        app.json(&master, "POST", &format!("{api}/restore"), json!({})).await.expect(200);
        let elsewhere = app.organization("Southwatch").await;
        let stranger = app.member(elsewhere, "Sam", "customer_admin", &[Target::Organization], None).await;
        app.get(&stranger, &api).await.expect(404);
        let page = app
            .post_form(&master, "/client/contractors", &[("name", ""), ("phone", "1")])
            .await
            .expect(422)
            .text();
        assert!(page.contains("fill this in") && page.contains("value=\"1\""), "{page}");
    }
}
