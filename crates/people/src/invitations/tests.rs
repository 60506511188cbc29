//! Invitations through HTTP, on both engines. Expected values are read off ROLES.md.

use std::time::Duration;

use access::Target;
use kernel::id::{ClientId, OrganizationId, SiteId};
use serde_json::{Value, json};
use store::{Batch, params};
use testkit::{Actor, Answered, TestApp};

use crate::trial::{Browser, PASSWORD, actions, journal, letters, link, person};

const NEW: &str = "seven grey herons at dawn";

async fn admin(app: &TestApp, org: OrganizationId) -> Actor {
    person(app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await
}

async fn invite(app: &TestApp, who: &Actor, email: &str, role: &str, targets: &[String]) -> Answered {
    let body = json!({ "email": email, "name": "Nina New", "role": role, "targets": targets });
    app.json(who, "POST", "/api/v1/invitations", body).await
}

fn at(site: SiteId) -> Vec<String> {
    vec![format!("site:{site}")]
}

struct World {
    org: OrganizationId,
    ada: Actor,
    harbour: ClientId,
    dock: SiteId,
    gate: SiteId,
    weir: SiteId,
}

async fn world(app: &TestApp) -> World {
    let org = app.organization("Northwatch").await;
    let ada = admin(app, org).await;
    let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
    World {
        org,
        ada,
        harbour,
        dock: app.site(org, harbour, None, "Dock 4").await,
        gate: app.site(org, harbour, None, "Gate 2").await,
        weir: app.site(org, mill, None, "Weir").await,
    }
}

#[tokio::test]
async fn an_invitation_makes_an_account_that_sees_its_role_and_nothing_else() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        app.get(&w.ada, "/office/invitations/new").await.expect(200);
        app.get(&w.ada, "/office/invitations/new?role=supervisor").await.expect(200);
        let word = format!("site:{}", w.dock);
        let sent = app
            .post_form(
                &w.ada,
                "/office/invitations",
                &[
                    ("email", " Nina@Example.com"),
                    ("name", "Nina New"),
                    ("role", "supervisor"),
                    ("targets", &word),
                ],
            )
            .await
            .expect(303);
        let place = sent.header("location").unwrap().to_owned();
        let page = app.get(&w.ada, &place).await.expect(200).text();
        assert!(page.contains("nina@example.com") && page.contains("Site Dock 4."), "{page}");
        let listed = app.get(&w.ada, "/office/invitations").await.expect(200).text();
        assert!(listed.contains("Nina New") && listed.contains("Waiting"), "{listed}");

        let letter = &letters(&app, "nina@example.com").await[0];
        assert_eq!(letter.1, "Invitation to Northwatch");
        assert!(letter.2.contains("Ada Admin invites you to Northwatch"), "{}", letter.2);
        assert!(letter.2.contains("You are to be Supervisor, for site Dock 4."), "{}", letter.2);
        let path = link(&app, "nina@example.com").await;
        let mut browser = Browser::default();
        // Looking, as a mail program's scanner does, uses nothing up.
        browser.get(&app, &path).await.expect(200);
        let page = browser.get(&app, &path).await.expect(200).text();
        assert!(page.contains("Ada Admin") && page.contains("Choose a password"), "{page}");
        let wrong =
            browser.post(&app, &path, &[("name", "  "), ("password", "nina nina")]).await.expect(422).text();
        assert!(wrong.contains("fill this in") && wrong.contains("at least 10 characters"), "{wrong}");
        let done = browser.post(&app, &path, &[("name", "Nina N."), ("password", NEW)]).await.expect(303);
        assert!(done.header("location").unwrap().starts_with("/office"));
        let page = browser.get(&app, "/office/account").await.expect(200).text();
        assert!(page.contains("Nina N.") && page.contains("Supervisor"), "{page}");
        browser.get(&app, "/office/members").await.expect(404);

        // Once.
        Browser::default().get(&app, &path).await.expect(404);
        Browser::default().post(&app, &path, &[("name", "X"), ("password", NEW)]).await.expect(404);
        Browser::default().sign_in(&app, "nina@example.com", NEW).await.expect(303);
        let page = app.get(&w.ada, &place).await.expect(200).text();
        assert!(page.contains("Accepted") && !page.contains("Send again"), "{page}");
        assert_eq!(actions(&app, w.org).await, ["invite", "accept_invitation", "sign_in"]);
        let token = path.rsplit('/').next().unwrap();
        for (_, detail) in journal(&app, w.org).await {
            assert!(!detail.contains(token) && !detail.contains(NEW), "{detail}");
        }
        let member = app.get(&w.ada, "/api/v1/members?q=nina").await.expect(200).json();
        assert_eq!(member["items"][0]["roles"][0]["where"], "site Dock 4");
    }
}

