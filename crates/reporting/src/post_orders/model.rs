//! Post orders as they are typed and seen.

use access::FieldClass::{Operational, Public};
use access::Resource;
use kernel::id::{PostOrderId, SiteId};
use kernel::text::{Line, Prose};
use kernel::{FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::listing::{Keys, Order, Table, field};
use store::{FromRow, Row};
use web::Text;

use crate::readings::{MissingOut, ReadingOut};

/// How post orders answer a plan.
pub(super) static ORDERS: Table = Table {
    resource: Resource::PostOrder,
    name: "post_orders",
    fields: &[
        field("id", "t.id", Public),
        field("site_id", "t.site_id", Public),
        field("site", "t.site_name", Public),
        field("zone", "t.zone", Public),
        field("archived", "t.archived", Public),
        field("title", "t.title", Operational),
        field("body", "t.body", Operational),
        field("edition", "t.edition", Operational),
        field("written_at", "t.written_at", Operational),
        field("written_by", "t.written_by", Operational),
        field("version", "t.version", Operational),
    ],
    joins: "",
    orders: &[Order { name: "title", column: "search", text: true, descending: false, class: Operational }],
    search: &[("t.search", Operational)],
    keys: Keys { area: Some("area_id"), client: Some("client_id"), site: Some("site_id"), ..Keys::NONE },
    visibility_in_index: false,
};

/// A post order as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct OrderOut {
    /// Its id.
    pub id: PostOrderId,
    /// Of which site.
    pub site_id: SiteId,
    /// Of which site, by name then.
    pub site: String,
    /// The clock of the site.
    pub zone: String,
    /// Put away.
    pub archived: bool,
    /// What it is about.
    pub title: String,
    /// What is to be done.
    pub body: String,
    /// Which edition this is, from 1.
    pub edition: i64,
    /// Since when it is in force.
    pub written_at: Timestamp,
    /// Who wrote this edition.
    pub written_by: String,
    /// Send it back when changing.
    pub version: i64,
    /// The newest edition that the asker has read.
    pub read_edition: Option<i64>,
    /// When they read it.
    pub read_at: Option<Timestamp>,
}

impl FromRow for OrderOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            zone: row.get(3)?,
            archived: row.get::<i64>(4)? == 1,
            title: row.get(5)?,
            body: row.get(6)?,
            edition: row.get(7)?,
            written_at: row.get(8)?,
            written_by: row.get(9)?,
            version: row.get(10)?,
            read_edition: None,
            read_at: None,
        })
    }
}

impl OrderOut {
    pub(super) fn label(&self) -> String {
        format!("{}, {}", self.title, self.site)
    }

    /// The asker has read what is in force.
    pub(super) fn is_read(&self) -> bool {
        self.read_edition == Some(self.edition)
    }
}

/// An earlier edition.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct EditionOut {
    /// Which, from 1.
    pub edition: i64,
    /// What it was about.
    pub title: String,
    /// What was to be done.
    pub body: String,
    /// Since when.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: String,
}

impl FromRow for EditionOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            edition: row.get(0)?,
            title: row.get(1)?,
            body: row.get(2)?,
            at: row.get(3)?,
            by: row.get(4)?,
        })
    }
}

/// A post order whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct OrderWhole {
    /// The order as it is in force.
    #[serde(flatten)]
    pub order: OrderOut,
    /// The editions before, newest first.
    pub editions: Vec<EditionOut>,
    /// Who has read which edition; for those who may change it.
    pub readings: Vec<ReadingOut>,
    /// Who has not read the edition in force; for those who may change it.
    pub missing: Vec<MissingOut>,
}

/// A post order as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OrderForm {
    /// The site, when making one.
    pub site: Text,
    /// What it is about.
    pub title: Text,
    /// What is to be done.
    pub body: Text,
    /// The version that was read, when changing one.
    pub version: Text,
}

/// A post order as it may be stored.
pub(super) struct Draft {
    pub(super) title: String,
    pub(super) body: String,
}

impl OrderForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self) -> Result<Draft> {
        let mut errors = FieldErrors::default();
        let title = errors.take("title", self.title.parse::<Line<120>>());
        let body = errors.take("body", self.body.as_str().parse::<Prose<20_000>>());
        if body.as_ref().is_some_and(Prose::is_empty) {
            errors.add("body", "say what is to be done");
        }
        errors.check()?;
        match (title, body) {
            (Some(title), Some(body)) => {
                Ok(Draft { title: title.as_str().to_owned(), body: body.as_str().to_owned() })
            }
            _ => Err(kernel::Error::internal("a checked form lacks a field")),
        }
    }
}

/// "I have read it."
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReadForm {
    /// Which edition was read.
    pub edition: Text,
    /// When, by the phone: `2026-11-23T22:00:00Z`. Blank is now.
    pub at: Text,
}

/// Which post orders are wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct OrderFilter {
    /// Text in title or site.
    pub q: String,
    /// A site, by id.
    pub site: String,
    /// Archived ones instead of the others.
    pub archived: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows a page, 1 to 200.
    pub limit: Option<u16>,
}
