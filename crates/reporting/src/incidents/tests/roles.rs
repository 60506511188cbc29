//! Every built-in role, through HTTP, against a table written by hand from ROLES.md: which incidents it meets in
//! lists, by id, on the board, in searches and exports; which parts of them; what it may do.

use access::Target::{Area, Client, Organization, Site, Team};
use access::{Target, Visibility};
use kernel::id::{AreaId, ClientId, IncidentId, OrganizationId, SiteId, TeamId};
use serde_json::json;
use store::{Batch, params};
use testkit::{Actor, Answered, TestApp};

use crate::setup::{NewIncident, insert_many, insert_people, take_numbers};

/// The places of the world.
#[derive(Clone, Copy)]
struct Map {
    org: OrganizationId,
    client_a: ClientId,
    client_b: ClientId,
    north: AreaId,
    a1: SiteId,
    a2: SiteId,
    b1: SiteId,
    /// Was client A's until last month, is client B's now.
    moved: SiteId,
    team: TeamId,
}

/// What one role is expected to be able to do.
struct Row {
    role: &'static str,
    at: fn(&Map) -> Vec<Target>,
    client: bool,
    /// Names of the incidents it sees, in no order. `own` is one that this very person filed.
    sees: &'static [&'static str],
    /// Which classes beyond the public one: o(perational), p(eople), n(otes), l(ocation).
    parts: &'static str,
    /// Verbs: c(reate), e(dit), a(pprove), p(ublish), g(ive to somebody), m(ove along), d(elete), x (export).
    may: &'static str,
}

const ALL: &[&str] = &[
    "a1_published",
    "a1_submitted",
    "a1_held",
    "a1_draft",
    "a2_published",
    "b1_published",
    "b1_submitted",
    "moved_before",
    "moved_since",
    "team",
    "own",
];
const NONE: &[&str] = &[];
const EVERYTHING: &str = "opnl";

fn row(
    role: &'static str,
    at: fn(&Map) -> Vec<Target>,
    sees: &'static [&'static str],
    parts: &'static str,
    may: &'static str,
) -> Row {
    Row { role, at, client: false, sees, parts, may }
}

fn outside(
    role: &'static str,
    at: fn(&Map) -> Vec<Target>,
    sees: &'static [&'static str],
    may: &'static str,
) -> Row {
    Row { role, at, client: true, sees, parts: "", may }
}

