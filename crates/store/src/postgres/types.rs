//! How our values travel to and from PostgreSQL.

use std::error::Error as StdError;
use std::fmt;

use kernel::{Error, Result};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use crate::row::Cell;
use crate::value::Value;

type Boxed = Box<dyn StdError + Sync + Send>;

/// A value and a parameter's type that do not go together: the statement and the code disagree.
#[derive(Debug)]
pub(super) struct Misfit(String);

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Misfit {}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        let narrow = |_| Box::new(Misfit(format!("{self:?} does not fit {ty}")));
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Bool(value), &Type::BOOL) => value.to_sql(ty, out),
            // A flag kept as a number, as SQLite keeps all of them.
            (Self::Bool(value), &Type::INT8 | &Type::INT4 | &Type::INT2) => {
                Self::Int((*value).into()).to_sql(ty, out)
            }
            (Self::Int(value), &Type::INT8) => value.to_sql(ty, out),
            (Self::Int(value), &Type::INT4) => i32::try_from(*value).map_err(narrow)?.to_sql(ty, out),
            (Self::Int(value), &Type::INT2) => i16::try_from(*value).map_err(narrow)?.to_sql(ty, out),
            (Self::Int(value), &Type::NUMERIC) => {
                write_numeric(*value, out);
                Ok(IsNull::No)
            }
            #[expect(
                clippy::cast_precision_loss,
                reason = "an integer compared with a floating-point column"
            )]
            (Self::Int(value), &Type::FLOAT8) => (*value as f64).to_sql(ty, out),
            (Self::Real(value), &Type::FLOAT8) => value.to_sql(ty, out),
            #[expect(clippy::cast_possible_truncation, reason = "the column has that precision")]
            (Self::Real(value), &Type::FLOAT4) => (*value as f32).to_sql(ty, out),
            (
                Self::Text(value),
                &Type::TEXT | &Type::VARCHAR | &Type::BPCHAR | &Type::NAME | &Type::UNKNOWN,
            ) => {
                if value.contains('\0') {
                    return Err(Box::new(Misfit("PostgreSQL keeps no text with a NUL character".into())));
                }
                value.to_sql(ty, out)
            }
            (Self::Bytes(value), &Type::BYTEA) => value.to_sql(ty, out),
            (Self::Uuid(value), &Type::UUID) => value.to_sql(ty, out),
            (Self::Uuids(value), &Type::UUID_ARRAY) => value.as_ref().to_sql(ty, out),
            _ => Err(Box::new(Misfit(format!("{self:?} where PostgreSQL wants {ty}")))),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A whole number as PostgreSQL's decimal: digits to the base of ten thousand. (Comparing `sum(…)` with a parameter
/// makes the parameter a decimal.)
fn write_numeric(value: i64, out: &mut BytesMut) {
    let mut left = value.unsigned_abs();
    let mut digits = Vec::new();
    while left > 0 {
        digits.push(u16::try_from(left % 10_000).unwrap_or_default());
        left /= 10_000;
    }
    let count = u16::try_from(digits.len()).unwrap_or_default();
    let sign: u16 = if value < 0 { 0x4000 } else { 0 };
    for part in [count, count.saturating_sub(1), sign, 0].into_iter().chain(digits.into_iter().rev()) {
        out.extend_from_slice(&part.to_be_bytes());
    }
}

/// A cell as the server sends it.
struct Wire<'a>(Cell<'a>);

impl<'a> FromSql<'a> for Wire<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Boxed> {
        Ok(Self(match *ty {
            Type::BOOL => Cell::Bool(bool::from_sql(ty, raw)?),
            Type::INT2 => Cell::Int(i16::from_sql(ty, raw)?.into()),
            Type::INT4 => Cell::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT8 => Cell::Int(i64::from_sql(ty, raw)?),
            Type::FLOAT4 => Cell::Real(f32::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Cell::Real(f64::from_sql(ty, raw)?),
            Type::NUMERIC => read_numeric(raw)?,
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                Cell::Text(<&str>::from_sql(ty, raw)?)
            }
            Type::BYTEA => Cell::Bytes(raw),
            Type::UUID => Cell::Uuid(Uuid::from_sql(ty, raw)?),
            _ => {
                return Err(Box::new(Misfit(format!(
                    "a column of type {ty}, which the store does not read"
                ))));
            }
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Boxed> {
        Ok(Self(Cell::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Reads a decimal: an integer if it is whole (`sum` of integers), a floating-point number otherwise (`avg`).
fn read_numeric(raw: &[u8]) -> Result<Cell<'static>, Boxed> {
    let parts: Vec<u16> = raw.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let &[count, weight, sign, scale, ref digits @ ..] = parts.as_slice() else {
        return Err(Box::new(Misfit("a broken decimal".into())));
    };
    if sign >= 0xC000 || usize::from(count) != digits.len() {
        return Err(Box::new(Misfit("a decimal that is not a number".into())));
    }
    let mut text = String::from(if sign == 0x4000 { "-0" } else { "0" });
    let weight = i16::from_be_bytes(weight.to_be_bytes());
    for place in (0..=i32::from(weight)).rev() {
        text.push_str(&group(digits, i32::from(weight) - place));
    }
    if scale == 0 {
        return Ok(Cell::Int(text.parse()?));
    }
    text.push('.');
    for place in 1..=i32::from(scale).div_euclid(4) + 1 {
        text.push_str(&group(digits, i32::from(weight) + place));
    }
    Ok(Cell::Real(text.parse()?))
}

fn group(digits: &[u16], index: i32) -> String {
    let digit = usize::try_from(index).ok().and_then(|index| digits.get(index)).copied().unwrap_or(0);
    format!("{digit:04}")
}

/// A cell of a row as PostgreSQL answers it.
pub(crate) fn cell<'a>(row: &'a tokio_postgres::Row, index: usize) -> Result<Cell<'a>> {
    row.try_get::<_, Wire<'a>>(index)
        .map(|wire| wire.0)
        .map_err(|cause| Error::internal(super::chain(&cause)))
}
