//! Non-interference: worlds that differ only in what a client may not see give them the very same bytes. And the
//! strings that people and attackers type come back as they are, or harmless.

use access::Visibility;
use serde_json::json;
use store::Batch;
use testkit::TestApp;

use super::{World, file, read, report, verb};
use crate::setup::{NewIncident, insert_many, last_number, take_numbers};

/// Everything a client can ask about incidents.
const QUESTIONS: &[&str] = &[
    "/api/v1/incidents",
    "/api/v1/incidents?limit=3",
    "/api/v1/incidents?q=zebra",
    "/api/v1/incidents?q=secret",
    "/api/v1/incidents?q=dock&order=-occurred",
    "/api/v1/incidents?status=new&severity=high&severity=low",
    "/api/v1/incidents?kind=Theft",
    "/api/v1/incidents?from=2026-11-01&until=2026-11-23",
    "/api/v1/incidents?archived=true",
    "/api/v1/incidents?published=published",
    "/api/v1/incidents?assignee=me",
    "/api/v1/incidents/board",
    "/api/v1/incidents/export",
    "/api/v1/incidents/export?q=zebra",
    "/client/incidents",
    "/client/incidents?q=secret",
    "/client/incidents?limit=3",
    "/client/incidents/export",
];

async fn answers(app: &TestApp, world: &World, ids: &[String]) -> Vec<(String, u16, Vec<u8>)> {
    let mut all = Vec::new();
    let mut ask = QUESTIONS.iter().map(|q| (*q).to_owned()).collect::<Vec<_>>();
    ask.extend(ids.iter().flat_map(|id| {
        [
            format!("/api/v1/incidents/{id}"),
            format!("/client/incidents/{id}"),
            format!("/api/v1/incidents/{id}/changes"),
        ]
    }));
    for path in ask {
        let answer = app.get(&world.reader, &path).await;
        if path.ends_with("limit=3") && path.starts_with("/api") {
            let next = answer.json()["next"].as_str().unwrap().to_owned();
            let onwards = app.get(&world.reader, &format!("{path}&cursor={next}")).await;
            all.push((format!("{path} onwards"), onwards.status, onwards.bytes));
        }
        all.push((path, answer.status, answer.bytes));
    }
    all
}

#[tokio::test]
async fn what_a_client_may_not_see_changes_no_byte_of_what_they_get() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let make = |n: i64, site, name: &str, client, visibility: Visibility| {
            let at = app.now() - std::time::Duration::from_secs(u64::try_from(n).unwrap() * 1_000);
            let mut one = NewIncident::filed(n, client, (site, name, "America/New_York"), at);
            one.kind = "Theft".into();
            one.title = format!("secret {n}");
            one.narrative = "zebra".into();
            one.public_details = format!("a zebra at dock, {n}");
            one.visibility = visibility;
            if visibility == Visibility::Released {
                one.released = Some((app.now(), "Ada".into()));
            }
            one
        };
        let harbour = (world.harbour, "Harbour");
        // Every second one is theirs.
        let seen: Vec<NewIncident> =
            (1..=8).map(|n| make(2 * n, world.dock, "Dock 4", harbour, Visibility::Released)).collect();
        let ids: Vec<String> = seen.iter().map(|one| one.id.to_string()).collect();
        let mut batch = Batch::new();
        take_numbers(&mut batch, world.org, 0, 40);
        insert_many(&mut batch, world.org, &seen);
        app.put(batch).await;
        let before = answers(&app, &world, &ids).await;
        assert!(before.iter().any(|(_, status, bytes)| *status == 200 && bytes.len() > 500));

        let mut hidden: Vec<NewIncident> = Vec::new();
        for (place, visibility) in
            [Visibility::Draft, Visibility::Held, Visibility::Submitted].into_iter().enumerate()
        {
            let n = i64::try_from(place).unwrap();
            hidden.push(make(2 * n + 1, world.dock, "Dock 4", harbour, visibility));
        }
        for n in 10..16 {
            hidden.push(make(2 * n + 1, world.mall, "Mall", (world.plaza, "Plaza"), Visibility::Released));
        }
        hidden[0].kind = "Arson".into();
        let last = last_number(&app.app.store, world.org).await.unwrap();
        let mut batch = Batch::new();
        take_numbers(&mut batch, world.org, last, 10);
        insert_many(&mut batch, world.org, &hidden);
        app.put(batch).await;
        // The hidden parts of what they do see change, too.
        let id = ids[2].as_str();
        verb(&app, &world.admin, id, "assignment", json!({ "assignee": world.admin.membership }))
            .await
            .expect(200);
        let mut body = report(world.dock);
        body["version"] = json!(2);
        body["kind"] = json!("Theft");
        body["severity"] = json!("low");
        body["occurred_at"] = json!(seen[2].occurred_at.to_string());
        body["public_details"] = json!(seen[2].public_details);
        body["internal_notes"] = json!("secret zebra");
        body["people"] = json!([{ "name": "Zebra", "part": "suspect" }]);
        app.json(&world.admin, "PUT", &format!("/api/v1/incidents/{id}"), body).await.expect(200);
        verb(&app, &world.admin, id, "escalation", json!({})).await.expect(200);

        let after = answers(&app, &world, &ids).await;
        for ((question, status, bytes), (_, status_after, bytes_after)) in before.iter().zip(&after) {
            assert_eq!(status, status_after, "{question}");
            assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(bytes_after), "{question}");
        }
        // And the questions are able to tell: one more release changes them.
        let more = hidden[2].id.to_string();
        verb(&app, &world.admin, &more, "publication", json!({ "version": 1 })).await.expect(200);
        assert_ne!(before[0].2, answers(&app, &world, &ids).await[0].2);
    }
}

