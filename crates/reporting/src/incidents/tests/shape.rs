//! How the engines run the questions that are asked most: by index ranges that end with the page, whatever the size
//! of the table.

use access::{Target, Visibility};
use kernel::id::{ClientId, OrganizationId, SiteId};
use store::{Batch, Engine, params};
use testkit::{Actor, TestApp};

use super::super::model::IncidentFilter;
use super::super::{VIEW, listing};
use crate::setup::{NewIncident, Status, insert_many, take_numbers};

/// Incidents in the table; enough for planners to mind.
const ROWS: i64 = 12_000;
const CLIENTS: usize = 20;
/// Of each client.
const SITES: usize = 20;

async fn crowd(app: &TestApp) -> (Vec<SiteId>, OrganizationId, ClientId) {
    let org = app.organization("Northwatch").await;
    let mut clients = Vec::new();
    let mut sites = Vec::new();
    let mut batch = Batch::new();
    for n in 0..CLIENTS {
        let client = app.client(org, &format!("Client {n}")).await;
        clients.push(client);
        for m in 0..SITES {
            let site = SiteId::new();
            sites.push((client, site));
            batch.run(
                "insert into sites (id, organization_id, client_id, kind, name, name_key, search, zone, created_at) \
                 values ($1, $2, $3, 0, $4, $4, $4, 'UTC', 0)",
                params![site, org, client, format!("site {m}")],
            );
        }
    }
    app.put(batch).await;
    let mut batch = Batch::new();
    take_numbers(&mut batch, org, 0, usize::try_from(ROWS).unwrap());
    app.put(batch).await;
    for chunk in 0..(ROWS / 1_000) {
        let rows: Vec<NewIncident> = (0..1_000)
            .map(|n| {
                let number = chunk * 1_000 + n + 1;
                let at = app.now() - std::time::Duration::from_secs(u64::try_from(number).unwrap() * 60);
                let (client, site) = sites[usize::try_from(number).unwrap() % sites.len()];
                let mut one = NewIncident::filed(number, (client, "Client"), (site, "Site", "UTC"), at);
                one.status = if number % 50 == 0 { Status::New } else { Status::Closed };
                one.visibility = if number % 3 == 0 { Visibility::Released } else { Visibility::Submitted };
                one
            })
            .collect();
        let mut batch = Batch::new();
        insert_many(&mut batch, org, &rows);
        app.put(batch).await;
    }
    app.app.store.optimize().await.unwrap();
    (sites.into_iter().take(SITES).map(|(_, site)| site).collect(), org, clients[0])
}

/// The steps of the engine for a page of this person, asked with this filter.
async fn steps(app: &TestApp, actor: &Actor, filter: &IncidentFilter) -> String {
    let plan = web::identity::plan(&app.app, actor.organization, actor.membership).await.unwrap();
    let ctx = ctx(app, actor, plan);
    let (sql, values) = listing(&ctx, VIEW, filter).unwrap().sql(app.engine()).unwrap();
    app.app.store.explain(&sql, values).await.unwrap()
}

fn ctx(app: &TestApp, actor: &Actor, plan: std::sync::Arc<access::Plan>) -> web::Ctx {
    web::Ctx {
        app: app.app.clone(),
        door: web::Door::Api,
        who: std::sync::Arc::new(web::Who {
            account: actor.account,
            membership: actor.membership,
            organization: actor.organization,
            audience: plan.audience,
            name: actor.name.clone(),
            email: actor.email.clone(),
            organization_name: String::new(),
            hue: 0,
            logo: None,
            zone: "UTC".into(),
            hats: Vec::new(),
            session: None,
            token: None,
        }),
        plan,
        wire: std::sync::Arc::default(),
        preview: None,
    }
}

#[tokio::test]
async fn pages_are_read_from_index_ranges() {
    for app in testkit::apps(crate::features()).await {
        let (sites, org, client) = crowd(&app).await;
        let few: Vec<Target> = sites.iter().take(5).map(|s| Target::Site(*s)).collect();
        let reader = app.member(org, "Cleo", "client_account", &few, Some(client)).await;
        let whole = app.member(org, "Hana", "client_user", &[Target::Client(client)], Some(client)).await;
        let boss = app.member(org, "Sue", "supervisor", &few, None).await;
        let guard = app.member(org, "Gus", "guard", &few, None).await;
        let admin = app.member(org, "Ada", "admin", &[Target::Organization], None).await;
        let all = IncidentFilter::default();
        let urgent = IncidentFilter { lane: "urgent".into(), ..IncidentFilter::default() };
        for (who, actor, filter, indexes) in [
            ("a client of five sites", &reader, &all, &["incidents_by_site"][..]),
            ("a client user", &whole, &all, &["incidents_by_client"]),
            ("a supervisor of five sites", &boss, &all, &["incidents_by_site"]),
            ("a guard", &guard, &all, &["incidents_by_author", "incidents_by_assignee"]),
            ("an administrator", &admin, &all, &["incidents_by_time"]),
            ("an administrator's board", &admin, &urgent, &["incidents_by_board"]),
        ] {
            let steps = steps(&app, actor, filter).await;
            for index in indexes {
                assert!(steps.contains(index), "{who}: not by {index}\n{steps}");
            }
            // SQLite says "SCAN t", PostgreSQL "Seq Scan on incidents".
            let scans = steps.lines().any(|step| {
                step.trim() == "SCAN t"
                    || step.starts_with("SCAN t ")
                    || step.contains("Seq Scan on incidents")
            });
            assert!(!scans, "{who}: reads the whole table\n{steps}");
            if app.engine() == Engine::Postgres {
                ends_with_the_page(who, &steps);
            }
        }
    }
}

/// Every walk along an index that finds the page's keys stands under a limit of its own.
fn ends_with_the_page(who: &str, steps: &str) {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<&str> = steps.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if !line.contains("Index Scan using incidents_by_") {
            continue;
        }
        let parent = lines[..at].iter().rev().find(|above| depth(above) < depth(line)).unwrap();
        assert!(parent.contains("Limit"), "{who}: {line} has no end\n{steps}");
    }
}
