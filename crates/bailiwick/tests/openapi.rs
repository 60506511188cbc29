//! The description of the API is true: it is what is served, it names every route, its references lead somewhere,
//! and answers are as it says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

use access::Target;
use serde_json::{Value, json};
use web::Door;

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("$ref", Value::String(reference)) => found.push(reference.clone()),
                    _ => references(value, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_route_is_described_and_every_reference_leads_somewhere() {
    let features = bailiwick::features();
    let document = web::openapi::document(&features);
    let mut routes = 0;
    for route in features.iter().flat_map(|feature| (feature.routes)()) {
        if route.doors.contains(&Door::Api) {
            routes += 1;
            let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
            assert!(operation.is_object(), "{} {} is not described", route.method, route.path);
            assert_ne!(operation["summary"], "", "{} {} says nothing of itself", route.method, route.path);
        }
    }
    let described: usize =
        document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(routes, described, "nothing else is described");
    assert!(routes > 20);
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer =
            reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads out of the document"));
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let ids: Vec<&str> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "operation ids are used once");
}

#[tokio::test]
async fn what_is_served_is_the_document_and_lists_answer_as_it_says() {
    for app in testkit::apps(bailiwick::features()).await {
        let served = app.get_open("/api/openapi.json").await.expect(200).json();
        let document = web::openapi::document(&bailiwick::features());
        assert_eq!(served, document);

        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let area = app.area(org, "North").await;
        app.team(org, "Night").await;
        let site = app.site(org, client, Some(area), "Dock 4").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let body = json!({
            "site": site, "kind": "Other", "severity": "low", "title": "A gate stood open", "narrative": "It did.",
            "occurred_at": "2026-11-23T01:00:00Z", "people": [{ "name": "Ben", "part": "witness" }]
        });
        let made = app.json(&admin, "POST", "/api/v1/incidents", body).await;
        assert!(made.status == 201 || made.status == 422, "{}", made.text());
        let mut asked = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            let schema = &methods["get"]["responses"]["200"]["content"]["application/json"]["schema"];
            if path.contains('{') || schema.is_null() {
                continue;
            }
            let answer = app.get(&admin, &format!("/api/v1{path}")).await.expect(200).json();
            let mut whole = json!({ "components": document["components"] });
            for (key, value) in schema.as_object().unwrap() {
                whole[key] = value.clone();
            }
            let validator = jsonschema::draft202012::new(&whole).unwrap_or_else(|e| panic!("{path}: {e}"));
            let wrong: Vec<String> =
                validator.iter_errors(&answer).map(|e| format!("{path}{}: {e}", e.instance_path())).collect();
            assert!(wrong.is_empty(), "{wrong:#?}\n{answer:#}");
            asked += 1;
        }
        assert!(asked >= 8, "{asked} lists were asked");
    }
}
