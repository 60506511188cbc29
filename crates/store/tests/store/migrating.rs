use std::collections::BTreeSet;

use futures::future::join_all;
use kernel::{Error, Result};
use store::{Engine, Migration, Settings, Store, params};

use crate::fixture::schema;

const NONE: fn(Engine) -> &'static [Migration] = |_| &[];

const ONE: Migration =
    Migration { name: "0001_create_a", sql: "create table a (n bigint); create table a2 (n bigint);" };
const TWO: Migration = Migration { name: "0002_create_b", sql: "create table b (n bigint);" };
const THREE: Migration =
    Migration { name: "0003_break", sql: "create table c (n bigint); insert into nowhere values (1);" };

async fn has(store: &Store, table: &str) -> bool {
    store.all::<(i64,)>(&format!("select n from {table}"), []).await.is_ok()
}

fn refusal(result: Result<Vec<String>>) -> String {
    match result {
        Err(Error::Conflict(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_missing_is_applied_in_order_and_once() {
    for store in testkit::engines_with(NONE).await {
        assert_eq!(store.migrate_with(&[ONE]).await.unwrap(), ["0001_create_a"]);
        assert_eq!(store.migrate_with(&[ONE, TWO]).await.unwrap(), ["0002_create_b"]);
        assert!(store.migrate_with(&[ONE, TWO]).await.unwrap().is_empty());
        assert!(has(&store, "a2").await && has(&store, "b").await);
        let again = Store::open(store.settings()).unwrap();
        assert!(again.migrate_with(&[ONE, TWO]).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_migration_that_breaks_leaves_nothing_of_itself() {
    for store in testkit::engines_with(NONE).await {
        let result = store.migrate_with(&[ONE, TWO, THREE]).await;
        assert!(
            matches!(&result, Err(Error::Internal { detail, .. }) if detail.contains("0003_break")),
            "{result:?}"
        );
        assert!(has(&store, "b").await && !has(&store, "c").await);
        assert!(store.migrate_with(&[ONE, TWO]).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_changed_a_newer_and_a_skipped_migration_are_refused() {
    for store in testkit::engines_with(NONE).await {
        store.migrate_with(&[ONE, TWO]).await.unwrap();
        let changed = Migration { sql: "create table b (n bigint, m bigint);", ..TWO };
        assert!(refusal(store.migrate_with(&[ONE, changed]).await).contains("0002_create_b was changed"));
        assert!(refusal(store.migrate_with(&[ONE]).await).contains("newer version"));
        let between = Migration { name: "0001_create_z", sql: "create table z (n bigint);" };
        assert!(refusal(store.migrate_with(&[ONE, between, TWO]).await).contains("but not 0001_create_z"));
        assert!(!has(&store, "z").await);
    }
}

#[test]
fn line_endings_do_not_change_a_checksum() {
    let unix = Migration { name: "0001_a", sql: "create table a (\n n bigint\n);\n" };
    let windows = Migration { name: "0001_a", sql: "create table a (\r\n n bigint\r\n);\r\n" };
    assert_eq!(unix.checksum(), windows.checksum());
    assert_ne!(unix.checksum(), ONE.checksum());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_together_do_not_trip_over_each_other() {
    for store in testkit::engines_with(NONE).await {
        let nodes = (0..8).map(|_| {
            let settings = store.settings().clone();
            tokio::spawn(async move { Store::open(&settings)?.migrate_with(&[ONE, TWO]).await })
        });
        let mut applied: Vec<String> = Vec::new();
        for node in join_all(nodes).await {
            applied.extend(node.unwrap().unwrap());
        }
        applied.sort();
        assert_eq!(applied, ["0001_create_a", "0002_create_b"]);
    }
}

#[tokio::test]
async fn a_sqlite_migration_may_rebuild_a_table_but_not_leave_broken_references() {
    let store = testkit::engines_with(schema).await.swap_remove(0);
    let id = crate::fixture::site(&store, "a").await;
    let mut batch = store::Batch::new();
    batch.run("insert into things (id, site_id) values ($1, $1)", params![id]);
    store.commit(batch).await.unwrap();
    let base = schema(Engine::Sqlite)[0];
    let rebuild = Migration {
        name: "0002_rebuild_sites",
        sql: "create table next (id blob primary key not null, name text not null) strict;
              insert into next select id, name from sites; drop table sites; alter table next rename to sites;",
    };
    store.migrate_with(&[base, rebuild]).await.unwrap();
    let orphan = Migration { name: "0003_delete_sites", sql: "delete from sites;" };
    let result = store.migrate_with(&[base, rebuild, orphan]).await;
    assert!(
        matches!(&result, Err(Error::Internal { detail, .. }) if detail.contains("things")),
        "{result:?}"
    );
    // References are watched again afterwards.
    let mut batch = store::Batch::new();
    batch.run("delete from sites", params![]);
    assert!(matches!(store.commit(batch).await, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn statements_prepared_before_a_migration_work_after_it() {
    for store in testkit::engines_with(schema).await {
        crate::fixture::site(&store, "a").await;
        let read = "select * from sites where name = $1";
        store.one::<(uuid::Uuid, String)>(read, params!["a"]).await.unwrap();
        let write = || {
            let mut batch = store::Batch::new();
            batch.guard("update sites set version = version + 1 returning *", params![], Error::Stale);
            batch
        };
        store.commit(write()).await.unwrap();
        // Another node migrates.
        let other = Store::open(store.settings()).unwrap();
        let mut all = schema(store.engine()).to_vec();
        all.push(Migration { name: "0002_widen", sql: "alter table sites add column extra integer;" });
        other.migrate_with(&all).await.unwrap();
        for _ in 0..10 {
            store.one::<(uuid::Uuid, String)>(read, params!["a"]).await.unwrap();
            store.commit(write()).await.unwrap();
        }
    }
}

/// Columns as (table, column, may be empty), indexes as (table, index), references as (table, column, other table).
#[derive(Debug, PartialEq)]
struct Shape {
    columns: BTreeSet<(String, String, String, bool)>,
    indexes: BTreeSet<(String, String)>,
    references: BTreeSet<(String, String, String)>,
}

#[tokio::test]
async fn the_programs_schema_is_the_same_on_both_engines() {
    let stems = |engine| store::migrations(engine).iter().map(|migration| migration.name).collect::<Vec<_>>();
    assert_eq!(stems(Engine::Sqlite), stems(Engine::Postgres));
    let Some(server) = testkit::postgres_store().await else { return };
    let file = testkit::sqlite_store().await;
    assert!(file.migrate().await.unwrap().is_empty() && server.migrate().await.unwrap().is_empty());
    let (file, server) = (sqlite_shape(&file).await, postgres_shape(&server).await);
    assert!(!server.columns.is_empty());
    let both = |left: &BTreeSet<_>, right: &BTreeSet<_>| {
        left.symmetric_difference(right).cloned().collect::<Vec<_>>()
    };
    assert_eq!(both(&file.columns, &server.columns), [], "columns of one engine only");
    assert_eq!(
        Vec::from_iter(file.indexes.symmetric_difference(&server.indexes)),
        [] as [&(_, _); 0],
        "indexes"
    );
    assert_eq!(
        Vec::from_iter(file.references.symmetric_difference(&server.references)),
        [] as [&(_, _, _); 0],
        "references"
    );
}

async fn sqlite_shape(store: &Store) -> Shape {
    let columns: Vec<(String, String, String, bool)> = store
        .all(
            "select t.name, c.name, lower(c.type), c.\"notnull\" = 0 and c.pk = 0
             from sqlite_schema t, pragma_table_xinfo(t.name) c
             where t.type = 'table' and t.name not like 'sqlite%' and c.hidden <> 1
             and not exists (select 1 from sqlite_schema v where v.sql like 'create virtual table%'
               and (t.name = v.name or substr(t.name, 1, length(v.name) + 1) = v.name || '_'))",
            [],
        )
        .await
        .unwrap();
    let indexes: Vec<(String, String)> = store
        // A search index is a table here and an index there.
        .all(
            "select tbl_name, name from sqlite_schema where type = 'index' and sql is not null
             union all select replace(name, '_search', ''), name from sqlite_schema
             where sql like 'create virtual table%'",
            [],
        )
        .await
        .unwrap();
    let references: Vec<(String, String, String)> = store
        .all(
            "select t.name, f.\"from\", f.\"table\" from sqlite_schema t, pragma_foreign_key_list(t.name) f
             where t.type = 'table'",
            [],
        )
        .await
        .unwrap();
    Shape {
        columns: columns.into_iter().collect(),
        indexes: indexes.into_iter().collect(),
        references: references.into_iter().collect(),
    }
}

async fn postgres_shape(store: &Store) -> Shape {
    let columns: Vec<(String, String, String, bool)> = store
        .all(
            "select table_name, column_name, data_type, is_nullable = 'YES' from information_schema.columns
             where table_schema = 'public'",
            [],
        )
        .await
        .unwrap();
    let indexes: Vec<(String, String)> = store
        .all(
            "select tablename, indexname from pg_indexes where schemaname = 'public'
             and indexname not in (select conname from pg_constraint)",
            [],
        )
        .await
        .unwrap();
    let references: Vec<(String, String, String)> = store
        .all(
            "select c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text from pg_constraint c
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey) where c.contype = 'f'",
            [],
        )
        .await
        .unwrap();
    let as_on_sqlite = |of: String| match of.as_str() {
        "boolean" | "bigint" | "integer" | "smallint" => "integer".to_owned(),
        "uuid" | "bytea" => "blob".to_owned(),
        "double precision" => "real".to_owned(),
        _ => of,
    };
    Shape {
        columns: columns
            .into_iter()
            .map(|(table, name, of, empty)| (table, name, as_on_sqlite(of), empty))
            .collect(),
        indexes: indexes.into_iter().collect(),
        references: references.into_iter().collect(),
    }
}

#[tokio::test]
async fn a_url_that_cannot_be_used_is_refused_in_words() {
    for (url, word) in [
        ("postgres://localhost/x?sslmode=prefer", "sslmode"),
        ("postgres://localhost:notaport/x", "cannot be used"),
        ("postgres://localhost/x?sslmode=verify-full&sslrootcert=/nowhere.pem", "/nowhere.pem"),
    ] {
        let Err(Error::BadRequest(why)) = Store::open(&Settings::parse(url)).map(|_| ()) else {
            panic!("{url}")
        };
        assert!(why.contains(word), "{why}");
    }
}
