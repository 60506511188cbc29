//! What comes in: paths, queries, forms, JSON, uploads. Read once, here; anything that does not fit is an error a
//! person can act on.

use std::fmt;

use axum::body::Bytes;
use axum::extract::multipart::{Field as Part, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, RawPathParams, Request};
use bytes::BytesMut;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use kernel::Error;
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Visitor as DeVisitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::app::App;
use crate::context::{Ctx, Door};
use crate::problem::Failure;

/// The most bytes of a form or JSON body.
pub const MOST_BODY: usize = 1024 * 1024;

/// A value as it was typed. Forms send text; JSON may send text, numbers or booleans. Parsing into a type that
/// cannot be wrong happens in the feature, so that a form can be shown again with what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text(pub String);

impl Text {
    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Nothing but space?
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// A ticked box, or a true.
    #[must_use]
    pub fn is_on(&self) -> bool {
        matches!(self.0.trim(), "on" | "true" | "yes" | "1")
    }

    /// Parses what was typed.
    ///
    /// # Errors
    /// The type's own sentence.
    pub fn parse<T: std::str::FromStr<Err = String>>(&self) -> Result<T, String> {
        self.0.trim().parse()
    }

    /// Parses what was typed; blank is none.
    ///
    /// # Errors
    /// The type's own sentence.
    pub fn parse_optional<T: std::str::FromStr<Err = String>>(&self) -> Result<Option<T>, String> {
        if self.is_blank() { Ok(None) } else { self.parse().map(Some) }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl DeVisitor<'_> for Any {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, a number, true, false or null")
            }
            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_owned()))
            }
            fn visit_bool<E>(self, on: bool) -> Result<Text, E> {
                Ok(Text(on.to_string()))
            }
            fn visit_i64<E>(self, n: i64) -> Result<Text, E> {
                Ok(Text(n.to_string()))
            }
            fn visit_u64<E>(self, n: u64) -> Result<Text, E> {
                Ok(Text(n.to_string()))
            }
            fn visit_f64<E>(self, n: f64) -> Result<Text, E> {
                Ok(Text(n.to_string()))
            }
            fn visit_unit<E>(self) -> Result<Text, E> {
                Ok(Text::default())
            }
            fn visit_none<E>(self) -> Result<Text, E> {
                Ok(Text::default())
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "number", "boolean", "null"] })
    }
}

/// A word of an address's question; blank asks for nothing.
///
/// # Errors
/// [`Error::BadRequest`] for a word that is none of them.
pub fn wanted<T: std::str::FromStr<Err = String>>(word: &str) -> kernel::Result<Option<T>> {
    Text(word.to_owned()).parse_optional().map_err(Error::BadRequest)
}

/// The id or ids in the path. An id that cannot be read names nothing, so it answers like nothing.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_unreadable) => Err(Failure(Error::NotFound)),
        }
    }
}

/// The query string.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        serde_html_form::from_str(parts.uri.query().unwrap_or_default())
            .map(Self)
            .map_err(|e| Failure(Error::BadRequest(format!("the address's question cannot be read: {e}"))))
    }
}

/// A body: JSON through the API, a form through a portal.
#[derive(Debug)]
pub struct Input<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        // Behind its door a request has a context; in front of it the path says where it came in.
        let api = match request.extensions().get::<Ctx>() {
            Some(ctx) => ctx.door == Door::Api,
            None => request.uri().path().starts_with(Door::Api.prefix()),
        };
        let kind = media_type(request.headers());
        let Body(bytes) = Body::from_request(request, app).await?;
        let value = match (api, kind.as_str()) {
            // Nothing said is an empty form: a verb that needs no word, such as archiving, needs no body either.
            (true, "") if bytes.is_empty() => serde_json::from_slice(b"{}")
                .map_err(|e| Error::BadRequest(format!("send JSON: {}", plain(&e))))?,
            (true, "application/json") => serde_json::from_slice(&bytes).map_err(|e| {
                Error::BadRequest(format!(
                    "the JSON cannot be read at line {}, column {}: {}",
                    e.line(),
                    e.column(),
                    plain(&e)
                ))
            })?,
            (true, _) => {
                return Err(Failure(Error::BadRequest(
                    "send JSON, with content type application/json".into(),
                )));
            }
            (false, "application/x-www-form-urlencoded" | "") => serde_html_form::from_bytes(&bytes)
                .map_err(|e| Error::BadRequest(format!("the form cannot be read: {e}")))?,
            (false, _) => return Err(Failure(Error::BadRequest("send a form".into()))),
        };
        Ok(Self(value))
    }
}

fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

fn media_type(headers: &http::HeaderMap) -> String {
    headers
        .get(CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// The raw body, within the limit.
#[derive(Debug)]
pub struct Body(pub Bytes);

impl FromRequest<App> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &App) -> Result<Self, Failure> {
        match axum::body::to_bytes(request.into_body(), MOST_BODY).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(_too_large) => Err(Failure(Error::TooLarge(MOST_BODY))),
        }
    }
}

