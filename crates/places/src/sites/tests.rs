//! Sites through HTTP, on both engines. What each role sees is written by hand from ROLES.md.

use access::Target;
use serde_json::{Value, json};
use testkit::{Actor, TestApp};

fn site(client: kernel::id::ClientId, name: &str) -> Value {
    json!({ "client": client.to_string(), "kind": "static", "name": name, "zone": "America/New_York" })
}

async fn names(app: &TestApp, actor: &Actor, query: &str) -> Vec<String> {
    let listed = app.get(actor, &format!("/api/v1/sites{query}")).await.expect(200).json();
    let items = listed["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_administrator_adds_changes_moves_and_archives_a_site() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
        let north = app.area(org, "North").await;

        let (harbour_id, north_id) = (harbour.to_string(), north.to_string());
        let typed = [
            ("client", harbour_id.as_str()),
            ("area", &north_id),
            ("kind", "static"),
            ("name", " Gate 4 "),
            ("zone", "America/New_York"),
            ("address", "1 Dock Road\r\nBoston"),
            ("latitude", "42.38"),
            ("longitude", "-71.14"),
            ("radius_m", "80"),
            ("instructions", "Ring twice"),
            ("approval_required", "true"),
        ];
        let made = app.post_form(&admin, "/office/sites", &typed).await.expect(303);
        let place = made.header("location").unwrap().to_owned();
        let page = app.get(&admin, &place).await.expect(200).text();
        for shown in
            ["Gate 4", "Harbour", "North", "Dock Road", "Ring twice", "Required: the client side", "80 m"]
        {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        let api = format!("/api/v1{}", place.strip_prefix("/office").unwrap());
        let read = app.get(&admin, &api).await.expect(200).json();
        assert_eq!(read["fence"]["type"], "Circle");
        assert_eq!(read["reports"]["approval_required"], true);
        assert_eq!(read["position"]["latitude"], 42.38);

        // The form that is opened holds what was stored, and can be sent as it is.
        let form = app.get(&admin, &format!("{place}/edit")).await.expect(200).text();
        assert!(form.contains("Records made so far stay with the client"), "{form}");
        let corners = "42, -71\n42, -70\n43, -70";
        let mut body = site(mill, "Gate 4");
        body["version"] = json!(1);
        body["polygon"] = json!(corners);
        let moved = app.json(&admin, "PUT", &api, body.clone()).await.expect(200).json();
        assert_eq!((moved["client_name"].as_str(), moved["version"].as_i64()), (Some("Mill"), Some(2)));
        assert_eq!(moved["fence"]["type"], "Polygon");
        assert!(moved.get("area").is_none(), "{moved}");
        app.json(&admin, "PUT", &api, body).await.expect(409);

        app.post_form(&admin, &format!("{place}/archive"), &[]).await.expect(303);
        assert!(names(&app, &admin, "").await.is_empty());
        assert_eq!(names(&app, &admin, "?archived=true").await, ["Gate 4"]);
        app.post_form(&admin, &format!("{place}/restore"), &[]).await.expect(303);
        assert_eq!(names(&app, &admin, "").await, ["Gate 4"]);
    }
}

#[tokio::test]
async fn a_site_that_is_refused_keeps_what_was_typed() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let other = app.organization("Southwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let harbour = app.client(org, "Harbour").await;
        let theirs = app.client(other, "Theirs").await;
        app.site(org, harbour, None, "Gate 4").await;

        let harbour_id = harbour.to_string();
        let page = app
            .post_form(
                &admin,
                "/office/sites",
                &[
                    ("client", harbour_id.as_str()),
                    ("name", "<b>Yard</b>"),
                    ("kind", "static"),
                    ("zone", "Mars/Base"),
                    ("latitude", "north"),
                    ("longitude", "1"),
                    ("polygon", "nowhere"),
                ],
            )
            .await
            .expect(422)
            .text();
        for kept in
            ["&lt;b&gt;Yard&lt;/b&gt;", "Mars/Base", "value=\"north\"", "nowhere", "corner 1:", "time zone"]
        {
            assert!(page.contains(kept), "{kept}: {page}");
        }
        let taken =
            app.json(&admin, "POST", "/api/v1/sites", site(harbour, "Gate 4")).await.expect(422).json();
        assert!(taken["errors"]["name"][0].as_str().unwrap().contains("already"), "{taken}");
        // A client of another organization is refused like one that is not there.
        let hidden = app.json(&admin, "POST", "/api/v1/sites", site(theirs, "X")).await.expect(422);
        let absent = app
            .json(&admin, "POST", "/api/v1/sites", site(kernel::id::ClientId::new(), "X"))
            .await
            .expect(422);
        assert_eq!(hidden.bytes, absent.bytes);
        assert_eq!(names(&app, &admin, "").await, ["Gate 4"]);
    }
}

