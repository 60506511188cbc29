//! Changes of rights that other areas make, on both engines: publishing, sites that move, accounts that are linked to
//! sites. What is shown before is what holds after.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

use access::{Target, Visibility};
use kernel::id::{ClientId, IncidentId, OrganizationId, SiteId};
use reporting::setup::{NewIncident, insert_many, take_numbers};
use serde_json::{Value, json};
use store::Batch;
use testkit::{Actor, Answered, TestApp};

struct World {
    org: OrganizationId,
    harbour: ClientId,
    plaza: ClientId,
    dock: SiteId,
    gate: SiteId,
    admin: Actor,
    /// Holds every site of Harbour.
    cleo: Actor,
    /// Holds Dock 4.
    dora: Actor,
    /// Holds every site of Plaza.
    pia: Actor,
}

async fn world(app: &TestApp) -> World {
    let org = app.organization("Northwatch").await;
    let harbour = app.client(org, "Harbour").await;
    let plaza = app.client(org, "Plaza").await;
    let dock = app.site(org, harbour, None, "Dock 4").await;
    let gate = app.site(org, harbour, None, "Gate 2").await;
    World {
        org,
        harbour,
        plaza,
        dock,
        gate,
        admin: app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await,
        cleo: app.member(org, "Cleo Client", "client_user", &[Target::Client(harbour)], Some(harbour)).await,
        dora: app.member(org, "Dora Dock", "client", &[Target::Site(dock)], Some(harbour)).await,
        pia: app.member(org, "Pia Plaza", "client_user", &[Target::Client(plaza)], Some(plaza)).await,
    }
}

/// Incidents of a site: `released` published ones and one that was only handed in, which is answered.
async fn incidents(app: &TestApp, w: &World, from: i64, site: (SiteId, &str), released: i64) -> IncidentId {
    let mut all = Vec::new();
    for n in from..=from + released {
        let at = app.now() - std::time::Duration::from_secs(u64::try_from(n).unwrap() * 1_000);
        let mut one = NewIncident::filed(n, (w.harbour, "Harbour"), (site.0, site.1, "America/New_York"), at);
        one.visibility = if n < from + released { Visibility::Released } else { Visibility::Submitted };
        if n < from + released {
            one.released = Some((app.now(), "Ada".into()));
        }
        all.push(one);
    }
    let last = all.last().unwrap().id;
    let mut batch = Batch::new();
    take_numbers(&mut batch, w.org, from - 1, usize::try_from(released + 1).unwrap());
    insert_many(&mut batch, w.org, &all);
    app.put(batch).await;
    last
}

async fn proposed(app: &TestApp, who: &Actor, kind: &str, form: Value) -> Value {
    let body = json!({ "kind": kind, "form": form });
    let mut change = app.json(who, "POST", "/api/v1/changes", body).await.expect(201).json();
    let path = format!("/api/v1/changes/{}", change["id"].as_str().unwrap());
    for _ in 0..50 {
        if change["difference"].is_object() {
            return change;
        }
        change = app.get(who, &path).await.expect(200).json();
    }
    panic!("the comparison does not end: {change}");
}

async fn decide(app: &TestApp, who: &Actor, change: &Value, verb: &str, body: Value) -> Answered {
    let path = format!("/api/v1/changes/{}/{verb}", change["id"].as_str().unwrap());
    app.json(who, "POST", &path, body).await
}

/// Whom a change gives or takes seeing this kind of record, by name.
fn who(change: &Value, side: &str, permission: &str) -> Vec<String> {
    let mut all: Vec<String> = change["difference"]["groups"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|group| group[side].as_array().unwrap().iter().any(|word| word == permission))
        .flat_map(|group| group["named"].as_array().unwrap())
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect();
    all.sort();
    all.dedup();
    all
}

/// How many records appear to, or vanish from, an account.
fn counted(change: &Value, name: &str, resource: &str, side: &str) -> u64 {
    let accounts = change["difference"]["accounts"].as_array().unwrap();
    let Some(account) = accounts.iter().find(|one| one["name"] == name) else { return 0 };
    let kinds = account["kinds"].as_array().unwrap();
    kinds.iter().find(|k| k["resource"] == resource).map_or(0, |k| k[side]["count"].as_u64().unwrap())
}

