use std::collections::BTreeSet;

use futures::future::join_all;
use kernel::Error;
use kernel::id::SiteId;
use store::{Batch, Outcome, Store, params};

use crate::fixture::{engines, names, site};

const INSERT: &str = "insert into sites (id, name) values ($1, $2)";
const RENAME: &str = "update sites set name = $3, version = version + 1 where id = $1 and version = $2";

#[tokio::test]
async fn an_empty_batch_does_nothing() {
    for store in engines().await {
        store.commit(Batch::new()).await.unwrap();
    }
}

#[tokio::test]
async fn a_batch_happens_at_once_or_not_at_all() {
    for store in engines().await {
        let mut batch = Batch::new();
        batch.run(INSERT, params![SiteId::new(), "a"]);
        batch.run(INSERT, params![SiteId::new(), "b"]);
        batch.run("insert into sites (id, name) values ($1, $2)", params![SiteId::new(), "a"]);
        assert!(matches!(store.commit(batch).await, Err(Error::Conflict(_))));
        assert!(names(&store).await.is_empty());

        let mut batch = Batch::new();
        batch.run(INSERT, params![SiteId::new(), "a"]);
        batch.run("insert into nowhere (id) values ($1)", params![SiteId::new()]);
        assert!(matches!(store.commit(batch).await, Err(Error::Internal { .. })));
        assert!(names(&store).await.is_empty());
    }
}

#[tokio::test]
async fn a_guard_must_touch_exactly_one_row() {
    for store in engines().await {
        let id = site(&store, "a").await;
        let rename = |version: i64, name: &str| {
            let mut batch = Batch::new();
            batch.run(INSERT, params![SiteId::new(), format!("with {name}")]);
            batch.guard(RENAME, params![id, version, name], Error::Stale);
            batch
        };
        store.commit(rename(1, "b")).await.unwrap();
        assert!(matches!(store.commit(rename(1, "c")).await, Err(Error::Stale)));
        assert_eq!(names(&store).await, ["b", "with b"]);
        store.commit(rename(2, "d")).await.unwrap();

        // Two rows are as wrong as none.
        let mut batch = Batch::new();
        batch.guard(
            "update sites set version = 9 where name <> $1",
            params!["x"],
            Error::forbidden("too many"),
        );
        assert!(matches!(store.commit(batch).await, Err(Error::Forbidden(why)) if why == "too many"));
        let (most,): (i64,) = store.one("select max(version) from sites", []).await.unwrap();
        assert_eq!(most, 3);
    }
}

