//! The own account through HTTP, on both engines.

use std::time::Duration;

use access::Target;
use kernel::id::{MembershipId, OrganizationId};
use kernel::text::{EmailAddress, Name};
use testkit::{Actor, TestApp};

use crate::setup::{self, NewMember};
use crate::trial::{Browser, PASSWORD, actions, letters, person};

/// One more membership for somebody.
async fn hat(
    app: &TestApp,
    org: OrganizationId,
    of: &Actor,
    role: &str,
    targets: Vec<Target>,
) -> MembershipId {
    let email: EmailAddress = of.email.parse().unwrap();
    let name: Name = of.name.parse().unwrap();
    let new = NewMember::new(org, email, name, role, targets);
    setup::member(&app.app.store, &app.clock, &new).await.unwrap().membership
}

#[tokio::test]
async fn a_session_acts_as_one_membership_and_rights_never_add_up() {
    for app in testkit::apps(crate::features()).await {
        let (north, south) = (app.organization("Northwatch").await, app.organization("Southwatch").await);
        let client = app.client(south, "Harbour").await;
        let dock = app.site(south, client, None, "Dock 4").await;
        let ada = person(&app, north, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let officer = hat(&app, south, &ada, "officer", vec![Target::Site(dock)]).await;

        let mut browser = Browser::default();
        let to = browser.sign_in(&app, &ada.email, PASSWORD).await.expect(303);
        assert_eq!(to.header("location"), Some("/hats"));
        // Nothing is open before one is chosen.
        browser.get(&app, "/office/members").await.expect(303);
        assert_eq!(browser.get(&app, "/").await.expect(303).header("location"), Some("/hats"));
        let page = browser.get(&app, "/hats").await.expect(200).text();
        for words in ["Northwatch", "Southwatch", "Customer Admin", "Officer"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let chosen = browser.cookie.clone().unwrap();
        let to = browser.post(&app, &format!("/hats/{officer}"), &[]).await.expect(303);
        assert!(to.header("location").unwrap().starts_with("/field"));
        let worn = browser.cookie.clone().unwrap();
        assert_ne!(worn, chosen, "a new secret");
        browser.get(&app, "/field/account").await.expect(200);
        browser.get(&app, "/office/members").await.expect(404);
        // The secret of before is worth nothing.
        let mut stale = Browser { cookie: Some(chosen), ..Browser::default() };
        stale.get(&app, "/hats").await.expect(303);

        browser.post(&app, &format!("/hats/{}", ada.membership), &[]).await.expect(303);
        browser.get(&app, "/office/members").await.expect(200);
        browser.get(&app, "/field/account").await.expect(200);
        let members = browser.get(&app, "/office/members").await.expect(200).text();
        // The menu names what else they may act as, and nothing of it is on the page.
        let (menu, page) = members.split_once("<main").unwrap();
        assert!(menu.contains("Southwatch") && menu.contains("Staff: Officer"), "{menu}");
        assert!(menu.contains(&format!("action=\"/hats/{officer}\"")), "{menu}");
        assert!(!menu.contains(&format!("action=\"/hats/{}\"", ada.membership)), "not the one being worn");
        assert!(!page.contains("Southwatch"), "{page}");
        assert_eq!(actions(&app, south).await, ["give_role", "act_as"]);
        assert_eq!(actions(&app, north).await, ["act_as"]);
    }
}

#[tokio::test]
async fn a_hat_must_be_ones_own_and_active() {
    for app in testkit::apps(crate::features()).await {
        let (north, south) = (app.organization("Northwatch").await, app.organization("Southwatch").await);
        let ada = person(&app, north, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let stan = person(&app, south, "Stan South", "customer_admin", &[Target::Organization], None).await;
        let second = hat(&app, south, &ada, "admin", vec![Target::Organization]).await;
        let mut browser = Browser::default();
        browser.sign_in(&app, &ada.email, PASSWORD).await.expect(303);
        browser.post(&app, &format!("/hats/{}", stan.membership), &[]).await.expect(404);
        browser.post(&app, &format!("/hats/{second}"), &[]).await.expect(303);
        browser.get(&app, "/office/members").await.expect(200);
        app.post_form(&stan, &format!("/office/members/{second}/deactivation"), &[]).await.expect(303);
        browser.get(&app, "/office/members").await.expect(303);
        browser.sign_in(&app, &ada.email, PASSWORD).await.expect(303);
        browser.post(&app, &format!("/hats/{second}"), &[]).await.expect(404);
        // A change of hats comes from here or not at all.
        let request = axum::http::Request::post(format!("/hats/{}", ada.membership))
            .header("cookie", browser.cookie.clone().unwrap())
            .header("sec-fetch-site", "cross-site")
            .body(axum::body::Body::empty())
            .unwrap();
        app.send(None, request).await.expect(403);
        Browser::default().post(&app, &format!("/hats/{}", ada.membership), &[]).await.expect(303);
    }
}

#[tokio::test]
async fn changing_hats_does_not_make_a_session_longer() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut browser = Browser::default();
        browser.sign_in(&app, &ada.email, PASSWORD).await.expect(303);
        for _ in 0..14 {
            app.clock.advance(Duration::from_secs(2 * 86_400));
            browser.post(&app, &format!("/hats/{}", ada.membership), &[]).await.expect(303);
            browser.get(&app, "/office/account").await.expect(200);
        }
        app.clock.advance(Duration::from_secs(2 * 86_400));
        assert_eq!(browser.get(&app, "/").await.expect(303).header("location"), Some("/sign-in"));
        // And one that lies unused for three days is over as well.
        browser.sign_in(&app, &ada.email, PASSWORD).await.expect(303);
        app.clock.advance(Duration::from_secs(3 * 86_400 + 1));
        browser.get(&app, "/office/account").await.expect(303);
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let other = person(&app, org, "Otto Other", "admin", &[Target::Organization], None).await;
        let (mut desk, mut phone, mut stolen) = (Browser::default(), Browser::default(), Browser::default());
        for browser in [&mut desk, &mut phone, &mut stolen] {
            browser.sign_in(&app, &ada.email, PASSWORD).await.expect(303);
        }
        let page = desk.get(&app, "/office/account").await.expect(200).text();
        // The test kit's own session is the fourth.
        assert_eq!(page.matches("/end\"").count(), 4, "three others and the button for all: {page}");
        assert_eq!(page.matches("This browser").count(), 1);
        let theirs = page
            .split("/office/account/sessions/")
            .filter_map(|rest| rest.split("/end").next())
            .find(|id| id.starts_with("ses_"))
            .unwrap()
            .to_owned();
        // Nobody ends the sessions of somebody else.
        app.post_form(&other, &format!("/office/account/sessions/{theirs}/end"), &[]).await.expect(404);
        desk.post(&app, &format!("/office/account/sessions/{theirs}/end"), &[]).await.expect(303);
        desk.post(&app, &format!("/office/account/sessions/{theirs}/end"), &[]).await.expect(404);
        desk.post(&app, "/office/account/sessions/end", &[]).await.expect(303);
        desk.get(&app, "/office/account").await.expect(200);
        for browser in [&mut phone, &mut stolen] {
            browser.get(&app, "/office/account").await.expect(303);
        }
        app.get(&ada, "/office/account").await.expect(303);
        app.get(&other, "/office/account").await.expect(200);
    }
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let (mut desk, mut phone) = (Browser::default(), Browser::default());
        desk.sign_in(&app, &ada.email, PASSWORD).await.expect(303);
        phone.sign_in(&app, &ada.email, PASSWORD).await.expect(303);
        let new = "seven grey herons at dawn";
        let change = "/office/account/password";
        for (current, wanted, says) in [
            ("", new, "type the password you have now"),
            ("not it", new, "this is not your password"),
            (PASSWORD, "short", "at least 10 characters"),
            (PASSWORD, "northwatch12", "leave out your address"),
        ] {
            let page =
                desk.post(&app, change, &[("current", current), ("new", wanted)]).await.expect(422).text();
            assert!(page.contains(says) && !page.contains(new), "{page}");
        }
        let before = desk.cookie.clone();
        desk.post(&app, change, &[("current", PASSWORD), ("new", new)]).await.expect(303);
        assert_ne!(desk.cookie, before);
        desk.get(&app, "/office/account").await.expect(200);
        phone.get(&app, "/office/account").await.expect(303);
        phone.sign_in(&app, &ada.email, PASSWORD).await.expect(422);
        phone.sign_in(&app, &ada.email, new).await.expect(303);
        assert_eq!(letters(&app, &ada.email).await[0].1, "Your password was changed");
        // Guessing here is slowed down like at the front door.
        for _ in 0..5 {
            desk.post(&app, change, &[("current", "guess"), ("new", "another fine long word")])
                .await
                .expect(422);
        }
        desk.post(&app, change, &[("current", new), ("new", "another fine long word")]).await.expect(429);
    }
}

