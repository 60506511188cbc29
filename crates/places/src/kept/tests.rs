//! Names through HTTP, on both engines: what is hidden is in nobody's way, and nobody learns of it by a name.

use access::Target;
use serde_json::{Value, json};
use testkit::{Actor, TestApp};

/// An answer without what differs between any two runs: ids and times.
fn plain(answer: &testkit::Answered, ids: &[(String, &str)]) -> (u16, String) {
    let mut text = answer.text();
    for (id, word) in ids {
        text = text.replace(id.as_str(), word);
    }
    if let Ok(Value::Object(mut map)) = serde_json::from_str::<Value>(&text) {
        map.remove("id");
        map.remove("request");
        text = Value::Object(map).to_string();
    }
    (answer.status, text)
}

struct World {
    area_admin: Actor,
    team_admin: Actor,
    client_admin: Actor,
    admin: Actor,
    ids: Vec<(String, &'static str)>,
    client: String,
    area: String,
    team: String,
}

/// Two areas, two teams, two clients. The people look after the first of each; "Vault", if it is there, is the name of
/// a site, an area, a team and a client that they do not see.
async fn world(app: &TestApp, vault: bool) -> World {
    let org = app.organization(if vault { "Northwatch" } else { "Southwatch" }).await;
    let client = app.client(org, "Harbour").await;
    let (north, south) = (app.area(org, "North").await, app.area(org, "South").await);
    let team = app.team(org, "Day").await;
    app.site(org, client, Some(north), "Gate").await;
    let hidden = if vault { "Vault" } else { "Other" };
    app.site(org, client, Some(south), hidden).await;
    app.area(org, hidden).await;
    app.team(org, hidden).await;
    app.client(org, hidden).await;
    World {
        area_admin: app.member(org, "Ari", "area_administrator", &[Target::Area(north)], None).await,
        team_admin: app.member(org, "Tea", "team_administrator", &[Target::Team(team)], None).await,
        client_admin: app
            .member(org, "Cleo", "client_administrator", &[Target::Client(client)], Some(client))
            .await,
        admin: app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await,
        ids: vec![
            (client.to_string(), "CLIENT"),
            (north.to_string(), "NORTH"),
            (team.to_string(), "TEAM"),
            ("Northwatch".into(), "ORG"),
            ("Southwatch".into(), "ORG"),
        ],
        client: client.to_string(),
        area: north.to_string(),
        team: team.to_string(),
    }
}

/// Everything that somebody of few rights can try with a name, in order, with the answers.
async fn try_names(app: &TestApp, world: &World) -> Vec<(u16, String)> {
    let site = |name: &str| json!({ "client": world.client, "area": world.area, "kind": "static", "name": name, "zone": "UTC" });
    let mut seen = Vec::new();
    let mut note = |answer: &testkit::Answered| seen.push(plain(answer, &world.ids));
    let post = |body: Value| app.json(&world.area_admin, "POST", "/api/v1/sites", body);

    let made = post(site("Vault")).await;
    note(&made);
    // The second time the first one, which they do see, is in the way.
    note(&post(site("Vault")).await);
    note(&post(site("Gate")).await);
    let place = format!("/api/v1/sites/{}", made.json()["id"].as_str().unwrap_or_default());
    let put = |name: &str, version: i64| {
        let mut body = site(name);
        body["version"] = json!(version);
        app.json(&world.area_admin, "PUT", &place, body)
    };
    // As it is, under another name, and back.
    note(&put("Vault", 1).await);
    note(&put("Gate", 2).await);
    note(&put("Tower", 2).await);
    note(&put("Vault", 3).await);
    note(&put("Vault", 3).await);
    let area = format!("/api/v1/areas/{}", world.area);
    for (name, version) in [("Vault", 1), ("Vault", 2), ("North", 3)] {
        note(&app.json(&world.area_admin, "PUT", &area, json!({ "name": name, "version": version })).await);
    }
    let team = format!("/api/v1/teams/{}", world.team);
    for (name, version) in [("Vault", 1), ("Vault", 2), ("Day", 3)] {
        let body = json!({ "name": name, "kind": "shop", "version": version });
        note(&app.json(&world.team_admin, "PUT", &team, body).await);
    }
    let client = format!("/api/v1/clients/{}", world.client);
    note(&app.json(&world.client_admin, "PUT", &client, json!({ "name": "Vault", "version": 1 })).await);
    let list = app.get(&world.area_admin, "/office/sites").await;
    seen.push((list.status, String::new()));
    seen
}

#[tokio::test]
async fn a_name_that_a_hidden_record_has_is_free() {
    for app in testkit::apps(crate::features()).await {
        let (with, without) = (world(&app, true).await, world(&app, false).await);
        let (there, absent) = (try_names(&app, &with).await, try_names(&app, &without).await);
        let said: Vec<u16> = there.iter().map(|(status, _)| *status).collect();
        let sites = [201, 422, 422, 200, 422, 200, 200, 409];
        let renamed = [200, 200, 200, 200, 200, 200];
        assert_eq!(said.get(..8), Some(&sites[..]), "{there:#?}");
        assert_eq!(said.get(8..14), Some(&renamed[..]), "{there:#?}");
        for (at, (a, b)) in there.iter().zip(&absent).enumerate() {
            assert_eq!(a, b, "answer {at} tells whether the hidden record is there");
        }
        // Whoever sees both sees two of the name, and is not let make a third.
        let listed = app.get(&with.admin, "/api/v1/sites?q=vault").await.expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
        let third = json!({ "client": with.client, "kind": "static", "name": "Vault", "zone": "UTC" });
        app.json(&with.admin, "POST", "/api/v1/sites", third).await.expect(422);
        // One of the two can be changed under the name it has.
        let item = listed["items"][0].clone();
        let body = json!({
            "client": with.client, "area": item["area"], "kind": "static", "name": "Vault", "zone": "UTC",
            "address": "1 Quay", "version": item["version"],
        });
        let path = format!("/api/v1/sites/{}", item["id"].as_str().unwrap());
        app.json(&with.admin, "PUT", &path, body).await.expect(200);
    }
}
