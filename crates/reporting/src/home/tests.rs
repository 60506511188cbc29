//! Home through HTTP, on both engines.

use access::Target;

#[tokio::test]
async fn each_portal_has_a_first_page_that_fits_its_people() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
        let guard = app.member(org, "Gus Guard", "guard", &[Target::Site(site)], None).await;
        let reader =
            app.member(org, "Cleo Client", "client_user", &[Target::Client(client)], Some(client)).await;
        let basic = app.member(org, "Bo Basic", "basic_user", &[Target::Site(site)], Some(client)).await;

        let office = app.get(&admin, "/office").await.expect(200).text();
        assert!(office.contains("Wait for approval") && office.contains("/office/incidents/new"), "{office}");
        let field = app.get(&guard, "/field").await.expect(200).text();
        assert!(field.contains("Report an incident") && !field.contains("Wait for approval"), "{field}");
        let portal = app.get(&reader, "/client").await.expect(200).text();
        assert!(
            portal.contains("Hello, Cleo") && portal.contains("names and positions of officers"),
            "{portal}"
        );
        assert!(!portal.contains("/incidents/new"), "a client user files nothing");
        let portal = app.get(&basic, "/client").await.expect(200).text();
        assert!(portal.contains("You are here as Basic User"), "{portal}");

        app.get(&guard, "/office").await.expect(404);
        app.get(&reader, "/field").await.expect(404);
    }
}
