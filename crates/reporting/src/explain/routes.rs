//! The route table of explanation.

use kernel::Portal;
use kernel::id::IncidentId;
use web::{Answer, Ctx, Door, Path, Query, Route};

use super::act::{self, AccessOut, AccessQuery};
use super::page;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/incidents/{id}/access", access)
            .only(&[Door::Portal(Portal::Office), Door::Api])
            .says("Read who can see an incident, and why")
            .asks::<AccessQuery>()
            .gives::<AccessOut>(),
    ]
}

async fn access(ctx: Ctx, Path(id): Path<IncidentId>, Query(asked): Query<AccessQuery>) -> Answer {
    let out = act::access(&ctx, id, &asked).await?;
    ctx.show(&out, |out| page::access(&ctx, out, &asked))
}
