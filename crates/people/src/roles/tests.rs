//! Roles through HTTP, on both engines.

use access::{Feature, Target};
use serde_json::{Value, json};
use testkit::{Actor, TestApp};

/// Somebody who writes roles but holds little: incidents and sites of the whole organization, nothing else.
const WRITER: &str = r#"
key = "role_writer"
name = "Role writer"
about = "Writes roles about incidents."
audience = "staff"
portals = ["office"]
reach = "organization"
may = ["role: *", "incident: view edit export", "site: view", "account: view", "assignment: *", "incident: close if not_closed"]
"#;

struct Scene {
    org: kernel::id::OrganizationId,
    admin: Actor,
    writer: Actor,
    site: kernel::id::SiteId,
    client: kernel::id::ClientId,
}

async fn scene(app: &TestApp) -> Scene {
    let org = app.organization("Northwatch").await;
    app.role(org, WRITER).await;
    let client = app.client(org, "Harbour").await;
    let site = app.site(org, client, None, "Dock 4").await;
    let admin = app.member(org, "Ada Admin", "customer_admin", &[Target::Organization], None).await;
    let writer = app.member(org, "Wanda Writer", "role_writer", &[Target::Organization], None).await;
    Scene { org, admin, writer, site, client }
}

fn night(may: &[&str]) -> Value {
    json!({
        "name": "Night desk", "about": "Watches the night's incidents.", "audience": "staff",
        "portals": ["office"], "reach": "site", "may": may,
    })
}

async fn made(app: &TestApp, who: &Actor, body: Value) -> Value {
    app.json(who, "POST", "/api/v1/roles", body).await.expect(201).json()
}

/// A change of a role: what was read, with other grants.
fn changed(role: &Value, may: &[&str]) -> Value {
    json!({
        "name": role["name"], "about": role["about"], "portals": role["portals"], "reach": role["reach"],
        "may": may, "version": role["version"],
    })
}

#[tokio::test]
async fn a_role_is_written_given_changed_archived_and_restored() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let role = made(&app, &s.admin, night(&["account: view @ organization", "site: view"])).await;
        assert_eq!(role["key"], "night_desk");
        assert_eq!(role["may"], json!(["account: view @ organization", "site: view @ site"]));
        assert_eq!((role["built_in"].as_bool(), role["version"].as_i64()), (Some(false), Some(1)));

        let holder = app.member(s.org, "Hal Holder", "night_desk", &[Target::Site(s.site)], None).await;
        app.get(&holder, "/office/members").await.expect(200);
        app.get(&holder, "/office/roles").await.expect(404);

        // The next request decides by what the role says then.
        let path = "/api/v1/roles/night_desk";
        let body = changed(&role, &["site: view"]);
        let role = app.json(&s.admin, "PUT", path, body.clone()).await.expect(200).json();
        assert_eq!(role["version"], 2);
        app.get(&holder, "/office/members").await.expect(404);
        app.json(&s.admin, "PUT", path, body).await.expect(409);

        let body = changed(&role, &["account: view @ organization"]);
        let role = app.json(&s.admin, "PUT", path, body).await.expect(200).json();
        app.get(&holder, "/office/members").await.expect(200);
        app.post_form(&s.admin, "/office/roles/night_desk/archive", &[("version", "3")]).await.expect(303);
        // It opens no door any more.
        app.get(&holder, "/office/members").await.expect(404);
        let shown = app.get(&s.admin, path).await.expect(200).json();
        assert_eq!((&shown["archived"], &shown["key"]), (&json!(true), &role["key"]));
        let listed = app.get(&s.admin, "/api/v1/roles?pack=own").await.expect(200).json();
        assert!(!listed.to_string().contains("night_desk"), "{listed}");
        let give = json!({ "role": "night_desk", "targets": [format!("site:{}", s.site)] });
        let nobody = app.member(s.org, "Nick New", "officer", &[Target::Site(s.site)], None).await;
        let roles = format!("/api/v1/members/{}/roles", nobody.membership);
        app.json(&s.admin, "POST", &roles, give.clone()).await.expect(422);
        app.post_form(&s.admin, "/office/roles/night_desk/restore", &[]).await.expect(303);
        app.get(&holder, "/office/members").await.expect(200);
        app.json(&s.admin, "POST", &roles, give).await.expect(201);

        let page = app.get(&s.admin, "/office/roles/night_desk").await.expect(200).text();
        for words in ["Hal Holder", "Nick New", "May see those of the whole organization", "Site Dock 4"] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
}

