//! The one thread that writes. It takes what is queued, applies each batch under a savepoint of its own, commits
//! them together with one sync of the disk, and answers after that.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use kernel::{Error, Result};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{Purpose, Trouble, connect, error, kind, prepare};
use crate::batch::{Batch, Done, Failure, Outcome};
use crate::row::Row;

/// How many batches share one commit at most.
const GROUP: usize = 256;

/// After so long without work the write-ahead log is folded into the database, off everybody's path.
const IDLE: Duration = Duration::from_millis(500);

type Answer = oneshot::Sender<Result<Outcome>>;
type Work = Box<dyn FnOnce(&mut Connection) + Send>;

enum Order {
    Batch(Batch, Answer),
    Alone(Work),
}

/// The way to the writing thread.
pub(super) struct Writer {
    orders: Mutex<Option<Sender<Order>>>,
    /// Batches that were handed in and not answered yet.
    waiting: AtomicUsize,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(path: &Path) -> Result<Self> {
        let connection = connect(path, Purpose::Write)?;
        let (sender, orders) = channel();
        let desk = Desk { path: path.to_owned(), connection: Some(connection), written: false };
        let thread = std::thread::Builder::new()
            .name("store-write".into())
            .spawn(move || desk.work(&orders))
            .map_err(|cause| Error::Unavailable(format!("cannot start the writer: {cause}")))?;
        Ok(Self {
            orders: Mutex::new(Some(sender)),
            waiting: AtomicUsize::new(0),
            thread: Mutex::new(Some(thread)),
        })
    }

    pub(super) async fn commit(&self, batch: Batch) -> Result<Outcome> {
        let (answer, answered) = oneshot::channel();
        let _waiting = Waiting::one_more(&self.waiting);
        self.send(Order::Batch(batch, answer))?;
        answered.await.map_err(|_gone| closed())?
    }

    /// How many batches wait for their commit.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) async fn alone<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.send(Order::Alone(Box::new(move |connection| {
            let _ = answer.send(work(connection));
        })))?;
        answered.await.map_err(|_gone| closed())?
    }

    fn send(&self, order: Order) -> Result<()> {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        orders.as_ref().ok_or_else(closed)?.send(order).map_err(|_gone| closed())
    }

    /// Lets what is queued finish, then ends the thread.
    pub(super) async fn close(&self) {
        if let Some(thread) = self.end() {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }

    fn end(&self) -> Option<JoinHandle<()>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.thread.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Nobody can be waiting for an answer any more, so this is the time of closing a file.
        if let Some(thread) = self.end() {
            let _ = thread.join();
        }
    }
}

/// Counts somebody who waits, for as long as they do.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn one_more(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn closed() -> Error {
    Error::Unavailable("the store is closed".into())
}

/// The writing thread's own things.
struct Desk {
    path: PathBuf,
    /// Gone after a failure that was not a statement's; opened again for the next group.
    connection: Option<Connection>,
    written: bool,
}

