//! Copies of the whole database, and back.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kernel::{Error, Result};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::postgres::{Postgres, Target};
use crate::sqlite::{Purpose, Sqlite, connect};
use crate::{Place, Settings};

pub(crate) async fn sqlite(engine: &Sqlite, to: &Path) -> Result<()> {
    let (from, to) = (engine.path().to_owned(), to.to_owned());
    blocking(move || {
        publish(&to, |draft| {
            let source = connect(&from, Purpose::Read)?;
            let mut copy = Connection::open(draft).map_err(|cause| cannot("write", draft, &cause))?;
            copy_all(&source, &mut copy)?;
            // The copy is one file: not in write-ahead mode, so nothing appears beside it when it is looked at.
            copy.execute_batch("pragma journal_mode = delete")
                .map_err(|cause| cannot("write", draft, &cause))?;
            copy.close().map_err(|(_, cause)| cannot("write", draft, &cause))
        })
    })
    .await
}

/// Copies in one step, from one view: writers go on meanwhile, and none of them makes it start again.
fn copy_all(source: &Connection, target: &mut Connection) -> Result<()> {
    let outside = |cause: rusqlite::Error| Error::Unavailable(format!("copying the database: {cause}"));
    let copy = Backup::new(source, target).map_err(outside)?;
    match copy.step(-1).map_err(outside)? {
        StepResult::Done => Ok(()),
        _ => Err(Error::Unavailable("copying the database: it is locked by another process".into())),
    }
}

pub(crate) async fn postgres(engine: &Postgres, to: &Path) -> Result<()> {
    let (target, to) = (engine.target().clone(), to.to_owned());
    blocking(move || {
        publish(&to, |draft| {
            let options = ["--format=custom".into(), "--no-owner".into(), "--file".into(), draft.into()];
            run(&target, "pg_dump", &options)
        })
    })
    .await
}

/// Has a file made under another name, and gives it its own once it is whole and on the disk.
fn publish(to: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    if to.exists() {
        return Err(Error::conflict(format!("{} is there already; name a new file", to.display())));
    }
    let mut draft = to.as_os_str().to_owned();
    draft.push(".partial");
    let draft = PathBuf::from(draft);
    let made = std::fs::remove_file(&draft)
        .or_else(|cause| if cause.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(cause) })
        .map_err(|cause| cannot("replace", &draft, &cause))
        .and_then(|()| make(&draft))
        .and_then(|()| {
            File::open(&draft)
                .and_then(|file| file.sync_all())
                .map_err(|cause| cannot("sync", &draft, &cause))?;
            std::fs::rename(&draft, to).map_err(|cause| cannot("name", to, &cause))?;
            let folder =
                to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder)
                .and_then(|file| file.sync_all())
                .map_err(|cause| cannot("sync", folder, &cause))
        });
    if made.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    made
}

/// Fills a database from a backup. The program must not be running on it.
///
/// # Errors
/// [`Error::Conflict`] if the database already holds tables and `force` is not set, or if the file is not a whole
/// backup of this engine; [`Error::Unavailable`] if a file or the server cannot be reached.
pub async fn restore(from: &Path, into: &Settings, force: bool) -> Result<()> {
    let from = from.to_owned();
    match into.engine.clone() {
        Place::Sqlite { path } => blocking(move || restore_sqlite(&from, &path, force)).await,
        Place::Postgres { .. } => {
            let engine = crate::Store::open(into)?;
            let crate::Inner::Postgres(server) = &*engine.0 else { return Ok(()) };
            restore_postgres(from, server, force).await
        }
    }
}

