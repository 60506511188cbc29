//! What the tests of this area share: people with passwords, browsers with cookies, the letters that were written.

use access::Target;
use kernel::id::{ClientId, OrganizationId};
use store::{Batch, params};
use testkit::{Actor, Answered, TestApp};

/// The password of everybody in the tests.
pub(crate) const PASSWORD: &str = "copper kettle on ice";

/// The hash of [`PASSWORD`], computed once.
pub(crate) fn hash() -> &'static str {
    static HASH: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| crate::password::hash_password(PASSWORD).unwrap());
    &HASH
}

/// Somebody with a role and a password.
pub(crate) async fn person(
    app: &TestApp,
    organization: OrganizationId,
    name: &str,
    role: &str,
    targets: &[Target],
    client: Option<ClientId>,
) -> Actor {
    let actor = app.member(organization, name, role, targets, client).await;
    let mut batch = Batch::new();
    batch.run("update accounts set password_hash = $2 where id = $1", params![actor.account, hash()]);
    app.put(batch).await;
    actor
}

/// A browser: it keeps its cookie.
#[derive(Default)]
pub(crate) struct Browser {
    pub(crate) cookie: Option<String>,
    pub(crate) peer: Option<&'static str>,
}

impl Browser {
    pub(crate) fn from_address(peer: &'static str) -> Self {
        Self { peer: Some(peer), ..Self::default() }
    }

    fn dressed(
        &self,
        mut request: axum::http::Request<axum::body::Body>,
    ) -> axum::http::Request<axum::body::Body> {
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        if let Some(peer) = self.peer {
            let socket: std::net::SocketAddr = format!("{peer}:4000").parse().unwrap();
            request.extensions_mut().insert(axum::extract::ConnectInfo(socket));
        }
        request
    }

    fn keep(&mut self, answer: &Answered) {
        if let Some(set) = answer.header("set-cookie") {
            let pair = set.split(';').next().unwrap_or_default();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
    }

    pub(crate) async fn get(&mut self, app: &TestApp, path: &str) -> Answered {
        let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
        let answer = app.send(None, self.dressed(request)).await;
        self.keep(&answer);
        answer
    }

    pub(crate) async fn post(&mut self, app: &TestApp, path: &str, fields: &[(&str, &str)]) -> Answered {
        let body: Vec<String> = fields
            .iter()
            .map(|(k, v)| format!("{}={}", web::mount::encode(k), web::mount::encode(v)))
            .collect();
        let request = axum::http::Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(body.join("&")))
            .unwrap();
        let answer = app.send(None, self.dressed(request)).await;
        self.keep(&answer);
        answer
    }

    pub(crate) async fn sign_in(&mut self, app: &TestApp, email: &str, password: &str) -> Answered {
        self.post(app, "/sign-in", &[("email", email), ("password", password)]).await
    }
}

/// A letter: recipient, subject, plain text.
pub(crate) type Letter = (String, String, String);

/// The letters to an address, the newest first.
pub(crate) async fn letters(app: &TestApp, to: &str) -> Vec<Letter> {
    app.app
        .store
        .all(
            "select recipient, subject, plain from mails where recipient = $1 order by created_at desc, id desc",
            params![to],
        )
        .await
        .unwrap()
}

/// The path of the link in the newest letter to an address.
pub(crate) async fn link(app: &TestApp, to: &str) -> String {
    let all = letters(app, to).await;
    let text = &all.first().expect("a letter").2;
    let line = text.lines().find_map(|l| l.strip_prefix("http://bailiwick.test")).expect("a link");
    line.to_owned()
}

/// The actions in an organization's journal with their details, oldest first; its chain must hold.
pub(crate) async fn journal(app: &TestApp, organization: OrganizationId) -> Vec<(String, String)> {
    store::journal::verify(&app.app.store, organization).await.unwrap();
    app.app
        .store
        .all(
            "select action, detail from journal where organization_id = $1 order by sequence",
            params![organization],
        )
        .await
        .unwrap()
}

/// The actions alone.
pub(crate) async fn actions(app: &TestApp, organization: OrganizationId) -> Vec<String> {
    journal(app, organization).await.into_iter().map(|(action, _)| action).collect()
}
