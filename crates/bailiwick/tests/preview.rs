//! Looking through somebody's eyes, through the doors of the whole program, on both engines. What may be looked
//! through is written down by hand from docs/roles.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use access::Target;
use kernel::Audience;
use kernel::id::{ClientId, OrganizationId, SiteId, TeamId};
use serde_json::{Value, json};
use store::{Engine, Value as Cell, params};
use testkit::{Actor, TestApp};

struct World {
    org: OrganizationId,
    client: ClientId,
    dock: SiteId,
    gate: SiteId,
    team: TeamId,
    ada: Actor,
}

async fn world(app: &TestApp) -> World {
    let org = app.organization("Northwatch").await;
    let client = app.client(org, "Harbour").await;
    let area = app.area(org, "North").await;
    let team = app.team(org, "Night").await;
    let dock = app.site(org, client, Some(area), "Dock 4").await;
    let gate = app.site(org, client, None, "Gate 2").await;
    let mut batch = store::Batch::new();
    for kind in ["Broken lock", "Quiet matter", "At the dock", "At the gate"] {
        batch.run(
            "insert into incident_types (id, organization_id, name) values ($1, $2, $3)",
            params![uuid::Uuid::new_v4(), org, kind],
        );
    }
    app.put(batch).await;
    let ada = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
    World { org, client, dock, gate, team, ada }
}

impl World {
    async fn incident(&self, app: &TestApp, site: SiteId, title: &str, published: bool) -> String {
        let made = app
            .json(
                &self.ada,
                "POST",
                "/api/v1/incidents",
                json!({
                    "site": site, "kind": title, "severity": "high", "title": format!("{title}, told"),
                    "narrative": "Told inside", "public_details": format!("{title} in public"),
                    "occurred_at": "2026-11-23T02:00"
                }),
            )
            .await
            .expect(201)
            .json();
        let id = made["id"].as_str().unwrap().to_owned();
        if published {
            let read = app.get(&self.ada, &format!("/api/v1/incidents/{id}")).await.expect(200).json();
            app.json(
                &self.ada,
                "POST",
                &format!("/api/v1/incidents/{id}/publication"),
                json!({ "version": read["version"] }),
            )
            .await
            .expect(200);
        }
        id
    }

    async fn look(&self, app: &TestApp, whom: &Actor) -> testkit::Answered {
        app.post_form(
            &self.ada,
            &format!("/office/members/{}/preview", whom.membership),
            &[("reason", "They say a report is missing")],
        )
        .await
    }
}

/// Every row of every table but those a preview itself writes: its own state, the journal, and that its asker read.
async fn everything(app: &TestApp) -> BTreeMap<String, String> {
    let store = &app.app.store;
    let tables: Vec<(String,)> = match store.engine() {
        Engine::Sqlite => store.all("select name from sqlite_schema where type = 'table'", params![]).await,
        Engine::Postgres => {
            store
                .all("select table_name::text from information_schema.tables where table_schema = current_schema()", params![])
                .await
        }
    }
    .unwrap();
    let mut all = BTreeMap::new();
    for (table,) in tables {
        if ["journal", "journal_heads", "previews", "record_reads", "sqlite_sequence"]
            .contains(&table.as_str())
        {
            continue;
        }
        let rows: Vec<Whole> = store.all(&format!("select * from {table}"), params![]).await.unwrap();
        let mut rows: Vec<String> = rows.into_iter().map(|row| row.0).collect();
        rows.sort();
        all.insert(table, rows.join("\n"));
    }
    assert!(all.len() > 15, "the tables are found");
    all
}

struct Whole(String);

impl store::FromRow for Whole {
    fn from_row(row: &store::Row<'_>) -> kernel::Result<Self> {
        let mut text = String::new();
        for at in 0..row.width() {
            let cell: Cell = row.cell(at)?.into();
            text.push_str(&format!("{cell:?}|"));
        }
        Ok(Self(text))
    }
}

