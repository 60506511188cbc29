//! A forgotten password through HTTP, on both engines.

use std::time::Duration;

use access::Target;

use crate::trial::{Browser, PASSWORD, journal, letters, link, person};

const NEW: &str = "seven grey herons at dawn";

#[tokio::test]
async fn a_link_sets_a_password_once_and_ends_every_session() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut elsewhere = Browser::default();
        elsewhere.sign_in(&app, &ada.email, PASSWORD).await.expect(303);

        let mut browser = Browser::default();
        browser.get(&app, "/forgot").await.expect(200);
        browser.post(&app, "/forgot", &[("email", &ada.email)]).await.expect(200);
        let path = link(&app, &ada.email).await;
        assert!(path.starts_with("/reset/"));
        // Looking, as a mail program's scanner does, uses nothing up.
        browser.get(&app, &path).await.expect(200);
        assert!(browser.get(&app, &path).await.expect(200).text().contains(&ada.email));
        for (bad, why) in [
            ("short", "at least 10 characters"),
            ("password1234", "anybody would try"),
            ("northwatch99", "leave out your address"),
        ] {
            let page = browser.post(&app, &path, &[("new", bad)]).await.expect(422).text();
            assert!(page.contains(why), "{page}");
        }
        let done = browser.post(&app, &path, &[("new", NEW)]).await.expect(303);
        assert_eq!(done.header("location"), Some("/sign-in?after=reset"));
        assert_eq!(done.header("set-cookie"), None, "whoever has the link still has to sign in");

        browser.get(&app, &path).await.expect(404);
        browser.post(&app, &path, &[("new", "another good password")]).await.expect(404);
        elsewhere.get(&app, "/office/account").await.expect(303);
        browser.sign_in(&app, &ada.email, PASSWORD).await.expect(422);
        browser.sign_in(&app, &ada.email, NEW).await.expect(303);

        let told = letters(&app, &ada.email).await;
        assert!(told.iter().any(|letter| letter.1 == "Your password was changed"));
        let token = path.rsplit('/').next().unwrap();
        for (action, detail) in journal(&app, org).await {
            assert!(!detail.contains(token) && !detail.contains(NEW), "{action} {detail}");
        }
    }
}

#[tokio::test]
async fn a_link_is_dead_after_an_hour_and_so_are_its_sisters_after_one_was_used() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut browser = Browser::default();
        browser.post(&app, "/forgot", &[("email", &ada.email)]).await.expect(200);
        let first = link(&app, &ada.email).await;
        app.clock.advance(Duration::from_secs(60));
        browser.post(&app, "/forgot", &[("email", &ada.email)]).await.expect(200);
        let second = link(&app, &ada.email).await;
        assert_ne!(first, second);
        // Asking again does not kill the first: or anybody could keep somebody out by asking.
        browser.get(&app, &first).await.expect(200);
        app.clock.advance(Duration::from_secs(3541));
        let dead = browser.get(&app, &first).await.expect(404);
        let unknown = browser.get(&app, "/reset/abc").await.expect(404);
        assert_eq!(dead.bytes, unknown.bytes);
        browser.post(&app, &first, &[("new", NEW)]).await.expect(404);
        browser.post(&app, "/forgot", &[("email", &ada.email)]).await.expect(200);
        let third = link(&app, &ada.email).await;
        browser.post(&app, &second, &[("new", NEW)]).await.expect(303);
        browser.get(&app, &third).await.expect(404);
    }
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_an_address_is_known() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut browser = Browser::default();
        let known = browser.post(&app, "/forgot", &[("email", &ada.email)]).await.expect(200);
        let unknown = browser.post(&app, "/forgot", &[("email", "nobody@example.com")]).await.expect(200);
        assert_eq!((known.bytes, known.headers), (unknown.bytes, unknown.headers));
        assert_eq!(letters(&app, &ada.email).await.len(), 1);
        assert_eq!(letters(&app, "nobody@example.com").await.len(), 0);
        let wrong = browser.post(&app, "/forgot", &[("email", "no address")]).await.expect(422).text();
        assert!(wrong.contains("write an e-mail address") && wrong.contains("no address"), "{wrong}");
    }
}

#[tokio::test]
async fn a_mailbox_is_not_filled_and_asking_is_slowed_down() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = person(&app, org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let mut last = None;
        for peer in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
            for _ in 0..4 {
                let mut browser = Browser::from_address(peer);
                last = Some(browser.post(&app, "/forgot", &[("email", &ada.email)]).await.expect(200).bytes);
            }
        }
        assert_eq!(letters(&app, &ada.email).await.len(), 5);
        let unknown =
            Browser::from_address("192.0.2.9").post(&app, "/forgot", &[("email", "x@example.com")]).await;
        assert_eq!(last, Some(unknown.bytes), "the limit is not told either");
        let mut flood = Browser::from_address("192.0.2.77");
        for n in 0..10 {
            flood.post(&app, "/forgot", &[("email", &format!("p{n}@example.com"))]).await.expect(200);
        }
        flood.post(&app, "/forgot", &[("email", "p11@example.com")]).await.expect(429);
    }
}
