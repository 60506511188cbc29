//! A small guarding company for the tests of this area: everybody who may meet a checkpoint, and some who may not.

use access::Target;
use kernel::id::{ClientId, OrganizationId, SiteId};
use serde_json::Value;
use testkit::{Actor, Answered, TestApp};

/// The company.
pub(crate) struct Company {
    pub(crate) org: OrganizationId,
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
        let rows: &[(&str, &str, &[Target], Option<ClientId>)] = &[
            ("customer_admin", "customer_admin", &all, None),
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
            ("client_user elsewhere", "client_user", &[Target::Client(plaza)], Some(plaza)),
        ];
        let mut company = Self { org, dock, mall, people: Vec::new() };
        for (name, role, targets, client) in rows {
            company.people.push(app.member(org, name, role, targets, *client).await);
        }
        let other = app.organization("Elsewhere").await;
        company
            .people
            .push(app.member(other, "stranger", "customer_admin", &[Target::Organization], None).await);
        company
    }

    pub(crate) fn who(&self, name: &str) -> &Actor {
        self.people.iter().find(|p| p.name == name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.people.iter().map(|p| p.name.as_str()).collect()
    }
}

pub(crate) async fn get(app: &TestApp, who: &Actor, path: &str) -> Answered {
    app.get(who, &format!("/api/v1{path}")).await
}

pub(crate) async fn post(app: &TestApp, who: &Actor, path: &str, body: Value) -> Answered {
    app.json(who, "POST", &format!("/api/v1{path}"), body).await
}

/// Every role against every kind of record: `table` says by hand who meets what.
pub(crate) async fn meets(
    app: &TestApp,
    company: &Company,
    kinds: &[(&str, String)],
    table: &[(&str, &[&str])],
) {
    let mut wrong = Vec::new();
    for name in company.names() {
        let seen = table.iter().find(|(who, _)| *who == name).map_or(&[][..], |(_, seen)| *seen);
        for (kind, path) in kinds {
            let status = get(app, company.who(name), path).await.status;
            let wanted = if seen.contains(kind) { 200 } else { 404 };
            if status != wanted {
                wrong.push(format!("{name} / {kind}: {status}, not {wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{:?}:\n{}", app.engine(), wrong.join("\n"));
}
