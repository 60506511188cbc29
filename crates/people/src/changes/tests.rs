//! Changes of rights through HTTP, on both engines: looked at, made, scheduled, refused, taken back.

use access::{Switch, Target};
use serde_json::{Value, json};
use testkit::{Actor, TestApp};

const DESK: &str = r#"
key = "desk"
name = "Desk"
about = "Watches incidents."
audience = "staff"
portals = ["office"]
reach = "site"
may = ["incident: view", "account: view @ organization"]
"#;

struct Scene {
    org: kernel::id::OrganizationId,
    admin: Actor,
    holder: Actor,
    site: kernel::id::SiteId,
    client: kernel::id::ClientId,
}

async fn scene(app: &TestApp) -> Scene {
    let org = app.organization("Northwatch").await;
    app.role(org, DESK).await;
    let client = app.client(org, "Harbour").await;
    let site = app.site(org, client, None, "Dock 4").await;
    let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
    let holder = app.member(org, "Hal Holder", "desk", &[Target::Site(site)], None).await;
    Scene { org, admin, holder, site, client }
}

fn desk(may: &[&str], version: i64) -> Value {
    json!({
        "kind": "role",
        "form": { "key": "desk", "form": {
            "name": "Desk", "about": "Watches incidents.", "portals": ["office"], "reach": "site",
            "may": may, "version": version,
        } },
    })
}