#[tokio::test]
async fn the_pages_are_theirs_and_the_banner_is_on_every_one() {
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        let published = world.incident(&app, world.dock, "Broken lock", true).await;
        let held = world.incident(&app, world.dock, "Quiet matter", false).await;
        let cleo = app
            .member(
                world.org,
                "Cleo Client",
                "client_account",
                &[Target::Site(world.dock)],
                Some(world.client),
            )
            .await;
        // What they see themselves.
        let own = app.get(&cleo, "/client/incidents").await.expect(200).text();
        assert!(own.contains("Broken lock") && !own.contains("Quiet matter"), "{own}");
        let office = app.get(&world.ada, "/office/incidents").await.expect(200);
        let tag = office.header("etag").unwrap().to_owned();

        let started = world.look(&app, &cleo).await.expect(303);
        assert!(started.header("location").unwrap().starts_with("/client"), "{started:?}");
        let seen = app.get(&world.ada, "/client/incidents").await.expect(200);
        assert_eq!(seen.header("cache-control"), Some("no-store"));
        assert_eq!(seen.header("etag"), None);
        assert_ne!(tag, "");
        let page = seen.text();
        for words in [
            "Broken lock",
            "You look through the eyes of",
            "Cleo Client",
            "They say a report is missing",
            "Stop preview",
            "read-only",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("Quiet matter") && !page.contains("Ada Admin"), "{page}");
        // Without the banner the page is theirs, letter by letter.
        let bare = |page: &str| {
            let from = page.find("<div class=\"banner\">").unwrap_or(page.len());
            let rest = page.get(from..).unwrap_or_default();
            let to = rest.find("</section></div>").map_or(rest.len(), |at| at + "</section></div>".len());
            format!("{}{}", &page[..from], rest.get(to..).unwrap_or_default())
        };
        assert_eq!(bare(&page), own);
        // One record, a hidden one, one there never was, the export, the start page, an address that leads nowhere.
        let record = app.get(&world.ada, &format!("/client/incidents/{published}")).await.expect(200).text();
        assert!(
            record.contains("You look through the eyes of") && !record.contains("Told inside"),
            "{record}"
        );
        let hidden = app.get(&world.ada, &format!("/client/incidents/{held}")).await.expect(404).text();
        let absent = kernel::id::IncidentId::new();
        let absent = app.get(&world.ada, &format!("/client/incidents/{absent}")).await.expect(404).text();
        assert_eq!(hidden, absent);
        assert!(hidden.contains("Stop preview"), "{hidden}");
        let export = app.get(&world.ada, "/client/incidents/export").await.expect(200).text();
        assert!(export.contains("Broken lock") && !export.contains("Quiet matter"), "{export}");
        for path in ["/client", "/client/account", "/client/nowhere"] {
            let page = app.get(&world.ada, path).await.text();
            assert!(page.contains("Stop preview"), "{path}: {page}");
        }
        // A portal that is not theirs is none, and still says what this is.
        for path in ["/office", "/office/incidents", "/office/members", "/field"] {
            let shut = app.get(&world.ada, path).await.expect(404).text();
            assert!(shut.contains("Stop preview") && !shut.contains("Quiet matter"), "{path}: {shut}");
        }
        for (path, place) in [("/", "/client"), ("/account", "/client/account"), ("/hats", "/preview")] {
            let answer = app.get(&world.ada, path).await.expect(303);
            assert!(answer.header("location").unwrap().starts_with(place), "{path}: {answer:?}");
        }
        assert!(app.get(&world.ada, "/preview").await.expect(200).text().contains("Cleo Client"));
        // Nobody else is in it, a token least of all.
        assert!(!app.get(&cleo, "/client/incidents").await.expect(200).text().contains("Stop preview"));
        assert_eq!(app.get(&world.ada, "/api/v1/account").await.expect(200).json()["name"], "Ada Admin");
        let sessions: (i64,) = app
            .app
            .store
            .one("select count(*) from sessions where membership_id = $1", params![cleo.membership])
            .await
            .unwrap();
        assert_eq!(sessions.0, 1, "only the session they have themselves");

        let stopped = app.post_form(&world.ada, "/preview/stop", &[]).await.expect(303);
        assert_eq!(stopped.header("location").unwrap(), format!("/office/members/{}", cleo.membership));
        let mine = app.get(&world.ada, "/office/incidents").await.expect(200);
        assert!(mine.text().contains("Quiet matter") && !mine.text().contains("Stop preview"));
        app.get(&world.ada, "/client/incidents").await.expect(404);

        // Who read the record is who looked.
        app.app.write_reads().await.unwrap();
        let readers: Vec<(String,)> = app
            .app
            .store
            .all("select distinct name from record_reads where organization_id = $1", params![world.org])
            .await
            .unwrap();
        assert_eq!(readers, [("Ada Admin".to_owned(),)]);

        store::journal::verify(&app.app.store, world.org).await.unwrap();
        let lines: Vec<(String, String, String)> = app
            .app
            .store
            .all(
                "select action, name, detail from journal where organization_id = $1 and action like 'preview%' order by sequence",
                params![world.org],
            )
            .await
            .unwrap();
        assert!(lines.iter().all(|(_, name, _)| name == "Ada Admin"), "{lines:?}");
        let actions: Vec<&str> = lines.iter().map(|(action, ..)| action.as_str()).collect();
        assert_eq!(actions.first(), Some(&"preview_start"));
        assert_eq!(actions.last(), Some(&"preview_stop"));
        assert!(lines[0].2.contains("They say a report is missing"), "{:?}", lines[0]);
        assert!(
            lines.iter().any(|(_, _, detail)| detail.contains(&format!("/client/incidents/{published}")))
        );
    }
}

