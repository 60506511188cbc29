//! Tours through HTTP, on both engines. The tables are written by hand from the roles page.

use serde_json::{Value, json};
use testkit::apps;

use crate::trial::{Company, get, meets, post};

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_role_meets_the_tours_of_its_sites() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("owner");
        let mut kinds = Vec::new();
        for (kind, site) in [("here", c.dock), ("there", c.mall)] {
            let site = site.to_string();
            let body = json!({ "site": site, "name": "Gate" });
            post(&app, admin, "/checkpoints", body).await.expect(201);
            let made = post(&app, admin, "/tours", json!({ "site": site, "name": "Round" }))
                .await
                .expect(201)
                .json();
            kinds.push((kind, format!("/tours/{}", id(&made))));
        }
        const BOTH: &[&str] = &["here", "there"];
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
        // Administrators plan; supervisors see; whoever may scan is told what is due, and nobody else.
        for (name, creates, due) in [
            ("customer_admin", 201, 200),
            ("admin", 201, 200),
            ("supervisor", 403, 200),
            ("officer", 403, 200),
            ("guard", 403, 200),
            ("call_center", 404, 404),
            ("client_user", 404, 404),
            ("client", 404, 404),
        ] {
            let who = c.who(name);
            let body = json!({ "site": c.dock.to_string(), "name": format!("By {name}") });
            assert_eq!(post(&app, who, "/tours", body).await.status, creates, "{name} creates");
            let seen = get(&app, who, "/tours/due").await;
            assert_eq!(seen.status, due, "{name} is told");
            if name == "guard" {
                assert_eq!(seen.json()["tours"].as_array().unwrap().len(), 3, "of the dock alone");
            }
        }
        let path = kinds[0].1.clone();
        for (name, status) in [("stranger", 404), ("supervisor", 403), ("officer elsewhere", 404)] {
            for verb in ["archive", "restore"] {
                let answer = post(&app, c.who(name), &format!("{path}/{verb}"), json!({})).await;
                assert_eq!(answer.status, status, "{name} {verb}");
            }
        }
        post(&app, c.who("stranger"), &format!("{path}/walks"), json!({})).await.expect(404);
        post(&app, c.who("officer elsewhere"), &format!("{path}/walks"), json!({})).await.expect(404);
    }
}

#[tokio::test]
async fn a_tour_is_made_changed_put_away_and_brought_back() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("admin");
        let dock = c.dock.to_string();
        let none = json!({ "site": dock, "name": "Round" });
        let said = post(&app, admin, "/tours", none).await.expect(422).json();
        assert!(said["errors"]["stops"].to_string().contains("no checkpoints yet"), "{said}");
        let mut stops = Vec::new();
        for (site, name) in [(&dock, "Gate"), (&dock, "Pump"), (&c.mall.to_string(), "Lift")] {
            let body = json!({ "site": site, "name": name });
            stops.push(id(&post(&app, admin, "/checkpoints", body).await.expect(201).json()));
        }
        let form = [
            ("site", dock.as_str()),
            ("name", "Night round"),
            ("stops", &stops[1]),
            ("stops", &stops[0]),
            ("ordered", "on"),
            ("rhythm", "windows"),
            ("windows", "22:00-23:00\r\n01:00-02:00"),
        ];
        let made = app.post_form(admin, "/office/tours", &form).await.expect(303);
        let place = made.header("location").unwrap().to_owned();
        let page = app.get(admin, &place).await.expect(200).text();
        assert!(page.contains("01:00–02:00, 22:00–23:00"), "{page}");
        let one = place.rsplit('/').next().unwrap().to_owned();
        let read = get(&app, admin, &format!("/tours/{one}")).await.expect(200).json();
        let names: Vec<&str> =
            read["stops"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
        assert_eq!((names, &read["ordered"]), (vec!["Pump", "Gate"], &json!(true)));
        for (more, field) in [
            (json!({ "name": "" }), "name"),
            (json!({ "stops": [stops[2]] }), "stops"),
            (json!({ "stops": [stops[0], stops[0]] }), "stops"),
            (json!({ "stops": ["nothing"] }), "stops"),
            (json!({ "rhythm": "monthly" }), "rhythm"),
            (json!({ "rhythm": "windows", "windows": "late" }), "windows"),
            (json!({ "rhythm": "interval", "every_minutes": "5" }), "every_minutes"),
            (json!({ "rhythm": "interval", "every_minutes": "60", "begins": "25:00" }), "begins"),
            (json!({ "most_minutes": "0" }), "most_minutes"),
            (json!({ "least_seconds": "-1" }), "least_seconds"),
            (json!({ "site": "nowhere" }), "site"),
        ] {
            let mut body = json!({ "site": dock, "name": "Round" });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let said = post(&app, admin, "/tours", body).await.expect(422).json();
            assert!(said["errors"][field].is_array(), "{more}: {said}");
        }
        let api = format!("/api/v1/tours/{one}");
        let body = json!({ "name": "Day round", "stops": [stops[0]], "version": 1 });
        let changed = app.json(admin, "PUT", &api, body.clone()).await.expect(200).json();
        assert_eq!((&changed["name"], &changed["rhythm"]), (&json!("Day round"), &json!("free")));
        assert_eq!(changed["stops"].as_array().unwrap().len(), 1);
        app.json(admin, "PUT", &api, body).await.expect(409);
        post(&app, admin, &format!("/tours/{one}/archive"), json!({})).await.expect(200);
        let list = get(&app, admin, "/tours").await.expect(200).json();
        assert_eq!(list["items"], json!([]));
        post(&app, c.who("officer"), &format!("/tours/{one}/walks"), json!({})).await.expect(409);
        post(&app, admin, &format!("/tours/{one}/restore"), json!({})).await.expect(200);
        // An archived checkpoint is no stop any more.
        post(&app, admin, &format!("/checkpoints/{}/archive", stops[0]), json!({})).await.expect(200);
        let left = get(&app, admin, &format!("/tours/{one}")).await.expect(200).json();
        assert_eq!(left["stops"], json!([]));
        let empty = post(&app, c.who("officer"), &format!("/tours/{one}/walks"), json!({})).await.expect(409);
        assert!(empty.text().contains("no stops"), "{}", empty.text());
        for path in [
            "/office/tours",
            "/office/tours/new",
            &format!("/office/tours/new?site={dock}"),
            &format!("{place}/edit"),
        ] {
            app.get(admin, path).await.expect(200);
        }
    }
}
