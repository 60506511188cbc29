//! A client's portal through HTTP, on both engines. Expected values are read off ROLES.md (GuardHouse, MyProtektor).

use access::{Switch, Target};
use kernel::id::{ClientId, OrganizationId, SiteId};
use serde_json::{Value, json};
use store::{Batch, params};
use testkit::{Actor, Answered, TestApp};

use crate::trial::{Browser, PASSWORD, actions, letters, link, person};

const NEW: &str = "seven grey herons at dawn";

struct World {
    org: OrganizationId,
    ada: Actor,
    harbour: ClientId,
    mill: ClientId,
    dock: SiteId,
    gate: SiteId,
    round: SiteId,
    weir: SiteId,
}

async fn world(app: &TestApp) -> World {
    let org = app.organization("Northwatch").await;
    let ada = person(app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
    let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
    let round = app.site(org, harbour, None, "Round").await;
    let mut batch = Batch::new();
    batch.run("update sites set kind = 1 where id = $1", params![round]);
    app.put(batch).await;
    World {
        org,
        ada,
        harbour,
        mill,
        dock: app.site(org, harbour, None, "Dock 4").await,
        gate: app.site(org, harbour, None, "Gate 2").await,
        round,
        weir: app.site(org, mill, None, "Weir").await,
    }
}

fn at(sites: &[SiteId]) -> Vec<String> {
    sites.iter().map(|site| format!("site:{site}")).collect()
}

async fn save(app: &TestApp, who: &Actor, client: ClientId, email: &str, sites: &[SiteId]) -> Answered {
    let body = json!({ "email": email, "name": "Cleo Client", "sites": at(sites) });
    app.json(who, "POST", &format!("/api/v1/clients/{client}/portal/accounts"), body).await
}

async fn portal(app: &TestApp, who: &Actor, client: ClientId) -> Value {
    app.get(who, &format!("/api/v1/clients/{client}/portal")).await.expect(200).json()
}

fn shows(account: &Value, what: &str) -> (bool, String) {
    let all = account["shows"].as_array().unwrap();
    let one = all.iter().find(|one| one["what"] == what).unwrap();
    (one["shown"].as_bool().unwrap(), one["because"].as_str().unwrap_or_default().to_owned())
}

/// "send invitation as a separate act (an account saved but not invited can still get scheduled reports)".
#[tokio::test]
async fn an_account_is_saved_first_and_invited_in_an_act_of_its_own() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let made = save(&app, &w.ada, w.harbour, "Cleo@Example.com", &[w.dock]).await.expect(201).json();
        assert_eq!((made["entry"].as_str(), made["active"].as_bool()), (Some("saved"), Some(true)));
        assert_eq!(made["roles"][0]["where"], "site Dock 4");
        let id = made["id"].as_str().unwrap().to_owned();
        assert!(letters(&app, "cleo@example.com").await.is_empty(), "nobody was asked to come");
        // It holds its rights: whatever mails by them finds them.
        let plan = web::identity::plan(&app.app, w.org, id.parse().unwrap()).await.unwrap();
        assert!(plan.may_ever("incident.view".parse().unwrap()));
        // Nobody can act as it, not even with a password for the address.
        let mut batch = Batch::new();
        batch.run(
            "update accounts set password_hash = $1 where email = 'cleo@example.com'",
            params![crate::trial::hash()],
        );
        app.put(batch).await;
        let mut cleo = Browser::default();
        cleo.sign_in(&app, "cleo@example.com", PASSWORD).await.expect(303);
        let hats = cleo.get(&app, "/hats").await.expect(200).text();
        assert!(hats.contains("belongs to no organization") && !hats.contains("Northwatch"), "{hats}");
        cleo.post(&app, &format!("/hats/{id}"), &[]).await.expect(404);
        cleo.get(&app, "/client/account").await.expect(303);
        app.json(&w.ada, "POST", &format!("/api/v1/members/{id}/password-reset"), Value::Null)
            .await
            .expect(409);

        let sent = app
            .json(&w.ada, "POST", &format!("/api/v1/members/{id}/invitation"), Value::Null)
            .await
            .expect(200);
        assert_eq!(sent.json()["membership"].as_str(), Some(id.as_str()));
        let first = link(&app, "cleo@example.com").await;
        let now = portal(&app, &w.ada, w.harbour).await;
        assert_eq!(now["accounts"]["items"][0]["entry"], "invited");
        cleo.post(&app, &format!("/hats/{id}"), &[]).await.expect(404);
        // Once more: the link before is dead.
        app.clock.advance(std::time::Duration::from_secs(60));
        app.post_form(&w.ada, &format!("/office/members/{id}/invitation"), &[]).await.expect(303);
        let second = link(&app, "cleo@example.com").await;
        assert_ne!(first, second);
        cleo.get(&app, &first).await.expect(404);
        cleo.post(&app, &second, &[]).await.expect(303);
        let page = cleo.get(&app, "/client/account").await.expect(200).text();
        assert!(page.contains("Client Account"), "{page}");
        let member = app.get(&w.ada, &format!("/api/v1/members/{id}")).await.expect(200).json();
        assert_eq!(
            (member["entry"].as_str(), member["roles"].as_array().unwrap().len()),
            (Some("joined"), 1)
        );
        app.json(&w.ada, "POST", &format!("/api/v1/members/{id}/invitation"), Value::Null).await.expect(409);
        assert_eq!(actions(&app, w.org).await, ["save_account", "invite", "invite", "accept_invitation"]);
    }
}