#[tokio::test]
async fn a_link_dies_after_seven_days_by_a_newer_one_and_when_taken_back() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let made = invite(&app, &w.ada, "nina@example.com", "officer", &at(w.dock)).await.expect(201).json();
        let api = format!("/api/v1/invitations/{}", made["id"].as_str().unwrap());
        assert_eq!(
            (made["state"].as_str(), made["expires_at"].as_str()),
            (Some("pending"), Some("2026-11-30T08:00:00Z"))
        );
        assert!(!made.to_string().contains("/invitation/"), "the link goes by mail only: {made}");
        let first = link(&app, "nina@example.com").await;
        let mut anyone = Browser::default();
        app.clock.advance(Duration::from_secs(7 * 86_400));
        let dead = anyone.get(&app, &first).await.expect(404);
        assert_eq!(dead.bytes, anyone.get(&app, "/invitation/nothing").await.expect(404).bytes);
        assert_eq!(app.get(&w.ada, &api).await.expect(200).json()["state"], "expired");

        app.json(&w.ada, "POST", &format!("{api}/letter"), Value::Null).await.expect(200);
        let second = link(&app, "nina@example.com").await;
        assert_ne!(first, second);
        anyone.get(&app, &second).await.expect(200);
        app.clock.advance(Duration::from_secs(60));
        app.json(&w.ada, "POST", &format!("{api}/letter"), Value::Null).await.expect(200);
        let third = link(&app, "nina@example.com").await;
        anyone.get(&app, &second).await.expect(404);
        anyone.post(&app, &second, &[("name", "Nina"), ("password", NEW)]).await.expect(404);

        app.json(&w.ada, "POST", &format!("{api}/revocation"), Value::Null).await.expect(200);
        anyone.get(&app, &third).await.expect(404);
        anyone.post(&app, &third, &[("name", "Nina"), ("password", NEW)]).await.expect(404);
        app.json(&w.ada, "POST", &format!("{api}/letter"), Value::Null).await.expect(409);
        app.json(&w.ada, "POST", &format!("{api}/revocation"), Value::Null).await.expect(409);
        assert_eq!(
            actions(&app, w.org).await,
            ["invite", "resend_invitation", "resend_invitation", "revoke_invitation"]
        );
    }
}

#[tokio::test]
async fn whoever_has_an_account_accepts_by_signing_in() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let other = app.organization("Southwatch").await;
        let sam = person(&app, other, "Sam South", "admin", &[Target::Organization], None).await;
        invite(&app, &w.ada, &sam.email, "officer", &at(w.dock)).await.expect(201);
        let path = link(&app, &sam.email).await;
        let mut browser = Browser::default();
        let page = browser.get(&app, &path).await.expect(200).text();
        assert!(page.contains("Sign in to accept") && !page.contains("Choose a password"), "{page}");
        // The link alone opens nothing, and sets no password.
        let wrong = browser.post(&app, &path, &[("password", NEW)]).await.expect(422).text();
        assert!(wrong.contains("this is not the password of this account"), "{wrong}");
        browser.post(&app, &path, &[("password", PASSWORD)]).await.expect(303);
        let page = browser.get(&app, "/hats").await.expect(200).text();
        assert!(page.contains("Northwatch") && page.contains("Southwatch"), "{page}");
        // Acting for the one gives nothing of the other.
        browser.get(&app, "/office/members").await.expect(404);
        browser.get(&app, "/field/account").await.expect(200);

        // Somebody else's session does not accept for them; their own does, without a password.
        let pat = person(&app, other, "Pat South", "admin", &[Target::Organization], None).await;
        invite(&app, &w.ada, &pat.email, "officer", &at(w.dock)).await.expect(201);
        let path = link(&app, &pat.email).await;
        browser.post(&app, &path, &[]).await.expect(422);
        let mut own = Browser::default();
        own.sign_in(&app, &pat.email, PASSWORD).await.expect(303);
        let before = own.cookie.clone();
        assert!(
            own.get(&app, &path).await.expect(200).text().contains("You are signed in with this address")
        );
        own.post(&app, &path, &[]).await.expect(303);
        assert_ne!(own.cookie, before, "the secret is new");
        own.get(&app, "/field/account").await.expect(200);
    }
}