async fn proposed(app: &TestApp, who: &Actor, body: Value) -> Value {
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

async fn decide(app: &TestApp, who: &Actor, change: &Value, verb: &str, body: Value) -> testkit::Answered {
    let path = format!("/api/v1/changes/{}/{verb}", change["id"].as_str().unwrap());
    app.json(who, "POST", &path, body).await
}

#[tokio::test]
async fn a_change_of_a_role_is_seen_made_and_taken_back() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let change = proposed(&app, &s.admin, desk(&["incident: view edit"], 1)).await;
        let difference = &change["difference"];
        assert_eq!((&difference["concerned"], &difference["changed"]), (&json!(1), &json!(1)), "{change}");
        let group = &difference["groups"][0];
        assert_eq!((&group["gains"], &group["loses"]), (&json!(["incident.edit"]), &json!(["account.view"])));
        assert_eq!((&group["named"][0]["name"], &group["people"]), (&json!("Hal Holder"), &json!(1)));
        // Nothing has happened.
        app.get(&s.holder, "/office/members").await.expect(200);
        assert_eq!(change["state"], "proposed");

        let made =
            decide(&app, &s.admin, &change, "application", json!({ "version": 1 })).await.expect(200).json();
        assert_eq!((&made["state"], &made["undoable"]), (&json!("applied"), &json!(true)));
        app.get(&s.holder, "/office/members").await.expect(404);
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(409);
        let back = decide(&app, &s.admin, &change, "undo", json!({})).await.expect(200).json();
        assert_eq!(back["state"], "undone");
        app.get(&s.holder, "/office/members").await.expect(200);
        decide(&app, &s.admin, &change, "undo", json!({})).await.expect(409);

        // Whoever changed it in between is not overwritten.
        let change = proposed(&app, &s.admin, desk(&["incident: view edit"], 3)).await;
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
        app.clock.advance(std::time::Duration::from_secs(60));
        let direct = desk(&["incident: view"], 4)["form"]["form"].clone();
        app.json(&s.admin, "PUT", "/api/v1/roles/desk", direct).await.expect(200);
        let refused = decide(&app, &s.admin, &change, "undo", json!({})).await.expect(409).text();
        assert!(refused.contains("somebody changed it since"), "{refused}");
        // The direct change can be taken back as well.
        let all = app.get(&s.admin, "/api/v1/changes").await.expect(200).json()["items"].clone();
        assert_eq!(all[0]["title"], "Role Desk: changed");
        decide(&app, &s.admin, &all[0], "undo", json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn a_role_that_is_given_is_seen_first_and_taken_back() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let page = app
            .post_form(
                &s.admin,
                &format!("/office/members/{}/roles/preview", s.holder.membership),
                &[("role", "supervisor"), ("targets", &format!("site:{}", s.site))],
            )
            .await
            .expect(303);
        let place = page.header("location").unwrap().to_owned();
        let shown = app.get(&s.admin, &place).await.expect(200).text();
        for words in ["given the role Supervisor", "Gains", "Hal Holder", "Make the change now"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        app.post_form(&s.admin, &format!("{place}/application"), &[("version", "1")]).await.expect(303);
        let member = format!("/api/v1/members/{}", s.holder.membership);
        let roles = app.get(&s.admin, &member).await.expect(200).json()["roles"].to_string();
        assert!(roles.contains("supervisor"), "{roles}");
        app.post_form(&s.admin, &format!("{place}/undo"), &[("version", "2")]).await.expect(303);
        let roles = app.get(&s.admin, &member).await.expect(200).json()["roles"].to_string();
        assert!(!roles.contains("supervisor"), "{roles}");
        // Beyond one's own: refused at the preview as it would be at the act; nobody previews their own promotion.
        let body = json!({ "kind": "give_role", "form": { "member": s.admin.membership,
            "form": { "role": "owner", "targets": ["organization"] } } });
        app.json(&s.admin, "POST", "/api/v1/changes", body.clone()).await.expect(403);
        app.json(&s.holder, "POST", "/api/v1/changes", body).await.expect(403);
        app.json(&s.admin, "POST", "/api/v1/changes", json!({ "kind": "moon", "form": {} }))
            .await
            .expect(422);
    }
}

#[tokio::test]
async fn a_scheduled_change_is_made_under_the_rights_held_then() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let second = app.member(s.org, "Bea Boss", "customer_admin", &[Target::Organization], None).await;
        let (one, two) = (
            proposed(&app, &s.admin, desk(&["incident: view edit"], 1)).await,
            proposed(
                &app,
                &second,
                json!({ "kind": "take_role", "form": {
                "member": s.holder.membership,
                "assignment": app.get(&s.admin, &format!("/api/v1/members/{}", s.holder.membership)).await
                    .expect(200).json()["roles"][0]["id"],
            } }),
            )
            .await,
        );
        let later = app.now().as_microsecond() + 3_600_000_000;
        let later = kernel::Timestamp::from_microsecond(later).unwrap();
        decide(&app, &s.admin, &one, "schedule", json!({ "at": "2001-01-01T00:00:00Z" })).await.expect(422);
        for (who, change) in [(&s.admin, &one), (&second, &two)] {
            let waits = decide(&app, who, change, "schedule", json!({ "at": later.to_string() })).await;
            assert_eq!(waits.expect(200).json()["state"], "scheduled");
        }
        assert_eq!(crate::apply_due_changes(&app.app).await.unwrap(), 0, "its hour has not come");
        // By then the second administrator holds nothing.
        app.take_all(&second).await;
        app.clock.advance(std::time::Duration::from_secs(3601));
        assert_eq!(crate::apply_due_changes(&app.app).await.unwrap(), 1);
        let read = |change: &Value| format!("/api/v1/changes/{}", change["id"].as_str().unwrap());
        let made = app.get(&s.admin, &read(&one)).await.expect(200).json();
        assert_eq!(made["state"], "applied");
        let refused = app.get(&s.admin, &read(&two)).await.expect(200).json();
        assert_eq!(refused["state"], "refused", "{refused}");
        assert!(refused["refused_because"].as_str().is_some_and(|why| !why.is_empty()), "{refused}");
        assert_eq!(crate::apply_due_changes(&app.app).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn switches_show_which_accounts_see_more_or_less() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let outsider = app
            .member(s.org, "Cleo Client", "client_user", &[Target::Client(s.client)], Some(s.client))
            .await;
        let on: Vec<&str> =
            Switch::ALL.iter().filter(|s| **s != Switch::IncidentReports).map(|s| s.word()).collect();
        let change = proposed(&app, &s.admin, json!({ "kind": "switches", "form": { "on": on } })).await;
        let group = &change["difference"]["groups"][0];
        assert_eq!(group["named"][0]["name"], "Cleo Client", "{change}");
        assert!(group["loses"].to_string().contains("incident.view"), "{group}");
        // Somebody else's look is nobody's business, and hidden answers like absent.
        let path = format!("/api/v1/changes/{}", change["id"].as_str().unwrap());
        let hidden = app.get(&s.holder, &path).await.expect(404);
        let absent =
            app.get(&s.holder, &format!("/api/v1/changes/{}", kernel::id::ChangeId::new())).await.expect(404);
        assert_eq!(hidden.bytes, absent.bytes);
        app.get(&outsider, &path).await.expect(404);
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
        let shown = app.get(&s.admin, "/api/v1/organization").await.expect(200).json();
        assert!(!shown["switches"].to_string().contains("incident_reports"));
        decide(&app, &s.admin, &change, "undo", json!({})).await.expect(200);
        let shown = app.get(&s.admin, "/api/v1/organization").await.expect(200).json();
        assert!(shown["switches"].to_string().contains("incident_reports"));
        // Let go, a change is over.
        let change = proposed(&app, &s.admin, json!({ "kind": "switches", "form": { "on": [] } })).await;
        decide(&app, &s.admin, &change, "discard", json!({})).await.expect(200);
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(409);
    }
}

