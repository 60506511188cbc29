//! From the field to the client.

use serde_json::json;

use access::Target;
use store::{Batch, params};

use super::{World, fields, file, post, read, report, verb};

#[tokio::test]
async fn a_guard_files_an_administrator_publishes_and_the_right_client_reads() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let form = app.get(&world.guard, "/field/incidents/new").await.expect(200).text();
        // A phone keeps the page, so the present minute is not written into it.
        assert!(form.contains("America/New_York") && form.contains("Left empty: now"), "{form}");
        assert!(!form.contains("2026-11-23T03:00"), "{form}");
        let desk = app.get(&world.admin, &format!("/office/incidents/new?site={}", world.dock)).await;
        assert!(desk.expect(200).text().contains("2026-11-23T03:00"), "the office's form says the minute");
        let filed = post(&app, &world.guard, "/field/incidents", &fields(world.dock)).await.expect(303);
        let place = filed.header("location").unwrap().to_owned();
        assert!(place.starts_with("/field/incidents/inc_"), "{place}");
        let id = place.rsplit('/').next().unwrap().to_owned();

        let own = app.get(&world.guard, "/api/v1/incidents").await.expect(200).json();
        assert_eq!(own["items"].as_array().unwrap().len(), 1, "{own}");
        let listed = app.get(&world.admin, "/office/incidents").await.expect(200).text();
        assert!(listed.contains("Bolt cutters at gate B") && listed.contains("Not published"), "{listed}");
        read(&app, &world.reader, &id).await.expect(404);

        let seen = read(&app, &world.admin, &id).await.expect(200).json();
        assert_eq!((seen["number"].as_i64(), seen["author"].as_str()), (Some(1), Some("Gus Guard")));
        assert_eq!(seen["occurred_at"], "2026-11-23T07:10:00Z");
        let published =
            verb(&app, &world.admin, &id, "publication", json!({ "version": seen["version"] })).await;
        assert_eq!(published.expect(200).json()["visibility"], "released");

        let page = app.get(&world.reader, &format!("/client/incidents/{id}")).await.expect(200).text();
        assert!(page.contains("Attempted theft at gate B, nothing taken."), "{page}");
        for hidden in ["Bolt cutters", "heard metal", "Gus Guard", "#1"] {
            assert!(!page.contains(hidden), "{hidden}: {page}");
        }
        let list = app.get(&world.reader, "/client/incidents").await.expect(200).text();
        assert!(list.contains("Dock 4"), "{list}");
        app.get(&world.stranger, &format!("/client/incidents/{id}")).await.expect(404);
        let theirs = app.get(&world.stranger, "/api/v1/incidents").await.expect(200).json();
        assert_eq!(theirs["items"].as_array().unwrap().len(), 0);
    }
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_is_stored() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let wrong = |name: &str, value: serde_json::Value| {
            let mut body = report(world.dock);
            body[name] = value;
            body
        };
        for (field, value, says) in [
            ("site", json!(""), "choose one of your sites"),
            ("site", json!(world.mall), "choose one of your sites"),
            ("site", json!(kernel::id::SiteId::new()), "choose one of your sites"),
            ("kind", json!(""), "fill this in"),
            ("kind", json!("Witchcraft"), "on the list"),
            ("severity", json!("grave"), "choose one of"),
            ("source", json!("radio"), "choose one of"),
            ("title", json!("  "), "fill this in"),
            ("title", json!("x".repeat(201)), "at most 200"),
            ("narrative", json!("\n"), "say what happened"),
            ("narrative", json!("x".repeat(20_001)), "at most 20000"),
            ("public_details", json!("a\u{0}b"), "control characters"),
            ("place", json!("x".repeat(201)), "at most 200"),
            ("occurred_at", json!("yesterday"), "write a date and a time"),
            ("occurred_at", json!("2026-11-23T04:10"), "in the future"),
            ("occurred_at", json!("0206-11-23T02:10"), "check the year"),
            ("occurred_at", json!("2026-03-08T02:30"), "did not exist"),
            ("occurred_at", json!("2026-11-01T01:30"), "happened twice"),
            ("occurred_pass", json!("third"), "choose one of"),
            ("ended_at", json!("2026-11-23T02:09"), "before it began"),
            ("reported_at", json!("2027-01-01T00:00"), "in the future"),
            ("latitude", json!("91"), "degrees"),
            ("latitude", json!("40.5"), "both numbers"),
            ("latitude", json!("NaN"), "degrees"),
            ("internal_notes", json!("he did it"), "do not let you write internal notes"),
            ("reported_by", json!("Olga"), "do not let you file for somebody else"),
            ("people", json!([{ "name": "", "part": "witness", "note": "x" }]), "person 1: name"),
            ("people", json!([{ "name": "A", "part": "judge" }]), "person 1: part"),
        ] {
            let problem = app
                .json(&world.guard, "POST", "/api/v1/incidents", wrong(field, value.clone()))
                .await
                .expect(422);
            let errors = problem.json()["errors"].clone();
            let text = errors.to_string();
            assert!(text.contains(says), "{field} = {value}: {text}");
        }
        for malformed in ["", "{", "7", "null", "{\"site\":{}}", "{\"people\":7}", "{\"colour\":\"red\"}"] {
            let request = axum::http::Request::post("/api/v1/incidents")
                .header("content-type", "application/json")
                .body(axum::body::Body::from(malformed))
                .unwrap();
            app.send(Some(&world.guard), request).await.expect(400);
        }
        let huge = wrong("narrative", json!("x".repeat(2 * 1024 * 1024)));
        app.json(&world.guard, "POST", "/api/v1/incidents", huge).await.expect(413);

        // The page keeps what was typed, and says what is wrong at the field.
        let mut form = fields(world.dock);
        form[2].1 = "grave".into();
        form[3].1 = "<b>Bolt</b> cutters".into();
        form.push(("person_name", "Wendy \"W\"".into()));
        form.push(("person_part", "victim".into()));
        form.push(("person_contact", String::new()));
        form.push(("person_note", String::new()));
        let page = post(&app, &world.guard, "/field/incidents", &form).await.expect(422).text();
        for kept in
            ["&lt;b&gt;Bolt&lt;/b&gt; cutters", "Wendy &quot;W&quot;", "choose one of", "Two people ran off."]
        {
            assert!(page.contains(kept), "{kept}: {page}");
        }
        let listed = app.get(&world.admin, "/api/v1/incidents").await.expect(200).json();
        assert_eq!(listed["items"], json!([]), "nothing was stored");
    }
}