/// A role, its targets, its client, and the sites it sees.
type Case<'a> = (&'a str, &'a [Target], Option<kernel::id::ClientId>, &'a [&'a str]);

struct World {
    harbour_gate: kernel::id::SiteId,
    harbour_yard: kernel::id::SiteId,
    mill_hall: kernel::id::SiteId,
    harbour: kernel::id::ClientId,
    mill: kernel::id::ClientId,
    north: kernel::id::AreaId,
    south: kernel::id::AreaId,
}

async fn world(app: &TestApp, org: kernel::id::OrganizationId) -> World {
    let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
    let (north, south) = (app.area(org, "North").await, app.area(org, "South").await);
    World {
        harbour_gate: app.site(org, harbour, Some(north), "Harbour gate").await,
        harbour_yard: app.site(org, harbour, Some(south), "Harbour yard").await,
        mill_hall: app.site(org, mill, Some(north), "Mill hall").await,
        harbour,
        mill,
        north,
        south,
    }
}

/// ROLES.md: which sites each role sees, and through which door.
#[tokio::test]
async fn each_role_sees_its_sites_and_no_other() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let w = world(&app, org).await;
        let gate = Target::Site(w.harbour_gate);
        let everything: &[&str] = &["Harbour gate", "Harbour yard", "Mill hall"];
        let cases: [Case<'_>; 10] = [
            ("customer_admin", &[Target::Organization], None, everything),
            ("call_center", &[Target::Organization], None, everything),
            ("supervisor", &[gate, Target::Site(w.mill_hall)], None, &["Harbour gate", "Mill hall"]),
            ("officer", &[gate], None, &["Harbour gate"]),
            ("client_user", &[Target::Client(w.harbour)], Some(w.harbour), &["Harbour gate", "Harbour yard"]),
            ("site_user", &[gate], Some(w.harbour), &["Harbour gate"]),
            (
                "client",
                &[gate, Target::Site(w.harbour_yard)],
                Some(w.harbour),
                &["Harbour gate", "Harbour yard"],
            ),
            ("area_administrator", &[Target::Area(w.north)], None, &["Harbour gate", "Mill hall"]),
            ("basic_user", &[Target::Site(w.harbour_yard)], Some(w.harbour), &["Harbour yard"]),
            // A site named to somebody of another client shows nothing (a site that moved on).
            ("client", &[Target::Site(w.mill_hall)], Some(w.harbour), &[]),
        ];
        for (role, targets, client, expected) in cases {
            let actor = app.member(org, role, role, targets, client).await;
            assert_eq!(names(&app, &actor, "").await, expected, "{role}");
            let page = app.get(&actor, &format!("{}/sites", actor.door)).await.expect(200).text();
            for name in everything {
                assert_eq!(page.contains(name), expected.contains(name), "{role} {name}");
            }
            for (id, name) in [
                (w.harbour_gate, "Harbour gate"),
                (w.harbour_yard, "Harbour yard"),
                (w.mill_hall, "Mill hall"),
            ] {
                let status = if expected.contains(&name) { 200 } else { 404 };
                app.get(&actor, &format!("/api/v1/sites/{id}")).await.expect(status);
                app.get(&actor, &format!("{}/sites/{id}", actor.door)).await.expect(status);
            }
        }
        let outsider = app.organization("Southwatch").await;
        let stranger = app.member(outsider, "Sam", "customer_admin", &[Target::Organization], None).await;
        assert!(names(&app, &stranger, "").await.is_empty());
        let hidden = app.get(&stranger, &format!("/api/v1/sites/{}", w.mill_hall)).await.expect(404);
        let absent =
            app.get(&stranger, &format!("/api/v1/sites/{}", kernel::id::SiteId::new())).await.expect(404);
        assert_eq!((hidden.bytes, hidden.headers), (absent.bytes, absent.headers));
        app.get_open("/api/v1/sites").await.expect(401);
    }
}

#[tokio::test]
async fn who_may_see_a_site_may_not_change_it_unless_their_role_says_so() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let w = world(&app, org).await;
        let gate = Target::Site(w.harbour_gate);
        let cases: [(&str, &[Target], Option<kernel::id::ClientId>); 4] = [
            ("supervisor", &[gate], None),
            ("call_center", &[Target::Organization], None),
            ("client_user", &[Target::Client(w.harbour)], Some(w.harbour)),
            ("officer", &[gate], None),
        ];
        let api = format!("/api/v1/sites/{}", w.harbour_gate);
        for (role, targets, client) in cases {
            let actor = app.member(org, role, role, targets, client).await;
            let mut body = site(w.harbour, "Renamed");
            body["version"] = json!(1);
            let refused = app.json(&actor, "PUT", &api, body).await.expect(403).json();
            let why = refused["detail"].as_str().unwrap();
            assert!(why.contains("None of your roles lets you edit sites"), "{role}: {why}");
            app.json(&actor, "POST", &format!("{api}/archive"), json!({})).await.expect(403);
            app.json(&actor, "POST", "/api/v1/sites", site(w.harbour, "New")).await.expect(403);
            app.get(&actor, "/api/v1/sites/export").await.expect(404);
        }
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        assert_eq!(names(&app, &admin, "").await, ["Harbour gate", "Harbour yard", "Mill hall"]);
    }
}