/// A verb that needs no word needs no body; and whoever still holds what is put away is told so.
#[tokio::test]
async fn a_role_is_archived_and_restored_without_a_body_and_its_holder_s_page_says_so() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        made(&app, &s.admin, night(&["incident: view"])).await;
        let holder = app.member(s.org, "Hal Holder", "night_desk", &[Target::Site(s.site)], None).await;
        let send = async |verb: &str| {
            let path = format!("/api/v1/roles/night_desk/{verb}");
            let request = http::Request::post(path).body(axum::body::Body::empty()).unwrap();
            app.send(Some(&s.admin), request).await
        };
        let path = format!("/members/{}", holder.membership);
        let held = async || {
            app.get(&s.admin, &format!("/api/v1{path}")).await.expect(200).json()["roles"][0].clone()
        };
        let before = held().await;
        assert!(before.get("archived").is_none() && before.get("idle_because").is_none(), "{before}");
        assert_eq!(send("archive").await.expect(200).json()["archived"], true);
        let now = held().await;
        assert_eq!((&now["archived"], &now["idle_because"]), (&json!(true), &json!("the role is archived")));
        let page = app.get(&s.admin, &format!("/office{path}")).await.expect(200).text();
        assert!(page.contains("The role is archived") && !page.contains("Take away"), "{page}");
        assert_eq!(send("restore").await.expect(200).json()["archived"], false);
        let page = app.get(&s.admin, &format!("/office{path}")).await.expect(200).text();
        assert!(!page.contains("The role is archived") && page.contains("Take away"), "{page}");
    }
}

#[tokio::test]
async fn nobody_writes_more_than_they_hold() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let refused = |answer: testkit::Answered, field: &str, words: &str| {
            let problem = answer.expect(422).json();
            let said = problem["errors"][field][0].as_str().unwrap_or_default().to_owned();
            assert!(said.contains(words), "{problem}");
        };
        let ask = |may: &'static [&'static str]| app.json(&s.writer, "POST", "/api/v1/roles", night(may));
        refused(ask(&["incident: view", "client: view"]).await, "may", "client.view (you do not hold it)");
        refused(ask(&["incident: close"]).await, "may", "incident.close (yours does not reach that far)");
        refused(ask(&["incident: fly"]).await, "may", "choose one of");
        refused(ask(&[]).await, "may", "at least one");
        // A door that is closed to the writer.
        let mut field = night(&["incident: view"]);
        field["portals"] = json!(["field"]);
        refused(
            app.json(&s.writer, "POST", "/api/v1/roles", field).await,
            "portals",
            "do not open the field portal",
        );
        // Roles to hand on that go further than the writer.
        let mut gives = night(&["incident: view"]);
        gives["gives"] = json!(["supervisor"]);
        refused(app.json(&s.writer, "POST", "/api/v1/roles", gives).await, "may", "assignment.create");
        // What no outsider can ever hold.
        let mut outside = night(&["incident: view notes"]);
        outside["audience"] = json!("client");
        outside["portals"] = json!(["client"]);
        refused(
            app.json(&s.admin, "POST", "/api/v1/roles", outside).await,
            "may",
            "can never hold incident.notes",
        );

        made(&app, &s.writer, night(&["incident: view edit @ site", "incident: close if not_closed"])).await;
        // A copy under a built-in key would change what others hold.
        let mut taken = night(&["incident: view"]);
        taken["key"] = json!("supervisor");
        refused(app.json(&s.writer, "POST", "/api/v1/roles", taken).await, "key", "already");
    }
}

