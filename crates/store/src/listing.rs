//! Listings: from a plan's arms to SQL, on both engines. The only place where `where` is built.
//!
//! The same arms give different text, because the engines differ in what they merge (measured; see
//! `docs/decisions`): SQLite stops each range of an `IN` early under `ORDER BY … LIMIT`, PostgreSQL wants one
//! `LATERAL` per key. Both find the keys of the page first and fetch the wide rows afterwards. Arms are joined by
//! `UNION ALL` and made disjoint by `IS NOT TRUE`; a plain `NOT` would lose rows with unknown columns.

mod through;

use std::fmt::Write as _;

pub use through::Way;

use access::{
    Action, Arm, Column, Dimension, Facts, FieldClass, Literal, Permission, Plan, Resource, Sight, Visibility,
};
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use uuid::Uuid;

use crate::cursor::{self, Position};
use crate::{Engine, FromRow, Row, Store, Value};

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
    };

    fn statement(&self, column: Column) -> Option<&'static str> {
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

    fn dimension(&self, dimension: Dimension) -> Option<&'static str> {
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

/// A condition somebody asked for, over a field they can see.
#[derive(Clone, Debug)]
enum Condition {
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
    plan: &'a Plan,
    permission: Permission,
    table: &'static Table,
    conditions: Vec<Condition>,
    order: &'static Order,
    descending: bool,
    after: Option<String>,
    rows: usize,
    asked: String,
    /// Its rows are seen through others; the arms along its own columns do not count.
    through: bool,
}

/// SQL text with its values, numbered from `$1`.
#[derive(Debug, Default)]
struct Text {
    sql: String,
    values: Vec<Value>,
    /// Written for SQLite's planner, which chooses by averages: what must not lead it to an index is hidden from it.
    led: bool,
}

