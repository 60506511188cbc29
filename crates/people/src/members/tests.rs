//! Members through HTTP, on both engines. Expected values are read off ROLES.md.

use access::{Feature, Target};
use serde_json::json;
use testkit::{Actor, TestApp};

use crate::trial::{Browser, PASSWORD, actions, journal, letters, person};

async fn admin(app: &TestApp, org: kernel::id::OrganizationId, name: &str) -> Actor {
    app.member(org, name, "customer_admin", &[Target::Organization], None).await
}

fn path(actor: &Actor) -> String {
    format!("/members/{}", actor.membership)
}

#[tokio::test]
async fn an_administrator_reads_gives_and_takes_roles() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org, "Ada Admin").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let gate = app.site(org, client, None, "Gate 2").await;
        let otto = app.member(org, "Otto Officer", "officer", &[Target::Site(dock)], None).await;

        let listed = app.get(&ada, "/office/members").await.expect(200).text();
        assert!(listed.contains("Otto Officer") && listed.contains("site Dock 4"), "{listed}");
        let place = path(&otto);
        app.get(&ada, &format!("/office{place}/roles/new")).await.expect(200);
        app.get(&ada, &format!("/office{place}/roles/new?role=supervisor")).await.expect(200);
        let word = format!("site:{gate}");
        app.post_form(
            &ada,
            &format!("/office{place}/roles"),
            &[("role", "supervisor"), ("targets", &format!("site:{dock}")), ("targets", &word)],
        )
        .await
        .expect(303);
        let page = app.get(&ada, &format!("/office{place}")).await.expect(200).text();
        assert!(page.contains("Supervisor") && page.contains("sites Dock 4 and Gate 2"), "{page}");
        assert!(page.contains("Ada Admin"), "who gave it: {page}");

        let member = app.get(&ada, &format!("/api/v1{place}")).await.expect(200).json();
        let roles = member["roles"].as_array().unwrap();
        assert_eq!(roles.len(), 2);
        let new = roles.iter().find(|r| r["role"] == "supervisor").unwrap();
        assert_eq!(new["where"], "sites Dock 4 and Gate 2");
        assert_eq!(new["given_by"], "Ada Admin");
        let id = new["id"].as_str().unwrap();
        app.post_form(&ada, &format!("/office{place}/roles/{id}/removal"), &[]).await.expect(303);
        let member = app.get(&ada, &format!("/api/v1{place}")).await.expect(200).json();
        assert_eq!(member["roles"].as_array().unwrap().len(), 1);
        // A second press finds nothing to take.
        app.post_form(&ada, &format!("/office{place}/roles/{id}/removal"), &[]).await.expect(404);
        assert_eq!(actions(&app, org).await, ["give_role", "take_role"]);
    }
}

#[tokio::test]
async fn nobody_changes_their_own_rights_and_the_last_administrator_stays() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org, "Ada Admin").await;
        let olga = app.member(org, "Olga Owner", "owner", &[Target::Organization], None).await;
        let own = app.get(&ada, &format!("/api/v1{}", path(&ada))).await.expect(200).json();
        let own = own["roles"][0]["id"].as_str().unwrap().to_owned();

        let give = [("role", "officer_office")];
        let page =
            app.post_form(&ada, &format!("/office{}/roles", path(&ada)), &give).await.expect(403).text();
        assert!(page.contains("Nobody changes their own roles. Ask another administrator."), "{page}");
        let page =
            app.post_form(&ada, &format!("/office{}/roles/{own}/removal", path(&ada)), &[]).await.expect(403);
        assert!(page.text().contains("Nobody changes their own roles"));
        let page = app.post_form(&ada, &format!("/office{}/deactivation", path(&ada)), &[]).await.expect(403);
        assert!(page.text().contains("Nobody deactivates themselves"));

        // Olga may take Ada's role: she is left. Then Ada is nobody, and nobody can do the same to Olga.
        app.post_form(&olga, &format!("/office{}/roles/{own}/removal", path(&ada)), &[]).await.expect(303);
        app.get(&ada, "/office/members").await.expect(404);
        let ivo = app.member(org, "Ivo Interim", "customer_admin", &[], None).await;
        app.give(&ivo, "customer_admin", &[Target::Organization]).await;
        let mut batch = store::Batch::new();
        let until = app.now().as_microsecond() + 86_400_000_000;
        batch.run(
            "update assignments set until_at = $2 where membership_id = $1",
            store::params![ivo.membership, until],
        );
        app.put(batch).await;
        // Ivo administers until tomorrow: that is not for good.
        let olgas = app.get(&ivo, &format!("/api/v1{}", path(&olga))).await.expect(200).json();
        let olgas = olgas["roles"][0]["id"].as_str().unwrap().to_owned();
        let last = "This is the last administrator";
        let page = app
            .post_form(&ivo, &format!("/office{}/roles/{olgas}/removal", path(&olga)), &[])
            .await
            .expect(409);
        assert!(page.text().contains(last), "{}", page.text());
        let page =
            app.post_form(&ivo, &format!("/office{}/deactivation", path(&olga)), &[]).await.expect(409);
        assert!(page.text().contains(last), "{}", page.text());
        app.get(&olga, "/office/members").await.expect(200);
    }
}

