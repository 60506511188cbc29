//! Durable writes by the store alone: what a clock-in or a checkpoint scan costs below the program.

use std::time::{Duration, Instant};

use kernel::Clock;
use store::{Batch, Migration, Store, params};
use uuid::Uuid;

use crate::{Failure, Settings, process};

const SCHEMA: &[Migration] = &[Migration {
    name: "0001_scans",
    sql: "create table scans (id blob primary key, organization_id blob not null, site_id blob not null, \
          checkpoint_id blob not null, officer_id blob not null, at integer not null, note text not null);\n\
          create index scans_by_site on scans (organization_id, site_id, at desc, id desc);\n\
          create index scans_by_officer on scans (organization_id, officer_id, at desc, id desc);",
}];

/// Measures many writers and one.
pub async fn measure(settings: &Settings) -> Result<(), Failure> {
    let folder = settings.folder.join("durable");
    let _ = std::fs::remove_dir_all(&folder);
    let store = Store::open(&store::Settings::sqlite(folder.join("scans.db")))?;
    store.migrate_with(SCHEMA).await?;
    println!("\nSQLite, store alone, a durable row with two indexes:");
    let mut rates = Vec::new();
    for writers in [1usize, 64] {
        let length = Duration::from_secs(settings.seconds);
        let (cpu, begun) = (process::cpu_seconds(std::process::id()), Instant::now());
        let tasks: Vec<_> = (0..writers)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { write(&store, length).await })
            })
            .collect();
        let mut written = 0u64;
        for task in tasks {
            written += task.await??;
        }
        let rate = written as f64 / begun.elapsed().as_secs_f64();
        let each = (process::cpu_seconds(std::process::id()) - cpu) * 1e6 / written.max(1) as f64;
        println!("- {writers} writers: {rate:.0} a second, {each:.1} µs CPU each");
        rates.push(rate);
    }
    if let [one, many] = rates.as_slice() {
        println!("- grouped commits against one commit a request: {:.1} x the rate", many / one);
    }
    store.close().await;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

async fn write(store: &Store, length: Duration) -> Result<u64, kernel::Error> {
    let (clock, until) = (Clock::system(), Instant::now() + length);
    let mut count = 0;
    let organization = Uuid::now_v7();
    let (site, officer) = (Uuid::now_v7(), Uuid::now_v7());
    while Instant::now() < until {
        let mut batch = Batch::new();
        batch.run(
            "insert into scans (id, organization_id, site_id, checkpoint_id, officer_id, at, note) \
             values ($1, $2, $3, $4, $5, $6, 'in order')",
            params![Uuid::now_v7(), organization, site, Uuid::now_v7(), officer, clock.now()],
        );
        store.commit(batch).await?;
        count += 1;
    }
    Ok(count)
}
