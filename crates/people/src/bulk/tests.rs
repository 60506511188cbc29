//! Giving a role to many through HTTP, on both engines.

use access::Target;
use kernel::id::{OrganizationId, SiteId};
use serde_json::{Value, json};
use store::{Batch, params};
use testkit::{Actor, TestApp};

use crate::trial::actions;

async fn holds(app: &TestApp, who: &Actor, role: &str) -> bool {
    let found: Vec<(String,)> = app
        .app
        .store
        .all(
            "select role_key from assignments where membership_id = $1 and role_key = $2",
            params![who.membership, role],
        )
        .await
        .unwrap();
    !found.is_empty()
}

fn ids(people: &[&Actor]) -> Vec<String> {
    people.iter().map(|one| one.membership.to_string()).collect()
}

fn refused(answer: &Value) -> Vec<(String, String)> {
    let word = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
    answer["refused"].as_array().unwrap().iter().map(|r| (word(r, "name"), word(r, "because"))).collect()
}

#[tokio::test]
async fn who_can_have_it_is_told_first_and_nobody_gets_it_in_passing() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let shop = app.team(org, "Body shop").await;
        let one = app.member(org, "Anna", "officer", &[Target::Site(dock)], None).await;
        let two = app.member(org, "Bert", "guard", &[Target::Site(dock)], None).await;
        let tina = app.member(org, "Tina", "technician", &[Target::Team(shop)], None).await;
        let sue = app.member(org, "Sue", "supervisor", &[Target::Site(dock)], None).await;
        let cleo = app.member(org, "Cleo", "client_user", &[Target::Client(client)], Some(client)).await;
        let mut ask = json!({
            "role": "supervisor",
            "targets": [format!("site:{dock}")],
            "people": ids(&[&one, &tina, &sue, &ada]),
            "addresses": format!("{}\n nobody@example.com; {}", two.email, cleo.email),
        });
        let path = "/api/v1/members/bulk/preview";
        let told = app.json(&ada, "POST", path, ask.clone()).await.expect(200).json();
        assert_eq!((told["good"].as_u64(), &told["first"]), (Some(2), &json!(["Anna", "Bert"])));
        assert_eq!(told["where"], "site Dock 4");
        let nobody = "nobody on this role's side has this address here, as far as you may see";
        let list = [
            ("nobody@example.com", nobody),
            // The client side is another side: not one of those a supervisor can be.
            (cleo.email.as_str(), nobody),
            ("Ada Admin", "Nobody changes their own roles. Ask another administrator."),
            ("Sue", "holds this role there already"),
            ("Tina", "Technician is held alone. Take the other roles away first."),
        ];
        let wanted: Vec<(String, String)> = list.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        assert_eq!(refused(&told), wanted);
        assert!(!holds(&app, &one, "supervisor").await && actions(&app, org).await.is_empty(), "only asked");

        // All of them or nobody: nobody.
        ask["mode"] = json!("all");
        app.json(&ada, "POST", "/api/v1/members/bulk", ask.clone()).await.expect(409);
        assert!(!holds(&app, &one, "supervisor").await);
        ask["mode"] = json!("");
        app.json(&ada, "POST", "/api/v1/members/bulk", ask.clone()).await.expect(422);
        ask["mode"] = json!("good");
        let run = app.json(&ada, "POST", "/api/v1/members/bulk", ask).await.expect(201).json();
        assert_eq!(
            (run["state"].as_str(), run["total"].as_i64(), run["given"].as_i64()),
            (Some("done"), Some(5), Some(2))
        );
        assert_eq!(refused(&run).len(), 3);
        assert!(holds(&app, &one, "supervisor").await && holds(&app, &two, "supervisor").await);
        assert!(!holds(&app, &tina, "supervisor").await);
        assert_eq!(actions(&app, org).await, ["give_role", "give_role"]);
        // The run is its asker's; nobody else's page finds it.
        let path = format!("/members/bulk/{}", run["id"].as_str().unwrap());
        let page = app.get(&ada, &format!("/office{path}")).await.expect(200).text();
        assert!(page.contains("2 of 5 got the role") && page.contains("Technician is held alone"), "{page}");
        let olga = app.member(org, "Olga", "owner", &[Target::Organization], None).await;
        app.get(&olga, &format!("/api/v1{path}")).await.expect(404);
        app.json(&ada, "POST", &format!("/api/v1{path}/continuation"), json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn everybody_who_holds_a_role_gets_another_through_the_pages() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let one = app.member(org, "Anna", "officer", &[Target::Site(dock)], None).await;
        let two = app.member(org, "Bert", "officer", &[Target::Site(dock)], None).await;
        app.get(&ada, "/office/members/bulk").await.expect(200);
        let page = app.get(&ada, "/office/members/bulk?role=officer_office").await.expect(200).text();
        assert!(page.contains("Anna") && page.contains("Everybody who holds"), "{page}");
        let fields = [("role", "officer_office"), ("holders_of", "officer"), ("until", "2026-12-24")];
        let page = app.post_form(&ada, "/office/members/bulk/preview", &fields).await.expect(200).text();
        assert!(page.contains("Give it to all 2 people") && page.contains("Nothing is stored yet"), "{page}");
        let fields = [fields[0], fields[1], fields[2], ("mode", "all")];
        let done = app.post_form(&ada, "/office/members/bulk", &fields).await.expect(303);
        let page = app.get(&ada, done.header("location").unwrap()).await.expect(200).text();
        assert!(page.contains("2 of 2 got the role"), "{page}");
        for who in [&one, &two] {
            assert!(holds(&app, who, "officer_office").await);
            app.get(who, "/office/account").await.expect(200);
        }
        // What is typed wrongly is told at its field; the role that cannot be given is told as such.
        let page = app
            .post_form(
                &ada,
                "/office/members/bulk/preview",
                &[("role", "supervisor"), ("holders_of", "officer")],
            )
            .await
            .expect(422)
            .text();
        assert!(page.contains("never everything"), "{page}");
        let none = [("role", "officer_office")];
        let page = app.post_form(&ada, "/office/members/bulk/preview", &none).await.expect(422).text();
        assert!(page.contains("choose at least one person"), "{page}");
        let desk = app.member(org, "Cara", "call_center", &[Target::Organization], None).await;
        let beyond = json!({ "role": "supervisor", "targets": [format!("site:{dock}")], "people": ids(&[&one]), "mode": "all" });
        app.json(&desk, "POST", "/api/v1/members/bulk", beyond).await.expect(409);
        let sue = app.member(org, "Sue", "supervisor", &[Target::Site(dock)], None).await;
        app.get(&sue, "/office/members/bulk").await.expect(404);
    }
}

