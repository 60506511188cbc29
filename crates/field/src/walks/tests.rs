//! Walks through HTTP, on both engines. The tables are written by hand from the roles page.

use std::time::Duration;

use access::Switch;
use serde_json::{Value, json};
use store::{Batch, params};
use testkit::{Actor, Answered, TestApp, apps};

use crate::trial::{Company, get, meets, post};

const MINUTE: u64 = 60;

/// A tour along three checkpoints of the dock, with their codes as they stand on the wall.
struct Round {
    tour: String,
    gate: String,
    stops: Vec<String>,
    codes: Vec<(String, String)>,
}

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_owned()
}

async fn checkpoints(app: &TestApp, c: &Company, site: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (name, latitude, question) in
        [("Gate", "40.70", ""), ("Pump", "40.71", "What does the gauge say?"), ("Roof", "40.72", "")]
    {
        let body = json!({
            "site": site, "name": name, "latitude": latitude, "longitude": "-74.0", "radius_m": 30, "question": question,
        });
        all.push(id(&post(app, c.who("customer_admin"), "/checkpoints", body).await.expect(201).json()));
    }
    all
}

async fn round(app: &TestApp, c: &Company, more: Value) -> Round {
    let admin = c.who("customer_admin");
    let site = c.dock.to_string();
    let stops = checkpoints(app, c, &site).await;
    let mut body = json!({ "site": site, "name": "Night round", "stops": stops, "ordered": "on" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let tour = post(app, admin, "/tours", body).await.expect(201).json();
    let sheet = get(app, admin, &format!("/checkpoints/sheet?site={site}")).await.expect(200).json();
    let word = |code: &Value, part: &str| code[part].as_str().unwrap().to_owned();
    let codes =
        sheet["codes"].as_array().unwrap().iter().map(|one| (word(one, "link"), word(one, "code"))).collect();
    Round { tour: id(&tour), gate: stops[0].clone(), stops, codes }
}

async fn scan(app: &TestApp, who: &Actor, body: Value) -> Answered {
    post(app, who, "/scans", body).await
}

async fn walk(app: &TestApp, who: &Actor, tour: &str) -> String {
    id(&post(app, who, &format!("/tours/{tour}/walks"), json!({})).await.expect(201).json())
}

async fn wait(app: &TestApp, minutes: u64) {
    app.clock.advance(Duration::from_secs(minutes * MINUTE));
}

#[tokio::test]
async fn each_role_meets_the_walks_that_are_its_own_business() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let r = round(&app, &c, json!({})).await;
        let officer = c.who("officer");
        let open = walk(&app, officer, &r.tour).await;
        let done = walk(&app, c.who("fellow"), &r.tour).await;
        for (link, _) in &r.codes {
            wait(&app, 5).await;
            scan(&app, c.who("fellow"), json!({ "code": link, "walk": done })).await.expect(201);
        }
        let kinds: Vec<(&str, String)> = vec![
            ("open", format!("/checkpoint-reports/{open}")),
            ("done", format!("/checkpoint-reports/{done}")),
        ];
        const BOTH: &[&str] = &["open", "done"];
        let staff: Vec<(&str, &[&str])> = vec![
            ("customer_admin", BOTH),
            ("owner", BOTH),
            ("admin", BOTH),
            ("supervisor", BOTH),
            // Own walks, nobody else's; the call center has nothing to do with rounds.
            ("officer", &["open"]),
            ("fellow", &["done"]),
        ];
        // The module is off until it is turned on.
        app.switch(c.org, Switch::CheckpointReports, false).await;
        meets(&app, &c, &kinds, &staff).await;
        app.switch(c.org, Switch::CheckpointReports, true).await;
        // What is over is released; what is under way is nobody's outside. MyProtektor's client meets incidents only.
        let mut table = staff.clone();
        for name in ["client_user", "site_user", "client_account"] {
            table.push((name, &["done"]));
        }
        meets(&app, &c, &kinds, &table).await;
        for name in ["client_user", "site_user", "client_account"] {
            let seen =
                get(&app, c.who(name), &format!("/checkpoint-reports/{done}")).await.expect(200).json();
            assert_eq!((&seen["state"], &seen["scanned"]), (&json!("complete"), &json!(3)), "{name}");
            for hidden in ["walker", "assignee_id", "note", "visibility", "version", "tour_id"] {
                assert_eq!(seen[hidden], Value::Null, "{name} {hidden}");
            }
            for hidden in ["by", "distance_m", "accuracy_m", "method", "device", "skew_seconds", "near"] {
                assert_eq!(seen["scans"][0][hidden], Value::Null, "{name} {hidden}");
            }
            let list = app.get(c.who(name), "/client/checkpoint-reports").await.expect(200).text();
            assert!(list.contains("Night round") && !list.contains("fellow"), "{list}");
            let page = app.get(c.who(name), &format!("/client/checkpoint-reports/{done}")).await.expect(200);
            assert!(!page.text().contains("fellow"), "{name}");
            let csv = get(&app, c.who(name), "/checkpoint-reports/export").await.expect(200).text();
            assert!(csv.contains("Night round") && !csv.contains("fellow"), "{csv}");
            get(&app, c.who(name), "/checkpoint-reports/exceptions").await.expect(200);
        }
        for path in ["/office/checkpoint-reports", "/office/checkpoint-reports/exceptions"] {
            app.get(c.who("supervisor"), path).await.expect(200);
        }
        app.get(c.who("supervisor"), &format!("/office/checkpoint-reports/{done}")).await.expect(200);
        // Who may see walks may not walk for others, nor end what is not theirs.
        let note = json!({ "note": "Rain." });
        post(&app, c.who("supervisor"), &format!("/checkpoint-reports/{open}/end"), note.clone())
            .await
            .expect(403);
        post(&app, c.who("fellow"), &format!("/checkpoint-reports/{open}/end"), note).await.expect(404);
        scan(&app, c.who("call_center"), json!({ "code": r.codes[0].1 })).await.expect(404);
        scan(&app, c.who("client_user"), json!({ "code": r.codes[0].1 })).await.expect(404);
        for (name, status) in
            [("admin", 200), ("supervisor", 200), ("officer", 403), ("guard", 403), ("call_center", 404)]
        {
            assert_eq!(get(&app, c.who(name), "/checkpoint-reports/export").await.status, status, "{name}");
        }
    }
}