#[tokio::test]
async fn an_edit_is_asked_about_for_everybody_who_holds_the_role() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let role = made(&app, &s.writer, night(&["incident: view"])).await;
        let path = "/api/v1/roles/night_desk";
        let holder = app.member(s.org, "Hal Holder", "night_desk", &[Target::Site(s.site)], None).await;
        let role = app
            .json(&s.writer, "PUT", path, changed(&role, &["incident: view edit"]))
            .await
            .expect(200)
            .json();

        // Wider than the writer: refused, whoever holds it.
        app.json(&s.writer, "PUT", path, changed(&role, &["incident: view publish"])).await.expect(422);
        // The administrator widens it; from then on it is above the writer, who cannot cut it down either.
        let role = app
            .json(&s.admin, "PUT", path, changed(&role, &["incident: view publish"]))
            .await
            .expect(200)
            .json();
        let answer =
            app.json(&s.writer, "PUT", path, changed(&role, &["incident: view"])).await.expect(422).json();
        assert!(answer.to_string().contains("incident.publish"), "{answer}");
        app.json(&s.writer, "POST", &format!("{path}/archive"), json!({})).await.expect(422);

        // Nobody changes their own rights.
        app.give(&s.writer, "night_desk", &[Target::Site(s.site)]).await;
        app.json(&s.admin, "PUT", path, changed(&role, &["incident: view"])).await.expect(200);
        let own = app.get(&s.writer, path).await.expect(200).json();
        let answer =
            app.json(&s.writer, "PUT", path, changed(&own, &["incident: view edit"])).await.expect(403);
        assert!(answer.text().contains("You hold this role yourself"), "{}", answer.text());

        // What the holders could not hold any more is said, not done.
        app.give(&holder, "officer", &[Target::Site(s.site)]).await;
        let own = app.get(&s.admin, path).await.expect(200).json();
        let mut alone = changed(&own, &["incident: view"]);
        alone["exclusive"] = json!(true);
        let answer = app.json(&s.admin, "PUT", path, alone).await.expect(409).text();
        assert!(answer.contains("2 people could not hold the role like that any more"), "{answer}");
        assert!(answer.contains("held alone"), "{answer}");
    }
}

#[tokio::test]
async fn built_in_roles_are_duplicated_not_changed() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let supervisor = app.get(&s.admin, "/api/v1/roles/supervisor").await.expect(200).json();
        let mut body = changed(&supervisor, &["site: view"]);
        body["version"] = json!(1);
        let answer = app.json(&s.admin, "PUT", "/api/v1/roles/supervisor", body).await.expect(409).text();
        assert!(answer.contains("Duplicate it"), "{answer}");
        app.json(&s.admin, "POST", "/api/v1/roles/supervisor/archive", json!({})).await.expect(409);
        app.get(&s.admin, "/office/roles/supervisor/edit").await.expect(403);
        app.get(&s.admin, "/office/roles/none/edit").await.expect(404);

        let form = app.get(&s.admin, "/office/roles/new?from=supervisor").await.expect(200).text();
        assert!(form.contains("Supervisor (copy)"), "{form}");
        assert!(form.contains("value=\"incident.approve@site\" selected"), "{form}");
        // What the lists and the lines of the form send makes a role that grants the same.
        let text = app.get(&s.admin, "/api/v1/roles/supervisor/export").await.expect(200).text();
        let copy =
            text.replace("\"supervisor\"", "\"head_guard\"").replace("\"Supervisor\"", "\"Head guard\"");
        app.json(&s.admin, "POST", "/api/v1/roles/import", json!({ "text": copy })).await.expect(200);
        let copy = app.get(&s.admin, "/api/v1/roles/head_guard").await.expect(200).json();
        assert_eq!(copy["sentences"], supervisor["sentences"]);
        assert_eq!(copy["built_in"], json!(false));
    }
}

