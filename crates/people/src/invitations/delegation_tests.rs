//! Delegated administration through HTTP, on both engines (ROLES.md: Service, Reconditioning): who adds whom, who sees
//! whom, and that everything beyond is not there.

use access::Target;
use kernel::id::{ClientId, ContractorId, OrganizationId, SiteId, TeamId};
use serde_json::{Value, json};
use store::{Batch, params};
use testkit::{Actor, Answered, TestApp};

use crate::trial::{Browser, letters, link};

const NEW: &str = "seven grey herons at dawn";

async fn invite(app: &TestApp, who: &Actor, email: &str, role: &str, targets: &[String]) -> Answered {
    let body = json!({ "email": email, "name": "Nina New", "role": role, "targets": targets });
    app.json(who, "POST", "/api/v1/invitations", body).await
}

fn at(sites: &[SiteId]) -> Vec<String> {
    sites.iter().map(|site| format!("site:{site}")).collect()
}

/// A guest contractor with its team.
async fn guest(app: &TestApp, org: OrganizationId, client: ClientId, name: &str) -> TeamId {
    let team = app.team(org, name).await;
    let mut batch = Batch::new();
    batch.run(
        "insert into contractors (id, organization_id, kind, client_id, team_id, name, search, created_at) \
         values ($1, $2, 0, $3, $4, $5, $6, 0)",
        params![ContractorId::new(), org, client, team, name, store::fold(name)],
    );
    app.put(batch).await;
    team
}

async fn names(app: &TestApp, who: &Actor) -> Vec<String> {
    let listed = app.get(who, "/api/v1/members").await.expect(200).json();
    listed["items"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap().to_owned()).collect()
}

/// "a guest contractor adds its own technicians", in the client portal, and meets nobody of the client.
#[tokio::test]
async fn a_guest_contractor_adds_its_technicians_and_meets_nobody_else() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let gate = app.site(org, harbour, None, "Gate 2").await;
        let weir = app.site(org, mill, None, "Weir").await;
        let ridgeway = guest(&app, org, harbour, "Ridgeway").await;
        let foreign = guest(&app, org, mill, "Millwright").await;
        let mia =
            app.member(org, "Mia", "master_administrator", &[Target::Client(harbour)], Some(harbour)).await;
        app.member(org, "Bea Basic", "basic_user", &[Target::Site(dock)], Some(harbour)).await;

        // The client's administrator invites the company at its team; another client's company is not there.
        let team = |id: TeamId| format!("team:{id}");
        let page = app
            .get(&mia, &format!("/client/invitations/new?role=guest_contractor&targets=team:{ridgeway}"))
            .await
            .expect(200)
            .text();
        assert!(
            page.contains(&format!("value=\"team:{ridgeway}\" checked")) && !page.contains("Millwright"),
            "{page}"
        );
        let with = |id: TeamId| [vec![team(id)], at(&[dock, gate])].concat();
        let other = invite(&app, &mia, "x@example.com", "guest_contractor", &with(foreign)).await.expect(422);
        let absent =
            invite(&app, &mia, "x@example.com", "guest_contractor", &with(TeamId::new())).await.expect(422);
        assert_eq!(other.bytes, absent.bytes);
        invite(&app, &mia, "ivan@example.com", "guest_contractor", &with(ridgeway)).await.expect(201);
        let path = link(&app, "ivan@example.com").await;
        let mut ivan = Browser::default();
        let home = ivan.post(&app, &path, &[("name", "Ivan"), ("password", NEW)]).await.expect(303);
        assert!(home.header("location").unwrap().starts_with("/field"), "first of its portals");

        // In the client portal: the own people, and nobody of the client.
        let page = ivan.get(&app, "/client/members").await.expect(200).text();
        assert!(page.contains("Ivan") && !page.contains("Bea Basic") && !page.contains("Mia"), "{page}");
        let page = ivan.get(&app, "/client/invitations/new").await.expect(200).text();
        assert!(page.contains("?role=guest_technician\""), "{page}");
        for role in ["guest_contractor", "basic_user", "site_manager", "officer"] {
            assert!(!page.contains(&format!("?role={role}\"")), "{role}: {page}");
        }
        let page = ivan.get(&app, "/client/invitations/new?role=guest_technician").await.expect(200).text();
        assert!(page.contains("Dock 4") && page.contains("Gate 2") && !page.contains("Weir"), "{page}");
        let add = async |browser: &mut Browser, email: &str, role: &str, sites: &[SiteId]| {
            let words = at(sites);
            let mut fields = vec![("email", email), ("name", "Danilo"), ("role", role)];
            fields.extend(words.iter().map(|word| ("targets", word.as_str())));
            browser.post(&app, "/client/invitations", &fields).await
        };
        add(&mut ivan, "danilo@example.com", "guest_technician", &[dock, gate]).await.expect(303);
        add(&mut ivan, "x@example.com", "guest_technician", &[weir]).await.expect(422);
        add(&mut ivan, "x@example.com", "basic_user", &[dock]).await.expect(403);
        add(&mut ivan, "x@example.com", "guest_contractor", &[dock]).await.expect(403);
        let path = link(&app, "danilo@example.com").await;
        Browser::default().post(&app, &path, &[("name", "Danilo"), ("password", NEW)]).await.expect(303);
        // The technician of two sites is still the company's own.
        let page = ivan.get(&app, "/client/members").await.expect(200).text();
        assert!(page.contains("Danilo") && !page.contains("Bea Basic"), "{page}");
        // The client's administrator sees all of them; another client's nobody.
        assert_eq!(names(&app, &mia).await, ["Bea Basic", "Danilo", "Ivan", "Mia"]);
        let milo = app.member(org, "Milo", "master_administrator", &[Target::Client(mill)], Some(mill)).await;
        assert_eq!(names(&app, &milo).await, ["Milo"]);
        // A role that is changed later leaves the technician in the company.
        let danilo = app.get(&mia, "/api/v1/members?q=danilo").await.expect(200).json()["items"][0].clone();
        let role = danilo["roles"][0]["id"].as_str().unwrap();
        let path = format!("/api/v1/members/{}/roles/{role}", danilo["id"].as_str().unwrap());
        app.json(&mia, "PUT", &path, json!({ "targets": at(&[gate]) })).await.expect(200);
        let page = ivan.get(&app, "/client/members").await.expect(200).text();
        assert!(page.contains("Danilo"), "{page}");
    }
}