fn hostile() -> Vec<String> {
    let mut all: Vec<String> = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' or 1=1 --",
        "'; drop table incidents; --",
        "=cmd|' /C calc'!A0",
        "+1-2",
        "@SUM(1)",
        "%00 %0d%0a Set-Cookie: x=1",
        "../../../etc/passwd",
        "\u{202e}gpj.exe\u{202c} \u{200b}\u{feff}x",
        "ﬁ ǅ ẞ İ é e\u{301} 東京 🏴‍☠️",
        "100% _ \\ % _",
        "{{7*7}} ${7*7}",
    ]
    .map(str::to_owned)
    .to_vec();
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/payloads");
    match std::fs::read_to_string(shared.join("blns.json")) {
        Ok(text) => {
            let more: Vec<String> = serde_json::from_str(&text).unwrap();
            all.extend(more.into_iter().filter(|s| !s.trim().is_empty()));
        }
        Err(_) => eprintln!("skipped: the list of naughty strings is not here"),
    }
    if let Ok(text) = std::fs::read_to_string(shared.join("xss_payloadbox.txt")) {
        all.extend(text.lines().filter(|l| !l.trim().is_empty()).step_by(40).map(str::to_owned));
    }
    if let Ok(text) = std::fs::read_to_string(shared.join("csv_injection_payloadbox.txt")) {
        all.extend(text.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned));
    }
    all
}

#[tokio::test]
async fn hostile_text_comes_back_as_it_is_or_harmless() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let (mut taken, mut refused) = (0, 0);
        for text in hostile() {
            let mut body = report(world.dock);
            for field in ["title", "narrative", "place", "public_details", "internal_notes"] {
                body[field] = json!(text);
            }
            body["people"] = json!([{ "name": text, "part": "witness", "contact": text, "note": text }]);
            let answer = app.json(&world.admin, "POST", "/api/v1/incidents", body).await;
            if answer.status == 422 {
                // Too long for a line, or control characters: said at the field, never cut.
                refused += 1;
                continue;
            }
            taken += 1;
            let filed = answer.expect(201).json();
            let kept = text.trim();
            for field in ["title", "narrative", "place", "public_details", "internal_notes"] {
                assert_eq!(filed[field].as_str(), Some(kept), "{field}");
            }
            assert_eq!(filed["people"][0]["note"].as_str(), Some(kept));
        }
        assert!(taken > refused, "{taken} taken, {refused} refused");

        // Two that matter most, seen on every page and in the file.
        for text in ["<script>alert(1)</script>", "=cmd|' /C calc'!A0"] {
            let mut body = report(world.dock);
            for field in ["title", "narrative", "place", "public_details", "internal_notes"] {
                body[field] = json!(text);
            }
            body["people"] = json!([{ "name": text, "part": "witness", "contact": text, "note": text }]);
            let id = file(&app, &world.admin, body).await["id"].as_str().unwrap().to_owned();
            verb(&app, &world.admin, &id, "publication", json!({ "version": 1 })).await.expect(200);
            read(&app, &world.reader, &id).await.expect(200);
            for path in [
                format!("/office/incidents/{id}"),
                format!("/office/incidents/{id}/edit"),
                format!("/office/incidents/{id}/publication"),
                "/office/incidents".to_owned(),
                "/office/incidents/board".to_owned(),
                format!("/office/incidents?q={}", web::mount::encode(text)),
            ] {
                let page = app.get(&world.admin, &path).await.expect(200).text();
                assert!(!page.contains("<script>alert"), "{path}");
            }
            let page = app.get(&world.reader, &format!("/client/incidents/{id}")).await.expect(200).text();
            assert!(!page.contains("<script>alert"));
        }
        for (actor, path) in
            [(&world.admin, "/office/incidents/export"), (&world.reader, "/client/incidents/export")]
        {
            let file = app.get(actor, path).await.expect(200);
            assert!(file.header("content-disposition").unwrap().starts_with("attachment"));
            let text = file.text();
            assert!(text.contains("'=cmd"), "{text}");
            for line in text.lines() {
                for cell in line.split(',') {
                    assert!(!cell.trim_matches('"').starts_with("=cmd"), "{line}");
                }
            }
        }
        // A wrong question is answered, whatever is in it.
        for query in
            ["cursor=x", "status=%00", "site=inc_1", "from=x", "order=secret", "limit=99999", "assignee=you"]
        {
            let answer = app.get(&world.admin, &format!("/api/v1/incidents?{query}")).await;
            assert!(matches!(answer.status, 200 | 400), "{query}: {}", answer.status);
        }
        let cursor =
            app.get(&world.admin, "/api/v1/incidents?limit=1").await.expect(200).json()["next"].clone();
        let path = format!("/api/v1/incidents?limit=1&cursor={}", cursor.as_str().unwrap());
        app.get(&world.admin, &path).await.expect(200);
        app.get(&world.reader, &path).await.expect(400);
    }
}
