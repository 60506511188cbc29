//! Records between two plans: those that one lets through and another does not, counted and sampled within the plan
//! of whoever asks.

use std::fmt::Write as _;

use access::{Permission, Plan, Sight};
use kernel::{Error, Result};

use crate::listing::{Table, Text, predicate_sql};
use crate::{Store, Value};

/// Records that appear to somebody: how many, and a few of them by a word the asker may read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Between {
    /// How many, up to the cap.
    pub count: usize,
    /// There are more.
    pub more: bool,
    /// A few, by the field that was asked for.
    pub sample: Vec<String>,
}

/// How many samples are read.
const SAMPLE: usize = 3;

/// The records that `wide` lets through under a permission and `narrow` does not, of those `asker` may see.
///
/// # Errors
/// [`Error::Internal`] for a field there is not; or the store's.
pub async fn between(
    store: &Store,
    (narrow, wide, asker): (&Plan, &Plan, &Plan),
    permission: Permission,
    table: &'static Table,
    field: &str,
    most: usize,
) -> Result<Between> {
    if wide.arms(permission).is_empty() || asker.arms(permission).is_empty() {
        return Ok(Between::default());
    }
    let field = table
        .fields
        .iter()
        .find(|f| f.name == field)
        .ok_or_else(|| Error::internal(format_args!("{} has no field {field}", table.name)))?;
    let mut text = Text::default();
    let sees = predicate_sql(wide, permission, table, "t.", &mut text);
    let saw = predicate_sql(narrow, permission, table, "t.", &mut text);
    let mine = predicate_sql(asker, permission, table, "t.", &mut text);
    let condition = format!("{sees} and ({saw}) is not true and {mine}");
    let sql = format!(
        "select count(*) from (select 1 from {} t where {condition} limit {}) k",
        table.name,
        most + 1
    );
    let (count,): (i64,) = store.one(&sql, &text.values).await?;
    let count = usize::try_from(count).unwrap_or_default();
    let mut found = Between { count: count.min(most), more: count > most, sample: Vec::new() };
    let readable = matches!(asker.sight(table.resource, field.class), Sight::Always);
    if count > 0 && readable {
        let mut sql = format!("select {} from {} t {} where {condition}", field.sql, table.name, table.joins);
        let _ = write!(sql, " order by t.id desc limit {SAMPLE}");
        let rows: Vec<(String,)> = store.all(&sql, text.values as Vec<Value>).await?;
        found.sample = rows.into_iter().map(|(word,)| word).collect();
    }
    Ok(found)
}
