use std::sync::Arc;

use kernel::id::{AreaId, SiteId};
use kernel::text::{EmailAddress, Line, Prose};
use kernel::{Error, Portal, Timestamp};
use store::{Batch, Engine, Value, params};
use uuid::Uuid;

use crate::fixture::engines;

const COLUMNS: &str = "id, flag, number, small, ratio, label, bytes, at";
const INSERT: &str = "insert into things (id, flag, number, small, ratio, label, bytes, at)
                      values ($1, $2, $3, $4, $5, $6, $7, $8)";

type Thing = (
    SiteId,
    Option<bool>,
    Option<i64>,
    Option<i32>,
    Option<f64>,
    Option<String>,
    Option<Vec<u8>>,
    Option<Timestamp>,
);

#[tokio::test]
async fn every_type_comes_back_as_it_went_in() {
    let at = Timestamp::from_microsecond(1_763_870_400_123_456).unwrap();
    let before_1970 = Timestamp::from_microsecond(-1).unwrap();
    let nasty = "'; drop table things; -- $1 ?1 \" ☃ \u{1F600} \u{202e} e\u{301}";
    let things: Vec<Thing> = vec![
        (
            SiteId::new(),
            Some(true),
            Some(i64::MAX),
            Some(i32::MIN),
            Some(0.1),
            Some(nasty.into()),
            Some(vec![0, 255, 0]),
            Some(at),
        ),
        (
            SiteId::new(),
            Some(false),
            Some(i64::MIN),
            Some(0),
            Some(-1e300),
            Some(String::new()),
            Some(vec![]),
            Some(before_1970),
        ),
        (SiteId::new(), None, None, None, None, None, None, None),
    ];
    for store in engines().await {
        let mut batch = Batch::new();
        for (id, flag, number, small, ratio, label, bytes, at) in things.clone() {
            batch.run(INSERT, params![id, flag, number, small, ratio, label, bytes, at]);
        }
        store.commit(batch).await.unwrap();
        for thing in &things {
            let sql = format!("select {COLUMNS} from things where id = $1");
            let found: Thing = store.one(&sql, params![thing.0]).await.unwrap();
            assert_eq!(&found, thing, "{store:?}", store = store.store());
        }
    }
}

#[tokio::test]
async fn parsed_text_digests_and_ids_go_in_and_come_out() {
    let line: Line<20> = "Dock 4".parse().unwrap();
    let prose: Prose<20> = "one\ntwo".parse().unwrap();
    let mail: EmailAddress = "ana@example.org".parse().unwrap();
    let area = AreaId::new();
    for store in engines().await {
        let mut batch = Batch::new();
        batch.run(
            "insert into things (id, label, bytes) values ($1, $2, $3)",
            params![area, &line, [7_u8; 32]],
        );
        batch.run("insert into things (id, label) values ($1, $2)", params![Uuid::from_u128(1), &prose]);
        batch.run("insert into things (id, label) values ($1, $2)", params![Uuid::from_u128(2), Some(&mail)]);
        store.commit(batch).await.unwrap();
        let read = "select id, bytes from things where label = $1";
        let (id, bytes): (AreaId, [u8; 32]) = store.one(read, params!["Dock 4"]).await.unwrap();
        assert_eq!((id, bytes), (area, [7; 32]));
        let (id,): (Uuid,) =
            store.one("select id from things where label = $1", params![&mail]).await.unwrap();
        assert_eq!(id, Uuid::from_u128(2));
        let (text,): (String,) =
            store.one("select label from things where id = $1", params![Uuid::from_u128(1)]).await.unwrap();
        assert_eq!(text, "one\ntwo");
    }
}

/// A row with numbers of a closed set.
struct Doorway(Portal, Option<Portal>, String);

impl store::FromRow for Doorway {
    fn from_row(row: &store::Row<'_>) -> kernel::Result<Self> {
        Ok(Self(row.number(0)?, row.optional_number(1)?, row.text(2)?.to_owned()))
    }
}

