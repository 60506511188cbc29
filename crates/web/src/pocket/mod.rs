//! What a phone of the field portal holds: pages to be opened without a signal, and acts that wait for one.
//!
//! The pages on a phone are an exit of the evaluator like any other: they were rendered for one membership at one
//! epoch of rights, and every answer of the field door says for which (`bailiwick-window`). The worker throws away what it
//! holds as soon as an answer names another window, so a right that was taken away takes the kept pages along with
//! the next signal; without one they end after a day. A preview is never kept.
//!
//! Acts are sent through the same forms, under a key of their own ([`crate::context::Ctx::commit_new`]).

mod page;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use kernel::Portal;
use kernel::id::MembershipId;
use sha2::{Digest, Sha256};

use crate::Answer;
use crate::app::App;
use crate::context::{Ctx, Door};
use crate::route::{Feature, Route};

/// Names the window that a page of the field portal was made for.
pub(crate) const WINDOW: HeaderName = HeaderName::from_static("bailiwick-window");

/// Where the worker is; it serves what is below `/field`.
const WORKER: &str = "/field/worker.js";

/// What phones add to the program.
#[must_use]
pub fn feature() -> Feature {
    Feature { name: "pocket", routes, open: Some(open), nav: &[] }
}

fn routes() -> Vec<Route> {
    vec![
        Route::get("/waiting", waiting)
            .only(&[Door::Portal(Portal::Field)])
            .says("What waits on this phone to be sent")
            .kept(),
    ]
}

fn open() -> Vec<Route> {
    vec![
        Route::get(WORKER, worker).says("Read the worker of the field portal").gives_file("text/javascript"),
        Route::get(ui::MANIFEST_PATH, manifest)
            .says("Read what a phone needs to know of the field portal")
            .gives_file("application/manifest+json"),
    ]
}

async fn waiting(ctx: Ctx) -> Answer {
    ctx.page_only(|| page::waiting(&ctx))
}

/// The worker, with the list of what it keeps in front. Another build is another worker.
async fn worker() -> Response {
    let mut assets: Vec<&str> = ["app.css", "field.js", "scheme.js", "icon-192.png", "favicon.svg"]
        .into_iter()
        .map(ui::assets::url)
        .collect();
    assets.extend(ui::assets::FONT);
    let body = ui::assets::get("worker.js", "").map(|a| String::from_utf8_lossy(a.bytes)).unwrap_or_default();
    let list = serde_json::to_string(&assets).unwrap_or_default();
    let version = short(&Sha256::new().chain_update(&list).chain_update(body.as_bytes()).finalize());
    let script = format!(
        "const VERSION = \"{version}\";\nconst FOLDER = \"{}\";\nconst ASSETS = {list};\n{body}",
        ui::assets::PREFIX
    );
    let mut response = script.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("service-worker-allowed"), "/field"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What a phone needs to know to put the field portal among its apps.
async fn manifest(State(_): State<App>) -> Response {
    let icon = |name: &str, sizes: &str, kind: &str| serde_json::json!({ "src": ui::assets::url(name), "sizes": sizes, "type": kind });
    let body = serde_json::json!({
        "id": "/field",
        "name": "Bailiwick",
        "short_name": "Bailiwick",
        "description": "Field work, with exactly the window that is yours.",
        "start_url": "/field",
        "scope": "/",
        "display": "standalone",
        "background_color": "#0b0f10",
        "theme_color": "#0b0f10",
        "icons": [
            icon("icon-192.png", "192x192", "image/png"),
            icon("icon-512.png", "512x512", "image/png"),
            icon("favicon.svg", "any", "image/svg+xml"),
        ],
    });
    let mut response = body.to_string().into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/manifest+json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    response
}

/// A mark of a membership that says nothing else: the phone keeps people's acts apart by it.
pub(crate) fn mark(membership: MembershipId) -> String {
    short(&Sha256::new().chain_update("pocket").chain_update(membership.uuid().as_bytes()).finalize())
}

/// The window of a membership at an epoch of its organization's rights.
pub(crate) fn window(membership: MembershipId, epoch: i64) -> String {
    let hash = Sha256::new()
        .chain_update("window")
        .chain_update(membership.uuid().as_bytes())
        .chain_update(epoch.to_le_bytes());
    short(&hash.finalize())
}

fn short(digest: &[u8]) -> String {
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
