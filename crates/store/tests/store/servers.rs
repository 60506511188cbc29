use kernel::Error;
use store::{Batch, Settings, Store, params};
use testkit::postgres::Own;

use crate::fixture::{names, schema, site};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_and_comes_back_costs_answers_but_no_data() {
    let Some(mut server) = Own::start() else { return };
    let store = Store::open(&Settings::postgres(server.url())).unwrap();
    store.migrate_with(schema(store.engine())).await.unwrap();
    for name in ["a", "b", "c"] {
        site(&store, name).await;
    }
    server.crash().unwrap();
    let write = || {
        let mut batch = Batch::new();
        batch.run("insert into sites (id, name) values ($1, $2)", params![kernel::id::SiteId::new(), "lost"]);
        batch.guard("update sites set version = 2 where name = $1", params!["lost"], Error::Stale);
        batch
    };
    for _ in 0..3 {
        let written = store.commit(write()).await;
        assert!(matches!(written, Err(Error::Unavailable(_))), "{written:?}");
        let read = store.all::<(String,)>("select name from sites", []).await;
        assert!(matches!(read, Err(Error::Unavailable(_))), "{read:?}");
        assert!(matches!(store.health().await, Err(Error::Unavailable(_))));
        let read = store.each("select name from sites", [], |(_,): (String,)| Ok(())).await;
        assert!(matches!(read, Err(Error::Unavailable(_))), "{read:?}");
    }
    server.revive().unwrap();
    store.health().await.unwrap();
    assert_eq!(names(&store).await, ["a", "b", "c"]);
    site(&store, "d").await;

    // A crash while reads and writes are under way.
    let working: Vec<_> = (0..8)
        .map(|worker| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for number in 0.. {
                    let name = format!("{worker}-{number}");
                    let mut batch = Batch::new();
                    let id = kernel::id::SiteId::new();
                    batch.guard(
                        "insert into sites (id, name) values ($1, $2)",
                        params![id, &name],
                        Error::Stale,
                    );
                    match store.commit(batch).await {
                        Ok(_) => acknowledged.push(name),
                        Err(Error::Unavailable(_)) => return acknowledged,
                        Err(error) => panic!("{error:?}"),
                    }
                }
                acknowledged
            })
        })
        .collect();
    while names(&store).await.len() < 50 {
        tokio::task::yield_now().await;
    }
    server.crash().unwrap();
    let mut acknowledged = Vec::new();
    for worker in working {
        acknowledged.extend(worker.await.unwrap());
    }
    server.revive().unwrap();
    store.health().await.unwrap();
    let found = names(&store).await;
    // The throw-away server does not wait for the disk, but its process alone was lost, not the machine.
    assert!(acknowledged.len() >= 20, "{}", acknowledged.len());
    for name in acknowledged {
        assert!(found.binary_search(&name).is_ok(), "{name} was acknowledged and is gone");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let store = Store::open(&Settings::parse("postgres://nobody@127.0.0.1:9/nothing")).unwrap();
    assert!(matches!(store.health().await, Err(Error::Unavailable(_))));
    assert!(matches!(store.migrate().await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn the_way_to_a_server_is_encrypted_and_the_server_is_the_right_one() {
    let Some((server, authority)) = Own::start_encrypted() else { return };
    let open = |url: String| Store::open(&Settings::postgres(url)).unwrap();
    let sql = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    let (encrypted,): (bool,) = open(server.url()).one(sql, []).await.unwrap();
    assert!(!encrypted);
    for mode in ["require", "verify-full"] {
        let url = format!("{}?sslmode={mode}&sslrootcert={}", server.url(), authority.display());
        let (encrypted,): (bool,) = open(url.clone()).one(sql, []).await.unwrap();
        assert!(encrypted);
        // By another name, or without knowing the authority, it is not the right one.
        let elsewhere = url.replace("localhost", "127.0.0.1");
        assert!(matches!(open(elsewhere).one::<(bool,)>(sql, []).await, Err(Error::Unavailable(_))));
        let unknown = format!("{}?sslmode={mode}", server.url());
        assert!(matches!(open(unknown).one::<(bool,)>(sql, []).await, Err(Error::Unavailable(_))));
    }
    // What the server's own programs are told is encrypted as well.
    let folder = tempfile::tempdir().unwrap();
    let url = format!("{}?sslmode=verify-full&sslrootcert={}", server.url(), authority.display());
    let store = open(url);
    store.migrate_with(schema(store.engine())).await.unwrap();
    store.backup(&folder.path().join("backup")).await.unwrap();
}
