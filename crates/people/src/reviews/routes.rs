//! The route table of access review; each handler is one expression.

use kernel::Portal::{Client, Office};
use kernel::id::ReviewId;
use kernel::page::Page;
use schemars::JsonSchema;
use serde::Serialize;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Path, Query, Route};

use super::leavers::{LeaversFilter, LeaversOut};
use super::model::{
    ClosingForm, DecidedOut, DecisionsForm, ItemFilter, ItemOut, ReviewFilter, ReviewForm, ReviewOut,
    ReviewersForm,
};
use super::{act, create, decide, export, job, leavers, leavers_page, page};

const DOORS: [Door; 3] = [Door::Portal(Office), Door::Portal(Client), Door::Api];
const PAGES: [Door; 2] = [Door::Portal(Office), Door::Portal(Client)];
/// By hand somebody is reminded at most once a day.
const BY_HAND: i64 = 86_400_000_000;

/// How many were reminded.
#[derive(Debug, Serialize, JsonSchema)]
struct RemindedOut {
    reminded: usize,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/reviews", list)
            .plants(super::plants::plant)
            .only(&DOORS)
            .says("List campaigns of access review")
            .asks::<ReviewFilter>()
            .gives::<Page<ReviewOut>>(),
        Route::post("/reviews", start)
            .only(&DOORS)
            .says("Start a campaign of access review")
            .takes::<ReviewForm>()
            .gives::<ReviewOut>(),
        Route::get("/reviews/new", new).only(&PAGES),
        Route::get("/reviews/leavers", show_leavers)
            .only(&DOORS)
            .says("Read who left and still holds something")
            .asks::<LeaversFilter>()
            .gives::<LeaversOut>(),
        Route::get("/reviews/leavers/export", export_leavers)
            .only(&DOORS)
            .says("Export who left and still holds something, as CSV or JSON lines")
            .asks::<LeaversFilter>()
            .gives_file("text/csv"),
        Route::get("/reviews/{id}", show)
            .only(&DOORS)
            .says("Read a campaign of access review")
            .gives::<ReviewOut>(),
        Route::get("/reviews/{id}/items", items)
            .only(&[Door::Api])
            .says("List the grants of a campaign")
            .asks::<ItemFilter>()
            .gives::<Page<ItemOut>>(),
        Route::post("/reviews/{id}/decisions", decisions)
            .only(&DOORS)
            .says("Confirm or revoke grants of a campaign")
            .takes::<DecisionsForm>()
            .gives::<DecidedOut>(),
        Route::get("/reviews/{id}/reviewers", choose_reviewers).only(&PAGES),
        Route::post("/reviews/{id}/reviewers", set_reviewers).only(&PAGES),
        Route::put("/reviews/{id}/reviewers", set_reviewers)
            .says("Name the reviewers of a campaign")
            .takes::<ReviewersForm>()
            .gives::<ReviewOut>(),
        Route::post("/reviews/{id}/reminders", remind)
            .only(&DOORS)
            .says("Remind the reviewers of a campaign who still have something to decide")
            .gives::<RemindedOut>(),
        Route::post("/reviews/{id}/closing", close)
            .only(&DOORS)
            .says("Close a campaign and sign it off")
            .takes::<ClosingForm>()
            .gives::<ReviewOut>(),
        Route::get("/reviews/{id}/export", export_items)
            .only(&DOORS)
            .says("Export a campaign as CSV or JSON lines")
            .asks::<ItemFilter>()
            .gives_file("text/csv"),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<ReviewFilter>) -> Answer {
    let reviews = act::list(&ctx, &filter).await?;
    ctx.show(&reviews, |reviews| page::list(&ctx, &filter, reviews))
}

async fn new(ctx: Ctx) -> Answer {
    create::may_run(&ctx)?;
    let offers = page::Offers::of(&ctx).await?;
    ctx.page_only(|| page::form(&ctx, &offers, &page::blank(&ctx), &Complaints::default()))
}

async fn start(ctx: Ctx, Input(form): Input<ReviewForm>) -> Answer {
    match create::create(&ctx, &form).await {
        Ok(review) => ctx.created(&review, &format!("/reviews/{}", review.id)),
        Err(error) if ctx.door == Door::Api => Err(error.into()),
        Err(error) => {
            create::may_run(&ctx)?;
            let offers = page::Offers::of(&ctx).await?;
            ctx.again(error, |wrong| page::form(&ctx, &offers, &form, wrong))
        }
    }
}

async fn show(ctx: Ctx, Path(id): Path<ReviewId>, Query(filter): Query<ItemFilter>) -> Answer {
    let review = act::find(&ctx, id).await?;
    if ctx.door == Door::Api {
        return ctx.show(&review, |_| maud::html! {});
    }
    whole(&ctx, review, &filter, &DecisionsForm::default(), None, &Complaints::default()).await
}