/// "assign contractors only if given that extra permission": given to a manager on their page, and taken again.
#[tokio::test]
async fn the_extra_permission_is_given_to_managers_and_taken() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let ada = app.member(org, "Ada", "customer_admin", &[Target::Organization], None).await;
        let harbour = app.client(org, "Harbour").await;
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let gate = app.site(org, harbour, None, "Gate 2").await;
        guest(&app, org, harbour, "Ridgeway").await;
        let mia =
            app.member(org, "Mia", "master_administrator", &[Target::Client(harbour)], Some(harbour)).await;
        let max = app
            .member(org, "Max", "site_manager", &[Target::Site(dock), Target::Site(gate)], Some(harbour))
            .await;
        let mo = app.member(org, "Mo", "site_manager", &[Target::Site(dock)], Some(harbour)).await;
        let bea = app.member(org, "Bea", "basic_user", &[Target::Site(dock)], Some(harbour)).await;
        let technician = async |who: &Actor, email: &str, site: SiteId| {
            invite(&app, who, email, "guest_technician", &at(&[site])).await
        };
        technician(&max, "t1@example.com", dock).await.expect(403);
        let path = |of: &Actor| format!("/members/{}/guest-permission", of.membership);
        let page = app.get(&mia, &format!("/client/members/{}", max.membership)).await.expect(200).text();
        assert!(page.contains("Give this permission"), "{page}");
        app.post_form(&mia, &format!("/client{}", path(&max)), &[("on", "true")]).await.expect(303);
        let member = app.get(&mia, &format!("/api/v1/members/{}", max.membership)).await.expect(200).json();
        let extra =
            member["roles"].as_array().unwrap().iter().find(|r| r["role"] == "guest_manager").unwrap();
        assert_eq!(extra["where"], "sites Dock 4 and Gate 2");
        for (email, site) in [("t1@example.com", dock), ("t2@example.com", gate)] {
            technician(&max, email, site).await.expect(201);
        }
        app.get(&max, "/client/invitations/new?role=guest_contractor").await.expect(200);
        // Twice is once.
        app.json(&mia, "POST", &format!("/api/v1{}", path(&max)), json!({ "on": true })).await.expect(200);
        // Not to somebody who manages nothing; nor by a manager, to others or to oneself.
        app.json(&mia, "POST", &format!("/api/v1{}", path(&bea)), json!({ "on": true })).await.expect(409);
        app.json(&mo, "POST", &format!("/api/v1{}", path(&mo)), json!({ "on": true })).await.expect(403);
        let to_mo = app.json(&max, "POST", &format!("/api/v1{}", path(&mo)), json!({ "on": true })).await;
        assert_eq!(to_mo.status, 403, "{}", to_mo.text());
        app.json(&ada, "POST", &format!("/api/v1{}", path(&max)), json!({ "on": false })).await.expect(200);
        technician(&max, "t3@example.com", dock).await.expect(403);
    }
}