#[tokio::test]
async fn a_tour_is_walked_scan_by_scan() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let r = round(&app, &c, json!({})).await;
        let officer = c.who("officer");
        let home = app.get(officer, "/field/tours/due").await.expect(200).text();
        assert!(home.contains("Night round") && home.contains("3 stops"), "{home}");
        let report = walk(&app, officer, &r.tour).await;
        wait(&app, 5).await;
        // By the drawn code, at its place, with a phone whose clock is ten minutes ahead.
        let now = app.now();
        let ahead = now.checked_add(jiff::Span::new().minutes(10)).unwrap().to_string();
        let body = json!({
            "code": r.codes[0].0, "key": "k1", "latitude": "40.7001", "longitude": "-74.0", "accuracy": "5",
            "at": ahead, "sent_at": ahead, "device": "Phone",
        });
        let first = scan(&app, officer, body.clone()).await.expect(201).json();
        assert_eq!((&first["report"]["id"], &first["reached"]), (&json!(report), &json!([r.gate])));
        assert!(first["says"].to_string().contains("clock is off by 10 min"), "{first}");
        let again = scan(&app, officer, body).await.expect(200).json();
        assert_eq!(again["result"], "duplicate");
        // Out of order, by the word below the code, typed as people type; without a position.
        wait(&app, 5).await;
        let typed = r.codes[2].1.to_lowercase().replace('-', " ");
        scan(&app, officer, json!({ "code": typed })).await.expect(201);
        // The same stop again.
        wait(&app, 1).await;
        let twice = scan(&app, officer, json!({ "code": r.codes[0].1 })).await.expect(201).json();
        assert!(twice["says"].to_string().contains("scanned before"), "{twice}");
        // By being there: from afar it is kept and ticks nothing off.
        wait(&app, 5).await;
        let here = |latitude: &str| json!({ "latitude": latitude, "longitude": "-74.0", "accuracy": "10" });
        let far = scan(&app, officer, here("40.7120")).await.expect(201).json();
        assert_eq!((&far["reached"], &far["report"]["scanned"]), (&json!([]), &json!(2)));
        assert!(far["says"].to_string().contains("222 m from Pump"), "{far}");
        let near = scan(&app, officer, here("40.7101")).await.expect(201).json();
        assert_eq!((&near["report"]["state"], &near["report"]["scanned"]), (&json!("complete"), &json!(3)));
        assert!(near["says"].to_string().contains("What does the gauge say?"), "{near}");
        let boss = c.who("supervisor");
        let whole = get(&app, boss, &format!("/checkpoint-reports/{report}")).await.expect(200).json();
        let scans = whole["scans"].as_array().unwrap();
        assert_eq!(scans.len(), 5, "all of it is kept, nothing twice");
        let facts =
            |n: usize, names: &[&str]| -> Vec<Value> { names.iter().map(|k| scans[n][k].clone()).collect() };
        assert_eq!(scans[0]["distance_m"].as_f64().unwrap().round(), 11.0);
        assert_eq!(
            facts(0, &["method", "near", "in_order", "skew_seconds", "by", "device"]),
            [json!("code"), json!(true), json!(true), json!(-600), json!("officer"), json!("Phone")]
        );
        assert_eq!(
            facts(1, &["method", "near", "in_order", "gap_seconds", "distance_m"]),
            [json!("typed"), Value::Null, json!(false), json!(300), Value::Null]
        );
        assert_eq!(facts(2, &["repeat", "in_order"]), [json!(true), Value::Null]);
        assert_eq!(facts(3, &["method", "near"]), [json!("position"), json!(false)]);
        assert_eq!(facts(4, &["near", "too_fast"]), [json!(true), json!(false)]);
        assert_eq!((&whole["walker"], &whole["walker_roles"]), (&json!("officer"), &json!("Officer")));
        // Over, but no module is on: the client side sees nothing. It is released all the same.
        assert_eq!(whole["visibility"], "released");
        // What makes no sense is answered with why.
        for (body, field, why) in [
            (json!({ "code": "AAAA-AAAA" }), "code", "not the code of a checkpoint"),
            (json!({ "code": "https://example.com/field/scan?code=abc" }), "code", "not the code"),
            (json!({}), "latitude", "does not say where you are"),
            (json!({ "latitude": "10", "longitude": "10" }), "latitude", "no checkpoint is within reach"),
            (
                json!({ "checkpoint": "ckp_none", "latitude": "40.7", "longitude": "-74" }),
                "checkpoint",
                "choose",
            ),
            (json!({ "code": r.codes[0].1, "latitude": "95", "longitude": "0" }), "latitude", "between"),
            (
                json!({ "code": r.codes[0].1, "accuracy": "near", "latitude": "1", "longitude": "1" }),
                "latitude",
                "metres",
            ),
            (json!({ "code": r.codes[0].1, "at": "yesterday" }), "at", "instant"),
            (json!({ "code": r.codes[0].1, "at": "2026-10-01T00:00:00Z" }), "at", "two weeks"),
            (
                json!({ "code": r.codes[0].1, "walk": kernel::id::CheckpointReportId::new().to_string() }),
                "walk",
                "no walk",
            ),
        ] {
            let said = scan(&app, officer, body.clone()).await.expect(422).json();
            assert!(said["errors"][field].to_string().contains(why), "{body}: {said}");
        }
        // A code of a site that is none of theirs answers as one that is nobody's; so does another company's.
        let absent = scan(&app, officer, json!({ "code": "AAAA-AAAA" })).await.expect(422).bytes;
        for who in ["officer elsewhere", "stranger"] {
            let hidden = scan(&app, c.who(who), json!({ "code": r.codes[0].0 })).await.expect(422).bytes;
            assert_eq!(hidden, absent, "{who}");
        }
        // A code that was replaced says so.
        post(&app, c.who("admin"), &format!("/checkpoints/{}/code", r.gate), json!({})).await.expect(200);
        let old = scan(&app, officer, json!({ "code": r.codes[0].0 })).await.expect(422).text();
        assert!(old.contains("was replaced"), "{old}");
        // A role taken between the act and its sending: a clear no, and nothing is stored.
        app.take_all(officer).await;
        scan(&app, officer, json!({ "code": r.codes[1].0, "key": "late" })).await.expect(404);
    }
}

