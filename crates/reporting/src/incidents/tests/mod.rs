//! Incidents through HTTP, on both engines.

mod changing;
mod filing;
mod interference;
mod mail;
mod release;
mod roles;
mod shape;

use access::Target;
use kernel::id::{ClientId, OrganizationId, SiteId};
use serde_json::{Value, json};
use testkit::{Actor, TestApp};

/// A small company: two clients, a site each, people on every side.
struct World {
    org: OrganizationId,
    harbour: ClientId,
    plaza: ClientId,
    dock: SiteId,
    mall: SiteId,
    admin: Actor,
    guard: Actor,
    reader: Actor,
    stranger: Actor,
}

impl World {
    async fn new(app: &TestApp) -> Self {
        let org = app.organization("Northwatch").await;
        let (harbour, plaza) = (app.client(org, "Harbour").await, app.client(org, "Plaza").await);
        let dock = app.site(org, harbour, None, "Dock 4").await;
        let mall = app.site(org, plaza, None, "Mall").await;
        Self {
            org,
            harbour,
            plaza,
            dock,
            mall,
            admin: app.member(org, "Ada Admin", "admin", &[Target::Organization], None).await,
            guard: app.member(org, "Gus Guard", "guard", &[Target::Site(dock)], None).await,
            reader: app.member(org, "Cleo Client", "client", &[Target::Site(dock)], Some(harbour)).await,
            stranger: app.member(org, "Pia Plaza", "client", &[Target::Site(mall)], Some(plaza)).await,
        }
    }
}

/// A report as a form sends it.
fn fields(site: SiteId) -> Vec<(&'static str, String)> {
    [
        ("site", site.to_string()),
        ("kind", "Theft".into()),
        ("severity", "high".into()),
        ("title", "Bolt cutters at gate B".into()),
        ("narrative", "At 02:10 I heard metal.\n\nTwo people ran off.".into()),
        ("occurred_at", "2026-11-23T02:10".into()),
        ("public_details", "Attempted theft at gate B, nothing taken.".into()),
    ]
    .to_vec()
}

/// A report as JSON.
fn report(site: SiteId) -> Value {
    json!({
        "site": site, "kind": "Theft", "severity": "high", "title": "Bolt cutters at gate B",
        "narrative": "At 02:10 I heard metal.\n\nTwo people ran off.", "occurred_at": "2026-11-23T02:10",
        "public_details": "Attempted theft at gate B, nothing taken.",
    })
}

async fn post(app: &TestApp, actor: &Actor, path: &str, fields: &[(&str, String)]) -> testkit::Answered {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    app.post_form(actor, path, &fields).await
}

async fn file(app: &TestApp, actor: &Actor, body: Value) -> Value {
    app.json(actor, "POST", "/api/v1/incidents", body).await.expect(201).json()
}

async fn verb(app: &TestApp, actor: &Actor, id: &str, noun: &str, body: Value) -> testkit::Answered {
    app.json(actor, "POST", &format!("/api/v1/incidents/{id}/{noun}"), body).await
}

async fn read(app: &TestApp, actor: &Actor, id: &str) -> testkit::Answered {
    app.get(actor, &format!("/api/v1/incidents/{id}")).await
}