/// Pickers, lists, counts and the answer about an address name nothing beyond the scope.
#[tokio::test]
async fn a_manager_learns_of_nothing_beyond_the_own_sites() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let (harbour, mill) = (app.client(org, "Harbour").await, app.client(org, "Mill").await);
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let gate = app.site(org, harbour, None, "Gate 2").await;
        let weir = app.site(org, mill, None, "Weir").await;
        let max = app.member(org, "Max", "site_manager", &[Target::Site(dock)], Some(harbour)).await;
        app.member(org, "Bea", "basic_user", &[Target::Site(dock)], Some(harbour)).await;
        let gus = app.member(org, "Gus", "basic_user", &[Target::Site(gate)], Some(harbour)).await;
        let milo = app.member(org, "Milo", "basic_user", &[Target::Site(weir)], Some(mill)).await;
        assert_eq!(names(&app, &max).await, ["Bea", "Max"]);
        for hidden in [&gus, &milo] {
            let path = format!("/api/v1/members/{}", hidden.membership);
            let hidden = app.get(&max, &path).await.expect(404);
            let absent = app
                .get(&max, &format!("/api/v1/members/{}", kernel::id::MembershipId::new()))
                .await
                .expect(404);
            assert_eq!((hidden.bytes, hidden.headers), (absent.bytes, absent.headers));
        }
        let page = app.get(&max, "/client/invitations/new?role=basic_user").await.expect(200).text();
        assert!(page.contains("Dock 4") && !page.contains("Gate 2") && !page.contains("Weir"), "{page}");
        // An address that is taken elsewhere answers like a new one.
        let strip = |mut answer: Value| {
            for field in ["id", "email"] {
                answer[field] = json!("…");
            }
            answer
        };
        let clash = invite(&app, &max, &gus.email, "basic_user", &at(&[dock])).await.expect(201).json();
        let fresh =
            invite(&app, &max, "new@example.com", "basic_user", &at(&[dock])).await.expect(201).json();
        assert_eq!(strip(clash), strip(fresh));
        assert_eq!(letters(&app, &gus.email).await.len(), 1);
        // Everything of the administrators' is not there.
        for path in ["/client/members/bulk", "/client/organization/switches", "/office/members"] {
            let status = app.get(&max, path).await.status;
            assert!(status == 404 || path == "/client/members/bulk", "{path}: {status}");
        }
    }
}

/// "settings, operations and reporting within the team / area": in the office, and nothing beyond.
#[tokio::test]
async fn team_and_area_administrators_manage_within_their_scope() {
    for app in testkit::apps(crate::features()).await {
        let org = app.organization("Northwatch").await;
        let harbour = app.client(org, "Harbour").await;
        let (north, south) = (app.area(org, "North").await, app.area(org, "South").await);
        let (shop, paint) = (app.team(org, "Body shop").await, app.team(org, "Paint").await);
        app.site(org, harbour, Some(north), "Dock 4").await;
        let stand = async |actor: &Actor, column: &str, id: uuid::Uuid| {
            let mut batch = Batch::new();
            batch.run(
                format!("update memberships set {column} = $2 where id = $1"),
                params![actor.membership, id],
            );
            app.put(batch).await;
        };
        let petra = app.member(org, "Petra", "team_administrator", &[Target::Team(shop)], None).await;
        stand(&petra, "team_id", shop.uuid()).await;
        let emil = app.member(org, "Emil", "employee", &[Target::Team(shop)], None).await;
        stand(&emil, "team_id", shop.uuid()).await;
        let paula = app.member(org, "Paula", "employee", &[Target::Team(paint)], None).await;
        stand(&paula, "team_id", paint.uuid()).await;
        assert_eq!(names(&app, &petra).await, ["Emil", "Petra"]);
        app.get(&petra, &format!("/office/members/{}", emil.membership)).await.expect(200);
        app.get(&petra, &format!("/office/members/{}", paula.membership)).await.expect(404);
        let team = |id: TeamId| vec![format!("team:{id}")];
        invite(&app, &petra, "e1@example.com", "employee", &team(shop)).await.expect(201);
        invite(&app, &petra, "e2@example.com", "technician", &team(shop)).await.expect(201);
        invite(&app, &petra, "e3@example.com", "employee", &team(paint)).await.expect(422);
        invite(&app, &petra, "e4@example.com", "area_administrator", &[format!("area:{north}")])
            .await
            .expect(422);
        invite(&app, &petra, "e5@example.com", "administrator", &["organization".into()]).await.expect(403);
        let page = app.get(&petra, "/office/invitations/new?role=employee").await.expect(200).text();
        assert!(page.contains("Body shop") && !page.contains("Paint"), "{page}");

        let samir = app.member(org, "Samir", "area_administrator", &[Target::Area(north)], None).await;
        stand(&samir, "area_id", north.uuid()).await;
        let tom = app.member(org, "Tom", "area_work_manager", &[Target::Area(south)], None).await;
        stand(&tom, "area_id", south.uuid()).await;
        let area = |id: kernel::id::AreaId| vec![format!("area:{id}")];
        invite(&app, &samir, "a1@example.com", "area_work_manager", &area(north)).await.expect(201);
        invite(&app, &samir, "a2@example.com", "area_work_manager", &area(south)).await.expect(422);
        invite(&app, &samir, "a3@example.com", "customer_admin", &["organization".into()]).await.expect(403);
        assert_eq!(names(&app, &samir).await, ["Samir"]);
        app.get(&samir, &format!("/office/members/{}", tom.membership)).await.expect(404);
        app.get(&samir, &format!("/office/members/{}", emil.membership)).await.expect(404);
        // The accepted one stands in the area, and is theirs to look after.
        let path = link(&app, "a1@example.com").await;
        Browser::default().post(&app, &path, &[("name", "Nina"), ("password", NEW)]).await.expect(303);
        assert_eq!(names(&app, &samir).await, ["Nina", "Samir"]);
    }
}