#[tokio::test]
async fn somebody_new_chooses_a_password_with_the_letter_to_a_saved_account() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let made = app
            .post_form(
                &w.ada,
                &format!("/office/clients/{}/portal/accounts", w.harbour),
                &[
                    ("email", "cleo@example.com"),
                    ("name", "Cleo Client"),
                    ("role", "client_account"),
                    ("sites", &format!("site:{}", w.dock)),
                    ("sites", &format!("site:{}", w.round)),
                    ("share_all", "true"),
                    ("invite", "true"),
                ],
            )
            .await
            .expect(303);
        assert_eq!(made.header("location"), Some(format!("/office/clients/{}/portal", w.harbour).as_str()));
        let now = portal(&app, &w.ada, w.harbour).await;
        let account = &now["accounts"]["items"][0];
        assert_eq!(
            (account["entry"].as_str(), account["share_all"].as_bool()),
            (Some("invited"), Some(true))
        );
        let sites: Vec<(&str, &str)> = account["sites"]
            .as_array()
            .unwrap()
            .iter()
            .map(|site| (site["name"].as_str().unwrap(), site["kind"].as_str().unwrap()))
            .collect();
        assert_eq!(sites, [("Dock 4", "static"), ("Round", "patrol")]);
        let path = link(&app, "cleo@example.com").await;
        let mut cleo = Browser::default();
        let page = cleo.get(&app, &path).await.expect(200).text();
        assert!(page.contains("Choose a password"), "{page}");
        cleo.post(&app, &path, &[("password", "short")]).await.expect(422);
        cleo.post(&app, &path, &[("password", NEW)]).await.expect(303);
        cleo.get(&app, "/client/account").await.expect(200);
        cleo.get(&app, &path).await.expect(404);
        // Taking a letter back leaves the account as it was: saved.
        let other = save(&app, &w.ada, w.harbour, "otto@example.com", &[w.dock]).await.expect(201).json();
        let id = other["id"].as_str().unwrap();
        let letter = app
            .json(&w.ada, "POST", &format!("/api/v1/members/{id}/invitation"), Value::Null)
            .await
            .expect(200)
            .json();
        let letter = letter["id"].as_str().unwrap();
        let path = link(&app, "otto@example.com").await;
        app.json(&w.ada, "POST", &format!("/api/v1/invitations/{letter}/revocation"), Value::Null)
            .await
            .expect(200);
        Browser::default().get(&app, &path).await.expect(404);
        let member = app.get(&w.ada, &format!("/api/v1/members/{id}")).await.expect(200).json();
        assert_eq!(member["entry"], "saved");
    }
}