/// The first group that names somebody.
fn group_of<'a>(change: &'a Value, name: &str) -> &'a Value {
    change["difference"]["groups"]
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["named"].as_array().unwrap().iter().any(|one| one["name"] == name))
        .unwrap_or_else(|| panic!("nobody of that name: {change}"))
}

async fn member(app: &TestApp, who: &Actor, one: &Actor) -> Value {
    app.get(who, &format!("/api/v1/members/{}", one.membership)).await.expect(200).json()
}

#[tokio::test]
async fn a_role_held_elsewhere_is_seen_first_and_brought_back() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let gate = app.site(s.org, s.client, None, "Gate 2").await;
        let held = member(&app, &s.admin, &s.holder).await["roles"][0]["id"].clone();
        let at = |site| {
            json!({ "kind": "change_role", "form": { "member": s.holder.membership, "assignment": held,
            "form": { "targets": [format!("site:{site}")] } } })
        };
        let change = proposed(&app, &s.admin, at(gate)).await;
        // Incidents of Gate 2 instead of those of Dock 4: the same permission grows and shrinks.
        let group = group_of(&change, "Hal Holder");
        assert_eq!(
            (&group["gains"], &group["loses"]),
            (&json!(["incident.view"]), &json!(["incident.view"]))
        );
        let place = group["named"][0]["where"].as_str().unwrap();
        assert!(place.contains("Gate 2") && place.contains("Dock 4"), "{place}");
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
        let place =
            || async { member(&app, &s.admin, &s.holder).await["roles"][0]["targets"][0]["target"].clone() };
        assert_eq!(place().await, format!("site:{gate}"));
        decide(&app, &s.admin, &change, "undo", json!({})).await.expect(200);
        assert_eq!(place().await, format!("site:{}", s.site));
        // The same again is no change; a place that is not there is told at its field, and nothing is kept.
        app.json(&s.admin, "POST", "/api/v1/changes", at(s.site)).await.expect(409);
        let wrong = app.json(&s.admin, "POST", "/api/v1/changes", at(kernel::id::SiteId::new())).await;
        assert!(wrong.expect(422).text().contains("choose from the list"));
        let path =
            format!("/office/members/{}/roles/{}/preview", s.holder.membership, held.as_str().unwrap());
        let wrong = app.post_form(&s.admin, &path, &[("targets", "site:moon")]).await.expect(422).text();
        assert!(wrong.contains("choose from the list"), "{wrong}");
        // Who may not see everybody's assignments sees none of it.
        assert_eq!(app.get(&s.holder, "/api/v1/changes").await.expect(200).json(), json!({ "items": [] }));
    }
}

