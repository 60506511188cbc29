//! The people of the first page, as this area reads them. The table belongs to `people`; what is read of it here keeps
//! to the same permission and the same keys.

use access::{Action, FieldClass, Permission, Resource, permission};
use store::listing::{Keys, Order, Table, field};

pub(super) const SEE_PEOPLE: Permission = permission(Resource::Account, Action::View);

pub(super) static MEMBERS: Table = Table {
    resource: Resource::Account,
    name: "memberships",
    fields: &[
        field("id", "t.id", FieldClass::Public),
        field("name", "t.name", FieldClass::Public),
        field("seen", "t.seen_at", FieldClass::Public),
        field("active", "t.active", FieldClass::Public),
    ],
    joins: "",
    orders: &[Order {
        name: "name",
        column: "search",
        text: true,
        descending: false,
        class: FieldClass::Public,
    }],
    search: &[],
    keys: Keys::PLACED,
    visibility_in_index: false,
};
