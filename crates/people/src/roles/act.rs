//! What can be done with roles.

use std::collections::HashMap;

use access::{Action, Catalogue, Permission, Resource, Role, permission};
use kernel::id::MembershipId;
use kernel::page::{Page, PageSize};
use kernel::{Error, Result};
use serde_json::json;
use store::listing::Listing;
use store::{Batch, FromRow, Row, Value};
use web::Ctx;
use web::input::wanted;

use super::model::{
    HeldOut, HolderFilter, HolderOut, ImportForm, RoleFilter, RoleForm, RoleOut, RolePageOut,
};
use super::{EXPORT, VIEW, query, say, write};
use crate::members::query::{self as people, MEMBERS};
use crate::targets::names::Names;

const SEE_PEOPLE: Permission = permission(Resource::Account, Action::View);
const SEE_HELD: Permission = permission(Resource::Assignment, Action::View);

/// Everything the catalogue holds that the filter asks for: the packs that are on, then the organization's own.
pub(super) async fn list(ctx: &Ctx, filter: &RoleFilter) -> Result<Vec<RoleOut>> {
    ctx.plan.permit(VIEW, &write::facts(ctx))?;
    let roles = ctx.roles().await?;
    let mut out: Vec<RoleOut> = if filter.archived {
        roles
            .all_own()
            .filter(|own| own.archived.is_some())
            .map(|own| RoleOut::of(&own.role, &roles))
            .collect()
    } else {
        chosen(&roles, &filter.pack, &filter.portal, &filter.resource)?
            .into_iter()
            .map(|role| RoleOut::of(role, &roles))
            .collect()
    };
    let needle = store::fold(filter.q.trim());
    out.retain(|role| {
        needle.is_empty()
            || [&role.name, &role.key, &role.about].iter().any(|text| store::fold(text).contains(&needle))
    });
    // A number says something of people, so it is told only to those who may see all of them.
    if ctx.plan.everywhere(SEE_PEOPLE) && ctx.plan.everywhere(SEE_HELD) {
        let holders: HashMap<String, i64> =
            query::holders(ctx.store(), ctx.who.organization).await?.into_iter().collect();
        for role in &mut out {
            role.holders = Some(holders.get(&role.key).copied().unwrap_or(0));
        }
    }
    Ok(out)
}

/// The roles of a pack (or `own`, or all whose pack is on), a portal and a kind of record.
///
/// # Errors
/// [`Error::BadRequest`] for a word there is not.
pub(super) fn chosen<'a>(
    roles: &'a Catalogue,
    pack: &str,
    portal: &str,
    resource: &str,
) -> Result<Vec<&'a Role>> {
    let pack = if pack == "own" { Some(None) } else { wanted::<access::Feature>(pack)?.map(Some) };
    let (portal, resource) = (wanted::<kernel::Portal>(portal)?, wanted::<Resource>(resource)?);
    Ok(roles
        .all()
        .map(|role| &**role)
        .filter(|role| match pack {
            None => roles.off(role) != Some(access::Because::PackOff),
            Some(None) => roles.own(&role.key).is_some(),
            Some(Some(pack)) => role.packs.contains(&pack) && roles.own(&role.key).is_none(),
        })
        .filter(|role| portal.is_none_or(|portal| role.portals.contains(&portal)))
        .filter(|role| {
            resource.is_none_or(|resource| role.grants.iter().any(|g| g.permission.resource() == resource))
        })
        .collect())
}

/// One role by its key, archived or not.
pub(super) async fn find(ctx: &Ctx, key: &str) -> Result<RoleOut> {
    ctx.plan.permit(VIEW, &write::facts(ctx))?;
    let roles = ctx.roles().await?;
    let role = roles.known(key).ok_or(Error::NotFound)?;
    Ok(RoleOut::of(role, &roles))
}

/// Holders of a role that are looked through at most.
const MOST_HOLDERS: i64 = 20_000;

struct Person {
    id: MembershipId,
    name: String,
    active: bool,
}

impl FromRow for Person {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.get(0)?, name: row.get(1)?, active: row.get::<i64>(6)? == 1 })
    }
}

