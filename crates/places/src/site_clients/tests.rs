//! A site's Clients tab through HTTP, on both engines.

use access::Target;
use serde_json::{Value, json};
use store::params;
use testkit::{Actor, TestApp};

async fn tab(app: &TestApp, actor: &Actor, site: kernel::id::SiteId) -> Value {
    app.get(actor, &format!("/api/v1/sites/{site}/clients")).await.expect(200).json()
}

fn list(accounts: &Value) -> Vec<(String, String, String)> {
    let word = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
    let items = accounts["items"].as_array().unwrap().iter();
    items.map(|item| (word(item, "name"), word(item, "role"), word(item, "through"))).collect()
}

fn row(name: &str, role: &str, through: &str) -> (String, String, String) {
    (name.into(), role.into(), through.into())
}

async fn sees(app: &TestApp, actor: &Actor, site: kernel::id::SiteId) -> bool {
    app.get(actor, &format!("/api/v1/sites/{site}")).await.status == 200
}

#[tokio::test]
async fn accounts_are_assigned_and_taken_away_and_see_the_difference_at_once() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
        let (gate, yard) =
            (app.site(org, harbour, None, "Gate").await, app.site(org, harbour, None, "Yard").await);
        let cleo = app.member(org, "Cleo", "client", &[Target::Site(gate)], Some(harbour)).await;
        app.member(org, "Uma", "client_user", &[Target::Client(harbour)], Some(harbour)).await;
        let milo = app.member(org, "Milo", "client", &[], Some(mill)).await;

        assert_eq!(list(&tab(&app, &admin, yard).await), [row("Uma", "client_user", "client")]);
        let page = app.get(&admin, &format!("/office/sites/{yard}/clients")).await.expect(200).text();
        assert!(
            page.contains("Cleo (Client)") && !page.contains("Milo") && page.contains("Sees every site"),
            "{page}"
        );
        assert!(!sees(&app, &cleo, yard).await);

        let path = format!("/office/sites/{yard}/clients");
        let id = cleo.membership.to_string();
        app.post_form(&admin, &path, &[("membership", id.as_str())]).await.expect(303);
        let now = tab(&app, &admin, yard).await;
        assert_eq!(list(&now), [row("Cleo", "client", "site"), row("Uma", "client_user", "client")]);
        assert!(sees(&app, &cleo, yard).await, "with the next request");
        // Twice is once, and somebody of another client is nobody.
        let twice = app.post_form(&admin, &path, &[("membership", id.as_str())]).await.expect(422).text();
        assert!(twice.contains("assigned to the site already"), "{twice}");
        let stranger = json!({ "membership": milo.membership });
        let api = format!("/api/v1/sites/{yard}/clients");
        let other = app.json(&admin, "POST", &api, stranger).await.expect(422);
        let absent = json!({ "membership": kernel::id::MembershipId::new() });
        let absent = app.json(&admin, "POST", &api, absent).await.expect(422);
        assert_eq!(other.bytes, absent.bytes);

        let assignment = now["items"][0]["assignment"].as_str().unwrap().to_owned();
        app.post_form(&admin, &format!("{path}/{assignment}/removal"), &[]).await.expect(303);
        assert!(!sees(&app, &cleo, yard).await && sees(&app, &cleo, gate).await);
        app.json(&admin, "DELETE", &format!("{api}/{assignment}"), json!({})).await.expect(404);

        let lines: Vec<(String, String)> = app
            .app
            .store
            .all(
                "select action, label from journal where organization_id = $1 order by sequence",
                params![org],
            )
            .await
            .unwrap();
        assert_eq!(lines, [("assign_site".into(), "Cleo".into()), ("remove_site".into(), "Cleo".into())]);
        assert_eq!(store::journal::verify(&app.app.store, org).await.unwrap().lines, 2);
    }
}

