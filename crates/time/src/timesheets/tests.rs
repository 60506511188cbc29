//! Timesheets through HTTP, on both engines. The tables are written by hand from the roles page.

use std::time::Duration;

use access::{Feature, Switch};
use serde_json::{Value, json};
use store::{Batch, params};
use testkit::{Actor, TestApp, apps};

use crate::trial::{Company, get, meets, post};

const HOUR: u64 = 3_600;

/// A shift from 09:00 to 17:00 UTC of the test's Monday with half an hour of break, published.
async fn shift(app: &TestApp, c: &Company, worker: &str, site: &str) -> String {
    let admin = c.who("customer_admin");
    let body = json!({
        "site": site, "worker": c.works(worker).to_string(), "post": "Gate", "break_minutes": 30,
        "starts_at": "2026-11-23T04:00", "ends_at": "2026-11-23T12:00",
    });
    let made = post(app, admin, "/shifts", body).await.expect(201).json();
    let id = made["id"].as_str().unwrap().to_owned();
    post(app, admin, &format!("/shifts/{id}/publication"), json!({})).await.expect(200);
    id
}

/// A worker comes now and leaves so many minutes later, with a break of half an hour told beforehand.
async fn works(app: &TestApp, who: &Actor, minutes: u64) {
    post(app, who, "/time/punches", json!({ "kind": "in" })).await.expect(201);
    app.clock.advance(Duration::from_secs(HOUR));
    post(app, who, "/time/punches", json!({ "kind": "break_start" })).await.expect(201);
    app.clock.advance(Duration::from_secs(HOUR / 2));
    post(app, who, "/time/punches", json!({ "kind": "break_end" })).await.expect(201);
    app.clock.advance(Duration::from_secs(minutes * 60 - 3 * HOUR / 2));
    post(app, who, "/time/punches", json!({ "kind": "out" })).await.expect(201);
}

async fn lines(app: &TestApp, who: &Actor, asked: &str) -> Vec<Value> {
    let page = get(app, who, &format!("/timesheets{asked}")).await.expect(200).json();
    page["items"].as_array().unwrap().clone()
}

fn path(line: &Value) -> String {
    format!("/timesheets/{}", line["id"].as_str().unwrap())
}

