//! Attendance through HTTP, on both engines. The tables are written by hand from the roles page.

use std::time::Duration;

use serde_json::{Value, json};
use store::{Batch, params};
use testkit::{Actor, TestApp, apps};

use crate::trial::{Company, get, meets, post};

const HOUR: u64 = 3_600;

async fn punch(app: &TestApp, who: &Actor, body: Value) -> testkit::Answered {
    post(app, who, "/time/punches", body).await
}

/// A shift of the officer at the dock, from 09:00 to 17:00 UTC of the test's Monday, published.
async fn shift(app: &TestApp, c: &Company) -> String {
    let admin = c.who("customer_admin");
    let body = json!({
        "site": c.dock.to_string(), "worker": c.works("officer").to_string(), "post": "Gate",
        "starts_at": "2026-11-23T04:00", "ends_at": "2026-11-23T12:00",
    });
    let made = post(app, admin, "/shifts", body).await.expect(201).json();
    let id = made["id"].as_str().unwrap().to_owned();
    post(app, admin, &format!("/shifts/{id}/publication"), json!({})).await.expect(200);
    id
}

#[tokio::test]
async fn each_role_meets_the_attendance_that_is_its_own_business() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        app.clock.advance(Duration::from_secs(HOUR));
        let shift = shift(&app, &c).await;
        let running =
            punch(&app, c.who("officer"), json!({ "kind": "in", "shift": shift })).await.expect(201).json();
        let running = running["entry"]["id"].as_str().unwrap().to_owned();
        let adhoc = json!({ "kind": "in", "site": c.mall.to_string() });
        let elsewhere = punch(&app, c.who("officer elsewhere"), adhoc).await.expect(201).json();
        let elsewhere = elsewhere["entry"]["id"].as_str().unwrap().to_owned();
        let kinds: Vec<(&str, String)> =
            vec![("here", format!("/time/{running}")), ("elsewhere", format!("/time/{elsewhere}"))];
        const BOTH: &[&str] = &["here", "elsewhere"];
        meets(
            &app,
            &c,
            &kinds,
            &[
                ("customer_admin", BOTH),
                ("owner", BOTH),
                ("admin", BOTH),
                ("supervisor", &["here"]),
                ("supervisor elsewhere", &["elsewhere"]),
                // Own hours, nobody else's; the call center has nothing to do with hours.
                ("officer", &["here"]),
                ("officer elsewhere", &["elsewhere"]),
            ],
        )
        .await;
        // The live board: role by role; the client side only with "live clock-ins", its own sites, and never who.
        let board: &[(&str, u16, usize)] = &[
            ("customer_admin", 200, 2),
            ("owner", 200, 2),
            ("admin", 200, 2),
            ("supervisor", 200, 1),
            ("call_center", 404, 0),
            ("officer", 404, 0),
            ("guard", 404, 0),
            ("client_user", 404, 0),
            ("site_user", 404, 0),
            ("client", 404, 0),
            ("client_account", 404, 0),
            ("planner", 404, 0),
            ("stranger", 200, 0),
        ];
        for (name, status, count) in board {
            let answer = get(&app, c.who(name), "/time/board").await;
            assert_eq!(answer.status, *status, "{name}");
            if answer.status == 200 {
                assert_eq!(answer.json()["on_duty"].as_array().unwrap().len(), *count, "{name}");
            }
        }
        let mut batch = Batch::new();
        for name in ["client_user", "site_user", "client_account", "client"] {
            batch.run(
                "update memberships set live_clock_ins = 1 where id = $1",
                params![c.who(name).membership],
            );
        }
        app.put(batch).await;
        for name in ["client_user", "site_user", "client_account"] {
            let board = get(&app, c.who(name), "/time/board").await.expect(200).json();
            let seen = &board["on_duty"];
            assert_eq!(seen.as_array().unwrap().len(), 1, "{name}");
            assert_eq!(
                (&seen[0]["site"], &seen[0]["state"]),
                (&json!("Dock 4"), &json!("working")),
                "{name}"
            );
            for hidden in ["worker", "shift_id", "outside"] {
                assert_eq!(seen[0][hidden], Value::Null, "{name} {hidden}");
            }
            assert_eq!(board["awaited"], json!([]), "{name}");
            let page = app.get(c.who(name), "/client/time/board").await.expect(200).text();
            assert!(page.contains("Dock 4") && !page.contains("officer"), "{page}");
            get(&app, c.who(name), &format!("/time/{running}")).await.expect(404);
        }
        // MyProtektor's client never sees it, whatever the account says.
        get(&app, c.who("client"), "/time/board").await.expect(404);
        for path in ["/office/time/board", "/office/time"] {
            app.get(c.who("supervisor"), path).await.expect(200);
        }
        let mine = app.get(c.who("officer"), "/field/time").await.expect(200).text();
        assert!(mine.contains("You are on duty"), "{mine}");
        // Exports: those who may.
        for (name, status) in [
            ("admin", 200),
            ("customer_admin", 200),
            ("supervisor", 403),
            ("officer", 403),
            ("call_center", 404),
        ] {
            assert_eq!(get(&app, c.who(name), "/time/export").await.status, status, "{name}");
        }
    }
}