#[tokio::test]
async fn an_area_administrator_works_within_the_area_only() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let w = world(&app, org).await;
        let lea = app.member(org, "Lea", "area_administrator", &[Target::Area(w.north)], None).await;

        let mut inside = site(w.mill, "Mill annex");
        inside["area"] = json!(w.north);
        app.json(&lea, "POST", "/api/v1/sites", inside.clone()).await.expect(201);
        // Neither without an area, nor in one that is not theirs.
        app.json(&lea, "POST", "/api/v1/sites", site(w.mill, "Loose")).await.expect(403);
        let mut outside = site(w.mill, "Far");
        outside["area"] = json!(w.south);
        let refused = app.json(&lea, "POST", "/api/v1/sites", outside).await.expect(422).json();
        assert!(refused["errors"]["area"].is_array(), "{refused}");

        let api = format!("/api/v1/sites/{}", w.mill_hall);
        let mut away = site(w.mill, "Mill hall");
        away["version"] = json!(1);
        let refused = app.json(&lea, "PUT", &api, away).await.expect(422).json();
        assert_eq!(refused["errors"]["area"][0], "your roles do not let you move a site there");
        app.get(&lea, &format!("/api/v1/sites/{}", w.harbour_yard)).await.expect(404);
        assert_eq!(names(&app, &lea, "").await, ["Harbour gate", "Mill annex", "Mill hall"]);
    }
}

/// What the client side sees of a site is where it is (ROLES.md: never assignment, internal notes, positions).
#[tokio::test]
async fn the_client_side_never_sees_how_the_organization_works_there() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let w = world(&app, org).await;
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let mut full = site(w.harbour, "Pier");
        full["area"] = json!(app.area(org, "Fells district").await);
        for (field, value) in [
            ("code", "SECRETCODE"),
            ("instructions", "SECRETWORDS"),
            ("address", "9 Pier Road"),
            ("latitude", "42.5"),
            ("longitude", "-71"),
            ("radius_m", "123"),
            ("editable_by_author", "true"),
        ] {
            full[field] = json!(value);
        }
        let made = app.json(&admin, "POST", "/api/v1/sites", full).await.expect(201).json();
        let id = made["id"].as_str().unwrap();
        assert_eq!(made["code"], "SECRETCODE");

        let cleo =
            app.member(org, "Cleo", "client_user", &[Target::Client(w.harbour)], Some(w.harbour)).await;
        let seen = app.get(&cleo, &format!("/api/v1/sites/{id}")).await.expect(200).json();
        let mut keys: Vec<&str> = seen.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        let public = [
            "address",
            "archived",
            "client",
            "client_name",
            "id",
            "kind",
            "name",
            "position",
            "version",
            "zone",
        ];
        assert_eq!(keys, public);
        for path in [format!("/client/sites/{id}"), "/client/sites".to_owned()] {
            let page = app.get(&cleo, &path).await.expect(200).text();
            for secret in ["SECRETCODE", "SECRETWORDS", "123 m", "Fells", "Approval"] {
                assert!(!page.contains(secret), "{path} {secret}: {page}");
            }
        }
        // Neither does the search or the filter tell.
        assert_eq!(names(&app, &admin, "?q=secretcode").await, ["Pier"]);
        assert!(names(&app, &cleo, "?q=secretcode").await.is_empty());
        assert_eq!(names(&app, &cleo, "?q=PIER+road").await, ["Pier"]);
        app.get(&cleo, &format!("/api/v1/sites?area={}", w.north)).await.expect(400);
    }
}