#[tokio::test]
async fn guessing_at_an_invitation_is_slowed_down() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let other = app.organization("Southwatch").await;
        let sam = person(&app, other, "Sam South", "admin", &[Target::Organization], None).await;
        invite(&app, &w.ada, &sam.email, "officer", &at(w.dock)).await.expect(201);
        let path = link(&app, &sam.email).await;
        let mut thief = Browser::from_address("203.0.113.9");
        for _ in 0..5 {
            thief.post(&app, &path, &[("password", "wrong")]).await.expect(422);
        }
        let refused = thief.post(&app, &path, &[("password", PASSWORD)]).await.expect(429);
        assert_eq!(refused.header("retry-after"), Some("1"));
    }
}

#[tokio::test]
async fn what_cannot_be_offered_is_refused_with_a_sentence() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let desk = app.member(w.org, "Cara Center", "call_center", &[Target::Organization], None).await;
        let lesser = app.member(w.org, "Adam Admin", "admin", &[Target::Organization], None).await;
        let sue = app.member(w.org, "Sue Supervisor", "supervisor", &[Target::Site(w.dock)], None).await;
        invite(&app, &sue, "x@example.com", "officer", &at(w.dock)).await.expect(404);
        app.get(&sue, "/office/invitations").await.expect(404);
        invite(&app, &desk, "x@example.com", "officer", &at(w.dock)).await.expect(201);
        let refused =
            invite(&app, &desk, "y@example.com", "supervisor", &at(w.dock)).await.expect(403).json();
        assert!(refused["detail"].as_str().unwrap().starts_with("That goes beyond your own rights"));
        invite(&app, &lesser, "y@example.com", "owner", &["organization".into()]).await.expect(403);
        assert_eq!(letters(&app, "y@example.com").await.len(), 0);

        let wrong = async |body: Value, field: &str, says: &str| {
            let told = app.json(&w.ada, "POST", "/api/v1/invitations", body).await.expect(422).json();
            assert!(told["errors"][field][0].as_str().unwrap_or_default().contains(says), "{told}");
        };
        let site = at(w.dock);
        wrong(
            json!({ "email": "nina", "name": "N", "role": "officer", "targets": site }),
            "email",
            "write an e-mail",
        )
        .await;
        wrong(
            json!({ "email": "n@example.com", "name": "", "role": "officer", "targets": site }),
            "name",
            "fill this in",
        )
        .await;
        wrong(
            json!({ "email": "n@example.com", "name": "N", "role": "pilot", "targets": site }),
            "role",
            "choose a role",
        )
        .await;
        wrong(
            json!({ "email": "n@example.com", "name": "N", "role": "officer" }),
            "targets",
            "never everything",
        )
        .await;
        wrong(
            json!({ "email": sue.email, "name": "N", "role": "officer", "targets": site }),
            "email",
            "a member already",
        )
        .await;
        wrong(
            json!({ "email": "x@example.com", "name": "N", "role": "guard", "targets": site }),
            "email",
            "invited already",
        )
        .await;
        wrong(
            json!({ "email": "n@example.com", "name": "N", "role": "sales_person" }),
            "client",
            "choose the client",
        )
        .await;
        wrong(
            json!({ "email": "n@example.com", "name": "N", "role": "officer", "targets": site, "client": w.harbour.to_string() }),
            "client",
            "name no client besides",
        )
        .await;
        let own = json!({ "email": "n@example.com", "name": "N", "role": "sales_person", "client": w.harbour.to_string() });
        app.json(&w.ada, "POST", "/api/v1/invitations", own).await.expect(201);
        // A form that is refused keeps what was typed.
        let word = format!("site:{}", w.gate);
        let page = app
            .post_form(
                &w.ada,
                "/office/invitations",
                &[("email", "no address"), ("name", "<i>Nina</i>"), ("role", "officer"), ("targets", &word)],
            )
            .await
            .expect(422)
            .text();
        assert!(page.contains("value=\"no address\"") && page.contains("&lt;i&gt;Nina"), "{page}");
        assert!(page.contains(&format!("value=\"{word}\" checked")), "{page}");
    }
}

