//! The open pages of an invitation. Looking at a link changes nothing; only the form uses it up.

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use kernel::Error;
use web::reply::Complaints;
use web::{Answer, App, Failure, Input, Path, Visitor};

use super::model::AcceptForm;
use super::{accept, page};
use crate::again::{again, fresh};

pub(super) fn open() -> Router<App> {
    Router::new().route("/invitation/{token}", get(look).post(answer))
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
