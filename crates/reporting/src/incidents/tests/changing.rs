//! Editing, moving along, assigning: who may, what they see of it, and what nobody loses.

use access::Target;
use serde_json::json;
use store::{Batch, params};

use super::{World, fields, file, post, read, report, verb};

#[tokio::test]
async fn an_officer_changes_an_own_report_only_where_the_site_allowed_it_and_only_what_they_see() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let officer =
            app.member(world.org, "Olga Officer", "officer", &[Target::Site(world.dock)], None).await;
        let before = file(&app, &officer, report(world.dock)).await;
        let mut body = report(world.dock);
        body["version"] = json!(1);
        let path = format!("/api/v1/incidents/{}", before["id"].as_str().unwrap());
        let refused = app.json(&officer, "PUT", &path, body.clone()).await.expect(403);
        assert!(refused.text().contains("site lets authors change"), "{}", refused.text());

        let mut batch = Batch::new();
        batch.run("update sites set editable_by_author = 1 where id = $1", params![world.dock]);
        app.put(batch).await;
        // The rule in force at hand-in stays with it.
        app.json(&officer, "PUT", &path, body.clone()).await.expect(403);
        let mut with_people = report(world.dock);
        with_people["people"] = json!([{ "name": "Wendy Witness", "part": "witness" }]);
        let filed = file(&app, &officer, with_people).await;
        let path = format!("/api/v1/incidents/{}", filed["id"].as_str().unwrap());
        // The office adds what the officer does not see.
        let mut staff = report(world.dock);
        staff["version"] = json!(1);
        staff["internal_notes"] = json!("ask for the tape");
        staff["people"] =
            json!([{ "name": "Wendy Witness", "part": "witness" }, { "name": "Sid", "part": "suspect" }]);
        app.json(&world.admin, "PUT", &path, staff).await.expect(200);

        body["version"] = json!(2);
        body["title"] = json!("Bolt cutters at gate C");
        let changed = app.json(&officer, "PUT", &path, body.clone()).await.expect(200).json();
        assert_eq!(changed["title"], "Bolt cutters at gate C");
        assert!(changed.get("people").is_none() && changed.get("internal_notes").is_none(), "{changed}");
        let whole = app.get(&world.admin, &path).await.expect(200).json();
        assert_eq!(whole["internal_notes"], "ask for the tape");
        assert_eq!(whole["people"].as_array().unwrap().len(), 2);
        // What one does not see one cannot set.
        body["version"] = json!(3);
        body["internal_notes"] = json!("x");
        body["people"] = json!([{ "name": "Eve", "part": "other" }]);
        let wrong = app.json(&officer, "PUT", &path, body.clone()).await.expect(422).json();
        assert!(
            wrong["errors"]["internal_notes"].is_array() && wrong["errors"]["people"].is_array(),
            "{wrong}"
        );

        // The officer's history leaves out the change of parts they do not see, and everybody's names.
        let told = app.get(&officer, &format!("{path}/changes")).await.expect(200).json();
        let acts: Vec<&str> =
            told.as_array().unwrap().iter().map(|c| c["action"].as_str().unwrap()).collect();
        assert_eq!(acts, ["edit", "file"], "{told}");
        assert!(told[0].get("who").is_none() && !told.to_string().contains("tape"), "{told}");
        let all = app.get(&world.admin, &format!("{path}/changes")).await.expect(200).json();
        assert_eq!(all.as_array().unwrap().len(), 3);
        assert_eq!(
            (all[0]["who"].as_str(), all[0]["role"].as_str()),
            (Some("Olga Officer"), Some("Officer"))
        );
        assert!(
            all[1].to_string().contains("ask for the tape") && all[1].to_string().contains("Sid, suspect")
        );

        // Once published it is no longer the author's alone.
        verb(&app, &world.admin, filed["id"].as_str().unwrap(), "publication", json!({ "version": 3 }))
            .await
            .expect(200);
        let mut late = report(world.dock);
        late["version"] = json!(4);
        app.json(&officer, "PUT", &path, late).await.expect(409);
    }
}

