//! Shifts through HTTP, on both engines. The tables are written by hand from the roles page.

use kernel::id::SiteId;
use serde_json::{Value, json};
use testkit::{Actor, TestApp, apps};

use crate::trial::{Company, get, meets, post};

fn evening(site: SiteId, worker: Option<String>) -> Value {
    json!({
        "site": site.to_string(), "worker": worker.unwrap_or_default(), "post": "Gate B",
        "starts_at": "2026-11-24T22:00", "ends_at": "2026-11-25T06:00", "break_minutes": 30,
        "note": "Bring the torch.",
    })
}

async fn planned(app: &TestApp, by: &Actor, body: Value) -> String {
    let made = post(app, by, "/shifts", body).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

async fn verb(app: &TestApp, who: &Actor, id: &str, noun: &str, body: Value) -> testkit::Answered {
    post(app, who, &format!("/shifts/{id}/{noun}"), body).await
}

async fn read(app: &TestApp, who: &Actor, id: &str) -> Value {
    get(app, who, &format!("/shifts/{id}")).await.expect(200).json()
}

async fn listed(app: &TestApp, who: &Actor) -> usize {
    let answer = get(app, who, "/shifts").await;
    if answer.status == 404 { 0 } else { answer.expect(200).json()["items"].as_array().unwrap().len() }
}

#[tokio::test]
async fn each_role_meets_the_shifts_that_are_its_own_business() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("customer_admin");
        let officer = Some(c.works("officer").to_string());
        let draft = planned(&app, admin, evening(c.dock, officer.clone())).await;
        let given = {
            let mut body = evening(c.dock, officer);
            body["starts_at"] = "2026-11-26T08:00".into();
            body["ends_at"] = "2026-11-26T16:00".into();
            planned(&app, admin, body).await
        };
        let open = planned(&app, admin, evening(c.dock, None)).await;
        let shared = {
            let mut body = evening(c.dock, Some(c.works("fellow").to_string()));
            body["starts_at"] = "2026-11-27T08:00".into();
            body["ends_at"] = "2026-11-27T16:00".into();
            planned(&app, admin, body).await
        };
        let archived = planned(&app, admin, evening(c.dock, None)).await;
        for id in [&given, &open, &shared, &archived] {
            verb(&app, admin, id, "publication", json!({})).await.expect(200);
        }
        verb(&app, admin, &shared, "sharing", json!({})).await.expect(200);
        verb(&app, admin, &archived, "sharing", json!({})).await.expect(200);
        verb(&app, admin, &archived, "archive", json!({})).await.expect(200);
        let kinds: Vec<(&str, String)> = [
            ("draft", draft),
            ("given", given),
            ("open", open.clone()),
            ("shared", shared.clone()),
            ("archived", archived),
        ]
        .into_iter()
        .map(|(kind, id)| (kind, format!("/shifts/{id}")))
        .collect();
        const ALL: &[&str] = &["draft", "given", "open", "shared", "archived"];
        meets(
            &app,
            &c,
            &kinds,
            &[
                ("customer_admin", ALL),
                ("owner", ALL),
                ("admin", ALL),
                ("supervisor", ALL),
                ("call_center", ALL),
                // "own work; sites where rostered": their own once published, and open ones of their sites.
                ("officer", &["given", "open"]),
                ("fellow", &["open", "shared"]),
                ("guard", &["open"]),
                // The client side: only what was shared, and only who was given that by a role.
                ("planner", &["shared"]),
            ],
        )
        .await;
        assert_eq!(listed(&app, c.who("officer")).await, 2, "lists show what can be opened");
        assert_eq!(listed(&app, c.who("supervisor")).await, 4);
        assert_eq!(listed(&app, c.who("client_user")).await, 0);
        // Who works never leaves for the client side, nor does what the worker reads.
        let seen = read(&app, c.who("planner"), &shared).await;
        assert_eq!(seen["site"], "Dock 4");
        for hidden in ["worker", "worker_id", "note", "state", "planned_by", "client", "version"] {
            assert_eq!(seen[hidden], Value::Null, "{hidden}");
        }
        let page = app.get(c.who("planner"), &format!("/client/shifts/{shared}")).await.expect(200).text();
        assert!(!page.contains("fellow") && !page.contains("torch"), "{page}");
        // Their own, told as such.
        let mine = get(&app, c.who("officer"), "/shifts/mine").await.expect(200).json();
        assert_eq!(mine["mine"].as_array().unwrap().len(), 1);
        assert_eq!(mine["open"][0]["id"], open.as_str());
    }
}