#[tokio::test]
async fn a_role_for_many_is_seen_first_given_to_all_and_taken_from_all() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let other = app.member(s.org, "Hilda Holder", "desk", &[Target::Site(s.site)], None).await;
        let form = |mode: &str| {
            json!({ "kind": "give_role_to_many", "form": {
            "role": "supervisor", "targets": [format!("site:{}", s.site)], "holders_of": "desk", "mode": mode,
            "addresses": "nobody@example.com",
        } })
        };
        // Somebody cannot have it, so all of them are refused together.
        app.json(&s.admin, "POST", "/api/v1/changes", form("all")).await.expect(409);
        let change = proposed(&app, &s.admin, form("good")).await;
        assert_eq!(change["title"], "Role Supervisor given to 2 people of 3 named");
        assert_eq!(change["difference"]["changed"], 2);
        assert_eq!(group_of(&change, "Hal Holder")["people"], 2);
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
        let holds = |one| {
            let (app, admin) = (&app, &s.admin);
            async move { member(app, admin, one).await["roles"].to_string().contains("supervisor") }
        };
        assert!(holds(&s.holder).await && holds(&other).await);
        decide(&app, &s.admin, &change, "undo", json!({})).await.expect(200);
        assert!(!holds(&s.holder).await && !holds(&other).await);

        // Once one of them lost it otherwise, it is not taken back from the rest by half.
        let change = proposed(&app, &s.admin, form("good")).await;
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
        let roles = member(&app, &s.admin, &other).await["roles"].clone();
        let given =
            roles.as_array().unwrap().iter().find(|role| role["role"] == "supervisor").unwrap()["id"].clone();
        let path = format!("/api/v1/members/{}/roles/{}", other.membership, given.as_str().unwrap());
        app.json(&s.admin, "DELETE", &path, json!({})).await.expect(200);
        let why = decide(&app, &s.admin, &change, "undo", json!({})).await.expect(409).text();
        assert!(why.contains("cannot be taken back any more"), "{why}");
        assert!(holds(&s.holder).await);
    }
}

#[tokio::test]
async fn a_feature_shows_whose_roles_it_silences_and_comes_back_with_its_time() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        app.feature(s.org, access::Feature::Reconditioning, true).await;
        let clerk = app.member(s.org, "Cora Clerk", "accountant", &[Target::Organization], None).await;
        let off =
            json!({ "kind": "feature", "form": { "feature": "reconditioning", "form": { "on": "off" } } });
        let change = proposed(&app, &s.admin, off).await;
        assert_eq!(change["title"], "Reconditioning pack: off");
        // Cora loses all there is, and the office closes; nobody else's role is of this pack.
        assert_eq!(change["difference"]["changed"], 1, "{change}");
        let group = group_of(&change, "Cora Clerk");
        assert_eq!((&group["gains"], &group["closes"]), (&json!([]), &json!(["office"])));
        assert!(group["loses"].to_string().contains("invoice.view"), "{group}");
        app.get(&clerk, "/office/notifications").await.expect(200);
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
        app.get(&clerk, "/office/notifications").await.expect(404);
        decide(&app, &s.admin, &change, "undo", json!({})).await.expect(200);
        app.get(&clerk, "/office/notifications").await.expect(200);
        // With a first day in the future it shows what holds from then.
        let path = "/api/v1/organization/features/reconditioning";
        app.json(&s.admin, "PUT", path, json!({ "on": "off" })).await.expect(200);
        let later = json!({ "kind": "feature", "form": { "feature": "reconditioning",
            "form": { "on": "on", "from": "2099-01-01" } } });
        let change = proposed(&app, &s.admin, later).await;
        assert_eq!(change["difference"]["changed"], 1, "{change}");
        assert!(
            change["difference"]["from"].as_str().unwrap().starts_with("2098-12-31")
                || change["difference"]["from"].as_str().unwrap().starts_with("2099-01-01")
        );
        // A wrong day is told at its field; a subscription that moved on is not overwritten.
        let wrong = app
            .post_form(
                &s.admin,
                "/office/organization/features/reconditioning/preview",
                &[("on", "on"), ("until", "2001-01-01")],
            )
            .await
            .expect(422)
            .text();
        assert!(wrong.contains("over already"), "{wrong}");
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
        app.json(&s.admin, "PUT", path, json!({ "on": "on" })).await.expect(200);
        let why = decide(&app, &s.admin, &change, "undo", json!({})).await.expect(409).text();
        assert!(why.contains("somebody changed it since"), "{why}");
    }
}