#[tokio::test]
async fn nothing_but_reading_goes_through() {
    let features = bailiwick::features();
    let mut refused = 0;
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        let sue =
            app.member(world.org, "Sue Supervisor", "supervisor", &[Target::Site(world.dock)], None).await;
        let incident = world.incident(&app, world.dock, "Broken lock", false).await;
        world.look(&app, &sue).await.expect(303);
        let before = everything(&app).await;
        for route in features.iter().flat_map(|feature| (feature.routes)()) {
            if route.method == http::Method::GET {
                continue;
            }
            for door in route.doors.iter().filter(|door| **door != web::Door::Api) {
                let path = route.path.replace("{id}", &incident).replace("{assignment}", &incident);
                let path = format!("{}{path}", door.prefix());
                let answer =
                    app.post_form(&world.ada, &path, &[("reason", "x"), ("name", "x")]).await.expect(403);
                assert!(answer.text().contains("nothing was changed"), "{path}");
                assert!(answer.text().contains("Stop preview"), "{path}");
                refused += 1;
            }
        }
        for path in ["/hats/x", "/sign-in", "/forgot", "/reset/x", "/invitations/x", "/nowhere"] {
            app.post_form(&world.ada, path, &[]).await.expect(403);
        }
        let pages: Vec<String> = features
            .iter()
            .flat_map(|feature| (feature.routes)())
            .filter(|route| route.method == http::Method::GET && route.doors.contains(&web::Door::ALL[0]))
            .map(|route| format!("/office{}", route.path.replace("{id}", &incident)))
            .collect();
        for path in &pages {
            let answer = app.get(&world.ada, path).await;
            assert!(answer.status < 500, "{path}: {}", answer.text());
            if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                assert!(answer.text().contains("Stop preview"), "{path}: {}", answer.text());
            }
        }
        let after = everything(&app).await;
        for (table, rows) in &before {
            assert_eq!(after.get(table), Some(rows), "{table} was written");
        }
    }
    assert!(refused > 40, "the routes were walked: {refused}");
}

