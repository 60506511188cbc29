//! Explanation of any kind of record, now and then, through HTTP on both engines.

#![allow(clippy::disallowed_methods, reason = "what is remembered is stamped by the database's clock")]

use std::time::Duration;

use access::{Authority, Feature, Switch, Target};
use kernel::Timestamp;
use kernel::id::{ClientId, OrganizationId};
use store::{Batch, params};
use testkit::{Actor, TestApp};

fn said(why: &serde_json::Value, verdict: &str) -> Vec<String> {
    why["verdicts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["verdict"] == verdict)
        .map(|one| one["sentence"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn what_is_said_of_a_member_is_what_happens() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let other = app.client(org, "Retail").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let ada = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let mia =
            app.member(org, "Mia", "master_administrator", &[Target::Client(client)], Some(client)).await;
        let roy = app.member(org, "Roy", "master_administrator", &[Target::Client(other)], Some(other)).await;
        let bea = app.member(org, "Bea", "basic_user", &[Target::Site(site)], Some(client)).await;
        let gus = app.member(org, "Gus", "guard", &[Target::Site(site)], None).await;
        let people = [&ada, &mia, &roy, &bea, &gus];
        for record in people {
            let path = format!("/api/v1/access/{}", record.membership);
            let out = app.get(&ada, &path).await.expect(200).json();
            assert_eq!(out["kind"], "account");
            assert_eq!(out["label"], record.name.as_str());
            let who: Vec<&str> =
                out["who"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
            for person in people {
                let sees =
                    app.get(person, &format!("/api/v1/members/{}", record.membership)).await.status == 200;
                assert_eq!(who.contains(&person.name.as_str()), sees, "{} of {}", person.name, record.name);
                let why =
                    app.get(&ada, &format!("{path}?person={}", person.membership)).await.expect(200).json();
                let why = &why["person"];
                assert_eq!(why["sees"].as_bool(), Some(sees), "{why}");
                let lets_in = said(why, "allowed").len() + said(why, "inherited").len() > 0;
                assert_eq!(lets_in, sees, "{why}");
            }
        }
        let why = async |record: &Actor, person: &Actor| {
            let path = format!("/api/v1/access/{}?person={}", record.membership, person.membership);
            app.get(&ada, &path).await.expect(200).json()["person"].clone()
        };
        // Read off ROLES.md: an administrator of the client sees its people through the client, nobody else's.
        assert_eq!(
            said(&why(&bea, &mia).await, "inherited"),
            ["Master Administrator: it is of a client of theirs."]
        );
        assert_eq!(said(&why(&bea, &roy).await, "denied"), ["It belongs to another client than Roy's."]);
        let guard = why(&bea, &gus).await;
        assert_eq!(said(&guard, "denied"), ["None of Gus's roles lets them view people."]);
        assert_eq!(guard["fixes"][0][1], format!("/members/{}/roles/new", gus.membership));
        // By name, on the page; and only for those who may ask.
        let page =
            app.get(&ada, &format!("/office/access/{}?q=roy", bea.membership)).await.expect(200).text();
        assert!(page.contains("Roy") && page.contains("Cannot"), "{page}");
        app.get(&gus, &format!("/api/v1/access/{}", bea.membership)).await.expect(404);
        app.get(&mia, &format!("/api/v1/access/{}", bea.membership)).await.expect(403);
        for absent in ["mem_00000000000000000000000000", "mem_x", "x", "king_00000000000000000000000000"] {
            app.get(&ada, &format!("/api/v1/access/{absent}")).await.expect(404);
        }
    }
}

/// A small generator, so that a run can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

async fn live(app: &TestApp, org: OrganizationId, at: Timestamp) -> String {
    let mut all = web::identity::authorities(&app.app.store, org, at).await.unwrap();
    spelled(&mut all)
}

fn spelled(all: &mut [Authority]) -> String {
    for one in all.iter_mut() {
        one.epoch = 0;
        one.clients.sort_unstable();
        for assignment in &mut one.assignments {
            assignment.targets.sort_unstable();
        }
    }
    format!("{all:#?}")
}

async fn change(
    app: &TestApp,
    dice: &mut Dice,
    org: OrganizationId,
    people: &[Actor],
    places: &[Target],
    clients: &[ClientId],
) {
    let pick = |dice: &mut Dice| usize::try_from(dice.roll(people.len() as u64)).unwrap();
    let who = &people[pick(dice)];
    let mut batch = Batch::new();
    match dice.roll(9) {
        0..=2 => {
            let place = places[usize::try_from(dice.roll(places.len() as u64)).unwrap()];
            let role = ["supervisor", "officer", "night_watch"][usize::try_from(dice.roll(3)).unwrap()];
            app.give(who, role, &[place]).await;
        }
        3 => app.take_all(who).await,
        4 => app.switch(org, Switch::IncidentReports, dice.roll(2) == 0).await,
        5 => app.feature(org, Feature::ALL[usize::try_from(dice.roll(3)).unwrap()], dice.roll(2) == 0).await,
        6 => {
            batch.run(
                "update memberships set active = $2, share_all = $3, name = $4 where id = $1",
                params![who.membership, i64::from(dice.roll(3) > 0), i64::from(dice.roll(2) == 0), "Renamed"],
            );
        }
        7 => {
            let client = clients[usize::try_from(dice.roll(clients.len() as u64)).unwrap()];
            let sql = if dice.roll(2) == 0 {
                "insert into membership_clients (organization_id, membership_id, client_id) values ($1, $2, $3) on conflict do nothing"
            } else {
                "delete from membership_clients where organization_id = $1 and membership_id = $2 and client_id = $3"
            };
            batch.run(sql, params![org, who.membership, client]);
        }
        _ => {
            let may = ["incident: view", "site: view", "incident: view export"]
                [usize::try_from(dice.roll(3)).unwrap()];
            let written = format!(
                "[[role]]\nkey = \"night_watch\"\nname = \"Night watch\"\nabout = \"x\"\naudience = \"staff\"\nportals = [\"office\"]\nreach = \"site\"\nmay = [\"{may}\"]\n"
            );
            batch.run(
                "update roles set written = $2, archived_at = $3 where organization_id = $1",
                params![org, written, (dice.roll(4) == 0).then_some(1_i64)],
            );
        }
    }
    app.put(batch).await;
}

/// Replaying what was remembered gives what held at each moment.
#[tokio::test]
async fn the_past_is_what_the_present_was() {
    for app in testkit::apps(crate::features()).await {
        let before = Timestamp::now();
        let org = app.organization("Northwatch").await;
        let clients = [app.client(org, "Harbour").await, app.client(org, "Retail").await];
        let site = app.site(org, clients[0], None, "Dock 4").await;
        let area = app.area(org, "North").await;
        let places = [Target::Site(site), Target::Area(area), Target::Organization];
        let mut people = Vec::new();
        for name in ["Ada", "Bob", "Cyd"] {
            people.push(app.member(org, name, "supervisor", &[Target::Site(site)], None).await);
        }
        let mut batch = Batch::new();
        batch.run(
            "insert into roles (id, organization_id, key, written, created_at) values ($1, $2, 'night_watch', '', 0)",
            params![kernel::id::RoleId::new(), org],
        );
        app.put(batch).await;
        let mut dice = Dice(7);
        let mut seen: Vec<(Timestamp, String)> = Vec::new();
        let mut different = 0;
        for _ in 0..40 {
            change(&app, &mut dice, org, &people, &places, &clients).await;
            tokio::time::sleep(Duration::from_millis(3)).await;
            let at = Timestamp::now();
            let now = live(&app, org, at).await;
            different += usize::from(seen.last().is_none_or(|(_, last)| *last != now));
            seen.push((at, now));
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        assert!(different > 25, "the changes change something: {different}");
        for (at, was) in &seen {
            let mut then = web::identity::authorities_at(&app.app.store, org, *at).await.unwrap();
            assert_eq!(spelled(&mut then), *was, "{at}");
        }
        assert!(web::identity::authorities_at(&app.app.store, org, before).await.unwrap().is_empty());
        let since = web::identity::known_since(&app.app.store, org).await.unwrap().unwrap();
        assert!(since > before && since < seen[0].0);
    }
}

#[tokio::test]
async fn a_day_in_the_past_is_asked_about() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let ada = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let mia =
            app.member(org, "Mia", "master_administrator", &[Target::Client(client)], Some(client)).await;
        let bea = app.member(org, "Bea", "basic_user", &[], Some(client)).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        let then = Timestamp::now();
        tokio::time::sleep(Duration::from_millis(5)).await;
        app.take_all(&mia).await;
        // The clock of the tests stands still in another time; what the database remembers is moved before it.
        let shift = then.as_microsecond() - app.now().as_microsecond() + 3_600_000_000;
        let mut batch = Batch::new();
        for table in ["memberships", "membership_clients", "assignments", "assignment_targets", "roles"]
            .into_iter()
            .chain(["organization_features", "organization_switches"])
        {
            batch.run(format!("update {table}_past set at = at - $1"), params![shift]);
        }
        app.put(batch).await;
        let then = Timestamp::from_microsecond(then.as_microsecond() - shift).unwrap();
        let names = async |asked: String| {
            let out =
                app.get(&ada, &format!("/api/v1/access/{}{asked}", bea.membership)).await.expect(200).json();
            out["who"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(String::new()).await, ["Ada"]);
        assert_eq!(names(format!("?at={then}")).await, ["Ada", "Mia"]);
        let early = app
            .get(&ada, &format!("/api/v1/access/{}?at=2001-01-01", bea.membership))
            .await
            .expect(200)
            .json();
        assert_eq!(early["who"], serde_json::json!([]));
        assert!(early["remarks"].to_string().contains("not known"), "{early}");
        assert!(early["known_since"].is_string());
        app.get(&ada, &format!("/api/v1/access/{}?at=2999-01-01", bea.membership)).await.expect(400);
        app.get(&ada, &format!("/api/v1/access/{}?at=soon", bea.membership)).await.expect(400);
        // The same of a person.
        let sight = format!("/api/v1/members/{}/sight", mia.membership);
        let sees = async |asked: String| {
            let out = app.get(&ada, &format!("{sight}{asked}")).await.expect(200).json();
            let people = out.as_array().unwrap().iter().find(|one| one["resource"] == "account").cloned();
            people.map_or(0, |one| one["sees"].as_array().unwrap().len())
        };
        assert_eq!(sees(String::new()).await, 0);
        assert_eq!(sees(format!("?at={then}")).await, 1);
        let page = app
            .get(&ada, &format!("/office/members/{}/sight?at={then}", mia.membership))
            .await
            .expect(200)
            .text();
        assert!(page.contains("How it was then") && page.contains("remembered since"), "{page}");
    }
}

/// How long the question takes for many people and places; run by hand: `cargo test -p people --release -- --ignored`.
#[tokio::test]
#[ignore = "measures"]
#[allow(clippy::print_stdout, reason = "the figures are the point")]
async fn five_thousand_people() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let ada = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let bea = app.member(org, "Bea", "basic_user", &[], Some(client)).await;
        let mut sites = Vec::new();
        for at in 0..2000 {
            sites.push(app.site(org, client, None, &format!("Site {at}")).await);
        }
        for at in 0..5000_usize {
            let mut batch = Batch::new();
            let (account, member) = (kernel::id::AccountId::new(), kernel::id::MembershipId::new());
            let name = format!("Member {at}");
            batch.run(
                "insert into accounts (id, email, name, created_at) values ($1, $2, $3, 0)",
                params![account, format!("m{at}@example.com"), name.as_str()],
            );
            batch.run(
                "insert into memberships (id, organization_id, account_id, audience, name, search, created_at) values ($1, $2, $3, 0, $4, $4, 0)",
                params![member, org, account, name.as_str()],
            );
            let given = kernel::id::AssignmentId::new();
            batch.run(
                "insert into assignments (id, organization_id, membership_id, role_key, granted_at) values ($1, $2, $3, 'supervisor', 0)",
                params![given, org, member],
            );
            for site in sites.iter().skip(at % 1990).take(5) {
                batch.run(
                    "insert into assignment_targets (organization_id, assignment_id, dimension, target_id) values ($1, $2, 4, $3)",
                    params![org, given, *site],
                );
            }
            app.put(batch).await;
        }
        let path = format!("/api/v1/access/{}", bea.membership);
        let past = format!("{path}?at={}", app.now());
        for (what, path) in
            [("first", &path), ("again", &path), ("again", &format!("{path}?q=77")), ("then", &past)]
        {
            let begun = std::time::Instant::now();
            app.get(&ada, path).await.expect(200);
            println!("{:?} {what}: {} ms", app.engine(), begun.elapsed().as_millis());
        }
    }
}