#[tokio::test]
async fn each_role_meets_the_hours_that_are_its_own_business() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let (dock, mall) = (c.dock.to_string(), c.mall.to_string());
        shift(&app, &c, "officer", &dock).await;
        shift(&app, &c, "fellow", &dock).await;
        shift(&app, &c, "officer elsewhere", &mall).await;
        app.clock.advance(Duration::from_secs(HOUR));
        works(&app, c.who("officer"), 480).await;
        assert_eq!(crate::make_timesheets(&app.app).await.unwrap(), 3);
        assert_eq!(crate::make_timesheets(&app.app).await.unwrap(), 0, "each shift is looked at once");
        let admin = c.who("customer_admin");
        let all = lines(&app, admin, "").await;
        assert_eq!(all.len(), 3, "{all:?}");
        let of = |worker: &str| all.iter().find(|l| l["worker"] == worker).unwrap();
        assert_eq!(
            (&of("officer")["state"], &of("officer")["basis"]),
            (&json!("awaiting"), &json!("clocked"))
        );
        assert_eq!((&of("fellow")["paid"], &of("fellow")["basis"]), (&Value::Null, &json!("nothing")));
        let kinds = vec![
            ("worked", path(of("officer"))),
            ("missed", path(of("fellow"))),
            ("elsewhere", path(of("officer elsewhere"))),
        ];
        const ALL: &[&str] = &["worked", "missed", "elsewhere"];
        let staff: [(&str, &[&str]); 8] = [
            ("customer_admin", ALL),
            ("owner", ALL),
            ("admin", ALL),
            ("supervisor", &["worked", "missed"]),
            ("supervisor elsewhere", &["elsewhere"]),
            // Their own and nobody else's.
            ("officer", &["worked"]),
            ("fellow", &["missed"]),
            ("officer elsewhere", &["elsewhere"]),
        ];
        // With "timesheets for approval" the client side meets what waits and has hours; never what nobody clocked.
        let clients: [(&str, &[&str]); 3] =
            [("client_user", &["worked"]), ("site_user", &["worked"]), ("client_account", &["worked"])];
        meets(&app, &c, &kinds, &[&staff[..], &clients[..]].concat()).await;
        for (name, count) in [("officer", 1), ("guard", 0), ("client_user", 1), ("supervisor", 2)] {
            assert_eq!(lines(&app, c.who(name), "").await.len(), count, "{name}");
        }
        for name in ["call_center", "client", "planner"] {
            get(&app, c.who(name), "/timesheets").await.expect(404);
        }
        // Without the module they wait for the approval.
        app.switch(c.org, Switch::TimesheetsForApproval, false).await;
        meets(&app, &c, &kinds, &staff).await;
        post(&app, admin, &format!("{}/approval", kinds[0].1), json!({})).await.expect(200);
        meets(&app, &c, &kinds, &[&staff[..], &clients[..]].concat()).await;
        // Who may look may not decide; who may not look is told nothing.
        app.switch(c.org, Switch::TimesheetsForApproval, true).await;
        for (name, status) in
            [("supervisor", 403), ("fellow", 403), ("officer", 404), ("client_user", 404), ("stranger", 404)]
        {
            for verb in ["approval", "rejection"] {
                let answer =
                    post(&app, c.who(name), &format!("{}/{verb}", kinds[1].1), json!({ "note": "x" })).await;
                assert_eq!(answer.status, status, "{name} {verb}");
            }
        }
        // Without the feature there are no timesheets for anybody, and none come to be.
        app.feature(c.org, Feature::Timesheets, false).await;
        for name in ["customer_admin", "officer", "client_user"] {
            get(&app, c.who(name), "/timesheets").await.expect(404);
            get(&app, c.who(name), &kinds[0].1).await.expect(404);
        }
        post(&app, c.who("officer"), "/time/punches", json!({ "kind": "in", "site": dock }))
            .await
            .expect(201);
        app.clock.advance(Duration::from_secs(HOUR));
        post(&app, c.who("officer"), "/time/punches", json!({ "kind": "out" })).await.expect(201);
        app.feature(c.org, Feature::Timesheets, true).await;
        assert_eq!(lines(&app, admin, "").await.len(), 3);
        // The pages of the three portals.
        for (name, page, words) in [
            ("admin", "/office/timesheets?week=2026-11-23", "Nobody clocked in"),
            ("supervisor", "/office/timesheets", "officer"),
            ("officer", "/field/timesheets", "My hours"),
            ("client_user", "/client/timesheets?week=2026-11-23", "Dock 4"),
        ] {
            let text = app.get(c.who(name), page).await.expect(200).text();
            assert!(text.contains(words), "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn hours_are_changed_set_back_decided_and_nothing_is_lost() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("customer_admin");
        shift(&app, &c, "officer", &c.dock.to_string()).await;
        // Ten minutes late, and twenty minutes longer: 09:10 to 17:20 with half an hour of break.
        app.clock.advance(Duration::from_secs(HOUR + 600));
        works(&app, c.who("officer"), 490).await;
        let line = lines(&app, admin, "").await.remove(0);
        let path = path(&line);
        assert_eq!(
            (&line["planned"]["minutes"], &line["actual"]["minutes"], &line["paid"]["minutes"]),
            (&json!(450), &json!(460), &json!(460))
        );
        assert_eq!((&line["difference"], &line["worker"]), (&json!(10), &json!("officer")));
        let hours = |from: &str, until: &str, pause: &str, note: &str, version: &Value| {
            json!({
                "starts_at": from, "ends_at": until, "break_minutes": pause, "note": note, "version": version,
            })
        };
        let put =
            async |who: &Actor, body: Value| app.json(who, "PUT", &format!("/api/v1{path}"), body).await;
        let (from, until) = ("2026-11-23T04:00", "2026-11-23T12:15");
        for (body, field) in [
            (hours(from, until, "30", "", &json!(2)), "note"),
            (hours("soon", until, "30", "x", &json!(2)), "starts_at"),
            (hours(until, from, "30", "x", &json!(2)), "ends_at"),
            (hours(from, "2026-11-25T12:00", "30", "x", &json!(2)), "ends_at"),
            (hours(from, "2026-11-23T23:00", "30", "x", &json!(2)), "ends_at"),
            (hours(from, "2026-11-23T04:20", "30", "x", &json!(2)), "break_minutes"),
            (hours(from, until, "-3", "x", &json!(2)), "break_minutes"),
            (hours(from, until, "30", "x", &json!("")), "version"),
        ] {
            let said = put(admin, body.clone()).await.expect(422).json();
            assert!(said["errors"][field].is_array(), "{body}: {said}");
        }
        put(c.who("supervisor"), hours(from, until, "30", "x", &line["version"])).await.expect(403);
        put(c.who("fellow"), hours(from, until, "30", "x", &line["version"])).await.expect(404);
        put(admin, hours(from, until, "30", "x", &json!(77))).await.expect(409);
        let done = put(admin, hours(from, until, "30", "Stayed for the alarm.", &line["version"]))
            .await
            .expect(200)
            .json();
        assert_eq!((&done["paid"]["minutes"], &done["basis"]), (&json!(465), &json!("written")));
        assert_eq!((&done["actual"], &done["planned"]), (&line["actual"], &line["planned"]), "they stay");
        assert_eq!(
            (&done["changes"][0]["before"], &done["changes"][0]["note"]),
            (&line["paid"], &json!("Stayed for the alarm."))
        );
        let verb = async |verb: &str, body: Value| post(&app, admin, &format!("{path}/{verb}"), body).await;
        verb("reversion", json!({ "to": "nowhere" })).await.expect(422);
        let back = verb("reversion", json!({ "to": "rostered" })).await.expect(200).json();
        assert_eq!((&back["paid"], &back["basis"]), (&line["planned"], &json!("rostered")));
        let back = verb("reversion", json!({ "to": "clocked" })).await.expect(200).json();
        assert_eq!((&back["paid"], &back["basis"]), (&line["actual"], &json!("clocked")));
        // Decisions: a word where it is a no, none twice, and a way back that says why.
        verb("reopening", json!({ "note": "x" })).await.expect(409);
        verb("rejection", json!({})).await.expect(422);
        let no = verb("rejection", json!({ "note": "The gate was shut." })).await.expect(200).json();
        assert_eq!((&no["state"], &no["note"]), (&json!("rejected"), &json!("The gate was shut.")));
        assert_eq!(no["decided_by"], "customer_admin");
        verb("approval", json!({})).await.expect(409);
        // Rejected by staff, it is nothing for the client side before it was put right.
        get(&app, c.who("client_user"), &path).await.expect(404);
        verb("reversion", json!({ "to": "rostered" })).await.expect(200);
        get(&app, c.who("client_user"), &path).await.expect(200);
        verb("approval", json!({ "version": 1 })).await.expect(409);
        let yes = verb("approval", json!({})).await.expect(200).json();
        assert_eq!(yes["state"], "approved");
        verb("approval", json!({})).await.expect(409);
        verb("rejection", json!({ "note": "x" })).await.expect(409);
        verb("reversion", json!({ "to": "clocked" })).await.expect(409);
        put(admin, hours(from, until, "30", "x", &yes["version"])).await.expect(409);
        verb("reopening", json!({})).await.expect(422);
        let open = verb("reopening", json!({ "note": "Paid twice." })).await.expect(200).json();
        assert_eq!((&open["state"], &open["decided_by"]), (&json!("awaiting"), &json!("")));
        let told: Vec<&str> =
            open["changes"].as_array().unwrap().iter().map(|c| c["verb"].as_str().unwrap()).collect();
        assert_eq!(told, ["changed", "reverted", "reverted", "rejected", "reverted", "approved", "reopened"]);
        // Nothing takes a line away.
        assert_eq!(app.json(admin, "DELETE", &format!("/api/v1{path}"), json!({})).await.status, 404);
        for page in ["", "/edit"] {
            app.get(admin, &format!("/office{path}{page}")).await.expect(200);
        }
        app.get(c.who("officer"), &format!("/field{path}")).await.expect(200);
    }
}

