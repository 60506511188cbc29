//! Collecting what somebody asks for: every condition is over what they see.

use std::fmt::Write as _;

use access::{Action, FieldClass, Permission, Plan, Sight};
use kernel::page::PageSize;
use kernel::{Error, Result};

use super::search::Lead;
use super::table::{Order, Table};
use super::through::Way;
use crate::Value;

/// A condition somebody asked for, over a field they can see.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    Is(String, Value),
    OneOf(String, Vec<Value>),
    AtLeast(String, Value),
    Below(String, Value),
    Unknown(String),
    Search(Vec<String>, String),
    Within(Permission),
    Ways(Vec<Way>),
}

/// A listing being put together.
#[derive(Debug)]
pub struct Listing<'a> {
    pub(super) plan: &'a Plan,
    pub(super) permission: Permission,
    pub(super) table: &'static Table,
    pub(super) conditions: Vec<Condition>,
    pub(super) order: &'static Order,
    pub(super) descending: bool,
    pub(super) after: Option<String>,
    pub(super) rows: usize,
    /// The folded text of a search, and the index that leads it.
    pub(super) sought: Option<String>,
    pub(super) lead: Option<Lead>,
    pub(super) asked: String,
    /// Its rows are seen through others; the arms along its own columns do not count.
    pub(super) through: bool,
    /// Its rows are the reader's own, with every field.
    pub(super) own: bool,
}

impl<'a> Listing<'a> {
    /// The rows of a table that a permission reaches and that may be viewed.
    ///
    /// # Errors
    /// An internal error for a table without orders.
    pub fn new(plan: &'a Plan, permission: Permission, table: &'static Table) -> Result<Self> {
        let order = table.orders.first().ok_or_else(|| Error::internal("a listing needs an order"))?;
        // What may not be viewed is not there, whatever else a role lets one do to it.
        let view = Permission::find(table.resource, Action::View).filter(|view| *view != permission);
        Ok(Self {
            plan,
            permission,
            table,
            conditions: view.map(Condition::Within).into_iter().collect(),
            order,
            descending: order.descending,
            after: None,
            rows: PageSize::of(None).rows(),
            sought: None,
            lead: None,
            asked: String::new(),
            through: false,
            own: false,
        })
    }

    /// The expression of a field as this person sees it; a field they never see does not exist.
    fn seen(&self, name: &str) -> Result<String> {
        let unknown = || Error::BadRequest(format!("there is no field {name} to filter by"));
        let field = self.table.fields.iter().find(|f| f.name == name).ok_or_else(unknown)?;
        self.seen_sql(field.sql, field.class).ok_or_else(unknown)
    }

    fn seen_sql(&self, sql: &str, class: FieldClass) -> Option<String> {
        if self.own {
            return Some(sql.to_owned());
        }
        match self.plan.sight(self.table.resource, class) {
            Sight::Always => Some(sql.to_owned()),
            // A field that shows on some rows only would answer questions about the others through the filter.
            Sight::Never | Sight::When(_) => None,
        }
    }

    /// Keeps rows whose field is this.
    ///
    /// # Errors
    /// [`Error::BadRequest`] where the person does not see the field on every row; the same as for no such field.
    pub fn is(mut self, field: &str, value: impl Into<Value>) -> Result<Self> {
        let (sql, value) = (self.seen(field)?, value.into());
        self.note(field, "=", &value);
        self.conditions.push(Condition::Is(sql, value));
        Ok(self)
    }

    /// Keeps rows whose field is one of these; none keeps nothing.
    ///
    /// # Errors
    /// As [`Listing::is`].
    pub fn one_of(mut self, field: &str, values: Vec<Value>) -> Result<Self> {
        let sql = self.seen(field)?;
        for value in &values {
            self.note(field, "in", value);
        }
        self.conditions.push(Condition::OneOf(sql, values));
        Ok(self)
    }

    /// Keeps rows whose field is at least this.
    ///
    /// # Errors
    /// As [`Listing::is`].
    pub fn at_least(mut self, field: &str, value: impl Into<Value>) -> Result<Self> {
        let (sql, value) = (self.seen(field)?, value.into());
        self.note(field, ">=", &value);
        self.conditions.push(Condition::AtLeast(sql, value));
        Ok(self)
    }

    /// Keeps rows whose field is below this.
    ///
    /// # Errors
    /// As [`Listing::is`].
    pub fn below(mut self, field: &str, value: impl Into<Value>) -> Result<Self> {
        let (sql, value) = (self.seen(field)?, value.into());
        self.note(field, "<", &value);
        self.conditions.push(Condition::Below(sql, value));
        Ok(self)
    }

    /// Keeps rows whose field is empty.
    ///
    /// # Errors
    /// As [`Listing::is`].
    pub fn unknown(mut self, field: &str) -> Result<Self> {
        let sql = self.seen(field)?;
        self.note(field, "null", &Value::Null);
        self.conditions.push(Condition::Unknown(sql));
        Ok(self)
    }

    /// Keeps rows that hold this text in a searchable column this person sees. Searching nothing keeps all.
    #[must_use]
    pub fn search(mut self, text: &str) -> Self {
        let text = crate::fold(text);
        let text = text.trim();
        if text.is_empty() {
            return self;
        }
        let columns: Vec<String> =
            self.table.search.iter().filter_map(|(sql, class)| self.seen_sql(sql, *class)).collect();
        self.note("search", "~", &Value::from(text));
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        self.sought = Some(text.to_owned());
        self.conditions.push(Condition::Search(columns, format!("%{escaped}%")));
        self
    }

    /// Keeps rows that another permission reaches, too: an export takes what may be both seen and exported.
    #[must_use]
    pub fn within(mut self, permission: Permission) -> Self {
        self.note("within", "=", &Value::from(permission.to_string()));
        self.conditions.push(Condition::Within(permission));
        self
    }

    pub(super) fn note(&mut self, field: &str, how: &str, value: &Value) {
        let _ = write!(self.asked, "{field}{how}{value:?};");
    }

    /// Orders by one of the table's orders; `-name` turns it round.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for an order that does not exist or that the person may not see.
    pub fn order(mut self, name: &str) -> Result<Self> {
        let (name, turned) = name.strip_prefix('-').map_or((name, false), |rest| (rest, true));
        let unknown = || Error::BadRequest(format!("there is no order {name}"));
        let order = self.table.orders.iter().find(|o| o.name == name).ok_or_else(unknown)?;
        self.seen_sql(order.column, order.class).ok_or_else(unknown)?;
        self.order = order;
        self.descending = order.descending != turned;
        Ok(self)
    }

    /// Goes on after the page that gave this cursor.
    #[must_use]
    pub fn after(mut self, cursor: Option<&str>) -> Self {
        self.after = cursor.filter(|c| !c.is_empty()).map(str::to_owned);
        self
    }

    /// How many rows a page has.
    #[must_use]
    pub fn rows(mut self, size: PageSize) -> Self {
        self.rows = size.rows();
        self
    }

    /// What a cursor is bound to: person, what they see, table, order and conditions.
    pub(super) fn binding(&self) -> String {
        format!(
            "{}|{:x}|{}|{}|{}|{}|{}",
            self.plan.membership,
            self.plan.visibility_key(self.table.resource),
            self.permission,
            self.table.name,
            self.order.name,
            self.descending,
            self.asked
        )
    }
}