#[tokio::test]
async fn a_changed_right_shows_on_the_next_page_and_time_ends_it() {
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        world.incident(&app, world.dock, "At the dock", false).await;
        world.incident(&app, world.gate, "At the gate", false).await;
        let sue =
            app.member(world.org, "Sue Supervisor", "supervisor", &[Target::Site(world.dock)], None).await;
        world.look(&app, &sue).await.expect(303);
        let list = "/office/incidents";
        let page = app.get(&world.ada, list).await.expect(200).text();
        assert!(page.contains("At the dock, told") && !page.contains("At the gate, told"), "{page}");
        app.give(&sue, "supervisor", &[Target::Site(world.gate)]).await;
        let page = app.get(&world.ada, list).await.expect(200).text();
        assert!(page.contains("At the dock, told") && page.contains("At the gate, told"), "{page}");
        // On another node, too.
        let other = app.another_node();
        assert!(other.get(&world.ada, list).await.expect(200).text().contains("Stop preview"));
        // They rise above the asker's reach of giving, as nobody may give what only the asker does not hold.
        app.deactivate(&sue).await;
        app.get(&world.ada, list).await.expect(404);
        let page = app.get(&world.ada, "/preview").await.expect(200).text();
        assert!(page.contains("Sue Supervisor is deactivated"), "{page}");
        app.post_form(&world.ada, "/preview/stop", &[]).await.expect(303);
        // A deactivated member can be looked through only to be told why they see nothing.
        let started = world.look(&app, &sue).await.expect(303);
        assert_eq!(started.header("location"), Some("/preview"));
        app.post_form(&world.ada, "/preview/stop", &[]).await.expect(303);

        // The asker loses the right: the next page shows nothing, and says why.
        let bob = app.member(world.org, "Bob Admin", "admin", &[Target::Organization], None).await;
        let olga = app.member(world.org, "Olga", "officer", &[Target::Site(world.dock)], None).await;
        let start = format!("/office/members/{}/preview", olga.membership);
        app.post_form(&bob, &start, &[("reason", "Practice")]).await.expect(303);
        app.get(&bob, "/field").await.expect(200);
        app.take_all(&bob).await;
        let page = app.get(&bob, "/field").await.expect(403).text();
        assert!(page.contains("The preview is over") && page.contains("Stop preview"), "{page}");

        // Time is up: nothing more is shown, and nobody slips back into their own rights unawares.
        let olga = app.member(world.org, "Otto", "officer", &[Target::Site(world.dock)], None).await;
        world.look(&app, &olga).await.expect(303);
        app.get(&world.ada, "/field").await.expect(200);
        app.clock.advance(Duration::from_secs(29 * 60));
        app.get(&world.ada, "/field").await.expect(200);
        app.clock.advance(Duration::from_secs(61));
        let page = app.get(&world.ada, "/field").await.expect(403).text();
        assert!(page.contains("30 minutes are over"), "{page}");
        app.get(&world.ada, "/office/incidents").await.expect(403);
        app.post_form(&world.ada, "/office/areas", &[("name", "South")]).await.expect(403);
        app.post_form(&world.ada, "/preview/stop", &[]).await.expect(303);
        app.get(&world.ada, "/office/incidents").await.expect(200);
    }
}

/// Who administers all may look through everybody's eyes.
const ABOVE_ALL: [&str; 3] = ["customer_admin", "owner", "administrator"];

/// The roles that the Admin of the guarding app may look through: those that hold nothing beyond daily operation.
/// Not: the three above, and whoever holds invoices, commissions, the monitor, tokens or webhooks.
const BELOW_ADMIN: [&str; 19] = [
    "supervisor",
    "officer",
    "officer_office",
    "client_user",
    "site_user",
    "call_center",
    "guard",
    "client",
    "client_account",
    "site_manager",
    "guest_manager",
    "basic_user",
    "guest_contractor",
    "guest_technician",
    "technician",
    "client_inspector",
    "employee",
    "inspector",
    "manager",
];