#[tokio::test]
async fn a_line_follows_its_punches_until_somebody_decides() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let (admin, officer) = (c.who("customer_admin"), c.who("officer"));
        let shift = shift(&app, &c, "officer", &c.dock.to_string()).await;
        // Before it is over nothing is due; then nobody is known to have come.
        app.clock.advance(Duration::from_secs(2 * HOUR));
        assert_eq!(crate::make_timesheets(&app.app).await.unwrap(), 0);
        app.clock.advance(Duration::from_secs(8 * HOUR));
        assert_eq!(crate::make_timesheets(&app.app).await.unwrap(), 1);
        let missed = lines(&app, admin, "").await.remove(0);
        let path = path(&missed);
        assert_eq!((&missed["entry_id"], &missed["paid"]), (&Value::Null, &Value::Null));
        let approve = format!("{path}/approval");
        let said = post(&app, admin, &approve, json!({})).await.expect(409).text();
        assert!(said.contains("no hours to approve"), "{said}");
        post(&app, admin, &format!("{path}/reversion"), json!({ "to": "clocked" })).await.expect(409);
        // The phone was in a basement: its punches come in another order and join that line.
        let punch = |kind: &str, at: &str| {
            json!({
                "kind": kind, "at": format!("2026-11-23T{at}:00Z"), "key": at, "attendance": "a1",
                "shift": if kind == "in" { "" } else { shift.as_str() }, "site": c.dock.to_string(),
            })
        };
        post(&app, officer, "/time/punches", punch("out", "17:05")).await.expect(201);
        assert_eq!(lines(&app, admin, "").await[0]["paid"], Value::Null, "its beginning is not known yet");
        post(&app, officer, "/time/punches", punch("in", "09:00")).await.expect(201);
        let joined = lines(&app, admin, "").await;
        assert_eq!((joined.len(), &joined[0]["id"]), (1, &missed["id"]), "{joined:?}");
        assert_eq!(
            (&joined[0]["paid"]["minutes"], &joined[0]["planned"]["minutes"], &joined[0]["basis"]),
            (&json!(485), &json!(450), &json!("clocked"))
        );
        // A correction of the punches reaches the line while nobody has decided, and afterwards only stands beside.
        let entry = joined[0]["entry_id"].as_str().unwrap().to_owned();
        let correct = async |until: &str| {
            let seen = get(&app, admin, &format!("/time/{entry}")).await.expect(200).json();
            let body = json!({
                "started_at": "2026-11-23T04:00", "ended_at": until, "break_minutes": 30, "note": "Camera.",
                "version": seen["version"],
            });
            app.json(admin, "PUT", &format!("/api/v1/time/{entry}"), body).await.expect(200);
            get(&app, admin, &path).await.expect(200).json()
        };
        assert_eq!(correct("2026-11-23T12:00").await["paid"]["minutes"], 450);
        post(&app, admin, &approve, json!({})).await.expect(200);
        let late = correct("2026-11-23T11:00").await;
        assert_eq!(
            (&late["paid"]["minutes"], &late["actual"]["minutes"], &late["state"]),
            (&json!(450), &json!(390), &json!("approved"))
        );
        // Whoever comes a second time on the same day gets a line without a plan: planned hours are paid once.
        post(&app, officer, "/time/punches", json!({ "kind": "in", "site": c.dock.to_string() }))
            .await
            .expect(201);
        app.clock.advance(Duration::from_secs(HOUR));
        post(&app, officer, "/time/punches", json!({ "kind": "out" })).await.expect(201);
        let all = lines(&app, admin, "").await;
        assert_eq!(all.len(), 2);
        assert_eq!((&all[0]["planned"], &all[0]["paid"]["minutes"]), (&Value::Null, &json!(60)));
        post(
            &app,
            admin,
            &format!("/timesheets/{}/reversion", all[0]["id"].as_str().unwrap()),
            json!({ "to": "rostered" }),
        )
        .await
        .expect(409);
        // A draft, a refused and an open shift make none, nor does one whose worker is still there.
        for (state, worker) in [(0, true), (3, true), (1, false)] {
            let mut batch = Batch::new();
            batch.run(
                "update shifts set sheet_at = null, state = $1, worker_id = case when $2 = 1 then worker_id else null end",
                params![state, i64::from(worker)],
            );
            batch.run("delete from timesheets where entry_id is null", params![]);
            app.put(batch).await;
            assert_eq!(crate::make_timesheets(&app.app).await.unwrap(), 0, "{state} {worker}");
        }
    }
}

