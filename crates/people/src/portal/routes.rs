//! The route table of a client's portal page.

use kernel::Portal::Office;
use kernel::id::{ClientId, MembershipId};
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Failure, Input, Path, Query, Route};

use super::model::{AccountForm, PortalFilter, PortalOut, SaveForm};
use super::{SAVE, act, page};
use crate::members::MemberOut;

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Office), Door::Api];
    let office = [Door::Portal(Office)];
    vec![
        Route::get("/clients/{id}/portal", show)
            .only(&doors)
            .says("Read a client's portal: its accounts, their sites and switches, and what holds them back")
            .asks::<PortalFilter>()
            .gives::<PortalOut>(),
        Route::get("/clients/{id}/portal/accounts/new", new).only(&office),
        Route::post("/clients/{id}/portal/accounts", save)
            .only(&doors)
            .says("Save an account of a client, and invite it or not")
            .takes::<SaveForm>()
            .gives::<MemberOut>()
            .changes(act::SAVE_KIND),
        Route::post("/clients/{id}/portal/accounts/preview", look_at_new).only(&office),
        Route::post("/clients/{id}/portal/accounts/{membership}", change).only(&office),
        Route::put("/clients/{id}/portal/accounts/{membership}", change)
            .says("Change the sites and switches of a client's account")
            .takes::<AccountForm>()
            .gives::<PortalOut>()
            .changes(act::ACCOUNT_KIND),
        Route::post("/clients/{id}/portal/accounts/{membership}/preview", look).only(&office),
    ]
}

async fn show(ctx: Ctx, Path(id): Path<ClientId>, Query(filter): Query<PortalFilter>) -> Answer {
    let portal = act::show(&ctx, id, &filter).await?;
    ctx.show(&portal, |portal| page::show(&ctx, portal, &filter, None))
}

async fn new(ctx: Ctx, Path(id): Path<ClientId>) -> Answer {
    let (_, facts) = act::client(&ctx, id).await?;
    ctx.plan.permit_new(SAVE, &facts)?;
    let form = SaveForm { role: "client_account".into(), ..SaveForm::default() };
    form_page(&ctx, id, &form, None).await
}

async fn form_page(ctx: &Ctx, id: ClientId, form: &SaveForm, error: Option<kernel::Error>) -> Answer {
    let (client, _) = act::client(ctx, id).await?;
    let (roles, sites) = (act::offers(ctx).await?, act::sites(ctx, id).await?);
    let page = |wrong: &Complaints| page::new(ctx, &client, &roles, &sites, form, wrong);
    match error {
        Some(error) => ctx.again(error, page),
        None => ctx.page_only(|| page(&Complaints::default())),
    }
}

async fn save(ctx: Ctx, Path(id): Path<ClientId>, Input(form): Input<SaveForm>) -> Answer {
    match act::save(&ctx, id, &form).await {
        Ok(member) if ctx.door == Door::Api => ctx.created(&member, &format!("/members/{}", member.id)),
        Ok(_) => Ok(ctx.go(&format!("/clients/{id}/portal"))),
        Err(error) if ctx.portal().is_some() => form_page(&ctx, id, &form, Some(error)).await,
        Err(error) => Err(Failure(error)),
    }
}

/// Shows what a new account would see, before it is saved.
async fn look_at_new(ctx: Ctx, Path(id): Path<ClientId>, Input(form): Input<SaveForm>) -> Answer {
    let said = serde_json::json!({ "client": id, "form": form });
    match crate::changes::look(&ctx, act::SAVE_KIND, &said).await {
        Ok(shown) => Ok(shown),
        Err(error) => form_page(&ctx, id, &form, Some(error)).await,
    }
}

async fn change(
    ctx: Ctx,
    Path((id, who)): Path<(ClientId, MembershipId)>,
    Input(form): Input<AccountForm>,
) -> Answer {
    let done = act::change(&ctx, id, who, &form).await;
    let filter = PortalFilter::default();
    match done {
        Ok(()) if ctx.door == Door::Api => {
            let portal = act::show(&ctx, id, &filter).await?;
            ctx.show(&portal, |portal| page::show(&ctx, portal, &filter, None))
        }
        Ok(()) => Ok(ctx.go(&format!("/clients/{id}/portal#{who}"))),
        Err(error) if ctx.portal().is_some() => {
            let portal = act::show(&ctx, id, &filter).await?;
            ctx.again(error, |wrong| page::show(&ctx, &portal, &filter, Some((who, wrong))))
        }
        Err(error) => Err(Failure(error)),
    }
}

/// Shows what other sites and switches would let an account see, before they are saved.
async fn look(
    ctx: Ctx,
    Path((id, who)): Path<(ClientId, MembershipId)>,
    Input(form): Input<AccountForm>,
) -> Answer {
    let said = serde_json::json!({ "client": id, "member": who, "form": form });
    match crate::changes::look(&ctx, act::ACCOUNT_KIND, &said).await {
        Ok(shown) => Ok(shown),
        Err(error) => {
            let filter = PortalFilter::default();
            let portal = act::show(&ctx, id, &filter).await?;
            ctx.again(error, |wrong| page::show(&ctx, &portal, &filter, Some((who, wrong))))
        }
    }
}