#[tokio::test]
async fn import_takes_all_or_nothing_and_nothing_beyond_ones_own() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let one = |key: &str, may: &str, more: &str| {
            format!(
                "[[role]]\nkey = \"{key}\"\nname = \"{key}\"\nabout = \"Imported.\"\naudience = \"staff\"\nportals = [\"office\"]\nreach = \"site\"\nmay = [\"{may}\"]\n{more}\n"
            )
        };
        let post = |who: &Actor, text: String, replace: bool| {
            let (app, who) = (&app, who.clone());
            async move {
                app.json(&who, "POST", "/api/v1/roles/import", json!({ "text": text, "replace": replace }))
                    .await
            }
        };
        let both = one("first", "incident: view", "") + &one("second", "client: view", "");
        let answer = post(&s.writer, both.clone(), false).await.expect(422).text();
        assert!(answer.contains("client.view"), "{answer}");
        app.get(&s.admin, "/api/v1/roles/first").await.expect(404);
        post(&s.admin, both.clone(), false).await.expect(200);
        let answer = post(&s.admin, both, false).await.expect(422).text();
        assert!(answer.contains("first: there is a role with this key"), "{answer}");
        let again = one("first", "incident: view edit", "");
        post(&s.admin, again, true).await.expect(200);
        let first = app.get(&s.admin, "/api/v1/roles/first").await.expect(200).json();
        assert_eq!((&first["may"], &first["version"]), (&json!(["incident: view edit @ site"]), &json!(2)));
        for (text, words) in [
            ("nonsense = [", "cannot be read"),
            ("", "no [[role]]"),
            (&one("third", "incident: fly", ""), "choose one of"),
            (&one("third", "incident: view", "administrator = true"), "administrator"),
            (&one("third", "incident: view", "packs = [\"guarding\"]"), "packs"),
            (&one("third", "incident: view", "colour = \"red\""), "colour"),
            (&one("Third", "incident: view", ""), "lower-case"),
            (&one("owner", "incident: view", ""), "built-in"),
            (&one("third", "incident: view", "gives = [\"nobody\"]"), "which there is not"),
        ] {
            let answer = post(&s.admin, text.to_owned(), true).await.expect(422).text();
            assert!(answer.contains(words), "{words}: {answer}");
        }
        // A role that is there gets no administrator through the back door of an import.
        app.get(&s.admin, "/api/v1/roles/third").await.expect(404);
    }
}

#[tokio::test]
async fn whoever_may_not_see_roles_finds_none() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let other = app.organization("Southwatch").await;
        app.role(other, &WRITER.replace("role_writer", "theirs")).await;
        let officer =
            app.member(s.org, "Olga Officer", "officer_office", &[Target::Site(s.site)], None).await;
        let outsider = app
            .member(s.org, "Cleo Client", "client_user", &[Target::Client(s.client)], Some(s.client))
            .await;
        for path in
            ["/api/v1/roles", "/api/v1/roles/officer", "/api/v1/roles/matrix", "/api/v1/roles/officer/export"]
        {
            app.get(&officer, path).await.expect(404);
            app.get(&outsider, path).await.expect(404);
            app.get(&s.admin, path).await.expect(200);
        }
        let absent = app.get(&s.admin, "/api/v1/roles/absent").await.expect(404);
        let theirs = app.get(&s.admin, "/api/v1/roles/theirs").await.expect(404);
        assert_eq!(absent.bytes, theirs.bytes);
        assert!(!app.get(&s.admin, "/api/v1/roles").await.expect(200).text().contains("theirs"));
        // Seeing is not changing.
        let viewer = app.member(s.org, "Vic Viewer", "admin", &[Target::Organization], None).await;
        app.get(&viewer, "/office/roles/role_writer").await.expect(200);
        app.json(&viewer, "POST", "/api/v1/roles", night(&["incident: view"])).await.expect(403);
        app.post_form(&viewer, "/office/roles/role_writer/archive", &[]).await.expect(403);
        app.get(&viewer, "/office/roles/new").await.expect(404);
    }
}

