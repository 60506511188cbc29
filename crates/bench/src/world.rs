//! The measured world: made by the program itself, with people added who ask.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use access::Target;
use kernel::id::{ApiTokenId, ClientId, OrganizationId, SessionId, SiteId};
use kernel::secret::Secret;
use kernel::{Clock, Timestamp};
use people::setup::{self, NewMember};
use store::{Batch, Settings, Store, params};
use uuid::Uuid;

use crate::Failure;

/// Somebody who asks.
pub struct Asker {
    pub token: String,
    pub session: String,
}

/// Everybody who asks.
pub struct Askers {
    pub organization: OrganizationId,
    /// Client users of five sites each, with their client and sites.
    pub clients: Vec<Asker>,
    pub scopes: Vec<(ClientId, Vec<SiteId>)>,
    pub administrator: Asker,
    pub guard: Asker,
    pub guard_site: SiteId,
}

/// What was answered once.
pub struct Fetched {
    pub body: Vec<u8>,
    pub etag: String,
}

/// A load of writes.
pub struct Post {
    pub asks: Vec<(String, Vec<(String, String)>)>,
    pub body: String,
}

/// SQLite's file in a data directory.
pub fn database_file(folder: &Path) -> PathBuf {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .find(|p| p.extension().is_some_and(|e| e == "db" || e == "sqlite" || e == "sqlite3"))
        .unwrap_or_else(|| folder.join("bailiwick.db"))
}

/// Makes the demo world, once.
pub fn build(binary: &Path, folder: &Path, database: Option<&str>, incidents: u64) -> Result<(), Failure> {
    let done = folder.join("world.done");
    if done.exists() {
        return Ok(());
    }
    let mut command = Command::new(binary);
    command.args(["demo", "--incidents", &incidents.to_string(), "--seed", "7", "--data-dir"]).arg(folder);
    if let Some(database) = database {
        command.args(["--database-url", database]);
    }
    let status = command.status()?;
    if !status.success() {
        return Err(format!("the world could not be made: {status}").into());
    }
    std::fs::write(done, "")?;
    Ok(())
}

/// Adds the people who ask: forty client users of five sites each, an administrator, a guard.
pub async fn askers(folder: &Path, database: Option<&str>) -> Result<Askers, Failure> {
    let settings = match database {
        Some(url) => Settings::postgres(url),
        None => Settings::sqlite(database_file(folder)),
    };
    let store = Store::open(&settings)?;
    store.migrate().await?;
    let clock = Clock::system();
    let (organization,): (OrganizationId,) = store
        .one(
            "select organization_id from incidents group by organization_id order by count(*) desc limit 1",
            params![],
        )
        .await?;
    let sites: Vec<(ClientId, SiteId)> = store
        .all(
            "select client_id, site_id from incidents where organization_id = $1 \
             group by client_id, site_id order by client_id, site_id",
            params![organization],
        )
        .await?;
    let mut scopes: Vec<(ClientId, Vec<SiteId>)> = Vec::new();
    for (client, site) in sites {
        match scopes.last_mut() {
            Some((last, list)) if *last == client => list.push(site),
            _ => scopes.push((client, vec![site])),
        }
    }
    scopes.retain(|(_, sites)| sites.len() >= 5);
    let scopes: Vec<(ClientId, Vec<SiteId>)> = (0..40usize)
        .filter_map(|n| {
            let (client, sites) = scopes.get(n % scopes.len().max(1))?;
            let first = n / scopes.len().max(1);
            Some((*client, sites.iter().cycle().skip(first).take(5).copied().collect()))
        })
        .collect();
    let Some((_, first)) = scopes.first() else {
        return Err("the world has no client with five sites".into());
    };
    let guard_site = *first.first().ok_or("no site")?;
    let mut clients = Vec::new();
    for (_, sites) in &scopes {
        let targets = sites.iter().map(|s| Target::Site(*s)).collect();
        clients.push(asker(&store, &clock, organization, "client", targets).await?);
    }
    let administrator =
        asker(&store, &clock, organization, "administrator", vec![Target::Organization]).await?;
    let guard = asker(&store, &clock, organization, "guard", vec![Target::Site(guard_site)]).await?;
    store.optimize().await?;
    store.close().await;
    Ok(Askers { organization, clients, scopes, administrator, guard, guard_site })
}

