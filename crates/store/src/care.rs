//! Looking after a store: is it well, how does it run a statement, housekeeping.

use std::time::Duration;

use kernel::{Error, Result};

use crate::{Inner, Store, Value};

/// A state of the database as one thread's connection numbers it; numbers of different threads have nothing to do
/// with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// Whose number it is.
    pub thread: std::thread::ThreadId,
    /// Changes whenever another connection has committed.
    pub number: i64,
}

/// A writer that has not come round in this time is not well.
const PATIENCE: Duration = Duration::from_secs(5);

impl Store {
    /// Does the store answer reads and take writes?
    ///
    /// # Errors
    /// [`Error::Unavailable`] if not.
    pub async fn health(&self) -> Result<()> {
        let well = async {
            self.one::<(i64,)>("select 1", []).await?;
            match &*self.0 {
                Inner::Sqlite(engine) => {
                    let turn = "begin immediate; rollback";
                    engine
                        .alone(move |connection| connection.execute_batch(turn).map_err(crate::sqlite::error))
                        .await
                }
                Inner::Postgres(_) => Ok(()),
            }
        };
        tokio::time::timeout(PATIENCE, well)
            .await
            .unwrap_or_else(|_late| Err(Error::Unavailable("the store does not answer".into())))
    }

    /// Begins or ends a time of much writing whose loss does not matter, such as the making of a demo world. SQLite
    /// then does not sync the disk at every commit and folds its log in later: a crash of the machine may undo the
    /// last commits, but never leaves half of one. PostgreSQL takes no notice.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the store cannot be reached.
    pub async fn hurry(&self, on: bool) -> Result<()> {
        match &*self.0 {
            Inner::Sqlite(engine) => {
                engine
                    .alone(move |connection| {
                        crate::sqlite::pace(connection, on).map_err(crate::sqlite::error)
                    })
                    .await
            }
            Inner::Postgres(_) => Ok(()),
        }
    }

    /// How many batches wait for their commit in this process. PostgreSQL queues them itself: there it is always 0.
    #[must_use]
    pub fn commits_waiting(&self) -> usize {
        match &*self.0 {
            Inner::Sqlite(engine) => engine.commits_waiting(),
            Inner::Postgres(_) => 0,
        }
    }

    /// Which state of the database this thread's connection sees: while the number stays, nobody has written
    /// anything. `None` on PostgreSQL, which has no such number.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        match &*self.0 {
            Inner::Sqlite(engine) => {
                let (number,): (i64,) = engine.first("pragma data_version", &[]).ok()??;
                Some(Version { thread: std::thread::current().id(), number })
            }
            Inner::Postgres(_) => None,
        }
    }

    /// How the engine would run a statement, a line per step; for tests that hold the shape of plans.
    ///
    /// # Errors
    /// As [`Store::all`].
    pub async fn explain(&self, sql: &str, params: impl AsRef<[Value]>) -> Result<String> {
        let params = params.as_ref();
        let lines: Vec<String> = match &*self.0 {
            Inner::Sqlite(engine) => {
                let steps: Vec<(i64, i64, i64, String)> =
                    engine.all(&format!("explain query plan {sql}"), params)?;
                steps.into_iter().map(|(_, _, _, line)| line).collect()
            }
            Inner::Postgres(engine) => {
                let lines: Vec<(String,)> = engine.all(&format!("explain (costs off) {sql}"), params).await?;
                lines.into_iter().map(|(line,)| line).collect()
            }
        };
        Ok(lines.join("\n"))
    }

    /// Daily housekeeping: fresh statistics for the planner and, on SQLite, the write-ahead log folded in.
    ///
    /// # Errors
    /// As [`Store::all`].
    pub async fn optimize(&self) -> Result<()> {
        match &*self.0 {
            Inner::Sqlite(engine) => {
                let work = "pragma optimize = 0x10002; pragma wal_checkpoint(truncate)";
                engine
                    .alone(move |connection| connection.execute_batch(work).map_err(crate::sqlite::error))
                    .await
            }
            Inner::Postgres(engine) => {
                let connection = engine.connection().await?;
                connection
                    .batch_execute("analyze")
                    .await
                    .map_err(|cause| crate::postgres::error(&cause, "analyze"))
            }
        }
    }
}
