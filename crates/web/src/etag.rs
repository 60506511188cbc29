//! Validators: an answer that has not changed is not sent again.

use std::hash::{DefaultHasher, Hasher};

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::recent::MOST_BYTES;

/// Answers larger than this are streamed as they are.
const MOST: u64 = 2 * 1024 * 1024;

/// Adds an `ETag` to a good answer of known size, or replaces it by 304 when the asker has it. The tag is of the
/// bytes that this person gets, so it says nothing about what they do not see. Answers besides what to keep for the
/// next time the same is asked.
pub(crate) async fn stamp(asked: &HeaderMap, response: Response) -> (Response, Option<(HeaderMap, Bytes)>) {
    use http_body_util::BodyExt;
    if response.status() != StatusCode::OK || response.headers().contains_key(header::CONTENT_DISPOSITION) {
        return (response, None);
    }
    let size = http_body::Body::size_hint(response.body()).exact();
    if size.is_none_or(|size| size > MOST) {
        return (response, None);
    }
    let keep = !response.headers().contains_key(header::CACHE_CONTROL)
        && !response.headers().contains_key(header::SET_COOKIE);
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return (StatusCode::INTERNAL_SERVER_ERROR.into_response(), None);
    };
    let mut hasher = DefaultHasher::new();
    hasher.write(&bytes);
    let first = hasher.finish();
    hasher.write_u8(1);
    let tag = format!("\"{first:016x}{:016x}\"", hasher.finish());
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    parts.headers.entry(header::VARY).or_insert(HeaderValue::from_static("cookie, authorization"));
    let kept = (keep && bytes.len() <= MOST_BYTES).then(|| (parts.headers.clone(), bytes.clone()));
    (again(asked, parts.headers, bytes), kept)
}

/// A stamped answer as a response: 304 when the asker has it.
pub(crate) fn again(asked: &HeaderMap, mut headers: HeaderMap, bytes: Bytes) -> Response {
    let has = headers.get(header::ETAG).and_then(|v| v.to_str().ok()).is_some_and(|tag| {
        asked
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(','))
            .any(|v| v.trim().trim_start_matches("W/") == tag)
    });
    let (status, body) = if has {
        headers.remove(header::CONTENT_LENGTH);
        (StatusCode::NOT_MODIFIED, Body::empty())
    } else {
        (StatusCode::OK, Body::from(bytes))
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
