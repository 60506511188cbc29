//! Alarms through HTTP, on both engines. Expectations are written by hand from ROLES.md.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{TestApp, apps};

use crate::trial::{Company, get, post};

/// The officer is in need at the dock.
async fn alarm(app: &TestApp, c: &Company, name: &str, body: Value) -> String {
    let raised = post(app, c.who(name), "/sos", body).await.expect(201).json();
    raised["id"].as_str().unwrap().to_owned()
}

async fn outbox(app: &TestApp) -> Vec<(String, String)> {
    app.expand().await;
    app.outbox().await.into_iter().map(|mail| (mail.to, mail.subject)).collect()
}

#[tokio::test]
async fn an_alarm_is_met_by_those_who_answer_and_by_the_caller() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let here = json!({ "site": c.dock.to_string(), "latitude": "42.35", "longitude": "-71.05", "accuracy": "12",
            "word": "A man with a knife" });
        let id = alarm(&app, &c, "officer", here).await;
        let path = format!("/sos/{id}");
        // ROLES.md: all administrators and the site's supervisors; officers their own; clients never another's.
        let all: &[&str] = &["customer_admin", "owner", "admin", "supervisor", "officer"];
        for name in c.names() {
            let status = get(&app, c.who(name), &path).await.status;
            assert_eq!(status, if all.contains(&name) { 200 } else { 404 }, "{name}, {:?}", app.engine());
        }
        let seen = get(&app, c.who("supervisor"), &path).await.expect(200).json();
        assert_eq!(seen["caller"], "officer");
        assert_eq!(seen["phone"], "+1 555 010 1000");
        assert_eq!(seen["latitude"], 42.35);
        assert_eq!(seen["word"], "A man with a knife");
        assert_eq!(seen["state"], "raised");
        // The officer elsewhere cannot answer for the site, and the caller not for themselves.
        post(&app, c.who("fellow"), &format!("{path}/acknowledgement"), json!({})).await.expect(404);
        post(&app, c.who("officer"), &format!("{path}/acknowledgement"), json!({})).await.expect(403);
    }
}

#[tokio::test]
async fn it_is_answered_once_by_name_and_closed_with_a_note() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let id = alarm(&app, &c, "officer", json!({ "site": c.dock.to_string() })).await;
        let (answer, closing) = (format!("/sos/{id}/acknowledgement"), format!("/sos/{id}/closing"));
        post(&app, c.who("supervisor"), &answer, json!({})).await.expect(200);
        let second = post(&app, c.who("customer_admin"), &answer, json!({})).await.expect(409).text();
        assert!(second.contains("supervisor answers this alarm already"), "{second}");
        // The caller reads the name, and not what helpers write.
        post(&app, c.who("supervisor"), &format!("/sos/{id}/notes"), json!({ "note": "Police called" }))
            .await
            .expect(200);
        let own = get(&app, c.who("officer"), &format!("/sos/{id}")).await.expect(200).json();
        assert_eq!(own["answered_by"], "supervisor");
        assert!(!own.to_string().contains("Police called"), "{own}");
        // What the caller says is heard.
        post(&app, c.who("officer"), &format!("/sos/{id}/notes"), json!({ "note": "I am in the gatehouse" }))
            .await
            .expect(200);
        let seen = get(&app, c.who("supervisor"), &format!("/sos/{id}")).await.expect(200).json();
        assert!(
            seen.to_string().contains("I am in the gatehouse") && seen.to_string().contains("Police called")
        );
        // Closed only with words, and only once; then it takes no more.
        let wrong =
            post(&app, c.who("supervisor"), &closing, json!({ "note": " " })).await.expect(422).text();
        assert!(wrong.contains("say what happened"), "{wrong}");
        post(&app, c.who("officer"), &closing, json!({ "note": "All well" })).await.expect(403);
        post(&app, c.who("supervisor"), &closing, json!({ "note": "All well" })).await.expect(200);
        post(&app, c.who("supervisor"), &closing, json!({ "note": "Again" })).await.expect(409);
        post(&app, c.who("officer"), &format!("/sos/{id}/notes"), json!({ "note": "x" })).await.expect(409);
        let log = app.get(c.who("customer_admin"), "/api/v1/sos/export").await.expect(200).text();
        assert!(log.contains("Dock 4") && log.contains("All well") && log.contains("supervisor"), "{log}");
        get(&app, c.who("officer"), "/sos/export").await.expect(403);
    }
}

/// ROLES.md, MyProtektor: "works only when emergency access is on for that client and the account is linked to the site;
/// otherwise it is shown disabled with the reason".
#[tokio::test]
async fn a_client_needs_emergency_access_and_a_link_to_the_site() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let at_dock = json!({ "site": c.dock.to_string() });
        let page = app.get(c.who("client"), "/client/sos").await.expect(200).text();
        assert!(page.contains("disabled") && page.contains("Emergency access is off for Dock 4"), "{page}");
        post(&app, c.who("client"), "/sos", at_dock.clone()).await.expect(403);
        post(&app, c.who("client"), "/sos", json!({})).await.expect(422);
        c.emergency(&app, true).await;
        let page = app.get(c.who("client"), "/client/sos").await.expect(200).text();
        assert!(!page.contains("Emergency access is off"), "{page}");
        let id = alarm(&app, &c, "client", at_dock.clone()).await;
        // Another's site is not there to choose; roles without the button have no page.
        post(&app, c.who("client next door"), "/sos", at_dock.clone()).await.expect(422);
        for name in ["client_user", "site_user", "client_account"] {
            app.get(c.who(name), "/client/sos").await.expect(404);
            post(&app, c.who(name), "/sos", at_dock.clone()).await.expect(404);
        }
        // The caller sees their own, the company answers it, and no other client hears of it.
        get(&app, c.who("client"), &format!("/sos/{id}")).await.expect(200);
        get(&app, c.who("client_user"), &format!("/sos/{id}")).await.expect(404);
        get(&app, c.who("supervisor"), &format!("/sos/{id}")).await.expect(200);
        // Turned off meanwhile: what was raised stays.
        c.emergency(&app, false).await;
        get(&app, c.who("client"), &format!("/sos/{id}")).await.expect(200);
    }
}

