//! The outbox through HTTP, on both engines, with messages that cannot leave.

use access::Target;
use jobs::mail::Transport;
use serde_json::{Value, json};
use testkit::{Actor, TestApp};

/// A way out that is closed: a folder whose place is taken by a file.
fn closed() -> Transport {
    let file = std::env::temp_dir()
        .join(format!("bailiwick-no-folder-{}", kernel::secret::Secret::random().expose()));
    std::fs::write(&file, "").unwrap();
    Transport::folder(file, "Bailiwick <no-reply@localhost>").unwrap()
}

async fn mails(app: &TestApp, admin: &Actor, query: &str) -> Vec<Value> {
    let page = app.get(admin, &format!("/api/v1/outbox{query}")).await.expect(200).json();
    page["items"].as_array().unwrap().clone()
}

/// Tries to send until nothing waits.
async fn wear_out(app: &TestApp) {
    let closed = closed();
    for _ in 0..12 {
        app.clock.advance(std::time::Duration::from_secs(40_000));
        app.send_mail(&closed).await;
    }
}

async fn invite(app: &TestApp, admin: &Actor, email: &str) -> Value {
    let site = app.site(admin.organization, app.client(admin.organization, email).await, None, "Gate").await;
    let body =
        json!({ "email": email, "name": "Nia", "role": "supervisor", "targets": [format!("site:{site}")] });
    app.json(admin, "POST", "/api/v1/invitations", body).await.expect(201).json()
}

#[tokio::test]
async fn a_message_that_was_given_up_is_seen_with_its_error_and_sent_again() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let supervisor = app.member(org, "Sue Visor", "supervisor", &[], None).await;
        let invitation = invite(&app, &admin, "nia@example.com").await;
        let waiting = mails(&app, &admin, "?state=waiting").await;
        assert_eq!((waiting.len(), waiting[0]["attempts"].as_i64()), (1, Some(0)));
        let id = waiting[0]["id"].as_str().unwrap().to_owned();
        let again = format!("/api/v1/outbox/{id}/retry");
        // What waits for its first try is on its way already.
        app.json(&admin, "POST", &again, json!({})).await.expect(409);

        let closed = closed();
        app.send_mail(&closed).await;
        let tried = app.get(&admin, &format!("/api/v1/outbox/{id}")).await.expect(200).json();
        assert_eq!((tried["state"].as_str(), tried["attempts"].as_i64()), (Some("waiting"), Some(1)));
        assert!(!tried["error"].as_str().unwrap().is_empty() && tried.get("plain").is_none(), "{tried}");
        let page = app.get(&admin, &format!("/office/outbox/{id}")).await.expect(200).text();
        assert!(page.contains("Send again") && page.contains("The last try met"), "{page}");

        // Others have no outbox, and cannot send anything again.
        app.get(&supervisor, "/api/v1/outbox").await.expect(404);
        app.get(&supervisor, &format!("/api/v1/outbox/{id}")).await.expect(404);
        app.json(&supervisor, "POST", &again, json!({})).await.expect(404);
        let other = app.organization("Southwatch").await;
        let theirs = app.member(other, "Otto", "customer_admin", &[Target::Organization], None).await;
        app.json(&theirs, "POST", &again, json!({})).await.expect(404);

        // Sent again while it waits, it leaves with the next round.
        app.post_form(&admin, &format!("/office/outbox/{id}/retry"), &[]).await.expect(303);
        let folder = std::env::temp_dir().join(format!("bailiwick-mail-{id}"));
        let open = Transport::folder(&folder, "Bailiwick <no-reply@localhost>").unwrap();
        assert_eq!(app.send_mail(&open).await, 1);
        let left = app.get(&admin, &format!("/api/v1/outbox/{id}")).await.expect(200).json();
        assert_eq!(left["state"], "sent");
        assert!(folder.join(format!("{id}.eml")).is_file());
        app.json(&admin, "POST", &again, json!({})).await.expect(409);
        let lines: Vec<(String, String)> = app
            .app
            .store
            .all(
                "select action, label from journal where organization_id = $1 and action = 'send_again'",
                store::params![org],
            )
            .await
            .unwrap();
        assert_eq!(lines, [("send_again".to_owned(), "Invitation to Northwatch".to_owned())]);
        let _ = std::fs::remove_dir_all(folder);
        drop(invitation);
    }
}

#[tokio::test]
async fn what_a_dead_message_says_must_still_hold() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let kept = invite(&app, &admin, "kept@example.com").await;
        let gone = invite(&app, &admin, "gone@example.com").await;
        let renewed = invite(&app, &admin, "renewed@example.com").await;
        wear_out(&app).await;
        let dead = mails(&app, &admin, "?state=dead").await;
        assert_eq!(dead.len(), 3, "{dead:?}");
        let of = |email: &str| {
            let mail = dead.iter().find(|mail| mail["recipient"] == email).unwrap();
            format!("/api/v1/outbox/{}/retry", mail["id"].as_str().unwrap())
        };
        let path =
            |one: &Value, verb: &str| format!("/api/v1/invitations/{}/{verb}", one["id"].as_str().unwrap());
        app.json(&admin, "POST", &path(&gone, "revocation"), json!({})).await.expect(200);
        app.json(&admin, "POST", &path(&renewed, "letter"), json!({})).await.expect(200);
        for address in ["gone@example.com", "renewed@example.com"] {
            let told = app.json(&admin, "POST", &of(address), json!({})).await.expect(409);
            assert!(told.text().contains("opens"), "{}", told.text());
        }
        let back = app.json(&admin, "POST", &of("kept@example.com"), json!({})).await.expect(200).json();
        assert_eq!((back["state"].as_str(), back["attempts"].as_i64()), (Some("waiting"), Some(0)));
        // A week after the letter its link has run out: nobody sends it any more, neither by hand nor by itself.
        app.clock.advance(std::time::Duration::from_secs(8 * 86_400));
        let folder = std::env::temp_dir().join("bailiwick-mail-never");
        let open = Transport::folder(&folder, "Bailiwick <no-reply@localhost>").unwrap();
        app.send_mail(&open).await;
        let dead = mails(&app, &admin, "?state=withdrawn").await;
        let ran_out = dead.iter().find(|mail| mail["recipient"] == "kept@example.com").unwrap();
        assert!(ran_out["error"].as_str().unwrap().contains("ran out"), "{ran_out}");
        app.json(&admin, "POST", &of("kept@example.com"), json!({})).await.expect(409);
        drop(kept);
    }
}
