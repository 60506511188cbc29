//! Passdown notes as they are typed and seen.

use access::FieldClass::{Operational, Public};
use access::Resource;
use kernel::id::{MembershipId, PassdownId, SiteId};
use kernel::text::Prose;
use kernel::{FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::listing::{Keys, Order, Table, field};
use store::{FromRow, Row};
use web::Text;

use crate::readings::{self, MissingOut, ReadingOut};

/// How passdown notes answer a plan.
pub(super) static NOTES: Table = Table {
    resource: Resource::Passdown,
    name: "passdown_notes",
    fields: &[
        field("id", "t.id", Public),
        field("site_id", "t.site_id", Public),
        field("site", "t.site_name", Public),
        field("zone", "t.zone", Public),
        field("archived", "t.archived", Public),
        field("body", "t.body", Operational),
        field("written_at", "t.written_at", Operational),
        field("author_id", "t.author_id", Operational),
        field("author", "t.author_name", Operational),
        field("version", "t.version", Operational),
    ],
    joins: "",
    orders: &[Order {
        name: "written",
        column: "written_at",
        text: false,
        descending: true,
        class: Operational,
    }],
    search: &[("t.search", Operational)],
    keys: Keys {
        area: Some("area_id"),
        client: Some("client_id"),
        site: Some("site_id"),
        author: Some("author_id"),
        ..Keys::NONE
    },
    visibility_in_index: false,
};

/// A note as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct NoteOut {
    /// Its id.
    pub id: PassdownId,
    /// Of which site.
    pub site_id: SiteId,
    /// Of which site, by name then.
    pub site: String,
    /// The clock of the site.
    pub zone: String,
    /// Put away.
    pub archived: bool,
    /// What the next one should know.
    pub body: String,
    /// When it was written, by the phone where it waited for a signal.
    pub written_at: Timestamp,
    /// Who wrote it.
    pub author_id: MembershipId,
    /// Who wrote it, by name then.
    pub author: String,
    /// The version of the row.
    pub version: i64,
    /// When the asker read it.
    pub read_at: Option<Timestamp>,
}

impl FromRow for NoteOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            site_id: row.get(1)?,
            site: row.get(2)?,
            zone: row.get(3)?,
            archived: row.get::<i64>(4)? == 1,
            body: row.get(5)?,
            written_at: row.get(6)?,
            author_id: row.get(7)?,
            author: row.get(8)?,
            version: row.get(9)?,
            read_at: None,
        })
    }
}

impl NoteOut {
    pub(super) fn clock(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// "Dock 4, 23 Nov 2026, 22:00".
    pub(super) fn label(&self) -> String {
        format!("{}, {}", self.site, self.written_at.to_zoned(self.clock()).strftime("%-d %b %Y, %H:%M"))
    }
}

/// A note whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct NoteWhole {
    /// The note.
    #[serde(flatten)]
    pub note: NoteOut,
    /// Who has read it; for those who may put it away.
    pub readings: Vec<ReadingOut>,
    /// Who works there and has not; for those who may put it away.
    pub missing: Vec<MissingOut>,
}

/// A note as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NoteForm {
    /// The site.
    pub site: Text,
    /// What the next one should know.
    pub body: Text,
    /// When it was written, by the phone: `2026-11-23T22:00:00Z`. Blank is now.
    pub written_at: Text,
}

impl NoteForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A message at each field that cannot be used.
    pub(super) fn parse(&self, now: Timestamp) -> Result<(String, Timestamp)> {
        let mut errors = FieldErrors::default();
        let body = errors.take("body", self.body.as_str().parse::<Prose<4_000>>());
        if body.as_ref().is_some_and(Prose::is_empty) {
            errors.add("body", "say what the next one should know");
        }
        let at = errors.take("written_at", readings::said_at(&self.written_at, now));
        errors.check()?;
        match (body, at) {
            (Some(body), Some(at)) => Ok((body.as_str().to_owned(), at)),
            _ => Err(kernel::Error::internal("a checked form lacks a field")),
        }
    }
}

/// "I have read it."
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReadForm {
    /// When, by the phone: `2026-11-23T22:00:00Z`. Blank is now.
    pub at: Text,
}

/// Which notes are wanted.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub(crate) struct NoteFilter {
    /// Text in the note, its site or its author.
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
