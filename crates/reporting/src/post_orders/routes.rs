//! The route table of post orders; each handler is one expression.

use kernel::Portal;
use kernel::id::{PostOrderId, kind};
use kernel::page::Page;
use web::reply::Complaints;
use web::search::Finding;
use web::{Answer, Ctx, Door, Hit, Input, Path, Query, Route, Search};

use super::model::{ORDERS, OrderFilter, OrderForm, OrderOut, OrderWhole, ReadForm};
use super::{CREATE, EDIT, OFFICE, STAFF, act, page};
use crate::sites;

const PAGE: [Door; 1] = [Door::Portal(Portal::Office)];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/post-orders", list)
            .only(&STAFF)
            .says("List post orders")
            .asks::<OrderFilter>()
            .gives::<Page<OrderOut>>()
            .found_by(Search { kind: "post_order", label: "Post orders", icon: ui::icon::file, find }),
        Route::post("/post-orders", create)
            .only(&OFFICE)
            .says("Write a post order")
            .takes::<OrderForm>()
            .gives::<OrderWhole>(),
        Route::get("/post-orders/new", new).only(&PAGE),
        Route::get("/post-orders/{id}", show)
            .only(&STAFF)
            .says("Read a post order with its editions and readers")
            .gives::<OrderWhole>()
            .shows::<kind::PostOrder>(&ORDERS),
        Route::get("/post-orders/{id}/edit", change).only(&PAGE),
        Route::post("/post-orders/{id}", edit).only(&PAGE),
        Route::put("/post-orders/{id}", edit)
            .says("Write a new edition of a post order")
            .takes::<OrderForm>()
            .gives::<OrderWhole>(),
        Route::post("/post-orders/{id}/acknowledgement", acknowledge)
            .only(&STAFF)
            .says("Say that one has read an edition of a post order")
            .takes::<ReadForm>()
            .gives::<OrderOut>(),
        Route::post("/post-orders/{id}/archive", archive)
            .only(&OFFICE)
            .says("Archive a post order")
            .gives::<OrderWhole>(),
        Route::post("/post-orders/{id}/restore", restore)
            .only(&OFFICE)
            .says("Restore a post order")
            .gives::<OrderWhole>(),
    ]
}

fn find(ctx: Ctx, q: String) -> Finding {
    Box::pin(async move {
        let filter = OrderFilter { q, limit: Some(web::search::ROWS), ..OrderFilter::default() };
        let found = act::list(&ctx, &filter).await?;
        Ok(found
            .items
            .iter()
            .map(|order| Hit {
                label: order.title.clone(),
                hint: order.site.clone(),
                path: format!("/post-orders/{}", order.id),
            })
            .collect())
    })
}

fn path(id: PostOrderId) -> String {
    format!("/post-orders/{id}")
}

async fn list(ctx: Ctx, Query(filter): Query<OrderFilter>) -> Answer {
    let orders = act::list(&ctx, &filter).await?;
    ctx.show(&orders, |orders| page::list(&ctx, &filter, orders))
}

async fn show(ctx: Ctx, Path(id): Path<PostOrderId>) -> Answer {
    let (order, facts) = act::whole(&ctx, id).await?;
    ctx.show(&order, |order| page::show(&ctx, order, &facts, &Complaints::default()))
}

async fn new(ctx: Ctx, Query(filter): Query<OrderFilter>) -> Answer {
    ctx.require(CREATE)?;
    let sites = sites::to_choose(&ctx, CREATE).await?;
    let typed = OrderForm { site: filter.site.as_str().into(), ..OrderForm::default() };
    ctx.page_only(|| page::form(&ctx, None, &sites, &typed, &Complaints::default()))
}

async fn create(ctx: Ctx, Input(form): Input<OrderForm>) -> Answer {
    match act::create(&ctx, &form).await {
        Ok(order) => ctx.created(&order, &path(order.order.id)),
        Err(error) => {
            let sites = sites::to_choose(&ctx, CREATE).await?;
            ctx.again(error, |wrong| page::form(&ctx, None, &sites, &form, wrong))
        }
    }
}

async fn change(ctx: Ctx, Path(id): Path<PostOrderId>) -> Answer {
    let (order, facts) = act::find(&ctx, id).await?;
    ctx.plan.permit(EDIT, &facts)?;
    ctx.page_only(|| page::form(&ctx, Some(&order), &[], &page::filled(&order), &Complaints::default()))
}

async fn edit(ctx: Ctx, Path(id): Path<PostOrderId>, Input(form): Input<OrderForm>) -> Answer {
    match act::edit(&ctx, id, &form).await {
        Ok(order) => ctx.done(&order, &path(id)),
        Err(error) => {
            let (order, _) = act::find(&ctx, id).await?;
            ctx.again(error, |wrong| page::form(&ctx, Some(&order), &[], &form, wrong))
        }
    }
}

async fn acknowledge(ctx: Ctx, Path(id): Path<PostOrderId>, Input(form): Input<ReadForm>) -> Answer {
    match act::acknowledge(&ctx, id, &form).await {
        Ok(order) => ctx.done(&order, &path(id)),
        Err(error) => {
            let (order, facts) = act::whole(&ctx, id).await?;
            ctx.again(error, |wrong| page::show(&ctx, &order, &facts, wrong))
        }
    }
}

async fn archive(ctx: Ctx, Path(id): Path<PostOrderId>) -> Answer {
    let order = act::set_archived(&ctx, id, true).await?;
    ctx.done(&order, &path(id))
}

async fn restore(ctx: Ctx, Path(id): Path<PostOrderId>) -> Answer {
    let order = act::set_archived(&ctx, id, false).await?;
    ctx.done(&order, &path(id))
}
