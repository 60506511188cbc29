//! Which side of the counter a person stands on, and through which door they come.

use crate::text::closed;

closed! {
    /// The side a membership belongs to (ROLES.md: Words). Rights never cross it.
    #[derive(PartialOrd, Ord)]
    pub enum Audience: i64 {
        /// The organization's own people.
        Staff = 0 => "staff",
        /// People of a company that buys service.
        Client = 1 => "client",
        /// People of an outside company that does work.
        Contractor = 2 => "contractor",
    }
}

closed! {
    /// A door into the one application (ROLES.md: Words).
    #[derive(PartialOrd, Ord)]
    pub enum Portal: i64 {
        /// Back office, on a desktop.
        Office = 0 => "office",
        /// The field, on a phone.
        Field = 1 => "field",
        /// Outside parties.
        Client = 2 => "client",
    }
}
