//! PostgreSQL: a pool of connections, prepared statements, and batches sent in one go.

mod target;
mod types;

use std::error::Error as StdError;
use std::pin::{Pin, pin};
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts};
use futures::future::{MaybeDone, maybe_done};
use kernel::{Error, Result};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, Statement};

use crate::batch::{Batch, Done, Failure, Outcome, Step};
use crate::row::{FromRow, Row};
use crate::value::Value;

pub(crate) use target::Target;
pub(crate) use types::cell;

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many prepared statements a connection keeps before it starts over.
const STATEMENTS: usize = 512;

/// How many rows of a long read are fetched at a time.
const PARCEL: i32 = 256;

/// How often a batch that clashed with another is tried again.
const RETRIES: u32 = 8;

/// The engine behind a [`Store`](crate::Store) on a server.
pub(crate) struct Postgres {
    target: Target,
    pool: Pool,
}

impl Postgres {
    pub(crate) fn open(url: &str, connections: usize) -> Result<Self> {
        let target = Target::parse(url)?;
        let settings = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match target.tls()? {
            Some(tls) => Manager::from_config(target.config().clone(), tls, settings),
            None => Manager::from_config(target.config().clone(), NoTls, settings),
        };
        let timeouts = Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) };
        let pool = Pool::builder(manager)
            .max_size(connections.max(1))
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(Error::internal)?;
        Ok(Self { target, pool })
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }

    /// A connection of the pool.
    pub(crate) async fn connection(&self) -> Result<Object> {
        let connection = self
            .pool
            .get()
            .await
            .map_err(|cause| Error::Unavailable(format!("PostgreSQL: {}", chain(&cause))))?;
        if connection.statement_cache.size() > STATEMENTS {
            connection.statement_cache.clear();
        }
        Ok(connection)
    }

    pub(crate) async fn all<T: FromRow>(&self, sql: &str, params: &[Value]) -> Result<Vec<T>> {
        self.query(sql, params, true).await?.iter().map(|row| T::from_row(&Row::postgres(row))).collect()
    }

    /// As [`Postgres::all`] with a statement that is not kept: a kept one is soon planned for any values whatever.
    pub(crate) async fn all_afresh<T: FromRow>(&self, sql: &str, params: &[Value]) -> Result<Vec<T>> {
        self.query(sql, params, false).await?.iter().map(|row| T::from_row(&Row::postgres(row))).collect()
    }

    pub(crate) async fn first<T: FromRow>(&self, sql: &str, params: &[Value]) -> Result<Option<T>> {
        self.query(sql, params, true).await?.first().map(|row| T::from_row(&Row::postgres(row))).transpose()
    }

    /// Reads; a connection that turns out to be dead, or a plan that a migration made void, is tried anew.
    async fn query(&self, sql: &str, params: &[Value], keep: bool) -> Result<Vec<tokio_postgres::Row>> {
        let mut tries_left = 3;
        loop {
            let connection = self.connection().await?;
            let answer = async {
                let statement = if keep {
                    connection.prepare_cached(sql).await?
                } else {
                    connection.prepare(sql).await?
                };
                connection.query(&statement, &borrowed(params)).await
            };
            match answer.await {
                Ok(rows) => return Ok(rows),
                Err(cause) => {
                    tries_left -= 1;
                    let passing = is_void_plan(&cause) || connection.is_closed();
                    if is_void_plan(&cause) {
                        connection.statement_cache.clear();
                    }
                    if !passing || tries_left == 0 {
                        return Err(error(&cause, sql));
                    }
                }
            }
        }
    }

    pub(crate) async fn each<T, F>(&self, sql: &str, params: &[Value], mut take: F) -> Result<()>
    where
        T: FromRow,
        F: FnMut(T) -> Result<()>,
    {
        let mut connection = self.connection().await?;
        let failed = |cause| error(&cause, sql);
        // A portal is read a parcel at a time, so neither side ever holds the whole answer, and leaving early
        // leaves nothing on the wire.
        let transaction = connection.build_transaction().read_only(true).start().await.map_err(failed)?;
        let statement = transaction.prepare_cached(sql).await.map_err(failed)?;
        let portal = transaction.bind(&statement, &borrowed(params)).await.map_err(failed)?;
        loop {
            let rows = transaction.query_portal(&portal, PARCEL).await.map_err(failed)?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                take(T::from_row(&Row::postgres(row))?)?;
            }
        }
        transaction.commit().await.map_err(failed)
    }

    pub(crate) async fn commit(&self, mut batch: Batch) -> Result<Outcome> {
        let mut clashes = 0;
        loop {
            match self.try_commit(&batch).await {
                Ok(outcome) => return Ok(outcome),
                Err(Undone::Clash(_)) if clashes < RETRIES => {
                    clashes += 1;
                    let most = 5_u64 << clashes;
                    tokio::time::sleep(Duration::from_millis(1 + rand::random::<u64>() % most)).await;
                }
                Err(Undone::Clash(failure) | Undone::Failed(failure)) => return Err(batch.explain(failure)),
            }
        }
    }

    async fn try_commit(&self, batch: &Batch) -> Result<Outcome, Undone> {
        if batch.is_empty() {
            return Ok(Outcome::default());
        }
        let open = Open::new(self.connection().await?);
        let outcome = apply(open.connection()?, batch).await?;
        open.done();
        outcome
    }
}