/// "An invitation needs at least one static site (patrol only is refused, also when the last static site is removed
/// later)"; an organization setting, on by default.
#[tokio::test]
async fn patrol_only_may_be_saved_and_is_refused_when_invited_and_later() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let made = save(&app, &w.ada, w.harbour, "cleo@example.com", &[w.round]).await.expect(201).json();
        let id = made["id"].as_str().unwrap().to_owned();
        let invite = format!("/api/v1/members/{id}/invitation");
        let told = app.json(&w.ada, "POST", &invite, Value::Null).await.expect(422).json();
        assert!(
            told["errors"]["targets"][0].as_str().unwrap().contains("at least one static site"),
            "{told}"
        );
        let at_once =
            json!({ "email": "x@example.com", "name": "X", "sites": at(&[w.round]), "invite": true });
        let told = app
            .json(&w.ada, "POST", &format!("/api/v1/clients/{}/portal/accounts", w.harbour), at_once)
            .await
            .expect(422)
            .json();
        assert!(told["errors"]["sites"][0].as_str().unwrap().contains("at least one static site"), "{told}");

        let account = format!("/api/v1/clients/{}/portal/accounts/{id}", w.harbour);
        let set = async |sites: &[SiteId]| {
            let now = app.get(&w.ada, &format!("/api/v1/members/{id}")).await.expect(200).json();
            let body = json!({ "sites": at(sites), "version": now["version"] });
            app.json(&w.ada, "PUT", &account, body).await
        };
        // While it is only saved, sites come and go as one likes.
        set(&[w.dock, w.round]).await.expect(200);
        set(&[w.round]).await.expect(200);
        set(&[w.dock, w.round]).await.expect(200);
        app.json(&w.ada, "POST", &invite, Value::Null).await.expect(200);
        let told = set(&[w.round]).await.expect(422).json();
        assert!(told["errors"]["sites"][0].as_str().unwrap().contains("at least one static site"), "{told}");
        // On the page of the role, too.
        let member = app.get(&w.ada, &format!("/api/v1/members/{id}")).await.expect(200).json();
        let role = member["roles"][0]["id"].as_str().unwrap();
        let change = json!({ "targets": at(&[w.round]) });
        app.json(&w.ada, "PUT", &format!("/api/v1/members/{id}/roles/{role}"), change).await.expect(422);
        set(&[]).await.expect(422);
        // With the rule off it goes.
        let mut batch = Batch::new();
        batch.run("update organizations set require_static_site = 0 where id = $1", params![w.org]);
        app.put(batch).await;
        set(&[w.round]).await.expect(200);
    }
}

/// "its e-mail must not be on the staff list of that organization", on by default.
#[tokio::test]
async fn an_address_of_the_staff_is_neither_saved_nor_invited_as_a_client() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let otto = person(&app, w.org, "Otto Officer", "officer", &[Target::Site(w.dock)], None).await;
        let told = save(&app, &w.ada, w.harbour, &otto.email, &[w.dock]).await.expect(422).json();
        assert!(told["errors"]["email"][0].as_str().unwrap().contains("is on the staff list"), "{told}");
        // Saved while the rule was off, joined the staff since: the letter is refused.
        let mut batch = Batch::new();
        batch.run("update organizations set refuse_staff_email = 0 where id = $1", params![w.org]);
        app.put(batch).await;
        let made = save(&app, &w.ada, w.harbour, &otto.email, &[w.dock]).await.expect(201).json();
        let mut batch = Batch::new();
        batch.run("update organizations set refuse_staff_email = 1 where id = $1", params![w.org]);
        app.put(batch).await;
        let invite = format!("/api/v1/members/{}/invitation", made["id"].as_str().unwrap());
        app.json(&w.ada, "POST", &invite, Value::Null).await.expect(422);
        // An account that is there is told of, here where everybody is seen; and a new one is nobody else's business.
        save(&app, &w.ada, w.harbour, "cleo@example.com", &[w.dock]).await.expect(201);
        let told = save(&app, &w.ada, w.mill, "cleo@example.com", &[w.weir]).await.expect(422).json();
        assert!(told["errors"]["email"][0].as_str().unwrap().contains("has a client's account"), "{told}");
    }
}

