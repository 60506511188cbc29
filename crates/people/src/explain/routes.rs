//! The route table of explanation.

use kernel::Portal;
use web::{Answer, Ctx, Door, Path, Query, Route};

use super::model::{AccessOut, AccessQuery};
use super::{act, page};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/access/{id}", access)
            .only(&[Door::Portal(Portal::Office), Door::Api])
            .says("Read who can see a record of any kind, and why, now or on a day in the past")
            .asks::<AccessQuery>()
            .gives::<AccessOut>(),
    ]
}

async fn access(ctx: Ctx, Path(id): Path<String>, Query(asked): Query<AccessQuery>) -> Answer {
    let out = act::access(&ctx, &id, &asked).await?;
    ctx.show(&out, |out| page::access(&ctx, out, &asked))
}
