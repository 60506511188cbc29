//! Measures the release program over HTTP: requests per second, percentiles and CPU per request, beside a hard-coded
//! axum answer of the same bytes and a Django REST framework peer over the same data, all in one run.
//!
//! `cargo build --release -p bailiwick && cargo run --release -p bench -- --incidents 1000000`
//!
//! Read the ratios: a shared machine moves the absolute figures, and moves all of them together.

mod load;
mod process;
mod world;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use load::Ask;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser, Debug)]
#[command(about = "Measures the release program over HTTP")]
struct Settings {
    /// Incidents in the world.
    #[arg(long, default_value_t = 1_000_000)]
    incidents: u64,
    /// Seconds a figure is taken over.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Connections at once.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Rounds; the medians are printed.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// A PostgreSQL database for the same world; left out, only SQLite is measured.
    #[arg(long)]
    postgres: Option<String>,
    /// Leave the Django peer out.
    #[arg(long)]
    no_peer: bool,
    /// Where worlds and the peer's environment are kept between runs.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// The program to measure.
    #[arg(long, default_value = "target/release/bailiwick")]
    binary: PathBuf,
    /// Used by this program itself: answer every request with this file.
    #[arg(long, hide = true)]
    fixed: Option<PathBuf>,
    /// Used by this program itself: where to listen.
    #[arg(long, hide = true)]
    listen: Option<String>,
}

/// A server that is measured.
struct Server {
    child: Child,
    address: String,
    /// Back ends of the database count too.
    postgres: bool,
}

impl Server {
    fn cpu(&self) -> f64 {
        let back_ends = if self.postgres { process::cpu_seconds_named("postgres") } else { 0.0 };
        process::cpu_seconds(self.child.id()) + back_ends
    }

