//! Raising an alarm. Whatever can be missing may be missing.

use access::Resource;
use kernel::id::{AlarmId, SiteId};
use kernel::{Error, Result};
use serde_json::json;
use store::Batch;
use web::Ctx;

use super::model::{AlarmForm, Moment};
use super::query::{self, Doer, NewAlarm};
use super::view::RaisedOut;
use super::{TRIGGER, mail, remind};
use crate::sites::{self, Ground};

/// A site, and why the alarm cannot be raised there.
pub(super) struct Offer {
    pub(super) ground: Ground,
    /// The sentence beside the button that cannot be pressed.
    pub(super) why_not: Option<String>,
}

/// What is offered: every current site that the asker sees, and the one that is presumed.
pub(super) struct Offers {
    pub(super) sites: Vec<Offer>,
    pub(super) presumed: Option<SiteId>,
}

pub(super) async fn offers(ctx: &Ctx) -> Result<Offers> {
    ctx.require(TRIGGER)?;
    let grounds = sites::sites(ctx).await?;
    let duty = crate::query::on_duty_at(ctx.store(), ctx.who.organization, ctx.who.membership).await?;
    let presumed = sites::presumed(&grounds, duty, None).map(|ground| ground.id);
    let sites = grounds
        .into_iter()
        .map(|ground| {
            let facts = ground.facts(ctx);
            let why_not = ctx.plan.permit_new(TRIGGER, &facts).err().map(|refusal| reason(&ground, &refusal));
            Offer { ground, why_not }
        })
        .collect();
    Ok(Offers { sites, presumed })
}

/// Why the button cannot be pressed, and who can change that (ROLES.md: MyProtektor).
fn reason(ground: &Ground, refusal: &Error) -> String {
    if ground.has_emergency_access() {
        format!("Your account is not linked to {}: {refusal}", ground.name)
    } else {
        format!(
            "Emergency access is off for {}. Your security company can turn it on; until then, call them or the emergency number.",
            ground.name
        )
    }
}

async fn ground(ctx: &Ctx, form: &AlarmForm) -> Result<Ground> {
    let all = sites::sites(ctx).await?;
    let named: Option<SiteId> = if form.site.is_blank() { None } else { form.site.parse().ok() };
    if let Some(ground) = named.and_then(|id| all.iter().find(|ground| ground.id == id)) {
        return Ok(ground.clone());
    }
    if !form.site.is_blank() {
        return Err(Error::field("site", "choose one of your sites, or leave it empty"));
    }
    let at = form.position().map(|position| position.point);
    let duty = crate::query::on_duty_at(ctx.store(), ctx.who.organization, ctx.who.membership).await?;
    // Where the alarm may not be raised is not presumed.
    let open: Vec<Ground> =
        all.into_iter().filter(|ground| ctx.plan.check(TRIGGER, &ground.facts(ctx))).collect();
    sites::presumed(&open, duty, at)
        .cloned()
        .ok_or_else(|| Error::field("site", "you have no site at which the alarm can be raised"))
}

pub(super) async fn raise(ctx: &Ctx, form: &AlarmForm) -> Result<RaisedOut> {
    ctx.require(TRIGGER)?;
    let (org, me, now) = (ctx.who.organization, ctx.who.membership, ctx.now());
    let ground = ground(ctx, form).await?;
    let worker = query::worker(ctx.store(), org, me).await?;
    let (phone, team) = worker.unwrap_or_default();
    let facts = access::Facts { team, ..ground.facts(ctx) };
    let permit = ctx.plan.permit_new(TRIGGER, &facts).map_err(|refusal| match refusal {
        Error::Forbidden(_) => Error::forbidden(reason(&ground, &refusal)),
        other => other,
    })?;
    let card = query::card(ctx.store(), org, me).await?;
    let phone = card.map(|card| card.phone).filter(|own| !own.is_empty()).unwrap_or(phone);
    let id = AlarmId::new();
    let raised_at = form.raised_at(now);
    let mut batch = Batch::new();
    query::insert(
        &mut batch,
        &permit,
        &NewAlarm {
            id,
            ground: &ground,
            area: facts.area,
            team,
            author: me,
            author_name: &ctx.who.name,
            side: ctx.who.audience,
            phone: &phone,
            word: &form.said(),
            position: form.position(),
            raised_at,
            now,
            again_at: remind::next(now, now),
        },
    );
    let by = Doer { membership: Some(me), name: &ctx.who.name };
    query::happened(&mut batch, org, id, (Moment::Raised, &form.said()), by, raised_at);
    mail::note(ctx, &mut batch, &mail::RAISED, id);
    let label = format!("Alarm at {}", ground.name);
    ctx.journal(&mut batch, "raise", Resource::Sos, Some(id), &label, &json!({ "raised_at": raised_at }));
    ctx.commit_new(batch, &format!("/sos/{id}")).await?;
    Ok(RaisedOut { id, site: ground.name, raised_at })
}