#[tokio::test]
async fn what_waits_on_a_phone_ends_in_the_same_report() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let r = round(&app, &c, json!({ "most_minutes": 120 })).await;
        let officer = c.who("officer");
        wait(&app, 180).await;
        let at =
            |minutes: i64| app.now().checked_sub(jiff::Span::new().minutes(minutes)).unwrap().to_string();
        // The start arrives after the scans, and these in the wrong order, and twice.
        for (code, minutes, key) in [(2, 60, "c"), (0, 80, "a"), (1, 70, "b"), (0, 80, "a")] {
            let body = json!({ "code": r.codes[code].0, "at": at(minutes), "key": key });
            let answer = scan(&app, officer, body).await;
            assert!([200, 201].contains(&answer.status), "{}", answer.text());
        }
        let all = get(&app, c.who("admin"), "/checkpoint-reports").await.expect(200).json();
        let items = all["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "{all}");
        assert_eq!(
            (&items[0]["state"], &items[0]["scanned"], &items[0]["tour"]),
            (&json!("complete"), &json!(3), &json!("Night round"))
        );
        assert_eq!((&items[0]["started_at"], &items[0]["ended_at"]), (&json!(at(80)), &json!(at(60))));
        assert_eq!(items[0]["exceptions"], json!([]));
        // The same start twice is one walk.
        let start = json!({ "word": "w1" });
        let first =
            post(&app, officer, &format!("/tours/{}/walks", r.tour), start.clone()).await.expect(201).json();
        let second = post(&app, officer, &format!("/tours/{}/walks", r.tour), start).await.expect(201).json();
        assert_eq!(first["id"], second["id"]);
        // Scans may name the phone's own word for it.
        wait(&app, 1).await;
        let named =
            scan(&app, officer, json!({ "code": r.codes[0].1, "walk": "w1" })).await.expect(201).json();
        assert_eq!(named["report"]["id"], first["id"]);
        // Two days later the walk takes nothing any more: no tour bridges a gap.
        wait(&app, 2 * 24 * 60).await;
        let later =
            scan(&app, officer, json!({ "code": r.codes[1].1, "walk": "w1" })).await.expect(201).json();
        assert_ne!(later["report"]["id"], first["id"]);
        // A checkpoint that no tour leads along makes a report of its own.
        let admin = c.who("customer_admin");
        let lone =
            json!({ "site": c.mall.to_string(), "name": "Lift", "latitude": "41", "longitude": "-74" });
        post(&app, admin, "/checkpoints", lone).await.expect(201);
        let here = json!({ "latitude": "41", "longitude": "-74" });
        let alone = scan(&app, c.who("officer elsewhere"), here).await.expect(201).json();
        assert_eq!(
            (&alone["report"]["tour"], &alone["report"]["state"]),
            (&json!("Without a tour"), &json!("complete"))
        );
    }
}

