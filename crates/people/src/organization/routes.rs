//! The route table of the settings.

use kernel::Portal;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Route};

use super::model::{OnForm, OrganizationForm, OrganizationOut};
use super::{act, page};

pub(super) fn routes() -> Vec<Route> {
    let seen = [Door::Portal(Portal::Office), Door::Portal(Portal::Client), Door::Api];
    let office = [Door::Portal(Portal::Office)];
    let doors = [Door::Portal(Portal::Office), Door::Api];
    vec![
        Route::get("/organization", show)
            .only(&seen)
            .says("Read the organization")
            .gives::<OrganizationOut>(),
        Route::post("/organization", edit).only(&office),
        Route::put("/organization", edit)
            .says("Change the organization")
            .takes::<OrganizationForm>()
            .gives::<OrganizationOut>(),
        Route::post("/organization/switches", switches)
            .only(&doors)
            .says("Set what the client side is let see")
            .takes::<OnForm>()
            .gives::<OrganizationOut>(),
        Route::post("/organization/features", features)
            .only(&doors)
            .says("Set which features are on")
            .takes::<OnForm>()
            .gives::<OrganizationOut>(),
    ]
}

async fn show(ctx: Ctx) -> Answer {
    let organization = act::show(&ctx).await?;
    ctx.show(&organization, |out| page::show(&ctx, out, &page::filled(out), &Complaints::default()))
}

async fn edit(ctx: Ctx, Input(form): Input<OrganizationForm>) -> Answer {
    match act::edit(&ctx, &form).await {
        Ok(out) => ctx.done(&out, "/organization"),
        Err(error) => {
            let now = act::show(&ctx).await?;
            ctx.again(error, |wrong| page::show(&ctx, &now, &form, wrong))
        }
    }
}

async fn switches(ctx: Ctx, Input(form): Input<OnForm>) -> Answer {
    let out = act::set_switches(&ctx, &form).await;
    after(&ctx, out).await
}

async fn features(ctx: Ctx, Input(form): Input<OnForm>) -> Answer {
    let out = act::set_features(&ctx, &form).await;
    after(&ctx, out).await
}

async fn after(ctx: &Ctx, out: kernel::Result<OrganizationOut>) -> Answer {
    match out {
        Ok(out) => ctx.done(&out, "/organization"),
        Err(error) => {
            let now = act::show(ctx).await?;
            ctx.again(error, |wrong| page::show(ctx, &now, &page::filled(&now), wrong))
        }
    }
}