/// What each role may do. 200 and 201: done; 403: seen, but not theirs to do; 404: not there.
#[tokio::test]
async fn each_role_does_what_the_roles_page_lets_it() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("customer_admin");
        // create, edit, publish, assign, decide, share, archive, export, rules, ban
        let table: &[(&str, [u16; 10])] = &[
            ("customer_admin", [201, 200, 200, 200, 409, 200, 200, 200, 200, 201]),
            ("owner", [201, 200, 200, 200, 409, 200, 200, 200, 200, 201]),
            ("admin", [201, 200, 200, 200, 409, 200, 200, 200, 200, 201]),
            // "modify schedules" of assigned sites; no export was given, and settings are not theirs.
            ("supervisor", [201, 200, 200, 200, 409, 200, 200, 403, 404, 201]),
            ("supervisor elsewhere", [422, 404, 404, 404, 404, 404, 404, 403, 404, 422]),
            // "view and edit schedules to fill open shifts".
            ("call_center", [404, 200, 403, 200, 403, 403, 403, 403, 404, 404]),
            ("officer", [404, 403, 403, 403, 403, 403, 403, 403, 404, 404]),
            ("guard", [404, 403, 403, 403, 403, 403, 403, 403, 404, 404]),
            ("officer elsewhere", [404, 404, 404, 404, 404, 404, 404, 403, 404, 404]),
            ("client_user", [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
            ("site_user", [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
            ("client", [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
            ("client_account", [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
            ("stranger", [422, 404, 404, 404, 404, 404, 404, 200, 200, 422]),
        ];
        let mut wrong = Vec::new();
        for (at, (name, wanted)) in table.iter().enumerate() {
            let who = c.who(name);
            let id = planned(&app, admin, evening(c.dock, None)).await;
            verb(&app, admin, &id, "publication", json!({})).await.expect(200);
            let mut changed = evening(c.dock, None);
            changed["post"] = "Gate C".into();
            changed["version"] = 2.into();
            let worker = c.works("officer").to_string();
            let day = format!("2027-01-{:02}", at + 1);
            let mut fresh = evening(c.dock, None);
            fresh["starts_at"] = format!("{day}T08:00").into();
            fresh["ends_at"] = format!("{day}T16:00").into();
            let ban = json!({ "site": c.dock.to_string(), "worker": c.works("guard").to_string(), "note": "Key lost." });
            let answers = [
                post(&app, who, "/shifts", fresh).await,
                app.json(who, "PUT", &format!("/api/v1/shifts/{id}"), changed).await,
                verb(&app, who, &id, "publication", json!({})).await,
                verb(&app, who, &id, "assignment", json!({ "worker": worker })).await,
                verb(&app, who, &id, "decision", json!({ "answer": "yes" })).await,
                verb(&app, who, &id, "sharing", json!({})).await,
                verb(&app, who, &id, "archive", json!({})).await,
                get(&app, who, "/shifts/export").await,
                get(&app, who, "/shifts/policy").await,
                post(&app, who, "/shifts/bans", ban).await,
            ];
            let got = answers.each_ref().map(|a| a.status);
            if got != *wanted {
                wrong.push(format!("{name}: {got:?}\n   not {wanted:?}"));
            }
            if got[9] == 201 {
                let ban = answers[9].json()["id"].as_str().unwrap().to_owned();
                post(&app, who, &format!("/shifts/bans/{ban}/lift"), json!({ "note": "Found." }))
                    .await
                    .expect(200);
            }
            let _ = verb(&app, admin, &id, "archive", json!({})).await;
        }
        assert!(wrong.is_empty(), "{:?}:\n{}", app.engine(), wrong.join("\n"));
    }
}

#[tokio::test]
async fn a_shift_is_published_answered_and_given_away() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let (boss, officer) = (c.who("supervisor"), c.who("officer"));
        let id = planned(&app, boss, evening(c.dock, Some(c.works("officer").to_string()))).await;
        let shift = verb(&app, boss, &id, "publication", json!({})).await.expect(200).json();
        // New York in November: 22:00 is 03:00 UTC; eight hours, half an hour of it unpaid.
        assert_eq!(shift["starts_at"], "2026-11-25T03:00:00Z");
        assert_eq!((&shift["minutes"], &shift["break_minutes"]), (&json!(480), &json!(30)));
        verb(&app, c.who("fellow"), &id, "answer", json!({ "answer": "yes" })).await.expect(404);
        verb(&app, officer, &id, "answer", json!({})).await.expect(422);
        verb(&app, officer, &id, "answer", json!({ "answer": "no" })).await.expect(422);
        let yes = verb(&app, officer, &id, "answer", json!({ "answer": "yes" })).await.expect(200).json();
        assert_eq!((&yes["state"], &yes["mine"]), (&json!("confirmed"), &json!(true)));
        // A yes was to these hours: others are asked for anew.
        let mut later = evening(c.dock, None);
        later["starts_at"] = "2026-11-24T23:00".into();
        later["version"] = yes["version"].clone();
        let moved =
            app.json(boss, "PUT", &format!("/api/v1/shifts/{id}"), later.clone()).await.expect(200).json();
        assert_eq!(moved["state"], "published");
        app.json(boss, "PUT", &format!("/api/v1/shifts/{id}"), later).await.expect(409);
        let no = json!({ "answer": "no", "note": "My child is ill." });
        verb(&app, officer, &id, "answer", no).await.expect(200);
        let refused = read(&app, boss, &id).await;
        assert_eq!(
            (&refused["state"], &refused["answer_note"]),
            (&json!("refused"), &json!("My child is ill."))
        );
        let fellow = json!({ "worker": c.works("fellow").to_string() });
        let given = verb(&app, c.who("call_center"), &id, "assignment", fellow).await.expect(200).json();
        assert_eq!((&given["state"], &given["worker"]), (&json!("published"), &json!("fellow")));
        get(&app, officer, &format!("/shifts/{id}")).await.expect(404);
        // Taken back, it is nobody's business.
        verb(&app, boss, &id, "unpublication", json!({})).await.expect(200);
        get(&app, c.who("fellow"), &format!("/shifts/{id}")).await.expect(404);
        let journal: Option<(i64,)> =
            app.app.store.first("select count(*) from journal where resource = 'shift'", []).await.unwrap();
        assert_eq!(journal.unwrap().0, 7, "create, publish, confirm, edit, refuse, assign, unpublish");
    }
}

#[tokio::test]
async fn an_open_shift_is_asked_for_and_decided_about() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let (boss, officer, fellow) = (c.who("supervisor"), c.who("officer"), c.who("fellow"));
        let id = planned(&app, boss, evening(c.dock, None)).await;
        verb(&app, officer, &id, "claim", json!({})).await.expect(404);
        verb(&app, boss, &id, "publication", json!({})).await.expect(200);
        let asked = verb(&app, officer, &id, "claim", json!({})).await.expect(200).json();
        assert_eq!((&asked["asked_by_me"], &asked["open"]), (&json!(true), &json!(true)));
        verb(&app, officer, &id, "claim", json!({})).await.expect(200);
        let second = verb(&app, fellow, &id, "claim", json!({})).await.expect(409).text();
        assert!(second.contains("asked for this shift first"), "{second}");
        verb(&app, officer, &id, "decision", json!({ "answer": "yes" })).await.expect(403);
        verb(&app, boss, &id, "decision", json!({ "answer": "no", "note": "Too far." })).await.expect(200);
        verb(&app, fellow, &id, "claim", json!({})).await.expect(200);
        let given = verb(&app, boss, &id, "decision", json!({ "answer": "yes" })).await.expect(200).json();
        assert_eq!((&given["worker"], &given["state"]), (&json!("fellow"), &json!("confirmed")));
        get(&app, officer, &format!("/shifts/{id}")).await.expect(404);
        verb(&app, c.who("officer elsewhere"), &id, "claim", json!({})).await.expect(404);
        // With the rule off, whoever asks first has it; without a worker behind the sign-in nobody can ask.
        let rules = json!({ "double_booking": "block", "rest": "off", "rest_hours": 8, "ban": "block", "claims_need_approval": false, "version": 0 });
        app.json(c.who("admin"), "PUT", "/api/v1/shifts/policy", rules.clone()).await.expect(200);
        // Read before that: nobody's change is lost.
        app.json(c.who("owner"), "PUT", "/api/v1/shifts/policy", rules).await.expect(409);
        let mut body = evening(c.dock, None);
        body["starts_at"] = "2026-11-28T08:00".into();
        body["ends_at"] = "2026-11-28T16:00".into();
        let next = planned(&app, boss, body).await;
        verb(&app, boss, &next, "publication", json!({})).await.expect(200);
        let taken = verb(&app, officer, &next, "claim", json!({})).await.expect(200).json();
        assert_eq!((&taken["state"], &taken["mine"]), (&json!("confirmed"), &json!(true)));
    }
}

#[tokio::test]
async fn the_rules_warn_or_stop_and_say_why() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("customer_admin");
        let officer = c.works("officer").to_string();
        planned(&app, admin, evening(c.dock, Some(officer.clone()))).await;
        // Two at once: stopped, and the other one is named to whoever sees it.
        let twice =
            post(&app, admin, "/shifts", evening(c.mall, Some(officer.clone()))).await.expect(422).text();
        assert!(twice.contains("another shift at that time: Dock 4"), "{twice}");
        // Whoever does not see the other shift is told nothing of it (law 3).
        let unseen = evening(c.mall, Some(officer.clone()));
        let blind = post(&app, c.who("supervisor elsewhere"), "/shifts", unseen).await.expect(201).json();
        assert_eq!(blind["warnings"], json!([]));
        let clash = read(&app, admin, blind["id"].as_str().unwrap()).await;
        assert!(clash["warnings"][0].as_str().unwrap().contains("Dock 4"), "{clash}");
        // Five hours of rest: a warning, and the shift is kept.
        let mut soon = evening(c.dock, Some(officer));
        soon["starts_at"] = "2026-11-25T11:00".into();
        soon["ends_at"] = "2026-11-25T15:00".into();
        let tired = post(&app, admin, "/shifts", soon).await.expect(201).json();
        let said = tired["warnings"].to_string();
        assert!(said.contains("Only 5 h of rest") && said.contains("8 h are asked for"), "{said}");
        // A ban is stopped with its reason; the worker themselves is told no more than that they cannot work there.
        let guard = c.works("guard").to_string();
        let ban = json!({ "site": c.dock.to_string(), "worker": guard, "note": "Lost the keys twice." });
        post(&app, admin, "/shifts/bans", json!({ "site": c.dock.to_string(), "worker": guard }))
            .await
            .expect(422);
        let made = post(&app, admin, "/shifts/bans", ban.clone()).await.expect(201).json();
        post(&app, admin, "/shifts/bans", ban).await.expect(422);
        let why = post(&app, admin, "/shifts", evening(c.dock, Some(guard))).await.expect(422).text();
        assert!(why.contains("Lost the keys twice"), "{why}");
        let open = planned(&app, admin, evening(c.dock, None)).await;
        verb(&app, admin, &open, "publication", json!({})).await.expect(200);
        let told = verb(&app, c.who("guard"), &open, "claim", json!({})).await.expect(422).text();
        assert!(told.contains("ask your supervisor") && !told.contains("keys"), "{told}");
        get(&app, c.who("guard"), "/shifts/bans").await.expect(404);
        let lifted = format!("/shifts/bans/{}/lift", made["id"].as_str().unwrap());
        post(&app, admin, &lifted, json!({})).await.expect(422);
        post(&app, admin, &lifted, json!({ "note": "Keys found." })).await.expect(200);
        verb(&app, c.who("guard"), &open, "claim", json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn what_cannot_be_a_shift_is_said_at_its_field() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("customer_admin");
        let wrong = async |field: &str, value: Value, at: &str, words: &str| {
            let mut body = evening(c.dock, None);
            body[field] = value;
            let errors = post(&app, admin, "/shifts", body).await.expect(422).json();
            let said = errors["errors"][at].to_string();
            assert!(said.contains(words), "{field}: {errors}");
        };
        wrong("site", json!("sit_unknown"), "site", "choose one of your sites").await;
        wrong("worker", json!("nobody"), "worker", "choose one").await;
        wrong("ends_at", json!("2026-11-24T22:00"), "ends_at", "ends after it begins").await;
        wrong("ends_at", json!("2026-11-27T22:00"), "ends_at", "36 hours").await;
        wrong("break_minutes", json!(500), "break_minutes", "0 to 240").await;
        wrong("starts_at", json!("tonight"), "starts_at", "write a date").await;
        // 8 March 2026 in New York: 02:30 never was. 1 November: 01:30 was twice.
        wrong("starts_at", json!("2026-03-08T02:30"), "starts_at", "did not exist").await;
        wrong("starts_at", json!("2026-11-01T01:30"), "starts_pass", "happened twice").await;
        wrong("post", json!("x".repeat(121)), "post", "at most 120").await;
        let typed = [
            ("site", c.dock.to_string()),
            ("starts_at", "2026-11-24T22:00".into()),
            ("ends_at", "soon".into()),
        ];
        let typed: Vec<(&str, &str)> = typed.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let page = app.post_form(admin, "/office/shifts", &typed).await.expect(422).text();
        assert!(
            page.contains("write a date") && page.contains("2026-11-24T22:00"),
            "typed words stay: {page}"
        );
        let rules = json!({ "double_booking": "maybe", "rest": "warn", "rest_hours": 90, "ban": "off", "version": 0 });
        let errors = app.json(admin, "PUT", "/api/v1/shifts/policy", rules).await.expect(422).json();
        assert!(errors["errors"]["double_booking"].is_array() && errors["errors"]["rest_hours"].is_array());
    }
}

#[tokio::test]
async fn a_week_is_copied_as_the_preview_says() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let boss = c.who("supervisor");
        let mut night = evening(c.dock, Some(c.works("officer").to_string()));
        // The night of 31 October to 1 November 2026: the clock is put back, nine hours pass.
        night["starts_at"] = "2026-10-31T22:00".into();
        night["ends_at"] = "2026-11-01T06:00".into();
        let made = post(&app, boss, "/shifts", night).await.expect(201).json();
        assert_eq!(made["minutes"], 540);
        planned(&app, c.who("customer_admin"), evening(c.mall, None)).await;
        let ask = |make: &str| json!({ "from": "2026-10-28", "to": "2026-11-04", "make": make });
        let look = post(&app, boss, "/shifts/plan", ask("")).await.expect(200).json();
        assert_eq!((&look["count"], &look["made"]), (&json!(1), &json!(false)));
        assert_eq!(listed(&app, boss).await, 1, "looking makes nothing");
        let done = post(&app, boss, "/shifts/plan", ask("true")).await.expect(200).json();
        assert_eq!((&done["count"], &done["made"]), (&json!(1), &json!(true)));
        // The same clock a week later, when it is winter: eight hours.
        assert_eq!(done["rows"][0]["starts_at"], "2026-11-08T03:00:00Z");
        assert_eq!(done["rows"][0]["ends_at"], "2026-11-08T11:00:00Z");
        let again = post(&app, boss, "/shifts/plan", ask("true")).await.expect(200).json();
        assert_eq!((&again["count"], &again["rows"][0]["fate"]), (&json!(0), &json!("there")));
        // A template is the same week without its date.
        let keep = json!({ "name": "Nights", "site": c.dock.to_string(), "week": "2026-10-28" });
        let template = post(&app, boss, "/shifts/templates", keep).await.expect(201).json();
        let none = json!({ "name": "Nothing", "site": c.dock.to_string(), "week": "2030-01-01" });
        post(&app, boss, "/shifts/templates", none).await.expect(422);
        let spring = json!({ "template": template["id"], "to": "2027-03-13", "make": "true" });
        let spring = post(&app, boss, "/shifts/plan", spring).await.expect(200).json();
        assert_eq!(spring["rows"][0]["worker"], "officer");
        // Saturday 13 March 22:00 EST to Sunday 06:00 EDT: seven hours.
        assert_eq!(spring["rows"][0]["starts_at"], "2027-03-14T03:00:00Z");
        assert_eq!(spring["rows"][0]["ends_at"], "2027-03-14T10:00:00Z");
        post(
            &app,
            c.who("supervisor elsewhere"),
            "/shifts/plan",
            json!({ "template": template["id"], "to": "2027-03-13" }),
        )
        .await
        .expect(422);
        post(&app, boss, "/shifts/plan", json!({ "to": "2026-11-04" })).await.expect(422);
        post(&app, c.who("officer"), "/shifts/plan", ask("")).await.expect(404);
        // The week by worker, and its page for whoever runs the site.
        let week = get(&app, boss, "/shifts/week?week=2026-11-05&by=worker").await.expect(200).json();
        assert_eq!(
            (&week["lines"][0]["name"], &week["lines"][0]["minutes"]),
            (&json!("officer"), &json!(450))
        );
        assert_eq!(week["days"][0], "2026-11-02");
        get(&app, boss, "/shifts/week?by=moon").await.expect(400);
        let drafts =
            post(&app, boss, "/shifts/publication", json!({ "week": "2026-11-05" })).await.expect(200).json();
        assert_eq!(drafts["published"], 1);
        for path in [
            "/office/shifts/week?week=2026-11-05",
            "/office/shifts/new",
            "/office/shifts",
            "/office/shifts/bans",
        ] {
            app.get(boss, path).await.expect(200);
        }
        app.get(boss, "/office/shifts/plan?from=2026-11-05&to=2026-11-12").await.expect(200);
        app.get(c.who("admin"), "/office/shifts/policy").await.expect(200);
        let mine = app.get(c.who("officer"), "/field/shifts").await.expect(200).text();
        assert!(mine.contains("No shifts ahead"), "what is over is not ahead: {mine}");
        // Searched by what is seen: the officer finds the site, nobody finds by the name of a worker they cannot see.
        let found = get(&app, c.who("officer"), "/shifts?q=gate").await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let found = get(&app, c.who("officer"), "/shifts?q=officer").await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 0);
    }
}

