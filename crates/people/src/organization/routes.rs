//! The route table of the settings.

use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderValue, header};
use kernel::Portal;
use web::input::WithFiles;
use web::reply::Complaints;
use web::{Answer, App, Ctx, Door, Input, Path, Reply, Route};

use super::features::{FeatureForm, FeatureOut};
use super::model::{LogoForm, OnForm, OrganizationForm, OrganizationOut};
use super::{act, features, features_page, page};

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
        Route::post("/organization/logo", set_logo)
            .only(&doors)
            .says("Set the logo: send a form with one file named `logo`, a PNG, JPEG or WebP picture")
            .takes::<LogoForm>()
            .gives::<OrganizationOut>(),
        Route::post("/organization/logo/removal", remove_logo).only(&office),
        Route::delete("/organization/logo", remove_logo).says("Remove the logo").gives::<OrganizationOut>(),
        Route::post("/organization/switches", switches)
            .only(&doors)
            .says("Set what the client side is let see")
            .takes::<OnForm>()
            .gives::<OrganizationOut>()
            .changes(act::SWITCHES_KIND),
        Route::post("/organization/switches/preview", look).only(&office),
        Route::post("/organization/features", set_features)
            .only(&doors)
            .says("Set which features are on")
            .takes::<OnForm>()
            .gives::<OrganizationOut>()
            .changes(act::FEATURES_KIND),
        Route::get("/organization/features", list_features)
            .only(&[Door::Api])
            .says("List features and packs, and who depends on them")
            .gives::<Vec<FeatureOut>>(),
        Route::get("/organization/features/{feature}", show_feature)
            .only(&doors)
            .says("Read a feature or pack")
            .gives::<FeatureOut>(),
        Route::post("/organization/features/{feature}", set_feature)
            .only(&office)
            .changes(features::ALL_KIND),
        Route::put("/organization/features/{feature}", set_feature)
            .says("Turn a feature or pack on, perhaps for a time, or off")
            .takes::<FeatureForm>()
            .gives::<FeatureOut>()
            .changes(features::ONE_KIND),
        Route::post("/organization/features/{feature}/preview", look_at_feature).only(&office),
    ]
}

async fn show(ctx: Ctx) -> Answer {
    let organization = act::show(&ctx).await?;
    let features = subscription(&ctx, &organization).await?;
    ctx.show(&organization, |out| {
        page::show(&ctx, out, &features, &page::filled(out), &Complaints::default())
    })
}

/// The features with what hangs on them, for pages of those who may see them.
async fn subscription(ctx: &Ctx, out: &OrganizationOut) -> kernel::Result<Vec<FeatureOut>> {
    if ctx.door == Door::Api || out.features.is_none() { Ok(Vec::new()) } else { features::list(ctx).await }
}

async fn list_features(ctx: Ctx) -> Answer {
    let all = features::list(&ctx).await?;
    ctx.show(&all, |_| maud::html! {})
}

async fn show_feature(ctx: Ctx, Path(word): Path<String>) -> Answer {
    let one = features::find(&ctx, &word).await?;
    if ctx.door != Door::Api {
        ctx.plan.permit(super::SET_FEATURES, &access::Facts::of(ctx.who.organization.uuid()))?;
    }
    ctx.show(&one, |one| {
        features_page::form(&ctx, one, &features_page::filled(&ctx, one), &Complaints::default())
    })
}

async fn set_feature(ctx: Ctx, Path(word): Path<String>, Input(form): Input<FeatureForm>) -> Answer {
    match features::set(&ctx, &word, &form).await {
        Ok(one) => ctx.done(&one, "/organization#features"),
        Err(error) => {
            let one = features::find(&ctx, &word).await?;
            ctx.again(error, |wrong| features_page::form(&ctx, &one, &form, wrong))
        }
    }
}

async fn edit(ctx: Ctx, Input(form): Input<OrganizationForm>) -> Answer {
    match act::edit(&ctx, &form).await {
        Ok(out) => ctx.done(&out, "/organization"),
        Err(error) => {
            let now = act::show(&ctx).await?;
            let features = subscription(&ctx, &now).await?;
            ctx.again(error, |wrong| page::show(&ctx, &now, &features, &form, wrong))
        }
    }
}

async fn set_logo(ctx: Ctx, sent: WithFiles<LogoForm>) -> Answer {
    let out = act::set_logo(&ctx, sent.files).await;
    after(&ctx, out).await
}

async fn remove_logo(ctx: Ctx) -> Answer {
    let out = act::remove_logo(&ctx).await;
    after(&ctx, out).await
}

/// A mark is shown on pages in front of the doors, so it is served there. Its address holds its digest: what is found
/// under it never changes.
pub(super) fn open() -> Vec<Route> {
    vec![Route::get("/logos/{digest}", logo).says("Read an organization's mark").gives_file("image/png")]
}

async fn logo(State(app): State<App>, Path(digest): Path<String>) -> Answer {
    let png = act::logo(&app, &digest).await?;
    let mut response = png.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(Reply(response))
}

/// Shows what other switches would let which client accounts see, before they are set.
async fn look(ctx: Ctx, Input(form): Input<OnForm>) -> Answer {
    let said = serde_json::json!({ "on": form.on });
    Ok(crate::changes::look(&ctx, act::SWITCHES_KIND, &said).await?)
}

/// Shows what a feature would make of whom, before it is turned on or off.
async fn look_at_feature(ctx: Ctx, Path(word): Path<String>, Input(form): Input<FeatureForm>) -> Answer {
    let said = serde_json::json!({ "feature": word, "form": form });
    match crate::changes::look(&ctx, features::ONE_KIND, &said).await {
        Ok(shown) => Ok(shown),
        Err(error) => {
            let one = features::find(&ctx, &word).await?;
            ctx.again(error, |wrong| features_page::form(&ctx, &one, &form, wrong))
        }
    }
}

async fn switches(ctx: Ctx, Input(form): Input<OnForm>) -> Answer {
    let out = act::set_switches(&ctx, &form).await;
    after(&ctx, out).await
}

async fn set_features(ctx: Ctx, Input(form): Input<OnForm>) -> Answer {
    let out = act::set_features(&ctx, &form).await;
    after(&ctx, out).await
}

async fn after(ctx: &Ctx, out: kernel::Result<OrganizationOut>) -> Answer {
    match out {
        Ok(out) => ctx.done(&out, "/organization"),
        Err(error) => {
            let now = act::show(ctx).await?;
            let features = subscription(ctx, &now).await?;
            ctx.again(error, |wrong| page::show(ctx, &now, &features, &page::filled(&now), wrong))
        }
    }
}
