//! What stands before every handler: cross-site writes are refused, and every answer carries the headers that keep
//! a browser from being talked into anything.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use kernel::Error;

use crate::app::App;
use crate::context::Door;
use crate::problem::{Failure, render};

/// Is this a write that another site made the browser send? Browsers say where a request comes from; one that says
/// nothing at all and carries a cookie is refused too.
pub(crate) fn cross_site(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    if let Some(site) = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        return !matches!(site, "same-origin" | "none");
    }
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    match (headers.get(header::ORIGIN).and_then(|v| v.to_str().ok()), host) {
        (Some(origin), Some(host)) => origin.split_once("://").map(|(_, rest)| rest) != Some(host),
        (Some(_), None) => true,
        (None, _) => headers.contains_key(header::COOKIE),
    }
}

/// The layer for portals and open pages. The API has no cookies, so nothing can be forged there.
pub(crate) async fn same_site(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    if !api && cross_site(request.method(), request.headers()) {
        let refusal = Error::forbidden(
            "this came from another site, so it was not carried out; open the page here and try again",
        );
        return render(None, None, &refusal);
    }
    next.run(request).await
}

/// How long a request may take until its answer begins.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same for uploads, whose bodies come over the air.
const UPLOAD_PATIENCE: Duration = Duration::from_secs(300);

/// A handler that panics or takes too long answers an error, not nothing. What it wrote is whole or not there.
pub(crate) async fn steady(request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let upload = kind.is_some_and(|kind| kind.starts_with("multipart/"));
    let patience = if upload { UPLOAD_PATIENCE } else { PATIENCE };
    let running = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(patience, running).await {
        Ok(Ok(response)) => response,
        // The panic hook has said what and where.
        Ok(Err(_panic)) => Failure(Error::internal("a handler panicked")).into_response(),
        Err(_late) => Failure(Error::Unavailable("an answer took too long".into())).into_response(),
    }
}

/// Security headers on every answer.
pub(crate) async fn headers(
    axum::extract::State(app): axum::extract::State<App>,
    request: Request,
    next: Next,
) -> Response {
    let door = request.uri().path().starts_with("/api/").then_some(Door::Api);
    let mut response = next.run(request).await;
    // An error that no door rendered (an open page's handler, a fallback, a panic) gets its page here.
    if let Some(carried) = response.extensions_mut().remove::<crate::problem::Carried>() {
        response = render(door, None, &carried.0);
    }
    let headers = response.headers_mut();
    let images =
        app.config.tiles_url.as_deref().and_then(origin).map(|o| format!(" {o}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{images}; \
         connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    // A handler that hands out people's files sets a stricter one.
    if let (false, Ok(policy)) =
        (headers.contains_key(header::CONTENT_SECURITY_POLICY), HeaderValue::from_str(&policy))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(self), geolocation=(self), microphone=(), payment=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.secure() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    response
}

fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next()?;
    Some(format!("{scheme}://{host}"))
}

/// What a path that leads nowhere answers: exactly what a hidden record answers.
pub(crate) async fn nowhere() -> Response {
    Failure(Error::NotFound).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (k.parse::<HeaderName>().unwrap(), HeaderValue::from_str(v).unwrap()))
            .collect()
    }

    #[test]
    fn a_write_must_come_from_here() {
        let post = Method::POST;
        assert!(!cross_site(&post, &with(&[("sec-fetch-site", "same-origin")])));
        assert!(cross_site(&post, &with(&[("sec-fetch-site", "cross-site")])));
        assert!(cross_site(&post, &with(&[("sec-fetch-site", "same-site")])));
        assert!(!cross_site(&post, &with(&[("origin", "http://a.test"), ("host", "a.test")])));
        assert!(cross_site(&post, &with(&[("origin", "http://b.test"), ("host", "a.test")])));
        assert!(cross_site(&post, &with(&[("origin", "null"), ("host", "a.test")])));
        assert!(cross_site(&post, &with(&[("cookie", "session=x"), ("host", "a.test")])));
        assert!(!cross_site(&Method::GET, &with(&[("sec-fetch-site", "cross-site")])));
    }
}
