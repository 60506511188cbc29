//! What comes out of a statement: rows whose cells are read by position, the same on both engines.

use kernel::{Error, Id, Result, Timestamp};
use uuid::Uuid;

use crate::Value;

/// One row of an answer, borrowed from the engine (or from an [`Outcome`](crate::Outcome)).
pub struct Row<'a>(Source<'a>);

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
    Owned(&'a [Value]),
}

/// One cell of a row, before it is read as a Rust type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A boolean (PostgreSQL only; SQLite keeps 0 and 1).
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Real(f64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// An id (PostgreSQL only; SQLite keeps its sixteen bytes).
    Uuid(Uuid),
}

impl<'a> Row<'a> {
    pub(crate) fn sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self(Source::Sqlite(row))
    }

    pub(crate) fn postgres(row: &'a tokio_postgres::Row) -> Self {
        Self(Source::Postgres(row))
    }

    pub(crate) fn owned(row: &'a [Value]) -> Self {
        Self(Source::Owned(row))
    }

    /// How many cells the row has.
    #[must_use]
    pub fn width(&self) -> usize {
        match self.0 {
            Source::Sqlite(row) => row.as_ref().column_count(),
            Source::Postgres(row) => row.len(),
            Source::Owned(row) => row.len(),
        }
    }

    /// The cell at a position, counted from 0.
    ///
    /// # Errors
    /// [`Error::Internal`] if there is no such cell or the engine's type is not one of ours.
    pub fn cell(&self, index: usize) -> Result<Cell<'a>> {
        match self.0 {
            Source::Sqlite(row) => crate::sqlite::cell(row, index),
            Source::Postgres(row) => crate::postgres::cell(row, index),
            Source::Owned(row) => row.get(index).ok_or_else(|| missing(index)).and_then(Cell::of),
        }
    }

    /// The cell at a position, read as a type.
    ///
    /// # Errors
    /// [`Error::Internal`] if the cell does not hold such a thing: the statement and the code disagree.
    pub fn get<T: Decode>(&self, index: usize) -> Result<T> {
        self.cell(index).and_then(T::decode).map_err(|error| at_column(error, index))
    }

    /// The text at a position without copying it.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn text(&self, index: usize) -> Result<&'a str> {
        match self.cell(index)? {
            Cell::Text(text) => Ok(text),
            other => Err(at_column(other.unlike("text"), index)),
        }
    }

    /// The number at a position as one of a closed set ([`kernel::text::closed!`]).
    ///
    /// # Errors
    /// As [`Row::get`], and if the set has no such number.
    pub fn number<E>(&self, index: usize) -> Result<E>
    where
        E: TryFrom<i64, Error = String>,
    {
        E::try_from(self.get(index)?).map_err(|what| at_column(Error::internal(what), index))
    }

    /// As [`Row::number`] for a cell that may be empty.
    ///
    /// # Errors
    /// As [`Row::number`].
    pub fn optional_number<E>(&self, index: usize) -> Result<Option<E>>
    where
        E: TryFrom<i64, Error = String>,
    {
        match self.cell(index)? {
            Cell::Null => Ok(None),
            _ => self.number(index).map(Some),
        }
    }

    pub(crate) fn to_values(&self) -> Result<Vec<Value>> {
        (0..self.width()).map(|index| self.cell(index).map(Value::from)).collect()
    }
}

#[track_caller]
fn missing(index: usize) -> Error {
    Error::internal(format_args!("the row has no column {index}"))
}

fn at_column(error: Error, index: usize) -> Error {
    match error {
        Error::Internal { detail, at } => Error::Internal { detail: format!("column {index}: {detail}"), at },
        other => other,
    }
}