/// Whom the asker cannot see is not found, in whichever way they were named.
#[tokio::test]
async fn a_client_gives_to_its_own_people_and_learns_of_no_others() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let weir = app.site(org, mill, None, "Weir").await;
        let mia =
            app.member(org, "Mia", "master_administrator", &[Target::Client(harbour)], Some(harbour)).await;
        let max = app.member(org, "Max", "site_manager", &[Target::Site(dock)], Some(harbour)).await;
        let milo = app.member(org, "Milo", "site_manager", &[Target::Site(weir)], Some(mill)).await;
        let ask = |people: &[&Actor], addresses: &str, holders: &str| {
            json!({
                "role": "guest_manager", "targets": [format!("site:{dock}")], "people": ids(people),
                "addresses": addresses, "holders_of": holders,
            })
        };
        let path = "/api/v1/members/bulk/preview";
        let told = app.json(&mia, "POST", path, ask(&[], "", "site_manager")).await.expect(200).json();
        assert_eq!((told["first"].clone(), refused(&told)), (json!(["Max"]), vec![]));
        let hidden = app.json(&mia, "POST", path, ask(&[&max], &milo.email, "")).await.expect(200).text();
        let absent =
            app.json(&mia, "POST", path, ask(&[&max], "no@example.com", "")).await.expect(200).text();
        assert_eq!(hidden.replace(&milo.email, "…"), absent.replace("no@example.com", "…"));
        let ids_of_strangers = app.json(&mia, "POST", path, ask(&[&milo], "", "")).await.expect(422);
        assert!(ids_of_strangers.text().contains("choose at least one person"));
        assert!(!holds(&app, &milo, "guest_manager").await);
    }
}

/// Many: the answer comes before the work is done, and the work is told about.
#[tokio::test]
async fn very_many_are_given_it_behind_the_answer() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        crowd(&app, org, dock, 450).await;
        let ask = json!({ "role": "supervisor", "targets": [format!("site:{dock}")], "holders_of": "officer", "mode": "good" });
        let run = app.json(&ada, "POST", "/api/v1/members/bulk", ask).await.expect(201).json();
        let path = format!("/api/v1/members/bulk/{}", run["id"].as_str().unwrap());
        let mut now = run;
        for _ in 0..600 {
            if now["state"] == "done" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            now = app.get(&ada, &path).await.expect(200).json();
        }
        assert_eq!((now["state"].as_str(), now["given"].as_i64()), (Some("done"), Some(450)));
        assert_eq!(store::journal::verify(&app.app.store, org).await.unwrap().lines, 450);
    }
}

/// So many officers of a site.
async fn crowd(app: &TestApp, org: OrganizationId, dock: SiteId, many: usize) {
    use kernel::id::{AccountId, AssignmentId, MembershipId};
    let mut batch = Batch::new();
    for n in 0..many {
        let (account, membership, assignment) = (AccountId::new(), MembershipId::new(), AssignmentId::new());
        batch.run(
            "insert into accounts (id, email, name, created_at) values ($1, $2, $3, 0)",
            params![account, format!("o{n}@example.com"), format!("Officer {n:05}")],
        );
        batch.run(
            "insert into memberships (id, organization_id, account_id, audience, name, search, created_at) \
             values ($1, $2, $3, 0, $4, $5, 0)",
            params![membership, org, account, format!("Officer {n:05}"), format!("officer {n:05}")],
        );
        batch.run(
            "insert into assignments (id, organization_id, membership_id, role_key, granted_at) values ($1, $2, $3, 'officer', 0)",
            params![assignment, org, membership],
        );
        batch.run(
            "insert into assignment_targets (organization_id, assignment_id, dimension, target_id) values ($1, $2, 4, $3)",
            params![org, assignment, dock],
        );
    }
    app.put(batch).await;
}

/// `cargo nextest run -p people --run-ignored all five_thousand --no-capture` prints how long it takes.
#[tokio::test]
#[ignore = "a measurement"]
async fn five_thousand_people_are_asked_about_and_given_a_role() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        crowd(&app, org, dock, 5_000).await;
        let mut ask = json!({ "role": "supervisor", "targets": [format!("site:{dock}")], "holders_of": "officer", "mode": "all" });
        let began = std::time::Instant::now();
        let told =
            app.json(&ada, "POST", "/api/v1/members/bulk/preview", ask.clone()).await.expect(200).json();
        println!("{:?}: asked about {} in {:?}", app.engine(), told["good"], began.elapsed());
        ask["targets"] = json!([format!("site:{dock}")]);
        let began = std::time::Instant::now();
        app.json(&ada, "POST", "/api/v1/members/bulk", ask).await.expect(201);
        println!("{:?}: given in {:?}", app.engine(), began.elapsed());
    }
}