#[tokio::test]
async fn the_client_side_decides_on_what_it_is_shown() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let (admin, client) = (c.who("customer_admin"), c.who("client_user"));
        let dock = c.dock.to_string();
        shift(&app, &c, "officer", &dock).await;
        shift(&app, &c, "fellow", &dock).await;
        app.clock.advance(Duration::from_secs(HOUR));
        works(&app, c.who("officer"), 480).await;
        post(&app, c.who("fellow"), "/time/punches", json!({ "kind": "in", "site": dock })).await.expect(201);
        app.clock.advance(Duration::from_secs(HOUR));
        post(&app, c.who("fellow"), "/time/punches", json!({ "kind": "out" })).await.expect(201);
        let seen = lines(&app, client, "").await;
        assert_eq!(seen.len(), 2);
        for line in &seen {
            assert_eq!((&line["site"], &line["state"]), (&json!("Dock 4"), &json!("awaiting")));
            for hidden in [
                "worker",
                "worker_id",
                "assignee_id",
                "planned",
                "actual",
                "difference",
                "basis",
                "note",
                "client",
                "shift_id",
                "entry_id",
                "decided_by",
                "decided_at",
            ] {
                assert_eq!(line[hidden], Value::Null, "{hidden}");
            }
        }
        // By what they do not see they cannot search either.
        assert!(lines(&app, client, "?q=officer").await.is_empty());
        get(&app, client, &format!("/timesheets?worker={}", c.works("officer"))).await.expect(400);
        // Newest first: the hour without a plan, then the shift.
        let (first, second) = (path(&seen[1]), path(&seen[0]));
        let disputed =
            post(&app, client, &format!("{first}/rejection"), json!({ "note": "Nobody was there." }))
                .await
                .expect(200)
                .json();
        assert_eq!(
            (&disputed["state"], &disputed["answer"]),
            (&json!("rejected"), &json!("Nobody was there."))
        );
        assert_eq!(disputed["changes"], json!([]));
        let told = get(&app, admin, &first).await.expect(200).json();
        assert_eq!(
            (&told["decided_by"], &told["answer"]),
            (&json!("client_user"), &json!("Nobody was there."))
        );
        let page = app.get(client, &format!("/client{first}")).await.expect(200).text();
        assert!(page.contains("Nobody was there.") && !page.contains("officer"), "{page}");
        for (verb, body) in
            [("reopening", json!({ "note": "x" })), ("reversion", json!({ "to": "rostered" }))]
        {
            let answer = post(&app, client, &format!("{first}/{verb}"), body).await;
            assert_eq!(answer.status, 403, "{verb}");
        }
        // Staff put other hours down: it waits again. A client of other sites has no part in it.
        post(&app, admin, &format!("{first}/reversion"), json!({ "to": "rostered" })).await.expect(200);
        post(&app, c.who("planner elsewhere"), &format!("{first}/approval"), json!({})).await.expect(404);
        let yes =
            post(&app, c.who("site_user"), &format!("{first}/approval"), json!({})).await.expect(200).json();
        assert_eq!((&yes["state"], &yes["decided_by"]), (&json!("approved"), &Value::Null));
        // With the module off nobody outside decides; what is approved stays to be read.
        app.switch(c.org, Switch::TimesheetsForApproval, false).await;
        post(&app, client, &format!("{second}/approval"), json!({})).await.expect(404);
        let refused = post(&app, client, &format!("{first}/rejection"), json!({ "note": "x" })).await;
        assert_eq!(refused.status, 403);
        assert_eq!(lines(&app, client, "").await.len(), 1);
        // A week at once: those with hours that the asker may approve.
        app.switch(c.org, Switch::TimesheetsForApproval, true).await;
        crate::make_timesheets(&app.app).await.unwrap();
        post(&app, admin, "/timesheets/approval", json!({})).await.expect(422);
        post(&app, admin, "/timesheets/approval", json!({ "week": "soon" })).await.expect(422);
        post(&app, c.who("supervisor"), "/timesheets/approval", json!({ "week": "2026-11-23" }))
            .await
            .expect(404);
        let week = json!({ "week": "2026-11-25" });
        let done = post(&app, client, "/timesheets/approval", week.clone()).await.expect(200).json();
        assert_eq!(done, json!({ "approved": 1, "left": 0 }));
        let none = post(&app, admin, "/timesheets/approval", week).await.expect(200).json();
        assert_eq!(none["approved"], 0);
        let before = post(&app, admin, "/timesheets/approval", json!({ "week": "2026-11-20" })).await;
        assert_eq!(before.expect(200).json(), json!({ "approved": 0, "left": 0 }));
    }
}