#[tokio::test]
async fn late_missed_incomplete_and_too_fast_are_exceptions() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        // The test's Monday begins at three on the clock of the dock.
        let start = app.now().to_zoned(jiff::tz::TimeZone::get("America/New_York").unwrap());
        let clock = |minutes: i64| {
            start.checked_add(jiff::Span::new().minutes(minutes)).unwrap().strftime("%H:%M").to_string()
        };
        let windows = [(10, 40), (70, 100), (130, 160)]
            .map(|(from, until)| format!("{}-{}", clock(from), clock(until)));
        let r = round(
            &app,
            &c,
            json!({ "rhythm": "windows", "windows": windows.join("\n"), "most_minutes": 60, "least_seconds": 60 }),
        )
        .await;
        let (officer, boss) = (c.who("officer"), c.who("supervisor"));
        let due = async || get(&app, officer, "/tours/due").await.expect(200).json()["tours"][0].clone();
        assert_eq!(due().await["state"], "later");
        wait(&app, 15).await;
        assert_eq!(due().await["state"], "due");
        // The first window: too fast, and late with its last stop.
        let first = walk(&app, officer, &r.tour).await;
        assert_eq!(due().await["state"], "done");
        scan(&app, officer, json!({ "code": r.codes[0].1 })).await.expect(201);
        app.clock.advance(Duration::from_secs(20));
        scan(&app, officer, json!({ "code": r.codes[1].1 })).await.expect(201);
        wait(&app, 26).await;
        scan(&app, officer, json!({ "code": r.codes[2].1 })).await.expect(201);
        let read =
            async |id: &str| get(&app, boss, &format!("/checkpoint-reports/{id}")).await.expect(200).json();
        let one = read(&first).await;
        assert_eq!((&one["state"], &one["exceptions"]), (&json!("complete"), &json!(["late", "too_fast"])));
        // The second: one stop, and the officer says why.
        wait(&app, 40).await;
        let second = walk(&app, officer, &r.tour).await;
        scan(&app, officer, json!({ "code": r.codes[1].1 })).await.expect(201);
        let end = async |note: &str| {
            post(&app, officer, &format!("/checkpoint-reports/{second}/end"), json!({ "note": note })).await
        };
        end("").await.expect(422);
        let over = end("The roof is closed.").await.expect(200).json();
        assert_eq!(
            (&over["state"], &over["exceptions"], &over["scanned"]),
            (&json!("incomplete"), &json!(["incomplete"]), &json!(1))
        );
        end("Again.").await.expect(409);
        let answer = json!({ "checkpoint": r.stops[1], "answer": "5 bar" });
        post(&app, officer, &format!("/checkpoint-reports/{second}/answers"), answer).await.expect(409);
        // The third: nobody walks. Looked at twice, on two nodes, it is one report.
        wait(&app, 100).await;
        assert_eq!(crate::walks::look(&app.app).await.unwrap(), 1);
        assert_eq!(crate::walks::look(&app.another_node().app).await.unwrap(), 0);
        let list = get(&app, boss, "/checkpoint-reports?exceptional=true").await.expect(200).json();
        let states: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|i| i["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["missed", "incomplete", "complete"]);
        let missed = id(&list["items"][0]);
        assert_eq!(list["items"][0]["exceptions"], json!(["missed"]));
        let report = get(&app, boss, &format!("/checkpoint-reports/exceptions?site={}", c.dock))
            .await
            .expect(200)
            .json();
        assert_eq!(report["reports"]["items"].as_array().unwrap().len(), 3);
        let pump = report["stops"].as_array().unwrap().iter().find(|s| s["checkpoint"] == "Pump").unwrap();
        assert_eq!((&pump["scans"], &pump["missed"]), (&json!(2), &json!(1)));
        assert_eq!(pump["average_minutes"], 66.0);
        // What was sent late makes the report of the window a walk after all.
        let at = app.now().checked_sub(jiff::Span::new().minutes(40)).unwrap().to_string();
        let late = scan(&app, officer, json!({ "code": r.codes[0].1, "at": at })).await.expect(201).json();
        assert_eq!((&late["report"]["id"], &late["report"]["walker"]), (&json!(missed), &Value::Null));
        // Nobody ends it: after its time it is over.
        wait(&app, 60).await;
        crate::walks::look(&app.app).await.unwrap();
        assert_eq!(read(&missed).await["state"], "incomplete");
        let csv = get(&app, boss, "/checkpoint-reports/export?exceptional=true").await.expect(200).text();
        assert_eq!(csv.lines().count(), 4, "{csv}");
    }
}