#[tokio::test]
async fn local_times_are_read_on_the_clock_of_the_site() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let mut body = report(world.dock);
        body["occurred_at"] = json!("2026-11-01T01:30");
        body["occurred_pass"] = json!("second");
        body["ended_at"] = json!("2026-11-01T02:00");
        let filed = file(&app, &world.guard, body).await;
        assert_eq!(filed["occurred_at"], "2026-11-01T06:30:00Z");
        assert_eq!(filed["ended_at"], "2026-11-01T07:00:00Z");
        assert_eq!(filed["reported_at"], "2026-11-23T08:00:00Z");
        // The form of it says which of the two, so that saving it again changes nothing.
        let id = filed["id"].as_str().unwrap();
        let page = app.get(&world.admin, &format!("/office/incidents/{id}/edit")).await.expect(200).text();
        assert!(page.contains("2026-11-01T01:30") && page.contains("value=\"second\" selected"), "{page}");
        // A page that is refused asks which of the two.
        let mut form = fields(world.dock);
        form[5].1 = "2026-11-01T01:30".into();
        let asked = post(&app, &world.guard, "/field/incidents", &form).await.expect(422).text();
        assert!(asked.contains("happened twice") && asked.contains("name=\"occurred_pass\""), "{asked}");
        let mut exact = report(world.dock);
        exact["occurred_at"] = json!("2026-11-01T01:30:15-04:00");
        let exact = file(&app, &world.guard, exact).await;
        assert_eq!(exact["occurred_at"], "2026-11-01T05:30:15Z");
    }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_files_once_and_another_one_is_another_report() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let mut form = fields(world.dock);
        form.push(("once", "K7Q2MX".into()));
        let first = post(&app, &world.guard, "/field/incidents", &form).await.expect(303);
        let again = post(&app, &world.guard, "/field/incidents", &form).await.expect(303);
        assert_eq!(first.header("location"), again.header("location"));
        // Back in the browser, other words: that is another report, and it is not lost.
        form[3].1 = "Ladder at gate A".into();
        let other = post(&app, &world.guard, "/field/incidents", &form).await.expect(303);
        assert_ne!(first.header("location"), other.header("location"));
        let keyed = app.keyed(&world.guard, "/api/v1/incidents", "k1", report(world.dock)).await.expect(201);
        let replayed =
            app.keyed(&world.guard, "/api/v1/incidents", "k1", report(world.dock)).await.expect(201);
        assert_eq!(keyed.json()["id"], replayed.json()["id"]);
        let listed = app.get(&world.admin, "/api/v1/incidents?order=number").await.expect(200).json();
        let numbers: Vec<i64> =
            listed["items"].as_array().unwrap().iter().map(|i| i["number"].as_i64().unwrap()).collect();
        assert_eq!(numbers, [3, 2, 1]);
    }
}