#[tokio::test]
async fn many_sites_are_searched_filtered_and_paged() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let w = world(&app, org).await;
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let zone: crate::setup::Zone = "America/New_York".parse().unwrap();
        for hundreds in 0..20 {
            let mut batch = store::Batch::new();
            for n in hundreds * 100..(hundreds + 1) * 100 {
                let client = if n % 2 == 0 { w.harbour } else { w.mill };
                let name = format!("Post {n:04}").parse().unwrap();
                let mut draft = crate::setup::SiteDraft::new(client, name, zone.clone());
                if n % 10 == 0 {
                    draft.kind = crate::setup::SiteKind::Patrol;
                }
                crate::setup::site(&mut batch, org, &draft, app.now());
            }
            app.put(batch).await;
        }
        let mut all = Vec::new();
        let mut cursor = String::new();
        loop {
            let page =
                app.get(&admin, &format!("/api/v1/sites?limit=200&cursor={cursor}")).await.expect(200).json();
            all.extend(
                page["items"].as_array().unwrap().iter().map(|i| i["name"].as_str().unwrap().to_owned()),
            );
            match page["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(all.len(), 2_003);
        assert!(all.is_sorted(), "by name");
        assert_eq!(names(&app, &admin, "?q=post+0123").await, ["Post 0123"]);
        let patrols = names(&app, &admin, &format!("?kind=patrol&client={}&limit=200", w.harbour)).await;
        assert_eq!(patrols.len(), 200);
        assert!(names(&app, &admin, &format!("?kind=patrol&client={}", w.mill)).await.is_empty());
        assert_eq!(names(&app, &admin, &format!("?area={}", w.south)).await, ["Harbour yard"]);
        let page =
            app.get(&admin, &format!("/office/sites?client={}&q=post", w.mill)).await.expect(200).text();
        assert!(page.contains("Client: Mill") && page.contains("rel=\"next\""), "{page}");
        app.get(&admin, "/api/v1/sites?kind=castle").await.expect(400);

        let file = app.get(&admin, "/office/sites/export?kind=patrol").await.expect(200);
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        let text = file.text();
        assert!(text.starts_with("\u{feff}Id,Name,Kind,Client,"), "{text}");
        assert_eq!(text.matches("\r\n").count(), 201);
    }
}

#[tokio::test]
async fn an_export_cannot_be_run() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let harbour = app.client(org, "Harbour").await;
        app.site(org, harbour, None, "=HYPERLINK(\"http://x\")").await;
        let text = app.get(&admin, "/api/v1/sites/export").await.expect(200).text();
        assert!(text.contains(",\"'=HYPERLINK(\"\"http://x\"\")\","), "{text}");
    }
}

/// ROLES.md, per-site report options: what holds is said with the day since when it does.
#[tokio::test]
async fn report_options_are_set_alone_and_say_since_when_they_hold() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let harbour = app.client(org, "Harbour").await;
        let gate = app.site(org, harbour, None, "Gate").await;
        let api = format!("/api/v1/sites/{gate}");
        let first = app.get(&admin, &api).await.expect(200).json();
        assert!(first.get("reports_since").is_none(), "{first}");
        app.clock.advance(std::time::Duration::from_secs(3600));
        let office = format!("/office/sites/{gate}/reports");
        app.post_form(&admin, &office, &[("version", "1"), ("approval_required", "true")]).await.expect(303);
        let now = app.get(&admin, &api).await.expect(200).json();
        assert_eq!(
            now["reports"],
            json!({ "approval_required": true, "editable_by_author": false, "send_daily_report": false })
        );
        assert_eq!(now["reports_since"], "2026-11-23T09:00:00Z");
        // The same again is no change; a change of the rest leaves the day alone; a change with the rest moves it.
        app.clock.advance(std::time::Duration::from_secs(3600));
        let same = json!({ "version": 2, "approval_required": true });
        app.json(&admin, "PUT", &format!("{api}/reports"), same).await.expect(200);
        let rest = |name: &str, approval: bool, version: i64| json!({ "client": harbour, "kind": "static", "name": name, "zone": "UTC", "version": version, "approval_required": approval });
        let now = app.json(&admin, "PUT", &api, rest("Gate 1", true, 2)).await.expect(200).json();
        assert_eq!(now["reports_since"], "2026-11-23T09:00:00Z");
        let now = app.json(&admin, "PUT", &api, rest("Gate 1", false, 3)).await.expect(200).json();
        assert_eq!(now["reports_since"], "2026-11-23T10:00:00Z");
        app.json(&admin, "PUT", &format!("{api}/reports"), json!({ "version": 2 })).await.expect(200);
        app.json(
            &admin,
            "PUT",
            &format!("{api}/reports"),
            json!({ "version": 2, "editable_by_author": true }),
        )
        .await
        .expect(409);
        // "may not … modify sites"; and the client side knows nothing of it.
        let sue = app.member(org, "Sue", "supervisor", &[Target::Site(gate)], None).await;
        app.json(&sue, "PUT", &format!("{api}/reports"), json!({ "version": 4 })).await.expect(403);
        let uma = app.member(org, "Uma", "site_user", &[Target::Site(gate)], Some(harbour)).await;
        let seen = app.get(&uma, &api).await.expect(200).json();
        assert!(seen.get("reports").is_none() && seen.get("reports_since").is_none(), "{seen}");
        app.json(&uma, "PUT", &format!("{api}/reports"), json!({ "version": 4 })).await.expect(403);
    }
}
