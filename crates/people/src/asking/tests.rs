//! Asking for access through HTTP, on both engines.

use access::Target;
use kernel::id::MembershipId;
use serde_json::json;

use crate::trial::{actions, letters};

#[tokio::test]
async fn hidden_and_absent_are_asked_for_alike() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let (harbour, retail) = (app.client(org, "Harbour").await, app.client(org, "Retail").await);
        let ada = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let mia =
            app.member(org, "Mia", "master_administrator", &[Target::Client(harbour)], Some(harbour)).await;
        let roy = app.member(org, "Roy", "client_user", &[Target::Client(retail)], Some(retail)).await;
        let rex =
            app.member(org, "Rex", "master_administrator", &[Target::Client(retail)], Some(retail)).await;
        let hidden = format!("/client/members/{}", mia.membership);
        let absent = format!("/client/members/{}", MembershipId::new());
        // The page that says no is the same, and leads to the same page.
        let no = app.get(&rex, &hidden).await.expect(404).text();
        assert_eq!(no, app.get(&rex, &absent).await.expect(404).text());
        assert!(no.contains("href=\"/client/ask\""), "{no}");
        let mut said = Vec::new();
        for path in [&hidden, &absent] {
            let answer = app
                .post_form(&rex, "/client/ask", &[("path", path), ("note", "My job")])
                .await
                .expect(200)
                .text();
            said.push(answer.replace(path.as_str(), "ADDRESS"));
            assert!(answer.contains("on its way"), "{answer}");
        }
        // But for the list of one's own requests, which grew by one.
        let first = said[0].split("Your requests").next().unwrap();
        assert_eq!(first, said[1].split("Your requests").next().unwrap());
        let letters = letters(&app, &ada.email).await;
        assert_eq!(letters.len(), 2);
        let text = |at: usize| {
            letters[at].2.lines().filter(|l| !l.contains("/requests/")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(text(1).replace(&hidden, "ADDRESS"), text(0).replace(&absent, "ADDRESS"));
        assert_eq!(
            crate::trial::letters(&app, &mia.email).await.len(),
            0,
            "another client's people are not asked"
        );
        assert_eq!(actions(&app, org).await, ["ask_access", "ask_access"]);

        // Who may give roles there reads them; nobody else, not even of the other client.
        let list = app.get(&ada, "/api/v1/requests").await.expect(200).json();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        let of = |path: &str| items.iter().find(|one| one["path"] == path).unwrap().clone();
        let (real, none) = (of(&hidden), of(&absent));
        assert_eq!(app.get(&mia, "/api/v1/requests").await.expect(200).json()["items"], json!([]));
        app.get(&mia, &format!("/api/v1/requests/{}", real["id"].as_str().unwrap())).await.expect(404);
        app.get(&roy, "/client/requests").await.expect(404);
        app.get(&ada, "/office/requests").await.expect(200);
        let page = app
            .get(&ada, &format!("/office/requests/{}", real["id"].as_str().unwrap()))
            .await
            .expect(200)
            .text();
        assert!(page.contains("Rex cannot see it") && page.contains("another client than Rex"), "{page}");
        let page = app
            .get(&ada, &format!("/office/requests/{}", none["id"].as_str().unwrap()))
            .await
            .expect(200)
            .text();
        assert!(page.contains("There is no such record"), "{page}");

        // What they still cannot see is not granted; declining tells them so, once.
        let path = format!("/api/v1/requests/{}", real["id"].as_str().unwrap());
        let version = &real["version"];
        app.json(&ada, "POST", &path, json!({ "decision": "granted", "version": version })).await.expect(409);
        app.json(&ada, "POST", &path, json!({ "decision": "open", "version": version })).await.expect(422);
        app.json(&rex, "POST", &path, json!({ "decision": "declined", "version": version }))
            .await
            .expect(403);
        let no = json!({ "decision": "declined", "note": "Not your client", "version": version });
        app.json(&ada, "POST", &path, no.clone()).await.expect(200);
        app.json(&ada, "POST", &path, no).await.expect(409);
        let told = crate::trial::letters(&app, &rex.email).await;
        assert_eq!(told.len(), 1);
        assert!(told[0].1.contains("declined") && told[0].2.contains("Not your client"), "{told:?}");
        let mine = app.get(&rex, "/client/ask").await.expect(200).text();
        assert!(mine.contains("Declined") && mine.contains("Not your client"), "{mine}");
    }
}

#[tokio::test]
async fn what_was_changed_can_be_granted_and_asking_is_limited() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let ada = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let sue = app.member(org, "Sue", "supervisor", &[Target::Site(site)], None).await;
        let wanted = format!("/office/members/{}", ada.membership);
        let ask = async || app.post_form(&sue, "/office/ask", &[("path", &wanted), ("note", "My job")]).await;
        app.post_form(&sue, "/office/ask", &[("path", ""), ("note", "")]).await.expect(422);
        ask().await.expect(200);
        let one = app.get(&ada, "/api/v1/requests").await.expect(200).json()["items"][0].clone();
        let path = format!("/api/v1/requests/{}", one["id"].as_str().unwrap());
        let yes = json!({ "decision": "granted", "version": one["version"] });
        app.json(&ada, "POST", &path, yes.clone()).await.expect(409);
        app.give(&sue, "call_center", &[Target::Organization]).await;
        app.json(&ada, "POST", &path, yes).await.expect(200);
        let told = letters(&app, &sue.email).await;
        assert!(told[0].1.contains("see it now"), "{told:?}");
        assert_eq!(actions(&app, org).await, ["ask_access", "grant_access"]);
        for _ in 1..10 {
            ask().await.expect(200);
        }
        ask().await.expect(409);
        app.clock.advance(std::time::Duration::from_secs(86_401));
        ask().await.expect(200);
    }
}