#[tokio::test]
async fn publishing_shows_who_will_see_it_and_waits_for_its_hour() {
    for app in testkit::apps(bailiwick::features()).await {
        let w = world(&app).await;
        let id = incidents(&app, &w, 1, (w.dock, "Dock 4"), 0).await;
        let path = format!("/api/v1/incidents/{id}");
        let version = app.get(&w.admin, &path).await.expect(200).json()["version"].clone();
        let form = json!({ "incident": id, "form": { "version": version } });
        let change = proposed(&app, &w.admin, "publish", form.clone()).await;
        // Harbour's two accounts, and nobody of Plaza.
        assert_eq!(who(&change, "gains", "incident.view"), ["Cleo Client", "Dora Dock"], "{change}");
        assert_eq!(counted(&change, "Cleo Client", "incident", "appears"), 1);
        assert_eq!(counted(&change, "Pia Plaza", "incident", "appears"), 0);
        app.get(&w.cleo, &path).await.expect(404);
        let later = kernel::Timestamp::from_microsecond(app.now().as_microsecond() + 60_000_000).unwrap();
        decide(&app, &w.admin, &change, "schedule", json!({ "at": later.to_string() })).await.expect(200);
        app.clock.advance(std::time::Duration::from_secs(61));
        assert_eq!(people::apply_due_changes(&app.app).await.unwrap(), 1);
        for reader in [&w.cleo, &w.dora] {
            app.get(reader, &path).await.expect(200);
        }
        app.get(&w.pia, &path).await.expect(404);
        // Taken back, it is what it was: handed in, not held.
        decide(&app, &w.admin, &change, "undo", json!({})).await.expect(200);
        app.get(&w.cleo, &path).await.expect(404);
        let now = app.get(&w.admin, &path).await.expect(200).json();
        assert_eq!(now["visibility"], "submitted", "{now}");

        // Somebody else changed it since: neither made nor taken back.
        app.json(&w.admin, "POST", "/api/v1/changes", json!({ "kind": "publish", "form": form }))
            .await
            .expect(409);
        let form = json!({ "incident": id, "form": { "version": now["version"] } });
        let change = proposed(&app, &w.admin, "publish", form).await;
        decide(&app, &w.admin, &change, "application", json!({})).await.expect(200);
        app.json(&w.admin, "POST", &format!("{path}/status"), json!({ "status": "active" }))
            .await
            .expect(200);
        let why = decide(&app, &w.admin, &change, "undo", json!({})).await.expect(409).text();
        assert!(why.contains("somebody changed it since"), "{why}");

        // Through the pages: unpublishing is looked at first.
        let version = app.get(&w.admin, &path).await.expect(200).json()["version"].to_string();
        let look = format!("/office/incidents/{id}/unpublication/preview");
        let to = app.post_form(&w.admin, &look, &[("version", &version)]).await.expect(303);
        let shown = app.get(&w.admin, to.header("location").unwrap()).await.expect(200).text();
        for words in ["taken back", "Loses", "Cleo Client", "Dora Dock", "Is seen no more"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let wrong = app.post_form(&w.admin, &look, &[("version", "moon")]).await.status;
        assert_eq!(wrong, 422);
    }
}

#[tokio::test]
async fn a_change_about_a_record_is_hidden_with_it() {
    for app in testkit::apps(bailiwick::features()).await {
        let w = world(&app).await;
        let id = incidents(&app, &w, 1, (w.dock, "Dock 4"), 0).await;
        app.role(
            w.org,
            r#"
key = "clerk"
name = "Clerk"
about = "Keeps the list of people."
audience = "staff"
portals = ["office"]
reach = "organization"
may = ["assignment: view", "account: view"]
"#,
        )
        .await;
        let clerk = app.member(w.org, "Cora Clerk", "clerk", &[Target::Organization], None).await;
        let version =
            app.get(&w.admin, &format!("/api/v1/incidents/{id}")).await.expect(200).json()["version"].clone();
        let form = json!({ "incident": id, "form": { "version": version } });
        let change = proposed(&app, &w.admin, "publish", form).await;
        decide(&app, &w.admin, &change, "application", json!({})).await.expect(200);
        // Cora sees everybody's changes, but no incident: this one is not there for her.
        assert_eq!(app.get(&clerk, "/api/v1/changes").await.expect(200).json(), json!({ "items": [] }));
        let path = format!("/api/v1/changes/{}", change["id"].as_str().unwrap());
        let hidden = app.get(&clerk, &path).await.expect(404);
        let absent =
            app.get(&clerk, &format!("/api/v1/changes/{}", kernel::id::ChangeId::new())).await.expect(404);
        assert_eq!(hidden.bytes, absent.bytes);
        assert_eq!(
            app.get(&w.admin, "/api/v1/changes").await.expect(200).json()["items"].as_array().unwrap().len(),
            1
        );
    }
}

#[tokio::test]
async fn a_site_that_moves_shows_who_sees_it_no_more_and_comes_back() {
    for app in testkit::apps(bailiwick::features()).await {
        let w = world(&app).await;
        let path = format!("/api/v1/sites/{}", w.dock);
        let site = app.get(&w.admin, &path).await.expect(200).json();
        let mut form = json!({ "client": w.plaza, "kind": "static", "name": "Dock 4", "zone": site["zone"],
            "version": site["version"] });
        let change = proposed(&app, &w.admin, "site", json!({ "site": w.dock, "form": form })).await;
        // The site itself, and what is published there from then on; Dora is kept to Harbour and loses it.
        assert_eq!(who(&change, "gains", "site.view"), ["Pia Plaza"], "{change}");
        assert_eq!(who(&change, "loses", "site.view"), ["Cleo Client", "Dora Dock"]);
        assert_eq!(who(&change, "gains", "incident.view"), ["Pia Plaza"]);
        assert_eq!(who(&change, "loses", "incident.view"), ["Cleo Client", "Dora Dock"]);
        assert_eq!(counted(&change, "Dora Dock", "site", "vanishes"), 1);
        decide(&app, &w.admin, &change, "application", json!({})).await.expect(200);
        app.get(&w.pia, &path).await.expect(200);
        app.get(&w.dora, &path).await.expect(404);
        app.get(&w.cleo, &path).await.expect(404);
        decide(&app, &w.admin, &change, "undo", json!({})).await.expect(200);
        app.get(&w.dora, &path).await.expect(200);
        app.get(&w.pia, &path).await.expect(404);

        // Moved on the usual way, it can be taken back as well; unless somebody changed it since.
        form["version"] = app.get(&w.admin, &path).await.expect(200).json()["version"].clone();
        app.clock.advance(std::time::Duration::from_secs(60));
        app.json(&w.admin, "PUT", &path, form.clone()).await.expect(200);
        let made = app.get(&w.admin, "/api/v1/changes").await.expect(200).json()["items"][0].clone();
        assert_eq!(made["title"], "Site Dock 4: to another client or area");
        form["version"] = app.get(&w.admin, &path).await.expect(200).json()["version"].clone();
        form["name"] = json!("Dock Four");
        app.json(&w.admin, "PUT", &path, form.clone()).await.expect(200);
        decide(&app, &w.admin, &made, "undo", json!({})).await.expect(409);

        // Wrong input is told at its field, as on saving.
        let look = format!("/office/sites/{}/preview", w.gate);
        let wrong = app
            .post_form(
                &w.admin,
                &look,
                &[("client", "moon"), ("kind", "static"), ("name", ""), ("version", "1")],
            )
            .await
            .expect(422)
            .text();
        assert!(wrong.contains("See what it changes"), "{wrong}");
    }
}

#[tokio::test]
async fn a_link_to_a_site_counts_what_becomes_visible() {
    for app in testkit::apps(bailiwick::features()).await {
        let w = world(&app).await;
        // Two published ones and one that was only handed in: Dora would see two.
        incidents(&app, &w, 1, (w.gate, "Gate 2"), 2).await;
        let form = json!({ "site": w.gate, "form": { "membership": w.dora.membership } });
        let change = proposed(&app, &w.admin, "link_site", form.clone()).await;
        assert_eq!(counted(&change, "Dora Dock", "incident", "appears"), 2, "{change}");
        assert_eq!(counted(&change, "Dora Dock", "site", "appears"), 1);
        let seen = || async {
            app.get(&w.dora, "/api/v1/incidents").await.expect(200).json()["items"].as_array().unwrap().len()
        };
        assert_eq!(seen().await, 0);
        decide(&app, &w.admin, &change, "application", json!({})).await.expect(200);
        assert_eq!(seen().await, 2);
        decide(&app, &w.admin, &change, "undo", json!({})).await.expect(200);
        assert_eq!(seen().await, 0);
        // Who is not of the client cannot be linked, and nothing is kept of it.
        let wrong = json!({ "kind": "link_site", "form": { "site": w.gate, "form": { "membership": w.pia.membership } } });
        app.json(&w.admin, "POST", "/api/v1/changes", wrong).await.expect(422);
        let page = app
            .post_form(
                &w.admin,
                &format!("/office/sites/{}/clients/preview", w.gate),
                &[("membership", "moon")],
            )
            .await
            .expect(422)
            .text();
        assert!(page.contains("choose one of the client"), "{page}");
        // The client's own people have no such door.
        app.json(&w.cleo, "POST", "/api/v1/changes", json!({ "kind": "link_site", "form": form }))
            .await
            .expect(404);
    }
}

/// ROLES.md, MyProtektor: the panic button works only where emergency access is on for the client and the account is
/// linked to the site.
#[tokio::test]
async fn emergency_access_shows_who_could_raise_the_alarm_and_where() {
    for app in testkit::apps(bailiwick::features()).await {
        let w = world(&app).await;
        let form =
            |version: i64| json!({ "client": w.harbour, "form": { "on": "true", "version": version } });
        let change = proposed(&app, &w.admin, "emergency_access", form(1)).await;
        // Cleo's role has no alarm in it; Dora's reaches Dock 4 alone; Pia is another client's.
        assert_eq!(who(&change, "gains", "sos.trigger"), ["Dora Dock"], "{change}");
        assert_eq!(change["difference"]["groups"][0]["named"][0]["where"], "Dock 4");
        assert_eq!(change["difference"]["accounts"], json!([]), "no record comes or goes");
        let path = format!("/api/v1/clients/{}", w.harbour);
        let on = async || app.get(&w.admin, &path).await.expect(200).json()["emergency_access"].clone();
        assert_eq!(on().await, false);
        decide(&app, &w.admin, &change, "application", json!({})).await.expect(200);
        assert_eq!(on().await, true);
        decide(&app, &w.admin, &change, "undo", json!({})).await.expect(200);
        assert_eq!(on().await, false);
        // Several sites of one person are one person.
        app.give(&w.dora, "client", &[Target::Site(w.gate)]).await;
        let change = proposed(&app, &w.admin, "emergency_access", form(3)).await;
        let group = &change["difference"]["groups"][0];
        assert_eq!(
            (&group["people"], &group["named"][0]["where"]),
            (&json!(1), &json!("Dock 4, Gate 2")),
            "{change}"
        );
        // An old version, on the page as well; and a program must say what it wants.
        let look = format!("/office/clients/{}/emergency-access/preview", w.harbour);
        app.post_form(&w.admin, &look, &[("on", "true"), ("version", "1")]).await.expect(409);
        app.post_form(&w.admin, &look, &[("on", "true"), ("version", "3")]).await.expect(303);
        let put = format!("{path}/emergency-access");
        app.json(&w.admin, "PUT", &put, json!({ "version": 3 })).await.expect(422);
    }
}

/// What a new account would see is shown before it is saved.
#[tokio::test]
async fn a_new_account_is_seen_first_and_taken_back() {
    for app in testkit::apps(bailiwick::features()).await {
        let w = world(&app).await;
        let site = format!("site:{}", w.dock);
        let form =
            json!({ "email": "pia@example.com", "name": "Pia Portal", "sites": [site], "share_all": "on" });
        let save = json!({ "client": w.harbour, "form": form });
        let change = proposed(&app, &w.admin, "save_account", save).await;
        assert_eq!(who(&change, "gains", "incident.view"), ["Pia Portal"], "{change}");
        let path = format!("/api/v1/clients/{}/portal", w.harbour);
        let accounts = async || {
            let portal = app.get(&w.admin, &path).await.expect(200).json();
            portal["accounts"]["items"].as_array().unwrap().len()
        };
        let before = accounts().await;
        decide(&app, &w.admin, &change, "application", json!({})).await.expect(200);
        assert_eq!(accounts().await, before + 1);
        decide(&app, &w.admin, &change, "undo", json!({})).await.expect(200);
        assert_eq!(accounts().await, before, "deactivated, and so not among the accounts");
        let look = format!("/office/clients/{}/portal/accounts/preview", w.harbour);
        let typed = [("email", "dora@example.com"), ("name", "Dora"), ("sites", site.as_str())];
        app.post_form(&w.admin, &look, &typed).await.expect(303);
        app.post_form(&w.admin, &look, &typed[..2]).await.expect(422);
    }
}
