//! People's memberships as this area reads them. The table belongs to `people`; what is read of it here keeps to
//! the same permission, `account.view`, and the same keys.

use access::{Action, FieldClass, Permission, Resource, permission};
use kernel::id::MembershipId;
use kernel::{Audience, Result};
use store::listing::{Keys, Order, Table, field};
use store::{FromRow, Row};

pub(crate) const VIEW: Permission = permission(Resource::Account, Action::View);

/// Members who are active.
pub(crate) static MEMBERS: Table = Table {
    resource: Resource::Account,
    name: "memberships",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("email", "u.email", FieldClass::Public),
        field("audience", "t.audience", FieldClass::Public),
        field("client", "t.client_id", FieldClass::Public),
        field("active", "t.active", FieldClass::Public),
        field("entry", "t.entry", FieldClass::Public),
    ],
    joins: "join accounts u on u.id = t.account_id",
    orders: &[Order {
        name: "name",
        column: "search",
        text: true,
        descending: false,
        class: FieldClass::Public,
    }],
    search: &[("t.search", FieldClass::Public)],
    keys: Keys::PLACED,
    visibility_in_index: false,
};

/// A member as this area shows one.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) id: MembershipId,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) audience: Audience,
    /// Was this account at least invited? One that is only saved need not keep a static site.
    pub(crate) invited: bool,
}

impl FromRow for Member {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            email: row.get(2)?,
            audience: row.number(3)?,
            invited: row.get::<i64>(6)? > 0,
        })
    }
}