#[tokio::test]
async fn a_day_is_clocked_and_breaks_are_counted() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let officer = c.who("officer");
        let id = shift(&app, &c).await;
        app.clock.advance(Duration::from_secs(HOUR + 600));
        let came = punch(&app, officer, json!({ "kind": "in", "key": "k1" })).await.expect(201).json();
        assert_eq!(came["entry"]["shift_id"], id.as_str(), "the current shift is found");
        assert_eq!(came["entry"]["late_minutes"], 10);
        let again = punch(&app, officer, json!({ "kind": "in", "key": "k1" })).await.expect(200).json();
        assert_eq!((&again["result"], &again["entry"]["id"]), (&json!("duplicate"), &came["entry"]["id"]));
        punch(&app, officer, json!({ "kind": "out", "key": "k1" })).await.expect(409);
        let twice = punch(&app, officer, json!({ "kind": "in" })).await.expect(409).text();
        assert!(twice.contains("you are clocked in at Dock 4"), "{twice}");
        punch(&app, officer, json!({ "kind": "break_end" })).await.expect(409);
        app.clock.advance(Duration::from_secs(3 * HOUR));
        punch(&app, officer, json!({ "kind": "break_start" })).await.expect(201);
        punch(&app, officer, json!({ "kind": "break_start" })).await.expect(409);
        app.clock.advance(Duration::from_secs(1_800));
        punch(&app, officer, json!({ "kind": "break_end" })).await.expect(201);
        app.clock.advance(Duration::from_secs(4 * HOUR));
        let left = punch(&app, officer, json!({ "kind": "out" })).await.expect(201).json();
        let entry = &left["entry"];
        assert_eq!(
            (&entry["state"], &entry["break_minutes"], &entry["minutes"]),
            (&json!("done"), &json!(30), &json!(420))
        );
        punch(&app, officer, json!({ "kind": "out" })).await.expect(409);
        let whole =
            get(&app, officer, &format!("/time/{}", entry["id"].as_str().unwrap())).await.expect(200).json();
        assert_eq!(whole["punches"].as_array().unwrap().len(), 4);
        // What makes no sense is said at its field.
        for (body, field) in [
            (json!({ "kind": "fly" }), "kind"),
            (json!({ "kind": "in", "shift": "shf_none" }), "shift"),
            (json!({ "kind": "in", "site": c.mall.to_string(), "shift": "" }), "site"),
            (json!({ "kind": "in", "latitude": 95, "longitude": 0 }), "latitude"),
            (json!({ "kind": "in", "latitude": 40, "longitude": -74, "accuracy": "near" }), "latitude"),
            (json!({ "kind": "in", "at": "yesterday" }), "at"),
            (json!({ "kind": "in", "at": "2026-10-01T00:00:00Z" }), "at"),
        ] {
            let said = punch(&app, officer, body.clone()).await.expect(422).json();
            assert!(said["errors"][field].is_array(), "{body}: {said}");
        }
        punch(&app, c.who("customer_admin"), json!({ "kind": "in" })).await.expect(409);
        punch(&app, c.who("call_center"), json!({ "kind": "in" })).await.expect(404);
    }
}

