//! Errors, rendered once per door: a page for portals, RFC 9457 problem details for the API.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Error;
use maud::{Markup, html};
use serde::Serialize;

use crate::context::{Ctx, Door};

/// An error on its way out. It carries no rendering: the door's layer gives it one.
#[derive(Debug)]
pub struct Failure(pub Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// The error as an extension of an empty response, for the door's layer to find.
#[derive(Clone)]
pub(crate) struct Carried(pub(crate) Arc<Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(Carried(Arc::new(self.0)));
        response
    }
}

/// The status of an error.
#[must_use]
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::SignedOut => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict(_) | Error::Stale => StatusCode::CONFLICT,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::BadRequest(_) => StatusCode::BAD_REQUEST,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A short name of an error, the last word of its problem type.
#[must_use]
pub const fn kind(error: &Error) -> &'static str {
    match error {
        Error::NotFound => "not-found",
        Error::SignedOut => "signed-out",
        Error::Forbidden(_) => "forbidden",
        Error::Invalid(_) => "invalid",
        Error::Conflict(_) => "conflict",
        Error::Stale => "stale",
        Error::TooMany(_) => "too-many",
        Error::TooLarge(_) => "too-large",
        Error::BadRequest(_) => "bad-request",
        Error::Unavailable(_) => "unavailable",
        Error::Internal { .. } => "internal",
    }
}

const fn title(error: &Error) -> &'static str {
    match error {
        Error::NotFound => "There is nothing here",
        Error::SignedOut => "Sign in first",
        Error::Forbidden(_) => "You may not do this",
        Error::Invalid(_) => "Some of it cannot be used",
        Error::Conflict(_) => "This does not go now",
        Error::Stale => "Somebody was faster",
        Error::TooMany(_) => "Too many attempts",
        Error::TooLarge(_) => "That is too large",
        Error::BadRequest(_) => "This request makes no sense",
        Error::Unavailable(_) => "Not available right now",
        Error::Internal { .. } => "Something went wrong on our side",
    }
}

/// RFC 9457.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Problem {
    /// What sort of problem, as a relative URI.
    pub r#type: String,
    /// The same in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This occurrence, in words.
    pub detail: String,
    /// Messages by field, for `invalid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<std::collections::BTreeMap<String, Vec<String>>>,
}

fn log(error: &Error) {
    match error {
        Error::Internal { detail, at } => tracing::error!(%detail, at = %at, "internal error"),
        Error::Unavailable(detail) => tracing::warn!(%detail, "unavailable"),
        _ => {}
    }
}

/// Renders an error for a door. Where somebody is signed in, the page keeps their frame.
pub(crate) fn render(door: Option<Door>, ctx: Option<&Ctx>, error: &Error) -> Response {
    render_under(None, door, ctx, error)
}

/// The same, below something that stands on every page.
pub(crate) fn render_under(
    above: Option<Markup>,
    door: Option<Door>,
    ctx: Option<&Ctx>,
    error: &Error,
) -> Response {
    log(error);
    let status = status(error);
    let mut response = if door == Some(Door::Api) {
        json(status, error)
    } else {
        let body = explanation(ctx, error);
        let page = match ctx {
            Some(ctx) => ctx.page(crate::reply::PageParts::titled(title(error)), body),
            None => {
                let body = html! { @if let Some(above) = above { div.banner { (above) } } (body) };
                ui::bare(&ui::Bare { title: title(error), ..ui::Bare::default() }, body)
            }
        };
        (status, page).into_response()
    };
    if let Error::TooMany(seconds) = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    if status == StatusCode::UNAUTHORIZED && door == Some(Door::Api) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn json(status: StatusCode, error: &Error) -> Response {
    let errors = match error {
        Error::Invalid(errors) => Some(errors.iter().map(|(f, m)| (f.to_owned(), m.to_vec())).collect()),
        _ => None,
    };
    let problem = Problem {
        r#type: format!("/problems/{}", kind(error)),
        title: title(error).to_owned(),
        status: status.as_u16(),
        detail: error.to_string(),
        errors,
    };
    let mut response = (status, serde_json::to_string(&problem).unwrap_or_default()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// The body of an error page. It says what to do next, and never which record it was.
fn explanation(ctx: Option<&Ctx>, error: &Error) -> Markup {
    let advice = match error {
        Error::NotFound => {
            "It does not exist, or it is not yours to see. Check the address, or ask whoever sent you the link."
        }
        Error::SignedOut => "Your session has ended.",
        Error::Forbidden(_) => "If you need this for your work, ask an administrator of your organization.",
        Error::Stale => "Go back, reload, and make your change again on the new version.",
        Error::TooMany(_) => "Wait a little; nothing is locked for good.",
        Error::Internal { .. } => "It was noted. Try again; nothing half done was kept.",
        Error::Unavailable(_) => "Nothing was lost. Try again in a moment.",
        _ => "Go back and try again.",
    };
    let detail = error.to_string();
    html! {
        div.stack.error-page {
            @if !matches!(error, Error::NotFound) { p { (sentence(&detail)) } }
            p { (advice) }
            // The address is not part of the link: a hidden record's page is the page of one there never was.
            div.actions {
                a.btn href="/" { "Go to the start page" }
                @if let Some(ctx) = ctx.filter(|ctx| ctx.preview.is_none() && ctx.portal().is_some())
                    && matches!(error, Error::NotFound | Error::Forbidden(_)) {
                    a.btn.plain href=(ctx.href(ASK_PATH)) { "Ask for access" }
                }
            }
        }
    }
}

/// Where access is asked for, below a door.
const ASK_PATH: &str = "/ask";

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let rest: String = chars.collect();
    let end = if rest.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{rest}{end}")
}