#[tokio::test]
async fn the_own_account_is_read_through_every_door_and_by_tokens() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let ada = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let cleo = app.member(org, "Cleo Client", "client", &[Target::Site(dock)], Some(client)).await;
        let me = app.get(&ada, "/api/v1/account").await.expect(200).json();
        assert_eq!(
            (me["name"].as_str(), me["roles"][0].as_str()),
            (Some("Ada Admin"), Some("Customer Admin"))
        );
        assert_eq!(app.get(&cleo, "/account").await.expect(303).header("location"), Some("/client/account"));
        app.get(&cleo, "/client/account").await.expect(200);
        app.get(&cleo, "/office/account").await.expect(404);
        assert_eq!(
            app.get_open("/account").await.expect(303).header("location"),
            Some("/sign-in?next=/account")
        );
        app.get_open("/api/v1/account").await.expect(401);
    }
}

/// ROLES.md: "A session acts as exactly one membership; rights never add up across memberships." One person on both
/// sides of one organization, through sessions and through tokens.
#[tokio::test]
async fn two_hats_of_one_organization_never_add_up_in_sessions_or_tokens() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let ada = person(&app, org, "Ada Admin", "admin", &[Target::Organization], None).await;
        app.member(org, "Uma User", "client_user", &[Target::Client(client)], Some(client)).await;
        let outside = hat(&app, org, &ada, "master_administrator", vec![Target::Client(client)]).await;
        let token = async |membership: MembershipId| {
            let secret = kernel::secret::Secret::random();
            let all: Vec<String> = access::Permission::all().map(|p| p.to_string()).collect();
            let until = app.now().as_microsecond() + 86_400_000_000;
            let mut batch = store::Batch::new();
            batch.run(
                "insert into api_tokens (id, organization_id, membership_id, name, digest, scopes, created_at, expires_at) \
                 values ($1, $2, $3, 'test', $4, $5, $6, $7)",
                store::params![
                    kernel::id::ApiTokenId::new(), org, membership, secret.digest(), all.join(" "), app.now(), until
                ],
            );
            app.put(batch).await;
            format!("Bearer {}", secret.expose())
        };
        let (staff, own) = (token(ada.membership).await, token(outside).await);
        let names = async |bearer: &str| {
            let request = axum::http::Request::get("/api/v1/members")
                .header("authorization", bearer)
                .body(axum::body::Body::empty())
                .unwrap();
            let answer = app.send(None, request).await.expect(200).json();
            let mut names: Vec<String> = answer["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| {
                    format!("{} {}", item["name"].as_str().unwrap(), item["audience"].as_str().unwrap())
                })
                .collect();
            names.sort();
            names
        };
        let everybody = ["Ada Admin client", "Ada Admin staff", "Uma User client"];
        let of_client = ["Ada Admin client", "Uma User client"];
        assert_eq!(names(&staff).await, everybody);
        assert_eq!(names(&own).await, of_client);

        let mut browser = Browser::default();
        browser.sign_in(&app, &ada.email, PASSWORD).await.expect(303);
        let page = browser.get(&app, "/hats").await.expect(200).text();
        assert!(page.contains("Staff.") && page.contains("Client."), "both sides are told apart: {page}");
        browser.post(&app, &format!("/hats/{outside}"), &[]).await.expect(303);
        let page = browser.get(&app, "/client/members").await.expect(200).text();
        assert!(page.contains("Uma User") && !page.contains("ffice/"), "{page}");
        browser.get(&app, "/office/members").await.expect(404);
        browser.get(&app, "/office").await.expect(404);
        browser.post(&app, &format!("/hats/{}", ada.membership), &[]).await.expect(303);
        browser.get(&app, "/office/members").await.expect(200);
        browser.get(&app, "/client/members").await.expect(404);
        // What the session acts as changes no token, and a hat that is put away ends its own token alone.
        assert_eq!(names(&own).await, of_client);
        let mut batch = store::Batch::new();
        batch.run("update memberships set active = 0 where id = $1", store::params![outside]);
        app.put(batch).await;
        assert_eq!(names(&staff).await.len(), 2);
        let request = axum::http::Request::get("/api/v1/members")
            .header("authorization", own)
            .body(axum::body::Body::empty())
            .unwrap();
        app.send(None, request).await.expect(401);
        browser.post(&app, &format!("/hats/{outside}"), &[]).await.expect(404);
        // Each change of hats stands in the journal of its organization, with the roles of that hat.
        let lines: Vec<(String, String)> = app
            .app
            .store
            .all(
                "select action, roles from journal where organization_id = $1 and action = 'act_as' order by sequence",
                store::params![org],
            )
            .await
            .unwrap();
        assert_eq!(
            lines,
            [("act_as".into(), "Master Administrator".into()), ("act_as".into(), "Admin".into())]
        );
        // One account for one address: nobody gets a second sign-in.
        let accounts: Vec<(i64,)> = app
            .app
            .store
            .all("select count(*) from accounts where email = $1", store::params![ada.email.as_str()])
            .await
            .unwrap();
        assert_eq!(accounts, [(1,)]);
    }
}