impl Text {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }
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
            asked: String::new(),
            through: false,
        })
    }

    /// The expression of a field as this person sees it; a field they never see does not exist.
    fn seen(&self, name: &str) -> Result<String> {
        let unknown = || Error::BadRequest(format!("there is no field {name} to filter by"));
        let field = self.table.fields.iter().find(|f| f.name == name).ok_or_else(unknown)?;
        self.seen_sql(field.sql, field.class).ok_or_else(unknown)
    }

    fn seen_sql(&self, sql: &str, class: FieldClass) -> Option<String> {
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

    fn note(&mut self, field: &str, how: &str, value: &Value) {
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
    fn binding(&self) -> String {
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

    /// The page. Masked fields come as null.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for a cursor that is not this person's, this listing's; or the store's.
    pub async fn page<T: FromRow>(self, store: &Store) -> Result<Page<T>> {
        let position = match &self.after {
            Some(text) => Some(cursor::open(store.secret(), &self.binding(), text)?),
            None => None,
        };
        let Some(text) = self.page_text(store.engine(), position.as_ref()) else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let mut rows: Vec<Keyed<T>> = store.all(&text.sql, text.values).await?;
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
        self,
        store: &Store,
        mut take: impl FnMut(T) -> Result<()> + Send,
    ) -> Result<()> {
        let mut text = Text::default();
        text.sql.push_str("select ");
        self.push_fields(&mut text);
        let _ = write!(text.sql, " from {} t {} where ", self.table.name, self.table.joins);
        if self.through {
            self.push_tenant(&mut text);
        } else {
            let predicate = predicate_sql(self.plan, self.permission, self.table, "t.", &mut text);
            text.sql.push_str(&predicate);
        }
        self.push_conditions(&mut text);
        self.push_order(&mut text, "t.");
        store.each(&text.sql, text.values, |row: Keyed<T>| take(row.item)).await
    }

    /// How many rows there are, counted up to `most`; `most + 1` means "more than that". An exact total of what is
    /// visible is never wanted and never given.
    ///
    /// # Errors
    /// The store's.
    pub async fn count(self, store: &Store, most: usize) -> Result<usize> {
        let mut text = Text { led: store.engine() == Engine::Sqlite, ..Text::default() };
        let arms = self.arms();
        if arms.is_empty() {
            return Ok(0);
        }
        let limit = most + 1;
        text.sql.push_str("select count(*) from (");
        for (place, arm) in arms.iter().enumerate() {
            if place > 0 {
                text.sql.push_str(" union all ");
            }
            let _ = write!(text.sql, "select * from (select 1 as one from {} t where ", self.table.name);
            self.push_arm(&mut text, arm, &arms, place, true);
            self.push_conditions(&mut text);
            let _ = write!(text.sql, " limit {limit}) arm{place}");
        }
        let _ = write!(text.sql, " limit {limit}) counted");
        let (count,): (i64,) = store.one(&text.sql, text.values).await?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// The page's SQL, for tests of the plan shape.
    #[must_use]
    pub fn sql(&self, engine: Engine) -> Option<(String, Vec<Value>)> {
        self.page_text(engine, None).map(|text| (text.sql, text.values))
    }

    /// The arms that can reach anything in this table.
    fn arms(&self) -> Vec<Arm> {
        if self.through {
            return vec![through::whole(self.plan.organization)];
        }
        usable_arms(self.plan, self.permission, self.table)
    }

    fn page_text(&self, engine: Engine, after: Option<&Position>) -> Option<Text> {
        let arms = self.arms();
        if arms.is_empty() {
            return None;
        }
        let limit = self.rows + 1;
        let key = match engine {
            Engine::Sqlite => "rowid",
            Engine::Postgres => "id",
        };
        let column = self.order.column.trim_start_matches("t.");
        let direction = if self.descending { "desc" } else { "asc" };
        let mut text = Text { led: engine == Engine::Sqlite, ..Text::default() };
        text.sql.push_str("select ");
        self.push_fields(&mut text);
        text.sql.push_str(" from (");
        if arms.len() > 1 {
            let _ = write!(text.sql, "select k.key, k.sort, k.id from (");
        }
        for (place, arm) in arms.iter().enumerate() {
            if place > 0 {
                text.sql.push_str(" union all ");
            }
            let spread = spread(arm, self.table);
            let lateral = engine == Engine::Postgres && spread.is_some();
            if arms.len() > 1 {
                text.sql.push_str("select * from (");
            }
            if let (true, Some((_, levels))) = (lateral, &spread) {
                let ids = text.bind(Value::Uuids(arm.ids.clone()));
                let _ = write!(
                    text.sql,
                    "select a.key, a.sort, a.id from unnest({ids}::uuid[]) s(key) cross join (values {}) v(level) \
                     inner join lateral (",
                    levels.iter().map(|l| format!("({l}::bigint)")).collect::<Vec<_>>().join(", ")
                );
            }
            let _ = write!(
                text.sql,
                "select t.{key} as key, t.{column} as sort, t.id as id from {} t where ",
                self.table.name
            );
            self.push_arm(&mut text, arm, &arms, place, !lateral);
            if let (true, Some((dimension, _))) = (lateral, &spread) {
                let _ = write!(text.sql, " and t.{dimension} = s.key");
                if let (true, Some(visibility)) = (by_level(arm, self.table), self.table.keys.visibility) {
                    let _ = write!(text.sql, " and t.{visibility} = v.level");
                }
            }
            self.push_conditions(&mut text);
            if let Some(position) = after {
                let sort = text.bind(position.sort.clone());
                let id = text.bind(position.id);
                let sign = if self.descending { "<" } else { ">" };
                let _ = write!(text.sql, " and (t.{column}, t.id) {sign} ({sort}, {id})");
            }
            let _ = write!(text.sql, " order by t.{column} {direction}, t.id {direction} limit {limit}");
            if lateral {
                let _ = write!(
                    text.sql,
                    ") a on true order by a.sort {direction}, a.id {direction} limit {limit}"
                );
            }
            if arms.len() > 1 {
                let _ = write!(text.sql, ") arm{place}");
            }
        }
        if arms.len() > 1 {
            let _ = write!(text.sql, ") k order by k.sort {direction}, k.id {direction} limit {limit}");
        }
        let _ = write!(
            text.sql,
            ") page join {} t on t.{key} = page.key {} order by page.sort {direction}, page.id {direction}",
            self.table.name, self.table.joins
        );
        Some(text)
    }

    /// The fields as this person sees them, then the two columns a cursor needs.
    fn push_fields(&self, text: &mut Text) {
        push_fields(self.plan, self.table, text);
        let _ = write!(text.sql, ", t.{}, t.id", self.order.column.trim_start_matches("t."));
    }

    fn push_order(&self, text: &mut Text, alias: &str) {
        let direction = if self.descending { "desc" } else { "asc" };
        let column = self.order.column.trim_start_matches("t.");
        let _ = write!(text.sql, " order by {alias}{column} {direction}, {alias}id {direction}");
    }

    fn push_arm(&self, text: &mut Text, arm: &Arm, arms: &[Arm], place: usize, with_keys: bool) {
        if self.through {
            self.push_tenant(text);
            return;
        }
        arm_sql(self.plan, self.permission, self.table, "t.", arm, with_keys, text);
        for earlier in arms.iter().take(place) {
            text.sql.push_str(" and (");
            arm_sql(self.plan, self.permission, self.table, "t.", earlier, true, text);
            text.sql.push_str(") is not true");
        }
    }

    fn push_conditions(&self, text: &mut Text) {
        for condition in &self.conditions {
            match condition {
                Condition::Is(sql, value) => {
                    let bound = text.bind(value.clone());
                    let _ = write!(text.sql, " and {sql} = {bound}");
                }
                Condition::OneOf(sql, values) => {
                    if values.is_empty() {
                        text.sql.push_str(" and 1 = 0");
                        continue;
                    }
                    let bound: Vec<String> = values.iter().map(|v| text.bind(v.clone())).collect();
                    let _ = write!(text.sql, " and {sql} in ({})", bound.join(", "));
                }
                Condition::AtLeast(sql, value) => {
                    let bound = text.bind(value.clone());
                    let _ = write!(text.sql, " and {sql} >= {bound}");
                }
                Condition::Below(sql, value) => {
                    let bound = text.bind(value.clone());
                    let _ = write!(text.sql, " and {sql} < {bound}");
                }
                Condition::Unknown(sql) => {
                    let _ = write!(text.sql, " and {sql} is null");
                }
                Condition::Search(columns, pattern) => {
                    if columns.is_empty() {
                        text.sql.push_str(" and 1 = 0");
                        continue;
                    }
                    let bound = text.bind(pattern.as_str());
                    let tests: Vec<String> =
                        columns.iter().map(|sql| format!("{sql} like {bound} escape '\\'")).collect();
                    let _ = write!(text.sql, " and ({})", tests.join(" or "));
                }
                Condition::Within(permission) => {
                    let predicate = predicate_sql(self.plan, *permission, self.table, "t.", text);
                    let _ = write!(text.sql, " and {predicate}");
                }
                Condition::Ways(ways) => through::push(self.plan, ways, text),
            }
        }
    }
}

fn push_fields(plan: &Plan, table: &Table, text: &mut Text) {
    for (place, field) in table.fields.iter().enumerate() {
        if place > 0 {
            text.sql.push_str(", ");
        }
        match plan.sight(table.resource, field.class) {
            Sight::Always => text.sql.push_str(field.sql),
            Sight::Never => text.sql.push_str("null"),
            Sight::When(_) => {
                let Some(opening) = field.class.opened_by(table.resource) else {
                    text.sql.push_str("null");
                    continue;
                };
                text.sql.push_str("case when ");
                let predicate = predicate_sql(plan, opening, table, "t.", text);
                let _ = write!(text.sql, "{predicate} then {} end", field.sql);
            }
        }
    }
}

/// Arms that can be true in this table: their dimension and statements have columns, and they name something.
fn usable_arms(plan: &Plan, permission: Permission, table: &Table) -> Vec<Arm> {
    plan.arms(permission)
        .iter()
        .filter(|arm| table.keys.dimension(arm.dimension).is_some() && !arm.ids.is_empty())
        .filter(|arm| arm.literals.iter().all(|l| table.keys.statement(column_of(*l)).is_some()))
        .cloned()
        .collect()
}

const fn column_of(literal: Literal) -> Column {
    match literal {
        Literal::AtLeast(c, _)
        | Literal::Is(c, _)
        | Literal::IsNot(c, _)
        | Literal::IsMe(c)
        | Literal::NotMe(c) => c,
    }
}

/// The dimension column and the visibility levels of an arm that is spread over keys, where the table has an
/// index for it.
fn spread(arm: &Arm, table: &Table) -> Option<(&'static str, Vec<i64>)> {
    if arm.dimension == Dimension::Organization {
        return None;
    }
    let column = table.keys.dimension(arm.dimension)?;
    // One level that is not looked at keeps the text alike.
    let levels = if by_level(arm, table) { levels(arm) } else { vec![0] };
    Some((column, levels))
}

/// Is the arm read level by level, from an index that has the visibility behind its dimension? The indexes by
/// person have none.
fn by_level(arm: &Arm, table: &Table) -> bool {
    table.visibility_in_index
        && table.keys.visibility.is_some()
        && !matches!(arm.dimension, Dimension::Organization | Dimension::Own(_))
}

/// The visibility levels an arm lets through. Named one by one, so that each is one range of the index.
fn levels(arm: &Arm) -> Vec<i64> {
    Visibility::ALL
        .iter()
        .map(|v| v.number())
        .filter(|level| {
            let facts = Facts { visibility: Some(*level), ..Facts::default() };
            arm.literals
                .iter()
                .filter(|l| column_of(**l) == Column::Visibility)
                .all(|l| l.holds(&facts, Uuid::nil()))
        })
        .collect()
}

/// One arm as a condition. `with_keys` false leaves dimension and visibility to the surrounding `lateral`.
fn arm_sql(
    plan: &Plan,
    permission: Permission,
    table: &Table,
    alias: &str,
    arm: &Arm,
    with_keys: bool,
    text: &mut Text,
) {
    let organization = text.bind(plan.organization.uuid());
    let _ = write!(text.sql, "{alias}organization_id = {organization}");
    let indexed = by_level(arm, table);
    if with_keys {
        if let (false, Some(column)) =
            (arm.dimension == Dimension::Organization, table.keys.dimension(arm.dimension))
        {
            push_in(text, &format!("{alias}{column}"), &arm.ids);
        }
        if let (true, Some(visibility)) = (indexed, table.keys.visibility) {
            let levels: Vec<String> = levels(arm).iter().map(i64::to_string).collect();
            if levels.is_empty() {
                text.sql.push_str(" and 1 = 0");
            } else {
                let _ = write!(text.sql, " and {alias}{visibility} in ({})", levels.join(", "));
            }
        }
    }
    // An arm along clients that are all within the guard says the same.
    let within = |clients: &[Uuid]| {
        arm.dimension == Dimension::Client && arm.ids.iter().all(|id| clients.binary_search(id).is_ok())
    };
    if let Some(clients) = plan.guard(permission).filter(|clients| !within(clients)) {
        // The sites of a person are few, those of their client may be thousands: the guard only checks.
        let aside = if text.led { "+" } else { "" };
        match table.keys.client {
            Some(column) => push_in(text, &format!("{aside}{alias}{column}"), clients),
            None => text.sql.push_str(" and 1 = 0"),
        }
    }
    for literal in &arm.literals {
        let Some(column) = table.keys.statement(column_of(*literal)) else {
            text.sql.push_str(" and 1 = 0");
            continue;
        };
        if indexed && column_of(*literal) == Column::Visibility {
            continue;
        }
        match literal {
            Literal::AtLeast(_, n) => {
                let _ = write!(text.sql, " and {alias}{column} >= {n}");
            }
            Literal::Is(_, n) => {
                let _ = write!(text.sql, " and {alias}{column} = {n}");
            }
            Literal::IsNot(_, n) => {
                let _ = write!(text.sql, " and {alias}{column} <> {n}");
            }
            Literal::IsMe(_) => {
                let me = text.bind(plan.membership.uuid());
                let _ = write!(text.sql, " and {alias}{column} = {me}");
            }
            Literal::NotMe(_) => {
                let me = text.bind(plan.membership.uuid());
                let _ = write!(text.sql, " and {alias}{column} <> {me}");
            }
        }
    }
}

/// `column in (…)`, padded to a power of two by repeating the last key, so that few statement texts serve many
/// people. Nothing is never everything.
fn push_in(text: &mut Text, column: &str, ids: &[Uuid]) {
    let Some(last) = ids.last() else {
        text.sql.push_str(" and 1 = 0");
        return;
    };
    let padded = ids.len().next_power_of_two();
    let bound: Vec<String> = (0..padded).map(|place| text.bind(*ids.get(place).unwrap_or(last))).collect();
    let _ = write!(text.sql, " and {column} in ({})", bound.join(", "));
}

/// All arms as one condition; false where there are none.
fn predicate_sql(plan: &Plan, permission: Permission, table: &Table, alias: &str, text: &mut Text) -> String {
    let arms = usable_arms(plan, permission, table);
    if arms.is_empty() {
        return "1 = 0".to_owned();
    }
    let before = std::mem::take(&mut text.sql);
    text.sql.push('(');
    for (place, arm) in arms.iter().enumerate() {
        if place > 0 {
            text.sql.push_str(" or ");
        }
        text.sql.push('(');
        arm_sql(plan, permission, table, alias, arm, true, text);
        text.sql.push(')');
    }
    text.sql.push(')');
    std::mem::replace(&mut text.sql, before)
}

/// The plan's predicate as a condition of a write: ` and (…)`, its values appended to `values`. An update that no
/// longer satisfies it touches no row, and the batch's guard turns that into a refusal.
#[must_use]
pub fn predicate(
    plan: &Plan,
    permission: Permission,
    table: &Table,
    values: Vec<Value>,
) -> (String, Vec<Value>) {
    let mut text = Text { values, ..Text::default() };
    let sql = predicate_sql(plan, permission, table, "", &mut text);
    (format!(" and {sql}"), text.values)
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