#[tokio::test]
async fn the_first_guard_that_fails_is_the_one_that_speaks() {
    for store in engines().await {
        let mut batch = Batch::new();
        batch.run(INSERT, params![SiteId::new(), "a"]);
        batch.guard(RENAME, params![SiteId::new(), 1, "b"], Error::NotFound);
        batch.guard(RENAME, params![SiteId::new(), 1, "c"], Error::Stale);
        batch.run(INSERT, params![SiteId::new(), "a"]);
        assert!(matches!(store.commit(batch).await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn a_guard_may_be_a_question() {
    for store in engines().await {
        site(&store, "a").await;
        for (asked, held) in [("a", true), ("b", false)] {
            let mut batch = Batch::new();
            batch.guard("select 1 from sites where name = $1", params![asked], Error::Stale);
            assert_eq!(store.commit(batch).await.is_ok(), held);
        }
    }
}

#[tokio::test]
async fn a_claimed_unique_violation_is_told_in_the_claimers_words() {
    for store in engines().await {
        site(&store, "a").await;
        let mut batch = Batch::new();
        batch.run(INSERT, params![SiteId::new(), "b"]);
        batch.taken(Error::field("name", "not this one"));
        batch.run(INSERT, params![SiteId::new(), "a"]);
        batch.taken(Error::field("name", "there is such a site already"));
        let Err(Error::Invalid(errors)) = store.commit(batch).await else { panic!() };
        assert_eq!(errors.of("name"), ["there is such a site already"]);
        assert_eq!(names(&store).await, ["a"]);

        // The primary key is a unique index too, and a guard may be claimed as well.
        let id = site(&store, "c").await;
        let mut batch = Batch::new();
        batch.guard(INSERT, params![id, "d"], Error::Stale);
        batch.taken(Error::NotFound);
        assert!(matches!(store.commit(batch).await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn references_hold_on_either_side_and_at_commit() {
    for store in engines().await {
        let id = site(&store, "a").await;
        let thing = "insert into things (id, site_id) values ($1, $2)";
        let later = "insert into things (id, later_id) values ($1, $2)";
        for sql in [thing, later] {
            let mut batch = Batch::new();
            batch.run(sql, params![SiteId::new(), SiteId::new()]);
            assert!(matches!(store.commit(batch).await, Err(Error::Conflict(_))), "{sql}");
            let mut batch = Batch::new();
            batch.run(sql, params![SiteId::new(), id]);
            store.commit(batch).await.unwrap();
        }
        let mut batch = Batch::new();
        batch.run("delete from sites where id = $1", params![id]);
        assert!(matches!(store.commit(batch).await, Err(Error::Conflict(_))));

        // Checked at commit: the reference may come first.
        let fresh = SiteId::new();
        let mut batch = Batch::new();
        batch.run(later, params![SiteId::new(), fresh]);
        batch.run(INSERT, params![fresh, "b"]);
        store.commit(batch).await.unwrap();
        assert_eq!(names(&store).await, ["a", "b"]);
    }
}

#[tokio::test]
async fn the_outcome_tells_what_was_answered_and_touched() {
    for store in engines().await {
        let id = site(&store, "a").await;
        let mut batch = Batch::new();
        let inserted = batch.run(INSERT, params![SiteId::new(), "b"]);
        let bumped =
            batch.returning("update sites set version = version + 1 returning name, version", params![]);
        let guarded = batch.guard(
            "update sites set version = version + 10 where id = $1 returning version, id",
            params![id],
            Error::Stale,
        );
        let nothing = batch.returning("delete from sites where name = $1 returning id", params!["z"]);
        let outcome = store.commit(batch).await.unwrap();
        assert_eq!(outcome.touched(inserted), 1);
        assert_eq!(outcome.touched(bumped), 2);
        let mut rows: Vec<(String, i64)> = outcome.rows(bumped).unwrap();
        rows.sort();
        assert_eq!(rows, [("a".into(), 2), ("b".into(), 2)]);
        assert_eq!(outcome.get::<i64>(guarded, 0).unwrap(), 12);
        assert_eq!(outcome.get::<SiteId>(guarded, 1).unwrap(), id);
        assert!(outcome.row(nothing).is_none() && outcome.touched(nothing) == 0);
        assert!(matches!(outcome.get::<i64>(nothing, 0), Err(Error::Internal { .. })));
    }
}

#[tokio::test]
async fn what_fails_leaves_its_neighbours_alone() {
    // On SQLite these share commits: bad batches of every sort between good ones.
    for store in engines().await {
        let id = site(&store, "taken").await;
        let store = store.store();
        let commits = (0..120_i64).map(|number| {
            let mut batch = Batch::new();
            batch.run(INSERT, params![SiteId::new(), format!("{number:03}")]);
            match number % 6 {
                0 => _ = batch.guard(RENAME, params![id, 77, "x"], Error::Stale),
                1 => _ = batch.run(INSERT, params![SiteId::new(), "taken"]),
                2 => _ = batch.run("this is not sql", params![]),
                3 => {
                    _ = batch
                        .run("insert into things (id, later_id) values ($1, $1)", params![SiteId::new()]);
                }
                _ => {}
            }
            let store = store.clone();
            async move { (number, store.commit(batch).await) }
        });
        let results: Vec<(i64, kernel::Result<Outcome>)> = join_all(commits).await;
        let mut expected: BTreeSet<String> = ["taken".to_owned()].into();
        for (number, result) in results {
            let as_expected = match number % 6 {
                0 => matches!(result, Err(Error::Stale)),
                1 | 3 => matches!(result, Err(Error::Conflict(_))),
                2 => matches!(result, Err(Error::Internal { .. })),
                _ => {
                    expected.insert(format!("{number:03}"));
                    result.is_ok()
                }
            };
            assert!(as_expected, "{number}: {result:?}");
        }
        assert_eq!(names(&store).await, Vec::from_iter(expected));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_writers_lose_no_update() {
    for store in engines().await {
        let id = site(&store, "counter").await;
        let writers = (0..64).map(|_| {
            let store = store.store();
            tokio::spawn(async move {
                for _ in 0..5 {
                    increment(&store, id).await;
                }
            })
        });
        for writer in join_all(writers).await {
            writer.unwrap();
        }
        let (version,): (i64,) = store.one("select version from sites", []).await.unwrap();
        assert_eq!(version, 1 + 64 * 5);
    }
}

/// Reads and writes optimistically until nobody was faster. Also reads its own write.
async fn increment(store: &Store, id: SiteId) {
    loop {
        let (version,): (i64,) =
            store.one("select version from sites where id = $1", params![id]).await.unwrap();
        let mut batch = Batch::new();
        let guarded = batch.guard(
            "update sites set version = version + 1 where id = $1 and version = $2 returning version",
            params![id, version],
            Error::Stale,
        );
        match store.commit(batch).await {
            Ok(outcome) => {
                let mine: i64 = outcome.get(guarded, 0).unwrap();
                let sql = "select version from sites where id = $1";
                let (seen,): (i64,) = store.one(sql, params![id]).await.unwrap();
                assert!(mine == version + 1 && seen >= mine);
                return;
            }
            Err(Error::Stale) => tokio::task::yield_now().await,
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn batches_that_lock_each_other_out_are_tried_again() {
    for store in engines().await {
        let (a, b) = (site(&store, "a").await, site(&store, "b").await);
        let bump = "update sites set version = version + 1 where id = $1";
        let writers = (0..4).map(|number| {
            let store = store.store();
            tokio::spawn(async move {
                for _ in 0..5 {
                    let mut batch = Batch::new();
                    let (first, second) = if number % 2 == 0 { (a, b) } else { (b, a) };
                    batch.guard(bump, params![first], Error::Stale);
                    batch.guard(bump, params![second], Error::Stale);
                    store.commit(batch).await.unwrap();
                }
            })
        });
        for writer in join_all(writers).await {
            writer.unwrap();
        }
        let versions: Vec<(i64,)> = store.all("select version from sites", []).await.unwrap();
        assert_eq!(versions, [(21,), (21,)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abandoned_commit_is_whole_or_void_and_harms_nobody() {
    for store in engines().await {
        for round in 0..100_u64 {
            let mut batch = Batch::new();
            for part in 0..3 {
                batch.guard(INSERT, params![SiteId::new(), format!("{round:02}-{part}")], Error::Stale);
            }
            if round % 2 == 1 {
                // This one must not happen, whoever uses its connection next.
                batch.guard(RENAME, params![SiteId::new(), 1, "x"], Error::Stale);
            }
            let wait = std::time::Duration::from_micros(round * 20);
            let _ = tokio::time::timeout(wait, store.commit(batch)).await;
        }
        site(&store, "after").await;
        let mut found = names(&store).await;
        assert_eq!(found.pop().as_deref(), Some("after"));
        // Whatever was abandoned came through in threes.
        for three in found.chunks(3) {
            let rounds: BTreeSet<&str> = three.iter().map(|name| &name[..2]).collect();
            assert!(three.len() == 3 && rounds.len() == 1, "{found:?}");
            assert!(three[0][1..2].parse::<u32>().unwrap().is_multiple_of(2), "{found:?}");
        }
    }
}