#[tokio::test]
async fn numbers_have_no_gaps_when_many_file_at_once_and_some_are_refused() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        // Two of three share a key, so half of the batches are undone by the key's uniqueness or replayed.
        let calls = (0..24).map(|n| {
            let (app, world) = (&app, &world);
            async move {
                let key = format!("k{}", n / 2);
                app.keyed(&world.guard, "/api/v1/incidents", &key, report(world.dock)).await.status
            }
        });
        let statuses = futures::future::join_all(calls).await;
        assert!(statuses.iter().all(|s| matches!(s, 201 | 409)), "{statuses:?}");
        let listed =
            app.get(&world.admin, "/api/v1/incidents?order=-number&limit=200").await.expect(200).json();
        let numbers: Vec<i64> =
            listed["items"].as_array().unwrap().iter().map(|i| i["number"].as_i64().unwrap()).collect();
        assert_eq!(numbers, (1..=12).collect::<Vec<i64>>());
        let references: std::collections::HashSet<&str> =
            listed["items"].as_array().unwrap().iter().map(|i| i["reference"].as_str().unwrap()).collect();
        assert!(references.len() == 12 && references.iter().all(|r| r.len() == 6));
    }
}

#[tokio::test]
async fn a_call_center_files_what_an_officer_reports() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let center = app.member(world.org, "Cara Call", "call_center", &[Target::Organization], None).await;
        let officer =
            app.member(world.org, "Olga Officer", "officer", &[Target::Site(world.dock)], None).await;
        let team = app.team(world.org, "Tigers").await;
        let (with, without) = (kernel::id::WorkerId::new(), kernel::id::WorkerId::new());
        let mut batch = Batch::new();
        for (id, name, number, member) in [
            (with, "Olga Officer", "1042", Some(officer.membership)),
            (without, "Nils Nologin", "1043", None),
            (kernel::id::WorkerId::new(), "Nils Nologin", "1044", None),
        ] {
            batch.run(
                "insert into workers (id, organization_id, team_id, membership_id, name, search, employee_number, created_at) \
                 values ($1, $2, $3, $4, $5, $6, $7, 0)",
                params![id, world.org, team, member, name, store::fold(name), number],
            );
        }
        app.put(batch).await;
        let behalf = |who: serde_json::Value| {
            let mut body = report(world.dock);
            body["reported_by"] = who;
            body
        };
        let page = app.get(&center, "/office/incidents/new").await.expect(200).text();
        assert!(page.contains("Olga Officer (1042)"), "{page}");
        for typed in [json!("olga officer"), json!("1042"), json!("Olga Officer (1042)"), json!(with)] {
            let filed = file(&app, &center, behalf(typed)).await;
            assert_eq!(
                (filed["author"].as_str(), filed["author_role"].as_str()),
                (Some("Olga Officer"), Some("Officer"))
            );
            assert_eq!(filed["filed_by"], "Cara Call (Call Center Representative)");
            // It is the officer's report: they find it among their own.
            read(&app, &officer, filed["id"].as_str().unwrap()).await.expect(200);
        }
        let unnamed = file(&app, &center, behalf(json!("1043"))).await;
        assert_eq!(
            (unnamed["author"].as_str(), unnamed["author_role"].as_str()),
            (Some("Nils Nologin"), Some(""))
        );
        for (typed, says) in
            [("Nils Nologin", "several workers"), ("Nobody", "no current worker"), ("wor_x", "no current")]
        {
            let wrong =
                app.json(&center, "POST", "/api/v1/incidents", behalf(json!(typed))).await.expect(422);
            assert!(wrong.text().contains(says), "{typed}: {}", wrong.text());
        }
        let own = file(&app, &center, report(world.mall)).await;
        assert_eq!((own["author"].as_str(), own.get("filed_by")), (Some("Cara Call"), None));
        let id = own["id"].as_str().unwrap();
        app.json(&center, "PUT", &format!("/api/v1/incidents/{id}"), report(world.mall)).await.expect(403);
    }
}

