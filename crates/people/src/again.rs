//! Answers of the open pages, which have no door to render for them.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Error;
use maud::Markup;
use web::reply::Complaints;
use web::{Answer, Failure, Reply};

use crate::words::sentence;

/// A page that no browser and no proxy keeps.
pub(crate) fn fresh(status: StatusCode, page: Markup) -> Reply {
    let mut response: Response = (status, page).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Reply(response)
}

/// A form again, with what was typed and what is wrong with it; errors that no form can mend go on.
pub(crate) fn again(error: Error, form: impl FnOnce(&Complaints) -> Markup) -> Answer {
    let status = web::problem::status(&error);
    let wait = match &error {
        Error::TooMany(seconds) => Some(*seconds),
        _ => None,
    };
    let wrong = match error {
        Error::Invalid(fields) => Complaints { fields, whole: None },
        Error::Conflict(_) | Error::Forbidden(_) | Error::BadRequest(_) | Error::TooMany(_) => {
            Complaints { whole: Some(sentence(&error.to_string())), ..Complaints::default() }
        }
        other => return Err(Failure(other)),
    };
    let Reply(mut response) = fresh(status, form(&wrong));
    if let Some(seconds) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(Reply(response))
}