#[tokio::test]
async fn an_offer_stands_only_while_whoever_made_it_could_make_it() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let second = app.member(w.org, "Bert Boss", "customer_admin", &[Target::Organization], None).await;
        let made = invite(&app, &second, "nina@example.com", "owner", &["organization".into()])
            .await
            .expect(201)
            .json();
        let path = link(&app, "nina@example.com").await;
        app.post_form(&w.ada, &format!("/office/members/{}/deactivation", second.membership), &[])
            .await
            .expect(303);
        let mut nina = Browser::default();
        let page = nina.post(&app, &path, &[("name", "Nina"), ("password", NEW)]).await.expect(409).text();
        assert!(page.contains("Whoever invited you can no longer give you this role"), "{page}");
        // Another administrator sends it again, and answers for it from then on.
        let id = made["id"].as_str().unwrap();
        app.post_form(&w.ada, &format!("/office/invitations/{id}/letter"), &[]).await.expect(303);
        let path = link(&app, "nina@example.com").await;
        app.feature(w.org, access::Feature::Guarding, false).await;
        let page = nina.post(&app, &path, &[("name", "Nina"), ("password", NEW)]).await.expect(409).text();
        assert!(page.contains("Owner belongs to a pack that is off"), "{page}");
        app.feature(w.org, access::Feature::Guarding, true).await;
        nina.post(&app, &path, &[("name", "Nina"), ("password", NEW)]).await.expect(303);
        nina.get(&app, "/office/members").await.expect(200);
    }
}

#[tokio::test]
async fn a_clients_account_needs_a_static_site() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let mut batch = Batch::new();
        batch.run("update sites set kind = 1 where id = $1", params![w.gate]);
        app.put(batch).await;
        for role in ["client", "client_account"] {
            let told = invite(&app, &w.ada, "c@example.com", role, &at(w.gate)).await.expect(422).json();
            let why = told["errors"]["targets"][0].as_str().unwrap_or_default().to_owned();
            assert!(why.contains("at least one static site"), "{told}");
        }
        // Both together are fine, and so are other roles with a patrol site alone.
        let both = [at(w.gate), at(w.dock)].concat();
        invite(&app, &w.ada, "c@example.com", "client_account", &both).await.expect(201);
        invite(&app, &w.ada, "s@example.com", "site_user", &at(w.gate)).await.expect(201);
        // The site turns into a patrol site before the invitation is accepted.
        let mut batch = Batch::new();
        batch.run("update sites set kind = 1 where id = $1", params![w.dock]);
        app.put(batch).await;
        let path = link(&app, "c@example.com").await;
        let page = Browser::default()
            .post(&app, &path, &[("name", "C"), ("password", NEW)])
            .await
            .expect(409)
            .text();
        assert!(page.contains("at least one static site"), "{page}");
        let mut batch = Batch::new();
        batch.run("update organizations set require_static_site = 0 where id = $1", params![w.org]);
        app.put(batch).await;
        invite(&app, &w.ada, "d@example.com", "client", &at(w.gate)).await.expect(201);
        Browser::default().post(&app, &path, &[("name", "C"), ("password", NEW)]).await.expect(303);
    }
}