/// ROLES.md, MyProtektor: "on a panic, profile data is shown to responders"; the issue: only during the alarm.
#[tokio::test]
async fn the_emergency_card_is_opened_to_helpers_while_the_alarm_lasts() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let card = json!({ "phone": "+1 555 010 2000", "contact_name": "Jo", "contact_phone": "+1 555 010 3000",
            "medical": "Penicillin allergy" });
        app.json(c.who("officer"), "PUT", "/api/v1/sos/card", card).await.expect(200);
        let wrong = json!({ "phone": "call me", "contact_name": "Jo" });
        let said = app.json(c.who("officer"), "PUT", "/api/v1/sos/card", wrong).await.expect(422).text();
        assert!(said.contains("write a telephone number") && said.contains("at which number"), "{said}");
        let id = alarm(&app, &c, "officer", json!({ "site": c.dock.to_string() })).await;
        let seen = get(&app, c.who("supervisor"), &format!("/sos/{id}")).await.expect(200).json();
        assert_eq!(seen["card"]["medical"], "Penicillin allergy");
        assert_eq!(seen["phone"], "+1 555 010 2000", "one's own number goes before the office's");
        // Opening it is written down, once for each person however often they look.
        get(&app, c.who("supervisor"), &format!("/sos/{id}")).await.expect(200);
        let seen = get(&app, c.who("owner"), &format!("/sos/{id}")).await.expect(200).json();
        let opened: Vec<&Value> =
            seen["course"].as_array().unwrap().iter().filter(|m| m["kind"] == "card_opened").collect();
        assert_eq!(opened.len(), 2, "{seen}");
        assert_eq!((&opened[0]["by"], &opened[1]["by"]), (&json!("supervisor"), &json!("owner")));
        // The caller does not find it on the alarm, and nobody does once it is closed.
        let own = get(&app, c.who("officer"), &format!("/sos/{id}")).await.expect(200).text();
        assert!(!own.contains("Penicillin"), "{own}");
        post(&app, c.who("supervisor"), &format!("/sos/{id}/closing"), json!({ "note": "All well" }))
            .await
            .expect(200);
        let later = get(&app, c.who("supervisor"), &format!("/sos/{id}")).await.expect(200).text();
        assert!(!later.contains("Penicillin"), "{later}");
        // Another's card has no address.
        let fellow = get(&app, c.who("fellow"), "/sos/card").await.expect(200).text();
        assert!(!fellow.contains("Penicillin"), "{fellow}");
    }
}

#[tokio::test]
async fn it_is_called_out_again_until_somebody_answers() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let id = alarm(&app, &c, "officer", json!({ "site": c.dock.to_string() })).await;
        // ROLES.md: customer_admin, owner, admin and the site's supervisor have alarms by default.
        let mut told: Vec<String> = outbox(&app).await.into_iter().map(|(to, _)| to).collect();
        told.sort();
        let mut wanted: Vec<String> =
            ["customer_admin", "owner", "admin", "supervisor"].map(|n| c.who(n).email.clone()).to_vec();
        wanted.sort();
        assert_eq!(told, wanted);
        // Not before two minutes have gone; then once, whoever looks.
        assert_eq!(super::call_again(&app.app).await.unwrap(), 0);
        app.clock.advance(Duration::from_secs(121));
        assert_eq!(super::call_again(&app.app).await.unwrap(), 1);
        assert_eq!(super::call_again(&app.app).await.unwrap(), 0);
        let again = outbox(&app).await;
        assert_eq!(again.len(), 8, "{again:?}");
        assert!(again[4..].iter().all(|(_, subject)| subject.contains("ALARM NOT ANSWERED")), "{again:?}");
        post(&app, c.who("supervisor"), &format!("/sos/{id}/acknowledgement"), json!({})).await.expect(200);
        app.clock.advance(Duration::from_secs(3_600));
        assert_eq!(super::call_again(&app.app).await.unwrap(), 0);
        // The caller hears who it is.
        let last = outbox(&app).await;
        assert_eq!(last[8..], [(c.who("officer").email.clone(), "supervisor answers your alarm".to_owned())]);
    }
}

#[tokio::test]
async fn whatever_a_phone_sends_the_alarm_is_raised_once() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let odd = json!({ "site": "", "at": "yesterday", "latitude": "north", "longitude": "-400", "accuracy": "NaN",
            "word": "x".repeat(5_000) });
        let id = alarm(&app, &c, "officer", odd).await;
        let seen = get(&app, c.who("supervisor"), &format!("/sos/{id}")).await.expect(200).json();
        assert_eq!((&seen["site"], &seen["latitude"]), (&json!("Dock 4"), &Value::Null));
        // Sent twice under one key by a phone that lost the answer.
        let here = json!({ "site": c.dock.to_string() });
        let first = app.keyed(c.who("officer"), "/api/v1/sos", "key-7", here.clone()).await.expect(201);
        let second = app.keyed(c.who("officer"), "/api/v1/sos", "key-7", here).await.expect(201);
        assert_eq!(first.header("location"), second.header("location"));
        let all = get(&app, c.who("customer_admin"), "/sos").await.expect(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 2, "{all}");
    }
}
