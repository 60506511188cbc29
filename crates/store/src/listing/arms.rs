//! A plan's arms as a condition.

use std::fmt::Write as _;

use access::{Arm, Column, Dimension, Facts, Literal, Permission, Plan, Visibility};
use uuid::Uuid;

use super::Text;
use super::table::Table;
use crate::Value;

/// Arms that can be true in this table: their dimension and statements have columns, and they name something.
pub(super) fn usable_arms(plan: &Plan, permission: Permission, table: &Table) -> Vec<Arm> {
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
pub(super) fn spread(arm: &Arm, table: &Table) -> Option<(&'static str, Vec<i64>)> {
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
pub(super) fn by_level(arm: &Arm, table: &Table) -> bool {
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
pub(super) fn arm_sql(
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
pub(crate) fn predicate_sql(
    plan: &Plan,
    permission: Permission,
    table: &Table,
    alias: &str,
    text: &mut Text,
) -> String {
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
