//! The program in process, on a fresh database, with actors who can ask it things through its doors.
//!
//! Rows are put in place directly, so that a test of one feature does not need the others; what is tested goes
//! through HTTP.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

use std::sync::Arc;

use access::{Feature, Switch, Target, by_key};
use axum::body::Body;
use axum::http::{Method, Request};
use kernel::id::{
    AccountId, AreaId, AssignmentId, ClientId, MembershipId, OrganizationId, RoleId, SessionId, SiteId,
    TeamId,
};
use kernel::secret::Secret;
use kernel::{Audience, Clock, Portal, Timestamp};
use store::{Batch, Engine, params};
use tower::ServiceExt;
use web::{App, Config};

use crate::TestStore;

/// The instant at which every test world begins: a Monday morning.
pub const MORNING: &str = "2026-11-23T08:00:00Z";

/// The program on one engine.
pub struct TestApp {
    /// What handlers see.
    pub app: App,
    /// Stands still until moved.
    pub clock: Clock,
    router: axum::Router,
    database: Arc<TestStore>,
    files: Arc<tempfile::TempDir>,
}

/// The program with these features, once on each engine that this machine has.
pub async fn apps(features: Vec<web::Feature>) -> Vec<TestApp> {
    let mut all = Vec::new();
    for database in crate::engines().await {
        let clock = Clock::fixed(MORNING.parse::<Timestamp>().expect("an instant"));
        let config = Config {
            public_url: "http://bailiwick.test".into(),
            demo: false,
            tiles_url: None,
            behind_proxy: false,
        };
        let folder = tempfile::tempdir().expect("a folder");
        let files = store::files::Files::local(folder.path());
        let app = App::new(database.store(), files, clock.clone(), config, features.clone());
        all.push(TestApp {
            router: web::mount::router(app.clone()),
            app,
            clock,
            database: Arc::new(database),
            files: Arc::new(folder),
        });
    }
    all
}

/// Somebody who can ask: a membership with a browser session and a token of all its rights.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Their sign-in.
    pub account: AccountId,
    /// Their membership.
    pub membership: MembershipId,
    /// Their organization.
    pub organization: OrganizationId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The door of their first portal: `/office`, `/field` or `/client`.
    pub door: &'static str,
    session: Secret,
    token: Secret,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: axum::http::HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answered {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text()))
    }

    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// Insists on a status.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

impl TestApp {
    /// The same program once more on the same database, as another node would run it: its caches are its own.
    #[must_use]
    pub fn another_node(&self) -> Self {
        let store = store::Store::open(self.database.settings()).expect("the database opens once more");
        let app = App::new(
            store,
            self.app.files.clone(),
            self.clock.clone(),
            self.app.config.clone(),
            self.app.features.clone(),
        );
        Self {
            router: web::mount::router(app.clone()),
            app,
            clock: self.clock.clone(),
            database: Arc::clone(&self.database),
            files: Arc::clone(&self.files),
        }
    }

    /// Where its database is.
    #[must_use]
    pub fn database_settings(&self) -> store::Settings {
        self.database.settings().clone()
    }

