//! The open routes of sign-in.

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use http::{HeaderValue, header};
use kernel::Error;
use web::reply::{Complaints, go};
use web::{Answer, App, Failure, Input, Query, Reply, Visitor};

use super::model::{SignInForm, Wanted};
use super::{act, page};

pub(super) fn open() -> Router<App> {
    Router::new()
        .route("/sign-in", get(show).post(sign_in))
        .route("/sign-out", post(sign_out).get(async || go("/")))
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
    Ok(fresh(page::sign_in(&page).into_response()))
}

async fn sign_in(visitor: Visitor, Input(form): Input<SignInForm>) -> Answer {
    match act::sign_in(&visitor, &form).await {
        Ok(begun) => Ok(crate::sessions::go(&visitor.app, &begun.path, Some(&begun.secret))),
        Err(error @ (Error::Invalid(_) | Error::TooMany(_))) => refused(&visitor, &form, error).await,
        Err(error) => Err(Failure(error)),
    }
}

/// The form again, with the address that was typed and nothing that tells whether it is known.
async fn refused(visitor: &Visitor, form: &SignInForm, error: Error) -> Answer {
    let status = web::problem::status(&error);
    let wait = match &error {
        Error::TooMany(seconds) => Some(*seconds),
        _ => None,
    };
    let wrong = match error {
        Error::Invalid(fields) => Complaints { fields, whole: None },
        other => {
            Complaints { whole: Some(crate::words::sentence(&other.to_string())), ..Complaints::default() }
        }
    };
    let demo = act::demo_people(&visitor.app).await?;
    let page =
        page::SignIn { email: &form.email, next: form.next.as_str(), after: "", wrong: &wrong, demo: &demo };
    let mut response = (status, page::sign_in(&page)).into_response();
    if let Some(seconds) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(fresh(response))
}

async fn sign_out(visitor: Visitor) -> Answer {
    act::sign_out(&visitor).await?;
    Ok(crate::sessions::go(&visitor.app, "/sign-in?after=out", None))
}

/// Never kept by a browser or a proxy.
fn fresh(mut response: axum::response::Response) -> Reply {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Reply(response)
}