#[tokio::test]
async fn nobody_gives_or_takes_beyond_their_own() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let boss = admin(&app, org, "Ada Admin").await;
        let lesser = app.member(org, "Adam Admin", "admin", &[Target::Organization], None).await;
        let desk = app.member(org, "Cara Center", "call_center", &[Target::Organization], None).await;
        let otto = app.member(org, "Otto Officer", "officer", &[Target::Site(dock)], None).await;
        let give = async |who: &Actor, to: &Actor, role: &str, target: &str| {
            app.json(
                who,
                "POST",
                &format!("/api/v1{}/roles", path(to)),
                json!({ "role": role, "targets": [target] }),
            )
            .await
        };
        let dock_word = format!("site:{dock}");
        // `admin` holds no tokens and no features, so cannot make an owner.
        let refused = give(&lesser, &otto, "owner", "organization").await.expect(403).json();
        assert!(
            refused["detail"].as_str().unwrap().starts_with("That goes beyond your own rights"),
            "{refused}"
        );
        // A call center adds officers (it hands that role out), and nothing above.
        let tina = app.member(org, "Tina Trainee", "guard", &[Target::Site(dock)], None).await;
        give(&desk, &tina, "officer", &dock_word).await.expect(201);
        give(&desk, &tina, "supervisor", &dock_word).await.expect(403);
        give(&desk, &otto, "call_center", "organization").await.expect(403);
        // Nobody demotes those above.
        let bosses = app.get(&lesser, &format!("/api/v1{}", path(&boss))).await.expect(200).json();
        let id = bosses["roles"][0]["id"].as_str().unwrap().to_owned();
        app.json(&lesser, "DELETE", &format!("/api/v1{}/roles/{id}", path(&boss)), json!(null))
            .await
            .expect(403);
        app.post_form(&lesser, &format!("/office{}/deactivation", path(&boss)), &[]).await.expect(403);
        app.get(&boss, "/office/members").await.expect(200);
    }
}