/// ROLES.md, role by role.
fn table() -> Vec<Row> {
    let everywhere: fn(&Map) -> Vec<Target> = |_| vec![Organization];
    let client_a: fn(&Map) -> Vec<Target> = |m| vec![Client(m.client_a)];
    let team: fn(&Map) -> Vec<Target> = |m| vec![Team(m.team)];
    let none: fn(&Map) -> Vec<Target> = |_| Vec::new();
    let of_a: &[&str] = &["a1_published", "a2_published", "moved_before"];
    vec![
        // Officer Apps
        row("customer_admin", everywhere, ALL, EVERYTHING, "ceapgmdx"),
        // "approve, edit, delete reports" of assigned sites; publishing is the administrators'.
        row(
            "supervisor",
            |m| vec![Site(m.a1), Site(m.moved)],
            &["a1_published", "a1_submitted", "a1_held", "a1_draft", "moved_before", "moved_since", "own"],
            EVERYTHING,
            "ceagmdx",
        ),
        // "own work"; edits only where the site lets authors change what they filed.
        row("officer", |m| vec![Site(m.a1)], &["own"], "o", "c"),
        row("officer_office", none, &["own"], "o", ""),
        // "every site of their client": released ones, and what happened while a site was theirs.
        outside("client_user", client_a, of_a, "x"),
        outside("site_user", |m| vec![Site(m.a1)], &["a1_published"], "x"),
        // "take and submit incident reports on behalf of officers; … may not: everything else".
        row("call_center", everywhere, ALL, "op", "c"),
        // MyProtektor
        row("owner", everywhere, ALL, EVERYTHING, "ceapgmdx"),
        row("admin", everywhere, ALL, EVERYTHING, "ceapgmdx"),
        // "Guards submit incidents and cannot change or publish them afterwards."
        row("guard", |m| vec![Site(m.a1)], &["own"], "o", "c"),
        // "published incidents of assigned sites only"; a site that changed hands brings nothing of its new owner.
        outside("client", |m| vec![Site(m.a1), Site(m.moved)], &["a1_published", "moved_before"], "x"),
        // GuardHouse
        outside(
            "client_account",
            |m| vec![Site(m.a2), Site(m.moved)],
            &["a2_published", "moved_before"],
            "x",
        ),
        // Equipment Manager
        outside("master_administrator", client_a, of_a, "x"),
        outside("client_administrator", client_a, of_a, "x"),
        outside("site_manager", |m| vec![Site(m.a1)], NONE, ""),
        outside("guest_manager", |m| vec![Site(m.a1)], NONE, ""),
        outside("basic_user", |m| vec![Site(m.a1)], NONE, ""),
        outside("guest_contractor", team, NONE, ""),
        outside("guest_technician", |m| vec![Site(m.a1)], NONE, ""),
        // ReconPro
        row("administrator", everywhere, ALL, EVERYTHING, "ceapgmdx"),
        // "all operations and reporting": reads and takes away, does not run incidents.
        row("accountant", everywhere, ALL, "opn", "x"),
        row("work_manager", everywhere, NONE, "", ""),
        row("work_manager_read_only", everywhere, NONE, "", ""),
        row("technician", team, NONE, "", ""),
        row("team_work_manager", team, NONE, "", ""),
        row("area_work_manager", |m| vec![Area(m.north)], NONE, "", ""),
        row("team_administrator", team, NONE, "", ""),
        // "settings, operations and reporting within the area": the sites of the area when it happened.
        row(
            "area_administrator",
            |m| vec![Area(m.north)],
            &["a1_published", "a1_submitted", "a1_held", "a1_draft", "own"],
            "opn",
            "ceapgmx",
        ),
        outside("recon_client", client_a, NONE, ""),
        outside("client_accountant", client_a, NONE, ""),
        outside("client_monitor_manager", client_a, NONE, ""),
        outside("client_inspector", client_a, NONE, ""),
        outside("sales_person", none, NONE, ""),
        outside("sales_person_monitor_manager", none, NONE, ""),
        row("employee", team, NONE, "", ""),
        row("inspector", team, NONE, "", ""),
        // "everything in the field".
        row("manager", everywhere, ALL, "op", "c"),
    ]
}

/// The incidents of the world by name. Each holds a word that only one class of parts holds.
struct Arranged {
    name: String,
    id: IncidentId,
}

async fn world(app: &TestApp) -> Map {
    let org = app.organization("Northwatch").await;
    let (client_a, client_b) = (app.client(org, "Alpha").await, app.client(org, "Beta").await);
    let north = app.area(org, "North").await;
    Map {
        org,
        client_a,
        client_b,
        north,
        a1: app.site(org, client_a, Some(north), "A1").await,
        a2: app.site(org, client_a, None, "A2").await,
        b1: app.site(org, client_b, None, "B1").await,
        moved: app.site(org, client_b, None, "Moved").await,
        team: app.team(org, "Tigers").await,
    }
}

fn incident(map: &Map, number: i64, name: &str, at: &TestApp) -> NewIncident {
    let (site, site_name, client, area) = match name.split('_').next() {
        Some("a2") => (map.a2, "A2", map.client_a, None),
        Some("b1" | "team") => (map.b1, "B1", map.client_b, None),
        Some("moved") if name == "moved_before" => (map.moved, "Moved", map.client_a, None),
        Some("moved") => (map.moved, "Moved", map.client_b, None),
        _ => (map.a1, "A1", map.client_a, Some(map.north)),
    };
    let mut one =
        NewIncident::filed(number, (client, "Somebody"), (site, site_name, "America/New_York"), at.now());
    one.area = area;
    one.title = name.to_owned();
    one.narrative = "There was a walrus.".into();
    one.public_details = "There was a zebra.".into();
    one.internal_notes = "There was an ocelot.".into();
    one.author_name = "Olga Other".into();
    one.position = Some((40.5, -74.25));
    one.visibility = match name.split('_').nth(1) {
        Some("published" | "before" | "since") => Visibility::Released,
        Some("held") => Visibility::Held,
        Some("draft") => Visibility::Draft,
        _ => Visibility::Submitted,
    };
    if one.visibility == Visibility::Released {
        one.released = Some((at.now(), "Ada".into()));
    }
    one.approval_required = name == "a1_held";
    if name == "team" {
        one.team = Some(map.team);
    }
    one
}