#[tokio::test]
async fn a_site_that_asks_for_approval_holds_its_walks() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        app.switch(c.org, Switch::CheckpointReports, true).await;
        let mut batch = Batch::new();
        batch.run("update sites set approval_required = 1 where id = $1", params![c.dock]);
        app.put(batch).await;
        let r = round(&app, &c, json!({})).await;
        let officer = c.who("officer");
        let report = walk(&app, officer, &r.tour).await;
        wait(&app, 1).await;
        scan(&app, officer, json!({ "code": r.codes[1].1 })).await.expect(201);
        let path = format!("/checkpoint-reports/{report}");
        // The question can be answered after the scan, once.
        let page = app.get(officer, &format!("/field{path}")).await.expect(200).text();
        assert!(page.contains("What does the gauge say?") && page.contains("I am here"), "{page}");
        let answer = json!({ "checkpoint": r.stops[1], "answer": "5 bar" });
        let said = post(&app, officer, &format!("{path}/answers"), answer.clone()).await.expect(200).json();
        assert_eq!(said["planned"][1]["answer"], "5 bar");
        post(&app, officer, &format!("{path}/answers"), answer).await.expect(409);
        post(&app, officer, &format!("{path}/end"), json!({ "note": "Called away." })).await.expect(200);
        let reader = c.who("client_user");
        get(&app, reader, &path).await.expect(404);
        // Those who approve reports let it out; nobody else.
        post(&app, officer, &format!("{path}/approve"), json!({})).await.expect(403);
        post(&app, c.who("supervisor elsewhere"), &format!("{path}/approve"), json!({})).await.expect(404);
        let done =
            post(&app, c.who("supervisor"), &format!("{path}/approve"), json!({})).await.expect(200).json();
        assert_eq!((&done["visibility"], &done["released_by"]), (&json!("released"), &json!("supervisor")));
        let seen = get(&app, reader, &path).await.expect(200).json();
        assert_eq!((&seen["state"], &seen["released_by"]), (&json!("incomplete"), &Value::Null));
        // Switching the rule off frees nothing that was held before.
        let held = walk(&app, officer, &r.tour).await;
        post(&app, officer, &format!("/checkpoint-reports/{held}/end"), json!({ "note": "Rain." }))
            .await
            .expect(200);
        let mut batch = Batch::new();
        batch.run("update sites set approval_required = 0 where id = $1", params![c.dock]);
        app.put(batch).await;
        get(&app, reader, &format!("/checkpoint-reports/{held}")).await.expect(404);
        // Supervisors subscribe to both kinds of mail.
        app.deliver().await;
        let mails = app.outbox().await;
        let to = |who: &Actor| mails.iter().filter(|mail| mail.to == who.email).count();
        assert!(to(c.who("supervisor")) >= 2, "{}", mails.len());
        assert_eq!(to(c.who("supervisor elsewhere")), 0);
    }
}

