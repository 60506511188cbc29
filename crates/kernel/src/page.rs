//! Pages of a listing. There are no page numbers and no exact totals: a page is a list and a way onwards.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many rows a page holds: 1 to 200, 50 unless asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize(u16);

impl PageSize {
    /// The most rows one page gives.
    pub const MOST: u16 = 200;

    /// Brings any wish into the allowed range.
    #[must_use]
    pub fn of(wish: Option<u16>) -> Self {
        Self(wish.unwrap_or(50).clamp(1, Self::MOST))
    }

    /// As a number of rows.
    #[must_use]
    pub fn rows(self) -> usize {
        usize::from(self.0)
    }
}

/// Some rows, and the opaque word that leads to the next ones.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// Send this back as `cursor` for the rows after these; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page with other rows.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}
