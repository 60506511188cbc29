//! Checkpoints through HTTP, on both engines. The tables are written by hand from the roles page.

use kernel::id::CheckpointId;
use serde_json::{Value, json};
use testkit::{Actor, TestApp, apps};

use super::code;
use crate::trial::{Company, get, meets, post};

async fn make(app: &TestApp, who: &Actor, site: &str, name: &str) -> Value {
    post(app, who, "/checkpoints", json!({ "site": site, "name": name })).await.expect(201).json()
}

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_role_meets_the_checkpoints_of_its_sites() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("customer_admin");
        let here = id(&make(&app, admin, &c.dock.to_string(), "North gate").await);
        let there = id(&make(&app, admin, &c.mall.to_string(), "Pump").await);
        let kinds: Vec<(&str, String)> =
            vec![("here", format!("/checkpoints/{here}")), ("there", format!("/checkpoints/{there}"))];
        const BOTH: &[&str] = &["here", "there"];
        // The call center has nothing to do with rounds; the client side meets what was scanned, never the plan of it.
        meets(
            &app,
            &c,
            &kinds,
            &[
                ("customer_admin", BOTH),
                ("owner", BOTH),
                ("admin", BOTH),
                ("supervisor", &["here"]),
                ("supervisor elsewhere", &["there"]),
                ("officer", &["here"]),
                ("fellow", &["here"]),
                ("guard", &["here"]),
                ("officer elsewhere", &["there"]),
            ],
        )
        .await;
        // Supervisors see the plan of rounds; only administrators change it, export it and meet its codes.
        let sheet = format!("/checkpoints/sheet?site={}", c.dock);
        for (name, creates, exports, codes) in [
            ("customer_admin", 201, 200, 200),
            ("owner", 201, 200, 200),
            ("admin", 201, 200, 200),
            ("supervisor", 403, 403, 403),
            ("officer", 403, 403, 403),
            ("call_center", 404, 404, 404),
            ("client_user", 404, 404, 404),
            ("client", 404, 404, 404),
        ] {
            let who = c.who(name);
            let body = json!({ "site": c.dock.to_string(), "name": format!("By {name}") });
            assert_eq!(post(&app, who, "/checkpoints", body).await.status, creates, "{name} creates");
            assert_eq!(get(&app, who, "/checkpoints/export").await.status, exports, "{name} exports");
            assert_eq!(get(&app, who, &sheet).await.status, codes, "{name} reads codes");
        }
        // Another organization's administrator: as if there were none of it.
        let stranger = c.who("stranger");
        assert_eq!(get(&app, stranger, &sheet).await.status, 404);
        let body = json!({ "site": c.dock.to_string(), "name": "Mine" });
        let said = post(&app, stranger, "/checkpoints", body).await.expect(422).json();
        assert!(said["errors"]["site"].is_array(), "{said}");
        for verb in ["archive", "restore", "code"] {
            post(&app, stranger, &format!("/checkpoints/{here}/{verb}"), json!({})).await.expect(404);
            post(&app, c.who("supervisor"), &format!("/checkpoints/{here}/{verb}"), json!({}))
                .await
                .expect(403);
        }
    }
}

