//! Workers through HTTP, on both engines. What each role may is written by hand from ROLES.md.

use access::Target;
use serde_json::json;
use testkit::{Actor, TestApp};

async fn names(app: &TestApp, actor: &Actor, query: &str) -> Vec<String> {
    let listed = app.get(actor, &format!("/api/v1/workers{query}")).await.expect(200).json();
    let items = listed["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_administrator_adds_changes_and_archives_a_worker_with_a_login() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let client = app.client(org, "Harbour").await;
        let gate = app.site(org, client, None, "Gate").await;
        let officer = app.member(org, "Olu Officer", "officer", &[Target::Site(gate)], None).await;
        let cleo = app.member(org, "Cleo", "client_user", &[Target::Client(client)], Some(client)).await;
        let team = app.team(org, "Night").await.to_string();
        let login = officer.membership.to_string();

        let typed = [
            ("name", "Olu O."),
            ("team", team.as_str()),
            ("membership", &login),
            ("phone", "555-1234"),
            ("email", "olu@example.com"),
            ("employee_number", "E-77"),
            ("notes", "Left-handed"),
        ];
        let made = app.post_form(&admin, "/office/workers", &typed).await.expect(303);
        let place = made.header("location").unwrap().to_owned();
        let page = app.get(&admin, &place).await.expect(200).text();
        for shown in ["Olu O.", "Night", "555-1234", "E-77", "Left-handed", "Olu Officer", &login] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert_eq!(names(&app, &admin, "?q=e-77").await, ["Olu O."]);

        // One login is one worker, and nobody of the client side is one.
        let again = json!({ "name": "Somebody", "membership": login });
        let refused = app.json(&admin, "POST", "/api/v1/workers", again).await.expect(422).json();
        assert!(refused["errors"]["membership"][0].as_str().unwrap().contains("another worker"), "{refused}");
        let outsider = json!({ "name": "Somebody", "membership": cleo.membership });
        app.json(&admin, "POST", "/api/v1/workers", outsider).await.expect(422);
        let wrong = app
            .post_form(&admin, "/office/workers", &[("name", "<u>X</u>"), ("email", "x")])
            .await
            .expect(422)
            .text();
        assert!(wrong.contains("&lt;u&gt;X&lt;/u&gt;") && wrong.contains("e-mail address"), "{wrong}");

        app.post_form(&admin, &format!("{place}/archive"), &[]).await.expect(303);
        assert!(names(&app, &admin, "").await.is_empty());
        app.post_form(&admin, &format!("{place}/restore"), &[]).await.expect(303);
        let file = app.get(&admin, "/api/v1/workers/export").await.expect(200).text();
        assert!(file.contains("Olu O.,Night,,olu@example.com,555-1234,E-77,Left-handed,no\r\n"), "{file}");
    }
}

/// ROLES.md: the call center adds and edits officers; it reads no notes, so it cannot lose them either.
#[tokio::test]
async fn the_call_center_edits_a_worker_without_losing_what_it_does_not_see() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let rita = app.member(org, "Rita", "call_center", &[Target::Organization], None).await;
        let body = json!({ "name": "Olu", "notes": "Left-handed", "phone": "1" });
        let made = app.json(&admin, "POST", "/api/v1/workers", body).await.expect(201).json();
        let api = format!("/api/v1/workers/{}", made["id"].as_str().unwrap());

        let seen = app.get(&rita, &api).await.expect(200).json();
        assert!(seen.get("notes").is_none() && seen["phone"] == "1", "{seen}");
        app.json(&rita, "PUT", &api, json!({ "name": "Olu A.", "phone": "2", "version": 1 }))
            .await
            .expect(200);
        let now = app.get(&admin, &api).await.expect(200).json();
        assert_eq!((now["notes"].as_str(), now["phone"].as_str()), (Some("Left-handed"), Some("2")));
        let sneaky = json!({ "name": "Olu A.", "notes": "x", "version": 2 });
        app.json(&rita, "PUT", &api, sneaky).await.expect(422);
        app.json(&rita, "POST", "/api/v1/workers", json!({ "name": "Pia" })).await.expect(201);
        app.json(&rita, "POST", &format!("{api}/archive"), json!({})).await.expect(403);
        app.get(&rita, "/api/v1/workers/export").await.expect(404);
    }
}

