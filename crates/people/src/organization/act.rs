//! What can be done with the settings.

use access::{Authority, Facts, Feature, Permit, Resource, Switch, SwitchSet};
use kernel::{Error, Result};
use serde::Deserialize;
use serde_json::json;
use store::Batch;
use web::change::{self, Kind, Prepared, Preparing};
use web::identity::Everyone;
use web::{App, Ctx, Logo, Upload};

use super::features::{Subscribed, Turn};
use super::model::{LogoOut, OnForm, OrganizationForm, OrganizationOut};
use super::{EDIT, SEE_FEATURES, SET_FEATURES, VIEW, logo, query};

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
    let mut draft = form.parse()?;
    for (flag, typed, was) in [
        (&mut draft.require_static_site, &form.require_static_site, before.require_static_site),
        (&mut draft.refuse_staff_email, &form.refuse_staff_email, before.refuse_staff_email),
        (&mut draft.mail_on_publish, &form.mail_on_publish, before.mail_on_publish),
    ] {
        *flag = ctx.flag(typed, was.unwrap_or_default());
    }
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
    let prepared = prepare_switches(ctx, form, None).await?;
    let said = json!({ "on": form.on });
    change::commit(ctx, SWITCHES_KIND, &said, prepared).await?;
    show(ctx).await
}

/// Setting the switches, as a kind of change.
pub(super) const SWITCHES_KIND: Kind = Kind { word: "switches", prepare: switches_said };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchesSaid {
    #[serde(default)]
    on: Option<Vec<web::Text>>,
    /// What has to be on now, for it to be meant.
    #[serde(default)]
    expects: Option<Vec<Switch>>,
}

fn switches_said<'a>(ctx: &'a Ctx, said: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let said: SwitchesSaid = change::said(said)?;
        prepare_switches(ctx, &OnForm { on: said.on }, said.expects.as_deref()).await
    })
}

async fn prepare_switches(ctx: &Ctx, form: &OnForm, expects: Option<&[Switch]>) -> Result<Prepared> {
    let before = show(ctx).await?;
    let permit = ctx.plan.permit(EDIT, &facts(ctx))?;
    let on: Vec<Switch> = form.parse()?;
    let set = |switches: &[Switch]| switches.iter().copied().collect::<SwitchSet>();
    let was = before.switches.clone().unwrap_or_default();
    if expects.is_some_and(|expects| set(expects) != set(&was)) {
        return Err(Error::Stale);
    }
    let roles = ctx.roles().await?;
    let everyone = Everyone::load(ctx.store(), ctx.who.organization, ctx.now()).await?;
    let held = everyone.authorities(&roles);
    let outside = held.into_iter().filter(|one| one.audience != kernel::Audience::Staff);
    let pairs = outside.map(|one| {
        let after = Authority { switches: set(&on), ..one.clone() };
        (one, after)
    });
    let pairs: Vec<(Authority, Authority)> = pairs.collect();
    let mut batch = Batch::new();
    for switch in Switch::ALL {
        query::set_switch(&mut batch, &permit, *switch, on.contains(switch), ctx.now());
    }
    let detail = json!({ "before": before.switches, "after": on });
    ctx.journal(&mut batch, "set_switches", Resource::Organization, Some(before.id), &before.name, &detail);
    let inverse = Some((SWITCHES_KIND.word, json!({ "on": was, "expects": on })));
    let title = titled("What clients are let see", &was, &on, Switch::label);
    Ok(Prepared { title, batch, pairs, inverse, ..Prepared::default() })
}

/// A list of switches in a line: what goes on and what goes off.
fn titled<T: PartialEq + Copy>(what: &str, was: &[T], on: &[T], label: fn(T) -> &'static str) -> String {
    let named = |of: &[T], not: &[T]| {
        of.iter().filter(|one| !not.contains(one)).map(|one| label(*one).to_owned()).collect::<Vec<_>>()
    };
    let mut parts = Vec::new();
    for (names, word) in [(named(on, was), "on"), (named(was, on), "off")] {
        if !names.is_empty() {
            parts.push(format!("{} {word}", names.join(", ")));
        }
    }
    if parts.is_empty() { what.to_owned() } else { format!("{what}: {}", parts.join("; ")) }
}

/// Sets which features are on. Turning one off makes its roles inert and deletes nothing. Refused where nobody would
/// be left to administer the organization (law 2), or the asker would lock themselves out by a tick.
pub(super) async fn set_features(ctx: &Ctx, form: &OnForm) -> Result<OrganizationOut> {
    let prepared = prepare_features(ctx, form).await?;
    change::commit(ctx, FEATURES_KIND, &json!({ "on": form.on }), prepared).await?;
    show(ctx).await
}

/// Setting which features are on, as a kind of change.
pub(super) const FEATURES_KIND: Kind = Kind { word: "features", prepare: features_said };

fn features_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let form: OnForm = change::said(form)?;
        prepare_features(ctx, &form).await
    })
}

async fn prepare_features(ctx: &Ctx, form: &OnForm) -> Result<Prepared> {
    let before = show(ctx).await?;
    ctx.plan.permit(SET_FEATURES, &facts(ctx))?;
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
    let was = before.features.unwrap_or_default();
    let mut after = super::features::stored(ctx.store(), ctx.who.organization).await?;
    after.retain(|one| on.contains(&one.feature));
    for feature in on.iter().filter(|feature| !was.contains(feature)) {
        after.retain(|one| one.feature != *feature);
        after.push(Subscribed { feature: *feature, from: None, until: None });
    }
    let detail = json!({ "before": was, "after": on });
    let turn = Turn {
        title: titled("Features", &was, &on, super::features::label),
        after,
        action: "set_features",
        label: &before.name,
        detail: &detail,
    };
    super::features::turn(ctx, turn, None).await
}