#[tokio::test]
async fn a_checkpoint_is_made_changed_put_away_and_brought_back() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("admin");
        let dock = c.dock.to_string();
        let made = app
            .post_form(
                admin,
                "/office/checkpoints",
                &[
                    ("site", &dock),
                    ("name", " North gate "),
                    ("latitude", "40.7"),
                    ("longitude", "-74"),
                    ("question", "What does the gauge say?"),
                ],
            )
            .await
            .expect(303);
        let place = made.header("location").unwrap().to_owned();
        let page = app.get(admin, &place).await.expect(200).text();
        assert!(page.contains("North gate") && page.contains("What does the gauge say?"), "{page}");
        let one = place.rsplit('/').next().unwrap().to_owned();
        let read = get(&app, admin, &format!("/checkpoints/{one}")).await.expect(200).json();
        assert_eq!(
            (&read["radius_m"], &read["place"], &read["site"]),
            (&json!(30.0), &json!(1), &json!("Dock 4"))
        );
        // The next one stands behind it; one of the same name is refused here and free elsewhere.
        assert_eq!(make(&app, admin, &dock, "Pump").await["place"], 2);
        let same = json!({ "site": dock, "name": "Pump" });
        let said = post(&app, admin, "/checkpoints", same).await.expect(422).json();
        assert!(said["errors"]["name"][0].as_str().unwrap().contains("already"), "{said}");
        make(&app, admin, &c.mall.to_string(), "Pump").await;
        for (body, field) in [
            (json!({ "site": dock, "name": "" }), "name"),
            (json!({ "site": "", "name": "X" }), "site"),
            (json!({ "site": dock, "name": "X", "latitude": "91", "longitude": "0" }), "latitude"),
            (json!({ "site": dock, "name": "X", "latitude": "40.7" }), "latitude"),
            (json!({ "site": dock, "name": "X", "radius_m": "2" }), "radius_m"),
            (json!({ "site": dock, "name": "X", "radius_m": "NaN" }), "radius_m"),
            (json!({ "site": dock, "name": "X", "place": "0" }), "place"),
        ] {
            let said = post(&app, admin, "/checkpoints", body.clone()).await.expect(422).json();
            assert!(said["errors"][field].is_array(), "{body}: {said}");
        }
        let api = format!("/api/v1/checkpoints/{one}");
        let body = json!({ "name": "South gate", "place": 7, "version": 1 });
        let changed = app.json(admin, "PUT", &api, body.clone()).await.expect(200).json();
        assert_eq!((&changed["name"], &changed["place"]), (&json!("South gate"), &json!(7)));
        assert_eq!(changed["latitude"], Value::Null, "a change is the whole of it");
        app.json(admin, "PUT", &api, body).await.expect(409);
        let moved = json!({ "name": "South gate", "site": c.mall.to_string(), "version": 2 });
        app.json(admin, "PUT", &api, moved).await.expect(422);
        post(&app, admin, &format!("/checkpoints/{one}/archive"), json!({})).await.expect(200);
        let list = get(&app, admin, &format!("/checkpoints?site={dock}")).await.expect(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        let archived = get(&app, admin, "/checkpoints?archived=true").await.expect(200).json();
        assert_eq!(archived["items"][0]["name"], "South gate");
        post(&app, admin, &format!("/checkpoints/{one}/restore"), json!({})).await.expect(200);
        // In the order of the round, not of the alphabet.
        let list = get(&app, admin, &format!("/checkpoints?site={dock}")).await.expect(200).json();
        let names: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|i| i["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Pump", "South gate"]);
        let file = get(&app, admin, "/checkpoints/export").await.expect(200).text();
        assert!(file.contains("Dock 4,2,Pump") && !file.contains("code"), "{file}");
        for path in [
            "/office/checkpoints",
            "/office/checkpoints/new",
            &format!("{place}/edit"),
            &format!("{place}/journal"),
        ] {
            let status = app.get(admin, path).await.status;
            assert!(status == 200 || path.ends_with("journal"), "{path}: {status}");
        }
        app.get(c.who("supervisor"), &format!("{place}/edit")).await.expect(403);
    }
}

#[tokio::test]
async fn codes_are_signed_and_can_be_renewed() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("customer_admin");
        let one = make(&app, admin, &c.dock.to_string(), "North gate").await;
        make(&app, admin, &c.mall.to_string(), "Pump").await;
        let path = format!("/checkpoints/sheet?site={}", c.dock);
        let sheet = get(&app, admin, &path).await.expect(200).json();
        assert_eq!(sheet["codes"].as_array().unwrap().len(), 1, "of this site alone: {sheet}");
        let first = sheet["codes"][0].clone();
        let typed = first["code"].as_str().unwrap();
        assert!(typed.len() == 9 && typed.as_bytes()[4] == b'-', "{typed}");
        let link = first["link"].as_str().unwrap();
        let store = &app.app.store;
        let known: CheckpointId = id(&one).parse().unwrap();
        assert_eq!(code::read(store, code::word_of(link)), Some((known, 1)));
        // A letter changed is nobody's code, and so is a code of another purpose.
        let mut bent = code::word_of(link).to_owned().into_bytes();
        bent[3] = if bent[3] == b'A' { b'B' } else { b'A' };
        assert_eq!(code::read(store, &String::from_utf8(bent).unwrap()), None);
        assert_eq!(code::read(store, &store.seal("unsubscribe", known.uuid().as_bytes())), None);
        let page = app.get(admin, &format!("/office{path}")).await.expect(200).text();
        assert!(page.contains(typed) && page.contains("<svg class=\"qr\""), "{page}");
        // Nothing else gives codes away: no page, no list, no file, no journal.
        post(&app, admin, &format!("/checkpoints/{known}/code"), json!({})).await.expect(200);
        let renewed = get(&app, admin, &path).await.expect(200).json()["codes"][0].clone();
        assert_ne!(renewed["code"], first["code"]);
        assert_ne!(renewed["link"], first["link"]);
        for path in [
            format!("/api/v1/checkpoints/{known}"),
            "/api/v1/checkpoints".to_owned(),
            "/api/v1/checkpoints/export".to_owned(),
            format!("/office/checkpoints/{known}"),
        ] {
            let text = app.get(admin, &path).await.expect(200).text();
            for secret in [&renewed["code"], &renewed["link"]] {
                assert!(!text.contains(secret.as_str().unwrap()), "{path}");
            }
        }
        get(&app, admin, "/checkpoints/sheet?site=nowhere").await.expect(400);
        let none = get(&app, admin, "/checkpoints/sheet").await.expect(200).json();
        assert_eq!(none["codes"], json!([]), "no site, no codes");
    }
}
