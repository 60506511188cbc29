//! The open routes of sign-in.

use http::StatusCode;
use kernel::Error;
use web::reply::{Complaints, go};
use web::{Answer, Input, Query, Route, Visitor};

use super::model::{SignInForm, Wanted};
use super::{act, page};
use crate::again::{again, fresh};

pub(super) fn open() -> Vec<Route> {
    vec![
        Route::get("/sign-in", show).says("Say who you are"),
        Route::post("/sign-in", sign_in).says("Sign in"),
        Route::post("/sign-out", sign_out).says("Sign out"),
        Route::get("/sign-out", async || go("/")),
    ]
}

async fn show(visitor: Visitor, Query(wanted): Query<Wanted>) -> Answer {
    if crate::sessions::signed(&visitor).await?.is_some() {
        return Ok(go("/"));
    }
    let demo = act::demo_people(&visitor.app).await?;
    let page = page::SignIn {
        email: &"".into(),
        next: &wanted.next,
        after: &wanted.after,
        wrong: &Complaints::default(),
        demo: &demo,
    };
    Ok(fresh(StatusCode::OK, page::sign_in(&page)))
}

async fn sign_in(visitor: Visitor, Input(form): Input<SignInForm>) -> Answer {
    match act::sign_in(&visitor, &form).await {
        Ok(begun) => Ok(crate::sessions::go(&visitor.app, &begun.path, Some(&begun.secret))),
        Err(error) => refused(&visitor, &form, error).await,
    }
}

/// The form again, with the address that was typed and nothing that tells whether it is known.
async fn refused(visitor: &Visitor, form: &SignInForm, error: Error) -> Answer {
    let demo = act::demo_people(&visitor.app).await?;
    again(error, |wrong| {
        page::sign_in(&page::SignIn {
            email: &form.email,
            next: form.next.as_str(),
            after: "",
            wrong,
            demo: &demo,
        })
    })
}

async fn sign_out(visitor: Visitor) -> Answer {
    act::sign_out(&visitor).await?;
    Ok(crate::sessions::go(&visitor.app, "/sign-in?after=out", None))
}
