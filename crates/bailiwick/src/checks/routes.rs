//! The route table of leak tests.

use axum::Extension;
use axum::body::Body;
use kernel::Portal;
use kernel::id::AccessCheckId;
use kernel::page::Page;
use web::reply::{Complaints, download};
use web::{Answer, Ctx, Door, Input, Path, Query, Route};

use super::act::{self, Ground};
use super::model::{CheckFilter, CheckForm, CheckOut};
use super::page;
use crate::verify;

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(Portal::Office), Door::Api];
    vec![
        Route::get("/access-checks", list)
            .plants(super::plants::plant)
            .only(&doors)
            .says("List leak tests")
            .asks::<CheckFilter>()
            .gives::<Page<CheckOut>>(),
        Route::post("/access-checks", start)
            .only(&doors)
            .says("Create a leak test")
            .takes::<CheckForm>()
            .gives::<CheckOut>(),
        Route::get("/access-checks/{id}", show).only(&doors).says("Read a leak test").gives::<CheckOut>(),
        Route::get("/access-checks/{id}/report.json", json)
            .only(&doors)
            .says("Take the signed report of a leak test away")
            .gives_file("application/json"),
        Route::get("/access-checks/{id}/report.html", html)
            .only(&doors)
            .says("Take the report of a leak test away as a page")
            .gives_file("text/html"),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<CheckFilter>) -> Answer {
    let checks = act::list(&ctx, &filter).await?;
    ctx.show(&checks, |checks| page::list(&ctx, &filter, checks, &Complaints::default()))
}

async fn start(ctx: Ctx, ground: Option<Extension<Ground>>, Input(form): Input<CheckForm>) -> Answer {
    match act::start(&ctx, ground.map(|Extension(ground)| ground), &form).await {
        Ok(check) => ctx.created(&check, &format!("/access-checks/{}", check.id)),
        Err(error) if ctx.door == Door::Api => Err(error.into()),
        Err(error) => {
            let filter = CheckFilter::default();
            let checks = act::list(&ctx, &filter).await?;
            ctx.again(error, |wrong| page::list(&ctx, &filter, &checks, wrong))
        }
    }
}

async fn show(ctx: Ctx, Path(id): Path<AccessCheckId>) -> Answer {
    let (check, facts) = act::find(&ctx, id).await?;
    let signed = act::report(&ctx, id).await?;
    let report = signed.as_ref().and_then(verify::Signed::report);
    let takes = ctx.plan.check(super::RUN, &facts);
    ctx.show(&check, |check| page::show(&ctx, check, report.as_ref(), takes))
}

async fn json(ctx: Ctx, Path(id): Path<AccessCheckId>) -> Answer {
    let signed = act::take(&ctx, id).await?;
    let text = serde_json::to_string_pretty(&signed).map_err(kernel::Error::internal)?;
    Ok(download("access-report.json", "application/json", Body::from(text)))
}

async fn html(ctx: Ctx, Path(id): Path<AccessCheckId>) -> Answer {
    let signed = act::take(&ctx, id).await?;
    let page = verify::to_html(&signed).ok_or(kernel::Error::NotFound)?;
    Ok(download("access-report.html", "text/html; charset=utf-8", Body::from(page.into_string())))
}
