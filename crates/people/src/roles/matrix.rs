//! Roles side by side: permissions down, roles across, the reach in each cell.

use access::{Feature, Permission, Resource, Role};
use kernel::{Error, Result};
use web::Ctx;

use super::act::chosen;
use super::model::{MatrixFilter, MatrixGrant, MatrixOut, MatrixResource, MatrixRow, RoleOut};
use super::{VIEW, say, write};

/// Columns a page: more are not read side by side.
pub(super) const COLUMNS: usize = 16;

/// The matrix of what the filter asks for.
pub(super) async fn of(ctx: &Ctx, filter: &MatrixFilter) -> Result<MatrixOut> {
    ctx.plan.permit(VIEW, &write::facts(ctx))?;
    let roles = ctx.roles().await?;
    let (columns, all): (Vec<&Role>, usize) = if filter.role.iter().any(|key| !key.is_empty()) {
        let mut named: Vec<&Role> = Vec::new();
        for key in filter.role.iter().filter(|key| !key.is_empty()) {
            let role = roles.known(key).ok_or(Error::NotFound)?;
            if !named.iter().any(|other| other.key == role.key) {
                named.push(role);
            }
        }
        named.truncate(COLUMNS);
        let many = named.len();
        (named, many)
    } else {
        let pack = pack(&filter.pack, roles.features());
        let all = chosen(&roles, pack, &filter.portal, &filter.resource)?;
        let many = all.len();
        let skipped = filter.page.saturating_mul(COLUMNS);
        (all.into_iter().skip(skipped).take(COLUMNS).collect(), many)
    };
    let wanted = match filter.resource.as_str() {
        "" => None,
        word => Some(word.parse::<Resource>().map_err(Error::BadRequest)?),
    };
    let resources = Resource::ALL
        .iter()
        .filter(|resource| wanted.is_none_or(|wanted| wanted == **resource))
        .filter_map(|resource| rows(*resource, &columns, filter.differ))
        .collect();
    Ok(MatrixOut {
        roles: columns.iter().map(|role| RoleOut::of(role, &roles)).collect(),
        resources,
        of: all,
    })
}

/// The pack that is meant: the one named, else the first that is on, else the organization's own roles.
pub(super) fn pack(named: &str, features: access::FeatureSet) -> &str {
    if !named.is_empty() {
        return named;
    }
    [Feature::Guarding, Feature::Service, Feature::Reconditioning]
        .into_iter()
        .find(|pack| features.has(*pack))
        .map_or("own", Feature::word)
}

fn rows(resource: Resource, columns: &[&Role], differ: bool) -> Option<MatrixResource> {
    let rows: Vec<MatrixRow> = Permission::of(resource)
        .map(|permission| MatrixRow {
            permission: permission.to_string(),
            label: say::action(permission.action()).to_owned(),
            cells: columns.iter().map(|role| cell(role, permission)).collect(),
        })
        .filter(|row| row.cells.iter().any(|cell| !cell.is_empty()))
        .filter(|row| !differ || row.cells.windows(2).any(|two| two.first() != two.last()))
        .collect();
    (!rows.is_empty()).then(|| MatrixResource {
        resource: resource.word().to_owned(),
        label: resource.label().to_owned(),
        rows,
    })
}

fn cell(role: &Role, permission: Permission) -> Vec<MatrixGrant> {
    let mut found: Vec<MatrixGrant> = Vec::new();
    for grant in role.grants.iter().filter(|grant| grant.permission == permission) {
        let mut conditions = grant.conditions.clone();
        conditions.sort_unstable();
        let one = MatrixGrant { reach: grant.reach, conditions };
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found.sort_by(|a, b| (a.reach, &a.conditions).cmp(&(b.reach, &b.conditions)));
    found
}
