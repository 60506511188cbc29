//! Access review through HTTP, on both engines.

use access::Target;
use kernel::id::{MembershipId, OrganizationId};
use serde_json::{Value, json};
use store::{Batch, params};
use testkit::{Actor, TestApp};

use crate::trial::{actions, letters};

const DAY: u64 = 86_400;

struct World {
    org: OrganizationId,
    ada: Actor,
    bea: Actor,
    otto: Actor,
    sue: Actor,
}

async fn world(app: &TestApp) -> World {
    let org = app.organization("Northwatch").await;
    let client = app.client(org, "Harbour").await;
    let dock = app.site(org, client, None, "Dock 4").await;
    let whole = [Target::Organization];
    World {
        org,
        ada: app.member(org, "Ada Admin", "customer_admin", &whole, None).await,
        bea: app.member(org, "Bea Boss", "customer_admin", &whole, None).await,
        otto: app.member(org, "Otto Officer", "officer", &[Target::Site(dock)], None).await,
        sue: app.member(org, "Sue Visor", "supervisor", &[Target::Site(dock)], None).await,
    }
}

fn campaign(reviewers: &[&Actor]) -> Value {
    json!({
        "name": "Autumn 2026", "scope": "everything", "due": "2026-12-06",
        "reviewers": reviewers.iter().map(|one| one.membership.to_string()).collect::<Vec<_>>(),
    })
}