impl Desk {
    fn work(mut self, orders: &Receiver<Order>) {
        let mut held = None;
        loop {
            let first = match held.take() {
                Some(order) => order,
                None => match orders.recv_timeout(IDLE) {
                    Ok(order) => order,
                    Err(RecvTimeoutError::Timeout) => {
                        self.fold_log();
                        match orders.recv() {
                            Ok(order) => order,
                            Err(_) => return,
                        }
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                },
            };
            match first {
                Order::Alone(work) => match self.connection() {
                    Ok(connection) => work(connection),
                    Err(error) => tracing::error!(?error, "the writer cannot open the database"),
                },
                Order::Batch(batch, answer) => {
                    let mut group = vec![(batch, answer)];
                    while group.len() < GROUP {
                        match orders.try_recv() {
                            Ok(Order::Batch(batch, answer)) => group.push((batch, answer)),
                            Ok(other) => {
                                held = Some(other);
                                break;
                            }
                            Err(_) => break,
                        }
                    }
                    self.commit(group);
                }
            }
        }
    }

    fn connection(&mut self) -> Result<&mut Connection> {
        if self.connection.is_none() {
            self.connection = Some(connect(&self.path, Purpose::Write)?);
        }
        self.connection.as_mut().ok_or_else(|| Error::internal("no connection"))
    }

    fn fold_log(&mut self) {
        if let (true, Some(connection)) = (std::mem::take(&mut self.written), &self.connection) {
            let _ = connection.execute_batch("pragma wal_checkpoint(passive)");
        }
    }

    /// Commits a group and answers everybody in it.
    fn commit(&mut self, mut group: Vec<(Batch, Answer)>) {
        // Whoever stopped waiting before the work began gets none.
        group.retain(|(_, answer)| !answer.is_closed());
        self.written = true;
        if group.len() > 1
            && let Ok(results) = self.try_group(group.iter().map(|(batch, _)| batch))
        {
            for ((batch, answer), result) in group.into_iter().zip(results) {
                reply(batch, answer, result);
            }
            return;
        }
        // Alone from the start, or something went wrong that undid the whole group (a full disk, a constraint
        // checked at commit): nothing has been answered, so each may try alone and own its failure.
        for (batch, answer) in group {
            let result = self.try_group(std::iter::once(&batch)).and_then(|mut results| {
                results.pop().unwrap_or_else(|| Err(Error::internal("no result").into()))
            });
            reply(batch, answer, result);
        }
    }

    /// Applies batches in one transaction. `Err` if the transaction as a whole is lost; then nothing happened.
    fn try_group<'b>(
        &mut self,
        batches: impl Iterator<Item = &'b Batch>,
    ) -> Result<Vec<Result<Outcome, Failure>>, Failure> {
        let result = self.connection().map_err(Failure::from).and_then(|connection| {
            let result = apply_group(connection, batches);
            if result.is_err() && !connection.is_autocommit() {
                say(connection, "rollback")?;
            }
            result
        });
        if result.as_ref().is_err_and(Failure::is_outside) {
            // Start afresh from what the disk says.
            self.connection = None;
        }
        result
    }
}

fn reply(mut batch: Batch, answer: Answer, result: Result<Outcome, Failure>) {
    let _ = answer.send(result.map_err(|failure| batch.explain(failure)));
}

fn apply_group<'b>(
    connection: &Connection,
    batches: impl Iterator<Item = &'b Batch>,
) -> Result<Vec<Result<Outcome, Failure>>, Failure> {
    say(connection, "begin immediate")?;
    let mut results = Vec::new();
    for batch in batches {
        say(connection, "savepoint batch")?;
        let result = match apply(connection, batch) {
            Ok(outcome) => Ok(outcome),
            // The engine undid the transaction by itself, or is about to fail everybody.
            Err(failure) if connection.is_autocommit() || failure.is_outside() => return Err(failure),
            Err(failure) => {
                say(connection, "rollback to batch")?;
                Err(failure)
            }
        };
        say(connection, "release batch")?;
        results.push(result);
    }
    say(connection, "commit")?;
    Ok(results)
}

fn apply(connection: &Connection, batch: &Batch) -> Result<Outcome, Failure> {
    let mut outcome = Outcome { steps: Vec::with_capacity(batch.steps.len()) };
    for (number, step) in batch.steps.iter().enumerate() {
        let failed = |cause| match kind(&cause) {
            Trouble::Unique => Failure::unique(number),
            Trouble::Reference | Trouble::Outside => error(cause).into(),
            Trouble::Fault => Error::internal(format_args!("SQLite: {cause} in: {}", step.sql)).into(),
        };
        let mut statement = prepare(connection, &step.sql, &step.params)?;
        let mut done = Done::default();
        if statement.column_count() == 0 {
            done.touched = statement.raw_execute().map_err(failed)? as u64;
        } else {
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next().map_err(failed)? {
                done.rows.push(Row::sqlite(row).to_values()?);
            }
            done.touched = done.rows.len() as u64;
        }
        step.check(number, done.touched)?;
        outcome.steps.push(done);
    }
    Ok(outcome)
}

/// Runs a statement without parameters or rows.
fn say(connection: &Connection, sql: &str) -> Result<()> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute()).map_err(error)?;
    Ok(())
}
