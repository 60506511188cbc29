//! One line of the table, how it is taken, and what the lines say of one another.

use std::time::Duration;

use crate::Settings;
use crate::load::{self, Ask};
use crate::server::Server;

/// One line of the table.
pub struct Line {
    /// The engine.
    pub engine: &'static str,
    /// What was asked.
    pub what: &'static str,
    /// Requests answered a second.
    pub rate: f64,
    /// Milliseconds that half the answers took at most.
    pub p50: f64,
    /// Milliseconds that 99 of 100 answers took at most.
    pub p99: f64,
    /// CPU of program and database a request, in microseconds.
    pub cpu: f64,
    /// What of it the database used in processes of its own.
    pub database: f64,
    /// Bytes of an answer.
    pub bytes: usize,
    /// Answers that were not the expected ones.
    pub failed: u64,
}

/// The hard-coded answer that others are held against.
pub const FIXED: &str = "hard-coded axum, same bytes";
/// The listing that the bars speak of.
pub const LISTING: &str = "client of 5 sites, 50 rows, JSON";
/// The same, where the asker has it already.
pub const UNCHANGED: &str = "the same, unchanged (304)";
/// The peer.
pub const PEER: &str = "Django REST framework, same rows";

pub fn head() {
    println!(
        "| engine | what | req/s | p50 ms | p99 ms | CPU µs a request | in the database | bytes | failed |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|");
}

/// Takes one figure: a warm-up, then rounds; the medians are kept and printed.
pub async fn take(
    settings: &Settings,
    (engine, what): (&'static str, &'static str),
    server: &Server,
    ask: &Ask,
    expect: u16,
) -> Line {
    let length = Duration::from_secs(settings.seconds);
    let warm = load::run(ask, settings.connections, Duration::from_secs(1), expect).await;
    if let Some(refusal) = warm.refusal {
        println!("not as expected: {refusal}");
    }
    let mut rounds = Vec::new();
    for _ in 0..settings.rounds.max(1) {
        let (program, database) = server.cpu();
        let outcome = load::run(ask, settings.connections, length, expect).await;
        let (program_then, database_then) = server.cpu();
        let answered = outcome.answered.max(1) as f64;
        let database = (database_then - database) * 1e6 / answered;
        rounds.push(Line {
            engine,
            what,
            rate: outcome.answered as f64 / outcome.took.as_secs_f64(),
            p50: outcome.percentile(50),
            p99: outcome.percentile(99),
            cpu: (program_then - program) * 1e6 / answered + database,
            database,
            bytes: outcome.bytes,
            failed: outcome.failed,
        });
    }
    rounds.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    let line = rounds.swap_remove(rounds.len() / 2);
    println!(
        "| {} | {} | {:.0} | {:.2} | {:.2} | {:.0} | {:.0} | {} | {} |",
        line.engine,
        line.what,
        line.rate,
        line.p50,
        line.p99,
        line.cpu,
        line.database,
        line.bytes,
        line.failed
    );
    line
}

/// The ratios of this run.
pub fn summary(lines: &[Line]) {
    let find = |engine: &str, what: &str| lines.iter().find(|l| l.engine == engine && l.what == what);
    for engine in ["SQLite", "PostgreSQL"] {
        let Some(fixed) = find(engine, FIXED) else { continue };
        println!("\n{engine}, ratios of CPU a request, this run:");
        for line in lines.iter().filter(|l| l.engine == engine && l.what != FIXED) {
            println!("- {}: {:.1} x the hard-coded answer", line.what, line.cpu / fixed.cpu);
        }
        if let (Some(peer), Some(list)) = (find(engine, PEER), find(engine, LISTING)) {
            println!(
                "- requests a CPU second, ours to Django REST framework's for the same rows: {:.0} x",
                peer.cpu / list.cpu
            );
        }
    }
}