#[tokio::test]
async fn switches_of_an_account_show_what_it_would_see() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let cleo = app.member(s.org, "Cleo Client", "client", &[Target::Site(s.site)], Some(s.client)).await;
        let form = |version: i64| {
            json!({ "kind": "portal_account", "form": { "client": s.client,
            "member": cleo.membership, "form": { "share_all": "on", "version": version } } })
        };
        let version = member(&app, &s.admin, &cleo).await["version"].as_i64().unwrap();
        let change = proposed(&app, &s.admin, form(version)).await;
        // What was only handed in comes in besides what is published: the same permission reaches further.
        let group = group_of(&change, "Cleo Client");
        assert!(group["gains"].to_string().contains("incident.view"), "{change}");
        assert_eq!(group["loses"], json!([]));
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
        assert_eq!(member(&app, &s.admin, &cleo).await["share_all"], true);
        decide(&app, &s.admin, &change, "undo", json!({})).await.expect(200);
        assert_eq!(member(&app, &s.admin, &cleo).await["share_all"], false);
        app.json(&s.admin, "POST", "/api/v1/changes", form(version)).await.expect(409);
        // Each step stands in the journal.
        let lines = app.get(&s.admin, "/api/v1/journal?q=Cleo").await.expect(200).text();
        for action in ["make_change", "undo_change", "change_portal_account"] {
            assert!(lines.contains(action), "{action}: {lines}");
        }
    }
}

#[tokio::test]
async fn what_a_token_scheduled_ends_with_the_token() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let change = proposed(&app, &s.admin, desk(&["incident: view edit"], 1)).await;
        let later = kernel::Timestamp::from_microsecond(app.now().as_microsecond() + 60_000_000).unwrap();
        decide(&app, &s.admin, &change, "schedule", json!({ "at": later.to_string() })).await.expect(200);
        let mut batch = store::Batch::new();
        batch.run("update api_tokens set revoked_at = 1", vec![]);
        app.put(batch).await;
        app.clock.advance(std::time::Duration::from_secs(61));
        assert_eq!(crate::apply_due_changes(&app.app).await.unwrap(), 0);
        let path = format!("/office/changes/{}", change["id"].as_str().unwrap());
        let shown = app.get(&s.admin, &path).await.expect(200).text();
        assert!(shown.contains("the token it was scheduled with has ended"), "{shown}");
        // What is wrong with the hour is told at its field, on the page as well.
        let change = {
            let path = "/office/roles/desk/archive/preview";
            let page = app.post_form(&s.admin, path, &[("version", "1")]).await.expect(303);
            page.header("location").unwrap().to_owned()
        };
        let again =
            app.post_form(&s.admin, &format!("{change}/schedule"), &[("version", "1"), ("at", "noon")]).await;
        assert!(again.expect(422).text().contains("write a day and a time"));
    }
}