#[tokio::test]
async fn roles_are_given_only_as_they_can_be_held() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let other = app.organization("Southwatch").await;
        let ada = admin(&app, org, "Ada Admin").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let gate = app.site(org, client, None, "Gate 2").await;
        let team = app.team(org, "Body shop").await;
        let foreign_client = app.client(other, "Foreign").await;
        let foreign = app.site(other, foreign_client, None, "Foreign site").await;
        let staff = app.member(org, "Sam Staff", "officer", &[Target::Site(dock)], None).await;
        let site_user =
            app.member(org, "Cleo Client", "site_user", &[Target::Site(dock)], Some(client)).await;
        let give = async |to: &Actor, body: serde_json::Value| {
            app.json(&ada, "POST", &format!("/api/v1{}/roles", path(to)), body).await
        };
        let wrong = async |to: &Actor, body: serde_json::Value, field: &str, says: &str| {
            let errors = give(to, body).await.expect(422).json();
            let told = errors["errors"][field][0].as_str().unwrap_or_default().to_owned();
            assert!(told.contains(says), "{errors}");
        };
        let site = |id: kernel::id::SiteId| format!("site:{id}");
        wrong(&staff, json!({ "role": "pilot", "targets": ["organization"] }), "role", "choose a role").await;
        // A role of another side is no role for this person.
        wrong(&staff, json!({ "role": "client_user", "targets": [site(dock)] }), "role", "choose a role")
            .await;
        wrong(&staff, json!({ "role": "supervisor", "targets": [] }), "targets", "never everything").await;
        wrong(
            &staff,
            json!({ "role": "supervisor", "targets": ["moon"] }),
            "targets",
            "choose from the list",
        )
        .await;
        // A site of another organization answers like one that is not there.
        wrong(
            &staff,
            json!({ "role": "supervisor", "targets": [site(foreign)] }),
            "targets",
            "choose from the list",
        )
        .await;
        wrong(
            &staff,
            json!({ "role": "supervisor", "targets": ["organization"] }),
            "role",
            "is given at a site or narrower",
        )
        .await;
        wrong(
            &staff,
            json!({ "role": "officer_office", "targets": [site(dock)] }),
            "targets",
            "name no place",
        )
        .await;
        wrong(
            &site_user,
            json!({ "role": "site_user", "targets": [site(gate)] }),
            "role",
            "no more than 1 place",
        )
        .await;
        wrong(
            &staff,
            json!({ "role": "technician", "targets": [format!("team:{team}")] }),
            "role",
            "is held alone",
        )
        .await;
        wrong(
            &staff,
            json!({ "role": "supervisor", "targets": [site(dock)], "until": "2026-11-01" }),
            "until",
            "over already",
        )
        .await;
        wrong(
            &staff,
            json!({ "role": "supervisor", "targets": [site(dock)], "from": "soon" }),
            "from",
            "2026-11-23",
        )
        .await;
        app.feature(org, Feature::TechnicianUsers, false).await;
        let other_team = app.team(org, "Paint shop").await;
        let tom = app.member(org, "Tom Tech", "technician", &[Target::Team(other_team)], None).await;
        wrong(
            &tom,
            json!({ "role": "technician", "targets": [format!("team:{team}")] }),
            "role",
            "technician_users",
        )
        .await;
        assert_eq!(actions(&app, org).await, Vec::<String>::new(), "nothing was stored");

        // From and until: the last day counts in full, in New York.
        let body = json!({ "role": "supervisor", "targets": [site(dock)], "from": "2026-11-24", "until": "2026-11-25" });
        let given = give(&staff, body).await.expect(201).json();
        let later = given["roles"].as_array().unwrap().iter().find(|r| r["role"] == "supervisor").unwrap();
        assert_eq!(later["standing"], "later");
        assert_eq!(later["until"], "2026-11-26T05:00:00Z");
        // A form that is refused keeps what was typed.
        let page = app
            .post_form(
                &ada,
                &format!("/office{}/roles", path(&staff)),
                &[("role", "supervisor"), ("targets", &site(gate)), ("until", "never")],
            )
            .await
            .expect(422)
            .text();
        assert!(page.contains("value=\"never\"") && page.contains("write a day such as"), "{page}");
        assert!(page.contains(&format!("value=\"{}\" checked", site(gate))), "{page}");
    }
}