#[tokio::test]
async fn somebody_without_a_role_becomes_a_client_of_the_site() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let harbour = app.client(org, "Harbour").await;
        let gate = app.site(org, harbour, None, "Gate").await;
        let nils = app.member(org, "Nils", "client", &[], Some(harbour)).await;
        let mut batch = store::Batch::new();
        batch.run("delete from assignments where membership_id = $1", params![nils.membership]);
        app.put(batch).await;
        let api = format!("/api/v1/sites/{gate}/clients");
        // Only roles of the client side that are held at sites.
        for role in ["client_user", "customer_admin", "nothing"] {
            let body = json!({ "membership": nils.membership, "role": role });
            app.json(&admin, "POST", &api, body).await.expect(422);
        }
        app.json(&admin, "POST", &api, json!({ "membership": nils.membership })).await.expect(200);
        assert_eq!(list(&tab(&app, &admin, gate).await), [row("Nils", "client", "site")]);
        assert!(sees(&app, &nils, gate).await);
    }
}

/// ROLES.md: Site User and Basic User are held at exactly one site.
#[tokio::test]
async fn who_has_one_place_gets_no_second() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let harbour = app.client(org, "Harbour").await;
        let (gate, yard) =
            (app.site(org, harbour, None, "Gate").await, app.site(org, harbour, None, "Yard").await);
        for role in ["site_user", "basic_user"] {
            let actor = app.member(org, role, role, &[Target::Site(gate)], Some(harbour)).await;
            let body = json!({ "membership": actor.membership });
            let api = format!("/api/v1/sites/{yard}/clients");
            let refused = app.json(&admin, "POST", &api, body).await.expect(409).json();
            assert!(refused["detail"].as_str().unwrap().contains("no more than 1 place"), "{refused}");
            assert!(!sees(&app, &actor, yard).await);
        }
        let page = app.get(&admin, &format!("/office/sites/{yard}/clients")).await.expect(200).text();
        assert!(page.contains("held at no more than 1 place"), "{page}");
    }
}

/// ROLES.md: GuardHouse. A portal keeps at least one static site; the organization may switch the rule off.
#[tokio::test]
async fn the_last_static_site_stays_unless_the_rule_is_off() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let harbour = app.client(org, "Harbour").await;
        let (gate, round) =
            (app.site(org, harbour, None, "Gate").await, app.site(org, harbour, None, "Round").await);
        let mut batch = store::Batch::new();
        batch.run("update sites set kind = 1 where id = $1", params![round]);
        app.put(batch).await;
        // A copy of the role is under the rule as the role itself is.
        app.role(
            org,
            "key = \"reader\"\nname = \"Reader\"\nabout = \"Reads.\"\naudience = \"client\"\nportals = [\"client\"]\n\
             reach = \"site\"\nmay = [\"site: view\", \"incident: view\"]\n",
        )
        .await;
        let cleo = app
            .member(org, "Cleo", "reader", &[Target::Site(gate), Target::Site(round)], Some(harbour))
            .await;
        let assignment = tab(&app, &admin, gate).await["items"][0]["assignment"].as_str().unwrap().to_owned();

        let removal = format!("/office/sites/{gate}/clients/{assignment}/removal");
        let refused = app.post_form(&admin, &removal, &[]).await.expect(409).text();
        assert!(refused.contains("last static site of Cleo"), "{refused}");
        assert!(sees(&app, &cleo, gate).await);
        // The patrol site may go, and come back while the static one is there.
        let patrol = format!("/api/v1/sites/{round}/clients");
        app.json(&admin, "DELETE", &format!("{patrol}/{assignment}"), json!({})).await.expect(200);
        app.json(&admin, "POST", &patrol, json!({ "membership": cleo.membership })).await.expect(200);
        // Nor does the site turn into a patrol under its account.
        let site = format!("/api/v1/sites/{gate}");
        let turned =
            json!({ "client": harbour, "kind": "patrol", "name": "Gate", "zone": "UTC", "version": 1 });
        let refused = app.json(&admin, "PUT", &site, turned.clone()).await.expect(422).json();
        assert!(refused["errors"]["kind"][0].as_str().unwrap().contains("last static site"), "{refused}");
        // Nor is it put away.
        let refused =
            app.json(&admin, "POST", &format!("{site}/archive"), json!({})).await.expect(409).json();
        assert!(refused["detail"].as_str().unwrap().contains("last static site"), "{refused}");
        // An account that is only saved may have patrol sites alone.
        let entry = async |stage: i64| {
            let mut batch = store::Batch::new();
            batch.run("update memberships set entry = $2 where id = $1", params![cleo.membership, stage]);
            app.put(batch).await;
        };
        entry(0).await;
        app.json(&admin, "POST", &format!("{site}/archive"), json!({})).await.expect(200);
        app.json(&admin, "POST", &format!("{site}/restore"), json!({})).await.expect(200);
        entry(2).await;
        // Patrol only is refused from the start, too.
        let pat = app.member(org, "Pat", "client_account", &[], Some(harbour)).await;
        let only = app
            .json(&admin, "POST", &patrol, json!({ "membership": pat.membership }))
            .await
            .expect(409)
            .json();
        assert!(only["detail"].as_str().unwrap().contains("Assign a static site first"), "{only}");

        let mut batch = store::Batch::new();
        batch.run("update organizations set require_static_site = 0 where id = $1", params![org]);
        app.put(batch).await;
        app.post_form(&admin, &removal, &[]).await.expect(303);
        assert!(!sees(&app, &cleo, gate).await && sees(&app, &cleo, round).await);
        let mut turned = turned;
        turned["version"] = json!(3);
        app.json(&admin, "PUT", &site, turned).await.expect(200);
    }
}

