//! The open routes of a forgotten password. Looking at a link changes nothing; only the form uses it up.

use http::StatusCode;
use kernel::Error;
use web::reply::{Complaints, go};
use web::{Answer, Failure, Input, Path, Route, Text, Visitor};

use super::model::{ForgotForm, ResetForm};
use super::{act, page};
use crate::again::{again, fresh};

pub(super) fn open() -> Vec<Route> {
    vec![
        Route::get("/forgot", show).says("Say that a password is forgotten"),
        Route::post("/forgot", ask).says("Send the link that sets a new password"),
        Route::get("/reset/{token}", look).says("Open the link that sets a new password"),
        Route::post("/reset/{token}", set).says("Set a new password"),
    ]
}

async fn show() -> Answer {
    Ok(fresh(StatusCode::OK, page::forgot(&Text::default(), &Complaints::default())))
}

async fn ask(visitor: Visitor, Input(form): Input<ForgotForm>) -> Answer {
    match act::ask(&visitor, &form).await {
        Ok(()) => Ok(fresh(StatusCode::OK, page::asked(visitor.app.config.demo))),
        Err(error) => again(error, |wrong| page::forgot(&form.email, wrong)),
    }
}

async fn look(visitor: Visitor, Path(token): Path<String>) -> Answer {
    match act::find(&visitor.app, &token).await {
        Ok(account) => Ok(fresh(StatusCode::OK, page::reset(&token, &account.email, &Complaints::default()))),
        Err(Error::NotFound) => Ok(fresh(StatusCode::NOT_FOUND, page::dead())),
        Err(error) => Err(Failure(error)),
    }
}

async fn set(visitor: Visitor, Path(token): Path<String>, Input(form): Input<ResetForm>) -> Answer {
    match act::set(&visitor, &token, &form).await {
        Ok(()) => Ok(go("/sign-in?after=reset")),
        Err(Error::NotFound) => Ok(fresh(StatusCode::NOT_FOUND, page::dead())),
        Err(error) => {
            let account = act::find(&visitor.app, &token).await?;
            again(error, |wrong| page::reset(&token, &account.email, wrong))
        }
    }
}
