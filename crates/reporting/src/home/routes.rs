//! The route of home.

use web::{Answer, Ctx, Route};

use super::act::{self, HomeOut};
use super::page;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/", home).pages(),
        Route::get("/home", home).only(&[web::Door::Api]).says("Read what needs you now").gives::<HomeOut>(),
    ]
}

async fn home(ctx: Ctx) -> Answer {
    let home = act::home(&ctx).await?;
    ctx.show(&home, |home| page::home(&ctx, home))
}
