//! A write: guarded statements that happen all together or not at all.

use std::borrow::Cow;

use kernel::{Error, Result};

use crate::row::{Decode, FromRow, Row};
use crate::value::Value;

/// Statements that are applied together by [`Store::commit`](crate::Store::commit), in order, or not at all.
///
/// What must hold is said as guards inside the statements (`where version = $2`), so nothing is held across
/// awaits and every batch can be tried again.
#[derive(Debug, Default)]
#[must_use = "a batch does nothing until it is committed"]
pub struct Batch {
    pub(crate) steps: Vec<Step>,
}

/// One statement of a batch.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) sql: Cow<'static, str>,
    pub(crate) params: Vec<Value>,
    guard: Option<Error>,
    taken: Option<Error>,
}

/// Names one statement of a batch, to ask the [`Outcome`] about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(usize);

impl Batch {
    /// A batch without statements; committing it does nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a statement.
    pub fn run(&mut self, sql: impl Into<Cow<'static, str>>, params: Vec<Value>) -> Slot {
        self.push(sql.into(), params, None)
    }

    /// Adds a statement that must touch (or answer) exactly one row; otherwise the whole batch is undone and the
    /// commit answers `error`.
    pub fn guard(&mut self, sql: impl Into<Cow<'static, str>>, params: Vec<Value>, error: Error) -> Slot {
        self.push(sql.into(), params, Some(error))
    }

    /// Adds a statement with a `returning` clause, whose rows the [`Outcome`] keeps. (So it does for a guard with
    /// such a clause.)
    pub fn returning(&mut self, sql: impl Into<Cow<'static, str>>, params: Vec<Value>) -> Slot {
        self.push(sql.into(), params, None)
    }

    /// A unique violation of the statement added last undoes the batch and answers `error`.
    pub fn taken(&mut self, error: Error) {
        if let Some(step) = self.steps.last_mut() {
            step.taken = Some(error);
        }
    }

    /// How many statements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// No statement at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    fn push(&mut self, sql: Cow<'static, str>, params: Vec<Value>, guard: Option<Error>) -> Slot {
        self.steps.push(Step { sql, params, guard, taken: None });
        Slot(self.steps.len() - 1)
    }

    /// What the caller is told about a failure; a batch fails at most once.
    pub(crate) fn explain(&mut self, failure: Failure) -> Error {
        let mine = match failure.at {
            At::Guard(step) => self.steps.get_mut(step).and_then(|step| step.guard.take()),
            At::Unique(step) => self.steps.get_mut(step).and_then(|step| step.taken.take()),
            At::Elsewhere => None,
        };
        mine.unwrap_or(failure.error)
    }
}

impl Step {
    /// Holds the number of rows against the guard.
    pub(crate) fn check(&self, step: usize, rows: u64) -> Result<(), Failure> {
        if self.guard.is_some() && rows != 1 {
            let error = Error::internal(format_args!("the guard of step {step} touched {rows} rows"));
            return Err(Failure { at: At::Guard(step), error });
        }
        Ok(())
    }

    pub(crate) fn is_guarded(&self) -> bool {
        self.guard.is_some()
    }
}

/// Why a batch was undone: the engine's error, and whose error the batch wants told instead.
#[derive(Debug)]
pub(crate) struct Failure {
    at: At,
    error: Error,
}

#[derive(Debug)]
enum At {
    Guard(usize),
    Unique(usize),
    Elsewhere,
}

impl Failure {
    pub(crate) fn unique(step: usize) -> Self {
        Self { at: At::Unique(step), error: Error::conflict(crate::ALREADY_THERE) }
    }

    /// Not the batch's fault: the disk, the connection?
    pub(crate) fn is_outside(&self) -> bool {
        matches!(self.error, Error::Unavailable(_))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { at: At::Elsewhere, error }
    }
}

/// What the statements of a committed batch did.
#[derive(Debug, Default)]
pub struct Outcome {
    pub(crate) steps: Vec<Done>,
}

/// What one statement did.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) touched: u64,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Outcome {
    /// How many rows the statement touched (or answered, if it has a `returning` clause).
    #[must_use]
    pub fn touched(&self, slot: Slot) -> u64 {
        self.steps.get(slot.0).map_or(0, |done| done.touched)
    }

    /// The first row the statement answered.
    #[must_use]
    pub fn row(&self, slot: Slot) -> Option<Row<'_>> {
        self.steps.get(slot.0)?.rows.first().map(|row| Row::owned(row))
    }

    /// A cell of the first row the statement answered.
    ///
    /// # Errors
    /// [`Error::Internal`] if there is no such row, or as [`Row::get`].
    pub fn get<T: Decode>(&self, slot: Slot, column: usize) -> Result<T> {
        self.row(slot)
            .ok_or_else(|| Error::internal(format_args!("step {} of the batch answered no row", slot.0)))?
            .get(column)
    }

    /// All rows the statement answered.
    ///
    /// # Errors
    /// Those of reading the rows.
    pub fn rows<T: FromRow>(&self, slot: Slot) -> Result<Vec<T>> {
        let rows = self.steps.get(slot.0).map_or(&[][..], |done| &done.rows);
        rows.iter().map(|row| T::from_row(&Row::owned(row))).collect()
    }
}
