//! The routes of notifications: behind the doors the settings, in front of them the link that stops a sort of message.

use http::StatusCode;
use kernel::Portal::{Client, Office};
use kernel::id::MembershipId;
use web::reply::Complaints;
use web::{Answer, Ctx, Door, Input, Path, Route, Visitor};

use super::model::{NotificationsForm, NotificationsOut};
use super::{act, page};
use crate::again::fresh;

pub(super) fn routes() -> Vec<Route> {
    let changes = |route: Route, says: &'static str| route.says(says).gives::<NotificationsOut>();
    // The field has no page of other people.
    let theirs = [Door::Portal(Office), Door::Portal(Client), Door::Api];
    vec![
        Route::get("/notifications", show).says("Read what you are mailed about").gives::<NotificationsOut>(),
        changes(Route::post("/notifications", edit), "Choose what you are mailed about")
            .takes::<NotificationsForm>(),
        changes(
            Route::post("/notifications/reset", reset),
            "Follow your roles again in what you are mailed about",
        ),
        Route::get("/members/{id}/notifications", show_theirs)
            .only(&theirs)
            .says("Read what somebody is mailed about")
            .gives::<NotificationsOut>(),
        changes(
            Route::post("/members/{id}/notifications", edit_theirs).only(&theirs),
            "Choose what somebody is mailed about",
        )
        .takes::<NotificationsForm>(),
        changes(
            Route::post("/members/{id}/notifications/reset", reset_theirs).only(&theirs),
            "Have somebody follow their roles again in what they are mailed about",
        ),
    ]
}

pub(super) fn open() -> Vec<Route> {
    vec![
        Route::get("/unsubscribe/{word}", stopping).says("Open the link at the end of a mail"),
        Route::post("/unsubscribe/{word}", stop).says("Stop this kind of mail"),
    ]
}

fn place(other: Option<MembershipId>) -> String {
    other.map_or_else(|| "/notifications".to_owned(), |id| format!("/members/{id}/notifications"))
}

async fn shown(ctx: Ctx, other: Option<MembershipId>) -> Answer {
    let out = act::show(&ctx, other).await?;
    ctx.show(&out, |out| page::show(&ctx, out, other, &Complaints::default()))
}

async fn edited(ctx: Ctx, other: Option<MembershipId>, form: NotificationsForm) -> Answer {
    match act::edit(&ctx, other, &form).await {
        Ok(out) => ctx.done(&out, &place(other)),
        Err(error) => {
            let out = act::show(&ctx, other).await?;
            ctx.again(error, |wrong| page::show(&ctx, &out, other, wrong))
        }
    }
}

async fn show(ctx: Ctx) -> Answer {
    shown(ctx, None).await
}

async fn edit(ctx: Ctx, Input(form): Input<NotificationsForm>) -> Answer {
    edited(ctx, None, form).await
}

async fn reset(ctx: Ctx) -> Answer {
    ctx.done(&act::reset(&ctx, None).await?, &place(None))
}

async fn show_theirs(ctx: Ctx, Path(id): Path<MembershipId>) -> Answer {
    shown(ctx, Some(id)).await
}

async fn edit_theirs(
    ctx: Ctx,
    Path(id): Path<MembershipId>,
    Input(form): Input<NotificationsForm>,
) -> Answer {
    edited(ctx, Some(id), form).await
}

async fn reset_theirs(ctx: Ctx, Path(id): Path<MembershipId>) -> Answer {
    ctx.done(&act::reset(&ctx, Some(id)).await?, &place(Some(id)))
}

/// Asks only: mail programs and their guards follow links by themselves, and must not stop anything with that.
async fn stopping(visitor: Visitor, Path(word): Path<String>) -> Answer {
    let (stop, owner) = act::stopping(&visitor, &word).await?;
    Ok(fresh(StatusCode::OK, page::stopping(&stop, &owner, &word)))
}

async fn stop(visitor: Visitor, Path(word): Path<String>) -> Answer {
    let (stop, owner) = act::stop(&visitor, &word).await?;
    Ok(fresh(StatusCode::OK, page::stopped(&stop, &owner)))
}
