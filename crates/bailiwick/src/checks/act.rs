//! What can be done with leak tests.

use access::{Facts, Resource};
use kernel::id::AccessCheckId;
use kernel::page::{Page, PageSize};
use kernel::{Clock, Error, Result};
use serde_json::json;
use store::listing::{self, Listing};
use store::{Batch, Settings, Store};
use web::Ctx;

use super::model::{CheckFilter, CheckForm, CheckOut, State};
use super::query::{self, CHECKS};
use super::{RUN, VIEW};
use crate::verify::{self, Depth, Signed};

/// Where scratch worlds are made: beside the installation's own database, on the same engine.
#[derive(Clone, Debug)]
pub(crate) struct Ground(pub(crate) Settings);

pub(super) async fn list(ctx: &Ctx, filter: &CheckFilter) -> Result<Page<CheckOut>> {
    ctx.require(VIEW)?;
    Listing::new(&ctx.plan, VIEW, &CHECKS)?
        .after(filter.cursor.as_deref())
        .rows(PageSize::of(filter.limit))
        .page(ctx.store())
        .await
}

pub(super) async fn find(ctx: &Ctx, id: AccessCheckId) -> Result<(CheckOut, Facts)> {
    listing::find(ctx.store(), &ctx.plan, VIEW, &CHECKS, id.uuid()).await
}

/// A run that ended, with its signed report.
pub(super) async fn report(ctx: &Ctx, id: AccessCheckId) -> Result<Option<Signed>> {
    find(ctx, id).await?;
    let text = query::report(ctx.store(), id).await?;
    Ok(serde_json::from_str(&text).ok())
}

/// The signed report to be taken away.
pub(super) async fn take(ctx: &Ctx, id: AccessCheckId) -> Result<Signed> {
    let (check, facts) = find(ctx, id).await?;
    ctx.plan.permit(RUN, &facts)?;
    let signed = report(ctx, id).await?;
    signed.ok_or_else(|| {
        Error::conflict(format!(
            "There is no report: the leak test is {}.",
            check.state.word().replace('_', " ")
        ))
    })
}

/// Starts a run. It goes on behind the scenes; the run's own page follows it.
pub(super) async fn start(ctx: &Ctx, ground: Option<Ground>, form: &CheckForm) -> Result<CheckOut> {
    let permit = ctx.plan.permit_new(RUN, &Facts::of(ctx.who.organization.uuid()))?;
    let ground = ground.ok_or_else(|| Error::Unavailable("there is no place for a scratch world".into()))?;
    let depth = if form.quick.is_on() { Depth::Quick } else { Depth::Whole };
    let id = AccessCheckId::new();
    let mut batch = Batch::new();
    query::begin(&mut batch, &permit, id, &ctx.who.name, ctx.now());
    ctx.journal(
        &mut batch,
        "start",
        Resource::Audit,
        Some(id),
        "Leak test",
        &json!({ "quick": depth == Depth::Quick }),
    );
    ctx.commit(batch).await?;
    let run = Run {
        id,
        store: ctx.store().clone(),
        clock: ctx.app.clock.clone(),
        features: ctx.app.features.clone(),
        likeness: verify::likeness(ctx.store(), ctx.who.organization, &ctx.who.organization_name).await?,
        depth,
    };
    tokio::spawn(run.whole(ground));
    Ok(find(ctx, id).await?.0)
}

/// A run under way.
struct Run {
    id: AccessCheckId,
    store: Store,
    clock: Clock,
    features: Vec<web::Feature>,
    likeness: verify::Likeness,
    depth: Depth,
}

impl Run {
    async fn whole(self, ground: Ground) {
        let (tell, mut told) = tokio::sync::watch::channel((0, 0));
        let (store, id) = (self.store.clone(), self.id);
        let writing = tokio::spawn(async move {
            while told.changed().await.is_ok() {
                let (done, all) = *told.borrow_and_update();
                let mut batch = Batch::new();
                query::progress(&mut batch, id, done, all);
                if let Err(error) = store.commit(batch).await {
                    tracing::warn!(%error, "could not note how far a leak test is");
                }
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
        });
        let progress = |done: usize, all: usize, _: &str| {
            let _ = tell.send((done, all));
        };
        let outcome = verify::run(&ground.0, &self.features, &self.likeness, self.depth, &progress).await;
        drop(tell);
        let _ = writing.await;
        let mut batch = Batch::new();
        match self.judged(outcome).await {
            Ok((state, counts, text)) => {
                query::end(&mut batch, self.id, state, counts, &text, self.clock.now());
            }
            Err(why) => {
                tracing::error!(why, "a leak test could not be finished");
                query::fail(&mut batch, self.id, &why, self.clock.now());
            }
        }
        if let Err(error) = self.store.commit(batch).await {
            tracing::error!(%error, "the outcome of a leak test could not be stored");
        }
    }

    async fn judged(
        &self,
        outcome: std::result::Result<verify::Report, crate::cli::Refusal>,
    ) -> std::result::Result<(State, (u64, usize), String), String> {
        let report = outcome.map_err(|refusal| refusal.0)?;
        let signed = verify::signed(&self.store, &report).await.map_err(|error| error.to_string())?;
        let text = serde_json::to_string(&signed).map_err(|error| error.to_string())?;
        let state = if report.found == 0 { State::Good } else { State::Leaks };
        Ok((state, (report.questions, report.found), text))
    }
}
