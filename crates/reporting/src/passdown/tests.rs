//! Passdown notes through HTTP, on both engines. The tables are written by hand from the roles page.

use serde_json::json;
use testkit::apps;

use crate::trial::{Company, get, post};

#[tokio::test]
async fn a_note_goes_from_one_officer_to_the_next() {
    for app in apps(crate::features()).await {
        let c = Company::new(&app).await;
        let (dock, mall) = (c.dock.to_string(), c.mall.to_string());
        let note = |site: &str, body: &str| json!({ "site": site, "body": body });
        let leave = async |name: &str, body| post(&app, c.who(name), "/passdown", body).await;
        for (body, field) in [
            (note("", "x"), "site"),
            (note(&mall, "x"), "site"),
            (note(&dock, " "), "body"),
            (json!({ "site": dock, "body": "x", "written_at": "soon" }), "written_at"),
        ] {
            let said = leave("officer", body).await.expect(422).json();
            assert!(said["errors"][field].is_array(), "{said}");
        }
        for name in ["call_center", "client_user", "site_user", "client", "client_account"] {
            leave(name, note(&dock, "x")).await.expect(404);
        }
        let made = leave(
            "officer",
            json!({ "site": dock, "body": "Key 7 is with the dock master.", "written_at": "2026-11-23T06:55:00Z" }),
        )
        .await
        .expect(201)
        .json();
        assert_eq!(
            (&made["author"], &made["written_at"]),
            (&json!("officer"), &json!("2026-11-23T06:55:00Z"))
        );
        let path = format!("/passdown/{}", made["id"].as_str().unwrap());
        assert_eq!(
            c.who_gets(&app, &path).await,
            ["customer_admin", "owner", "admin", "supervisor", "officer", "fellow", "guard"]
        );
        let read =
            async |name: &str| post(&app, c.who(name), &format!("{path}/acknowledgement"), json!({})).await;
        read("officer elsewhere").await.expect(404);
        read("stranger").await.expect(404);
        read("officer").await.expect(409);
        assert!(read("fellow").await.expect(200).json()["read_at"].is_string());
        read("fellow").await.expect(200);
        // Those who run the site see who has read it and who has not; whoever wrote it who has; others nothing.
        let seen = get(&app, c.who("supervisor"), &path).await.expect(200).json();
        assert_eq!(seen["readings"].as_array().unwrap().len(), 1, "{seen}");
        assert_eq!(
            (&seen["readings"][0]["name"], &seen["missing"][0]["name"]),
            (&json!("fellow"), &json!("guard"))
        );
        assert_eq!(seen["missing"].as_array().unwrap().len(), 1);
        let own = get(&app, c.who("officer"), &path).await.expect(200).json();
        assert_eq!((&own["readings"][0]["name"], &own["missing"]), (&json!("fellow"), &json!([])));
        let other = get(&app, c.who("guard"), &path).await.expect(200).json();
        assert_eq!((&other["readings"], &other["missing"]), (&json!([]), &json!([])));
        // Newest first, and found by its words.
        leave("fellow", note(&dock, "Gate B does not lock.")).await.expect(201);
        let all = get(&app, c.who("guard"), "/passdown").await.expect(200).json();
        assert_eq!(all["items"][0]["body"], "Gate B does not lock.");
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        let found = get(&app, c.who("guard"), "/passdown?q=key%207").await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        assert_eq!(
            get(&app, c.who("officer elsewhere"), "/passdown").await.expect(200).json()["items"],
            json!([])
        );
        // Put away by those who run the site, and then nobody is asked to read it.
        let away = async |name: &str| post(&app, c.who(name), &format!("{path}/archive"), json!({})).await;
        away("officer").await.expect(403);
        away("officer elsewhere").await.expect(404);
        assert_eq!(away("supervisor").await.expect(200).json()["missing"], json!([]));
        let left = get(&app, c.who("guard"), "/passdown").await.expect(200).json();
        assert_eq!(left["items"].as_array().unwrap().len(), 1);
        for (name, page) in [
            ("officer", "/field/passdown".to_owned()),
            ("officer", "/field/passdown/new".to_owned()),
            ("officer", format!("/field{path}")),
            ("supervisor", "/office/passdown?archived=true".to_owned()),
            ("supervisor", format!("/office{path}")),
        ] {
            app.get(c.who(name), &page).await.expect(200);
        }
        let form = app.get(c.who("officer"), "/field/passdown/new").await.expect(200).text();
        assert!(form.contains("data-queue") && form.contains("data-now=\"written_at\""), "{form}");
    }
}
