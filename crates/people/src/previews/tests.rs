//! Beginning and ending previews through HTTP, on both engines. What is seen in one is tested with the whole program,
//! in `bailiwick/tests/preview.rs`.

use access::Target;

use crate::trial::actions;

#[tokio::test]
async fn a_preview_is_begun_with_a_reason_and_ended() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let other = app.organization("Elsewhere").await;
        let ada = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let eve = app.member(other, "Eve", "officer", &[], None).await;
        let client = app.client(org, "Harbour").await;
        let site = app.site(org, client, None, "Dock 4").await;
        let sue = app.member(org, "Sue", "supervisor", &[Target::Site(site)], None).await;
        let caller = app.member(org, "Cal", "call_center", &[Target::Organization], None).await;
        let start = |id: kernel::id::MembershipId| format!("/office/members/{id}/preview");
        let page = app.get(&ada, &start(sue.membership)).await.expect(200).text();
        assert!(page.contains("30 minutes") && page.contains("journal"), "{page}");
        let again = app.post_form(&ada, &start(sue.membership), &[("reason", " ")]).await.expect(422).text();
        assert!(again.contains("say why you look"), "{again}");
        // Oneself, somebody of another organization, and whoever lacks the permission.
        let own = app.get(&ada, &start(ada.membership)).await.expect(200).text();
        assert!(own.contains("your own eyes") && !own.contains("Look through their eyes</"), "{own}");
        app.post_form(&ada, &start(ada.membership), &[("reason", "x")]).await.expect(403);
        app.post_form(&ada, &start(eve.membership), &[("reason", "x")]).await.expect(404);
        app.post_form(&caller, &start(sue.membership), &[("reason", "x")]).await.expect(403);
        assert!(actions(&app, org).await.is_empty());
        app.post_form(&ada, &start(sue.membership), &[("reason", "Trying out")]).await.expect(303);
        // A second one begins only after the first has ended.
        app.post_form(&ada, &start(caller.membership), &[("reason", "x")]).await.expect(403);
        app.get(&ada, "/preview/stop").await.expect(303);
        app.post_form(&ada, "/preview/stop", &[]).await.expect(303);
        // Nothing left to stop leads home.
        let home = app.post_form(&ada, "/preview/stop", &[]).await.expect(303);
        assert_eq!(home.header("location"), Some("/"));
        assert_eq!(app.get(&ada, "/preview").await.expect(303).header("location"), Some("/"));
        assert_eq!(actions(&app, org).await, ["preview_start", "preview_stop"]);
    }
}
