//! The settings through HTTP, on both engines.

use access::{Switch, Target};
use serde_json::json;

#[tokio::test]
async fn an_administrator_changes_the_settings_and_a_client_reads_what_is_let_out() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let reader =
            app.member(org, "Cleo Client", "client_user", &[Target::Client(client)], Some(client)).await;
        let supervisor = app.member(org, "Sue Visor", "supervisor", &[], None).await;

        let fields = [
            ("name", "Northwatch Ltd"),
            ("zone", "Europe/Berlin"),
            ("hue", "150"),
            ("details", "Since 1990."),
            ("refuse_staff_email", "on"),
        ];
        app.post_form(&admin, "/office/organization", &fields).await.expect(303);
        let now = app.get(&admin, "/api/v1/organization").await.expect(200).json();
        assert_eq!(
            (now["hue"].as_i64(), now["require_static_site"].as_bool(), now["refuse_staff_email"].as_bool()),
            (Some(150), Some(false), Some(true))
        );
        let wrong = [("name", ""), ("zone", "Mars/Base"), ("hue", "900")];
        let page = app.post_form(&admin, "/office/organization", &wrong).await.expect(422).text();
        assert!(
            page.contains("fill this in") && page.contains("write a time zone") && page.contains("0 to 359"),
            "{page}"
        );
        assert!(page.contains("Mars/Base"), "what was typed is kept");

        // The client side reads name and details only, and only while company details are on.
        let seen = app.get(&reader, "/api/v1/organization").await.expect(200).json();
        assert_eq!(seen["details"], "Since 1990.");
        assert!(
            seen.get("hue").is_none() && seen.get("switches").is_none() && seen.get("features").is_none()
        );
        let keep: Vec<&str> =
            Switch::ALL.iter().filter(|s| **s != Switch::CompanyDetails).map(|s| s.word()).collect();
        app.json(&admin, "POST", "/api/v1/organization/switches", json!({ "on": keep })).await.expect(200);
        app.get(&reader, "/api/v1/organization").await.expect(404);
        app.json(&reader, "POST", "/api/v1/organization/switches", json!({ "on": ["company_details"] }))
            .await
            .expect(404);
        app.get(&supervisor, "/office/organization").await.expect(404);
        app.json(&admin, "POST", "/api/v1/organization/switches", json!({ "on": ["everything"] }))
            .await
            .expect(422);
    }
}

#[tokio::test]
async fn turning_a_pack_off_makes_its_roles_inert_and_back_on_deletes_nothing() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let admin = app.member(org, "Ada Admin", "administrator", &[Target::Organization], None).await;
        let center = app.member(org, "Cal Center", "call_center", &[Target::Organization], None).await;
        app.get(&center, "/office/members").await.expect(200);
        app.json(&admin, "POST", "/api/v1/organization/features", json!({ "on": ["service"] }))
            .await
            .expect(200);
        app.get(&center, "/office/members").await.expect(404);
        app.json(&admin, "POST", "/api/v1/organization/features", json!({ "on": ["service", "guarding"] }))
            .await
            .expect(200);
        app.get(&center, "/office/members").await.expect(200);
    }
}
