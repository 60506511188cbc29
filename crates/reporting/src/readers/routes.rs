//! The route table of readers.

use kernel::Portal;
use kernel::id::IncidentId;
use web::{Answer, Ctx, Door, Path, Route};

use super::act::{self, ReaderOut};
use super::page;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/incidents/{id}/readers", list)
            .only(&[Door::Portal(Portal::Office), Door::Api])
            .says("Read who read an incident")
            .gives::<Vec<ReaderOut>>(),
    ]
}

async fn list(ctx: Ctx, Path(id): Path<IncidentId>) -> Answer {
    let (label, readers) = act::list(&ctx, id).await?;
    ctx.show(&readers, |readers| page::list(&ctx, id, &label, readers))
}