#[tokio::test]
async fn who_sees_whom() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let other = app.organization("Southwatch").await;
        let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let gate = app.site(org, harbour, None, "Gate 2").await;
        let weir = app.site(org, mill, None, "Weir").await;
        let ada = admin(&app, org, "Ada Admin").await;
        let sue = app.member(org, "Sue Supervisor", "supervisor", &[Target::Site(dock)], None).await;
        let master = app
            .member(org, "Mia Master", "master_administrator", &[Target::Client(harbour)], Some(harbour))
            .await;
        let manager = app
            .member(
                org,
                "Max Manager",
                "site_manager",
                &[Target::Site(dock), Target::Site(gate)],
                Some(harbour),
            )
            .await;
        let basic = app.member(org, "Bo Basic", "basic_user", &[Target::Site(dock)], Some(harbour)).await;
        app.member(org, "Bea Basic", "basic_user", &[Target::Site(weir)], Some(mill)).await;
        let stranger = admin(&app, other, "Stan Stranger").await;
        let names = async |who: &Actor| -> Vec<String> {
            let page = app.get(who, "/api/v1/members").await.expect(200).json();
            page["items"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(
            names(&ada).await,
            ["Ada Admin", "Bea Basic", "Bo Basic", "Max Manager", "Mia Master", "Sue Supervisor"]
        );
        // "must NOT add, delete or change officers": no people at all.
        app.get(&sue, "/office/members").await.expect(404);
        assert_eq!(names(&master).await, ["Bo Basic", "Max Manager", "Mia Master"]);
        // A manager sees the basic users of the own sites.
        assert_eq!(names(&manager).await, ["Bo Basic"]);
        // A basic user "sees no other user".
        app.get(&basic, "/api/v1/members").await.expect(404);
        app.get(&basic, "/client/members").await.expect(404);
        assert_eq!(names(&stranger).await, ["Stan Stranger"]);

        let hidden = app.get(&master, &format!("/api/v1{}", path(&ada))).await.expect(404);
        let none = app
            .get(&master, &format!("/api/v1/members/{}", kernel::id::MembershipId::new()))
            .await
            .expect(404);
        assert_eq!((hidden.bytes, hidden.headers), (none.bytes, none.headers));
        app.get(&master, "/client/members").await.expect(200);
        // What a client's account is let see is not shown to the client side.
        let seen = app.get(&master, &format!("/api/v1{}", path(&basic))).await.expect(200).json();
        assert!(seen.get("share_all").is_none() && seen.get("live_clock_ins").is_none(), "{seen}");
        let page = app.get(&master, &format!("/client{}", path(&basic))).await.expect(200).text();
        assert!(page.contains("site Dock 4") && !page.contains("Live clock-ins"), "{page}");
        // Search and filters stay within the plan.
        let found = app.get(&master, "/api/v1/members?q=ada").await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 0);
        let found = app.get(&ada, "/api/v1/members?audience=client&q=BASIC").await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 2);
        app.get(&ada, "/api/v1/members?audience=martian").await.expect(400);
    }
}

#[tokio::test]
async fn deactivating_ends_sessions_and_tokens_at_once_and_for_good() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org, "Ada Admin").await;
        let otto = person(&app, org, "Otto Office", "admin", &[Target::Organization], None).await;
        app.get(&otto, "/office/members").await.expect(200);
        app.get(&otto, "/api/v1/members").await.expect(200);
        app.post_form(&ada, &format!("/office{}/deactivation", path(&otto)), &[]).await.expect(303);
        let sent = app.get(&otto, "/office/members").await.expect(303);
        assert!(sent.header("location").unwrap().starts_with("/sign-in"));
        app.get(&otto, "/api/v1/members").await.expect(401);
        // Signing in still works, and says what is the matter.
        let mut browser = Browser::default();
        let to = browser.sign_in(&app, &otto.email, PASSWORD).await.expect(303);
        assert_eq!(to.header("location"), Some("/hats"));
        assert!(browser.get(&app, "/hats").await.expect(200).text().contains("deactivated"));
        let gone = app.get(&ada, "/api/v1/members?inactive=true").await.expect(200).json();
        assert_eq!(gone["items"][0]["name"], "Otto Office");

        app.post_form(&ada, &format!("/office{}/reactivation", path(&otto)), &[]).await.expect(303);
        app.get(&otto, "/office/members").await.expect(303);
        app.get(&otto, "/api/v1/members").await.expect(401);
        browser.sign_in(&app, &otto.email, PASSWORD).await.expect(303);
        browser.get(&app, "/office/members").await.expect(200);
        assert_eq!(actions(&app, org).await, ["deactivate", "reactivate", "sign_in"]);
    }
}