    /// Gives every request something that the program that starts would give it.
    pub fn layer<T: Clone + Send + Sync + 'static>(&mut self, extension: axum::Extension<T>) {
        self.router = self.router.clone().layer(extension);
    }

    /// The engine underneath.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.app.store.engine()
    }

    /// The instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Commits a batch or stops the test.
    pub async fn put(&self, batch: Batch) {
        self.app.store.commit(batch).await.expect("the arrangement is stored");
    }

    /// An organization with every feature and every client-side switch on.
    pub async fn organization(&self, name: &str) -> OrganizationId {
        let id = OrganizationId::new();
        let mut batch = Batch::new();
        batch.run(
            "insert into organizations (id, name, zone, created_at) values ($1, $2, 'America/New_York', $3)",
            params![id, name, self.now()],
        );
        for feature in Feature::ALL {
            batch.run(
                "insert into organization_features (organization_id, feature) values ($1, $2)",
                params![id, feature.number()],
            );
        }
        self.put(batch).await;
        for switch in Switch::ALL {
            self.switch(id, *switch, true).await;
        }
        id
    }

    /// Turns an organization's switch on or off.
    pub async fn switch(&self, organization: OrganizationId, switch: Switch, on: bool) {
        let mut batch = Batch::new();
        let sql = if on {
            "insert into organization_switches (organization_id, switch, set_at) values ($1, $2, 0) on conflict do nothing"
        } else {
            "delete from organization_switches where organization_id = $1 and switch = $2"
        };
        batch.run(sql, params![organization, switch.number()]);
        self.put(batch).await;
    }

    /// Turns a feature on or off.
    pub async fn feature(&self, organization: OrganizationId, feature: Feature, on: bool) {
        let mut batch = Batch::new();
        let sql = if on {
            "insert into organization_features (organization_id, feature) values ($1, $2) on conflict do nothing"
        } else {
            "delete from organization_features where organization_id = $1 and feature = $2"
        };
        batch.run(sql, params![organization, feature.number()]);
        self.put(batch).await;
    }

    /// A client.
    pub async fn client(&self, organization: OrganizationId, name: &str) -> ClientId {
        let id = ClientId::new();
        let mut batch = Batch::new();
        batch.run(
            "insert into clients (id, organization_id, name, name_key, search, created_at) values ($1, $2, $3, $3, $4, $5)",
            params![id, organization, name, store::fold(name), self.now()],
        );
        self.put(batch).await;
        id
    }

    /// An area.
    pub async fn area(&self, organization: OrganizationId, name: &str) -> AreaId {
        let id = AreaId::new();
        let mut batch = Batch::new();
        batch.run(
            "insert into areas (id, organization_id, name, name_key, search, created_at) values ($1, $2, $3, $3, $4, $5)",
            params![id, organization, name, store::fold(name), self.now()],
        );
        self.put(batch).await;
        id
    }

    /// A team.
    pub async fn team(&self, organization: OrganizationId, name: &str) -> TeamId {
        let id = TeamId::new();
        let mut batch = Batch::new();
        batch.run(
            "insert into teams (id, organization_id, name, name_key, search, kind, created_at) \
             values ($1, $2, $3, $3, $4, 0, $5)",
            params![id, organization, name, store::fold(name), self.now()],
        );
        self.put(batch).await;
        id
    }

    /// A static site of a client, in New York's zone, perhaps in an area.
    pub async fn site(
        &self,
        organization: OrganizationId,
        client: ClientId,
        area: Option<AreaId>,
        name: &str,
    ) -> SiteId {
        let id = SiteId::new();
        let mut batch = Batch::new();
        batch.run(
            "insert into sites (id, organization_id, client_id, area_id, kind, name, name_key, search, zone, created_at) \
             values ($1, $2, $3, $4, 0, $5, $5, $6, 'America/New_York', $7)",
            params![id, organization, client, area, name, store::fold(name), self.now()],
        );
        self.put(batch).await;
        id
    }

    /// A role of the organization's own, written as the built-in ones are (without `[[role]]`).
    pub async fn role(&self, organization: OrganizationId, written: &str) -> RoleId {
        let id = RoleId::new();
        let text = format!("[[role]]\n{written}");
        let read = text.parse::<access::Roles>().expect("the role can be read").0;
        let role = read.first().expect("there is a role");
        let mut batch = Batch::new();
        batch.run(
            "insert into roles (id, organization_id, key, written, created_at) values ($1, $2, $3, $4, $5)",
            params![id, organization, role.key.as_str(), access::write_role(role), self.now()],
        );
        self.put(batch).await;
        id
    }

    async fn own_role(&self, organization: OrganizationId, key: &str) -> Option<access::Role> {
        let sql = "select written from roles where organization_id = $1 and key = $2";
        let row: Option<(String,)> =
            self.app.store.first(sql, params![organization, key]).await.expect("roles are read");
        row.and_then(|(written,)| written.parse::<access::Roles>().ok()?.0.pop())
    }

    /// Somebody with a role at targets. A member of the client side belongs to the client given.
    pub async fn member(
        &self,
        organization: OrganizationId,
        name: &str,
        role: &str,
        targets: &[Target],
        client: Option<ClientId>,
    ) -> Actor {
        let own = self.own_role(organization, role).await;
        let built_in = own
            .or_else(|| by_key(role).map(|role| (**role).clone()))
            .unwrap_or_else(|| panic!("there is no role {role}"));
        let account = AccountId::new();
        let email = format!(
            "{}.{}@example.com",
            store::fold(name).replace(' ', "."),
            kernel::id::encode(account.uuid())
        );
        let door = match built_in.portals.iter().min() {
            Some(Portal::Field) => "/field",
            Some(Portal::Client) => "/client",
            _ => "/office",
        };
        let actor = Actor {
            account,
            membership: MembershipId::new(),
            organization,
            name: name.to_owned(),
            email,
            door,
            session: Secret::random(),
            token: Secret::random(),
        };
        let mut batch = Batch::new();
        batch.run(
            "insert into accounts (id, email, name, created_at) values ($1, $2, $3, $4)",
            params![account, actor.email.as_str(), name, self.now()],
        );
        let site = match (built_in.audience, targets) {
            (Audience::Client, [Target::Site(site)]) => Some(*site),
            _ => None,
        };
        batch.run(
            "insert into memberships (id, organization_id, account_id, audience, name, search, client_id, site_id, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                actor.membership, organization, account, built_in.audience.number(), name,
                store::fold(name), client, site, self.now()
            ],
        );
        self.put(batch).await;
        self.give(&actor, role, targets).await;
        self.sign_in(&actor).await;
        actor
    }

    /// Gives somebody one more role.
    pub async fn give(&self, actor: &Actor, role: &str, targets: &[Target]) -> AssignmentId {
        let id = AssignmentId::new();
        let mut batch = Batch::new();
        batch.run(
            "insert into assignments (id, organization_id, membership_id, role_key, granted_at) values ($1, $2, $3, $4, $5)",
            params![id, actor.organization, actor.membership, role, self.now()],
        );
        for target in targets {
            let key = match target {
                Target::Organization => actor.organization.uuid(),
                Target::Area(id) => id.uuid(),
                Target::Team(id) => id.uuid(),
                Target::Client(id) => id.uuid(),
                Target::Site(id) => id.uuid(),
            };
            batch.run(
                "insert into assignment_targets (organization_id, assignment_id, dimension, target_id) values ($1, $2, $3, $4)",
                params![actor.organization, id, target.reach().number(), key],
            );
        }
        self.put(batch).await;
        id
    }

    /// Gives somebody one more role that ends by itself.
    pub async fn give_until(
        &self,
        actor: &Actor,
        role: &str,
        targets: &[Target],
        until: Timestamp,
    ) -> AssignmentId {
        let id = self.give(actor, role, targets).await;
        let mut batch = Batch::new();
        batch.run("update assignments set until_at = $2 where id = $1", params![id, until]);
        self.put(batch).await;
        id
    }

    /// Takes away every role somebody has.
    pub async fn take_all(&self, actor: &Actor) {
        let mut batch = Batch::new();
        batch.run(
            "delete from assignments where organization_id = $1 and membership_id = $2",
            params![actor.organization, actor.membership],
        );
        self.put(batch).await;
    }

    /// Deactivates a membership.
    pub async fn deactivate(&self, actor: &Actor) {
        let mut batch = Batch::new();
        batch.run("update memberships set active = 0 where id = $1", params![actor.membership]);
        self.put(batch).await;
    }

    /// Gives an actor a browser session and a token, both good for thirty days.
    async fn sign_in(&self, actor: &Actor) {
        let until = self.now().as_microsecond() + 30 * 86_400_000_000;
        let scopes: Vec<String> = access::Permission::all().map(|p| p.to_string()).collect();
        let mut batch = Batch::new();
        batch.run(
            "insert into sessions (id, digest, account_id, membership_id, created_at, seen_at, expires_at, agent, address) \
             values ($1, $2, $3, $4, $5, $5, $6, 'test', '127.0.0.1')",
            params![SessionId::new(), actor.session.digest(), actor.account, actor.membership, self.now(), until],
        );
        batch.run(
            "insert into api_tokens (id, organization_id, membership_id, name, digest, scopes, created_at, expires_at) \
             values ($1, $2, $3, 'test', $4, $5, $6, $7)",
            params![
                kernel::id::ApiTokenId::new(), actor.organization, actor.membership, actor.token.digest(),
                scopes.join(" "), self.now(), until
            ],
        );
        self.put(batch).await;
    }

    /// Sends a request as somebody, or as nobody. Paths under `/api/` carry the token, others the cookie.
    pub async fn send(&self, actor: Option<&Actor>, mut request: Request<Body>) -> Answered {
        let api = request.uri().path().starts_with("/api/");
        let headers = request.headers_mut();
        if let Some(actor) = actor {
            if api {
                let value = format!("Bearer {}", actor.token.expose());
                headers.insert("authorization", value.parse().expect("a header"));
            } else {
                let value = format!("session={}", actor.session.expose());
                headers.insert("cookie", value.parse().expect("a header"));
            }
        }
        headers.entry("host").or_insert("bailiwick.test".parse().expect("a header"));
        if !api {
            headers.entry("sec-fetch-site").or_insert("same-origin".parse().expect("a header"));
        }
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = http_body_util::BodyExt::collect(body).await.expect("a body").to_bytes().to_vec();
        Answered { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    /// Reads a path as somebody.
    pub async fn get(&self, actor: &Actor, path: &str) -> Answered {
        self.send(Some(actor), Request::get(path).body(Body::empty()).expect("a request")).await
    }

    /// Reads a path as nobody.
    pub async fn get_open(&self, path: &str) -> Answered {
        self.send(None, Request::get(path).body(Body::empty()).expect("a request")).await
    }

    /// Sends a form as somebody.
    pub async fn post_form(&self, actor: &Actor, path: &str, fields: &[(&str, &str)]) -> Answered {
        self.send(Some(actor), form(path, fields)).await
    }

    /// Sends a form as nobody.
    pub async fn post_open(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        self.send(None, form(path, fields)).await
    }

    /// Sends JSON to be made, under an idempotency key.
    pub async fn keyed(&self, actor: &Actor, path: &str, key: &str, body: serde_json::Value) -> Answered {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.send(Some(actor), request).await
    }

    /// Sends JSON as somebody: `app.json(&actor, "POST", "/api/v1/teams", json!({…}))`.
    pub async fn json(&self, actor: &Actor, method: &str, path: &str, body: serde_json::Value) -> Answered {
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).expect("a method"))
            .uri(path)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.send(Some(actor), request).await
    }
}

fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let body: Vec<String> =
        fields.iter().map(|(k, v)| format!("{}={}", web::mount::encode(k), web::mount::encode(v))).collect();
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.join("&").replace('/', "%2F")))
        .expect("a request")
}