#[tokio::test]
async fn staff_take_no_account_on_the_client_side_and_nobody_learns_of_staff_by_inviting() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let master = app
            .member(
                w.org,
                "Mia Master",
                "master_administrator",
                &[Target::Client(w.harbour)],
                Some(w.harbour),
            )
            .await;
        let otto = person(&app, w.org, "Otto Officer", "officer", &[Target::Site(w.dock)], None).await;
        let told = invite(&app, &w.ada, &otto.email, "client_account", &at(w.dock)).await.expect(422).json();
        assert!(
            told["errors"]["email"][0].as_str().unwrap().contains("is on the staff list of Northwatch"),
            "{told}"
        );

        let strip = |mut answer: Value| {
            for field in ["id", "email"] {
                answer[field] = json!("…");
            }
            answer
        };
        let staff = invite(&app, &master, &otto.email, "basic_user", &at(w.dock)).await.expect(201).json();
        let nobody =
            invite(&app, &master, "nobody@example.com", "basic_user", &at(w.dock)).await.expect(201).json();
        assert_eq!(strip(staff.clone()), strip(nobody));
        let letter = &letters(&app, &otto.email).await[0];
        assert!(letter.1.starts_with("No invitation") && !letter.2.contains("/invitation/"), "{letter:?}");
        // Sending again is no way round it.
        let id = staff["id"].as_str().unwrap();
        app.json(&master, "POST", &format!("/api/v1/invitations/{id}/letter"), Value::Null).await.expect(200);
        assert!(letters(&app, &otto.email).await.iter().all(|letter| !letter.2.contains("/invitation/")));

        // Somebody who joined the staff after they were invited cannot accept either.
        invite(&app, &w.ada, "nina@example.com", "client_account", &at(w.dock)).await.expect(201);
        let client_link = link(&app, "nina@example.com").await;
        let mut batch = Batch::new();
        batch.run("update invitations set revoked_at = null where email = 'nina@example.com'", params![]);
        app.put(batch).await;
        invite(&app, &w.ada, "nina@example.com", "officer", &at(w.dock)).await.expect(201);
        let mut nina = Browser::default();
        let staff_link = link(&app, "nina@example.com").await;
        assert_ne!(client_link, staff_link);
        nina.post(&app, &staff_link, &[("name", "Nina"), ("password", NEW)]).await.expect(303);
        let page = nina.post(&app, &client_link, &[]).await.expect(409).text();
        assert!(page.contains("Your address is on the staff list of Northwatch"), "{page}");
        // With the rule off, the same address may stand on both sides, and acts as one at a time.
        let mut batch = Batch::new();
        batch.run("update organizations set refuse_staff_email = 0 where id = $1", params![w.org]);
        app.put(batch).await;
        nina.post(&app, &client_link, &[]).await.expect(303);
        nina.get(&app, "/client/account").await.expect(200);
        nina.get(&app, "/field/account").await.expect(404);
    }
}

