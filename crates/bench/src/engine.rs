//! Everything that is measured of one engine.

use std::time::Duration;

use crate::line::{self, FIXED, LISTING, Line, PEER, UNCHANGED};
use crate::load::Ask;
use crate::{Failure, Settings, pages, server, world};

type Asks = Vec<(String, Vec<(String, String)>)>;

/// The same question in words that were not used before, so that no kept answer serves it: the filter's search field
/// holds a different run of blanks each time, and searching blanks is searching nothing.
const AFRESH: &str = "?q={blanks}";

/// Makes the world where it is not there yet, and measures.
pub async fn measure(settings: &Settings, postgres: Option<&String>) -> Result<Vec<Line>, Failure> {
    let engine = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let folder = settings.folder.join(format!("{}-{}", engine.to_lowercase(), settings.incidents));
    std::fs::create_dir_all(&folder)?;
    let database = match postgres.map(String::as_str) {
        Some("throwaway") => Some(world::throwaway(&folder).await?),
        other => other.map(str::to_owned),
    };
    let database = database.as_deref();
    world::build(&settings.binary, &folder, database, settings.incidents)?;
    if settings.only_build {
        return Ok(Vec::new());
    }
    let (store, askers) = world::askers(&folder, database).await?;

    let mut program = server::program(settings, &folder, database)?;
    let cold = program.ready("/readyz").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let idle = program.resident();

    let bearer = |asker: &world::Asker| vec![("authorization".to_owned(), format!("Bearer {}", asker.token))];
    let cookie = |asker: &world::Asker| vec![("cookie".to_owned(), format!("session={}", asker.session))];
    let clients = |path: &str, headers: &dyn Fn(&world::Asker) -> Vec<(String, String)>| -> Asks {
        askers.clients.iter().map(|asker| (path.to_owned(), headers(asker))).collect()
    };
    let same = clients("/api/v1/incidents", &bearer);
    let list = clients(&format!("/api/v1/incidents{AFRESH}"), &bearer);
    let page = clients(&format!("/client/incidents{AFRESH}"), &cookie);
    let rare = clients("/api/v1/incidents?q=zzqx{number}", &bearer);
    let word = clients("/api/v1/incidents?q=gate{blanks}", &bearer);
    let admin = vec![(format!("/api/v1/incidents{AFRESH}"), bearer(&askers.administrator))];
    let board = vec![(format!("/office/incidents{AFRESH}"), cookie(&askers.administrator))];
    let admin_rare = vec![("/api/v1/incidents?q=zzqx{number}".to_owned(), bearer(&askers.administrator))];
    let admin_word = vec![("/api/v1/incidents?q=gate{blanks}".to_owned(), bearer(&askers.administrator))];

    // The same bytes from a hard-coded handler, first: the ratio's other half.
    let mut unchanged: Asks = Vec::new();
    let mut sample = Vec::new();
    for (path, headers) in &same {
        let first = world::fetch(&program.address, path, headers).await?;
        let mut headers = headers.clone();
        headers.push(("if-none-match".to_owned(), first.etag));
        unchanged.push((path.clone(), headers));
        sample = first.body;
    }
    let body = folder.join("sample.json");
    std::fs::write(&body, &sample)?;
    let mut fixed = server::fixed(&body)?;
    fixed.ready("/").await?;
    let post = world::filing(&askers);

    println!();
    line::head();
    let mut lines = Vec::new();
    let once = vec![("/".to_owned(), Vec::new())];
    for (what, server, asks) in [
        (FIXED, &fixed, &once),
        (LISTING, &program, &list),
        ("the same, answered a moment ago", &program, &same),
        ("client of 5 sites, 50 rows, page", &program, &page),
        ("client of 5 sites, search for a common word", &program, &word),
        ("client of 5 sites, search for what is not there", &program, &rare),
        ("administrator, 50 rows, JSON", &program, &admin),
        ("administrator, 50 rows, page", &program, &board),
        ("administrator, search for a common word", &program, &admin_word),
        ("administrator, search for what is not there", &program, &admin_rare),
    ] {
        let ask = Ask::get(&server.address, asks.clone());
        lines.push(line::take(settings, (engine, what), server, &ask, 200).await);
    }
    let ask = Ask::get(&program.address, unchanged);
    lines.push(line::take(settings, (engine, UNCHANGED), &program, &ask, 304).await);
    if !settings.no_peer {
        match server::peer(settings, &folder, database) {
            Ok(mut peer) => {
                let asks = world::peer_asks(&askers);
                peer.ready("/ready").await?;
                let ask = Ask::get(&peer.address, asks);
                lines.push(line::take(settings, (engine, PEER), &peer, &ask, 200).await);
            }
            Err(error) => println!("the Django peer is left out: {error}"),
        }
    }
    // Writes last: they grow the world.
    let filing = Ask { address: program.address.clone(), method: "POST", asks: post.asks, body: post.body };
    let what = if postgres.is_some() {
        "guard files an incident (the throwaway server does not sync)"
    } else {
        "guard files an incident, durable"
    };
    lines.push(line::take(settings, (engine, what), &program, &filing, 201).await);

    println!(
        "\n{engine}: cold start to ready {} ms; resident memory idle {idle:.0} MiB, after the load {:.0} MiB",
        cold.as_millis(),
        program.resident()
    );
    pages::measure(engine, &program, &store, &askers).await?;
    drop(program);
    store.close().await;
    Ok(lines)
}