    async fn ready(&mut self, path: &str) -> Result<(), Failure> {
        for _ in 0..600 {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("a server ended at its start: {status}").into());
            }
            let ask = Ask {
                address: self.address.clone(),
                method: "GET",
                asks: vec![(path.to_owned(), Vec::new())],
                body: String::new(),
            };
            if tokio::net::TcpStream::connect(&self.address).await.is_ok()
                && load::run(&ask, 1, Duration::from_millis(1), 200).await.answered > 0
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err("a server did not become ready".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// One line of the table.
struct Line {
    what: String,
    rate: f64,
    p50: f64,
    p99: f64,
    cpu: f64,
    bytes: usize,
    failed: u64,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::parse();
    if let (Some(file), Some(listen)) = (&settings.fixed, &settings.listen) {
        return serve_fixed(file, listen).await;
    }
    println!("machine: {}", process::machine());
    println!(
        "load: {} connections, {} rounds of {} s, medians\n",
        settings.connections, settings.rounds, settings.seconds
    );
    println!("| what | req/s | p50 ms | p99 ms | CPU µs a request | bytes | failed |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let mut lines = measure_engine(&settings, None).await?;
    if let Some(url) = &settings.postgres {
        lines.extend(measure_engine(&settings, Some(url)).await?);
    }
    summary(&lines);
    Ok(())
}

async fn measure_engine(settings: &Settings, postgres: Option<&String>) -> Result<Vec<Line>, Failure> {
    let engine = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let folder = settings.folder.join(format!("{}-{}", engine.to_lowercase(), settings.incidents));
    std::fs::create_dir_all(&folder)?;
    let database = postgres.cloned();
    world::build(&settings.binary, &folder, database.as_deref(), settings.incidents)?;
    let askers = world::askers(&folder, database.as_deref()).await?;

    let started = Instant::now();
    let mut program = start_program(settings, &folder, database.as_deref())?;
    program.ready("/healthz").await?;
    let cold = started.elapsed();
    let idle = process::resident_mib(program.child.id());

    let bearer = |asker: &world::Asker| vec![("authorization".to_owned(), format!("Bearer {}", asker.token))];
    let cookie = |asker: &world::Asker| vec![("cookie".to_owned(), format!("session={}", asker.session))];
    let list: Vec<_> = askers.clients.iter().map(|a| ("/api/v1/incidents".to_owned(), bearer(a))).collect();
    let page: Vec<_> = askers.clients.iter().map(|a| ("/client/incidents".to_owned(), cookie(a))).collect();
    let admin = vec![("/api/v1/incidents".to_owned(), bearer(&askers.administrator))];
    let board = vec![("/office/incidents".to_owned(), cookie(&askers.administrator))];

    let mut lines = Vec::new();
    // The same bytes from a hard-coded handler, first: the ratio's other half.
    let sample = world::fetch(&program.address, &list[0].0, &list[0].1).await?;
    let body = folder.join("sample.json");
    std::fs::write(&body, &sample.body)?;
    let mut fixed = start_fixed(&body)?;
    fixed.ready("/").await?;
    let fixed_asks = vec![("/".to_owned(), Vec::new())];
    let unchanged: Vec<_> = {
        let mut all = Vec::new();
        for (path, headers) in &list {
            let first = world::fetch(&program.address, path, headers).await?;
            let mut headers = headers.clone();
            headers.push(("if-none-match".to_owned(), first.etag));
            all.push((path.clone(), headers));
        }
        all
    };
    let post = world::filing(&askers);

    for (what, server, method, asks, body, expect) in [
        ("hard-coded axum, same bytes", &fixed, "GET", &fixed_asks, "", 200),
        ("client of 5 sites, 50 rows, JSON", &program, "GET", &list, "", 200),
        ("the same, unchanged (304)", &program, "GET", &unchanged, "", 304),
        ("client of 5 sites, 50 rows, page", &program, "GET", &page, "", 200),
        ("administrator, 50 rows, JSON", &program, "GET", &admin, "", 200),
        ("administrator, 50 rows, page", &program, "GET", &board, "", 200),
        ("guard files an incident (durable)", &program, "POST", &post.asks, post.body.as_str(), 201),
    ] {
        let ask = Ask { address: server.address.clone(), method, asks: asks.clone(), body: body.to_owned() };
        lines.push(figure(settings, format!("{engine}: {what}"), server, &ask, expect).await);
    }
    println!(
        "{engine}: cold start to ready {} ms, resident memory idle {idle:.0} MiB, after the load {:.0} MiB",
        cold.as_millis(),
        process::resident_mib(program.child.id())
    );
    drop(program);
    if postgres.is_none() && !settings.no_peer {
        match start_peer(settings, &folder) {
            Ok(mut peer) => {
                let asks = world::peer_asks(&askers);
                peer.ready("/missing").await.or_else(|_| Ok::<(), Failure>(()))?;
                let ask = Ask { address: peer.address.clone(), method: "GET", asks, body: String::new() };
                lines.push(
                    figure(settings, "Django REST framework, same rows".to_owned(), &peer, &ask, 200).await,
                );
            }
            Err(error) => println!("the Django peer is left out: {error}"),
        }
    }
    Ok(lines)
}

/// Takes one figure: a warm-up, then rounds; the medians are kept and printed.
async fn figure(settings: &Settings, what: String, server: &Server, ask: &Ask, expect: u16) -> Line {
    let length = Duration::from_secs(settings.seconds);
    load::run(ask, settings.connections, Duration::from_secs(1), expect).await;
    let mut rounds = Vec::new();
    for _ in 0..settings.rounds {
        let before = server.cpu();
        let outcome = load::run(ask, settings.connections, length, expect).await;
        let used = server.cpu() - before;
        let answered = outcome.answered.max(1) as f64;
        rounds.push(Line {
            what: what.clone(),
            rate: outcome.answered as f64 / outcome.took.as_secs_f64(),
            p50: outcome.percentile(50),
            p99: outcome.percentile(99),
            cpu: used * 1e6 / answered,
            bytes: outcome.bytes,
            failed: outcome.failed,
        });
    }
    rounds.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    let line = rounds.swap_remove(rounds.len() / 2);
    println!(
        "| {} | {:.0} | {:.2} | {:.2} | {:.0} | {} | {} |",
        line.what, line.rate, line.p50, line.p99, line.cpu, line.bytes, line.failed
    );
    line
}

fn summary(lines: &[Line]) {
    let find = |words: &str| lines.iter().find(|l| l.what.ends_with(words) && l.what.starts_with("SQLite"));
    let (Some(fixed), Some(list)) =
        (find("hard-coded axum, same bytes"), find("client of 5 sites, 50 rows, JSON"))
    else {
        return;
    };
    println!("\nratios of CPU a request, SQLite, this run:");
    for line in lines.iter().filter(|l| l.what.starts_with("SQLite")) {
        println!("- {}: {:.1} x the hard-coded answer", line.what, line.cpu / fixed.cpu);
    }
    if let Some(peer) = lines.iter().find(|l| l.what.starts_with("Django")) {
        println!("- Django REST framework: {:.0} x the CPU of ours for the same rows", peer.cpu / list.cpu);
    }
}

fn free_address() -> Result<String, Failure> {
    let probe = std::net::TcpListener::bind("127.0.0.1:0")?;
    Ok(probe.local_addr()?.to_string())
}

fn start_program(settings: &Settings, folder: &Path, database: Option<&str>) -> Result<Server, Failure> {
    let address = free_address()?;
    let mut command = Command::new(&settings.binary);
    command.args(["serve", "--listen", &address, "--log-level", "warn", "--data-dir"]).arg(folder);
    if let Some(database) = database {
        command.args(["--database-url", database]);
    }
    let child = command.stdout(Stdio::null()).spawn()?;
    Ok(Server { child, address, postgres: database.is_some() })
}

fn start_fixed(body: &Path) -> Result<Server, Failure> {
    let address = free_address()?;
    let child =
        Command::new(std::env::current_exe()?).args(["--listen", &address, "--fixed"]).arg(body).spawn()?;
    Ok(Server { child, address, postgres: false })
}

/// The peer in a virtual environment of its own, made the first time.
fn start_peer(settings: &Settings, folder: &Path) -> Result<Server, Failure> {
    let environment = std::path::absolute(settings.folder.join("peer"))?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("peer");
    if !environment.join("bin/gunicorn").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        run(Command::new(environment.join("bin/pip"))
            .args(["install", "--quiet", "-r"])
            .arg(source.join("requirements.txt")))?;
    }
    let address = free_address()?;
    let child = Command::new(environment.join("bin/gunicorn"))
        .args([
            "--workers",
            "2",
            "--threads",
            "4",
            "--bind",
            &address,
            "--log-level",
            "error",
            "peer:application",
        ])
        .current_dir(source)
        .env("PEER_DATABASE", std::path::absolute(world::database_file(folder))?)
        .spawn()?;
    Ok(Server { child, address, postgres: false })
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}").into()) }
}

async fn serve_fixed(file: &Path, listen: &str) -> Result<(), Failure> {
    use axum::http::header::CONTENT_TYPE;
    let body: &'static [u8] = Box::leak(std::fs::read(file)?.into_boxed_slice());
    let router = axum::Router::new()
        .route("/", axum::routing::get(move || async move { ([(CONTENT_TYPE, "application/json")], body) }));
    axum::serve(tokio::net::TcpListener::bind(listen).await?, router).await?;
    Ok(())
}
