//! What can be done with the settings.

use access::{Facts, Feature, Permit, Resource, Switch};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::{App, Ctx, Logo, Upload};

use super::features::Subscribed;
use super::model::{LogoOut, OnForm, OrganizationForm, OrganizationOut};
use super::{EDIT, SEE_FEATURES, SET_FEATURES, VIEW, logo, query};
use crate::grants;

fn facts(ctx: &Ctx) -> Facts {
    Facts::of(ctx.who.organization.uuid())
}

pub(super) async fn show(ctx: &Ctx) -> Result<OrganizationOut> {
    ctx.plan.permit(VIEW, &facts(ctx))?;
    let id = ctx.who.organization;
    let row = query::row(ctx.store(), id).await?;
    let mut out = OrganizationOut {
        id,
        name: row.name,
        details: row.details,
        zone: row.zone,
        logo: row.logo.as_ref().map(LogoOut::from),
        hue: None,
        require_static_site: None,
        refuse_staff_email: None,
        mail_on_publish: None,
        switches: None,
        features: None,
    };
    if ctx.plan.check(EDIT, &facts(ctx)) {
        out.hue = Some(row.hue);
        out.require_static_site = Some(row.require_static_site);
        out.refuse_staff_email = Some(row.refuse_staff_email);
        out.mail_on_publish = Some(row.mail_on_publish);
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

/// Takes in the organization's mark, in place of the one before.
pub(super) async fn set_logo(ctx: &Ctx, mut files: Vec<Upload>) -> Result<OrganizationOut> {
    let before = show(ctx).await?;
    let permit = ctx.plan.permit(EDIT, &facts(ctx))?;
    let wrong = |why: &str| Error::field("logo", why);
    let (Some(file), true) = (files.pop(), files.is_empty()) else {
        return Err(wrong("choose one picture"));
    };
    if file.excess.is_some() {
        return Err(wrong(&logo::too_large()));
    }
    // Most refusals need only the first bytes; waiting for a turn is for those that must be decoded.
    let format = logo::sniff(&file.bytes).map_err(|why| wrong(&why))?;
    let turn = web::picture::turn().await?;
    let made = tokio::task::spawn_blocking(move || logo::take(format, &file.bytes)).await;
    drop(turn);
    let made = made.map_err(Error::internal)?.map_err(|why| wrong(&why))?;
    let digest = ctx.app.files.put(made.png).await?;
    let logo = Logo { digest, width: made.width, height: made.height };
    write_logo(ctx, &permit, &before, Some(&logo)).await
}

/// Takes the mark away.
pub(super) async fn remove_logo(ctx: &Ctx) -> Result<OrganizationOut> {
    let before = show(ctx).await?;
    let permit = ctx.plan.permit(EDIT, &facts(ctx))?;
    if before.logo.is_none() {
        return Ok(before);
    }
    write_logo(ctx, &permit, &before, None).await
}

async fn write_logo(
    ctx: &Ctx,
    permit: &Permit,
    before: &OrganizationOut,
    logo: Option<&Logo>,
) -> Result<OrganizationOut> {
    let mut batch = Batch::new();
    query::set_logo(&mut batch, permit, logo);
    let detail = json!({ "before": before.logo, "after": logo.map(LogoOut::from) });
    let action = if logo.is_some() { "set_logo" } else { "remove_logo" };
    ctx.journal(&mut batch, action, Resource::Organization, Some(before.id), &before.name, &detail);
    ctx.commit(batch).await?;
    show(ctx).await
}

/// The content of a mark. Whatever else is kept under a digest is not found here.
pub(super) async fn logo(app: &App, digest: &str) -> Result<Vec<u8>> {
    let digest = store::files::unhex(digest).ok_or(Error::NotFound)?;
    if !query::is_logo(&app.store, digest).await? {
        return Err(Error::NotFound);
    }
    app.files.get(&digest).await
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

/// Sets which features are on. Turning one off makes its roles inert and deletes nothing. Refused where nobody would
/// be left to administer the organization (law 2), or the asker would lock themselves out by a tick.
pub(super) async fn set_features(ctx: &Ctx, form: &OnForm) -> Result<OrganizationOut> {
    let before = show(ctx).await?;
    let permit = ctx.plan.permit(SET_FEATURES, &facts(ctx))?;
    let on: Vec<Feature> = form.parse()?;
    let administers: Vec<&access::Role> =
        ctx.plan.live_roles().map(|held| &*held.role).filter(|role| role.administrator).collect();
    let stays =
        |role: &&access::Role| role.packs.is_empty() || role.packs.iter().any(|pack| on.contains(pack));
    if !administers.is_empty() && !administers.iter().any(stays) {
        return Err(Error::conflict(
            "This would turn off the pack that your own administrator's role belongs to. Let an administrator whose \
             role belongs to no pack or to another one do it.",
        ));
    }
    let giver = grants::giver(ctx).await?;
    let mut after = super::features::stored(ctx.store(), ctx.who.organization).await?;
    after.retain(|one| on.contains(&one.feature));
    let new = on.iter().filter(|feature| !before.features.as_ref().is_some_and(|had| had.contains(feature)));
    for feature in new {
        after.retain(|one| one.feature != *feature);
        after.push(Subscribed { feature: *feature, from: None, until: None });
    }
    let all = web::identity::authorities(ctx.store(), ctx.who.organization, ctx.now()).await?;
    super::features::administered(&all, &after, ctx.now(), &crate::members::zone(ctx))?;
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &giver);
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