#[tokio::test]
async fn many_sites_are_searched_and_one_is_chosen_at_once() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let client = app.client(world.org, "Chain").await;
        let mut batch = Batch::new();
        for n in 0..70 {
            let name = format!("Branch {n:02}");
            batch.run(
                "insert into sites (id, organization_id, client_id, kind, name, name_key, search, zone, created_at) \
                 values ($1, $2, $3, 1, $4, $4, $5, 'Europe/Berlin', 0)",
                params![kernel::id::SiteId::new(), world.org, client, name.as_str(), store::fold(&name)],
            );
        }
        app.put(batch).await;
        let page = app.get(&world.admin, "/office/incidents/new").await.expect(200).text();
        assert!(page.contains("Where did it happen?") && page.contains("There are more"), "{page}");
        let found = app.get(&world.admin, "/office/incidents/new?q=branch+69").await.expect(200).text();
        let link =
            found.split("/office/incidents/new?site=").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let form =
            app.get(&world.admin, &format!("/office/incidents/new?site={link}")).await.expect(200).text();
        assert!(form.contains("Europe/Berlin") && form.contains("2026-11-23T09:00"), "{form}");
        let mut body = report(world.dock);
        body["site"] = json!(link);
        // A patrol site makes a patrol report unless something else is said.
        let filed = file(&app, &world.admin, body.clone()).await;
        assert_eq!((filed["source"].as_str(), filed["client"].as_str()), (Some("patrol"), Some("Chain")));
        body["source"] = json!("occurrence_log");
        assert_eq!(file(&app, &world.admin, body).await["source"], "occurrence_log");
        // Somebody without a site is told what to do about it.
        let nobody = app.member(world.org, "Nora New", "guard", &[], None).await;
        app.get(&nobody, "/field/incidents/new").await.expect(404);
    }
}

#[tokio::test]
async fn the_list_of_types_is_seeded_renamed_and_archived() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let all = app.get(&world.admin, "/api/v1/incidents/types").await.expect(200).json();
        assert_eq!(all.as_array().unwrap().len(), 15);
        let theft = all.as_array().unwrap().iter().find(|t| t["name"] == "Theft").unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let filed = file(&app, &world.guard, report(world.dock)).await;
        let path = format!("/api/v1/incidents/types/{theft}");
        let page = app.get(&world.admin, "/office/incidents/types").await.expect(200).text();
        assert!(page.contains("Trespassing"), "{page}");
        app.json(&world.admin, "PUT", &path, json!({ "name": "Larceny", "version": 1 })).await.expect(200);
        app.json(&world.admin, "PUT", &path, json!({ "name": "Stealing", "version": 1 })).await.expect(409);
        app.json(&world.admin, "PUT", &path, json!({ "name": "Fire", "version": 2 })).await.expect(422);
        app.post_form(&world.admin, "/office/incidents/types", &[("name", " ")]).await.expect(422);
        app.post_form(&world.admin, "/office/incidents/types", &[("name", "Drone")]).await.expect(303);
        app.post_form(&world.admin, &format!("/office/incidents/types/{theft}/archive"), &[])
            .await
            .expect(303);
        // What was filed keeps its word, also when it is changed; a new one cannot take it.
        app.json(&world.guard, "POST", "/api/v1/incidents", report(world.dock)).await.expect(422);
        let mut body = report(world.dock);
        body["version"] = json!(1);
        body["title"] = json!("Cutters");
        let id = filed["id"].as_str().unwrap();
        app.json(&world.admin, "PUT", &format!("/api/v1/incidents/{id}"), body).await.expect(200);
        // The list is a setting; who does not see the settings does not hear of them.
        app.json(&world.guard, "POST", "/api/v1/incidents/types", json!({ "name": "X" })).await.expect(404);
        app.get(&world.reader, "/api/v1/incidents/types").await.expect(404);
    }
}