/// A page at a time, the newest first; and what is only looked at goes after thirty days.
#[tokio::test]
async fn changes_are_listed_by_pages_and_old_looks_go() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        for n in 1..=7_i64 {
            let may: &[&str] = if n % 2 == 1 { &["incident: view edit"] } else { &["incident: view"] };
            let change = proposed(&app, &s.admin, desk(may, n)).await;
            decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
            app.clock.advance(std::time::Duration::from_secs(60));
        }
        let read = async |who: &Actor, cursor: Option<&str>| {
            let more = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            app.get(who, &format!("/api/v1/changes?limit=3{more}")).await
        };
        let (mut ids, mut sizes, mut cursor) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            let page = read(&s.admin, cursor.as_deref()).await.expect(200).json();
            let items = page["items"].as_array().unwrap();
            sizes.push(items.len());
            ids.extend(items.iter().map(|one| one["decided_at"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            cursor = Some(next.to_owned());
        }
        assert_eq!(sizes, [3, 3, 1]);
        assert!(ids.is_sorted_by(|newer, older| newer > older), "{ids:?}");
        // A page link is whose it is, and nobody else's; who proposed nothing reads an empty list of their own.
        read(&s.holder, cursor.as_deref()).await.expect(400);
        assert_eq!(read(&s.holder, None).await.expect(200).json(), json!({ "items": [] }));
        let page = app.get(&s.admin, "/office/changes?limit=3").await.expect(200).text();
        assert!(page.contains("cursor="), "{page}");

        let look = proposed(&app, &s.admin, desk(&["incident: view"], 8)).await;
        app.clock.advance(std::time::Duration::from_secs(29 * 86_400));
        assert_eq!(crate::forget_looks(&app.app).await.unwrap(), 0);
        app.clock.advance(std::time::Duration::from_secs(2 * 86_400));
        assert_eq!(crate::forget_looks(&app.app).await.unwrap(), 1);
        // Her sign-in ended meanwhile.
        let late = app.member(s.org, "Lea Late", "customer_admin", &[Target::Organization], None).await;
        let path = format!("/api/v1/changes/{}", look["id"].as_str().unwrap());
        app.get(&late, &path).await.expect(404);
        assert_eq!(read(&late, None).await.expect(200).json()["items"].as_array().unwrap().len(), 3);
    }
}

#[tokio::test]
async fn roles_that_are_brought_in_are_seen_first_and_taken_back() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let text = DESK
            .replace("incident: view", "incident: view edit")
            .replace(", \"account: view @ organization\"", "");
        let text = format!(
            "[[role]]{text}\n[[role]]\nkey = \"porter\"\nname = \"Porter\"\nabout = \"Looks.\"\naudience = \"staff\"\n\
             portals = [\"office\"]\nreach = \"site\"\nmay = [\"site: view\"]\n"
        );
        let form =
            |replace: &str| json!({ "kind": "role_import", "form": { "text": text, "replace": replace } });
        app.json(&s.admin, "POST", "/api/v1/changes", form("")).await.expect(422);
        let change = proposed(&app, &s.admin, form("true")).await;
        let group = &change["difference"]["groups"][0];
        assert_eq!((&group["gains"], &group["loses"]), (&json!(["incident.edit"]), &json!(["account.view"])));
        assert_eq!(group["named"][0]["name"], "Hal Holder");
        app.get(&s.admin, "/api/v1/roles/porter").await.expect(404);
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
        app.get(&s.admin, "/api/v1/roles/porter").await.expect(200);
        app.get(&s.holder, "/office/members").await.expect(404);
        // Back: what was there reads as before, what was new is put away.
        decide(&app, &s.admin, &change, "undo", json!({})).await.expect(200);
        app.get(&s.holder, "/office/members").await.expect(200);
        let porter = app.get(&s.admin, "/api/v1/roles/porter").await.expect(200).json();
        assert_eq!(porter["archived"], true, "{porter}");
        // From the page: the second button shows it, and what is wrong is told at the text.
        let path = "/office/roles/import/preview";
        let wrong = app.post_form(&s.admin, path, &[("text", "key = 1")]).await.expect(422).text();
        assert!(wrong.contains("cannot be read as roles"), "{wrong}");
        let seen = app.post_form(&s.admin, path, &[("text", &text), ("replace", "true")]).await.expect(303);
        assert!(seen.header("location").unwrap().starts_with("/office/changes/chg_"));
    }
}