/// Applies a batch in a transaction. The inner result is the batch's, over a connection that is at rest again; the
/// outer error leaves a connection nobody knows the state of.
async fn apply(connection: &Object, batch: &Batch) -> Result<Result<Outcome, Undone>, Undone> {
    let mut statements = Vec::with_capacity(batch.steps.len());
    for step in &batch.steps {
        match connection.prepare_cached(&step.sql).await {
            Ok(statement) => statements.push(statement),
            Err(cause) => return Ok(Err(error(&cause, &step.sql).into())),
        }
    }

    // Everything is sent before anything is awaited. Without guards the commit goes along (a failed statement
    // turns it into a rollback); with guards it waits until they have been looked at.
    let guarded = batch.steps.iter().any(Step::is_guarded);
    let framed = guarded || batch.steps.len() > 1;
    let mut begin = pin!(maybe_done(connection.batch_execute("begin")));
    if framed {
        let _ = futures::poll!(begin.as_mut());
    }
    let mut replies = Vec::with_capacity(batch.steps.len());
    for (step, statement) in batch.steps.iter().zip(&statements) {
        let mut reply = Box::pin(maybe_done(run(connection, step, statement)));
        let _ = futures::poll!(reply.as_mut());
        replies.push(reply);
    }
    let mut commit = pin!(maybe_done(connection.batch_execute("commit")));
    if framed && !guarded {
        let _ = futures::poll!(commit.as_mut());
    }

    if framed {
        begin.as_mut().await;
        begin.take_output().unwrap_or(Ok(())).map_err(|cause| Undone::because(&cause, "begin"))?;
    }
    let outcome = collect(batch, replies).await;
    if let Err(Undone::Clash(_)) = &outcome {
        connection.statement_cache.clear(); // in case it was a plan made void
    }
    if framed && (outcome.is_ok() || !guarded) {
        commit.as_mut().await;
        let committed = commit.take_output().unwrap_or(Ok(()));
        if outcome.is_ok() {
            committed.map_err(|cause| Undone::because(&cause, "commit"))?;
        }
    } else if framed {
        connection.batch_execute("rollback").await.map_err(|cause| error(&cause, "rollback"))?;
    }
    Ok(outcome)
}

type Reply<F> = Pin<Box<MaybeDone<F>>>;

/// The number of rows touched, and the rows answered.
type Answer = (u64, Vec<tokio_postgres::Row>);

async fn run(
    connection: &Object,
    step: &Step,
    statement: &Statement,
) -> Result<Answer, tokio_postgres::Error> {
    let params = borrowed(&step.params);
    if statement.columns().is_empty() {
        return Ok((connection.execute(statement, &params).await?, Vec::new()));
    }
    let rows = connection.query(statement, &params).await?;
    Ok((rows.len() as u64, rows))
}

