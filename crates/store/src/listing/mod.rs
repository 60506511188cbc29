//! Listings: from a plan's arms to SQL, on both engines. The only place where `where` is built.
//!
//! | file | subject |
//! |---|---|
//! | `table` | what a table has: fields with their class, orders, columns of dimensions and statements |
//! | `asked` | collecting what somebody asks for, of what they see |
//! | `arms` | arms as a condition: [`predicate`], and what every other text is made of |
//! | `page` | the text of a page, of a count, of an export |
//! | `through` | rows that are seen through others |
//! | `search` | letting a search index lead |
//! | `answer` | running them: pages with their cursors, counts, exports, [`find`] |
//!
//! The same arms give different text, because the engines differ in what they merge (measured; see
//! `docs/decisions`): SQLite stops each range of an `IN` early under `ORDER BY … LIMIT`, PostgreSQL wants one
//! `LATERAL` per key. Both find the keys of the page first and fetch the wide rows afterwards. Arms are joined by
//! `UNION ALL` and made disjoint by `IS NOT TRUE`; a plain `NOT` would lose rows with unknown columns.

mod answer;
mod arms;
mod asked;
mod page;
mod search;
mod table;
mod through;

pub use answer::find;
pub use arms::predicate;
pub(crate) use arms::predicate_sql;
pub use asked::Listing;
pub use table::{Field, Keys, Order, Table, field};
pub use through::Way;

use crate::Value;

/// SQL text with its values, numbered from `$1`.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
    /// Written for SQLite's planner, which chooses by averages: what must not lead it to an index is hidden from it.
    led: bool,
}

impl Text {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }
}