/// Somebody who is not there yet: what they would hold and see is shown before a letter leaves.
#[tokio::test]
async fn invitations_are_seen_first_and_taken_back() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let site = format!("site:{}", s.site);
        let invite = json!({ "kind": "invite", "form": {
            "email": "cleo@example.com", "name": "Cleo Client", "role": "client", "targets": [site] } });
        let mut wrong = invite.clone();
        wrong["form"]["email"] = json!("cleo");
        app.json(&s.admin, "POST", "/api/v1/changes", wrong).await.expect(422);
        let change = proposed(&app, &s.admin, invite).await;
        let group = group_of(&change, "Cleo Client");
        assert!(group["gains"].to_string().contains("incident.view"), "{change}");
        assert_eq!((&group["loses"], &group["opens"]), (&json!([]), &json!(["client"])));
        assert_eq!(group["named"][0]["newcomer"], true);
        let invited = async || {
            let all = app.get(&s.admin, "/api/v1/invitations").await.expect(200).json();
            all["items"].as_array().unwrap().len()
        };
        assert_eq!(invited().await, 0, "nothing has left");
        decide(&app, &s.admin, &change, "application", json!({})).await.expect(200);
        assert_eq!(invited().await, 1);
        decide(&app, &s.admin, &change, "undo", json!({})).await.expect(200);
        assert_eq!(invited().await, 0);
        // From the pages; somebody who is no member yet has no page to be linked to.
        let typed = [("email", "dora@example.com"), ("name", "Dora"), ("role", "client"), ("targets", &site)];
        let seen = app.post_form(&s.admin, "/office/invitations/preview", &typed).await.expect(303);
        let mut page = String::new();
        for _ in 0..50 {
            page = app.get(&s.admin, seen.header("location").unwrap()).await.expect(200).text();
            if page.contains("Gains") {
                break;
            }
        }
        assert!(page.contains("<bdi>Dora</bdi>") && !page.contains("/office/members/mem_"), "{page}");
    }
}

/// `cargo nextest run -p people --run-ignored all a_role_of_five_thousand_people --no-capture` prints how long it takes.
#[tokio::test]
#[ignore = "a measurement"]
async fn a_role_of_five_thousand_people_is_compared() {
    use kernel::id::{AccountId, AssignmentId, MembershipId};
    use store::params;
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let mut sites = Vec::new();
        for at in 0..2000 {
            sites.push(app.site(s.org, s.client, None, &format!("Site {at}")).await);
        }
        let mut batch = store::Batch::new();
        for n in 0..5000_usize {
            let (account, member, given) = (AccountId::new(), MembershipId::new(), AssignmentId::new());
            let name = format!("Member {n:05}");
            batch.run(
                "insert into accounts (id, email, name, created_at) values ($1, $2, $3, 0)",
                params![account, format!("m{n}@example.com"), name.as_str()],
            );
            batch.run(
                "insert into memberships (id, organization_id, account_id, audience, name, search, created_at) values ($1, $2, $3, 0, $4, $4, 0)",
                params![member, s.org, account, name.as_str()],
            );
            batch.run(
                "insert into assignments (id, organization_id, membership_id, role_key, granted_at) values ($1, $2, $3, 'desk', 0)",
                params![given, s.org, member],
            );
            for site in sites.iter().skip(n % 1990).take(5) {
                batch.run(
                    "insert into assignment_targets (organization_id, assignment_id, dimension, target_id) values ($1, $2, 4, $3)",
                    params![s.org, given, *site],
                );
            }
        }
        app.put(batch).await;
        for round in ["first", "again"] {
            let begun = std::time::Instant::now();
            let first =
                app.json(&s.admin, "POST", "/api/v1/changes", desk(&["incident: view edit"], 1)).await;
            let mut change = first.expect(201).json();
            let told = begun.elapsed();
            let path = format!("/api/v1/changes/{}", change["id"].as_str().unwrap());
            let mut asked = 0;
            while !change["difference"].is_object() {
                println!("  {} of {}", change["progress"]["done"], change["progress"]["of"]);
                change = app.get(&s.admin, &path).await.expect(200).json();
                asked += 1;
            }
            assert_eq!(change["difference"]["changed"], 5001);
            println!(
                "{:?} {round}: first answer {told:?}, whole {:?}, asked again {asked} times",
                app.engine(),
                begun.elapsed()
            );
        }
    }
}
