//! Post orders through HTTP, on both engines. The tables are written by hand from the roles page.

use serde_json::{Value, json};
use testkit::{TestApp, apps};

use crate::trial::{Company, get, post};

async fn order(app: &TestApp, c: &Company, site: &str) -> Value {
    let body = json!({ "site": site, "title": "Gate B", "body": "Lock it at ten.\n\nCall the dock master." });
    post(app, c.who("supervisor"), "/post-orders", body).await.expect(201).json()
}

fn path(order: &Value) -> String {
    format!("/post-orders/{}", order["id"].as_str().unwrap())
}

#[tokio::test]
async fn whoever_works_there_meets_the_orders_of_the_site_and_nobody_outside() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let made = order(&app, &c, &c.dock.to_string()).await;
        assert_eq!(
            c.who_gets(&app, &path(&made)).await,
            ["customer_admin", "owner", "admin", "supervisor", "officer", "fellow", "guard"]
        );
        for (name, count) in
            [("officer", Some(1)), ("officer elsewhere", Some(0)), ("call_center", None), ("client", None)]
        {
            let answer = get(&app, c.who(name), "/post-orders").await;
            match count {
                Some(count) => assert_eq!(answer.json()["items"].as_array().unwrap().len(), count, "{name}"),
                None => assert_eq!(answer.status, 404, "{name}"),
            }
        }
        // Who may write them where.
        let write = |site: String| json!({ "site": site, "title": "x", "body": "y" });
        for (name, site, status) in [
            ("admin", c.mall, 201),
            ("supervisor", c.dock, 201),
            ("supervisor", c.mall, 422),
            ("officer", c.dock, 404),
            ("call_center", c.dock, 404),
            ("client_user", c.dock, 404),
        ] {
            let answer = post(&app, c.who(name), "/post-orders", write(site.to_string())).await;
            assert_eq!(answer.status, status, "{name}: {}", answer.text());
        }
        for (name, status) in
            [("officer", 403), ("officer elsewhere", 404), ("supervisor", 403), ("admin", 200)]
        {
            let answer = post(&app, c.who(name), &format!("{}/archive", path(&made)), json!({})).await;
            assert_eq!(answer.status, status, "{name}");
        }
        assert_eq!(get(&app, c.who("officer"), &path(&made)).await.json()["archived"], true);
        post(&app, c.who("admin"), &format!("{}/restore", path(&made)), json!({})).await.expect(200);
        for (name, page) in [
            ("supervisor", "/office/post-orders".to_owned()),
            ("supervisor", "/office/post-orders/new".to_owned()),
            ("supervisor", format!("/office{}/edit", path(&made))),
            ("supervisor", format!("/office{}", path(&made))),
            ("officer", "/field/post-orders".to_owned()),
            ("officer", format!("/field{}", path(&made))),
        ] {
            app.get(c.who(name), &page).await.expect(200);
        }
    }
}

#[tokio::test]
async fn each_edition_is_read_anew_and_the_office_sees_who_has_not() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let (boss, officer) = (c.who("supervisor"), c.who("officer"));
        let made = order(&app, &c, &c.dock.to_string()).await;
        let path = path(&made);
        // Administrators and supervisors write such orders; those who work there are to read them.
        let missing = async || {
            let whole = get(&app, boss, &path).await.expect(200).json();
            let names =
                whole["missing"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap().to_owned());
            names.collect::<Vec<_>>()
        };
        assert_eq!(missing().await, ["fellow", "guard", "officer"]);
        let read = async |name: &str, body: Value| {
            post(&app, c.who(name), &format!("{path}/acknowledgement"), body).await
        };
        for wrong in ["", "two", "0", "2", "-1"] {
            let said = read("officer", json!({ "edition": wrong })).await.expect(422).json();
            assert!(said["errors"]["edition"].is_array(), "{said}");
        }
        read("officer", json!({ "edition": 1, "at": "soon" })).await.expect(422);
        read("officer elsewhere", json!({ "edition": 1 })).await.expect(404);
        read("call_center", json!({ "edition": 1 })).await.expect(404);
        // From a phone that had no signal, and once more because the answer was lost.
        for _ in 0..2 {
            let done = read("officer", json!({ "edition": 1, "at": "2026-11-23T07:00:00Z" }))
                .await
                .expect(200)
                .json();
            assert_eq!(
                (&done["read_edition"], &done["read_at"]),
                (&json!(1), &json!("2026-11-23T07:00:00Z"))
            );
        }
        // A clock that is ahead does not read in the future.
        let ahead =
            read("guard", json!({ "edition": 1, "at": "2031-01-01T00:00:00Z" })).await.expect(200).json();
        assert!(ahead["read_at"].as_str().unwrap() < "2026-11-24", "{ahead}");
        assert_eq!(missing().await, ["fellow"]);
        let whole = get(&app, boss, &path).await.expect(200).json();
        assert_eq!(whole["readings"].as_array().unwrap().len(), 2, "once each");
        // Who reads sees no one else's marks.
        let own = get(&app, officer, &path).await.expect(200).json();
        assert_eq!(
            (&own["readings"], &own["missing"], &own["read_edition"]),
            (&json!([]), &json!([]), &json!(1))
        );
        // The same words again are no new edition; other ones are, and have to be read.
        let put = async |body: Value| app.json(boss, "PUT", &format!("/api/v1{path}"), body).await;
        let words = |body: &str, version: i64| json!({ "title": "Gate B", "body": body, "version": version });
        let same = put(words("Lock it at ten.\n\nCall the dock master.", 1)).await.expect(200).json();
        assert_eq!(same["edition"], 1);
        put(words("", 1)).await.expect(422);
        put(words("Lock it at nine.", 7)).await.expect(409);
        let new = put(words("Lock it at nine.", 1)).await.expect(200).json();
        assert_eq!((&new["edition"], &new["editions"][0]["edition"]), (&json!(2), &json!(1)));
        assert_eq!(new["editions"][0]["body"], "Lock it at ten.\n\nCall the dock master.");
        assert_eq!(missing().await, ["fellow", "guard", "officer"]);
        let page = app.get(officer, "/field/post-orders").await.expect(200).text();
        assert!(page.contains("Changed since you read it"), "{page}");
        // A phone that still held the first edition says so truly: it was read, and the second was not.
        let late = read("fellow", json!({ "edition": 1 })).await.expect(200).json();
        assert_eq!((&late["read_edition"], &late["edition"]), (&json!(1), &json!(2)));
        assert_eq!(missing().await, ["fellow", "guard", "officer"]);
        read("fellow", json!({ "edition": 2 })).await.expect(200);
        assert_eq!(missing().await, ["guard", "officer"]);
    }
}
