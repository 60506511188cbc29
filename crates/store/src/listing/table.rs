//! How a table answers a plan.

use access::{Column, Dimension, FieldClass, Resource};

/// How a table answers a plan: which columns it has for the dimensions and statements, and the class of every
/// column that may leave it.
#[derive(Debug)]
pub struct Table {
    /// The resource its rows are.
    pub resource: Resource,
    /// Its name; always aliased `t`.
    pub name: &'static str,
    /// What may be selected, in the order rows are decoded.
    pub fields: &'static [Field],
    /// Joins the fields need, such as `join sites s on s.id = t.site_id`; never in the search for keys.
    pub joins: &'static str,
    /// The orders a page may have; the first is the default.
    pub orders: &'static [Order],
    /// Folded text to search, by class.
    pub search: &'static [(&'static str, FieldClass)],
    /// The columns of the dimensions and statements.
    pub keys: Keys,
    /// Is visibility the third column of the dimension indexes `(organization_id, <dimension>, visibility, …)`?
    pub visibility_in_index: bool,
}

/// The columns of dimensions and statements; absent where the table has none, and then no arm reaches along it.
#[derive(Debug, Default)]
pub struct Keys {
    /// Area of the row.
    pub area: Option<&'static str>,
    /// Team of the row.
    pub team: Option<&'static str>,
    /// Client of the row.
    pub client: Option<&'static str>,
    /// Site of the row.
    pub site: Option<&'static str>,
    /// See [`Column`].
    pub visibility: Option<&'static str>,
    /// See [`Column`].
    pub author_may_edit: Option<&'static str>,
    /// See [`Column`].
    pub closed: Option<&'static str>,
    /// See [`Column`].
    pub emergency: Option<&'static str>,
    /// See [`Column`].
    pub author: Option<&'static str>,
    /// See [`Column`].
    pub assignee: Option<&'static str>,
    /// See [`Column`].
    pub requester: Option<&'static str>,
    /// By dimension column (`organization_id` for everything), the index that goes on with the first order and, but
    /// for the one of everything, holds whatever a page that is asked without filters looks at. SQLite is told to use
    /// it: its planner judges by averages, and for a few large sites it would read the newest rows of the whole
    /// organization instead, each from the table.
    pub indexes: &'static [(&'static str, &'static str)],
}

impl Keys {
    /// No columns; a start for `..Keys::NONE` in a `static`.
    pub const NONE: Self = Self {
        area: None,
        team: None,
        client: None,
        site: None,
        visibility: None,
        author_may_edit: None,
        closed: None,
        emergency: None,
        author: None,
        assignee: None,
        requester: None,
        indexes: &[],
    };

    /// Along all four dimensions, by the columns that are called as everywhere.
    pub const PLACED: Self = Self {
        area: Some("area_id"),
        team: Some("team_id"),
        client: Some("client_id"),
        site: Some("site_id"),
        ..Self::NONE
    };

    pub(super) fn statement(&self, column: Column) -> Option<&'static str> {
        match column {
            Column::Visibility => self.visibility,
            Column::AuthorMayEdit => self.author_may_edit,
            Column::Closed => self.closed,
            Column::Emergency => self.emergency,
            Column::Author => self.author,
            Column::Assignee => self.assignee,
            Column::Requester => self.requester,
        }
    }

    pub(super) fn dimension(&self, dimension: Dimension) -> Option<&'static str> {
        match dimension {
            Dimension::Organization => Some("organization_id"),
            Dimension::Area => self.area,
            Dimension::Team => self.team,
            Dimension::Client => self.client,
            Dimension::Site => self.site,
            Dimension::Own(column) => self.statement(column),
        }
    }
}

/// A column that may leave the table.
#[derive(Debug)]
pub struct Field {
    /// Its name in filters and in JSON.
    pub name: &'static str,
    /// Its SQL, over `t` and the joins.
    pub sql: &'static str,
    /// Who may see it.
    pub class: FieldClass,
}

/// Shorthand for a [`Field`] in a `static`.
#[must_use]
pub const fn field(name: &'static str, sql: &'static str, class: FieldClass) -> Field {
    Field { name, sql, class }
}

/// An order a page may have. The column is never null and has an index behind the dimensions.
#[derive(Debug)]
pub struct Order {
    /// Its name in URLs.
    pub name: &'static str,
    /// The column of `t`.
    pub column: &'static str,
    /// Number or text?
    pub text: bool,
    /// Newest or greatest first?
    pub descending: bool,
    /// The class of the column: an order by what one may not see is refused.
    pub class: FieldClass,
}
