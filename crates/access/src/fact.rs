//! What a decision needs to know of a record, and the two-valued statements it may make about it.

use kernel::text::closed;
use uuid::Uuid;

closed! {
    /// Who outside the organization may meet a record at all, in rising order. One concept for publish, approval
    /// and share (ROLES.md: release).
    #[derive(PartialOrd, Ord)]
    pub enum Visibility: i64 {
        /// Being written; only its author's side of the work sees it.
        Draft = 0 => "draft",
        /// Handed in but held back: waiting for an approval its site asked for, or taken back by staff.
        Held = 1 => "held",
        /// Handed in. Client accounts with "share all" see it; others wait for the release.
        Submitted = 2 => "submitted",
        /// Released to the client side.
        Released = 3 => "released",
    }
}

/// A column that statements may speak of. Closed: a new one is a change of this crate, with its oracle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// [`Visibility`] as a number.
    Visibility,
    /// 1 when the rule in force at hand-in lets the author change the record (ROLES.md: editable by author).
    AuthorMayEdit,
    /// 1 when the record takes no more edits.
    Closed,
    /// 1 when emergency access is on for the record's client (ROLES.md: MyProtektor).
    Emergency,
    /// The membership that made the record.
    Author,
    /// The membership that has it to do.
    Assignee,
    /// The membership that asked for it.
    Requester,
}

/// What decisions see of one record. Absent means unknown, and unknown is never true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The tenant. No tenant, no rows.
    pub organization: Uuid,
    /// The site's area.
    pub area: Option<Uuid>,
    /// The team responsible.
    pub team: Option<Uuid>,
    /// The client, stamped when the record was made; it never follows the site.
    pub client: Option<Uuid>,
    /// The site.
    pub site: Option<Uuid>,
    /// See [`Visibility`].
    pub visibility: Option<i64>,
    /// See [`Column::AuthorMayEdit`].
    pub author_may_edit: Option<i64>,
    /// See [`Column::Closed`].
    pub closed: Option<i64>,
    /// See [`Column::Emergency`].
    pub emergency: Option<i64>,
    /// See [`Column::Author`].
    pub author: Option<Uuid>,
    /// See [`Column::Assignee`].
    pub assignee: Option<Uuid>,
    /// See [`Column::Requester`].
    pub requester: Option<Uuid>,
}

impl Facts {
    /// The facts of something that belongs to an organization and nothing narrower.
    #[must_use]
    pub fn of(organization: Uuid) -> Self {
        Self { organization, ..Self::default() }
    }

    /// A numeric column, if known.
    #[must_use]
    pub fn number(&self, column: Column) -> Option<i64> {
        match column {
            Column::Visibility => self.visibility,
            Column::AuthorMayEdit => self.author_may_edit,
            Column::Closed => self.closed,
            Column::Emergency => self.emergency,
            Column::Author | Column::Assignee | Column::Requester => None,
        }
    }

    /// A person column, if known.
    #[must_use]
    pub fn person(&self, column: Column) -> Option<Uuid> {
        match column {
            Column::Author => self.author,
            Column::Assignee => self.assignee,
            Column::Requester => self.requester,
            _ => None,
        }
    }

    /// The key of the record in a dimension, if it has one.
    #[must_use]
    pub fn key(&self, dimension: Dimension) -> Option<Uuid> {
        match dimension {
            Dimension::Organization => Some(self.organization),
            Dimension::Area => self.area,
            Dimension::Team => self.team,
            Dimension::Client => self.client,
            Dimension::Site => self.site,
            Dimension::Own(column) => self.person(column),
        }
    }
}

/// Along which line an arm reaches records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Everything of the tenant.
    Organization,
    /// By area.
    Area,
    /// By team.
    Team,
    /// By client.
    Client,
    /// By site.
    Site,
    /// By a person column that names me.
    Own(Column),
}

/// A statement about one record. True only if the column is known: unknown makes both `Is` and `IsNot` false, and
/// there is no general "not". That is what lets Rust, SQL and the oracle agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// The number is at least this.
    AtLeast(Column, i64),
    /// The number is this.
    Is(Column, i64),
    /// The number is known and another.
    IsNot(Column, i64),
    /// The person is me.
    IsMe(Column),
    /// The person is known and somebody else.
    NotMe(Column),
}

impl Literal {
    /// True of this record, for this person?
    #[must_use]
    pub fn holds(self, facts: &Facts, me: Uuid) -> bool {
        match self {
            Self::AtLeast(column, least) => facts.number(column).is_some_and(|n| n >= least),
            Self::Is(column, wanted) => facts.number(column).is_some_and(|n| n == wanted),
            Self::IsNot(column, unwanted) => facts.number(column).is_some_and(|n| n != unwanted),
            Self::IsMe(column) => facts.person(column).is_some_and(|p| p == me),
            Self::NotMe(column) => facts.person(column).is_some_and(|p| p != me),
        }
    }

    /// Whenever `other` is true, is this true as well?
    #[must_use]
    pub fn follows_from(self, other: Self) -> bool {
        match (self, other) {
            (Self::AtLeast(a, least), Self::AtLeast(b, more) | Self::Is(b, more)) => a == b && least <= more,
            (Self::IsNot(a, unwanted), Self::Is(b, is)) => a == b && unwanted != is,
            (Self::IsNot(a, unwanted), Self::AtLeast(b, least)) => a == b && unwanted < least,
            (mine, theirs) => mine == theirs,
        }
    }
}