async fn start(app: &TestApp, who: &Actor, body: Value) -> String {
    let made = app.json(who, "POST", "/api/v1/reviews", body).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

async fn items(app: &TestApp, who: &Actor, id: &str, asked: &str) -> Vec<Value> {
    let found = app.get(who, &format!("/api/v1/reviews/{id}/items?{asked}")).await.expect(200).json();
    found["items"].as_array().unwrap().clone()
}

async fn item_of(app: &TestApp, who: &Actor, id: &str, member: MembershipId) -> String {
    let all = items(app, who, id, "").await;
    let one = all.iter().find(|item| item["member"] == member.to_string()).expect("the grant is there");
    one["id"].as_str().unwrap().to_owned()
}

async fn decide(app: &TestApp, who: &Actor, id: &str, body: Value) -> testkit::Answered {
    app.json(who, "POST", &format!("/api/v1/reviews/{id}/decisions"), body).await
}

async fn roles_of(app: &TestApp, who: &Actor, member: &Actor) -> usize {
    let member = app.get(who, &format!("/api/v1/members/{}", member.membership)).await.expect(200).json();
    member["roles"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_campaign_runs_from_the_snapshot_to_the_signature() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let id = start(&app, &w.ada, campaign(&[&w.ada, &w.bea])).await;
        let review = app.get(&w.ada, &format!("/api/v1/reviews/{id}")).await.expect(200).json();
        assert_eq!((review["progress"]["open"].as_i64(), review["mine"].as_bool()), (Some(4), Some(true)));
        assert_eq!(review["due_at"], "2026-12-07T05:00:00Z", "the last day counts in full");
        let letter = &letters(&app, &w.bea.email).await[0];
        assert!(
            letter.2.contains("3 grants") && letter.2.contains("Sun 6 Dec 2026"),
            "not her own: {}",
            letter.2
        );
        assert!(letter.2.contains(&format!("http://bailiwick.test/office/reviews/{id}")), "{}", letter.2);
        assert!(!letter.2.contains("Otto"), "a letter names nobody whose roles are reviewed");

        let page = app.get(&w.ada, &format!("/office/reviews/{id}")).await.expect(200).text();
        assert!(
            page.contains("Otto Officer")
                && page.contains("site Dock 4")
                && page.contains("Confirm the chosen"),
            "{page}"
        );
        // Bulk confirm, then a revocation that needs its reason.
        let (otto, sue) = (
            item_of(&app, &w.ada, &id, w.otto.membership).await,
            item_of(&app, &w.ada, &id, w.sue.membership).await,
        );
        let bea = item_of(&app, &w.ada, &id, w.bea.membership).await;
        let done = decide(&app, &w.ada, &id, json!({ "decision": "confirm", "items": [bea, sue] }))
            .await
            .expect(200)
            .json();
        assert_eq!((done["done"].as_i64(), done["refused"].as_array().unwrap().len()), (Some(2), 0));
        let wrong = app
            .post_form(
                &w.ada,
                &format!("/office/reviews/{id}/decisions"),
                &[("one", &format!("revoke:{otto}"))],
            )
            .await
            .expect(422)
            .text();
        assert!(wrong.contains("say why"), "{wrong}");
        assert_eq!(roles_of(&app, &w.ada, &w.otto).await, 1);
        let path = format!("/office/reviews/{id}/decisions?decision=open");
        let sent = [("one", format!("revoke:{otto}")), ("reason", "Left the post".to_owned())];
        let sent: Vec<(&str, &str)> = sent.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let back = app.post_form(&w.ada, &path, &sent).await.expect(303);
        assert_eq!(back.header("location"), Some(format!("/office/reviews/{id}?decision=open").as_str()));
        assert_eq!(roles_of(&app, &w.ada, &w.otto).await, 0, "it is the same act as taking the role");

        // Nobody decides on their own; another reviewer has to.
        let own = item_of(&app, &w.ada, &id, w.ada.membership).await;
        for decision in ["confirm", "revoke"] {
            let body = json!({ "decision": decision, "items": [own], "reason": "mine" });
            let refused = decide(&app, &w.ada, &id, body).await.expect(200).json();
            assert!(
                refused["refused"][0]["why"].as_str().unwrap().contains("Nobody decides on their own roles"),
                "{refused}"
            );
        }
        let page = app
            .post_form(
                &w.ada,
                &format!("/office/reviews/{id}/decisions"),
                &[("decision", "confirm"), ("items", &own)],
            )
            .await
            .expect(200)
            .text();
        assert!(
            page.contains("0 grants decided, 1 not") && page.contains("Nobody decides on their own"),
            "{page}"
        );

        // Closing with something open needs a word; afterwards nothing is decided any more.
        let closing = format!("/api/v1/reviews/{id}/closing");
        app.json(&w.bea, "POST", &closing, json!({})).await.expect(422);
        let closed =
            app.json(&w.bea, "POST", &closing, json!({ "note": "Ada is on leave" })).await.expect(200).json();
        assert_eq!(
            (closed["closed"].as_bool(), closed["closed_by"].as_str()),
            (Some(true), Some("Bea Boss"))
        );
        let seal = closed["seal"].as_str().unwrap();
        assert_eq!(seal.len(), 64);
        let p = &closed["progress"];
        assert_eq!(
            (p["confirmed"].as_i64(), p["revoked"].as_i64(), p["other"].as_i64(), p["open"].as_i64()),
            (Some(2), Some(1), Some(1), Some(0))
        );
        decide(&app, &w.bea, &id, json!({ "decision": "confirm", "items": [own] })).await.expect(409);
        app.json(&w.bea, "POST", &closing, json!({ "note": "again" })).await.expect(409);
        let page = app.get(&w.ada, &format!("/office/reviews/{id}")).await.expect(200).text();
        assert!(
            page.contains("signed off") && page.contains(seal) && page.contains("Ada is on leave"),
            "{page}"
        );
        assert!(!page.contains("Confirm the chosen"));
        assert_eq!(
            actions(&app, w.org).await,
            ["start_review", "confirm_role", "confirm_role", "take_role", "close_review"]
        );
        let kept = crate::trial::journal(&app, w.org).await;
        assert!(kept[4].1.contains(seal) && kept[3].1.contains("Left the post"), "{kept:?}");

        // As a file.
        let csv =
            app.get(&w.ada, &format!("/office/reviews/{id}/export?format=csv")).await.expect(200).text();
        assert_eq!(csv.lines().count(), 5, "{csv}");
        assert!(
            csv.contains("Left the post") && csv.contains("revoked") && csv.contains("undecided"),
            "{csv}"
        );
        let lines = app
            .get(&w.ada, &format!("/api/v1/reviews/{id}/export?format=jsonl&decision=revoked"))
            .await
            .expect(200)
            .text();
        let one: Value = serde_json::from_str(lines.trim()).unwrap();
        assert_eq!(
            (one["member_name"].as_str(), one["decided_by"].as_str()),
            (Some("Otto Officer"), Some("Ada Admin"))
        );
        app.get(&w.ada, &format!("/api/v1/reviews/{id}/export?format=xml")).await.expect(400);
    }
}

#[tokio::test]
async fn wrong_campaigns_and_decisions_are_refused_with_a_word() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let with = |field: &str, value: Value| {
            let mut body = campaign(&[&w.ada, &w.bea]);
            body[field] = value;
            body
        };
        for (body, at) in [
            (with("name", json!("")), "name"),
            (with("scope", json!("galaxy")), "scope"),
            (with("due", json!("2026-11-01")), "due"),
            (with("due", json!("soon")), "due"),
            (with("due", json!("")), "due"),
            (with("reviewers", json!([])), "reviewers"),
            (with("reviewers", json!(["Ada"])), "reviewers"),
            (with("reviewers", json!([w.otto.membership])), "reviewers"),
            (with("unused_days", json!("0")), "unused_days"),
            (with("scope", json!("client")), "client"),
            (with("scope", json!("site")), "site"),
            (with("scope", json!("role")), "role"),
            (with("scope", json!("audience")), "audience"),
        ] {
            let refused = app.json(&w.ada, "POST", "/api/v1/reviews", body.clone()).await.expect(422).json();
            assert!(
                refused["errors"].get(at).is_some() || refused.to_string().contains(at),
                "{body} {refused}"
            );
        }
        let mut nobody = with("scope", json!("role"));
        nobody["role"] = json!("guard");
        let refused = app.json(&w.ada, "POST", "/api/v1/reviews", nobody).await.expect(422).text();
        assert!(refused.contains("no grant to review"), "{refused}");
        let page = app
            .post_form(
                &w.ada,
                "/office/reviews",
                &[("name", "Mine"), ("scope", "everything"), ("due", "2026-12-06")],
            )
            .await
            .expect(422)
            .text();
        assert!(page.contains("value=\"Mine\"") && page.contains("choose at least one person"), "{page}");
        app.get(&w.ada, "/office/reviews/new").await.expect(200);

        let id = start(&app, &w.ada, campaign(&[&w.ada])).await;
        let otto = item_of(&app, &w.ada, &id, w.otto.membership).await;
        for body in [
            json!({ "decision": "maybe", "items": [otto] }),
            json!({ "decision": "confirm", "items": [] }),
            json!({ "decision": "confirm", "items": ["x"] }),
            json!({ "decision": "revoke", "items": [otto] }),
        ] {
            decide(&app, &w.ada, &id, body).await.expect(422);
        }
        // Bea may take roles, but was not asked.
        let refused =
            decide(&app, &w.bea, &id, json!({ "decision": "confirm", "items": [otto] })).await.expect(403);
        assert!(refused.text().contains("not among the reviewers"));
        // A grant of another campaign is none of this one.
        let other = start(&app, &w.ada, campaign(&[&w.ada])).await;
        let stray = item_of(&app, &w.ada, &other, w.otto.membership).await;
        let refused = decide(&app, &w.ada, &id, json!({ "decision": "confirm", "items": [stray] }))
            .await
            .expect(200)
            .json();
        assert_eq!(
            (refused["done"].as_i64(), refused["refused"][0]["why"].as_str()),
            (Some(0), Some("there is no such grant in this campaign"))
        );
        // What somebody took meanwhile is told as gone.
        app.take_all(&w.otto).await;
        assert_eq!(items(&app, &w.ada, &id, "q=otto").await[0]["decision"], "gone");
        decide(&app, &w.ada, &id, json!({ "decision": "confirm", "items": [otto] })).await.expect(200);
        assert_eq!(items(&app, &w.ada, &id, "q=otto").await[0]["decision"], "gone");
        // The last administrator stays: it is the same act.
        let page = app.get(&w.ada, "/api/v1/reviews").await.expect(200).json();
        assert_eq!(page["items"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn the_last_administrator_is_not_revoked_either() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let id = start(&app, &w.ada, campaign(&[&w.ada, &w.bea])).await;
        let bea = item_of(&app, &w.ada, &id, w.bea.membership).await;
        let until = app.now().as_microsecond() + 86_400_000_000;
        let mut batch = Batch::new();
        batch.run(
            "update assignments set until_at = $2 where membership_id = $1",
            params![w.ada.membership, until],
        );
        app.put(batch).await;
        let body = json!({ "decision": "revoke", "items": [bea], "reason": "too many" });
        let refused = decide(&app, &w.ada, &id, body).await.expect(200).json();
        assert!(
            refused["refused"][0]["why"].as_str().unwrap().contains("This is the last administrator"),
            "{refused}"
        );
        assert_eq!(roles_of(&app, &w.bea, &w.bea).await, 1);
    }
}

#[tokio::test]
async fn delegated_administrators_see_and_decide_within_their_scope() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let (harbour, plaza) = (app.client(w.org, "Harbour 2").await, app.client(w.org, "Plaza").await);
        let mall = app.site(w.org, plaza, None, "Mall").await;
        let mia = app
            .member(w.org, "Mia Master", "master_administrator", &[Target::Client(plaza)], Some(plaza))
            .await;
        let pia = app.member(w.org, "Pia Plaza", "site_manager", &[Target::Site(mall)], Some(plaza)).await;
        let hans = app
            .member(w.org, "Hans Harbour", "master_administrator", &[Target::Client(harbour)], Some(harbour))
            .await;
        let id = start(&app, &w.ada, campaign(&[&w.ada, &mia])).await;

        let seen = items(&app, &mia, &id, "").await;
        let names: Vec<&str> = seen.iter().map(|item| item["member_name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Mia Master", "Pia Plaza"], "her own client's people only");
        let review = app.get(&mia, &format!("/api/v1/reviews/{id}")).await.expect(200).json();
        assert_eq!(review["progress"]["open"], 2, "what is hidden is not counted");
        assert!(
            review["reviewers"].is_null() && review["created_by"].is_null(),
            "outsiders are not told who of the staff"
        );
        let page = app.get(&mia, &format!("/client/reviews/{id}")).await.expect(200).text();
        assert!(page.contains("Pia Plaza") && !page.contains("Otto") && !page.contains("Hans"), "{page}");
        let csv = app.get(&mia, &format!("/client/reviews/{id}/export")).await.expect(200).text();
        assert_eq!(csv.lines().count(), 3, "{csv}");
        let letter = &letters(&app, &mia.email).await[0];
        assert!(letter.2.contains("1 grant ") && letter.2.contains("/client/reviews/"), "{}", letter.2);

        let otto = item_of(&app, &w.ada, &id, w.otto.membership).await;
        let refused = decide(&app, &mia, &id, json!({ "decision": "confirm", "items": [otto] }))
            .await
            .expect(200)
            .json();
        assert_eq!(
            refused["refused"][0]["why"], "there is no such grant in this campaign",
            "hidden is like absent"
        );
        let mine = item_of(&app, &mia, &id, pia.membership).await;
        let done =
            decide(&app, &mia, &id, json!({ "decision": "revoke", "items": [mine], "reason": "left" }))
                .await
                .expect(200)
                .json();
        assert_eq!(done["done"], 1, "{done}");
        app.json(&mia, "POST", &format!("/api/v1/reviews/{id}/closing"), json!({ "note": "x" }))
            .await
            .expect(403);
        app.get(&mia, &format!("/client/reviews/{id}/reviewers")).await.expect(403);

        // Somebody of another client sees none of it until a grant of theirs is in it… which it is; without one, not.
        let role = json!({ "name": "R", "scope": "client", "client": plaza, "due": "2026-12-06", "reviewers": [w.ada.membership] });
        let narrow = start(&app, &w.ada, role).await;
        app.get(&hans, &format!("/api/v1/reviews/{narrow}")).await.expect(404);
        app.get(&hans, &format!("/client/reviews/{narrow}")).await.expect(404);
        assert!(
            items(&app, &w.ada, &narrow, "").await.iter().all(|item| item["member_name"] != "Hans Harbour")
        );
        // A campaign of a delegated administrator holds what they may take, no more.
        let own = json!({ "name": "Ours", "scope": "everything", "due": "2026-12-06", "reviewers": [mia.membership] });
        let own = app.json(&mia, "POST", "/api/v1/reviews", own).await.expect(422).text();
        assert!(
            own.contains("may not decide on any"),
            "her own grant alone is left, and that is not hers to decide: {own}"
        );
        // Who may not take roles has no campaigns.
        for who in [&w.otto, &w.sue, &pia] {
            app.get(who, &format!("/api/v1/reviews/{id}")).await.expect(404);
            app.get(who, "/api/v1/reviews/leavers").await.expect(404);
        }
        let far = app.organization("Southwatch").await;
        let far = app.member(far, "Far Away", "customer_admin", &[Target::Organization], None).await;
        app.get(&far, &format!("/api/v1/reviews/{id}")).await.expect(404);
        decide(&app, &far, &id, json!({ "decision": "confirm", "items": [otto] })).await.expect(404);
    }
}

