//! Bad input through every door that takes any: the route table is walked, so a route that is added is walked too.
//! Malformed, mistyped, oversized and stale requests are refused clearly and store nothing; hostile strings come back
//! as they were typed, harmless in pages and files, or are refused at a field.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

use std::collections::BTreeMap;

use access::Target;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use testkit::{Actor, Answered, TestApp};
use web::Door;

struct World {
    org: kernel::id::OrganizationId,
    admin: Actor,
    /// The id of something at each place, by the path's first part (`incidents/types` is a place of its own).
    ids: BTreeMap<&'static str, String>,
    client: String,
    site: String,
}

async fn world(app: &TestApp) -> World {
    let org = app.organization("Northwatch").await;
    let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
    let other = app.member(org, "Sue Visor", "supervisor", &[], None).await;
    let client = app.client(org, "Harbour").await;
    let site = app.site(org, client, None, "Gate").await;
    let make = async |path: &str, body: Value| {
        let made = app.json(&admin, "POST", &format!("/api/v1/{path}"), body).await.expect(201).json();
        made["id"].as_str().unwrap().to_owned()
    };
    let mut ids = BTreeMap::new();
    app.get(&admin, "/api/v1/incidents/types").await.expect(200);
    ids.insert("incidents/types", make("incidents/types", json!({ "name": "Odd" })).await);
    ids.insert("clients", make("clients", json!({ "name": "Mill" })).await);
    ids.insert("areas", make("areas", json!({ "name": "North" })).await);
    ids.insert("teams", make("teams", json!({ "name": "Night", "kind": "shop" })).await);
    ids.insert("workers", make("workers", json!({ "name": "Will" })).await);
    let (client, site) = (client.to_string(), site.to_string());
    let body = json!({ "client": client, "kind": "static", "name": "Yard", "zone": "America/New_York" });
    ids.insert("sites", make("sites", body).await);
    ids.insert("incidents", make("incidents", incident(&site)).await);
    ids.insert("shifts", make("shifts", shift(&site)).await);
    ids.insert("checkpoints", make("checkpoints", json!({ "site": site, "name": "North door" })).await);
    ids.insert("tours", make("tours", json!({ "site": site, "name": "Round" })).await);
    ids.insert("checkpoint-reports", kernel::id::CheckpointReportId::new().to_string());
    ids.insert("time", kernel::id::TimeEntryId::new().to_string());
    ids.insert(
        "post-orders",
        make("post-orders", json!({ "site": site, "title": "Gate", "body": "Lock it." })).await,
    );
    ids.insert("passdown", make("passdown", json!({ "site": site, "body": "Key 7 is out." })).await);
    ids.insert("sos", kernel::id::AlarmId::new().to_string());
    ids.insert("timesheets", kernel::id::TimesheetId::new().to_string());
    ids.insert("shifts/bans", kernel::id::SiteBanId::new().to_string());
    ids.insert("shifts/templates", kernel::id::ShiftTemplateId::new().to_string());
    let body = json!({ "email": "new@example.com", "name": "Nia", "role": "supervisor", "targets": [format!("site:{site}")] });
    ids.insert("invitations", make("invitations", body).await);
    ids.insert("members", other.membership.to_string());
    // One that is not there: what is sent is judged first.
    ids.insert("attachments", kernel::id::AttachmentId::new().to_string());
    ids.insert("contractors", kernel::id::ContractorId::new().to_string());
    ids.insert("changes", kernel::id::ChangeId::new().to_string());
    ids.insert("requests", kernel::id::AccessRequestId::new().to_string());
    ids.insert("reviews", kernel::id::ReviewId::new().to_string());
    World { org, admin, ids, client, site }
}

fn incident(site: &str) -> Value {
    json!({
        "site": site, "kind": "Other", "severity": "low", "title": "A gate stood open", "narrative": "It did.",
        "occurred_at": "2026-11-23T01:00:00Z",
    })
}

fn shift(site: &str) -> Value {
    json!({ "site": site, "starts_at": "2026-11-25T08:00", "ends_at": "2026-11-25T16:00" })
}

/// How much is stored, as far as a change would show: every change writes into the journal.
async fn stored(app: &TestApp, world: &World) -> i64 {
    let rows: Vec<(i64,)> = app
        .app
        .store
        .all("select count(*) from journal where organization_id = $1", store::params![world.org])
        .await
        .unwrap();
    rows[0].0
}

