//! Putting it together: every feature's routes behind the four doors, and the open pages in front of them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use kernel::id::MembershipId;
use kernel::{Error, Portal};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::context::{Ctx, Door, Seen, Who, Wire};
use crate::identity::Identified;
use crate::preview::{self, Preview};
use crate::problem::{Carried, render, render_under};
use crate::reads::Opened;
use crate::recent::{AnswerKey, Answered};
use crate::route::{Feature, Route};
use crate::{etag, guard, identity, openapi, pocket};

/// The whole program as a router.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for door in Door::ALL {
        let mut inside = Router::new();
        for route in app.features.iter().flat_map(|feature| (feature.routes)()) {
            if !route.doors.contains(&door) {
                continue;
            }
            if route.open {
                router = router.route(&format!("{}{}", door.prefix(), route.path), route.handler);
            } else {
                inside = inside.route(route.path, route.handler);
            }
        }
        let inside =
            inside.fallback(guard::nowhere).layer(from_fn_with_state((app.clone(), door), behind_door));
        router = router.nest(door.prefix(), inside);
    }
    for feature in &app.features {
        for route in feature.open.map(|open| open()).unwrap_or_default() {
            router = router.route(route.path, route.handler);
        }
    }
    for route in own() {
        router = router.route(route.path, route.handler);
    }
    router
        .fallback(guard::nowhere)
        .layer(from_fn_with_state(app.clone(), preview::read_only))
        .layer(from_fn(guard::same_site))
        .layer(from_fn(guard::steady))
        .layer(from_fn_with_state(app.clone(), guard::headers))
        .layer(
            tower_http::compression::CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest),
        )
        .with_state(app)
}

/// What is served whatever the features are.
fn own() -> Vec<Route> {
    vec![
        Route::get("/assets/{*path}", asset).says("Read a part of the pages").gives_file("*/*"),
        Route::get("/api/openapi.json", openapi::serve)
            .says("Read the description of the API")
            .gives_file("application/json"),
    ]
}

/// A route where it is mounted.
#[derive(Clone, Debug)]
pub struct Mounted {
    /// The door in front of it; none where it is reached without a session or token.
    pub door: Option<Door>,
    /// The whole path.
    pub path: String,
    /// The route.
    pub route: Route,
}

impl Mounted {
    /// Is it a page for people to read?
    #[must_use]
    pub fn page(&self) -> bool {
        self.route.method == Method::GET && self.route.media.is_none() && self.door != Some(Door::Api)
    }
}

/// Everything that [`router`] mounts, in its order.
#[must_use]
pub fn table(features: &[Feature]) -> Vec<Mounted> {
    let mut all = Vec::new();
    for door in Door::ALL {
        for route in features.iter().flat_map(|feature| (feature.routes)()) {
            if route.doors.contains(&door) {
                let path = format!("{}{}", door.prefix(), route.path);
                all.push(Mounted { door: (!route.open).then_some(door), path, route });
            }
        }
    }
    let open = features.iter().filter_map(|feature| feature.open).flat_map(|open| open());
    all.extend(open.chain(own()).map(|route| Mounted { door: None, path: route.path.to_owned(), route }));
    all
}

/// Finds who asks, and notes on the answer who it was.
async fn behind_door(State((app, door)): State<(App, Door)>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let found = match identity::identify(&app, door, &parts).await {
        Ok(found) => found,
        Err(Error::SignedOut) if door != Door::Api && parts.method == Method::GET => {
            let wanted = format!("{}{}", door.prefix(), parts.uri);
            return crate::reply::go(&format!("/sign-in?next={}", encode(&wanted))).0;
        }
        Err(error) => return render(Some(door), None, &error),
    };
    let by = found.preview.as_ref().map_or(&*found.who, |preview| &preview.asker);
    let seen = Seen { organization: by.organization, membership: by.membership };
    let request = Request::from_parts(parts, body);
    let window = match &found.preview {
        None if door == Door::Portal(Portal::Field) => {
            Some(pocket::window(found.who.membership, found.plan.epoch))
        }
        _ => None,
    };
    let mut response = match found.preview.clone() {
        None => answer(&app, door, found, request, next).await,
        Some(preview) => look(&app, door, found, &preview, request, next).await,
    };
    response.extensions_mut().insert(seen);
    if let Some(window) = window.and_then(|window| HeaderValue::from_str(&window).ok()) {
        response.headers_mut().insert(pocket::WINDOW, window);
    }
    response
}

