//! How soon the main pages begin to arrive, for one person at a time.

use kernel::id::OrganizationId;
use store::{Batch, Store};

use crate::server::Server;
use crate::{Failure, world};

const TIMES: usize = 60;

/// Asks for each page again and again, with a write before each, so that nothing kept from before may serve it.
pub async fn measure(
    engine: &str,
    program: &Server,
    store: &Store,
    askers: &world::Askers,
) -> Result<(), Failure> {
    println!("\n{engine}: first byte of a page, one person, a write before each request");
    println!("| page | p50 ms | p95 ms | bytes |");
    println!("|---|--:|--:|--:|");
    let admin = &askers.administrator;
    let client = askers.clients.first().ok_or("no client user")?;
    let guard = &askers.guard;
    let one = |asker: &world::Asker| vec![("cookie".to_owned(), format!("session={}", asker.session))];
    let incident = |portal: &str| format!("{portal}/incidents/");
    let mut pages: Vec<(String, _)> = [
        "/office",
        "/office/incidents",
        "/office/incidents/new",
        "/office/sites",
        "/office/clients",
        "/office/workers",
        "/office/members",
        "/office/teams",
    ]
    .map(|path| (path.to_owned(), admin))
    .to_vec();
    pages.extend(["/client", "/client/incidents"].map(|path| (path.to_owned(), client)));
    pages.extend(["/field", "/field/incidents/new"].map(|path| (path.to_owned(), guard)));
    for (portal, asker) in [("/office", admin), ("/client", client)] {
        let list = vec![("authorization".to_owned(), format!("Bearer {}", asker.token))];
        let rows = world::fetch(&program.address, "/api/v1/incidents?limit=1", &list).await?;
        let text = String::from_utf8_lossy(&rows.body).into_owned();
        if let Some(id) = text.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()) {
            pages.push((incident(portal) + id, asker));
        }
    }
    for (path, asker) in pages {
        let headers = one(asker);
        let said = page(program, store, &path, &headers, None).await.unwrap_or_else(|e| format!("{e} | |"));
        let path = path.split_at(path.len().min(28)).0;
        println!("| {path} | {said} |");
    }
    Ok(())
}

/// Asks for one page again and again, with a write before each; rights in `moved` change each time, too. Says the
/// middle, the slow end and the bytes.
pub async fn page(
    program: &Server,
    store: &Store,
    path: &str,
    headers: &[(String, String)],
    moved: Option<OrganizationId>,
) -> Result<String, Failure> {
    let mut took = Vec::with_capacity(TIMES);
    let mut bytes = 0;
    for _ in 0..TIMES {
        let mut batch = Batch::new();
        batch.run(
            "insert into instance (name, value) values ('bench', $1) on conflict (name) do update set value = $1",
            store::params![rand_bytes()],
        );
        if let Some(organization) = moved {
            batch.run(
                "update organizations set epoch = epoch + 1 where id = $1",
                store::params![organization],
            );
        }
        store.commit(batch).await?;
        let (wait, length) = world::first_byte(&program.address, path, headers).await?;
        took.push(wait.as_secs_f64() * 1000.0);
        bytes = length;
    }
    took.sort_by(f64::total_cmp);
    match (took.get(took.len() / 2), took.get(took.len() * 95 / 100)) {
        (Some(p50), Some(p95)) => Ok(format!("{p50:.2} | {p95:.2} | {bytes}")),
        _ => Err("nothing was asked".into()),
    }
}

fn rand_bytes() -> Vec<u8> {
    uuid::Uuid::new_v4().as_bytes().to_vec()
}
