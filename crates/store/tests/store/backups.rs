use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kernel::Error;
use kernel::id::SiteId;
use store::{Batch, Engine, Place, Settings, Store, params};
use testkit::TestStore;

use crate::fixture::{engines, names, schema, site};

/// An empty database of the same engine.
async fn empty(like: &TestStore) -> (Settings, Option<tempfile::TempDir>) {
    match like.engine() {
        Engine::Sqlite => {
            let folder = tempfile::tempdir().unwrap();
            (Settings::sqlite(folder.path().join("restored.db")), Some(folder))
        }
        Engine::Postgres => {
            let made = testkit::postgres::fresh_database("empty", async |_| Ok::<_, Error>(()));
            (Settings::postgres(made.await.unwrap().unwrap()), None)
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_writes_is_one_moment_and_comes_back() {
    for store in engines().await {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup");
        // Pairs are written together; half a pair in the backup would be a torn moment.
        let stop = Arc::new(AtomicBool::new(false));
        let (writing, stopping) = (store.store(), Arc::clone(&stop));
        let writer = tokio::spawn(async move {
            let mut pairs = 0;
            while !stopping.load(Ordering::Relaxed) || pairs < 50 {
                let mut batch = Batch::new();
                for half in ["a", "b"] {
                    let name = format!("{pairs:06}{half}");
                    batch.run("insert into sites (id, name) values ($1, $2)", params![SiteId::new(), name]);
                }
                writing.commit(batch).await.unwrap();
                pairs += 1;
            }
            pairs
        });
        while names(&store).await.len() < 20 {
            tokio::task::yield_now().await;
        }
        store.backup(&file).await.unwrap();
        stop.store(true, Ordering::Relaxed);
        let pairs: usize = writer.await.unwrap();

        let (settings, _kept) = empty(&store).await;
        store::restore(&file, &settings, false).await.unwrap();
        let restored = Store::open(&settings).unwrap();
        let found = names(&restored).await;
        assert!(
            found.len() >= 20 && found.len().is_multiple_of(2) && found.len() <= pairs * 2,
            "{}",
            found.len()
        );
        assert!(found.last().unwrap().ends_with('b'));
        assert!(restored.migrate_with(schema(restored.engine())).await.unwrap().is_empty());
        site(&restored, "written after").await;
        let left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["backup"]);
    }
}

#[tokio::test]
async fn nothing_is_overwritten_unless_asked() {
    for store in engines().await {
        site(&store, "kept").await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup");
        store.backup(&file).await.unwrap();
        let size = std::fs::metadata(&file).unwrap().len();
        assert!(matches!(store.backup(&file).await, Err(Error::Conflict(_))));
        assert_eq!(std::fs::metadata(&file).unwrap().len(), size);

        site(&store, "newer").await;
        let newer = store::Migration { name: "0002_create_newer", sql: "create table newer (n integer);" };
        let both = [schema(store.engine())[0], newer];
        store.migrate_with(&both).await.unwrap();
        let refused = store::restore(&file, store.settings(), false).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        assert_eq!(names(&store).await, ["kept", "newer"]);
        store::restore(&file, store.settings(), true).await.unwrap();
        let restored = Store::open(store.settings()).unwrap();
        assert_eq!(names(&restored).await, ["kept"]);
        // Nothing of what came after the backup is left in the way.
        assert_eq!(restored.migrate_with(&both).await.unwrap(), ["0002_create_newer"]);
    }
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_changes_nothing() {
    for store in engines().await {
        site(&store, "kept").await;
        let folder = tempfile::tempdir().unwrap();
        let good = folder.path().join("good");
        store.backup(&good).await.unwrap();
        let bytes = std::fs::read(&good).unwrap();
        let half = folder.path().join("half");
        std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
        let text = folder.path().join("text");
        std::fs::write(&text, "not a backup".repeat(1000)).unwrap();
        for wrong in [half, text, folder.path().join("nowhere")] {
            let refused = store::restore(&wrong, store.settings(), true).await;
            assert!(matches!(refused, Err(Error::Conflict(_) | Error::Unavailable(_))), "{refused:?}");
            assert_eq!(names(&store).await, ["kept"]);
        }
    }
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_leaves_nothing() {
    for store in engines().await {
        let refused = store.backup(std::path::Path::new("/nowhere/at/all")).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    }
    let settings = Settings {
        engine: Place::Postgres { url: "postgres://127.0.0.1:9/nobody?user=x".into(), connections: 1 },
        readers: 1,
    };
    let store = Store::open(&settings).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let refused = store.backup(&folder.path().join("b")).await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
