//! What goes into a statement: one closed set of values that both engines know how to bind.

use std::sync::Arc;

use kernel::text::{EmailAddress, Line, Prose};
use kernel::{Id, Timestamp};
use uuid::Uuid;

/// A parameter of a statement, or a cell of a row a batch returned.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing; fits every column.
    #[default]
    Null,
    /// BOOLEAN on PostgreSQL, 0 or 1 on SQLite.
    Bool(bool),
    /// Any integer column.
    Int(i64),
    /// A floating-point column.
    Real(f64),
    /// Text.
    Text(String),
    /// BYTEA on PostgreSQL, BLOB on SQLite.
    Bytes(Vec<u8>),
    /// UUID on PostgreSQL, a BLOB of sixteen bytes on SQLite.
    Uuid(Uuid),
    /// A list of ids: `uuid[]`, on PostgreSQL only. SQLite has no arrays, so a statement for it spells out one
    /// placeholder per id.
    Uuids(Arc<[Uuid]>),
}

/// The parameters of a statement, each turned into a [`Value`]: `params![site, "open", 3]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        ::std::vec::Vec::<$crate::Value>::from([$($crate::Value::from($value)),*])
    };
}

macro_rules! from {
    ($($source:ty, $value:ident => $made:expr;)*) => {
        $(
            impl From<$source> for Value {
                fn from($value: $source) -> Self {
                    $made
                }
            }
        )*
    };
}

from! {
    bool, value => Self::Bool(value);
    i64, value => Self::Int(value);
    i32, value => Self::Int(value.into());
    u32, value => Self::Int(value.into());
    f64, value => Self::Real(value);
    &str, value => Self::Text(value.to_owned());
    String, value => Self::Text(value);
    &String, value => Self::Text(value.clone());
    &[u8], value => Self::Bytes(value.to_owned());
    Vec<u8>, value => Self::Bytes(value);
    [u8; 32], value => Self::Bytes(value.to_vec());
    Uuid, value => Self::Uuid(value);
    Arc<[Uuid]>, value => Self::Uuids(value);
    Timestamp, value => Self::Int(value.as_microsecond());
    EmailAddress, value => Self::Text(value.as_str().to_owned());
    &EmailAddress, value => Self::Text(value.as_str().to_owned());
}

impl<K> From<Id<K>> for Value {
    fn from(id: Id<K>) -> Self {
        Self::Uuid(id.uuid())
    }
}

impl<const MOST: usize> From<&Line<MOST>> for Value {
    fn from(line: &Line<MOST>) -> Self {
        Self::Text(line.as_str().to_owned())
    }
}

impl<const MOST: usize> From<Line<MOST>> for Value {
    fn from(line: Line<MOST>) -> Self {
        Self::from(&line)
    }
}

impl<const MOST: usize> From<&Prose<MOST>> for Value {
    fn from(prose: &Prose<MOST>) -> Self {
        Self::Text(prose.as_str().to_owned())
    }
}

impl<const MOST: usize> From<Prose<MOST>> for Value {
    fn from(prose: Prose<MOST>) -> Self {
        Self::from(&prose)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
