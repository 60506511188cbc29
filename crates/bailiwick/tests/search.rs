//! The search over every area, on both engines: what is found is what the asker's lists hold, found by what they
//! show, and nothing else is hinted at.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

use access::{Target, Visibility};
use kernel::id::{ClientId, OrganizationId, SiteId};
use reporting::setup::{NewIncident, insert_many, take_numbers};
use store::Batch;
use testkit::{Actor, TestApp};

struct World {
    org: OrganizationId,
    harbour: ClientId,
    plaza: ClientId,
    dock: SiteId,
    mall: SiteId,
    admin: Actor,
    reader: Actor,
    officer: Actor,
}

async fn world(app: &TestApp) -> World {
    let org = app.organization("Northwatch").await;
    let harbour = app.client(org, "Harbour Lights").await;
    let plaza = app.client(org, "Plaza Group").await;
    let dock = app.site(org, harbour, None, "Dock 4").await;
    let mall = app.site(org, plaza, None, "Lantern Mall").await;
    let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
    let reader =
        app.member(org, "Cleo Lightfoot", "client_user", &[Target::Client(harbour)], Some(harbour)).await;
    let officer = app.member(org, "Olaf Officer", "officer", &[Target::Site(dock)], None).await;
    World { org, harbour, plaza, dock, mall, admin, reader, officer }
}

/// An incident of a number with words in every part, so that each part can be looked for.
fn incident(app: &TestApp, world: &World, n: i64, at_dock: bool, visibility: Visibility) -> NewIncident {
    let at = app.now() - std::time::Duration::from_secs(u64::try_from(n).unwrap() * 1_000);
    let (client, site) = if at_dock {
        ((world.harbour, "Harbour Lights"), (world.dock, "Dock 4", "America/New_York"))
    } else {
        ((world.plaza, "Plaza Group"), (world.mall, "Lantern Mall", "America/New_York"))
    };
    let mut one = NewIncident::filed(n, client, site, at);
    one.kind = "Theft".into();
    one.title = format!("Titled walrus {n}");
    one.narrative = "narrated pelican".into();
    one.internal_notes = "noted ocelot".into();
    one.author_name = "Gustav Guard".into();
    one.public_details = format!("published heron {n}");
    one.visibility = visibility;
    if visibility == Visibility::Released {
        one.released = Some((app.now(), "Ada".into()));
    }
    one
}

async fn stored(app: &TestApp, org: OrganizationId, from: i64, all: &[NewIncident]) {
    let mut batch = Batch::new();
    take_numbers(&mut batch, org, from, 40);
    insert_many(&mut batch, org, all);
    app.put(batch).await;
}

/// The labels of what somebody finds, as "kind: label".
async fn found(app: &TestApp, who: &Actor, q: &str) -> Vec<String> {
    let path = format!("/api/v1/search?q={}", web::mount::encode(q));
    let answer = app.get(who, &path).await.expect(200).json();
    let mut all = Vec::new();
    for kind in answer["kinds"].as_array().unwrap() {
        for hit in kind["hits"].as_array().unwrap() {
            let href = hit["href"].as_str().unwrap();
            // Whatever is found can be opened.
            app.get(who, href).await.expect(200);
            all.push(format!("{}: {}", kind["kind"].as_str().unwrap(), hit["label"].as_str().unwrap()));
        }
    }
    all
}

