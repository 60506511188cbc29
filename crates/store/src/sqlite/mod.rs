//! SQLite: one thread writes and groups commits, every other thread reads for itself.

mod reader;
mod writer;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kernel::{Error, Result};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};
use sha2::{Digest, Sha256};

use crate::batch::{Batch, Outcome};
use crate::row::{Cell, FromRow, Row};
use crate::value::Value;

/// How long a connection waits for a lock another process holds (a backup, the command line).
const PATIENCE: Duration = Duration::from_secs(5);

/// The engine behind a [`Store`](crate::Store) on a file.
pub(crate) struct Sqlite {
    path: PathBuf,
    // Fields drop in order: readers let go before the writer, whose closing folds the write-ahead log in.
    readers: reader::Readers,
    writer: writer::Writer,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, long_readers: usize) -> Result<Self> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|error| Error::Unavailable(format!("cannot make {}: {error}", folder.display())))?;
        }
        let writer = writer::Writer::start(path)?;
        Ok(Self { path: path.to_owned(), readers: reader::Readers::start(path, long_readers)?, writer })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn all<T: FromRow>(&self, sql: &str, params: &[Value]) -> Result<Vec<T>> {
        self.readers.here(|connection| {
            let mut statement = prepare(connection, sql, params)?;
            let mut rows = statement.raw_query();
            let mut all = Vec::new();
            while let Some(row) = rows.next().map_err(error)? {
                all.push(T::from_row(&Row::sqlite(row))?);
            }
            Ok(all)
        })
    }

    pub(crate) fn first<T: FromRow>(&self, sql: &str, params: &[Value]) -> Result<Option<T>> {
        self.readers.here(|connection| {
            let mut statement = prepare(connection, sql, params)?;
            let mut rows = statement.raw_query();
            rows.next().map_err(error)?.map(|row| T::from_row(&Row::sqlite(row))).transpose()
        })
    }

    pub(crate) async fn each<T, F>(&self, sql: &str, params: &[Value], take: F) -> Result<()>
    where
        T: FromRow + Send + 'static,
        F: FnMut(T) -> Result<()>,
    {
        self.readers.each(sql.to_owned(), params.to_owned(), take).await
    }

    pub(crate) async fn commit(&self, batch: Batch) -> Result<Outcome> {
        self.writer.commit(batch).await
    }

    pub(crate) fn commits_waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// Lends the writing connection to a piece of work (a migration, housekeeping).
    pub(crate) async fn alone<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    {
        self.writer.alone(work).await
    }

    pub(crate) async fn close(&self) {
        self.readers.close();
        self.writer.close().await;
    }
}

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Write,
    Read,
}

/// Opens a connection with this program's settings and functions.
pub(crate) fn connect(path: &Path, purpose: Purpose) -> Result<Connection> {
    let flags = match purpose {
        Purpose::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Purpose::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|cause| Error::Unavailable(format!("cannot open {}: {cause}", path.display())))?;
    settle(&connection, purpose).map_err(error)?;
    Ok(connection)
}

fn settle(connection: &Connection, purpose: Purpose) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(256);
    // FULL: a commit that was answered is on the disk. The write-ahead log keeps its pages between checkpoints,
    // because overwriting a file is cheaper to sync than growing one.
    connection.execute_batch(match purpose {
        Purpose::Write => {
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
             pragma temp_store = memory; pragma cache_size = -65536; pragma mmap_size = 1073741824;
             pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 67108864;"
        }
        Purpose::Read => {
            "pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = -16384;
             pragma mmap_size = 1073741824;"
        }
    })?;
    connection.create_scalar_function(
        "journal_hash",
        2,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS,
        |context| {
            let previous: Option<Vec<u8>> = context.get(0)?;
            let payload: Option<String> = context.get(1)?;
            Ok(payload.map(|payload| {
                let mut hash = Sha256::new();
                hash.update(previous.unwrap_or_default());
                hash.update(payload);
                hash.finalize().to_vec()
            }))
        },
    )
}

/// Sets the writing connection up for a time of much writing, or as usual. The larger the log may grow, the fewer
/// times the same page is carried over into the database; the more of a search index is gathered in memory, the fewer
/// times its parts are merged.
pub(crate) fn pace(connection: &Connection, hurried: bool) -> rusqlite::Result<()> {
    let (hash, merge) = if hurried { (64 << 20, 16) } else { (1 << 20, 4) };
    let mut indexes = connection
        .prepare("select name from sqlite_schema where sql like 'create virtual table % using fts5%'")?;
    for index in indexes.query_map([], |row| row.get::<_, String>(0))? {
        let index = index?;
        for (setting, value) in [("hashsize", hash), ("automerge", merge)] {
            connection
                .execute(&format!("insert into {index} ({index}, rank) values (?1, ?2)"), (setting, value))?;
        }
    }
    connection.execute_batch(if hurried {
        "pragma synchronous = normal; pragma wal_autocheckpoint = 65536; pragma cache_size = -262144;"
    } else {
        "pragma synchronous = full; pragma wal_autocheckpoint = 4000; pragma cache_size = -65536;
         pragma wal_checkpoint(truncate);"
    })
}