#[tokio::test]
async fn who_may_not_give_is_refused_and_who_may_not_look_finds_nothing() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let harbour = app.client(org, "Harbour").await;
        let north = app.area(org, "North").await;
        let gate = app.site(org, harbour, Some(north), "Gate").await;
        let yard = app.site(org, harbour, Some(north), "Yard").await;
        let cleo = app.member(org, "Cleo", "client", &[Target::Site(yard)], Some(harbour)).await;
        let body = json!({ "membership": cleo.membership });
        let api = format!("/api/v1/sites/{gate}/clients");

        // The call center sees accounts and may give officers, not client accounts.
        let rita = app.member(org, "Rita", "call_center", &[Target::Organization], None).await;
        app.get(&rita, &format!("/office/sites/{gate}/clients")).await.expect(200);
        app.json(&rita, "POST", &api, body.clone()).await.expect(403);
        // An area's administrator sees the site, but no account of a client: nobody is there to be chosen.
        let lea = app.member(org, "Lea", "area_administrator", &[Target::Area(north)], None).await;
        app.json(&lea, "POST", &api, body.clone()).await.expect(422);

        let gate_target = Target::Site(gate);
        for (role, client) in [("supervisor", None), ("officer", None), ("client", Some(harbour))] {
            let actor = app.member(org, role, role, &[gate_target], client).await;
            app.get(&actor, &format!("/api/v1/sites/{gate}")).await.expect(200);
            let hidden = app.get(&actor, &api).await.expect(404);
            let absent = format!("/api/v1/sites/{}/clients", kernel::id::SiteId::new());
            let absent = app.get(&actor, &absent).await.expect(404);
            assert_eq!((hidden.bytes, hidden.headers), (absent.bytes, absent.headers), "{role}");
            app.json(&actor, "POST", &api, body.clone()).await.expect(404);
        }
        let elsewhere = app.organization("Southwatch").await;
        let stranger = app.member(elsewhere, "Sam", "customer_admin", &[Target::Organization], None).await;
        app.get(&stranger, &api).await.expect(404);
        app.json(&stranger, "POST", &api, body).await.expect(404);
        assert!(!sees(&app, &cleo, gate).await);
    }
}

/// A site that goes to another client takes nobody along: the old client's people see it no more.
#[tokio::test]
async fn a_site_that_moves_leaves_its_accounts_behind() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
        let gate = app.site(org, harbour, None, "Gate").await;
        let cleo = app.member(org, "Cleo", "client", &[Target::Site(gate)], Some(harbour)).await;
        assert!(sees(&app, &cleo, gate).await);
        let body = json!({ "client": mill, "kind": "static", "name": "Gate", "zone": "UTC", "version": 1 });
        app.json(&admin, "PUT", &format!("/api/v1/sites/{gate}"), body).await.expect(200);
        assert!(!sees(&app, &cleo, gate).await);
        let now = tab(&app, &admin, gate).await;
        assert!(now["items"][0]["but"].as_str().unwrap().contains("another client"), "{now}");
    }
}