#[tokio::test]
async fn records_of_every_kind_are_found_by_words_and_number() {
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        let all: Vec<NewIncident> =
            (1..=12).map(|n| incident(&app, &world, n, n % 2 == 0, Visibility::Submitted)).collect();
        stored(&app, world.org, 0, &all).await;
        let admin = &world.admin;

        assert_eq!(found(&app, admin, "lantern").await.first().unwrap(), "site: Lantern Mall");
        assert_eq!(found(&app, admin, "plaza").await.first().unwrap(), "client: Plaza Group");
        assert_eq!(found(&app, admin, "LIGHTFOOT").await, ["person: Cleo Lightfoot"]);
        assert_eq!(found(&app, admin, "#7").await, ["incident: #7 Titled walrus 7"]);
        assert_eq!(found(&app, admin, "12").await.first().unwrap(), "incident: #12 Titled walrus 12");
        let reference = &all[4].reference;
        assert_eq!(found(&app, admin, &reference.to_lowercase()).await, ["incident: #5 Titled walrus 5"]);
        assert_eq!(found(&app, admin, "zebra").await, [""; 0]);
        app.json(admin, "POST", "/api/v1/workers", serde_json::json!({ "name": "Wanda Worker" }))
            .await
            .expect(201);
        assert_eq!(found(&app, admin, "wanda").await, ["worker: Wanda Worker"]);

        // Capped, with the way to all of them.
        let answer = app.get(admin, "/api/v1/search?q=walrus").await.expect(200).json();
        let kind = &answer["kinds"][0];
        assert_eq!((kind["hits"].as_array().unwrap().len(), kind["more"].as_bool()), (6, Some(true)));
        assert_eq!(kind["list"], "/api/v1/incidents?q=walrus");
        // One kind only.
        let only = app.get(admin, "/api/v1/search?q=plaza&kind=client").await.expect(200).json();
        assert_eq!(only["kinds"].as_array().unwrap().len(), 1);

        // Without scripts it is a page; the palette gets the hits alone.
        let page = app.get(admin, "/office/search?q=in").await.expect(200).text();
        assert!(page.contains("<main") && page.contains(">Pages<") && page.contains("/office/incidents\""));
        let page = app.get(admin, "/office/search?q=plaza").await.expect(200).text();
        assert!(page.contains(&format!("/office/clients/{}", world.plaza)), "{page}");
        let part = app.get(admin, "/office/search?q=plaza&part=palette").await.expect(200).text();
        assert!(!part.contains("<main") && part.contains("Plaza Group"), "{part}");
        let part = app.get(admin, "/office/search?q=zebra&part=palette").await.expect(200).text();
        assert!(part.contains("Nothing found"), "{part}");
        assert!(app.get(admin, "/office").await.expect(200).text().contains("data-palette-open"));

        // What cannot be looked for is said, and nothing breaks.
        app.get(admin, &format!("/api/v1/search?q={}", "x".repeat(201))).await.expect(400);
        app.get(admin, "/api/v1/search?q=plaza&kind=secret").await.expect(400);
        app.get(admin, "/api/v1/search?q=plaza&colour=red").await.expect(400);
        for q in [
            "",
            " ",
            "p",
            "%",
            "%%",
            "__",
            "\\",
            "'; drop table sites; --",
            "<b>x</b>",
            "\u{202e}abc",
            "99999999999999999999",
        ] {
            let encoded = web::mount::encode(q);
            let none = app.get(admin, &format!("/api/v1/search?q={encoded}")).await.expect(200).json();
            assert_eq!(none["kinds"].as_array().unwrap().len(), 0, "{q}: {none}");
            let page = app.get(admin, &format!("/office/search?q={encoded}")).await.expect(200).text();
            assert!(!page.contains("<b>x"), "{page}");
        }
        app.get_open("/api/v1/search?q=plaza").await.expect(401);
        app.get_open("/office/search?q=plaza").await.expect(303);
    }
}

#[tokio::test]
async fn what_is_hidden_is_not_found_nor_found_by() {
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        let mut seen = incident(&app, &world, 2, true, Visibility::Released);
        seen.public_details = "published heron".into();
        stored(&app, world.org, 0, std::slice::from_ref(&seen)).await;
        let reader = &world.reader;

        assert_eq!(found(&app, reader, "heron").await, [format!("incident: {} Theft", seen.reference)]);
        assert_eq!(found(&app, reader, "dock").await.first().unwrap(), "site: Dock 4");
        // Never by what they do not see of it: title, number, narrative, notes, who reported it.
        for q in ["walrus", "#2", "2", "pelican", "ocelot", "gustav"] {
            let hits = found(&app, reader, q).await;
            assert!(hits.iter().all(|hit| !hit.starts_with("incident")), "{q}: {hits:?}");
        }
        // Nor other clients, their sites, people and workers, nor another organization.
        let other = app.organization("Southwatch").await;
        let away = app.client(other, "Lantern Away").await;
        app.site(other, away, None, "Lantern Site").await;
        for q in ["lantern", "plaza", "olaf", "ada", "northwatch"] {
            assert_eq!(found(&app, reader, q).await, [""; 0], "{q}");
        }
        assert_eq!(found(&app, &world.admin, "lantern").await, ["site: Lantern Mall"]);
        // An officer finds the sites they are posted to, and no client.
        assert_eq!(found(&app, &world.officer, "lantern").await, [""; 0]);
        assert!(found(&app, &world.officer, "plaza").await.is_empty());

        // Two worlds that differ in what is hidden only: not a byte of any answer changes.
        let questions: Vec<String> =
            ["heron", "walrus", "pelican", "ocelot", "lantern", "2", "#3", "theft", "plaza", "guard", "dock"]
                .iter()
                .flat_map(|q| {
                    let q = web::mount::encode(q);
                    [
                        format!("/api/v1/search?q={q}"),
                        format!("/client/search?q={q}"),
                        format!("/client/search?q={q}&part=palette"),
                    ]
                })
                .collect();
        let mut before = Vec::new();
        for question in &questions {
            before.push(app.get(reader, question).await);
        }
        let hidden: Vec<NewIncident> = [Visibility::Draft, Visibility::Held, Visibility::Submitted]
            .into_iter()
            .enumerate()
            .map(|(n, visibility)| incident(&app, &world, 41 + i64::try_from(n).unwrap(), true, visibility))
            .chain((44..52).map(|n| incident(&app, &world, n, false, Visibility::Released)))
            .collect();
        stored(&app, world.org, 40, &hidden).await;
        app.site(world.org, world.plaza, None, "Dock of the plaza, theft heron").await;
        app.client(world.org, "Dock and Heron").await;
        app.member(world.org, "Heron Dock", "officer", &[Target::Site(world.mall)], None).await;
        for (question, before) in questions.iter().zip(&before) {
            let after = app.get(reader, question).await;
            assert_eq!(before.status, after.status, "{question}");
            assert_eq!(
                String::from_utf8_lossy(&before.bytes),
                String::from_utf8_lossy(&after.bytes),
                "{question}"
            );
        }
        assert_eq!(found(&app, &world.admin, "heron dock").await, ["person: Heron Dock"]);
    }
}
