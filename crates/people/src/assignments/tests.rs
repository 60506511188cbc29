//! Changing roles through HTTP, on both engines: in place, and every limit of ROLES.md with its sentence.

use access::{Feature, Target};
use kernel::id::{OrganizationId, SiteId};
use serde_json::{Value, json};
use testkit::{Actor, Answered, TestApp};

use crate::trial::actions;

async fn roles(app: &TestApp, who: &Actor, of: &Actor) -> Vec<Value> {
    let member = app.get(who, &format!("/api/v1/members/{}", of.membership)).await.expect(200).json();
    member["roles"].as_array().unwrap().clone()
}

async fn change(app: &TestApp, who: &Actor, of: &Actor, role: &Value, body: Value) -> Answered {
    let path = format!("/api/v1/members/{}/roles/{}", of.membership, role["id"].as_str().unwrap());
    app.json(who, "PUT", &path, body).await
}

fn site(id: SiteId) -> String {
    format!("site:{id}")
}

async fn admin(app: &TestApp, org: OrganizationId) -> Actor {
    app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await
}

#[tokio::test]
async fn places_and_dates_of_a_role_are_changed_where_they_stand() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org).await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let gate = app.site(org, client, None, "Gate 2").await;
        let sue = app.member(org, "Sue", "supervisor", &[Target::Site(dock)], None).await;
        let held = roles(&app, &ada, &sue).await.remove(0);
        let body = json!({ "targets": [site(gate)], "until": "2026-11-30" });
        change(&app, &ada, &sue, &held, body.clone()).await.expect(200);
        let now = roles(&app, &ada, &sue).await.remove(0);
        assert_eq!((now["id"].as_str(), now["where"].as_str()), (held["id"].as_str(), Some("site Gate 2")));
        // The last day counts in full, in the organization's zone; who changed it answers for it.
        assert_eq!(now["until"], "2026-12-01T05:00:00Z");
        assert_eq!(now["given_by"], "Ada Admin");
        assert!(web::identity::plan(&app.app, org, sue.membership).await.is_ok());
        // The form shows what is held, and the same again changes nothing.
        let path = format!("/office/members/{}/roles/{}", sue.membership, held["id"].as_str().unwrap());
        let page = app.get(&ada, &format!("{path}/edit")).await.expect(200).text();
        assert!(
            page.contains("value=\"2026-11-30\"")
                && page.contains(&format!("value=\"{}\" checked", site(gate))),
            "{page}"
        );
        change(&app, &ada, &sue, &held, body).await.expect(200);
        let word = site(dock);
        app.post_form(&ada, &path, &[("targets", &word), ("from", "2026-11-25")]).await.expect(303);
        let now = roles(&app, &ada, &sue).await.remove(0);
        assert_eq!((now["where"].as_str(), now["standing"].as_str()), (Some("site Dock 4"), Some("later")));
        assert!(now.get("until").is_none());
        // A form that was read before somebody else's change.
        let stale = json!({ "targets": [site(gate)], "given_at": "2026-11-20T00:00:00Z" });
        change(&app, &ada, &sue, &now, stale).await.expect(409);
        let page = app.post_form(&ada, &path, &[("from", "soon")]).await.expect(422).text();
        assert!(page.contains("write a day"), "{page}");
        assert_eq!(actions(&app, org).await, ["change_role", "change_role"]);
    }
}

