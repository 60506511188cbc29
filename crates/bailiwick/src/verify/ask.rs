//! Asking the program through its own router, as a browser or a machine would, and reading the answer to its end.

use axum::body::Body;
use http::{HeaderMap, Method, Request};
use kernel::secret::Secret;
use kernel::{Error, Result};
use sha2::{Digest, Sha256};
use tower::ServiceExt;
use web::Door;

use super::world::Reader;

/// The program, to be asked.
#[derive(Clone)]
pub(super) struct Program(pub(super) axum::Router);

/// What came back.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    /// The body and the headers that carry words, for looking through.
    pub(super) fn words(&self) -> Vec<u8> {
        let mut all = self.bytes.clone();
        for (name, value) in &self.headers {
            all.push(b'\n');
            all.extend(name.as_str().bytes());
            all.push(b'=');
            all.extend(value.as_bytes());
        }
        all
    }

    /// What tells this answer from another: status, kind, place and body, with some words taken for one.
    pub(super) fn face(&self, same: &[&str]) -> [u8; 32] {
        let mut hasher = Sha256::new().chain_update(self.status.to_be_bytes());
        for name in ["content-type", "location", "content-disposition", "allow"] {
            hasher.update(name);
            if let Some(value) = self.headers.get(name) {
                hasher.update(levelled(value.as_bytes(), same));
            }
        }
        hasher.update(levelled(&self.bytes, same));
        hasher.finalize().into()
    }

    /// The body as JSON, if it is.
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.bytes).ok()
    }
}

/// Bytes with some words put for one another: two answers that differ only in what was asked for are alike.
fn levelled(bytes: &[u8], same: &[&str]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for word in same {
        let mut next = Vec::with_capacity(out.len());
        let mut from = 0;
        for at in memchr::memmem::find_iter(&out, word.as_bytes()) {
            next.extend(out.get(from..at).unwrap_or_default());
            next.push(0);
            from = at + word.len();
        }
        next.extend(out.get(from..).unwrap_or_default());
        out = next;
    }
    out
}

/// Who asks.
#[derive(Clone, Copy)]
pub(super) struct Keys<'a> {
    pub(super) session: &'a Secret,
    pub(super) token: &'a Secret,
}

impl Reader {
    pub(super) fn keys(&self) -> Keys<'_> {
        Keys { session: &self.session, token: &self.token }
    }

    /// The doors this person will try: those of the role, and the machines'.
    pub(super) fn doors(&self) -> Vec<Door> {
        self.portals.iter().map(|portal| Door::Portal(*portal)).chain([Door::Api]).collect()
    }
}

impl Program {
    /// Reads a path below a door.
    pub(super) async fn get(&self, keys: Keys<'_>, door: Door, path: &str) -> Result<Answer> {
        self.send(keys, door, Method::GET, path, None).await
    }

    /// Sends something: JSON at the machines' door, a form at the others.
    pub(super) async fn send(
        &self,
        keys: Keys<'_>,
        door: Door,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Result<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", door.prefix()))
            .header("host", "verify.invalid");
        request = match door {
            Door::Api => request.header("authorization", format!("Bearer {}", keys.token.expose())),
            Door::Portal(_) => request
                .header("cookie", format!("session={}", keys.session.expose()))
                .header("sec-fetch-site", "same-origin"),
        };
        let body = match body {
            Some((kind, bytes)) => {
                request = request.header("content-type", kind);
                Body::from(bytes)
            }
            None => Body::empty(),
        };
        let request = request.body(body).map_err(Error::internal)?;
        let response = match self.0.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(Error::internal)?.to_vec();
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, bytes })
    }
}