#[tokio::test]
async fn a_call_center_resets_passwords_of_officers_and_of_nobody_above() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let ada = admin(&app, org, "Ada Admin").await;
        let desk = app.member(org, "Cara Center", "call_center", &[Target::Organization], None).await;
        let otto = person(&app, org, "Otto Officer", "officer", &[Target::Site(dock)], None).await;
        let sue = app.member(org, "Sue Supervisor", "supervisor", &[Target::Site(dock)], None).await;
        let reset = async |who: &Actor, whose: &Actor| {
            app.post_form(who, &format!("/office{}/password-reset", path(whose)), &[]).await
        };
        reset(&desk, &otto).await.expect(303);
        let letter = letters(&app, &otto.email).await;
        assert!(letter.len() == 1 && letter[0].2.contains("/reset/"), "{letter:?}");
        let peer = app.member(org, "Cyd Center", "call_center", &[Target::Organization], None).await;
        for above in [&sue, &ada, &peer] {
            let page = reset(&desk, above).await.expect(403).text();
            assert!(page.contains("goes beyond your own rights"), "{page}");
            assert_eq!(letters(&app, &above.email).await.len(), 0);
        }
        reset(&sue, &otto).await.expect(404);
        let own = reset(&desk, &desk).await.expect(409).text();
        assert!(own.contains("Your account"), "{own}");
        let lines = journal(&app, org).await;
        assert_eq!(lines.len(), 1);
        let secret = letter[0].2.split("/reset/").nth(1).unwrap().split_whitespace().next().unwrap();
        assert!(lines[0].0 == "reset_password" && !lines[0].1.contains(secret));
    }
}

#[tokio::test]
async fn staff_set_what_a_clients_account_is_let_see() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let ada = admin(&app, org, "Ada Admin").await;
        let cleo =
            app.member(org, "Cleo Client", "client_account", &[Target::Site(dock)], Some(client)).await;
        let master = app
            .member(org, "Mia Master", "master_administrator", &[Target::Client(client)], Some(client))
            .await;
        app.get(&ada, &format!("/office{}/edit", path(&cleo))).await.expect(200);
        let body = |share: bool, version: i64| json!({ "name": "Cleo C.", "share_all": share, "live_clock_ins": false, "version": version });
        let changed =
            app.json(&ada, "PUT", &format!("/api/v1{}", path(&cleo)), body(true, 1)).await.expect(200).json();
        assert_eq!((changed["share_all"].as_bool(), changed["name"].as_str()), (Some(true), Some("Cleo C.")));
        app.json(&ada, "PUT", &format!("/api/v1{}", path(&cleo)), body(false, 1)).await.expect(409);
        // The client's administrator may correct the name, and not what the organization lets the account see.
        app.json(&master, "PUT", &format!("/api/v1{}", path(&cleo)), body(true, 2)).await.expect(403);
        app.json(&master, "PUT", &format!("/api/v1{}", path(&cleo)), body(false, 2)).await.expect(200);
        let kept = app.get(&ada, &format!("/api/v1{}", path(&cleo))).await.expect(200).json();
        assert_eq!(kept["share_all"], true);
        let name_alone = json!({ "name": "Cleo C.", "version": 3 });
        let kept =
            app.json(&ada, "PUT", &format!("/api/v1{}", path(&cleo)), name_alone).await.expect(200).json();
        assert_eq!(kept["share_all"], true, "left out is not turned off");
        let own = json!({ "name": "Ada", "share_all": true, "version": 1 });
        app.json(&ada, "PUT", &format!("/api/v1{}", path(&ada)), own).await.expect(422);
        let page = app
            .post_form(&ada, &format!("/office{}", path(&cleo)), &[("name", " \t"), ("version", "4")])
            .await
            .expect(422)
            .text();
        assert!(page.contains("fill this in"), "{page}");
    }
}