#[tokio::test]
async fn a_cell_that_is_something_else_is_a_fault_and_says_where() {
    for store in engines().await {
        let sql = "select number, small, label from things order by number";
        let mut batch = Batch::new();
        let insert = "insert into things (id, number, label) values ($1, $2, $3)";
        batch.run(insert, params![SiteId::new(), Portal::Client.number(), "x"]);
        store.commit(batch).await.unwrap();
        let doorway: Doorway = store.one(sql, []).await.unwrap();
        assert!(doorway.0 == Portal::Client && doorway.1.is_none() && doorway.2 == "x");

        let mut batch = Batch::new();
        batch.run(insert, params![SiteId::new(), 7, "y"]);
        store.commit(batch).await.unwrap();
        for wrong in [
            store.all::<Doorway>(sql, []).await.map(|_| ()),
            store.all::<(String,)>(sql, []).await.map(|_| ()),
            store.all::<(i64, i64)>(sql, []).await.map(|_| ()),
            store.all::<(i64, Option<i64>, String, i64)>(sql, []).await.map(|_| ()),
        ] {
            let Err(Error::Internal { detail, .. }) = wrong else { panic!("{wrong:?}") };
            assert!(detail.contains("column"), "{detail}");
        }
    }
}

#[tokio::test]
async fn sums_and_averages_are_numbers_on_both() {
    for store in engines().await {
        let mut batch = Batch::new();
        for number in [3_000_000_000_i64, 3_000_000_000, 1, -20_000] {
            batch.run("insert into things (id, number) values ($1, $2)", params![SiteId::new(), number]);
        }
        store.commit(batch).await.unwrap();
        let sql =
            "select sum(number), avg(number), count(*), sum(number) - 6000000000, coalesce(sum(small), 0),
                          max(ratio) from things";
        let found: (i64, f64, i64, i64, i64, Option<f64>) = store.one(sql, []).await.unwrap();
        assert_eq!(found, (5_999_980_001, 1_499_995_000.25, 4, -19_999, 0, None));
        let having = "select count(*) from things having sum(number) > $1 and sum(number) < $2";
        for (low, high, hit) in [
            (5_999_980_000_i64, 5_999_980_002_i64, true),
            (5_999_980_001, i64::MAX, false),
            (-20_001, 0, false),
        ] {
            let found: Option<(i64,)> = store.first(having, params![low, high]).await.unwrap();
            assert_eq!(found.is_some(), hit, "{low} {high}");
        }
    }
}

#[tokio::test]
async fn placeholders_may_repeat_and_stand_in_any_order() {
    for store in engines().await {
        let sql = "select cast($2 as text), cast($1 as bigint), cast($2 as text), '$1'";
        let found: (String, i64, String, String) = store.one(sql, params![7, "b"]).await.unwrap();
        assert_eq!(found, ("b".into(), 7, "b".into(), "$1".into()));
        for wrong in [params![7], params![7, "b", 1]] {
            let found = store.one::<(String,)>(sql, wrong).await;
            assert!(matches!(found, Err(Error::Internal { .. })), "{found:?}");
        }
    }
}

#[tokio::test]
async fn a_list_of_ids_is_an_array_on_postgresql_only() {
    let ids: Vec<Uuid> = (1..=3).map(Uuid::from_u128).collect();
    for store in engines().await {
        let mut batch = Batch::new();
        for id in &ids {
            batch.run("insert into things (id) values ($1)", params![*id]);
        }
        store.commit(batch).await.unwrap();
        let list = Value::Uuids(Arc::from(&ids[1..]));
        match store.engine() {
            Engine::Postgres => {
                let sql = "select id from things where id = any($1) order by id";
                let found: Vec<(Uuid,)> = store.all(sql, [list]).await.unwrap();
                assert_eq!(found, [(ids[1],), (ids[2],)]);
            }
            Engine::Sqlite => {
                let found = store.all::<(Uuid,)>("select id from things where id = $1", [list]).await;
                assert!(matches!(found, Err(Error::Internal { .. })));
            }
        }
    }
}

#[tokio::test]
async fn the_journal_hash_is_sha_256_over_the_previous_hash_and_the_payload() {
    // sha256("abc") from FIPS 180-2; the second is sha256(that || "ä").
    let abc = hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    for store in engines().await {
        let sql = "select journal_hash(cast($1 as BYTES), $2)"
            .replace("BYTES", if store.engine() == Engine::Sqlite { "blob" } else { "bytea" });
        let (first,): (Vec<u8>,) = store.one(&sql, params![Value::Null, "abc"]).await.unwrap();
        assert_eq!(first, abc);
        let (empty,): (Vec<u8>,) = store.one(&sql, params![Vec::<u8>::new(), "abc"]).await.unwrap();
        assert_eq!(empty, abc);
        let (second,): (Vec<u8>,) = store.one(&sql, params![first, "ä"]).await.unwrap();
        assert_eq!(second, hex("50abdec0449a38594ee26963cc50ae256c074150227877fd5821231a6b63b428"));
        let (none,): (Option<Vec<u8>>,) = store.one(&sql, params![abc.clone(), Value::Null]).await.unwrap();
        assert_eq!(none, None);
    }
}

fn hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
