//! Searching by index.
//!
//! A table may have a search index that knows every three letters in a row of all its searched columns: on SQLite the
//! full-text table `<table>_search` (one row for each of the table's, by rowid), on PostgreSQL an index of
//! trigrams. It only proposes rows: what is compared is still each column that the asker sees, so a row is never
//! found by what they do not, and what is found is the same with and without it.
//!
//! PostgreSQL's planner judges by itself whether the index helps. SQLite's cannot: for a word that many rows hold,
//! walking the newest rows ends sooner. So the index is asked first, and leads only where it proposes few.

use std::fmt::Write as _;

use kernel::Result;

use super::{Listing, Text};
use crate::{Engine, Store, Value};

/// Up to so many proposals are looked at one by one. With more of them among a million rows, a page is found within
/// some ten thousand rows of the walk.
const FEW: i64 = 2000;

/// More threes than this narrow nothing further down.
const MOST: usize = 24;

/// The index that leads a search, and what it is asked.
#[derive(Clone, Debug)]
pub(super) struct Lead {
    index: String,
    question: String,
}

impl Listing<'_> {
    /// Finds out whether a search index should lead this listing.
    pub(super) async fn look_up(&mut self, store: &Store) -> Result<()> {
        let (Engine::Sqlite, Some(question)) = (store.engine(), self.sought.as_deref().and_then(threes))
        else {
            return Ok(());
        };
        let index = format!("{}_search", self.table.name);
        let there = "select 1 from sqlite_schema where type = 'table' and name = $1";
        if store.first::<(i64,)>(there, [Value::from(index.as_str())]).await?.is_none() {
            return Ok(());
        }
        let count =
            format!("select count(*) from (select 1 from {index} where {index} match $1 limit {})", FEW + 1);
        let (proposed,): (i64,) = store.one(&count, [Value::from(question.as_str())]).await?;
        self.lead = (proposed <= FEW).then_some(Lead { index, question });
        Ok(())
    }

    /// The table, led by its search index where that helps, and the beginning of the conditions.
    pub(super) fn push_from(&self, text: &mut Text, joins: &str) {
        let table = self.table.name;
        let _ = match &self.lead {
            None => write!(text.sql, "{table} t {joins} where "),
            Some(Lead { index, question }) => {
                let question = text.bind(question.as_str());
                // A cross join is read in this order.
                write!(
                    text.sql,
                    "{index} f cross join {table} t on t.rowid = f.rowid {joins} \
                     where f.{index} match {question} and "
                )
            }
        };
    }

    /// Does a search index lead?
    pub(super) fn is_led(&self) -> bool {
        self.lead.is_some()
    }

    /// Is the right way through the data another one for every value, so that a plan must not be kept? So it is for
    /// a search: a rare word and a common one.
    pub(super) fn judged_afresh(&self) -> bool {
        self.sought.is_some()
    }
}

/// The threes of a text as a question to SQLite's index; none where there are none, or where SQLite would not read
/// the text to its end.
fn threes(text: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 || letters.contains(&'\0') {
        return None;
    }
    let mut all: Vec<String> =
        letters.windows(3).map(|three| three.iter().collect::<String>().replace('"', "\"\"")).collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(MOST);
    Some(all.iter().map(|three| format!("\"{three}\"")).collect::<Vec<_>>().join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::threes;

    #[test]
    fn a_question_names_every_three_letters_once() {
        assert_eq!(threes("gate").as_deref(), Some("\"ate\" AND \"gat\""));
        assert_eq!(threes("aaaa").as_deref(), Some("\"aaa\""));
        assert_eq!(threes("a\"b").as_deref(), Some("\"a\"\"b\""));
        assert_eq!(threes("東京都").as_deref(), Some("\"東京都\""));
        assert_eq!(threes("ab"), None);
        assert_eq!(threes("ab\0c"), None);
    }
}