#[tokio::test]
async fn a_file_holds_what_its_reader_sees() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        shift(&app, &c, "officer", &c.dock.to_string()).await;
        app.clock.advance(Duration::from_secs(HOUR));
        works(&app, c.who("officer"), 480).await;
        let read = async |name: &str| {
            let text = get(&app, c.who(name), "/timesheets/export").await.expect(200).text();
            text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(
            read("client_user").await,
            [
                "Site,Post,Zone,Paid from,Paid until,Break minutes,Paid minutes,State,Client's answer",
                "Dock 4,Gate,America/New_York,2026-11-23 04:00:00-05:00,2026-11-23 12:00:00-05:00,30,450,Awaiting approval,",
            ]
        );
        let staff = read("customer_admin").await;
        assert!(staff[0].starts_with("Worker,Client,Site,Post,Zone,Planned from,"), "{staff:?}");
        assert!(staff[1].starts_with("officer,Harbour,Dock 4,Gate,"), "{staff:?}");
        for (name, status) in [
            ("customer_admin", 200),
            ("client_user", 200),
            ("supervisor", 403),
            ("officer", 403),
            ("call_center", 404),
        ] {
            for file in ["/timesheets/export", "/timesheets/export.xlsx?week=2026-11-23"] {
                let answer = get(&app, c.who(name), file).await;
                assert_eq!(answer.status, status, "{name} {file}");
            }
        }
    }
}