/// A copy of a portal account, and one written from scratch, fall under both rules: what a role is decides, not its key.
#[tokio::test]
async fn a_copied_role_falls_under_the_rules_of_portal_accounts() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        for (key, may) in [("copy", "incident: view export"), ("hours", "timesheet: view approve")] {
            app.role(
                w.org,
                &format!(
                    "key = \"{key}\"\nname = \"{key}\"\nabout = \"Reads.\"\naudience = \"client\"\nportals = [\"client\"]\n\
                     reach = \"site\"\nmay = [\"site: view\", \"{may}\"]\n"
                ),
            )
            .await;
            let otto = person(&app, w.org, "Otto Officer", "officer", &[Target::Site(w.dock)], None).await;
            let ask = async |email: &str, site: SiteId| {
                let body =
                    json!({ "email": email, "name": "C", "role": key, "targets": [format!("site:{site}")] });
                app.json(&w.ada, "POST", "/api/v1/invitations", body).await
            };
            let told = ask("new@example.com", w.round).await.expect(422).json();
            assert!(
                told["errors"]["targets"][0].as_str().unwrap().contains("one static site"),
                "{key}: {told}"
            );
            let told = ask(&otto.email, w.dock).await.expect(422).json();
            assert!(told["errors"]["email"][0].as_str().unwrap().contains("staff list"), "{key}: {told}");
            // Once invited, the last static site stays.
            let cleo = app.member(w.org, "Cleo", key, &[Target::Site(w.dock)], Some(w.harbour)).await;
            let path = format!("/api/v1/members/{}", cleo.membership);
            let held = app.get(&w.ada, &path).await.expect(200).json()["roles"][0]["id"].clone();
            let path = format!("{path}/roles/{}", held.as_str().unwrap());
            let moved = json!({ "targets": [format!("site:{}", w.round)] });
            let told = app.json(&w.ada, "PUT", &path, moved).await.expect(422).json();
            assert!(
                told["errors"]["targets"][0].as_str().unwrap().contains("one static site"),
                "{key}: {told}"
            );
            app.deactivate(&cleo).await;
        }
    }
}

#[tokio::test]
async fn the_page_says_what_each_account_is_shown_and_what_holds_it_back() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let cleo =
            app.member(w.org, "Cleo", "client_account", &[Target::Site(w.dock)], Some(w.harbour)).await;
        app.member(w.org, "Pia Portal", "client", &[Target::Site(w.gate)], Some(w.harbour)).await;
        app.member(w.org, "Milo", "client_user", &[Target::Client(w.mill)], Some(w.mill)).await;
        let uma =
            app.member(w.org, "Uma", "client_user", &[Target::Client(w.harbour)], Some(w.harbour)).await;
        app.switch(w.org, Switch::CheckpointReports, false).await;
        let now = portal(&app, &w.ada, w.harbour).await;
        let names: Vec<&str> = now["accounts"]["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|a| a["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["Cleo", "Pia Portal", "Uma"]);
        assert_eq!(now["emergency_access"], false);
        let off: Vec<&str> = now["switches"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|s| s["on"] == false)
            .map(|s| s["switch"].as_str().unwrap())
            .collect();
        assert_eq!(off, ["checkpoint_reports"]);
        let items = now["accounts"]["items"].as_array().unwrap();
        assert_eq!(shows(&items[0], "Incident reports"), (true, "once staff published them".into()));
        assert_eq!(
            shows(&items[0], "Checkpoint reports"),
            (false, "the organization's switch \"Checkpoint reports\" is off".into())
        );
        assert_eq!(
            shows(&items[0], "Live clock-ins"),
            (false, "\"show live clock-ins\" is off for this account".into())
        );
        assert_eq!(shows(&items[0], "Panic button"), (false, "not part of the role".into()));
        assert_eq!(
            shows(&items[1], "Panic button"),
            (false, "emergency access is off for this client".into())
        );
        assert_eq!(items[2]["every_site"], true);

        // The two switches of an account, from the page; its sites stay when they are not asked for.
        let path = format!("/office/clients/{}/portal/accounts/{}", w.harbour, cleo.membership);
        let fields = [("version", "1"), ("share_all", "true"), ("live_clock_ins", "true")];
        app.post_form(&w.ada, &path, &fields).await.expect(303);
        let now = portal(&app, &w.ada, w.harbour).await;
        let account = &now["accounts"]["items"][0];
        assert_eq!(shows(account, "Incident reports"), (true, "as soon as they are handed in".into()));
        assert!(shows(account, "Live clock-ins").0);
        assert_eq!(account["sites"][0]["name"], "Dock 4");
        // Somebody else was quicker.
        app.post_form(&w.ada, &path, &fields[..1]).await.expect(409);
        // A site of another client is none of this client's.
        let body = json!({ "sites": at(&[w.weir]), "version": 2 });
        let api = format!("/api/v1/clients/{}/portal/accounts/{}", w.harbour, cleo.membership);
        app.json(&w.ada, "PUT", &api, body).await.expect(422);
        // Nor is an account of another client's.
        let api = format!("/api/v1/clients/{}/portal/accounts/{}", w.mill, cleo.membership);
        app.json(&w.ada, "PUT", &api, json!({ "version": 2 })).await.expect(404);
        let page = app.get(&w.ada, &format!("/office/clients/{}/portal", w.harbour)).await.expect(200).text();
        for words in
            ["Emergency access", "Every site of the client", "Static sites", "Patrol sites", "Add an account"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        // A role for the whole client takes no sites one by one.
        let api = format!("/api/v1/clients/{}/portal/accounts/{}", w.harbour, uma.membership);
        app.json(&w.ada, "PUT", &api, json!({ "sites": at(&[w.dock]), "version": 1 })).await.expect(422);
        assert_eq!(actions(&app, w.org).await, ["change_portal_account"]);
    }
}

