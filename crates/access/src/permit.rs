//! Permits: proof that a plan was asked. Queries that write take one, and only this crate can make one.

use kernel::id::{MembershipId, OrganizationId};
use kernel::{Error, Result};

use crate::fact::Facts;
use crate::plan::Plan;
use crate::vocabulary::{Action, Permission};

/// Proof that this plan allows this permission on a record with these facts.
#[derive(Debug)]
pub struct Permit {
    permission: Permission,
    organization: OrganizationId,
    membership: MembershipId,
}

impl Permit {
    /// What was allowed.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        self.permission
    }

    /// In which tenant. Statements bind this, not an id from the request.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// To whom.
    #[must_use]
    pub const fn membership(&self) -> MembershipId {
        self.membership
    }
}

impl Plan {
    /// Asks for a permit on a record that the asker may know of.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the record may not even be viewed, [`Error::Forbidden`] with a reason otherwise.
    pub fn permit(&self, permission: Permission, facts: &Facts) -> Result<Permit> {
        // What may not be seen is not there, whatever else a role lets one do to it.
        let view = Permission::find(permission.resource(), Action::View);
        if !view.is_some_and(|view| self.check(view, facts)) {
            return Err(Error::NotFound);
        }
        if self.check(permission, facts) {
            return Ok(self.issue(permission));
        }
        Err(Error::forbidden(self.refusal(permission, facts)))
    }

    /// Asks for a permit to make a record with these facts. Nothing exists yet, so a refusal is a plain 403.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn permit_new(&self, permission: Permission, facts: &Facts) -> Result<Permit> {
        if self.check(permission, facts) {
            Ok(self.issue(permission))
        } else {
            Err(Error::forbidden(self.refusal(permission, facts)))
        }
    }

    fn issue(&self, permission: Permission) -> Permit {
        Permit { permission, organization: self.organization, membership: self.membership }
    }

    /// One sentence a person can act on: what their roles do not let them do here.
    fn refusal(&self, permission: Permission, facts: &Facts) -> String {
        use crate::explain::Outcome;
        let what = format!(
            "{} {}",
            permission.action().word().replace('_', " "),
            permission.resource().label().to_lowercase()
        );
        let trace = self.explain(permission, facts);
        for way in &trace.ways {
            if let Outcome::Fails(literal) = way.outcome {
                return format!("You may {what} only when {}.", crate::sentence::condition(literal));
            }
        }
        if let Some((_, because)) = trace.suppressed.first() {
            return format!("You cannot {what} here: {}.", crate::sentence::because(*because));
        }
        if trace.ways.is_empty() {
            format!("None of your roles lets you {what}.")
        } else {
            format!("Your roles do not let you {what} here.")
        }
    }
}