async fn raw(app: &TestApp, world: &World, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Answered {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", kind)
        .body(Body::from(body))
        .unwrap();
    app.send(Some(&world.admin), request).await
}

/// The path of a route with an id that is there, where the world has one.
fn filled(path: &str, world: &World) -> String {
    let place = world
        .ids
        .keys()
        .filter(|place| path.starts_with(&format!("/{place}/")))
        .max_by_key(|place| place.len());
    let id = place.map_or_else(String::new, |place| world.ids[place].clone());
    let part = |part: &str| match part {
        "{id}" => id.clone(),
        "{assignment}" => kernel::id::AssignmentId::new().to_string(),
        "{membership}" => world.ids["members"].clone(),
        "{feature}" => "service".to_owned(),
        other if other.starts_with('{') => "absent".to_owned(),
        plain => plain.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn no_route_takes_what_makes_no_sense() {
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        let before = stored(&app, &world).await;
        let document = web::openapi::document(&bailiwick::features());
        let mut walked = 0;
        for route in bailiwick::features().iter().flat_map(|feature| (feature.routes)()) {
            if !route.doors.contains(&Door::Api) || route.takes.is_none() {
                continue;
            }
            let (method, path) = (route.method.as_str(), format!("/api/v1{}", filled(route.path, &world)));
            let json = "application/json";
            let deep = [vec![b'['; 5_000], vec![b']'; 5_000]].concat();
            let senseless: Vec<(&str, Vec<u8>)> = vec![
                ("nothing", Vec::new()),
                ("half an object", b"{".to_vec()),
                ("null", b"null".to_vec()),
                ("a number", b"7".to_vec()),
                ("a text", b"\"name\"".to_vec()),
                ("no UTF-8", b"{\"name\": \"\xff\xfe\"}".to_vec()),
                ("half a surrogate", br#"{"name": "\ud800"}"#.to_vec()),
                ("two of one name", br#"{"name": "a", "name": "b"}"#.to_vec()),
                ("an unknown field", br#"{"no_such_field": 1}"#.to_vec()),
                ("a deep nest", deep),
            ];
            // Routes that take files say so in their own way.
            let files = ["/attachments", "/logo"].iter().any(|end| route.path.ends_with(end));
            for (what, body) in senseless {
                let answer = raw(&app, &world, method, &path, json, body).await;
                let clear = [400, 404, 422].contains(&answer.status);
                assert!(clear, "{method} {path} with {what}: {} {}", answer.status, answer.text());
                assert_eq!(
                    answer.header("content-type"),
                    Some("application/problem+json"),
                    "{method} {path}"
                );
                assert!(answer.json()["detail"].as_str().is_some_and(|said| !said.is_empty()));
            }
            if !files {
                let large = format!("{{\"name\": \"{}\"}}", "x".repeat(web::input::MOST_BODY));
                let answer = raw(&app, &world, method, &path, json, large.into_bytes()).await;
                assert_eq!(answer.status, 413, "{method} {path}: {}", answer.text());
                for kind in ["text/plain", "application/x-www-form-urlencoded", "application/xml"] {
                    raw(&app, &world, method, &path, kind, b"{}".to_vec()).await.expect(400);
                }
            }
            // Each field as an object, which none of them is (a list of people has objects inside, but is a list).
            let schema = &document["paths"][route.path][method.to_lowercase()]["requestBody"]["content"]["application/json"]
                ["schema"];
            let named = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()).unwrap_or_default();
            for field in
                document["components"]["schemas"][named]["properties"].as_object().into_iter().flatten()
            {
                // What a change says is an object, and of each kind another one.
                let any = ["type", "$ref", "anyOf"].iter().all(|word| field.1.get(word).is_none());
                if any {
                    continue;
                }
                let body = json!({ field.0: { "a": 1 } }).to_string().into_bytes();
                let answer = raw(&app, &world, method, &path, json, body).await;
                assert_eq!(answer.status, 400, "{method} {path} {}: {}", field.0, answer.text());
            }
            walked += 1;
        }
        assert!(walked >= 25, "{walked} routes were walked");
        assert_eq!(stored(&app, &world).await, before, "nothing was stored");
    }
}

/// A record that is changed by sending it whole, and which of its fields are free text.
struct Editable {
    place: &'static str,
    body: Value,
    texts: &'static [&'static str],
}

fn editables(world: &World) -> Vec<Editable> {
    let site =
        json!({ "client": world.client, "kind": "static", "name": "Yard", "zone": "America/New_York" });
    vec![
        Editable {
            place: "clients",
            body: json!({ "name": "Mill" }),
            texts: &["name", "contact_name", "phone", "address", "notes"],
        },
        Editable { place: "areas", body: json!({ "name": "North" }), texts: &["name"] },
        Editable { place: "teams", body: json!({ "name": "Night", "kind": "shop" }), texts: &["name"] },
        Editable { place: "sites", body: site, texts: &["name", "code", "address", "instructions"] },
        Editable {
            place: "workers",
            body: json!({ "name": "Will" }),
            texts: &["name", "phone", "employee_number", "notes"],
        },
        Editable {
            place: "incidents",
            body: incident(&world.site),
            texts: &["title", "narrative", "place", "public_details", "internal_notes"],
        },
        Editable { place: "shifts", body: shift(&world.site), texts: &["post", "note"] },
        Editable {
            place: "checkpoints",
            body: json!({ "name": "North door" }),
            texts: &["name", "instructions", "question"],
        },
        Editable { place: "tours", body: json!({ "name": "Round" }), texts: &["name", "instructions"] },
        Editable {
            place: "post-orders",
            body: json!({ "title": "Gate", "body": "Lock it." }),
            texts: &["title", "body"],
        },
        Editable { place: "members", body: json!({ "name": "Sue Visor" }), texts: &["name"] },
        Editable { place: "organization", body: json!({}), texts: &["name", "details"] },
    ]
}

fn path_of(world: &World, place: &str) -> String {
    world.ids.get(place).map_or_else(|| format!("/{place}"), |id| format!("/{place}/{id}"))
}

#[tokio::test]
async fn a_version_that_is_old_or_missing_changes_nothing() {
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        // Settings that are set whole and roles, which are given anew by being changed, have no version; the accounts
        // of a client's portal have one, and their own tests.
        let mut covered: Vec<String> = [
            "/organization",
            "/organization/features/{feature}",
            "/members/{id}/roles/{assignment}",
            "/clients/{id}/portal/accounts/{membership}",
            // These have tests of their own for what was changed meanwhile.
            "/contractors/{id}",
            "/roles/{key}",
            "/reviews/{id}/reviewers",
            "/shifts/policy",
            "/time/{id}",
            "/timesheets/{id}",
            // One's own, set whole.
            "/sos/card",
        ]
        .map(str::to_owned)
        .into();
        for (path, place, body) in [
            ("/incidents/types/{id}", "incidents/types", json!({ "name": "Odder" })),
            ("/clients/{id}/emergency-access", "clients", json!({ "on": true })),
            ("/sites/{id}/reports", "sites", json!({ "approval_required": true })),
        ] {
            covered.push(path.to_owned());
            let path = format!("/api/v1{}", path.replace("{id}", &world.ids[place]));
            for (version, status) in [(json!(7), 409), (json!(""), 422), (json!(1), 200), (json!(1), 409)] {
                let mut body = body.clone();
                // The last one says something else, so that there is something to change.
                let other = status == 409 && version == 1;
                if other {
                    body = match place {
                        "incidents/types" => json!({ "name": "Oddest" }),
                        "clients" => json!({ "on": false }),
                        _ => json!({ "approval_required": false }),
                    };
                }
                body["version"] = version;
                let answer = app.json(&world.admin, "PUT", &path, body.clone()).await;
                assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
            }
        }
        for editable in editables(&world).iter().filter(|one| one.place != "organization") {
            covered.push(format!("/{}/{{id}}", editable.place));
            let path = format!("/api/v1{}", path_of(&world, editable.place));
            let read = app.get(&world.admin, &path).await.expect(200).json();
            let version = read["version"].as_i64().unwrap();
            let send = |version: Value, text: &str| {
                let mut body = editable.body.clone();
                body[editable.texts[0]] = json!(text);
                body["version"] = version;
                app.json(&world.admin, "PUT", &path, body)
            };
            for (wrong, status) in
                [(json!(version - 1), 409), (json!(version + 1), 409), (json!(""), 422), (json!("one"), 422)]
            {
                let answer = send(wrong.clone(), "Lost").await;
                assert_eq!(answer.status, status, "{path} {wrong}: {}", answer.text());
            }
            assert_eq!(app.get(&world.admin, &path).await.expect(200).json(), read, "{path}");
            let next = app.get(&world.admin, &path).await.expect(200).json()["version"].clone();
            send(next.clone(), "First").await.expect(200);
            send(next, "Second").await.expect(409);
        }
        for route in bailiwick::features().iter().flat_map(|feature| (feature.routes)()) {
            let put = route.method == "PUT" && route.doors.contains(&Door::Api);
            assert!(!put || covered.iter().any(|path| path == route.path), "add {} to this test", route.path);
        }
    }
}

/// Real hostile strings, where they are there, and some of our own.
fn payloads() -> Vec<String> {
    let mut all: Vec<String> = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'; drop table sites; --",
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\u{202e}txt.exe",
        "\u{0}",
        "\u{1b}[31m",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "../../etc/passwd",
        "\u{feff}bom",
        "e\u{301}",
        "a\r\nb",
        "\u{1f469}\u{200d}\u{1f680}",
        "%00",
        "\u{fffd}",
        "ﷺ",
        " lead and trail ",
    ]
    .map(str::to_owned)
    .into();
    let folder = std::env::var("BAILIWICK_DATA").map_or_else(
        |_unset| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        std::path::PathBuf::from,
    );
    let Ok(blns) = std::fs::read_to_string(folder.join("payloads/blns.json")) else {
        println!("skipped: no payloads under {} (set BAILIWICK_DATA); own strings only", folder.display());
        return all;
    };
    all.extend(serde_json::from_str::<Vec<String>>(&blns).unwrap());
    for (name, step) in [
        ("csv_injection_payloadbox.txt", 1),
        ("crlf_patt.txt", 1),
        ("sqli_generic_patt.txt", 1),
        ("xss_payloadbox.txt", 40),
        ("path_traversal_patt.txt", 20),
        ("open_redirect_patt.txt", 40),
    ] {
        let text = std::fs::read(folder.join("payloads").join(name)).unwrap();
        let text = String::from_utf8_lossy(&text).into_owned();
        all.extend(text.lines().step_by(step).map(str::to_owned));
    }
    let confusables = std::fs::read_to_string(folder.join("unicode/ascii_confusables.csv")).unwrap();
    let lines = confusables.lines().skip(1).step_by(200);
    all.extend(lines.filter_map(|line| Some(line.split(',').nth(1)?.to_owned())));
    all
}

/// What is kept of what was typed: line ends as one character, no space around.
fn kept(typed: &str) -> String {
    typed.replace("\r\n", "\n").trim().to_owned()
}

#[tokio::test]
async fn hostile_text_comes_back_as_typed_or_is_refused_at_its_field() {
    let payloads = payloads();
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        for editable in editables(&world) {
            let path = path_of(&world, editable.place);
            let api = format!("/api/v1{path}");
            let (mut taken, mut refused) = (0, 0);
            for (number, payload) in payloads.iter().enumerate() {
                let now = app.get(&world.admin, &api).await.expect(200).json();
                // One field at a time, in turn, so that a refusal is of that field alone.
                let field = editable.texts[number % editable.texts.len()];
                let mut body = editable.body.clone();
                if editable.place == "organization" {
                    for same in ["name", "details", "zone", "hue"] {
                        body[same] = now[same].clone();
                    }
                }
                body["version"] = now["version"].clone();
                if editable.place == "organization" {
                    body.as_object_mut().unwrap().remove("version");
                }
                body[field] = json!(payload);
                let answer = app.json(&world.admin, "PUT", &api, body).await;
                match answer.status {
                    200 => {
                        taken += 1;
                        let read = app.get(&world.admin, &api).await.expect(200).json();
                        let said = read[field].as_str().unwrap_or_default();
                        assert!(
                            said == payload || said == kept(payload),
                            "{api} {field}: {payload:?} came back as {said:?}"
                        );
                        if number % 3 == 0 && payload.contains('<') && kept(payload).len() > 7 {
                            let page =
                                app.get(&world.admin, &format!("/office{path}")).await.expect(200).text();
                            assert!(
                                !page.contains(kept(payload).as_str()),
                                "{path} {field}: {payload:?} is in the page"
                            );
                        }
                    }
                    422 => {
                        refused += 1;
                        let errors = answer.json()["errors"].clone();
                        assert!(errors.get(field).is_some(), "{api} {field} {payload:?}: {errors}");
                        assert_eq!(
                            app.get(&world.admin, &api).await.expect(200).json(),
                            now,
                            "nothing was stored"
                        );
                    }
                    status => panic!("{api} {field} {payload:?}: {status} {}", answer.text()),
                }
            }
            assert!(taken > 10, "{}: {taken} taken, {refused} refused", editable.place);
        }
    }
}

