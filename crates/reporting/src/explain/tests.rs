//! Explanation through HTTP, on both engines.

use access::{Switch, Target};
use serde_json::json;

/// What is explained equals what happens: for every member, the answer here is the status they get.
#[tokio::test]
async fn what_is_explained_is_what_happens() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let (harbour, retail) = (app.client(org, "Harbour").await, app.client(org, "Retail").await);
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let mall = app.site(org, retail, None, "Mall").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let people = [
            app.member(org, "Gus Guard", "guard", &[Target::Site(dock)], None).await,
            app.member(org, "Sue Visor", "supervisor", &[Target::Site(dock)], None).await,
            app.member(org, "Max Mall", "supervisor", &[Target::Site(mall)], None).await,
            app.member(org, "Cleo Client", "client_user", &[Target::Client(harbour)], Some(harbour)).await,
            app.member(org, "Sid Site", "site_user", &[Target::Site(dock)], Some(harbour)).await,
            app.member(org, "Rita Retail", "client_user", &[Target::Client(retail)], Some(retail)).await,
            app.member(org, "Bo Basic", "basic_user", &[Target::Site(dock)], Some(harbour)).await,
        ];
        let form = json!({ "site": dock, "kind": "Theft", "severity": "low", "title": "T", "narrative": "N", "occurred_at": "2026-11-22T21:00" });
        let made = app.json(&admin, "POST", "/api/v1/incidents", form).await.expect(201).json();
        let path = format!("/api/v1/incidents/{}", made["id"].as_str().unwrap());
        let same = async || {
            let listed = app.get(&admin, &format!("{path}/access")).await.expect(200).json();
            let who: Vec<&str> =
                listed["who"].as_array().unwrap().iter().map(|w| w["name"].as_str().unwrap()).collect();
            for person in &people {
                let sees = app.get(person, &path).await.status == 200;
                let why = app
                    .get(&admin, &format!("{path}/access?person={}", person.membership))
                    .await
                    .expect(200)
                    .json();
                assert_eq!(why["person"]["allowed"].as_bool(), Some(sees), "{}: {why}", person.name);
                assert_eq!(who.contains(&person.name.as_str()), sees, "{}", person.name);
                let verdicts = why["person"]["verdicts"].as_array().unwrap();
                assert_eq!(verdicts.iter().all(|v| v["holds"] == true), sees, "{}: {why}", person.name);
            }
            who.len()
        };
        // Ada and the supervisor of the dock; the guard did not file this one.
        assert_eq!(same().await, 2);
        app.json(&admin, "POST", &format!("{path}/publication"), json!({ "version": made["version"] }))
            .await
            .expect(200);
        assert_eq!(same().await, 4);
        app.switch(org, Switch::IncidentReports, false).await;
        assert_eq!(same().await, 2);

        // The sentences name the smallest fix.
        let why = async |membership| {
            app.get(
                &admin,
                &format!("/office/incidents/{}/access?person={membership}", made["id"].as_str().unwrap()),
            )
            .await
            .expect(200)
            .text()
        };
        let text = why(people[4].membership).await;
        assert!(text.contains("Incident reports") && text.contains("/office/organization"), "{text}");
        app.switch(org, Switch::IncidentReports, true).await;
        let text = why(people[5].membership).await;
        assert!(
            text.contains("not assigned to Dock 4")
                && text.contains(&format!("/office/sites/{dock}/clients")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn only_those_who_may_ask_are_answered() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let supervisor = app.member(org, "Sue Visor", "supervisor", &[Target::Site(dock)], None).await;
        let reader =
            app.member(org, "Cleo Client", "client_user", &[Target::Client(client)], Some(client)).await;
        let form = json!({ "site": dock, "kind": "Theft", "severity": "low", "title": "T", "narrative": "N", "occurred_at": "2026-11-22T21:00" });
        let made = app.json(&admin, "POST", "/api/v1/incidents", form).await.expect(201).json();
        let path = format!("/api/v1/incidents/{}/access", made["id"].as_str().unwrap());
        app.get(&supervisor, &path).await.expect(403);
        app.get(&reader, &path).await.expect(404);
        app.get(&admin, &format!("{path}?person=mem_00000000000000000000000000")).await.expect(404);
        app.get(&admin, &format!("{path}?person=nonsense")).await.expect(404);
    }
}
