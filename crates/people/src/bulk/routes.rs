//! The route table of giving a role to many.

use std::sync::Arc;

use access::Reach;
use kernel::Audience;
use kernel::Portal::{Client, Office};
use kernel::id::JobId;
use kernel::page::PageSize;
use serde::Deserialize;
use store::listing::Listing;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Failure, Input, Path, Query, Route};

use super::model::{BulkForm, PreviewOut, RunOut};
use super::{act, page};
use crate::grants::GIVE;
use crate::members::query::MEMBERS;
use crate::members::{self, MemberOut};
use crate::targets::names::{self, Offer};

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Office), Door::Portal(Client), Door::Api];
    let pages = [Door::Portal(Office), Door::Portal(Client)];
    vec![
        Route::get("/members/bulk", choose).only(&pages).plants(super::plants::plant),
        Route::post("/members/bulk/preview", preview)
            .only(&doors)
            .says("See who of many people could be given a role, and why others could not")
            .takes::<BulkForm>()
            .gives::<PreviewOut>(),
        Route::post("/members/bulk", assign)
            .only(&doors)
            .says("Give a role to many people: to all or nobody, or to those who can have it")
            .takes::<BulkForm>()
            .gives::<RunOut>()
            .changes(act::GIVE_KIND),
        Route::post("/members/bulk/look", look).only(&[Door::Portal(Office)]).changes(super::take::TAKE_KIND),
        Route::get("/members/bulk/{id}", show)
            .only(&doors)
            .says("See how far giving a role to many people is")
            .gives::<RunOut>(),
        Route::post("/members/bulk/{id}/continuation", go_on)
            .only(&doors)
            .says("Go on giving a role to many people where it stopped")
            .gives::<RunOut>(),
    ]
}

/// Which role the form is for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chosen {
    role: String,
}

/// What the form offers to choose from.
pub(super) struct Offers {
    pub(super) role: Arc<access::Role>,
    /// The roles of its side, for "everybody who holds".
    pub(super) roles: Vec<Arc<access::Role>>,
    pub(super) places: Vec<(Reach, Vec<Offer>)>,
    pub(super) people: Vec<MemberOut>,
    pub(super) more: bool,
}

async fn offers(ctx: &Ctx, form: &BulkForm) -> kernel::Result<Offers> {
    let role = members::role(ctx, form.role.as_str(), None).await?;
    let roles = members::offers(ctx, &[role.audience]).await?.into_iter().map(|offer| offer.role).collect();
    let page = Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?
        .is("active", 1)?
        .is("audience", role.audience.number())?
        .rows(PageSize::of(Some(PageSize::MOST)))
        .page::<MemberOut>(ctx.store())
        .await?;
    let places = names::offers(ctx, role.reach).await?;
    Ok(Offers { role, roles, places, more: page.next.is_some(), people: page.items })
}

async fn choose(ctx: Ctx, Query(chosen): Query<Chosen>) -> Answer {
    ctx.require(GIVE)?;
    if chosen.role.is_empty() {
        let offers = members::offers(&ctx, Audience::ALL).await?;
        return ctx.page_only(|| page::choose(&ctx, &offers));
    }
    let form = BulkForm { role: chosen.role.as_str().into(), ..BulkForm::default() };
    let offers = offers(&ctx, &form).await.map_err(|_wrong| Failure(kernel::Error::NotFound))?;
    ctx.page_only(|| page::form(&ctx, &offers, &form, &Complaints::default()))
}

async fn preview(ctx: Ctx, Input(form): Input<BulkForm>) -> Answer {
    match act::preview(&ctx, &form).await {
        Ok(preview) => ctx.show(&preview, |preview| page::preview(&ctx, preview, &form, None)),
        Err(error) => again(&ctx, &form, error).await,
    }
}

async fn again(ctx: &Ctx, form: &BulkForm, error: kernel::Error) -> Answer {
    if ctx.portal().is_none() {
        return Err(Failure(error));
    }
    match offers(ctx, form).await {
        Ok(offers) => ctx.again(error, |wrong| page::form(ctx, &offers, form, wrong)),
        Err(_no_role) => Err(Failure(error)),
    }
}

async fn assign(ctx: Ctx, Input(form): Input<BulkForm>) -> Answer {
    match act::assign(&ctx, &form).await {
        Ok(id) => {
            let run = act::show(&ctx, id).await?;
            ctx.created(&run, &format!("/members/bulk/{id}"))
        }
        Err(error @ kernel::Error::Conflict(_)) if ctx.portal().is_some() => {
            let preview = act::preview(&ctx, &form).await?;
            ctx.again(error, |wrong| page::preview(&ctx, &preview, &form, wrong.whole.as_deref()))
        }
        Err(error) => again(&ctx, &form, error).await,
    }
}

/// Shows what the role would let all of them do, before it is given or scheduled.
async fn look(ctx: Ctx, Input(form): Input<BulkForm>) -> Answer {
    let said = serde_json::to_value(&form).map_err(kernel::Error::internal)?;
    match crate::changes::look(&ctx, act::GIVE_KIND, &said).await {
        Ok(shown) => Ok(shown),
        Err(error @ kernel::Error::Conflict(_)) => {
            let preview = act::preview(&ctx, &form).await?;
            ctx.again(error, |wrong| page::preview(&ctx, &preview, &form, wrong.whole.as_deref()))
        }
        Err(error) => again(&ctx, &form, error).await,
    }
}

async fn show(ctx: Ctx, Path(id): Path<JobId>) -> Answer {
    let run = act::show(&ctx, id).await?;
    ctx.show(&run, |run| page::run(&ctx, run))
}

async fn go_on(ctx: Ctx, Path(id): Path<JobId>) -> Answer {
    act::go_on(&ctx, id).await?;
    let run = act::show(&ctx, id).await?;
    ctx.done(&run, &format!("/members/bulk/{id}"))
}