/// One uploaded file.
#[derive(Debug)]
pub struct Upload {
    /// The name it was sent under. Never trusted for its type.
    pub name: String,
    /// Its content; empty where it was too much.
    pub bytes: Bytes,
    /// It was more than is taken. The form still arrives, so that nothing typed is lost; whoever takes the files
    /// says so at the field.
    pub excess: Option<Excess>,
}

/// In which way a file was too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Larger than [`MOST_FILE`].
    Large,
    /// Beyond the first [`MOST_FILES`].
    Many,
}

/// The most bytes of one file.
pub const MOST_FILE: usize = 25 * 1024 * 1024;
/// The most files of one request.
pub const MOST_FILES: usize = 20;
/// The most bytes of a form with files. They are held in memory until they are checked.
pub const MOST_UPLOAD: usize = 4 * MOST_FILE;

/// A form with files: its text fields as `T`, its files in order. JSON bodies have no files.
#[derive(Debug)]
pub struct WithFiles<T> {
    /// The text fields.
    pub form: T,
    /// The files.
    pub files: Vec<Upload>,
}

impl<T: DeserializeOwned> FromRequest<App> for WithFiles<T> {
    type Rejection = Failure;

    async fn from_request(mut request: Request, app: &App) -> Result<Self, Failure> {
        if media_type(request.headers()) != "multipart/form-data" {
            let Input(form) = Input::from_request(request, app).await?;
            return Ok(Self { form, files: Vec::new() });
        }
        DefaultBodyLimit::max(MOST_UPLOAD).apply(&mut request);
        let mut parts = Multipart::from_request(request, app)
            .await
            .map_err(|_e| Error::BadRequest("the upload cannot be read".into()))?;
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut typed = 0;
        let mut files = Vec::new();
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file) => files.extend(upload(file, part, files.len()).await?),
                None => {
                    let text = part.text().await.map_err(broken)?;
                    typed += name.len() + text.len();
                    if typed > MOST_BODY {
                        return Err(Failure(Error::TooLarge(MOST_BODY)));
                    }
                    pairs.push((name, text));
                }
            }
        }
        let encoded = serde_html_form::to_string(&pairs).map_err(Error::internal)?;
        let form = serde_html_form::from_str(&encoded)
            .map_err(|e| Error::BadRequest(format!("the form cannot be read: {e}")))?;
        Ok(Self { form, files })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn broken(error: MultipartError) -> Failure {
    Failure(if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        Error::TooLarge(MOST_UPLOAD)
    } else {
        Error::BadRequest("the upload broke off; send it again".into())
    })
}

/// Reads one file to its end; what is too much is let go, not kept. An empty file field of a form is no file.
async fn upload(name: String, mut part: Part<'_>, before: usize) -> Result<Option<Upload>, Failure> {
    let mut excess = (before >= MOST_FILES).then_some(Excess::Many);
    let mut bytes = BytesMut::new();
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        if excess.is_none() && bytes.len() + chunk.len() > MOST_FILE {
            excess = Some(Excess::Large);
            bytes = BytesMut::new();
        }
        if excess.is_none() {
            bytes.extend_from_slice(&chunk);
        }
    }
    if name.is_empty() && bytes.is_empty() {
        return Ok(None);
    }
    Ok(Some(Upload { name, bytes: bytes.freeze(), excess }))
}

/// Somebody who has not signed in: what the sign-in, invitation and reset pages know.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// What all requests share.
    pub app: App,
    /// The peer's address.
    pub address: String,
    /// The browser, as it calls itself.
    pub agent: String,
    /// The session cookie, if one was sent.
    pub cookie: Option<String>,
}

impl Visitor {
    /// The context of what a visitor does as a membership of theirs, once they have proved who they are.
    #[must_use]
    pub fn acting(
        &self,
        door: crate::Door,
        who: crate::context::Who,
        plan: std::sync::Arc<access::Plan>,
    ) -> crate::Ctx {
        crate::Ctx {
            app: self.app.clone(),
            door,
            who: std::sync::Arc::new(who),
            plan,
            preview: None,
            wire: std::sync::Arc::new(crate::context::Wire {
                address: self.address.clone(),
                ..crate::context::Wire::default()
            }),
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Ok(Self {
            app: app.clone(),
            address: crate::identity::address(app, parts),
            agent: parts
                .headers
                .get(http::header::USER_AGENT)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default()
                .chars()
                .take(200)
                .collect(),
            cookie: crate::identity::session_cookie(app, &parts.headers),
        })
    }
}

/// For handlers that need the names of path parts rather than a type.
pub type PathParts = RawPathParams;

/// The version a form was read at.
///
/// # Errors
/// [`Error::Invalid`] at `version` when it is missing or no number: without it somebody's change could be lost.
pub fn version(text: &Text) -> kernel::Result<i64> {
    text.as_str()
        .trim()
        .parse()
        .map_err(|_e| Error::field("version", "send the version you read, so that no one's change is lost"))
}