impl<'a> Cell<'a> {
    fn of(value: &'a Value) -> Result<Self> {
        Ok(match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Real(value) => Self::Real(*value),
            Value::Text(value) => Self::Text(value),
            Value::Bytes(value) => Self::Bytes(value),
            Value::Uuid(value) => Self::Uuid(*value),
            Value::Uuids(_) => return Err(Error::internal("a list of ids is not a cell")),
        })
    }

    #[track_caller]
    fn unlike(self, wanted: &str) -> Error {
        let found = match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Real(_) => "a floating-point number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "an id",
        };
        Error::internal(format_args!("{found} where {wanted} was expected"))
    }
}

impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Bool(value) => Self::Bool(value),
            Cell::Int(value) => Self::Int(value),
            Cell::Real(value) => Self::Real(value),
            Cell::Text(value) => Self::Text(value.to_owned()),
            Cell::Bytes(value) => Self::Bytes(value.to_owned()),
            Cell::Uuid(value) => Self::Uuid(value),
        }
    }
}

/// A type that can be read from one cell.
pub trait Decode: Sized {
    /// Reads the cell.
    ///
    /// # Errors
    /// [`Error::Internal`] if the cell holds something else.
    fn decode(cell: Cell<'_>) -> Result<Self>;
}

impl Decode for bool {
    fn decode(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Bool(value) => Ok(value),
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            other => Err(other.unlike("a boolean")),
        }
    }
}

impl Decode for i64 {
    fn decode(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Int(value) => Ok(value),
            other => Err(other.unlike("an integer")),
        }
    }
}

macro_rules! narrower {
    ($($integer:ty)*) => {
        $(
            impl Decode for $integer {
                fn decode(cell: Cell<'_>) -> Result<Self> {
                    let wide = i64::decode(cell)?;
                    Self::try_from(wide)
                        .map_err(|_wrong| Error::internal(format_args!("{wide} does not fit {}", stringify!($integer))))
                }
            }
        )*
    };
}
narrower!(i32 u16 u32 u64 usize);

impl Decode for f64 {
    fn decode(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Real(value) => Ok(value),
            #[expect(
                clippy::cast_precision_loss,
                reason = "an integral average on SQLite comes as an integer"
            )]
            Cell::Int(value) => Ok(value as Self),
            other => Err(other.unlike("a number")),
        }
    }
}

impl Decode for String {
    fn decode(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Text(text) => Ok(text.to_owned()),
            other => Err(other.unlike("text")),
        }
    }
}

impl Decode for Vec<u8> {
    fn decode(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Bytes(bytes) => Ok(bytes.to_owned()),
            other => Err(other.unlike("bytes")),
        }
    }
}

impl Decode for [u8; 32] {
    fn decode(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Bytes(bytes) => Self::try_from(bytes).map_err(|_wrong| {
                Error::internal(format_args!("{} bytes where 32 were expected", bytes.len()))
            }),
            other => Err(other.unlike("32 bytes")),
        }
    }
}

impl Decode for Uuid {
    fn decode(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Uuid(uuid) => Ok(uuid),
            Cell::Bytes(bytes) => Self::from_slice(bytes).map_err(|_wrong| {
                Error::internal(format_args!("{} bytes where an id was expected", bytes.len()))
            }),
            other => Err(other.unlike("an id")),
        }
    }
}

impl<K> Decode for Id<K> {
    fn decode(cell: Cell<'_>) -> Result<Self> {
        Uuid::decode(cell).map(Self::from_uuid)
    }
}

impl Decode for Timestamp {
    fn decode(cell: Cell<'_>) -> Result<Self> {
        Self::from_microsecond(i64::decode(cell)?).map_err(Error::internal)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Null => Ok(None),
            some => T::decode(some).map(Some),
        }
    }
}

/// A type that can be read from a whole row. Tuples of [`Decode`] are; a struct says how by hand, which keeps
/// the list of columns and the list of fields next to each other in its `query.rs`.
pub trait FromRow: Sized {
    /// Reads the row.
    ///
    /// # Errors
    /// Those of [`Row::get`].
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

macro_rules! tuple {
    ($($part:ident $index:tt),+) => {
        impl<$($part: Decode),+> FromRow for ($($part,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self> {
                Ok(($(row.get::<$part>($index)?,)+))
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