#[tokio::test]
async fn what_was_approved_is_changed_only_by_those_who_approve() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let mut batch = Batch::new();
        batch.run(
            "update sites set editable_by_author = 1, approval_required = 1 where id = $1",
            params![world.dock],
        );
        app.put(batch).await;
        let officer =
            app.member(world.org, "Olga Officer", "officer", &[Target::Site(world.dock)], None).await;
        let filed = file(&app, &officer, report(world.dock)).await;
        let id = filed["id"].as_str().unwrap();
        let mut body = report(world.dock);
        body["version"] = json!(1);
        body["severity"] = json!("low");
        app.json(&officer, "PUT", &format!("/api/v1/incidents/{id}"), body.clone()).await.expect(200);
        verb(&app, &world.admin, id, "approval", json!({})).await.expect(200);
        body["version"] = json!(3);
        body["severity"] = json!("critical");
        let late =
            app.json(&officer, "PUT", &format!("/api/v1/incidents/{id}"), body.clone()).await.expect(409);
        assert!(late.text().contains("was approved"), "{}", late.text());
        app.json(&world.admin, "PUT", &format!("/api/v1/incidents/{id}"), body).await.expect(200);
    }
}

#[tokio::test]
async fn the_board_moves_escalates_and_forgets_after_two_weeks() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let id = file(&app, &world.guard, report(world.dock)).await["id"].as_str().unwrap().to_owned();
        let lane = async || {
            let board = app.get(&world.admin, "/api/v1/incidents/board").await.expect(200).json();
            let lanes = board["lanes"].as_array().unwrap().clone();
            lanes.iter().find(|l| l["count"] == 1).map(|l| l["lane"].as_str().unwrap().to_owned())
        };
        let go = async |status: &str| {
            verb(&app, &world.admin, &id, "status", json!({ "status": status })).await.status
        };
        assert_eq!(lane().await.as_deref(), Some("urgent"));
        // A button on the board comes back to the board.
        let moved = app
            .post_form(
                &world.admin,
                &format!("/office/incidents/{id}/status"),
                &[("status", "review"), ("back", "board")],
            )
            .await
            .expect(303);
        assert_eq!(moved.header("location"), Some("/office/incidents/board"));
        let page = app.get(&world.admin, "/office/incidents/board").await.expect(200).text();
        assert!(page.contains("Back to active") && page.contains("Bolt cutters"), "{page}");
        app.get(&world.reader, "/api/v1/incidents/board").await.expect(404);
        assert_eq!(lane().await.as_deref(), Some("review"));
        assert_eq!(go("active").await, 200);
        assert_eq!(lane().await.as_deref(), Some("active"));
        assert_eq!(go("review").await, 200);
        assert_eq!(lane().await.as_deref(), Some("review"));
        verb(&app, &world.admin, &id, "escalation", json!({})).await.expect(200);
        assert_eq!(lane().await.as_deref(), Some("urgent"));
        // Moving on clears the escalation, also into the column where it stood.
        assert_eq!(go("review").await, 200);
        assert_eq!(lane().await.as_deref(), Some("review"));
        assert_eq!(go("resolved").await, 200);
        assert_eq!(lane().await.as_deref(), Some("resolved"));
        // Escalating what was resolved opens it again.
        let again = verb(&app, &world.admin, &id, "escalation", json!({})).await.expect(200).json();
        assert_eq!((again["status"].as_str(), again["escalated"].as_bool()), (Some("active"), Some(true)));
        assert_eq!(go("new").await, 409);
        assert_eq!(go("nowhere").await, 422);
        assert_eq!(go("closed").await, 200);
        assert_eq!(go("review").await, 409);
        let mut body = report(world.dock);
        body["version"] = json!(9);
        let closed =
            app.json(&world.admin, "PUT", &format!("/api/v1/incidents/{id}"), body).await.expect(409);
        assert!(closed.text().contains("closed"), "{}", closed.text());
        assert_eq!(lane().await.as_deref(), Some("resolved"));
        app.clock.advance(std::time::Duration::from_secs(15 * 86_400));
        assert_eq!(lane().await, None);
        assert_eq!(go("active").await, 200);
        assert_eq!(lane().await.as_deref(), Some("active"));
    }
}