#[tokio::test]
async fn who_may_not_set_portals_up_is_refused_and_outsiders_find_no_such_page() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let cleo =
            app.member(w.org, "Cleo", "client_account", &[Target::Site(w.dock)], Some(w.harbour)).await;
        let master = app
            .member(w.org, "Mia", "master_administrator", &[Target::Client(w.harbour)], Some(w.harbour))
            .await;
        // The call center sees accounts and gives officers only.
        let desk = app.member(w.org, "Cara", "call_center", &[Target::Organization], None).await;
        let page = app.get(&desk, &format!("/office/clients/{}/portal", w.harbour)).await.expect(200).text();
        assert!(!page.contains("Save this account"), "{page}");
        save(&app, &desk, w.harbour, "x@example.com", &[w.dock]).await.expect(403);
        let account = format!("/api/v1/clients/{}/portal/accounts/{}", w.harbour, cleo.membership);
        app.json(&desk, "PUT", &account, json!({ "version": 1, "share_all": true })).await.expect(403);
        let seen = portal(&app, &desk, w.harbour).await;
        assert!(seen.get("switches").is_none() && seen.get("refuse_staff_email").is_none(), "{seen}");

        let path = format!("/api/v1/clients/{}/portal", w.harbour);
        let nowhere = format!("/api/v1/clients/{}/portal", ClientId::new());
        let elsewhere = app.organization("Southwatch").await;
        let stranger = app.member(elsewhere, "Sam", "customer_admin", &[Target::Organization], None).await;
        let sue = app.member(w.org, "Sue", "supervisor", &[Target::Site(w.dock)], None).await;
        for actor in [&cleo, &master, &stranger, &sue] {
            let hidden = app.get(actor, &path).await.expect(404);
            let absent = app.get(actor, &nowhere).await.expect(404);
            assert_eq!((hidden.bytes, hidden.headers), (absent.bytes, absent.headers), "{}", actor.name);
            save(&app, actor, w.harbour, "x@example.com", &[w.dock]).await.expect(404);
            app.json(actor, "PUT", &account, json!({ "version": 1 })).await.expect(404);
        }
        // What is typed wrongly is told at its field, and kept.
        let page = app
            .post_form(
                &w.ada,
                &format!("/office/clients/{}/portal/accounts", w.harbour),
                &[
                    ("email", "nowhere"),
                    ("name", "<i>Cleo</i>"),
                    ("role", "client_account"),
                    ("sites", &format!("site:{}", w.dock)),
                ],
            )
            .await
            .expect(422)
            .text();
        assert!(page.contains("&lt;i&gt;Cleo") && page.contains("write an e-mail"), "{page}");
        for (body, field) in [
            (json!({ "email": "n@example.com", "name": "N" }), "sites"),
            (json!({ "email": "n@example.com", "name": "N", "sites": at(&[w.weir]) }), "sites"),
            (
                json!({ "email": "n@example.com", "name": "N", "role": "officer", "sites": at(&[w.dock]) }),
                "role",
            ),
            (
                json!({ "email": "n@example.com", "name": "N", "role": "sales_person", "sites": at(&[w.dock]) }),
                "role",
            ),
        ] {
            let path = format!("/api/v1/clients/{}/portal/accounts", w.harbour);
            let told = app.json(&w.ada, "POST", &path, body).await.expect(422).json();
            assert!(told["errors"].get(field).is_some(), "{field}: {told}");
        }
    }
}

/// A button has no field to tell a message at: the page says it as a sentence.
#[tokio::test]
async fn a_letter_that_cannot_go_says_why_on_its_page() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let made = save(&app, &w.ada, w.harbour, "cleo@example.com", &[w.round]).await.expect(201).json();
        let path = format!("/office/members/{}/invitation", made["id"].as_str().unwrap());
        let page = app.post_form(&w.ada, &path, &[]).await.expect(409).text();
        assert!(page.contains("at least one static site"), "{page}");
    }
}