/// The page of a campaign, with what was said of the last decisions.
async fn whole(
    ctx: &Ctx,
    review: ReviewOut,
    filter: &ItemFilter,
    typed: &DecisionsForm,
    decided: Option<&DecidedOut>,
    wrong: &Complaints,
) -> Answer {
    let items = act::items(ctx, &review, filter).await?;
    let about = act::about(ctx, &review).await?;
    let parts = page::Whole { review: &review, about: &about, filter, items: &items, decided, typed };
    ctx.page_only(|| page::show(ctx, &parts, wrong))
}

async fn items(ctx: Ctx, Path(id): Path<ReviewId>, Query(filter): Query<ItemFilter>) -> Answer {
    let review = act::find(&ctx, id).await?;
    let items = act::items(&ctx, &review, &filter).await?;
    ctx.show(&items, |_| maud::html! {})
}

async fn decisions(
    ctx: Ctx,
    Path(id): Path<ReviewId>,
    Query(filter): Query<ItemFilter>,
    Input(form): Input<DecisionsForm>,
) -> Answer {
    match decide::decide(&ctx, id, &form).await {
        Ok(out) if ctx.door == Door::Api => ctx.show(&out, |_| maud::html! {}),
        Ok(out) if out.refused.is_empty() => Ok(ctx.go(&page::back(id, &filter))),
        Ok(out) => {
            let review = act::find(&ctx, id).await?;
            whole(&ctx, review, &filter, &form, Some(&out), &Complaints::default()).await
        }
        Err(error) if ctx.door == Door::Api => Err(error.into()),
        Err(error) => {
            let review = act::find(&ctx, id).await?;
            let items = act::items(&ctx, &review, &filter).await?;
            let about = act::about(&ctx, &review).await?;
            let parts = page::Whole {
                review: &review,
                about: &about,
                filter: &filter,
                items: &items,
                decided: None,
                typed: &form,
            };
            ctx.again(error, |wrong| page::show(&ctx, &parts, wrong))
        }
    }
}

async fn choose_reviewers(ctx: Ctx, Path(id): Path<ReviewId>) -> Answer {
    let review = act::managed(&ctx, id).await?;
    let all = create::eligible(&ctx).await?;
    ctx.page_only(|| page::reviewers(&ctx, &review, &all, &Complaints::default()))
}

async fn set_reviewers(ctx: Ctx, Path(id): Path<ReviewId>, Input(form): Input<ReviewersForm>) -> Answer {
    match create::set_reviewers(&ctx, id, &form).await {
        Ok(review) => ctx.done(&review, &format!("/reviews/{id}")),
        Err(error) if ctx.door == Door::Api => Err(error.into()),
        Err(error) => {
            let review = act::managed(&ctx, id).await?;
            let all = create::eligible(&ctx).await?;
            ctx.again(error, |wrong| page::reviewers(&ctx, &review, &all, wrong))
        }
    }
}

async fn remind(ctx: Ctx, Path(id): Path<ReviewId>) -> Answer {
    let review = act::managed(&ctx, id).await?;
    if review.closed {
        return Err(kernel::Error::conflict("This campaign was closed.").into());
    }
    let url = &ctx.app.config.public_url;
    let reminded = job::of(ctx.store(), ctx.now(), url, ctx.who.organization, id, BY_HAND).await?;
    ctx.done(&RemindedOut { reminded }, &format!("/reviews/{id}#people"))
}

async fn close(ctx: Ctx, Path(id): Path<ReviewId>, Input(form): Input<ClosingForm>) -> Answer {
    match act::close(&ctx, id, &form).await {
        Ok(review) => ctx.done(&review, &format!("/reviews/{id}")),
        Err(error) if ctx.door == Door::Api => Err(error.into()),
        Err(error) => {
            let review = act::find(&ctx, id).await?;
            let filter = ItemFilter::default();
            let items = act::items(&ctx, &review, &filter).await?;
            let about = act::about(&ctx, &review).await?;
            let parts = page::Whole {
                review: &review,
                about: &about,
                filter: &filter,
                items: &items,
                decided: None,
                typed: &DecisionsForm::default(),
            };
            ctx.again(error, |wrong| page::show(&ctx, &parts, wrong))
        }
    }
}

async fn export_items(ctx: Ctx, Path(id): Path<ReviewId>, Query(filter): Query<ItemFilter>) -> Answer {
    export::file(&ctx, id, &filter).await
}

async fn show_leavers(ctx: Ctx, Query(filter): Query<LeaversFilter>) -> Answer {
    let out = leavers::report(&ctx, &filter).await?;
    ctx.show(&out, |out| leavers_page::page(&ctx, &filter, out))
}

async fn export_leavers(ctx: Ctx, Query(filter): Query<LeaversFilter>) -> Answer {
    let lines = match filter.format.as_str() {
        "" | "csv" => false,
        "jsonl" => true,
        other => {
            let why = format!("there is no format {other}; choose csv or jsonl");
            return Err(kernel::Error::BadRequest(why).into());
        }
    };
    let out = leavers::report(&ctx, &filter).await?;
    leavers_page::file(lines, out).await
}
