//! Field classes: which part of a record a column belongs to, and what opens that part.

use kernel::Audience;
use kernel::text::closed;

use crate::vocabulary::{Action, Permission, Resource};

closed! {
    /// The class every column of every record must be given. A new column is invisible to outsiders until it is
    /// [`FieldClass::Public`].
    #[derive(PartialOrd, Ord)]
    pub enum FieldClass: i64 {
        /// What anyone who may see the record may see of it.
        Public = 0 => "public",
        /// How the organization works with it; staff only.
        Operational = 1 => "operational",
        /// Internal notes.
        Notes = 2 => "notes",
        /// Who filed it, who has it, who was on duty.
        People = 3 => "people",
        /// Positions and trails.
        Location = 4 => "location",
        /// Prices and amounts.
        Prices = 5 => "prices",
        /// Never leaves the store.
        Secret = 6 => "secret",
    }
}

impl FieldClass {
    /// The permission that opens this class of a resource, or `None` where nothing does. A resource without the
    /// facet keeps the class under its plain view permission.
    #[must_use]
    pub fn opened_by(self, resource: Resource) -> Option<Permission> {
        let facet = match self {
            Self::Public | Self::Operational => Action::View,
            Self::Notes => Action::Notes,
            Self::People => Action::People,
            Self::Location => Action::Location,
            Self::Prices => Action::Prices,
            Self::Secret => return None,
        };
        Permission::find(resource, facet).or_else(|| Permission::find(resource, Action::View))
    }

    /// The most an audience may ever be shown, whatever its roles say (the ceiling's second half).
    #[must_use]
    pub const fn within(self, audience: Audience) -> bool {
        match audience {
            Audience::Staff => !matches!(self, Self::Secret),
            Audience::Client => matches!(self, Self::Public | Self::Prices),
            Audience::Contractor => matches!(self, Self::Public | Self::Operational),
        }
    }
}
