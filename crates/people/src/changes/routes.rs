//! The route table of changes; each handler is one expression.

use http::{HeaderValue, header};
use kernel::Error;
use kernel::id::ChangeId;
use kernel::page::Page;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Path, Query, Reply, Route};

use super::model::{ChangeFilter, ChangeOut, DecideForm, ProposeForm};
use super::{act, page};

pub(super) fn routes() -> Vec<Route> {
    let doors = [Door::Portal(kernel::Portal::Office), Door::Api];
    vec![
        Route::get("/changes", list)
            .plants(super::plants::plant)
            .only(&doors)
            .says("List changes of rights: made, scheduled, taken back, refused")
            .asks::<ChangeFilter>()
            .gives::<Page<ChangeOut>>(),
        Route::post("/changes", propose)
            .only(&[Door::Api])
            .says("Propose a change of rights, to see what it would make of whom")
            .takes::<ProposeForm>()
            .gives::<ChangeOut>(),
        Route::get("/changes/{id}", show)
            .only(&doors)
            .says("Read a change, with its difference while it is not made")
            .gives::<ChangeOut>(),
        Route::post("/changes/{id}/application", apply)
            .only(&doors)
            .says("Make a change now")
            .takes::<DecideForm>()
            .gives::<ChangeOut>(),
        Route::post("/changes/{id}/schedule", schedule)
            .only(&doors)
            .says("Let a change wait for its hour")
            .takes::<DecideForm>()
            .gives::<ChangeOut>(),
        Route::post("/changes/{id}/discard", discard)
            .only(&doors)
            .says("Let a change go")
            .takes::<DecideForm>()
            .gives::<ChangeOut>(),
        Route::post("/changes/{id}/undo", undo)
            .only(&doors)
            .says("Take a change back")
            .takes::<DecideForm>()
            .gives::<ChangeOut>(),
    ]
}

async fn list(ctx: Ctx, Query(filter): Query<ChangeFilter>) -> Answer {
    let changes = act::list(&ctx, &filter).await?;
    ctx.show(&changes, |changes| page::list(&ctx, &filter, changes))
}

async fn propose(ctx: Ctx, Input(form): Input<ProposeForm>) -> Answer {
    let change = act::propose(&ctx, &form.kind, &form.form).await?;
    ctx.created(&change, &format!("/changes/{}", change.id))
}

async fn show(ctx: Ctx, Path(id): Path<ChangeId>) -> Answer {
    let change = act::show(&ctx, id).await?;
    let Reply(mut response) =
        ctx.show(&change, |change| page::show(&ctx, change, &DecideForm::default(), &Complaints::default()))?;
    if change.progress.is_some() && ctx.portal().is_some() {
        // Works without scripts: the page asks again how far the comparison is.
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("1"));
    }
    Ok(Reply(response))
}

async fn answer(ctx: &Ctx, id: ChangeId, form: &DecideForm, done: kernel::Result<ChangeOut>) -> Answer {
    match done {
        Ok(change) if ctx.door == Door::Api => ctx.show(&change, |_| maud::html! {}),
        // Whoever moved a record out of their own sight has done so, and is not shown it any more.
        Ok(_) if act::show(ctx, id).await.is_err() => Ok(ctx.go("/changes")),
        Ok(change) => ctx.done(&change, &format!("/changes/{id}")),
        Err(error @ Error::NotFound) => Err(error.into()),
        Err(error) => {
            let change = act::show(ctx, id).await?;
            ctx.again(error, |wrong| page::show(ctx, &change, form, wrong))
        }
    }
}

async fn apply(ctx: Ctx, Path(id): Path<ChangeId>, Input(form): Input<DecideForm>) -> Answer {
    let done = act::apply(&ctx, id, &form).await;
    answer(&ctx, id, &form, done).await
}

async fn schedule(ctx: Ctx, Path(id): Path<ChangeId>, Input(form): Input<DecideForm>) -> Answer {
    let done = act::schedule(&ctx, id, &form).await;
    answer(&ctx, id, &form, done).await
}

async fn discard(ctx: Ctx, Path(id): Path<ChangeId>, Input(form): Input<DecideForm>) -> Answer {
    let done = act::discard(&ctx, id, &form).await;
    answer(&ctx, id, &form, done).await
}

async fn undo(ctx: Ctx, Path(id): Path<ChangeId>, Input(form): Input<DecideForm>) -> Answer {
    let done = act::undo(&ctx, id, &form).await;
    answer(&ctx, id, &form, done).await
}