#[tokio::test]
async fn nobody_looks_upwards() {
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        let mut people = Vec::new();
        for role in access::built_in() {
            let (targets, client): (Vec<Target>, _) = match (role.audience, role.reach) {
                (Audience::Staff, access::Reach::Organization) => (vec![Target::Organization], None),
                (Audience::Staff, access::Reach::Area | access::Reach::Client) => {
                    (vec![Target::Site(world.dock)], None)
                }
                (_, access::Reach::Team) => (vec![Target::Team(world.team)], None),
                (_, access::Reach::Own) => {
                    (vec![], (role.audience != Audience::Staff).then_some(world.client))
                }
                (_, access::Reach::Site) => (vec![Target::Site(world.dock)], None),
                (_, _) => (vec![Target::Client(world.client)], None),
            };
            let client = client.or((role.audience != Audience::Staff).then_some(world.client));
            people.push((
                role,
                app.member(world.org, &format!("The {}", role.name), &role.key, &targets, client).await,
            ));
        }
        for (asker, actor) in &people {
            for (role, whom) in &people {
                if !asker.portals.contains(&kernel::Portal::Office) {
                    continue;
                }
                let path = format!("/office/members/{}/preview", whom.membership);
                let answer = app.post_form(actor, &path, &[("reason", "Practice")]).await;
                let above_all = ABOVE_ALL.contains(&asker.key.as_str());
                let may = actor.membership != whom.membership
                    && (above_all || (asker.key == "admin" && BELOW_ADMIN.contains(&role.key.as_str())));
                let pair = format!("{} looks through {}", asker.key, role.key);
                if may {
                    assert_eq!(answer.status, 303, "{pair}: {}", answer.text());
                    app.post_form(actor, "/preview/stop", &[]).await.expect(303);
                } else {
                    assert!([403, 404].contains(&answer.status), "{pair}: {}", answer.status);
                    let page = app.get(actor, &path).await;
                    assert!(!page.text().contains("Stop preview"), "{pair}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_role_that_nobody_holds_is_looked_with() {
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        world.incident(&app, world.dock, "At the dock", true).await;
        world.incident(&app, world.gate, "At the gate", true).await;
        let page = app.get(&world.ada, "/office/previews/new").await.expect(200).text();
        assert!(page.contains("Site User"), "{page}");
        app.get(&world.ada, "/office/previews/new?role=site_user").await.expect(200);
        app.get(&world.ada, "/office/previews/new?role=king").await.expect(404);
        let dock = format!("site:{}", world.dock);
        let begin = |fields: Vec<(&'static str, String)>| {
            let (app, ada) = (&app, &world.ada);
            async move {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
                app.post_form(ada, "/office/previews", &fields).await
            }
        };
        // Without a reason, without a place, with one place too many.
        begin(vec![("role", "site_user".into()), ("targets", dock.clone())]).await.expect(422);
        begin(vec![("role", "site_user".into()), ("reason", "New".into())]).await.expect(422);
        let gate = format!("site:{}", world.gate);
        let two = vec![
            ("role", "site_user".into()),
            ("targets", dock.clone()),
            ("targets", gate),
            ("reason", "New".into()),
        ];
        begin(two).await.expect(422);
        begin(vec![("role", "site_user".into()), ("targets", dock), ("reason", "A new contract".into())])
            .await
            .expect(303);
        let page = app.get(&world.ada, "/client/incidents").await.expect(200).text();
        assert!(page.contains("At the dock") && !page.contains("At the gate"), "{page}");
        assert!(page.contains("somebody who is Site User at Dock 4"), "{page}");
        let members: (i64,) = app
            .app
            .store
            .one("select count(*) from memberships where organization_id = $1", params![world.org])
            .await
            .unwrap();
        assert_eq!(members.0, 1, "nobody was made for it");
        app.post_form(&world.ada, "/preview/stop", &[]).await.expect(303);

        // An admin below does not look with an owner's eyes.
        let bob = app.member(world.org, "Bob Admin", "admin", &[Target::Organization], None).await;
        let upwards = [("role", "owner"), ("targets", "organization"), ("reason", "Curious")];
        app.post_form(&bob, "/office/previews", &upwards).await.expect(404);
        let sue = app.member(world.org, "Sue", "supervisor", &[Target::Site(world.dock)], None).await;
        app.post_form(&sue, "/office/previews", &upwards).await.expect(404);
        app.get(&sue, "/office/previews/new").await.expect(404);
    }
}

#[tokio::test]
async fn mails_are_those_they_would_get() {
    for app in testkit::apps(bailiwick::features()).await {
        let world = world(&app).await;
        let sue = app.member(world.org, "Sue", "supervisor", &[Target::Site(world.dock)], None).await;
        let path = format!("/api/v1/members/{}/mails", sue.membership);
        let all = app.get(&world.ada, &path).await.expect(200).json();
        let of = |event: &str| -> Value {
            all.as_array().unwrap().iter().find(|mail| mail["event"] == event).unwrap().clone()
        };
        assert_eq!(of("password_reset")["gets"], true);
        assert!(of("password_reset")["mail"]["text"].as_str().unwrap().contains("new password"));
        // A supervisor is sent incidents by default, a shift reminder is an officer's.
        assert_eq!(
            (&of("incident")["because"][1]["holds"], &of("incident")["gets"]),
            (&true.into(), &true.into())
        );
        assert_eq!(of("shift_reminder")["because"][1]["holds"], false);
        app.get(&world.ada, &format!("/office/members/{}/mails", sue.membership)).await.expect(200);
        let one = format!("/office/members/{}/mails?event=password_reset", sue.membership);
        assert!(app.get(&world.ada, &one).await.expect(200).text().contains("What it would say"));
        app.get(&world.ada, &format!("{path}?event=nothing")).await.expect(400);
        app.get(&sue, &format!("/api/v1/members/{}/mails", world.ada.membership)).await.expect(404);
        let mails: (i64,) = app.app.store.one("select count(*) from mails", params![]).await.unwrap();
        assert_eq!(mails.0, 0, "none was written");
    }
}
