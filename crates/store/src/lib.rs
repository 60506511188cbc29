//! The store: two engines behind one facade.
//!
//! SQLite keeps everything in one file beside the program; PostgreSQL lets many nodes share one database. A
//! statement is literal, portable SQL with `$1` placeholders and is written once; both engines run it in every
//! test. A read is one statement ([`Store::all`], [`Store::first`], [`Store::one`], [`Store::each`]); a write is a
//! [`Batch`] of guarded statements that happen together or not at all ([`Store::commit`]). There are no
//! transactions held across awaits.
//!
//! | here | PostgreSQL | SQLite |
//! |---|---|---|
//! | `bool` | BOOLEAN | INTEGER 0, 1 |
//! | integers | BIGINT | INTEGER |
//! | `f64` | DOUBLE PRECISION | REAL |
//! | text, closed words | TEXT | TEXT |
//! | bytes, digests | BYTEA | BLOB |
//! | ids | UUID | BLOB of 16 bytes |
//! | instants | BIGINT, microseconds since 1970 | INTEGER, the same |
//!
//! Both engines have the function `journal_hash(previous, payload)`: SHA-256 of the previous hash (or nothing) and
//! the payload's UTF-8.

mod backup;
mod batch;
pub mod between;
mod care;
mod cursor;
pub mod files;
mod fold;
pub mod idempotency;
pub mod journal;
pub mod listing;
mod migrate;
mod postgres;
pub mod reads;
mod row;
mod sealed;
mod sqlite;
mod value;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use kernel::{Error, Result};

pub use backup::restore;
pub use batch::{Batch, Outcome, Slot};
pub use care::Version;
pub use fold::fold;
pub use migrate::{Migration, migrations};
pub use row::{Cell, Decode, FromRow, Row};
pub use value::Value;

/// What is said of a unique violation that no batch claimed with [`Batch::taken`].
const ALREADY_THERE: &str = "there is already one like this";

/// What is said of a foreign key that does not hold.
const STILL_REFERRED: &str =
    "this is tied to something that is gone, or something else is still tied to this";

/// Which engine runs underneath.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// In this process, on one file.
    Sqlite,
    /// A server, shared by many nodes.
    Postgres,
}

/// Where the data is, and with how much of the machine to reach it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The engine and its place.
    pub engine: Place,
    /// SQLite: how many long reads ([`Store::each`]) run at once, each on a thread of its own.
    pub readers: usize,
}

/// An engine's place.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file, made if it is not there.
    Sqlite {
        /// The database file; `-wal` and `-shm` files appear beside it.
        path: PathBuf,
    },
    /// A server.
    Postgres {
        /// `postgres://user:password@host/database?sslmode=verify-full&sslrootcert=/path/ca.pem`. Without `sslmode`
        /// nothing is encrypted; `require`, `verify-ca` and `verify-full` all check the server's certificate
        /// against `sslrootcert` or the public authorities.
        url: String,
        /// The most connections this process opens.
        connections: usize,
    },
}

impl Settings {
    /// A file, with two threads for long reads.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self { engine: Place::Sqlite { path: path.into() }, readers: 2 }
    }

    /// A server, with sixteen connections.
    pub fn postgres(url: impl Into<String>) -> Self {
        Self { engine: Place::Postgres { url: url.into(), connections: 16 }, readers: 2 }
    }

    /// A `postgres://` URL or a file's path.
    #[must_use]
    pub fn parse(place: &str) -> Self {
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            Self::postgres(place)
        } else {
            Self::sqlite(place.strip_prefix("sqlite:").unwrap_or(place))
        }
    }
}

/// The database. Cloning shares it; the last clone to go closes it.
#[derive(Clone)]
pub struct Store(Arc<Inner>, Arc<OnceLock<[u8; 32]>>);

enum Inner {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({:?})", self.engine())
    }
}

impl Store {
    /// Opens the database: SQLite's file at once, PostgreSQL's connections as they are needed
    /// ([`Store::health`] tells whether the server answers).
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the file cannot be opened; [`Error::BadRequest`] for a URL that cannot be used.
    pub fn open(settings: &Settings) -> Result<Self> {
        let inner = match &settings.engine {
            Place::Sqlite { path } => Inner::Sqlite(sqlite::Sqlite::open(path, settings.readers)?),
            Place::Postgres { url, connections } => {
                Inner::Postgres(postgres::Postgres::open(url, *connections)?)
            }
        };
        Ok(Self(Arc::new(inner), Arc::default()))
    }

    /// Which engine this is. Statements are portable; only the listing builder should need to ask.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &*self.0 {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// All rows of a bounded read (a page, a detail). On SQLite it runs on the calling thread, so it must be short:
    /// for reports and exports there is [`Store::each`].
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the engine cannot be reached, [`Error::Internal`] if statement and code disagree.
    pub async fn all<T: FromRow>(&self, sql: &str, params: impl AsRef<[Value]>) -> Result<Vec<T>> {
        match &*self.0 {
            Inner::Sqlite(engine) => engine.all(sql, params.as_ref()),
            Inner::Postgres(engine) => engine.all(sql, params.as_ref()).await,
        }
    }