#[tokio::test]
async fn each_role_sees_its_workers_and_no_other() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
        let gate = app.site(org, harbour, None, "Gate").await;
        let (day, night) = (app.team(org, "Day").await, app.team(org, "Night").await);
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        for body in [
            json!({ "name": "Dan Day", "team": day, "phone": "555" }),
            json!({ "name": "Nia Night", "team": night }),
            json!({ "name": "Hal Guest", "client": harbour, "phone": "556" }),
            json!({ "name": "Mo Guest", "client": mill }),
        ] {
            app.json(&admin, "POST", "/api/v1/workers", body).await.expect(201);
        }
        let everybody = ["Dan Day", "Hal Guest", "Mo Guest", "Nia Night"];
        let supervisor = app.member(org, "Sue", "supervisor", &[Target::Site(gate)], None).await;
        assert_eq!(names(&app, &supervisor, "").await, everybody);
        // "must not add, delete or modify officers"
        app.json(&supervisor, "POST", "/api/v1/workers", json!({ "name": "X" })).await.expect(403);
        let lead = app.member(org, "Tia", "team_administrator", &[Target::Team(day)], None).await;
        assert_eq!(names(&app, &lead, "").await, ["Dan Day"]);
        app.json(&lead, "POST", "/api/v1/workers", json!({ "name": "Own" })).await.expect(201);
        assert_eq!(names(&app, &lead, "").await, ["Dan Day", "Own"], "the one own team goes without saying");
        app.json(&lead, "POST", "/api/v1/workers", json!({ "name": "X", "team": night })).await.expect(422);

        // A client's administrator keeps its own guests and knows nothing of the organization's people.
        let targets = [Target::Client(harbour)];
        let mia = app.member(org, "Mia", "master_administrator", &targets, Some(harbour)).await;
        assert_eq!(names(&app, &mia, "").await, ["Hal Guest"]);
        let page = app.get(&mia, "/client/workers").await.expect(200).text();
        assert!(page.contains("Hal Guest") && !page.contains("556") && !page.contains("Dan Day"), "{page}");
        let made = app.json(&mia, "POST", "/api/v1/workers", json!({ "name": "New guest", "phone": "557" }));
        let made = made.await.expect(201).json();
        assert_eq!(made["client"], json!(harbour));
        assert!(made.get("phone").is_none(), "{made}");
        let api = format!("/api/v1/workers/{}", made["id"].as_str().unwrap());
        let form = format!("/client/workers/{}/edit", made["id"].as_str().unwrap());
        let form = app.get(&mia, &form).await.expect(200).text();
        assert!(form.contains("Leave it blank to keep it") && !form.contains("557"), "{form}");
        app.json(&mia, "PUT", &api, json!({ "name": "New guest", "version": 1 })).await.expect(200);
        assert_eq!(app.get(&admin, &api).await.expect(200).json()["phone"], "557");
        app.json(&mia, "POST", "/api/v1/workers", json!({ "name": "X", "client": mill })).await.expect(422);

        for (role, client) in
            [("officer", None), ("client_user", Some(harbour)), ("site_user", Some(harbour))]
        {
            let target = if role == "client_user" { Target::Client(harbour) } else { Target::Site(gate) };
            let actor = app.member(org, role, role, &[target], client).await;
            app.get(&actor, "/api/v1/workers").await.expect(404);
            app.get(&actor, &api).await.expect(404);
        }
        let elsewhere = app.organization("Southwatch").await;
        let stranger = app.member(elsewhere, "Sam", "customer_admin", &[Target::Organization], None).await;
        let hidden = app.get(&stranger, &api).await.expect(404);
        let absent =
            app.get(&stranger, &format!("/api/v1/workers/{}", kernel::id::WorkerId::new())).await.expect(404);
        assert_eq!((hidden.bytes, hidden.headers), (absent.bytes, absent.headers));
    }
}