#[tokio::test]
async fn no_file_holds_a_formula() {
    let mut formulas = payloads();
    formulas.retain(|text| {
        text.trim_start().starts_with(['=', '+', '-', '@']) && text.len() < 100 && !text.contains('\n')
    });
    assert!(formulas.len() >= 4);
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        for editable in editables(&world) {
            if !["clients", "sites", "workers", "incidents"].contains(&editable.place) {
                continue;
            }
            for (number, formula) in formulas.iter().enumerate() {
                let mut body = editable.body.clone();
                for field in editable.texts {
                    body[*field] = json!(formula);
                }
                let name = if editable.place == "incidents" { "title" } else { "name" };
                body[name] = json!(format!("{formula} {number}"));
                let made = app.json(&world.admin, "POST", &format!("/api/v1/{}", editable.place), body).await;
                assert!([201, 422].contains(&made.status), "{}", made.text());
            }
            let file =
                app.get(&world.admin, &format!("/office/{}/export", editable.place)).await.expect(200).text();
            let mut cells = 0;
            for cell in file.split(['\n', ',']).map(|cell| cell.trim_start_matches('"')) {
                cells += 1;
                let number = cell.trim_end_matches(['"', '\r']).parse::<f64>().is_ok();
                assert!(number || !cell.starts_with(['=', '+', '@']), "{}: {cell:?}", editable.place);
            }
            assert!(cells > 20, "{file}");
        }
    }
}
