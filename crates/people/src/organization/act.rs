//! What can be done with the settings.

use access::{Facts, Feature, Resource, Switch};
use kernel::Result;
use serde_json::json;
use store::Batch;
use web::Ctx;

use super::model::{OnForm, OrganizationForm, OrganizationOut};
use super::{EDIT, SEE_FEATURES, SET_FEATURES, VIEW, query};

fn facts(ctx: &Ctx) -> Facts {
    Facts::of(ctx.who.organization.uuid())
}

pub(super) async fn show(ctx: &Ctx) -> Result<OrganizationOut> {
    ctx.plan.permit(VIEW, &facts(ctx))?;
    let id = ctx.who.organization;
    let (name, details, zone, hue, require, refuse) = query::row(ctx.store(), id).await?;
    let mut out = OrganizationOut {
        id,
        name,
        details,
        zone,
        hue: None,
        require_static_site: None,
        refuse_staff_email: None,
        switches: None,
        features: None,
    };
    if ctx.plan.check(EDIT, &facts(ctx)) {
        out.hue = Some(hue);
        out.require_static_site = Some(require == 1);
        out.refuse_staff_email = Some(refuse == 1);
        let switches = query::switches(ctx.store(), id).await?;
        out.switches = Some(switches.into_iter().filter_map(|(n,)| Switch::try_from(n).ok()).collect());
    }
    if ctx.plan.check(SEE_FEATURES, &facts(ctx)) {
        let features = query::features(ctx.store(), id, ctx.now()).await?;
        out.features = Some(features.into_iter().filter_map(|(n,)| Feature::try_from(n).ok()).collect());
    }
    Ok(out)
}

pub(super) async fn edit(ctx: &Ctx, form: &OrganizationForm) -> Result<OrganizationOut> {
    let before = show(ctx).await?;
    let permit = ctx.plan.permit(EDIT, &facts(ctx))?;
    let draft = form.parse()?;
    let mut batch = Batch::new();
    query::update(&mut batch, &permit, &draft);
    let detail = json!({ "before": before, "after": form });
    ctx.journal(&mut batch, "edit", Resource::Organization, Some(before.id), draft.name.as_str(), &detail);
    ctx.commit(batch).await?;
    show(ctx).await
}

/// Sets which switches are on. The client side sees the difference with its next request.
pub(super) async fn set_switches(ctx: &Ctx, form: &OnForm) -> Result<OrganizationOut> {
    let before = show(ctx).await?;
    let permit = ctx.plan.permit(EDIT, &facts(ctx))?;
    let on: Vec<Switch> = form.parse()?;
    let mut batch = Batch::new();
    for switch in Switch::ALL {
        query::set_switch(&mut batch, &permit, *switch, on.contains(switch), ctx.now());
    }
    let detail = json!({ "before": before.switches, "after": on });
    ctx.journal(&mut batch, "set_switches", Resource::Organization, Some(before.id), &before.name, &detail);
    ctx.commit(batch).await?;
    show(ctx).await
}

/// Sets which features are on. Turning one off makes its roles inert and deletes nothing. The organization stays
/// administrable, because the role `administrator` belongs to no pack.
pub(super) async fn set_features(ctx: &Ctx, form: &OnForm) -> Result<OrganizationOut> {
    let before = show(ctx).await?;
    let permit = ctx.plan.permit(SET_FEATURES, &facts(ctx))?;
    let on: Vec<Feature> = form.parse()?;
    if ctx
        .plan
        .live_roles()
        .filter(|held| held.role.administrator)
        .all(|held| !held.role.packs.is_empty() && !held.role.packs.iter().any(|pack| on.contains(pack)))
    {
        return Err(kernel::Error::conflict(
            "this would turn off the pack your own administrator role belongs to; take the role Administrator first",
        ));
    }
    let mut batch = Batch::new();
    for feature in Feature::ALL {
        let was = before.features.as_ref().is_some_and(|all| all.contains(feature));
        if was != on.contains(feature) {
            query::set_feature(&mut batch, &permit, *feature, !was);
        }
    }
    let detail = json!({ "before": before.features, "after": on });
    ctx.journal(&mut batch, "set_features", Resource::Feature, Some(before.id), &before.name, &detail);
    ctx.commit(batch).await?;
    show(ctx).await
}