    /// As [`Store::all`], for a statement whose best plan depends on its values: PostgreSQL then plans it for these.
    pub(crate) async fn all_afresh<T: FromRow>(
        &self,
        sql: &str,
        params: impl AsRef<[Value]>,
    ) -> Result<Vec<T>> {
        match &*self.0 {
            Inner::Sqlite(engine) => engine.all(sql, params.as_ref()),
            Inner::Postgres(engine) => engine.all_afresh(sql, params.as_ref()).await,
        }
    }

    /// The first row of a bounded read, if there is one.
    ///
    /// # Errors
    /// As [`Store::all`].
    pub async fn first<T: FromRow>(&self, sql: &str, params: impl AsRef<[Value]>) -> Result<Option<T>> {
        match &*self.0 {
            Inner::Sqlite(engine) => engine.first(sql, params.as_ref()),
            Inner::Postgres(engine) => engine.first(sql, params.as_ref()).await,
        }
    }

    /// The first row of a bounded read, which must be there.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not; otherwise as [`Store::all`].
    pub async fn one<T: FromRow>(&self, sql: &str, params: impl AsRef<[Value]>) -> Result<T> {
        self.first(sql, params).await?.ok_or(Error::NotFound)
    }

    /// Every row of a read of any length, one after the other, from one consistent view. Never more than a few
    /// hundred rows are held; an `Err` from `take` ends the read and is the answer.
    ///
    /// # Errors
    /// As [`Store::all`], and what `take` answers.
    pub async fn each<T, F>(&self, sql: &str, params: impl AsRef<[Value]>, take: F) -> Result<()>
    where
        T: FromRow + Send + 'static,
        F: FnMut(T) -> Result<()>,
    {
        match &*self.0 {
            Inner::Sqlite(engine) => engine.each(sql, params.as_ref(), take).await,
            Inner::Postgres(engine) => engine.each(sql, params.as_ref(), take).await,
        }
    }

    /// Applies a batch: all of it, durably, before this answers `Ok`; nothing of it if this answers an error other
    /// than [`Error::Unavailable`]. After `Unavailable` nothing was promised: the batch is normally undone, but when
    /// a connection breaks during the commit nobody can know, so let retries be harmless (ids chosen by the caller).
    ///
    /// # Errors
    /// The error of the guard that failed or of the claimed unique violation; [`Error::Conflict`] for other unique
    /// and foreign-key violations; [`Error::Unavailable`] for a full disk, a lost connection and the like;
    /// [`Error::Internal`] if a statement is wrong.
    pub async fn commit(&self, batch: Batch) -> Result<Outcome> {
        match &*self.0 {
            Inner::Sqlite(engine) => engine.commit(batch).await,
            Inner::Postgres(engine) => engine.commit(batch).await,
        }
    }

    /// Brings the schema up to date and answers the names of what was applied. Several nodes may call this at once.
    ///
    /// # Errors
    /// [`Error::Conflict`] with a sentence for the operator if the database was made by another version of the
    /// program or an applied migration was changed afterwards.
    pub async fn migrate(&self) -> Result<Vec<String>> {
        let applied = self.migrate_with(migrations(self.engine())).await?;
        self.learn_secret().await?;
        Ok(applied)
    }

    /// The installation's secret, made by the first start and read by all others.
    async fn learn_secret(&self) -> Result<()> {
        let mut batch = Batch::new();
        batch.run(
            "insert into instance (name, value) values ('secret', $1) on conflict (name) do nothing",
            params![rand::random::<[u8; 32]>()],
        );
        self.commit(batch).await?;
        let (secret,): ([u8; 32],) = self.one("select value from instance where name = 'secret'", []).await?;
        let _ = self.1.set(secret);
        Ok(())
    }

    /// What seals cursors and short-lived links. Before [`Store::migrate`] it is a word of its own, so that nothing
    /// sealed then is ever taken as genuine.
    #[must_use]
    pub fn secret(&self) -> &[u8; 32] {
        self.1.get_or_init(rand::random)
    }

    /// As [`Store::migrate`], with a list of migrations other than the program's; for tests.
    ///
    /// # Errors
    /// As [`Store::migrate`].
    pub async fn migrate_with(&self, migrations: &[Migration]) -> Result<Vec<String>> {
        match &*self.0 {
            Inner::Sqlite(engine) => migrate::sqlite(engine, migrations).await,
            Inner::Postgres(engine) => migrate::postgres(engine, migrations).await,
        }
    }

    /// Writes a consistent copy of the whole database to a new file while the store goes on working: a SQLite
    /// database file, or what PostgreSQL's `pg_dump` makes (custom format). [`restore`] reads it back.
    ///
    /// # Errors
    /// [`Error::Conflict`] if the file is there already; [`Error::Unavailable`] if it cannot be written or `pg_dump`
    /// is missing or fails.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        match &*self.0 {
            Inner::Sqlite(engine) => backup::sqlite(engine, to).await,
            Inner::Postgres(engine) => backup::postgres(engine, to).await,
        }
    }

    /// Lets what is being written finish and closes every connection. Afterwards everything answers
    /// [`Error::Unavailable`].
    pub async fn close(&self) {
        match &*self.0 {
            Inner::Sqlite(engine) => engine.close().await,
            Inner::Postgres(engine) => engine.close(),
        }
    }
}
