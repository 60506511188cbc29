//! Running a listing: pages with their cursors, counts, exports, and one record.

use std::fmt::Write as _;

use access::{Facts, Permission, Plan};
use kernel::page::Page;
use kernel::{Error, Result};
use uuid::Uuid;

use super::arms::predicate_sql;
use super::page::push_fields;
use super::{Listing, Table, Text};
use crate::cursor::{self, Position};
use crate::{Engine, FromRow, Row, Store, Value};

impl Listing<'_> {
    /// The page. Masked fields come as null.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for a cursor that is not this person's, this listing's; or the store's.
    pub async fn page<T: FromRow>(mut self, store: &Store) -> Result<Page<T>> {
        self.look_up(store).await?;
        let position = match &self.after {
            Some(text) => Some(cursor::open(store.secret(), &self.binding(), text)?),
            None => None,
        };
        let Some(text) = self.page_text(store.engine(), position.as_ref()) else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let mut rows: Vec<Keyed<T>> = if self.judged_afresh() {
            store.all_afresh(&text.sql, text.values).await?
        } else {
            store.all(&text.sql, text.values).await?
        };
        let more = rows.len() > self.rows;
        rows.truncate(self.rows);
        let next = match rows.last() {
            Some(last) if more => Some(cursor::seal(store.secret(), &self.binding(), &last.position)),
            _ => None,
        };
        Ok(Page { items: rows.into_iter().map(|keyed| keyed.item).collect(), next })
    }

    /// Every row in order, one after the other, for exports. Runs beside the requests, not among them.
    ///
    /// # Errors
    /// The store's, or `take`'s.
    pub async fn each<T: FromRow + Send + 'static>(
        mut self,
        store: &Store,
        mut take: impl FnMut(T) -> Result<()> + Send,
    ) -> Result<()> {
        self.look_up(store).await?;
        let text = self.each_text();
        store.each(&text.sql, text.values, |row: Keyed<T>| take(row.item)).await
    }

    /// How many rows there are, counted up to `most`; `most + 1` means "more than that". An exact total of what is
    /// visible is never wanted and never given.
    ///
    /// # Errors
    /// The store's.
    pub async fn count(mut self, store: &Store, most: usize) -> Result<usize> {
        self.look_up(store).await?;
        let Some(text) = self.count_text(store.engine(), most) else { return Ok(0) };
        let counted: Vec<(i64,)> = if self.judged_afresh() {
            store.all_afresh(&text.sql, text.values).await?
        } else {
            store.all(&text.sql, text.values).await?
        };
        Ok(counted.first().map_or(0, |(count,)| usize::try_from(*count).unwrap_or(0)))
    }

    /// The page's SQL, for tests of the plan shape.
    #[must_use]
    pub fn sql(&self, engine: Engine) -> Option<(String, Vec<Value>)> {
        self.page_text(engine, None).map(|text| (text.sql, text.values))
    }
}

/// One record within the plan, with the facts further decisions need.
///
/// # Errors
/// [`Error::NotFound`] when there is none or it may not be seen.
pub async fn find<T: FromRow>(
    store: &Store,
    plan: &Plan,
    permission: Permission,
    table: &'static Table,
    id: Uuid,
) -> Result<(T, Facts)> {
    let mut text = Text::default();
    text.sql.push_str("select ");
    push_fields(plan, table, &mut text);
    for column in [
        Some("organization_id"),
        table.keys.area,
        table.keys.team,
        table.keys.client,
        table.keys.site,
        table.keys.visibility,
        table.keys.author_may_edit,
        table.keys.closed,
        table.keys.emergency,
        table.keys.author,
        table.keys.assignee,
        table.keys.requester,
    ] {
        match column {
            Some(column) => {
                let _ = write!(text.sql, ", t.{column}");
            }
            None => text.sql.push_str(", null"),
        }
    }
    let id = text.bind(id);
    let _ = write!(text.sql, " from {} t {} where t.id = {id} and ", table.name, table.joins);
    let predicate = predicate_sql(plan, permission, table, "t.", &mut text);
    text.sql.push_str(&predicate);
    let found: Option<WithFacts<T>> = store.first(&text.sql, text.values).await?;
    found.map(|found| (found.item, found.facts)).ok_or(Error::NotFound)
}

struct Keyed<T> {
    item: T,
    position: Position,
}

impl<T: FromRow> FromRow for Keyed<T> {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let width = row.width();
        Ok(Self {
            item: T::from_row(row)?,
            position: Position { sort: row.cell(width - 2)?.into(), id: row.get(width - 1)? },
        })
    }
}

struct WithFacts<T> {
    item: T,
    facts: Facts,
}

impl<T: FromRow> FromRow for WithFacts<T> {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let at = row.width() - 12;
        let facts = Facts {
            organization: row.get(at)?,
            area: row.get(at + 1)?,
            team: row.get(at + 2)?,
            client: row.get(at + 3)?,
            site: row.get(at + 4)?,
            visibility: row.get(at + 5)?,
            author_may_edit: row.get(at + 6)?,
            closed: row.get(at + 7)?,
            emergency: row.get(at + 8)?,
            author: row.get(at + 9)?,
            assignee: row.get(at + 10)?,
            requester: row.get(at + 11)?,
        };
        Ok(Self { item: T::from_row(row)?, facts })
    }
}
