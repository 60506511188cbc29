//! Clients through HTTP, on both engines.

use access::Target;
use serde_json::json;

#[tokio::test]
async fn an_administrator_adds_and_changes_a_client() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let typed = [
            ("name", "Harbour"),
            ("contact_name", "Hana"),
            ("contact_email", "Hana@Harbour.example"),
            ("address", "1 Dock Road"),
            ("notes", "Pays late"),
            ("emergency_access", "true"),
        ];
        let made = app.post_form(&admin, "/office/clients", &typed).await.expect(303);
        let place = made.header("location").unwrap().to_owned();
        let page = app.get(&admin, &place).await.expect(200).text();
        for shown in
            ["Harbour", "Hana", "hana@harbour.example", "1 Dock Road", "Pays late", "may raise the alarm"]
        {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        let api = format!("/api/v1{}", place.strip_prefix("/office").unwrap());
        let body = json!({ "name": "Harbour Ltd", "version": 1 });
        let changed = app.json(&admin, "PUT", &api, body.clone()).await.expect(200).json();
        assert_eq!((changed["name"].as_str(), changed["notes"].as_str()), (Some("Harbour Ltd"), Some("")));
        app.json(&admin, "PUT", &api, body).await.expect(409);

        let refused = app
            .post_form(&admin, "/office/clients", &[("name", "<i>Mill</i>"), ("contact_email", "nowhere")])
            .await
            .expect(422)
            .text();
        assert!(
            refused.contains("&lt;i&gt;Mill&lt;/i&gt;") && refused.contains("e-mail address"),
            "{refused}"
        );
        app.json(&admin, "POST", "/api/v1/clients", json!({ "name": "Harbour Ltd" })).await.expect(422);
    }
}

#[tokio::test]
async fn a_client_goes_with_its_current_sites_and_comes_back_with_them() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let harbour = app.client(org, "Harbour").await;
        let mill = app.client(org, "Mill").await;
        let gate = app.site(org, harbour, None, "Gate").await;
        let old = app.site(org, harbour, None, "Old gate").await;
        app.site(org, mill, None, "Hall").await;
        app.json(&admin, "POST", &format!("/api/v1/sites/{old}/archive"), json!({})).await.expect(200);
        app.clock.advance(std::time::Duration::from_secs(60));

        let api = format!("/api/v1/clients/{harbour}");
        app.json(&admin, "POST", &format!("{api}/archive"), json!({})).await.expect(200);
        let current = |listed: serde_json::Value| -> Vec<String> {
            let items = listed["items"].as_array().unwrap().iter();
            items.map(|i| i["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(current(app.get(&admin, "/api/v1/sites").await.expect(200).json()), ["Hall"]);
        assert_eq!(current(app.get(&admin, "/api/v1/clients").await.expect(200).json()), ["Mill"]);
        // History keeps its name: whoever has the link still reads it.
        app.get(&admin, &format!("/office/sites/{gate}")).await.expect(200);
        // A site does not come back alone, and nothing new is put there.
        let refused = app
            .json(&admin, "POST", &format!("/api/v1/sites/{gate}/restore"), json!({}))
            .await
            .expect(409)
            .json();
        assert!(refused["detail"].as_str().unwrap().contains("Restore the client first"), "{refused}");
        let new = json!({ "client": harbour, "kind": "static", "name": "New", "zone": "UTC" });
        app.json(&admin, "POST", "/api/v1/sites", new).await.expect(422);

        app.json(&admin, "POST", &format!("{api}/restore"), json!({})).await.expect(200);
        // What had gone before stays away.
        assert_eq!(current(app.get(&admin, "/api/v1/sites").await.expect(200).json()), ["Gate", "Hall"]);
    }
}

/// ROLES.md: a client user belongs to one client and sees nothing of another; notes are never theirs.
#[tokio::test]
async fn a_client_user_reads_their_own_company_without_its_notes() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let made = app
            .json(
                &admin,
                "POST",
                "/api/v1/clients",
                json!({ "name": "Harbour", "notes": "Pays late", "phone": "555-1234" }),
            )
            .await
            .expect(201)
            .json();
        let id = made["id"].as_str().unwrap().to_owned();
        let harbour: kernel::id::ClientId = id.parse().unwrap();
        let mill = app.client(org, "Mill").await;
        let cleo = app.member(org, "Cleo", "client_user", &[Target::Client(harbour)], Some(harbour)).await;

        let seen = app.get(&cleo, &format!("/api/v1/clients/{id}")).await.expect(200).json();
        assert_eq!(seen["phone"], "555-1234");
        assert!(seen.get("notes").is_none() && seen.get("emergency_access").is_none(), "{seen}");
        let page = app.get(&cleo, &format!("/client/clients/{id}")).await.expect(200).text();
        assert!(
            page.contains("555-1234") && !page.contains("Pays late") && !page.contains("/edit"),
            "{page}"
        );
        app.get(&cleo, "/client/clients").await.expect(303);
        let hidden = app.get(&cleo, &format!("/api/v1/clients/{mill}")).await.expect(404);
        let absent =
            app.get(&cleo, &format!("/api/v1/clients/{}", kernel::id::ClientId::new())).await.expect(404);
        assert_eq!((hidden.bytes, hidden.headers), (absent.bytes, absent.headers));
        app.json(&cleo, "PUT", &format!("/api/v1/clients/{id}"), json!({ "name": "Mine" })).await.expect(403);
        app.get(&cleo, "/api/v1/clients/export").await.expect(404);

        // The call center may look (ROLES.md), and change nothing.
        let rep = app.member(org, "Rita", "call_center", &[Target::Organization], None).await;
        app.get(&rep, &format!("/office/clients/{id}")).await.expect(200);
        app.get(&rep, "/office/clients/new").await.expect(404);
        app.json(&rep, "POST", &format!("/api/v1/clients/{id}/archive"), json!({})).await.expect(403);
        // Supervisors and officers see sites, not the companies behind them.
        let site = app.site(org, harbour, None, "Gate").await;
        for role in ["supervisor", "officer", "site_user"] {
            let client = (role == "site_user").then_some(harbour);
            let actor = app.member(org, role, role, &[Target::Site(site)], client).await;
            app.get(&actor, &format!("/api/v1/clients/{id}")).await.expect(404);
        }
    }
}