#[tokio::test]
async fn open_shifts_and_reminders_are_mailed_to_those_they_concern() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let admin = c.who("customer_admin");
        let open = planned(&app, admin, evening(c.dock, None)).await;
        verb(&app, admin, &open, "publication", json!({})).await.expect(200);
        app.expand().await;
        let told = |mails: &[testkit::mail::Mail], word: &str| {
            let mut names: Vec<String> = mails
                .iter()
                .filter(|m| m.subject.contains(word))
                .map(|m| m.to.split('.').next().unwrap().to_owned())
                .collect();
            names.sort();
            names
        };
        let mails = app.outbox().await;
        // Subscribed by their role, and may ask for it: officers of that site. A guard's role brings no mail.
        assert_eq!(told(&mails, "Open shift"), ["fellow", "officer"]);
        let mut tomorrow = evening(c.dock, Some(c.works("officer").to_string()));
        tomorrow["starts_at"] = "2026-11-24T18:30".into();
        tomorrow["ends_at"] = "2026-11-24T21:30".into();
        let shift = planned(&app, admin, tomorrow).await;
        // Monday 08:00 UTC. A draft is nobody's: no reminder, even in the evening.
        assert_eq!(crate::remind(&app.app).await.unwrap(), 0);
        verb(&app, admin, &shift, "publication", json!({})).await.expect(200);
        assert_eq!(crate::remind(&app.app).await.unwrap(), 0, "it is not evening yet");
        // 18:00 in New York on Monday is 23:00 UTC.
        app.clock.advance(std::time::Duration::from_secs(15 * 3600));
        assert_eq!(crate::remind(&app.app).await.unwrap(), 1);
        assert_eq!(crate::remind(&app.app).await.unwrap(), 0, "once");
        app.expand().await;
        let mails = app.outbox().await;
        assert_eq!(told(&mails, "Your shift"), ["officer"]);
        assert_eq!(told(&mails, "Reminder"), ["officer"]);
    }
}
