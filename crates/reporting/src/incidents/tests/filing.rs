//! From the field to the client.

use serde_json::json;

use super::{World, fields, post, read, verb};

#[tokio::test]
async fn a_guard_files_an_administrator_publishes_and_the_right_client_reads() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let form = app.get(&world.guard, "/field/incidents/new").await.expect(200).text();
        assert!(form.contains("America/New_York") && form.contains("2026-11-23T03:00"), "{form}");
        let filed = post(&app, &world.guard, "/field/incidents", &fields(world.dock)).await.expect(303);
        let place = filed.header("location").unwrap().to_owned();
        assert!(place.starts_with("/field/incidents/inc_"), "{place}");
        let id = place.rsplit('/').next().unwrap().to_owned();

        let own = app.get(&world.guard, "/api/v1/incidents").await.expect(200).json();
        assert_eq!(own["items"].as_array().unwrap().len(), 1, "{own}");
        let listed = app.get(&world.admin, "/office/incidents").await.expect(200).text();
        assert!(listed.contains("Bolt cutters at gate B") && listed.contains("Not published"), "{listed}");
        read(&app, &world.reader, &id).await.expect(404);

        let seen = read(&app, &world.admin, &id).await.expect(200).json();
        assert_eq!((seen["number"].as_i64(), seen["author"].as_str()), (Some(1), Some("Gus Guard")));
        assert_eq!(seen["occurred_at"], "2026-11-23T07:10:00Z");
        let published =
            verb(&app, &world.admin, &id, "publication", json!({ "version": seen["version"] })).await;
        assert_eq!(published.expect(200).json()["visibility"], "released");

        let page = app.get(&world.reader, &format!("/client/incidents/{id}")).await.expect(200).text();
        assert!(page.contains("Attempted theft at gate B, nothing taken."), "{page}");
        for hidden in ["Bolt cutters", "heard metal", "Gus Guard", "#1"] {
            assert!(!page.contains(hidden), "{hidden}: {page}");
        }
        let list = app.get(&world.reader, "/client/incidents").await.expect(200).text();
        assert!(list.contains("Dock 4"), "{list}");
        app.get(&world.stranger, &format!("/client/incidents/{id}")).await.expect(404);
        let theirs = app.get(&world.stranger, "/api/v1/incidents").await.expect(200).json();
        assert_eq!(theirs["items"].as_array().unwrap().len(), 0);
    }
}