#[tokio::test]
async fn what_is_not_used_is_proposed_and_said_why() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        app.clock.advance(std::time::Duration::from_secs(10 * DAY));
        let rita = app.member(w.org, "Rita Rare", "officer", &[], None).await;
        let fresh = app.member(w.org, "Nele New", "officer", &[], None).await;
        app.get(&rita, "/field").await;
        app.clock.advance(std::time::Duration::from_secs(20 * DAY));
        app.give(&fresh, "guard", &[]).await;
        app.deactivate(&w.sue).await;
        let boss = app.member(w.org, "Cy Chief", "customer_admin", &[Target::Organization], None).await;
        let mut body = campaign(&[&boss]);
        body["unused_days"] = json!(15);
        body["due"] = json!("2026-12-31");
        let id = start(&app, &boss, body).await;
        let proposed = items(&app, &boss, &id, "proposed=true").await;
        let said: Vec<(String, String)> = proposed
            .iter()
            .map(|item| {
                (item["member_name"].as_str().unwrap().into(), item["proposed"].as_str().unwrap().into())
            })
            .collect();
        let why = |name: &str| said.iter().find(|(who, _)| who == name).map(|(_, why)| why.as_str());
        assert_eq!(why("Otto Officer"), Some("Not used since it was given on 23 Nov 2026"), "{said:?}");
        assert_eq!(why("Rita Rare"), Some("Last used on 3 Dec 2026"));
        assert_eq!(why("Sue Visor"), Some("The person is deactivated"));
        assert_eq!(why("Cy Chief"), None);
        let nele: Vec<&(String, String)> = said.iter().filter(|(who, _)| who == "Nele New").collect();
        assert_eq!(nele.len(), 1, "the older of two roles only: {said:?}");
        let page = app.get(&boss, &format!("/office/reviews/{id}?proposed=true")).await.expect(200).text();
        assert!(
            page.contains("Last used on 3 Dec 2026") && page.contains("does not say which of several roles"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn reviewers_are_reminded_only_while_they_have_something_to_decide() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let id = start(&app, &w.ada, campaign(&[&w.ada, &w.bea])).await;
        let run =
            async || super::job::remind(&app.app.store, &app.clock, "http://bailiwick.test").await.unwrap();
        assert_eq!(run().await, 0, "not due yet");
        app.clock.advance(std::time::Duration::from_secs(12 * DAY));
        assert_eq!(run().await, 2);
        assert_eq!(run().await, 0, "not twice");
        assert!(letters(&app, &w.bea.email).await[0].1.contains("due soon"));
        // By the rights that each has now: Bea may do nothing any more.
        app.take_all(&w.bea).await;
        app.clock.advance(std::time::Duration::from_secs(3 * DAY));
        assert_eq!(run().await, 1);
        let letter = &letters(&app, &w.ada.email).await[0];
        assert!(
            letter.1.contains("overdue") && letter.2.contains("The last day was Sun 6 Dec 2026"),
            "{letter:?}"
        );
        let list = app.get(&w.ada, "/api/v1/reviews").await.expect(200).json();
        assert_eq!(list["items"][0]["overdue"], true);
        let by_hand = format!("/api/v1/reviews/{id}/reminders");
        assert_eq!(app.json(&w.ada, "POST", &by_hand, json!({})).await.expect(200).json()["reminded"], 0);
        app.clock.advance(std::time::Duration::from_secs(DAY + 1));
        assert_eq!(app.json(&w.ada, "POST", &by_hand, json!({})).await.expect(200).json()["reminded"], 1);
        // Everything decided: nothing to remind of.
        let mut all = Vec::new();
        for item in items(&app, &w.ada, &id, "decision=open").await {
            if item["may_decide"] == true {
                all.push(item["id"].clone());
            }
        }
        decide(&app, &w.ada, &id, json!({ "decision": "confirm", "items": all })).await.expect(200);
        app.clock.advance(std::time::Duration::from_secs(4 * DAY));
        assert_eq!(run().await, 0);
        // Another reviewer is named; the one who lost their rights cannot be.
        let cy = app.member(w.org, "Cy Chief", "customer_admin", &[Target::Organization], None).await;
        let set = |people: Vec<MembershipId>| json!({ "reviewers": people });
        let path = format!("/api/v1/reviews/{id}/reviewers");
        app.json(&w.ada, "PUT", &path, set(vec![w.otto.membership])).await.expect(422);
        app.json(&w.ada, "PUT", &path, set(vec![])).await.expect(422);
        let now = app
            .json(&w.ada, "PUT", &path, set(vec![cy.membership, w.ada.membership]))
            .await
            .expect(200)
            .json();
        assert_eq!(now["reviewers"].as_array().unwrap().len(), 2);
        let page = app.get(&w.ada, &format!("/office/reviews/{id}/reviewers")).await;
        assert!(page.status == 200 || page.status == 303, "a browser that slept too long signs in again");
        assert_eq!(run().await, 1, "Cy decides on Ada's");
    }
}