/// A request of a preview: read-only, noted before it is shown, never kept.
async fn look(
    app: &App,
    door: Door,
    found: Identified,
    preview: &Preview,
    request: Request,
    next: Next,
) -> Response {
    if preview.over.is_some() {
        return preview::over(&found);
    }
    if !preview::reads(request.method()) {
        return preview::refuse(&preview.banner);
    }
    let Door::Portal(portal) = door else { return render(Some(door), None, &Error::SignedOut) };
    let above = || Some(preview::banner(&preview.banner));
    if !found.plan.opens(portal) {
        return preview::unkept(render_under(above(), Some(door), None, &Error::NotFound));
    }
    let (parts, body) = request.into_parts();
    if let Err(error) = preview.note_page(app, &parts, door).await {
        return preview::unkept(render_under(above(), Some(door), None, &error));
    }
    preview::unkept(answer(app, door, found, Request::from_parts(parts, body), next).await)
}

/// Hands the handler its context, renders its error, and stamps its answer.
async fn answer(app: &App, door: Door, found: Identified, request: Request, next: Next) -> Response {
    let Identified { who, plan, preview } = found;
    let (mut parts, body) = request.into_parts();
    let request_headers = parts.headers.clone();
    let method = parts.method.clone();
    // The version is read before the answer is made: what is written meanwhile makes the kept answer unusable.
    // What is seen through somebody else's eyes is neither kept for them nor taken from what was kept.
    let version = if method == Method::GET && preview.is_none() { app.store.version() } else { None };
    let question = version.map(|version| (version, question(door, &who, &parts.uri)));
    if let Some(kept) =
        question.as_ref().and_then(|(version, key)| app.recent.answer(*version, key, app.clock.now()))
    {
        if let Some(opened) = kept.opened {
            app.note_read(&who, &crate::context::role_names(&plan), &identity::address(app, &parts), opened);
        }
        return etag::again(&request_headers, kept.headers, kept.bytes);
    }
    let mut wire = Wire {
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        address: identity::address(app, &parts),
        idempotency: None,
    };
    let mut body = body;
    let key = idempotency_key(&parts);
    if let Some(key) = &key {
        // The key is bound to what was sent: the same key with another body is a mistake worth naming.
        let bytes = match axum::body::to_bytes(body, crate::input::MOST_UPLOAD).await {
            Ok(bytes) => bytes,
            Err(_too_large) => return render(Some(door), None, &Error::TooLarge(crate::input::MOST_UPLOAD)),
        };
        wire.idempotency = Some((key.clone(), sent(&parts, &bytes)));
        body = axum::body::Body::from(bytes);
    }
    let ctx = Ctx { app: app.clone(), door, who, plan, wire: Arc::new(wire), preview };
    if let Some((key, digest)) = &ctx.wire.idempotency {
        match replay(&ctx, key, digest).await {
            Ok(None) => {}
            Ok(Some(response)) => return response,
            Err(error) => return render(Some(door), Some(&ctx), &error),
        }
    }
    parts.extensions.insert(ctx.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(Carried(error)) = response.extensions_mut().remove::<Carried>() {
        return render(Some(door), Some(&ctx), &error);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return render(Some(door), Some(&ctx), &Error::NotFound);
    }
    if method == Method::GET {
        let opened = response.extensions_mut().remove::<Opened>();
        if let Some(opened) = opened {
            let (who, roles) = ctx.reader();
            app.note_read(who, &roles, &ctx.wire.address, opened);
        }
        if ctx.preview.is_some() {
            return preview::unkept(response);
        }
        let (response, kept) = etag::stamp(&request_headers, response).await;
        if let (Some((version, key)), Some((headers, bytes))) = (question, kept) {
            app.recent.keep_answer(version, key, app.clock.now(), Answered { headers, bytes, opened });
        }
        return response;
    }
    if key.is_some() && response.status() == StatusCode::CREATED {
        return keep(&ctx, response).await;
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Everything an answer depends on besides the database.
fn question(door: Door, who: &Who, uri: &http::Uri) -> AnswerKey {
    AnswerKey {
        door,
        membership: who.membership,
        token: who.token,
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
    }
}

/// The digest of what was sent. The line that parts a form with files is made up anew by every sending, so it does
/// not count.
fn sent(parts: &http::request::Parts, bytes: &[u8]) -> [u8; 32] {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let line = kind
        .strip_prefix("multipart/form-data")
        .and_then(|rest| rest.split_once("boundary="))
        .map(|(_, rest)| rest.split(';').next().unwrap_or_default().trim().trim_matches('"'))
        .filter(|line| !line.is_empty());
    let mut hasher = Sha256::new().chain_update(parts.uri.path().as_bytes()).chain_update(b"\n");
    match line {
        Some(line) => {
            let mut from = 0;
            for at in memchr::memmem::find_iter(bytes, line.as_bytes()) {
                hasher.update(bytes.get(from..at).unwrap_or_default());
                hasher.update(b"\0boundary\0");
                from = at + line.len();
            }
            hasher.update(bytes.get(from..).unwrap_or_default());
        }
        None => hasher.update(bytes),
    }
    hasher.finalize().into()
}

/// The key under which a request is carried out once: those of machines, and those of acts that waited on a phone.
fn idempotency_key(parts: &http::request::Parts) -> Option<String> {
    if parts.method != Method::POST {
        return None;
    }
    let key = parts.headers.get("idempotency-key")?.to_str().ok()?;
    (!key.is_empty() && key.len() <= 200).then(|| key.to_owned())
}

/// The answer that was given to this key before.
async fn replay(ctx: &Ctx, key: &str, digest: &[u8; 32]) -> kernel::Result<Option<Response>> {
    let stored = store::idempotency::find(ctx.store(), ctx.who.organization, ctx.who.membership, key).await?;
    let Some(stored) = stored else { return Ok(None) };
    if stored.digest != *digest {
        return Err(Error::conflict("this idempotency key was used for another request"));
    }
    if ctx.portal().is_some() {
        return Ok(Some(ctx.go(&stored.location).0));
    }
    let mut response = (StatusCode::CREATED, stored.body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(location) = HeaderValue::from_str(&ctx.href(&stored.location)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    Ok(Some(response))
}

/// Keeps the body of an answer for the key; the record itself was stored together with the key.
async fn keep(ctx: &Ctx, response: Response) -> Response {
    use http_body_util::BodyExt;
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    if let Some((key, _)) = &ctx.wire.idempotency {
        let text = String::from_utf8_lossy(&bytes);
        if let Err(error) =
            store::idempotency::keep_body(ctx.store(), ctx.who.organization, ctx.who.membership, key, &text)
                .await
        {
            tracing::warn!(%error, "could not keep the answer of an idempotency key");
        }
    }
    Response::from_parts(parts, axum::body::Body::from(bytes))
}

async fn asset(axum::extract::Path(path): axum::extract::Path<String>, headers: http::HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let Some(asset) = ui::assets::get(&path, accepted) else { return guard::nowhere().await };
    let mut response = asset.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    if let Some(encoding) = asset.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let caching = if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

/// Percent-encodes a value for a query.
#[must_use]
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-_.~/".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// The way to a membership's home: its first portal. Office before field before client.
#[must_use]
pub fn home(portals: &[Portal]) -> Option<&'static str> {
    portals.iter().min().map(|portal| Door::Portal(*portal).prefix())
}

/// For the hat menu: where a change of membership is posted.
#[must_use]
pub fn hat_path(membership: MembershipId) -> String {
    format!("/hats/{membership}")
}
