//! A small company for the tests of this area: everybody who may meet an alarm, and some who may not.

use access::Target;
use kernel::id::{ClientId, SiteId, WorkerId};
use serde_json::Value;
use store::{Batch, params};
use testkit::{Actor, Answered, TestApp};

/// The company.
pub(crate) struct Company {
    pub(crate) dock: SiteId,
    pub(crate) harbour: ClientId,
    people: Vec<Actor>,
}

impl Company {
    pub(crate) async fn new(app: &TestApp) -> Self {
        let org = app.organization("Northwatch").await;
        let (harbour, plaza) = (app.client(org, "Harbour").await, app.client(org, "Plaza").await);
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let mall = app.site(org, plaza, None, "Mall").await;
        let (here, there, all) = ([Target::Site(dock)], [Target::Site(mall)], [Target::Organization]);
        let theirs = [Target::Client(harbour)];
        let rows: &[(&str, &str, &[Target], Option<ClientId>)] = &[
            ("customer_admin", "customer_admin", &all, None),
            ("owner", "owner", &all, None),
            ("admin", "admin", &all, None),
            ("supervisor", "supervisor", &here, None),
            ("supervisor elsewhere", "supervisor", &there, None),
            ("officer", "officer", &here, None),
            ("fellow", "officer", &here, None),
            ("guard", "guard", &here, None),
            ("client_user", "client_user", &theirs, Some(harbour)),
            ("site_user", "site_user", &here, Some(harbour)),
            ("client", "client", &here, Some(harbour)),
            ("client next door", "client", &there, Some(plaza)),
            ("client_account", "client_account", &here, Some(harbour)),
        ];
        let mut people = Vec::new();
        for (name, role, targets, client) in rows {
            people.push(app.member(org, name, role, targets, *client).await);
        }
        let company = Self { dock, harbour, people };
        let mut batch = Batch::new();
        for name in ["officer", "fellow", "guard"] {
            batch.run(
                "insert into workers (id, organization_id, membership_id, name, phone, search, created_at) \
                 values ($1, $2, $3, $4, '+1 555 010 1000', $5, $6)",
                params![
                    WorkerId::new(),
                    org,
                    company.who(name).membership,
                    name,
                    store::fold(name),
                    app.now()
                ],
            );
        }
        app.put(batch).await;
        company
    }

    pub(crate) fn who(&self, name: &str) -> &Actor {
        self.people.iter().find(|p| p.name == name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.people.iter().map(|p| p.name.as_str()).collect()
    }

    /// Turns the emergency access of the client at the dock on or off.
    pub(crate) async fn emergency(&self, app: &TestApp, on: bool) {
        let mut batch = Batch::new();
        batch.run(
            "update clients set emergency_access = $2 where id = $1",
            params![self.harbour, i64::from(on)],
        );
        app.put(batch).await;
    }
}

pub(crate) async fn get(app: &TestApp, who: &Actor, path: &str) -> Answered {
    app.get(who, &format!("/api/v1{path}")).await
}

pub(crate) async fn post(app: &TestApp, who: &Actor, path: &str, body: Value) -> Answered {
    app.json(who, "POST", &format!("/api/v1{path}"), body).await
}
