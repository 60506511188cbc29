//! The rule of static sites (ROLES.md: GuardHouse): who is invited to the portal has at least one static site, also
//! when the last one is taken away later. An organization may switch it off.

use std::collections::HashSet;

use access::{Authority, Target};
use uuid::Uuid;

/// The sites of an account's portal, by role.
fn sites(authority: &Authority) -> impl Iterator<Item = Uuid> {
    authority
        .assignments
        .iter()
        .filter(|assignment| assignment.role.is_portal_account())
        .flat_map(|assignment| &assignment.targets)
        .filter_map(|target| match target {
            Target::Site(id) => Some(id.uuid()),
            _ => None,
        })
}

/// May the portal of `name` become like this? `statics` are the current static sites among all of theirs.
///
/// # Errors
/// A sentence that says why not and what to do.
pub(super) fn keeps_a_static_site(
    before: &Authority,
    after: &Authority,
    statics: &HashSet<Uuid>,
    name: &str,
) -> Result<(), String> {
    let count = |authority: &Authority| sites(authority).filter(|site| statics.contains(site)).count();
    if count(after) > 0 {
        return Ok(());
    }
    let grows = sites(after).count() > sites(before).count();
    if grows {
        return Err(format!(
            "{name} has no static site, and an account of the client portal needs at least one. Assign a static site \
             first."
        ));
    }
    if count(before) > 0 {
        return Err(format!(
            "This is the last static site of {name}, and an account of the client portal keeps at least one. Assign \
             another static site first, or deactivate the account. The organization's settings hold this rule."
        ));
    }
    Ok(())
}