/// A prepared statement of the connection's cache, with its parameters bound.
fn prepare<'c>(
    connection: &'c Connection,
    sql: &str,
    params: &[Value],
) -> Result<rusqlite::CachedStatement<'c>> {
    let mut statement = connection.prepare_cached(&numbered(sql)).map_err(|cause| unprepared(&cause, sql))?;
    bind(&mut statement, sql, params)?;
    Ok(statement)
}

fn unprepared(cause: &rusqlite::Error, sql: &str) -> Error {
    match kind(cause) {
        Trouble::Fault => Error::internal(format_args!("{cause} in: {sql}")),
        _ => Error::Unavailable(cause.to_string()),
    }
}

fn bind(statement: &mut Statement<'_>, sql: &str, params: &[Value]) -> Result<()> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        let given = params.len();
        return Err(Error::internal(format_args!("{given} parameters where {wanted} are wanted in: {sql}")));
    }
    for (index, value) in params.iter().enumerate() {
        let value = match value {
            Value::Null => ValueRef::Null,
            Value::Bool(value) => ValueRef::Integer((*value).into()),
            Value::Int(value) => ValueRef::Integer(*value),
            Value::Real(value) => ValueRef::Real(*value),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            Value::Bytes(value) => ValueRef::Blob(value),
            Value::Uuid(value) => ValueRef::Blob(value.as_bytes()),
            Value::Uuids(_) => {
                return Err(Error::internal(format_args!(
                    "SQLite has no lists; spell the ids out in: {sql}"
                )));
            }
        };
        statement.raw_bind_parameter(index + 1, ToSqlOutput::Borrowed(value)).map_err(error)?;
    }
    Ok(())
}

/// The statement with `$1` written `?1`: SQLite would read `$1` as a name and number the names by first use. One
/// pass over the text costs less than looking it up in a cache would.
fn numbered(sql: &str) -> Cow<'_, str> {
    if !sql.contains('$') {
        return Cow::Borrowed(sql);
    }
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find(['$', '\'', '"', '-', '/']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let length = match from.as_bytes() {
            [b'$', digit, ..] if digit.is_ascii_digit() => {
                out.push('?');
                rest = &from[1..];
                continue;
            }
            [quote @ (b'\'' | b'"'), ..] => past(from, char::from(*quote), 1),
            [b'-', b'-', ..] => past(from, '\n', 2),
            [b'/', b'*', ..] => from.find("*/").map_or(from.len(), |end| end + 2),
            _ => 1,
        };
        let (kept, left) = from.split_at(length);
        out.push_str(kept);
        rest = left;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The length of `text` up to and with the next `end`, looked for from byte `start`.
fn past(text: &str, end: char, start: usize) -> usize {
    text[start..].find(end).map_or(text.len(), |at| start + at + 1)
}

/// A cell of a row as SQLite stores it.
pub(crate) fn cell<'a>(row: &'a rusqlite::Row<'_>, index: usize) -> Result<Cell<'a>> {
    Ok(match row.get_ref(index).map_err(error)? {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Int(value),
        ValueRef::Real(value) => Cell::Real(value),
        ValueRef::Text(text) => Cell::Text(std::str::from_utf8(text).map_err(Error::internal)?),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes),
    })
}

/// What an error of the engine means to us.
enum Trouble {
    /// A unique index or primary key.
    Unique,
    /// A foreign key, on either side.
    Reference,
    /// The disk, a lock, the file: not the statement's fault.
    Outside,
    /// The statement and the schema disagree: our fault.
    Fault,
}

fn kind(cause: &rusqlite::Error) -> Trouble {
    use rusqlite::ffi;
    let rusqlite::Error::SqliteFailure(failure, _) = cause else { return Trouble::Fault };
    match failure.code {
        ErrorCode::ConstraintViolation => match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID => Trouble::Unique,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Trouble::Reference,
            _ => Trouble::Fault,
        },
        ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::ReadOnly
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase
        | ErrorCode::OutOfMemory
        | ErrorCode::OperationInterrupted
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::PermissionDenied => Trouble::Outside,
        _ => Trouble::Fault,
    }
}

/// An engine's error in the program's words.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn error(cause: rusqlite::Error) -> Error {
    match kind(&cause) {
        Trouble::Unique => Error::conflict(crate::ALREADY_THERE),
        Trouble::Reference => Error::conflict(crate::STILL_REFERRED),
        Trouble::Outside => Error::Unavailable(format!("SQLite: {cause}")),
        Trouble::Fault => Error::internal(format_args!("SQLite: {cause}")),
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn placeholders_are_numbered_and_quoted_text_is_left_alone() {
        let sql = r#"select "$1", '$2 ''$3', /* $4 */ a / $5 - $10 -- $6
                     from t where b = $7"#;
        let numbered = numbered(sql);
        assert_eq!(
            numbered,
            r#"select "$1", '$2 ''$3', /* $4 */ a / ?5 - ?10 -- $6
                     from t where b = ?7"#
        );
    }

    #[test]
    fn unfinished_quotes_and_comments_do_not_run_over() {
        for sql in ["select '$1", "select $1 /* $2", "select $1 -- $2", "$", "$a", "/", "-", "'é$1"] {
            assert_eq!(numbered(sql).len(), sql.len(), "{sql}");
        }
    }
}