async fn arrange(app: &TestApp, map: &Map, rows: &[(Row, Actor)]) -> Vec<Arranged> {
    let mut all: Vec<NewIncident> = Vec::new();
    for name in ALL.iter().filter(|name| **name != "own") {
        all.push(incident(map, i64::try_from(all.len()).unwrap() + 1, name, app));
    }
    let mut arranged: Vec<Arranged> =
        all.iter().map(|one| Arranged { name: one.title.clone(), id: one.id }).collect();
    for (row, actor) in rows {
        let mut own = incident(map, i64::try_from(all.len()).unwrap() + 1, "own", app);
        own.author = Some(actor.membership);
        own.author_name = "Olga Other".into();
        arranged.push(Arranged { name: format!("own:{}", row.role), id: own.id });
        all.push(own);
    }
    let mut batch = Batch::new();
    take_numbers(&mut batch, map.org, 0, all.len());
    insert_many(&mut batch, map.org, &all);
    let people = [crate::setup::NewPerson {
        name: "Wendy Witness".into(),
        part: crate::setup::Part::Witness,
        contact: String::new(),
        note: String::new(),
    }];
    insert_people(&mut batch, map.org, &all[0], &people);
    app.put(batch).await;
    arranged
}

/// Another tenant's incident, which nobody here may ever meet.
async fn foreign(app: &TestApp) -> IncidentId {
    let org = app.organization("Southwatch").await;
    let client = app.client(org, "Alpha").await;
    let site = app.site(org, client, None, "A1").await;
    let mut one = NewIncident::filed(1, (client, "Alpha"), (site, "A1", "America/New_York"), app.now());
    one.visibility = Visibility::Released;
    one.public_details = "There was a zebra.".into();
    let mut batch = Batch::new();
    take_numbers(&mut batch, org, 0, 1);
    insert_many(&mut batch, org, &[one.clone()]);
    app.put(batch).await;
    one.id
}

/// The names of incidents in a list's answer; another role's own incident counts as `other's own`.
fn names(arranged: &[Arranged], role: &str, answer: &Answered) -> Vec<String> {
    if answer.status == 404 {
        return Vec::new();
    }
    let items = answer.json()["items"].clone();
    let mut found: Vec<String> = items
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| {
            let id = item["id"].as_str().unwrap();
            let known = arranged.iter().find(|a| a.id.to_string() == id);
            own_name(&known.expect("an incident of this world").name, role)
        })
        .collect();
    found.sort();
    found
}

/// Everybody who sees all of site A1 sees all the incidents that others filed there; they are left out here.
fn own_name(name: &str, role: &str) -> Option<String> {
    match name.strip_prefix("own:") {
        Some(whose) if whose == role => Some("own".into()),
        Some(_) => None,
        None => Some(name.to_owned()),
    }
}