/// ROLES.md, MyProtektor: emergency access is a switch of the client.
#[tokio::test]
async fn emergency_access_is_turned_on_and_off_where_it_stands() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let harbour = app.client(org, "Harbour").await;
        let gate = app.site(org, harbour, None, "Gate").await;
        let cleo = app.member(org, "Cleo", "client", &[Target::Site(gate)], Some(harbour)).await;
        let office = format!("/office/clients/{harbour}/emergency-access");
        let done = app.post_form(&admin, &office, &[("on", "true"), ("version", "1")]).await.expect(303);
        assert_eq!(done.header("location"), Some(format!("/office/clients/{harbour}/portal").as_str()));
        let api = format!("/api/v1/clients/{harbour}");
        let now = app.get(&admin, &api).await.expect(200).json();
        assert_eq!((now["emergency_access"].as_bool(), now["version"].as_i64()), (Some(true), Some(2)));
        // Somebody else was quicker; and who may only look is refused.
        app.json(&admin, "PUT", &format!("{api}/emergency-access"), json!({ "on": false, "version": 1 }))
            .await
            .expect(409);
        let rita = app.member(org, "Rita", "call_center", &[Target::Organization], None).await;
        let off = json!({ "on": false, "version": 2 });
        app.json(&rita, "PUT", &format!("{api}/emergency-access"), off.clone()).await.expect(403);
        app.json(&cleo, "PUT", &format!("{api}/emergency-access"), off.clone()).await.expect(404);
        app.json(&admin, "PUT", &format!("{api}/emergency-access"), off).await.expect(200);
        let page = app.get(&admin, &format!("/office/clients/{harbour}")).await.expect(200).text();
        assert!(page.contains("Client portal"), "{page}");
    }
}
