//! Beginning and ending.

use std::sync::Arc;

use access::{Permit, Plan, Role, Target};
use kernel::id::{MembershipId, PreviewId};
use kernel::{Error, Result, Timestamp};
use serde_json::json;
use store::Batch;
use web::preview::{self, IMPERSONATE, MINUTES, Preview, Whom};
use web::{Ctx, Visitor};

use super::model::PreviewForm;
use super::query;
use crate::grants;
use crate::members::{self, MemberOut};

/// A member whose eyes the asker could look through, or why not: the page says so before anything is typed.
pub(super) struct Chosen {
    pub(super) member: MemberOut,
    pub(super) refused: Option<String>,
}

/// The member, if the asker may see them and look through anybody's eyes there.
pub(super) async fn choose(ctx: &Ctx, id: MembershipId) -> Result<Chosen> {
    let (member, facts) = members::find(ctx, id).await?;
    ctx.plan.permit(IMPERSONATE, &facts)?;
    match may_look(ctx, &Whom::Member(id)).await {
        Ok(_) => Ok(Chosen { member, refused: None }),
        Err(Error::Forbidden(why)) => Ok(Chosen { member, refused: Some(why) }),
        Err(other) => Err(other),
    }
}

/// Begins to look through a member's eyes. Answers where to begin looking.
pub(super) async fn of_member(ctx: &Ctx, id: MembershipId, form: &PreviewForm) -> Result<String> {
    let (member, facts) = members::find(ctx, id).await?;
    let permit = ctx.plan.permit(IMPERSONATE, &facts)?;
    let back = ctx.href(&format!("/members/{id}"));
    begin(ctx, &permit, form, Whom::Member(id), &member.name, &back).await
}

/// The roles that the asker could look with somewhere.
pub(super) async fn roles(ctx: &Ctx) -> Result<Vec<Arc<Role>>> {
    ctx.require(IMPERSONATE)?;
    let all = ctx.roles().await?;
    let given = |role: &Role| ctx.plan.live_roles().any(|held| held.role.gives.contains(&role.key));
    Ok(all
        .all()
        .filter(|role| given(role) || access::may_write_role(&ctx.plan, role, &all).is_ok())
        .cloned()
        .collect())
}

/// One of [`roles`].
pub(super) async fn role(ctx: &Ctx, key: &str) -> Result<Arc<Role>> {
    roles(ctx).await?.into_iter().find(|role| role.key == key.trim()).ok_or(Error::NotFound)
}

/// Begins to look with a role at targets that nobody need hold.
pub(super) async fn of_role(ctx: &Ctx, form: &PreviewForm) -> Result<String> {
    let role = role(ctx, form.role.as_str()).await?;
    let targets = members::chosen(ctx, &role, &form.targets).await?;
    let whole = access::Facts::of(ctx.who.organization.uuid());
    let first = match targets.first() {
        Some(target) => {
            let hierarchy = crate::targets::around(ctx, [*target]).await?;
            hierarchy.facts(ctx.who.organization, *target)
        }
        None => whole,
    };
    let permit = ctx.plan.permit_new(IMPERSONATE, &first)?;
    let label = preview::label(&ctx.app, ctx.who.organization, &role, &targets).await?;
    begin(ctx, &permit, form, Whom::Role(role, targets), &label, &ctx.href("/members")).await
}

/// What may be looked at, with the asker's rights read anew.
async fn may_look(ctx: &Ctx, whom: &Whom) -> Result<(access::Authority, Plan)> {
    let asker = grants::giver(ctx).await?;
    let stand_in = MembershipId::new();
    let eyes = preview::may_look(&ctx.app, &asker, &ctx.who, whom, stand_in, ctx.now()).await?;
    // Who looks after people of some roles only looks through the eyes of these only.
    let roles = ctx.roles().await?;
    grants::named(&asker.compile(ctx.now()), &eyes.authority().assignments, &roles)?;
    Ok((asker, eyes.plan(ctx.now())))
}

async fn begin(
    ctx: &Ctx,
    permit: &Permit,
    form: &PreviewForm,
    whom: Whom,
    label: &str,
    back: &str,
) -> Result<String> {
    let session = ctx.who.session.ok_or(Error::NotFound)?;
    let (asker, plan) = may_look(ctx, &whom).await?;
    let reason = form.reason()?;
    let now = ctx.now();
    let ends_at = Timestamp::from_microsecond(now.as_microsecond() + MINUTES * 60_000_000).unwrap_or(now);
    let (member, role, targets): (_, _, &[Target]) = match &whom {
        Whom::Member(id) => (Some(*id), None, &[]),
        Whom::Role(role, targets) => (None, Some(role.key.as_str()), targets),
    };
    let words = targets.iter().map(Target::to_string).collect::<Vec<_>>().join(" ");
    let id = PreviewId::new();
    let mut batch = Batch::new();
    grants::decided_on(&mut batch, &asker);
    query::still_signed_in(&mut batch, session);
    query::stop(&mut batch, session, now);
    query::insert(
        &mut batch,
        permit,
        &query::New {
            id,
            session,
            member,
            role,
            targets: &words,
            whom: label,
            reason: reason.as_str(),
            back,
            started_at: now,
            ends_at,
        },
    );
    let detail =
        json!({ "preview": id, "reason": reason.as_str(), "until": ends_at, "role": role, "targets": words });
    ctx.journal(&mut batch, "preview_start", access::Resource::Account, member, label, &detail);
    ctx.commit(batch).await?;
    Ok(match plan.portals.iter().min() {
        Some(_) => crate::sessions::landing(&ctx.app, &plan, ""),
        None => preview::PATH.to_owned(),
    })
}

/// Ends the preview of a browser. Answers where its asker came from.
pub(super) async fn stop(visitor: &Visitor) -> Result<String> {
    let found = preview::current(&visitor.app, visitor.cookie.as_deref()).await?;
    let Some(preview) = found.and_then(|found| found.preview) else { return Ok("/".to_owned()) };
    let session = preview.asker.session.ok_or(Error::SignedOut)?;
    let now = visitor.app.clock.now();
    let mut batch = Batch::new();
    query::stop(&mut batch, session, now);
    note_stop(&mut batch, &preview, now, &visitor.address);
    visitor.app.store.commit(batch).await?;
    Ok(preview.banner.back.clone())
}

fn note_stop(batch: &mut Batch, preview: &Preview, now: Timestamp, address: &str) {
    preview.note(batch, now, "preview_stop", &json!({ "preview": preview.id }), address);
}