/// Where the shared tracks are, if they are on this machine.
fn tracks() -> Option<std::path::PathBuf> {
    let data = std::env::var("BAILIWICK_DATA").map_or_else(
        |_unset| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        std::path::PathBuf::from,
    );
    let folder = data.join("tours-gps");
    folder.join("tour_and_geofence_expectations.json").is_file().then_some(folder)
}

/// The timed points of a track.
fn points(gpx: &str) -> Vec<(String, String, jiff::Timestamp)> {
    let within = |text: &str, before: &str, after: &str| -> Option<String> {
        let (_, rest) = text.split_once(before)?;
        Some(rest.split_once(after)?.0.to_owned())
    };
    gpx.split("<trkpt ")
        .skip(1)
        .filter_map(|part| {
            let part = part.split("</trkpt>").next()?;
            let time = within(part, "<time>", "</time>")?;
            Some((within(part, "lat=\"", "\"")?, within(part, "lon=\"", "\"")?, time.parse().ok()?))
        })
        .collect()
}

#[tokio::test]
async fn real_tracks_hit_their_checkpoints_where_a_second_program_says() {
    let Some(folder) = tracks() else {
        println!("skipped: the shared tracks are not on this machine; BAILIWICK_DATA names their folder");
        return;
    };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let expected: Value = serde_json::from_str(&read("tour_and_geofence_expectations.json")).unwrap();
    for app in apps(crate::features()).await {
        for track in expected.as_array().unwrap() {
            let c = Company::new(&app).await;
            let (admin, officer) = (c.who("customer_admin"), c.who("officer"));
            let all = points(&read(track["file"].as_str().unwrap()));
            let wanted = track["checkpoints"].as_array().unwrap();
            let mut codes = Vec::new();
            for checkpoint in wanted {
                let body = json!({
                    "site": c.dock.to_string(), "name": checkpoint["code"], "latitude": checkpoint["lat"],
                    "longitude": checkpoint["lon"], "radius_m": checkpoint["radius_m"],
                });
                codes.push(id(&post(&app, admin, "/checkpoints", body).await.expect(201).json()));
            }
            let body =
                json!({ "site": c.dock.to_string(), "name": "Track", "stops": codes, "most_minutes": 1440 });
            let tour = id(&post(&app, admin, "/tours", body).await.expect(201).json());
            // The track is walked anew: its last point is now.
            let last = all.last().unwrap().2;
            let shifted = |at: jiff::Timestamp| (app.now() - (last - at)).to_string();
            let started = json!({ "at": shifted(all[0].2), "word": "track" });
            post(&app, officer, &format!("/tours/{tour}/walks"), started).await.expect(201);
            for (number, (latitude, longitude, at)) in all.iter().enumerate() {
                let body = json!({
                    "latitude": latitude, "longitude": longitude, "at": shifted(*at), "walk": "track",
                    "key": format!("p{number}"),
                });
                scan(&app, officer, body).await.expect(201);
            }
            let list = get(&app, admin, "/checkpoint-reports").await.expect(200).json();
            assert_eq!(list["items"].as_array().unwrap().len(), 1, "{}", track["file"]);
            let path = format!("/checkpoint-reports/{}", id(&list["items"][0]));
            let whole = get(&app, admin, &path).await.expect(200).json();
            for (checkpoint, stop) in wanted.iter().zip(whole["planned"].as_array().unwrap()) {
                assert_eq!(checkpoint["code"], stop["name"]);
                let hit = checkpoint["first_hit_index"].as_u64().map(|n| shifted(all[n as usize].2));
                assert_eq!(stop["scanned_at"].as_str(), hit.as_deref(), "{} {}", track["file"], stop["name"]);
            }
        }
    }
}
