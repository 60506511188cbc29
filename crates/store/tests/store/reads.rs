use kernel::Error;
use kernel::id::SiteId;
use store::{Batch, Settings, Store, params};

use crate::fixture::{engines, names, site};

async fn fill(store: &Store, count: i64) {
    let mut batch = Batch::new();
    for number in 0..count {
        batch.run("insert into things (id, number) values ($1, $2)", params![SiteId::new(), number]);
    }
    store.commit(batch).await.unwrap();
}

#[tokio::test]
async fn one_first_and_all() {
    for store in engines().await {
        let sql = "select number from things where number >= $1 order by number";
        assert!(matches!(store.one::<(i64,)>(sql, params![0]).await, Err(Error::NotFound)));
        assert_eq!(store.first::<(i64,)>(sql, params![0]).await.unwrap(), None);
        fill(&store, 5).await;
        assert_eq!(store.one::<(i64,)>(sql, params![2]).await.unwrap(), (2,));
        assert_eq!(store.all::<(i64,)>(sql, params![3]).await.unwrap(), [(3,), (4,)]);
    }
}

#[tokio::test]
async fn a_long_read_hands_over_every_row_in_order() {
    for store in engines().await {
        fill(&store, 1000).await;
        for wanted in [0, 1, 63, 64, 65, 255, 256, 257, 1000] {
            let mut seen = Vec::new();
            let sql = "select number from things where number < $1 order by number";
            store
                .each(sql, params![wanted], |(number,): (i64,)| {
                    seen.push(number);
                    Ok(())
                })
                .await
                .unwrap();
            assert_eq!(seen, Vec::from_iter(0..wanted));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_read_sees_one_moment() {
    for store in engines().await {
        fill(&store, 600).await;
        let mut rows = 0;
        let other = store.store();
        let runtime = tokio::runtime::Handle::current();
        store
            .each("select number from things order by number", [], |(_,): (i64,)| {
                if rows == 10 {
                    // Somebody writes in the middle of the read.
                    let mut batch = Batch::new();
                    batch.run("delete from things where number > 300", params![]);
                    tokio::task::block_in_place(|| runtime.block_on(other.commit(batch)))?;
                }
                rows += 1;
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(rows, 600);
        let (left,): (i64,) = store.one("select count(*) from things", []).await.unwrap();
        assert_eq!(left, 301);
    }
}

#[tokio::test]
async fn a_long_read_stops_when_it_is_told_to_and_the_next_one_works() {
    for store in engines().await {
        fill(&store, 1000).await;
        for round in 0..20 {
            let mut taken = 0;
            let end = store
                .each("select number from things", [], |(_,): (i64,)| {
                    taken += 1;
                    if taken > round { Err(Error::conflict("enough")) } else { Ok(()) }
                })
                .await;
            assert!(matches!(end, Err(Error::Conflict(_))) && taken == round + 1);
            let abandoned = store.each("select number from things", [], |(_,): (i64,)| Ok(()));
            let _ = tokio::time::timeout(std::time::Duration::from_micros(round * 20), abandoned).await;
        }
        let wrong = store.each("select label from things", [], |(_,): (i64,)| Ok(())).await;
        assert!(matches!(wrong, Err(Error::Internal { .. })), "{wrong:?}");
        let wrong = store.each("select nothing from nowhere", [], |(_,): (i64,)| Ok(())).await;
        assert!(matches!(wrong, Err(Error::Internal { .. })), "{wrong:?}");
        let mut rows = 0;
        store
            .each("select number from things", [], |(_,): (i64,)| {
                rows += 1;
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(rows, 1000);
    }
}

struct Bomb;

impl store::FromRow for Bomb {
    fn from_row(_: &store::Row<'_>) -> kernel::Result<Self> {
        panic!("a row that panics")
    }
}

#[tokio::test]
async fn a_panic_in_a_row_is_not_taken_for_the_end() {
    for store in engines().await {
        fill(&store, 3).await;
        for _ in 0..4 {
            let shared = store.store();
            let read =
                tokio::spawn(async move { shared.each("select 1 from things", [], |_: Bomb| Ok(())).await });
            assert!(!matches!(read.await, Ok(Ok(()))));
            let shared = store.store();
            let read = tokio::spawn(async move { shared.all::<Bomb>("select 1 from things", []).await });
            assert!(read.await.is_err());
        }
        let mut rows = 0;
        store
            .each("select number from things", [], |(_,): (i64,)| {
                rows += 1;
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(rows, 3);
        assert_eq!(store.all::<(i64,)>("select 1 from things", []).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn a_read_cannot_write() {
    for store in engines().await {
        site(&store, "a").await;
        if store.engine() == store::Engine::Sqlite {
            let read = store.all::<(String,)>("delete from sites returning name", []).await;
            assert!(matches!(read, Err(Error::Unavailable(_) | Error::Internal { .. })), "{read:?}");
        }
        let read = store.each("delete from sites returning name", [], |(_,): (String,)| Ok(())).await;
        assert!(read.is_err());
        assert_eq!(names(&store).await, ["a"]);
    }
}

#[tokio::test]
async fn stores_beside_each_other_on_one_thread_are_not_mixed_up() {
    let (first, second) = (engines().await, engines().await);
    for (first, second) in first.iter().zip(&second) {
        site(first, "one").await;
        site(second, "two").await;
        assert_eq!(names(first).await, ["one"]);
        assert_eq!(names(second).await, ["two"]);
    }
    drop(first);
    for store in &second {
        assert_eq!(names(store).await, ["two"]);
    }
}

#[tokio::test]
async fn a_closed_store_says_so_and_lets_go_of_its_file() {
    for store in engines().await {
        site(&store, "a").await;
        assert_eq!(names(&store).await, ["a"]);
        let mut rows = 0;
        store
            .each("select name from sites", [], |(_,): (String,)| {
                rows += 1;
                Ok(())
            })
            .await
            .unwrap();
        store.close().await;
        let mut batch = Batch::new();
        batch.run("delete from sites", params![]);
        assert!(matches!(store.commit(batch).await, Err(Error::Unavailable(_))));
        assert!(matches!(
            store.all::<(String,)>("select name from sites", []).await,
            Err(Error::Unavailable(_))
        ));
        let read = store.each("select name from sites", [], |(_,): (String,)| Ok(())).await;
        assert!(matches!(read, Err(Error::Unavailable(_))));
        assert!(matches!(store.health().await, Err(Error::Unavailable(_))));
        let again = Store::open(store.settings()).unwrap();
        assert_eq!(names(&again).await, ["a"]);
    }
}

#[tokio::test]
async fn a_dropped_store_leaves_one_file_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/data.db");
    let store = Store::open(&Settings::sqlite(&path)).unwrap();
    store.migrate_with(crate::fixture::schema(store.engine())).await.unwrap();
    site(&store, "a").await;
    assert_eq!(names(&store).await, ["a"]);
    assert!(path.with_extension("db-wal").exists());
    drop(store);
    let left: Vec<_> =
        std::fs::read_dir(path.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["data.db"]);
}

#[tokio::test]
async fn health_explain_and_housekeeping() {
    for store in engines().await {
        store.health().await.unwrap();
        let plan = store.explain("select name from sites where name = $1", params!["a"]).await.unwrap();
        let index = if store.engine() == store::Engine::Sqlite {
            "sqlite_autoindex_sites_2"
        } else {
            "sites_name_key"
        };
        assert!(plan.contains(index), "{plan}");
        let plan = store.explain("select name from sites where version = $1", params![1]).await.unwrap();
        assert!(
            plan.to_lowercase().contains(if store.engine() == store::Engine::Sqlite {
                "scan sites"
            } else {
                "seq scan"
            }),
            "{plan}"
        );
        store.optimize().await.unwrap();
    }
}
