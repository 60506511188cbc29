//! The text of a page, of a count, of an export.

use std::fmt::Write as _;

use access::{Arm, Plan, Sight};

use super::arms::{arm_sql, by_level, predicate_sql, spread, usable_arms};
use super::asked::Condition;
use super::{Listing, Table, Text, through};
use crate::cursor::Position;
use crate::{Engine, Value};

impl Listing<'_> {
    /// The arms that can reach anything in this table.
    fn arms(&self) -> Vec<Arm> {
        if self.through {
            return vec![through::whole(self.plan.organization)];
        }
        usable_arms(self.plan, self.permission, self.table)
    }

    /// Keys of the page first, from indexes alone; the wide rows afterwards.
    pub(super) fn page_text(&self, engine: Engine, after: Option<&Position>) -> Option<Text> {
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
            let _ = write!(text.sql, "select t.{key} as key, t.{column} as sort, t.id as id from ");
            self.push_from(&mut text, &self.named_index(arm, engine));
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

    /// Names SQLite the index of an arm where the table has one that holds everything that is asked (see
    /// [`super::Keys::indexes`]).
    fn named_index(&self, arm: &Arm, engine: Engine) -> String {
        let usual = self
            .conditions
            .iter()
            .all(|condition| matches!(condition, Condition::Is(column, _) if *column == "t.archived"));
        let ordered = self.table.orders.first().is_some_and(|first| first.column == self.order.column);
        if engine == Engine::Postgres || self.through || self.is_led() || !usual || !ordered {
            return String::new();
        }
        let keys = &self.table.keys;
        let column = keys.dimension(arm.dimension);
        match keys.indexes.iter().find(|(of, _)| Some(*of) == column) {
            Some((_, index)) => format!("indexed by {index}"),
            None => String::new(),
        }
    }

    /// Every row, in order.
    pub(super) fn each_text(&self) -> Text {
        let mut text = Text::default();
        text.sql.push_str("select ");
        self.push_fields(&mut text);
        text.sql.push_str(" from ");
        self.push_from(&mut text, self.table.joins);
        if self.through {
            self.push_tenant(&mut text);
        } else {
            let predicate = predicate_sql(self.plan, self.permission, self.table, "t.", &mut text);
            text.sql.push_str(&predicate);
        }
        self.push_conditions(&mut text);
        self.push_order(&mut text, "t.");
        text
    }

    /// The number of rows, counted up to one more than `most`.
    pub(super) fn count_text(&self, engine: Engine, most: usize) -> Option<Text> {
        let mut text = Text { led: engine == Engine::Sqlite, ..Text::default() };
        let arms = self.arms();
        if arms.is_empty() {
            return None;
        }
        let limit = most + 1;
        text.sql.push_str("select count(*) from (");
        for (place, arm) in arms.iter().enumerate() {
            if place > 0 {
                text.sql.push_str(" union all ");
            }
            text.sql.push_str("select * from (select 1 as one from ");
            self.push_from(&mut text, "");
            self.push_arm(&mut text, arm, &arms, place, true);
            self.push_conditions(&mut text);
            let _ = write!(text.sql, " limit {limit}) arm{place}");
        }
        let _ = write!(text.sql, " limit {limit}) counted");
        Some(text)
    }

    /// The fields as this person sees them, then the two columns a cursor needs.
    fn push_fields(&self, text: &mut Text) {
        if self.own {
            let all: Vec<&str> = self.table.fields.iter().map(|field| field.sql).collect();
            text.sql.push_str(&all.join(", "));
        } else {
            push_fields(self.plan, self.table, text);
        }
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

/// The fields of a table as the plan shows them.
pub(super) fn push_fields(plan: &Plan, table: &Table, text: &mut Text) {
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
