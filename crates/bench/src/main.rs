//! Measures the release program over HTTP: requests per second, percentiles and CPU per request, beside a hard-coded
//! axum answer of the same bytes and a Django REST framework peer over the same data, all in one run.
//!
//! `cargo build --release -p bailiwick && cargo run --release -p bench -- --incidents 1000000`
//!
//! Read the ratios: a shared machine moves the absolute figures, and moves all of them together.

mod durable;
mod engine;
mod line;
mod load;
mod pages;
mod process;
mod rights;
mod server;
mod world;

use std::path::{Path, PathBuf};

use clap::Parser;

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
    /// A PostgreSQL database for the same world; `throwaway` makes one on a server that does not sync. Left out, only
    /// SQLite is measured.
    #[arg(long)]
    postgres: Option<String>,
    /// Leave SQLite out.
    #[arg(long)]
    no_sqlite: bool,
    /// Leave the Django peer out.
    #[arg(long)]
    no_peer: bool,
    /// Only make the worlds.
    #[arg(long)]
    only_build: bool,
    /// Only measure the administration of rights in a large organization.
    #[arg(long)]
    rights: bool,
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

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::parse();
    if let (Some(file), Some(listen)) = (&settings.fixed, &settings.listen) {
        return serve_fixed(file, listen).await;
    }
    println!("machine: {}", process::machine());
    if settings.rights {
        if !settings.no_sqlite {
            rights::measure(&settings, None).await?;
        }
        if let Some(place) = &settings.postgres {
            rights::measure(&settings, Some(place)).await?;
        }
        return Ok(());
    }
    println!(
        "load: {} connections, {} rounds of {} s, medians; {} incidents\n",
        settings.connections, settings.rounds, settings.seconds, settings.incidents
    );
    let mut lines = Vec::new();
    if !settings.no_sqlite {
        lines.extend(engine::measure(&settings, None).await?);
    }
    if let Some(place) = &settings.postgres {
        lines.extend(engine::measure(&settings, Some(place)).await?);
    }
    if !settings.only_build {
        line::summary(&lines);
        durable::measure(&settings).await?;
    }
    Ok(())
}

async fn serve_fixed(file: &Path, listen: &str) -> Result<(), Failure> {
    use axum::http::header::CONTENT_TYPE;
    let body: &'static [u8] = Box::leak(std::fs::read(file)?.into_boxed_slice());
    let router = axum::Router::new()
        .route("/", axum::routing::get(move || async move { ([(CONTENT_TYPE, "application/json")], body) }));
    axum::serve(tokio::net::TcpListener::bind(listen).await?, router).await?;
    Ok(())
}
