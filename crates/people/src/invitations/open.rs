//! The open pages of an invitation. Looking at a link changes nothing; only the form uses it up.

use http::StatusCode;
use kernel::Error;
use web::reply::Complaints;
use web::{Answer, Failure, Input, Path, Route, Visitor};

use super::model::AcceptForm;
use super::{accept, page};
use crate::again::{again, fresh};

pub(super) fn open() -> Vec<Route> {
    vec![
        Route::get("/invitation/{token}", look).says("Open an invitation"),
        Route::post("/invitation/{token}", answer).says("Accept an invitation"),
    ]
}

async fn look(visitor: Visitor, Path(token): Path<String>) -> Answer {
    match accept::open(&visitor, &token).await {
        Ok(open) => {
            let form = AcceptForm { name: open.letter.name.as_str().into(), ..AcceptForm::default() };
            Ok(fresh(StatusCode::OK, page::accept(&token, &open, &form, &Complaints::default())))
        }
        Err(Error::NotFound) => Ok(fresh(StatusCode::NOT_FOUND, page::dead())),
        Err(error) => Err(Failure(error)),
    }
}

async fn answer(visitor: Visitor, Path(token): Path<String>, Input(form): Input<AcceptForm>) -> Answer {
    match accept::accept(&visitor, &token, &form).await {
        Ok((secret, path)) => Ok(crate::sessions::go(&visitor.app, &path, Some(&secret))),
        Err(Error::NotFound) => Ok(fresh(StatusCode::NOT_FOUND, page::dead())),
        Err(error) => {
            let open = accept::open(&visitor, &token).await?;
            again(error, |wrong| page::accept(&token, &open, &form, wrong))
        }
    }
}