#[tokio::test]
async fn the_last_static_site_of_a_clients_account_cannot_be_taken() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let round = app.site(org, client, None, "Night round").await;
        let mut batch = store::Batch::new();
        batch.run("update sites set kind = 1 where id = $1", store::params![round]);
        app.put(batch).await;
        let ada = admin(&app, org, "Ada Admin").await;
        let cleo =
            app.member(org, "Cleo Client", "client_account", &[Target::Site(dock)], Some(client)).await;
        let patrol = app.give(&cleo, "client_account", &[Target::Site(round)]).await;
        let read = app.get(&ada, &format!("/api/v1{}", path(&cleo))).await.expect(200).json();
        let first = read["roles"][0]["id"].as_str().unwrap().to_owned();
        let fixed = if first == patrol.to_string() {
            read["roles"][1]["id"].as_str().unwrap().to_owned()
        } else {
            first
        };
        let take = async |id: &str| {
            app.json(&ada, "DELETE", &format!("/api/v1{}/roles/{id}", path(&cleo)), json!(null)).await
        };
        let refused = take(&fixed).await.expect(422).json();
        assert!(
            refused["errors"]["targets"][0].as_str().unwrap().contains("at least one static site"),
            "{refused}"
        );
        // With the rule off it goes.
        let mut batch = store::Batch::new();
        batch.run("update organizations set require_static_site = 0 where id = $1", store::params![org]);
        app.put(batch).await;
        take(&fixed).await.expect(200);
    }
}

#[tokio::test]
async fn what_somebody_can_see_is_told_in_sentences() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let gate = app.site(org, client, None, "Gate 2").await;
        let ada = admin(&app, org, "Ada Admin").await;
        let cleo = app
            .member(org, "Cleo Client", "client", &[Target::Site(dock), Target::Site(gate)], Some(client))
            .await;
        let desk = app.member(org, "Cara Center", "call_center", &[Target::Organization], None).await;
        let told = async |who: &Actor| app.get(who, &format!("/api/v1{}/sight", path(&cleo))).await;
        let of = |sights: &serde_json::Value, word: &str| {
            sights.as_array().unwrap().iter().find(|s| s["resource"] == word).cloned()
        };
        let sights = told(&ada).await.expect(200).json();
        let incidents = of(&sights, "incident").unwrap();
        assert_eq!(incidents["sees"], json!(["those of sites Dock 4 and Gate 2 that were published"]));
        assert_eq!(incidents["hidden"], json!(["internal notes", "who filed it, who has it", "positions"]));
        assert!(of(&sights, "timesheet").is_none(), "{sights}");
        let page = app.get(&ada, &format!("/office{}/sight", path(&cleo))).await.expect(200).text();
        assert!(page.contains("Those of sites Dock 4 and Gate 2 that were published."), "{page}");

        app.switch(org, access::Switch::IncidentReports, false).await;
        let sights = told(&ada).await.expect(200).json();
        let incidents = of(&sights, "incident").unwrap();
        assert_eq!(incidents["sees"], json!([]));
        assert_eq!(
            incidents["not"][0],
            "Client would give more, but the organization's switch \"Incident reports\" is off"
        );
        // Only those who may ask.
        told(&desk).await.expect(403);
        told(&cleo).await.expect(404);
    }
}

#[tokio::test]
async fn a_token_with_few_scopes_hands_out_no_more_than_those() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = admin(&app, org, "Ada Admin").await;
        let sam = app.member(org, "Sam Staff", "officer_office", &[], None).await;
        let body = json!({ "role": "owner", "targets": ["organization"] });
        let mut batch = store::Batch::new();
        batch.run(
            "update api_tokens set scopes = 'account.view assignment.view assignment.create assignment.delete' where membership_id = $1",
            store::params![ada.membership],
        );
        app.put(batch).await;
        let refused =
            app.json(&ada, "POST", &format!("/api/v1{}/roles", path(&sam)), body.clone()).await.expect(403);
        assert!(
            refused.json()["detail"].as_str().unwrap().contains("scopes of this token"),
            "{}",
            refused.text()
        );
        // At the desk the same person may.
        app.post_form(
            &ada,
            &format!("/office{}/roles", path(&sam)),
            &[("role", "owner"), ("targets", "organization")],
        )
        .await
        .expect(303);
    }
}