/// Waits for the replies in order. The first failure is the cause; what follows it only says so.
async fn collect<F>(batch: &Batch, replies: Vec<Reply<F>>) -> Result<Outcome, Undone>
where
    F: Future<Output = Result<Answer, tokio_postgres::Error>>,
{
    let mut outcome = Outcome { steps: Vec::with_capacity(replies.len()) };
    for (number, (step, mut reply)) in batch.steps.iter().zip(replies).enumerate() {
        reply.as_mut().await;
        let (touched, rows) = match reply.as_mut().take_output() {
            Some(Ok(answer)) => answer,
            Some(Err(cause)) if cause.code() == Some(&SqlState::UNIQUE_VIOLATION) => {
                return Err(Failure::unique(number).into());
            }
            Some(Err(cause)) => return Err(Undone::because(&cause, &step.sql)),
            None => return Err(Error::internal("a reply was taken twice").into()),
        };
        step.check(number, touched)?;
        let rows = rows.iter().map(|row| Row::postgres(row).to_values()).collect::<Result<_>>()?;
        outcome.steps.push(Done { touched, rows });
    }
    Ok(outcome)
}

/// A connection with a transaction on it. If it is dropped before [`Open::done`], because an await was abandoned or
/// the connection failed, it is closed instead of going back to the pool, and the server rolls back.
struct Open(Option<Object>);

impl Open {
    fn new(connection: Object) -> Self {
        Self(Some(connection))
    }

    fn connection(&self) -> Result<&Object> {
        self.0.as_ref().ok_or_else(|| Error::internal("the connection is gone"))
    }

    fn done(mut self) {
        self.0.take();
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}

/// Why a batch did not happen.
enum Undone {
    /// Another transaction was in the way; the next attempt may succeed.
    Clash(Failure),
    Failed(Failure),
}

impl Undone {
    #[track_caller]
    fn because(cause: &tokio_postgres::Error, sql: &str) -> Self {
        let clash = is_void_plan(cause)
            || matches!(cause.code(), Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE
                || *code == SqlState::T_R_DEADLOCK_DETECTED);
        if clash {
            let error =
                Error::Unavailable(format!("PostgreSQL: others kept getting in the way: {}", chain(cause)));
            Self::Clash(error.into())
        } else {
            Self::Failed(error(cause, sql).into())
        }
    }
}

impl<T: Into<Failure>> From<T> for Undone {
    fn from(failure: T) -> Self {
        Self::Failed(failure.into())
    }
}

fn borrowed(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// A migration elsewhere changed what a prepared statement answers.
fn is_void_plan(cause: &tokio_postgres::Error) -> bool {
    cause.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
        && cause.as_db_error().is_some_and(|error| error.message().contains("cached plan"))
}

/// An error with its causes: the driver's own words are only "db error" or "error connecting to server".
fn chain(cause: &dyn StdError) -> String {
    let mut text = cause.to_string();
    let mut next = cause.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// A server's or driver's error in the program's words.
#[track_caller]
pub(crate) fn error(cause: &tokio_postgres::Error, sql: &str) -> Error {
    let fault = || Error::internal(format_args!("PostgreSQL: {} in: {sql}", chain(cause)));
    let Some(code) = cause.code() else {
        let lost = cause.is_closed() || cause.source().is_some_and(<dyn StdError>::is::<std::io::Error>);
        return if lost { Error::Unavailable(format!("PostgreSQL: {}", chain(cause))) } else { fault() };
    };
    match code.code() {
        "23505" => Error::conflict(crate::ALREADY_THERE),
        "23503" => Error::conflict(crate::STILL_REFERRED),
        // 08 connection, 25006 read-only, 53 resources (disk, memory, connections), 57 somebody stopped it, 58
        // the system below the server.
        other
            if other == "25006" || ["08", "53", "57", "58"].iter().any(|class| other.starts_with(class)) =>
        {
            Error::Unavailable(format!("PostgreSQL: {}", chain(cause)))
        }
        _ => fault(),
    }
}