/// Law 2 and 6, and "exactly one site", each with a sentence that says why and what to do, where a role is given and
/// where it is changed.
#[tokio::test]
async fn every_limit_is_refused_with_a_sentence() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org).await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let gate = app.site(org, client, None, "Gate 2").await;
        let shop = app.team(org, "Body shop").await;
        let give = async |to: &Actor, role: &str, targets: &[String]| {
            let path = format!("/api/v1/members/{}/roles", to.membership);
            app.json(&ada, "POST", &path, json!({ "role": role, "targets": targets })).await
        };
        let says = |answer: Answered, words: &str| {
            let told = answer.json();
            assert!(told.to_string().contains(words), "{words}: {told}");
        };
        // Exclusive: held alone.
        let otto = app.member(org, "Otto", "officer", &[Target::Site(dock)], None).await;
        says(
            give(&otto, "technician", &[format!("team:{shop}")]).await.expect(422),
            "Technician is held alone. Take the other roles away first.",
        );
        let tina = app.member(org, "Tina", "technician", &[Target::Team(shop)], None).await;
        says(give(&tina, "officer", &[site(dock)]).await.expect(422), "Technician is held alone.");
        // Needs its feature: TechnicianUsers.
        app.feature(org, Feature::TechnicianUsers, false).await;
        let nils = app.member(org, "Nils", "supervisor", &[], None).await;
        app.take_all(&nils).await;
        says(
            give(&nils, "technician", &[format!("team:{shop}")]).await.expect(422),
            "Technician needs the feature technician_users. Turn it on first.",
        );
        app.feature(org, Feature::TechnicianUsers, true).await;
        give(&nils, "technician", &[format!("team:{shop}")]).await.expect(201);
        // One site for Site User and Basic User.
        for role in ["site_user", "basic_user"] {
            let one = app.member(org, role, role, &[Target::Site(dock)], Some(client)).await;
            let held = roles(&app, &ada, &one).await.remove(0);
            let both = json!({ "targets": [site(dock), site(gate)] });
            says(
                change(&app, &ada, &one, &held, both).await.expect(422),
                "is held at no more than 1 place; choose one.",
            );
            says(give(&one, role, &[site(gate)]).await.expect(422), "is held at no more than 1 place");
            change(&app, &ada, &one, &held, json!({ "targets": [site(gate)] })).await.expect(200);
        }
        // Nobody edits their own.
        let own = roles(&app, &ada, &ada).await.remove(0);
        says(
            change(&app, &ada, &ada, &own, json!({ "targets": ["organization"], "until": "2027-01-01" }))
                .await
                .expect(403),
            "Nobody changes their own roles. Ask another administrator.",
        );
        // The last administrator stays: neither narrower nor with an end.
        let bert = app.member(org, "Bert", "admin", &[Target::Organization], None).await;
        let _ = bert;
        let olga = app.member(org, "Olga", "owner", &[Target::Organization], None).await;
        let of_ada = json!({ "targets": ["organization"], "until": "2026-12-24" });
        let adas = roles(&app, &olga, &ada).await.remove(0);
        change(&app, &olga, &ada, &adas, of_ada).await.expect(200);
        let olgas = roles(&app, &ada, &olga).await.remove(0);
        says(
            change(&app, &ada, &olga, &olgas, json!({ "targets": ["organization"], "until": "2027-01-01" }))
                .await
                .expect(409),
            "This is the last administrator. Give somebody else an administrator's role",
        );
        // An end in the past, and before its beginning.
        let sue = app.member(org, "Sue", "supervisor", &[Target::Site(dock)], None).await;
        let held = roles(&app, &ada, &sue).await.remove(0);
        for (from, until) in [("", "2026-11-01"), ("2026-12-02", "2026-12-01")] {
            let body = json!({ "targets": [site(dock)], "from": from, "until": until });
            change(&app, &ada, &sue, &held, body).await.expect(422);
        }
        says(change(&app, &ada, &sue, &held, json!({ "targets": [] })).await.expect(422), "never everything");
    }
}