/// Hours over every change of clock in a file of an independent oracle, typed as the clock on the wall says them.
#[tokio::test]
async fn paid_minutes_are_those_of_the_oracle() {
    let folder = std::env::var("BAILIWICK_DATA").map_or_else(
        |_unset| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        std::path::PathBuf::from,
    );
    let file = folder.join("time").join("dst_shift_oracle_dev.csv");
    if !file.exists() {
        eprintln!("skipped: no {} (set BAILIWICK_DATA)", file.display());
        return;
    }
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        app.clock.advance(Duration::from_secs(HOUR));
        post(&app, c.who("officer"), "/time/punches", json!({ "kind": "in", "site": c.dock.to_string() }))
            .await
            .expect(201);
        app.clock.advance(Duration::from_secs(HOUR));
        post(&app, c.who("officer"), "/time/punches", json!({ "kind": "out" })).await.expect(201);
        // All of them are over by then.
        app.clock.advance(Duration::from_secs(20 * 365 * 24 * HOUR));
        let all = [access::Target::Organization];
        let admin = &app.member(c.org, "Later Admin", "customer_admin", &all, None).await;
        let line = lines(&app, admin, "").await.remove(0);
        let path = path(&line);
        let mut reader = csv::Reader::from_path(&file).unwrap();
        let headers = reader.headers().unwrap().clone();
        let at = |name: &str| headers.iter().position(|h| h == name).unwrap();
        let (zone, from, until) = (at("zone"), at("shift_local_start"), at("shift_local_end"));
        let (elapsed, differs) = (at("elapsed_minutes"), at("differs_in_tzdb_2025b"));
        let mut seen = 0;
        for row in reader.records() {
            let row = row.unwrap();
            if !row[differs].is_empty() {
                continue;
            }
            let mut batch = Batch::new();
            batch.run("update timesheets set zone = $1", params![&row[zone]]);
            app.put(batch).await;
            let version = get(&app, admin, &path).await.expect(200).json()["version"].clone();
            let body = json!({
                "starts_at": &row[from][..16], "ends_at": &row[until][..16], "note": "The clock changed.",
                "version": version,
            });
            let done = app.json(admin, "PUT", &format!("/api/v1{path}"), body).await.expect(200).json();
            assert_eq!(done["paid"]["minutes"].to_string(), row[elapsed], "{row:?}");
            seen += 1;
        }
        assert!(seen >= 40, "{seen} rows were held against the oracle");
    }
}