#[tokio::test]
async fn who_left_and_still_holds_something_is_reported() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let ivo = app.member(w.org, "Ivo Idle", "officer", &[], None).await;
        let archived = app.member(w.org, "Ann Archived", "officer", &[], None).await;
        let login = app.member(w.org, "Will Worker", "officer", &[], None).await;
        app.deactivate(&w.sue).await;
        let worker = kernel::id::WorkerId::new();
        let later = app.now().as_microsecond() + 86_400_000_000;
        let mut batch = Batch::new();
        batch.run("update accounts set archived_at = $2 where id = $1", params![archived.account, app.now()]);
        batch.run(
            "insert into workers (id, organization_id, membership_id, name, search, archived, archived_at, created_at) \
             values ($1, $2, $3, 'Will', 'will', 1, $4, $4)",
            params![worker, w.org, login.membership, app.now()],
        );
        batch.run(
            "update assignments set from_at = $2 where membership_id = $1",
            params![w.sue.membership, later],
        );
        batch
            .run("update memberships set seen_at = $1 where organization_id = $2", params![app.now(), w.org]);
        batch.run(
            "update memberships set seen_at = $2 where id = $1",
            params![ivo.membership, app.now().as_microsecond() - 100 * 86_400_000_000],
        );
        app.put(batch).await;
        let invited = json!({ "name": "Lea Late", "email": "lea@example.com", "role": "administrator", "targets": ["organization"] });
        app.json(&w.ada, "POST", "/api/v1/invitations", invited).await;

        let report = app.get(&w.ada, "/api/v1/reviews/leavers").await.expect(200).json();
        let names = |part: &str| -> Vec<String> {
            report[part]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["name"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(names("deactivated"), ["Sue Visor"]);
        assert_eq!(
            (report["deactivated"][0]["scheduled"].as_i64(), report["deactivated"][0]["tokens"].as_i64()),
            (Some(1), Some(1))
        );
        assert_eq!(names("archived_sign_ins"), ["Ann Archived"]);
        assert_eq!(names("archived_workers"), ["Will Worker"]);
        assert_eq!(names("unseen"), ["Ivo Idle"]);
        assert!(names("lapsed").is_empty());
        let page = app.get(&w.ada, "/office/reviews/leavers").await.expect(200).text();
        assert!(
            page.contains("Ivo Idle")
                && page.contains("Not seen for 90 days")
                && page.contains("1 role to come"),
            "{page}"
        );
        assert_eq!(
            app.get(&w.ada, "/api/v1/reviews/leavers?days=200").await.expect(200).json()["unseen"]
                .as_array()
                .unwrap()
                .len(),
            0
        );
        app.get(&w.ada, "/api/v1/reviews/leavers?days=x").await.expect(400);
        let csv = app.get(&w.ada, "/office/reviews/leavers/export").await.expect(200).text();
        assert!(csv.contains("archived_worker,Will Worker"), "{csv}");
        app.get(&w.ada, "/api/v1/reviews/leavers/export?format=jsonl").await.expect(200);
        app.clock.advance(std::time::Duration::from_secs(8 * DAY));
        let report = app.get(&w.ada, "/api/v1/reviews/leavers").await.expect(200).json();
        let lapsed: Vec<&str> =
            report["lapsed"].as_array().unwrap().iter().map(|one| one["email"].as_str().unwrap()).collect();
        assert_eq!(lapsed, ["lea@example.com"]);

        // A narrower administrator meets their own people only.
        let plaza = app.client(w.org, "Plaza").await;
        let mia = app
            .member(w.org, "Mia Master", "master_administrator", &[Target::Client(plaza)], Some(plaza))
            .await;
        let own = app.get(&mia, "/api/v1/reviews/leavers").await.expect(200).text();
        for name in ["Ivo", "Sue", "Ann", "Will", "lea@"] {
            assert!(!own.contains(name), "{own}");
        }
        app.get(&mia, "/client/reviews/leavers").await.expect(200);
    }
}
