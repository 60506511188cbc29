//! Who read an incident, through HTTP on both engines.

use access::Target;
use serde_json::{Value, json};
use testkit::{Actor, TestApp};

async fn readers(app: &TestApp, who: &Actor, incident: &str) -> Vec<(String, String, i64)> {
    app.app.write_reads().await.unwrap();
    let found = app.get(who, &format!("/api/v1/incidents/{incident}/readers")).await.expect(200).json();
    let mut all: Vec<(String, String, i64)> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            (
                r["name"].as_str().unwrap().into(),
                r["how"].as_str().unwrap().into(),
                r["times"].as_i64().unwrap(),
            )
        })
        .collect();
    all.sort();
    all
}

fn report(site: kernel::id::SiteId) -> Value {
    json!({
        "site": site, "kind": "Theft", "severity": "high", "title": "Bolt cutters", "narrative": "Metal.",
        "occurred_at": "2026-11-23T02:10", "public_details": "Attempted theft.",
    })
}

fn said(name: &str, how: &str, times: i64) -> (String, String, i64) {
    (name.into(), how.into(), times)
}

#[tokio::test]
async fn who_saw_a_published_report_is_known() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let ada = app.member(org, "Ada Admin", "admin", &[Target::Organization], None).await;
        let sue = app.member(org, "Sue Visor", "supervisor", &[Target::Site(dock)], None).await;
        let cleo =
            app.member(org, "Cleo Client", "client_user", &[Target::Client(client)], Some(client)).await;
        let filed = app.json(&ada, "POST", "/api/v1/incidents", report(dock)).await.expect(201).json();
        let id = filed["id"].as_str().unwrap();
        let path = format!("/incidents/{id}");
        assert!(readers(&app, &ada, id).await.is_empty(), "filing it is not reading it");

        // Not published: the client side meets nothing, and has read nothing.
        app.get(&cleo, &format!("/client{path}")).await.expect(404);
        app.get(&cleo, "/client/incidents").await.expect(200);
        app.json(&ada, "POST", &format!("/api/v1{path}/publication"), json!({ "version": 1 }))
            .await
            .expect(200);
        assert!(readers(&app, &ada, id).await.is_empty());

        let first = app.get(&cleo, &format!("/client{path}")).await.expect(200);
        // The same again, unchanged: it is sent without a body and has been read all the same.
        let again = axum::http::Request::get(format!("/client{path}"))
            .header("if-none-match", first.header("etag").unwrap())
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(app.send(Some(&cleo), again).await.status, 304);
        app.get(&cleo, &format!("/client{path}")).await.expect(200);
        app.get(&cleo, &format!("/api/v1{path}")).await.expect(200);
        app.get(&cleo, "/client/incidents/export").await.expect(200);
        app.get(&sue, &format!("/office{path}")).await.expect(200);
        assert_eq!(
            readers(&app, &ada, id).await,
            [
                said("Cleo Client", "api", 1),
                said("Cleo Client", "export", 1),
                said("Cleo Client", "page", 3),
                said("Sue Visor", "page", 1)
            ]
        );
        app.clock.advance(std::time::Duration::from_secs(3600));
        app.get(&cleo, &format!("/client{path}")).await.expect(200);
        assert!(readers(&app, &ada, id).await.contains(&said("Cleo Client", "page", 4)));
        let found = app.get(&ada, &format!("/api/v1{path}/readers")).await.expect(200).json();
        let cleos =
            found.as_array().unwrap().iter().find(|r| r["how"] == "page" && r["name"] == "Cleo Client");
        let cleos = cleos.unwrap();
        assert_eq!(
            (
                cleos["first"].as_str(),
                cleos["last"].as_str(),
                cleos["side"].as_str(),
                cleos["roles"].as_str()
            ),
            (Some("2026-11-23T08:00:00Z"), Some("2026-11-23T09:00:00Z"), Some("client"), Some("Client User"))
        );

        let page = app.get(&ada, &format!("/office{path}")).await.expect(200).text();
        assert!(page.contains("Seen by") && page.contains("Cleo Client"), "{page}");
        let page = app.get(&ada, &format!("/office{path}/readers")).await.expect(200).text();
        assert!(
            page.contains("Outside your organization") && page.contains("took it away in an export"),
            "{page}"
        );

        // Whoever may not read the journal does not learn who reads; an outsider not even that there is such a page.
        let page = app.get(&sue, &format!("/office{path}")).await.expect(200).text();
        assert!(!page.contains("Seen by"), "{page}");
        app.get(&sue, &format!("/office{path}/readers")).await.expect(404);
        app.get(&sue, &format!("/api/v1{path}/readers")).await.expect(404);
        app.get(&cleo, &format!("/api/v1{path}/readers")).await.expect(404);
        let other = app.organization("Southwatch").await;
        let far = app.member(other, "Far Away", "admin", &[Target::Organization], None).await;
        app.get(&far, &format!("/api/v1{path}/readers")).await.expect(404);
    }
}

#[tokio::test]
async fn an_opened_file_counts_and_old_reads_go_with_the_journal() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let dock = app.site(org, client, None, "Dock 4").await;
        let ada = app.member(org, "Ada Admin", "admin", &[Target::Organization], None).await;
        let filed = app.json(&ada, "POST", "/api/v1/incidents", report(dock)).await.expect(201).json();
        let id = filed["id"].as_str().unwrap();
        let body = "--line\r\ncontent-disposition: form-data; name=\"files\"; filename=\"note.txt\"\r\ncontent-type: text/plain\r\n\r\nkeys found\r\n--line--\r\n";
        let sent = axum::http::Request::post(format!("/api/v1/incidents/{id}/attachments"))
            .header("content-type", "multipart/form-data; boundary=line")
            .body(axum::body::Body::from(body))
            .unwrap();
        let made = app.send(Some(&ada), sent).await.expect(201).json();
        let file = made[0]["id"].as_str().unwrap();
        app.get(&ada, &format!("/api/v1/attachments/{file}")).await.expect(200);
        assert_eq!(readers(&app, &ada, id).await, [said("Ada Admin", "file", 1)]);
        let later = app.now().as_microsecond() + 1;
        let later = kernel::Timestamp::from_microsecond(later).unwrap();
        assert_eq!(store::reads::remove_before(&app.app.store, org, app.now()).await.unwrap(), 0);
        assert_eq!(store::reads::remove_before(&app.app.store, org, later).await.unwrap(), 1);
        assert!(readers(&app, &ada, id).await.is_empty());
    }
}
