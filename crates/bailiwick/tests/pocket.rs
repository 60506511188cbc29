//! What a phone gets to hold, through the doors of the whole program, on both engines.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

use access::Target;
use axum::body::Body;
use http::{Request, header};
use testkit::{Actor, Answered, TestApp};

async fn post(app: &TestApp, actor: &Actor, path: &str, key: &str, body: &str) -> Answered {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("idempotency-key", key)
        .body(Body::from(body.to_owned()))
        .unwrap();
    app.send(Some(actor), request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_waited_is_carried_out_once() {
    for app in testkit::apps(bailiwick::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let bob = app.member(org, "Bob", "customer_admin", &[Target::Organization], None).await;
        let first = post(&app, &ada, "/office/teams", "night-1", "name=Night&kind=shop").await.expect(303);
        let place = first.header("location").unwrap().to_owned();
        assert!(place.starts_with("/office/teams"), "{place}");
        // The answer was lost on the way: the same act comes again, and leads to the same record.
        let again = post(&app, &ada, "/office/teams", "night-1", "name=Night&kind=shop").await.expect(303);
        assert_eq!(again.header("location"), Some(place.as_str()));
        // The same key with other words is a mistake, not a second act and not a silent nothing.
        post(&app, &ada, "/office/teams", "night-1", "name=Day&kind=shop").await.expect(409);
        // Keys are each person's own.
        post(&app, &bob, "/office/teams", "night-1", "name=Evening&kind=shop").await.expect(303);
        let teams = app.get(&ada, "/api/v1/teams").await.expect(200).json();
        let mut names: Vec<&str> =
            teams["items"].as_array().unwrap().iter().map(|team| team["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Evening", "Night"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_field_say_whose_window_they_are() {
    for app in testkit::apps(bailiwick::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let olga = app.member(org, "Olga", "officer", &[Target::Site(dock)], None).await;
        let otto = app.member(org, "Otto", "officer", &[Target::Site(dock)], None).await;
        let window = async |actor: &Actor, path: &str| {
            app.get(actor, path).await.expect(200).header("bailiwick-window").map(str::to_owned)
        };
        let first = window(&olga, "/field").await.unwrap();
        assert_eq!(window(&olga, "/field/incidents/new").await.as_ref(), Some(&first));
        assert_ne!(window(&otto, "/field").await.as_ref(), Some(&first), "another person, another window");
        // A change of rights is another window, so that a phone throws away what it held.
        app.give(&otto, "guard", &[Target::Site(dock)]).await;
        assert_ne!(window(&olga, "/field").await.as_ref(), Some(&first));
        let page = app.get(&olga, "/field").await.expect(200).text();
        assert!(page.contains("data-keep=\""), "the page names what is kept");
        assert!(page.contains("/field/incidents/new"), "{page}");
        assert!(!page.contains(&olga.membership.to_string()), "the mark of a person is not an id");

        // The office's pages are never kept.
        let ada = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        assert_eq!(window(&ada, "/office").await, None);
        // Nor is what is seen through somebody's eyes.
        app.post_form(
            &ada,
            &format!("/office/members/{}/preview", olga.membership),
            &[("reason", "They say a report is missing")],
        )
        .await
        .expect(303);
        let seen = app.get(&ada, "/field").await.expect(200);
        assert_eq!(seen.header("bailiwick-window"), None);
        assert!(!seen.text().contains("data-self="), "a preview keeps no acts");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_and_the_manifest_are_there_before_signing_in() {
    let Some(app) = testkit::apps(bailiwick::features()).await.into_iter().next() else { return };
    let worker = app.get_open("/field/worker.js").await.expect(200);
    assert_eq!(worker.header("service-worker-allowed"), Some("/field"));
    assert_eq!(worker.header("cache-control"), Some("no-cache"));
    let script = worker.text();
    assert!(script.starts_with("const VERSION = \""), "{}", &script[..60]);
    for asset in script.split('"').filter(|part| part.starts_with("/assets/") && part.contains('.')) {
        app.get_open(asset).await.expect(200);
    }
    let manifest = app.get_open("/app.webmanifest").await.expect(200);
    assert_eq!(manifest.header("content-type"), Some("application/manifest+json"));
    let manifest = manifest.json();
    assert_eq!(manifest["start_url"], "/field");
    for icon in manifest["icons"].as_array().unwrap() {
        app.get_open(icon["src"].as_str().unwrap()).await.expect(200);
    }
}