/// A role with its sentences, and who holds it within the asker's plan.
pub(super) async fn show(ctx: &Ctx, key: &str, filter: &HolderFilter) -> Result<RolePageOut> {
    let mut role = find(ctx, key).await?;
    let roles = ctx.roles().await?;
    let sentences = roles.known(key).map(|role| say::sentences(role)).unwrap_or_default();
    let mut out = RolePageOut { role: role.clone(), sentences, held_by: Vec::new(), next: None };
    if !ctx.may(SEE_PEOPLE) || !ctx.may(SEE_HELD) {
        return Ok(out);
    }
    let ids = query::held_by(ctx.store(), ctx.who.organization, key, MOST_HOLDERS).await?;
    if ctx.plan.everywhere(SEE_PEOPLE) && ctx.plan.everywhere(SEE_HELD) {
        role.holders = i64::try_from(ids.len()).ok();
    }
    let page: Page<Person> = Listing::new(&ctx.plan, SEE_PEOPLE, &MEMBERS)?
        .within(SEE_HELD)
        .one_of("id", ids.into_iter().map(|(id,)| Value::from(id)).collect())?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(Some(50)))
        .page(ctx.store())
        .await?;
    let shown: Vec<MembershipId> = page.items.iter().map(|one| one.id).collect();
    let mut given = people::given(ctx.store(), ctx.who.organization, &shown).await?;
    given.retain(|given| given.role == key);
    let names = Names::of(ctx, given.iter().flat_map(|g| g.targets.iter().copied())).await?;
    out.held_by = page
        .items
        .into_iter()
        .map(|one| HolderOut {
            held: given
                .iter()
                .filter(|g| g.membership == one.id)
                .map(|g| HeldOut {
                    assignment: g.id,
                    targets: g.targets.iter().map(|t| names.out(*t)).collect(),
                    place: names.sentence(&g.targets),
                    from: g.from,
                    until: g.until,
                })
                .collect(),
            id: one.id,
            name: one.name,
            active: one.active,
        })
        .collect();
    out.next = page.next;
    out.role = role;
    Ok(out)
}

/// Makes a role.
pub(super) async fn create(ctx: &Ctx, form: &RoleForm) -> Result<RoleOut> {
    let (prepared, _, role) = write::create(ctx, form).await?;
    ctx.commit_new(prepared.batch, &format!("/roles/{}", role.key)).await?;
    again(ctx, &role.key).await
}

/// Changes a role for everybody who holds it.
pub(super) async fn edit(ctx: &Ctx, key: &str, form: &RoleForm) -> Result<RoleOut> {
    let was = ctx.roles().await?.known(key).is_some_and(|role| role.exclusive);
    let form = &RoleForm { exclusive: web::Text(ctx.flag(&form.exclusive, was).to_string()), ..form.clone() };
    let prepared = write::edit(ctx, key, form).await?;
    let said = json!({ "key": key, "form": form });
    web::change::commit(ctx, write::EDIT_KIND, &said, prepared.into()).await?;
    again(ctx, key).await
}

/// Archives a role, or restores it.
pub(super) async fn set_archived(
    ctx: &Ctx,
    key: &str,
    version: Option<i64>,
    archived: bool,
) -> Result<RoleOut> {
    if let Some(prepared) = write::set_archived(ctx, key, version, archived).await? {
        let said = json!({ "key": key, "version": version, "archived": archived });
        web::change::commit(ctx, write::ARCHIVE_KIND, &said, prepared.into()).await?;
    }
    again(ctx, key).await
}

/// Brings roles in from text.
pub(super) async fn import(ctx: &Ctx, form: &ImportForm) -> Result<Vec<RoleOut>> {
    let prepared = write::import(ctx, form).await?;
    let keys = prepared.keys.clone();
    web::change::commit(ctx, write::IMPORT_KIND, &json!(form), prepared.into()).await?;
    let roles = ctx.app.roles(ctx.who.organization).await?;
    Ok(keys.iter().filter_map(|key| roles.known(key)).map(|role| RoleOut::of(role, &roles)).collect())
}

/// A role after a change: the request's own epoch is over by then.
async fn again(ctx: &Ctx, key: &str) -> Result<RoleOut> {
    let roles = ctx.app.roles(ctx.who.organization).await?;
    roles.known(key).map(|role| RoleOut::of(role, &roles)).ok_or(Error::NotFound)
}

/// A role as text, with its line in the journal: what leaves with a file is known.
pub(super) async fn export(ctx: &Ctx, key: &str) -> Result<String> {
    find(ctx, key).await?;
    ctx.plan.permit(EXPORT, &write::facts(ctx))?;
    let roles = ctx.roles().await?;
    let role = roles.known(key).ok_or(Error::NotFound)?;
    let mut role = (**role).clone();
    // What only the program's own roles can be is no part of a copy.
    role.administrator = false;
    role.packs = Vec::new();
    let id = roles.own(key).map(|own| own.id);
    let mut batch = Batch::new();
    ctx.journal(&mut batch, "export", Resource::Role, id, &role.name, &json!({ "key": key }));
    ctx.commit(batch).await?;
    Ok(access::write_role(&role))
}