async fn asker(
    store: &Store,
    clock: &Clock,
    organization: OrganizationId,
    role: &str,
    targets: Vec<Target>,
) -> Result<Asker, Failure> {
    let email = format!("bench.{}@example.com", Uuid::new_v4().simple());
    let parse = |e: String| -> Failure { e.into() };
    let new = NewMember::new(
        organization,
        email.parse().map_err(parse)?,
        "Bench Asker".parse().map_err(parse)?,
        role,
        targets,
    );
    let member = setup::member(store, clock, &new).await?;
    let (token, session) = (Secret::random(), Secret::random());
    let now: Timestamp = clock.now();
    let until = now.as_microsecond() + 25 * 86_400_000_000;
    let scopes: Vec<String> = access::Permission::all().map(|p| p.to_string()).collect();
    let mut batch = Batch::new();
    batch.run(
        "insert into api_tokens (id, organization_id, membership_id, name, digest, scopes, created_at, expires_at) \
         values ($1, $2, $3, 'bench', $4, $5, $6, $7)",
        params![ApiTokenId::new(), organization, member.membership, token.digest(), scopes.join(" "), now, until],
    );
    batch.run(
        "insert into sessions (id, digest, account_id, membership_id, created_at, seen_at, expires_at, agent, address) \
         values ($1, $2, $3, $4, $5, $5, $6, 'bench', '127.0.0.1')",
        params![SessionId::new(), session.digest(), member.account, member.membership, now, until],
    );
    store.commit(batch).await?;
    Ok(Asker { token: token.expose().to_owned(), session: session.expose().to_owned() })
}

/// Asks once and keeps the answer.
pub async fn fetch(address: &str, path: &str, headers: &[(String, String)]) -> Result<Fetched, Failure> {
    use http_body_util::{BodyExt, Empty};
    use hyper::body::Bytes;
    let stream = tokio::net::TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(hyper_util::rt::TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut request = hyper::Request::get(path).header("host", address);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let answer = tokio::time::timeout(
        Duration::from_secs(30),
        sender.send_request(request.body(Empty::<Bytes>::new())?),
    )
    .await??;
    if !answer.status().is_success() {
        return Err(format!("{path} answered {}", answer.status()).into());
    }
    let etag = answer.headers().get("etag").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let body = answer.into_body().collect().await?.to_bytes().to_vec();
    Ok(Fetched { body, etag })
}

/// A guard files incidents, durably.
pub fn filing(askers: &Askers) -> Post {
    let headers = vec![
        ("authorization".to_owned(), format!("Bearer {}", askers.guard.token)),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    let body = format!(
        r#"{{"site":"{}","kind":"Other","severity":"low","title":"Gate left open","narrative":"The gate at dock 4 stood open; closed it.","occurred_at":"2026-11-20T21:10"}}"#,
        askers.guard_site
    );
    Post { asks: vec![("/api/v1/incidents".to_owned(), headers)], body }
}

/// The peer's questions: the same people, their sites named in headers.
pub fn peer_asks(askers: &Askers) -> Vec<(String, Vec<(String, String)>)> {
    let hex = |uuid: Uuid| uuid.simple().to_string();
    askers
        .scopes
        .iter()
        .map(|(client, sites)| {
            let sites: Vec<String> = sites.iter().map(|s| hex(s.uuid())).collect();
            let headers = vec![
                ("x-organization".to_owned(), hex(askers.organization.uuid())),
                ("x-client".to_owned(), hex(client.uuid())),
                ("x-sites".to_owned(), sites.join(",")),
            ];
            ("/incidents".to_owned(), headers)
        })
        .collect()
}
