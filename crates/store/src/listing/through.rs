//! Rows that are seen through others: a line of the journal through the record it speaks of, a campaign through the
//! grants in it. The plan is asked about the others, along their columns; the rows themselves have none.

use std::fmt::Write as _;
use std::sync::Arc;

use access::{Arm, Dimension, Permission, Plan};
use kernel::id::OrganizationId;
use kernel::{Error, Result};

use super::arms::predicate_sql;
use super::asked::Condition;
use super::{Listing, Table, Text};
use crate::Value;

/// One way to rows that are seen through others. A row counts if any way leads to it.
#[derive(Clone, Debug)]
pub struct Way {
    /// The rows it leads to: those whose column (of `t`) holds the word. None: any row.
    pub when: Option<(&'static str, &'static str)>,
    /// The table they are seen through, aliased `r`, and what ties its rows to `t`. None: nothing more is asked.
    pub through: Option<(&'static Table, &'static str)>,
    /// All of these must be allowed on one row of that table.
    pub permissions: Vec<Permission>,
}

impl Way {
    /// Leads to every row of the tenant. Only for those to whom all that could be asked lies open.
    pub const EVERY: Self = Self { when: None, through: None, permissions: Vec::new() };
}

impl<'a> Listing<'a> {
    /// The rows of a table that any of these ways leads to. No way is no row.
    ///
    /// # Errors
    /// An internal error for a table without orders.
    pub fn through(
        plan: &'a Plan,
        permission: Permission,
        table: &'static Table,
        ways: Vec<Way>,
    ) -> Result<Self> {
        let order = table.orders.first().ok_or_else(|| Error::internal("a listing needs an order"))?;
        let every = ways.iter().any(|way| way.when.is_none() && way.through.is_none());
        Ok(Self {
            plan,
            permission,
            table,
            conditions: if every { Vec::new() } else { vec![Condition::Ways(ways)] },
            order,
            descending: order.descending,
            after: None,
            rows: kernel::page::PageSize::of(None).rows(),
            sought: None,
            lead: None,
            asked: String::new(),
            through: true,
            own: false,
        })
    }

    /// The rows that somebody wrote themselves, such as the changes they proposed, with all their fields: `column` (of
    /// `t`) holds who did. No right is asked about them, because nobody reads another's.
    ///
    /// # Errors
    /// An internal error for a table without orders.
    pub fn own(
        plan: &'a Plan,
        permission: Permission,
        table: &'static Table,
        column: &'static str,
    ) -> Result<Self> {
        let mut listing = Self::through(plan, permission, table, vec![Way::EVERY])?;
        let me = Value::from(plan.membership);
        listing.note(column, "=", &me);
        listing.conditions.push(Condition::Is(format!("t.{column}"), me));
        Ok(Self { own: true, ..listing })
    }

    /// The tenant's rows; what else is asked stands in the conditions.
    pub(super) fn push_tenant(&self, text: &mut Text) {
        let organization = text.bind(self.plan.organization.uuid());
        let _ = write!(text.sql, "t.organization_id = {organization}");
    }
}

/// An arm that stands for "the tenant's rows".
pub(super) fn whole(organization: OrganizationId) -> Arm {
    Arm {
        dimension: Dimension::Organization,
        ids: Arc::from([organization.uuid()]),
        literals: Default::default(),
        sources: Default::default(),
        parts: Box::default(),
    }
}

/// The ways as one condition.
pub(super) fn push(plan: &Plan, ways: &[Way], text: &mut Text) {
    if ways.is_empty() {
        text.sql.push_str(" and 1 = 0");
        return;
    }
    text.sql.push_str(" and (");
    for (place, way) in ways.iter().enumerate() {
        if place > 0 {
            text.sql.push_str(" or ");
        }
        text.sql.push('(');
        match way.when {
            Some((column, word)) => {
                let word = text.bind(word);
                let _ = write!(text.sql, "t.{column} = {word}");
            }
            None => text.sql.push_str("1 = 1"),
        }
        if let Some((table, tie)) = way.through {
            let organization = text.bind(plan.organization.uuid());
            let _ = write!(
                text.sql,
                " and exists (select 1 from {} r where r.organization_id = {organization} and {tie}",
                table.name
            );
            for permission in &way.permissions {
                let predicate = predicate_sql(plan, *permission, table, "r.", text);
                let _ = write!(text.sql, " and {predicate}");
            }
            text.sql.push(')');
        }
        text.sql.push(')');
    }
    text.sql.push(')');
}