fn restore_sqlite(from: &Path, path: &Path, force: bool) -> Result<()> {
    let unfit = |cause: rusqlite::Error| {
        Error::conflict(format!("{} is not a whole SQLite backup: {cause}", from.display()))
    };
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(unfit)?;
    let verdict: String =
        source.query_row("pragma integrity_check(1)", [], |row| row.get(0)).map_err(unfit)?;
    if verdict != "ok" {
        return Err(Error::conflict(format!("{} is damaged: {verdict}", from.display())));
    }
    let mut target = connect(path, Purpose::Write)?;
    let tables: i64 = target
        .query_row("select count(*) from sqlite_schema", [], |row| row.get(0))
        .map_err(|cause| cannot("read", path, &cause))?;
    if tables > 0 && !force {
        return Err(occupied());
    }
    // Through the engine rather than by moving files: it takes the locks, and it happens at once or not at all.
    copy_all(&source, &mut target)?;
    target
        .execute_batch("pragma journal_mode = wal; pragma wal_checkpoint(truncate)")
        .map_err(|cause| cannot("write", path, &cause))?;
    target.close().map_err(|(_, cause)| cannot("write", path, &cause))
}

/// Where the data waits while a restore is under way.
const ASIDE: &str = "before_restore";

async fn restore_postgres(from: PathBuf, server: &Postgres, force: bool) -> Result<()> {
    let connection = server.connection().await?;
    let say = async |sql: &str| {
        connection.batch_execute(sql).await.map_err(|cause| crate::postgres::error(&cause, sql))
    };
    let count = async |sql: &str| {
        let row = connection.query_one(sql, &[]).await;
        row.map(|row| row.get::<_, i64>(0)).map_err(|cause| crate::postgres::error(&cause, sql))
    };
    let back = format!(
        "begin; {} drop schema if exists public cascade; alter schema {ASIDE} rename to public; commit",
        move_extensions("public", ASIDE)
    );
    if count(&format!("select count(*) from pg_namespace where nspname = '{ASIDE}'")).await? > 0 {
        // An earlier restore was cut off: as if it had not been.
        say(&back).await?;
    }
    let tables = "select count(*) from information_schema.tables where table_schema = 'public'";
    if !force && count(tables).await? > 0 {
        return Err(occupied());
    }
    // What is there is kept until the backup has been read to its end.
    let aside = format!(
        "begin; alter schema public rename to {ASIDE}; create schema public; {} commit",
        move_extensions(ASIDE, "public")
    );
    say(&aside).await?;
    let target = server.target().clone();
    let restored = blocking(move || {
        let config = target.config();
        let name = config.get_dbname().or(config.get_user()).unwrap_or("postgres").to_owned();
        let options =
            ["--dbname".into(), name.into(), "--no-owner".into(), "--single-transaction".into(), from.into()];
        run(&target, "pg_restore", &options)
    })
    .await;
    match restored {
        Ok(()) => say(&format!("drop schema {ASIDE} cascade")).await,
        Err(error) => say(&back).await.and(Err(error)),
    }
}

/// Takes the extension of the search indexes from one schema to another, if it is there: what is restored looks for it
/// where the backup had it, and a database holds an extension only once.
fn move_extensions(from: &str, to: &str) -> String {
    format!(
        "do $$ begin if exists (select 1 from pg_extension e join pg_namespace n on n.oid = e.extnamespace \
         where e.extname = 'pg_trgm' and n.nspname = '{from}') then alter extension pg_trgm set schema {to}; \
         end if; end $$;"
    )
}

fn run(target: &Target, program: &str, options: &[OsString]) -> Result<()> {
    let output = Command::new(program)
        .args(options)
        .envs(target.environment())
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| {
            Error::Unavailable(format!(
                "{program} cannot be started ({cause}); it comes with PostgreSQL's client programs and must be \
                 on the PATH"
            ))
        })?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(Error::Unavailable(format!("{program} failed: {}", words.trim())))
}

fn occupied() -> Error {
    Error::conflict("the database is not empty; restoring would replace everything in it")
}

fn cannot(what: &str, path: &Path, cause: &dyn std::fmt::Display) -> Error {
    Error::Unavailable(format!("cannot {what} {}: {cause}", path.display()))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
