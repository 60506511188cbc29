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
    /// Client users of five sites each.
    pub clients: Vec<Asker>,
    pub scopes: Vec<(Vec<ClientId>, Vec<SiteId>)>,
    pub administrator: Asker,
    pub guard: Asker,
    pub guard_site: SiteId,
    /// A type of incident on the organization's list.
    pub kind: String,
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
    let begun = std::time::Instant::now();
    let status = command.status()?;
    if !status.success() {
        return Err(format!("the world could not be made: {status}").into());
    }
    println!("made {incidents} incidents in {:.0} s", begun.elapsed().as_secs_f64());
    std::fs::write(done, "")?;
    Ok(())
}

/// A database on the tests' throw-away server, kept for the next run while the server lives.
pub async fn throwaway(folder: &Path) -> Result<String, Failure> {
    let (note, done) = (folder.join("url"), folder.join("world.done"));
    if let Some(server) = testkit::postgres::url()
        && let Ok(url) = std::fs::read_to_string(&note)
        && url.split('?').nth(1) == server.split('?').nth(1)
        && Store::open(&Settings::postgres(&url))?.health().await.is_ok()
    {
        return Ok(url);
    }
    let _ = std::fs::remove_file(&done);
    let url = testkit::postgres::kept_database().await?.ok_or("there is no PostgreSQL to start")?;
    std::fs::write(note, &url)?;
    Ok(url)
}

/// Adds the people who ask: forty client users of five sites each, an administrator, a guard.
pub async fn askers(folder: &Path, database: Option<&str>) -> Result<(Store, Askers), Failure> {
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
    if sites.len() < 5 {
        return Err("the world has fewer than five sites".into());
    }
    // Five neighbouring sites each: those of one client, or of two or three.
    let scopes: Vec<(Vec<ClientId>, Vec<SiteId>)> = (0..40usize)
        .map(|n| {
            let five: Vec<(ClientId, SiteId)> = sites.iter().cycle().skip(n).take(5).copied().collect();
            let mut clients: Vec<ClientId> = five.iter().map(|(client, _)| *client).collect();
            clients.sort_unstable();
            clients.dedup();
            (clients, five.into_iter().map(|(_, site)| site).collect())
        })
        .collect();
    let Some((_, first)) = scopes.first() else { return Err("no sites".into()) };
    let guard_site = *first.first().ok_or("no site")?;
    let mut clients = Vec::new();
    for (_, sites) in &scopes {
        let targets = sites.iter().map(|s| Target::Site(*s)).collect();
        clients.push(asker(&store, &clock, organization, "client", targets).await?);
    }
    let administrator =
        asker(&store, &clock, organization, "administrator", vec![Target::Organization]).await?;
    let guard = asker(&store, &clock, organization, "guard", vec![Target::Site(guard_site)]).await?;
    let (kind,): (String,) = store
        .one(
            "select name from incident_types where organization_id = $1 order by name limit 1",
            params![organization],
        )
        .await?;
    store.optimize().await?;
    Ok((store, Askers { organization, clients, scopes, administrator, guard, guard_site, kind }))
}

/// Adds somebody with a role, a token and a session.
pub async fn asker(
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
    use http_body_util::BodyExt;
    let answer = tokio::time::timeout(Duration::from_secs(30), ask(address, path, headers)).await??;
    if !answer.status().is_success() {
        return Err(format!("{path} answered {}", answer.status()).into());
    }
    let etag = answer.headers().get("etag").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let body = answer.into_body().collect().await?.to_bytes().to_vec();
    Ok(Fetched { body, etag })
}

/// How long until the first byte, and how many bytes came in all.
pub async fn first_byte(
    address: &str,
    path: &str,
    headers: &[(String, String)],
) -> Result<(Duration, usize), Failure> {
    use http_body_util::BodyExt;
    let begun = std::time::Instant::now();
    let answer = ask(address, path, headers).await?;
    let wait = begun.elapsed();
    if !answer.status().is_success() {
        return Err(format!("{path} answered {}", answer.status()).into());
    }
    Ok((wait, answer.into_body().collect().await?.to_bytes().len()))
}

async fn ask(
    address: &str,
    path: &str,
    headers: &[(String, String)],
) -> Result<hyper::Response<hyper::body::Incoming>, Failure> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(hyper_util::rt::TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut request = hyper::Request::get(path).header("host", address);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    Ok(sender.send_request(request.body(http_body_util::Empty::<hyper::body::Bytes>::new())?).await?)
}

/// A guard files incidents, durably.
pub fn filing(askers: &Askers) -> Post {
    let headers = vec![
        ("authorization".to_owned(), format!("Bearer {}", askers.guard.token)),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    let body = format!(
        r#"{{"site":"{}","kind":"{}","severity":"low","title":"Gate left open","narrative":"The gate at dock 4 stood open; closed it.","occurred_at":"2026-11-20T21:10"}}"#,
        askers.guard_site, askers.kind
    );
    Post { asks: vec![("/api/v1/incidents".to_owned(), headers)], body }
}

/// The peer's questions: the same people, their sites named in headers.
pub fn peer_asks(askers: &Askers) -> Vec<(String, Vec<(String, String)>)> {
    let hex = |uuid: Uuid| uuid.simple().to_string();
    askers
        .scopes
        .iter()
        .map(|(clients, sites)| {
            let sites: Vec<String> = sites.iter().map(|s| hex(s.uuid())).collect();
            let clients: Vec<String> = clients.iter().map(|c| hex(c.uuid())).collect();
            let headers = vec![
                ("x-organization".to_owned(), hex(askers.organization.uuid())),
                ("x-clients".to_owned(), clients.join(",")),
                ("x-sites".to_owned(), sites.join(",")),
            ];
            ("/incidents".to_owned(), headers)
        })
        .collect()
}
