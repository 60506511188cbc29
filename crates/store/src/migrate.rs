//! Brings the schema up to date: plain SQL files, one folder per engine, forward only.

use std::fmt::Write as _;

use kernel::{Clock, Error, Result};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::{Engine, postgres, sqlite};

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// One step of the schema: a file `NNNN_verb_object.sql`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The file's stem.
    pub name: &'static str,
    /// The file's statements.
    pub sql: &'static str,
}

impl Migration {
    /// SHA-256 of the text, in hex; line endings do not count.
    #[must_use]
    pub fn checksum(&self) -> String {
        let mut out = String::new();
        for byte in Sha256::digest(self.sql.replace("\r\n", "\n")) {
            let _ = write!(out, "{byte:02x}");
        }
        out
    }
}

/// The program's migrations for an engine, in order.
#[must_use]
pub fn migrations(engine: Engine) -> &'static [Migration] {
    match engine {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    }
}

/// What the database says it has: names and checksums, in order.
type Applied = Vec<(String, String)>;

/// The first migration that is missing, after looking whether the rest is as we know it.
fn next<'m>(ours: &'m [Migration], applied: &Applied) -> Result<Option<&'m Migration>> {
    for (number, (name, checksum)) in applied.iter().enumerate() {
        let Some(known) = ours.iter().find(|migration| migration.name == name) else {
            return Err(Error::conflict(format!(
                "the database has the migration {name}, which this version of the program does not know; \
                 it was made by a newer version: run that one, or restore a backup"
            )));
        };
        if known.checksum() != *checksum {
            return Err(Error::conflict(format!(
                "the migration {name} was changed after it was applied to this database; \
                 use the program it was made with, or restore a backup"
            )));
        }
        if ours.get(number).is_none_or(|expected| expected.name != name) {
            let missing = ours.get(number).map_or("?", |expected| expected.name);
            return Err(Error::conflict(format!(
                "the database has the migration {name} but not {missing}, which comes before it; \
                 migrations are applied in order"
            )));
        }
    }
    Ok(ours.get(applied.len()))
}

pub(crate) async fn sqlite(engine: &Sqlite, migrations: &[Migration]) -> Result<Vec<String>> {
    let ours = migrations.to_vec();
    engine
        .alone(move |connection| {
            // As SQLite advises for rebuilding tables: references are off during a migration and checked at its end.
            connection.execute_batch("pragma foreign_keys = off").map_err(sqlite::error)?;
            let mut done = Vec::new();
            let result = loop {
                match sqlite_step(connection, &ours) {
                    Ok(Some(name)) => done.push(name),
                    Ok(None) => break Ok(done),
                    Err(error) => break Err(error),
                }
            };
            connection.execute_batch("pragma foreign_keys = on").map_err(sqlite::error)?;
            result
        })
        .await
}

fn sqlite_step(connection: &mut Connection, ours: &[Migration]) -> Result<Option<String>> {
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(sqlite::error)?;
    transaction
        .execute_batch(
            "create table if not exists migrations (
                 name text primary key not null, checksum text not null, applied_at integer not null
             ) strict",
        )
        .map_err(sqlite::error)?;
    let applied: Applied = transaction
        .prepare("select name, checksum from migrations order by name")
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(sqlite::error)?;
    let Some(migration) = next(ours, &applied)? else { return Ok(None) };
    let failed = |cause| Error::internal(format_args!("migration {}: {cause}", migration.name));
    transaction.execute_batch(migration.sql).map_err(failed)?;
    let broken: Option<String> = transaction
        .prepare("select \"table\" from pragma_foreign_key_check limit 1")
        .and_then(|mut statement| {
            let mut rows = statement.query([])?;
            rows.next()?.map(|row| row.get(0)).transpose()
        })
        .map_err(sqlite::error)?;
    if let Some(table) = broken {
        let name = migration.name;
        return Err(Error::internal(format_args!("migration {name} leaves broken references in {table}")));
    }
    transaction
        .execute(
            "insert into migrations (name, checksum, applied_at) values (?1, ?2, ?3)",
            (migration.name, migration.checksum(), now()),
        )
        .map_err(sqlite::error)?;
    transaction.commit().map_err(sqlite::error)?;
    Ok(Some(migration.name.to_owned()))
}

/// The lock that nodes take turns with while they migrate: the bytes of "bailiwic".
const TURN: i64 = 0x6261_696c_6977_6963;

pub(crate) async fn postgres(engine: &Postgres, migrations: &[Migration]) -> Result<Vec<String>> {
    let mut connection = engine.connection().await?;
    let mut done = Vec::new();
    loop {
        let failed = |cause| postgres::error(&cause, "migrating");
        // The lock goes with the transaction, so no way out of here can leave it behind.
        let transaction = connection.transaction().await.map_err(failed)?;
        transaction.execute("select pg_advisory_xact_lock($1)", &[&TURN]).await.map_err(failed)?;
        transaction.batch_execute(BEFORE_POSTGRES).await.map_err(failed)?;
        let rows = transaction
            .query("select name, checksum from migrations order by name", &[])
            .await
            .map_err(failed)?;
        let applied: Applied = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let Some(migration) = next(migrations, &applied)? else {
            transaction.commit().await.map_err(failed)?;
            return Ok(done);
        };
        transaction
            .batch_execute(migration.sql)
            .await
            .map_err(|cause| postgres::error(&cause, &format!("migration {}", migration.name)))?;
        transaction
            .execute(
                "insert into migrations (name, checksum, applied_at) values ($1, $2, $3)",
                &[&migration.name, &migration.checksum(), &now()],
            )
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        done.push(migration.name.to_owned());
    }
}

const BEFORE_POSTGRES: &str = "
    create table if not exists migrations (
        name text primary key, checksum text not null, applied_at bigint not null
    );
    create or replace function journal_hash(bytea, text) returns bytea
        language sql immutable parallel safe
        as $$ select sha256(coalesce($1, ''::bytea) || convert_to($2, 'UTF8')) $$;
";

fn now() -> i64 {
    Clock::system().now().as_microsecond()
}