/// Rights of one membership add up, and nothing else happens: a narrower assignment beside a wider one neither
/// narrows nor widens it, and what is taken leaves what the other gives.
#[tokio::test]
async fn a_narrower_assignment_never_widens_and_never_narrows() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org).await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let gate = app.site(org, client, None, "Gate 2").await;
        let sees = async |actor: &Actor, permission: &str, at: SiteId| {
            let plan = web::identity::plan(&app.app, org, actor.membership).await.unwrap();
            let facts = access::Facts {
                site: Some(at.uuid()),
                client: Some(client.uuid()),
                visibility: Some(3),
                ..access::Facts::of(org.uuid())
            };
            plan.check(permission.parse().unwrap(), &facts)
        };
        let give = async |to: &Actor, role: &str, targets: &[String]| {
            let path = format!("/api/v1/members/{}/roles", to.membership);
            app.json(&ada, "POST", &path, json!({ "role": role, "targets": targets })).await.expect(201);
        };
        // An officer at both sites who supervises one: supervising stays at that one.
        let otto = app.member(org, "Otto", "officer", &[Target::Site(dock), Target::Site(gate)], None).await;
        give(&otto, "supervisor", &[site(dock)]).await;
        assert!(sees(&otto, "incident.approve", dock).await);
        assert!(!sees(&otto, "incident.approve", gate).await, "never silently wider");
        assert!(sees(&otto, "incident.create", gate).await, "nor narrower");
        // A client user with one site named besides still reads all sites of the client.
        let uma = app.member(org, "Uma", "client_user", &[Target::Client(client)], Some(client)).await;
        give(&uma, "site_user", &[site(dock)]).await;
        assert!(sees(&uma, "incident.view", dock).await && sees(&uma, "incident.view", gate).await);
        // Taking the wider one leaves exactly the narrower one.
        let wide = roles(&app, &ada, &uma).await.into_iter().find(|r| r["role"] == "client_user").unwrap();
        let path = format!("/api/v1/members/{}/roles/{}", uma.membership, wide["id"].as_str().unwrap());
        app.json(&ada, "DELETE", &path, Value::Null).await.expect(200);
        assert!(sees(&uma, "incident.view", dock).await && !sees(&uma, "incident.view", gate).await);
        // Moving the narrow one moves it, and keeps nothing of where it was.
        let held = roles(&app, &ada, &uma).await.remove(0);
        change(&app, &ada, &uma, &held, json!({ "targets": [site(gate)] })).await.expect(200);
        assert!(!sees(&uma, "incident.view", dock).await && sees(&uma, "incident.view", gate).await);
    }
}

/// Places that the editor cannot see stay, and who could not give the whole changes nothing of it.
#[tokio::test]
async fn who_sees_a_part_changes_nothing_of_the_whole() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org).await;
        let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let gate = app.site(org, harbour, None, "Gate 2").await;
        let weir = app.site(org, mill, None, "Weir").await;
        let mia =
            app.member(org, "Mia", "master_administrator", &[Target::Client(harbour)], Some(harbour)).await;
        let max = app.member(org, "Max", "site_manager", &[Target::Site(dock)], Some(harbour)).await;
        let held = roles(&app, &mia, &max).await.remove(0);
        change(&app, &mia, &max, &held, json!({ "targets": [site(dock), site(gate)] })).await.expect(200);
        // A site of another client answers like one there is not.
        let other = change(&app, &mia, &max, &held, json!({ "targets": [site(weir)] })).await.expect(422);
        let absent =
            change(&app, &mia, &max, &held, json!({ "targets": [site(SiteId::new())] })).await.expect(422);
        assert_eq!(other.bytes, absent.bytes);
        // Somebody who serves two clients is no longer hers alone.
        let two = app
            .member(org, "Tom", "site_manager", &[Target::Site(dock), Target::Site(weir)], Some(harbour))
            .await;
        let mut batch = store::Batch::new();
        batch.run(
            "insert into membership_clients (organization_id, membership_id, client_id) values ($1, $2, $3)",
            store::params![org, two.membership, mill],
        );
        app.put(batch).await;
        let held = roles(&app, &mia, &two).await.remove(0);
        assert_eq!(held["where"], "sites Dock 4 and 1 you cannot see");
        change(&app, &mia, &two, &held, json!({ "targets": [site(gate)] })).await.expect(403);
        let now = roles(&app, &ada, &two).await.remove(0);
        assert_eq!(now["where"], "sites Dock 4 and Weir");
        // A manager adds basic users and changes nobody; who sees nobody finds nobody.
        let bea = app.member(org, "Bea", "basic_user", &[Target::Site(dock)], Some(harbour)).await;
        let beas = roles(&app, &mia, &bea).await.remove(0);
        change(&app, &max, &bea, &beas, json!({ "targets": [site(gate)] })).await.expect(403);
        change(&app, &bea, &max, &beas, json!({ "targets": [site(gate)] })).await.expect(404);
        let path = format!("/client/members/{}/roles/{}/edit", bea.membership, beas["id"].as_str().unwrap());
        app.get(&mia, &path).await.expect(200);
        app.get(&max, &path).await.expect(403);
    }
}
