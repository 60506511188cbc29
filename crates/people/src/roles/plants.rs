//! What the leak test plants of roles: one of the organization's own.

use access::FieldClass::Public;
use access::{Facts, Resource};
use kernel::id::RoleId;
use kernel::{Error, Result};
use web::canary::{Bed, Canary, Planted};

use super::query;
use crate::grants::{GIVE, TAKE};

/// A role for each corner; a role is nobody's own, whoever holds it.
pub(super) fn plant(bed: &mut Bed<'_>) -> Result<()> {
    if bed.whose.is_some() {
        return Ok(());
    }
    let facts = Facts::of(bed.organization.uuid());
    // Whoever gives roles, or reviews them, is offered them by name.
    let mut word = |what: &str| {
        let mut canary = Canary::new(format!("{what} of an own role, {}", bed.label));
        canary.anywhere = vec![GIVE, TAKE];
        bed.plant(canary.at(Resource::Role, Public, facts))
    };
    let (name, about) = (word("name"), word("description"));
    let id = RoleId::new();
    let key = format!("role_{}", kernel::id::encode(id.uuid()));
    let written = format!(
        "[[role]]\nkey = \"{key}\"\nname = \"{name}\"\nabout = \"{about}\"\naudience = \"staff\"\nportals = [\"office\"]\n\
         reach = \"site\"\nmay = [\"site: view\"]"
    );
    let roles: access::Roles = written.parse().map_err(|why| Error::internal(format!("{why:?}")))?;
    for role in &roles.0 {
        query::put(&mut bed.batch, bed.organization, id, role, None, bed.now);
    }
    bed.record(Planted::new(key, format!("an own role, {}", bed.label), Resource::Role, facts));
    Ok(())
}
