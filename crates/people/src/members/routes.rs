//! The route table of members; each handler is one expression.

use std::sync::Arc;

use access::Reach;
use kernel::Portal::{Client, Office};
use kernel::id::{AssignmentId, MembershipId, kind};
use kernel::page::Page;
use serde::Deserialize;
use web::reply::Complaints;
use web::search::{self, Finding};
use web::{Answer, Ctx, Door, Failure, Hit, Input, Path, Query, Route, Search};

use super::model::{GiveForm, MemberFilter, MemberForm, MemberOut};
use super::query::MEMBERS;
use super::sight::SightOut;
use super::{act, forms, page, roles, sight};
use crate::grants;
use crate::targets::names::{self, Offer};

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Office), Door::Portal(Client), Door::Api];
    let pages = [Door::Portal(Office), Door::Portal(Client)];
    vec![
        Route::get("/members", list)
            .only(&doors)
            .says("List people")
            .asks::<MemberFilter>()
            .gives::<Page<MemberOut>>()
            .found_by(Search { kind: "person", label: "People", icon: ui::icon::person, find }),
        Route::get("/members/{id}", show)
            .only(&doors)
            .says("Read a person")
            .gives::<MemberOut>()
            .shows::<kind::Membership>(&MEMBERS),
        Route::get("/members/{id}/edit", change).only(&pages),
        Route::post("/members/{id}", edit).only(&pages),
        Route::put("/members/{id}", edit).says("Change a person").takes::<MemberForm>().gives::<MemberOut>(),
        Route::post("/members/{id}/deactivation", deactivate)
            .only(&doors)
            .says("Deactivate a person: their sessions and tokens end at once")
            .gives::<MemberOut>()
            .changes(act::ACTIVE_KIND),
        Route::post("/members/{id}/reactivation", reactivate)
            .only(&doors)
            .says("Reactivate a person")
            .gives::<MemberOut>(),
        Route::post("/members/{id}/password-reset", reset_password)
            .only(&doors)
            .says("Mail a person a link to set a new password")
            .gives::<MemberOut>(),
        // Nobody of the client or contractor side may ever ask it, so there is no such page in their portal.
        Route::get("/members/{id}/sight", see)
            .only(&[Door::Portal(Office), Door::Api])
            .says("Read what a person can see, in sentences, now or on a day in the past")
            .asks::<When>()
            .gives::<Vec<SightOut>>(),
        Route::get("/members/{id}/roles/new", choose).only(&pages),
        Route::post("/members/{id}/roles", give)
            .only(&doors)
            .says("Give a person a role")
            .takes::<GiveForm>()
            .gives::<MemberOut>()
            .changes(roles::GIVE_KIND),
        Route::post("/members/{id}/roles/preview", look).only(&[Door::Portal(Office)]),
        Route::post("/members/{id}/roles/{assignment}/removal", take).only(&pages),
        Route::post("/members/{id}/roles/{assignment}/removal/preview", look_at_taking)
            .only(&[Door::Portal(Office)]),
        Route::delete("/members/{id}/roles/{assignment}", take)
            .says("Take a role from a person")
            .gives::<MemberOut>()
            .changes(roles::TAKE_KIND),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = MemberFilter { q, limit: Some(search::ROWS), ..MemberFilter::default() };
        let page = act::list(&ctx, &filter).await?;
        Ok(page.items.into_iter().map(hit).collect())
    })
}

fn hit(row: MemberOut) -> Hit {
    let hint = row.client_name.unwrap_or_else(|| crate::words::audience(row.audience).to_owned());
    Hit { path: format!("/members/{}", row.id), label: row.name, hint }
}

async fn list(ctx: Ctx, Query(filter): Query<MemberFilter>) -> Answer {
    let members = act::list(&ctx, &filter).await?;
    ctx.show(&members, |members| page::list(&ctx, &filter, members))
}

async fn show(ctx: Ctx, Path(id): Path<MembershipId>) -> Answer {
    let (member, facts) = act::show(&ctx, id).await?;
    ctx.show(&member, |member| page::show(&ctx, member, &facts))
}

async fn change(ctx: Ctx, Path(id): Path<MembershipId>) -> Answer {
    let (member, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(super::EDIT, &facts)?;
    ctx.page_only(|| forms::edit(&ctx, &member, &forms::filled(&member), &Complaints::default()))
}

async fn edit(ctx: Ctx, Path(id): Path<MembershipId>, Input(form): Input<MemberForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(member) => ctx.done(&member, &format!("/members/{id}")),
        Err(error) => {
            let (member, _) = act::find(&ctx, id).await?;
            ctx.again(error, |wrong| forms::edit(&ctx, &member, &form, wrong))
        }
    }
}

async fn deactivate(ctx: Ctx, Path(id): Path<MembershipId>) -> Answer {
    let member = act::set_active(&ctx, id, false).await?;
    ctx.done(&member, &format!("/members/{id}"))
}