#[tokio::test]
async fn replays_other_orders_and_odd_clocks_end_in_one_state() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let officer = c.who("officer");
        shift(&app, &c).await;
        // A phone without a signal: five hours later its queue arrives in the wrong order, and some of it twice. Its
        // clock is two hours ahead.
        app.clock.advance(Duration::from_secs(5 * HOUR));
        let sent = "2026-11-23T15:00:00Z";
        let mark = |kind: &str, at: &str, key: &str| {
            json!({
                "kind": kind, "at": format!("2026-11-23T{at}:00Z"), "sent_at": sent, "key": key, "attendance": "a1",
                "site": c.dock.to_string(),
            })
        };
        let first = punch(&app, officer, mark("out", "14:45", "k4")).await.expect(201).json();
        assert_eq!(first["entry"]["state"], "incomplete");
        assert!(first["says"].to_string().contains("off by 2 h"), "{first}");
        for (kind, at, key) in [
            ("break_end", "13:30", "k3"),
            ("break_start", "13:00", "k2"),
            ("break_end", "13:30", "k3"),
            ("in", "11:00", "k1"),
            ("out", "14:45", "k4"),
            ("in", "11:00", "k1"),
        ] {
            let answer = punch(&app, officer, mark(kind, at, key)).await;
            assert!([200, 201].contains(&answer.status), "{}", answer.text());
        }
        let all = get(&app, officer, "/time").await.expect(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all}");
        let entry = &all["items"][0];
        assert_eq!(entry["started_at"], "2026-11-23T09:00:00Z", "two hours less than the phone said");
        assert_eq!(entry["ended_at"], "2026-11-23T12:45:00Z");
        assert_eq!(
            (&entry["state"], &entry["break_minutes"], &entry["minutes"]),
            (&json!("done"), &json!(30), &json!(195))
        );
        let whole =
            get(&app, officer, &format!("/time/{}", entry["id"].as_str().unwrap())).await.expect(200).json();
        assert_eq!(whole["punches"].as_array().unwrap().len(), 4, "nothing twice, nothing lost");
        // A role taken between the act and its sending: a clear no, and nothing is stored.
        app.take_all(officer).await;
        let late = punch(&app, officer, mark("in", "14:50", "k9")).await;
        assert_eq!(late.status, 404, "{}", late.text());
    }
}

#[tokio::test]
async fn the_fence_asks_for_a_word_outside() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let officer = c.who("officer");
        let mut batch = Batch::new();
        let fence = json!({ "type": "Circle", "coordinates": [-74.0, 40.7], "radius_m": 100 }).to_string();
        batch.run("update sites set fence = $2 where id = $1", params![c.dock, fence]);
        app.put(batch).await;
        app.clock.advance(Duration::from_secs(HOUR));
        shift(&app, &c).await;
        // 0.01 degrees of latitude are 1.1 km.
        let at = |latitude: f64, accuracy: f64, reason: &str| json!({ "kind": "in", "latitude": latitude, "longitude": -74.0, "accuracy": accuracy, "reason": reason });
        let far = punch(&app, officer, at(40.71, 10.0, "")).await.expect(422).json();
        assert!(far["errors"]["reason"].to_string().contains("1.0 km outside"), "{far}");
        // As vague as that says nothing about where somebody is; nor does no position at all.
        let vague = punch(&app, officer, at(40.70, 50_000.0, "")).await.expect(422).json();
        assert!(vague["errors"]["reason"].to_string().contains("does not say where you are"), "{vague}");
        punch(&app, officer, json!({ "kind": "in" })).await.expect(422);
        let came = punch(&app, officer, at(40.71, 10.0, "The gate is shut; I wait at the road."))
            .await
            .expect(201)
            .json();
        let id = came["entry"]["id"].as_str().unwrap().to_owned();
        assert_eq!(came["entry"]["outside"], true);
        // 20 m outside of the line with 30 m of doubt is at the site.
        let near = json!({ "kind": "out", "latitude": 40.70108, "longitude": -74.0, "accuracy": 30 });
        punch(&app, officer, near).await.expect(201);
        // Positions are for those who see them: not for the officer, not for an export.
        let seen = get(&app, c.who("supervisor"), &format!("/time/{id}")).await.expect(200).json();
        assert_eq!(seen["punches"][0]["latitude"], 40.71);
        assert_eq!(
            (&seen["punches"][0]["inside"], &seen["punches"][1]["inside"]),
            (&json!(false), &json!(true))
        );
        let own = get(&app, officer, &format!("/time/{id}")).await.expect(200).json();
        assert_eq!(own["punches"][0]["latitude"], Value::Null);
        assert_eq!(own["punches"][0]["reason"], "The gate is shut; I wait at the road.");
        app.get(c.who("supervisor"), &format!("/office/time/{id}")).await.expect(200);
        app.get(c.who("supervisor"), &format!("/office/time/{id}/edit")).await.expect(200);
    }
}

