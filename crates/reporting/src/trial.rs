//! A small guarding company for the tests of what is written at sites: everybody who may meet it, and some who may
//! not.

use access::Target;
use kernel::id::SiteId;
use serde_json::Value;
use testkit::{Actor, Answered, TestApp};

/// The company.
pub(crate) struct Company {
    pub(crate) dock: SiteId,
    pub(crate) mall: SiteId,
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
        let mut people = Vec::new();
        for (name, role, targets, client) in [
            ("customer_admin", "customer_admin", &all[..], None),
            ("owner", "owner", &all, None),
            ("admin", "admin", &all, None),
            ("supervisor", "supervisor", &here, None),
            ("supervisor elsewhere", "supervisor", &there, None),
            ("call_center", "call_center", &all, None),
            ("officer", "officer", &here, None),
            ("fellow", "officer", &here, None),
            ("guard", "guard", &here, None),
            ("officer elsewhere", "officer", &there, None),
            ("client_user", "client_user", &theirs, Some(harbour)),
            ("site_user", "site_user", &here, Some(harbour)),
            ("client", "client", &here, Some(harbour)),
            ("client_account", "client_account", &here, Some(harbour)),
        ] {
            people.push(app.member(org, name, role, targets, client).await);
        }
        let other = app.organization("Elsewhere").await;
        people.push(app.member(other, "stranger", "customer_admin", &[Target::Organization], None).await);
        Self { dock, mall, people }
    }

    pub(crate) fn who(&self, name: &str) -> &Actor {
        self.people.iter().find(|p| p.name == name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// Who gets a page, of everybody.
    pub(crate) async fn who_gets(&self, app: &TestApp, path: &str) -> Vec<&str> {
        let mut seen = Vec::new();
        for person in &self.people {
            match app.get(person, &format!("/api/v1{path}")).await.status {
                200 => seen.push(person.name.as_str()),
                404 => {}
                other => panic!("{} got {other} for {path}", person.name),
            }
        }
        seen
    }
}

pub(crate) async fn get(app: &TestApp, who: &Actor, path: &str) -> Answered {
    app.get(who, &format!("/api/v1{path}")).await
}

pub(crate) async fn post(app: &TestApp, who: &Actor, path: &str, body: Value) -> Answered {
    app.json(who, "POST", &format!("/api/v1{path}"), body).await
}