async fn reactivate(ctx: Ctx, Path(id): Path<MembershipId>) -> Answer {
    let member = act::set_active(&ctx, id, true).await?;
    ctx.done(&member, &format!("/members/{id}"))
}

async fn reset_password(ctx: Ctx, Path(id): Path<MembershipId>) -> Answer {
    let member = act::reset_password(&ctx, id).await?;
    ctx.done(&member, &format!("/members/{id}"))
}

/// When a question is about.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct When {
    /// A day of the past such as 2026-11-23 (its end) or an instant; blank for now.
    at: String,
}

async fn see(ctx: Ctx, Path(id): Path<MembershipId>, Query(when): Query<When>) -> Answer {
    let (member, now) = act::plan_of(&ctx, id).await?;
    let at = crate::explain::instant(&ctx, &when.at)?;
    let (plan, since) = match at {
        None => (Some(now), None),
        Some(at) => act::plan_at(&ctx, id, at).await?,
    };
    let sights = match &plan {
        Some(plan) => sight::of(&ctx, plan).await?,
        None => Vec::new(),
    };
    let past = at.map(|at| page::Past { at, since, asked: &when.at, member_then: plan.is_some() });
    ctx.show(&sights, |sights| page::sight(&ctx, &member, sights, past.as_ref()))
}

/// Which role the form is for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chosen {
    role: String,
}

async fn choose(ctx: Ctx, Path(id): Path<MembershipId>, Query(chosen): Query<Chosen>) -> Answer {
    let (member, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit_new(grants::GIVE, &facts)?;
    if chosen.role.is_empty() {
        let offers = roles::offers(&ctx, &[member.audience]).await?;
        return ctx.page_only(|| forms::choose(&ctx, &member, &offers));
    }
    let form = GiveForm { role: chosen.role.as_str().into(), ..GiveForm::default() };
    let (role, offers) =
        second_step(&ctx, &form, member.audience).await.map_err(|_wrong| Failure(kernel::Error::NotFound))?;
    let page = forms::Give { member: &member, role: &role, offers: &offers };
    ctx.page_only(|| forms::give(&ctx, &page, &form, &Complaints::default()))
}

type Step = (Arc<access::Role>, Vec<(Reach, Vec<Offer>)>);

/// The role and the places to choose from.
async fn second_step(ctx: &Ctx, form: &GiveForm, side: kernel::Audience) -> kernel::Result<Step> {
    let role = roles::role(ctx, form.role.as_str(), Some(side)).await?;
    let places = names::offers(ctx, role.reach).await?;
    Ok((role, places))
}

async fn give(ctx: Ctx, Path(id): Path<MembershipId>, Input(form): Input<GiveForm>) -> Answer {
    match roles::give(&ctx, id, &form).await {
        Ok(member) => ctx.created(&member, &format!("/members/{id}")),
        Err(error) if ctx.portal().is_some() => {
            let (member, _) = act::find(&ctx, id).await?;
            let Ok((role, offers)) = second_step(&ctx, &form, member.audience).await else {
                return Err(Failure(error));
            };
            let page = forms::Give { member: &member, role: &role, offers: &offers };
            ctx.again(error, |wrong| forms::give(&ctx, &page, &form, wrong))
        }
        Err(error) => Err(Failure(error)),
    }
}

/// Shows what a role would let the person do, before it is given.
async fn look(ctx: Ctx, Path(id): Path<MembershipId>, Input(form): Input<GiveForm>) -> Answer {
    let said = serde_json::json!({ "member": id, "form": form });
    match crate::changes::look(&ctx, roles::GIVE_KIND, &said).await {
        Ok(shown) => Ok(shown),
        Err(error @ kernel::Error::NotFound) => Err(Failure(error)),
        Err(error) => {
            let (member, _) = act::find(&ctx, id).await?;
            let Ok((role, offers)) = second_step(&ctx, &form, member.audience).await else {
                return Err(Failure(error));
            };
            let page = forms::Give { member: &member, role: &role, offers: &offers };
            ctx.again(error, |wrong| forms::give(&ctx, &page, &form, wrong))
        }
    }
}

/// Shows what the person could not do any more, before a role is taken.
async fn look_at_taking(ctx: Ctx, Path((id, assignment)): Path<(MembershipId, AssignmentId)>) -> Answer {
    let said = serde_json::json!({ "member": id, "assignment": assignment });
    Ok(crate::changes::look(&ctx, roles::TAKE_KIND, &said).await?)
}

async fn take(ctx: Ctx, Path((id, assignment)): Path<(MembershipId, AssignmentId)>) -> Answer {
    let member = roles::take(&ctx, id, assignment).await?;
    ctx.done(&member, &format!("/members/{id}"))
}