#[tokio::test]
async fn late_and_forgotten_are_seen_and_put_right_by_hand() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let (boss, officer) = (c.who("supervisor"), c.who("officer"));
        shift(&app, &c).await;
        let awaited = async || get(&app, boss, "/time/board").await.expect(200).json()["awaited"].clone();
        assert_eq!(awaited().await[0]["state"], "due");
        app.clock.advance(Duration::from_secs(HOUR + 360));
        assert_eq!(
            (&awaited().await[0]["state"], &awaited().await[0]["minutes"]),
            (&json!("late"), &json!(6))
        );
        app.clock.advance(Duration::from_secs(HOUR));
        assert_eq!(awaited().await[0]["state"], "no_show");
        let came = punch(&app, officer, json!({ "kind": "in" })).await.expect(201).json();
        let id = came["entry"]["id"].as_str().unwrap().to_owned();
        assert_eq!(awaited().await, json!([]));
        // The shift ended at 17:00; nobody is clocked out by the machine, but asked.
        app.clock.advance(Duration::from_secs(8 * HOUR));
        let page = app.get(officer, "/field/time").await.expect(200).text();
        assert!(page.contains("Did you forget to clock out?"), "{page}");
        assert_eq!(get(&app, boss, "/time/board").await.expect(200).json()["on_duty"][0]["overdue"], true);
        punch(&app, officer, json!({ "kind": "out", "left_at": "2026-11-23T12:02" })).await.expect(422);
        punch(&app, officer, json!({ "kind": "out", "left_at": "2026-11-23T03:00", "reason": "Forgot." }))
            .await
            .expect(422);
        // By hand: by whoever runs the site, with a word and an instant that can be.
        let out = |left: &str, note: &str| json!({ "left_at": left, "note": note });
        let force =
            async |who: &Actor, body: Value| post(&app, who, &format!("/time/{id}/forced"), body).await;
        force(officer, out("2026-11-23T12:00", "x")).await.expect(403);
        force(c.who("supervisor elsewhere"), out("2026-11-23T12:00", "x")).await.expect(404);
        force(c.who("call_center"), out("2026-11-23T12:00", "x")).await.expect(404);
        force(boss, out("2026-11-23T12:00", "")).await.expect(422);
        force(boss, out("2026-11-24T12:00", "Tomorrow.")).await.expect(422);
        let forced = force(boss, out("2026-11-23T12:00", "Phone was flat.")).await.expect(200).json();
        assert_eq!((&forced["state"], &forced["forced"]), (&json!("done"), &json!(true)));
        assert_eq!(forced["ended_at"], "2026-11-23T17:00:00Z");
        force(boss, out("2026-11-23T12:00", "Again.")).await.expect(409);
        // Corrections keep what was; a note is asked for; nobody corrects their own.
        let right = |note: &str, version: &Value| {
            json!({
                "started_at": "2026-11-23T04:02", "ended_at": "2026-11-23T12:00", "break_minutes": 20, "note": note,
                "version": version,
            })
        };
        let put =
            async |who: &Actor, body: Value| app.json(who, "PUT", &format!("/api/v1/time/{id}"), body).await;
        put(boss, right("", &forced["version"])).await.expect(422);
        put(officer, right("I was earlier.", &forced["version"])).await.expect(403);
        put(boss, right("Old.", &json!(1))).await.expect(409);
        let done = put(boss, right("The camera shows 04:02.", &forced["version"])).await.expect(200).json();
        assert_eq!((&done["corrected"], &done["minutes"]), (&json!(true), &json!(458)));
        assert_eq!(done["corrections"][0]["started_before"], forced["started_at"]);
        assert_eq!(done["punches"].as_array().unwrap().len(), 2, "the punches stay as they came");
        // Six weeks on it is closed.
        let mut batch = Batch::new();
        let back = app.now().as_microsecond() - 43 * 86_400_000_000;
        batch.run("update time_entries set started_at = $1, ended_at = $1 + 3600000000", params![back]);
        app.put(batch).await;
        let closed = put(boss, right("Too late.", &done["version"])).await.expect(409).text();
        assert!(closed.contains("six weeks"), "{closed}");
    }
}