#[tokio::test]
async fn the_form_keeps_what_was_typed_and_says_what_is_wrong_at_the_field() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let page = app
            .post_form(
                &s.admin,
                "/office/roles",
                &[
                    ("name", "<i>Desk</i>"),
                    ("about", ""),
                    ("audience", "staff"),
                    ("portals", "office"),
                    ("reach", "site"),
                    ("grants", ""),
                    ("grants", "incident.view@site"),
                    ("conditions", "incident.view:released"),
                    ("conditions", ""),
                    ("most_targets", "0"),
                    ("may", "site: view\nmoon: view"),
                    ("subscriptions", "sos"),
                ],
            )
            .await
            .expect(422)
            .text();
        for words in [
            "&lt;i&gt;Desk&lt;/i&gt;",
            "fill this in",
            "from 1 to 1000",
            "there is no resource moon",
            "value=\"incident.view@site\" selected",
            "value=\"incident.view:released\" selected",
            "moon: view",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let place = app
            .post_form(
                &s.admin,
                "/office/roles",
                &[
                    ("name", "Desk"),
                    ("about", "Reads."),
                    ("audience", "staff"),
                    ("portals", "office"),
                    ("reach", "site"),
                    ("grants", "incident.view@site"),
                    ("conditions", "incident.view:released"),
                    ("may", "site: view"),
                    ("subscriptions", "sos"),
                ],
            )
            .await
            .expect(303);
        assert_eq!(place.header("location"), Some("/office/roles/desk"));
        let role = app.get(&s.admin, "/api/v1/roles/desk").await.expect(200).json();
        assert_eq!(role["may"], json!(["site: view @ site", "incident: view @ site if released"]));
        assert_eq!(role["subscriptions"], json!(["sos"]));
        let form = app.get(&s.admin, "/office/roles/desk/edit").await.expect(200).text();
        assert!(form.contains("value=\"incident.view:released\" selected"), "{form}");
    }
}

#[tokio::test]
async fn the_matrix_says_what_the_roles_say() {
    for app in testkit::apps(crate::features()).await {
        let s = scene(&app).await;
        let out =
            app.get(&s.admin, "/api/v1/roles/matrix?role=supervisor&role=site_user&resource=incident").await;
        let out = out.expect(200).json();
        let keys: Vec<&str> =
            out["roles"].as_array().unwrap().iter().map(|r| r["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["supervisor", "site_user"]);
        let rows = out["resources"][0]["rows"].as_array().unwrap();
        let row = |p: &str| rows.iter().find(|row| row["permission"] == p).unwrap_or_else(|| panic!("{p}"));
        assert_eq!(row("incident.approve")["cells"][0][0]["reach"], "site");
        assert_eq!(row("incident.approve")["cells"][1], json!([]), "a client never approves");
        assert_eq!(row("incident.view")["cells"][1][0]["reach"], "site");
        let pack = app.get(&s.admin, "/api/v1/roles/matrix").await.expect(200).json();
        let keys = pack["roles"].to_string();
        assert!(keys.contains("\"supervisor\"") && !keys.contains("\"accountant\""), "one pack at a time");
        let page = app.get(&s.admin, "/office/roles/matrix?pack=own").await.expect(200).text();
        assert!(page.contains("Role writer") && page.contains("still open"), "{page}");
        app.get(&s.admin, "/office/roles/matrix?pack=herd").await.expect(400);
        app.get(&s.admin, "/office/roles/matrix?role=absent").await.expect(404);
        // A pack that is off is not offered.
        app.feature(s.org, Feature::Reconditioning, false).await;
        let listed = app.get(&s.admin, "/api/v1/roles").await.expect(200).json();
        assert!(!listed.to_string().contains("sales_person"));
    }
}