fn sorted(names: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn every_role_meets_what_the_table_says_and_nothing_else() {
    for app in testkit::apps(crate::features()).await {
        let map = world(&app).await;
        let mut rows = Vec::new();
        for row in table() {
            let client = row.client.then_some(map.client_a);
            let actor = app.member(map.org, row.role, row.role, &(row.at)(&map), client).await;
            rows.push((row, actor));
        }
        let arranged = arrange(&app, &map, &rows).await;
        let foreign = foreign(&app).await;
        for (row, actor) in &rows {
            reads(&app, &arranged, row, actor, foreign).await;
            searches(&app, &arranged, row, actor).await;
            exports(&app, &arranged, row, actor).await;
            acts(&app, &map, &arranged, row, actor).await;
        }
        let roles: Vec<&str> = rows.iter().map(|(row, _)| row.role).collect();
        for role in access::built_in() {
            assert!(roles.contains(&role.key.as_str()), "{} has no line in the table", role.key);
        }
    }
}

async fn reads(app: &TestApp, arranged: &[Arranged], row: &Row, actor: &Actor, foreign: IncidentId) {
    let role = row.role;
    let list = app.get(actor, "/api/v1/incidents?limit=200").await;
    assert_eq!(list.status, if row.sees.is_empty() { 404 } else { 200 }, "{role}");
    assert_eq!(names(arranged, role, &list), sorted(row.sees), "{role}: list");
    let door = app.get(actor, &format!("{}/incidents", actor.door)).await;
    assert_eq!(door.status, list.status, "{role}: the page");
    let absent = app.get(actor, &format!("/api/v1/incidents/{}", IncidentId::new())).await.expect(404);
    let other = app.get(actor, &format!("/api/v1/incidents/{foreign}")).await.expect(404);
    assert_eq!(absent.bytes, other.bytes, "{role}");
    let mut count = 0;
    for one in arranged {
        let answer = app.get(actor, &format!("/api/v1/incidents/{}", one.id)).await;
        let listed = list.status == 200 && list.text().contains(&one.id.to_string());
        assert_eq!(answer.status == 200, listed, "{role}: {} by id", one.name);
        count += usize::from(listed);
        if !listed {
            assert_eq!((answer.status, &answer.bytes), (404, &absent.bytes), "{role}: {}", one.name);
            continue;
        }
        parts(row, &answer.json());
        let changes = app.get(actor, &format!("/api/v1/incidents/{}/changes", one.id)).await.expect(200);
        assert_eq!(changes.json(), json!([]), "{role}");
        let preview = app.get(actor, &format!("/api/v1/incidents/{}/publication", one.id)).await;
        assert_eq!(preview.status, if row.may.contains('p') { 200 } else { 403 }, "{role}: preview");
    }
    let board = app.get(actor, "/api/v1/incidents/board").await;
    if row.parts.contains('o') {
        // Nothing was taken up yet, so all of it is urgent.
        let lanes = board.expect(200).json()["lanes"].clone();
        let counts: Vec<u64> =
            lanes.as_array().unwrap().iter().map(|l| l["count"].as_u64().unwrap()).collect();
        assert_eq!(counts, [u64::try_from(count).unwrap(), 0, 0, 0], "{role}: board");
    } else {
        board.expect(404);
    }
}

fn parts(row: &Row, incident: &serde_json::Value) {
    let role = row.role;
    let has = |part: char, keys: &[&str]| {
        for key in keys {
            let shown = incident.get(*key).is_some();
            assert_eq!(shown, row.parts.contains(part), "{role}: {key} in {incident}");
        }
    };
    for key in
        ["id", "reference", "kind", "severity", "status", "occurred_at", "zone", "site", "public_details"]
    {
        assert!(incident.get(key).is_some(), "{role}: {key}");
    }
    has('o', &["number", "title", "source", "narrative", "place", "reported_at", "approval", "visibility"]);
    has('o', &["escalated", "client", "client_id", "version", "author_may_edit"]);
    has('p', &["author", "author_role", "people"]);
    has('n', &["internal_notes"]);
    has('l', &["latitude", "longitude"]);
}

async fn searches(app: &TestApp, arranged: &[Arranged], row: &Row, actor: &Actor) {
    for (word, part) in [("zebra", ' '), ("WALRUS", 'o'), ("ocelot", 'n'), ("olga", 'p')] {
        let found = app.get(actor, &format!("/api/v1/incidents?limit=200&q={word}")).await;
        let expected = if part == ' ' || row.parts.contains(part) { sorted(row.sees) } else { Vec::new() };
        assert_eq!(names(arranged, row.role, &found), expected, "{}: search for {word}", row.role);
    }
    let witness = app.get(actor, "/api/v1/incidents?limit=200&q=wendy").await;
    let sees = row.parts.contains('p') && row.sees.contains(&"a1_published");
    assert_eq!(names(arranged, row.role, &witness), sorted(if sees { &["a1_published"] } else { NONE }));
    if row.sees.is_empty() {
        return;
    }
    // A filter by what one may not see answers like a filter that does not exist.
    for (query, part) in [("published=published", 'o'), ("assignee=nobody", 'p'), ("order=number", 'o')] {
        let answer = app.get(actor, &format!("/api/v1/incidents?{query}")).await;
        assert_eq!(answer.status, if row.parts.contains(part) { 200 } else { 400 }, "{}: {query}", row.role);
    }
}

async fn exports(app: &TestApp, arranged: &[Arranged], row: &Row, actor: &Actor) {
    let role = row.role;
    let file = app.get(actor, "/api/v1/incidents/export").await;
    if !row.may.contains('x') {
        assert_eq!(file.status, if row.sees.is_empty() { 404 } else { 403 }, "{role}: export");
        return;
    }
    let text = file.expect(200).text();
    let (head, body) = text.trim_start_matches('\u{feff}').split_once("\r\n").unwrap();
    for (title, part) in [("Number", 'o'), ("Title", 'o'), ("Reported by", 'p'), ("Assigned to", 'p')] {
        assert_eq!(head.split(',').any(|cell| cell == title), row.parts.contains(part), "{role}: {title}");
    }
    let list = app.get(actor, "/api/v1/incidents?limit=200").await.expect(200).json();
    let listed: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|i| i["reference"].as_str().unwrap()).collect();
    assert_eq!(body.lines().count(), listed.len(), "{role}: {body}");
    for reference in listed {
        assert!(body.contains(reference), "{role}: {reference} is missing");
    }
    let _ = arranged;
}

