//! The route table of changing roles.

use access::Reach;
use kernel::Portal::{Client, Office};
use kernel::id::{AssignmentId, MembershipId};
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Failure, Input, Path, Route};

use super::model::{ChangeForm, GuestForm};
use super::{act, page};
use crate::members::{MemberOut, Term};
use crate::targets::names::{self, Offer};

pub(super) fn routes() -> Vec<Route> {
    let pages = [Door::Portal(Office), Door::Portal(Client)];
    vec![
        Route::get("/members/{id}/roles/{assignment}/edit", edit).only(&pages),
        Route::post("/members/{id}/roles/{assignment}", change).only(&pages),
        Route::put("/members/{id}/roles/{assignment}", change)
            .says("Change where and when a person holds a role")
            .takes::<ChangeForm>()
            .gives::<MemberOut>()
            .changes(act::CHANGE_KIND),
        Route::post("/members/{id}/roles/{assignment}/preview", look).only(&[Door::Portal(Office)]),
        Route::post("/members/{id}/guest-permission", set_guests)
            .only(&[Door::Portal(Office), Door::Portal(Client), Door::Api])
            .says("Let a manager create guest contractors and technicians, or not")
            .takes::<GuestForm>()
            .gives::<MemberOut>(),
    ]
}

async fn set_guests(ctx: Ctx, Path(id): Path<MembershipId>, Input(form): Input<GuestForm>) -> Answer {
    let member = act::set_guests(&ctx, id, &form).await?;
    ctx.done(&member, &format!("/members/{id}"))
}

async fn offers(ctx: &Ctx, held: &access::Assignment) -> kernel::Result<Vec<(Reach, Vec<Offer>)>> {
    names::offers(ctx, held.role.reach).await
}

async fn edit(ctx: Ctx, Path((id, role)): Path<(MembershipId, AssignmentId)>) -> Answer {
    let (member, held) = act::held(&ctx, id, role).await?;
    let (from, until) = Term { from: held.from, until: held.until }.written(&act::zone(&ctx));
    let form = ChangeForm {
        targets: held.targets.iter().map(|t| crate::targets::word(*t)).collect(),
        from: from.into(),
        until: until.into(),
        given_at: held.granted_at.to_string().into(),
    };
    let offers = offers(&ctx, &held).await?;
    ctx.page_only(|| page::change(&ctx, &member, &held, &offers, &form, &Complaints::default()))
}

async fn change(
    ctx: Ctx,
    Path((id, role)): Path<(MembershipId, AssignmentId)>,
    Input(form): Input<ChangeForm>,
) -> Answer {
    match act::change(&ctx, id, role, &form).await {
        Ok(member) => ctx.done(&member, &format!("/members/{id}")),
        Err(error) if ctx.portal().is_some() => {
            let (member, held) = act::held(&ctx, id, role).await?;
            let offers = offers(&ctx, &held).await?;
            ctx.again(error, |wrong| page::change(&ctx, &member, &held, &offers, &form, wrong))
        }
        Err(error) => Err(Failure(error)),
    }
}

/// Shows what holding a role elsewhere or at other times would make of the person, before it is changed.
async fn look(
    ctx: Ctx,
    Path((id, role)): Path<(MembershipId, AssignmentId)>,
    Input(form): Input<ChangeForm>,
) -> Answer {
    let said = serde_json::json!({ "member": id, "assignment": role, "form": form });
    match crate::changes::look(&ctx, act::CHANGE_KIND, &said).await {
        Ok(shown) => Ok(shown),
        Err(error) => {
            let (member, held) = act::held(&ctx, id, role).await?;
            let offers = offers(&ctx, &held).await?;
            ctx.again(error, |wrong| page::change(&ctx, &member, &held, &offers, &form, wrong))
        }
    }
}
