//! Signing in through HTTP, on both engines.

use std::time::Duration;

use access::Target;
use store::{Batch, params};

use crate::trial::{Browser, PASSWORD, actions, person};

#[tokio::test]
async fn the_right_password_opens_the_own_portal_and_signing_out_closes_it() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut browser = Browser::default();
        assert!(browser.get(&app, "/sign-in").await.expect(200).text().contains("Sign in"));
        assert_eq!(browser.get(&app, "/").await.expect(303).header("location"), Some("/sign-in"));

        // Addresses are compared as people type them.
        let typed = format!("  {} ", admin.email.to_uppercase());
        let answer = browser.sign_in(&app, &typed, PASSWORD).await.expect(303);
        let cookie = answer.header("set-cookie").unwrap().to_owned();
        assert!(
            cookie.starts_with("session=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax")
        );
        assert!(!cookie.contains("Domain"), "host-only");
        let start = answer.header("location").unwrap().to_owned();
        assert!(start.starts_with("/office"), "{start}");
        browser.get(&app, "/office/account").await.expect(200);
        assert_eq!(browser.get(&app, "/sign-in").await.expect(303).header("location"), Some("/"));

        let old = browser.cookie.clone();
        browser.post(&app, "/sign-out", &[]).await.expect(303);
        assert_eq!(browser.cookie, None);
        browser.cookie = old;
        browser.get(&app, "/office/account").await.expect(303);
        assert_eq!(actions(&app, org).await, ["sign_in", "sign_out"]);
    }
}

#[tokio::test]
async fn every_wrong_pair_gets_the_same_answer() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let known = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let archived = person(&app, org, "Otto Old", "customer_admin", &[Target::Organization], None).await;
        let bare = app.member(org, "Nora New", "customer_admin", &[Target::Organization], None).await;
        let mut batch = Batch::new();
        batch.run("update accounts set archived_at = 1 where id = $1", params![archived.account]);
        app.put(batch).await;

        let mut pages = Vec::new();
        for (email, password) in [
            (known.email.as_str(), "not the password"),
            ("nobody@example.com", PASSWORD),
            (archived.email.as_str(), PASSWORD),
            (bare.email.as_str(), PASSWORD),
            ("no address at all", PASSWORD),
            ("\u{0}'; drop table accounts; --", "' or 1=1"),
        ] {
            let answer = Browser::default().sign_in(&app, email, password).await.expect(422);
            assert_eq!(answer.header("set-cookie"), None);
            // What was typed comes back; apart from that the answers are the same to the byte.
            let page = answer.text().replace(email, "…");
            let mut headers = answer.headers;
            headers.remove("content-length");
            pages.push((page, headers));
        }
        for page in &pages {
            assert!(page.0.contains("The address or the password is wrong."));
        }
        for pair in pages.windows(2) {
            assert_eq!(pair[0].1, pair[1].1);
            assert!(pair[0].0 == pair[1].0, "{}\n{}", pair[0].0, pair[1].0);
        }
        assert_eq!(actions(&app, org).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn guessing_gets_slower_for_the_guesser_and_for_nobody_else() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut thief = Browser::from_address("203.0.113.9");
        for _ in 0..5 {
            thief.sign_in(&app, &admin.email, "wrong").await.expect(422);
        }
        // From now on each attempt waits 1, 4, 9 … seconds, the right password too.
        let refused = thief.sign_in(&app, &admin.email, PASSWORD).await.expect(429);
        assert_eq!(refused.header("retry-after"), Some("1"));
        assert!(refused.text().contains("Too many attempts; try again in 1 seconds."), "{}", refused.text());
        app.clock.advance(Duration::from_secs(1));
        thief.sign_in(&app, &admin.email, "wrong").await.expect(422);
        let refused = thief.sign_in(&app, &admin.email, "wrong").await.expect(429);
        assert_eq!(refused.header("retry-after"), Some("4"));
        // An address that is unknown is slowed down alike.
        for _ in 0..5 {
            thief.sign_in(&app, "nobody@example.com", "wrong").await.expect(422);
        }
        thief.sign_in(&app, "nobody@example.com", "wrong").await.expect(429);

        // The victim elsewhere notices nothing.
        let mut victim = Browser::from_address("198.51.100.4");
        victim.sign_in(&app, &admin.email, PASSWORD).await.expect(303);
        // And an hour later nothing is left of it.
        app.clock.advance(Duration::from_secs(3601));
        thief.sign_in(&app, &admin.email, PASSWORD).await.expect(303);
    }
}

#[tokio::test]
async fn one_address_cannot_try_one_password_on_everybody() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut sprayer = Browser::from_address("203.0.113.9");
        for n in 0..50 {
            sprayer.sign_in(&app, &format!("p{n}@example.com"), "winter2026!").await.expect(422);
        }
        sprayer.sign_in(&app, "p51@example.com", "winter2026!").await.expect(429);
        let mut other = Browser::from_address("203.0.113.10");
        other.sign_in(&app, &admin.email, PASSWORD).await.expect(303);
        // Signing in well does not wash the address clean.
        app.clock.advance(Duration::from_secs(2));
        sprayer.sign_in(&app, &admin.email, PASSWORD).await.expect(303);
        app.clock.advance(Duration::from_secs(2));
        sprayer.sign_in(&app, "p52@example.com", "winter2026!").await.expect(422);
        sprayer.sign_in(&app, "p53@example.com", "winter2026!").await.expect(429);
    }
}

#[tokio::test]
async fn a_session_gets_a_new_secret_and_the_planted_one_is_worth_nothing() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut browser = Browser { cookie: Some("session=planted".into()), ..Browser::default() };
        browser.sign_in(&app, &admin.email, PASSWORD).await.expect(303);
        let first = browser.cookie.clone().unwrap();
        assert_ne!(first, "session=planted");
        browser.sign_in(&app, &admin.email, PASSWORD).await.expect(303);
        assert_ne!(browser.cookie.clone().unwrap(), first);
        let mut stale = Browser { cookie: Some(first), ..Browser::default() };
        let answer = stale.get(&app, "/office/account").await.expect(303);
        assert!(answer.header("location").unwrap().starts_with("/sign-in"));
    }
}

#[tokio::test]
async fn the_way_on_after_sign_in_never_leaves_this_server() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let go = async |next: &str| {
            let fields = [("email", admin.email.as_str()), ("password", PASSWORD), ("next", next)];
            let answer = Browser::default().post(&app, "/sign-in", &fields).await.expect(303);
            answer.header("location").unwrap().to_owned()
        };
        assert_eq!(go("/office/account").await, "/office/account");
        let start = go("").await;
        for elsewhere in [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "/office\\@evil.example",
            "/officeevil",
            "/client/incidents",
            "javascript:alert(1)",
            "/office/\r\nSet-Cookie: a=b",
        ] {
            assert_eq!(go(elsewhere).await, start, "{elsewhere}");
        }
    }
}

#[tokio::test]
async fn another_site_cannot_sign_anybody_in() {
    for app in testkit::apps(crate::features()).await {
        let request = axum::http::Request::post("/sign-in")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site")
            .body(axum::body::Body::from("email=a%40b.cd&password=x"))
            .unwrap();
        app.send(None, request).await.expect(403);
    }
}

#[tokio::test]
async fn the_demo_list_is_for_demos() {
    for app in testkit::apps(crate::features()).await {
        let page = app.get_open("/sign-in").await.expect(200).text();
        assert!(!page.contains("demo"), "{page}");
    }
}