#[tokio::test]
async fn an_incident_is_given_to_somebody_who_can_then_open_it() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let other = app.member(world.org, "Olaf Officer", "officer", &[Target::Site(world.mall)], None).await;
        let clerk = app.member(world.org, "Wim Work", "work_manager", &[Target::Organization], None).await;
        let id = file(&app, &world.guard, report(world.dock)).await["id"].as_str().unwrap().to_owned();
        read(&app, &other, &id).await.expect(404);
        let page =
            app.get(&world.admin, &format!("/office/incidents/{id}/assignment")).await.expect(200).text();
        assert!(
            page.contains("Olaf Officer") && !page.contains("Wim Work") && !page.contains("Cleo"),
            "{page}"
        );
        let give =
            async |who: String| verb(&app, &world.admin, &id, "assignment", json!({ "assignee": who })).await;
        let given = give(other.membership.to_string()).await.expect(200).json();
        assert_eq!(given["assignee"], "Olaf Officer");
        read(&app, &other, &id).await.expect(200);
        for nobody in [
            clerk.membership.to_string(),
            world.reader.membership.to_string(),
            kernel::id::MembershipId::new().to_string(),
            "him".to_owned(),
        ] {
            give(nobody).await.expect(422);
        }
        let mine = app.get(&world.admin, "/api/v1/incidents?assignee=nobody").await.expect(200).json();
        assert_eq!(mine["items"].as_array().unwrap().len(), 0);
        let found = app.get(&world.admin, "/api/v1/incidents?q=olaf").await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        give(String::new()).await.expect(200);
        read(&app, &other, &id).await.expect(404);
        let found = app.get(&world.admin, "/api/v1/incidents?q=olaf").await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 0);
        let refused = app
            .post_form(&world.admin, &format!("/office/incidents/{id}/assignment"), &[("assignee", "x")])
            .await;
        assert!(refused.expect(422).text().contains("who may open this incident"));
    }
}

#[tokio::test]
async fn rights_that_are_lost_in_between_refuse_the_change() {
    use super::super::query::{INCIDENTS, Update};
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let officer =
            app.member(world.org, "Olga Officer", "officer", &[Target::Site(world.dock)], None).await;
        let mut batch = Batch::new();
        batch.run("update sites set editable_by_author = 1 where id = $1", params![world.dock]);
        app.put(batch).await;
        let id: kernel::id::IncidentId =
            file(&app, &officer, report(world.dock)).await["id"].as_str().unwrap().parse().unwrap();
        let store = &app.app.store;
        let plan = web::identity::plan(&app.app, world.org, officer.membership).await.unwrap();
        let found = store::listing::find::<super::super::IncidentOut>(
            store,
            &plan,
            super::super::VIEW,
            &INCIDENTS,
            id.uuid(),
        );
        let (_, facts) = found.await.unwrap();
        let permit = plan.permit(super::super::EDIT, &facts).unwrap();
        // Same version, but the row no longer lets its author change it.
        let mut batch = Batch::new();
        batch.run("update incidents set author_may_edit = 0 where id = $1", params![id]);
        app.put(batch).await;
        let mut batch = Batch::new();
        Update::new(&permit, &plan, id, 1).set("title", "x").put(&mut batch, app.now());
        assert!(matches!(store.commit(batch).await, Err(kernel::Error::Stale)));
    }
}

#[tokio::test]
async fn a_second_after_the_first_is_told_and_forms_keep_what_was_typed() {
    for app in testkit::apps(crate::features()).await {
        let world = World::new(&app).await;
        let id = file(&app, &world.guard, report(world.dock)).await["id"].as_str().unwrap().to_owned();
        let mut form = fields(world.dock);
        form.retain(|(name, _)| *name != "site");
        form.push(("version", "1".into()));
        let path = format!("/office/incidents/{id}");
        let page = app.get(&world.admin, &format!("{path}/edit")).await.expect(200).text();
        assert!(page.contains("2026-11-23T02:10") && page.contains("Two people ran off."), "{page}");
        form[2].1 = "Ladder at gate B".into();
        post(&app, &world.admin, &path, &form).await.expect(303);
        form[2].1 = "Rope at <b>gate</b> B".into();
        let stale = post(&app, &world.admin, &path, &form).await.expect(409).text();
        assert!(
            stale.contains("somebody changed this") && stale.contains("Rope at &lt;b&gt;gate&lt;/b&gt; B"),
            "{stale}"
        );
        // The same words again are no change: the version stays.
        form[2].1 = "Ladder at gate B".into();
        form.last_mut().unwrap().1 = "2".into();
        post(&app, &world.admin, &path, &form).await.expect(303);
        assert_eq!(read(&app, &world.admin, &id).await.expect(200).json()["version"], 2);
    }
}
