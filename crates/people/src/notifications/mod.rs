//! Notifications: what somebody is mailed about, and how often. What roles bring is the start; each person chooses for
//! themselves, and whoever manages people sees and sets it for others. A message never widens what somebody may see
//! (law 9), so nothing here bears on rights.

mod act;
mod model;
mod page;
mod query;
mod routes;
#[cfg(test)]
mod tests;

use access::{Action, Facts, Permission, Resource, permission};
use kernel::Portal;
use kernel::id::MembershipId;
use web::{Ctx, Door, Feature, Nav};

pub(crate) use query::choices;

const VIEW: Permission = permission(Resource::Notification, Action::View);
const EDIT: Permission = permission(Resource::Notification, Action::Edit);

/// What notifications add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "notifications",
        routes: routes::routes,
        open: Some(routes::open),
        nav: &[Nav {
            label: "Notifications",
            path: "/notifications",
            icon: ui::icon::mail,
            // The field's bar has room for its work only; there the account's page leads here.
            doors: &[Door::Portal(Portal::Office), Door::Portal(Portal::Client)],
            any_of: &[VIEW],
            place: 80,
        }],
    }
}

/// A member's facts, as their notifications have them: they belong to the person, so that "own" reaches one's own.
fn facts_of(id: MembershipId, member: &Facts) -> Facts {
    Facts { author: Some(id.uuid()), ..*member }
}

/// May the asker see what they are mailed about themselves?
pub(crate) fn own(ctx: &Ctx) -> bool {
    shown(ctx, ctx.who.membership, &Facts::of(ctx.who.organization.uuid()))
}

/// May the asker see what this member is mailed about?
pub(crate) fn shown(ctx: &Ctx, id: MembershipId, member: &Facts) -> bool {
    ctx.plan.check(VIEW, &facts_of(id, member))
}
