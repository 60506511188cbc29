//! Stores for tests: every engine there is, fresh and with the schema in place.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use store::{Engine, Migration, Settings, Store};
use tempfile::TempDir;

use crate::postgres;

/// A store of its own for one test. On SQLite its file goes away with it.
pub struct TestStore {
    store: Store,
    settings: Settings,
    _folder: Option<TempDir>,
}

impl TestStore {
    /// How to open it once more.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The store itself, to hand on.
    #[must_use]
    pub fn store(&self) -> Store {
        self.store.clone()
    }
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// Migrations of a test's own, per engine.
pub type Schema = fn(Engine) -> &'static [Migration];

/// A fresh store with the program's schema on each engine: `for store in testkit::engines().await { … }`.
/// PostgreSQL is left out, with the reason printed, where it cannot run.
///
/// # Panics
/// If a store cannot be made.
pub async fn engines() -> Vec<TestStore> {
    let mut all = vec![sqlite_store().await];
    all.extend(postgres_store().await);
    all
}

/// As [`engines`], with a schema of the test's own.
///
/// # Panics
/// If a store cannot be made.
pub async fn engines_with(schema: Schema) -> Vec<TestStore> {
    let mut all = vec![sqlite_with(Some(schema)).await];
    all.extend(postgres_with(Some(schema)).await);
    all
}

/// A fresh SQLite store with the program's schema.
///
/// # Panics
/// If it cannot be made.
pub async fn sqlite_store() -> TestStore {
    sqlite_with(None).await
}

/// A fresh PostgreSQL store with the program's schema, where there is PostgreSQL.
///
/// # Panics
/// If it cannot be made.
pub async fn postgres_store() -> Option<TestStore> {
    postgres_with(None).await
}

#[expect(clippy::expect_used, reason = "a test without its store can only fail")]
async fn sqlite_with(schema: Option<Schema>) -> TestStore {
    let (folder, path) = sqlite_fresh(&key(schema, Engine::Sqlite), async |path: &Path| {
        let store = Store::open(&Settings::sqlite(path))?;
        migrate(&store, schema).await?;
        store.close().await;
        Ok::<_, kernel::Error>(())
    })
    .await
    .expect("a prepared SQLite file");
    let settings = Settings::sqlite(path);
    let store = Store::open(&settings).expect("a SQLite store");
    migrate(&store, schema).await.expect("a prepared file");
    TestStore { store, settings, _folder: Some(folder) }
}

#[expect(clippy::expect_used, reason = "a test without its store can only fail")]
async fn postgres_with(schema: Option<Schema>) -> Option<TestStore> {
    let url = postgres::fresh_database(&key(schema, Engine::Postgres), async |url| {
        let store = Store::open(&Settings::postgres(url))?;
        migrate(&store, schema).await?;
        store.close().await;
        Ok::<_, kernel::Error>(())
    })
    .await
    .expect("a prepared PostgreSQL database")?;
    // Many tests share one server: a few connections each.
    let engine = store::Place::Postgres { url, connections: 8 };
    let settings = Settings { engine, readers: 2 };
    let store = Store::open(&settings).expect("a PostgreSQL store");
    migrate(&store, schema).await.expect("a prepared database");
    Some(TestStore { store, settings, _folder: None })
}

/// A copy, in a folder of its own, of the SQLite file of that key, which `prepare` makes the first time anybody asks
/// for the key. `prepare` must have closed the file when it is done.
///
/// # Errors
/// What went wrong, in words.
pub async fn sqlite_fresh<F, E>(key: &str, prepare: F) -> Result<(TempDir, PathBuf), String>
where
    F: AsyncFnOnce(&Path) -> Result<(), E>,
    E: std::fmt::Debug,
{
    static GATE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

    let said = |error: std::io::Error| error.to_string();
    let shared = postgres::shared_folder()?;
    let template = shared.join(format!("template-{key}.db"));
    let gate = GATE.lock().await;
    if !template.exists() {
        let _lock = postgres::lock(&shared.join("template-file.lock"))?;
        if !template.exists() {
            let draft = TempDir::new_in(&shared).map_err(said)?;
            let path = draft.path().join("draft.db");
            prepare(&path).await.map_err(|error| format!("preparing {}: {error:?}", template.display()))?;
            std::fs::rename(&path, &template).map_err(said)?;
            forget_old_templates(&shared);
        }
    }
    drop(gate);
    let folder = TempDir::with_prefix("bw-sqlite-").map_err(said)?;
    let path = folder.path().join("bailiwick.db");
    std::fs::copy(&template, &path).map_err(said)?;
    Ok((folder, path))
}

/// Keeps the newest few prepared files: every change of the schema makes another.
fn forget_old_templates(folder: &Path) {
    const KEPT: usize = 12;
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "db"))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    found.sort();
    for (_, path) in found.iter().rev().skip(KEPT) {
        let _ = std::fs::remove_file(path);
    }
}

/// The program's schema, or a test's own, in place (again on a clone, where it only looks).
async fn migrate(store: &Store, schema: Option<Schema>) -> kernel::Result<()> {
    match schema {
        None => store.migrate().await?,
        Some(own) => store.migrate_with(own(store.engine())).await?,
    };
    Ok(())
}

/// What tells one schema from another.
fn key(schema: Option<Schema>, engine: Engine) -> String {
    let mut hash = Sha256::new();
    for migration in schema.unwrap_or(store::migrations)(engine) {
        hash.update(migration.name);
        hash.update(migration.checksum());
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