/// Tries every verb with a version nobody read: who may is told that it is stale, who may not hears why, and who
/// does not see the incident hears nothing.
async fn acts(app: &TestApp, map: &Map, arranged: &[Arranged], row: &Row, actor: &Actor) {
    let role = row.role;
    let create = app.json(actor, "POST", "/api/v1/incidents", json!({ "site": map.a1 })).await;
    assert_eq!(create.status, if row.may.contains('c') { 422 } else { 404 }, "{role}: create");
    for name in ["a1_published", "a1_held", "own"] {
        let name = if name == "own" { format!("own:{role}") } else { name.to_owned() };
        let one = arranged.iter().find(|a| a.name == name).unwrap();
        let path = format!("/api/v1/incidents/{}", one.id);
        let seen = app.get(actor, &path).await.status == 200;
        let held = name == "a1_held";
        for (letter, noun, body) in [
            ('a', "approval", json!({ "version": 99 })),
            ('p', "unpublication", json!({ "version": 99 })),
            ('p', "publication", json!({ "version": 99 })),
            ('g', "assignment", json!({ "version": 99, "assignee": "" })),
            ('m', "status", json!({ "version": 99, "status": "active" })),
            ('m', "escalation", json!({ "version": 99 })),
            ('d', "archive", json!({ "version": 99 })),
        ] {
            let answer = app.json(actor, "POST", &format!("{path}/{noun}"), body).await;
            let expected = if !seen {
                404
            } else if row.may.contains(letter) {
                409
            } else {
                403
            };
            assert_eq!(answer.status, expected, "{role}: {noun} of {name}: {}", answer.text());
            // Approval is asked for on one of them only, and publishing waits for it: both conflicts say so.
            if expected == 409 && noun == "publication" && held {
                assert!(answer.text().contains("approve it first"), "{role}: {}", answer.text());
            }
        }
        let mut body = super::report(map.a1);
        body["version"] = json!(99);
        let edit = app.json(actor, "PUT", &path, body).await;
        let expected = match (seen, row.may.contains('e')) {
            (false, _) => 404,
            (true, true) => 409,
            (true, false) => 403,
        };
        assert_eq!(edit.status, expected, "{role}: edit of {name}: {}", edit.text());
    }
}

#[tokio::test]
async fn share_all_shows_what_was_handed_in_and_nothing_that_is_held() {
    for app in testkit::apps(crate::features()).await {
        let map = world(&app).await;
        let actor = app.member(map.org, "Gina", "client_account", &[Site(map.a1)], Some(map.client_a)).await;
        let row = outside("client_account", |m| vec![Site(m.a1)], NONE, "x");
        let rows = vec![(row, actor)];
        let arranged = arrange(&app, &map, &rows).await;
        let actor = &rows[0].1;
        let list = async || names(&arranged, "nobody", &app.get(actor, "/api/v1/incidents?limit=200").await);
        assert_eq!(list().await, sorted(&["a1_published"]));
        let share = async |on: i64| {
            let mut batch = Batch::new();
            batch.run("update memberships set share_all = $1 where id = $2", params![on, actor.membership]);
            app.put(batch).await;
        };
        share(1).await;
        assert_eq!(list().await, sorted(&["a1_published", "a1_submitted"]));
        // Law 5: the next request.
        share(0).await;
        assert_eq!(list().await, sorted(&["a1_published"]));
        app.switch(map.org, access::Switch::IncidentReports, false).await;
        app.get(actor, "/api/v1/incidents").await.expect(404);
    }
}
