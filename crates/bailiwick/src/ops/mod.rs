//! What the people who run the program look at: health, readiness, metrics, the log line of each request.

mod metrics;
mod observe;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Extension, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use kernel::Error;
use store::Store;
use web::{App, Failure, Feature, Route};

pub(crate) use metrics::Metrics;
pub(crate) use observe::observe;

/// `/healthz`, `/readyz` and `/metrics`, in front of the doors.
pub(crate) fn feature() -> Feature {
    Feature { name: "operations", routes: Vec::new, open: Some(open), nav: &[] }
}

fn open() -> Vec<Route> {
    let all = [
        Route::get("/healthz", async || plain(StatusCode::OK, "alive\n"))
            .says("Ask whether the program lives"),
        Route::get("/readyz", async |State(app): State<App>| ready(&app.store).await)
            .says("Ask whether it can take requests"),
        Route::get("/metrics", near_metrics).says("Read what it counts; from this machine only"),
    ];
    all.map(|route| route.gives_file("text/plain")).into()
}

/// The same on an address of their own, where nobody else can reach them.
pub(crate) fn apart(store: Store, metrics: Arc<Metrics>) -> Router {
    Router::new()
        .route("/healthz", get(async || plain(StatusCode::OK, "alive\n")))
        .route("/readyz", get(async |State((store, _)): State<(Store, Arc<Metrics>)>| ready(&store).await))
        .route(
            "/metrics",
            get(async |State((store, metrics)): State<(Store, Arc<Metrics>)>| text(&store, &metrics).await),
        )
        .with_state((store, metrics))
}

/// Can this node take requests? Its database answers and takes writes.
async fn ready(store: &Store) -> Response {
    match store.health().await {
        Ok(()) => plain(StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(?error, "not ready");
            plain(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

/// Metrics on the main address answer this machine only. A proxy on this machine speaks for the whole world, so
/// behind one they answer nobody here.
async fn near_metrics(
    State(app): State<App>,
    metrics: Option<Extension<Arc<Metrics>>>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let near = peer.is_some_and(|Extension(ConnectInfo(peer))| peer.ip().is_loopback());
    let forwarded =
        ["x-forwarded-for", "forwarded", "via", "x-real-ip"].iter().any(|h| headers.contains_key(*h));
    match metrics {
        Some(Extension(metrics)) if near && !forwarded && !app.config.behind_proxy => {
            text(&app.store, &metrics).await
        }
        _ => Failure(Error::NotFound).into_response(),
    }
}

async fn text(store: &Store, metrics: &Metrics) -> Response {
    let mails = crate::query::mails(store).await.unwrap_or_default();
    let events = jobs::events::unfinished(store).await.unwrap_or_default();
    let body = metrics.text(store.commits_waiting(), &mails, &events);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], body).into_response()
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], text)
        .into_response()
}