#[tokio::test]
async fn the_client_side_invites_its_own_people_and_nobody_else() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let master = app
            .member(
                w.org,
                "Mia Master",
                "master_administrator",
                &[Target::Client(w.harbour)],
                Some(w.harbour),
            )
            .await;
        let manager =
            app.member(w.org, "Max Manager", "site_manager", &[Target::Site(w.dock)], Some(w.harbour)).await;
        let client = |id: ClientId| vec![format!("client:{id}")];

        // "create administrators, managers, basic users, guest technicians"
        let page = app.get(&master, "/client/invitations/new").await.expect(200).text();
        for role in ["client_administrator", "site_manager", "basic_user", "guest_technician"] {
            assert!(page.contains(&format!("?role={role}\"")), "{role}: {page}");
        }
        for role in ["customer_admin", "supervisor", "administrator", "call_center"] {
            assert!(!page.contains(&format!("?role={role}\"")), "{role}: {page}");
        }
        invite(&app, &master, "ca@example.com", "client_administrator", &client(w.harbour)).await.expect(201);
        invite(&app, &master, "sm@example.com", "site_manager", &[at(w.dock), at(w.gate)].concat())
            .await
            .expect(201);
        invite(&app, &master, "bu@example.com", "basic_user", &at(w.gate)).await.expect(201);
        invite(&app, &master, "gt@example.com", "guest_technician", &at(w.gate)).await.expect(201);
        // Nothing of another client, and nothing of the staff.
        invite(&app, &master, "a@example.com", "basic_user", &at(w.weir)).await.expect(422);
        for (role, targets) in [
            ("supervisor", at(w.dock)),
            ("customer_admin", vec!["organization".to_owned()]),
            ("administrator", vec!["organization".to_owned()]),
        ] {
            invite(&app, &master, "a@example.com", role, &targets).await.expect(403);
        }

        // A manager creates basic users of the own sites, and no managers or administrators.
        invite(&app, &manager, "b1@example.com", "basic_user", &at(w.dock)).await.expect(201);
        invite(&app, &manager, "b2@example.com", "basic_user", &at(w.gate)).await.expect(422);
        invite(&app, &manager, "b3@example.com", "site_manager", &at(w.dock)).await.expect(403);
        invite(&app, &manager, "b4@example.com", "client_administrator", &client(w.harbour))
            .await
            .expect(422);
        invite(&app, &manager, "b5@example.com", "guest_technician", &at(w.dock)).await.expect(403);
        // With the extra permission guests too.
        app.give(&manager, "guest_manager", &[Target::Site(w.dock)]).await;
        invite(&app, &manager, "b5@example.com", "guest_technician", &at(w.dock)).await.expect(201);
        let seen = app.get(&manager, "/api/v1/invitations").await.expect(200).json();
        let mails: Vec<&str> =
            seen["items"].as_array().unwrap().iter().map(|i| i["email"].as_str().unwrap()).collect();
        assert_eq!(
            (mails.len(), mails.contains(&"b1@example.com")),
            (2, true),
            "only those of the own site: {mails:?}"
        );
        assert!(seen["items"][0].get("invited_by").is_none());

        // Who accepts is kept to the client.
        let path = link(&app, "ca@example.com").await;
        let mut carl = Browser::default();
        carl.post(&app, &path, &[("name", "Carl"), ("password", NEW)]).await.expect(303);
        let page = carl.get(&app, "/client/members").await.expect(200).text();
        assert!(page.contains("Mia Master") && !page.contains("Ada Admin"), "{page}");
        carl.get(&app, "/office/members").await.expect(404);
        let path = link(&app, "bu@example.com").await;
        let mut bea = Browser::default();
        bea.post(&app, &path, &[("name", "Bea"), ("password", NEW)]).await.expect(303);
        bea.get(&app, "/client/members").await.expect(404);
    }
}

#[tokio::test]
async fn who_is_a_member_already_gets_the_role_only_from_somebody_who_may_change_them() {
    for app in testkit::apps(crate::features()).await {
        let w = world(&app).await;
        let master = app
            .member(
                w.org,
                "Mia Master",
                "master_administrator",
                &[Target::Client(w.harbour)],
                Some(w.harbour),
            )
            .await;
        let mill = {
            let (id,): (ClientId,) = app
                .app
                .store
                .one("select client_id from sites where id = $1", params![w.weir])
                .await
                .unwrap();
            id
        };
        // Cleo serves another client; Mia cannot know, and her invitation tells her nothing.
        let cleo =
            person(&app, w.org, "Cleo Client", "client_user", &[Target::Client(mill)], Some(mill)).await;
        invite(&app, &master, &cleo.email, "basic_user", &at(w.dock)).await.expect(201);
        let path = link(&app, &cleo.email).await;
        let mut browser = Browser::default();
        let page = browser.post(&app, &path, &[("password", PASSWORD)]).await.expect(409).text();
        assert!(page.contains("can no longer give you this role"), "{page}");
        // An administrator of the organization may: client users may serve several clients.
        let give = json!({ "role": "client_user", "targets": [format!("client:{}", w.harbour)] });
        app.json(&w.ada, "POST", &format!("/api/v1/members/{}/roles", cleo.membership), give)
            .await
            .expect(201);
        let sights =
            app.get(&w.ada, &format!("/api/v1/members/{}/sight", cleo.membership)).await.expect(200).json();
        let incidents = sights.as_array().unwrap().iter().find(|s| s["resource"] == "incident").unwrap();
        assert_eq!(incidents["sees"], json!(["those of clients Harbour and Mill that were published"]));
    }
}
